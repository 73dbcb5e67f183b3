//! Words that were looked at lately: most words of a text have been there before, and what there is
//! to know of a word by itself is always the same.

use std::cell::RefCell;

use super::word::Token;

/// Bytes of the longest word that is remembered.
const BYTES: usize = 24;
/// Binary digits of the number of words that are remembered.
const BITS: u32 = 11;

/// A word's bytes; zeros behind them, which no word holds.
type Key = [u64; BYTES / 8];

thread_local! {
    static SEEN: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy, Default)]
struct Slot {
    key: Key,
    token: Option<Token>,
}

/// What `look` says of `word`, looked up where it was asked lately on this thread. The answer must
/// depend on the word alone.
pub(super) fn or(word: &str, look: impl FnOnce() -> Option<Token>) -> Option<Token> {
    let Some(key) = key(word.as_bytes()) else {
        return look();
    };
    SEEN.with_borrow_mut(|slots| {
        if slots.is_empty() {
            slots.resize(1 << BITS, Slot::default());
        }
        let Some(slot) = slots.get_mut(home(&key)) else {
            return look();
        };
        if slot.key != key {
            *slot = Slot { key, token: look() };
        }
        slot.token
    })
}

/// `None` for a word that is too long.
fn key(word: &[u8]) -> Option<Key> {
    let mut key = Key::default();
    let (parts, rest) = word.as_chunks::<8>();
    if word.len() > BYTES {
        return None;
    }
    for (slot, part) in key.iter_mut().zip(parts) {
        *slot = u64::from_le_bytes(*part);
    }
    if let Some(slot) = key.get_mut(parts.len()) {
        *slot = rest
            .iter()
            .rev()
            .fold(0, |all, byte| all << 8 | u64::from(*byte));
    }
    Some(key)
}

fn home(key: &Key) -> usize {
    let mixed = key.iter().fold(0_u64, |mixed, part| {
        (mixed.rotate_left(23) ^ *part).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    usize::try_from(mixed >> (64 - BITS)).unwrap_or(0)
}
