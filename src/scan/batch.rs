//! Files that are handed to a worker together: to hand over each small one by itself costs as much as to
//! read it. They wait only while all workers are busy, and then for the next file at most.

use super::desk::{Job, Ready};

/// Files that make a batch.
const FILES: usize = 16;

/// Bytes of files that make one, however few they are.
const BYTES: u64 = 128 * 1024;

/// The files that are handed over next.
#[derive(Default)]
pub(super) struct Batch {
    files: Vec<Ready>,
    bytes: u64,
}

impl Batch {
    pub(super) fn add(&mut self, job: Job) {
        self.bytes = self.bytes.saturating_add(job.task.stat.bytes);
        self.files.push(Ready::Closed(job));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether it takes no more.
    pub(super) fn is_full(&self) -> bool {
        self.files.len() >= FILES || self.bytes >= BYTES
    }

    /// The files that were added, of which none are left.
    pub(super) fn take(&mut self) -> Vec<Ready> {
        self.bytes = 0;
        std::mem::take(&mut self.files)
    }
}
