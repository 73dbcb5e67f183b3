//! What a detector is.

use std::ops::Range;

use crate::model::{Confidence, EvidenceSet, Kind};

use super::group::{Group, Lengths, Shape};
use super::number::Number;
use super::row::Row;
use super::spot::Spot;
use super::telling::Telling;
use super::terms::Term;

/// A detector of one sort of data. Detectors are stateless statics, registered in
/// `detectors/mod.rs`.
pub trait Detector: Sync {
    /// Who the detector is.
    fn info(&self) -> &'static DetectorInfo;

    /// Which anchors it wants to verify.
    fn anchors(&self) -> Anchors;

    /// Which groups of digits it wants to verify, where it wants any. It is asked about no other, so a
    /// shape may hold too much, never too little.
    fn shapes(&self) -> &'static [Shape] {
        const { &[Shape::of(Lengths::ANY)] }
    }

    /// Looks at one anchor in its window and tells what it is: nothing, or one or more hits. A hit
    /// starts inside `window.body`; its context may reach into all of `window.text`.
    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>);
}

/// Who a detector is. Its explanation and examples stand in its own file and become the manual.
#[derive(Debug)]
pub struct DetectorInfo {
    /// Id, as in rules and reports.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Raised whenever it finds something else than before, so that files are read again.
    pub version: u32,
    /// The kinds it yields.
    pub kinds: &'static [&'static Kind],
    /// What it finds, how it is checked, and the source of its rules: Markdown, for people.
    pub explanation: &'static str,
    /// Texts in which it finds something.
    pub examples: &'static [Example],
    /// Texts in which it finds nothing at medium or above.
    pub counter_examples: &'static [&'static str],
    /// Bytes that a hit together with its context may span.
    pub reach: usize,
}

/// A text, and what is found in it.
#[derive(Debug)]
pub struct Example {
    /// The text.
    pub text: &'static str,
    /// The matched part of it.
    pub found: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// The level after classification.
    pub confidence: Confidence,
}

/// Which anchors a detector wants, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Anchors(u8);

impl Anchors {
    /// Words of special categories.
    pub const TERM: Self = Self(64);
    /// Groups of digits with single separators between them.
    pub const DIGITS: Self = Self(1);
    /// `@`.
    pub const AT: Self = Self(2);
    /// Words that begin with a capital letter.
    pub const CAPITAL: Self = Self(4);
    /// Cells of a table, each as a whole.
    pub const CELL: Self = Self(8);
    /// Groups of digits with at least four digits within the next 17 bytes, whatever stands between.
    pub const GROUP: Self = Self(16);
    /// `:` and `-` between hexadecimal groups.
    pub const JOINT: Self = Self(32);

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share an anchor.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Something in the text at which a detector may look closer.
#[derive(Clone, Copy)]
pub enum Anchor<'n> {
    /// A word or phrase of the list of special categories, from `start` to `end`.
    Term {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
        /// The entry of the list.
        term: &'static Term,
    },
    /// A group of digits, with what follows it: at least five digits in all, single separators
    /// (a space of any width, hyphen, dash, full stop, slash) allowed between groups. Each group of a run is an anchor of its own.
    Digits(&'n Number),
    /// An `@`, as it is or as `%40`.
    At {
        /// Its byte.
        at: usize,
        /// Where it stands.
        spot: Spot,
    },
    /// A capitalised word from `start` to `end`.
    Capital {
        /// First byte of the word.
        start: usize,
        /// Byte after the last letter.
        end: usize,
        /// Where it stands.
        spot: Spot,
    },
    /// A group of digits by itself.
    Group(Group),
    /// A `:` between hexadecimal digits or beside another, or a `-` between groups of two or four.
    Joint {
        /// Its byte.
        at: usize,
        /// Where it stands.
        spot: Spot,
    },
    /// The cell that the window is.
    Cell(Spot),
}

/// A stretch of running text with what surrounds it, or a cell, which is a text of its own: nothing
/// crosses its borders.
#[derive(Clone, Debug)]
pub struct Window<'a> {
    /// The text, context on both sides included.
    pub text: &'a str,
    /// The part in which hits may start.
    pub body: Range<usize>,
    /// The row of the cell; none in running text.
    pub row: Option<Row<'a>>,
    /// The telling words near the candidates that were looked at so far.
    pub telling: Telling,
}

impl<'a> Window<'a> {
    /// Running text.
    #[must_use]
    pub fn of(text: &'a str, body: Range<usize>) -> Self {
        Self {
            text,
            body,
            row: None,
            telling: Telling::default(),
        }
    }

    /// Whether it is a cell.
    #[must_use]
    pub fn is_cell(&self) -> bool {
        self.row.is_some()
    }

    /// Whether the bytes `span` are all of a cell.
    #[must_use]
    pub fn is_filled_by(&self, span: &Range<usize>) -> bool {
        self.is_cell() && *span == (0..self.text.len())
    }
}

/// What a detector found at an anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its kind.
    pub kind: &'static Kind,
    /// The matched bytes of the window's text.
    pub span: Range<usize>,
    /// The level that the detector alone would give.
    pub confidence: Confidence,
    /// Why.
    pub evidence: EvidenceSet,
    /// The value in its canonical form, for the digest; `None` where the matched bytes are it.
    pub canonical: Option<String>,
}
