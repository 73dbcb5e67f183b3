//! Counters that a run keeps while it works, for whoever wants to show progress.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counters of a running scan. They are sampled from outside and steer nothing.
#[derive(Debug, Default)]
pub struct Tally {
    found_files: AtomicU64,
    found_bytes: AtomicU64,
    done_files: AtomicU64,
    done_bytes: AtomicU64,
    listed: AtomicBool,
    current: Mutex<String>,
}

/// What the counters said at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files found so far.
    pub found_files: u64,
    /// Their bytes.
    pub found_bytes: u64,
    /// Files dealt with.
    pub done_files: u64,
    /// Their bytes.
    pub done_bytes: u64,
    /// Whether all folders have been listed, so that the totals are known.
    pub listed: bool,
    /// The file that was begun last.
    pub current: String,
}

impl Tally {
    pub(super) fn found(&self, files: u64, bytes: u64) {
        self.found_files.fetch_add(files, Ordering::Relaxed);
        self.found_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn done(&self, files: u64, bytes: u64) {
        self.done_files.fetch_add(files, Ordering::Relaxed);
        self.done_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn all_listed(&self) {
        self.listed.store(true, Ordering::Relaxed);
    }

    /// Shows what is being read, where nobody else is just now telling.
    pub(super) fn begin(&self, name: impl FnOnce() -> String) {
        if let Ok(mut current) = self.current.try_lock() {
            *current = name();
        }
    }

    /// What the counters say now.
    #[must_use]
    pub fn sample(&self) -> Progress {
        Progress {
            found_files: self.found_files.load(Ordering::Relaxed),
            found_bytes: self.found_bytes.load(Ordering::Relaxed),
            done_files: self.done_files.load(Ordering::Relaxed),
            done_bytes: self.done_bytes.load(Ordering::Relaxed),
            listed: self.listed.load(Ordering::Relaxed),
            current: self
                .current
                .lock()
                .map(|current| current.clone())
                .unwrap_or_default(),
        }
    }
}
