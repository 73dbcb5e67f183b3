//! One file on its worker: opened, known again where its content was read before, or examined.

use std::io::Read as _;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use rayon::Scope;

use crate::examine::{Crew, Examiner};
use crate::extract::Content;
use crate::inventory::{Contents, InProgress};
use crate::model::{Cancel, ObjectPath, Outcome, Problem, ProblemKind, Record, Stage};
use crate::source::{self, Task};

use super::copies::{Copies, Likes, is_common, may_be_called};
use super::pace::Pacer;
use super::pipeline::Word;
use super::{Settings, Tally};

/// Bytes that are compared at a time.
const COMPARED_BYTES: usize = 256 * 1024;

/// How coarsely times of files may be kept: FAT keeps every other second.
const COARSE_SECONDS: i64 = 2;

/// After this long with some of its files a worker gives the others of a batch away.
const LONG: Duration = Duration::from_millis(10);

/// A file on its way to a worker.
pub(super) enum Ready {
    /// The worker opens it.
    Closed(Job),
    /// It is open, and its content read where it is short.
    Open(Job, Content),
    /// It could not be opened.
    Failed(Task, Problem),
}

/// A file to be read.
pub(super) struct Job {
    pub(super) task: Task,
    /// The digest of its content as it is known, where it may be the same.
    pub(super) same_as: Option<[u8; 32]>,
}

impl Job {
    pub(super) fn new(task: Task) -> Self {
        let same_as = None;
        Self { task, same_as }
    }
}

/// Where found things arrive and are passed on.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) settings: &'a Settings,
    pub(super) tally: &'a Tally,
    pub(super) cancel: &'a Cancel,
    pub(super) started: Instant,
    pub(super) pacer: &'a Pacer,
    pub(super) copies: &'a Copies,
    pub(super) contents: &'a Contents,
    pub(super) words: &'a Sender<Word>,
    pub(super) reading: &'a InProgress,
}

impl<'a> Desk<'a> {
    /// Opens a file, once it may be read.
    pub(super) fn open(self, job: Job) -> Ready {
        let bytes = job.task.stat.bytes;
        self.pacer.wait(bytes, self.cancel);
        match source::open(&job.task) {
            Ok(file) => Ready::Open(job, Content::from_file(file, bytes)),
            Err(problem) => Ready::Failed(job.task, problem),
        }
    }

    /// Runs on a worker: files from opening to their records. Once they take long, other workers may take
    /// what is left.
    pub(super) fn examine<'s>(self, batch: Vec<Ready>, workers: &Scope<'s>)
    where
        'a: 's,
    {
        let desk: Desk<'s> = self;
        let slot = rayon::current_thread_index().unwrap_or_default();
        let begun = Instant::now();
        let mut words = Vec::with_capacity(batch.len());
        let mut files = batch.into_iter();
        while !self.cancel.is_requested()
            && files.len() > 0
            && self.pacer.may_begin()
            && let Some(ready) = files.next()
        {
            words.push(desk.examine_one(slot, ready, Crew::of(workers)));
            if begun.elapsed() > LONG {
                break;
            }
        }
        self.reading.leave(slot);
        // The writer is gone only when it failed, and then the run ends with its error.
        let _ = self.words.send(Word::Several(words));
        // Whoever took what is left would hand it on likewise, and so for ever.
        if self.pacer.has_left_out() {
            return;
        }
        for ready in files.filter(|_| !self.cancel.is_requested()) {
            workers.spawn(move |workers| self.examine(vec![ready], workers));
        }
    }

    fn examine_one(self, slot: usize, ready: Ready, crew: Crew<'_, 'a>) -> Word {
        let task = match &ready {
            Ready::Closed(job) | Ready::Open(job, _) => &job.task,
            Ready::Failed(task, _) => task,
        };
        let bytes = task.stat.bytes;
        self.reading.enter(slot, &task.object);
        self.tally.begin(|| task.object.to_string());
        let word = self.word_of(ready, crew);
        self.tally.done(1, bytes);
        word
    }

    fn word_of(self, ready: Ready, crew: Crew<'_, 'a>) -> Word {
        let (job, mut content) = match ready {
            Ready::Closed(job) => return self.word_of(self.open(job), crew),
            Ready::Open(job, content) => (job, content),
            Ready::Failed(task, problem) => {
                let outcome = Outcome::Failed(problem);
                let examiner = self.examiner();
                let records = examiner.unread(&task.object, outcome, task.stat.bytes);
                return Word::Examined(with_stat(records, task));
            }
        };
        let Job { mut task, same_as } = job;
        if self.may_still_change(&task) {
            task.stat.ctime_ns = 0;
        }
        let met_size = self.copies.met_size(task.stat.bytes);
        let mut likes = None;
        if met_size || same_as.is_some() || self.may_be_known(&mut content, &task) {
            let digest = self.digest_of(&mut content);
            if same_as.is_some() && digest == same_as {
                return Word::SameContent(task.object, task.stat);
            }
            likes = digest.map(|digest| self.likes(digest, &task.object));
            let known = likes.as_ref();
            if let Some(records) = known.and_then(|likes| self.read_before(likes, &task.object)) {
                return Word::Examined(with_stat(records, task));
            }
            if let Err(problem) = content.rewind() {
                return Word::Examined(vec![unread(task, Outcome::Failed(problem))]);
            }
        }
        Word::Examined(self.records_of(task, content, likes, crew))
    }

    fn likes(self, digest: [u8; 32], object: &ObjectPath) -> Likes {
        Likes::of(digest, object, &self.settings.classes)
    }

    /// Whether an earlier run may have read the content, so that it is worth a digest: a short file costs none
    /// that is not made anyway.
    fn may_be_known(self, content: &mut Content, task: &Task) -> bool {
        if self.settings.full || self.contents.is_empty() {
            return false;
        }
        let held = content.held_digest().is_some();
        held || self.contents.knows_time(&task.stat).unwrap_or(false)
    }

    /// What this run, or an earlier one, has read under another name. An inventory that cannot be read ends the
    /// run where it is written to; here the file is read instead.
    fn read_before(self, likes: &Likes, object: &ObjectPath) -> Option<Vec<Record>> {
        let records = self.copies.records(likes, object);
        let records = records.or_else(|| self.of_earlier_run(likes, object))?;
        (!self.examiner().is_named(object)).then_some(records)
    }

    fn of_earlier_run(self, likes: &Likes, object: &ObjectPath) -> Option<Vec<Record>> {
        if self.settings.full {
            return None;
        }
        let digest = likes.digest();
        let holders = self.contents.holders(digest).ok()?.into_iter();
        let mut alike = holders.filter(|holder| {
            let same_reading = *holder.fingerprint == *self.settings.info.fingerprint;
            same_reading && self.likes(*digest, &holder.object) == *likes
        });
        alike.find_map(|holder| {
            let records = self.contents.records(&holder, digest, object).ok()??;
            let fits = is_common(&records) && may_be_called(&records, &holder.object, object);
            fits.then_some(records)
        })
    }

    /// Whether a file was changed so shortly ago that a change after reading could leave its times as
    /// they are: clocks of file systems tick coarsely. Its change time is not kept then, so that the
    /// next run compares its content.
    fn may_still_change(self, task: &Task) -> bool {
        let seconds = i64::try_from(self.started.elapsed().as_secs()).unwrap_or_default();
        let now = self.settings.info.started.saturating_add(seconds);
        let changed = task.stat.ctime_ns.max(task.stat.mtime_ns) / 1_000_000_000;
        changed >= now - COARSE_SECONDS
    }

    /// The digest of a content, or `None` where it cannot be read whole.
    fn digest_of(self, content: &mut Content) -> Option<[u8; 32]> {
        if let Some(digest) = content.held_digest() {
            return Some(digest);
        }
        let mut hasher = blake3::Hasher::new();
        // To clear a whole block costs more than to read a short file.
        let room = usize::try_from(content.len()).unwrap_or(COMPARED_BYTES);
        let mut block = vec![0; room.clamp(1, COMPARED_BYTES)];
        loop {
            let read = content.read(&mut block).ok()?;
            if self.cancel.is_requested() || content.is_short() {
                return None;
            }
            if read == 0 {
                return Some(hasher.finalize().into());
            }
            hasher.update(block.get(..read)?);
        }
    }

    fn examiner(self) -> Examiner<'a> {
        let settings = self.settings;
        Examiner {
            reader: &settings.reader,
            scanner: &settings.scanner,
            classes: &settings.classes,
            dismissed: &settings.dismissed,
            samples: settings.samples,
        }
    }

    /// Reads the file. `likes` are those of its content, where that was digested before.
    fn records_of(
        self,
        task: Task,
        content: Content,
        likes: Option<Likes>,
        crew: Crew<'_, 'a>,
    ) -> Vec<Record> {
        let records = self.examiner().examine_with(&task.object, content, crew);
        if let Some(digest) = records.first().and_then(|first| first.content_digest) {
            let likes = likes.filter(|likes| likes.is_of(digest));
            let likes = likes.unwrap_or_else(|| self.likes(digest, &task.object));
            self.copies.keep(likes, &records);
        }
        with_stat(records, task)
    }

    pub(super) fn tell(self, word: Word) -> ControlFlow<()> {
        match self.words.send(word) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// The records of a file with what the file system says of it.
fn with_stat(mut records: Vec<Record>, task: Task) -> Vec<Record> {
    if let Some(first) = records.first_mut() {
        first.stat = Some(task.stat);
    } else {
        let lost = Problem::new(ProblemKind::Panic, Stage::Extract);
        records.push(unread(task, Outcome::Failed(lost)));
    }
    records
}

pub(super) fn unread(task: Task, outcome: Outcome) -> Record {
    let stat = task.stat;
    Record {
        stat: Some(stat),
        ..Record::unread(task.object, outcome, stat.bytes)
    }
}
