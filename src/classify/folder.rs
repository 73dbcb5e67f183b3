//! Takes what was seen window by window, and tells what the object holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::class::Classes;
use super::near::{self, Near};
use super::overlap::{self, Standing};
use super::sums::Sums;
use crate::model::{
    Candidate, ClassCue, ClassGuess, Confidence, Dismissed, Evidence, Finding, Sightings,
};
use crate::sorted::Sorted;

/// Candidates that are settled together at most.
const MAX_GROUP: usize = 256;

/// What the caller wants to keep.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Samples per finding; `usize::MAX` for all.
    pub samples: usize,
    /// Whether single hits are returned too; they are all held in memory.
    pub keep_hits: bool,
}

/// What one object holds.
#[derive(Clone, Debug, Default)]
pub struct Classified {
    /// The findings, ordered by detector, kind, and level from the highest.
    pub findings: Vec<Finding>,
    /// Digests of the values that are reported at any level, by detector: sorted, each once.
    pub digests: Vec<(&'static str, Sorted)>,
    /// Whether digests were lost: they were too many for the memory, and the temporary file could not be written.
    /// Those values are counted and cannot be found again.
    pub digests_cut: bool,
    /// What kind of document it seems to be.
    pub class: Option<ClassGuess>,
    /// With [`Options::keep_hits`]: what the text was taken for, with final levels and reasons, by
    /// start. Where a number is also kept at `low` as another kind, both are here.
    pub hits: Vec<Candidate>,
}

/// Gathers the sightings of one object.
///
/// Memory is bounded whatever the size of the object: counters and the first samples for each
/// bucket of like hits, at most 4 MiB of digests (more lie in a temporary file) and 16 MiB for counting different
/// values, each up to three times that while they are sorted. `keep_hits` and `samples: usize::MAX` are outside of
/// the bound.
#[derive(Debug)]
pub struct Folder {
    open: Vec<Candidate>,
    open_end: u64,
    near: Near,
    sums: Sums,
    cues: BTreeMap<u16, u32>,
    /// Whether the object's names tell of a person.
    names_person: bool,
}

impl Folder {
    /// A folder that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            open: Vec::new(),
            open_end: 0,
            near: Near::new(),
            sums: Sums::new(options),
            cues: BTreeMap::new(),
            names_person: false,
        }
    }

    /// Tells it what people have marked as false.
    pub fn dismiss(&mut self, dismissed: Arc<Dismissed>) {
        self.sums.dismissed = dismissed;
    }

    /// Takes the next window's sightings. Windows come in the order of the text; how the text is
    /// cut into windows makes no difference.
    pub fn fold(&mut self, sightings: Sightings) {
        for ClassCue { class, words } in sightings.cues {
            *self.cues.entry(class).or_default() |= words;
        }
        for field in sightings.cells {
            if let Some(ground) = self.sums.columns.of(field.field) {
                ground.cells += field.cells;
            }
        }
        let mut candidates = sightings.candidates;
        if !candidates.is_sorted_by_key(|candidate| candidate.start) {
            candidates.sort_by_key(|candidate| candidate.start);
        }
        let mut candidates = candidates.into_iter().peekable();
        while let Some(candidate) = candidates.next() {
            if candidate.start >= self.open_end || self.open.len() >= MAX_GROUP {
                self.close();
            }
            let next = candidates.peek().map(|next| next.start);
            if self.open.is_empty() && next.is_some_and(|next| next >= candidate.end) {
                self.settle_alone(&candidate);
                continue;
            }
            self.open_end = self.open_end.max(candidate.end);
            self.open.push(candidate);
        }
    }

    /// Takes what stands in the names of the object and not in its text: no overlap and no column, and
    /// nothing is near it.
    pub fn take_names(&mut self, hits: Vec<Candidate>) {
        for hit in hits {
            self.names_person |= near::names_person(&hit);
            self.sums.count_alone(&hit);
            self.sums.take(&hit, Standing::Wins);
        }
    }

    /// What the object holds. `name` is its path as text, for words in folder and file names;
    /// `classes` is the list that the cues refer to.
    #[must_use]
    pub fn finish(mut self, name: &str, classes: &Classes) -> Classified {
        self.close();
        let Self {
            mut near,
            mut sums,
            cues,
            names_person,
            ..
        } = self;
        near.finish(&mut |candidate, standing| sums.take(candidate, standing));
        let cues: Vec<(u16, u32)> = cues.into_iter().collect();
        let class = classes.guess(name, &cues);
        let named = near.any_person() || names_person;
        let persons = named || class.as_ref().is_some_and(is_about_persons);
        sums.flow.speaks_of_persons = persons;
        let (digests, digests_cut) = sums.take_digests();
        let hits = sums.take_hits();
        Classified {
            findings: sums.into_findings(),
            digests,
            digests_cut,
            class,
            hits,
        }
    }

    /// Counts a candidate that overlaps none, as nearly all do.
    fn settle_alone(&mut self, candidate: &Candidate) {
        self.sums.count_alone(candidate);
        self.wait(candidate, Standing::Wins);
    }

    /// Settles the candidates that overlap one another and counts what stands.
    fn close(&mut self) {
        self.open_end = 0;
        if self.open.len() < 2 {
            if let Some(candidate) = self.open.pop() {
                self.settle_alone(&candidate);
            }
            return;
        }
        let mut group = std::mem::take(&mut self.open);
        let standings = overlap::settle(&group);
        self.sums.count_stretch(&group, &standings);
        for (mut candidate, standing) in group.drain(..).zip(standings) {
            match standing {
                Standing::Dropped => continue,
                Standing::Beaten => {
                    candidate.confidence = Confidence::Low;
                    candidate.evidence = candidate.evidence.with(Evidence::Overlap);
                }
                Standing::Wins | Standing::Shadow => {}
            }
            self.wait(&candidate, standing);
        }
        self.open = group;
    }

    /// Lets the hit wait for a person, where its kind does, and counts those that are through.
    fn wait(&mut self, candidate: &Candidate, standing: Standing) {
        let Self { near, sums, .. } = self;
        near.take(candidate, standing, &mut |candidate, standing| {
            sums.take(candidate, standing);
        });
    }
}

/// Whether documents of this class are about single persons even where none is named: those of
/// recruitment, of employees, and of health.
fn is_about_persons(class: &ClassGuess) -> bool {
    let family = class.id.split('.').next();
    family.is_some_and(|family| ["recruitment", "hr", "health"].contains(&family))
}
