//! Words that were looked at lately: most words of a text have been there before, and what there is
//! to know of a word by itself is always the same.

use std::cell::RefCell;

use super::word::Token;

/// Bytes of the longest word that is remembered.
const BYTES: usize = 24;
/// Binary digits of the number of words that are remembered.
const BITS: u32 = 11;

thread_local! {
    static SEEN: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy, Default)]
struct Slot {
    word: [u8; BYTES],
    length: usize,
    token: Option<Token>,
}

/// What `look` says of `word`, looked up where it was asked lately on this thread. The answer must
/// depend on the word alone.
pub(super) fn or(word: &str, look: impl FnOnce() -> Option<Token>) -> Option<Token> {
    let mut key = [0; BYTES];
    let Some(room) = key.get_mut(..word.len()) else {
        return look();
    };
    room.copy_from_slice(word.as_bytes());
    SEEN.with_borrow_mut(|slots| {
        if slots.is_empty() {
            slots.resize(1 << BITS, Slot::default());
        }
        let Some(slot) = slots.get_mut(home(&key)) else {
            return look();
        };
        if slot.length != word.len() || slot.word != key {
            *slot = Slot {
                word: key,
                length: word.len(),
                token: look(),
            };
        }
        slot.token
    })
}

fn home(key: &[u8; BYTES]) -> usize {
    let mixed = key.as_chunks::<8>().0.iter().fold(0_u64, |mixed, part| {
        (mixed.rotate_left(23) ^ u64::from_le_bytes(*part)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    usize::try_from(mixed >> (64 - BITS)).unwrap_or(0)
}
