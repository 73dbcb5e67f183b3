//! A rule file as it is written, before its meaning is checked. Unknown keys are errors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::example_file::WrittenExample;
use super::facts::{Role, ZoneFacts};
use super::toml_date::TomlDate;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    /// The version of the shape: 1.
    pub schema: u32,
    /// The file as a whole.
    pub policy: WrittenPolicy,
    /// Numbers that no text gives, to be accepted by a named person.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenAssumption>")]
    pub assumption: Vec<Spanned<WrittenAssumption>>,
    /// What data is used for.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenPurpose>")]
    pub purpose: Vec<Spanned<WrittenPurpose>>,
    /// The rules.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenRule>")]
    pub rule: Vec<Spanned<WrittenRule>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPolicy {
    /// Short id, such as `acme-2026`.
    pub id: String,
    /// A promise of the organisation, or a baseline of law.
    pub kind: PolicyKind,
    /// Title.
    pub title: String,
    /// Who promises.
    pub controller: Option<String>,
    /// Language of the text.
    pub language: Option<String>,
    /// Version of the text.
    pub version: Option<String>,
    /// First day it holds.
    pub effective_from: Option<TomlDate>,
    /// Where the organisation keeps the text.
    pub text: Option<String>,
    /// SHA-256 of the text, hexadecimal.
    pub text_sha256: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Rule files it builds on: shipped names, or files beside it.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Certainty of class, 0 to 1, below which nothing is called due.
    pub min_class_confidence: Option<f64>,
}

/// What sort of rule file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolicyKind {
    /// What an organisation has promised.
    Policy,
    /// What law and guidance say.
    Baseline,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenAssumption {
    /// Id, such as `A1`.
    pub id: String,
    /// What is assumed, in English.
    pub title: Option<String>,
    /// What is assumed, in Bokmål.
    pub title_nb: Option<String>,
    /// What is assumed, in Nynorsk.
    pub title_nn: Option<String>,
    /// The number or period.
    pub value: String,
    /// Why this one.
    pub why: String,
    /// Who accepted it; empty while nobody has.
    #[serde(default)]
    pub accepted_by: String,
    /// When.
    #[serde(default)]
    pub accepted_on: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPurpose {
    /// Id that zones and rules name.
    pub id: String,
    /// What it is, in English.
    pub title: Option<String>,
    /// What it is, in Bokmål.
    pub title_nb: Option<String>,
    /// Section of the policy.
    pub section: Option<String>,
    /// Address of the statement.
    pub statement: Option<String>,
    /// First 16 hexadecimal digits of the statement's SHA-256.
    pub digest: Option<String>,
    /// `processor` where it is somebody else's purpose.
    pub role: Option<Role>,
    /// Legal grounds.
    #[serde(default)]
    pub basis: Vec<String>,
    /// Declared categories: detector ids, `id:kind`, or words such as `cv`.
    #[serde(default)]
    pub data: Vec<String>,
    /// Categories of people.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// `data_use` of fideslang.
    pub fides: Option<Label>,
    /// Purposes of the W3C Data Privacy Vocabulary.
    pub dpv: Option<Label>,
}

/// Labels of another vocabulary: one, several, or a table in which one key holds what counts here.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Label {
    Words(OneOrMore),
    Table(BTreeMap<String, OneOrMore>),
}

impl Label {
    /// The labels, or those under `key`.
    pub(super) fn words(&self, key: &str) -> Vec<String> {
        match self {
            Self::Words(words) => words.words(),
            Self::Table(table) => table.get(key).map(OneOrMore::words).unwrap_or_default(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WrittenKind {
    Delete,
    Keep,
    Limit,
    Forbid,
    Hold,
    Exception,
    ReviewOn,
    Deadline,
    Undeclared,
    Anonymised,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRule {
    /// Id; it must be the only one.
    pub id: String,
    /// What sort of rule it is.
    pub kind: WrittenKind,
    /// What it says, in English.
    pub title: String,
    /// What it says, in Bokmål.
    pub title_nb: Option<String>,
    /// More on it, in English.
    pub explain: Option<String>,
    /// More on it, in Bokmål.
    pub explain_nb: Option<String>,
    /// Section of the policy.
    pub section: Option<String>,
    /// Address of the statement.
    pub statement: Option<String>,
    /// First 16 hexadecimal digits of the statement's SHA-256.
    pub digest: Option<String>,
    /// Other sections that it must be read with.
    #[serde(default)]
    pub reads_with: Vec<String>,
    /// The norm it rests on.
    pub norm: Option<String>,
    /// What kind of source the norm is, such as `statute`.
    pub source: Option<String>,
    /// How sure it is: `high`, `medium` or `low`.
    pub confidence: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where its content was read.
    #[serde(default)]
    pub refs: Vec<String>,
    /// What it is about; without it, everything.
    pub when: Option<WrittenWhen>,
    /// What the period counts from: `event:TYPE`, `document_date`, `fiscal_year_end` or `never`.
    pub start: Option<String>,
    /// ISO 8601, such as `P6M`.
    pub period: Option<String>,
    /// Where the number comes from, such as `policy` or `assumption:A1`.
    pub period_source: Option<String>,
    /// How long after the document a person looks, where the event does not come.
    pub review_after: Option<String>,
    /// Types of events that stop the time.
    #[serde(default)]
    pub cancelled_by: Vec<String>,
    /// Without its event it says nothing.
    #[serde(default)]
    pub optional: bool,
    /// Earlier promises.
    #[serde(default)]
    pub history: Vec<WrittenHistory>,
    /// Types of events that set it aside.
    #[serde(default)]
    pub unless_event: Vec<String>,
    /// Types of events that it waits for.
    #[serde(default)]
    pub needs_event: Vec<String>,
    /// Purposes for which a consent sets it aside.
    #[serde(default)]
    pub unless_consent: Vec<String>,
    /// Purposes that it does not concern (forbid).
    #[serde(default)]
    pub unless_purpose: Vec<String>,
    /// Purposes for which a person looks instead (forbid).
    #[serde(default)]
    pub review_purpose: Vec<String>,
    /// Synthetic numbers do not break it (forbid).
    #[serde(default)]
    pub unless_synthetic: bool,
    /// What follows when a period of keeping is over.
    pub then: Option<Then>,
    /// What breaking it gives (forbid).
    pub effect: Option<Effect>,
    /// What may be found (limit); `*` is everything.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// What may not be found (limit).
    #[serde(default)]
    pub deny: Vec<String>,
    /// What a person looks at (limit).
    #[serde(default)]
    pub review: Vec<String>,
    /// What is not named is allowed (limit).
    #[serde(default)]
    pub open: bool,
    /// Type of event that begins it (hold).
    pub set: Option<String>,
    /// Type of event that ends it (hold).
    pub lift: Option<String>,
    /// Words that count as a reason (exception).
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Type of event that closes the case (deadline).
    pub closes: Option<String>,
    /// Type of event that extends it (deadline).
    pub extended_by: Option<String>,
    /// By how long (deadline).
    pub extended_period: Option<String>,
    /// Rules of imported files that it takes the place of.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// A document that it decides.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenExample>")]
    pub example: Vec<Spanned<WrittenExample>>,
    /// A document that it does not decide.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenExample>")]
    pub counter_example: Vec<Spanned<WrittenExample>>,
}

/// What follows when a keep period is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Then {
    /// The document goes.
    Delete,
    /// A person looks.
    Review,
}

/// What a broken content rule gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Effect {
    /// A violation.
    #[default]
    Violation,
    /// A person looks.
    Review,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenHistory {
    /// The period that held.
    pub period: String,
    /// Last day of it.
    pub until: TomlDate,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenWhen {
    /// One of these purposes.
    #[serde(default)]
    pub purpose: Vec<String>,
    /// One of these classes; `recruitment.*` is a branch.
    #[serde(default)]
    pub class: Vec<String>,
    /// None of these classes.
    #[serde(default)]
    pub not_class: Vec<String>,
    /// One of these findings.
    #[serde(default)]
    pub finding: Vec<String>,
    /// One of these roles.
    #[serde(default)]
    pub role: Vec<Role>,
    /// Whatever the role is.
    #[serde(default)]
    pub any_role: bool,
    /// What the site file says of the place.
    #[serde(default)]
    pub zone: ZoneFacts,
    /// What the site file says of the organisation.
    #[serde(default)]
    pub site: SiteWhen,
}

/// What a rule demands of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteWhen {
    /// A public body, or not.
    pub public_body: Option<bool>,
    /// Obliged under the anti-money-laundering act, or not.
    pub aml_obliged: Option<bool>,
}

/// A word, or a list of words.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl OneOrMore {
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::One(word) => vec![word.clone()],
            Self::More(words) => words.clone(),
        }
    }
}
