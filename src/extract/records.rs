//! Records on their way to a sink: values under the names of their columns, what is nested under names
//! with dots. For the formats of tables that libraries take apart.

use super::Sink;
use super::cells::{Cells, MAX_CELL_BYTES};
use super::charset::looks_like_text;
use super::decode::wide_text;
use super::flow::Flow;
use super::written_file::{Files, kind_of};
use crate::model::{Budget, Problem, ProblemKind, Stage};

/// What is nested deeper than this is left out and told.
pub(super) const MAX_DEPTH: usize = 16;

/// The records of one object.
pub(super) struct Records {
    cells: Cells,
    flow: Flow,
    row: u64,
    /// Bytes of the row's values.
    bytes: u64,
    /// Whether something was nested too deep.
    cut: bool,
    files: Files,
    /// The limit that a file among the values struck.
    stopped: Option<Problem>,
}

impl Records {
    pub(super) fn new() -> Self {
        Self {
            cells: Cells::new(),
            flow: Flow::new(),
            row: 0,
            bytes: 0,
            cut: false,
            files: Files::default(),
            stopped: None,
        }
    }

    /// A record begins.
    pub(super) fn begin(&mut self) {
        self.row += 1;
        self.bytes = 0;
    }

    /// Whether values at this depth are told; where not, that is remembered.
    pub(super) fn reaches(&mut self, depth: usize) -> bool {
        self.cut |= depth > MAX_DEPTH;
        depth <= MAX_DEPTH
    }

    /// A text of the record; what is too long for a cell is running text.
    pub(super) fn text(&mut self, name: &str, text: &str, sink: &mut dyn Sink) {
        self.value(name, text, false, sink);
    }

    /// A number of the record.
    pub(super) fn number(&mut self, name: &str, number: &str, sink: &mut dyn Sink) {
        self.value(name, number, true, sink);
    }

    /// Bytes of the record: told where they are text, a member where they are a file.
    pub(super) fn bytes(&mut self, name: &str, bytes: &[u8], sink: &mut dyn Sink) {
        if kind_of(bytes).is_some() {
            self.bytes += bytes.len() as u64;
            if self.stopped.is_none() {
                self.cells.flush(&mut self.flow, sink);
                self.stopped = self.files.tell(name, self.row, bytes, sink).err();
            }
            return;
        }
        if let Some(text) = wide_text(bytes) {
            return self.value(name, &text, false, sink);
        }
        if let Ok(text) = str::from_utf8(bytes)
            && looks_like_text(bytes)
        {
            self.value(name, text, false, sink);
        }
    }

    fn value(&mut self, name: &str, text: &str, numeric: bool, sink: &mut dyn Sink) {
        self.bytes += text.len() as u64;
        if text.is_empty() {
            return;
        }
        if text.len() > MAX_CELL_BYTES {
            self.cells.flush(&mut self.flow, sink);
            self.flow.piece(text, sink);
            self.flow.skip("");
            return;
        }
        let field = self.cells.field(name, numeric);
        self.cells.add(field, self.row, text);
    }

    /// The record ends.
    ///
    /// # Errors
    /// Limits: what it held is charged.
    pub(super) fn end(&mut self, budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
        if self.cells.is_full() {
            self.cells.flush(&mut self.flow, sink);
        }
        budget.charge(self.bytes)?;
        self.stopped.map_or(Ok(()), Err)
    }

    /// Hands out what is left, and tells what was left out.
    pub(super) fn finish(mut self, sink: &mut dyn Sink) {
        self.cells.flush(&mut self.flow, sink);
        if self.cut {
            sink.incomplete(Problem::new(ProblemKind::LimitDepth, Stage::Extract));
        }
    }
}
