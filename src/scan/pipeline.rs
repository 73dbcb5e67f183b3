//! The threads of a run and what flows between them.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use rayon::ThreadPoolBuilder;

use crate::extract;
use crate::inventory::{Inventory, Lookup, RunEnd, Words, Writer};
use crate::model::{Cancel, FileStat, ObjectPath, Record};
use crate::source::RootEnd;

use super::batch::Batch;
use super::clerk::Clerk;
use super::copies::Copies;
use super::desk::{Desk, Job, Ready};
use super::pace::Pacer;
use super::{Error, Settings, Summary, Tally};

/// Batches of files that may be begun or waiting for each worker: enough to keep it busy.
const BATCHES_PER_WORKER: usize = 4;

/// Results that may wait for the writer, each of the files of a batch.
const WAITING_RESULTS: usize = 64;

/// Deeply nested documents need more stack than a thread has by default.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// After this long without a word the writer commits what it has.
const SILENCE: Duration = Duration::from_secs(1);

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
    Several(Vec<Word>),
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
    let contents = writer.contents(words_of(settings))?;
    let (roots, written) = std::thread::scope(|threads| {
        let walking = threads.spawn(|| {
            let desk = Desk {
                settings,
                tally,
                cancel,
                started,
                pacer: &pacer,
                copies: &copies,
                contents: &contents,
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

/// The words that the inventory stores for what these settings can find and read.
fn words_of(settings: &Settings) -> Words {
    let formats = extract::formats().chain(extract::unread_kinds());
    Words {
        kinds: settings.scanner.kinds(),
        formats: formats.map(|format| format.id).collect(),
    }
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
            Ok(word) => put(writer, word)?,
            Err(RecvTimeoutError::Timeout) => writer.flush()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

fn put(writer: &mut Writer, word: Word) -> Result<(), Error> {
    match word {
        Word::Examined(records) => writer.file(&records)?,
        Word::CarriedOver(known) => writer.carry_over(known)?,
        Word::SameContent(object, stat) => writer.same_content(&object, &stat)?,
        Word::Folder { id, listing } => writer.folder_seen(id, &listing)?,
        Word::HardLink { object, first } => writer.hard_link(&object, &first)?,
        Word::Several(words) => {
            for word in words {
                put(writer, word)?;
            }
        }
    }
    Ok(())
}

/// Lists the folders on this thread and examines what is found on a pool of workers.
fn walk_and_examine(desk: Desk<'_>, lookup: Lookup) -> Result<Walked, Error> {
    let settings = desk.settings;
    let builder = ThreadPoolBuilder::new()
        .num_threads(settings.jobs)
        .stack_size(STACK_BYTES);
    let pool = builder.build().map_err(Error::Threads)?;
    let (take, give_back) = bounded(settings.jobs * BATCHES_PER_WORKER);
    let walk = |hand_over: &mut dyn FnMut(Job)| {
        let mut clerk = Clerk::new(desk, lookup, hand_over);
        let roots = settings.walker.walk_folders(desk.cancel, &mut clerk);
        (roots, clerk.met, clerk.failure, clerk.paused)
    };
    let (mut roots, met, failure, paused) = pool.in_place_scope(|workers| {
        // The receiver outlives the scope, so a permit can always be had.
        let permit = || take.send(()).is_ok();
        let start = |files: Vec<Ready>| {
            let give_back = &give_back;
            workers.spawn(move |workers| {
                desk.examine(files, workers);
                let _ = give_back.recv();
            });
        };
        match settings.pace.io_depth {
            0 => {
                let mut batch = Batch::default();
                let walked = walk(&mut |job| {
                    batch.add(job);
                    if take.try_send(()).is_ok() || (batch.is_full() && permit()) {
                        start(batch.take());
                    }
                });
                if !batch.is_empty() && permit() {
                    start(batch.take());
                }
                walked
            }
            depth => {
                let start = |ready| {
                    if permit() {
                        start(vec![ready]);
                    }
                };
                ahead(desk, depth, &start, walk)
            }
        }
    });
    // An empty root is most likely a share that is not mounted: nothing in it is taken for gone. Neither
    // are files that were handed to a worker when the time was spent.
    let left_out = desk.pacer.has_left_out();
    for root in &mut roots {
        root.complete &= met.contains(&*root.label) && !left_out;
    }
    let paused = paused || left_out;
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
