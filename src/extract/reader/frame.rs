//! One object between `enter` and `leave`: the sink of its format, and how the object ends.

use std::io::Read;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use super::super::in_text::{Found, InText};
use super::super::repeated::added_by;
use super::super::written_file::MAX_LETTERS;
use super::super::{Content, Format, Picture, Pictures, Sink, sniff};
use super::{End, Input, Visitor, Walk};
use crate::model::{Fact, Layout, ObjectPath, Origin, Outcome, Piece};
use crate::model::{Problem, ProblemKind, Stage};

/// Below this certainty (of 100) the text of a picture is told as doubtful. Clean scans at 200 dpi and
/// more come above 85; what comes below 60 has words that nobody wrote.
const MIN_CERTAINTY: u8 = 60;

/// An object between `enter` and `leave`.
pub(super) struct Frame<'f> {
    walk: Walk<'f>,
    object: &'f ObjectPath,
    visitor: &'f mut dyn Visitor,
    /// Whether anything of the object was read.
    told: bool,
    /// Whether a text of its own was read.
    spoke: bool,
    counted: Counted,
    /// The first problem that did not end reading.
    incomplete: Option<Problem>,
    /// A problem that concerns the enclosing containers as well.
    stop: Option<Problem>,
    /// What is more than text in its text.
    in_text: InText,
    bytes: u64,
}

/// As what the bytes of an object are counted among those that were unpacked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Itself,
    /// An archive: its members are counted, and it is not counted beside them.
    ByMembers,
}

impl<'f> Frame<'f> {
    pub(super) fn new(
        walk: Walk<'f>,
        object: &'f ObjectPath,
        visitor: &'f mut dyn Visitor,
    ) -> Self {
        Self {
            walk,
            object,
            visitor,
            told: false,
            spoke: false,
            counted: Counted::Itself,
            incomplete: None,
            stop: None,
            in_text: InText::default(),
            bytes: 0,
        }
    }

    /// Reads the object. Returns how it ended, and what concerns the enclosing containers as well: a spent
    /// budget, or a stop.
    pub(super) fn pass(mut self, input: Input<'_>) -> (End, Option<Problem>) {
        let wall = panic::catch_unwind(AssertUnwindSafe(|| self.open(input)));
        let opened = wall.unwrap_or_else(|_| {
            let panicked = Problem::new(ProblemKind::Panic, Stage::Extract);
            Opened::unread(self.outcome(Err(panicked)))
        });
        let stop = self.stop.or(self.walk.budget.charge(0).err());
        let end = End {
            outcome: opened.outcome,
            bytes: self.bytes,
            content_digest: opened.content_digest,
        };
        (end, stop)
    }

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
        content.set_passwords(self.walk.reader.passwords.clone());
        if self.walk.reader.content_digests {
            content.keep_digest();
        }
        let result = self.read_as_format(&mut content);
        let last = self.in_text.finish(self.most_letters());
        self.tell_found(last);
        let position = content.position();
        if content.is_short() {
            self.incomplete(Problem::new(ProblemKind::Io, Stage::Read));
        }
        let whole = self.walk.reader.content_digests && self.incomplete.is_none();
        let content_digest = whole
            .then(|| content.finish_digest(self.walk.budget))
            .flatten();
        Opened {
            outcome: stopped_at(self.outcome(result), position),
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

    /// How many letters of a file in the text may be held.
    fn most_letters(&self) -> usize {
        let held = usize::try_from(self.walk.budget.limits().max_held_bytes);
        held.map_or(MAX_LETTERS, |held| held.min(MAX_LETTERS))
    }

    /// Hands on what stood in the text.
    fn tell_found(&mut self, found: impl IntoIterator<Item = Found>) {
        for own in found {
            match own {
                Found::Unread(kind) => self.incomplete(Problem::new(kind, Stage::Extract)),
                // What concerns the enclosing containers is remembered by `member` itself.
                Found::File { name, bytes } if self.stop.is_none() => {
                    let _ = self.member(name.as_bytes(), &mut bytes.as_slice());
                }
                Found::File { .. } => {}
            }
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

    /// Tells the budget when it changes what the object's own bytes are counted as. The file itself was not
    /// unpacked.
    fn count_as(&mut self, counted: Counted) {
        if self.counted == counted || self.object.depth() == 0 {
            return;
        }
        match counted {
            Counted::ByMembers => self.walk.budget.holds(self.bytes),
            Counted::Itself => self.walk.budget.speaks(self.bytes),
        }
        self.counted = counted;
    }

    /// Counts a member, and remembers the limit that this may strike.
    fn count_member(&mut self) -> Result<(), Problem> {
        self.walk.budget.enter_member().inspect_err(|problem| {
            self.stop.get_or_insert(*problem);
        })
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

/// Says to which byte the object was read, where a bound without a place of its own ended that.
fn stopped_at(outcome: Outcome, position: u64) -> Outcome {
    if let Outcome::Partial(problem) = &outcome
        && problem.at.is_none()
        && matches!(problem.kind, ProblemKind::LimitBytes | ProblemKind::Timeout)
    {
        return Outcome::Partial(problem.at(position));
    }
    outcome
}

/// The outcome of an object of which nothing was read: left on purpose, or failed.
fn unread(problem: Problem) -> Outcome {
    match problem.kind {
        ProblemKind::Unsupported
        | ProblemKind::LimitDepth
        | ProblemKind::ImageWithoutText
        | ProblemKind::ImageUncertain
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
        if piece.text.is_empty() {
            return;
        }
        if let Err(problem) = self.walk.budget.check_work() {
            self.stop.get_or_insert(problem);
            return;
        }
        self.count_as(Counted::Itself);
        (self.told, self.spoke) = (true, true);
        self.visitor.piece(piece);
        let found = self.in_text.look(&piece, self.most_letters());
        self.tell_found(found);
    }

    fn member(&mut self, name: &[u8], content: &mut dyn Read) -> Result<(), Problem> {
        self.count_member()?;
        self.count_as(if self.spoke {
            Counted::Itself
        } else {
            Counted::ByMembers
        });
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

    fn pictures(&self) -> Pictures {
        let reader = self.walk.reader.pictures.as_ref();
        reader.map_or(Pictures::None, |reader| reader.wanted())
    }

    fn picture(&mut self, picture: Picture<'_>) -> Result<(), Problem> {
        let wordless = Problem::new(ProblemKind::ImageWithoutText, Stage::Extract);
        let reader = Arc::clone(self.walk.reader.pictures.as_ref().ok_or(wordless)?);
        let read = reader.read(picture.bytes, self.walk.budget)?;
        for (page, text) in (1..).zip(&read.pages) {
            let new = added_by(text, picture.known);
            self.piece(Piece {
                text: &new,
                layout: Layout::Flow {
                    origin: Origin::Page(picture.page.unwrap_or(page)),
                    continues: false,
                },
            });
        }
        match read.certainty {
            Some(certainty) if certainty < MIN_CERTAINTY => {
                Err(Problem::new(ProblemKind::ImageUncertain, Stage::Extract))
            }
            None if picture.known.is_empty() => Err(wordless),
            Some(_) | None => Ok(()),
        }
    }

    fn fact(&mut self, fact: Fact) {
        self.visitor.fact(fact);
    }

    fn incomplete(&mut self, problem: Problem) {
        self.incomplete.get_or_insert(problem);
    }
}
