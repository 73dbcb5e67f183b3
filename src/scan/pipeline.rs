//! The threads of a run and what flows between them.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use rayon::ThreadPoolBuilder;

use crate::inventory::{InProgress, Inventory, Lookup, Reuse, RunEnd, Writer};
use crate::model::{Cancel, ObjectPath, Outcome, Problem, ProblemKind, Record, Stage};
use crate::source::{self, Found, RootEnd, Task};

use super::examine::Examiner;
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

/// What the writer is told of one file.
enum Word {
    Examined(Vec<Record>),
    CarriedOver(i64),
    HardLink {
        object: ObjectPath,
        first: ObjectPath,
    },
}

/// What is to be done with a file that the walk met.
enum Need {
    /// It is to be read.
    Read,
    /// It need not or must not be read, and this is to be recorded.
    Tell(Word),
    /// This run dealt with it before it was cut off.
    Nothing,
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
    let (lookup, reading) = (writer.lookup()?, writer.in_progress());
    let (words, heard) = bounded(WAITING_RESULTS);
    let (roots, written) = std::thread::scope(|threads| {
        let walking = threads.spawn(|| {
            let desk = Desk {
                settings,
                tally,
                cancel,
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
    let roots = roots.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let interrupted = cancel.is_requested();
    let end = if interrupted {
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
    })
}

/// The one place that writes. It ends when every sender is gone, or at the first error, which drops
/// the receiver so that the senders end too. What was told is committed when nobody speaks.
fn write(writer: &mut Writer, heard: &Receiver<Word>) -> Result<(), Error> {
    loop {
        match heard.recv_timeout(SILENCE) {
            Ok(Word::Examined(records)) => writer.file(&records)?,
            Ok(Word::CarriedOver(known)) => writer.carry_over(known)?,
            Ok(Word::HardLink { object, first }) => writer.hard_link(&object, &first)?,
            Err(RecvTimeoutError::Timeout) => writer.flush()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// Lists the folders on this thread and examines what is found on a pool of workers.
fn walk_and_examine(desk: Desk<'_>, mut lookup: Lookup) -> Result<Vec<RootEnd>, Error> {
    let settings = desk.settings;
    let builder = ThreadPoolBuilder::new()
        .num_threads(settings.jobs)
        .stack_size(STACK_BYTES);
    let pool = builder.build().map_err(Error::Threads)?;
    let (take, give_back) = bounded(settings.jobs * FILES_PER_WORKER);
    let mut failure = None;
    let mut seen = HashSet::new();
    let mut roots = pool.in_place_scope(|workers| {
        settings.walker.walk(desk.cancel, &mut |found| {
            let root = found.object().root();
            if !seen.contains(root) {
                seen.insert(root.to_owned());
            }
            let begun = desk.receive(found, &mut lookup);
            let task = match begun {
                Ok(ControlFlow::Continue(None)) => return ControlFlow::Continue(()),
                Ok(ControlFlow::Continue(Some(task))) => task,
                Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
                Err(error) => {
                    failure = Some(error);
                    return ControlFlow::Break(());
                }
            };
            // The receiver outlives the scope, so a permit can always be had.
            let _ = take.send(());
            let give_back = &give_back;
            workers.spawn(move |_| {
                desk.examine(task);
                let _ = give_back.recv();
            });
            ControlFlow::Continue(())
        })
    });
    // An empty root is most likely a share that is not mounted: nothing in it is taken for gone.
    for root in &mut roots {
        root.complete &= seen.contains(&*root.label);
    }
    failure.map_or(Ok(roots), Err)
}

/// Where found things arrive and are passed on.
#[derive(Clone, Copy)]
struct Desk<'a> {
    settings: &'a Settings,
    tally: &'a Tally,
    cancel: &'a Cancel,
    words: &'a Sender<Word>,
    reading: &'a InProgress,
}

impl Desk<'_> {
    /// Deals with what needs no reading, and returns a file that does.
    fn receive(
        self,
        found: Found,
        lookup: &mut Lookup,
    ) -> Result<ControlFlow<(), Option<Task>>, Error> {
        let task = match found {
            Found::File(task) => task,
            Found::Settled {
                object,
                stat,
                outcome,
            } => {
                let bytes = stat.map_or(0, |stat| stat.bytes);
                let record = Record {
                    stat,
                    ..Record::unread(object, outcome, bytes)
                };
                return Ok(self.tell(Word::Examined(vec![record])));
            }
            Found::HardLink { object, first } => {
                return Ok(self.tell(Word::HardLink { object, first }));
            }
        };
        self.tally.found(task.stat.bytes);
        let told = match self.without_reading(&task, lookup)? {
            Need::Read => return Ok(ControlFlow::Continue(Some(task))),
            Need::Tell(word) => self.tell(word),
            Need::Nothing => ControlFlow::Continue(None),
        };
        self.tally.done(task.stat.bytes);
        Ok(told)
    }

    /// What is to be done with a file.
    fn without_reading(self, task: &Task, lookup: &mut Lookup) -> Result<Need, Error> {
        if (self.settings.metadata_only)(&task.object) {
            let excluded = Outcome::Skipped(Problem::new(ProblemKind::Excluded, Stage::Open));
            return Ok(Need::Tell(Word::Examined(vec![unread(
                task.clone(),
                excluded,
            )])));
        }
        let Some(known) = lookup.known(&task.object)? else {
            return Ok(Need::Read);
        };
        let full = self.settings.full && !known.recorded_in_this_run;
        Ok(
            match known.reuse(&task.stat, &self.settings.info.fingerprint) {
                Reuse::Done => Need::Nothing,
                Reuse::CarryOver if !full => Need::Tell(Word::CarriedOver(known.id)),
                Reuse::CarryOver | Reuse::Read => Need::Read,
            },
        )
    }

    /// Runs on a worker: one file from opening to its records.
    fn examine(self, task: Task) {
        if self.cancel.is_requested() {
            return;
        }
        let slot = rayon::current_thread_index().unwrap_or_default();
        self.reading.enter(slot, &task.object);
        self.tally.begin(|| task.object.to_string());
        let bytes = task.stat.bytes;
        let records = self.records_of(task);
        // The writer is gone only when it failed, and then the run ends with its error.
        let _ = self.words.send(Word::Examined(records));
        self.tally.done(bytes);
        self.reading.leave(slot);
    }

    fn records_of(self, task: Task) -> Vec<Record> {
        let file = match source::open(&task) {
            Ok(file) => file,
            Err(problem) => return vec![unread(task, Outcome::Failed(problem))],
        };
        let settings = self.settings;
        let examiner = Examiner {
            reader: &settings.reader,
            scanner: &settings.scanner,
            classes: &settings.classes,
            dismissed: &settings.dismissed,
            samples: settings.samples,
        };
        let mut records = examiner.examine(&task.object, file, task.stat.bytes);
        if let Some(first) = records.first_mut() {
            first.stat = Some(task.stat);
        } else {
            let lost = Problem::new(ProblemKind::Panic, Stage::Extract);
            records.push(unread(task, Outcome::Failed(lost)));
        }
        records
    }

    fn tell<T>(self, word: Word) -> ControlFlow<(), Option<T>> {
        match self.words.send(word) {
            Ok(()) => ControlFlow::Continue(None),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

fn unread(task: Task, outcome: Outcome) -> Record {
    let stat = task.stat;
    Record {
        stat: Some(stat),
        ..Record::unread(task.object, outcome, stat.bytes)
    }
}
