//! Identity numbers whose digits were torn apart: by the line breaks and wide gaps of PDF text, by
//! boxes of a form (`1 5 1 0 8 6 …`), by separators in odd places. It only gathers digits; what they
//! are is judged elsewhere.
//!
//! Eleven digits in any such form need a label right before them or a header: chance alone passes once
//! in 1,700. Only a date and five digits on two lines, or with a wide gap between, are gathered without.

use std::ops::Range;

use super::context;
use super::detector::Window;
use super::identity;
use super::number::{free_after, free_before};
use super::spot::Spot;
use super::words::Concepts;

/// Digits that are gathered, at most: a date with its whole year, and five.
const MOST: usize = 13;

/// Bytes between two digits, at most.
const GAP_BYTES: usize = 24;

/// Bytes from the first digit to the last, at most.
const SPAN_BYTES: usize = 100;

/// Bytes between the label and the first digit, at most.
const LABEL_WITHIN: usize = 24;

/// Digits that were gathered, and where they stand.
pub(super) struct Torn {
    pub digits: [u8; 11],
    /// The four digits of the year, where they are written.
    pub year: Option<[u8; 4]>,
    pub span: Range<usize>,
    /// Whether a label or header says that the number is one of a person.
    pub labelled: bool,
}

/// The digits from byte `start` on, where they may be a torn identity number. `labels` are the words
/// that name one.
pub(super) fn read(
    window: &Window<'_>,
    start: usize,
    spot: &Spot,
    labels: Concepts,
) -> Option<Torn> {
    let may_be = may_hold_enough(window.text.as_bytes().get(start..)?);
    if !may_be || !free_before(window.text, start) {
        return None;
    }
    let gathered = Gathered::from(window.text, start)?;
    let torn = |count: usize| {
        let end = gathered
            .ends
            .get(count - 1)
            .copied()
            .filter(|_| count <= gathered.count)?;
        free_after(window.text, end).then_some(start..end)
    };
    let (short, long) = (torn(11), torn(13));
    if short.is_none() && long.is_none() {
        return None;
    }
    let (bare, (with_year, year)) = (gathered.bare(), gathered.with_year());
    // The words are asked last: they cost more than the control digits.
    let sound = |span: &Option<_>, digits| span.is_some() && identity::parse(digits).is_some();
    if !sound(&short, bare) && !sound(&long, with_year) {
        return None;
    }
    let labelled = spot.header.meet(labels) || is_labelled(window, spot, start, labels);
    let short = short.filter(|_| labelled || gathered.parts_at(6, 11));
    if let Some(span) = short {
        return Some(Torn {
            digits: bare,
            year: None,
            span,
            labelled,
        });
    }
    let long = long.filter(|_| gathered.parts_at(8, 13))?;
    Some(Torn {
        digits: with_year,
        year: Some(year),
        span: long,
        labelled,
    })
}

/// Digits that a torn number has, at least.
const FEWEST: usize = 11;

/// Whether the bytes begin with enough digits for a number, without ASCII between them that tears
/// none: told at less cost than what they are.
fn may_hold_enough(bytes: &[u8]) -> bool {
    if bytes.len() < FEWEST {
        return false;
    }
    let mut digits = 0;
    for byte in bytes.iter().take(SPAN_BYTES + MOST + 4) {
        if byte.is_ascii_digit() {
            digits += 1;
        } else if byte.is_ascii() && !is_filler(char::from(*byte)) {
            break;
        }
    }
    digits >= FEWEST
}

/// Digits with what stands between them.
struct Gathered {
    digits: [u8; MOST],
    /// The byte after each digit.
    ends: [usize; MOST],
    /// Whether before each digit a line ends or a wide gap stands.
    torn: [bool; MOST],
    count: usize,
}

impl Gathered {
    /// At most 13 digits from `start` on; `None` where fewer than eleven stand together.
    fn from(text: &str, start: usize) -> Option<Self> {
        let mut all = Self {
            digits: [0; MOST],
            ends: [0; MOST],
            torn: [false; MOST],
            count: 0,
        };
        let mut gap = start..start;
        for (at, c) in text.get(start..)?.char_indices() {
            let at = start + at;
            if let Some(digit) = c.to_digit(10) {
                let between = text.get(gap.clone()).unwrap_or_default();
                let wide = between.contains(['\n', '\t']) || between.contains("  ");
                let end = at + c.len_utf8();
                (all.digits[all.count], all.ends[all.count]) = (u8::try_from(digit).ok()?, end);
                all.torn[all.count] = wide;
                gap = end..end;
                all.count += 1;
                if all.count == MOST {
                    break;
                }
            } else if is_filler(c) && at - gap.start < GAP_BYTES && at - start < SPAN_BYTES {
                gap.end = at + c.len_utf8();
            } else {
                break;
            }
        }
        (all.count >= FEWEST).then_some(all)
    }

    /// The first eleven digits.
    fn bare(&self) -> [u8; 11] {
        std::array::from_fn(|at| self.digits[at])
    }

    /// All digits but the century, and the whole year.
    fn with_year(&self) -> ([u8; 11], [u8; 4]) {
        let digits = std::array::from_fn(|at| self.digits[if at < 4 { at } else { at + 2 }]);
        (digits, std::array::from_fn(|at| self.digits[at + 4]))
    }

    /// Whether of the first `count` digits only the one at `place` is torn off, and the others before
    /// it are a date as it is written.
    fn parts_at(&self, place: usize, count: usize) -> bool {
        let torn = self.torn.iter().take(count).enumerate();
        torn.filter(|(_, torn)| **torn)
            .map(|(at, _)| at)
            .eq([place])
            && self.joined(place, count)
            && (self.joined(0, place)
                || self.joined(0, 2) && self.joined(2, 4) && self.joined(4, place))
    }

    /// Whether nothing stands between the digits from `from` up to `to`.
    fn joined(&self, from: usize, to: usize) -> bool {
        let ends = self.ends.get(from..to).unwrap_or_default();
        ends.windows(2).all(|pair| pair[0] + 1 == pair[1])
    }
}

/// What may stand between the digits of a torn number.
fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | '/' | '|' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}'
        )
        || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Whether the words right before name such a number, and no other digits stand between.
fn is_labelled(window: &Window<'_>, spot: &Spot, start: usize, labels: Concepts) -> bool {
    let before = context::before(window, spot, start);
    let first = |gap: usize| {
        let from = start.saturating_sub(gap);
        let between = window.text.get(window.text.ceil_char_boundary(from)..start);
        between.is_some_and(|between| !between.contains(|c: char| c.is_ascii_digit()))
    };
    if before.nearest.is_empty() {
        return before.above.meet(labels) && first(LABEL_WITHIN);
    }
    before.nearest.meet(labels) && before.gap <= LABEL_WITHIN && first(before.gap)
}
