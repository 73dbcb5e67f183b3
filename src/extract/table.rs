//! A text that is already in memory, as a table where it is one.
//!
//! For callers that must keep offsets into the text itself, as `sporhund detect` must.

use std::io::Read;

use file_format::FileFormat;

use super::charset::{looks_like_text, sample};
use super::format::{Head, Match};
use super::formats::sql_in_place;
use super::{Content, Sink, format_by_id};
use crate::model::{Budget, Cancel, Fact, Limits, Piece, Problem};

/// How much of a text decides whether it is a table.
const HEAD_BYTES: usize = 64 * 1024;

/// Hands over `text` as a table with separators or with columns of fixed width where it looks like one,
/// or with the rows of its SQL statements as cells; `name` breaks ties. The pieces are the text itself,
/// without gaps. Returns whether it was a table; if not, nothing was handed over.
pub fn read_table(text: &str, name: &str, take: &mut dyn FnMut(Piece<'_>)) -> bool {
    let bytes = text.as_bytes();
    let first = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let is_text = looks_like_text(first);
    let sample = is_text.then(|| sample(first)).flatten();
    let head = Head {
        bytes: first,
        complete: bytes.len() <= HEAD_BYTES,
        name: &name.to_lowercase(),
        len: bytes.len() as u64,
        is_text,
        sample: sample.as_deref(),
        signature: FileFormat::PlainText,
    };
    // A byte order mark would shift every offset.
    if text.starts_with('\u{FEFF}') {
        return false;
    }
    let format = ["csv", "fixed-width"]
        .into_iter()
        .filter_map(format_by_id)
        .find(|format| format.recognises(&head) >= Match::Likely);
    let Some(format) = format else {
        return sql_in_place::read(text, take);
    };
    let budget = Budget::new(Limits::default(), Cancel::default(), head.len);
    let mut content = Content::from_bytes(bytes);
    // Everything in memory is handed over whatever the reader says at the end.
    let _ = format.read(&mut content, &budget, &mut Pieces(take));
    true
}

struct Pieces<'a>(&'a mut dyn FnMut(Piece<'_>));

impl Sink for Pieces<'_> {
    fn piece(&mut self, piece: Piece<'_>) {
        (self.0)(piece);
    }

    fn member(&mut self, _: &[u8], _: &mut dyn Read) -> Result<(), Problem> {
        Ok(())
    }

    fn unread_member(&mut self, _: &[u8], _: Problem) {}

    fn fact(&mut self, _: Fact) {}

    fn incomplete(&mut self, _: Problem) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layout;

    #[test]
    fn a_table_is_handed_over_without_gaps() {
        let text = "navn;fnr\n\"Hansen; Kari\";15888610046\nPer;\n";
        let (mut joined, mut cells) = (String::new(), Vec::new());
        let table = read_table(text, "liste.csv", &mut |piece| {
            if let Layout::Cells { cells: own, fields } = piece.layout {
                let value = |cell: &crate::model::Cell| {
                    let span = cell.start as usize..cell.end as usize;
                    (
                        fields[cell.field as usize].name.to_string(),
                        piece.text.get(span).unwrap().to_owned(),
                    )
                };
                cells.extend(own.iter().map(value));
            }
            joined.push_str(piece.text);
        });
        assert!(table);
        assert_eq!(joined, text);
        assert_eq!(cells[0], ("navn".to_owned(), "Hansen; Kari".to_owned()));
        assert_eq!(cells[1], ("fnr".to_owned(), "15888610046".to_owned()));
        assert!(!read_table("Kari bor i Oslo.\n", "a.txt", &mut |_| ()));
    }
}
