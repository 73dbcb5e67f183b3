//! What changes a verdict of the date axis afterwards: documented exceptions, and requests that a
//! person must decide.

use super::duty::{Duty, Query};
use super::index::{For, Person};
use super::retention::Retained;
use super::step::{Conflict, Review};
use crate::policy::Verdict;
use crate::policy::period::next_day;
use crate::policy::rule::{Rule, RuleKind, Start};

/// A documented exception moves the day to the day after its end.
pub(super) fn exceptions(query: &Query<'_>, rules: &[&Rule], out: &mut Retained) {
    let person = Person {
        who: query.who,
        purpose: query.purposes(),
    };
    for rule in rules {
        let RuleKind::Exception { reasons } = &rule.kind else {
            continue;
        };
        let granted = query
            .events
            .of("exception_granted", person)
            .filter(|granted| granted.has_come(query.as_of))
            .filter(|granted| {
                let reason = granted.event.reason.as_ref();
                reason.is_some_and(|reason| reasons.is_empty() || reasons.contains(reason))
            })
            .filter_map(|granted| granted.event.until)
            .max();
        let (Some(until), Some(due)) = (granted, out.due.or(out.at_last)) else {
            continue;
        };
        let moved = next_day(until);
        if moved <= due {
            continue;
        }
        out.conflicts.push(Conflict {
            rule: out.decisive.first().cloned().unwrap_or_default(),
            due,
            against: rule.id.clone(),
            until: Some(until),
            exception: true,
        });
        out.name(rule);
        // A doubt about an earlier day is over where the exception keeps it longer in any case.
        if out.due.is_none() {
            out.reviews.clear();
        }
        out.due(query.as_of, moved, &rule.id);
    }
}

/// Rules that only ask a person to look, from a day on.
pub(super) fn asked_for(query: &Query<'_>, rules: &[&Rule], out: &mut Retained) {
    for rule in rules {
        let RuleKind::ReviewOn(timed) = &rule.kind else {
            continue;
        };
        let purposes = &query.facts.purpose;
        let named = |p: &&String| rule.when.purpose.is_empty() || rule.when.purpose.contains(p);
        let mut asked = purposes
            .iter()
            .filter(named)
            .map(|purpose| For::One(purpose))
            .chain(rule.when.purpose.is_empty().then_some(For::Nothing));
        let due = asked.find_map(|purpose| match query.duty(rule, timed, purpose) {
            Duty::Due { on, steps } if on <= query.as_of => Some((on, steps)),
            Duty::Due { .. }
            | Duty::Waiting { .. }
            | Duty::Doubt(..)
            | Duty::Suppressed { .. }
            | Duty::Silent => None,
        });
        let Some((on, steps)) = due else { continue };
        out.steps.extend(steps);
        out.name(rule);
        let kind = match &timed.start {
            Start::Event(kind) => kind.clone(),
            Start::DocumentDate | Start::FiscalYearEnd | Start::Never => String::new(),
        };
        let rule_id = rule.id.clone();
        out.reviews.push(Review::Asked {
            rule: rule_id,
            kind,
            on,
        });
        if out.verdict < Verdict::Review {
            out.verdict = Verdict::Review;
            out.due = None;
            out.decisive.push(rule.id.clone());
        }
    }
}
