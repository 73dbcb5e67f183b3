//! The only recursion: enters an object, finds its format, reads it, and leaves it with exactly one
//! outcome, whatever happens on the way.
//!
//! It knows nothing of any particular format, and keeps no text.

use std::fs::File;
use std::io::Read;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Arc;

use super::repeated::added_by;
use super::{
    Content, Format, FormatInfo, Passwords, Picture, PictureReader, Pictures, Sink, sniff,
};
use crate::model::{Budget, Cancel, Fact, Layout, Limits, ObjectPath, Origin, Outcome, Piece};
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
    pictures: Option<Arc<dyn PictureReader>>,
    passwords: Passwords,
}

/// Below this certainty (of 100) the text of a picture is told as doubtful. Clean scans at 200 dpi and
/// more come above 85; what comes below 60 has words that nobody wrote.
const MIN_CERTAINTY: u8 = 60;

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
            pictures: None,
            passwords: Passwords::default(),
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

    /// Who reads the text of pictures and scanned pages; without, they are told as unread.
    #[must_use]
    pub fn with_pictures(self, pictures: Arc<dyn PictureReader>) -> Self {
        Self {
            pictures: Some(pictures),
            ..self
        }
    }

    /// What locked content is tried with.
    #[must_use]
    pub fn with_passwords(self, passwords: Passwords) -> Self {
        Self { passwords, ..self }
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
            spoke: false,
            counted: Counted::Itself,
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
    /// Whether a text of its own was read.
    spoke: bool,
    counted: Counted,
    /// The first problem that did not end reading.
    incomplete: Option<Problem>,
    /// A problem that concerns the enclosing containers as well.
    stop: Option<Problem>,
    bytes: u64,
}

/// As what the bytes of an object are counted among those that were unpacked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Itself,
    /// An archive: its members are counted, and it is not counted beside them.
    ByMembers,
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
        content.set_passwords(self.walk.reader.passwords.clone());
        if self.walk.reader.content_digests {
            content.keep_digest();
        }
        let result = self.read_as_format(&mut content);
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::formats::zip_of;
    use super::super::recorder::{Recorder, Seen, read, read_within};
    use super::*;

    fn object(name: &str) -> ObjectPath {
        ObjectPath::file("".into(), name.as_bytes())
    }

    #[test]
    fn the_digest_is_that_of_the_bytes_and_can_be_left_out() {
        let bytes = zip_of(&[("a.txt", b"hei du")]);
        let seen = read("a.zip", &bytes);
        let digest = |at: usize| seen[at].end.as_ref().unwrap().content_digest;
        assert_eq!(digest(0), Some(blake3::hash(&bytes).into()));
        assert_eq!(digest(1), Some(blake3::hash(b"hei du").into()));
        assert_eq!(seen[1].end.as_ref().unwrap().bytes, 6);
        let mut recorder = Recorder::default();
        Reader::new(Limits::default(), Cancel::default())
            .with_content_digests(false)
            .read_content(&object("a.zip"), Content::from_bytes(bytes), &mut recorder);
        assert_eq!(
            recorder.objects[1].end.as_ref().unwrap().content_digest,
            None
        );
    }

    #[test]
    fn a_stop_is_told_of_every_open_object() {
        struct Stopping(Recorder, Cancel);
        impl Visitor for Stopping {
            fn enter(&mut self, object: &ObjectPath) {
                self.0.enter(object);
            }
            fn format(&mut self, format: &'static FormatInfo) {
                self.0.format(format);
            }
            fn piece(&mut self, piece: Piece<'_>) {
                self.1.request();
                self.0.piece(piece);
            }
            fn fact(&mut self, fact: Fact) {
                self.0.fact(fact);
            }
            fn leave(&mut self, end: End) {
                self.0.leave(end);
            }
        }
        let inner = zip_of(&[("a.txt", b"hei du."), ("b.txt", b"hei du!")]);
        let bytes = zip_of(&[("i.zip", &inner), ("c.txt", b"hei oss")]);
        let cancel = Cancel::default();
        let mut visitor = Stopping(Recorder::default(), cancel.clone());
        Reader::new(Limits::default(), cancel.clone()).read_content(
            &object("a.zip"),
            Content::from_bytes(bytes),
            &mut visitor,
        );
        let endings: Vec<_> = visitor.0.objects.iter().map(Seen::ending).collect();
        assert_eq!(endings[..2], ["partial cancelled", "partial cancelled"]);
        assert_eq!(endings.len(), 3);
        let mut recorder = Recorder::default();
        let content = Content::from_bytes(*b"hei du");
        Reader::new(Limits::default(), cancel).read_content(&object("a"), content, &mut recorder);
        assert_eq!(recorder.objects[0].ending(), "skipped cancelled");
    }

    #[test]
    fn a_panic_is_one_objects_outcome() {
        /// Panics at the first piece that says so.
        struct Fragile(Recorder);
        impl Visitor for Fragile {
            fn enter(&mut self, object: &ObjectPath) {
                self.0.enter(object);
            }
            fn format(&mut self, format: &'static FormatInfo) {
                self.0.format(format);
            }
            fn piece(&mut self, piece: Piece<'_>) {
                assert!(!piece.text.contains("fall"), "as planned");
                self.0.piece(piece);
            }
            fn fact(&mut self, fact: Fact) {
                self.0.fact(fact);
            }
            fn leave(&mut self, end: End) {
                self.0.leave(end);
            }
        }
        let bytes = zip_of(&[("a.txt", b"fall her"), ("b.txt", b"hei du!!")]);
        let mut visitor = Fragile(Recorder::default());
        Reader::new(Limits::default(), Cancel::default()).read_content(
            &object("a.zip"),
            Content::from_bytes(bytes),
            &mut visitor,
        );
        let endings: Vec<_> = visitor.0.objects.iter().map(Seen::ending).collect();
        assert_eq!(endings, ["scanned", "partial panic", "scanned"]);
    }

    #[test]
    fn a_file_that_shrank_ends_partial() {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, b"hei du der").unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        let mut recorder = Recorder::default();
        Reader::new(Limits::default(), Cancel::default()).read(
            &object("a.txt"),
            file,
            4000,
            &mut recorder,
        );
        assert_eq!(recorder.objects[0].ending(), "partial io");
        assert_eq!(recorder.objects[0].text, "hei du der");
    }

    /// Bytes of some format, members of containers included.
    fn some_content() -> impl Strategy<Value = Vec<u8>> {
        let leaf = prop_oneof![
            Just(b"Per Hansen bor i Oslo.\n".to_vec()),
            Just(b"navn;nr\nPer;15814599999\nKari;15814599998\n".to_vec()),
            Just(b"{\"a\": [\"b\", {\"c\": \"\\u00e5\"}]}".to_vec()),
            Just(b"<?xml version='1.0'?><a><b>c</b>d<e f='g'/></a>".to_vec()),
            Just(b"<html><p>Per<b>Kari</b></html>".to_vec()),
            Just(b"From: a@example.no\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhei\n--x--\n".to_vec()),
            Just(b"INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y');\n".to_vec()),
            vec(any::<u8>(), 0..200),
        ];
        leaf.prop_recursive(4, 16, 4, |inner| {
            vec(inner, 1..4).prop_map(|members| {
                let names: Vec<_> = (0..members.len()).map(|n| format!("m{n}")).collect();
                let entries: Vec<_> = names
                    .iter()
                    .zip(&members)
                    .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
                    .collect();
                zip_of(&entries)
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// The recorder itself checks that calls nest, and that each object ends once.
        #[test]
        fn whatever_is_read_ends_once_and_without_a_panic(
            mut bytes in some_content(),
            damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in proptest::option::of(any::<prop::sample::Index>()),
            max_depth in 0_u32..4,
            max_members in 1_u64..9,
        ) {
            if !bytes.is_empty() {
                for (at, byte) in damage {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
                if let Some(cut) = cut {
                    bytes.truncate(cut.index(bytes.len()));
                }
            }
            let limits = Limits { max_depth, max_members, ..Limits::default() };
            let seen = read_within(limits, "a", &bytes);
            prop_assert!(seen.len() as u64 <= max_members + 1);
            for own in &seen {
                prop_assert!(!own.ending().ends_with("panic"), "{}", own.path);
            }
        }
    }

    #[test]
    fn an_archive_that_holds_itself_ends_at_the_depth_limit() {
        /// A format cannot be made to loop, so each level is packed once more, to 60 levels.
        fn packed(bytes: &[u8]) -> Vec<u8> {
            let mut encoder =
                flate2::read::GzEncoder::new(Cursor::new(bytes), flate2::Compression::fast());
            let mut out = Vec::new();
            std::io::copy(&mut encoder, &mut out).unwrap();
            out
        }
        let mut bytes = b"innerst".to_vec();
        for _ in 0..60 {
            bytes = packed(&bytes);
        }
        let seen = read("a.gz", &bytes);
        assert_eq!(seen.len(), 10);
        assert_eq!(seen[9].ending(), "skipped limit-depth");
    }
}
