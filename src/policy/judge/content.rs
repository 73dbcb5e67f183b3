//! The second axis: what a document may hold and where it may lie. It knows no dates of documents.

use super::index::{Concerning, For, Person, Who};
use super::step::{Review, Title};
use crate::model::Lang;
use crate::policy::facts::{Facts, FindingFact};
use crate::policy::policy_head::Purpose;
use crate::policy::rule::{Rule, RuleKind};
use crate::policy::rule_file::Effect;
use jiff::civil::Date;

/// What the content rules say.
#[derive(Debug, Default)]
pub(super) struct ContentResult {
    /// Broken rules, each with what broke it.
    pub breaches: Vec<(String, Vec<String>)>,
    /// What a person must look at, each with its rule.
    pub reviews: Vec<(String, Review)>,
}

/// The findings that are personal data in this place.
pub(super) fn personal(facts: &Facts) -> impl Iterator<Item = &FindingFact> {
    let test_data = facts.zone.test_data == Some(true);
    facts
        .findings
        .iter()
        .filter(move |f| f.kind != "organisation-number:company" && !(test_data && f.synthetic))
}

/// Applies the content rules that cover the document.
pub(super) fn content(
    facts: &Facts,
    events: &Concerning<'_>,
    rules: &[&Rule],
    purposes: &[Purpose],
    as_of: Date,
) -> ContentResult {
    let mut result = ContentResult::default();
    for rule in rules {
        match &rule.kind {
            RuleKind::Limit { .. } => limit(facts, rule, rules, purposes, &mut result),
            RuleKind::Forbid { .. } if !is_allowed(facts, events, rule, as_of) => {
                forbid(facts, rule, &mut result);
            }
            RuleKind::Forbid { .. }
            | RuleKind::Delete(_)
            | RuleKind::Keep { .. }
            | RuleKind::ReviewOn(_)
            | RuleKind::Deadline { .. }
            | RuleKind::Hold { .. }
            | RuleKind::Exception { .. }
            | RuleKind::Undeclared
            | RuleKind::Anonymised => {}
        }
    }
    result
}

/// A finding that a limit does not list is in doubt, unless another use of the same document covers
/// it. What a limit denies stays denied.
fn limit(
    facts: &Facts,
    rule: &Rule,
    rules: &[&Rule],
    purposes: &[Purpose],
    result: &mut ContentResult,
) {
    let RuleKind::Limit {
        allowed,
        deny,
        review,
        open,
    } = &rule.kind
    else {
        return;
    };
    let mut denied = Vec::new();
    let mut doubtful = Vec::new();
    for finding in personal(facts) {
        let named = |names: &[String]| names.iter().any(|name| finding.is_named_by(name));
        if named(deny) {
            denied.push(finding.kind.clone());
        } else if named(review)
            || !(*open || named(allowed) || is_covered(finding, facts, rule, rules, purposes))
        {
            doubtful.push(finding.kind.clone());
        }
    }
    if !denied.is_empty() {
        result.breaches.push((rule.id.clone(), denied));
    }
    if !doubtful.is_empty() {
        result.reviews.push(look_at(rule, doubtful));
    }
}

/// Whether another limit on the document allows the finding, or another of its purposes declares it.
fn is_covered(
    finding: &FindingFact,
    facts: &Facts,
    rule: &Rule,
    rules: &[&Rule],
    purposes: &[Purpose],
) -> bool {
    let named = |names: &[String]| names.iter().any(|n| n == "*" || finding.is_named_by(n));
    let allowed = rules.iter().any(|other| match &other.kind {
        RuleKind::Limit { allowed, .. } => other.id != rule.id && named(allowed),
        RuleKind::Forbid { .. }
        | RuleKind::Delete(_)
        | RuleKind::Keep { .. }
        | RuleKind::ReviewOn(_)
        | RuleKind::Deadline { .. }
        | RuleKind::Hold { .. }
        | RuleKind::Exception { .. }
        | RuleKind::Undeclared
        | RuleKind::Anonymised => false,
    });
    let limited = &rule.when.purpose;
    let mut others = purposes
        .iter()
        .filter(|purpose| facts.purpose.contains(&purpose.id) && !limited.contains(&purpose.id));
    allowed || (!limited.is_empty() && others.any(|purpose| named(&purpose.data)))
}

fn forbid(facts: &Facts, rule: &Rule, result: &mut ContentResult) {
    let RuleKind::Forbid {
        effect,
        unless_purpose,
        review_purpose,
        unless_synthetic,
    } = &rule.kind
    else {
        return;
    };
    if facts.purpose.iter().any(|p| unless_purpose.contains(p)) {
        return;
    }
    let named = |finding: &&FindingFact| {
        let names = &rule.when.finding;
        names.is_empty() || names.iter().any(|name| finding.is_named_by(name))
    };
    let found: Vec<String> = personal(facts)
        .filter(|finding| !(*unless_synthetic && finding.synthetic))
        .filter(named)
        .map(|finding| finding.kind.clone())
        .collect();
    if found.is_empty() {
        return;
    }
    let doubtful = facts.purpose.iter().any(|p| review_purpose.contains(p));
    if *effect == Effect::Review || doubtful {
        result.reviews.push(look_at(rule, found));
    } else {
        result.breaches.push((rule.id.clone(), found));
    }
}

fn look_at(rule: &Rule, findings: Vec<String>) -> (String, Review) {
    let id = rule.id.clone();
    let review = Review::Content {
        rule: id.clone(),
        title: Title {
            en: rule.title.clone(),
            nb: rule.title_in(Lang::Nb).to_owned(),
        },
        findings,
    };
    (id, review)
}

/// Whether an event allows it, for every person the document is about.
fn is_allowed(facts: &Facts, events: &Concerning<'_>, rule: &Rule, as_of: Date) -> bool {
    if rule.unless_event.is_empty() {
        return false;
    }
    let for_one = |who: Who<'_>| {
        let person = Person {
            who,
            purpose: For::AnyOf(&facts.purpose),
        };
        let mut kinds = rule.unless_event.iter();
        kinds.any(|kind| events.of(kind, person).any(|event| event.has_come(as_of)))
    };
    if facts.subjects.is_empty() {
        return for_one(Who::Nobody);
    }
    facts
        .subjects
        .iter()
        .all(|subject| for_one(Who::One(&subject.id)))
}
