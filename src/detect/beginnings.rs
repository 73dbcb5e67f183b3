//! The beginnings of words in a text, each with a slot by its first letters: a filter of slots lets few pass.
//!
//! Letters here are those of ASCII: behind another letter, or a digit, a word seems to begin that
//! does not. Whoever looks closer has to see to that.

use std::ops::Range;

use super::block::{BLOCK, Block};
use super::slots::Filter;

/// How many slots there are.
pub(super) const SLOTS: usize = 1 << 14;

/// A block and the bytes behind it that its last slot is told by.
const AHEAD: usize = BLOCK + 4;

/// Tells `found` where each word begins in `body`, and its slot.
pub(super) fn each(bytes: &[u8], body: Range<usize>, found: impl FnMut(usize, usize)) {
    let before = body.start.checked_sub(1).and_then(|at| bytes.get(at));
    let mut carry = u64::from(before.is_some_and(u8::is_ascii_alphabetic));
    let starts = |here: Block| {
        let letters = here.letters();
        let starts = letters & !(letters << 1 | carry);
        carry = letters >> 63;
        starts
    };
    in_blocks(bytes, body, starts, found);
}

/// The same with the parts of words that a capital behind a small letter begins: `kundeFnr`.
pub(super) fn of_parts(bytes: &[u8], body: Range<usize>, found: impl FnMut(usize, usize)) {
    let before = body.start.checked_sub(1).and_then(|at| bytes.get(at));
    let mut letter_before = u64::from(before.is_some_and(u8::is_ascii_alphabetic));
    let mut small_before = u64::from(before.is_some_and(u8::is_ascii_lowercase));
    let starts = |here: Block| {
        let (letters, capitals) = (here.letters(), here.between(b'A', b'Z'));
        let small = letters & !capitals;
        let humps = capitals & (small << 1 | small_before);
        let starts = letters & !(letters << 1 | letter_before) | humps;
        (letter_before, small_before) = (letters >> 63, small >> 63);
        starts
    };
    in_blocks(bytes, body, starts, found);
}

/// Tells `found` every byte of `body` that `starts` marks in its block, and its slot.
fn in_blocks(
    bytes: &[u8],
    body: Range<usize>,
    mut starts: impl FnMut(Block) -> u64,
    mut found: impl FnMut(usize, usize),
) {
    let mut block = body.start;
    while block < body.end {
        let mut bits = starts(Block::at(bytes, block));
        if let Some(rest) = body.end.checked_sub(block).filter(|rest| *rest < BLOCK) {
            bits &= (1 << rest) - 1;
        }
        slots(bytes, block, bits, &mut found);
        block += BLOCK;
    }
}

/// Tells `found` the byte of each bit that is set for the block at byte `block`, and its slot.
#[inline]
pub(super) fn slots(
    bytes: &[u8],
    block: usize,
    mut bits: u64,
    mut found: impl FnMut(usize, usize),
) {
    // The block and what a slot is told by behind it, which needs no more asking where the text ends.
    let ahead = bytes.get(block..).and_then(<[u8]>::first_chunk::<AHEAD>);
    while bits != 0 {
        let bit = bits.trailing_zeros() as usize % BLOCK;
        bits &= bits - 1;
        let slot = match ahead {
            Some(ahead) => slot_of([ahead[bit], ahead[bit + 1], ahead[bit + 2], ahead[bit + 3]]),
            None => slot_at(bytes, block + bit),
        };
        found(block + bit, slot);
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

/// The slots in which a word that is sought may be met, one by one: one of three letters has one for
/// everything that counts as a fourth. `None` for shorter words, and behind the last slot.
pub(super) const fn slot_of_word(word: &[u8], follower: u8) -> Option<usize> {
    match (word, follower) {
        ([first, second, third, fourth, ..], 0) => {
            Some(slot_of([*first, *second, *third, *fourth]))
        }
        ([first, second, third], 0..26) => {
            Some(slot_of([*first, *second, *third, b'a' + follower]))
        }
        ([first, second, third], 26) => Some(slot_of([*first, *second, *third, 0xE3])),
        ([first, second, third], 27) => Some(slot_of([*first, *second, *third, 0])),
        _ => None,
    }
}

/// The filter with all slots in which a word that is sought may be met.
pub(super) const fn with_word(
    mut filter: Filter<{ SLOTS / 64 }>,
    word: &[u8],
) -> Filter<{ SLOTS / 64 }> {
    let mut follower = 0;
    while let Some(slot) = slot_of_word(word, follower) {
        filter = filter.with(slot);
        follower += 1;
    }
    filter
}

/// Eight bytes from byte `at` on, all in one case; NUL, in that case, beyond the text. Other bytes may
/// coincide, so that what is alike is only perhaps the same.
pub(super) fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    let eight = rest.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut padded = [0; 8];
        padded[..rest.len()].copy_from_slice(rest);
        padded
    });
    u64::from_le_bytes(eight) | 0x2020_2020_2020_2020
}

/// The first eight bytes of a word that is sought, in one case.
#[derive(Clone, Copy)]
pub(super) struct Eight {
    bytes: u64,
    /// Which of its bits count.
    mask: u64,
}

impl Eight {
    /// Those of `word`, or all it has.
    pub(super) fn of(word: &[u8]) -> Self {
        let bits = 8 * u32::try_from(word.len().min(8)).unwrap_or(8);
        let mask = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        let bytes = eight(word, 0) & mask;
        Self { bytes, mask }
    }

    /// Whether what [`eight`] read begins so.
    pub(super) fn begins(&self, read: u64) -> bool {
        (read ^ self.bytes) & self.mask == 0
    }
}
