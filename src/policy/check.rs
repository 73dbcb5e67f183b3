//! Checks rule files without any documents: every example is run, and what a rule file should have
//! but does not is listed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::classes::classes;
use super::example;
use super::rule::{Rule, RuleKind, Start, class_fits};
use super::rule_file::PolicyKind;
use super::rulebook::Rulebook;

/// How strictly rule files are checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// An assumption that nobody accepted is an error.
    pub strict: bool,
}

/// How grave a finding of the check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Warning,
    /// The rules do not hold together.
    Error,
}

/// Something that is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckFinding {
    /// How grave.
    pub severity: Severity,
    /// Which check it is, such as `example` or `assumption-open`.
    pub check: &'static str,
    /// Name of the file.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Id of the rule, purpose or assumption.
    pub id: String,
    /// What is wrong.
    pub message: String,
}

/// What the check of a rulebook found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// How many rules hold.
    pub rules: usize,
    /// How many examples and counter-examples were run.
    pub examples: usize,
    /// What was found, by file and line.
    pub findings: Vec<CheckFinding>,
}

impl CheckReport {
    /// Whether nothing graver than a warning was found.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity < Severity::Error)
    }

    fn add(&mut self, severity: Severity, check: &'static str, at: At<'_>, message: String) {
        self.findings.push(CheckFinding {
            severity,
            check,
            file: at.place.0.clone(),
            line: at.place.1,
            id: at.id.to_owned(),
            message,
        });
    }
}

/// What a finding is about, and where that stands.
#[derive(Clone, Copy)]
struct At<'a> {
    id: &'a str,
    place: &'a (String, usize),
}

impl<'a> From<&'a Rule> for At<'a> {
    fn from(rule: &'a Rule) -> Self {
        Self {
            id: &rule.id,
            place: &rule.place,
        }
    }
}

/// Checks the rules. A replaced rule is checked together with its own file, not here.
#[must_use]
pub fn check(book: &Rulebook, options: CheckOptions) -> CheckReport {
    let mut report = CheckReport {
        rules: book.rules().len(),
        ..CheckReport::default()
    };
    for rule in book.rules() {
        // An imported rule's examples are about its own file: other rules may decide them here.
        if is_own(book, rule) {
            run_examples(book, rule, &mut report);
        }
        citations(book, rule, &mut report);
        periods(book, rule, &mut report);
    }
    class_names(book, &mut report);
    purposes(book, &mut report);
    assumptions(book, options, &mut report);
    replacements(book, &mut report);
    let order = |f: &CheckFinding| (f.file.clone(), f.line, f.check);
    report.findings.sort_by_key(order);
    report
}

/// Whether the rule is of a file that was asked for, and not only imported by one.
pub(super) fn is_own(book: &Rulebook, rule: &Rule) -> bool {
    let imported = book.policies().iter().flat_map(|policy| &policy.imports);
    !imported.into_iter().any(|import| *import == rule.policy)
}

fn run_examples(book: &Rulebook, rule: &Rule, report: &mut CheckReport) {
    for example in &rule.examples {
        report.examples += 1;
        let place = (rule.place.0.clone(), example.line);
        let at = At {
            id: &rule.id,
            place: &place,
        };
        for message in example::run(book, rule, example) {
            let note = example.written.note.as_deref();
            let message = note.map_or(message.clone(), |note| format!("{message} ({note})"));
            report.add(Severity::Error, "example", at, message);
        }
    }
    let (counter, own): (Vec<_>, Vec<_>) = rule.examples.iter().partition(|e| e.counter);
    if own.is_empty() {
        let message = "no example that the rule decides".to_owned();
        report.add(Severity::Error, "no-example", rule.into(), message);
    }
    if counter.is_empty() {
        let message = "no counter-example that the rule does not decide".to_owned();
        report.add(Severity::Error, "no-counter-example", rule.into(), message);
    }
}

/// A rule of a policy cites a statement, a rule of a baseline a norm.
fn citations(book: &Rulebook, rule: &Rule, report: &mut CheckReport) {
    let policy = book
        .policies()
        .iter()
        .find(|policy| policy.id == rule.policy);
    let promises = policy.is_some_and(|policy| policy.kind == PolicyKind::Policy);
    if promises && (rule.statement.is_none() || rule.digest.is_none()) {
        let message = "no `statement` and `digest`: which promise is it?".to_owned();
        report.add(Severity::Error, "no-statement", rule.into(), message);
    }
    let hex = |digest: &String| digest.len() == 16 && digest.bytes().all(|b| b.is_ascii_hexdigit());
    if !rule.digest.as_ref().is_none_or(hex) {
        let message = "`digest` is not 16 hexadecimal digits".to_owned();
        report.add(Severity::Error, "bad-digest", rule.into(), message);
    }
    if !promises && rule.norm.is_none() {
        let message = "no `norm`: what does it rest on?".to_owned();
        report.add(Severity::Error, "no-norm", rule.into(), message);
    }
    if promises && matches!(rule.kind, RuleKind::Keep { .. }) && rule.norm.is_none() {
        let message = "it keeps, but no `norm` says that it must".to_owned();
        report.add(Severity::Error, "keep-without-norm", rule.into(), message);
    }
}

/// The source of a number must be there, and a deletion that waits must not wait for ever.
fn periods(book: &Rulebook, rule: &Rule, report: &mut CheckReport) {
    let Some(timed) = rule.timed() else { return };
    let waits = matches!(timed.start, Start::Event(_)) && matches!(rule.kind, RuleKind::Delete(_));
    if waits && !timed.optional && timed.review_after.is_none() {
        let message = "waits for its event for ever: no `review_after`".to_owned();
        report.add(Severity::Warning, "no-review-after", rule.into(), message);
    }
    match timed.source.as_deref() {
        None if timed.start != Start::Never => {
            let message = "no `period_source`: where does the number come from?".to_owned();
            report.add(Severity::Warning, "no-period-source", rule.into(), message);
        }
        Some(source) => {
            let Some(id) = source.strip_prefix("assumption:") else {
                return;
            };
            if !book
                .assumptions()
                .iter()
                .any(|assumption| assumption.id == id)
            {
                let message = format!("the assumption `{id}` is not in the file");
                report.add(Severity::Error, "unknown-assumption", rule.into(), message);
            }
        }
        None => {}
    }
}

fn class_names(book: &Rulebook, report: &mut CheckReport) {
    let Ok(known) = classes() else { return };
    for rule in book.rules() {
        for pattern in rule.when.classes() {
            if !known.iter().any(|class| class_fits(pattern, &class.id)) {
                let message = format!("no class of document is called `{pattern}`");
                report.add(Severity::Warning, "unknown-class", rule.into(), message);
            }
        }
    }
}

/// Every purpose needs a rule that ends it, and every named purpose a declaration.
fn purposes(book: &Rulebook, report: &mut CheckReport) {
    let ends = |rule: &Rule, purpose: &super::policy_head::Purpose| match &rule.kind {
        RuleKind::Delete(timed) => {
            let named = rule.when.purpose.contains(&purpose.id) && !timed.optional;
            named || (purpose.processor && rule.when.is_for_processors())
        }
        // The law ends a purpose that is nothing but its duty.
        RuleKind::Keep { .. } => purpose.basis == ["legal_obligation"],
        RuleKind::Forbid { .. } | RuleKind::Anonymised => {
            // Where nothing personal may be, nothing has to end.
            purpose.data.is_empty() && rule.when.purpose == [purpose.id.clone()]
        }
        RuleKind::ReviewOn(_)
        | RuleKind::Deadline { .. }
        | RuleKind::Limit { .. }
        | RuleKind::Hold { .. }
        | RuleKind::Exception { .. }
        | RuleKind::Undeclared => false,
    };
    for purpose in book.purposes() {
        let at = At {
            id: &purpose.id,
            place: &purpose.place,
        };
        if !book.rules().iter().any(|rule| ends(rule, purpose)) {
            let message = "no rule ends this purpose".to_owned();
            report.add(Severity::Warning, "purpose-without-end", at, message);
        }
        if purpose.statement.is_none() || purpose.digest.is_none() {
            let message = "no `statement` and `digest`: where is it stated?".to_owned();
            report.add(Severity::Warning, "no-statement", at, message);
        }
    }
    let declared: BTreeSet<&String> = book.purposes().iter().map(|purpose| &purpose.id).collect();
    for rule in book.rules().iter().filter(|_| !declared.is_empty()) {
        for purpose in rule.when.purpose.iter().filter(|p| !declared.contains(p)) {
            let message = format!("no purpose is called `{purpose}`");
            report.add(Severity::Error, "unknown-purpose", rule.into(), message);
        }
    }
}

fn assumptions(book: &Rulebook, options: CheckOptions, report: &mut CheckReport) {
    let severity = if options.strict {
        Severity::Error
    } else {
        Severity::Warning
    };
    for assumption in book.assumptions().iter().filter(|a| !a.is_accepted()) {
        let at = At {
            id: &assumption.id,
            place: &assumption.place,
        };
        let message = format!("nobody has accepted `{}`", assumption.value);
        report.add(severity, "assumption-open", at, message);
    }
}

/// A replaced rule must be there, and by one rule only.
fn replacements(book: &Rulebook, report: &mut CheckReport) {
    let mut by: BTreeMap<&String, usize> = BTreeMap::new();
    for rule in book.rules() {
        for old in &rule.replaces {
            *by.entry(old).or_default() += 1;
            let there = book
                .replaced()
                .iter()
                .any(|replaced| replaced.rule.id == *old);
            if !there {
                let message = format!("it replaces `{old}`, which no file has");
                report.add(Severity::Warning, "replaces-nothing", rule.into(), message);
            }
            if by.get(old).is_some_and(|n| *n > 1) {
                let message = format!("another rule replaces `{old}` too");
                report.add(Severity::Error, "replaced-twice", rule.into(), message);
            }
        }
    }
}
