//! Text → candidates with evidence.
//!
//! One pass over the bytes finds the anchors of all detectors; each detector then verifies the
//! anchors it asked for. This module does no I/O, sees no path but as text, and keeps no text.

mod detector;
mod detectors;

pub use detector::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Window};
