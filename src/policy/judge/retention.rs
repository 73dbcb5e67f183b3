//! The date axis: keep rules, deletion duties and exceptions of one document for one person on one
//! assumed date, in the order of retention model D.5 numbers 4 to 6.

use jiff::civil::Date;

use super::duty::{KeepEnd, Query};
use super::exceptions::{asked_for, exceptions};
use super::purposes::{PurposeEnd, latest, purpose_ends};
use super::step::{Conflict, Review, Step};
use crate::policy::Verdict;
use crate::policy::period::next_day;
use crate::policy::rule::{Rule, RuleKind};
use crate::policy::rule_file::Then;

/// What the date axis says.
#[derive(Clone, Debug)]
pub(super) struct Retained {
    pub verdict: Verdict,
    /// The day, for `delete_on` and `delete_due`.
    pub due: Option<Date>,
    /// The first day it may be, where the document's date leaves several.
    pub due_earliest: Option<Date>,
    /// Where a person must look: the day on which it is due whatever they find, where it is known.
    pub at_last: Option<Date>,
    /// The verdicts of the people, where they are several.
    pub would_be: Vec<Verdict>,
    /// Rules that took part.
    pub rules: Vec<String>,
    /// Rules without which the verdict would be another.
    pub decisive: Vec<String>,
    /// Rules by which a purpose ended while another lives.
    pub partial: Vec<String>,
    pub conflicts: Vec<Conflict>,
    pub reviews: Vec<Review>,
    pub steps: Vec<Step>,
}

impl Default for Retained {
    fn default() -> Self {
        Self {
            verdict: Verdict::Keep,
            due: None,
            due_earliest: None,
            at_last: None,
            would_be: Vec::new(),
            rules: Vec::new(),
            decisive: Vec::new(),
            partial: Vec::new(),
            conflicts: Vec::new(),
            reviews: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// The norm that keeps longest.
struct Kept {
    rule: String,
    /// Last day; without one the end is not known.
    until: Option<Date>,
    then: Then,
}

impl Kept {
    /// Whether another norm keeps longer; of two that keep as long, the one after which a person looks
    /// counts, then the first id.
    fn yields_to(&self, rule: &Rule, until: Option<Date>, then: Then) -> bool {
        let without_end = |until: Option<Date>| until.unwrap_or(Date::MAX);
        let (mine, other) = (without_end(self.until), without_end(until));
        other > mine
            || (other == mine
                && (then == Then::Delete, &rule.id) < (self.then == Then::Delete, &self.rule))
    }
}

/// Applies the rules that cover the document. `is_request` tells that a deadline rule covers it.
pub(super) fn retain(query: &Query<'_>, rules: &[&Rule], is_request: bool) -> Retained {
    let mut retained = Retained::default();
    let kept = kept(query, rules, &mut retained);
    let ends = purpose_ends(query, rules, &mut retained);
    match kept {
        Err(rule) => {
            retained.doubt(Review::NoKeepDate { rule: rule.clone() });
            retained.decisive.push(rule);
        }
        Ok(Some(kept)) => under_a_norm(query.as_of, &kept, ends, &mut retained),
        Ok(None) if is_request && ends.iter().all(|(_, end)| end.is_uncovered()) => {}
        Ok(None) => without_a_norm(query.as_of, &ends, rules, &mut retained),
    }
    exceptions(query, rules, &mut retained);
    asked_for(query, rules, &mut retained);
    retained
}

impl Retained {
    pub(super) fn doubt(&mut self, review: Review) {
        self.verdict = Verdict::Review;
        self.due = None;
        self.reviews.push(review);
    }

    pub(super) fn due(&mut self, as_of: Date, on: Date, rule: &str) {
        self.due = Some(on);
        self.verdict = if on <= as_of {
            Verdict::DeleteDue
        } else {
            Verdict::DeleteOn
        };
        self.decisive.push(rule.to_owned());
    }

    pub(super) fn name(&mut self, rule: &Rule) {
        self.rules.push(rule.id.clone());
    }
}

/// The norm that keeps longest; the error names a rule whose end cannot be computed.
fn kept(query: &Query<'_>, rules: &[&Rule], out: &mut Retained) -> Result<Option<Kept>, String> {
    let mut longest: Option<Kept> = None;
    let mut unknown = None;
    for rule in rules {
        let RuleKind::Keep { timed, then } = &rule.kind else {
            continue;
        };
        if let Some(event) = query.suppressed(rule, query.purposes()) {
            out.suppress(rule, event);
            continue;
        }
        let norm = rule.norm.clone().unwrap_or_default();
        let until = match query.keep_end(timed) {
            KeepEnd::NoDate => {
                unknown = unknown.into_iter().chain([rule.id.clone()]).min();
                out.name(rule);
                continue;
            }
            KeepEnd::Open { waiting } => {
                let rule = rule.id.clone();
                out.steps.push(Step::KeepOpen {
                    rule,
                    norm,
                    waiting,
                });
                None
            }
            KeepEnd::Until { day, basis } => {
                let rule = rule.id.clone();
                out.steps.push(Step::KeepUntil {
                    rule,
                    until: day,
                    norm,
                    basis,
                });
                Some(day)
            }
        };
        out.name(rule);
        let longer = longest
            .as_ref()
            .is_none_or(|other| other.yields_to(rule, until, *then));
        if longer {
            longest = Some(Kept {
                rule: rule.id.clone(),
                until,
                then: *then,
            });
        }
    }
    match (unknown, &longest) {
        (Some(rule), None | Some(Kept { until: Some(_), .. })) => Err(rule),
        (_, _) => Ok(longest),
    }
}

impl Retained {
    pub(super) fn suppress(&mut self, rule: &Rule, event: String) {
        if !event.is_empty() {
            self.name(rule);
            let rule = rule.id.clone();
            self.steps.push(Step::Suppressed { rule, event });
        }
    }
}

/// A norm keeps the document: against a duty to delete it wins, and the conflict is told.
fn under_a_norm(
    as_of: Date,
    kept: &Kept,
    ends: Vec<(Option<String>, PurposeEnd)>,
    out: &mut Retained,
) {
    let ends: Vec<_> = ends
        .into_iter()
        .filter(|(_, end)| !matches!(end, PurposeEnd::Uncovered { .. }))
        .collect();
    let duty = latest(&ends);
    let alive = ends.iter().any(|(_, end)| matches!(end, PurposeEnd::Live));
    let doubt = doubts(&ends).next();
    let clash = |due: Date, rule: &str| Conflict {
        rule: rule.to_owned(),
        due,
        against: kept.rule.clone(),
        until: kept.until,
        exception: false,
    };
    let Some(until) = kept.until else {
        if let (Some((due, rule)), false) = (&duty, alive) {
            out.conflicts.push(clash(*due, rule));
        }
        out.decisive.push(kept.rule.clone());
        return;
    };
    let free = next_day(until);
    let endless = |end: &PurposeEnd| matches!(end, PurposeEnd::Doubt(_, _, None));
    if as_of < free && (alive || ends.iter().any(|(_, end)| endless(end))) {
        out.decisive.push(kept.rule.clone());
        partial(as_of, &ends, out);
        return;
    }
    // Before the norm lets it go, a doubt that ends by itself changes nothing.
    match (duty, doubt.filter(|_| as_of >= free)) {
        (_, Some((review, rule))) => {
            out.at_last = duty_in_any_case(&ends);
            out.doubt(review);
            out.decisive.push(rule);
        }
        (_, None) if alive => partial(as_of, &ends, out),
        (Some((due, rule)), None) if due <= until => {
            out.conflicts.push(clash(due, &rule));
            out.due(as_of, free, &kept.rule);
            out.decisive.push(rule);
        }
        (Some((due, rule)), None) => out.due(as_of, due, &rule),
        (None, None) => match kept.then {
            Then::Delete => out.due(as_of, free, &kept.rule),
            Then::Review if as_of < free => out.decisive.push(kept.rule.clone()),
            Then::Review => {
                let rule = kept.rule.clone();
                out.decisive.push(rule.clone());
                out.doubt(Review::KeepOver { rule, on: until });
            }
        },
    }
}

/// The doubts that matter, each with its rule. One that ends by itself, before another purpose does,
/// is about one use of the document only.
fn doubts(ends: &[(Option<String>, PurposeEnd)]) -> impl Iterator<Item = (Review, String)> {
    let alive = ends.iter().any(|(_, end)| matches!(end, PurposeEnd::Live));
    let firm = ends.iter().filter_map(|(_, end)| match end {
        PurposeEnd::Due(on, _) => Some(*on),
        PurposeEnd::Live | PurposeEnd::Doubt(..) | PurposeEnd::Uncovered { .. } => None,
    });
    let firm = firm.max();
    ends.iter().filter_map(move |(_, end)| match end {
        PurposeEnd::Doubt(_, _, Some((day, _))) if alive || firm >= Some(*day) => None,
        PurposeEnd::Doubt(review, rule, _) => Some((review.clone(), rule.clone())),
        PurposeEnd::Due(..) | PurposeEnd::Live | PurposeEnd::Uncovered { .. } => None,
    })
}

/// The day on which the last purpose ends, where every one of them ends whatever a person finds.
fn duty_in_any_case(ends: &[(Option<String>, PurposeEnd)]) -> Option<Date> {
    let ends_so =
        |end: &PurposeEnd| matches!(end, PurposeEnd::Due(..) | PurposeEnd::Doubt(_, _, Some(_)));
    let all = ends.iter().all(|(_, end)| ends_so(end));
    latest(ends).filter(|_| all).map(|(on, _)| on)
}

/// No norm keeps the document: across purposes the latest duty counts, and a live purpose keeps
/// the document.
fn without_a_norm(
    as_of: Date,
    ends: &[(Option<String>, PurposeEnd)],
    rules: &[&Rule],
    out: &mut Retained,
) {
    let alive = ends.iter().any(|(_, end)| matches!(end, PurposeEnd::Live));
    for (review, rule) in doubts(ends) {
        out.doubt(review);
        out.decisive.push(rule);
    }
    if out.verdict == Verdict::Review {
        out.at_last = duty_in_any_case(ends);
        return;
    }
    if alive {
        partial(as_of, ends, out);
        return;
    }
    for (purpose, end) in ends {
        let PurposeEnd::Uncovered { suppressed } = end else {
            continue;
        };
        let undeclared = rules
            .iter()
            .find(|r| matches!(r.kind, RuleKind::Undeclared));
        match (suppressed.as_deref(), purpose) {
            (Some(event), _) if !event.is_empty() => {
                let event = event.to_owned();
                out.doubt(Review::NoRuleLeft { event });
            }
            (_, Some(purpose)) => {
                let purpose = purpose.clone();
                out.doubt(Review::NoRule { purpose });
            }
            (_, None) => {
                out.doubt(Review::NoPurpose);
                if let Some(rule) = undeclared {
                    out.name(rule);
                    out.decisive.push(rule.id.clone());
                }
            }
        }
    }
    if out.verdict == Verdict::Review {
        return;
    }
    if let Some((on, rule)) = latest(ends) {
        out.due(as_of, on, &rule);
        partial_before(as_of, on, ends, out);
    }
}

/// Lists the purposes that have ended while another lives.
fn partial(as_of: Date, ends: &[(Option<String>, PurposeEnd)], out: &mut Retained) {
    let others: Vec<String> = ends
        .iter()
        .filter(|(_, end)| !matches!(end, PurposeEnd::Due(on, _) if *on <= as_of))
        .filter_map(|(purpose, _)| purpose.clone())
        .collect();
    for (_, end) in ends {
        if let PurposeEnd::Due(on, rule) = end
            && *on <= as_of
        {
            out.steps.push(Step::Ended {
                rule: rule.clone(),
                on: *on,
                others: others.clone(),
            });
            out.partial.push(rule.clone());
            out.decisive.push(rule.clone());
        }
    }
}

/// Lists the purposes that have ended while the last one still runs to its known end.
fn partial_before(
    as_of: Date,
    last: Date,
    ends: &[(Option<String>, PurposeEnd)],
    out: &mut Retained,
) {
    if last > as_of {
        partial(as_of, ends, out);
    }
}
