//! What one object's text holds, piece by piece.

use std::sync::Arc;

use super::crew::Crew;
use super::named::in_names;
use super::running;
use super::sums::Sums;
use super::values::Values;
use super::windows::Windows;
use crate::classify::{Classes, Classified, Options};
use crate::detect::{Cutter, SampleWish, Scanner};
use crate::model::{Candidate, Dismissed, ObjectPath, Piece};

/// Windows of one object that are looked at one by one before its later windows are shared by all
/// cores: most objects are small, and copying windows costs time.
const WINDOWS_ALONE: u64 = 16;

/// One object's text on its way to findings. Pieces come in the order of the text; how it is cut into
/// pieces makes no difference.
///
/// It is bounded as [`Folder`](crate::classify::Folder) is, and holds a few windows beside. What it holds is text of
/// the object and is not shown.
pub struct Observation<'a> {
    cutter: Cutter,
    /// How many windows were handed on.
    cut: u64,
    keeps_values: bool,
    windows: Arc<Windows<'a>>,
}

impl<'a> Observation<'a> {
    /// Of an object of which nothing was seen.
    #[must_use]
    pub fn new(scanner: &'a Scanner, options: Options) -> Self {
        let wish = match u32::try_from(options.samples) {
            Ok(first) if !options.keep_hits => SampleWish::First(first),
            _ => SampleWish::All,
        };
        Self {
            cutter: scanner.cutter(),
            cut: 0,
            keeps_values: false,
            windows: Windows::new(scanner, wish, Sums::new(options, wish)),
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
    pub fn with_dismissed(self, dismissed: Arc<Dismissed>) -> Self {
        self.windows.with_sums(|sums| sums.dismiss(dismissed));
        self
    }

    /// The same, keeping the texts of the hits where `keep` says so.
    #[must_use]
    pub fn with_values(mut self, keep: bool) -> Self {
        self.keeps_values = keep;
        if keep {
            self.windows.with_sums(Sums::keep_values);
        }
        self
    }

    /// Takes the next piece.
    pub fn piece(&mut self, piece: &Piece<'_>) {
        self.piece_with(piece, Crew::nobody());
    }

    /// Takes the next piece. The windows of a long text are looked at by these threads too, while the caller reads on.
    pub fn piece_with(&mut self, piece: &Piece<'_>, crew: Crew<'_, 'a>) {
        let Self { cut, windows, .. } = self;
        if self.keeps_values {
            windows.with_sums(|sums| sums.read(piece.text));
        }
        self.cutter.push(piece, &mut |window| {
            *cut += 1;
            if *cut <= WINDOWS_ALONE || crew.hands() == 0 {
                windows.take_alone(window);
            } else {
                windows.share(window, crew);
            }
        });
    }

    /// Takes what the names of the object and of its folders tell, beside its text.
    #[must_use]
    pub fn with_names(self, object: &ObjectPath) -> Self {
        self.windows.settle();
        let hits = in_names(self.windows.scanner(), object);
        self.windows.with_sums(|sums| sums.take_names(hits));
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
    pub fn finish_with_values(mut self, name: &str, classes: &Classes) -> (Classified, Values) {
        let windows = self.windows;
        self.cutter.finish(&mut |cut| windows.take_alone(cut));
        let sums = windows.take_sums();
        let finish = |sums: Sums| sums.finish(windows.scanner(), name, classes);
        sums.map(finish).unwrap_or_default()
    }
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
