//! Cells on their way to a sink: values of tables and trees, gathered into pieces.

use std::collections::HashMap;

use super::Sink;
use super::flow::Flow;
use crate::model::{Cell, Field, Layout, Piece};

/// Text after which a piece is handed out.
const PIECE_BYTES: usize = 128 * 1024;
/// A value longer than this is running text: it is handed out apart, so that cells stay small.
pub(super) const MAX_CELL_BYTES: usize = 64 * 1024;
/// How many fields an object may have; the values of further ones share one without a name.
const MAX_FIELDS: usize = 4096;

/// Gathers cells of one object.
pub(super) struct Cells {
    text: String,
    list: Vec<Cell>,
    fields: Vec<Field>,
    ids: HashMap<Box<str>, [Option<u32>; 2]>,
    /// How many fields were handed out with their names.
    told: usize,
}

impl Cells {
    /// No cells, no fields.
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            list: Vec::new(),
            fields: Vec::new(),
            ids: HashMap::new(),
            told: 0,
        }
    }

    /// The index of the field with this name; `numeric` where its values are stored as numbers.
    pub(super) fn field(&mut self, name: &str, numeric: bool) -> u32 {
        let known = self.ids.get(name).and_then(|ids| ids[usize::from(numeric)]);
        if let Some(id) = known {
            return id;
        }
        let id = u32::try_from(self.fields.len()).unwrap_or(u32::MAX);
        if self.fields.len() > MAX_FIELDS {
            return id - 1;
        }
        let full = self.fields.len() == MAX_FIELDS;
        self.fields.push(Field {
            id,
            name: if full { Box::default() } else { name.into() },
            sheet: None,
            numeric: numeric && !full,
        });
        self.ids.entry(name.into()).or_default()[usize::from(numeric)] = Some(id);
        id
    }

    /// Gives the fields with this name another one, if they were not handed out.
    pub(super) fn rename(&mut self, before: &str, name: &str) {
        let Some(ids) = self.ids.get(before).copied() else {
            return;
        };
        let at = |id: Option<u32>| id.and_then(|id| usize::try_from(id).ok());
        if ids.into_iter().filter_map(at).any(|id| id < self.told) {
            return;
        }
        for field in ids.into_iter().filter_map(at) {
            if let Some(field) = self.fields.get_mut(field) {
                field.name = name.into();
            }
        }
        self.ids.remove(before);
        self.ids.entry(name.into()).or_insert(ids);
    }

    /// Adds a value. Values of one row are told apart by a tab, rows by a line break.
    pub(super) fn add(&mut self, field: u32, row: u64, value: &str) {
        if let Some(last) = self.list.last() {
            self.text.push(if last.row == row { '\t' } else { '\n' });
        }
        let start = self.text.len();
        self.text.push_str(value);
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.text.len())) else {
            return;
        };
        self.list.push(Cell {
            start,
            end,
            field,
            row,
        });
    }

    /// The state to which [`reset`](Self::reset) goes back.
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.text.len(), self.list.len())
    }

    /// Takes back the cells that were added since the mark.
    pub(super) fn reset(&mut self, (text, cells): (usize, usize)) {
        self.text.truncate(text);
        self.list.truncate(cells);
    }

    /// Whether there are enough cells for a piece.
    pub(super) fn is_full(&self) -> bool {
        self.text.len() >= PIECE_BYTES
    }

    /// Hands the cells out.
    pub(super) fn flush(&mut self, flow: &mut Flow, sink: &mut dyn Sink) {
        if self.list.is_empty() {
            return;
        }
        self.text.push('\n');
        sink.piece(Piece {
            text: &self.text,
            layout: Layout::Cells {
                cells: &self.list,
                fields: &self.fields,
            },
        });
        self.told = self.fields.len();
        flow.skip(&self.text);
        self.text.clear();
        self.list.clear();
    }
}
