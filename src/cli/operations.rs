//! What a scan tells those who operate it: a file that says how it is getting on, counters for
//! monitoring, and an estimate before it. None of them names an object.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::environment;
use super::exit::Exit;
use super::message::{Refusal, remark};
use crate::model::Lang;
use crate::own_files::{self, Readers};
use crate::report::{Overview, size};
use crate::scan::{Estimate, Summary, Tally};

/// How often the status is written anew.
const INTERVAL: Duration = Duration::from_secs(5);

/// How often it is looked whether the work is done.
const TICK: Duration = Duration::from_millis(100);

/// Extensions that an estimate names; the rest are summed up.
const NAMED_EXTENSIONS: usize = 12;

/// A file of JSON that tells how a scan is getting on, where one was asked for.
#[derive(Clone, Copy)]
pub(super) struct Status<'a> {
    file: Option<&'a Path>,
    started: i64,
}

impl<'a> Status<'a> {
    pub(super) fn new(file: Option<&'a Path>, started: i64) -> Self {
        Self { file, started }
    }

    /// Keeps the file up to date while `work` is done.
    ///
    /// # Errors
    /// The file cannot be written at the beginning; later on the scan is more important.
    pub(super) fn during<T: Send>(
        self,
        tally: &Tally,
        work: impl FnOnce() -> T + Send,
    ) -> anyhow::Result<T> {
        if self.file.is_none() {
            return Ok(work());
        }
        self.write("running", Some(tally), None)?;
        let done = AtomicBool::new(false);
        Ok(std::thread::scope(|threads| {
            threads.spawn(|| self.keep(tally, &done));
            let result = work();
            done.store(true, Ordering::Relaxed);
            result
        }))
    }

    fn keep(self, tally: &Tally, done: &AtomicBool) {
        let mut written = Instant::now();
        while !done.load(Ordering::Relaxed) {
            std::thread::sleep(TICK);
            if written.elapsed() >= INTERVAL {
                // A full disk must not end the scan for the sake of its status.
                let _ = self.write("running", Some(tally), None);
                written = Instant::now();
            }
        }
    }

    /// Writes how the scan ended.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn end(self, tally: &Tally, summary: &Summary, exit: Exit) -> anyhow::Result<()> {
        let state = match (summary.interrupted, summary.paused) {
            (true, _) => "interrupted",
            (false, true) => "paused",
            (false, false) => "finished",
        };
        self.write(state, Some(tally), Some((summary, exit)))
    }

    /// Writes that the scan failed. What is wrong is told elsewhere.
    pub(super) fn failed(self) {
        let _ = self.write("failed", None, None);
    }

    fn write(
        self,
        state: &str,
        tally: Option<&Tally>,
        ended: Option<(&Summary, Exit)>,
    ) -> anyhow::Result<()> {
        let Some(file) = self.file else {
            return Ok(());
        };
        let mut status = json!({
            "state": state,
            "pid": std::process::id(),
            "started": self.started,
            "updated": environment::now(),
        });
        if let Some(progress) = tally.map(Tally::sample) {
            status["files"] = json!({
                "found": progress.found_files,
                "done": progress.done_files,
            });
            status["bytes"] = json!({
                "found": progress.found_bytes,
                "done": progress.done_bytes,
            });
            status["listed"] = Value::Bool(progress.listed);
        }
        if let Some((summary, exit)) = ended {
            status["run"] = json!(summary.run);
            status["resumed"] = json!(summary.resumed);
            status["exit_code"] = json!(exit.code());
            status["coverage"] = json!(summary.coverage);
        }
        replace(file, &format!("{status}\n"))
    }
}

/// Writes counters in the text form of Prometheus.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write_metrics(
    file: &Path,
    summary: &Summary,
    overview: &Overview,
    (started, seconds, exit): (i64, f64, Exit),
) -> anyhow::Result<()> {
    let mut text = scalars(summary, overview.bytes, (started, seconds, exit));
    let detectors = || overview.detectors.iter();
    for (name, help, label, rows) in [
        (
            "objects",
            "Objects by outcome.",
            "outcome",
            counts(&overview.outcomes),
        ),
        (
            "unread_objects",
            "Objects not read, by cause; not those accepted.",
            "cause",
            counts(&overview.unread),
        ),
        (
            "findings",
            "Findings.",
            "detector",
            detectors().map(|(id, own)| (id, own.findings)).collect(),
        ),
        (
            "objects_with_findings",
            "Objects with findings.",
            "detector",
            detectors().map(|(id, own)| (id, own.objects)).collect(),
        ),
        (
            "verdicts",
            "Objects by verdict, where rules were given.",
            "verdict",
            counts(&overview.verdicts),
        ),
    ] {
        let rows = rows.into_iter();
        let rows = rows.map(|(key, count)| (format!("{{{label}=\"{key}\"}}"), count.to_string()));
        put(&mut text, name, help, rows);
    }
    replace(file, &text)
}

/// The counters without labels.
fn scalars(summary: &Summary, bytes: u64, (started, seconds, exit): (i64, f64, Exit)) -> String {
    let whole = u8::from(!summary.interrupted && !summary.paused);
    let mut text = String::new();
    for (name, help, value) in [
        (
            "scan_start_timestamp_seconds",
            "When the scan began.",
            started.to_string(),
        ),
        (
            "scan_duration_seconds",
            "How long it took.",
            format!("{seconds:.3}"),
        ),
        ("scan_exit_code", "Its exit code.", exit.code().to_string()),
        (
            "scan_whole",
            "1 where it met everything, 0 where it goes on later.",
            whole.to_string(),
        ),
        ("bytes", "Bytes of the files.", bytes.to_string()),
    ] {
        put(&mut text, name, help, [(String::new(), value)]);
    }
    text
}

fn counts(map: &BTreeMap<String, u64>) -> Vec<(&String, u64)> {
    map.iter().map(|(key, count)| (key, *count)).collect()
}

/// One counter: its rows by label.
fn put(
    text: &mut String,
    name: &str,
    help: &str,
    rows: impl IntoIterator<Item = (String, String)>,
) {
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "# HELP sporhund_{name} {help}\n# TYPE sporhund_{name} gauge"
    );
    for (labels, value) in rows {
        let _ = writeln!(text, "sporhund_{name}{labels} {value}");
    }
}

/// Puts a file in place as a whole, so that nobody reads half of it. It holds counts, and may be read
/// by others.
fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let refused = || Refusal::new(format!("`{}` cannot be written", file.display()));
    own_files::replace(file, text.as_bytes(), Readers::Everybody).with_context(refused)
}

/// Lets every other program go first. The kernel derives from it how urgent reading is.
pub(super) fn step_back() {
    #[cfg(unix)]
    let done = rustix::process::setpriority_process(None, 19).is_ok();
    #[cfg(not(unix))]
    let done = false;
    if !done {
        remark("scan: the priority could not be lowered");
    }
}

/// Tells an estimate; `jobs` is how many threads would read.
///
/// # Errors
/// The output is closed.
pub(super) fn tell_estimate(
    estimate: &Estimate,
    jobs: usize,
    lang: Lang,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let say = |nb: &'static str, nn: &'static str, en: &'static str| lang.pick([nb, nn, en]);
    let bytes = |bytes: u64| size(bytes, lang);
    writeln!(
        out,
        "{:>12} {} ({})",
        estimate.files,
        say("filer å lese", "filer å lese", "files to read"),
        bytes(estimate.bytes)
    )?;
    let left = say("leses ikke", "blir ikkje lesne", "are not read");
    writeln!(out, "{:>12} {left}", estimate.left)?;
    let mut kinds: Vec<_> = estimate.extensions.iter().collect();
    kinds.sort_by_key(|(_, (files, size))| std::cmp::Reverse((*size, *files)));
    for (extension, (files, size)) in kinds.iter().take(NAMED_EXTENSIONS) {
        let none = say("uten endelse", "utan ending", "no extension");
        let name = if extension.is_empty() {
            none
        } else {
            extension
        };
        writeln!(out, "{files:>12} {name} ({})", bytes(*size))?;
    }
    let hours = time(estimate.core_time.as_secs() / jobs.max(1) as u64);
    let about = say(
        "lesetid, om lag, med",
        "lesetid, om lag, med",
        "reading time, about, with",
    );
    let threads = match jobs {
        1 => say("tråd", "tråd", "thread"),
        _ => say("tråder", "trådar", "threads"),
    };
    let sample = say(
        "filer lest til anslaget",
        "filer lesne til overslaget",
        "files read to tell",
    );
    writeln!(out, "{hours:>12} {about} {jobs} {threads}")?;
    writeln!(out, "{:>12} {sample}", estimate.sampled)
}

/// The same for programs.
pub(super) fn estimate_as_json(estimate: &Estimate, jobs: usize) -> Value {
    let kinds: BTreeMap<&String, Value> = estimate
        .extensions
        .iter()
        .map(|(extension, (files, bytes))| (extension, json!({"files": files, "bytes": bytes})))
        .collect();
    json!({
        "files": estimate.files,
        "bytes": estimate.bytes,
        "left": estimate.left,
        "extensions": kinds,
        "sampled": estimate.sampled,
        "core_seconds": estimate.core_time.as_secs_f64(),
        "seconds": estimate.core_time.as_secs_f64() / f64::from(u32::try_from(jobs.max(1)).unwrap_or(1)),
        "interrupted": estimate.interrupted,
    })
}

fn time(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => "< 1 s".to_owned(),
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}
