//! Processor time that goes into one file, on whichever threads.
//!
//! A file is read by one thread, and long texts of it are searched by several; some formats are read by another process.

use std::cell::Cell;
use std::time::Duration;

use cpu_time::ThreadTime;

thread_local! {
    /// What others did for this thread's files.
    static ELSEWHERE: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Processor time that went into the calling thread's files so far. The difference of two moments of one file is
/// the file's.
#[must_use]
pub fn spent() -> Duration {
    thread_time() + ELSEWHERE.get()
}

/// Does `work`, and tells how much processor time of the calling thread it took.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = thread_time();
    let result = work();
    (result, thread_time().saturating_sub(begun))
}

/// Adds processor time that another thread or process spent on this thread's file.
pub fn add(time: Duration) {
    ELSEWHERE.set(ELSEWHERE.get() + time);
}

fn thread_time() -> Duration {
    ThreadTime::try_now().map_or(Duration::ZERO, |time| time.as_duration())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Works until the thread has used this much more time.
    fn work_for(time: Duration) {
        let until = thread_time() + time;
        while thread_time() < until {}
    }

    #[test]
    fn what_others_did_counts_too() {
        let since = |begun: Duration| spent().saturating_sub(begun);
        let (short, long) = (Duration::from_millis(5), Duration::from_mins(1));
        let begun = spent();
        work_for(short);
        assert!(since(begun) >= short);
        add(long);
        assert!(since(begun) >= long);
    }
}
