//! The child's side: reads the content it is sent, object after object, and tells what is in it.
//!
//! It opens no file but the one in which the system tells its own memory, before it confines itself
//! (and does without where that is forbidden), prints nothing, and ends when its input ends.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{self, AssertUnwindSafe};

use super::super::{Content, Picture, Pictures, Sink, format_by_id};
use super::confine::confine;
use super::frame::{
    Job, MAX_FRAME_BYTES, PART_BYTES, Told, Used, fault, read_frame, send_piece, write_frame,
};
use super::system::{OwnMemory, bound};
use crate::model::{Budget, Cancel, Fact, Piece, Problem, ProblemKind, Stage};

/// Stack of the thread that reads: parsers recurse on nested objects.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// A child that holds more than this after an object asks to be replaced.
const TIRED_BYTES: u64 = 256 * 1024 * 1024;
/// The parent is told of every so many bytes that came out of containers or that pages showed.
const USED_STEP: u64 = 1024 * 1024;

/// Serves a parent until `input` ends. To be called by the hidden subcommand with standard input and
/// output, and nothing else may write to that output.
///
/// # Errors
/// Where the pipes break, or the parent does not speak the protocol: the child then ends.
pub fn serve(input: impl Read + Send, output: impl Write + Send) -> io::Result<()> {
    panic::set_hook(Box::new(|_| {}));
    let mut memory = OwnMemory::open();
    let confinement = confine();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let served = thread.spawn_scoped(scope, || {
            let mut input = BufReader::with_capacity(PART_BYTES, input);
            let mut output = BufWriter::with_capacity(PART_BYTES, output);
            let mut frame = Vec::new();
            write_frame(&mut output, &Told::Confined(confinement))?;
            while read_frame(&mut input, &mut frame)? {
                let job: Job =
                    postcard::from_bytes(&frame).map_err(|_| io::Error::other("not a job"))?;
                one(&job, &mut input, &mut output, &mut memory)?;
                output.flush()?;
            }
            Ok(())
        })?;
        served
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the server panicked")))
    })
}

/// Serves a parent one object that is open as `file`, as `job` (an argument) says.
///
/// # Errors
/// Where the pipe breaks, or the argument is none of a parent's.
pub fn serve_file(job: &str, file: File, output: impl Write + Send) -> io::Result<()> {
    panic::set_hook(Box::new(|_| {}));
    let job = Job::of_argument(job).ok_or_else(|| io::Error::other("not a job"))?;
    let confinement = confine();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let served = thread.spawn_scoped(scope, || {
            let mut output = BufWriter::with_capacity(PART_BYTES, output);
            write_frame(&mut output, &Told::Confined(confinement))?;
            bound(job.memory_bytes, job.cpu_seconds);
            let content = Content::from_file(file, job.len);
            tell(&job, content, &mut output, None)?;
            output.flush()
        })?;
        served
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the server panicked")))
    })
}

fn one(
    job: &Job,
    input: &mut impl Read,
    output: &mut impl Write,
    memory: &mut OwnMemory,
) -> io::Result<()> {
    bound(job.memory_bytes, job.cpu_seconds);
    let capacity = usize::try_from(job.len).map_err(|_| io::Error::other("content too long"))?;
    let mut bytes = Vec::with_capacity(capacity);
    io::copy(&mut input.take(job.len), &mut bytes)?;
    if bytes.len() != capacity {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    tell(job, Content::from_bytes(bytes), output, Some(memory))
}

/// Reads the content and tells what is in it, to its end.
fn tell(
    job: &Job,
    content: Content,
    output: &mut impl Write,
    memory: Option<&mut OwnMemory>,
) -> io::Result<()> {
    let budget = Budget::new(job.limits(), Cancel::default(), job.len);
    let mut teller = Teller {
        output,
        budget: &budget,
        pictures: job.pictures,
        told: Used::default(),
        broken: None,
    };
    let ended = read(job, content, &budget, &mut teller);
    let (output, broken) = (teller.output, teller.broken);
    if let Some(error) = broken {
        return Err(error);
    }
    let tired = memory
        .and_then(OwnMemory::resident_bytes)
        .is_some_and(|bytes| bytes > TIRED_BYTES);
    let end = Told::End {
        problem: ended.err().map(fault),
        used: Used::of(&budget),
        tired,
    };
    write_frame(output, &end)
}

fn read(
    job: &Job,
    mut content: Content,
    budget: &Budget,
    teller: &mut dyn Sink,
) -> Result<(), Problem> {
    let unsupported = Problem::new(ProblemKind::Unsupported, Stage::Extract);
    let format = format_by_id(&job.format).ok_or(unsupported)?;
    content.set_name(job.name.clone());
    content.set_passwords(job.passwords.clone());
    let wall = panic::catch_unwind(AssertUnwindSafe(|| {
        format.read(&mut content, budget, teller)
    }));
    wall.unwrap_or_else(|_| Err(Problem::new(ProblemKind::Panic, Stage::Extract)))
}

/// A sink that writes frames. After a broken pipe it is silent.
struct Teller<'o, W> {
    output: &'o mut W,
    budget: &'o Budget,
    /// Which pictures the parent reads.
    pictures: Pictures,
    /// What the parent was told of what the object cost.
    told: Used,
    broken: Option<io::Error>,
}

impl<W: Write> Teller<'_, W> {
    fn tell(&mut self, told: &Told<'_>) {
        if self.broken.is_none() {
            self.broken = write_frame(self.output, told).err();
        }
    }

    /// Tells from time to time what the object cost so far, so that it counts for the whole file
    /// even where this child does not live to the object's end.
    fn tell_used(&mut self) {
        let used = Used::of(self.budget);
        let more = used.since(self.told);
        if self.broken.is_none() && more.inflated.max(more.drawn) >= USED_STEP {
            self.told = used;
            self.broken = write_frame(self.output, &Told::Used(used)).err();
        }
    }
}

impl<W: Write> Sink for Teller<'_, W> {
    fn piece(&mut self, piece: Piece<'_>) {
        if self.broken.is_some() {
            return;
        }
        self.tell_used();
        let output = &mut *self.output;
        match send_piece(piece, &mut |told| write_frame(output, told)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                self.incomplete(Problem::new(ProblemKind::LimitMemory, Stage::Extract));
            }
            Err(error) => self.broken = Some(error),
        }
    }

    fn member(&mut self, name: &[u8], content: &mut dyn Read) -> Result<(), Problem> {
        self.tell(&Told::Member(name));
        let mut part = vec![0; PART_BYTES];
        let whole = loop {
            match content.read(&mut part) {
                Ok(0) => break true,
                Ok(read) => self.tell(&Told::Bytes(part.get(..read).unwrap_or_default())),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break false,
            }
            if self.broken.is_some() {
                return Err(Problem::new(ProblemKind::Io, Stage::Extract));
            }
        };
        self.tell(&Told::MemberEnd(whole));
        self.tell_used();
        Ok(())
    }

    fn unread_member(&mut self, name: &[u8], problem: Problem) {
        self.tell(&Told::Unread(name, fault(problem)));
    }

    fn pictures(&self) -> Pictures {
        self.pictures
    }

    /// The parent reads it, and tells itself what became of it.
    fn picture(&mut self, picture: Picture<'_>) -> Result<(), Problem> {
        if picture.bytes.len() + picture.known.len() + PART_BYTES > MAX_FRAME_BYTES {
            return Err(Problem::new(ProblemKind::LimitMemory, Stage::Extract));
        }
        let page = picture.page.unwrap_or(1);
        self.tell(&Told::Picture(page, picture.known, picture.bytes));
        Ok(())
    }

    fn fact(&mut self, fact: Fact) {
        self.tell(&Told::Fact(fact));
    }

    fn incomplete(&mut self, problem: Problem) {
        self.tell(&Told::Incomplete(fault(problem)));
    }
}
