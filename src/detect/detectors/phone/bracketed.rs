//! Foreign numbers with brackets, as they stand in English letters: `+1 (212) 555-0123`, `+44 (0)20 7946 0958`.

use crate::detect::dialling;
use crate::detect::letters::text_of_digits;
use crate::detect::{Hit, Number};
use crate::model::{Confidence, Evidence, EvidenceSet};

use super::{hit, series_abroad};

/// Bytes of the longest such number from its plus on.
const MOST_BYTES: usize = 26;

/// Bytes from the plus to what follows the brackets, at most: `+358 (0123) `.
const LEAD: usize = 12;

/// Digits of the longest number: ITU-T E.164.
const MOST_DIGITS: usize = 15;

/// The number of which `number` are the digits behind the brackets.
pub(super) fn read(text: &str, number: &Number) -> Option<Hit> {
    let before = text.get(..number.start)?;
    let bracket = before.strip_suffix(' ').unwrap_or(before).strip_suffix(')')?;
    let from = text.ceil_char_boundary(before.len().saturating_sub(LEAD));
    let start = from + bracket.get(from..)?.rfind('+')?;
    if dialling::touches_word(text, start) {
        return None;
    }
    let (digits, end) = digits(text, start + 1)?;
    let series = series_abroad(*digits.first_chunk::<5>()?, digits.len())?;
    let evidence = EvidenceSet::EMPTY.with(Evidence::Prefix);
    let canonical = text_of_digits("+", &digits);
    let ends = end > number.start && dialling::ends_free(text, end);
    ends.then(|| hit(series, start..end, Confidence::High, evidence, canonical))
}

/// The digits from byte `start` on, without a zero in brackets that is dialled inside the country only, and the byte
/// after the last. One pair of brackets belongs to them.
fn digits(text: &str, start: usize) -> Option<(Vec<u8>, usize)> {
    let (mut digits, mut end, mut depth) = (Vec::with_capacity(MOST_DIGITS), start, 0_u8);
    let written = text.as_bytes().get(start..)?;
    let mut last = b'+';
    for (at, byte) in written.iter().enumerate().take(MOST_BYTES) {
        match byte {
            b'0' if last == b'(' && written.get(at + 1) == Some(&b')') => {}
            b'0'..=b'9' => {
                digits.push(byte - b'0');
                end = start + at + 1;
            }
            b'(' if depth == 0 => depth = 1,
            b')' if depth == 1 => depth = 2,
            b' ' | b'-' | b'.' if last != *byte => {}
            _ => break,
        }
        last = *byte;
    }
    (depth == 2 && digits.len() <= MOST_DIGITS).then_some((digits, end))
}
