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

/// How many of the first digits are a country code.
pub(super) fn country_code(digits: [u8; 3]) -> Option<usize> {
    match digits {
        [1 | 7, ..] => Some(1),
        [2, 0 | 7, _]
        | [3, 0..=4 | 6 | 9, _]
        | [4, 0 | 1 | 3..=9, _]
        | [5, 1..=8, _]
        | [6, 0..=6, _]
        | [8, 1 | 2 | 4 | 6, _]
        | [9, 0..=5 | 8, _] => Some(2),
        [2, 1..=6 | 8 | 9, _]
        | [3, 5 | 7 | 8, _]
        | [4, 2, _]
        | [5, 0 | 9, _]
        | [6, 7..=9, _]
        | [8, 0 | 5 | 7 | 8, _]
        | [9, 6 | 7 | 9, _] => Some(3),
        _ => None,
    }
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
    fn neighbours_with_the_same_separator_are_seen() {
        let text = "12 21 23 45 67";
        assert!(group_before(text, 3, Separator::Space, 3));
        assert!(!group_before("0184 21 23 45 67", 5, Separator::Space, 3));
        assert!(is_prefixed("ring +47 ") && is_prefixed("0047-") && !is_prefixed("(+47) "));
    }
}
