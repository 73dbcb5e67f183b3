//! The `INSERT` statements of a text that is already in memory, as cells that stand in the text itself.
//!
//! The reader of dumps copies values and undoes their escapes; here offsets must stay the text's own.

use std::ops::Range;

use super::sql_statement::{self, Target};
use super::sql_tables::Tables;
use super::sql_value;
use crate::model::{Cell, Field, Layout, Origin, Piece};

/// Cells that are handed over in one piece, at most a row more.
const MAX_CELLS: usize = 16 * 1024;

/// Hands over `text` in pieces without gaps, the rows of its `INSERT` statements as cells, where it
/// has any. Returns whether it has; if not, nothing was handed over.
pub(in crate::extract) fn read(text: &str, take: &mut dyn FnMut(Piece<'_>)) -> bool {
    if !sql_statement::looks_like_dump(text.as_bytes()) {
        return false;
    }
    let mut statements = Statements {
        text,
        backslash: sql_statement::has_backslash_escapes(text),
        done: 0,
        line: 1,
        rows: 0,
        cells: Vec::new(),
        fields: Vec::new(),
        broken: false,
        take,
    };
    let mut tables = Tables::default();
    let mut at = 0;
    while let Some(rest) = text
        .get(at..)
        .filter(|rest| !rest.is_empty() && !statements.broken)
    {
        let head = sql_statement::may_begin_insert(rest)
            .then(|| sql_statement::insert_head(rest, &tables))
            .flatten();
        let Some((target, length)) = head else {
            let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            tables.learn(rest.get(..end).unwrap_or_default());
            at += end;
            continue;
        };
        statements.flow(at);
        at = statements.tuples(&target, at + length);
        statements.cells(at);
    }
    statements.flow(text.len());
    true
}

struct Statements<'t, 's> {
    text: &'t str,
    backslash: bool,
    /// Up to this byte the text was handed over, which is on this line.
    done: usize,
    line: u64,
    rows: u64,
    /// Cells that were not handed over, in bytes of the whole text.
    cells: Vec<(Range<usize>, u32, u64)>,
    fields: Vec<Field>,
    /// Whether a tuple had no end. What follows is running text, so that no byte is sought through twice.
    broken: bool,
    take: &'s mut dyn FnMut(Piece<'_>),
}

impl Statements<'_, '_> {
    /// The tuples from byte `at` on; returns the byte after the last.
    fn tuples(&mut self, target: &Target, mut at: usize) -> usize {
        while let Some(rest) = self.text.get(at..) {
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ',']).len();
            let start = at + blank;
            let Some(tuple) = rest.get(blank..).filter(|rest| rest.starts_with('(')) else {
                break;
            };
            let mut values = Vec::new();
            let length = sql_value::tuple(tuple, self.backslash, &mut |value, numeric, span| {
                values.push((!value.is_empty(), numeric, span));
            });
            let Some(length) = length else {
                self.broken = true;
                break;
            };
            self.rows += 1;
            for (column, (any, numeric, span)) in values.into_iter().enumerate() {
                let field = self.field(&target.field(column), numeric);
                if any {
                    self.cells
                        .push((start + span.start..start + span.end, field, self.rows));
                }
            }
            at = start + length;
            if self.cells.len() >= MAX_CELLS {
                self.cells(at);
            }
        }
        at
    }

    fn field(&mut self, name: &str, numeric: bool) -> u32 {
        let known = |field: &Field| &*field.name == name && field.numeric == numeric;
        let index = self.fields.iter().position(known).unwrap_or_else(|| {
            self.fields.push(Field {
                id: u32::try_from(self.fields.len()).unwrap_or(u32::MAX),
                name: name.into(),
                sheet: None,
                numeric,
            });
            self.fields.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// Hands over the text up to `end` with the cells that stand in it.
    fn cells(&mut self, end: usize) {
        let from = self.done;
        let offset = |at: usize| u32::try_from(at - from).unwrap_or(u32::MAX);
        let cells = self.cells.drain(..).map(|(span, field, row)| Cell {
            start: offset(span.start),
            end: offset(span.end),
            field,
            row,
        });
        let cells: Vec<Cell> = cells.collect();
        let fields = std::mem::take(&mut self.fields);
        self.hand_over(end, |_| Layout::Cells {
            cells: &cells,
            fields: &fields,
        });
        self.fields = fields;
    }

    /// Hands over the text up to `end` as running text.
    fn flow(&mut self, end: usize) {
        self.hand_over(end, |origin| Layout::Flow {
            origin,
            continues: false,
        });
    }

    fn hand_over<'l>(&mut self, end: usize, layout: impl FnOnce(Origin<'l>) -> Layout<'l>) {
        let text = self.text.get(self.done..end).unwrap_or_default();
        if text.is_empty() {
            return;
        }
        let origin = Origin::Text {
            byte: self.done as u64,
            line: self.line,
        };
        (self.take)(Piece {
            text,
            layout: layout(origin),
        });
        self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        self.done = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_they_are_written_and_nothing_is_left_out() {
        let text = "-- ære\nCREATE TABLE t (\n a int,\n b text\n);\nINSERT INTO t VALUES (1, 'x''y'), (2,NULL);\n\
            insert into u (tlf, mer) values ('40612345', lower('Å'));\nslutt '";
        let (mut whole, mut seen) = (String::new(), Vec::new());
        assert!(read(text, &mut |piece| {
            whole.push_str(piece.text);
            if let Layout::Cells { cells, fields } = piece.layout {
                seen.extend(cells.iter().map(|cell| {
                    let value = piece
                        .text
                        .get(cell.start as usize..cell.end as usize)
                        .unwrap();
                    format!("{}[{}]={value}", fields[cell.field as usize].name, cell.row)
                }));
            }
        }));
        assert_eq!(whole, text);
        let expected = [
            "t.a[1]=1",
            "t.b[1]=x''y",
            "t.a[2]=2",
            "u.tlf[3]=40612345",
            "u.mer[3]=Å",
        ];
        assert_eq!(seen, expected);
        assert!(!read("nothing is inserted here", &mut |_| ()));
        for end in 0..text.len() {
            let mut whole = String::new();
            let cut = text.get(..text.floor_char_boundary(end)).unwrap();
            if read(cut, &mut |piece| whole.push_str(piece.text)) {
                assert_eq!(whole, cut);
            }
        }
    }
}
