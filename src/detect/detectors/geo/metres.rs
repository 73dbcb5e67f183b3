//! Positions in metres: east and north in a zone of UTM, as maps and registers of property write them.

use std::ops::{Range, RangeInclusive};

use crate::detect::Lengths;
use crate::detect::letters::{begins_word, count_from};

/// How many digits stand before the decimals: of the east, of the north.
pub(super) const LENGTHS: Lengths = Lengths::of(&[6, 7]);

/// Metres from the equator: from the south of Norway to the north of Svalbard.
const NORTH: RangeInclusive<u32> = 6_400_000..=9_000_000;
/// Metres as they are counted in the zones over Norway, those of six digits.
const EAST: RangeInclusive<u32> = 100_000..=999_999;
/// Zones that are used for Norway, Svalbard included.
const ZONES: RangeInclusive<u32> = 31..=37;
/// How far back the word UTM may stand, in bytes.
const WITHIN: usize = 32;
/// What may stand before a number of metres, longest first.
const LABELS: [&str; 15] = [
    "north", "North", "nord", "Nord", "east", "East", "øst", "Øst", "aust", "Aust", "N", "E", "Ø", "X", "Y",
];

/// The bytes of a position whose first number begins at `at`, with its zone where that stands right before it.
pub(super) fn pair(text: &str, at: usize) -> Option<Range<usize>> {
    if !begins_word(text, at) {
        return None;
    }
    let (first, end) = metres(text, at)?;
    let rest = text.get(end..)?;
    let behind = without_label(rest.strip_prefix(' ').unwrap_or(rest));
    let behind = behind.strip_prefix([',', ';']).unwrap_or(behind);
    let behind = without_label(behind.trim_start_matches(' '));
    let second_at = text.len() - behind.trim_start_matches([' ', ':', '=']).len();
    // Spaces are few: what is behind them must be near.
    let (second, second_end) = metres(text, second_at).filter(|_| (1..=12).contains(&(second_at - end)))?;
    let are = |east: u32, north: u32| EAST.contains(&east) && NORTH.contains(&north);
    if are(first, second) || are(second, first) {
        return Some(zone_before(text, at)?..second_end);
    }
    None
}

/// Whole metres, and the byte after them and their decimals.
fn metres(text: &str, at: usize) -> Option<(u32, usize)> {
    let whole = count_from(text, at, 8, u8::is_ascii_digit);
    let value = text.get(at..at + whole).filter(|_| LENGTHS.has(whole))?.parse().ok()?;
    let end = at + whole;
    let decimals = text.get(end..)?.strip_prefix(['.', ',']);
    let decimals = decimals.map_or(0, |rest| count_from(rest, 0, 4, u8::is_ascii_digit));
    // A comma with nothing behind it parts the two numbers.
    Some((value, if (1..=3).contains(&decimals) { end + 1 + decimals } else { end }))
}

/// What follows the name of an axis, or the text where none stands there.
fn without_label(text: &str) -> &str {
    let label = LABELS.iter().find_map(|label| text.strip_prefix(label));
    label.filter(|rest| !rest.starts_with(char::is_alphabetic)).unwrap_or(text)
}

/// Where the position begins: at a zone such as `32V` right before byte `at`, or at `at` where UTM is named on the line.
fn zone_before(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let close = before.trim_end_matches([' ', ':', ',']);
    if let Some(digits) = close.strip_suffix(['V', 'W', 'X']) {
        let start = digits.len().checked_sub(2)?;
        let zone = digits.get(start..).and_then(|zone| zone.parse().ok());
        if zone.is_some_and(|zone| ZONES.contains(&zone)) && begins_word(text, start) {
            return Some(start);
        }
    }
    let near = before.get(before.ceil_char_boundary(at.saturating_sub(WITHIN))..)?;
    let line = near.rsplit('\n').next()?.as_bytes();
    line.windows(3).any(|word| word.eq_ignore_ascii_case(b"utm")).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn metres_need_their_zone_and_lie_in_norway() {
        let found = |text: &str, first: &str| {
            let at = text.find(first)?;
            pair(text, at).and_then(|span| text.get(span).map(str::to_owned))
        };
        for (text, first, whole) in [
            ("32V 598123 6643010", "598123", "32V 598123 6643010"),
            ("UTM 33 262345, 6649876", "262345", "262345, 6649876"),
            ("UTM33: X: 262345.12 Y: 6649876.5", "262345", "262345.12 Y: 6649876.5"),
            ("EUREF89 UTM sone 32 N 6643010 E 598123", "6643010", "6643010 E 598123"),
            ("utm32 6643010N 598123E", "6643010", "6643010N 598123"),
            ("UTM 33: Øst 262000 Nord 6650000", "262000", "262000 Nord 6650000"),
        ] {
            assert_eq!(found(text, first).as_deref(), Some(whole), "{text}");
        }
        for (text, first) in [
            ("598123 6643010", "598123"),
            ("UTM 598123 1643010", "598123"),
            ("UTM 6643010 6643011", "6643010"),
            ("UTM 598123 og mange ord 6643010", "598123"),
            ("UTM\n598123 6643010", "598123"),
            ("12V 598123 6643010", "598123"),
            ("A32V 598123 6643010", "598123"),
        ] {
            assert_eq!(found(text, first), None, "{text}");
        }
    }
}
