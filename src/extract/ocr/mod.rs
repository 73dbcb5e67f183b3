//! Text in pictures and on scanned pages, read by an installed `tesseract`: one process for each
//! picture, with bounds on memory and time, that can open programs' files and nothing else.
//!
//! Where tesseract lies and which languages it has is found by `cli`.

#[cfg(unix)]
mod confined;
mod table;

use std::ffi::{OsStr, OsString};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use super::isolate::{Outlet, Pipe, cause_of_death, set_apart};
use super::{PictureReader, PictureText, Pictures};
use crate::model::{Budget, Problem, ProblemKind, Stage};

#[cfg(unix)]
pub use confined::confined;

/// The table of words of one picture is not longer; a page of text makes some 50 KiB.
const MAX_TABLE_BYTES: u64 = 16 * 1024 * 1024;

/// An installed tesseract.
#[derive(Clone, Debug)]
pub struct Tesseract {
    /// A program that calls `confined` with what follows `args` (`[--may-read FOLDER] PROGRAM
    /// ARGUMENT…`): usually our own.
    pub launcher: PathBuf,
    /// The first arguments of the launcher.
    pub args: Vec<OsString>,
    /// Where tesseract lies.
    pub program: PathBuf,
    /// The folder of its trained data, where it is not the program's own.
    pub data: Option<OsString>,
    /// Languages in its own form, such as `nor+eng`.
    pub languages: String,
    /// Whether it can tell how a page is turned.
    pub turns: bool,
    /// Which pictures it reads.
    pub wanted: Pictures,
}

impl PictureReader for Tesseract {
    fn wanted(&self) -> Pictures {
        self.wanted
    }

    fn read(&self, bytes: &[u8], budget: &Budget) -> Result<PictureText, Problem> {
        budget.check()?;
        let limits = budget.limits();
        let left = limits.pictures_time.saturating_sub(budget.excused());
        if left.is_zero() {
            return Err(problem(ProblemKind::Timeout));
        }
        let started = Instant::now();
        let table = self.table(bytes, &budget.aside(limits.picture_time.min(left)));
        budget.excuse(started.elapsed());
        Ok(table::read(&table?))
    }
}

fn problem(kind: ProblemKind) -> Problem {
    Problem::new(kind, Stage::Extract)
}

impl Tesseract {
    /// The words of a picture, as tesseract's table of tab-separated values.
    fn table(&self, bytes: &[u8], budget: &Budget) -> Result<String, Problem> {
        let io = |_| problem(ProblemKind::Io);
        let mut input = tempfile::tempfile().map_err(io)?;
        input.write_all(bytes).map_err(io)?;
        input.rewind().map_err(io)?;
        let mut running = Running(self.command().stdin(input).spawn().map_err(io)?);
        let output = running.0.stdout.take().ok_or(problem(ProblemKind::Io))?;
        let mut output = Outlet::new(output).map_err(io)?;
        let mut pipe = Pipe::new(&mut output, budget);
        let mut table = Vec::new();
        let copied = std::io::copy(&mut (&mut pipe).take(MAX_TABLE_BYTES), &mut table);
        if let Some(limit) = pipe.limit() {
            return Err(limit);
        }
        copied.map_err(io)?;
        if table.len() as u64 == MAX_TABLE_BYTES {
            return Err(problem(ProblemKind::LimitMemory));
        }
        ended(running.0.wait().map_err(io)?)?;
        Ok(String::from_utf8_lossy(&table).into_owned())
    }

    fn command(&self) -> Command {
        let mut command = self.launched();
        command.args(["stdin", "stdout", "-l", &self.languages]);
        if self.turns {
            command.args(["--psm", "1"]);
        }
        command.arg("tsv");
        command.env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C");
        if let Some(data) = &self.data {
            command.env(OsStr::new("TESSDATA_PREFIX"), data);
        }
        set_apart(&mut command);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// The program behind our own, which bounds it and keeps it from files.
    #[cfg(unix)]
    fn launched(&self) -> Command {
        let mut command = Command::new(&self.launcher);
        command.args(&self.args).env_clear();
        if let Some(data) = &self.data {
            command.arg("--may-read").arg(data);
        }
        command.arg(&self.program);
        command
    }

    /// The program by itself: the time a picture may take bounds it, and nothing else can here.
    #[cfg(not(unix))]
    fn launched(&self) -> Command {
        Command::new(&self.program)
    }
}

/// A process that is killed when nobody waits for it any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What a status says. Tesseract ends with 1 where it does not know the kind of picture, and by an
/// abort where memory cannot be had.
fn ended(status: ExitStatus) -> Result<(), Problem> {
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(problem(ProblemKind::ImageWithoutText)),
        // An abort is told by a signal, where there are signals.
        _ => Err(problem(cause_of_death(status, cfg!(unix)))),
    }
}
