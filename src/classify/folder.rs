//! Takes what was seen window by window, and tells what the object holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bottom::Bottom;
use super::bucket::{Buckets, Key};
use super::class::Classes;
use super::column::{self, Ground};
use super::near::{Near, Settled};
use super::overlap::{self, ACCOUNT, PERSON, Standing};
use crate::model::{
    Candidate, ClassCue, ClassGuess, Confidence, Dismissed, Evidence, Finding, Sightings,
};

/// Different values of one detector whose digests are kept of one object (32 MiB).
const MAX_DIGESTS: usize = 4 << 20;
/// Digests that are held at once for all detectors and columns (128 MiB) before each list keeps
/// fewer.
const HELD_DIGESTS: usize = 16 << 20;
/// Columns that are judged one by one; hits in the columns beyond are treated as running text.
const MAX_COLUMNS: usize = 4096;
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
#[derive(Clone, Debug)]
pub struct Classified {
    /// The findings, ordered by detector, kind, and level from the highest.
    pub findings: Vec<Finding>,
    /// Digests of the values that are reported at any level, by detector: sorted, each once.
    pub digests: Vec<(&'static str, Vec<u64>)>,
    /// Whether a detector had more different values than the lists hold (four million, fewer where
    /// many columns compete); the smallest digests are kept then, and the rest cannot be found by
    /// value.
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
/// bucket of like hits, at most 128 MiB of digests and 64 MiB for counting different values, each
/// up to twice that while they are sorted. `keep_hits` and `samples: usize::MAX` are outside of
/// the bound.
#[derive(Debug)]
pub struct Folder {
    options: Options,
    dismissed: Arc<Dismissed>,
    open: Vec<Candidate>,
    open_end: u64,
    near: Near,
    buckets: Buckets,
    columns: BTreeMap<u32, Ground>,
    flow: Ground,
    digests: Vec<(&'static str, Bottom)>,
    /// Digests of account readings of identity numbers, by column.
    shadows: BTreeMap<u32, Bottom>,
    digest_bound: usize,
    digests_added: usize,
    cues: BTreeMap<u16, u32>,
    kept: Vec<(Key, Candidate)>,
}

impl Folder {
    /// A folder that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            dismissed: Arc::default(),
            open: Vec::new(),
            open_end: 0,
            near: Near::new(),
            buckets: Buckets::new(options.samples),
            columns: BTreeMap::new(),
            flow: Ground::default(),
            digests: Vec::new(),
            shadows: BTreeMap::new(),
            digest_bound: MAX_DIGESTS,
            digests_added: 0,
            cues: BTreeMap::new(),
            kept: Vec::new(),
        }
    }

    /// The same, knowing what people have marked as false.
    #[must_use]
    pub fn with_dismissed(mut self, dismissed: Arc<Dismissed>) -> Self {
        self.dismissed = dismissed;
        self
    }

    /// Takes the next window's sightings. Windows come in the order of the text; how the text is
    /// cut into windows makes no difference.
    pub fn fold(&mut self, sightings: Sightings) {
        for ClassCue { class, words } in sightings.cues {
            *self.cues.entry(class).or_default() |= words;
        }
        for field in sightings.cells {
            if let Some(ground) = self.ground_of(field.field) {
                ground.cells += field.cells;
            }
        }
        let mut candidates = sightings.candidates;
        if !candidates.is_sorted_by_key(|candidate| candidate.start) {
            candidates.sort_by_key(|candidate| candidate.start);
        }
        for candidate in candidates {
            if candidate.start >= self.open_end || self.open.len() >= MAX_GROUP {
                self.close();
            }
            self.open_end = self.open_end.max(candidate.end);
            self.open.push(candidate);
        }
    }

    /// What the object holds. `name` is its path as text, for words in folder and file names;
    /// `classes` is the list that the cues refer to.
    #[must_use]
    pub fn finish(mut self, name: &str, classes: &Classes) -> Classified {
        self.close();
        let mut near = std::mem::take(&mut self.near);
        near.finish(&mut |(candidate, standing)| self.take(candidate, standing));
        let cues: Vec<(u16, u32)> = std::mem::take(&mut self.cues).into_iter().collect();
        let class = classes.guess(name, &cues);
        self.flow.speaks_of_persons =
            near.any_person() || class.as_ref().is_some_and(is_about_persons);
        let (digests, digests_cut) = self.take_digests();
        let hits = self.take_hits();
        Classified {
            findings: self.buckets.into_findings(&self.columns, &self.flow),
            digests,
            digests_cut,
            class,
            hits,
        }
    }

    /// Settles the candidates that overlap one another and counts what stands.
    fn close(&mut self) {
        self.open_end = 0;
        if self.open.len() < 2 {
            // Nothing to settle, as nearly always.
            if let Some(candidate) = self.open.pop() {
                self.count_stretch(std::slice::from_ref(&candidate), &[Standing::Wins]);
                self.wait((candidate, Standing::Wins));
            }
            return;
        }
        let mut group = std::mem::take(&mut self.open);
        let standings = overlap::settle(&group);
        self.count_stretch(&group, &standings);
        for (mut candidate, standing) in group.drain(..).zip(standings) {
            match standing {
                Standing::Dropped => continue,
                Standing::Beaten => {
                    candidate.confidence = Confidence::Low;
                    candidate.evidence = candidate.evidence.with(Evidence::Overlap);
                }
                Standing::Wins | Standing::Shadow => {}
            }
            self.wait((candidate, standing));
        }
        self.open = group;
    }

    /// Lets the hit wait for a person, where its kind does, and counts those that are through.
    fn wait(&mut self, settled: Settled) {
        let mut near = std::mem::take(&mut self.near);
        near.take(settled, &mut |(candidate, standing)| {
            self.take(candidate, standing);
        });
        self.near = near;
    }

    fn take(&mut self, mut candidate: Candidate, standing: Standing) {
        if candidate.kind.digested
            && self
                .dismissed
                .has(candidate.kind.detector, candidate.digest)
        {
            candidate.evidence = candidate.evidence.with(Evidence::Dismissed);
        }
        let column = self.column_of(&candidate);
        let key = self.buckets.key(&candidate, standing, column);
        self.buckets.add(key, &candidate);
        if candidate.kind.digested && (!key.shadow || column.is_some()) {
            let shadow_of = column.filter(|_| key.shadow);
            self.add_digest(candidate.kind.detector, shadow_of, candidate.digest);
        }
        if self.options.keep_hits {
            self.kept.push((key, candidate));
        }
    }

    /// Counts for the statistics what overlapping candidates claim together.
    fn count_stretch(&mut self, group: &[Candidate], standings: &[Standing]) {
        let mut claimed: Vec<(u32, &'static str)> = Vec::new();
        for (candidate, standing) in group.iter().zip(standings) {
            let detector = candidate.kind.detector;
            let person = is_checked(candidate, PERSON);
            let account = person || detector == ACCOUNT;
            let Some(field) = self.column_of(candidate) else {
                if *standing == Standing::Wins {
                    let probable = candidate.confidence > Confidence::Low;
                    let bare = person && probable && column::is_bare(candidate.evidence);
                    self.flow.count(Some(detector), account, bare);
                }
                continue;
            };
            let news = !claimed.contains(&(field, detector));
            let news_account = account
                && !claimed
                    .iter()
                    .any(|(known, by)| *known == field && [PERSON, ACCOUNT].contains(by));
            if group.len() > 1 {
                claimed.push((field, detector));
            }
            if let Some(ground) = self.columns.get_mut(&field) {
                ground.count(news.then_some(detector), news_account, false);
            }
        }
    }

    /// The column that a candidate is judged by: that of the cell it fills, while there is room for
    /// one more column. For accounts it is enough to stand in the cell: they only serve to tell
    /// whether the persons among them are chance, and are `low` by themselves.
    fn column_of(&mut self, candidate: &Candidate) -> Option<u32> {
        let whole =
            candidate.evidence.has(Evidence::WholeCell) || candidate.kind.detector == ACCOUNT;
        let field = candidate.field.filter(|_| whole)?;
        self.ground_of(field).map(|_| field)
    }

    fn ground_of(&mut self, field: u32) -> Option<&mut Ground> {
        if self.columns.len() >= MAX_COLUMNS {
            return self.columns.get_mut(&field);
        }
        Some(self.columns.entry(field).or_default())
    }

    fn add_digest(&mut self, detector: &'static str, shadow_of: Option<u32>, digest: u64) {
        let bound = self.digest_bound;
        let values = if let Some(column) = shadow_of {
            let shadows = self.shadows.entry(column);
            shadows.or_insert_with(|| Bottom::new(bound))
        } else {
            self.list_of(detector)
        };
        values.insert(digest);
        self.digests_added += 1;
        if self.digests_added > HELD_DIGESTS / 2 {
            self.relieve();
        }
    }

    /// The digests of a detector.
    fn list_of(&mut self, detector: &'static str) -> &mut Bottom {
        let is_its = |(of, _): &(&'static str, Bottom)| column::is_same(of, detector);
        let known = self.digests.iter().position(is_its);
        let place = known.unwrap_or_else(|| {
            self.digests
                .push((detector, Bottom::new(self.digest_bound)));
            self.digests.len() - 1
        });
        &mut self.digests[place].1
    }

    /// Lets every list keep fewer digests when all together hold too many.
    fn relieve(&mut self) {
        self.digests_added = 0;
        let lists = self.digests.iter_mut().map(|(_, values)| values);
        let mut lists: Vec<&mut Bottom> = lists.chain(self.shadows.values_mut()).collect();
        let held: usize = lists.iter().map(|values| values.held()).sum();
        if held < HELD_DIGESTS {
            return;
        }
        self.digest_bound /= 2;
        for values in &mut lists {
            values.shrink(self.digest_bound);
        }
    }

    /// The digests by detector; account readings of identity numbers only from the columns that
    /// hold accounts.
    fn take_digests(&mut self) -> (Vec<(&'static str, Vec<u64>)>, bool) {
        let own = std::mem::take(&mut self.digests);
        let mut lists: BTreeMap<&'static str, Bottom> = own.into_iter().collect();
        for (column, values) in std::mem::take(&mut self.shadows) {
            if !self
                .columns
                .get(&column)
                .is_some_and(Ground::holds_accounts)
            {
                continue;
            }
            match lists.get_mut(ACCOUNT) {
                Some(list) => list.merge(values),
                None => {
                    lists.insert(ACCOUNT, values);
                }
            }
        }
        let mut any_cut = false;
        let sorted = lists.into_iter().map(|(detector, values)| {
            let (values, cut) = values.into_sorted();
            any_cut |= cut;
            (detector, values)
        });
        (sorted.collect(), any_cut)
    }

    fn take_hits(&mut self) -> Vec<Candidate> {
        let mut hits = Vec::new();
        for (key, mut candidate) in std::mem::take(&mut self.kept) {
            let column = key.column.and_then(|field| self.columns.get(&field));
            let ground = column.unwrap_or(&self.flow);
            if let Some((level, added)) = column::judge(&key, candidate.kind, ground) {
                candidate.confidence = level;
                candidate.evidence = candidate.evidence.union(added);
                hits.push(candidate);
            }
        }
        hits.sort_by_key(|hit| (hit.start, hit.end, hit.kind.detector, hit.kind.kind));
        hits
    }
}

/// Whether documents of this class are about single persons even where none is named: those of
/// recruitment, of employees, and of health.
fn is_about_persons(class: &ClassGuess) -> bool {
    let family = class.id.split('.').next();
    family.is_some_and(|family| ["recruitment", "hr", "health"].contains(&family))
}

fn is_checked(candidate: &Candidate, detector: &str) -> bool {
    candidate.kind.detector == detector && candidate.evidence.has(Evidence::Checksum)
}
