//! Identity numbers that are split in two: a birth date, and a personnummer of five digits under its
//! own label or in its own column. It only joins digits; what they are is judged elsewhere, and
//! numbers that are torn apart without a second label are read by `torn`.

use std::ops::Range;

use super::context;
use super::detector::Window;
use super::headers;
use super::identity;
use super::number::{Number, free_after, free_before};
use super::phrases;
use super::spot::Spot;
use super::words::{Concepts, sense};
use crate::model::{Evidence, EvidenceSet};

/// How far behind a date the label of a personnummer may begin, in bytes.
const LABEL_WITHIN: usize = 40;

/// How far the five digits may stand behind their label, in bytes.
const DIGITS_WITHIN: usize = 12;

/// Digits that were joined, and where they stand.
pub(super) struct Joined {
    pub digits: [u8; 11],
    /// The year, where the date is written with four digits of it.
    pub year: Option<i16>,
    pub span: Range<usize>,
    pub evidence: EvidenceSet,
}

/// A date as people write it: day, month and year as six digits.
struct WrittenDate {
    digits: [u8; 6],
    year: Option<i16>,
    groups: usize,
}

/// The year that four digits write.
pub(super) fn year(digits: &[u8]) -> i16 {
    digits
        .iter()
        .fold(0, |year, digit| year * 10 + i16::from(*digit))
}

/// A date at `number`, and behind it a labelled personnummer.
pub(super) fn in_text(number: &Number, window: &Window<'_>) -> Option<Joined> {
    let date = date(number)?;
    let date_end = number.end(date.groups);
    let to = (date_end + LABEL_WITHIN).min(window.text.len());
    let near = window.text.as_bytes().get(date_end..to)?;
    // All words for it begin with a p.
    memchr::memchr2(b'p', b'P', near)?;
    if !free_before(window.text, number.start) || !free_after(window.text, date_end) {
        return None;
    }
    let behind = window
        .text
        .get(date_end..window.text.floor_char_boundary(to))?;
    let label_end = date_end + label(behind)?;
    let to = window.text.floor_char_boundary(label_end + LABEL_WITHIN);
    let rest = window.text.get(label_end..to)?;
    let bare = without_remark(rest);
    let offset = bare.find(|c: char| c.is_ascii_digit())?;
    if offset > DIGITS_WITHIN {
        return None;
    }
    let start = label_end + rest.len() - bare.len() + offset;
    let serial = Number::read(window.text.as_bytes(), start, number.spot)?;
    let end = serial.end(1);
    if !serial.begins(&[5]) || !serial.stands_free(window, 1) {
        return None;
    }
    Some(Joined {
        digits: join(date.digits, serial.digits(0)?),
        year: date.year,
        span: number.start..end,
        evidence: EvidenceSet::EMPTY.with(Evidence::Label),
    })
}

/// How far behind a labelled personnummer the birth date may begin, in bytes.
const DATE_WITHIN: usize = 60;

/// Five digits behind a label that says personnummer, and behind them a labelled birth date:
/// `pnr. 95088, født 15.10.1986`.
pub(super) fn serial_first(number: &Number, window: &Window<'_>) -> Option<Joined> {
    if !number.begins(&[5]) || !number.stands_free(window, 1) {
        return None;
    }
    let before = context::before(window, &number.spot, number.start);
    if !before.nearest.meet(Concepts::SERIAL) || before.gap > LABEL_WITHIN {
        return None;
    }
    let from = number.end(1);
    let to = window.text.floor_char_boundary(from + DATE_WITHIN);
    let behind = window.text.get(from..to)?;
    let named = context::words(behind)
        .find(|(word, _)| sense(&word.to_lowercase()).meet(Concepts::BIRTH))?;
    let mut at = from + named.1.end;
    // The label may say how many digits are asked for: `Fødselsdato (6 siffer)`.
    let (date, end) = loop {
        let rest = window.text.get(at..to)?;
        at += rest.find(|c: char| c.is_ascii_digit())?;
        let found = Number::read(window.text.as_bytes(), at, number.spot)?;
        if let Some(date) = date(&found) {
            let end = found.end(date.groups);
            break (date, end);
        }
        at = found.end(1);
    };
    free_after(window.text, end).then_some(Joined {
        digits: join(date.digits, number.digits(0)?),
        year: date.year,
        span: number.start..end,
        evidence: EvidenceSet::EMPTY.with(Evidence::Label),
    })
}

/// What follows a remark in brackets that says how many digits are asked for: `Personnummer (5 siffer): 95088`.
fn without_remark(text: &str) -> &str {
    let remark = text.trim_start().strip_prefix('(');
    remark
        .and_then(|inside| inside.split_once(')'))
        .map_or(text, |(_, rest)| rest)
}

/// The byte after a word that says personnummer.
fn label(text: &str) -> Option<usize> {
    let mut at = 0;
    text.split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .find_map(|word| {
            let start = at;
            at += word.len()
                + text
                    .get(at + word.len()..)?
                    .chars()
                    .next()
                    .map_or(0, char::len_utf8);
            // All words for it begin with a p.
            if !word.starts_with(['p', 'P']) {
                return None;
            }
            let bare = word.trim_matches('.').to_lowercase();
            // `Personal number`
            let behind = text.get(start + word.len()..)?.trim_start_matches(' ');
            let next = behind.split(|c: char| !c.is_alphanumeric()).next()?;
            sense(&bare)
                .and(phrases::together(&bare, next))
                .meet(Concepts::SERIAL)
                .then_some(start + word.len())
        })
}

/// Five digits that fill a cell under a header that says personnummer, or three or four that lost
/// their leading zeros, and a birth date in the same row. The span is that of these digits: nothing
/// crosses a cell.
pub(super) fn in_row(number: &Number, window: &Window<'_>) -> Option<Joined> {
    let row = window.row?;
    let span = number.start..number.end(1);
    if !number.spot.header.meet(Concepts::SERIAL) || !window.is_filled_by(&span) {
        return None;
    }
    let serial = match number.lengths() {
        [5] => number.digits::<5>(0)?,
        [4] => padded(number.digits::<4>(0)?),
        [3] => padded(number.digits::<3>(0)?),
        _ => return None,
    };
    // The digits are tried first: the header of a neighbour is asked only when they pass.
    row.others().find_map(|(text, field)| {
        let date = cell_date(text, number.spot)?;
        let digits = join(date.digits, serial);
        identity::parse(digits)?;
        let header = headers::of(&field.name);
        header.meet(Concepts::BIRTH).then_some(Joined {
            digits,
            year: date.year,
            span: span.clone(),
            evidence: EvidenceSet::EMPTY
                .with(Evidence::Header)
                .with_if(number.lengths() != [5], Evidence::LeadingZero),
        })
    })
}

/// The date with which a cell begins.
fn cell_date(text: &str, spot: Spot) -> Option<WrittenDate> {
    let bytes = text.as_bytes();
    bytes.first().filter(|byte| byte.is_ascii_digit())?;
    let number = Number::read(bytes, 0, spot)?;
    date(&number).or_else(|| without_zero(&number))
}

/// A date that fills its cell and lost its leading zero: `51086`, `5101986`.
fn without_zero(number: &Number) -> Option<WrittenDate> {
    match number.lengths() {
        [5] => Some(WrittenDate {
            digits: padded(number.digits::<5>(0)?),
            year: None,
            groups: 1,
        }),
        [7] => {
            let all: [u8; 8] = padded(number.digits::<7>(0)?);
            Some(WrittenDate {
                digits: [all[0], all[1], all[2], all[3], all[6], all[7]],
                year: Some(year(&all[4..])),
                groups: 1,
            })
        }
        _ => None,
    }
}

/// The digits behind as many zeros as are missing.
fn padded<const N: usize, const M: usize>(digits: [u8; N]) -> [u8; M] {
    let mut all = [0; M];
    let behind = all.iter_mut().rev().zip(digits.iter().rev());
    behind.for_each(|(to, from)| *to = *from);
    all
}

/// The date with which a number begins: `15.10.1986`, `15.10.86`, `1986-10-15`, `15101986`, `151086`.
fn date(number: &Number) -> Option<WrittenDate> {
    let exactly = |lengths: &[u8]| number.begins(lengths);
    if exactly(&[2, 2, 4]) || exactly(&[8]) {
        let all = number.digits::<8>(0)?;
        let digits = [all[0], all[1], all[2], all[3], all[6], all[7]];
        return Some(WrittenDate {
            digits,
            year: Some(year(&all[4..])),
            groups: number_groups(number, 8),
        });
    }
    if exactly(&[4, 2, 2]) {
        let all = number.digits::<8>(0)?;
        let digits = [all[6], all[7], all[4], all[5], all[2], all[3]];
        return Some(WrittenDate {
            digits,
            year: Some(year(&all[..4])),
            groups: 3,
        });
    }
    (exactly(&[2, 2, 2]) || exactly(&[6])).then_some(WrittenDate {
        digits: number.digits::<6>(0)?,
        year: None,
        groups: number_groups(number, 6),
    })
}

/// Over how many groups a date is written whose first group may hold all of its `digits`.
fn number_groups(number: &Number, digits: u8) -> usize {
    if number.begins(&[digits]) { 1 } else { 3 }
}

fn join(date: [u8; 6], serial: [u8; 5]) -> [u8; 11] {
    let mut digits = [0; 11];
    digits[..6].copy_from_slice(&date);
    digits[6..].copy_from_slice(&serial);
    digits
}
