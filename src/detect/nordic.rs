//! What the identity numbers of the other Nordic countries have in common: six or eight digits of a
//! date, a separator or none, and four characters.

use std::ops::Range;

use jiff::civil::Date;

use super::detector::Window;
use super::group::{Beside, Lengths, Shape};
use super::letters::{begins_word, count_from, ends_word};
use super::number::{free_after, free_before};

/// Six digits with a hyphen behind them, or ten.
pub(super) const TEN_DIGITS: &[Shape] = &[
    Shape::of(Lengths::of(&[6]))
        .before(Beside::NO_LETTER)
        .after(Beside::HYPHEN.and(Beside::WIDE)),
    Shape::of(Lengths::of(&[10])).free(),
];

/// A number written as a date, a separator and four characters.
pub(super) struct Written<'t> {
    /// Six or eight digits.
    pub date: &'t str,
    /// What stands between, a dash of any width as a hyphen; `None` where nothing does.
    pub separator: Option<char>,
    /// The four characters behind.
    pub tail: &'t str,
    /// All of it.
    pub span: Range<usize>,
}

/// The number whose digits begin at `at`.
pub(super) fn read<'t>(window: &Window<'t>, at: usize) -> Option<Written<'t>> {
    let text = window.text;
    let count = count_from(text, at, 13, u8::is_ascii_digit);
    let (date, apart) = match count {
        6 | 8 => (count, true),
        10 => (6, false),
        12 => (8, false),
        _ => return None,
    };
    let behind = text.get(at + date..)?.chars().next().filter(|_| apart);
    let (separator, width) = match behind {
        Some(dash @ ('\u{2010}'..='\u{2013}' | '\u{2212}')) => (Some('-'), dash.len_utf8()),
        Some(c) if c.is_ascii_graphic() || c == ' ' => (Some(c), 1),
        Some(_) => return None,
        None if apart => return None,
        None => (None, 0),
    };
    let tail_at = at + date + width;
    let span = at..tail_at + 4;
    let written = Written {
        date: text.get(at..at + date)?,
        separator,
        tail: text.get(tail_at..span.end)?,
        span,
    };
    let end = written.span.end;
    let tail = written
        .tail
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric());
    let alone = begins_word(text, at) && free_before(text, at);
    let free = alone && ends_word(text, end) && free_after(text, end);
    (tail && free).then_some(written)
}

/// The two digits of `text` at byte `at` as a number.
pub(super) fn two(text: &str, at: usize) -> Option<i8> {
    text.get(at..at + 2)?.parse().ok()
}

/// Whether there is such a day; in a year of two digits the 29 February of every fourth year.
pub(super) fn is_day(year: i16, month: i8, day: i8) -> bool {
    Date::new(year, month, day).is_ok()
}
