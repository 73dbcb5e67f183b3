//! Word lists in one small table: which lists of names, places and common words hold a word.
//!
//! The table holds no words: a slot of four bytes has a 16-bit fingerprint of a word and 16 bits
//! that say which lists it is in. A word that is in no list is taken for one that is about once in
//! eight thousand times. It is part of the program and is used as it lies there: nothing is parsed
//! or allocated. `examples/build_gazetteer.rs` makes it; `docs/data-sources.md` names the lists and
//! their licences.

/// The table of the program.
pub static NAMES: Gazetteer<'static> = Gazetteer::new(include_bytes!("gazetteer.bin"));

/// The lists that a word is in, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lists(u16);

impl Lists {
    /// First names borne by at least 1,000 people in Norway.
    pub const FIRST_COMMON: Self = Self(1);
    /// First names borne by at least 200 people in Norway.
    pub const FIRST: Self = Self(1 << 1);
    /// Surnames borne by at least 1,000 people in Norway.
    pub const LAST_COMMON: Self = Self(1 << 2);
    /// Surnames borne by at least 200 people in Norway.
    pub const LAST: Self = Self(1 << 3);
    /// First names borne by at least 200 people in Sweden.
    pub const FIRST_SWEDEN: Self = Self(1 << 4);
    /// First names borne by at least 5 people in Sweden: the names of the whole world.
    pub const FIRST_RARE: Self = Self(1 << 5);
    /// First names that are common in other countries.
    pub const FIRST_WORLD: Self = Self(1 << 6);
    /// The 10,000 commonest surnames of the United States, and common ones of other countries.
    pub const LAST_WORLD: Self = Self(1 << 7);
    /// Rarer surnames of the United States.
    pub const LAST_RARE: Self = Self(1 << 8);
    /// Words of Bokmål or Nynorsk that are written with a small letter.
    pub const WORD: Self = Self(1 << 9);
    /// English words that are written with a small letter.
    pub const WORD_ENGLISH: Self = Self(1 << 10);
    /// Municipalities and postal places in Norway.
    pub const PLACE: Self = Self(1 << 11);
    /// Towns of the world with more than 15,000 people.
    pub const PLACE_WORLD: Self = Self(1 << 12);
    /// Countries and territories.
    pub const COUNTRY: Self = Self(1 << 13);

    /// Any list of first names.
    pub const ANY_FIRST: Self = Self(
        Self::FIRST_COMMON.0
            | Self::FIRST.0
            | Self::FIRST_SWEDEN.0
            | Self::FIRST_RARE.0
            | Self::FIRST_WORLD.0,
    );
    /// Any list of surnames.
    pub const ANY_LAST: Self =
        Self(Self::LAST_COMMON.0 | Self::LAST.0 | Self::LAST_WORLD.0 | Self::LAST_RARE.0);
    /// Any list of common words.
    pub const ANY_WORD: Self = Self(Self::WORD.0 | Self::WORD_ENGLISH.0);
    /// Any list of places.
    pub const ANY_PLACE: Self = Self(Self::PLACE.0 | Self::PLACE_WORLD.0 | Self::COUNTRY.0);

    /// Whether the two have a list in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The lists of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The bits, list by list.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }
}

/// A table of words over borrowed bytes: open addressing with linear probing, little-endian slots
/// of `fingerprint << 16 | lists`, 0 for an empty slot.
#[derive(Clone, Copy, Debug)]
pub struct Gazetteer<'a>(&'a [u8]);

impl<'a> Gazetteer<'a> {
    /// The table that lies in `bytes`; any bytes are a table.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The lists that hold `word`, given in lower case and composed (NFC).
    #[must_use]
    pub fn lists(&self, word: &str) -> Lists {
        self.lists_of(hash(word.as_bytes()))
    }

    /// The lists that hold the word with this [`hash`].
    #[must_use]
    pub fn lists_of(&self, hash: u64) -> Lists {
        let slots = self.0.len() / 4;
        if slots == 0 {
            return Lists::default();
        }
        let (home, fingerprint) = address(hash, slots);
        for step in 0..slots {
            let slot = home + step;
            let at = 4 * if slot < slots { slot } else { slot - slots };
            let bytes = self.0.get(at..at + 4).and_then(|b| b.try_into().ok());
            let slot = u32::from_le_bytes(bytes.unwrap_or_default());
            let [low, high, f_low, f_high] = slot.to_le_bytes();
            if slot == 0 {
                break;
            }
            if u16::from_le_bytes([f_low, f_high]) == fingerprint {
                return Lists(u16::from_le_bytes([low, high]));
            }
        }
        Lists::default()
    }
}

/// Lays out a table for `words`, which are sorted, unique, in lower case and composed. The same
/// words give the same bytes. Where two words share slot and fingerprint, both get the lists of
/// both.
#[must_use]
pub fn build(words: &[(String, Lists)]) -> Vec<u8> {
    let slots = words.len() * 4 / 3 + 1;
    let mut table: Vec<(u16, Lists)> = vec![(0, Lists::default()); slots];
    for (word, lists) in words {
        let (home, fingerprint) = address(hash(word.as_bytes()), slots);
        let places = (0..slots).map(|step| (home + step) % slots);
        let free = |at: &usize| {
            let slot = table.get(*at);
            slot.is_some_and(|slot| slot.0 == 0 || slot.0 == fingerprint)
        };
        let place = places.into_iter().find(free);
        if let Some(slot) = place.and_then(|at| table.get_mut(at)) {
            *slot = (fingerprint, slot.1.union(*lists));
        }
    }
    let bytes = table.iter().flat_map(|(fingerprint, lists)| {
        (u32::from(*fingerprint) << 16 | u32::from(lists.0)).to_le_bytes()
    });
    bytes.collect()
}

/// The slot at which the search for a word begins, and its fingerprint (never 0).
fn address(hash: u64, slots: usize) -> (usize, u16) {
    let home = (u128::from(hash) * slots as u128) >> 64;
    let [low, high, ..] = hash.to_le_bytes();
    let fingerprint = u16::from_le_bytes([low, high]).max(1);
    (usize::try_from(home).unwrap_or(0), fingerprint)
}

/// FNV-1a over the bytes, then the finalizer of `MurmurHash3`, so that high and low bits both depend
/// on all of them.
#[must_use]
pub const fn hash(mut bytes: &[u8]) -> u64 {
    let mut state = BEGIN;
    while let [byte, rest @ ..] = bytes {
        state = step(state, *byte);
        bytes = rest;
    }
    finish(state)
}

/// The state of [`hash`] before the first byte.
pub const BEGIN: u64 = 0xcbf2_9ce4_8422_2325;

/// The state after one more byte.
#[must_use]
pub const fn step(state: u64, byte: u8) -> u64 {
    (state ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The state after one more character in UTF-8.
#[must_use]
pub fn step_char(state: u64, c: char) -> u64 {
    let mut bytes = [0; 4];
    let encoded = c.encode_utf8(&mut bytes).bytes();
    encoded.fold(state, step)
}

/// The hash of the bytes that led to this state.
#[must_use]
pub const fn finish(state: u64) -> u64 {
    let mixed = (state ^ (state >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_finds_its_words_and_few_others() {
        let words: Vec<(String, Lists)> = (0..20_000)
            .map(|n| (format!("word{n}"), Lists(1 << (n % 14))))
            .collect();
        let bytes = build(&words);
        let table = Gazetteer::new(&bytes);
        let wrong = words.iter().filter(|(w, lists)| table.lists(w) != *lists);
        assert!(wrong.count() < 20, "words that share a slot get both lists");
        let strangers = (0..100_000).filter(|n| table.lists(&format!("other{n}")).0 != 0);
        assert!(strangers.count() < 30);
        assert_eq!(Gazetteer::new(&[]).lists("x"), Lists::default());
        assert_eq!(Gazetteer::new(&[1; 9]).lists("x"), Lists::default());
    }

    #[test]
    fn the_shipped_table_knows_its_lists() {
        assert!(NAMES.lists("kari").meets(Lists::FIRST_COMMON));
        assert!(NAMES.lists("hansen").meets(Lists::LAST_COMMON));
        assert!(NAMES.lists("oslo").meets(Lists::PLACE));
        assert!(NAMES.lists("regjering").meets(Lists::WORD));
        assert!(NAMES.lists("government").meets(Lists::WORD_ENGLISH));
        assert!(NAMES.lists("norge").meets(Lists::COUNTRY));
    }
}
