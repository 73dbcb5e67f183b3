//! The windows of one object on their way to being folded, looked at by whoever has time.
//!
//! Windows are numbered as they stand in the text. Any thread may look at any of them; what was seen is folded in
//! their order, by one thread at a time, and whoever has seen something folds what is next unless another does.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use super::crew::Crew;
use super::sums::Sums;
use crate::detect::{Cut, Look, OwnedCut, SampleWish, Scanner};
use crate::model::work;

/// Windows that may be begun and not folded, for each thread.
const WINDOWS_PER_THREAD: usize = 2;

/// The same in all where names stand close: what is seen of one window then takes up to ninety times its length in
/// memory.
const CROWDED_WINDOWS: usize = 4;

/// The windows of one object, shared with those who help. It holds text of the object and is not shown.
pub(super) struct Windows<'a> {
    scanner: &'a Scanner,
    wish: SampleWish,
    line: Mutex<Line>,
    /// `None` once they were taken.
    sums: Mutex<Option<Sums>>,
    /// Told when a window was folded, or a thread failed.
    moved: Condvar,
}

/// What waits, and for what.
#[derive(Default)]
struct Line {
    /// How many windows were handed in.
    begun: u64,
    /// How many of them are folded.
    folded: u64,
    /// Those that nobody looks at yet, with their numbers.
    waiting: VecDeque<(u64, OwnedCut)>,
    /// What was seen in others, and is not folded.
    seen: BTreeMap<u64, Look>,
    crowded: bool,
    helpers: usize,
    /// Processor time that helpers gave since it was asked for.
    helped: Duration,
    panic: Option<Box<dyn Any + Send>>,
}

impl<'a> Windows<'a> {
    pub(super) fn new(scanner: &'a Scanner, wish: SampleWish, sums: Sums) -> Arc<Self> {
        Arc::new(Self {
            scanner,
            wish,
            line: Mutex::default(),
            sums: Mutex::new(Some(sums)),
            moved: Condvar::new(),
        })
    }

    pub(super) fn scanner(&self) -> &'a Scanner {
        self.scanner
    }

    /// Looks at the next window here, and folds what was seen.
    pub(super) fn take_alone(&self, cut: &Cut<'_>) {
        self.settle();
        let look = self.scanner.look(cut, self.wish);
        self.with_sums(|sums| sums.fold(self.scanner, look));
    }

    /// Leaves the next window to whoever has time, the caller included: it returns when not too many wait.
    pub(super) fn share(self: &Arc<Self>, cut: &Cut<'_>, crew: Crew<'_, 'a>) {
        let (hands, cut) = (crew.hands(), cut.to_owned_cut());
        let mut line = self.line();
        let number = line.begun;
        line.begun += 1;
        line.waiting.push_back((number, cut));
        if line.helpers < hands {
            line.helpers += 1;
            let windows = Arc::clone(self);
            crew.ask(move || windows.help());
        }
        drop(line);
        self.work_until(|line| line.open() < line.most(hands + 1));
    }

    /// Works until all windows that were handed in are folded.
    pub(super) fn settle(&self) {
        self.work_until(|line| line.open() == 0);
    }

    /// Calls `work` with the sums of the windows that are folded.
    pub(super) fn with_sums(&self, work: impl FnOnce(&mut Sums)) {
        if let Some(sums) = &mut *self.sums() {
            work(sums);
        }
    }

    /// The sums of all windows. They can be taken once.
    pub(super) fn take_sums(&self) -> Option<Sums> {
        self.settle();
        self.sums().take()
    }

    /// Looks at windows and waits for those of others until `done`.
    fn work_until(&self, done: impl Fn(&Line) -> bool) {
        let mut line = self.line();
        loop {
            if let Some(panic) = line.panic.take() {
                drop(line);
                resume_unwind(panic);
            }
            if done(&line) {
                break;
            }
            if let Some((number, cut)) = line.waiting.pop_front() {
                drop(line);
                self.look(number, &cut);
                line = self.line();
            } else if line.has_next() {
                // Whoever saw it found the sums taken.
                drop(line);
                self.fold_seen();
                line = self.line();
            } else {
                // Others look at what is left.
                let woken = self.moved.wait(line);
                line = woken.unwrap_or_else(PoisonError::into_inner);
            }
        }
        work::add(std::mem::take(&mut line.helped));
    }

    /// What a helper does: it looks at windows while there are any.
    fn help(&self) {
        loop {
            let mut line = self.line();
            let Some((number, cut)) = line.waiting.pop_front() else {
                line.helpers -= 1;
                return;
            };
            drop(line);
            let looking = || work::measured(|| self.look(number, &cut));
            let looked = catch_unwind(AssertUnwindSafe(looking));
            let mut line = self.line();
            match looked {
                Ok(((), took)) => line.helped += took,
                Err(panic) => {
                    line.panic = Some(panic);
                    self.moved.notify_all();
                }
            }
        }
    }

    fn look(&self, number: u64, cut: &OwnedCut) {
        let look = self.scanner.look(&cut.as_cut(), self.wish);
        self.line().seen.insert(number, look);
        self.fold_seen();
    }

    /// Folds what is next, unless another thread does: that one looks for more when it is through.
    fn fold_seen(&self) {
        while self.line().has_next() {
            let mut sums = match self.sums.try_lock() {
                Ok(sums) => sums,
                Err(TryLockError::Poisoned(sums)) => sums.into_inner(),
                Err(TryLockError::WouldBlock) => return,
            };
            let Some(sums) = sums.as_mut() else {
                return;
            };
            while let Some(look) = self.next() {
                sums.fold(self.scanner, look);
                let mut line = self.line();
                line.crowded = sums.is_crowded();
                line.folded += 1;
                self.moved.notify_all();
            }
        }
    }

    /// What was seen in the window that is to be folded next. The line is free again when it is told.
    fn next(&self) -> Option<Look> {
        let mut line = self.line();
        let next = line.folded;
        line.seen.remove(&next)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sums(&self) -> MutexGuard<'_, Option<Sums>> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// How many windows were handed in and are not folded.
    fn open(&self) -> usize {
        usize::try_from(self.begun - self.folded).unwrap_or(usize::MAX)
    }

    /// How many there may be when so many threads look at them.
    fn most(&self, threads: usize) -> usize {
        if self.crowded {
            CROWDED_WINDOWS
        } else {
            WINDOWS_PER_THREAD * threads
        }
    }

    fn has_next(&self) -> bool {
        self.seen.contains_key(&self.folded)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Crew, Observation};
    use super::*;
    use crate::classify::{Classes, Options};
    use crate::model::{Cell, DigestKey, Field, Layout, Piece};

    const ROWS: u32 = 400;

    const OPTIONS: Options = Options {
        samples: 0,
        keep_hits: false,
    };

    fn scanner() -> Scanner {
        Scanner::new(DigestKey::new([7; 16]), [].into())
    }

    /// What is found in a table whose rows come one by one: places, kinds and texts.
    fn found<'a>(scanner: &'a Scanner, crew: Crew<'_, 'a>) -> Vec<(u64, u64, String, String)> {
        let mut observation = Observation::of_hits(scanner).with_values(true);
        let field = |(id, name): (u32, &str)| Field {
            id,
            name: name.into(),
            sheet: None,
            numeric: false,
        };
        let fields = [(0, "Navn"), (1, "E-post")].map(field);
        for row in 0..ROWS {
            let text = format!("Kari Testesen;kari.{row}@firma.no");
            let end = u32::try_from(text.len()).unwrap();
            let cell = |(field, start, end)| Cell {
                start,
                end,
                field,
                row: row.into(),
            };
            let layout = Layout::Cells {
                cells: &[(0, 0, 13), (1, 14, end)].map(cell),
                fields: &fields,
            };
            let text = &text;
            observation.piece_with(&Piece { text, layout }, crew);
        }
        let (holds, values) = observation.finish_with_values("", &Classes::default());
        let hits = holds.hits.iter();
        hits.map(|hit| (hit.start, hit.end, hit.kind.id(), values.of(hit).to_owned()))
            .collect()
    }

    #[test]
    fn however_many_look_the_same_is_found_in_the_same_order() {
        let scanner = scanner();
        let alone = found(&scanner, Crew::nobody());
        assert_eq!(alone.len(), 2 * ROWS as usize);
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().unwrap();
            for _ in 0..20 {
                let together = pool.install(|| Crew::here(|crew| found(&scanner, crew)));
                assert!(together == alone, "{threads} threads");
            }
        }
    }

    /// Planted fault that this caught: the reader waited for the helper that had found the sums taken.
    #[test]
    fn what_a_helper_could_not_fold_is_folded_by_the_reader() {
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let scanner = scanner();
            let wish = SampleWish::None;
            let windows = Windows::new(&scanner, wish, Sums::new(OPTIONS, wish));
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2);
            pool.build().unwrap().install(|| {
                Crew::here(|crew| {
                    windows.with_sums(|_| {
                        windows.share(&Cut::of_text("Kari"), crew);
                        while windows.line().helpers > 0 {
                            std::thread::yield_now();
                        }
                    });
                    assert!(windows.line().has_next());
                    windows.settle();
                });
            });
            told.send(windows.line().folded).unwrap();
        });
        let folded = heard.recv_timeout(Duration::from_mins(1));
        assert_eq!(folded, Ok(1));
    }

    #[test]
    fn what_fails_while_others_help_fails_for_the_reader() {
        let scanner = scanner();
        let wish = SampleWish::None;
        let windows = Windows::new(&scanner, wish, Sums::new(OPTIONS, wish));
        windows.line().begun = 1;
        windows.line().panic = Some(Box::new("planted"));
        let caught = catch_unwind(AssertUnwindSafe(|| windows.settle()));
        assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "planted");
    }
}
