//! Names with the surname first: `Aasgård, Terje`, in lists, in lines and in paths.

use super::context;
use super::judge::{Found, Judging};
use super::in_order;
use crate::detect::gazetteer::Lists;
use crate::detect::names::document::Thought;
use crate::detect::names::run::{self, Run};
use crate::detect::names::word::{Sort, Token};
use crate::model::{Confidence, Evidence, EvidenceSet};

/// What stands between a name and a date of birth.
const BORN: [&str; 4] = ["født", "fødd", "f.", "born"];

impl Judging<'_> {
    /// `Aasgård, Terje` as an item of a list or on its own line.
    pub(super) fn surname_first(&self) -> Option<Found> {
        let place = self.near.places.last()?;
        let scope = self.scope();
        scope.after(place.end).strip_prefix(", ")?;
        let mut given = Run::default();
        let inner = run::Scope::of_text(&self.near.text);
        given.read(&inner, place.end + 2).then_some(())?;
        let after = scope.after(given.end()).trim_start_matches([' ', '"']);
        let from = self.surname(after)?;
        let is_given = |token: &Token| token.lists.meets(Lists::ANY_FIRST) || token.sort == Sort::Initial;
        // `Nguyen Hovland, Sofie Andersen` are two, and `Undertegnede, Sofie Andersen` is one.
        let is_family = |token: &Token| token.lists.meets(Lists::LAST) && !token.lists.meets(Lists::FIRST);
        let listed = self.thoughts.last().is_some_and(|thought| thought.lists.meets(Lists::ANY_LAST));
        let several = from + 1 < self.thoughts.len() && !self.thoughts.iter().any(|one| one.sort == Sort::Particle);
        let family = given.tokens.iter().any(is_family) || !listed && !given.tokens.iter().all(is_given);
        if (several || !listed) && family {
            return None;
        }
        if !ends_item(after) || given.tokens.len() > 3 || !given.tokens.first().is_some_and(is_given) {
            return None;
        }
        let span = self.near.places.get(from)?.start..given.end();
        let evidence = EvidenceSet::EMPTY
            .with(Evidence::NameShape)
            .with_if(listed, Evidence::Surname)
            .with_if(given.tokens.iter().any(|token| token.lists.meets(Lists::ANY_FIRST)), Evidence::FirstName)
            .with_if(self.fills(&span), Evidence::WholeCell);
        Some(Found { canonical: in_order(self.near.matched(&span)), span, confidence: Confidence::High, evidence })
    }

    /// The first word of the surname that the run is, behind a label perhaps, where an item begins with it that goes
    /// on, after the given name, with `after`: `Van der Berg`, `Pasient Roth`.
    fn surname(&self, after: &str) -> Option<usize> {
        let word = |at: usize| self.near.places.get(at).map_or("", |place| self.near.matched(place));
        let before = |at: usize| {
            let start = self.near.places.get(at).map_or(0, |place| place.start);
            self.scope().before(start).trim_end_matches([' ', '"'])
        };
        let last = self.thoughts.len().checked_sub(1)?;
        // `Pasient Roth, Linda`
        let from = usize::from(last == 1 && context::is_label(word(0)));
        let begins = from == 1 || begins_item(before(0)) || before(0).ends_with(['/', '\\']) && after.starts_with(['/', '\\']);
        let parted = before(from).ends_with(';') || after.starts_with(';');
        let is_surname = |at: &usize| self.thoughts.get(*at).is_some_and(is_surname);
        let own = is_surname(&last) || parted && self.thoughts.get(last)?.lists.meets(Lists::ANY_LAST);
        let several = (from..last).all(|at| is_surname(&at));
        (begins && own && last - from < 3 && several).then_some(from)
    }
}

/// Whether an item of a list, a cell or a line may begin behind `before`: `12. Aasgård, Terje`.
fn begins_item(before: &str) -> bool {
    let unnumbered = before.strip_suffix(['.', ')']).map(|rest| rest.trim_end_matches(|c: char| c.is_ascii_digit()));
    let numbered = unnumbered.filter(|rest| rest.len() + 1 < before.len()).map(|rest| rest.trim_end_matches(' '));
    let begins = |before: &str| before.is_empty() || before.ends_with(['\n', ';', ':', '\t', '|', '(', '•']);
    begins(before) || numbered.is_some_and(begins)
}

/// Whether an item of a list, a cell, a line or a part of a path ends before `after`, or a birth follows.
fn ends_item(after: &str) -> bool {
    let born = after.strip_prefix([',', ' ']).is_some_and(|rest| BORN.iter().any(|word| rest.trim_start().starts_with(word)));
    let marks = ['\n', '\r', ';', '\t', '|', '(', ')', '–', '<', '-', '/', '\\'];
    after.is_empty() || born || after.starts_with(marks)
}

fn is_surname(thought: &Thought) -> bool {
    let first = thought.lists.meets(Lists::FIRST_COMMON);
    let plain = matches!(
        thought.sort,
        Sort::Word | Sort::EnglishWord | Sort::Acronym | Sort::Initial | Sort::Place
    );
    !first && !plain
}
