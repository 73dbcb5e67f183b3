//! Where do words of special categories begin?
//!
//! The first four bytes of each word are looked up in a filter of 2 KiB, which nearly all words of a text
//! fail; the few others are compared with the list.
//! Letters fold to lower case, æ, ø and å included, and a word ends where letters and digits end. It
//! decides no level.

use std::ops::Range;
use std::sync::LazyLock;

use super::beginnings::{self, Eight, SLOTS, eight, slot_at, slot_of};
use super::slots::{Filter, Slots};
use super::term_list::TERMS;

/// What a word speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Health.
    Health,
    /// Membership of a trade union.
    TradeUnion,
    /// Religion and philosophy of life.
    Religion,
    /// Ethnic origin.
    Ethnicity,
    /// Political opinion.
    Political,
    /// Sex life and sexual orientation.
    Sexual,
    /// Genetic and biometric data.
    GeneticBiometric,
    /// Criminal convictions and offences.
    Criminal,
}

/// A word or phrase of the list.
#[derive(Debug)]
pub struct Term {
    /// In lower case; one space stands for any white space.
    text: &'static str,
    form: Form,
    /// 3 to 1, and 0 for a word that only looks like another.
    pub weight: u8,
    /// What it speaks of.
    pub topic: Topic,
}

/// How a term must stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As a whole word, in any case.
    Whole,
    /// As the beginning of a word, in any case.
    Begins,
    /// As a whole word in capitals.
    Capitals,
    /// As a whole word in small letters: with a capital it is mostly a name.
    Small,
}

/// A term as a whole word.
pub(super) const fn whole(text: &'static str, weight: u8, topic: Topic) -> Term {
    term(text, Form::Whole, weight, topic)
}

/// A term as the beginning of a word.
pub(super) const fn begins(text: &'static str, weight: u8, topic: Topic) -> Term {
    term(text, Form::Begins, weight, topic)
}

/// A term that counts only in capitals.
pub(super) const fn capitals(text: &'static str, weight: u8, topic: Topic) -> Term {
    term(text, Form::Capitals, weight, topic)
}

/// A term that counts only in small letters.
pub(super) const fn small(text: &'static str, weight: u8, topic: Topic) -> Term {
    term(text, Form::Small, weight, topic)
}

const fn term(text: &'static str, form: Form, weight: u8, topic: Topic) -> Term {
    Term {
        text,
        form,
        weight,
        topic,
    }
}

/// Longest ending after a beginning, in bytes.
const MAX_ENDING: usize = 40;

/// Most white space between two words of a phrase, in bytes: a line's end with an indent.
const MAX_GAP: usize = 16;

/// How near a supporting word stands, in bytes.
const SUPPORT_WITHIN: usize = 60;

/// Bytes that a term spans at most, a supporting word on either side included.
pub(super) const MAX_TERM_BYTES: usize = 240;

/// Whether terms begin as the words of this slot do.
#[inline]
pub(super) fn may_begin(slot: usize) -> bool {
    FILTER.has(slot)
}

/// Tells `found` the longest term at each word that begins in `body`, in order: its first byte, the
/// byte after it, and the term. It does not look beyond `text`.
fn find(text: &str, body: Range<usize>, mut found: impl FnMut(usize, usize, &'static Term)) {
    beginnings::each(text.as_bytes(), body, |at, slot| {
        if may_begin(slot)
            && let Some((end, term)) = longest(text, at, slot)
        {
            found(at, end, term);
        }
    });
}

/// Whether a word of weight 1 stands near `span` that speaks of the same.
pub(super) fn is_supported(text: &str, span: &Range<usize>, topic: Topic) -> bool {
    let from = span.start.saturating_sub(SUPPORT_WITHIN);
    let to = span.end.saturating_add(SUPPORT_WITHIN).min(text.len());
    let mut supported = false;
    find(text, text.ceil_char_boundary(from)..to, |_, end, term| {
        supported |= term.weight == 1 && term.topic == topic && end <= to;
    });
    supported
}

/// The slots that some term takes.
static FILTER: Filter<{ SLOTS / 64 }> = filter();

const fn filter() -> Filter<{ SLOTS / 64 }> {
    let mut filter = Filter::EMPTY;
    let mut index = 0;
    let first = TERMS[0].len();
    while index < first + TERMS[1].len() {
        let term = if index < first {
            &TERMS[0][index]
        } else {
            &TERMS[1][index - first]
        };
        let text = term.text.as_bytes();
        let fourth = if text.len() > 3 { text[3] } else { 0 };
        filter = filter.with(slot_of([text[0], text[1], text[2], fourth]));
        index += 1;
    }
    filter
}

/// The longest term at byte `at`, where no word goes on, and the byte after it; `slot` is that of the byte.
pub(super) fn longest(text: &str, at: usize, slot: usize) -> Option<(usize, &'static Term)> {
    let word = eight(text.as_bytes(), at);
    let alike = INDEX.of(slot).iter();
    let ends = alike
        .filter(|(first, _)| first.begins(word))
        .filter_map(|(_, term)| Some((term.end(text, at)?, *term)));
    let (end, term) = ends.max_by_key(|(_, term)| term.text.len())?;
    let before = text.get(..at)?.chars().next_back();
    (!before.is_some_and(char::is_alphanumeric)).then_some((end, term))
}

/// The terms by their slots of the filter.
static INDEX: LazyLock<Slots<(Eight, &'static Term)>> = LazyLock::new(|| {
    let terms = TERMS.into_iter().flatten();
    let entry = |term: &'static Term| {
        let first = term.text.split(' ').next().unwrap_or_default();
        let slot = slot_at(term.text.as_bytes(), 0);
        (slot, (Eight::of(first.as_bytes()), term))
    };
    Slots::new(SLOTS, terms.map(entry))
});

/// A byte of UTF-8 in lower case, given the byte before it.
const fn lower(before: u8, byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte | 0x20,
        0x80..=0x9E if before == 0xC3 => byte | 0x20,
        _ => byte,
    }
}

impl Term {
    /// The byte after the term, where it stands at byte `at` of `text`.
    fn end(&self, text: &str, at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let (mut here, mut before) = (at, 0);
        for wanted in self.text.bytes() {
            if wanted == b' ' {
                here += gap(text.get(here..)?)?;
                before = 0;
                continue;
            }
            let byte = *bytes.get(here)?;
            let in_form = match self.form {
                Form::Whole | Form::Begins => lower(before, byte) == wanted,
                Form::Small => byte == wanted,
                Form::Capitals => byte == wanted.to_ascii_uppercase(),
            };
            if !in_form {
                return None;
            }
            before = byte;
            here += 1;
        }
        let ending = ending(text.get(here..)?)?;
        (ending == 0 || self.form == Form::Begins).then_some(here + ending)
    }
}

/// Bytes of white space that `text` begins with, at least one.
fn gap(text: &str) -> Option<usize> {
    let white = text.chars().take_while(|c| c.is_whitespace());
    let length: usize = white.take(MAX_GAP).map(char::len_utf8).sum();
    (1..=MAX_GAP).contains(&length).then_some(length)
}

/// Bytes of letters and digits that `text` begins with; `None` where no word is that long.
fn ending(text: &str) -> Option<usize> {
    let mut length = 0;
    for c in text.chars().take_while(|c| c.is_alphanumeric()) {
        length += c.len_utf8();
        if length > MAX_ENDING {
            return None;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(&str, u8)> {
        let mut words = Vec::new();
        find(text, 0..text.len(), |start, end, term| {
            words.push((text.get(start..end).unwrap(), term.weight));
        });
        words
    }

    #[test]
    fn the_list_is_sorted_in_lower_case_and_of_bounded_length() {
        let all: Vec<&Term> = TERMS.into_iter().flatten().collect();
        assert!(all.is_sorted_by(|a, b| a.text.as_bytes() < b.text.as_bytes()));
        for term in all {
            assert_eq!(term.text, term.text.to_lowercase());
            assert!(term.text.len() >= 3 && term.weight <= 3, "{}", term.text);
            assert!(
                term.text.as_bytes()[0].is_ascii_alphabetic(),
                "{}",
                term.text
            );
            let gaps = term.text.matches(' ').count() * MAX_GAP;
            assert!(
                term.text.len() + gaps + MAX_ENDING + SUPPORT_WITHIN <= MAX_TERM_BYTES,
                "{}",
                term.text
            );
        }
    }

    #[test]
    fn every_term_is_found_in_its_cases() {
        for term in TERMS.into_iter().flatten() {
            let capitals = term.text.to_uppercase();
            let forms = match term.form {
                Form::Capitals => vec![capitals],
                Form::Small => vec![term.text.to_owned()],
                Form::Whole | Form::Begins => vec![term.text.to_owned(), capitals],
            };
            for form in forms {
                for shift in [0, 1, 61, 62, 63, 64] {
                    let text = format!("{}{form}.", " ".repeat(shift));
                    let first = words(&text).first().copied();
                    assert_eq!(first, Some((form.as_str(), term.weight)), "{form:?}");
                }
            }
        }
    }

    #[test]
    fn a_word_begins_and_ends_where_letters_and_digits_do() {
        assert_eq!(
            words("ØSYK syk, SYK_1 xsyk syk1 øsyk sykt"),
            [("syk", 2), ("SYK", 2)]
        );
        assert_eq!(words("Uføretrygden/DÅP"), [("Uføretrygden", 3), ("DÅP", 2)]);
        assert_eq!(words("medlem  av\n LO"), [("medlem  av\n LO", 2)]);
        assert_eq!(words("medlem av LOR"), []);
        assert_eq!(
            words("medlem\u{a0}av\u{a0}LO"),
            [("medlem\u{a0}av\u{a0}LO", 2)]
        );
    }

    #[test]
    fn case_tells_names_and_abbreviations_apart() {
        assert_eq!(words("hiv HIV Hiv"), [("HIV", 3)]);
        assert_eq!(words("Samer samer"), [("samer", 2)]);
        assert_eq!(words("auf Deutsch"), []);
    }

    #[test]
    fn the_longest_term_wins_so_that_lookalikes_are_known() {
        assert_eq!(words("kreftene"), [("kreftene", 0)]);
        assert_eq!(words("Kristensen"), [("Kristensen", 0)]);
        assert_eq!(words("pungkreft kreft"), [("kreft", 3)]);
    }
}
