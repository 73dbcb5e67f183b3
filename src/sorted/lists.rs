//! Lists of numbers while they come in.

use std::fs::File;
use std::io;
use std::sync::Arc;

use super::order::sort_spread;
use super::parts::Sorted;
use super::spool::{Run, Spool};

/// How many times as many numbers as are in order come in before all are sorted anew.
const GROWTH: usize = 4;

/// So many numbers come in at least before they are sorted.
const LEAST: usize = 64;

/// Lists of numbers, each under a key, that share one bound of memory and one temporary file.
#[derive(Debug)]
pub(crate) struct Lists<K> {
    all: Vec<List<K>>,
    /// Numbers in memory, repetitions included.
    held: usize,
    most: usize,
    spool: Option<Spool>,
    make: fn() -> io::Result<File>,
    failed: Option<io::Error>,
}

#[derive(Debug)]
struct List<K> {
    key: K,
    /// The first `settled` are sorted and unique; the others came in since.
    values: Vec<u64>,
    settled: usize,
    runs: Vec<Run>,
}

impl<K> Lists<K> {
    /// No list yet. At most `most` numbers are in memory, which takes up to 24 bytes for each.
    pub(crate) fn holding(most: usize) -> Self {
        Self {
            all: Vec::new(),
            held: 0,
            most,
            spool: None,
            make: tempfile::tempfile,
            failed: None,
        }
    }

    /// The place of the list whose key is the one that `is_its` knows; `key` makes it where there is none.
    #[inline]
    pub(crate) fn place(&mut self, is_its: impl Fn(&K) -> bool, key: impl FnOnce() -> K) -> usize {
        let known = self.all.iter().position(|list| is_its(&list.key));
        known.unwrap_or_else(|| {
            self.all.push(List {
                key: key(),
                values: Vec::new(),
                settled: 0,
                runs: Vec::new(),
            });
            self.all.len() - 1
        })
    }

    /// Adds a number to the list at a place.
    #[inline]
    pub(crate) fn push(&mut self, place: usize, value: u64) {
        let list = &mut self.all[place];
        list.values.push(value);
        self.held += 1;
        if list.values.len() - list.settled >= (GROWTH * list.settled).max(LEAST) {
            self.held -= list.settle();
        }
        if self.held > self.most {
            self.relieve();
        }
    }

    /// The lists with their keys, in the order of their places. An error where the temporary file could not be
    /// written: then those numbers are missing that were too many for the memory.
    pub(crate) fn finish(mut self) -> (Vec<(K, Sorted)>, Option<io::Error>) {
        let spool = self.spool.take().map(Arc::new);
        let lists = self.all.into_iter().map(|mut list| {
            list.settle();
            list.values.shrink_to_fit();
            let spool = spool.clone().filter(|_| !list.runs.is_empty());
            let sorted = Sorted {
                held: list.values,
                runs: list.runs,
                spool,
            };
            (list.key, sorted)
        });
        (lists.collect(), self.failed)
    }

    /// Throws repetitions out, and where that is not enough, what is held into the file.
    #[cold]
    fn relieve(&mut self) {
        self.held -= self.all.iter_mut().map(List::settle).sum::<usize>();
        if self.held <= self.most / 2 {
            return;
        }
        // A run that was written by half stays the last.
        if self.failed.is_none() {
            self.failed = self.spill().err();
        }
        for list in &mut self.all {
            list.values.clear();
            list.settled = 0;
        }
        self.held = 0;
    }

    fn spill(&mut self) -> io::Result<()> {
        let spool = match &mut self.spool {
            Some(spool) => spool,
            none => none.insert(Spool::new((self.make)()?)),
        };
        for list in &mut self.all {
            if !list.values.is_empty() {
                list.runs.push(spool.add(&list.values)?);
            }
        }
        Ok(())
    }
}

impl<K> List<K> {
    /// Sorts it, and tells how many numbers were there twice.
    fn settle(&mut self) -> usize {
        let before = self.values.len();
        if before > self.settled {
            sort_spread(&mut self.values);
            self.values.dedup();
            self.settled = self.values.len();
        }
        before - self.settled
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::order::spread;
    use super::*;

    /// Puts the numbers of two lists in, `most` of them in memory.
    fn sorted(values: impl Iterator<Item = (u8, u64)>, most: usize) -> Vec<(u8, Sorted)> {
        let mut lists = Lists::holding(most);
        for (key, value) in values {
            let place = lists.place(|known| *known == key, || key);
            lists.push(place, value);
            assert!(lists.held <= most, "{} held", lists.held);
        }
        let (lists, failed) = lists.finish();
        assert!(failed.is_none(), "{failed:?}");
        lists
    }

    fn all(of: &Sorted, aimed_at: usize) -> Vec<u64> {
        let parts: Vec<Vec<u64>> = of.parts(aimed_at).map(Result::unwrap).collect();
        parts.concat()
    }

    #[test]
    fn numbers_come_out_in_order_and_once_however_few_are_held() {
        let ends = [(0, 0), (0, u64::MAX), (1, u64::MAX), (0, 0)];
        for (count, most) in [
            (30_000, usize::MAX),
            (30_000, 9000),
            (30_000, 700),
            (600, 3),
        ] {
            let values = (0..count).map(|n| ((n % 3 == 0).into(), spread(n % (count * 2 / 3))));
            let came = values.chain(ends);
            let lists = sorted(came.clone(), most);
            for (key, own) in &lists {
                let expected = came.clone().filter(|(of, _)| of == key);
                let expected: BTreeSet<u64> = expected.map(|(_, value)| value).collect();
                let expected: Vec<u64> = expected.into_iter().collect();
                assert_eq!(own.held().is_some(), most == usize::MAX, "{most}");
                for aimed_at in [1, 1000, usize::MAX] {
                    assert!(
                        all(own, aimed_at) == expected,
                        "{most} held, {aimed_at} in a part"
                    );
                }
                assert!(own.at_most() >= expected.len() as u64);
            }
        }
    }

    #[test]
    fn lists_of_one_file_can_be_joined() {
        let values = (0..5000).map(|n| ((n % 2 == 0).into(), spread(n / 3)));
        let mut lists = sorted(values.clone(), 500).into_iter().map(|(_, own)| own);
        let (mut one, other) = (lists.next().unwrap(), lists.next().unwrap());
        one.merge(other);
        let expected: BTreeSet<u64> = values.map(|(_, value)| value).collect();
        assert_eq!(all(&one, 300), expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn parts_are_about_as_large_as_is_wished() {
        let lists = sorted((0..50_000).map(|n| (0, spread(n))), 1000);
        let sizes: Vec<usize> = lists[0]
            .1
            .parts(5000)
            .map(|part| part.unwrap().len())
            .collect();
        assert_eq!(sizes.len(), 10);
        assert!(
            sizes.iter().all(|size| (4500..5500).contains(size)),
            "{sizes:?}"
        );
    }

    #[test]
    fn a_file_that_cannot_be_made_is_told_and_the_rest_is_kept() {
        let mut lists = Lists::holding(100);
        lists.make = || Err(io::ErrorKind::StorageFull.into());
        let place = lists.place(|()| true, || ());
        for n in 0..250 {
            lists.push(place, spread(n));
        }
        let (lists, failed) = lists.finish();
        assert_eq!(
            failed.map(|error| error.kind()),
            Some(io::ErrorKind::StorageFull)
        );
        let held = lists[0].1.held().unwrap();
        assert!(!held.is_empty() && held.len() < 250, "{}", held.len());
    }
}
