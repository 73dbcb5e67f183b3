//! Is a person near?
//!
//! Some kinds say something of a person only where there is one: an address of the net, or a word
//! such as *sick*. Their hits wait until the text has gone on so far that no person can come near any
//! more. Kept are the place of the last person, and the hits that wait.

use std::collections::VecDeque;

use super::overlap::Standing;
use crate::model::{Candidate, Category, Confidence, Evidence};

/// Bytes between a person and a hit in running text, at most.
const NEAR_BYTES: u64 = 200;
/// Bytes between a person and a hit of the same row of a table, at most.
const ROW_BYTES: u64 = 16 * 1024;
/// Hits that wait at most; beyond, the first are let go as they are.
const MAX_WAITING: usize = 1024;

/// What a person means for the kinds of a category.
#[derive(Clone, Copy, Debug)]
struct Need {
    category: Category,
    /// Whether hits are `low` in an object without any person.
    needs_person: bool,
}

/// The categories whose hits rise one step near a person.
const NEEDS: [Need; 2] = [
    Need {
        category: Category::Online,
        needs_person: false,
    },
    Need {
        category: Category::Special,
        needs_person: true,
    },
];

/// Id of the detector of postal addresses: a home is one only where somebody lives, and the address
/// of a company is no person.
const ADDRESS: &str = "address";

/// Whether the hit rises near a person. Land register numbers do not, which their prefix tells, nor
/// places where people meet: both say where something is, not where somebody lives. The user names of
/// test accounts belong to nobody, whoever stands near.
fn rises(candidate: &Candidate) -> bool {
    if candidate.evidence.has(Evidence::Synthetic) {
        return false;
    }
    if candidate.kind.detector == ADDRESS {
        let elsewhere = [Evidence::Prefix, Evidence::NegativeWord];
        return !elsewhere.into_iter().any(|one| candidate.evidence.has(one));
    }
    NEEDS
        .iter()
        .any(|need| need.category == candidate.kind.category)
}

/// Whether hits of the category are `low` in an object without any person.
pub(super) fn needs_person(category: Category) -> bool {
    let mut needs = NEEDS.iter().filter(|need| need.category == category);
    needs.any(|need| need.needs_person)
}

/// The hits that wait for a person, and where the last one stood. Candidates come in the order of
/// the text, and those that wait leave in that order.
#[derive(Debug, Default)]
pub(super) struct Near {
    last: Option<Stand>,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    candidate: Candidate,
    standing: Standing,
    near: bool,
}

/// A stretch of text.
#[derive(Clone, Copy, Debug)]
struct Stand {
    start: u64,
    end: u64,
    row: Option<u64>,
}

impl Stand {
    fn of(candidate: &Candidate) -> Self {
        Self {
            start: candidate.start,
            end: candidate.end,
            row: candidate.row,
        }
    }

    /// Whether `later`, which begins no earlier, stands near.
    fn is_near(&self, later: &Self) -> bool {
        let gap = later.start.saturating_sub(self.end);
        match (self.row, later.row) {
            (None, None) => gap <= NEAR_BYTES,
            (one, other) => one == other && gap <= ROW_BYTES,
        }
    }
}

impl Near {
    /// Nothing seen.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Whether any person was seen.
    pub(super) fn any_person(&self) -> bool {
        self.last.is_some()
    }

    /// Takes the next hit, and hands on to `pass` all that need not wait any more.
    pub(super) fn take(
        &mut self,
        candidate: &Candidate,
        standing: Standing,
        pass: &mut impl FnMut(&Candidate, Standing),
    ) {
        let stand = Stand::of(candidate);
        if standing == Standing::Wins && names_person(candidate) {
            for waiting in &mut self.waiting {
                waiting.near |= Stand::of(&waiting.candidate).is_near(&stand);
            }
            self.last = Some(stand);
        }
        self.release(pass, |waiting| {
            waiting.near || !Stand::of(&waiting.candidate).is_near(&stand)
        });
        if !rises(candidate) {
            pass(candidate, standing);
            return;
        }
        if self.waiting.len() >= MAX_WAITING {
            self.release_first(pass);
        }
        let near = self.last.is_some_and(|last| last.is_near(&stand));
        self.waiting.push_back(Waiting {
            candidate: candidate.clone(),
            standing,
            near,
        });
    }

    /// Hands on all that still wait: the text is at its end.
    pub(super) fn finish(&mut self, pass: &mut impl FnMut(&Candidate, Standing)) {
        self.release(pass, |_| true);
    }

    fn release(
        &mut self,
        pass: &mut impl FnMut(&Candidate, Standing),
        ready: impl Fn(&Waiting) -> bool,
    ) {
        while self.waiting.front().is_some_and(&ready) {
            self.release_first(pass);
        }
    }

    fn release_first(&mut self, pass: &mut impl FnMut(&Candidate, Standing)) {
        let Some(waiting) = self.waiting.pop_front() else {
            return;
        };
        let Waiting {
            mut candidate,
            standing,
            near,
        } = waiting;
        if near {
            candidate.confidence = candidate.confidence.raised();
            candidate.evidence = candidate.evidence.with(Evidence::PersonNear);
        }
        pass(&candidate, standing);
    }
}

/// Whether the hit names or reaches a person, probably at least.
pub(super) fn names_person(candidate: &Candidate) -> bool {
    let category = candidate.kind.category;
    candidate.confidence >= Confidence::Medium
        && candidate.kind.detector != ADDRESS
        && matches!(category, Category::Identifier | Category::Contact)
}
