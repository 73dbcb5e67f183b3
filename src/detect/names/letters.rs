//! The letters of a word: what it begins and ends with, which lists hold it, what sort it is.

use super::word::{Sort, is_joint, shape};
use crate::detect::gazetteer::{self, Lists, NAMES, hash};

/// Endings of nouns, adjectives and verbs in both written forms of Norwegian.
const ENDINGS: [&[char]; 12] = [
    &['e', 'n'],
    &['e', 't'],
    &['a'],
    &['e', 'n', 'e'],
    &['e', 'r'],
    &['a', 'n', 'e'],
    &['a', 'r'],
    &['n'],
    &['r'],
    &['t'],
    &['e'],
    &['t', 'e'],
];
/// Hashes of the English names of days and months, which are capitalised and in no list of common
/// words, without those that people bear.
const DATES: [u64; 34] = [
    hash(b"january"),
    hash(b"february"),
    hash(b"march"),
    hash(b"july"),
    hash(b"august"),
    hash(b"september"),
    hash(b"october"),
    hash(b"november"),
    hash(b"december"),
    hash(b"feb"),
    hash(b"mar"),
    hash(b"apr"),
    hash(b"jun"),
    hash(b"jul"),
    hash(b"aug"),
    hash(b"sep"),
    hash(b"sept"),
    hash(b"oct"),
    hash(b"nov"),
    hash(b"dec"),
    hash(b"monday"),
    hash(b"tuesday"),
    hash(b"wednesday"),
    hash(b"thursday"),
    hash(b"friday"),
    hash(b"saturday"),
    hash(b"sunday"),
    hash(b"mon"),
    hash(b"tue"),
    hash(b"wed"),
    hash(b"thu"),
    hash(b"fri"),
    hash(b"sat"),
    hash(b"sun"),
];
/// Beginnings of surnames that are followed by a capital.
const HUMP_PREFIXES: [&str; 9] = ["Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz"];
/// Letters of the longest word that is looked at.
const MAX_LETTERS: usize = 40;
/// The letters of a word in lower case, with the hash of each beginning.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of one word"
)]
pub(super) struct Letters {
    chars: [char; MAX_LETTERS],
    states: [u64; MAX_LETTERS + 1],
    count: usize,
    pub(super) any_small: bool,
    pub(super) hyphens: bool,
    pub(super) apostrophes: bool,
    /// Whether a part after a joint begins with a small letter and has more than one.
    derived: bool,
    /// Where a capital follows a small letter, first and how often.
    hump: Option<usize>,
    hump_count: usize,
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            chars: ['\0'; MAX_LETTERS],
            states: [gazetteer::BEGIN; MAX_LETTERS + 1],
            count: 0,
            any_small: false,
            hyphens: false,
            apostrophes: false,
            derived: false,
            hump: None,
            hump_count: 0,
        }
    }
}

impl Letters {
    pub(super) fn take(&mut self, word: impl Iterator<Item = char>) {
        let (mut small_before, mut after_joint, mut small_part) = (false, false, false);
        for c in word {
            if c.is_ascii_lowercase() {
                self.any_small = true;
                self.derived |= small_part;
                (small_part, after_joint, small_before) = (after_joint, false, true);
                self.push(c);
                continue;
            }
            self.hyphens |= matches!(c, '-' | '‑');
            self.apostrophes |= matches!(c, '\'' | '’');
            let small = c.is_lowercase();
            self.any_small |= small;
            self.derived |= small_part;
            small_part = after_joint && small;
            after_joint = is_joint(c);
            if small_before && c.is_uppercase() {
                self.hump = self.hump.or(Some(self.count));
                self.hump_count += 1;
            }
            small_before = small;
            for c in c.to_lowercase() {
                self.push(c);
            }
        }
    }

    fn push(&mut self, c: char) {
        let before = self.state(self.count);
        let state = match u8::try_from(c) {
            Ok(byte @ 0..128) => gazetteer::step(before, byte),
            _ => gazetteer::step_char(before, c),
        };
        if let (Some(slot), Some(next)) = (
            self.chars.get_mut(self.count),
            self.states.get_mut(self.count + 1),
        ) {
            *slot = c;
            *next = state;
            self.count += 1;
        }
    }

    pub(super) fn lower(&self) -> &[char] {
        self.chars.get(..self.count).unwrap_or_default()
    }

    /// The hash so far after so many letters.
    pub(super) fn state(&self, letters: usize) -> u64 {
        self.states.get(letters).copied().unwrap_or_default()
    }

    /// The lists of the word, the hash of its base and the lists of that.
    pub(super) fn lists(&self, hash: u64) -> (Lists, u64, Lists) {
        let lists = self.whole_or_parts(hash, self.count);
        let without = match self.lower() {
            [.., '\'' | '’', 's'] => 2,
            [.., 's' | '\'' | '’'] => 1,
            _ => 0,
        };
        if without == 0 || self.count < 3 + without {
            return (lists, hash, Lists::default());
        }
        let base = gazetteer::finish(self.state(self.count - without));
        (lists, base, self.whole_or_parts(base, self.count - without))
    }

    fn whole_or_parts(&self, hash: u64, count: usize) -> Lists {
        let whole = NAMES.lists_of(hash);
        if whole != Lists::default() {
            return whole;
        }
        if !self.hyphens {
            return self.inflected(count);
        }
        let letters = self.lower().get(..count).unwrap_or_default();
        let parts = letters.split(|c| matches!(c, '-' | '‑'));
        let parts = parts.map(|part| {
            let state = part
                .iter()
                .fold(gazetteer::BEGIN, |state, c| gazetteer::step_char(state, *c));
            NAMES.lists_of(gazetteer::finish(state))
        });
        parts.fold(Lists::default(), Lists::union)
    }

    /// `WORD` for a form of a common word; the lists mostly hold the base forms.
    fn inflected(&self, count: usize) -> Lists {
        let letters = self.lower().get(..count).unwrap_or_default();
        for ending in ENDINGS {
            let Some(base) = count.checked_sub(ending.len()).filter(|base| *base > 3) else {
                continue;
            };
            if letters.ends_with(ending)
                && NAMES
                    .lists_of(gazetteer::finish(self.state(base)))
                    .meets(Lists::WORD)
            {
                return Lists::WORD;
            }
        }
        Lists::default()
    }

    pub(super) fn affixes(&self) -> [u32; 8] {
        let mut hashes = [0; 8];
        let letters = self.lower();
        let step = |hash: u32, c: char| (hash ^ c as u32).wrapping_mul(0x0101_9e35).rotate_left(7);
        let mut hash = 1;
        for (slot, c) in hashes.iter_mut().take(4).zip(letters) {
            hash = step(hash, *c);
            *slot = hash;
        }
        let mut hash = 2;
        for (slot, c) in hashes.iter_mut().skip(4).zip(letters.iter().rev()) {
            hash = step(hash, *c);
            *slot = hash;
        }
        hashes
    }

    /// Whether a capital follows a small letter inside the word, other than in `McCartney`.
    pub(super) fn humps(&self, word: &str) -> bool {
        let prefix = self.hump.and_then(|at| word.get(..at));
        let prefixed = prefix.is_some_and(|prefix| HUMP_PREFIXES.contains(&prefix));
        self.hump_count > usize::from(prefixed)
    }

    pub(super) fn sort(&self, lists: Lists, shape: u8) -> Sort {
        let is = |list| lists.meets(list);
        if DATES.contains(&gazetteer::finish(self.state(self.count))) {
            return Sort::EnglishWord;
        }
        if self.derived {
            return Sort::Derived;
        }
        let named = is(Lists::FIRST) || is(Lists::LAST);
        let short = shape & shape::CAPITALS != 0 && !named && self.count <= 5;
        if short || shape & shape::HUMP != 0 {
            return Sort::Acronym;
        }
        let common = is(Lists::WORD);
        match (is(Lists::FIRST), is(Lists::LAST)) {
            (true, _) if common => Sort::FirstOrWord,
            (true, true) => Sort::FirstOrLast,
            (true, false) => Sort::First,
            (false, true) if common => Sort::LastOrWord,
            (false, true) if is(Lists::ANY_PLACE) => Sort::LastOrPlace,
            (false, true) => Sort::Last,
            (false, false) => foreign_sort(lists),
        }
    }
}

fn foreign_sort(lists: Lists) -> Sort {
    let is = |list| lists.meets(list);
    let named = is(Lists::ANY_FIRST) || is(Lists::ANY_LAST);
    if is(Lists::ANY_WORD) && named {
        Sort::ForeignOrWord
    } else if is(Lists::ANY_PLACE) {
        Sort::Place
    } else if is(Lists::FIRST_SWEDEN.union(Lists::FIRST_WORLD)) {
        Sort::ForeignFirst
    } else if is(Lists::ANY_LAST) {
        Sort::ForeignLast
    } else if named {
        Sort::RareFirst
    } else if is(Lists::WORD) {
        Sort::Word
    } else if is(Lists::WORD_ENGLISH) {
        Sort::EnglishWord
    } else {
        Sort::Unknown
    }
}
