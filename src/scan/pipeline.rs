//! The threads of a run and what flows between them.

use std::io::Read as _;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use rayon::ThreadPoolBuilder;

use crate::examine::Examiner;
use crate::extract::Content;
use crate::inventory::{InProgress, Inventory, Lookup, RunEnd, Writer};
use crate::model::{Cancel, FileStat, ObjectPath, Outcome, Problem, ProblemKind, Record, Stage};
use crate::source::{self, RootEnd, Task};

use super::clerk::Clerk;
use super::copies::{Copies, Likes};
use super::pace::Pacer;
use super::{Error, Settings, Summary, Tally};

/// Files that may be begun or waiting for each worker: enough to keep it busy, few enough that a
/// stop takes effect at once.
const FILES_PER_WORKER: usize = 8;

/// Results that may wait for the writer.
const WAITING_RESULTS: usize = 256;

/// Deeply nested documents need more stack than a thread has by default.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// After this long without a word the writer commits what it has.
const SILENCE: Duration = Duration::from_secs(1);

/// Bytes that are compared at a time.
const COMPARED_BYTES: usize = 256 * 1024;

/// How coarsely times of files may be kept: FAT keeps every other second.
const COARSE_SECONDS: i64 = 2;

/// What the writer is told.
pub(super) enum Word {
    Examined(Vec<Record>),
    CarriedOver(i64),
    SameContent(ObjectPath, FileStat),
    Folder {
        id: i64,
        listing: [u8; 16],
    },
    HardLink {
        object: ObjectPath,
        first: ObjectPath,
    },
}

/// Scans everything the settings name and keeps the inventory up to date. Returns when all that was
/// found has its outcome in the inventory, or when `cancel` was requested and what was open is closed.
///
/// # Errors
/// When the inventory cannot be read or written, or no threads can be had. Whatever is wrong with a
/// single file is its outcome, not an error.
pub fn run(
    settings: &Settings,
    inventory: Inventory,
    tally: &Tally,
    cancel: &Cancel,
) -> Result<Summary, Error> {
    let started = Instant::now();
    let mut writer = inventory.writer()?;
    let begun = writer.begin_run(&settings.info)?;
    writer.keep_sums(settings.least);
    let (lookup, reading) = (writer.lookup()?, writer.in_progress());
    let (words, heard) = bounded(WAITING_RESULTS);
    let pacer = Pacer::new(settings.pace, started);
    let copies = Copies::new();
    let (roots, written) = std::thread::scope(|threads| {
        let walking = threads.spawn(|| {
            let desk = Desk {
                settings,
                tally,
                cancel,
                started,
                pacer: &pacer,
                copies: &copies,
                words: &words,
                reading: &reading,
            };
            let roots = walk_and_examine(desk, lookup);
            drop(words);
            tally.all_listed();
            roots
        });
        let written = write(&mut writer, &heard);
        drop(heard);
        if written.is_err() {
            cancel.request();
        }
        (walking.join(), written)
    });
    written?;
    let Walked { roots, paused } =
        roots.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let interrupted = cancel.is_requested();
    let end = if interrupted || paused {
        RunEnd::Interrupted
    } else {
        RunEnd::Finished
    };
    let complete: Vec<&str> = roots
        .iter()
        .filter(|root| root.complete)
        .map(|root| &*root.label)
        .collect();
    let seconds = i64::try_from(started.elapsed().as_secs()).unwrap_or_default();
    let ended = settings.info.started.saturating_add(seconds);
    let coverage = writer.finish_run(end, ended, &complete)?;
    let suspects = begun.suspects;
    Ok(Summary {
        run: begun.run,
        coverage,
        resumed: begun.resumed,
        suspects,
        interrupted,
        paused: paused && !interrupted,
    })
}

/// How the walk of a run ended.
struct Walked {
    roots: Vec<RootEnd>,
    /// Whether the time was spent before its end.
    paused: bool,
}

/// The one place that writes. It ends when every sender is gone, or at the first error, which drops
/// the receiver so that the senders end too. What was told is committed when nobody speaks.
fn write(writer: &mut Writer, heard: &Receiver<Word>) -> Result<(), Error> {
    loop {
        match heard.recv_timeout(SILENCE) {
            Ok(Word::Examined(records)) => writer.file(&records)?,
            Ok(Word::CarriedOver(known)) => writer.carry_over(known)?,
            Ok(Word::SameContent(object, stat)) => writer.same_content(&object, &stat)?,
            Ok(Word::Folder { id, listing }) => writer.folder_seen(id, &listing)?,
            Ok(Word::HardLink { object, first }) => writer.hard_link(&object, &first)?,
            Err(RecvTimeoutError::Timeout) => writer.flush()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// Lists the folders on this thread and examines what is found on a pool of workers.
fn walk_and_examine(desk: Desk<'_>, lookup: Lookup) -> Result<Walked, Error> {
    let settings = desk.settings;
    let builder = ThreadPoolBuilder::new()
        .num_threads(settings.jobs)
        .stack_size(STACK_BYTES);
    let pool = builder.build().map_err(Error::Threads)?;
    let (take, give_back) = bounded(settings.jobs * FILES_PER_WORKER);
    let walk = |hand_over: &mut dyn FnMut(Job)| {
        let mut clerk = Clerk::new(desk, lookup, hand_over);
        let roots = settings.walker.walk_folders(desk.cancel, &mut clerk);
        (roots, clerk.met, clerk.failure, clerk.paused)
    };
    let (mut roots, met, failure, paused) = pool.in_place_scope(|workers| {
        let start = |ready: Ready| {
            // The receiver outlives the scope, so a permit can always be had.
            let _ = take.send(());
            let give_back = &give_back;
            workers.spawn(move |_| {
                desk.examine(ready);
                let _ = give_back.recv();
            });
        };
        match settings.pace.io_depth {
            0 => walk(&mut |job| start(Ready::Closed(job))),
            depth => ahead(desk, depth, &start, walk),
        }
    });
    // An empty root is most likely a share that is not mounted: nothing in it is taken for gone.
    for root in &mut roots {
        root.complete &= met.contains(&*root.label);
    }
    failure.map_or(Ok(Walked { roots, paused }), Err)
}

/// Opens files ahead of the workers, `depth` at a time: a disk that is far away answers many questions
/// as fast as one. Short files are read whole here.
fn ahead<T>(
    desk: Desk<'_>,
    depth: usize,
    start: &(impl Fn(Ready) + Sync),
    walk: impl FnOnce(&mut dyn FnMut(Job)) -> T,
) -> T {
    let (jobs, waiting) = bounded::<Job>(depth);
    std::thread::scope(|threads| {
        for _ in 0..depth {
            let waiting = waiting.clone();
            threads.spawn(move || {
                for job in waiting {
                    start(desk.open(job));
                }
            });
        }
        drop(waiting);
        let walked = walk(&mut |job| {
            // Every receiver is gone only where all of these threads have died.
            let _ = jobs.send(job);
        });
        drop(jobs);
        walked
    })
}

/// A file on its way to a worker.
enum Ready {
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
    cancel: &'a Cancel,
    started: Instant,
    pub(super) pacer: &'a Pacer,
    copies: &'a Copies,
    words: &'a Sender<Word>,
    reading: &'a InProgress,
}

impl Desk<'_> {
    /// Opens a file, once it may be read.
    fn open(self, job: Job) -> Ready {
        let bytes = job.task.stat.bytes;
        self.pacer.wait(bytes, self.cancel);
        match source::open(&job.task) {
            Ok(file) => Ready::Open(job, Content::from_file(file, bytes)),
            Err(problem) => Ready::Failed(job.task, problem),
        }
    }

    /// Runs on a worker: one file from opening to its records.
    fn examine(self, ready: Ready) {
        if self.cancel.is_requested() {
            return;
        }
        let slot = rayon::current_thread_index().unwrap_or_default();
        let task = match &ready {
            Ready::Closed(job) | Ready::Open(job, _) => &job.task,
            Ready::Failed(task, _) => task,
        };
        let bytes = task.stat.bytes;
        self.reading.enter(slot, &task.object);
        self.tally.begin(|| task.object.to_string());
        let word = self.word_of(ready);
        // The writer is gone only when it failed, and then the run ends with its error.
        let _ = self.words.send(word);
        self.tally.done(1, bytes);
        self.reading.leave(slot);
    }

    fn word_of(self, ready: Ready) -> Word {
        let (job, mut content) = match ready {
            Ready::Closed(job) => return self.word_of(self.open(job)),
            Ready::Open(job, content) => (job, content),
            Ready::Failed(task, problem) => {
                return Word::Examined(vec![unread(task, Outcome::Failed(problem))]);
            }
        };
        let Job { mut task, same_as } = job;
        if self.may_still_change(&task) {
            task.stat.ctime_ns = 0;
        }
        let met_size = self.copies.met_size(task.stat.bytes);
        if met_size || same_as.is_some() {
            let digest = self.digest_of(&mut content);
            if same_as.is_some() && digest == same_as {
                return Word::SameContent(task.object, task.stat);
            }
            if let Some(records) = digest.and_then(|digest| self.copy_of(digest, &task)) {
                return Word::Examined(with_stat(records, task));
            }
            if let Err(problem) = content.rewind() {
                return Word::Examined(vec![unread(task, Outcome::Failed(problem))]);
            }
        }
        Word::Examined(self.records_of(task, content))
    }

    /// The records of a file whose content this run has read already under another name.
    fn copy_of(self, digest: [u8; 32], task: &Task) -> Option<Vec<Record>> {
        let likes = Likes::of(digest, &task.object, &self.settings.classes);
        self.copies.records(&likes, &task.object)
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

    fn records_of(self, task: Task, content: Content) -> Vec<Record> {
        let settings = self.settings;
        let examiner = Examiner {
            reader: &settings.reader,
            scanner: &settings.scanner,
            classes: &settings.classes,
            dismissed: &settings.dismissed,
            samples: settings.samples,
        };
        let records = examiner.examine(&task.object, content);
        if let Some(digest) = records.first().and_then(|first| first.content_digest) {
            let likes = Likes::of(digest, &task.object, &settings.classes);
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
