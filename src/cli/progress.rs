//! Progress on a terminal: files, bytes, the current object; no estimate before the total is known.
//!
//! Without a terminal on standard error it says nothing.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use crate::report::escape::for_terminal;
use crate::scan::{Progress, Tally};

const INTERVAL: Duration = Duration::from_millis(100);

/// Runs `work` and shows the tally's progress meanwhile.
pub(crate) fn during<T: Send>(tally: &Tally, quiet: bool, work: impl FnOnce() -> T + Send) -> T {
    if quiet || !std::io::stderr().is_terminal() {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let drawer = threads.spawn(|| draw(tally, &done));
        let result = work();
        done.store(true, Ordering::Relaxed);
        // A drawer that failed must not cost the run its result.
        let _ = drawer.join();
        result
    })
}

fn draw(tally: &Tally, done: &AtomicBool) {
    let bar = ProgressBar::new_spinner();
    while !done.load(Ordering::Relaxed) {
        show(&bar, &tally.sample());
        std::thread::sleep(INTERVAL);
    }
    bar.finish_and_clear();
}

fn show(bar: &ProgressBar, progress: &Progress) {
    let files = HumanCount(progress.done_files);
    let bytes = HumanBytes(progress.done_bytes);
    let known = if progress.listed { "" } else { "+" };
    let totals = format!(
        "{}{known} · {}{known}",
        HumanCount(progress.found_files),
        HumanBytes(progress.found_bytes)
    );
    if progress.listed && bar.length() != Some(progress.found_bytes) {
        let style = ProgressStyle::with_template("{bar:20} {prefix} {eta} {wide_msg}");
        bar.set_length(progress.found_bytes);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    } else if !progress.listed {
        let style = ProgressStyle::with_template("{spinner} {prefix} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    }
    bar.set_position(progress.done_bytes);
    bar.set_prefix(format!("{files} / {totals}, {bytes}"));
    bar.set_message(for_terminal(&progress.current));
    bar.tick();
}
