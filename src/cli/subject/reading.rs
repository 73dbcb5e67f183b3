//! Reads a person's documents again: their text, the rows of their tables, and what is found in them.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use crate::classify::Classes;
use crate::detect::Scanner;
use crate::examine::Observation;
use crate::extract::{End, FormatInfo, Reader, Visitor};
use crate::inventory::ObjectRow;
use crate::model::{Candidate, Cell, Fact, Field, Layout, ObjectPath, Piece};
use crate::subject::Row;

/// Text of one object that is held: 64 MiB. What is longer is withheld.
const MAX_TEXT_BYTES: usize = 64 << 20;

/// An object as it was read.
pub(in crate::cli) struct Read {
    pub(in crate::cli) text: String,
    pub(in crate::cli) rows: Vec<Row>,
    pub(in crate::cli) hits: Vec<Candidate>,
    pub(in crate::cli) whole: bool,
    pub(in crate::cli) content: Option<[u8; 32]>,
}

/// Reads a file of the inventory, if it is one still and no link.
pub(in crate::cli) fn read(
    reader: &Reader,
    path: &Path,
    row: &ObjectRow,
    gathering: &mut Gathering<'_>,
) -> bool {
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|data| data.is_file());
    let Ok(file) = File::open(path) else {
        return false;
    };
    let Ok(metadata) = file.metadata() else {
        return false;
    };
    if is_file {
        let object = ObjectPath::file(row.root.as_str().into(), &row.relative);
        reader.read(&object, file, metadata.len(), gathering);
    }
    is_file
}

/// Gathers the objects of one file by their paths.
pub(in crate::cli) struct Gathering<'a> {
    scanner: &'a Scanner,
    open: Vec<Open<'a>>,
    pub(in crate::cli) read: HashMap<String, Read>,
}

struct Open<'a> {
    object: String,
    observation: Observation<'a>,
    text: String,
    rows: Vec<Row>,
    cut_short: bool,
}

impl<'a> Gathering<'a> {
    pub(in crate::cli) fn new(scanner: &'a Scanner) -> Self {
        Self {
            scanner,
            open: Vec::new(),
            read: HashMap::new(),
        }
    }
}

impl Open<'_> {
    fn keep(&mut self, piece: &Piece<'_>) {
        if self.cut_short || self.text.len() + piece.text.len() > MAX_TEXT_BYTES {
            self.cut_short = true;
            return;
        }
        let base = self.text.len();
        self.text.push_str(piece.text);
        if let Layout::Cells { cells, fields } = piece.layout {
            self.rows.extend(rows(cells, fields, base));
        }
    }
}

/// The rows of a piece of cells that begins at byte `base` of the object's text.
fn rows(cells: &[Cell], fields: &[Field], base: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for of_row in cells.chunk_by(|one, next| one.row == next.row) {
        let (Some(first), Some(last)) = (of_row.first(), of_row.last()) else {
            continue;
        };
        let at = |offset: u32| base + offset as usize;
        let cell = |cell: &Cell| {
            let field = fields.get(cell.field as usize);
            let name = field.map(|field| field.name.to_string());
            (name.unwrap_or_default(), at(cell.start)..at(cell.end))
        };
        rows.push(Row {
            span: at(first.start)..at(last.end),
            cells: of_row.iter().map(cell).collect(),
        });
    }
    rows
}

impl Visitor for Gathering<'_> {
    fn enter(&mut self, object: &ObjectPath) {
        self.open.push(Open {
            object: object.to_string(),
            observation: Observation::of_hits(self.scanner),
            text: String::new(),
            rows: Vec::new(),
            cut_short: false,
        });
    }

    fn format(&mut self, _: &'static FormatInfo) {}

    fn piece(&mut self, piece: Piece<'_>) {
        if let Some(open) = self.open.last_mut() {
            open.keep(&piece);
            open.observation.piece(&piece);
        }
    }

    fn fact(&mut self, _: Fact) {}

    fn leave(&mut self, end: End) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let holds = open.observation.finish(&open.object, &Classes::default());
        let read = Read {
            text: open.text,
            rows: open.rows,
            hits: holds.hits,
            whole: end.outcome.problem().is_none() && !open.cut_short,
            content: end.content_digest,
        };
        self.read.insert(open.object, read);
    }
}
