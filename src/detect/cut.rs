//! From the pieces of an object to windows whose seams no detector sees.
//!
//! Running text that continues from piece to piece is joined; each window carries enough of what
//! stands before and after its body for every detector's reach. Cells are passed through as they
//! are, since nothing may cross a cell. Nothing is detected here.

use std::sync::Arc;

use super::detector::Window;
use crate::model::{Layout, Origin, Piece, Place};

/// How many bytes of text a window's body has, unless the text ends earlier.
const BODY_BYTES: usize = 256 * 1024;

/// A window with its place in the object.
#[derive(Clone, Debug)]
pub struct Cut<'a> {
    /// The text with its context.
    pub window: Window<'a>,
    /// How the text is laid out.
    pub layout: Layout<'a>,
    /// Where `window.text` begins in the object's text, in bytes over all its pieces.
    pub base: u64,
    /// Where stretches of the text come from, in order; none where the layout says it all.
    pub(super) marks: &'a [Mark],
}

impl<'a> Cut<'a> {
    /// A whole text, which begins an object.
    #[must_use]
    pub fn of_text(text: &'a str) -> Self {
        let origin = Origin::Text { byte: 0, line: 1 };
        Self {
            window: Window::of(text, 0..text.len()),
            layout: Layout::Flow {
                origin,
                continues: false,
            },
            base: 0,
            marks: &[],
        }
    }

    /// A piece of cells that begins at byte `base` of the object's text.
    #[must_use]
    pub fn of_cells(piece: &Piece<'a>, base: u64) -> Self {
        Self {
            window: Window::of(piece.text, 0..piece.text.len()),
            layout: piece.layout,
            base,
            marks: &[],
        }
    }

    /// The place of byte `at` of the window's text.
    #[must_use]
    pub fn place(&self, at: usize) -> Place {
        match self.layout {
            Layout::Cells { cells, fields } => {
                let after = cells.partition_point(|cell| cell.start as usize <= at);
                let cell = after.checked_sub(1).and_then(|index| cells.get(index));
                let field = cell.and_then(|cell| fields.get(cell.field as usize));
                cell.zip(field).map_or_else(
                    || self.bare_place(at),
                    |(cell, field)| field.place(cell.row),
                )
            }
            Layout::Flow { origin, .. } => {
                let mark = self.marks.iter().rfind(|mark| mark.at <= at);
                let (from, origin) = mark.map_or((0, origin), |m| (m.at, m.source.origin()));
                match origin {
                    Origin::Page(page) => Place::Page { page },
                    Origin::Part(part) => Place::Part { part: part.into() },
                    Origin::Text { byte, line } => Place::Text {
                        byte: byte + (at - from) as u64,
                        line: line + lines(self.window.text, from, at),
                    },
                }
            }
        }
    }

    /// The place of byte `at`, where that of byte `from` before it is known: only what lies between
    /// is counted.
    fn place_after(&self, from: usize, place: &Place, at: usize) -> Place {
        let moved = self
            .marks
            .iter()
            .any(|mark| from < mark.at && mark.at <= at);
        match (place, self.layout) {
            (Place::Text { byte, line }, Layout::Flow { .. }) if !moved => Place::Text {
                byte: byte + (at - from) as u64,
                line: line + lines(self.window.text, from, at),
            },
            _ => self.place(at),
        }
    }

    /// The place of text between cells, which belongs to none.
    fn bare_place(&self, at: usize) -> Place {
        Place::Text {
            byte: self.base + at as u64,
            line: 1,
        }
    }
}

/// Places in a window, asked for in the order of its text: lines are counted from the last one on, so
/// that the window is gone through once and not once for each place.
pub(super) struct Places<'a> {
    cut: &'a Cut<'a>,
    /// The last byte that was asked for, and its place.
    last: Option<(usize, Place)>,
}

impl<'a> Places<'a> {
    /// Of which none was asked for.
    pub(super) fn of(cut: &'a Cut<'a>) -> Self {
        Self { cut, last: None }
    }

    /// The place of byte `at`, which is never before the last one.
    pub(super) fn at(&mut self, at: usize) -> Place {
        let place = match &self.last {
            Some((from, place)) => self.cut.place_after(*from, place, at),
            None => self.cut.place(at),
        };
        self.last = Some((at, place.clone()));
        place
    }
}

/// From here on the text of a window comes from `source`.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    at: usize,
    source: Source,
}

/// An [`Origin`] that is kept beyond its piece.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Text { byte: u64, line: u64 },
    Page(u32),
    Part(Arc<str>),
}

impl Source {
    pub(super) fn of(origin: Origin<'_>) -> Self {
        match origin {
            Origin::Text { byte, line } => Self::Text { byte, line },
            Origin::Page(page) => Self::Page(page),
            Origin::Part(part) => Self::Part(part.into()),
        }
    }

    pub(super) fn origin(&self) -> Origin<'_> {
        match self {
            Self::Text { byte, line } => Origin::Text {
                byte: *byte,
                line: *line,
            },
            Self::Page(page) => Origin::Page(*page),
            Self::Part(part) => Origin::Part(part),
        }
    }
}

/// Joins the pieces of one object into windows. Holds at most one window's text.
#[derive(Debug)]
pub struct Cutter {
    reach: usize,
    body_bytes: usize,
    /// Text before the body that was already looked at, and text that was not.
    held: String,
    /// Where the part of `held` begins that was not looked at.
    fresh: usize,
    marks: Vec<Mark>,
    /// Where `held` begins in the object's text.
    base: u64,
}

impl Cutter {
    /// A cutter for one object. `reach` is how many bytes a hit with its context may span on
    /// either side: [`Scanner::cutter`](super::Scanner::cutter) knows it.
    #[must_use]
    pub(super) fn new(reach: usize) -> Self {
        Self {
            reach,
            body_bytes: BODY_BYTES,
            held: String::new(),
            fresh: 0,
            marks: Vec::new(),
            base: 0,
        }
    }

    /// The same with bodies of about `bytes` bytes: small ones put the seams to the test.
    #[must_use]
    pub fn with_body_bytes(mut self, bytes: usize) -> Self {
        self.body_bytes = bytes.max(4);
        self
    }

    /// Takes the next piece and emits the windows that are complete.
    pub fn push(&mut self, piece: &Piece<'_>, emit: &mut dyn FnMut(&Cut<'_>)) {
        match piece.layout {
            Layout::Cells { .. } => {
                self.finish(emit);
                emit(&Cut::of_cells(piece, self.base));
                self.base += piece.text.len() as u64;
            }
            Layout::Flow { origin, continues } => {
                if !continues {
                    self.finish(emit);
                }
                self.marks.push(Mark {
                    at: self.held.len(),
                    source: Source::of(origin),
                });
                self.flow(piece.text, emit);
            }
        }
    }

    /// Emits what is left. Afterwards the cutter is ready for more pieces of the same object.
    pub fn finish(&mut self, emit: &mut dyn FnMut(&Cut<'_>)) {
        if self.fresh < self.held.len() {
            self.emit(self.held.len(), emit);
        }
        self.base += self.held.len() as u64;
        self.held.clear();
        self.marks.clear();
        self.fresh = 0;
    }

    fn flow(&mut self, mut text: &str, emit: &mut dyn FnMut(&Cut<'_>)) {
        while !text.is_empty() {
            let wanted = self.fresh + self.body_bytes + self.reach;
            let room = wanted.saturating_sub(self.held.len()).max(4);
            let (now, later) = text.split_at(text.floor_char_boundary(room));
            self.held.push_str(now);
            text = later;
            if self.held.len() + 4 > wanted {
                let end = self.held.len().saturating_sub(self.reach);
                let end = self.held.floor_char_boundary(end);
                if end > self.fresh {
                    self.emit(end, emit);
                    self.drop_used(end);
                }
            }
        }
    }

    fn emit(&self, body_end: usize, emit: &mut dyn FnMut(&Cut<'_>)) {
        let Some(first) = self.marks.first() else {
            return;
        };
        emit(&Cut {
            window: Window::of(&self.held, self.fresh..body_end),
            layout: Layout::Flow {
                origin: first.source.origin(),
                continues: self.fresh > 0,
            },
            base: self.base,
            marks: &self.marks,
        });
    }

    /// Keeps of what was looked at only what the next window needs as context.
    fn drop_used(&mut self, looked_at: usize) {
        let keep_from = self
            .held
            .floor_char_boundary(looked_at.saturating_sub(self.reach));
        let last_used = self.marks.partition_point(|mark| mark.at <= keep_from);
        self.marks.drain(..last_used.saturating_sub(1));
        for mark in &mut self.marks {
            if let Some(skipped) = keep_from.checked_sub(mark.at)
                && let Source::Text { byte, line } = &mut mark.source
            {
                *byte += skipped as u64;
                *line += lines(&self.held, mark.at, keep_from);
            }
            mark.at = mark.at.saturating_sub(keep_from);
        }
        self.held.drain(..keep_from);
        self.base += keep_from as u64;
        self.fresh = looked_at - keep_from;
    }
}

/// How many line ends stand from byte `from` to byte `to`.
fn lines(text: &str, from: usize, to: usize) -> u64 {
    let between = text.as_bytes().get(from..to).unwrap_or_default();
    memchr::memchr_iter(b'\n', between).count() as u64
}
