//! The texts of an object's hits, taken while the text passes by.

use std::collections::HashMap;
use std::fmt;

use crate::model::{Candidate, Sightings};

/// Text that is held behind what is settled: a name may begin in the window before the one it is settled
/// with.
const LAG: usize = 64 * 1024;

/// Texts by the bytes at which they begin and end. They are matched text: `Debug` tells only how many.
#[derive(Clone, Default)]
pub struct Values {
    kept: HashMap<(u64, u64), Box<str>>,
    /// What was read lately.
    tail: String,
    /// Where that begins in the object's text.
    base: u64,
    /// Up to where hits were settled.
    settled: u64,
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.kept.len();
        f.debug_struct("Values")
            .field("kept", &kept)
            .finish_non_exhaustive()
    }
}

impl Values {
    /// The text of a hit; empty where it was not kept.
    #[must_use]
    pub fn of(&self, hit: &Candidate) -> &str {
        let text = self.kept.get(&(hit.start, hit.end));
        text.map_or("", |text| &**text)
    }

    /// Takes the next piece of the object's text.
    pub(super) fn read(&mut self, text: &str) {
        self.tail.push_str(text);
    }

    /// Keeps the texts of what was settled, and lets go of the text that lies well before that.
    pub(super) fn keep(&mut self, seen: &Sightings) {
        for hit in &seen.candidates {
            let text = self
                .span(hit.start, hit.end)
                .and_then(|span| self.tail.get(span));
            let text = text.unwrap_or_default();
            self.kept.insert((hit.start, hit.end), text.into());
        }
        self.settled += seen.text_bytes;
        let done = usize::try_from(self.settled - self.base).unwrap_or(usize::MAX);
        if done > 2 * LAG {
            let done = self.tail.floor_char_boundary(done - LAG);
            self.tail.drain(..done);
            self.base += done as u64;
        }
    }

    fn span(&self, start: u64, end: u64) -> Option<std::ops::Range<usize>> {
        let start = usize::try_from(start.checked_sub(self.base)?).ok()?;
        let end = usize::try_from(end.checked_sub(self.base)?).ok()?;
        Some(start..end)
    }
}
