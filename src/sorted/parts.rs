//! What came out: numbers in order, in memory or part by part.

use std::io;
use std::sync::Arc;

use super::order::sort_spread;
use super::spool::{Cursor, Run, Spool};

/// Numbers that are counted at once.
const COUNTED: usize = 64 << 10;

/// Parts that wait to be shown.
const AHEAD: usize = 2;

/// Different numbers, ascending. A copy shares what lies in the file.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Ascending, each once; some may lie in the runs too.
    pub(super) held: Vec<u64>,
    pub(super) runs: Vec<Run>,
    pub(super) spool: Option<Arc<Spool>>,
}

impl From<Vec<u64>> for Sorted {
    /// Numbers in any order.
    fn from(mut held: Vec<u64>) -> Self {
        if !held.is_sorted() {
            sort_spread(&mut held);
        }
        held.dedup();
        Self {
            held,
            ..Self::default()
        }
    }
}

impl Sorted {
    /// All of them, where all are in memory.
    #[must_use]
    pub fn held(&self) -> Option<&[u64]> {
        self.runs.is_empty().then_some(self.held.as_slice())
    }

    /// How many there are at most: those in the file may lie there several times.
    #[must_use]
    pub fn at_most(&self) -> u64 {
        let spooled = self.runs.iter().map(|run| run.values).sum::<u64>();
        spooled + self.held.len() as u64
    }

    /// How many there are.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn count(&self) -> io::Result<u64> {
        let sizes = self.parts(COUNTED).map(|part| Ok(part?.len() as u64));
        sizes.sum()
    }

    /// All of them in parts: each ascending, and above the one before. About `aimed_at` numbers of even spread are
    /// in each, fewer where numbers came again and again.
    ///
    /// A part is an error where the temporary file cannot be read.
    #[must_use]
    pub fn parts(&self, aimed_at: usize) -> Parts<'_> {
        let count = self.at_most().div_ceil(aimed_at.max(1) as u64);
        Parts {
            of: self,
            cursors: self.runs.iter().copied().map(Cursor::of).collect(),
            held: 0,
            part: 0,
            count: count.into(),
        }
    }

    /// Shows all of them to `show` in [`parts`](Self::parts). What lies in the file is read and sorted by another
    /// thread meanwhile.
    ///
    /// # Errors
    /// What `show` says, which ends it.
    pub fn for_each_part<E>(
        &self,
        aimed_at: usize,
        mut show: impl FnMut(io::Result<Vec<u64>>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut parts = self.parts(aimed_at);
        if self.runs.is_empty() {
            return parts.try_for_each(show);
        }
        std::thread::scope(|threads| {
            let (ready, read) = crossbeam_channel::bounded(AHEAD);
            // Nobody waits for more once `show` has failed.
            threads.spawn(move || parts.all(|part| ready.send(part).is_ok()));
            read.into_iter().try_for_each(&mut show)
        })
    }

    /// Adds others, which lie in the same file if they lie in one.
    pub(crate) fn merge(&mut self, other: Self) {
        self.runs.extend(other.runs);
        self.held.extend(other.held);
        sort_spread(&mut self.held);
        self.held.dedup();
        self.spool = self.spool.take().or(other.spool);
    }
}

/// The numbers of a [`Sorted`], part by part.
#[derive(Debug)]
pub struct Parts<'s> {
    of: &'s Sorted,
    cursors: Vec<Cursor>,
    /// How many of those in memory were told.
    held: usize,
    part: u128,
    count: u128,
}

impl Parts<'_> {
    fn next_part(&mut self) -> io::Result<Vec<u64>> {
        let last = (self.part << 64) / self.count - 1;
        let last = u64::try_from(last).unwrap_or(u64::MAX);
        let rest = self.of.held.get(self.held..).unwrap_or_default();
        let (now, _) = rest.split_at(rest.partition_point(|value| *value <= last));
        self.held += now.len();
        let mut values = now.to_vec();
        if let Some(spool) = &self.of.spool {
            for cursor in &mut self.cursors {
                cursor.take(last, spool, &mut values)?;
            }
            sort_spread(&mut values);
            values.dedup();
        }
        Ok(values)
    }
}

impl Iterator for Parts<'_> {
    type Item = io::Result<Vec<u64>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.part < self.count {
            self.part += 1;
            match self.next_part() {
                Ok(values) if values.is_empty() => {}
                Ok(values) => return Some(Ok(values)),
                Err(error) => {
                    self.part = self.count;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
