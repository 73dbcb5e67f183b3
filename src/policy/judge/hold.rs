//! Holds and deadlines: what must not be touched, and what should have been answered.

use jiff::civil::Date;
use serde::Serialize;

use super::index::{Concerning, For, Occurrence, Person, Who};
use super::step::{Review, Step};
use crate::policy::facts::Facts;
use crate::policy::period::Period;
use crate::policy::register::Event;
use crate::policy::rule::{Rule, RuleKind, Start};

/// What the hold rules say.
#[derive(Debug, Default)]
pub(super) struct Holds {
    /// Rules with a hold that was not lifted.
    pub rules: Vec<String>,
    /// Rules with a hold that was lifted.
    pub lifted_rules: Vec<String>,
    pub steps: Vec<Step>,
    pub reviews: Vec<Review>,
}

/// A time within which something must be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The rule that sets it.
    pub rule: String,
    /// The last day.
    pub due: Date,
    /// Where it stands.
    pub status: DeadlineStatus,
}

/// Where a deadline stands. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineStatus {
    /// It was answered in time.
    Answered,
    /// It was answered after the last day.
    AnsweredLate,
    /// It runs.
    Open,
    /// The last day has passed without an answer.
    Overdue,
}

impl DeadlineStatus {
    /// The word that stands in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::AnsweredLate => "answered_late",
            Self::Open => "open",
            Self::Overdue => "overdue",
        }
    }
}

/// Finds holds on the document or on anybody it is about: one person's hold holds the document.
pub(super) fn holds(facts: &Facts, events: &Concerning<'_>, rules: &[&Rule], as_of: Date) -> Holds {
    let anybody = Person {
        who: Who::Anybody,
        purpose: For::AnyOf(&facts.purpose),
    };
    let mut found = Holds::default();
    for rule in rules {
        let RuleKind::Hold { set, lift } = &rule.kind else {
            continue;
        };
        for set in events.of(set, anybody).filter(|set| set.has_come(as_of)) {
            let lifted = events
                .of(lift, anybody)
                .filter(|lift| lift.has_come(as_of) && is_pair(set, *lift))
                .find(|lift| lifts(events, anybody, set, *lift));
            match lifted {
                Some(lifted) => found.lifted(Step::HoldLifted {
                    rule: rule.id.clone(),
                    event: set.event.id.clone(),
                    on: lifted.event.on,
                }),
                None => found.set(rule, set.event, as_of),
            }
        }
    }
    found
}

impl Holds {
    fn lifted(&mut self, step: Step) {
        if let Step::HoldLifted { rule, .. } = &step {
            self.lifted_rules.push(rule.clone());
        }
        self.steps.push(step);
    }

    fn set(&mut self, rule: &Rule, set: &Event, as_of: Date) {
        self.rules.push(rule.id.clone());
        self.steps.push(Step::Held {
            rule: rule.id.clone(),
            kind: set.kind.clone(),
            on: set.on,
            event: set.id.clone(),
        });
        if let Some(until) = set.until.filter(|until| *until <= as_of) {
            let rule = rule.id.clone();
            self.reviews.push(Review::HoldToBeLookedAt { rule, until });
        }
    }
}

/// Whether a lift ends a hold that it pairs with. A lift of the day on which the hold was set ends
/// it, unless an earlier one was open: then it may be that one's, and the new one stands.
fn lifts(
    events: &Concerning<'_>,
    anybody: Person<'_>,
    set: Occurrence<'_>,
    lift: Occurrence<'_>,
) -> bool {
    if lift.event.on != set.event.on {
        return lift.answers(set);
    }
    let lifted_before = |earlier: Occurrence<'_>| {
        let mut lifts = events.of(&lift.event.kind, anybody);
        lifts.any(|l| l.event.on < lift.event.on && l.answers(earlier) && is_pair(earlier, l))
    };
    !events
        .of(&set.event.kind, anybody)
        .filter(|earlier| earlier.event.on < set.event.on && is_pair(*earlier, lift))
        .any(|earlier| !lifted_before(earlier))
}

/// Whether a row ends a hold: the same case number; without one on either side, the same person.
fn is_pair(set: Occurrence<'_>, lift: Occurrence<'_>) -> bool {
    let (set, lift) = (set.event, lift.event);
    set.reference == lift.reference
        && (set.reference.is_some() || lift.subject.is_none() || set.subject == lift.subject)
}

/// What the deadline rules say.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    /// The most urgent.
    pub worst: Option<Deadline>,
    /// Rules that cover the document.
    pub rules: Vec<String>,
    /// Rules whose last day has passed without an answer.
    pub overdue: Vec<(String, Date)>,
    pub steps: Vec<Step>,
    pub reviews: Vec<Review>,
}

/// Finds deadlines that run on the document.
pub(super) fn deadlines(
    facts: &Facts,
    events: &Concerning<'_>,
    rules: &[&Rule],
    as_of: Date,
) -> Deadlines {
    let anybody = Person {
        who: Who::Anybody,
        purpose: For::Whatever,
    };
    let mut found = Deadlines::default();
    for rule in rules {
        let RuleKind::Deadline { timed, .. } = &rule.kind else {
            continue;
        };
        let Start::Event(start) = &timed.start else {
            continue;
        };
        let mut any = false;
        for begun in events.of(start, anybody).filter(|e| e.has_come(as_of)) {
            any = true;
            found.add(rule, begun, events, as_of);
        }
        if any {
            found.rules.push(rule.id.clone());
        } else if facts.kind.as_deref() == Some("request") {
            found.reviews.push(Review::NoRequest {
                rule: rule.id.clone(),
                event: start.clone(),
            });
        }
    }
    found
}

impl Deadlines {
    fn add(&mut self, rule: &Rule, begun: Occurrence<'_>, events: &Concerning<'_>, as_of: Date) {
        let RuleKind::Deadline {
            timed,
            closes,
            extension,
        } = &rule.kind
        else {
            return;
        };
        let later = |kind: &str| {
            let anybody = Person {
                who: Who::Anybody,
                purpose: For::Whatever,
            };
            let mut found = events.of(kind, anybody).filter(|e| e.has_come(as_of));
            found.find(|event| event.answers(begun) && is_same_case(begun.event, event.event))
        };
        let first = timed.period.after(begun.event.on);
        let longer = |(kind, period): &(String, Period)| {
            let extended = later(kind).is_some_and(|extended| extended.event.on <= first);
            extended.then(|| period.after(begun.event.on))
        };
        let due = extension.as_ref().and_then(longer).unwrap_or(first);
        let status = match later(closes).map(|closed| closed.event.on) {
            Some(closed) if closed <= due => DeadlineStatus::Answered,
            Some(_) => DeadlineStatus::AnsweredLate,
            None if as_of > due => DeadlineStatus::Overdue,
            None => DeadlineStatus::Open,
        };
        let running = Deadline {
            rule: rule.id.clone(),
            due,
            status,
        };
        self.steps.push(Step::Deadline(running.clone()));
        if status == DeadlineStatus::Overdue {
            self.overdue.push((rule.id.clone(), due));
            self.reviews.push(Review::Overdue { due });
        }
        let worse = |known: &Deadline| (known.status, due) < (status, known.due);
        if self.worst.as_ref().is_none_or(worse) {
            self.worst = Some(running);
        }
    }
}

/// Whether two rows speak of the same request: the same person, and no other case number.
fn is_same_case(one: &Event, two: &Event) -> bool {
    let reference =
        one.reference.is_none() || two.reference.is_none() || one.reference == two.reference;
    reference && one.subject == two.subject
}
