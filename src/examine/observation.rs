//! What one object's text holds, piece by piece.

use std::sync::Arc;
use std::time::Duration;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::classify::{Classes, Classified, Folder, Options};
use crate::detect::{Cut, Cutter, Look, OwnedCut, SampleWish, Scanner, Settling};
use crate::model::{Candidate, Dismissed, ObjectPath, Piece, Sightings, work};

use super::named::in_names;
use super::running;
use super::values::Values;

/// Windows of one object that are looked at one by one before its later windows are shared by all
/// cores: most objects are small, and copying windows costs time.
const WINDOWS_ALONE: u64 = 16;

/// Windows that are gathered for the cores to share, for each of them.
const WINDOWS_PER_CORE: usize = 4;

/// Most windows that are gathered where names stand close, whatever the number of cores: what is seen of one then takes
/// up to ninety times its length in memory.
const CROWDED_WINDOWS: usize = 4;

/// One object's text on its way to findings. Pieces come in the order of the text; how it is cut into
/// pieces makes no difference.
///
/// It is bounded as [`Folder`] is, and holds a few windows beside. What it holds is text of the object
/// and is not shown.
pub struct Observation<'a> {
    cutter: Cutter,
    sights: Sights<'a>,
}

/// What was seen, in the order of the text, and the windows that wait to be seen.
struct Sights<'a> {
    scanner: &'a Scanner,
    wish: SampleWish,
    sums: Sums,
    windows: u64,
    waiting: Vec<OwnedCut>,
    /// What was seen in the windows before those that wait.
    seen: Vec<Look>,
}

/// What the windows add up to, which take their turns here.
struct Sums {
    folder: Folder,
    settling: Settling,
    values: Option<Values>,
}

impl<'a> Observation<'a> {
    /// Of an object of which nothing was seen. On a thread of a rayon pool, the windows of a long text
    /// are shared by all threads of that pool.
    #[must_use]
    pub fn new(scanner: &'a Scanner, options: Options) -> Self {
        let wish = match u32::try_from(options.samples) {
            Ok(first) if !options.keep_hits => SampleWish::First(first),
            _ => SampleWish::All,
        };
        Self {
            cutter: scanner.cutter(),
            sights: Sights {
                scanner,
                wish,
                sums: Sums {
                    folder: Folder::new(options),
                    settling: Settling::new(wish),
                    values: None,
                },
                windows: 0,
                waiting: Vec::new(),
                seen: Vec::new(),
            },
        }
    }

    /// One that keeps every hit with its place and mask.
    #[must_use]
    pub fn of_hits(scanner: &'a Scanner) -> Self {
        let options = Options {
            samples: usize::MAX,
            keep_hits: true,
        };
        Self::new(scanner, options)
    }

    /// The same, knowing what people have marked as false.
    #[must_use]
    pub fn with_dismissed(mut self, dismissed: Arc<Dismissed>) -> Self {
        self.sights.sums.folder.dismiss(dismissed);
        self
    }

    /// The same, keeping the texts of the hits where `keep` says so.
    #[must_use]
    pub fn with_values(mut self, keep: bool) -> Self {
        self.sights.sums.values = keep.then(Values::default);
        self
    }

    /// Takes the next piece.
    pub fn piece(&mut self, piece: &Piece<'_>) {
        let Self { cutter, sights } = self;
        if let Some(values) = &mut sights.sums.values {
            values.read(piece.text);
        }
        cutter.push(piece, &mut |cut| sights.take(cut));
    }

    /// Takes what the names of the object and of its folders tell, beside its text.
    #[must_use]
    pub fn with_names(mut self, object: &ObjectPath) -> Self {
        let hits = in_names(self.sights.scanner, object);
        self.sights.sums.folder.take_names(hits);
        self
    }

    /// What the object holds. `name` is its path as text, for words in folder and file names;
    /// `classes` is the list that the scanner was made with, or an empty one.
    #[must_use]
    pub fn finish(self, name: &str, classes: &Classes) -> Classified {
        self.finish_with_values(name, classes).0
    }

    /// The same, and the texts of the hits where they were kept.
    #[must_use]
    pub fn finish_with_values(self, name: &str, classes: &Classes) -> (Classified, Values) {
        let Self {
            mut cutter,
            mut sights,
        } = self;
        cutter.finish(&mut |cut| sights.take(cut));
        sights.finish();
        let values = sights.sums.values.unwrap_or_default();
        (sights.sums.folder.finish(name, classes), values)
    }
}

impl Sights<'_> {
    /// Looks at a window at once, or keeps it until there are enough for all cores.
    fn take(&mut self, cut: &Cut<'_>) {
        self.windows += 1;
        if self.windows <= WINDOWS_ALONE || cores() == 1 {
            let look = self.scanner.look(cut, self.wish);
            self.sums.fold(self.scanner, look);
            return;
        }
        self.waiting.push(cut.to_owned_cut());
        let most = if self.sums.settling.is_crowded() {
            CROWDED_WINDOWS
        } else {
            WINDOWS_PER_CORE * cores()
        };
        if self.waiting.len() >= most {
            self.look();
        }
    }

    /// Looks at the waiting windows on all cores, while what was seen in those before them is folded in their
    /// order. Where names stand close it is folded at once, since it takes much memory then.
    fn look(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let (scanner, wish, sums) = (self.scanner, self.wish, &mut self.sums);
        let (waiting, seen) = (
            std::mem::take(&mut self.waiting),
            std::mem::take(&mut self.seen),
        );
        self.seen = work::shared(|| {
            let (((), folding), (looks, looking)) = rayon::join(
                || work::measured(|| sums.fold_all(scanner, seen)),
                || {
                    let looks = waiting.into_par_iter();
                    let looks =
                        looks.map(|cut| work::measured(|| scanner.look(&cut.as_cut(), wish)));
                    looks.unzip::<Look, Duration, Vec<_>, Vec<_>>()
                },
            );
            (looks, folding + looking.iter().sum::<Duration>())
        });
        if self.sums.settling.is_crowded() {
            self.fold_seen();
        }
    }

    /// Folds what was seen and not folded yet.
    fn fold_seen(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        self.sums.fold_all(self.scanner, seen);
    }

    /// Looks at what waits, and settles and folds what is left.
    fn finish(&mut self) {
        self.look();
        self.fold_seen();
        self.sums.finish(self.scanner);
    }
}

impl Sums {
    fn fold_all(&mut self, scanner: &Scanner, looks: Vec<Look>) {
        for look in looks {
            self.fold(scanner, look);
        }
    }

    fn fold(&mut self, scanner: &Scanner, look: Look) {
        let (folder, values) = (&mut self.folder, &mut self.values);
        self.settling.push(scanner, look, &mut |seen| {
            keep(values.as_mut(), &seen);
            folder.fold(seen);
        });
    }

    fn finish(&mut self, scanner: &Scanner) {
        let (folder, values) = (&mut self.folder, &mut self.values);
        self.settling.finish(scanner, &mut |seen| {
            keep(values.as_mut(), &seen);
            folder.fold(seen);
        });
    }
}

fn keep(values: Option<&mut Values>, seen: &Sightings) {
    if let Some(values) = values {
        values.keep(seen);
    }
}

/// Threads that share the windows of one object: those of the pool that the caller works in.
fn cores() -> usize {
    // Asked outside of a pool, rayon would start one of its own.
    rayon::current_thread_index().map_or(1, |_| rayon::current_num_threads())
}

/// Everything found in a text, by start, with mask, place and reasons.
///
/// ```
/// use sporhund::detect::Scanner;
/// use sporhund::examine::hits;
/// use sporhund::model::DigestKey;
///
/// let scanner = Scanner::new(DigestKey::new([0; 16]), [].into());
/// let found = hits(&scanner, "Send den til kari.testesen@firma.example i dag");
/// assert!(found.iter().any(|hit| hit.kind.id() == "email:personal"));
/// ```
#[must_use]
pub fn hits(scanner: &Scanner, text: &str) -> Vec<Candidate> {
    in_text(Observation::of_hits(scanner), text).0
}

/// The same with the texts of the hits.
#[must_use]
pub fn hits_with_values(scanner: &Scanner, text: &str) -> (Vec<Candidate>, Values) {
    in_text(Observation::of_hits(scanner).with_values(true), text)
}

fn in_text(mut observation: Observation<'_>, text: &str) -> (Vec<Candidate>, Values) {
    observation.piece(&running(text));
    let (holds, values) = observation.finish_with_values("", &Classes::default());
    (holds.hits, values)
}
