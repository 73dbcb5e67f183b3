//! The parts of a rule file that are not rules: its head, its assumptions and its purposes.

use jiff::civil::Date;
use toml::Spanned;

use super::facts::Role;
use super::rule_file::{PolicyKind, WrittenAssumption, WrittenPolicy, WrittenPurpose};
use super::rulebook::{Source, line_of};
use crate::model::Lang;

/// The head of a rule file.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Id, such as `poweroffice-2024`.
    pub id: String,
    /// A promise or a baseline.
    pub kind: PolicyKind,
    /// Title.
    pub title: String,
    /// Who promises.
    pub controller: Option<String>,
    /// Language of the policy's text.
    pub language: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// First day it holds.
    pub effective_from: Option<Date>,
    /// Where the organisation keeps the text.
    pub text: Option<String>,
    /// SHA-256 of the text, in hexadecimal.
    pub text_sha256: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Policies it builds on.
    pub imports: Vec<String>,
    /// Name of the file.
    pub file: String,
}

/// A number or date that no text gives, which a named person has to accept.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// Id, such as `A1`.
    pub id: String,
    /// What is assumed, in Bokmål, Nynorsk and English.
    pub title: [Option<String>; 3],
    /// Id of the policy that makes it.
    pub policy: String,
    /// Name of the file and line, from 1.
    pub place: (String, usize),
    /// The value.
    pub value: String,
    /// Why this value.
    pub why: String,
    /// Who accepted it; empty where nobody has.
    pub accepted_by: String,
    /// When; empty where nobody has.
    pub accepted_on: String,
}

impl Assumption {
    /// Whether a named person has accepted it on a date.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        !self.accepted_by.trim().is_empty() && !self.accepted_on.trim().is_empty()
    }

    /// Its id and what is assumed: in the language, in another one, or the bare value.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let own = self.title.get(lang.place()).and_then(Option::as_ref);
        let any = || self.title.iter().flatten().next();
        let title = own.or_else(any).unwrap_or(&self.value);
        format!("{} ({title})", self.id)
    }
}

/// What data is used for, as the policy states it.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Id, such as `recruitment`.
    pub id: String,
    /// Id of the policy that states it.
    pub policy: String,
    /// Name of the file and line, from 1.
    pub place: (String, usize),
    /// What it is, in English.
    pub title: String,
    /// What it is, in Norwegian Bokmål.
    pub title_nb: Option<String>,
    /// Section of the policy.
    pub section: Option<String>,
    /// Address of the statement.
    pub statement: Option<String>,
    /// Digest of the statement.
    pub digest: Option<String>,
    /// It is somebody else's purpose, which we serve as processor.
    pub processor: bool,
    /// Legal grounds.
    pub basis: Vec<String>,
    /// Declared categories of data.
    pub data: Vec<String>,
    /// Categories of people.
    pub subjects: Vec<String>,
    /// `data_use` of fideslang.
    pub fides: Option<String>,
    /// Purposes of the W3C data privacy vocabulary.
    pub dpv: Vec<String>,
}

impl Purpose {
    /// What it is, in a language.
    #[must_use]
    pub fn title_in(&self, lang: Lang) -> &str {
        let nb = self.title_nb.as_deref().filter(|_| lang != Lang::En);
        let title = nb.unwrap_or(&self.title);
        if title.is_empty() { &self.id } else { title }
    }
}

pub(super) fn policy(written: WrittenPolicy, file: &str) -> Policy {
    Policy {
        id: written.id,
        kind: written.kind,
        title: written.title,
        controller: written.controller,
        language: written.language,
        version: written.version,
        effective_from: written.effective_from.map(|date| date.0),
        text: written.text,
        text_sha256: written.text_sha256,
        contact: written.contact,
        imports: written.imports,
        file: file.to_owned(),
    }
}

pub(super) fn assumption(
    written: Spanned<WrittenAssumption>,
    policy: &str,
    source: &Source<'_>,
) -> Assumption {
    let place = (source.name.to_owned(), line_of(&written, source));
    let written = written.into_inner();
    Assumption {
        id: written.id,
        title: [written.title_nb, written.title_nn, written.title],
        policy: policy.to_owned(),
        place,
        value: written.value,
        why: written.why,
        accepted_by: written.accepted_by,
        accepted_on: written.accepted_on,
    }
}

pub(super) fn purpose(
    written: Spanned<WrittenPurpose>,
    policy: &str,
    source: &Source<'_>,
) -> Purpose {
    let place = (source.name.to_owned(), line_of(&written, source));
    let written = written.into_inner();
    Purpose {
        policy: policy.to_owned(),
        place,
        title: written.title.unwrap_or_else(|| written.id.clone()),
        title_nb: written.title_nb,
        section: written.section,
        statement: written.statement,
        digest: written.digest,
        processor: written.role == Some(Role::Processor),
        basis: written.basis,
        data: written.data,
        subjects: written.subjects,
        fides: written
            .fides
            .and_then(|label| label.words("data_use").into_iter().next()),
        dpv: written
            .dpv
            .map(|label| label.words("purpose"))
            .unwrap_or_default(),
        id: written.id,
    }
}
