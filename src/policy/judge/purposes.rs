//! What the deletion rules say of each purpose that a document serves.

use jiff::civil::Date;

use super::duty::{Duty, Query};
use super::index::For;
use super::retention::Retained;
use super::step::{Review, Step};
use crate::policy::rule::{Rule, RuleKind};

/// What the deletion rules say of one purpose.
pub(super) enum PurposeEnd {
    /// Its end is known: day and rule.
    Due(Date, String),
    /// It is alive.
    Live,
    /// A person must look.
    Doubt(Review, String),
    /// No rule speaks of it, or an event took the document out of those that do.
    Uncovered { suppressed: Option<String> },
}

impl PurposeEnd {
    /// Whether no rule speaks of the purpose.
    pub(super) fn is_uncovered(&self) -> bool {
        matches!(self, Self::Uncovered { .. })
    }
}

/// What the deletion rules say, purpose by purpose; a document without purposes has one nameless.
pub(super) fn purpose_ends(
    query: &Query<'_>,
    rules: &[&Rule],
    out: &mut Retained,
) -> Vec<(Option<String>, PurposeEnd)> {
    if query.facts.purpose.is_empty() {
        return vec![(None, purpose_end(query, rules, None, out))];
    }
    let purposes = query.facts.purpose.iter();
    purposes
        .map(|purpose| {
            let end = purpose_end(query, rules, Some(purpose), out);
            (Some(purpose.clone()), end)
        })
        .collect()
}

/// Within a purpose the earliest duty counts. Rules that name no purpose speak of each.
fn purpose_end(
    query: &Query<'_>,
    rules: &[&Rule],
    purpose: Option<&str>,
    out: &mut Retained,
) -> PurposeEnd {
    let narrowed = purpose.map_or(For::Nothing, |purpose| {
        let own = query.facts.purpose.iter().find(|p| *p == purpose);
        own.map_or(For::Nothing, |own| For::One(own))
    });
    let mut due: Option<(Date, String)> = None;
    let mut doubt = None;
    let mut live = false;
    let mut suppressed = None;
    for rule in rules {
        let RuleKind::Delete(timed) = &rule.kind else {
            continue;
        };
        let names = &rule.when.purpose;
        if !names.is_empty() && !purpose.is_some_and(|p| names.iter().any(|name| name == p)) {
            continue;
        }
        match query.duty(rule, timed, narrowed) {
            Duty::Silent => continue,
            Duty::Suppressed { event } => {
                out.suppress(rule, event.clone());
                suppressed = Some(event);
                continue;
            }
            Duty::Due { on, steps } => {
                out.steps.extend(steps);
                if due.as_ref().is_none_or(|(earliest, _)| on < *earliest) {
                    due = Some((on, rule.id.clone()));
                }
            }
            Duty::Doubt(review) => doubt = Some((review, rule.id.clone())),
            Duty::Waiting { event, too_old } => {
                let id = rule.id.clone();
                out.steps.push(Step::Waiting {
                    rule: id.clone(),
                    event,
                });
                match (too_old, timed.review_after) {
                    (true, Some(period)) => {
                        let rule = rule.id.clone();
                        let review = Review::NeverRegistered { rule, period };
                        doubt.get_or_insert((review, id));
                    }
                    _ => live = true,
                }
            }
        }
        out.name(rule);
    }
    match (due, doubt) {
        (Some((on, rule)), None) => PurposeEnd::Due(on, rule),
        (Some((on, rule)), Some(_)) if on <= query.as_of => PurposeEnd::Due(on, rule),
        (_, Some((review, rule))) => PurposeEnd::Doubt(review, rule),
        (None, None) if live => PurposeEnd::Live,
        (None, None) => PurposeEnd::Uncovered { suppressed },
    }
}

/// The latest of the known ends.
pub(super) fn latest(ends: &[(Option<String>, PurposeEnd)]) -> Option<(Date, String)> {
    let known = ends.iter().filter_map(|(_, end)| match end {
        PurposeEnd::Due(on, rule) => Some((*on, rule.clone())),
        PurposeEnd::Live | PurposeEnd::Doubt(..) | PurposeEnd::Uncovered { .. } => None,
    });
    known.max_by_key(|(on, _)| *on)
}
