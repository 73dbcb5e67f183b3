//! Streets, post boxes and land register numbers by their form. What they are worth is judged in
//! the detector.

use crate::detect::letters::{byte, count_before, count_from, ends_word, push_lower};

/// Endings and words that say street, in lower case, and whether they seldom mean anything else
/// before a number. Source: Kartverket's guide to addresses, chapter 12, and the names in use.
const STREETS: &[(&str, bool)] = &[
    ("vei", true), ("veien", true), ("veg", true), ("vegen", true), ("gate", true),
    ("gata", true), ("gaten", true), ("gt", true), ("plass", true), ("plassen", true),
    ("allé", true), ("alléen", true), ("alle", true), ("alleen", true), ("terrasse", true),
    ("terrassen", true), ("bakke", false), ("bakken", false), ("bakkane", false),
    ("sving", false), ("svingen", false), ("sti", false), ("stien", false), ("stig", false),
    ("stigen", false), ("stubben", false), ("tun", false), ("tunet", false), ("haug", false),
    ("haugen", false), ("lia", false), ("lien", false), ("kroken", false), ("ringen", false),
    ("torg", false), ("torget", false), ("torv", false), ("torvet", false), ("brygge", false),
    ("brygga", false), ("bryggen", false), ("kaia", false), ("kaien", false), ("stranda", false),
    ("stranden", false), ("åsen", false), ("myra", false), ("jordet", false), ("løkka", false),
    ("løkken", false), ("lunden", false), ("faret", false), ("tråkket", false),
    ("kleiva", false), ("høgda", false), ("høyden", false), ("grenda", false), ("flata", false),
    ("flaten", false), ("sletta", false), ("smuget", false), ("smauet", false), ("gården", false),
    ("garden", false), ("hagen", false), ("skogen", false), ("dalen", false), ("neset", false),
    ("vika", false), ("viken", false), ("geila", false), ("moen", false), ("vollen", false),
    ("brua", false), ("parken", false), ("veita", false), ("almenning", false),
    ("almenningen", false), ("geaidnu", true), ("luodda", true), ("luodde", true), ("gáhta", true),
    ("bálggis", false),
];

/// Abbreviations that end with a full stop.
const SHORT: &[(&str, bool)] = &[
    ("gt", true), ("vn", true), ("vg", true), ("v", false), ("g", false), ("pl", false),
    ("terr", true),
];

/// How far back the words before a street's own are sought, in bytes.
const MAX_BACK: usize = 60;

/// A street with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Street {
    /// First byte.
    pub start: usize,
    /// Byte after the number and what belongs to it.
    pub end: usize,
    /// Whether its word seldom means anything but a street.
    pub sure: bool,
}

/// Whether a number may follow the capitalised word that ends at byte `at`: right behind it, or behind
/// one more word. Before most words it is cheaper to see that none does.
pub(super) fn may_follow(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    let past = |rest: &[u8], of: fn(&u8) -> bool| rest.iter().take_while(|byte| of(byte)).count();
    let behind = |rest: &[u8]| {
        let gap = past(rest, |byte| matches!(byte, b' ' | b'.'));
        rest.get(gap).is_some_and(u8::is_ascii_digit)
    };
    match rest {
        [b'.', ..] => behind(rest),
        [b' ', next @ ..] => {
            let word = past(next, |byte| byte.is_ascii_lowercase() || !byte.is_ascii());
            behind(next.get(word..).unwrap_or_default())
        }
        _ => false,
    }
}

/// The street whose last capitalised word is `start..end`: `Storgata 20 B`, `Karl Johans gate 1`.
pub(super) fn street(text: &str, start: usize, end: usize) -> Option<Street> {
    let own = lower(text.get(start..end)?);
    let (word_end, sure) = street_word(text, end, &own)?;
    let after = number(text, word_end)?;
    let first = first_word(text, start);
    // `Plass 1` has no name to it, and `Kari Moen 12` may be a person.
    let bare = alike(&own).any(|(word, _)| *word == own);
    if bare && first == start && !own.ends_with(['n', 't', 'a']) {
        return None;
    }
    Some(Street { start: first, end: after, sure: sure && !bare })
}

/// The byte after the word or abbreviation that says street: the end of the capitalised word
/// itself, which is `own` in small letters, or the word in small letters behind it.
fn street_word(text: &str, end: usize, own: &str) -> Option<(usize, bool)> {
    match byte(text, end)? {
        b' ' => {
            let next = byte(text, end + 1)?;
            if next.is_ascii_digit() {
                return longest(alike(own), own).map(|sure| (end, sure));
            }
            let small = next.is_ascii_lowercase() || next == 0xC3;
            let letters = text.get(end + 1..).filter(|_| small)?;
            let length: usize = letters
                .chars()
                .take(12)
                .take_while(|c| c.is_alphabetic())
                .map(char::len_utf8)
                .sum();
            let word = letters.get(..length)?;
            let whole = |list: &[(&str, bool)]| {
                let found = list.iter().find(|(known, _)| *known == word);
                found.map(|(_, sure)| *sure)
            };
            let word_end = end + 1 + length;
            if byte(text, word_end) == Some(b'.') {
                return whole(SHORT).map(|sure| (word_end + 1, sure));
            }
            whole(STREETS).map(|sure| (word_end, sure))
        }
        b'.' => {
            let sure = longest(SHORT, own)?;
            (own.len() > 5).then_some((end + 1, sure))
        }
        _ => None,
    }
}

/// Whether the longest of the endings that the word has is a sure one.
fn longest<'l>(list: impl IntoIterator<Item = &'l (&'l str, bool)>, word: &str) -> Option<bool> {
    let endings = list.into_iter().filter(|entry| word.ends_with(entry.0));
    let longest = endings.max_by_key(|entry| entry.0.len());
    longest.map(|entry| entry.1)
}

/// Where [`BY_END`] has those that end with these two bytes.
const fn of_end(last_but_one: u8, last: u8) -> usize {
    (last_but_one.wrapping_mul(31) ^ last) as usize
}

/// The places in [`STREETS`] of those that end with two bytes, one bit each: few do.
static BY_END: [u128; 256] = {
    let mut places = [0; 256];
    let mut place = 0;
    while place < STREETS.len() {
        if let [.., before, last] = STREETS[place].0.as_bytes() {
            places[of_end(*before, *last)] |= 1 << place;
        }
        place += 1;
    }
    places
};

/// Those of [`STREETS`] that may end as the word does, in order, and all that do.
fn alike(word: &str) -> impl Iterator<Item = &'static (&'static str, bool)> {
    let mut places = match word.as_bytes() {
        [.., before, last] => BY_END[of_end(*before, *last)],
        _ => 0,
    };
    std::iter::from_fn(move || {
        let entry = STREETS.get(places.trailing_zeros() as usize)?;
        places &= places - 1;
        Some(entry)
    })
}

fn lower(word: &str) -> String {
    let mut lower = String::with_capacity(word.len() + 4);
    push_lower(&mut lower, word);
    lower
}

/// The byte after the house number that begins at `at` behind a space: `20 B`, `225-H0304`, `1-3`.
pub(super) fn number(text: &str, at: usize) -> Option<usize> {
    let gap = count_from(text, at, 2, |byte| *byte == b' ');
    let start = at + gap;
    let digits = count_from(text, start, 5, u8::is_ascii_digit);
    let figures = text.get(start..start + digits)?;
    let year = digits == 4 && (figures.starts_with("19") || figures.starts_with("20"));
    if !(1..=4).contains(&digits) || year || figures.starts_with('0') {
        return None;
    }
    let mut end = start + digits;
    if byte(text, end).is_some_and(|byte| byte.is_ascii_alphabetic()) && ends_word(text, end + 1) {
        end += 1;
    } else if byte(text, end) == Some(b' ')
        && byte(text, end + 1).is_some_and(|byte| byte.is_ascii_uppercase())
        && ends_word(text, end + 2)
        && byte(text, end + 2) != Some(b'.')
    {
        end += 2;
    }
    if matches!(byte(text, end), Some(b'-' | b'/')) {
        let range = count_from(text, end + 1, 4, u8::is_ascii_digit);
        if range > 0 && range <= digits + 1 && ends_word(text, end + 1 + range) {
            end += 1 + range;
        }
    }
    end = unit(text, end);
    let decimal = matches!(byte(text, end), Some(b'.' | b',' | b':' | b'-' | b'/'))
        && byte(text, end + 1).is_some_and(|byte| byte.is_ascii_digit());
    let measure = byte(text, end) == Some(b'%') || is_measure(text, end);
    (ends_word(text, end) && !decimal && !measure && !more_digits(text, end)).then_some(end)
}

/// Whether a unit follows behind a space: `vei 3 km`.
fn is_measure(text: &str, end: usize) -> bool {
    const UNITS: [&str; 12] =
        ["km", "m", "cm", "mm", "meter", "mil", "kvm", "daa", "dekar", "kr", "kroner", "stk"];
    let letters = count_from(text, end + 1, 8, u8::is_ascii_lowercase);
    let word = text.get(end + 1..end + 1 + letters).filter(|_| byte(text, end) == Some(b' '));
    word.is_some_and(|word| UNITS.contains(&word) && ends_word(text, end + 1 + letters))
}

/// The byte after the number of a flat, such as `-H0304`, or `end`.
fn unit(text: &str, end: usize) -> usize {
    let gap = count_from(text, end, 2, |byte| matches!(byte, b' ' | b'-' | b','));
    let at = end + gap;
    let flat = byte(text, at).is_some_and(|byte| b"HULK".contains(&byte))
        && count_from(text, at + 1, 5, u8::is_ascii_digit) == 4
        && ends_word(text, at + 5);
    if gap > 0 && flat { at + 5 } else { end }
}

/// Whether groups of digits go on behind a space, as in a telephone number; four are a postal code.
fn more_digits(text: &str, end: usize) -> bool {
    let digits = count_from(text, end + 1, 5, u8::is_ascii_digit);
    byte(text, end) == Some(b' ') && digits > 0 && digits != 4
}

/// The first byte of the capitalised words and initials that stand before `start` with one space
/// between them: `Th. Kittelsens`, `P.A. Munchs`.
pub(super) fn first_word(text: &str, start: usize) -> usize {
    let limit = start.saturating_sub(MAX_BACK);
    let mut first = start;
    loop {
        let Some(before) = text.get(text.ceil_char_boundary(limit)..first) else {
            return first;
        };
        // Initials may touch: the word behind them was only its last letter's.
        let joined = before.strip_suffix(' ').unwrap_or(before);
        if joined.len() == before.len() && !before.ends_with('.') {
            return first;
        }
        let word = joined.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''));
        let initials = word.ends_with('.');
        let short = word.chars().count() <= 4;
        if word.is_empty() || !capital || !letters || initials && !short || is_leading(word) {
            return first;
        }
        first = start_of(joined, word, first, before.len());
    }
}

fn start_of(joined: &str, word: &str, first: usize, length: usize) -> usize {
    first - length + joined.len() - word.len()
}

/// Words that stand before a street with a capital letter and are none of its name.
fn is_leading(word: &str) -> bool {
    let lead = ["i", "på", "fra", "frå", "ved", "adresse", "bor", "bur", "til", "address", "in", "at"];
    lead.contains(&lower(word).as_str())
}

/// The byte after the number of a post box whose word is `start..end`: `Postboks 123`, `Pb. 45`.
pub(super) fn post_box(text: &str, start: usize, end: usize) -> Option<usize> {
    let word = text.get(start..end)?;
    let known = ["Postboks", "POSTBOKS", "Pb", "PB", "Postbox"].contains(&word);
    let end = end + usize::from(byte(text, end) == Some(b'.'));
    let start = end + count_from(text, end, 2, |byte| *byte == b' ');
    let digits = count_from(text, start, 5, u8::is_ascii_digit);
    let after = start + digits;
    let fits = known && start > end && (1..=4).contains(&digits) && ends_word(text, after);
    // The name of the office: `Postboks 123 Sentrum`.
    let office = text.get(after..)?.strip_prefix(' ').filter(|_| fits);
    let office = office.filter(|rest| rest.starts_with(char::is_uppercase));
    let letters = |rest: &str| rest.find(|c: char| !(c.is_alphabetic() || c == ' ' || c == '.'));
    let office = office.map_or(0, |rest| 1 + letters(rest).unwrap_or(rest.len()).min(32));
    fits.then(|| text.floor_char_boundary(after + office))
}

/// The land register number around the digits at `at`: `gnr. 12 bnr. 34`, with a lease or section.
pub(super) fn property(text: &str, at: usize) -> Option<(usize, usize)> {
    // All the words for it end so.
    let gap = count_before(text, at, 16, |byte| matches!(byte, b' ' | b':' | b'.'));
    if !matches!(byte(text, at.checked_sub(gap + 1)?)?, b'r' | b'R') {
        return None;
    }
    let (start, word) = land_word(text, at)?;
    let end = part(text, at)?;
    if LAND.contains(&word.as_str()) {
        let mut end = named_part(text, end, &HOLDINGS)?;
        for others in [&["fnr", "festenr"], &["snr", "seksjonsnr"]] {
            end = named_part(text, end, others).unwrap_or(end);
        }
        return Some((start, end));
    }
    let stroke = |end: usize| {
        let gap = count_from(text, end, 1, |byte| *byte == b' ');
        let next = end + gap + 1;
        let next = next + count_from(text, next, gap, |byte| *byte == b' ');
        (byte(text, end + gap) == Some(b'/')).then(|| part(text, next))?
    };
    if ["matrikkelnr", "matrikkelnummer"].contains(&word.as_str()) {
        let farm = (end - at == 4 && byte(text, end) == Some(b'-')).then(|| part(text, end + 1))?;
        return Some((start, stroke(farm?)?));
    }
    // `Gnr./bnr. 12/34`
    let (start, farm) = HOLDINGS.contains(&word.as_str()).then(|| land_word(text, start))??;
    LAND.contains(&farm.as_str()).then(|| Some((start, stroke(end)?)))?
}

/// Words for the first part of a land register number, the farm, and for the second, the holding.
const LAND: [&str; 5] = ["gnr", "gårdsnr", "gardsnr", "gårdsnummer", "gardsnummer"];
const HOLDINGS: [&str; 3] = ["bnr", "bruksnr", "bruksnummer"];

/// Where the word begins that stands right before byte `at`, in lower case.
fn land_word(text: &str, at: usize) -> Option<(usize, String)> {
    let from = text.ceil_char_boundary(at.saturating_sub(24));
    let before = text.get(from..at)?.trim_end_matches([' ', ':', '.', '/', ',']);
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next()?;
    Some((from + before.len() - word.len(), lower(word)))
}

/// The byte after up to five digits at `at`.
fn part(text: &str, at: usize) -> Option<usize> {
    let digits = count_from(text, at, 6, u8::is_ascii_digit);
    (1..=5).contains(&digits).then_some(at + digits)
}

/// The byte after the digits that one of `words` names, close behind `at`.
fn named_part(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    let filler = |byte: &u8| matches!(byte, b' ' | b',' | b'/' | b'(' | b')' | b'.' | b':');
    let start = at + count_from(text, at, 3, filler);
    let letters = count_from(text, start, 12, u8::is_ascii_alphabetic);
    let word = text.get(start..start + letters)?.to_ascii_lowercase();
    let end = start + letters;
    let digits = end + count_from(text, end, 3, filler);
    words.contains(&word.as_str()).then(|| part(text, digits))?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Planted fault that this caught: of the endings with the same two bytes only one was kept.
    #[test]
    fn endings_are_found_by_their_last_two_bytes() {
        for (word, _) in STREETS {
            for word in [word.to_string(), format!("kirke{word}"), format!("{word}x")] {
                assert_eq!(longest(alike(&word), &word), longest(STREETS, &word), "{word}");
            }
        }
        assert_eq!(longest(alike(""), ""), None);
    }
}
