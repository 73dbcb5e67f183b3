//! Norwegian postal codes and their places: is `0184 OSLO` a pair of the register?
//!
//! The table holds no text: for each of the 10,000 codes a 16-bit fingerprint of its place in lower
//! case, and one of the place without what tells it from others of that name (`BØ` of `BØ I
//! TELEMARK`), 0 where there is none. A word that is no such place is taken for one once in 32,000
//! times. `examples/build_postal.rs` makes it; `docs/data-sources.md` names the list and its year.

use super::gazetteer::hash;
use super::letters::push_lower;

static TABLE: &[u8] = include_bytes!("postal.bin");

/// How many codes there can be.
const CODES: usize = 10_000;

/// Longest place, in bytes; the longest of the register has 20 letters.
const MAX_PLACE: usize = 40;

/// Most words of a place.
const MAX_WORDS: usize = 3;

/// A pair of postal code and place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// Byte after the place.
    pub end: usize,
    /// Whether the place begins with a capital letter.
    pub capital: bool,
}

/// The pair whose code begins at byte `at`, if the register has it.
pub(super) fn pair(text: &str, at: usize) -> Option<Pair> {
    let code = code(text.as_bytes().get(at..)?)?;
    let behind = text.get(at + 4..)?;
    let space = behind.chars().take(2).take_while(|c| is_space(*c));
    let gap: usize = space.map(char::len_utf8).sum();
    let rest = behind.get(gap..).filter(|_| gap > 0)?;
    let first = rest.chars().next().filter(|c| c.is_alphabetic())?;
    let length = place(code, rest)?;
    Some(Pair {
        end: at + 4 + gap + length,
        capital: first.is_uppercase(),
    })
}

/// Whether `text` is the place of the code that `digits` write, and nothing else.
pub(super) fn is_pair(digits: &str, text: &str) -> bool {
    let code = code(digits.as_bytes()).filter(|_| digits.len() == 4);
    code.is_some_and(|code| place(code, text) == Some(text.len()))
}

/// The four digits with which the bytes begin, where the register has that code and no fifth
/// follows.
fn code(bytes: &[u8]) -> Option<usize> {
    let digits = bytes
        .get(..4)
        .filter(|four| four.iter().all(u8::is_ascii_digit))?;
    let longer = bytes.get(4).is_some_and(u8::is_ascii_digit);
    let code = digits
        .iter()
        .fold(0, |code, digit| code * 10 + usize::from(digit - b'0'));
    (!longer && slot(code) != 0).then_some(code)
}

/// How many bytes of `text` are the code's place: its first three, two words, or one.
fn place(code: usize, text: &str) -> Option<usize> {
    let mut ends = [0; MAX_WORDS];
    let (mut words, mut inside) = (0, false);
    for (at, c) in text.char_indices() {
        let of_word = c.is_alphabetic() || c == '-';
        if inside && !of_word {
            if let Some(end) = ends.get_mut(words) {
                *end = at;
            }
            words += 1;
        }
        inside = of_word;
        if at > MAX_PLACE || words == MAX_WORDS || !(of_word || c == ' ') {
            inside = false;
            break;
        }
    }
    if inside && let Some(end) = ends.get_mut(words) {
        *end = text.len();
    }
    let mut lower = String::with_capacity(MAX_PLACE + 4);
    ends.iter()
        .rev()
        .copied()
        .filter(|end| *end > 0)
        .find(|end| {
            lower.clear();
            push_lower(&mut lower, text.get(..*end).unwrap_or_default());
            let sought = fingerprint(&lower);
            let alone = !text
                .get(*end..)
                .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
            alone && (slot(code) == sought || slot(CODES + code) == sought)
        })
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn slot(index: usize) -> u16 {
    let bytes = TABLE
        .get(2 * index..2 * index + 2)
        .and_then(|b| b.try_into().ok());
    u16::from_le_bytes(bytes.unwrap_or_default())
}

/// Sixteen bits of a place in lower case, never 0.
fn fingerprint(place: &str) -> u16 {
    let [low, high, ..] = hash(place.as_bytes()).to_le_bytes();
    u16::from_le_bytes([low, high]).max(1)
}

/// Lays out the table for codes with their places; the same rows give the same bytes.
#[must_use]
pub fn build(rows: &[(usize, &str)]) -> Vec<u8> {
    let mut table = vec![0_u16; 2 * CODES];
    for (code, place) in rows {
        let lower = place.to_lowercase();
        let short = lower.split_once(" i ").or_else(|| lower.split_once(" på "));
        let of_one_letter = || {
            lower
                .rsplit_once(' ')
                .filter(|(_, last)| last.chars().count() == 1)
        };
        let short = short
            .or_else(of_one_letter)
            .map(|(short, _)| fingerprint(short));
        if let Some(slot) = table.get_mut(*code) {
            *slot = fingerprint(&lower);
        }
        if let (Some(slot), Some(short)) = (table.get_mut(CODES + code), short) {
            *slot = short;
        }
    }
    table.iter().flat_map(|slot| slot.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_the_register_are_told_from_others() {
        for text in [
            "0184 OSLO",
            "0001 Oslo",
            "9170 Longyearbyen",
            "2020 Skedsmokorset",
            "0184\tOslo",
        ] {
            assert_eq!(
                pair(text, 0).map(|pair| pair.end),
                Some(text.len()),
                "{text}"
            );
        }
        for text in [
            "2020 Oslo",
            "0184 Bergen",
            "0184",
            "0184 Oslofjorden",
            "01845 Oslo",
            "0184\nOslo",
        ] {
            assert_eq!(pair(text, 0), None, "{text}");
        }
        assert_eq!(pair("0184 Oslo og", 0).map(|pair| pair.end), Some(9));
        assert!(is_pair("3800", "Bø") && is_pair("3800", "BØ I TELEMARK"));
        assert!(!is_pair("3800", "Bø her") && !is_pair("0184", "Bø"));
    }

    #[test]
    fn a_table_is_built_of_codes_and_places() {
        let table = build(&[(184, "OSLO"), (4604, "KRISTIANSAND S")]);
        assert_eq!(table.len(), 4 * CODES);
        assert_eq!(
            table[2 * 184..2 * 184 + 2],
            fingerprint("oslo").to_le_bytes()
        );
        let short = 2 * (CODES + 4604);
        assert_eq!(
            table[short..short + 2],
            fingerprint("kristiansand").to_le_bytes()
        );
    }
}
