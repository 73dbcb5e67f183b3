//! A word by itself: its hashes, the lists it is in, how it is written.

use unicode_normalization::UnicodeNormalization;

use super::letters::Letters;
use super::run::Scope;
use super::seen;
use crate::detect::gazetteer::{self, Lists};
use crate::detect::letters::is_letter;

/// Bytes of the longest word that is looked at.
const MAX_WORD: usize = 64;
/// What a word alone suggests. The order is part of the trained weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it; details are in `sort`")]
pub enum Sort {
    Initial,
    Acronym,
    /// `Høyre-leder`: what it is made of has a capital, the word itself is common.
    Derived,
    FirstOrLast,
    First,
    FirstOrWord,
    Last,
    LastOrWord,
    LastOrPlace,
    ForeignFirst,
    RareFirst,
    ForeignLast,
    ForeignOrWord,
    Place,
    Word,
    EnglishWord,
    Unknown,
    Particle,
}

/// A word of a run.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last letter, or after the full stop of an initial.
    pub end: usize,
    /// Hash of the word in lower case, composed.
    pub hash: u64,
    /// The same without a genitive s, where it seems to have one.
    pub base: u64,
    /// The lists it is in; for a hyphenated word those of its parts too.
    pub lists: Lists,
    /// The lists that its base is in, where it seems to be a genitive.
    pub base_lists: Lists,
    /// Its sort.
    pub sort: Sort,
    /// Hashes of its first one to four and last one to four letters in lower case.
    pub affixes: [u32; 8],
    /// How many letters it has, at most 15.
    pub letters: u8,
    /// How it is written: see [`shape`].
    pub shape: u8,
}

/// Bits of [`Token::shape`].
pub mod shape {
    /// In capitals throughout, two letters or more.
    pub const CAPITALS: u8 = 1;
    /// With a hyphen.
    pub const HYPHEN: u8 = 2;
    /// With an apostrophe.
    pub const APOSTROPHE: u8 = 4;
    /// A genitive by its base's lists.
    pub const GENITIVE: u8 = 8;
    /// Joined to the word before by `_`.
    pub const JOINED: u8 = 16;
    /// With a full stop: an initial.
    pub const STOP: u8 = 32;
    /// With a capital inside.
    pub const HUMP: u8 = 64;
}

impl Token {
    /// The token whose first letter, a capital, is at `start`.
    pub(super) fn at(scope: &Scope<'_>, start: usize) -> Option<Self> {
        let rest = scope.text.get(start..scope.end)?;
        let length = word_length(rest);
        let word = rest.get(..length)?;
        let behind = rest.get(length..)?;
        if length > MAX_WORD || length == 0 || behind.starts_with(|c: char| c.is_numeric()) {
            return None;
        }
        let mut token = seen::or(word, || Self::of_word(word))?;
        token.start += start;
        token.end += start;
        if token.letters == 1 && behind.starts_with('.') {
            token.end += 1;
            token.shape |= shape::STOP;
        }
        Some(token)
    }

    pub(super) fn particle(word: &str, start: usize) -> Self {
        let hash = lower_hash(word);
        Self {
            start,
            end: start + word.len(),
            hash,
            base: hash,
            lists: Lists::default(),
            base_lists: Lists::default(),
            sort: Sort::Particle,
            affixes: [0; 8],
            letters: 0,
            shape: 0,
        }
    }

    /// What there is to know of a word by itself, as if it began a text; `None` where it has no
    /// letter.
    fn of_word(word: &str) -> Option<Self> {
        let mut letters = Letters::default();
        if word.contains(is_accent) {
            letters.take(word.nfc());
        } else {
            letters.take(word.chars());
        }
        let all = letters.lower();
        let count = all.len();
        if count == 0 {
            return None;
        }
        let hash = gazetteer::finish(letters.state(count));
        let (lists, base, base_lists) = letters.lists(hash);
        let capitals = count > 1 && !letters.any_small;
        let names = Lists::ANY_FIRST.union(Lists::ANY_LAST);
        let genitive = base != hash && base_lists.meets(names) && !lists.meets(names);
        let union = lists.union(if genitive {
            base_lists
        } else {
            Lists::default()
        });
        let bits = [
            (capitals, shape::CAPITALS),
            (letters.hyphens, shape::HYPHEN),
            (letters.apostrophes, shape::APOSTROPHE),
            (genitive, shape::GENITIVE),
            (letters.humps(word), shape::HUMP),
        ];
        let shape = bits
            .iter()
            .filter(|(holds, _)| *holds)
            .fold(0, |all, (_, bit)| all | bit);
        Some(Self {
            start: 0,
            end: word.len(),
            hash,
            base,
            lists,
            base_lists,
            sort: if count == 1 {
                Sort::Initial
            } else {
                letters.sort(union, shape)
            },
            affixes: letters.affixes(),
            letters: u8::try_from(count.min(15)).unwrap_or(15),
            shape,
        })
    }
}

/// The hash of a word in lower case. Nearly all words have letters of ASCII and Latin-1, which are made small byte
/// by byte: behind the byte C3 all capitals but the sign `×` differ from small letters by one bit.
pub(super) fn lower_hash(word: &str) -> u64 {
    let (mut state, mut before) = (gazetteer::BEGIN, 0);
    for byte in word.bytes() {
        let small = match (before, byte) {
            (_, b'A'..=b'Z') | (0xC3, 0x80..=0x96 | 0x98..=0x9E) => byte | 0x20,
            (_, 0..0x80 | 0xC3) | (0xC3, _) => byte,
            _ => return lower_hash_of_any(word),
        };
        state = gazetteer::step(state, small);
        before = byte;
    }
    gazetteer::finish(state)
}

/// The same of a word in letters of any kind.
fn lower_hash_of_any(word: &str) -> u64 {
    let letters = word.chars().flat_map(char::to_lowercase);
    gazetteer::finish(letters.fold(gazetteer::BEGIN, gazetteer::step_char))
}

/// The same of a word of ASCII.
pub(super) fn lower_plain_hash(word: &[u8]) -> u64 {
    let letters = word.iter().map(u8::to_ascii_lowercase);
    gazetteer::finish(letters.fold(gazetteer::BEGIN, gazetteer::step))
}

/// Bytes of the word that `text` begins with: letters, and single hyphens and apostrophes between
/// letters.
pub(super) fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes().iter();
    let plain = bytes.take_while(|byte| byte.is_ascii_alphabetic()).count();
    match text.as_bytes().get(plain) {
        Some(b'-' | b'\'' | 128..) => {}
        _ if plain <= MAX_WORD => return plain,
        _ => {}
    }
    let mut end = 0;
    let mut joint = false;
    for (at, c) in text.char_indices() {
        if is_letter(c) || is_accent(c) {
            end = at + c.len_utf8();
            joint = false;
        } else if is_joint(c) && !joint && at > 0 {
            joint = true;
        } else {
            break;
        }
        if at > MAX_WORD {
            return at;
        }
    }
    end
}

/// Whether it may stand between the letters of a word.
pub(in crate::detect) fn is_joint(c: char) -> bool {
    matches!(c, '-' | '\'' | '’' | '‑')
}

/// Whether it belongs to the letter before it.
pub(in crate::detect) fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Planted fault that this caught: `×` made `÷`.
        #[test]
        fn words_are_hashed_alike_by_bytes_and_by_characters(word in "[a-zA-ZÀ-ÿŁłİΣ–]{0,6}") {
            prop_assert_eq!(lower_hash(&word), lower_hash_of_any(&word));
        }
    }
}
