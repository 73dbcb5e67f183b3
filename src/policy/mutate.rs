//! Which parts of a rule no example tests: the rule is changed in one place, and if all examples come
//! out as before, nothing would notice the change.

use super::check::is_own;
use super::example;
use super::facts::ZoneFacts;
use super::period::Period;
use super::rule::{Rule, RuleKind, Timed, When};
use super::rule_file::SiteWhen;
use super::rulebook::Rulebook;

/// A change of a rule that no example noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Id of the rule.
    pub rule: String,
    /// Name of its file, and its line from 1.
    pub place: (String, usize),
    /// What was changed, such as `when.purpose left out`.
    pub change: String,
}

/// What came of changing rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutation {
    /// How many changes were tried.
    pub tried: usize,
    /// Those that went unnoticed.
    pub survivors: Vec<Survivor>,
}

/// Changes each rule of the files that were asked for, in one place after the other. The examples of
/// all these rules are run, since one rule's example may be what tells another's condition.
#[must_use]
pub fn mutate(book: &Rulebook) -> Mutation {
    let mut mutation = Mutation::default();
    for rule in book.rules().iter().filter(|rule| is_own(book, rule)) {
        for (change, changed) in changes(rule) {
            mutation.tried += 1;
            let other = book.with_rule(changed);
            if !notices(&other) {
                mutation.survivors.push(Survivor {
                    rule: rule.id.clone(),
                    place: rule.place.clone(),
                    change,
                });
            }
        }
    }
    mutation
}

/// Whether an example comes out otherwise than expected.
fn notices(book: &Rulebook) -> bool {
    let own = book.rules().iter().filter(|rule| is_own(book, rule));
    own.flat_map(|rule| rule.examples.iter().map(move |example| (rule, example)))
        .any(|(rule, example)| !example::run(book, rule, example).is_empty())
}

/// Every rule that differs from `rule` in one place, with what was changed.
fn changes(rule: &Rule) -> Vec<(String, Rule)> {
    let mut mutants = Vec::new();
    let mut add = |change: &str, edit: &dyn Fn(&mut Rule)| {
        let mut changed = rule.clone();
        edit(&mut changed);
        mutants.push((change.to_owned(), changed));
    };
    conditions(&rule.when, &mut add);
    if !rule.unless_event.is_empty() {
        add("`unless_event` left out", &|rule| rule.unless_event.clear());
    }
    if !rule.needs_event.is_empty() {
        add("`needs_event` left out", &|rule| rule.needs_event.clear());
    }
    if let Some(timed) = rule.timed() {
        times(timed, &mut add);
    }
    contents(&rule.kind, &mut add);
    mutants
}

type Add<'a> = dyn FnMut(&str, &dyn Fn(&mut Rule)) + 'a;

fn conditions(when: &When, add: &mut Add<'_>) {
    if !when.purpose.is_empty() {
        add("`when.purpose` left out", &|rule| rule.when.purpose.clear());
    }
    if !when.class.is_empty() {
        add("`when.class` left out", &|rule| rule.when.class.clear());
    }
    if !when.not_class.is_empty() {
        add("`when.not_class` left out", &|rule| {
            rule.when.not_class.clear();
        });
    }
    if !when.finding.is_empty() {
        add("`when.finding` left out", &|rule| rule.when.finding.clear());
    }
    if !when.role.is_empty() {
        add("`when.role` left out", &|rule| rule.when.role.clear());
    }
    if when.zone != ZoneFacts::default() {
        add("`when.zone` left out", &|rule| {
            rule.when.zone = ZoneFacts::default();
        });
    }
    if when.site != SiteWhen::default() {
        add("`when.site` left out", &|rule| {
            rule.when.site = SiteWhen::default();
        });
    }
}

fn times(timed: &Timed, add: &mut Add<'_>) {
    let day = Period::parse("P1D");
    if let Some(day) = day.filter(|day| *day != timed.period) {
        add("`period` made one day", &move |rule| {
            if let Some(timed) = rule.timed_mut() {
                timed.period = day;
            }
        });
    }
    if !timed.cancelled_by.is_empty() {
        add("`cancelled_by` left out", &|rule| {
            if let Some(timed) = rule.timed_mut() {
                timed.cancelled_by.clear();
            }
        });
    }
    if !timed.unless_consent.is_empty() {
        add("`unless_consent` left out", &|rule| {
            if let Some(timed) = rule.timed_mut() {
                timed.unless_consent.clear();
            }
        });
    }
    if timed.review_after.is_some() {
        add("`review_after` left out", &|rule| {
            if let Some(timed) = rule.timed_mut() {
                timed.review_after = None;
            }
        });
    }
}

fn contents(kind: &RuleKind, add: &mut Add<'_>) {
    let RuleKind::Forbid {
        unless_purpose,
        review_purpose,
        unless_synthetic,
        ..
    } = kind
    else {
        return;
    };
    if !unless_purpose.is_empty() {
        add("`unless_purpose` left out", &|rule| {
            if let RuleKind::Forbid { unless_purpose, .. } = &mut rule.kind {
                unless_purpose.clear();
            }
        });
    }
    if !review_purpose.is_empty() {
        add("`review_purpose` left out", &|rule| {
            if let RuleKind::Forbid { review_purpose, .. } = &mut rule.kind {
                review_purpose.clear();
            }
        });
    }
    if *unless_synthetic {
        add("`unless_synthetic` left out", &|rule| {
            if let RuleKind::Forbid {
                unless_synthetic, ..
            } = &mut rule.kind
            {
                *unless_synthetic = false;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_without_the_example_that_tells_is_found() {
        let whole = Rulebook::shipped(&["poweroffice-2024"]).unwrap();
        let of = |book: &Rulebook| {
            let survivors = mutate(book).survivors;
            let own = survivors
                .iter()
                .filter(|one| one.rule == "PO-6.1-RECRUITMENT");
            own.count()
        };
        let mut poor = whole.rule("PO-6.1-RECRUITMENT").unwrap().clone();
        poor.examples.retain(|example| !example.counter);
        poor.examples.truncate(1);
        let before = of(&whole);
        assert!(of(&whole.with_rule(poor)) >= before);
        let mutation = mutate(&whole);
        assert!(mutation.tried > 60, "{}", mutation.tried);
        let unnoticed = mutation.survivors.len() * 100 / mutation.tried;
        assert!(unnoticed < 50, "{:#?}", mutation.survivors);
    }
}
