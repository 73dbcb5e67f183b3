//! The counts of one object: what its hits add up to, by column, by like hits, by value.
//!
//! It is told of each hit once, with what became of it; which hits there are is `folder`'s part.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bottom::Bottom;
use super::bucket::{Buckets, Key};
use super::column::{self, Columns, Ground};
use super::folder::Options;
use super::overlap::{ACCOUNT, PERSON, Standing};
use crate::model::{Candidate, Confidence, Dismissed, Evidence, Finding, Kind};

/// Different values of one detector whose digests are kept of one object (32 MiB).
const MAX_DIGESTS: usize = 4 << 20;
/// Digests that are held at once for all detectors and columns (128 MiB) before each list keeps
/// fewer.
const HELD_DIGESTS: usize = 16 << 20;

/// What was counted of one object.
#[derive(Debug)]
pub(super) struct Sums {
    keep_hits: bool,
    pub(super) dismissed: Arc<Dismissed>,
    buckets: Buckets,
    pub(super) columns: Columns,
    /// The object outside whole cells.
    pub(super) flow: Ground,
    digests: Vec<(&'static str, Bottom)>,
    /// Digests of account readings of identity numbers, by column.
    shadows: BTreeMap<u32, Bottom>,
    digest_bound: usize,
    digests_added: usize,
    kept: Vec<(Key, Candidate)>,
}

impl Sums {
    /// Nothing counted yet.
    pub(super) fn new(options: Options) -> Self {
        Self {
            keep_hits: options.keep_hits,
            dismissed: Arc::default(),
            buckets: Buckets::new(options.samples),
            columns: Columns::default(),
            flow: Ground::default(),
            digests: Vec::new(),
            shadows: BTreeMap::new(),
            digest_bound: MAX_DIGESTS,
            digests_added: 0,
            kept: Vec::new(),
        }
    }

    /// Counts a hit that is through.
    pub(super) fn take(&mut self, candidate: &Candidate, standing: Standing) {
        let Kind {
            detector, digested, ..
        } = *candidate.kind;
        let dismissed = digested && self.dismissed.has(detector, candidate.digest);
        let evidence = candidate.evidence.with_if(dismissed, Evidence::Dismissed);
        let column = self.column_of(candidate);
        let key = self.buckets.key(candidate, evidence, standing, column);
        self.buckets.add(key, candidate, evidence);
        if digested && (!key.shadow || column.is_some()) {
            let shadow_of = column.filter(|_| key.shadow);
            self.add_digest(detector, shadow_of, candidate.digest);
        }
        if self.keep_hits {
            let candidate = Candidate {
                evidence,
                ..candidate.clone()
            };
            self.kept.push((key, candidate));
        }
    }

    /// Counts for the statistics what overlapping candidates claim together.
    pub(super) fn count_stretch(&mut self, group: &[Candidate], standings: &[Standing]) {
        let mut claimed: Vec<(u32, &'static str)> = Vec::new();
        for (candidate, standing) in group.iter().zip(standings) {
            let detector = candidate.kind.detector;
            let Some(field) = self.column_of(candidate) else {
                self.count_in_text(candidate, *standing);
                continue;
            };
            let news = !claimed.contains(&(field, detector));
            let of_account = |by: &str| [PERSON, ACCOUNT].contains(&by);
            let news_account = is_account(candidate)
                && !claimed
                    .iter()
                    .any(|(known, by)| *known == field && of_account(by));
            claimed.push((field, detector));
            if let Some(ground) = self.columns.of(field) {
                ground.count(news.then_some(detector), news_account, false);
            }
        }
    }

    /// The same of a candidate that overlaps none.
    pub(super) fn count_alone(&mut self, candidate: &Candidate) {
        let field = self.column_of(candidate);
        match field.and_then(|field| self.columns.of(field)) {
            Some(ground) => {
                ground.count(Some(candidate.kind.detector), is_account(candidate), false);
            }
            None => self.count_in_text(candidate, Standing::Wins),
        }
    }

    fn count_in_text(&mut self, candidate: &Candidate, standing: Standing) {
        if standing == Standing::Wins {
            let probable = candidate.confidence > Confidence::Low;
            let bare = probable && is_person(candidate) && column::is_bare(candidate.evidence);
            let detector = Some(candidate.kind.detector);
            self.flow.count(detector, is_account(candidate), bare);
        }
    }

    /// The column that a candidate is judged by: that of the cell it fills, while there is room for
    /// one more column. For accounts it is enough to stand in the cell: they only serve to tell
    /// whether the persons among them are chance, and are `low` by themselves.
    fn column_of(&mut self, candidate: &Candidate) -> Option<u32> {
        let whole =
            candidate.evidence.has(Evidence::WholeCell) || candidate.kind.detector == ACCOUNT;
        let field = candidate.field.filter(|_| whole)?;
        self.columns.of(field).map(|_| field)
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

    /// The digests by detector, and whether there were more than are kept; account readings of identity
    /// numbers only from the columns that hold accounts.
    pub(super) fn take_digests(&mut self) -> (Vec<(&'static str, Vec<u64>)>, bool) {
        let own = std::mem::take(&mut self.digests);
        let mut lists: BTreeMap<&'static str, Bottom> = own.into_iter().collect();
        for (column, values) in std::mem::take(&mut self.shadows) {
            let ground = self.columns.get(column);
            if !ground.is_some_and(Ground::holds_accounts) {
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

    /// The hits that were kept, at their final levels.
    pub(super) fn take_hits(&mut self) -> Vec<Candidate> {
        let mut hits = Vec::new();
        for (key, mut candidate) in std::mem::take(&mut self.kept) {
            let column = key.column.and_then(|field| self.columns.get(field));
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

    /// The findings, ordered by detector, kind, and level from the highest.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.buckets.into_findings(&self.columns, &self.flow)
    }
}

/// Whether it is an identity number with right control digits.
fn is_person(candidate: &Candidate) -> bool {
    candidate.kind.detector == PERSON && candidate.evidence.has(Evidence::Checksum)
}

/// Whether it passes as an account: each such identity number does.
fn is_account(candidate: &Candidate) -> bool {
    candidate.kind.detector == ACCOUNT || is_person(candidate)
}
