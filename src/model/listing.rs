//! A folder's files as one number, by which it is known again without looking at each of them.

use std::hash::Hasher as _;

use siphasher::sip128::{Hasher128 as _, SipHasher13};

use super::{FileStat, ProblemKind};

/// The sum over a folder's entries that are no folders: their names, what each is, and what the
/// system says of it. It does not depend on their order. Two lists that differ have the same sum by
/// chance once in 2^100 or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListingSum {
    sum: u128,
    entries: u64,
}

impl ListingSum {
    /// Adds an entry. `left` is why it is not read, for links and other things that the walk settles.
    /// Of `stat` those parts count by which a file is known to be unchanged.
    pub fn add(&mut self, name: &[u8], left: Option<ProblemKind>, stat: &FileStat) {
        let mut hasher = SipHasher13::new();
        for number in [
            stat.bytes,
            stat.mtime_ns.cast_unsigned(),
            stat.ctime_ns.cast_unsigned(),
            stat.inode,
        ] {
            hasher.write_u64(number);
        }
        if let Some(left) = left {
            hasher.write(left.as_str().as_bytes());
        }
        hasher.write_u8(0);
        hasher.write(name);
        self.sum = self.sum.wrapping_add(hasher.finish128().as_u128());
        self.entries += 1;
    }

    /// How many entries were added.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The sum as it is kept, for readings that `fingerprint` describes: with other detectors or
    /// formats it is another one.
    #[must_use]
    pub fn under(&self, fingerprint: &str) -> [u8; 16] {
        let mut hasher = SipHasher13::new();
        hasher.write_u128(self.sum);
        hasher.write_u64(self.entries);
        hasher.write(fingerprint.as_bytes());
        hasher.finish128().as_u128().to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(bytes: u64, ctime_ns: i64) -> FileStat {
        FileStat {
            bytes,
            mtime_ns: 1,
            ctime_ns,
            device: 3,
            inode: 4,
            mode: 0,
            uid: 0,
            gid: 0,
            links: 1,
        }
    }

    fn sum(entries: &[(&str, Option<ProblemKind>, FileStat)]) -> ListingSum {
        let mut sum = ListingSum::default();
        for (name, left, stat) in entries {
            sum.add(name.as_bytes(), *left, stat);
        }
        sum
    }

    #[test]
    fn whatever_changes_in_a_folder_changes_its_sum_and_order_does_not() {
        let (a, b) = (("a", None, stat(1, 2)), ("b", None, stat(1, 2)));
        let both = sum(&[a, b]);
        assert_eq!(both, sum(&[b, a]));
        for other in [
            sum(&[a]),
            sum(&[a, b, b]),
            sum(&[a, ("c", None, stat(1, 2))]),
            sum(&[a, ("b", None, stat(2, 2))]),
            sum(&[a, ("b", None, stat(1, 3))]),
            sum(&[a, ("b", Some(ProblemKind::Link), stat(1, 2))]),
        ] {
            assert_ne!(both.under("x"), other.under("x"));
        }
        assert_ne!(both.under("x"), both.under("y"));
    }
}
