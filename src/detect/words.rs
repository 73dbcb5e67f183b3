//! The words that say what a number or a column is, in Bokmål, Nynorsk and English.
//!
//! One lexicon serves headers and running text. Sources: the spelling and labels seen in Norwegian
//! forms, style guides and public interfaces (Skatteetaten, NAV, HL7 Norge, Nets); field names of
//! Feide and Folkeregisteret. It does not weigh the words.

use std::sync::LazyLock;

use super::slots::{Filter, Slots};
use super::word_list::{Entry, WORDS};

/// A set of the things that words speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concepts(u64);

impl Concepts {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// A fødselsnummer or D-number.
    pub const FNR: Self = Self(1 << 0);

    /// The five last digits of one: personnummer.
    pub const SERIAL: Self = Self(1 << 1);

    /// A D-number.
    pub const D_NUMBER: Self = Self(1 << 2);

    /// A number that hospitals give: H- and FH-numbers.
    pub const HELP: Self = Self(1 << 3);

    /// A word of health care.
    pub const HEALTH: Self = Self(1 << 4);

    /// A word of the labour and welfare service.
    pub const NAV: Self = Self(1 << 5);

    /// A word of test data.
    pub const TEST: Self = Self(1 << 6);

    /// A bank account.
    pub const ACCOUNT: Self = Self(1 << 7);

    /// A telephone.
    pub const PHONE: Self = Self(1 << 8);

    /// A single letter that may stand for telephone or mobile.
    pub const LETTER: Self = Self(1 << 9);

    /// An e-mail address.
    pub const EMAIL: Self = Self(1 << 10);

    /// A person's or thing's name.
    pub const NAME: Self = Self(1 << 11);

    /// A birth date.
    pub const BIRTH: Self = Self(1 << 12);

    /// Another date or time.
    pub const DATE: Self = Self(1 << 13);

    /// A number of a thing: invoice, order, case, customer, product.
    pub const REFERENCE: Self = Self(1 << 14);

    /// An organisation.
    pub const ORGANISATION: Self = Self(1 << 15);

    /// An amount.
    pub const MONEY: Self = Self(1 << 16);

    /// Land registry: gnr., bnr., fnr. (festenummer), snr.
    pub const PROPERTY: Self = Self(1 << 17);

    /// A payment card.
    pub const CARD: Self = Self(1 << 18);

    /// A customer identification (KID) of a payment.
    pub const KID: Self = Self(1 << 19);

    /// A DUF number of the immigration service.
    pub const DUF: Self = Self(1 << 20);

    /// Sweden or its personnummer.
    pub const SWEDEN: Self = Self(1 << 21);

    /// Denmark or its CPR number.
    pub const DENMARK: Self = Self(1 << 22);

    /// Finland or its henkilötunnus.
    pub const FINLAND: Self = Self(1 << 23);

    /// Iceland or its kennitala.
    pub const ICELAND: Self = Self(1 << 24);

    /// An address of the net.
    pub const NETWORK: Self = Self(1 << 25);

    /// A passport or another travel document.
    pub const PASSPORT: Self = Self(1 << 26);

    /// A vehicle's registration.
    pub const PLATE: Self = Self(1 << 27);

    /// The register of health personnel.
    pub const HPR: Self = Self(1 << 28);

    /// A position on the earth.
    pub const POSITION: Self = Self(1 << 29);

    /// A cookie.
    pub const COOKIE: Self = Self(1 << 30);

    /// A device or its advertising id.
    pub const DEVICE: Self = Self(1 << 31);

    /// A user name.
    pub const LOGIN: Self = Self(1 << 32);

    /// A postal address.
    pub const ADDRESS: Self = Self(1 << 33);

    /// A sole proprietorship: one owner.
    pub const SOLE: Self = Self(1 << 34);

    /// Where people meet: a place that is nobody's address.
    pub const VENUE: Self = Self(1 << 35);

    /// Any number that belongs to no person: a thing, an organisation, an amount, a date.
    pub const THING: Self = Self::REFERENCE
        .and(Self::ORGANISATION)
        .and(Self::MONEY)
        .and(Self::PROPERTY);

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the sets share a concept.
    #[must_use]
    pub const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a word in lower case speaks of.
pub(super) fn sense(word: &str) -> Concepts {
    sense_of(word.as_bytes())
}

/// What a word in lower case, given by its bytes, speaks of.
pub(super) fn sense_of(word: &[u8]) -> Concepts {
    let slot = slot(word);
    if !FILTER.has(slot) {
        return Concepts::NONE;
    }
    let mut concepts = Concepts::NONE;
    for (entry, whole, meaning) in BY_SLOT.of(slot) {
        if word.starts_with(entry.as_bytes()) && (!whole || word.len() == entry.len()) {
            concepts = concepts.and(*meaning);
        }
    }
    concepts
}

/// How many slots the filter has.
const SLOTS: usize = 64 * 64;

/// The slots that some entry takes. Most words of a text take none, and are known for strangers at
/// once.
static FILTER: Filter<{ SLOTS / 64 }> = filter();

const fn filter() -> Filter<{ SLOTS / 64 }> {
    let mut filter = Filter::EMPTY;
    let mut index = 0;
    while index < WORDS.len() {
        filter = filter.with(slot(WORDS[index].0.as_bytes()));
        index += 1;
    }
    filter
}

/// The slot of a word by its first three bytes. Entries that are beginnings have as many.
const fn slot(word: &[u8]) -> usize {
    let mut slot = 0;
    let mut index = 0;
    while index < 3 {
        let byte = if index < word.len() { word[index] } else { 0 };
        slot = slot * 31 + byte as usize;
        index += 1;
    }
    slot % SLOTS
}

/// The entries by their slots.
static BY_SLOT: LazyLock<Slots<&'static Entry>> = LazyLock::new(|| {
    let slots = WORDS.iter().map(|entry| (slot(entry.0.as_bytes()), entry));
    Slots::new(SLOTS, slots)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        assert!(WORDS.iter().all(|entry| entry.1 || entry.0.len() >= 3));
        assert!(WORDS.is_sorted_by_key(|entry| entry.0.as_bytes()));
        assert!(WORDS.iter().all(|entry| entry.0 == entry.0.to_lowercase()));
    }

    #[test]
    fn words_and_their_inflections_are_known_and_lookalikes_are_not() {
        assert!(sense("fødselsnummeret").meet(Concepts::FNR));
        assert!(sense("personnr").meet(Concepts::SERIAL));
        assert!(sense("mobilnummer").meet(Concepts::PHONE));
        for lookalike in [
            "kontor",
            "kidnapping",
            "ringer",
            "personlig",
            "person",
            "summer",
        ] {
            assert_eq!(sense(lookalike), Concepts::NONE, "{lookalike}");
        }
    }
}
