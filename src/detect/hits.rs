//! What the detectors find in one window: anchors are found in one pass, and each is shown to those
//! that ask for it.
//!
//! Names in running text are looked at elsewhere; here only the capitalised words are gathered.

use std::cmp::Ordering;
use std::ops::Range;

use super::anchors::{self, Mark};
use super::cell_walk::CellWalk;
use super::cut::Cut;
use super::detector::{Anchor, Anchors, Detector, Hit, Window};
use super::detectors::name;
use super::detectors::name::column::{self, Column};
use super::group::{Group, Sides, Wanted};
use super::headers;
use super::names::run::LOOK_BACK;
use super::number::{Number, may_go_on};
use super::scanner::Scanner;
use super::selection::Selection;
use super::spot::Spot;
use super::terms;
use super::words::Concepts;
use crate::model::{Cell, Field, Layout};

/// How many digits a number has, at least.
const FEWEST_DIGITS: usize = 5;

/// For how many hits room is made at first.
const HITS: usize = 16;

impl Scanner {
    /// The hits that start in the body, sorted by start, each once.
    pub(super) fn hits(&self, cut: &Cut<'_>, capitals: &mut Vec<usize>) -> Vec<Hit> {
        let mut hits = Vec::with_capacity(HITS);
        capitals_before(cut, capitals);
        match cut.window.layout {
            Layout::Flow { .. } => {
                self.verify_marks(cut, &[], &mut hits, capitals);
                if self.selection.names {
                    name::after_labels(&cut.window, &mut hits);
                }
            }
            Layout::Cells { cells, fields } => {
                let header = |field: &Field| Header::of(field, &self.selection);
                let headers: Vec<Header> = fields.iter().map(header).collect();
                self.verify_marks(cut, &headers, &mut hits, capitals);
                self.verify_cells(cut, cells, &headers, &mut hits);
            }
        }
        self.verify_terms(cut, &mut hits);
        self.own.find(&cut.window, &mut hits);
        hits.retain(|hit| cut.window.body.contains(&hit.span.start));
        hits.sort_by(order);
        hits.dedup_by(|a, b| order(a, b).is_eq());
        hits
    }

    fn verify_cells(&self, cut: &Cut<'_>, cells: &[Cell], headers: &[Header], hits: &mut Vec<Hit>) {
        for (index, cell) in cells.iter().enumerate() {
            let header = headers.get(cell.field as usize).copied();
            let spot = self.spot_below(index, header.unwrap_or_default(), true);
            verify(&self.selection.cell, &Anchor::Cell(spot), &cut.window, hits);
        }
    }

    /// A place in running text, or in a cell whose header is not asked for.
    fn spot(&self, cell: Option<usize>) -> Spot {
        Spot {
            cell,
            ..Spot::in_text(self.today)
        }
    }

    fn spot_below(&self, cell: usize, header: Header, worded: bool) -> Spot {
        Spot {
            header: header.concepts,
            names: header.names,
            worded,
            ..self.spot(Some(cell))
        }
    }

    fn verify_marks(
        &self,
        cut: &Cut<'_>,
        headers: &[Header],
        hits: &mut Vec<Hit>,
        capitals: &mut Vec<usize>,
    ) {
        let window = &cut.window;
        let wanted = self.selection.anchors();
        let in_text = self.spot(None);
        let mut walk = CellWalk::of(window);
        anchors::find(window.text, window.body.start, wanted, |mark| {
            if let Mark::Capital(at, _) = mark {
                capitals.push(at);
                if self.selection.capital.is_empty() {
                    return;
                }
            }
            let mut around = Surroundings {
                spot: in_text,
                bounds: 0..window.text.len(),
                asked: Asked::ALL,
            };
            if let Some(walk) = &mut walk
                && !self.enter_cell(walk, headers, mark, &mut around)
            {
                return;
            }
            let spot = around.spot;
            let (anchor, detectors) = match mark {
                Mark::At(at) => (Anchor::At { at, spot }, &self.selection.at),
                Mark::Joint(at) => (Anchor::Joint { at, spot }, &self.selection.joint),
                Mark::Capital(start, end) => (
                    Anchor::Capital { start, end, spot },
                    &self.selection.capital,
                ),
                Mark::Digits(at, length) => {
                    let group = Group { at, length, spot };
                    self.verify_digits(group, &around, window, hits);
                    return;
                }
            };
            verify(detectors, &anchor, window, hits);
        });
        sort_nearby(hits);
    }

    /// Whether the mark stands in a cell, and not between two; what surrounds it is that cell then.
    /// Whether words stand before is asked for digits alone, which many detectors look at.
    #[inline]
    fn enter_cell(
        &self,
        walk: &mut CellWalk<'_>,
        headers: &[Header],
        mark: Mark,
        around: &mut Surroundings,
    ) -> bool {
        let at = mark.at();
        let Some((index, cell)) = walk.to(at) else {
            return false;
        };
        let header = headers.get(cell.field as usize).copied();
        let header = header.unwrap_or_default();
        let digits = matches!(mark, Mark::Digits(..));
        let worded = !digits || walk.worded(at) || self.selection.plain;
        around.spot = self.spot_below(index, header, worded);
        around.bounds = cell.start as usize..cell.end as usize;
        if !worded {
            around.asked = header.untold;
        }
        true
    }

    /// A group of digits, by itself and as the first of a number.
    fn verify_digits(
        &self,
        group: Group,
        surroundings: &Surroundings,
        window: &Window<'_>,
        hits: &mut Vec<Hit>,
    ) {
        let Surroundings {
            spot,
            bounds,
            asked,
        } = surroundings;
        let (bytes, celled) = (window.text.as_bytes(), spot.cell.is_some());
        let Selection {
            group: by_itself,
            digits,
            ..
        } = &self.selection;
        let sides = Sides::of(bytes, group.at..group.end(), bounds, celled);
        let anchor = Anchor::Group(group);
        let wanted = by_itself.wanting(group.length, sides, asked.group);
        for detector in by_itself.asking(wanted) {
            detector.verify(&anchor, window, hits);
        }
        if group.length < FEWEST_DIGITS && !may_go_on(bytes, group.end()) {
            return;
        }
        // The first group of the number is this one, unless characters that are not seen divide it.
        let whole = bytes.get(group.end()).is_none_or(u8::is_ascii);
        if whole && digits.wanting(group.length, sides, asked.digits) == 0 {
            return;
        }
        let number = Number::read(bytes, group.at, bounds.end, *spot);
        let Some(number) = number.filter(|number| number.total() >= FEWEST_DIGITS) else {
            return;
        };
        let first = number.lengths().first().copied().unwrap_or_default();
        let sides = Sides::of(bytes, number.start..number.end(1), bounds, celled);
        let anchor = Anchor::Digits(number);
        let wanted = digits.wanting(first.into(), sides, asked.digits);
        for detector in digits.asking(wanted) {
            detector.verify(&anchor, window, hits);
        }
    }

    /// Words of special categories, in a pass of their own; a phrase that crosses the border of its
    /// cell is none.
    fn verify_terms(&self, cut: &Cut<'_>, hits: &mut Vec<Hit>) {
        let window = &cut.window;
        let mut walk = CellWalk::of(window);
        terms::find(window.text, window.body.clone(), |start, end, term| {
            let mut spot = self.spot(None);
            if let Some(walk) = &mut walk {
                let holder = walk.to(start).filter(|(_, cell)| end <= cell.end as usize);
                let Some((index, _)) = holder else {
                    return;
                };
                spot.cell = Some(index);
            }
            let anchor = Anchor::Term {
                start,
                end,
                term,
                spot,
            };
            verify(&self.selection.term, &anchor, window, hits);
        });
    }
}

/// The order of hits: as they stand, and of those in one place by their names.
fn order(a: &Hit, b: &Hit) -> Ordering {
    let span = |hit: &Hit| (hit.span.start, hit.span.end);
    let names = |hit: &Hit| (hit.kind.detector, hit.kind.kind);
    span(a).cmp(&span(b)).then_with(|| names(a).cmp(&names(b)))
}

/// Sorts the hits of the marks. A hit begins near its mark, and marks come in order, so that each is at
/// most a few places from its own: to move it there costs less than to sort them all.
fn sort_nearby(hits: &mut [Hit]) {
    for next in 1..hits.len() {
        let (before, this) = (&hits[..next], &hits[next]);
        let later = before.iter().rev();
        let later = later.take_while(|hit| order(this, hit).is_lt()).count();
        hits[next - later..=next].rotate_right(1);
    }
}

/// Shows an anchor to detectors.
fn verify(
    detectors: &[&'static dyn Detector],
    anchor: &Anchor,
    window: &Window<'_>,
    hits: &mut Vec<Hit>,
) {
    for detector in detectors {
        detector.verify(anchor, window, hits);
    }
}

/// The capitalised words some way before the body: names begin there that reach into it.
fn capitals_before(cut: &Cut<'_>, capitals: &mut Vec<usize>) {
    let Range { start, .. } = cut.window.body;
    if start == 0 {
        return;
    }
    let text = cut.window.text;
    let from = text.floor_char_boundary(start.saturating_sub(LOOK_BACK));
    let before = text.get(..start).unwrap_or_default();
    anchors::find(before, from, Anchors::CAPITAL, |mark| {
        if let Mark::Capital(at, _) = mark {
            capitals.push(at);
        }
    });
}

/// What surrounds an anchor.
struct Surroundings {
    spot: Spot,
    /// The cell, or all of the text.
    bounds: Range<usize>,
    asked: Asked,
}

/// The shapes of groups of digits that detectors may be asked about.
#[derive(Clone, Copy, Default)]
struct Asked {
    digits: Wanted,
    group: Wanted,
}

impl Asked {
    const ALL: Self = Self {
        digits: Wanted::MAX,
        group: Wanted::MAX,
    };
}

/// What the name of a field says, found out once for each window.
#[derive(Clone, Copy, Default)]
struct Header {
    concepts: Concepts,
    names: Column,
    /// What is asked where no word stands before the digits.
    untold: Asked,
}

impl Header {
    fn of(field: &Field, selection: &Selection) -> Self {
        let concepts = headers::of_field(field);
        Self {
            concepts,
            names: column::of(&field.name),
            untold: Asked {
                digits: selection.digits.untold(concepts),
                group: selection.group.untold(concepts),
            },
        }
    }
}
