//! A retention rule, with its meaning checked. It does not judge.

use jiff::civil::Date;

use super::events::Vocabulary;
use super::example_file::WrittenExample;
use super::facts::{Facts, Role, ZoneFacts};
use super::period::Period;
use super::rule_file::{Effect, SiteWhen, Then};
use super::site::SiteFacts;

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Id, such as `PO-6.1-RECRUITMENT`.
    pub id: String,
    /// Id of the rule file's policy.
    pub policy: String,
    /// Name of the file and line of the rule in it, from 1.
    pub place: (String, usize),
    /// What it says, in English.
    pub title: String,
    /// What it says, in Norwegian Bokmål.
    pub title_nb: Option<String>,
    /// More on it, in English.
    pub explain: Option<String>,
    /// More on it, in Norwegian Bokmål.
    pub explain_nb: Option<String>,
    /// Section of the policy, such as `6.2.1`.
    pub section: Option<String>,
    /// Address of the statement in the policy's text, such as `6.1:1`.
    pub statement: Option<String>,
    /// First 16 hexadecimal digits of the statement's SHA-256.
    pub digest: Option<String>,
    /// Other sections it must be read with.
    pub reads_with: Vec<String>,
    /// The norm it rests on.
    pub norm: Option<String>,
    /// What kind of source the norm is.
    pub source: Option<String>,
    /// How sure the project is of it: `high`, `medium`, `low`.
    pub confidence: Option<String>,
    /// A remark on it.
    pub note: Option<String>,
    /// Where its content was read.
    pub refs: Vec<String>,
    /// Rules of imported files that it takes the place of.
    pub replaces: Vec<String>,
    pub(super) when: When,
    pub(super) kind: RuleKind,
    pub(super) unless_event: Vec<String>,
    pub(super) needs_event: Vec<String>,
    pub(super) examples: Vec<Example>,
}

/// What a rule demands of a document before it applies.
#[derive(Clone, Debug)]
pub(super) struct When {
    pub purpose: Vec<String>,
    pub class: Vec<String>,
    pub not_class: Vec<String>,
    pub finding: Vec<String>,
    pub role: Vec<Role>,
    pub any_role: bool,
    pub zone: ZoneFacts,
    pub site: SiteWhen,
}

#[derive(Clone, Debug)]
pub(super) struct Timed {
    pub start: Start,
    pub period: Period,
    /// `policy`, `statute`, `assumption:A1`, …
    pub source: Option<String>,
    pub cancelled_by: Vec<String>,
    /// The type that takes the start back by the list of event types, where the rule does not name it itself.
    pub counter: Option<String>,
    pub review_after: Option<Period>,
    /// Without its event it says nothing: nobody waits for a withdrawal.
    pub optional: bool,
    pub unless_consent: Vec<String>,
    /// Earlier promises: the period that held for data collected until the day.
    pub history: Vec<(Period, Date)>,
}

/// What a period counts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Event(String),
    DocumentDate,
    FiscalYearEnd,
    Never,
}

#[derive(Clone, Debug)]
pub(super) enum RuleKind {
    Delete(Timed),
    Keep {
        timed: Timed,
        then: Then,
    },
    ReviewOn(Timed),
    Deadline {
        timed: Timed,
        closes: String,
        extension: Option<(String, Period)>,
    },
    Limit {
        allowed: Vec<String>,
        deny: Vec<String>,
        review: Vec<String>,
        open: bool,
    },
    Forbid {
        effect: Effect,
        unless_purpose: Vec<String>,
        review_purpose: Vec<String>,
        unless_synthetic: bool,
    },
    Hold {
        set: String,
        lift: String,
    },
    Exception {
        reasons: Vec<String>,
    },
    Undeclared,
    Anonymised,
}

/// An example or counter-example of a rule, with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub line: usize,
    /// It is one that the rule does not decide.
    pub counter: bool,
    pub written: WrittenExample,
}

impl Rule {
    /// What it says, in the language; Bokmål stands in for Nynorsk.
    #[must_use]
    pub fn title_in(&self, lang: crate::model::Lang) -> &str {
        match lang {
            crate::model::Lang::En => &self.title,
            crate::model::Lang::Nb | crate::model::Lang::Nn => {
                self.title_nb.as_ref().unwrap_or(&self.title)
            }
        }
    }

    /// The word for its kind, as in the rule file.
    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        match self.kind {
            RuleKind::Delete(_) => "delete",
            RuleKind::Keep { .. } => "keep",
            RuleKind::ReviewOn(_) => "review_on",
            RuleKind::Deadline { .. } => "deadline",
            RuleKind::Limit { .. } => "limit",
            RuleKind::Forbid { .. } => "forbid",
            RuleKind::Hold { .. } => "hold",
            RuleKind::Exception { .. } => "exception",
            RuleKind::Undeclared => "undeclared",
            RuleKind::Anonymised => "anonymised",
        }
    }

    /// The purposes that it is about; none where it is about all.
    #[must_use]
    pub fn purposes(&self) -> &[String] {
        &self.when.purpose
    }

    /// The period that it counts and what it counts from: the type of an event, `document_date` or
    /// `fiscal_year_end`. Nothing for a rule that counts no time, or never ends.
    #[must_use]
    pub fn counted(&self) -> Option<(Period, &str)> {
        let timed = self.timed()?;
        let from = match &timed.start {
            Start::Event(event) => event.as_str(),
            Start::DocumentDate => "document_date",
            Start::FiscalYearEnd => "fiscal_year_end",
            Start::Never => return None,
        };
        Some((timed.period, from))
    }

    /// The period, event and source of the number, where the rule counts time.
    pub(super) fn timed_mut(&mut self) -> Option<&mut Timed> {
        match &mut self.kind {
            RuleKind::Delete(timed)
            | RuleKind::ReviewOn(timed)
            | RuleKind::Keep { timed, .. }
            | RuleKind::Deadline { timed, .. } => Some(timed),
            RuleKind::Limit { .. }
            | RuleKind::Forbid { .. }
            | RuleKind::Hold { .. }
            | RuleKind::Exception { .. }
            | RuleKind::Undeclared
            | RuleKind::Anonymised => None,
        }
    }

    pub(super) fn timed(&self) -> Option<&Timed> {
        match &self.kind {
            RuleKind::Delete(timed)
            | RuleKind::ReviewOn(timed)
            | RuleKind::Keep { timed, .. }
            | RuleKind::Deadline { timed, .. } => Some(timed),
            RuleKind::Limit { .. }
            | RuleKind::Forbid { .. }
            | RuleKind::Hold { .. }
            | RuleKind::Exception { .. }
            | RuleKind::Undeclared
            | RuleKind::Anonymised => None,
        }
    }

    /// Lets the type of event that takes the start back stop the time, though the rule forgets to say so. A deadline is
    /// closed by an event of its own.
    pub(super) fn heed_counter(&mut self, vocabulary: &Vocabulary) {
        if matches!(self.kind, RuleKind::Deadline { .. }) {
            return;
        }
        let Some(timed) = self.timed_mut() else {
            return;
        };
        let Start::Event(start) = &timed.start else {
            return;
        };
        let counter = vocabulary.get(start).and_then(|kind| kind.counter.clone());
        timed.counter = counter.filter(|counter| !timed.cancelled_by.contains(counter));
    }

    /// Every type of event that the rule names.
    pub(super) fn event_types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.unless_event.iter().map(String::as_str).collect();
        types.extend(self.needs_event.iter().map(String::as_str));
        if let Some(timed) = self.timed() {
            types.extend(timed.cancelled_by.iter().map(String::as_str));
            if let Start::Event(start) = &timed.start {
                types.push(start);
            }
        }
        match &self.kind {
            RuleKind::Hold { set, lift } => types.extend([set.as_str(), lift.as_str()]),
            RuleKind::Deadline {
                closes, extension, ..
            } => {
                types.push(closes);
                types.extend(extension.iter().map(|(kind, _)| kind.as_str()));
            }
            RuleKind::Delete(_)
            | RuleKind::Keep { .. }
            | RuleKind::ReviewOn(_)
            | RuleKind::Limit { .. }
            | RuleKind::Forbid { .. }
            | RuleKind::Exception { .. }
            | RuleKind::Undeclared
            | RuleKind::Anonymised => {}
        }
        types
    }
}

impl When {
    /// Whether the rule speaks of the document: role, class, purpose, finding, place and site.
    pub(super) fn covers(&self, facts: &Facts, site: &SiteFacts) -> bool {
        self.role_fits(facts.role)
            && (self.class.is_empty() || self.class.iter().any(|c| class_fits(c, &facts.class)))
            && !self.not_class.iter().any(|c| class_fits(c, &facts.class))
            && (self.purpose.is_empty() || facts.purpose.iter().any(|p| self.purpose.contains(p)))
            && self.zone.is_met_by(&facts.zone)
            && self.finding_fits(facts)
            && self.site.public_body.is_none_or(|w| w == site.public_body)
            && self.site.aml_obliged.is_none_or(|w| w == site.aml_obliged)
    }

    fn finding_fits(&self, facts: &Facts) -> bool {
        let named = |name: &String| facts.findings.iter().any(|f| f.is_named_by(name));
        self.finding.is_empty() || self.finding.iter().any(named)
    }

    /// Joint data sees our own rules; data of unknown role only those that hold for every role.
    fn role_fits(&self, role: Role) -> bool {
        if self.any_role {
            return true;
        }
        match role {
            Role::Unknown => false,
            Role::Processor => self.role.contains(&role),
            Role::Controller => self.role.is_empty() || self.role.contains(&role),
            Role::Joint => {
                self.role.is_empty()
                    || self.role.contains(&role)
                    || self.role.contains(&Role::Controller)
            }
        }
    }

    /// Whether it speaks of data held for somebody else.
    pub(super) fn is_for_processors(&self) -> bool {
        self.role.contains(&Role::Processor)
    }

    /// Class patterns it names.
    pub(super) fn classes(&self) -> impl Iterator<Item = &String> {
        self.class.iter().chain(&self.not_class)
    }
}

/// Whether a class pattern (`recruitment.cv`, `recruitment.*`, `*`) fits a class.
pub(super) fn class_fits(pattern: &str, class: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => class.starts_with(prefix),
        None => pattern == class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_pattern_covers_its_branch() {
        assert!(class_fits("recruitment.*", "recruitment.cv"));
        assert!(!class_fits("recruitment.*", "recruitment"));
        assert!(class_fits("hr.payslip", "hr.payslip"));
        assert!(!class_fits("hr.payslip", "hr.payslips"));
        assert!(class_fits("*", "unknown"));
    }
}
