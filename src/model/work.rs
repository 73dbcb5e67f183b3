//! Processor time that goes into one file, on whichever threads.
//!
//! A file is read by one thread, and long texts of it are searched by several. While that thread waits for the others it
//! may read another file, whose time is not the first one's.

use std::cell::Cell;
use std::time::Duration;

use cpu_time::ThreadTime;

thread_local! {
    /// What others did for this thread's file, less what this thread did for other files, in nanoseconds.
    static ELSEWHERE: Cell<i64> = const { Cell::new(0) };
}

/// Processor time that went into the calling thread's files so far. The difference of two moments of one file is
/// the file's.
#[must_use]
pub fn spent() -> Duration {
    let own = nanoseconds(thread_time());
    Duration::from_nanos(u64::try_from(own + ELSEWHERE.get()).unwrap_or(0))
}

/// Does `work`, and tells how much processor time of the calling thread it took.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = thread_time();
    let result = work();
    (result, thread_time().saturating_sub(begun))
}

/// Does work that is shared by several threads. `work` tells how much time it took on all of them together.
pub fn shared<T>(work: impl FnOnce() -> (T, Duration)) -> T {
    let before = ELSEWHERE.get();
    let ((result, took), own) = measured(work);
    ELSEWHERE.set(before + nanoseconds(took) - nanoseconds(own));
    result
}

/// Adds processor time that another process spent on this thread's file.
pub fn add(time: Duration) {
    ELSEWHERE.set(ELSEWHERE.get() + nanoseconds(time));
}

fn thread_time() -> Duration {
    ThreadTime::try_now().map_or(Duration::ZERO, |time| time.as_duration())
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
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
    fn what_others_did_counts_and_what_was_done_for_others_does_not() {
        let since = |begun: Duration| spent().saturating_sub(begun);
        let (short, long) = (Duration::from_millis(5), Duration::from_mins(1));
        let begun = spent();
        work_for(short);
        assert!(since(begun) >= short);
        shared(|| ((), long));
        assert!(since(begun) >= long);
        let before = spent();
        shared(|| {
            work_for(Duration::from_millis(50));
            shared(|| ((), long));
            ((), short)
        });
        let counted = since(before);
        assert!(
            (short..Duration::from_millis(50)).contains(&counted),
            "{counted:?}"
        );
    }
}
