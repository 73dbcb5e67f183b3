//! One document, several people, and a date that may be several days.

use jiff::civil::Date;

use super::duty::{Point, Query};
use super::hold::Deadlines;
use super::index::{Concerning, Who};
use super::retention::{Retained, retain};
use super::step::Review;
use super::{Judge, Verdict};
use crate::policy::document_date::document_date;
use crate::policy::facts::Facts;
use crate::policy::rule::Rule;

/// Steps of at most this many people are told; everybody counts.
const TOLD_PEOPLE: usize = 8;

/// Judges the date axis for everybody a document is about. All alike: that verdict. Different: a
/// person must look.
pub(super) fn retained(
    judge: &Judge<'_>,
    facts: &Facts,
    events: &Concerning<'_>,
    rules: &[&Rule],
    deadlines: &Deadlines,
) -> Retained {
    let is_request = !deadlines.rules.is_empty();
    let days = document_date(facts, judge.as_of).days;
    let ask = |who: Who<'_>| {
        let base = Query {
            facts,
            site: judge.site,
            events,
            as_of: judge.as_of,
            notified: judge.notified,
            who,
            point: Point::Unknown,
            last: days.map(|(_, last)| last),
        };
        on_every_day(&base, days, rules, is_request)
    };
    let groups = groups(facts, events);
    let mut answers = groups.into_iter().map(|(who, count)| (ask(who), count));
    let Some((first, count)) = answers.next() else {
        return ask(Who::Nobody);
    };
    let rest: Vec<(Retained, usize)> = answers.collect();
    if rest.is_empty() {
        return first;
    }
    together(first, count, rest)
}

/// The people of a document, with those of whom the register says nothing in one group.
fn groups<'f>(facts: &'f Facts, events: &Concerning<'_>) -> Vec<(Who<'f>, usize)> {
    let mut groups: Vec<(Who<'f>, usize)> = Vec::new();
    let mut others: Option<usize> = None;
    let mut seen = std::collections::HashSet::new();
    for subject in &facts.subjects {
        if !seen.insert(&subject.id) {
            continue;
        }
        if events.names(&subject.id) {
            groups.push((Who::One(&subject.id), 1));
            continue;
        }
        if let Some((_, count)) = others.and_then(|at| groups.get_mut(at)) {
            *count += 1;
        } else {
            others = Some(groups.len());
            groups.push((Who::Nobody, 1));
        }
    }
    groups
}

/// Asks on the first and the last day the document may be from. Different verdicts are a doubt.
fn on_every_day(
    base: &Query<'_>,
    days: Option<(Option<Date>, Date)>,
    rules: &[&Rule],
    is_request: bool,
) -> Retained {
    let on = |point: Point| retain(&Query { point, ..*base }, rules, is_request);
    let Some((first, last)) = days else {
        return on(Point::Unknown);
    };
    let mut late = on(Point::At(last));
    if first == Some(last) {
        return late;
    }
    let early = on(first.map_or(Point::LongAgo, Point::At));
    if early.verdict != late.verdict {
        let review = Review::DateUncertain {
            early: early.verdict,
            late: late.verdict,
            first,
            last,
        };
        late.decisive.extend(early.decisive);
        late.reviews = vec![review];
        late.verdict = Verdict::Review;
        late.due = None;
        late.conflicts.clear();
        return late;
    }
    if first.is_some() && early.due < late.due {
        late.due_earliest = early.due;
    }
    late
}

fn together(first: Retained, count: usize, rest: Vec<(Retained, usize)>) -> Retained {
    let mut counts: Vec<(Verdict, usize)> = vec![(first.verdict, count)];
    for (answer, count) in &rest {
        match counts
            .iter_mut()
            .find(|(verdict, _)| *verdict == answer.verdict)
        {
            Some((_, sum)) => *sum += count,
            None => counts.push((answer.verdict, *count)),
        }
    }
    counts.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    let mut whole = first;
    for (told, (answer, _)) in rest.into_iter().enumerate() {
        whole.join(answer, told + 1 < TOLD_PEOPLE);
    }
    if counts.len() > 1 {
        whole.verdict = Verdict::Review;
        whole.due = None;
        whole.due_earliest = None;
        whole.reviews = vec![Review::Mixed {
            counts: counts.clone(),
        }];
        whole.conflicts.clear();
        whole.partial.clear();
    }
    whole.would_be = counts.into_iter().map(|(verdict, _)| verdict).collect();
    whole
}

impl Retained {
    /// Joins another person's answer: the document can go when the last of them can.
    fn join(&mut self, other: Self, tell: bool) {
        fn add<T: PartialEq>(to: &mut Vec<T>, from: Vec<T>) {
            for item in from {
                if !to.contains(&item) {
                    to.push(item);
                }
            }
        }
        if other.due > self.due {
            self.due_earliest = other.due_earliest;
        }
        self.due = self.due.max(other.due);
        add(&mut self.rules, other.rules);
        add(&mut self.decisive, other.decisive);
        add(&mut self.partial, other.partial);
        add(&mut self.conflicts, other.conflicts);
        add(&mut self.reviews, other.reviews);
        if tell {
            add(&mut self.steps, other.steps);
        }
    }
}
