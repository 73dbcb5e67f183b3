//! A rule file as it is written, before its meaning is checked. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::facts::{Role, ZoneFacts};
use super::toml_date::TomlDate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub schema: u32,
    pub policy: WrittenPolicy,
    #[serde(default)]
    pub assumption: Vec<Spanned<WrittenAssumption>>,
    #[serde(default)]
    pub purpose: Vec<Spanned<WrittenPurpose>>,
    #[serde(default)]
    pub rule: Vec<Spanned<WrittenRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPolicy {
    pub id: String,
    pub kind: PolicyKind,
    pub title: String,
    pub controller: Option<String>,
    pub language: Option<String>,
    pub version: Option<String>,
    pub effective_from: Option<TomlDate>,
    pub text: Option<String>,
    pub text_sha256: Option<String>,
    pub contact: Option<String>,
    #[serde(default)]
    pub imports: Vec<String>,
    pub min_class_confidence: Option<f64>,
}

/// What sort of rule file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyKind {
    /// What an organisation has promised.
    Policy,
    /// What law and guidance say.
    Baseline,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenAssumption {
    pub id: String,
    pub value: String,
    pub why: String,
    #[serde(default)]
    pub accepted_by: String,
    #[serde(default)]
    pub accepted_on: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPurpose {
    pub id: String,
    pub title: Option<String>,
    pub title_nb: Option<String>,
    pub section: Option<String>,
    pub statement: Option<String>,
    pub digest: Option<String>,
    pub role: Option<Role>,
    #[serde(default)]
    pub basis: Vec<String>,
    #[serde(default)]
    pub data: Vec<String>,
    #[serde(default)]
    pub subjects: Vec<String>,
    pub fides: Option<Label>,
    pub dpv: Option<Label>,
}

/// Labels of another vocabulary: one, several, or a table in which one key holds what counts here.
#[derive(Deserialize)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRule {
    pub id: String,
    pub kind: WrittenKind,
    pub title: String,
    pub title_nb: Option<String>,
    pub explain: Option<String>,
    pub explain_nb: Option<String>,
    pub section: Option<String>,
    pub statement: Option<String>,
    pub digest: Option<String>,
    #[serde(default)]
    pub reads_with: Vec<String>,
    pub norm: Option<String>,
    pub source: Option<String>,
    pub confidence: Option<String>,
    pub note: Option<String>,
    #[serde(default)]
    pub refs: Vec<String>,
    pub when: Option<WrittenWhen>,
    pub start: Option<String>,
    pub period: Option<String>,
    pub period_source: Option<String>,
    pub review_after: Option<String>,
    #[serde(default)]
    pub cancelled_by: Vec<String>,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub history: Vec<WrittenHistory>,
    #[serde(default)]
    pub unless_event: Vec<String>,
    #[serde(default)]
    pub needs_event: Vec<String>,
    #[serde(default)]
    pub unless_consent: Vec<String>,
    #[serde(default)]
    pub unless_purpose: Vec<String>,
    #[serde(default)]
    pub review_purpose: Vec<String>,
    #[serde(default)]
    pub unless_synthetic: bool,
    pub then: Option<Then>,
    pub effect: Option<Effect>,
    #[serde(default)]
    pub allowed: Vec<String>,
    #[serde(default)]
    pub deny: Vec<String>,
    #[serde(default)]
    pub review: Vec<String>,
    #[serde(default)]
    pub open: bool,
    pub set: Option<String>,
    pub lift: Option<String>,
    #[serde(default)]
    pub reasons: Vec<String>,
    pub closes: Option<String>,
    pub extended_by: Option<String>,
    pub extended_period: Option<String>,
    #[serde(default)]
    pub replaces: Vec<String>,
    #[serde(default)]
    pub example: Vec<Spanned<WrittenExample>>,
    #[serde(default)]
    pub counter_example: Vec<Spanned<WrittenExample>>,
}

/// What follows when a keep period is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Then {
    /// The document goes.
    Delete,
    /// A person looks.
    Review,
}

/// What a broken content rule gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Effect {
    /// A violation.
    #[default]
    Violation,
    /// A person looks.
    Review,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenHistory {
    pub period: String,
    pub until: TomlDate,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenWhen {
    #[serde(default)]
    pub purpose: Vec<String>,
    #[serde(default)]
    pub class: Vec<String>,
    #[serde(default)]
    pub not_class: Vec<String>,
    #[serde(default)]
    pub finding: Vec<String>,
    #[serde(default)]
    pub role: Vec<Role>,
    #[serde(default)]
    pub any_role: bool,
    #[serde(default)]
    pub zone: ZoneFacts,
    #[serde(default)]
    pub site: SiteWhen,
}

/// What a rule demands of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteWhen {
    pub public_body: Option<bool>,
    pub aml_obliged: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenExample {
    pub note: Option<String>,
    pub as_of: TomlDate,
    pub path: String,
    #[serde(default)]
    pub class: Option<String>,
    pub class_confidence: Option<f64>,
    pub role: Option<Role>,
    /// One id, or several.
    #[serde(default)]
    pub purpose: OneOrMore,
    pub process: Option<String>,
    pub org: Option<String>,
    #[serde(default)]
    pub subject: OneOrMore,
    #[serde(default)]
    pub findings: Vec<String>,
    #[serde(default)]
    pub synthetic: Vec<String>,
    /// The same as `dates.embedded`.
    pub date: Option<String>,
    #[serde(default)]
    pub dates: super::facts::Dates,
    #[serde(default)]
    pub zone: ZoneFacts,
    #[serde(default)]
    pub site: super::site::SiteFacts,
    #[serde(default)]
    pub events: Vec<String>,
    pub kind: Option<String>,
    #[serde(default)]
    pub truncated: bool,
    pub expect: super::Verdict,
    pub due: Option<TomlDate>,
    #[serde(default)]
    pub rule_may_decide: bool,
}

/// A word, or a list of words.
#[derive(Clone, Debug, Deserialize)]
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
