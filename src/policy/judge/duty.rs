//! What one rule asks of one document for one person and purpose, on one assumed date.

use jiff::civil::Date;

use super::index::{Concerning, For, Occurrence, Person, Who};
use super::step::{Basis, Review, Step};
use crate::policy::facts::Facts;
use crate::policy::rule::{Rule, RuleKind, Start, Timed};
use crate::policy::site::SiteFacts;

/// The document, its events, and the circumstances under which rules are asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query<'q> {
    pub facts: &'q Facts,
    pub site: &'q SiteFacts,
    pub events: &'q Concerning<'q>,
    pub as_of: Date,
    /// Whether a change of the policy was announced to those concerned.
    pub notified: bool,
    pub who: Who<'q>,
    pub point: Point,
    /// The last day the document may be from.
    pub last: Option<Date>,
}

/// The day that the document is taken to be from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    Unknown,
    /// Any day before the file time.
    LongAgo,
    At(Date),
}

impl Point {
    fn date(self) -> Option<Date> {
        match self {
            Self::Unknown => None,
            Self::LongAgo => Some(Date::MIN),
            Self::At(date) => Some(date),
        }
    }
}

/// What a rule that counts time asks.
#[derive(Debug)]
pub(super) enum Duty {
    /// The day is known.
    Due { on: Date, steps: Vec<Step> },
    /// Its event has not come; a document too old for that is looked at.
    Waiting { event: String, too_old: bool },
    /// A person must look; the day on which it is due whatever they find, where that is known.
    Doubt(Review, Option<Date>),
    /// An event takes the document out of the rule.
    Suppressed { event: String },
    /// It has nothing to say.
    Silent,
}

/// How long a rule keeps.
#[derive(Debug)]
pub(super) enum KeepEnd {
    Open { waiting: Option<String> },
    Until { day: Date, basis: Basis },
    NoDate,
}

impl<'q> Query<'q> {
    /// The same question about one purpose.
    fn person(&self, purpose: For<'q>) -> Person<'q> {
        Person {
            who: self.who,
            purpose,
        }
    }

    /// The purposes as a scope for events.
    pub(super) fn purposes(&self) -> For<'q> {
        For::AnyOf(&self.facts.purpose)
    }

    /// An event that takes the document out of the rule, or whose absence does. A document that
    /// would go is also kept by an event that lies ahead.
    pub(super) fn suppressed(&self, rule: &Rule, purpose: For<'q>) -> Option<String> {
        let person = self.person(purpose);
        let deletes = matches!(rule.kind, RuleKind::Delete(_));
        let keeps = matches!(rule.kind, RuleKind::Keep { .. });
        let counts = |o: Occurrence<'_>, early: bool| early || o.has_come(self.as_of);
        let there = |kind: &str, early: bool| {
            let mut found = self.events.of(kind, person);
            found.any(|o| counts(o, early))
        };
        if let Some(kind) = rule.unless_event.iter().find(|kind| there(kind, deletes)) {
            return Some(kind.clone());
        }
        let missing = rule.needs_event.iter().find(|kind| !there(kind, keeps));
        missing.map(|_| String::new())
    }

    /// What a deletion rule asks.
    pub(super) fn duty(&self, rule: &Rule, timed: &Timed, purpose: For<'q>) -> Duty {
        if let Some(event) = self.suppressed(rule, purpose) {
            return Duty::Suppressed { event };
        }
        let person = self.person(purpose);
        let (start, basis) = match self.start(timed, person, false) {
            Begun::On(start, basis) => (start, basis),
            Begun::Not if timed.optional => return Duty::Silent,
            Begun::Not => return self.waiting(timed),
            Begun::NoDate => {
                let rule = rule.id.clone();
                return Duty::Doubt(Review::NoDate { rule }, None);
            }
        };
        let on = timed.period.after(start);
        let mut steps = vec![Step::Due {
            rule: rule.id.clone(),
            basis,
            period: timed.period,
            source: timed.source.clone().unwrap_or_default(),
            on,
        }];
        let kept = match self.consent(timed, person) {
            Consent::Open => {
                let rule = rule.id.clone();
                return Duty::Doubt(Review::OpenConsent { rule }, None);
            }
            Consent::Until(until) => Some(until),
            Consent::None => None,
        };
        let on = match self.shorter_promise(rule, timed, (start, on), kept) {
            Ok(on) => on,
            Err((review, at_last)) => return Duty::Doubt(review, Some(at_last)),
        };
        if kept == Some(on) {
            let rule = rule.id.clone();
            steps.push(Step::ConsentKeeps { rule, until: on });
        }
        Duty::Due { on, steps }
    }

    /// How long a keep rule keeps. Where its event came several times, the last one counts.
    pub(super) fn keep_end(&self, timed: &Timed) -> KeepEnd {
        if timed.start == Start::Never {
            return KeepEnd::Open { waiting: None };
        }
        match self.start(timed, self.person(self.purposes()), true) {
            Begun::On(start, basis) => KeepEnd::Until {
                day: timed.period.after(start),
                basis,
            },
            Begun::Not => KeepEnd::Open {
                waiting: event_of(timed),
            },
            Begun::NoDate => KeepEnd::NoDate,
        }
    }

    fn waiting(&self, timed: &Timed) -> Duty {
        let seen = match self.point {
            Point::At(date) => Some(date),
            Point::LongAgo | Point::Unknown => self.last,
        };
        let too_old = match (timed.review_after, seen) {
            (Some(period), Some(date)) => period.after(date) <= self.as_of,
            _ => false,
        };
        Duty::Waiting {
            event: event_of(timed).unwrap_or_default(),
            too_old,
        }
    }

    fn start(&self, timed: &Timed, person: Person<'_>, latest: bool) -> Begun {
        match &timed.start {
            Start::Never => Begun::Not,
            Start::DocumentDate => match self.point.date() {
                Some(date) => Begun::On(date, Basis::Document(date)),
                None => Begun::NoDate,
            },
            Start::FiscalYearEnd => match self.point.date() {
                Some(document) => {
                    let end = self.site.fiscal_year_end.on_or_after(document);
                    Begun::On(end, Basis::FiscalYear { end, document })
                }
                None => Begun::NoDate,
            },
            Start::Event(kind) => {
                let cancels = timed.cancelled_by.iter().chain(&timed.counter);
                let mut open = self.uncancelled(kind, cancels, person);
                let found = if latest { open.last() } else { open.next() };
                let Some(found) = found else {
                    return Begun::Not;
                };
                let event = found.event;
                let basis = Basis::Event {
                    kind: event.kind.clone(),
                    on: event.on,
                    id: event.id.clone(),
                };
                Begun::On(event.on, basis)
            }
        }
    }

    /// The events of a type that no later event took back, in order of time.
    pub(super) fn uncancelled<'s>(
        &'s self,
        kind: &'s str,
        cancelled_by: impl Iterator<Item = &'s String>,
        person: Person<'s>,
    ) -> impl Iterator<Item = Occurrence<'q>> + 's {
        let last_cancel = cancelled_by
            .flat_map(|cancel| self.events.of(cancel, person))
            .filter(|cancel| cancel.has_come(self.as_of))
            .max_by_key(|cancel| cancel.event.on);
        self.events
            .of(kind, person)
            .filter(move |event| last_cancel.is_none_or(|cancel| !cancel.answers(*event)))
    }

    /// The day, which a consent to be kept may move; under the promise that held when the data was
    /// collected, where that was shorter and nobody was told of the change. The error has the day
    /// that holds under either promise.
    fn shorter_promise(
        &self,
        rule: &Rule,
        timed: &Timed,
        (start, on): (Date, Date),
        kept: Option<Date>,
    ) -> Result<Date, (Review, Date)> {
        let moved = |day: Date| kept.map_or(day, |until| until.max(day));
        let long = moved(on);
        if self.notified {
            return Ok(long);
        }
        let collected = self.point.date().unwrap_or(Date::MIN);
        let held = timed.history.iter().find(|(_, until)| collected <= *until);
        let Some((period, _)) = held else {
            return Ok(long);
        };
        let short = moved(period.after(start));
        if short >= long {
            return Ok(long);
        }
        if (short <= self.as_of) == (long <= self.as_of) {
            return Ok(short);
        }
        let review = Review::ShorterPromise {
            rule: rule.id.clone(),
            period: *period,
        };
        Err((review, long))
    }

    /// Consent to be kept: for a purpose that the rule names, and not withdrawn.
    fn consent(&self, timed: &Timed, person: Person<'q>) -> Consent {
        if timed.unless_consent.is_empty() {
            return Consent::None;
        }
        let anyway = Person {
            purpose: For::Whatever,
            ..person
        };
        let mut found = Consent::None;
        for given in self.events.of("consent_given", anyway) {
            let purpose = given.event.purpose.as_ref();
            let named = purpose.is_some_and(|p| timed.unless_consent.contains(p));
            if !named || !given.has_come(self.as_of) || self.withdrawn(given, anyway) {
                continue;
            }
            found = match (found, given.event.until) {
                (_, None) | (Consent::Open, _) => Consent::Open,
                (Consent::None, Some(until)) => Consent::Until(until),
                (Consent::Until(other), Some(until)) => Consent::Until(other.max(until)),
            };
        }
        found
    }

    fn withdrawn(self, given: Occurrence<'_>, person: Person<'_>) -> bool {
        let mut withdrawals = self.events.of("consent_withdrawn", person);
        withdrawals.any(|withdrawal| {
            let purpose = &withdrawal.event.purpose;
            withdrawal.answers(given)
                && withdrawal.has_come(self.as_of)
                && (purpose.is_none() || *purpose == given.event.purpose)
        })
    }
}

enum Begun {
    On(Date, Basis),
    Not,
    NoDate,
}

#[derive(Clone, Copy)]
enum Consent {
    None,
    Open,
    Until(Date),
}

fn event_of(timed: &Timed) -> Option<String> {
    match &timed.start {
        Start::Event(kind) => Some(kind.clone()),
        Start::DocumentDate | Start::FiscalYearEnd | Start::Never => None,
    }
}
