//! The parent's side of one child process: sends content, listens to what is told, and ends the
//! child at the deadline.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use super::super::{Content, Picture, Pictures, Sink};
use super::frame::{
    Job, PART_BYTES, Told, Used, problem, read_frame, take_cells, take_flow, write_frame,
};
use super::pipe::Pipe;
use super::system::{Inlet, Outlet, bare, cause_of_death, set_apart};
use super::{ChildLimits, Confinement};
use crate::model::{Budget, Problem, ProblemKind, Stage};

/// How much of a dead child's standard error is looked at.
const LAST_WORDS_BYTES: usize = 64 * 1024;
/// What the standard library's runtime says before it aborts on a failed allocation.
const NO_MEMORY: &[u8] = b"memory allocation of ";

/// What an object is read under, beside its budget.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) limits: ChildLimits,
    /// Which pictures the parent reads.
    pub(super) pictures: Pictures,
}

/// A running child. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Child {
    process: std::process::Child,
    /// Where content goes; none where the child has the file open.
    input: Option<Inlet>,
    output: Outlet,
    /// Its standard error: the runtime's message when memory cannot be had. It is never shown.
    last_words: Outlet,
    objects: u32,
}

/// How an object ended that the child read to some end of its own.
pub(super) struct Ended {
    pub(super) result: Result<(), Problem>,
    /// Whether the child must not be used again.
    pub(super) replace: bool,
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn crashed() -> Problem {
    Problem::new(ProblemKind::Crashed, Stage::Extract)
}

impl Child {
    /// Starts a child without an environment and with nothing to print to but a pipe that is not shown.
    pub(super) fn start(program: &Path, args: &[OsString]) -> io::Result<Self> {
        Self::spawn(Command::new(program).args(args).stdin(Stdio::piped()))
    }

    /// Starts a child that reads one object from an open file.
    pub(super) fn on_file(
        program: &Path,
        args: &[OsString],
        job: &Job,
        file: File,
    ) -> io::Result<Self> {
        let mut command = Command::new(program);
        Self::spawn(command.args(args).arg(job.as_argument()?).stdin(file))
    }

    fn spawn(command: &mut Command) -> io::Result<Self> {
        let (last_words, dying) = Outlet::for_last_words()?;
        let command = bare(set_apart(command));
        let mut process = command.stdout(Stdio::piped()).stderr(dying).spawn()?;
        let input = process.stdin.take().map(Inlet::new).transpose();
        let output = process.stdout.take().map(Outlet::new).transpose();
        if let (Ok(input), Ok(Some(output))) = (input, output) {
            return Ok(Self {
                process,
                input,
                output,
                last_words,
                objects: 0,
            });
        }
        drop(process.kill());
        drop(process.wait());
        Err(io::Error::other("no pipes"))
    }

    /// How many objects it was given.
    pub(super) fn objects(&self) -> u32 {
        self.objects
    }

    /// Sends one object's content. `Crashed` says that the child is gone.
    pub(super) fn send(
        &mut self,
        format: &str,
        content: &mut Content,
        budget: &Budget,
        terms: Terms,
    ) -> Result<(), Problem> {
        self.objects += 1;
        let job = Job::new(format, content, budget, terms);
        content.rewind()?;
        let input = self.input.as_mut().ok_or_else(crashed)?;
        let mut pipe = Pipe::new(input, budget);
        let framed = write_frame(&mut pipe, &job);
        framed.map_err(|_| pipe.limit().unwrap_or_else(crashed))?;
        let mut part = vec![0; PART_BYTES];
        let mut left = content.len();
        while left > 0 {
            let read = content.read(&mut part).unwrap_or(0);
            if read == 0 {
                return Err(Problem::new(ProblemKind::Io, Stage::Read));
            }
            let bytes = part.get(..read).unwrap_or_default();
            let wrote = pipe.write_all(bytes);
            wrote.map_err(|_| pipe.limit().unwrap_or_else(crashed))?;
            left = left.saturating_sub(read as u64);
        }
        Ok(())
    }

    /// Passes on what the child tells, until the object ends.
    ///
    /// # Errors
    /// What ended the child, or what the sink wants to end for; the child must then be dropped.
    pub(super) fn listen(
        &mut self,
        budget: &Budget,
        sink: &mut dyn Sink,
        confinement: &OnceLock<Confinement>,
    ) -> Result<Ended, Problem> {
        let mut pipe = Pipe::new(&mut self.output, budget);
        let heard = listen(&mut pipe, budget, sink, confinement);
        let limit = pipe.limit();
        match heard {
            Ok(ended) => {
                // What a library may have printed is dropped, so that the pipe never fills.
                drop(self.last_words());
                Ok(ended)
            }
            Err(Broken::Sink(problem)) => Err(problem),
            Err(Broken::Pipe) => Err(limit.unwrap_or_else(|| self.cause_of_death())),
        }
    }

    /// What it wrote to its standard error and nobody read, up to a bound.
    fn last_words(&mut self) -> Vec<u8> {
        let mut words = vec![0; LAST_WORDS_BYTES];
        let read = self.last_words.read_within(&mut words, Duration::ZERO);
        let read = read.ok().flatten().unwrap_or(0);
        words.truncate(read);
        words
    }

    fn cause_of_death(&mut self) -> Problem {
        for _ in 0..40 {
            match self.process.try_wait() {
                Ok(Some(status)) => return death(status, &self.last_words()),
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                Err(_) => break,
            }
        }
        crashed()
    }
}

/// What a status says of the cause.
fn death(status: ExitStatus, last_words: &[u8]) -> Problem {
    let starved = memchr::memmem::find(last_words, NO_MEMORY).is_some();
    Problem::new(cause_of_death(status, starved), Stage::Extract)
}

/// Why listening ended before the object did.
enum Broken {
    Pipe,
    Sink(Problem),
}

fn listen(
    pipe: &mut dyn Read,
    budget: &Budget,
    sink: &mut dyn Sink,
    confinement: &OnceLock<Confinement>,
) -> Result<Ended, Broken> {
    let mut frame = Vec::new();
    let mut charged = Used::default();
    loop {
        if !read_frame(pipe, &mut frame).map_err(|_| Broken::Pipe)? {
            return Err(Broken::Pipe);
        }
        match postcard::from_bytes(&frame).map_err(|_| Broken::Pipe)? {
            Told::Flow(text, origin, continues) => {
                take_flow(text, origin, continues, &mut |piece| sink.piece(piece));
            }
            Told::Cells(text, cells, fields) => {
                if !take_cells(text, &cells, &fields, &mut |piece| sink.piece(piece)) {
                    return Err(Broken::Pipe);
                }
            }
            Told::Member(name) => member(pipe, name, sink)?,
            Told::Unread(name, cause) => sink.unread_member(name, problem(cause)),
            Told::Picture(page, known, bytes) => {
                let picture = Picture {
                    bytes,
                    page: Some(page),
                    known,
                };
                if let Err(problem) = sink.picture(picture) {
                    sink.incomplete(problem.at(page.into()));
                }
            }
            Told::Fact(fact) => sink.fact(fact),
            Told::Incomplete(cause) => sink.incomplete(problem(cause)),
            Told::Confined(own) => {
                confinement.get_or_init(|| own);
            }
            Told::Used(all) => {
                let more = all.since(charged);
                charged = all;
                more.charge(budget).map_err(Broken::Sink)?;
            }
            Told::End {
                problem: cause,
                used,
                tired,
            } => {
                let result = cause.map_or(Ok(()), |cause| Err(problem(cause)));
                return Ok(Ended {
                    result: used.since(charged).charge(budget).and(result),
                    replace: tired,
                });
            }
            Told::Bytes(_) | Told::MemberEnd(_) => return Err(Broken::Pipe),
        }
    }
}

fn member(pipe: &mut dyn Read, name: &[u8], sink: &mut dyn Sink) -> Result<(), Broken> {
    let mut bytes = MemberBytes {
        pipe,
        frame: Vec::new(),
        part: Vec::new(),
        at: 0,
        ended: None,
    };
    sink.member(name, &mut bytes).map_err(Broken::Sink)?;
    while bytes.ended.is_none() {
        bytes.next_part().map_err(|_| Broken::Pipe)?;
    }
    Ok(())
}

/// The bytes of a member, as they arrive.
struct MemberBytes<'p> {
    pipe: &'p mut dyn Read,
    frame: Vec<u8>,
    part: Vec<u8>,
    at: usize,
    /// Whether the member came whole, once it has ended.
    ended: Option<bool>,
}

impl MemberBytes<'_> {
    fn next_part(&mut self) -> io::Result<()> {
        self.part.clear();
        self.at = 0;
        if !read_frame(&mut self.pipe, &mut self.frame)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match postcard::from_bytes(&self.frame) {
            Ok(Told::Bytes(bytes)) => self.part.extend_from_slice(bytes),
            Ok(Told::MemberEnd(whole)) => self.ended = Some(whole),
            Ok(_) | Err(_) => return Err(io::Error::other("not a member's frame")),
        }
        Ok(())
    }
}

impl Read for MemberBytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.part.len() {
            match self.ended {
                Some(true) => return Ok(0),
                Some(false) => return Err(io::Error::other("the member breaks off")),
                None => self.next_part()?,
            }
        }
        let read = self.part.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += read;
        Ok(read)
    }
}
