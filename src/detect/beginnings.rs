//! The beginnings of words in a text, each with a slot by its first letters: a filter of slots lets few pass.
//!
//! Letters here are those of ASCII: behind another letter, or a digit, a word seems to begin that
//! does not. Whoever looks closer has to see to that.

use std::ops::Range;

use super::block::{BLOCK, Block};

/// How many slots there are.
pub(super) const SLOTS: usize = 1 << 14;

/// Tells `found` where each word begins in `body`, and its slot.
pub(super) fn each(bytes: &[u8], body: Range<usize>, mut found: impl FnMut(usize, usize)) {
    let before = body.start.checked_sub(1).and_then(|at| bytes.get(at));
    let mut carry = u64::from(before.is_some_and(u8::is_ascii_alphabetic));
    let mut block = body.start;
    while block < body.end {
        let letters = Block::at(bytes, block).letters();
        let mut starts = letters & !(letters << 1 | carry);
        carry = letters >> 63;
        while starts != 0 {
            let at = block + starts.trailing_zeros() as usize;
            starts &= starts - 1;
            if at < body.end {
                found(at, slot_at(bytes, at));
            }
        }
        block += BLOCK;
    }
}

/// The slot of the word at byte `at`.
pub(super) fn slot_at(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let four = rest.first_chunk::<4>().copied();
    slot_of(four.unwrap_or_else(|| {
        let mut padded = [0; 4];
        padded[..rest.len()].copy_from_slice(rest);
        padded
    }))
}

/// The slot of a word that begins with these bytes, whatever its case; the fourth counts only where it
/// is one of a letter. Capital Æ, Ø and Å, which begin with the byte C3, differ from the small ones by
/// the same bit as other letters do.
pub(super) const fn slot_of(four: [u8; 4]) -> usize {
    let folded = u32::from_le_bytes(four) | 0x2020_2020;
    let last = (folded >> 24) as u8;
    let key = if last == 0xE3 || last.is_ascii_lowercase() {
        folded
    } else {
        folded & 0x00FF_FFFF
    };
    // Multiplicative hashing to 14 bits; the factor is 2³² divided by the golden ratio.
    (key.wrapping_mul(0x9E37_79B1) >> 18) as usize
}
