//! A group of digits as it stands, read once before any detector is asked.
//!
//! Most groups can be nothing that a detector looks for, and their length alone says so.

use super::spot::Spot;

/// Lengths from here on are not told apart: no number has that many digits.
pub(super) const LONGEST: usize = 31;

/// A set of lengths of groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths(u32);

impl Lengths {
    /// Every length.
    pub const ANY: Self = Self(u32::MAX);

    /// These lengths; none is 0 or above 30.
    #[must_use]
    pub const fn of(lengths: &[u8]) -> Self {
        let mut set = 0;
        let mut rest = lengths;
        while let [length, others @ ..] = rest {
            set |= 1 << *length;
            rest = others;
        }
        Self(set)
    }

    /// The lengths from `first` to `last`, which is at most 30.
    #[must_use]
    pub const fn between(first: u8, last: u8) -> Self {
        Self((2 << last) - (1 << first))
    }

    /// Whether a group of `length` digits is of the set.
    #[must_use]
    pub const fn has(self, length: usize) -> bool {
        let length = if length < LONGEST { length } else { LONGEST };
        self.0 >> length & 1 == 1
    }
}

/// A group of ASCII digits.
#[derive(Clone, Copy)]
pub struct Group {
    /// Its first byte.
    pub at: usize,
    /// How many digits it has; 31 where there are more.
    pub length: usize,
    /// Where it stands.
    pub spot: Spot,
}

impl Group {
    /// The byte after the last digit.
    #[must_use]
    pub fn end(&self) -> usize {
        self.at + self.length
    }
}

/// Something for each length that a group of digits may have.
pub(super) struct ByLength<T>([Vec<T>; LONGEST + 1]);

impl<T> ByLength<T> {
    /// What `of` gives for each length.
    pub(super) fn new(of: impl Fn(usize) -> Vec<T>) -> Self {
        Self(std::array::from_fn(of))
    }

    /// What there is for a group of `length` digits.
    pub(super) fn of(&self, length: usize) -> &[T] {
        self.0.get(length.min(LONGEST)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_lengths_hold_what_they_are_made_of() {
        let lengths = |set: Lengths| -> Vec<usize> { (1..40).filter(|l| set.has(*l)).collect() };
        assert_eq!(lengths(Lengths::of(&[4, 6, 30])), [4, 6, 30]);
        assert_eq!(lengths(Lengths::between(5, 9)), [5, 6, 7, 8, 9]);
        assert_eq!(lengths(Lengths::between(28, 30)), [28, 29, 30]);
        assert_eq!(lengths(Lengths::ANY).len(), 39);
    }
}
