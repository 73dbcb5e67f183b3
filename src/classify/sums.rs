//! The counts of one object: what its hits add up to, by column, by like hits, by value.
//!
//! It is told of each hit once, with what became of it; which hits there are is `folder`'s part.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bucket::{Buckets, Key};
use super::column::{self, Columns, Ground};
use super::folder::Options;
use super::overlap::{ACCOUNT, PERSON, Standing};
use crate::model::{Candidate, Confidence, Dismissed, Evidence, Finding, Kind};
use crate::sorted::{Lists, Sorted};

/// Digests of all detectors and columns of one object that are in memory at once (12 MiB).
const HELD_DIGESTS: usize = 512 << 10;

/// What digests are of.
#[derive(Clone, Copy, Debug)]
enum Of {
    Detector(&'static str),
    /// Account readings of the identity numbers in a column.
    Shadow(u32),
}

impl Of {
    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Detector(one), Self::Detector(other)) => column::is_same(one, other),
            (Self::Shadow(one), Self::Shadow(other)) => one == other,
            (Self::Detector(_), Self::Shadow(_)) | (Self::Shadow(_), Self::Detector(_)) => false,
        }
    }
}

/// What was counted of one object.
#[derive(Debug)]
pub(super) struct Sums {
    keep_hits: bool,
    pub(super) dismissed: Arc<Dismissed>,
    buckets: Buckets,
    pub(super) columns: Columns,
    /// The object outside whole cells.
    pub(super) flow: Ground,
    digests: Lists<Of>,
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
            digests: Lists::holding(HELD_DIGESTS),
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
        let key = shadow_of.map_or(Of::Detector(detector), Of::Shadow);
        let place = self.digests.place(|known| known.is(key), || key);
        self.digests.push(place, digest);
    }

    /// The digests by detector, and whether some were lost; account readings of identity numbers only from the
    /// columns that hold accounts.
    pub(super) fn take_digests(&mut self) -> (Vec<(&'static str, Sorted)>, bool) {
        let digests = std::mem::replace(&mut self.digests, Lists::holding(HELD_DIGESTS));
        let (lists, failed) = digests.finish();
        let mut found: BTreeMap<&'static str, Sorted> = BTreeMap::new();
        for (of, values) in lists {
            let detector = match of {
                Of::Detector(detector) => detector,
                Of::Shadow(column) => {
                    let ground = self.columns.get(column);
                    if !ground.is_some_and(Ground::holds_accounts) {
                        continue;
                    }
                    ACCOUNT
                }
            };
            match found.get_mut(detector) {
                Some(known) => known.merge(values),
                None => drop(found.insert(detector, values)),
            }
        }
        (found.into_iter().collect(), failed.is_some())
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
