//! The rules that hold together: the given files, what they import, and what replaces what.
//!
//! Files are read by the caller. Imports are found among the given sources and the shipped files.

use std::collections::HashSet;

use jiff::civil::Date;
use toml::Spanned;

use super::Error;
use super::events::Vocabulary;
use super::rule::{self, Example, Rule};
use super::rule_file::{
    PolicyKind, RuleFile, WrittenAssumption, WrittenExample, WrittenPolicy, WrittenPurpose,
    WrittenRule,
};
use super::shipped::shipped;

/// The schema that rule files are written in.
const SCHEMA: u32 = 1;
/// Certainty of class below which nothing is called due, where no file says otherwise
/// (retention model D.5 number 8: a starting value, not measured).
const MIN_CLASS_CONFIDENCE: f64 = 0.80;

/// A rule file's name and text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Name for messages: a path, or the id of a shipped file.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// A set of rules that hold together.
#[derive(Clone, Debug)]
pub struct Rulebook {
    policies: Vec<Policy>,
    assumptions: Vec<Assumption>,
    purposes: Vec<Purpose>,
    rules: Vec<Rule>,
    replaced: Vec<Replaced>,
    vocabulary: Vocabulary,
    min_class_confidence: f64,
}

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

/// A rule that another took the place of.
#[derive(Clone, Debug)]
pub struct Replaced {
    /// The rule that no longer holds.
    pub rule: Rule,
    /// Id of the rule in its place.
    pub by: String,
}

impl Rulebook {
    /// Reads rule files and everything they import.
    ///
    /// # Errors
    /// Text that is not TOML, an unknown or missing key, a period or start that is not understood,
    /// an event type outside the vocabulary, an import that is not there, or an id used twice:
    /// each with file and line.
    pub fn parse(sources: &[Source<'_>]) -> Result<Self, Error> {
        let mut book = Self {
            policies: Vec::new(),
            assumptions: Vec::new(),
            purposes: Vec::new(),
            rules: Vec::new(),
            replaced: Vec::new(),
            vocabulary: Vocabulary::shipped()?,
            min_class_confidence: 0.0,
        };
        for source in sources {
            book.add(source, sources, 0)?;
        }
        if book.min_class_confidence <= 0.0 {
            book.min_class_confidence = MIN_CLASS_CONFIDENCE;
        }
        book.apply_replacements();
        Ok(book)
    }

    /// The shipped rule files of these names, with what they import.
    ///
    /// # Errors
    /// A name that is not shipped.
    pub fn shipped(names: &[&str]) -> Result<Self, Error> {
        let mut sources = Vec::new();
        for name in names {
            let text = shipped(name).ok_or_else(|| not_found(name, name))?;
            sources.push(Source { name, text });
        }
        Self::parse(&sources)
    }

    /// The heads of the files, the given ones first.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The assumptions.
    #[must_use]
    pub fn assumptions(&self) -> &[Assumption] {
        &self.assumptions
    }

    /// The purposes.
    #[must_use]
    pub fn purposes(&self) -> &[Purpose] {
        &self.purposes
    }

    /// The rules that hold, in the order of the files.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that others took the place of.
    #[must_use]
    pub fn replaced(&self) -> &[Replaced] {
        &self.replaced
    }

    /// The event types that a register may use.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The rule with an id, if it holds.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Certainty of class below which nothing is called due: the strictest of the files.
    #[must_use]
    pub fn min_class_confidence(&self) -> f64 {
        self.min_class_confidence
    }

    fn add(&mut self, source: &Source<'_>, all: &[Source<'_>], depth: usize) -> Result<(), Error> {
        let file: RuleFile = toml::from_str(source.text)
            .map_err(|error| Error::toml(source.name, source.text, &error))?;
        if file.schema != SCHEMA {
            let message = format!("schema {} is not known", file.schema);
            return Err(Error::whole(source.name, message).hint(format!("this is schema {SCHEMA}")));
        }
        if self.policies.iter().any(|known| known.id == file.policy.id) {
            return Ok(());
        }
        let id = file.policy.id.clone();
        let imports = file.policy.imports.clone();
        self.min_class_confidence = self
            .min_class_confidence
            .max(file.policy.min_class_confidence.unwrap_or(0.0));
        self.policies.push(policy(file.policy, source.name));
        for written in file.assumption {
            self.assumptions.push(assumption(written, &id, source));
        }
        for written in file.purpose {
            self.purposes.push(purpose(written, &id, source));
        }
        for written in file.rule {
            self.add_rule(written, &id, source)?;
        }
        for import in imports {
            self.import(&import, source.name, all, depth)?;
        }
        Ok(())
    }

    fn import(
        &mut self,
        name: &str,
        importer: &str,
        all: &[Source<'_>],
        depth: usize,
    ) -> Result<(), Error> {
        let given = all.iter().find(|source| stem(source.name) == name).copied();
        let shipped = shipped(name).map(|text| Source { name, text });
        let source = given.or(shipped).ok_or_else(|| not_found(name, importer))?;
        if depth > 8 {
            return Err(Error::whole(
                importer,
                format!("import of `{name}` is nested too deep"),
            ));
        }
        self.add(&source, all, depth + 1)
    }

    fn add_rule(
        &mut self,
        written: Spanned<WrittenRule>,
        policy: &str,
        source: &Source<'_>,
    ) -> Result<(), Error> {
        let span = written.span();
        let (line, _) = super::error::position(source.text, span.start);
        let told = |message: String| Error::at_line(source.name, line, message);
        let mut written = written.into_inner();
        let id = written.id.clone();
        if let Some(known) = self.rules.iter().find(|rule| rule.id == id) {
            let message = format!("rule `{id}` is already in `{}`", known.place.0);
            return Err(told(message));
        }
        let examples = examples(&mut written, source);
        let place = (source.name.to_owned(), line);
        let rule = rule::build(written, policy, place, examples).map_err(told)?;
        for event in rule.event_types() {
            if !self.vocabulary.knows(event) {
                let error = told(format!(
                    "rule `{id}` names the unknown event type `{event}`"
                ));
                return Err(match self.vocabulary.nearest(event) {
                    Some(word) => error.hint(format!("did you mean `{word}`?")),
                    None => error,
                });
            }
        }
        self.rules.push(rule);
        Ok(())
    }

    fn apply_replacements(&mut self) {
        let replacing: Vec<(String, String)> = self
            .rules
            .iter()
            .flat_map(|rule| {
                rule.replaces
                    .iter()
                    .map(|old| (old.clone(), rule.id.clone()))
            })
            .collect();
        let gone: HashSet<&String> = replacing.iter().map(|(old, _)| old).collect();
        let (out, kept): (Vec<Rule>, Vec<Rule>) = std::mem::take(&mut self.rules)
            .into_iter()
            .partition(|rule| gone.contains(&rule.id));
        self.rules = kept;
        for rule in out {
            let by = replacing.iter().find(|(old, _)| *old == rule.id);
            let by = by.map(|(_, by)| by.clone()).unwrap_or_default();
            self.replaced.push(Replaced { rule, by });
        }
    }
}

/// File name without folders and `.toml`.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

fn not_found(name: &str, importer: &str) -> Error {
    let names: Vec<&str> = super::shipped::rule_files().map(|(id, _)| id).collect();
    Error::whole(importer, format!("no rule file `{name}`"))
        .hint(format!("shipped are `{}`", names.join("`, `")))
}

fn line_of<T>(spanned: &Spanned<T>, source: &Source<'_>) -> usize {
    super::error::position(source.text, spanned.span().start).0
}

fn examples(written: &mut WrittenRule, source: &Source<'_>) -> Vec<Example> {
    let own = std::mem::take(&mut written.example);
    let counter = std::mem::take(&mut written.counter_example);
    let example = |counter: bool| {
        move |spanned: Spanned<WrittenExample>| Example {
            line: line_of(&spanned, source),
            counter,
            written: spanned.into_inner(),
        }
    };
    let mut examples: Vec<Example> = own.into_iter().map(example(false)).collect();
    examples.extend(counter.into_iter().map(example(true)));
    examples
}

fn policy(written: WrittenPolicy, file: &str) -> Policy {
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

fn assumption(
    written: Spanned<WrittenAssumption>,
    policy: &str,
    source: &Source<'_>,
) -> Assumption {
    let place = (source.name.to_owned(), line_of(&written, source));
    let written = written.into_inner();
    Assumption {
        id: written.id,
        policy: policy.to_owned(),
        place,
        value: written.value,
        why: written.why,
        accepted_by: written.accepted_by,
        accepted_on: written.accepted_on,
    }
}

fn purpose(written: Spanned<WrittenPurpose>, policy: &str, source: &Source<'_>) -> Purpose {
    let place = (source.name.to_owned(), line_of(&written, source));
    let written = written.into_inner();
    Purpose {
        id: written.id,
        policy: policy.to_owned(),
        place,
        title: written.title,
        title_nb: written.title_nb,
        section: written.section,
        statement: written.statement,
        digest: written.digest,
        processor: written.role == Some(super::facts::Role::Processor),
        basis: written.basis,
        data: written.data,
        subjects: written.subjects,
        fides: written.fides,
        dpv: written.dpv,
    }
}
