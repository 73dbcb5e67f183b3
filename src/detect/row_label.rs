//! Labels that stand in a value's own row: forms in spreadsheets have them on the left instead of headings
//! above, and turned tables have them in the first column.

use super::row;
use crate::model::Cell;

/// Longest label, in bytes.
const MAX_LABEL: usize = 40;

/// How many digits make a value worth to be asked for in rows of any length.
const DIGITS: usize = 4;

/// A row with more cells than this is none of a form; its words are not asked for.
const FORM_CELLS: usize = 4;

/// How many cells lie between the label of a turned table and its values, at most.
const REACH: usize = 64;

/// The cells of the row of `cells[index]` that may name its value: the nearest on the left, and the first.
pub(super) fn candidates<'a>(
    text: &'a str,
    cells: &[Cell],
    index: usize,
) -> impl Iterator<Item = &'a str> {
    let before = cells.get(..index).unwrap_or_default();
    let row = cells.get(index).map(|cell| cell.row);
    let from = index.saturating_sub(REACH);
    let near = before.get(from..).unwrap_or_default();
    let start = near.iter().rposition(|cell| Some(cell.row) != row);
    let beside = near.get(start.map_or(0, |at| at + 1)..).unwrap_or_default();
    let own = cells.get(index).and_then(|cell| row::text_of(text, *cell));
    let digits = own.map_or(0, |own| own.bytes().filter(u8::is_ascii_digit).count());
    let after = cells
        .get(index + 1..)
        .unwrap_or_default()
        .iter()
        .take(FORM_CELLS);
    let is_long =
        || beside.len() + after.take_while(|cell| Some(cell.row) == row).count() >= FORM_CELLS;
    let asked = if digits < DIGITS && is_long() {
        &[]
    } else {
        beside
    };
    let filled = |cell: &&Cell| cell.start < cell.end;
    let (nearest, first) = (asked.iter().rfind(filled), asked.first());
    let first = first.filter(|first| nearest.is_none_or(|nearest| nearest.start != first.start));
    let texts = [nearest, first]
        .into_iter()
        .flatten()
        .filter_map(|cell| row::text_of(text, *cell));
    texts.filter(|text| may_label(text))
}

/// Whether a cell may be a label: a short text without digits. What it names is asked later.
fn may_label(text: &str) -> bool {
    text.len() <= MAX_LABEL
        && text.starts_with(char::is_alphabetic)
        && !text
            .bytes()
            .any(|byte| byte.is_ascii_digit() || byte == b'@')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What may name the last cell of rows that are written with semicolons.
    fn names(text: &str) -> Vec<&str> {
        let mut cells: Vec<Cell> = Vec::new();
        let (mut start, mut row) = (0, 1);
        for part in text.split_inclusive([';', '\n']) {
            let bare = part.trim_end_matches([';', '\n']);
            let (field, end) = (0, start + u32::try_from(bare.len()).unwrap());
            cells.push(Cell {
                start,
                end,
                field,
                row,
            });
            start += u32::try_from(part.len()).unwrap();
            row += u64::from(part.ends_with('\n'));
        }
        candidates(text, &cells, cells.len() - 1).collect()
    }

    #[test]
    fn labels_stand_on_the_left_or_in_the_first_column() {
        assert_eq!(names("Navn;Kari\nTelefon;40612345"), ["Telefon"]);
        assert_eq!(names("Navn;Kari;Telefon;;40612345"), ["Telefon", "Navn"]);
        assert_eq!(names("Telefon;21234567;40612345"), ["Telefon"]);
        assert_eq!(names("Navn;Kari"), ["Navn"]);
    }

    #[test]
    fn values_and_the_words_of_long_rows_have_no_label() {
        assert_eq!(names("Telefon\n40612345"), [""; 0]);
        assert_eq!(names("3;2024-01-02;40612345"), [""; 0]);
        assert_eq!(names("a;b;c;d;e;Kari"), [""; 0]);
        assert_eq!(names("a;b;c;d;e;4061"), ["e", "a"]);
    }
}
