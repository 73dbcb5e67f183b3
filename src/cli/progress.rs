//! Progress on a terminal: files, bytes, how fast, the current object; no estimate before the total is known.
//!
//! Without a terminal on standard error it says nothing, and nothing of work that is over at once.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr as _;

use super::environment;
use super::settings::Saying;
use crate::model::Lang;
use crate::report::escape::for_terminal;
use crate::report::{number, shortened, size};
use crate::scan::{Progress, Tally};

/// How often it is drawn anew.
const INTERVAL: Duration = Duration::from_millis(100);

/// Work that is over before this shows nothing.
const PATIENCE: Duration = Duration::from_millis(300);

/// What a file costs beside its bytes, in bytes (measured roughly: thousands of small files a second,
/// tens of megabytes of text). Without it many small files would seem to be nothing.
const EACH_FILE: u64 = 8 << 10;

/// Fewer columns than this tell nothing of a path.
const LEAST_PATH: usize = 16;

/// Time that the speed is a mean over, some seconds.
const SMOOTHING: f64 = 3.0;

/// Runs `work` and shows the tally's progress meanwhile.
pub(super) fn during<T>(tally: &Tally, saying: &Saying, work: impl FnOnce() -> T) -> T {
    let mut shown = Shown::default();
    let words = words(saying.lang);
    beside(
        saying.quiet,
        |bar| shown.draw(bar, &tally.sample(), words),
        work,
    )
}

/// Runs the summing up, which cannot be counted, and says meanwhile what it is.
pub(super) fn summing_up<T>(saying: &Saying, work: impl FnOnce() -> T) -> T {
    let what = words(saying.lang).summing_up;
    beside(saying.quiet, |bar| bar.set_message(what), work)
}

/// What is said, in a language.
#[derive(Clone, Copy)]
struct Words {
    lang: Lang,
    of: &'static str,
    files: &'static str,
    left: &'static str,
    ending: &'static str,
    summing_up: &'static str,
}

fn words(lang: Lang) -> Words {
    let (of, files, left, ending, summing_up) = match lang {
        Lang::Nb => (
            "av",
            "filer",
            "igjen",
            "alle filer er lest; skriver inventaret",
            "summerer",
        ),
        Lang::Nn => (
            "av",
            "filer",
            "att",
            "alle filer er lesne; skriv inventaret",
            "summerer",
        ),
        Lang::En => (
            "of",
            "files",
            "left",
            "all files are read; writing the inventory",
            "summing up",
        ),
    };
    Words {
        lang,
        of,
        files,
        left,
        ending,
        summing_up,
    }
}

/// Draws while `work` is done.
fn beside<T>(
    quiet: bool,
    mut draw: impl FnMut(&ProgressBar) + Send,
    work: impl FnOnce() -> T,
) -> T {
    if quiet || !std::io::stderr().is_terminal() {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let drawer = threads.spawn(|| {
            std::thread::park_timeout(PATIENCE);
            if done.load(Ordering::Acquire) {
                return;
            }
            let bar = ProgressBar::new_spinner();
            bar.set_style(style("{spinner} {msg}"));
            while !done.load(Ordering::Acquire) {
                draw(&bar);
                std::thread::park_timeout(INTERVAL);
            }
            bar.finish_and_clear();
        });
        let end = End(&done, drawer.thread());
        let result = work();
        drop(end);
        // A drawer that failed must not cost the run its result.
        let _ = drawer.join();
        result
    })
}

/// Ends the drawing, after a panic too.
struct End<'a>(&'a AtomicBool, &'a Thread);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        self.1.unpark();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// What was shown last.
#[derive(Default)]
struct Shown {
    /// Whether the totals are known and the bar has its length.
    with_bar: bool,
    speed: Speed,
}

impl Shown {
    fn draw(&mut self, bar: &ProgressBar, progress: &Progress, words: Words) {
        self.speed.take(Instant::now(), progress);
        let mut room = environment::columns().saturating_sub(2);
        if progress.listed {
            if !self.with_bar {
                bar.set_style(style("{bar:12} {msg}"));
                self.with_bar = true;
            }
            bar.set_length(weight(progress.found_files, progress.found_bytes));
            bar.set_position(weight(progress.done_files, progress.done_bytes));
            room = room.saturating_sub(12);
        } else {
            bar.tick();
        }
        bar.set_message(told(progress, &self.speed, (words, room)));
    }
}

fn weight(files: u64, bytes: u64) -> u64 {
    files.saturating_mul(EACH_FILE).saturating_add(bytes)
}

/// How fast it goes, as a mean in which what is long ago counts less.
#[derive(Default)]
struct Speed {
    last: Option<(Instant, u64, u64)>,
    files: f64,
    weight: f64,
    /// Seconds that the mean is over, up to [`SMOOTHING`].
    over: f64,
}

impl Speed {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    fn take(&mut self, now: Instant, progress: &Progress) {
        let done = weight(progress.done_files, progress.done_bytes);
        let current = (now, progress.done_files, done);
        let Some((then, files, before)) = self.last.replace(current) else {
            return;
        };
        let seconds = now.saturating_duration_since(then).as_secs_f64();
        if seconds <= 0.0 {
            return;
        }
        self.over = (self.over + seconds).min(SMOOTHING);
        let share = (seconds / self.over).min(1.0);
        let more = |mean: f64, count: u64| mean + share * (count as f64 / seconds - mean);
        self.files = more(self.files, progress.done_files.saturating_sub(files));
        self.weight = more(self.weight, done.saturating_sub(before));
    }

    /// Files in a second; none before there is a second to speak of.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded for people, and never negative"
    )]
    fn files(&self) -> Option<u64> {
        (self.over >= 1.0 && self.files >= 1.0).then_some(self.files as u64)
    }

    /// The time that is left at this speed.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    fn left(&self, progress: &Progress) -> Option<Duration> {
        let found = weight(progress.found_files, progress.found_bytes);
        let left = found.saturating_sub(weight(progress.done_files, progress.done_bytes));
        let known = progress.listed && self.over >= SMOOTHING && self.weight > 0.0;
        let seconds = known.then(|| left as f64 / self.weight)?;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

/// One line of at most `room` columns: how far it is, and as much else as fits; the path last.
fn told(progress: &Progress, speed: &Speed, (words, room): (Words, usize)) -> String {
    let is_ending = progress.listed && progress.done_files >= progress.found_files;
    if is_ending {
        return shortened(words.ending, room);
    }
    let known = if progress.listed { "" } else { "+" };
    let (done, found) = (progress.done_files, progress.found_files);
    let (of, files) = (words.of, words.files);
    let mut line = format!("{} {of} {}{known} {files}", number(done), number(found));
    let left = speed.left(progress);
    let left = left.map(|left| format!("{} {}", short(left), words.left));
    let rate = speed.files().map(|files| format!("{}/s", number(files)));
    let bytes = size(progress.done_bytes, words.lang);
    for part in left.into_iter().chain(rate).chain([bytes]) {
        if line.width() + 3 + part.width() <= room {
            line = format!("{line} · {part}");
        }
    }
    let rest = room.saturating_sub(line.width() + 2);
    if rest < LEAST_PATH {
        return shortened(&line, room);
    }
    let path = shortened(&for_terminal(&progress.current), rest);
    format!("{line}  {path}")
}

/// `8s`, `3m 20s`, `2h 10m`.
fn short(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{}s", seconds.max(1)),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: u64, listed: bool) -> Progress {
        Progress {
            found_files: 100_000,
            found_bytes: 4_000_000,
            done_files: done,
            done_bytes: done * 40,
            listed,
            current: "felles/æ mappe med et langt navn/søknad 文書 fra i fjor.txt".to_owned(),
        }
    }

    /// After five seconds of two thousand files each.
    fn speed() -> Speed {
        let (mut speed, begun) = (Speed::default(), Instant::now());
        for tick in 0..=50_u32 {
            let now = begun + Duration::from_millis(100) * tick;
            speed.take(now, &progress(u64::from(tick) * 200, false));
        }
        speed
    }

    #[test]
    fn a_line_fits_at_any_width_and_keeps_the_end_of_the_path() {
        for room in 0..140 {
            for listed in [false, true] {
                for lang in Lang::ALL {
                    let line = told(&progress(10_000, listed), &speed(), (words(lang), room));
                    assert!(line.width() <= room.max(1), "{room}: {line}");
                }
            }
        }
        let line = told(&progress(10_000, false), &speed(), (words(Lang::Nb), 78));
        assert_eq!(
            line,
            "10\u{a0}000 av 100\u{a0}000+ filer · 2\u{a0}000/s · 400,0 kB  …avn/søknad 文書 fra i fjor.txt"
        );
        let files = "10\u{a0}000 of 100\u{a0}000+ files";
        for (room, parts) in [
            (24, ""),
            (33, ""),
            (34, " · 2\u{a0}000/s"),
            (46, " · 2\u{a0}000/s · 400.0 kB"),
        ] {
            let line = told(&progress(10_000, false), &speed(), (words(Lang::En), room));
            assert_eq!(line, format!("{files}{parts}"), "{room}");
        }
        let line = told(&progress(10_000, true), &speed(), (words(Lang::En), 66));
        assert!(
            line.starts_with("10\u{a0}000 of 100\u{a0}000 files · 45s left"),
            "{line}"
        );
        let line = told(&progress(100_000, true), &speed(), (words(Lang::En), 66));
        assert!(line.contains("writing the inventory"), "{line}");
    }

    #[test]
    fn nothing_is_said_of_speed_before_it_is_known() {
        let mut speed = Speed::default();
        let now = Instant::now();
        speed.take(now, &progress(0, true));
        speed.take(now, &progress(50, true));
        assert_eq!(
            (speed.files(), speed.left(&progress(50, true))),
            (None, None)
        );
        let line = told(&progress(50, true), &speed, (words(Lang::En), 40));
        assert!(!line.contains("/s") && !line.contains("left"), "{line}");
        assert_eq!(short(Duration::from_secs(0)), "1s");
        assert_eq!(short(Duration::from_secs(200)), "3m 20s");
        assert_eq!(short(Duration::from_mins(130)), "2h 10m");
    }

    #[test]
    fn work_gives_its_result_whatever_is_drawn() {
        assert_eq!(beside(false, |_| (), || 7), 7);
        assert_eq!(beside(true, |_| (), || 8), 8);
    }
}
