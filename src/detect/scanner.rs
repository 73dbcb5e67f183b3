//! All detectors, ready to look at windows of text; `hits` shows them what is there.
//!
//! It decides nothing about an object as a whole; that is `classify`'s part. It keeps no text.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::anchors;
use super::cues::Cues;
use super::cut::{Cut, Cutter, Places};
use super::detector::Hit;
use super::detectors::name::{self, Glimpse};
use super::fields::{FieldIds, SampleWish, Wish, field_cells};
use super::hits::Noted;
use super::likening::Likening;
use super::lined_table;
use super::own::{self, OwnDetectors};
use super::own_contacts::OwnContacts;
use super::selection::Selection;
use super::settling::Settling;
use super::terms;
use super::wide;
use crate::model::{
    Candidate, Category, Confidence, DigestKey, DocumentClass, Evidence, Kind, Masked, Place,
    Sensitive, Sightings,
};

/// The day after which births lie in the future, unless the caller tells the day.
const DAY_OF_RULES: Date = date(2026, 11, 1);

/// How many letters or digits of a match a mask shows.
const SHOWN: usize = 2;

/// All detectors, ready to look at windows of text. Built once and shared by all workers.
pub struct Scanner {
    key: DigestKey,
    likening: u64,
    pub(super) cues: Cues,
    classes: Arc<[DocumentClass]>,
    pub(super) today: Date,
    pub(super) selection: Selection,
    pub(super) own: Arc<OwnDetectors>,
    own_contacts: OwnContacts,
    reach: usize,
}

impl Scanner {
    /// A scanner whose digests are made with `key`, and that looks for the words of `classes`.
    #[must_use]
    pub fn new(key: DigestKey, classes: Arc<[DocumentClass]>) -> Self {
        let selection = Selection::without(&[]);
        Self {
            likening: Likening::seed(&key),
            key,
            cues: Cues::new(&classes),
            classes,
            today: DAY_OF_RULES,
            reach: reach_of(&selection),
            selection,
            own: Arc::default(),
            own_contacts: OwnContacts::default(),
        }
    }

    /// The same without the detectors of these ids. To be said before the user's own detectors.
    #[must_use]
    pub fn without(mut self, left_out: &[String]) -> Self {
        self.selection = Selection::without(left_out);
        self.reach = reach_of(&self.selection);
        self
    }

    /// The same with every detector asked about every group of digits.
    #[cfg(test)]
    pub(crate) fn of_any_shape(mut self) -> Self {
        self.selection = Selection::of_any_shape();
        self
    }

    /// The same with the detectors of a user.
    #[must_use]
    pub fn with_own(mut self, own: Arc<OwnDetectors>) -> Self {
        if !own.is_empty() {
            self.reach = self.reach.max(own::REACH);
        }
        self.own = own;
        self
    }

    /// The same, knowing the organisation's own addresses and numbers: they are reported at the lowest
    /// level, with that reason.
    #[must_use]
    pub fn with_own_contacts(mut self, contacts: &[String]) -> Self {
        self.own_contacts = OwnContacts::of(&self, contacts);
        self
    }

    /// The same on another day: births after `today` lie in the future.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = today;
        self
    }

    /// Everything that can be found, the user's own kinds included.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static Kind> {
        let shipped = super::detectors().iter();
        let shipped = shipped.flat_map(|detector| detector.info().kinds.iter().copied());
        shipped.chain(self.own.kinds()).collect()
    }

    /// The document classes; [`ClassCue::class`](crate::model::ClassCue::class) counts them.
    #[must_use]
    pub fn classes(&self) -> &[DocumentClass] {
        &self.classes
    }

    /// A cutter for one object whose windows suit these detectors.
    #[must_use]
    pub fn cutter(&self) -> Cutter {
        Cutter::new(self.reach)
    }

    /// A sketch of one object's text, under the key of the digests.
    #[must_use]
    pub fn likening(&self) -> Likening {
        Likening::new(self.likening)
    }

    /// What there is in a text that is an object by itself: [`Scanner::look`], settled at once.
    #[must_use]
    pub fn sight(&self, cut: &Cut<'_>, samples: SampleWish) -> Sightings {
        let mut sightings = Sightings::default();
        let mut settling = Settling::new(samples);
        let mut keep = |seen| sightings = seen;
        settling.push(self, self.look(cut, samples), &mut keep);
        settling.finish(self, &mut keep);
        sightings
    }

    /// What there is in the body of a window. It depends on the window alone, so that the windows
    /// of one object can be looked at on several cores; settle the results in the order of the text.
    #[must_use]
    pub fn look(&self, cut: &Cut<'_>, samples: SampleWish) -> Look {
        let mut noted = Noted::of(Cues::are_marks_of(cut), cut.window.body.len());
        let mut hits = self.hits(cut, &mut noted);
        let wide = wide::hits(cut, |folded| self.hits(folded, &mut Noted::default()));
        if !wide.is_empty() {
            hits.extend(wide);
            hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        }
        let mut samples = Samples {
            wish: Wish::new(samples),
            places: Places::of(cut),
        };
        let mut fields = FieldIds::new(cut.layout);
        let candidates = hits.iter().map(|hit| {
            let (field, row) = fields.at(hit.span.start).unzip();
            Candidate {
                field,
                row,
                ..self.candidate(cut, hit, &mut samples)
            }
        });
        let sightings = Sightings {
            candidates: candidates.collect(),
            cells: field_cells(cut),
            cues: match &noted.cues {
                Some(marked) => self.cues.marked(cut, marked),
                None => self.cues.seen(cut),
            },
            text_bytes: cut.window.body.len() as u64,
        };
        Look {
            sightings,
            glimpses: if self.selection.names {
                name::glimpses(cut, &noted.capitals, &hits)
            } else {
                Vec::new()
            },
            end: cut.base + cut.window.body.end as u64,
        }
    }

    /// How many anchors the body of a window has, none of them verified: the cost of the pass alone
    /// can be measured with it.
    #[must_use]
    pub fn anchors(&self, cut: &Cut<'_>) -> usize {
        let mut count = 0;
        let from = cut.window.body.start;
        let wanted = self.selection.anchors();
        anchors::find(cut.window.text, from, wanted, terms::may_begin, |_| {
            count += 1;
            anchors::Next::All
        });
        count
    }

    /// `text`, a path or a name, with the letters and digits of detected personal data masked.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        let seen = self.sight(&Cut::of_text(text), SampleWish::None);
        // A word of a special category tells nothing of a person whose name is masked.
        let telling = |hit: &Candidate| hit.kind.category != Category::Special;
        for hit in seen.candidates.into_iter().filter(telling) {
            let byte = |at: u64| usize::try_from(at).unwrap_or(text.len());
            let (start, end) = (byte(hit.start).max(done), byte(hit.end));
            if end <= start {
                continue;
            }
            masked.push_str(text.get(done..start).unwrap_or_default());
            let matched = text.get(start..end).unwrap_or_default();
            let _ = write!(masked, "{}", Sensitive::new(matched).mask(SHOWN));
            done = end;
        }
        masked.push_str(text.get(done..).unwrap_or_default());
        masked
    }

    /// The keyed digest of a value in its canonical form.
    pub(super) fn digest(&self, canonical: &str, detector: &str) -> u64 {
        Sensitive::new(canonical).digest(&self.key, detector)
    }

    /// The mask of a match.
    pub(super) fn masked(matched: &str) -> Masked {
        Sensitive::new(matched).mask(SHOWN)
    }

    fn candidate(&self, cut: &Cut<'_>, hit: &Hit, samples: &mut Samples<'_>) -> Candidate {
        let Range { start, end } = hit.span.clone();
        let matched = cut.window.text.get(start..end).unwrap_or_default();
        let canonical = hit.canonical.as_deref().unwrap_or(matched);
        let digest = if hit.kind.digested {
            self.digest(canonical, hit.kind.detector)
        } else {
            0
        };
        let own = !self.own_contacts.is_empty() && self.own_contacts.has(hit.kind.detector, digest);
        Candidate {
            kind: hit.kind,
            start: cut.base + start as u64,
            end: cut.base + end as u64,
            confidence: if own { Confidence::Low } else { hit.confidence },
            evidence: hit.evidence.with_if(own, Evidence::OwnContact),
            field: None,
            row: None,
            digest,
            sample: samples.of(hit.kind, start, matched),
        }
    }
}

/// Bytes that windows must hold on either side of their bodies.
fn reach_of(selection: &Selection) -> usize {
    let reach = selection.reach.max(super::cues::MAX_WORD_BYTES);
    reach.max(lined_table::REACH)
}

/// What one window of an object's text shows. It holds text of the object and is not shown.
pub struct Look {
    pub(super) sightings: Sightings,
    pub(super) glimpses: Vec<Glimpse>,
    /// The byte of the object's text after the window's body.
    pub(super) end: u64,
}

impl Look {
    /// Whether there is nothing in the window, and nothing that might be a name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let may_be_name = |glimpse: &Glimpse| glimpse.near.is_some();
        self.sightings.candidates.is_empty() && !self.glimpses.iter().any(may_be_name)
    }
}

/// The samples of a window, taken in the order of its text.
struct Samples<'a> {
    wish: Wish,
    places: Places<'a>,
}

impl Samples<'_> {
    /// Place and mask of a match, where one more of its kind is wished for.
    fn of(
        &mut self,
        kind: &'static Kind,
        start: usize,
        matched: &str,
    ) -> Option<Box<(Place, Masked)>> {
        let granted = self.wish.grants(kind);
        granted.then(|| Box::new((self.places.at(start), Scanner::masked(matched))))
    }
}
