//! Puts together what the parts of judging found, in the order of precedence, and tells it line by
//! line.

use super::step::Review;
use super::{Findings, Judge, Judgement, ground, words};
use crate::model::Lang;
use crate::policy::document_date::document_date;
use crate::policy::facts::Facts;
use crate::policy::period::days_between;
use crate::policy::verdict::Verdict;

/// The judgement of one document; that it is kept is explained where that is asked for.
pub(super) fn judgement(
    judge: &Judge<'_>,
    facts: &Facts,
    found: Findings,
    explains_keeping: bool,
) -> Judgement {
    let reviews = reviews(&found);
    let verdict = verdict(&found, !reviews.is_empty());
    let due = due(&found, verdict);
    let explanation = if verdict == Verdict::Keep && !explains_keeping {
        Vec::new()
    } else {
        lines(judge, facts, &found, verdict, &reviews)
    };
    let grounds = ground::grounds(&found.retained.steps);
    let document = ground::document(facts, judge.as_of);
    let retained = found.retained;
    let held = verdict == Verdict::Hold;
    let mut violations = ids(&found.content.breaches);
    violations.extend(found.deadlines.overdue.iter().map(|(rule, _)| rule.clone()));
    let mut rules = retained.rules;
    rules.extend(found.holds.rules.iter().cloned());
    rules.extend(found.holds.lifted_rules);
    rules.extend(found.deadlines.rules);
    rules.extend(violations.iter().cloned());
    rules.extend(found.content.reviews.iter().map(|(rule, _)| rule.clone()));
    let mut decisive = violations.clone();
    decisive.extend(found.holds.rules);
    decisive.extend(found.content.reviews.into_iter().map(|(rule, _)| rule));
    if !held {
        decisive.extend(retained.decisive);
    }
    let would_be = match (held, retained.would_be.is_empty()) {
        (false, _) => Vec::new(),
        (true, true) => vec![retained.verdict],
        (true, false) => retained.would_be,
    };
    let told: Vec<String> = reviews
        .iter()
        .map(|r| words::review(r, judge.lang))
        .collect();
    Judgement {
        verdict,
        due,
        due_earliest: due.and(retained.due_earliest),
        retention: retained.verdict,
        rules: sorted(rules),
        violations: sorted(violations),
        conflicts: retained.conflicts.len(),
        review: (!told.is_empty()).then(|| told.join("; ")),
        partial: sorted(retained.partial),
        would_be,
        deadline: found.deadlines.worst,
        lint: Vec::new(),
        explanation,
        decisive: sorted(decisive),
        grounds,
        document,
    }
}

fn ids(breaches: &[(String, Vec<String>)]) -> Vec<String> {
    breaches.iter().map(|(rule, _)| rule.clone()).collect()
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids.dedup();
    ids
}

fn reviews(found: &Findings) -> Vec<Review> {
    let content = found
        .content
        .reviews
        .iter()
        .map(|(_, review)| review.clone());
    let mut reviews = found.retained.reviews.clone();
    reviews.extend(content);
    reviews.extend(found.deadlines.reviews.iter().cloned());
    reviews.extend(found.holds.reviews.iter().cloned());
    reviews
}

/// The greatest of what the axes say. A deadline that was never begun is looked at.
fn verdict(found: &Findings, review: bool) -> Verdict {
    let retention = found.retained.verdict;
    if !found.holds.rules.is_empty() {
        Verdict::Hold
    } else if !found.content.breaches.is_empty() || !found.deadlines.overdue.is_empty() {
        Verdict::Violation
    } else if review {
        retention.max(Verdict::Review)
    } else {
        retention
    }
}

fn due(found: &Findings, verdict: Verdict) -> Option<jiff::civil::Date> {
    if verdict == Verdict::Hold {
        return None;
    }
    let passed = found.deadlines.overdue.iter().map(|(_, due)| *due).min();
    found.retained.due.or(passed)
}

fn lines(
    judge: &Judge<'_>,
    facts: &Facts,
    found: &Findings,
    verdict: Verdict,
    reviews: &[Review],
) -> Vec<String> {
    let lang = judge.lang;
    let mut lines = vec![words::head(verdict, &facts.path, judge.as_of, lang)];
    if let Some(due) = due(found, verdict) {
        let over = days_between(due, judge.as_of);
        lines.push(words::due(due, over, lang));
    }
    let date = document_date(facts, judge.as_of);
    lines.extend(words::date(&date, lang));
    let steps = found.holds.steps.iter().chain(&found.retained.steps);
    let steps = steps.chain(&found.deadlines.steps);
    lines.extend(steps.map(|step| words::step(step, lang)));
    let waiting = verdict == Verdict::Keep;
    lines.extend(
        found
            .retained
            .conflicts
            .iter()
            .map(|c| words::conflict(c, lang)),
    );
    lines.extend(
        reviews
            .iter()
            .map(|review| words::review_line(review, lang)),
    );
    let breaches = found.content.breaches.iter();
    lines.extend(breaches.map(|(rule, what)| words::breach(rule, what, lang)));
    lines.extend(date.notes.iter().map(|note| words::date_note(note, lang)));
    if waiting && lines.len() == 1 {
        lines.push(words::nothing_against(lang));
    }
    lines.extend(rule_lines(judge, found, lang));
    lines
}

/// Title, statement and norm of each rule that took part.
fn rule_lines(judge: &Judge<'_>, found: &Findings, lang: Lang) -> Vec<String> {
    let mut ids: Vec<&String> = found.retained.decisive.iter().collect();
    ids.extend(&found.holds.rules);
    ids.extend(found.content.breaches.iter().map(|(rule, _)| rule));
    ids.extend(found.content.reviews.iter().map(|(rule, _)| rule));
    ids.extend(found.deadlines.overdue.iter().map(|(rule, _)| rule));
    ids.sort();
    ids.dedup();
    let rules = ids.into_iter().filter_map(|id| judge.book.rule(id));
    rules.map(|rule| words::rule(rule, lang)).collect()
}
