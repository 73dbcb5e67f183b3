//! Names of one object, settled when it is known what their words are elsewhere in it.
//!
//! Windows are looked at one by one, perhaps on several cores; what they show of names waits here for
//! the end of its block of text and is then weighed by all that was seen up to there. Blocks lie at
//! fixed places of the object's text, and earlier where many names stand close, so that how it was cut into windows makes
//! no difference. At most one block and a window are held.

use std::collections::VecDeque;

use super::detectors::name::{self, Glimpse};
use super::fields::{SampleWish, Wish};
use super::names::document::Memory;
use super::names::model::{SHIPPED, Work};
use super::scanner::{Look, Scanner};
use crate::model::{Candidate, Place, Sightings};

/// Bytes of the object's text that are settled together.
const BLOCK_BYTES: u64 = 1 << 20;
/// A block ends earlier where it holds a run of words for each so many of its bytes: a run takes half a kilobyte
/// while it waits.
const RUN_BYTES: u64 = 32;

/// What was seen of one object and waits to be settled. It holds text of the object and is not
/// shown.
pub struct Settling {
    samples: SampleWish,
    block_bytes: u64,
    crowded: bool,
    memory: Memory,
    glimpses: VecDeque<Glimpse>,
    /// Sightings without their names, with the byte after the window they are of.
    waiting: VecDeque<(u64, Sightings)>,
    /// Names that are settled, by start.
    names: VecDeque<Candidate>,
    /// Up to this byte windows were looked at.
    seen: u64,
    /// Up to this byte everything is settled.
    settled: u64,
    work: Work,
}

impl std::fmt::Debug for Settling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settling")
            .field("settled", &self.settled)
            .finish_non_exhaustive()
    }
}

impl Settling {
    /// For one object of which nothing was seen.
    #[must_use]
    pub fn new(samples: SampleWish) -> Self {
        Self {
            samples,
            block_bytes: BLOCK_BYTES,
            crowded: false,
            memory: Memory::default(),
            glimpses: VecDeque::new(),
            waiting: VecDeque::new(),
            names: VecDeque::new(),
            seen: 0,
            settled: 0,
            work: Work::default(),
        }
    }

    /// The same with blocks of `bytes` bytes: small ones put their borders to the test.
    #[must_use]
    pub fn with_block_bytes(mut self, bytes: u64) -> Self {
        self.block_bytes = bytes.max(1);
        self
    }

    /// Takes what the next window shows and emits the sightings that are complete, in order.
    pub fn push(&mut self, scanner: &Scanner, look: Look, emit: &mut dyn FnMut(Sightings)) {
        let end = look.end;
        self.crowded = look.glimpses.len() as u64 * RUN_BYTES > end.saturating_sub(self.seen);
        self.seen = end;
        if self.glimpses.is_empty() {
            self.glimpses = look.glimpses.into();
        } else {
            self.glimpses.extend(look.glimpses);
        }
        self.waiting.push_back((end, look.sightings));
        while let Some(to) = self.border(end) {
            self.settle(scanner, to);
        }
        if self.glimpses.is_empty() {
            // Nothing waits: what lies behind needs no block to end.
            self.emit(end, emit);
        } else {
            self.emit(self.settled, emit);
        }
    }

    /// Settles and emits what is left. Afterwards it is ready for more of the same object.
    pub fn finish(&mut self, scanner: &Scanner, emit: &mut dyn FnMut(Sightings)) {
        self.settle(scanner, u64::MAX);
        (self.seen, self.settled) = (0, 0);
        self.emit(u64::MAX, emit);
        self.memory = Memory::default();
    }

    /// Whether runs of words stand so close in the last window that a block would end early.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.crowded
    }

    /// Where the next block ends, if everything up to there was seen: `end` is the byte after the last window.
    fn border(&self, end: u64) -> Option<u64> {
        let of_bytes = (self.settled / self.block_bytes + 1) * self.block_bytes;
        let most = usize::try_from(self.block_bytes / RUN_BYTES).unwrap_or(usize::MAX);
        let crowded = self.glimpses.get(most.max(1)).map(|glimpse| glimpse.start);
        match crowded {
            Some(start) if self.settled < start && start < of_bytes => Some(start),
            Some(_) | None if of_bytes > end => None,
            Some(_) | None if self.glimpses.is_empty() => {
                Some(end / self.block_bytes * self.block_bytes)
            }
            Some(_) | None => Some(of_bytes),
        }
    }

    /// Settles the names that begin before `to`.
    fn settle(&mut self, scanner: &Scanner, to: u64) {
        let count = self.glimpses.partition_point(|glimpse| glimpse.start < to);
        let block = if count < self.glimpses.len() {
            self.glimpses.drain(..count).collect()
        } else {
            std::mem::take(&mut self.glimpses)
        };
        // At the end of an object without a name that could be, nobody asks what words were elsewhere.
        if to < u64::MAX || block.iter().any(|glimpse| glimpse.near.is_some()) {
            for glimpse in &block {
                self.memory.add(&glimpse.thoughts);
            }
        }
        let mut wish = Wish::new(self.samples);
        let mut names = Vec::new();
        for glimpse in block.iter().filter(|glimpse| glimpse.near.is_some()) {
            SHIPPED.settle(&glimpse.thoughts, &self.memory, &mut self.work);
            let space = &self.work.space;
            for found in name::judge(glimpse, &space.best, &space.likely) {
                names.extend(candidate(scanner, glimpse, &found, &mut wish));
            }
        }
        names.sort_by_key(|candidate| (candidate.start, candidate.end));
        self.names.extend(names);
        self.settled = to;
    }

    /// Emits the sightings of windows that end at `to` or before, each with the names that start in
    /// it.
    fn emit(&mut self, to: u64, emit: &mut dyn FnMut(Sightings)) {
        while let Some((end, mut sightings)) = self.waiting.pop_front_if(|(end, _)| *end <= to) {
            let last = self.waiting.is_empty() && to == u64::MAX;
            let before = sightings.candidates.len();
            while let Some(name) = self.names.pop_front_if(|name| name.start < end || last) {
                sightings.candidates.push(name);
            }
            if sightings.candidates.len() > before {
                sightings
                    .candidates
                    .sort_by_key(|one| (one.start, one.end, one.kind.detector, one.kind.kind));
            }
            emit(sightings);
        }
    }
}

fn candidate(
    scanner: &Scanner,
    glimpse: &Glimpse,
    found: &name::Found,
    wish: &mut Wish,
) -> Option<Candidate> {
    let near = glimpse.near.as_ref()?;
    let matched = near.matched(&found.span);
    let (field, row) = near.field.unzip();
    let sample = || {
        let mut place = near.place.clone();
        if let Place::Text { byte, .. } = &mut place {
            *byte += near.past_start(&found.span) as u64;
        }
        Box::new((place, Scanner::masked(matched)))
    };
    Some(Candidate {
        kind: &name::NAME,
        start: near.base + found.span.start as u64,
        end: near.base + found.span.end as u64,
        confidence: found.confidence,
        evidence: found.evidence,
        field,
        row,
        digest: scanner.digest(&found.canonical, name::NAME.detector),
        sample: wish.grants(&name::NAME).then(sample),
    })
}
