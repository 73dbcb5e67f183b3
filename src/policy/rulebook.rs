//! The rules that hold together: the given files, what they import, and what replaces what.
//!
//! Files are read by the caller. Imports are found among the given sources and the shipped files.

use std::collections::HashSet;

use toml::Spanned;

use super::Error;
use super::events::Vocabulary;
use super::example_file::WrittenExample;
use super::policy_head::{Assumption, Policy, Purpose, assumption, policy, purpose};
use super::rule::{Example, Rule};
use super::rule_build;
use super::rule_file::{RuleFile, WrittenRule};
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

    /// 16 hexadecimal digits over everything that the rules say, as this version of the program
    /// understands them.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("sporhund rules 1");
        for rule in self.rules() {
            hasher.update(format!("{rule:?}").as_bytes());
        }
        hasher.finalize().to_hex().chars().take(16).collect()
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

    /// The same rules with another one in the place of that with its id.
    pub(super) fn with_rule(&self, changed: Rule) -> Self {
        let mut book = self.clone();
        if let Some(rule) = book.rules.iter_mut().find(|rule| rule.id == changed.id) {
            *rule = changed;
        }
        book
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
        let given = all
            .iter()
            .find(|source| stem(source.name) == stem(name))
            .copied();
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
        let mut rule = rule_build::build(written, policy, place, examples).map_err(told)?;
        rule.heed_counter(&self.vocabulary);
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

pub(super) fn line_of<T>(spanned: &Spanned<T>, source: &Source<'_>) -> usize {
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
