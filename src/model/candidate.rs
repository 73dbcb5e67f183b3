//! What one detector claims about one span of text, before all claims are weighed together.

use super::{Confidence, EvidenceSet, Kind, Masked, Place};

/// A claim of a detector. It holds no matched text.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it is taken for.
    pub kind: &'static Kind,
    /// First byte in the object's text as it was read, counted over all its pieces.
    pub start: u64,
    /// Byte after the last.
    pub end: u64,
    /// The level that the detector alone would give, by its own evidence.
    pub confidence: Confidence,
    /// Why.
    pub evidence: EvidenceSet,
    /// The field (column, key) it stands in, by [`Field::id`](super::Field::id).
    pub field: Option<u32>,
    /// The row or record of that cell, by [`Cell::row`](super::Cell::row).
    pub row: Option<u64>,
    /// Keyed digest of the canonical value; 0 where the kind keeps none.
    pub digest: u64,
    /// Mask and place, where the caller asked for samples of this kind still.
    pub sample: Option<Box<(Place, Masked)>>,
}

impl Candidate {
    /// Where it stands, where that was asked for.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.sample.as_ref().map(|sample| &sample.0)
    }

    /// Its mask, where that was asked for.
    #[must_use]
    pub fn masked(&self) -> Option<&Masked> {
        self.sample.as_ref().map(|sample| &sample.1)
    }
}
