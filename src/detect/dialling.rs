//! The Norwegian telephone plan, and the country codes of the others.
//!
//! Source: Nkom, all number series of Norwegian telephone numbers; ITU-T E.164, list of codes.

use super::number::{Separator, separator_at};

/// What a series of the national plan serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    /// 40-49 and 90-99.
    Mobile,
    /// 20-39, 50-57 and 60-79.
    Fixed,
    /// 800-899: free, shared, premium, company, voice mail.
    Service,
    /// 58 and 59: machines.
    Device,
}

/// The series of eight digits; `None` where none begins so.
pub(super) fn series(digits: [u8; 8]) -> Option<Series> {
    match (digits[0], digits[1]) {
        (4 | 9, _) => Some(Series::Mobile),
        (5, 8 | 9) => Some(Series::Device),
        (2 | 3 | 5..=7, _) => Some(Series::Fixed),
        (8, _) => Some(Series::Service),
        _ => None,
    }
}

/// A country's part of the international plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Country {
    /// Digits of its code.
    pub(super) code: usize,
    /// Least and most digits of a number behind the code.
    pub(super) national: (usize, usize),
}

/// The country whose code these digits begin with; `None` where none has it.
///
/// Lengths: ITU-T E.164 leaves 15 digits to code and number together; those given apart are from the
/// national plans that ITU publishes. Where nothing is given, at least seven.
pub(super) fn country(digits: [u8; 3]) -> Option<Country> {
    let code = country_code(digits)?;
    let national = match digits {
        [1 | 7, ..] => (10, 10),
        [4, 4 | 9, _] => (9, 11),
        [4, 5, _] => (8, 8),
        [3, 1 | 3 | 4, _] | [4, 1 | 8, _] => (9, 9),
        [2, 9, 8 | 9] => (6, 6),
        [3, 7, 6] | [6, 7 | 8, _] => (5, 9),
        _ => (7, 15 - code),
    };
    Some(Country { code, national })
}

/// How many of the first digits are a country code that is assigned.
fn country_code(digits: [u8; 3]) -> Option<usize> {
    match digits {
        [1 | 7, ..] => Some(1),
        [2, 0 | 7, _]
        | [3, 0..=4 | 6 | 9, _]
        | [4, 0 | 1 | 3..=9, _]
        | [5, 1..=8, _]
        | [6, 0..=6, _]
        | [8, 1 | 2 | 4 | 6, _]
        | [9, 0..=5 | 8, _] => Some(2),
        [2, 1, 1 | 2 | 3 | 6 | 8]
        | [2, 2..=4 | 6, _]
        | [2, 5, 0..=8]
        | [2, 9, 0 | 1 | 7..=9]
        | [3, 5 | 7, _]
        | [3, 8, 0..=3 | 5..=7 | 9]
        | [4, 2, 0 | 1 | 3]
        | [5, 0 | 9, _]
        | [6, 7, 0 | 2..=9]
        | [6, 8, 0..=3 | 5..=9]
        | [6, 9, 0..=2]
        | [8, 5, 0 | 2 | 3 | 5 | 6]
        | [8, 0 | 7, 0 | 8]
        | [8, 8, 0 | 1 | 2 | 3 | 6 | 8]
        | [9, 6, 0..=8]
        | [9, 7, 0..=7 | 9]
        | [9, 9, 2..=6 | 8] => Some(3),
        _ => None,
    }
}

/// Whether pairs of digits stand in a row of pairs that are hexadecimal: a dump of bytes.
pub(super) fn in_a_dump(text: &str, span: std::ops::Range<usize>) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    // A digit and a letter, as in `a7`: of letters alone there are words, such as `da` and `be`.
    let is_byte = |word: &str| {
        let hex = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let letter = |byte: u8| byte.is_ascii_alphabetic();
        hex && word.bytes().any(letter) && !word.bytes().all(letter)
    };
    let near = |words: &mut dyn Iterator<Item = &str>| {
        let words = words.take(6).filter(|word| !word.is_empty());
        words.take(2).any(is_byte)
    };
    before.ends_with(' ') && near(&mut before.rsplit(' '))
        || after.starts_with(' ') && near(&mut after.split(' '))
}

/// Whether a country code of Norway stands right before, whose own anchor has the number.
pub(super) fn is_prefixed(before: &str) -> bool {
    let trimmed = before.strip_suffix([' ', '\u{a0}', '\u{202f}', '\u{2009}', '-', '.']);
    let Some(rest) = trimmed.and_then(|trimmed| trimmed.strip_suffix("47")) else {
        return false;
    };
    !rest.ends_with(|c: char| c.is_alphanumeric()) || rest.ends_with("00")
}

/// Whether a group of at most `most` digits stands right before, with the same separator between.
pub(super) fn group_before(text: &str, start: usize, separator: Separator, most: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(width) = (1..=3).find(|width| {
        start
            .checked_sub(*width)
            .and_then(|at| separator_at(bytes, at))
            == Some((separator, *width))
    }) else {
        return false;
    };
    let before = bytes.get(..start - width).unwrap_or_default();
    let digits = before
        .iter()
        .rev()
        .take(most + 1)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (1..=most).contains(&digits)
}

/// Whether a letter or digit stands right before byte `at`.
pub(super) fn touches_word(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_some_and(char::is_alphanumeric)
}

/// Whether no letter or digit follows byte `end`, and no decimals.
pub(super) fn ends_free(text: &str, end: usize) -> bool {
    super::number::free_after(text, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_follow_the_plan() {
        let of = |text: &str| {
            let digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
            series(digits.try_into().unwrap())
        };
        assert_eq!(of("21234567"), Some(Series::Fixed));
        assert_eq!(of("44000000"), Some(Series::Mobile));
        assert_eq!(of("79123456"), Some(Series::Fixed));
        assert_eq!(of("59123456"), Some(Series::Device));
        assert_eq!(of("81512345"), Some(Series::Service));
        assert_eq!(of("12345678"), None);
        assert_eq!(of("02000000"), None);
    }

    #[test]
    fn a_code_must_be_assigned_and_the_number_behind_it_long_enough() {
        let country = |text: &str| {
            country(
                text.as_bytes()
                    .first_chunk::<3>()
                    .map(|d| d.map(|b| b - b'0'))
                    .unwrap(),
            )
        };
        assert_eq!(country("468").map(|one| one.code), Some(2));
        assert_eq!(country("358").map(|one| one.code), Some(3));
        assert_eq!(country("123").map(|one| one.national), Some((10, 10)));
        for nobody in ["214", "210", "699", "999", "283", "429"] {
            assert_eq!(country(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn pairs_among_bytes_are_a_dump() {
        let dump = "0200   64 59 84 44  32 a7 da 92";
        assert!(in_a_dump(dump, 7..18));
        assert!(in_a_dump("06f0   45 12 90 48  e6 a0", 7..18));
        assert!(!in_a_dump("tlf 64 59 84 44 da be oss", 4..15));
        assert!(!in_a_dump("ring 64 59 84 44 i dag", 5..16));
        assert!(!in_a_dump("64 59 84 44", 0..11));
    }

    #[test]
    fn neighbours_with_the_same_separator_are_seen() {
        let text = "12 21 23 45 67";
        assert!(group_before(text, 3, Separator::Space, 3));
        assert!(!group_before("0184 21 23 45 67", 5, Separator::Space, 3));
        assert!(is_prefixed("ring +47 ") && is_prefixed("0047-") && !is_prefixed("(+47) "));
    }
}
