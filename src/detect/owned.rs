//! A window that outlives its piece, so that windows of one big object can be looked at on several
//! cores.

use std::ops::Range;

use super::cut::{Cut, Mark, Source};
use super::detector::Window;
use crate::model::{Cell, Field, Layout};

/// A [`Cut`] with its own copy of the text.
#[derive(Clone)]
pub struct OwnedCut {
    text: Box<str>,
    body: Range<usize>,
    layout: OwnedLayout,
    base: u64,
    marks: Vec<Mark>,
}

#[derive(Clone)]
enum OwnedLayout {
    Flow {
        origin: Source,
        continues: bool,
    },
    Cells {
        cells: Vec<Cell>,
        fields: Vec<Field>,
    },
}

impl Cut<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn to_owned_cut(&self) -> OwnedCut {
        let layout = match self.layout {
            Layout::Flow { origin, continues } => OwnedLayout::Flow {
                origin: Source::of(origin),
                continues,
            },
            Layout::Cells { cells, fields } => OwnedLayout::Cells {
                cells: cells.to_vec(),
                fields: fields.to_vec(),
            },
        };
        OwnedCut {
            text: self.window.text.into(),
            body: self.window.body.clone(),
            layout,
            base: self.base,
            marks: self.marks.to_vec(),
        }
    }
}

impl OwnedCut {
    /// The window, borrowed.
    #[must_use]
    pub fn as_cut(&self) -> Cut<'_> {
        let layout = match &self.layout {
            OwnedLayout::Flow { origin, continues } => Layout::Flow {
                origin: origin.origin(),
                continues: *continues,
            },
            OwnedLayout::Cells { cells, fields } => Layout::Cells { cells, fields },
        };
        Cut {
            window: Window::of(&self.text, self.body.clone()),
            layout,
            base: self.base,
            marks: &self.marks,
        }
    }
}
