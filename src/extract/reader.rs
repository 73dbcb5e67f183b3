//! The only recursion: enters an object, finds its format, reads it, and leaves it with exactly one
//! outcome, whatever happens on the way.
//!
//! It knows nothing of any particular format, and keeps no text.

use std::fs::File;
use std::io::Read;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Arc;

use super::{Content, Format, FormatInfo, Sink, sniff};
use crate::model::{Budget, Cancel, Fact, Limits, ObjectPath, Outcome, Piece};
use crate::model::{Problem, ProblemKind, Stage};

/// The deepest nesting that a [`Reader`] goes to, whatever its limits say: each level costs stack,
/// and 32 levels fit into a thread of 2 MiB.
pub const MAX_NESTING: u32 = 32;

/// Follows the reading of a file and of all that is nested in it. The calls nest strictly: between
/// an object's `enter` and `leave`, other calls are about it, or about members that are entered and
/// left in between.
pub trait Visitor {
    /// An object begins.
    fn enter(&mut self, object: &ObjectPath);

    /// What the innermost object turned out to be: at most once per object, before its first piece
    /// or member. Also called for kinds that are known and not read.
    fn format(&mut self, format: &'static FormatInfo);

    /// A piece of the innermost object's text, in the order of the text.
    fn piece(&mut self, piece: Piece<'_>);

    /// A fact of the innermost object.
    fn fact(&mut self, fact: Fact);

    /// The innermost object ends.
    fn leave(&mut self, end: End);
}

/// How an object ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Its one outcome; never `Unchanged`.
    pub outcome: Outcome,
    /// Its length in bytes; 0 for a member whose bytes were not read.
    pub bytes: u64,
    /// BLAKE3 digest of its bytes; `None` where they were not all read, or digests are off.
    pub content_digest: Option<[u8; 32]>,
}

/// Runs formats that are marked [`FormatInfo::isolated`] where a crash of theirs does no harm.
pub trait Isolate: Send + Sync {
    /// Reads `content` as `format`, with the same contract as [`Format::read`].
    ///
    /// # Errors
    /// What the format says, and `Crashed`, `Timeout` or `LimitMemory` where it was ended.
    fn read(
        &self,
        format: &'static FormatInfo,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem>;
}

/// Reads files to their outcomes. One reader serves many threads.
#[derive(Clone)]
pub struct Reader {
    limits: Limits,
    cancel: Cancel,
    content_digests: bool,
    isolate: Option<Arc<dyn Isolate>>,
}

impl Reader {
    /// A reader under these limits ([`MAX_NESTING`] caps their depth) that stops when `cancel` is
    /// requested. It takes content digests, and runs every format in its own process.
    #[must_use]
    pub fn new(mut limits: Limits, cancel: Cancel) -> Self {
        limits.max_depth = limits.max_depth.min(MAX_NESTING);
        Self {
            limits,
            cancel,
            content_digests: true,
            isolate: None,
        }
    }

    /// Whether to take the digest of each object's bytes. A format that reads its content in one
    /// sweep feeds the digest in passing; for others it costs a second reading.
    #[must_use]
    pub fn with_content_digests(self, content_digests: bool) -> Self {
        Self {
            content_digests,
            ..self
        }
    }

    /// Where to run the formats that are marked [`FormatInfo::isolated`].
    #[must_use]
    pub fn with_isolation(self, isolate: Arc<dyn Isolate>) -> Self {
        Self {
            isolate: Some(isolate),
            ..self
        }
    }

    /// Reads an open file of `bytes` bytes, and all that is nested in it. A panic of a format is
    /// that object's outcome; one of the visitor's `enter`, `format` of an unread kind or `leave`
    /// is passed on.
    pub fn read(&self, object: &ObjectPath, file: File, bytes: u64, visitor: &mut dyn Visitor) {
        self.read_content(object, Content::from_file(file, bytes), visitor);
    }

    /// Like [`read`](Self::read), for bytes that do not come from a file.
    pub fn read_content(&self, object: &ObjectPath, content: Content, visitor: &mut dyn Visitor) {
        let budget = Budget::new(self.limits.clone(), self.cancel.clone(), content.len());
        let walk = Walk {
            reader: self,
            budget: &budget,
        };
        walk.object(object, Input::Whole(content), visitor);
    }
}

/// Makes panics keep quiet about their message, which can quote a document: the hook tells
/// `report` the place in the source and nothing else. To be called once, at the start of a program.
pub fn hide_panic_payloads(report: impl Fn(&Location<'_>) + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |info| {
        if let Some(location) = info.location() {
            report(location);
        }
    }));
}

/// One top-level file's reading.
#[derive(Clone, Copy)]
struct Walk<'w> {
    reader: &'w Reader,
    budget: &'w Budget,
}

/// Where an object's bytes are before it is opened.
enum Input<'i> {
    Whole(Content),
    Member(&'i mut dyn Read),
}

impl Walk<'_> {
    /// Takes one object from `enter` to `leave`. Returns what concerns the enclosing containers as
    /// well: a spent budget, or a stop.
    fn object(
        self,
        object: &ObjectPath,
        input: Input<'_>,
        visitor: &mut dyn Visitor,
    ) -> Option<Problem> {
        visitor.enter(object);
        let mut frame = Frame {
            walk: self,
            object,
            visitor: &mut *visitor,
            told: false,
            incomplete: None,
            stop: None,
            bytes: 0,
        };
        let wall = panic::catch_unwind(AssertUnwindSafe(|| frame.open(input)));
        let opened = wall.unwrap_or_else(|_| {
            let panicked = Problem::new(ProblemKind::Panic, Stage::Extract);
            Opened::unread(frame.outcome(Err(panicked)))
        });
        let stop = frame.stop.or(self.budget.charge(0).err());
        let bytes = frame.bytes;
        visitor.leave(End {
            outcome: opened.outcome,
            bytes,
            content_digest: opened.content_digest,
        });
        stop
    }
}

/// What became of an object's bytes.
struct Opened {
    outcome: Outcome,
    content_digest: Option<[u8; 32]>,
}

impl Opened {
    fn unread(outcome: Outcome) -> Self {
        Self {
            outcome,
            content_digest: None,
        }
    }
}

/// An object between `enter` and `leave`: the sink of its format.
struct Frame<'f> {
    walk: Walk<'f>,
    object: &'f ObjectPath,
    visitor: &'f mut dyn Visitor,
    /// Whether anything of the object was read.
    told: bool,
    /// The first problem that did not end reading.
    incomplete: Option<Problem>,
    /// A problem that concerns the enclosing containers as well.
    stop: Option<Problem>,
    bytes: u64,
}

impl Frame<'_> {
    fn open(&mut self, input: Input<'_>) -> Opened {
        match self.content(input) {
            Ok(content) => self.read(content),
            Err(problem) => Opened::unread(self.outcome(Err(problem))),
        }
    }

    /// Depth, then the bytes: what could be unpacked of a damaged member is read.
    fn content(&mut self, input: Input<'_>) -> Result<Content, Problem> {
        let depth = self.object.depth();
        if depth > self.walk.reader.limits.max_depth {
            return Err(Problem::new(ProblemKind::LimitDepth, Stage::Extract).at(depth.into()));
        }
        self.walk.budget.check()?;
        match input {
            Input::Whole(content) => Ok(content),
            Input::Member(member) => {
                let (content, problem) = Content::spool_readable(member, self.walk.budget)?;
                self.incomplete = problem;
                match problem {
                    Some(problem) if content.is_empty() => Err(problem),
                    Some(_) | None => Ok(content),
                }
            }
        }
    }

    fn read(&mut self, mut content: Content) -> Opened {
        self.bytes = content.len();
        content.set_name(self.object.file_name());
        if self.walk.reader.content_digests {
            content.keep_digest();
        }
        let result = self.read_as_format(&mut content);
        if content.is_short() {
            self.incomplete(Problem::new(ProblemKind::Io, Stage::Read));
        }
        let whole = self.walk.reader.content_digests && self.incomplete.is_none();
        let content_digest = whole
            .then(|| content.finish_digest(self.walk.budget))
            .flatten();
        Opened {
            outcome: self.outcome(result),
            content_digest,
        }
    }

    fn read_as_format(&mut self, content: &mut Content) -> Result<(), Problem> {
        if content.is_empty() {
            return Ok(());
        }
        match sniff::sniff(content)? {
            sniff::Sniffed::Format(format) => {
                self.visitor.format(format.info());
                self.run(format, content)
            }
            sniff::Sniffed::Unread(info, kind) => {
                if let Some(info) = info {
                    self.visitor.format(info);
                }
                Err(Problem::new(kind, Stage::Sniff))
            }
        }
    }

    fn run(&mut self, format: &dyn Format, content: &mut Content) -> Result<(), Problem> {
        content.rewind()?;
        let Walk { reader, budget } = self.walk;
        match &reader.isolate {
            Some(isolate) if format.info().isolated => {
                isolate.read(format.info(), content, budget, self)
            }
            Some(_) | None => format.read(content, budget, self),
        }
    }

    /// The outcome, when reading ended with `result`. The first problem counts, and a stop before
    /// all others, because it is what a person can do something about.
    fn outcome(&self, result: Result<(), Problem>) -> Outcome {
        let problem = self.stop.or(self.incomplete).or(result.err());
        match problem {
            None => Outcome::Scanned,
            Some(problem) if self.told || result.is_ok() => Outcome::Partial(problem),
            Some(problem) => unread(problem),
        }
    }

    /// Counts a member, and remembers the limit that this may strike.
    fn count_member(&mut self) -> Result<(), Problem> {
        self.walk.budget.enter_member().inspect_err(|problem| {
            self.stop.get_or_insert(*problem);
        })
    }
}

/// The outcome of an object of which nothing was read: left on purpose, or failed.
fn unread(problem: Problem) -> Outcome {
    match problem.kind {
        ProblemKind::Unsupported
        | ProblemKind::LimitDepth
        | ProblemKind::ImageWithoutText
        | ProblemKind::Offline
        | ProblemKind::Excluded
        | ProblemKind::Link
        | ProblemKind::SpecialFile
        | ProblemKind::Cancelled => Outcome::Skipped(problem),
        ProblemKind::Permission
        | ProblemKind::Vanished
        | ProblemKind::Io
        | ProblemKind::Encrypted
        | ProblemKind::Malformed
        | ProblemKind::LimitMembers
        | ProblemKind::LimitBytes
        | ProblemKind::LimitMemory
        | ProblemKind::Timeout
        | ProblemKind::Panic
        | ProblemKind::Crashed => Outcome::Failed(problem),
    }
}

impl Sink for Frame<'_> {
    fn piece(&mut self, piece: Piece<'_>) {
        if !piece.text.is_empty() {
            self.told = true;
            self.visitor.piece(piece);
        }
    }

    fn member(&mut self, name: &[u8], content: &mut dyn Read) -> Result<(), Problem> {
        self.count_member()?;
        let object = self.object.member(name);
        self.told = true;
        let stop = self
            .walk
            .object(&object, Input::Member(content), self.visitor);
        match stop {
            None => Ok(()),
            Some(problem) => {
                self.stop.get_or_insert(problem);
                Err(problem)
            }
        }
    }

    fn unread_member(&mut self, name: &[u8], problem: Problem) {
        if self.count_member().is_err() {
            return;
        }
        self.visitor.enter(&self.object.member(name));
        self.visitor.leave(End {
            outcome: unread(problem),
            bytes: 0,
            content_digest: None,
        });
    }

    fn fact(&mut self, fact: Fact) {
        self.visitor.fact(fact);
    }

    fn incomplete(&mut self, problem: Problem) {
        self.incomplete.get_or_insert(problem);
    }
}
