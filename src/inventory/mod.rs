//! What is kept between runs: one SQLite file with every object, its one outcome, and what was
//! found in it.
//!
//! One [`Writer`] at a time; a lock beside the file sees to that. Nothing is judged or formatted
//! here, and no matched text comes in: records hold masks and keyed digests only.

mod alike;
mod buckets;
mod changes;
mod contents;
mod counting;
mod detectors;
mod digest_parts;
mod digest_row;
mod digests;
mod dismissed;
mod error;
mod filling;
mod finish;
mod listings;
mod lock;
mod lookup;
mod merge;
mod names;
mod probe;
mod put;
mod read;
mod rows;
mod run;
mod single;
mod store;
mod stream;
mod sums;
mod upkeep;
mod writer;

pub use changes::{Fate, HitChange, RunSum};
pub use contents::{Contents, Holder, Words};
pub use digests::DetectorTotal;
pub use dismissed::{dismiss, dismissed};
pub use error::Error;
pub use lock::InProgress;
pub use lookup::{Known, KnownFiles, KnownFolder, Lookup, Part, Reuse, is_settled};
pub use read::{Reader, RunRow};
pub use rows::{FindingRow, ObjectRow};
pub use run::{Coverage, RunEnd, RunInfo, RunStart};
pub use store::{Inventory, files};
pub use sums::{EndSum, FolderSum, Sums};
pub use upkeep::{Forgotten, export, last_copy};
pub use writer::Writer;
