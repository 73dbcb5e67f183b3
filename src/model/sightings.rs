//! What detection saw in one window or piece of an object's text.

use super::Candidate;

/// All that one window yields. Windows of an object are folded in the order of its text.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    /// The claims, sorted by start. Claims of different detectors may overlap.
    pub candidates: Vec<Candidate>,
    /// For text cut into cells: how many cells with content each field had here, by
    /// [`Field::id`](super::Field::id). A field occurs at most once.
    pub cells: Vec<FieldCells>,
    /// How often words of a document class were seen. A class occurs at most once.
    pub cues: Vec<ClassCue>,
    /// Bytes of text looked at, overlaps not counted twice.
    pub text_bytes: u64,
}

/// How many cells with content a field had, and what its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldCells {
    /// The field, by [`Field::id`](super::Field::id).
    pub field: u32,
    /// Cells with content.
    pub cells: u64,
}

/// How often the words of a document class were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassCue {
    /// Index into the run's list of document classes.
    pub class: u16,
    /// How many different words of the class were seen here, as bits: word `n` of the class is bit
    /// `n`; words beyond the 32nd share the last bit.
    pub words: u32,
}
