//! How alike the texts of two objects are, told from a sketch of each.

/// A sketch of an object's text: the smallest keyed hashes of its word triples, one for each of 64
/// parts of the hash's range, of which two bits are kept (b-bit minwise hashing, Li and König 2010,
/// with one permutation, Li, Owen and Zhang 2012). No word can be found again from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Likeness(u128);

/// Parts of the range of hashes.
pub const LIKENESS_PARTS: usize = 64;

/// Bits that are kept of each.
const BITS: u32 = 2;

/// The lower bit of each part.
const LOWER: u128 = u128::MAX / 3;

impl Likeness {
    /// A sketch of the smallest hash of each part.
    #[must_use]
    pub fn of(least: &[u64; LIKENESS_PARTS]) -> Self {
        let packed = least
            .iter()
            .fold(0, |packed, hash| (packed << BITS) | u128::from(hash & 0b11));
        Self(packed)
    }

    /// Hundredths of the word triples of both texts that stand in both (Jaccard's index), as far as
    /// the sketches tell: the standard error is six at most.
    #[must_use]
    pub fn share(self, other: Self) -> u32 {
        let different = self.0 ^ other.0;
        let different = (different | (different >> 1)) & LOWER;
        // Two texts that share nothing agree in a quarter of the parts.
        let parts = 3 * u128::BITS / BITS;
        parts.saturating_sub(different.count_ones() * 4) * 100 / parts
    }

    /// The bytes that are stored.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The sketch with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_agree_by_chance_do_not_count() {
        let one = Likeness::of(&[0; LIKENESS_PARTS]);
        assert_eq!(one.share(one), 100);
        assert_eq!(one.share(Likeness::of(&[1; LIKENESS_PARTS])), 0);
        let with_other = |others: usize| {
            let mut least = [0; LIKENESS_PARTS];
            least[..others].fill(2);
            one.share(Likeness::of(&least))
        };
        assert_eq!(with_other(12), 75);
        assert_eq!(with_other(48), 0);
        assert_eq!(Likeness::from_bytes(one.to_bytes()), one);
    }
}
