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
    fn doubt(&mut self, review: Review) {
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
                unknown = Some(rule.id.clone());
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
        let longer = match &longest {
            None => true,
            Some(other) => match (other.until, until) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(before), Some(now)) => now > before,
            },
        };
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
    let doubt = ends.iter().find_map(|(_, end)| match end {
        PurposeEnd::Doubt(review, rule) => Some((review.clone(), rule.clone())),
        PurposeEnd::Due(..) | PurposeEnd::Live | PurposeEnd::Uncovered { .. } => None,
    });
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
    if as_of < free && (alive || doubt.is_some()) {
        out.decisive.push(kept.rule.clone());
        partial(as_of, &ends, out);
        return;
    }
    match (duty, doubt) {
        (_, Some((review, rule))) => {
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

/// No norm keeps the document: across purposes the latest duty counts, and a live purpose keeps
/// the document.
fn without_a_norm(
    as_of: Date,
    ends: &[(Option<String>, PurposeEnd)],
    rules: &[&Rule],
    out: &mut Retained,
) {
    for (_, end) in ends {
        if let PurposeEnd::Doubt(review, rule) = end {
            out.doubt(review.clone());
            out.decisive.push(rule.clone());
        }
    }
    if out.verdict == Verdict::Review {
        return;
    }
    if ends.iter().any(|(_, end)| matches!(end, PurposeEnd::Live)) {
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
