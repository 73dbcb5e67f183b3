//! How fast a run may go, and until when.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::model::Cancel;

/// A wait is looked up this often for a stop.
const SLICE: Duration = Duration::from_millis(100);

/// What a run may take of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Time after which no more files are begun. The next run goes on from there.
    pub time_budget: Option<Duration>,
    /// Bytes of files that are read in a second, as a mean; a file is counted as it is begun.
    pub bytes_per_second: Option<u64>,
    /// Files that are opened ahead of the workers; 0 where each worker opens its own.
    pub io_depth: usize,
}

/// Keeps a run to its pace. Shared by all who read.
#[derive(Debug)]
pub(super) struct Pacer {
    until: Option<Instant>,
    bytes_per_second: Option<u64>,
    /// When the next file may be begun.
    next: Mutex<Instant>,
    /// Whether a file was left for the next run.
    left_out: AtomicBool,
}

impl Pacer {
    pub(super) fn new(pace: Pace, now: Instant) -> Self {
        Self {
            until: pace.time_budget.and_then(|budget| now.checked_add(budget)),
            bytes_per_second: pace.bytes_per_second,
            next: Mutex::new(now),
            left_out: AtomicBool::new(false),
        }
    }

    /// Whether the time is spent.
    pub(super) fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Whether one more file may be begun; it is left for the next run where the time is spent.
    pub(super) fn may_begin(&self) -> bool {
        let over = self.is_over();
        if over {
            self.left_out.store(true, Ordering::Relaxed);
        }
        !over
    }

    /// Whether a file was left for the next run.
    pub(super) fn has_left_out(&self) -> bool {
        self.left_out.load(Ordering::Relaxed)
    }

    /// Waits until `bytes` more may be read; at once where a stop is asked for.
    pub(super) fn wait(&self, bytes: u64, cancel: &Cancel) {
        let Some(rate) = self.bytes_per_second else {
            return;
        };
        let turn = self.take_turn(bytes, rate);
        loop {
            let left = turn.saturating_duration_since(Instant::now());
            if left.is_zero() || cancel.is_requested() || self.is_over() {
                return;
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    /// The moment from which this file may be read; the next one waits for as long as it takes.
    fn take_turn(&self, bytes: u64, rate: u64) -> Instant {
        let now = Instant::now();
        let nanoseconds = u128::from(bytes) * 1_000_000_000 / u128::from(rate.max(1));
        let takes = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
        let mut next = match self.next.lock() {
            Ok(next) => next,
            Err(poisoned) => poisoned.into_inner(),
        };
        let turn = (*next).max(now);
        *next = turn.checked_add(takes).unwrap_or(turn);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_take_turns_at_the_rate() {
        let now = Instant::now();
        let pace = Pace {
            bytes_per_second: Some(1000),
            ..Pace::default()
        };
        let pacer = Pacer::new(pace, now);
        let first = pacer.take_turn(500, 1000);
        let second = pacer.take_turn(2000, 1000);
        let third = pacer.take_turn(0, 1000);
        assert_eq!(second - first, Duration::from_millis(500));
        assert_eq!(third - second, Duration::from_secs(2));
    }

    #[test]
    fn a_spent_budget_and_a_stop_end_every_wait() {
        let pace = Pace {
            time_budget: Some(Duration::ZERO),
            bytes_per_second: Some(1),
            io_depth: 0,
        };
        let pacer = Pacer::new(pace, Instant::now());
        assert!(pacer.is_over() && !pacer.has_left_out());
        assert!(!pacer.may_begin() && pacer.has_left_out());
        pacer.wait(1_000_000, &Cancel::default());
        pacer.wait(1_000_000, &Cancel::default());
    }
}
