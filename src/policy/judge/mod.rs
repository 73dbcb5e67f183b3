//! Judging: facts in, verdict out. A pure function of rules, site, events, facts and a day.
//!
//! The order of the steps is that of retention model D.5: holds, role, norms that keep, exceptions,
//! deletion, several people, doubt about class or reading, and content as a second axis. It reads
//! no clock, no file and no inventory.

mod content;
mod duty;
mod exceptions;
mod explanation;
mod ground;
mod hold;
mod index;
mod people;
mod purposes;
mod retention;
mod step;
mod words;

use jiff::civil::Date;
use serde::Serialize;

pub use ground::{DocumentDay, Ground, GroundEvent};
pub use hold::{Deadline, DeadlineStatus};

use super::facts::{Case, Facts, Role};
use super::register::{Event, Register, RegisterOptions};
use super::rule::{Rule, RuleKind};
use super::rulebook::Rulebook;
use super::site::SiteFacts;
use super::verdict::Verdict;
use crate::model::Lang;
use index::{Concerning, EventIndex};
use retention::Retained;
use step::{Review, Step};

/// What is to be done with one document, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The verdict to show.
    pub verdict: Verdict,
    /// The day of deletion, or of a deadline that has passed.
    pub due: Option<Date>,
    /// Where the document's date leaves several days: the first on which it may be due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_earliest: Option<Date>,
    /// The verdict on the date axis alone.
    pub retention: Verdict,
    /// Ids of the rules that took part, sorted.
    pub rules: Vec<String>,
    /// Ids of broken rules, sorted.
    pub violations: Vec<String>,
    /// How many duties to delete stand against a norm or a documented exception.
    pub conflicts: usize,
    /// Why a person must look, in one line.
    pub review: Option<String>,
    /// Rules by which a purpose ended while another lives: the document leaves that use.
    pub partial: Vec<String>,
    /// Under a hold: what the verdict would be without it, for each group of people.
    pub would_be: Vec<Verdict>,
    /// The most urgent deadline.
    pub deadline: Option<Deadline>,
    /// Rows of the register that were refused, where the register came with the facts.
    pub lint: Vec<String>,
    /// How the verdict came about, line by line.
    pub explanation: Vec<String>,
    /// Rules without which the verdict would be another, sorted.
    #[serde(skip)]
    pub decisive: Vec<String>,
    /// What the day of deletion was counted from, rule by rule: for plans.
    #[serde(skip)]
    pub grounds: Vec<Ground>,
    /// When the document is from, and how that is known.
    #[serde(skip)]
    pub document: Option<DocumentDay>,
}

/// Judges documents by one set of rules, events and facts on one day.
#[derive(Debug)]
pub struct Judge<'a> {
    book: &'a Rulebook,
    site: &'a SiteFacts,
    events: EventIndex<'a>,
    as_of: Date,
    lang: Lang,
    notified: bool,
}

impl<'a> Judge<'a> {
    /// Prepares for judging many documents.
    #[must_use]
    pub fn new(
        book: &'a Rulebook,
        site: &'a SiteFacts,
        register: &'a Register,
        as_of: Date,
        lang: Lang,
    ) -> Self {
        Self::of_events(book, site, &register.events, as_of, lang)
    }

    fn of_events(
        book: &'a Rulebook,
        site: &'a SiteFacts,
        events: &'a [Event],
        as_of: Date,
        lang: Lang,
    ) -> Self {
        let told = |event: &Event| event.kind == "policy_notified" && event.on <= as_of;
        Self {
            book,
            site,
            events: EventIndex::new(events),
            as_of,
            lang,
            notified: events.iter().any(told),
        }
    }

    /// The language of its explanations.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Judges one document.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Judgement {
        self.judged(facts, true)
    }

    /// The same without an explanation where nothing was found in the document and it is kept: nine of
    /// ten are, and finding words costs as much as judging.
    #[must_use]
    pub fn judge_briefly(&self, facts: &Facts) -> Judgement {
        self.judged(facts, !facts.findings.is_empty())
    }

    fn judged(&self, facts: &Facts, explains_keeping: bool) -> Judgement {
        let rules: Vec<&Rule> = self
            .book
            .rules()
            .iter()
            .filter(|rule| rule.when.covers(facts, self.site))
            .collect();
        let events = self.events.concerning(facts);
        let mut finding = self.findings(facts, &events, &rules);
        let personal = content::personal(facts).next().is_some();
        let is_request = facts.kind.as_deref() == Some("request");
        finding.retained = if facts.role == Role::Unknown && (personal || is_request) {
            unknown_role()
        } else if personal || is_request {
            people::retained(self, facts, &events, &rules, &finding.deadlines)
        } else {
            nothing_personal(&rules)
        };
        self.doubt_about_the_document(facts, &mut finding.retained);
        explanation::judgement(self, facts, finding, explains_keeping)
    }

    /// What holds, deadlines and content rules say.
    fn findings(&self, facts: &Facts, events: &Concerning<'_>, rules: &[&Rule]) -> Findings {
        let purposes = self.book.purposes();
        Findings {
            holds: hold::holds(facts, events, rules, self.as_of),
            deadlines: hold::deadlines(facts, events, rules, self.as_of),
            content: content::content(facts, events, rules, purposes, self.as_of),
            retained: Retained::default(),
        }
    }

    /// Without certainty of class, or a reading to the end, nothing is called due; nor will be what is about an
    /// applicant who may have been hired.
    fn doubt_about_the_document(&self, facts: &Facts, retained: &mut Retained) {
        let dated = matches!(retained.verdict, Verdict::DeleteDue | Verdict::DeleteOn);
        if facts.outcome_unknown && dated {
            retained.doubt(Review::OutcomeUnknown);
        }
        if retained.verdict != Verdict::DeleteDue {
            return;
        }
        let needed = self.book.min_class_confidence();
        // A certainty that is not a number is no certainty.
        let certain = facts.class_confidence >= needed;
        if !certain {
            retained.reviews.push(Review::ClassUncertain {
                certainty: facts.class_confidence,
                needed,
            });
        }
        if facts.truncated {
            retained.reviews.push(Review::Truncated);
        }
        if !certain || facts.truncated {
            retained.verdict = Verdict::Review;
            retained.due = None;
        }
    }
}

/// What every part of judging found.
struct Findings {
    holds: hold::Holds,
    deadlines: hold::Deadlines,
    content: content::ContentResult,
    retained: Retained,
}

/// Whether this is our data or a customer's is not known, so nothing can be said.
fn unknown_role() -> Retained {
    Retained {
        verdict: Verdict::Review,
        reviews: vec![Review::RoleUnknown],
        ..Retained::default()
    }
}

fn nothing_personal(rules: &[&Rule]) -> Retained {
    let mut retained = Retained::default();
    let anonymised = rules
        .iter()
        .find(|rule| matches!(rule.kind, RuleKind::Anonymised));
    if let Some(rule) = anonymised {
        let id = rule.id.clone();
        retained.steps.push(Step::Anonymised { rule: id.clone() });
        retained.rules.push(id.clone());
        retained.decisive.push(id);
    }
    for rule in rules {
        if let RuleKind::Keep { timed, .. } = &rule.kind
            && timed.start == super::rule::Start::Never
        {
            retained.rules.push(rule.id.clone());
            retained.decisive.push(rule.id.clone());
        }
    }
    retained.steps.push(Step::NothingPersonal);
    retained
}

/// Judges one case with its own events and site.
#[must_use]
pub fn judge_case(book: &Rulebook, case: &Case, lang: Lang) -> Judgement {
    let options = RegisterOptions::default();
    let register = Register::from_events(&case.events, book.vocabulary(), options);
    let judge = Judge::new(book, &case.site, &register, case.as_of, lang);
    let mut judgement = judge.judge(&case.item);
    for row in &register.refused {
        let id = if row.event_id.is_empty() {
            format!("#{}", row.line)
        } else {
            row.event_id.clone()
        };
        judgement.lint.push(format!("{id}: {}", row.why.text(lang)));
    }
    let listed = judgement
        .lint
        .iter()
        .map(|line| words::register(line, lang));
    judgement.explanation.extend(listed);
    judgement
}
