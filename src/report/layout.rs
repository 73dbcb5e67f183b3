//! Text laid out for a terminal of 80 columns: padding, wrapping, figures.
//!
//! Widths are those of terminal columns, so that æ, ø, å and wide characters line up.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::model::Lang;

/// Columns that a line may take.
pub(super) const COLUMNS: usize = 80;

/// Text filled up with spaces to a width in terminal columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A path that fits into `width` columns: its beginning is left out, because its end tells more.
#[must_use]
pub fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let tail = text.chars().rev().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= width
    });
    let tail: Vec<char> = tail.collect();
    std::iter::once('…').chain(tail.into_iter().rev()).collect()
}

/// Writes text in lines of at most [`COLUMNS`], broken between words: the first line indented by
/// `indent` columns, the following ones by `hanging`. A word that is wider than a line stays whole.
pub(super) fn wrapped(
    out: &mut dyn Write,
    (indent, hanging): (usize, usize),
    text: &str,
) -> io::Result<()> {
    let mut line = " ".repeat(indent);
    let mut used = indent;
    let mut empty = true;
    for word in text.split(' ') {
        let width = word.width();
        if !empty && used + 1 + width > COLUMNS {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(hanging);
            used = hanging;
            empty = true;
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
        empty = false;
    }
    writeln!(out, "{}", line.trim_end())
}

/// A number with a space that does not break between thousands.
#[must_use]
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + 8);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{00A0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size in a unit that leaves one to three digits before the decimal mark.
#[must_use]
pub fn size(bytes: u64, lang: Lang) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let (mut unit, mut whole) = (0, 1);
    let tenths = |whole: u128| (u128::from(bytes) * 10 + whole / 2) / whole;
    while tenths(whole) >= 10_000 && unit + 1 < UNITS.len() {
        whole *= 1000;
        unit += 1;
    }
    let tenths = tenths(whole);
    let name = UNITS.get(unit).copied().unwrap_or_default();
    let mark = match lang {
        Lang::Nb | Lang::Nn => ',',
        Lang::En => '.',
    };
    if unit == 0 {
        format!("{bytes} {name}")
    } else {
        format!("{}{mark}{} {name}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sizes_and_paths_are_written_for_people() {
        assert_eq!(number(1_234_567), "1\u{A0}234\u{A0}567");
        assert_eq!(size(999, Lang::Nb), "999 B");
        assert_eq!(size(1_400_000, Lang::Nb), "1,4 MB");
        assert_eq!(size(2694, Lang::Nb), "2,7 kB");
        assert_eq!(size(999_960, Lang::Nb), "1,0 MB");
        assert_eq!(size(1_400_000, Lang::En), "1.4 MB");
        assert_eq!(shortened("hr/rekruttering/søknad.docx", 12), "…søknad.docx");
        assert_eq!(padded("blå", 5), "blå  ");
    }

    #[test]
    fn long_text_is_broken_between_words_and_words_stay_whole() {
        let long = "x".repeat(90);
        let text = format!("{} {long} slutt", "ærlig talt ".repeat(9).trim_end());
        let mut out = Vec::new();
        wrapped(&mut out, (2, 4), &text).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(
            out.split_whitespace().collect::<Vec<_>>(),
            text.split(' ').collect::<Vec<_>>()
        );
        let lines: Vec<&str> = out.lines().collect();
        assert!(
            lines
                .iter()
                .all(|line| line.width() <= COLUMNS || line.contains(&long))
        );
        assert!(
            lines[0].starts_with("  ær") && lines[1].starts_with("    "),
            "{out}"
        );
    }
}
