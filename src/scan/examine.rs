//! One file, from its bytes to the records of itself and of everything in it.
//!
//! It joins extract, detect and classify for one object at a time, and decides nothing itself.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::classify::{self, Classes, Classified, Folder};
use crate::detect::{Cut, Cutter, Likening, Look, OwnedCut, SampleWish, Scanner, Settling};
use crate::extract::{Content, End, FormatInfo, Reader, Visitor};
use crate::model::{
    Category, Confidence, Dismissed, Fact, ObjectPath, Outcome, Piece, Problem, ProblemKind,
    Record, Stage,
};

/// Windows of one object that are looked at one by one before its later windows are shared by all
/// cores: most objects are small, and copying windows costs time.
const WINDOWS_ALONE: u64 = 16;

/// Windows that are gathered for the cores to share, for each of them.
const WINDOWS_PER_CORE: usize = 4;

/// What is needed to examine files; shared by all workers.
#[derive(Clone, Copy)]
pub(super) struct Examiner<'a> {
    pub(super) reader: &'a Reader,
    pub(super) scanner: &'a Scanner,
    pub(super) classes: &'a Classes,
    pub(super) dismissed: &'a Arc<Dismissed>,
    pub(super) samples: usize,
}

impl Examiner<'_> {
    fn wish(&self) -> SampleWish {
        u32::try_from(self.samples).map_or(SampleWish::All, SampleWish::First)
    }

    fn look(&self, cut: &Cut<'_>) -> Look {
        self.scanner.look(cut, self.wish())
    }

    /// The records of a file and of its members, the file first, each object once.
    pub(super) fn examine(self, object: &ObjectPath, content: Content) -> Vec<Record> {
        let mut open = OpenObjects {
            examiner: self,
            frames: Vec::new(),
            records: Vec::new(),
        };
        self.reader.read_content(object, content, &mut open);
        open.records.into_iter().flatten().collect()
    }
}

/// The objects that are open just now, outermost first, and the records of those that are closed.
struct OpenObjects<'a> {
    examiner: Examiner<'a>,
    frames: Vec<Frame>,
    records: Vec<Option<Record>>,
}

struct Frame {
    slot: usize,
    object: ObjectPath,
    format: Option<&'static str>,
    facts: Vec<Fact>,
    cutter: Cutter,
    likening: Likening,
    sights: Sights,
}

/// What was seen of one object, in the order of its text, and the windows that wait to be seen.
struct Sights {
    folder: Folder,
    settling: Settling,
    windows: u64,
    waiting: Vec<OwnedCut>,
}

impl Sights {
    /// Looks at a window at once, or keeps it until there are enough for all cores.
    fn take(&mut self, examiner: Examiner<'_>, cut: &Cut<'_>) {
        self.windows += 1;
        if self.windows <= WINDOWS_ALONE || rayon::current_num_threads() == 1 {
            self.fold(examiner, examiner.look(cut));
            return;
        }
        self.waiting.push(cut.to_owned_cut());
        if self.waiting.len() >= WINDOWS_PER_CORE * rayon::current_num_threads() {
            self.look(examiner);
        }
    }

    /// Looks at the waiting windows on all cores and folds what they yield in their order.
    fn look(&mut self, examiner: Examiner<'_>) {
        let waiting = std::mem::take(&mut self.waiting);
        let looks: Vec<_> = waiting
            .into_par_iter()
            .map(|cut| examiner.look(&cut.as_cut()))
            .collect();
        for look in looks {
            self.fold(examiner, look);
        }
    }

    fn fold(&mut self, examiner: Examiner<'_>, look: Look) {
        let Self {
            folder, settling, ..
        } = self;
        settling.push(examiner.scanner, look, &mut |seen| folder.fold(seen));
    }

    /// Looks at what waits, and settles and folds what is left.
    fn finish(&mut self, examiner: Examiner<'_>) {
        self.look(examiner);
        let Self {
            folder, settling, ..
        } = self;
        settling.finish(examiner.scanner, &mut |seen| folder.fold(seen));
    }
}

impl Visitor for OpenObjects<'_> {
    fn enter(&mut self, object: &ObjectPath) {
        let options = classify::Options {
            samples: self.examiner.samples,
            keep_hits: false,
        };
        self.frames.push(Frame {
            slot: self.records.len(),
            object: object.clone(),
            format: None,
            facts: Vec::new(),
            cutter: self.examiner.scanner.cutter(),
            likening: self.examiner.scanner.likening(),
            sights: Sights {
                folder: Folder::new(options).with_dismissed(Arc::clone(self.examiner.dismissed)),
                settling: Settling::new(self.examiner.wish()),
                windows: 0,
                waiting: Vec::new(),
            },
        });
        self.records.push(None);
    }

    fn format(&mut self, format: &'static FormatInfo) {
        if let Some(frame) = self.frames.last_mut() {
            frame.format = Some(format.id);
        }
    }

    fn piece(&mut self, piece: Piece<'_>) {
        let Self {
            examiner, frames, ..
        } = self;
        if let Some(Frame {
            cutter,
            likening,
            sights,
            ..
        }) = frames.last_mut()
        {
            likening.push(&piece);
            cutter.push(&piece, &mut |cut| sights.take(*examiner, cut));
        }
    }

    fn fact(&mut self, fact: Fact) {
        if let Some(frame) = self.frames.last_mut() {
            frame.facts.push(fact);
        }
    }

    fn leave(&mut self, end: End) {
        let Some(mut frame) = self.frames.pop() else {
            return;
        };
        let examiner = self.examiner;
        let sights = &mut frame.sights;
        frame.cutter.finish(&mut |cut| sights.take(examiner, cut));
        sights.finish(examiner);
        let slot = frame.slot;
        let record = frame.close(end, examiner.classes);
        if let Some(place) = self.records.get_mut(slot) {
            *place = Some(record);
        }
    }
}

impl Frame {
    fn close(self, end: End, classes: &Classes) -> Record {
        let read = matches!(end.outcome, Outcome::Scanned | Outcome::Partial(_));
        // Without all digests a person could be missed when asked for: that is not a full reading.
        let classified = self.sights.folder.finish(&self.object.to_string(), classes);
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
