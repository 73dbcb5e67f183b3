//! A run: roots → records → inventory.
//!
//! It owns the threads, the bounded channels between them, the counters and the order of things. It
//! parses nothing, formats nothing and prints nothing.
//!
//! ```text
//! walker ──(permits)──▶ pool of workers ──(bounded channel)──▶ one writer, on the calling thread
//! ```

mod batch;
mod clerk;
mod copies;
mod desk;
mod estimate;
mod pace;
mod pipeline;
mod reading;
mod tally;

use std::sync::Arc;

use crate::classify::Classes;
use crate::inventory::{self, Coverage};
use crate::model::{Confidence, Dismissed, ObjectPath};
use crate::source;

pub use estimate::{Estimate, estimate};
pub use pace::Pace;
pub use pipeline::run;
pub use reading::Reading;
pub use tally::{Progress, Tally};

/// What a run is to do.
pub struct Settings {
    /// The walk: roots and filters.
    pub walker: source::Walker,
    /// The reader of contents, with its limits.
    pub reader: crate::extract::Reader,
    /// The detectors.
    pub scanner: crate::detect::Scanner,
    /// The document classes that objects are sorted into.
    pub classes: Classes,
    /// What people have marked as false.
    pub dismissed: Arc<Dismissed>,
    /// How many threads examine files.
    pub jobs: usize,
    /// How many masked samples are kept of each finding.
    pub samples: usize,
    /// The level at which the end of the run sums up what was found.
    pub least: Confidence,
    /// How fast it may go, and until when.
    pub pace: Pace,
    /// Whether files are read again although nothing about them changed.
    pub full: bool,
    /// Objects whose contents must not be read, such as employees' own places: they are listed by
    /// their metadata only.
    pub metadata_only: Box<dyn Fn(&ObjectPath) -> bool + Send + Sync>,
    /// How the run is entered in the inventory.
    pub info: inventory::RunInfo,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The run's number in the inventory.
    pub run: i64,
    /// Every object, counted by outcome.
    pub coverage: Coverage,
    /// Whether the run went on where an earlier one was cut off.
    pub resumed: bool,
    /// Files that were being read when an earlier run was ended from outside.
    pub suspects: Vec<String>,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
    /// Whether its time was spent before its end; the next run goes on there.
    pub paused: bool,
}

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The inventory could not be read or written.
    #[error("the inventory could not be kept up")]
    Inventory(#[from] inventory::Error),
    /// The system gave no threads.
    #[error("no worker threads could be started")]
    Threads(#[source] rayon::ThreadPoolBuildError),
}
