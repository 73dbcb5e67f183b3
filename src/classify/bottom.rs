//! A set of digests in bounded memory: all of them while they are few, the smallest ones beyond.
//!
//! Digests are keyed and spread evenly over 64 bits, so the smallest `k` of them are a fair sample,
//! and the value of the largest one kept tells how many there are (the k-minimum-values sketch of
//! Bar-Yossef et al., 2002). Which ones are kept does not depend on the order they come in.

use crate::sorted::sort_spread;

/// How many times as many values as are sorted come in before all are sorted anew.
const GROWTH: usize = 4;

/// The smallest different values that were put in, at most `bound` of them.
#[derive(Clone, Debug)]
pub(super) struct Bottom {
    /// The first `settled` are sorted and unique; the others came in since.
    values: Vec<u64>,
    settled: usize,
    bound: usize,
    cut: bool,
}

impl Bottom {
    /// An empty set that keeps at most `bound` values and holds at most twice as many.
    pub(super) fn new(bound: usize) -> Self {
        Self {
            values: Vec::new(),
            settled: 0,
            bound: bound.max(2),
            cut: false,
        }
    }

    /// Puts a value in.
    pub(super) fn insert(&mut self, value: u64) {
        if self.cut && self.largest_settled().is_some_and(|most| value > most) {
            return;
        }
        self.values.push(value);
        let room = (GROWTH * self.settled).max(64).min(self.bound);
        if self.values.len() - self.settled >= room {
            self.settle();
        }
    }

    /// Puts everything of `other` in.
    pub(super) fn merge(&mut self, other: Self) {
        if self.values.is_empty() {
            (self.values, self.settled) = (other.values, other.settled);
        } else {
            self.values.extend(other.values);
        }
        self.cut |= other.cut;
        self.bound = if other.cut {
            self.bound.min(other.bound)
        } else {
            self.bound
        };
        self.settle();
    }

    /// Keeps at most `bound` values from now on.
    pub(super) fn shrink(&mut self, bound: usize) {
        self.bound = self.bound.min(bound.max(2));
        self.settle();
        self.values.shrink_to_fit();
    }

    /// Values held at the moment, repetitions included.
    pub(super) fn held(&self) -> usize {
        self.values.len()
    }

    /// The values, sorted and unique, and whether there were more than are kept.
    #[cfg(test)]
    fn into_sorted(mut self) -> (Vec<u64>, bool) {
        self.settle();
        self.values.shrink_to_fit();
        (self.values, self.cut)
    }

    /// How many different values were put in, and whether that is an estimate.
    pub(super) fn count(mut self) -> (u64, bool) {
        self.settle();
        let kept = self.values.len() as u64;
        match self.values.last() {
            Some(&largest) if self.cut => {
                let estimate = u128::from(kept - 1) * (1 << 64) / u128::from(largest.max(1));
                (u64::try_from(estimate).unwrap_or(u64::MAX).max(kept), true)
            }
            _ => (kept, false),
        }
    }

    fn largest_settled(&self) -> Option<u64> {
        self.settled
            .checked_sub(1)
            .and_then(|last| self.values.get(last))
            .copied()
    }

    fn settle(&mut self) {
        if self.values.len() > self.settled {
            sort_spread(&mut self.values);
            self.values.dedup();
        }
        if self.values.len() > self.bound {
            self.values.truncate(self.bound);
            self.cut = true;
        }
        self.settled = self.values.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorted::spread;

    #[test]
    fn it_is_exact_up_to_its_bound() {
        let mut set = Bottom::new(1000);
        for round in 0..3 {
            for n in 0..1000 {
                set.insert(spread(n));
            }
            assert!(set.held() <= 2000, "round {round}");
        }
        assert_eq!(set.clone().count(), (1000, false));
        let (values, cut) = set.into_sorted();
        assert!(values.is_sorted() && values.len() == 1000 && !cut);
    }

    #[test]
    fn beyond_its_bound_it_estimates_within_a_few_per_cent() {
        let mut set = Bottom::new(4096);
        for n in 0..200_000 {
            set.insert(spread(n));
        }
        let (count, estimated) = set.count();
        assert!(estimated);
        assert!((190_000..210_000).contains(&count), "{count}");
    }

    #[test]
    fn parts_meet_again_whatever_the_order() {
        let (mut one, mut two, mut whole) = (Bottom::new(512), Bottom::new(512), Bottom::new(512));
        for n in 0..3000 {
            if n % 3 == 0 {
                one.insert(spread(n));
            } else {
                two.insert(spread(n));
            }
            whole.insert(spread(2999 - n));
        }
        two.merge(one);
        assert_eq!(two.into_sorted(), whole.into_sorted());
    }
}
