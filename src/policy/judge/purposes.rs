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
    /// A person must look at a rule; with the day and rule by which it ends in any case.
    Doubt(Review, String, Option<(Date, String)>),
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
    let mut doubts: Vec<(String, Review)> = Vec::new();
    let mut in_any_case: Option<(Date, String)> = None;
    let mut live = false;
    let mut suppressed: Option<String> = None;
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
                suppressed = suppressed.into_iter().chain([event]).max();
                continue;
            }
            Duty::Due { on, steps } => {
                out.steps.extend(steps);
                let this = (on, rule.id.clone());
                if due.as_ref().is_none_or(|earliest| this < *earliest) {
                    due = Some(this);
                }
            }
            Duty::Doubt(review, at_last) => {
                doubts.push((rule.id.clone(), review));
                let this = at_last.map(|on| (on, rule.id.clone()));
                in_any_case = in_any_case.into_iter().chain(this).min();
            }
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
                        doubts.push((id, review));
                    }
                    _ => live = true,
                }
            }
        }
        out.name(rule);
    }
    said(query, due, doubts, in_any_case).unwrap_or(if live {
        PurposeEnd::Live
    } else {
        PurposeEnd::Uncovered { suppressed }
    })
}

/// What is known of the end, or in doubt. Of several doubts the first by id is told, so that the order
/// of rules says nothing.
fn said(
    query: &Query<'_>,
    due: Option<(Date, String)>,
    doubts: Vec<(String, Review)>,
    in_any_case: Option<(Date, String)>,
) -> Option<PurposeEnd> {
    let doubt = doubts.into_iter().min_by(|(one, _), (two, _)| one.cmp(two));
    match (due, doubt) {
        (Some((on, rule)), None) => Some(PurposeEnd::Due(on, rule)),
        (Some((on, rule)), Some(_)) if on <= query.as_of => Some(PurposeEnd::Due(on, rule)),
        (due, Some((rule, review))) => {
            let at_last = due.into_iter().chain(in_any_case).min();
            Some(PurposeEnd::Doubt(review, rule, at_last))
        }
        (None, None) => None,
    }
}

/// The latest of the known ends; those that are in doubt count with the day that holds in any case.
pub(super) fn latest(ends: &[(Option<String>, PurposeEnd)]) -> Option<(Date, String)> {
    let known = ends.iter().filter_map(|(_, end)| match end {
        PurposeEnd::Due(on, rule) => Some((*on, rule.clone())),
        PurposeEnd::Doubt(_, _, at_last) => at_last.clone(),
        PurposeEnd::Live | PurposeEnd::Uncovered { .. } => None,
    });
    known.max_by(|(one, a), (two, b)| one.cmp(two).then_with(|| b.cmp(a)))
}
