//! Hits that share a fate: all that the statistics of the whole object can tell apart.
//!
//! A bucket counts exactly, and keeps digests, the first samples and the reasons. Which level its
//! hits end at is decided once, when the object is through.

use std::collections::BTreeMap;

use super::bottom::Bottom;
use super::column::{self, Columns, Ground};
use super::overlap::Standing;
use crate::model::{Candidate, Confidence, Distinct, Evidence, EvidenceSet, Finding, Kind, Sample};

/// Different values of one finding that are counted exactly.
const EXACT_DISTINCT: usize = 65_536;
/// Values that all buckets hold together before each keeps fewer (16 MiB).
const HELD_VALUES: usize = 2 << 20;

/// How many keys are remembered.
const RECENT: usize = 64;

/// Evidence that decides how far the statistics may move a hit.
const DECISIVE: EvidenceSet = EvidenceSet::EMPTY
    .with(Evidence::Checksum)
    .with(Evidence::Grouping)
    .with(Evidence::Label)
    .with(Evidence::ContextWord)
    .with(Evidence::Header)
    .with(Evidence::OtherHeader)
    .with(Evidence::Prefix)
    .with(Evidence::Dismissed)
    .with(Evidence::OwnContact);

/// What hits of one bucket have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    kind: usize,
    /// The detector's level, or `Low` where the hit was beaten by another.
    pub(super) level: Confidence,
    /// The column whose cells the hits fill; `None` for hits inside other text.
    pub(super) column: Option<u32>,
    /// The decisive part of the evidence.
    pub(super) evidence: EvidenceSet,
    /// Whether these are account readings of identity numbers.
    pub(super) shadow: bool,
}

#[derive(Debug)]
struct Bucket {
    count: u64,
    digests: Bottom,
    samples: Vec<(u64, Sample)>,
    reasons: EvidenceSet,
}

/// The buckets of one object.
#[derive(Debug)]
pub(super) struct Buckets {
    kinds: Vec<&'static Kind>,
    places: BTreeMap<Key, usize>,
    /// The keys that were met last, each at a place of its own: in a table the same ones come again
    /// in every row. Most objects have few hits: they have no such list.
    recent: Vec<Option<(Key, usize)>>,
    /// Hits that were met before there was one.
    first_hits: usize,
    filled: Vec<(Key, Bucket)>,
    samples: usize,
    distinct_bound: usize,
    inserted: usize,
}

impl Buckets {
    /// No hits yet; `samples` are kept of each finding.
    pub(super) fn new(samples: usize) -> Self {
        Self {
            kinds: Vec::new(),
            places: BTreeMap::new(),
            recent: Vec::new(),
            first_hits: 0,
            filled: Vec::new(),
            samples,
            distinct_bound: EXACT_DISTINCT,
            inserted: 0,
        }
    }

    /// Where a candidate of this standing belongs, for these reasons. `column` is its field where it fills the
    /// cell.
    pub(super) fn key(
        &mut self,
        candidate: &Candidate,
        evidence: EvidenceSet,
        standing: Standing,
        column: Option<u32>,
    ) -> Key {
        Key {
            kind: self.intern(candidate.kind),
            level: candidate.confidence,
            column,
            evidence: evidence.of(DECISIVE),
            shadow: standing == Standing::Shadow,
        }
    }

    /// Counts one hit with its reasons.
    pub(super) fn add(&mut self, key: Key, candidate: &Candidate, evidence: EvidenceSet) {
        let place = self.place(key);
        let Some((_, bucket)) = self.filled.get_mut(place) else {
            return;
        };
        bucket.count += 1;
        bucket.reasons = bucket.reasons.union(evidence);
        if candidate.kind.digested {
            bucket.digests.insert(candidate.digest);
            self.inserted += 1;
        }
        if bucket.samples.len() < self.samples
            && let Some(sample) = &candidate.sample
        {
            let (place, masked) = sample.as_ref().clone();
            let sample = Sample { place, masked };
            bucket.samples.push((candidate.start, sample));
        }
        if self.inserted > HELD_VALUES / 2 {
            self.relieve();
        }
    }

    /// The findings, ordered by detector, kind, and level from the highest.
    pub(super) fn into_findings(self, columns: &Columns, flow: &Ground) -> Vec<Finding> {
        type Order = (&'static str, &'static str, std::cmp::Reverse<Confidence>);
        let mut merged: BTreeMap<Order, (&'static Kind, Bucket)> = BTreeMap::new();
        let mut buckets = self.filled;
        buckets.sort_by_key(|(key, _)| *key);
        for (key, bucket) in buckets {
            let Some(kind) = self.kinds.get(key.kind).copied() else {
                continue;
            };
            let ground = key.column.and_then(|id| columns.get(id)).unwrap_or(flow);
            let Some((level, added)) = column::judge(&key, kind, ground) else {
                continue;
            };
            let order = (kind.detector, kind.kind, std::cmp::Reverse(level));
            let (_, sum) = merged
                .entry(order)
                .or_insert_with(|| (kind, Bucket::new(EXACT_DISTINCT)));
            sum.merge(bucket, added);
        }
        merged
            .into_iter()
            .map(|((_, _, level), (kind, bucket))| bucket.finding(kind, level.0, self.samples))
            .collect()
    }

    /// Where the bucket of a key is, which is made where there is none.
    fn place(&mut self, key: Key) -> usize {
        let near = key.column.map_or(0, |column| column as usize) * 5 + key.kind;
        let recent = self.recent.get_mut(near % RECENT);
        if let Some(Some((known, place))) = recent.as_deref()
            && *known == key
        {
            return *place;
        }
        let bound = self.distinct_bound;
        let place = *self.places.entry(key).or_insert_with(|| {
            self.filled.push((key, Bucket::new(bound)));
            self.filled.len() - 1
        });
        if let Some(recent) = recent {
            *recent = Some((key, place));
        } else {
            self.first_hits += 1;
            if self.first_hits >= RECENT {
                self.recent.resize(RECENT, None);
            }
        }
        place
    }

    fn intern(&mut self, kind: &'static Kind) -> usize {
        let known = self
            .kinds
            .iter()
            .position(|known| std::ptr::eq(*known, kind));
        known.unwrap_or_else(|| {
            self.kinds.push(kind);
            self.kinds.len() - 1
        })
    }

    /// Lets every bucket keep fewer values when all together hold too many.
    fn relieve(&mut self) {
        self.inserted = 0;
        let held: usize = self
            .filled
            .iter()
            .map(|(_, bucket)| bucket.digests.held())
            .sum();
        if held < HELD_VALUES {
            return;
        }
        self.distinct_bound = (self.distinct_bound / 2).max(64);
        for (_, bucket) in &mut self.filled {
            bucket.digests.shrink(self.distinct_bound);
        }
    }
}

impl Bucket {
    fn new(bound: usize) -> Self {
        Self {
            count: 0,
            digests: Bottom::new(bound),
            samples: Vec::new(),
            reasons: EvidenceSet::EMPTY,
        }
    }

    fn merge(&mut self, other: Self, added: EvidenceSet) {
        self.count += other.count;
        self.digests.merge(other.digests);
        self.samples.extend(other.samples);
        self.reasons = self.reasons.union(other.reasons).union(added);
    }

    fn finding(mut self, kind: &'static Kind, confidence: Confidence, samples: usize) -> Finding {
        self.samples.sort_by_key(|(start, _)| *start);
        self.samples.truncate(samples);
        let (count, estimated) = if kind.digested {
            self.digests.count()
        } else {
            (self.count, true)
        };
        Finding {
            kind,
            confidence,
            count: self.count,
            distinct: Distinct { count, estimated },
            samples: self.samples.into_iter().map(|(_, sample)| sample).collect(),
            reasons: self.reasons,
        }
    }
}
