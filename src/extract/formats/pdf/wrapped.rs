//! Cells of tables whose text is broken over lines: put together again, so that a row is a line, with tabs
//! between its cells, as where each cell is one line.
//!
//! A PDF knows no tables, but programs draw a row cell by cell: after the last line of one, the first line of
//! the next stands at the height where that one began. Only rows of three cells and more are put together;
//! two blocks beside each other are as often those of a letter's head.

/// A run of glyphs on a line, up to a tab or a line break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    /// Where it begins in the page's text.
    pub(super) start: usize,
    /// Where it begins and ends along the line.
    pub(super) left: f64,
    pub(super) right: f64,
    /// How high its line stands.
    pub(super) height: f64,
    pub(super) size: f64,
}

/// Fewest cells of a row.
const FEWEST_CELLS: usize = 3;
/// Most cells of a row.
const MOST_CELLS: usize = 64;
/// Most lines of a cell.
const MOST_LINES: usize = 8;
/// Lines of one cell begin no further from each other than this part of the size.
const EDGE: f64 = 0.3;
/// They stand no further below each other than this part of the size.
const LEADING: f64 = 1.8;
/// A line that ends so near the longest one of its cell, in parts of the size, is full: a word that is
/// broken in it is.
const FULL: f64 = 1.0;

/// The page's text with its rows put together; `None` where there is nothing to put together.
pub(super) fn joined(text: &str, chunks: &[Chunk]) -> Option<String> {
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while at < chunks.len() {
        let row = Row::from(chunks, at);
        if row.is_wrapped() {
            let first = chunks.get(at)?.start;
            let last = at + row.len();
            let end = chunks.get(last).map_or(text.len(), |next| next.start);
            out.push_str(text.get(copied..first)?);
            row.write(text, chunks, &mut out);
            copied = end;
            if last < chunks.len() {
                out.push('\n');
            }
            at = last;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

/// A row: its cells as ranges of chunks.
struct Row {
    cells: Vec<std::ops::Range<usize>>,
}

impl Row {
    /// The row that begins with the chunk `at`, as far as it goes.
    fn from(chunks: &[Chunk], at: usize) -> Self {
        let first = at..at + 1;
        let mut cells = vec![first];
        let own = |at: usize| chunks.get(at).copied();
        let mut next = at + 1;
        while let (Some(chunk), Some(cell)) = (own(next), cells.last_mut())
            && let (Some(first), Some(last)) = (own(cell.start), own(next - 1))
        {
            let size = first.size.max(chunk.size);
            let drop = last.height - chunk.height;
            let goes_on = drop > EDGE * size
                && drop < LEADING * size
                && (chunk.left - first.left).abs() < EDGE * size
                && cell.len() < MOST_LINES;
            let widest = chunks.get(cell.clone()).unwrap_or_default();
            let edge = widest.iter().map(|line| line.right).fold(first.right, f64::max);
            let beside = (chunk.height - first.height).abs() < EDGE * size && chunk.left > edge;
            if goes_on {
                cell.end = next + 1;
            } else if beside && cells.len() < MOST_CELLS {
                cells.push(next..next + 1);
            } else {
                break;
            }
            next += 1;
        }
        Self { cells }
    }

    /// Whether it is one of a table, and a cell has several lines.
    fn is_wrapped(&self) -> bool {
        self.cells.len() >= FEWEST_CELLS && self.cells.iter().any(|cell| cell.len() > 1)
    }

    /// How many chunks it has.
    fn len(&self) -> usize {
        self.cells.iter().map(ExactSizeIterator::len).sum()
    }

    fn write(&self, text: &str, chunks: &[Chunk], out: &mut String) {
        for (column, cell) in self.cells.iter().enumerate() {
            if column > 0 {
                out.push('\t');
            }
            let lines = chunks.get(cell.clone()).unwrap_or_default();
            let ends = chunks.iter().skip(cell.start + 1).map(|next| next.start).chain([text.len()]);
            let parts: Vec<&str> = lines
                .iter()
                .zip(ends)
                .map(|(line, end)| text.get(line.start..end).unwrap_or_default())
                .map(|part| part.trim_end_matches(['\n', '\t']))
                .collect();
            out.push_str(&cell_text(&parts, lines));
        }
    }
}

/// The text of a cell. Where a line is full and one word, that word goes on in the next line, if it is an
/// address or a number: words of letters alone are told from two words by nothing.
fn cell_text(parts: &[&str], lines: &[Chunk]) -> String {
    let right = lines.iter().map(|line| line.right).fold(f64::MIN, f64::max);
    let mut text = String::new();
    for (at, (part, line)) in parts.iter().zip(lines).enumerate() {
        let (bare, next) = (part.trim(), parts.get(at + 1).map_or("", |next| next.trim()));
        text.push_str(part);
        if next.is_empty() {
            continue;
        }
        let full = right - line.right < FULL * line.size && !bare.contains(' ');
        let whole = parts.concat();
        let hyphen = bare.strip_suffix('-').is_some_and(|own| own.ends_with(char::is_alphabetic));
        let breaks = part.ends_with(' ')
            || hyphen
            || full && (whole.contains('@') && !whole.contains(' ') || is_number(bare, next));
        if !breaks {
            text.push(' ');
        }
    }
    text
}

/// Whether two lines are one number: neither is one by itself, and both together are as long as a telephone
/// number or one of a person or an account.
fn is_number(one: &str, other: &str) -> bool {
    let of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '/');
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let both = digits(one) + digits(other);
    let split = one.ends_with(['.', '-', '/']);
    one.starts_with(|c: char| c.is_ascii_digit())
        && one.chars().chain(other.chars()).all(of_number)
        && (split || matches!(both, 8 | 9 | 11) && digits(one) > 4 && digits(one) != 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of lines: where each begins, how high it stands, and what it says. Letters are half as wide as
    /// they are high.
    fn page(lines: &[(f64, f64, &str)]) -> String {
        let (mut text, mut chunks) = (String::new(), Vec::<Chunk>::new());
        for (left, height, line) in lines {
            if let Some(last) = chunks.last() {
                text.push(if (last.height - height).abs() < 1.0 && *left > last.right { '\t' } else { '\n' });
            }
            #[expect(clippy::cast_precision_loss, reason = "lines are short")]
            let right = left + line.trim_end().len() as f64 * 5.0;
            chunks.push(Chunk { start: text.len(), left: *left, right, height: *height, size: 10.0 });
            text.push_str(line);
        }
        joined(&text, &chunks).unwrap_or(text)
    }

    #[test]
    fn a_row_of_wrapped_cells_is_one_line() {
        let text = page(&[
            (0.0, 100.0, "Liste"),
            (0.0, 80.0, "Navn"), (60.0, 80.0, "E-post"), (120.0, 80.0, "Tlf"),
            (0.0, 66.0, "Kari-"), (0.0, 54.0, "Prøve"),
            (60.0, 66.0, "kari.pro"), (60.0, 54.0, "ve@firma"), (60.0, 42.0, ".no"),
            (120.0, 66.0, "40 61"), (120.0, 54.0, "23 45"),
            (0.0, 28.0, "Liv"), (60.0, 28.0, "liv@x.no"), (120.0, 28.0, "1503401"), (120.0, 16.0, "2345"),
            (0.0, 0.0, "Slutt"),
        ]);
        let wanted = "Liste\nNavn\tE-post\tTlf\nKari-Prøve\tkari.prove@firma.no\t40 61 23 45\nLiv\tliv@x.no\t15034012345\nSlutt";
        assert_eq!(text, wanted);
    }

    #[test]
    fn blocks_and_columns_stay_as_they_are() {
        let letter = [
            (0.0, 100.0, "Kari Prøve"), (0.0, 88.0, "Storgata 1"), (0.0, 76.0, "0184 Oslo"),
            (200.0, 100.0, "Dato"), (200.0, 88.0, "Vår ref"),
        ];
        let plain = |lines: &[(f64, f64, &str)]| {
            lines.iter().map(|(_, _, line)| *line).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(page(&letter), plain(&letter));
        let columns: Vec<(f64, f64, &str)> = [0.0, 200.0, 400.0]
            .into_iter()
            .flat_map(|left| (0..20).map(move |line| (left, 500.0 - 12.0 * f64::from(line), "linje i en spalte")))
            .collect();
        assert_eq!(page(&columns), plain(&columns));
    }

    #[test]
    fn only_what_is_no_number_by_itself_is_joined() {
        for (one, other, wanted) in [
            ("1503.40.1", "2345", true), ("22.03.", "1981", true), ("15888610", "046", false),
            ("2024", "2025", false), ("15888610046", "15888610127", false), ("40612345", "1", false),
            ("406 12", "345", false), ("Kari", "2345678", false), ("1503401", "2345", true),
        ] {
            assert_eq!(is_number(one, other), wanted, "{one}|{other}");
        }
    }
}
