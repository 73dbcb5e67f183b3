//! One file, from its bytes to the records of itself and of everything in it.

use std::io::{self, Read, Seek as _, Write as _};
use std::sync::Arc;

use super::named::in_names;
use super::{Crew, Observation};
use crate::classify::{Classes, Classified, Options};
use crate::detect::{Likening, Scanner};
use crate::extract::{Content, End, FormatInfo, Reader, Visitor};
use crate::model::{
    Category, Confidence, Dismissed, Fact, ObjectPath, Outcome, Piece, Problem, ProblemKind,
    Record, Stage,
};

/// Bytes of a stream that are held in memory.
const HELD_BYTES: u64 = 8 << 20;

/// What is needed to examine files; shared by all workers.
///
/// ```
/// use std::sync::Arc;
///
/// use sporhund::classify::Classes;
/// use sporhund::detect::Scanner;
/// use sporhund::examine::Examiner;
/// use sporhund::extract::Reader;
/// use sporhund::model::{Cancel, DigestKey, Limits};
///
/// let reader = Reader::new(Limits::default(), Cancel::default());
/// let scanner = Scanner::new(DigestKey::new([0; 16]), [].into());
/// let examiner = Examiner {
///     reader: &reader,
///     scanner: &scanner,
///     classes: &Classes::default(),
///     dismissed: &Arc::default(),
///     samples: 1,
/// };
/// let text = "navn;epost\nKari Testesen;kari.testesen@firma.example\n";
/// let records = examiner.read("liste.csv", &mut text.as_bytes())?;
/// let list = &records[0];
/// assert_eq!((list.outcome.name(), list.format), ("scanned", Some("csv")));
/// let found = |id: &str| list.findings.iter().any(|found| found.kind.id() == id);
/// assert!(found("email:personal") && found("name"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Examiner<'a> {
    /// Reads the formats, within its limits.
    pub reader: &'a Reader,
    /// The detectors.
    pub scanner: &'a Scanner,
    /// The document classes that the scanner looks for the words of.
    pub classes: &'a Classes,
    /// What people have marked as false.
    pub dismissed: &'a Arc<Dismissed>,
    /// How many masked samples are kept of each finding.
    pub samples: usize,
}

impl<'a> Examiner<'a> {
    /// The records of a file and of its members, the file first, each object once.
    #[must_use]
    pub fn examine(self, object: &ObjectPath, content: Content) -> Vec<Record> {
        self.examine_with(object, content, Crew::nobody())
    }

    /// The same with threads that help with long texts.
    #[must_use]
    pub fn examine_with(
        self,
        object: &ObjectPath,
        content: Content,
        crew: Crew<'_, 'a>,
    ) -> Vec<Record> {
        let mut open = OpenObjects::new(self, crew);
        self.reader.read_content(object, content, &mut open);
        open.records.into_iter().flatten().collect()
    }

    /// The record of a file of `bytes` bytes that could not be opened: what its names tell, and `outcome`.
    #[must_use]
    pub fn unread(self, object: &ObjectPath, outcome: Outcome, bytes: u64) -> Vec<Record> {
        let mut open = OpenObjects::new(self, Crew::nobody());
        open.enter(object);
        open.leave(End {
            outcome,
            bytes,
            content_digest: None,
        });
        open.records.into_iter().flatten().collect()
    }

    /// Whether the names of a file tell anything, so that no other file's findings are its own.
    #[must_use]
    pub fn is_named(self, object: &ObjectPath) -> bool {
        !in_names(self.scanner, object).is_empty()
    }

    /// The records of what `from` yields to its end, as a file that is called `name`. Beyond 8 MiB it
    /// goes through an unlinked temporary file.
    ///
    /// # Errors
    /// `from` fails, or the temporary file cannot be written.
    pub fn read(self, name: &str, from: &mut dyn Read) -> io::Result<Vec<Record>> {
        let object = ObjectPath::file("".into(), name.as_bytes());
        Ok(self.examine(&object, spooled(from)?))
    }
}

/// The content of what a reader yields.
fn spooled(from: &mut dyn Read) -> io::Result<Content> {
    let mut head = Vec::new();
    io::copy(&mut from.take(HELD_BYTES), &mut head)?;
    if (head.len() as u64) < HELD_BYTES {
        return Ok(Content::from_bytes(head));
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(&head)?;
    let rest = io::copy(from, &mut file)?;
    file.rewind()?;
    Ok(Content::from_file(file, HELD_BYTES + rest))
}

/// The objects that are open just now, outermost first, and the records of those that are closed.
struct OpenObjects<'r, 'a> {
    examiner: Examiner<'a>,
    crew: Crew<'r, 'a>,
    frames: Vec<Frame<'a>>,
    records: Vec<Option<Record>>,
}

struct Frame<'a> {
    slot: usize,
    object: ObjectPath,
    format: Option<&'static str>,
    facts: Vec<Fact>,
    likening: Likening,
    observation: Observation<'a>,
}

impl<'r, 'a> OpenObjects<'r, 'a> {
    fn new(examiner: Examiner<'a>, crew: Crew<'r, 'a>) -> Self {
        // Most files hold no others.
        Self {
            examiner,
            crew,
            frames: Vec::with_capacity(1),
            records: Vec::with_capacity(1),
        }
    }
}

impl Visitor for OpenObjects<'_, '_> {
    fn enter(&mut self, object: &ObjectPath) {
        let options = Options {
            samples: self.examiner.samples,
            keep_hits: false,
        };
        let dismissed = Arc::clone(self.examiner.dismissed);
        self.frames.push(Frame {
            slot: self.records.len(),
            object: object.clone(),
            format: None,
            facts: Vec::new(),
            likening: self.examiner.scanner.likening(),
            observation: Observation::new(self.examiner.scanner, options).with_dismissed(dismissed),
        });
        self.records.push(None);
    }

    fn format(&mut self, format: &'static FormatInfo) {
        if let Some(frame) = self.frames.last_mut() {
            frame.format = Some(format.id);
        }
    }

    fn piece(&mut self, piece: Piece<'_>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.likening.push(&piece);
            frame.observation.piece_with(&piece, self.crew);
        }
    }

    fn fact(&mut self, fact: Fact) {
        if let Some(frame) = self.frames.last_mut() {
            frame.facts.push(fact);
        }
    }

    fn leave(&mut self, end: End) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let slot = frame.slot;
        let record = frame.close(end, self.examiner.classes);
        if let Some(place) = self.records.get_mut(slot) {
            *place = Some(record);
        }
    }
}

impl Frame<'_> {
    fn close(self, end: End, classes: &Classes) -> Record {
        let read = end.outcome.is_read();
        // Without all digests a person could be missed when asked for: that is not a full reading.
        let observation = self.observation.with_names(&self.object);
        let classified = observation.finish(&self.object.to_string(), classes);
        let cut = Problem::new(ProblemKind::LimitMemory, Stage::Detect);
        let whole = end.outcome == Outcome::Scanned;
        let outcome = if whole && classified.digests_cut {
            Outcome::Partial(cut)
        } else {
            end.outcome
        };
        let likeness = is_document(&classified).then(|| self.likening.finish());
        Record {
            object: self.object,
            outcome,
            format: self.format,
            bytes: end.bytes,
            stat: None,
            content_digest: end.content_digest,
            class: classified.class.filter(|_| read),
            facts: self.facts,
            likeness: likeness.flatten(),
            findings: classified.findings,
            digests: classified.digests,
        }
    }
}

/// Whether copies of an object are looked for by its words: it holds something personal, or is a paper of
/// a hiring round.
fn is_document(classified: &Classified) -> bool {
    let personal = classified.findings.iter().any(|found| {
        found.confidence > Confidence::Low && found.kind.category != Category::NotPersonal
    });
    let class = classified.class.as_ref();
    personal || class.is_some_and(|class| class.id.starts_with("recruitment."))
}
