//! What the windows of one object add up to.

use std::sync::Arc;

use super::values::Values;
use crate::classify::{Classes, Classified, Folder, Options};
use crate::detect::{Look, SampleWish, Scanner, Settling};
use crate::model::{Candidate, Dismissed, Sightings};

/// What was seen in the windows of one object, in the order of its text. It holds text of the object and is not
/// shown.
pub(super) struct Sums {
    folder: Folder,
    settling: Settling,
    values: Option<Values>,
}

impl Sums {
    /// Of an object of which nothing was seen.
    pub(super) fn new(options: Options, wish: SampleWish) -> Self {
        Self {
            folder: Folder::new(options),
            settling: Settling::new(wish),
            values: None,
        }
    }

    /// Tells what people have marked as false.
    pub(super) fn dismiss(&mut self, dismissed: Arc<Dismissed>) {
        self.folder.dismiss(dismissed);
    }

    /// Keeps the texts of the hits from now on.
    pub(super) fn keep_values(&mut self) {
        self.values = Some(Values::default());
    }

    /// Takes the next piece of the object's text, for the texts of hits; windows of it follow later.
    pub(super) fn read(&mut self, text: &str) {
        if let Some(values) = &mut self.values {
            values.read(text);
        }
    }

    /// Takes what was seen in the next window.
    pub(super) fn fold(&mut self, scanner: &Scanner, look: Look) {
        let (folder, values) = (&mut self.folder, &mut self.values);
        self.settling.push(scanner, look, &mut |seen| {
            keep(values.as_mut(), &seen);
            folder.fold(seen);
        });
    }

    /// Whether names stand close in the last window.
    pub(super) fn is_crowded(&self) -> bool {
        self.settling.is_crowded()
    }

    /// Takes what stands in the names of the object.
    pub(super) fn take_names(&mut self, hits: Vec<Candidate>) {
        self.folder.take_names(hits);
    }

    /// What the object holds, and the texts of the hits where they were kept.
    pub(super) fn finish(
        mut self,
        scanner: &Scanner,
        name: &str,
        classes: &Classes,
    ) -> (Classified, Values) {
        let (folder, values) = (&mut self.folder, &mut self.values);
        self.settling.finish(scanner, &mut |seen| {
            keep(values.as_mut(), &seen);
            folder.fold(seen);
        });
        let values = self.values.unwrap_or_default();
        (self.folder.finish(name, classes), values)
    }
}

fn keep(values: Option<&mut Values>, seen: &Sightings) {
    if let Some(values) = values {
        values.keep(seen);
    }
}
