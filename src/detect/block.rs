//! 64 bytes of text at a time, as bit masks: which of them are of which sort.
//!
//! Sixteen bytes are compared at once in the vector registers that every x86-64 and ARM64 processor
//! has, through the crate `wide`. It knows nothing of what is sought.

use wide::u8x16;

/// Bytes that are looked at together.
pub(super) const BLOCK: usize = 64;

/// A block of text in registers.
#[derive(Clone, Copy)]
pub(super) struct Block([u8x16; 4]);

impl Block {
    /// The block that begins at byte `at`; beyond the text it holds NUL.
    #[inline]
    pub(super) fn at(bytes: &[u8], at: usize) -> Self {
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(whole) = rest.first_chunk::<BLOCK>() {
            return Self::of(whole);
        }
        let mut padded = [0; BLOCK];
        padded[..rest.len()].copy_from_slice(rest);
        Self::of(&padded)
    }

    #[inline]
    fn of(block: &[u8; BLOCK]) -> Self {
        let (chunks, _) = block.as_chunks::<16>();
        Self(std::array::from_fn(|index| u8x16::new(chunks[index])))
    }

    /// The bytes from `first` to `last`, one bit each, the first byte lowest.
    #[inline]
    pub(super) fn between(&self, first: u8, last: u8) -> u64 {
        let (first, width) = (u8x16::splat(first), u8x16::splat(last - first));
        self.bits(|bytes| (bytes - first).simd_le(width))
    }

    /// The bytes that are `byte`.
    #[inline]
    pub(super) fn equal(&self, byte: u8) -> u64 {
        let byte = u8x16::splat(byte);
        self.bits(|bytes| bytes.simd_eq(byte))
    }

    /// The bytes that are one of these two.
    #[inline]
    pub(super) fn either(&self, one: u8, other: u8) -> u64 {
        let (one, other) = (u8x16::splat(one), u8x16::splat(other));
        self.bits(|bytes| bytes.simd_eq(one) | bytes.simd_eq(other))
    }

    /// The bytes from the first to the last of one of these two ranges.
    #[inline]
    pub(super) fn between_either(&self, one: (u8, u8), other: (u8, u8)) -> u64 {
        let range = |(first, last): (u8, u8)| (u8x16::splat(first), u8x16::splat(last - first));
        let ((first, width), (other, other_width)) = (range(one), range(other));
        self.bits(|bytes| (bytes - first).simd_le(width) | (bytes - other).simd_le(other_width))
    }

    /// The same with the bit set in each byte by which small letters differ from capitals.
    #[inline]
    pub(super) fn folded(&self) -> Self {
        Self(self.0.map(|bytes| bytes | u8x16::splat(0x20)))
    }

    /// The ASCII letters.
    #[inline]
    pub(super) fn letters(&self) -> u64 {
        let (a, width) = (u8x16::splat(b'a'), u8x16::splat(b'z' - b'a'));
        let small = u8x16::splat(0x20);
        self.bits(|bytes| ((bytes | small) - a).simd_le(width))
    }

    #[inline]
    fn bits(&self, sort: impl Fn(u8x16) -> u8x16) -> u64 {
        let [a, b, c, d] = self.0.map(|bytes| u64::from(sort(bytes).to_bitmask()));
        a | b << 16 | c << 32 | d << 48
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plainly(bytes: &[u8], at: usize, sort: impl Fn(u8) -> bool) -> u64 {
        let block = bytes.iter().skip(at).take(BLOCK).enumerate();
        block.fold(0, |bits, (bit, byte)| bits | u64::from(sort(*byte)) << bit)
    }

    proptest! {
        /// Planted fault that this caught: a width of `last - first + 1`.
        #[test]
        fn masks_are_those_of_a_plain_reading(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            at in 0_usize..210,
            first in 1_u8..=255,
            width in 0_u8..40,
        ) {
            let last = first.saturating_add(width);
            let block = Block::at(&bytes, at);
            prop_assert_eq!(block.between(first, last), plainly(&bytes, at, |b| (first..=last).contains(&b)));
            prop_assert_eq!(block.equal(first), plainly(&bytes, at, |b| b == first));
            prop_assert_eq!(block.letters(), plainly(&bytes, at, |b| b.is_ascii_alphabetic()));
            prop_assert_eq!(block.either(first, last), plainly(&bytes, at, |b| b == first || b == last));
            let ranges = block.between_either((first, last), (b'A', b'Z'));
            let in_either = |b: u8| (first..=last).contains(&b) || b.is_ascii_uppercase();
            prop_assert_eq!(ranges, plainly(&bytes, at, in_either));
        }
    }
}
