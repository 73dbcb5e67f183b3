//! What the detectors find in one window: anchors are found in one pass, and each is shown to those
//! that ask for it. Each cell of a table is looked at as a text of its own.
//!
//! Names in running text are looked at elsewhere; here only the capitalised words are gathered.

use std::cmp::Ordering;
use std::ops::Range;

use super::anchors::{self, Mark, Next};
use super::context::{IDENTIFIER, identifiers};
use super::cut::Cut;
use super::detector::{Anchor, Anchors, Detector, Hit, Window};
use super::detectors::name;
use super::detectors::name::column::{self, Column};
use super::group::{Group, LONGEST, Sides, Wanted};
use super::headers;
use super::lined_table;
use super::names::run::LOOK_BACK;
use super::number::{Number, may_go_on};
use super::repeats::{Repeats, Seen};
use super::row::{self, Row};
use super::row_label;
use super::scanner::Scanner;
use super::selection::Selection;
use super::silent;
use super::spot::Spot;
use super::terms;
use super::words::Concepts;
use crate::model::{Cell, Field, Layout};

/// How many digits a number has, at least.
const FEWEST_DIGITS: usize = 5;

/// For how many hits room is made at first.
const HITS: usize = 16;

/// For how much text room is made at first for what is noted in it, in bytes, and for how many of them one
/// capitalised word, or one that may be of a class, is reckoned with: in running text they are half as many.
const FIRST_ROOM: usize = 16 * 1024;
const BYTES_OF_MARK: usize = 32;

impl Scanner {
    /// The hits that start in the body, sorted by start, each once.
    pub(super) fn hits(&self, cut: &Cut<'_>, noted: &mut Noted) -> Vec<Hit> {
        let mut hits = Vec::with_capacity(HITS);
        match cut.layout {
            Layout::Flow { .. } => self.verify_text(cut, &mut hits, noted),
            Layout::Cells { cells, fields } => {
                self.verify_cells(cut.window.text, (cells, fields), &mut hits, noted);
            }
        }
        self.own.find(cut, &mut hits);
        hits.retain(|hit| cut.window.body.contains(&hit.span.start));
        hits.sort_by(order);
        hits.dedup_by(|a, b| order(a, b).is_eq());
        hits
    }

    fn verify_text(&self, cut: &Cut<'_>, hits: &mut Vec<Hit>, noted: &mut Noted) {
        let window = &cut.window;
        capitals_before(cut, &mut noted.capitals);
        let setting = Setting {
            window,
            spot: Spot::in_text(self.today),
            untold: None,
        };
        self.verify_marks(&setting, hits, noted);
        sort_nearby(hits);
        if self.selection.names {
            name::after_labels(window, hits);
            if noted.capitals.is_empty() {
                name::in_small_text(window, hits);
            }
        }
        for table in lined_table::find(window.text, &window.body) {
            hits.retain(|hit| !table.span.contains(&hit.span.start));
            let columns = column::of_all(&table.fields);
            let is_other = |field: u32| columns.get(field as usize) == Some(&Column::Other);
            noted
                .capitals
                .retain(|at| !table.field_at(*at).is_some_and(is_other));
            let rows = (&*table.cells, &*table.fields);
            self.verify_cells(window.text, rows, hits, &mut Noted::default());
        }
    }

    fn verify_cells(
        &self,
        text: &str,
        (cells, fields): (&[Cell], &[Field]),
        hits: &mut Vec<Hit>,
        noted: &mut Noted,
    ) {
        let selection = &self.selection;
        let named = fields.iter().zip(column::of_all(fields));
        let header = |(field, names): (&Field, Column)| Header::of(&field.name, names, selection);
        let headers: Vec<Header> = named.map(header).collect();
        let unnamed = Header::of("", Column::Unknown, selection);
        let remembered = if selection.plain { 0 } else { headers.len() };
        let mut repeats = Repeats::of(cells, remembered);
        let asked = std::cell::Cell::new(false);
        let mut window = Window::of("", 0..0);
        for (index, cell) in cells.iter().enumerate() {
            let own = row::text_of(text, *cell).unwrap_or_default();
            if own.is_empty() {
                continue;
            }
            let (start, first) = (cell.start as usize, hits.len());
            let first_capital = noted.capitals.len();
            let header = headers.get(cell.field as usize).unwrap_or(&unnamed);
            let label = self.label_of((text, cells, index), header);
            if label.is_none()
                && let Some(seen) = repeats.seen(text, cell.field, start..start + own.len())
            {
                seen.again(start, hits, &mut noted.capitals);
                continue;
            }
            (window.text, window.body) = (own, 0..own.len());
            window.row = Some(Row::new(text, (cells, fields), index, &asked));
            window.telling.clear();
            asked.set(false);
            let header = label.unwrap_or(*header);
            let setting = Setting {
                window: &window,
                spot: self.spot_below(header),
                untold: (!selection.plain).then_some(header.untold),
            };
            noted.base = start;
            self.verify_cell(&setting, hits, noted);
            moved(&mut hits[first..], start);
            if label.is_none() && !asked.get() {
                repeats.keep(|| {
                    let cell = start..start + own.len();
                    Seen::of(&cell, (hits, first), (&noted.capitals, first_capital))
                });
            }
        }
    }

    /// What a label in the row says of the cell at `index`, where its header says nothing.
    fn label_of(
        &self,
        (text, cells, index): (&str, &[Cell], usize),
        header: &Header,
    ) -> Option<Header> {
        if !header.says_nothing() {
            return None;
        }
        let labels = row_label::candidates(text, cells, index);
        let mut labels = labels.map(|label| Header::of(label, column::of(label), &self.selection));
        labels.find(|label| !label.says_nothing())
    }

    fn verify_cell(&self, setting: &Setting<'_>, hits: &mut Vec<Hit>, noted: &mut Noted) {
        let first = hits.len();
        let bytes = setting.window.text.as_bytes();
        match setting.untold {
            Some(asked) if bytes.iter().all(u8::is_ascii_digit) => {
                self.verify_digits_alone(setting, asked, hits);
            }
            Some(_) if silent::is_silent(setting.spot.header, bytes) => return,
            _ => self.verify_marks(setting, hits, noted),
        }
        let (cell, anchor) = (&self.selection.cell, Anchor::Cell(setting.spot));
        verify(cell.iter().copied(), &anchor, setting.window, hits);
        sort_nearby(&mut hits[first..]);
    }

    /// A place below a header; whether words stand before it is told later.
    fn spot_below(&self, header: Header) -> Spot {
        Spot {
            header: header.concepts,
            names: header.names,
            ..Spot::in_text(self.today)
        }
    }

    fn verify_marks(&self, setting: &Setting<'_>, hits: &mut Vec<Hit>, noted: &mut Noted) {
        let Setting {
            window,
            spot,
            untold,
        } = *setting;
        let cues = noted.cues.as_ref().map(|_| &self.cues);
        let mut wanted = self.selection.anchors();
        if cues.is_some() {
            wanted = wanted.and(Anchors::TERM);
        }
        let sought = |slot| terms::may_begin(slot) || cues.is_some_and(|cues| cues.may_begin(slot));
        let mut worded_from = None;
        let (text, start) = (window.text, window.body.start);
        anchors::find(text, start, wanted, sought, |mark| {
            let (anchor, detectors) = match mark {
                Mark::At(at) => (Anchor::At { at, spot }, &self.selection.at),
                Mark::Joint(at) => (Anchor::Joint { at, spot }, &self.selection.joint),
                Mark::Capital(start, end) => {
                    noted.capitals.push(noted.base + start);
                    let anchor = Anchor::Capital { start, end, spot };
                    (anchor, &self.selection.capital)
                }
                Mark::Word(start, slot) => {
                    if let Some(noted) = &mut noted.cues
                        && self.cues.may_begin(slot)
                    {
                        noted.push((start, slot));
                    }
                    // Words of classes alone begin as the others do.
                    let term = terms::may_begin(slot).then(|| terms::longest(text, start, slot));
                    let Some((end, term)) = term.flatten() else {
                        return Next::All;
                    };
                    (Anchor::Term { start, end, term }, &self.selection.term)
                }
                Mark::Digits(at, length) => {
                    if let Some(until) = self.silent_until(window, at, length) {
                        return Next::From(until);
                    }
                    let mut group = Group { at, length, spot };
                    let mut asked = Wanted::MAX;
                    if let Some(untold) = untold {
                        let from = worded_from.get_or_insert_with(|| words_from(window.text));
                        group.spot.worded = at >= *from;
                        if !group.spot.worded {
                            asked = untold;
                        }
                    }
                    self.verify_digits(&group, asked, window, hits);
                    return Next::All;
                }
            };
            verify(detectors.iter().copied(), &anchor, window, hits);
            Next::All
        });
    }

    /// The byte after the time of a log, or the long id, that this group of digits is of.
    #[inline]
    fn silent_until(&self, window: &Window<'_>, at: usize, length: usize) -> Option<usize> {
        if self.selection.plain {
            return None;
        }
        let text = window.text.as_bytes();
        let timed = length == silent::YEAR && !window.is_cell();
        let time = timed.then(|| silent::logged_until(text, at)).flatten();
        time.or_else(|| silent::id_until(text, at, length))
    }

    /// A group of digits, by itself and as the first of a number. Of the shapes those of `asked` count.
    fn verify_digits(
        &self,
        group: &Group,
        asked: Wanted,
        window: &Window<'_>,
        hits: &mut Vec<Hit>,
    ) {
        let (bytes, groups) = (window.text.as_bytes(), &self.selection.groups);
        let sides = Sides::of(bytes, group.at..group.end(), window.is_cell());
        let wanted = groups.wanting(group.length, sides, asked);
        let (alone, first) = (wanted & groups.alone, wanted & !groups.alone);
        // The first group of the number is this one, unless characters that are not seen divide it.
        let whole = bytes.get(group.end()).is_none_or(u8::is_ascii);
        if alone != 0 {
            verify(groups.asking(alone), &Anchor::Group(*group), window, hits);
        }
        if whole && first == 0 || group.length < FEWEST_DIGITS && !may_go_on(bytes, group.end()) {
            return;
        }
        let number = Number::read(bytes, group.at, group.spot);
        let Some(number) = number.filter(|number| number.total() >= FEWEST_DIGITS) else {
            return;
        };
        let first = if whole {
            first
        } else {
            let length = number.lengths().first().copied().unwrap_or_default();
            let sides = Sides::of(bytes, number.start..number.end(1), window.is_cell());
            groups.wanting(length.into(), sides, asked) & !groups.alone
        };
        let anchor = Anchor::Digits(&number);
        verify(groups.asking(first), &anchor, window, hits);
    }

    /// A cell of digits alone: what most numbers of a table are.
    fn verify_digits_alone(&self, setting: &Setting<'_>, asked: Wanted, hits: &mut Vec<Hit>) {
        let length = setting.window.text.len();
        let groups = &self.selection.groups;
        let spot = Spot {
            worded: false,
            ..setting.spot
        };
        let wanted = groups.filling(length, asked);
        let (alone, first) = (wanted & groups.alone, wanted & !groups.alone);
        if alone != 0 && length >= anchors::DIGITS_NEAR as usize {
            let anchor = Anchor::Group(Group {
                at: 0,
                length: length.min(LONGEST),
                spot,
            });
            verify(groups.asking(alone), &anchor, setting.window, hits);
        }
        if first != 0
            && length >= FEWEST_DIGITS
            && let Some(number) = Number::of_digits(setting.window.text.as_bytes(), spot)
        {
            let anchor = Anchor::Digits(&number);
            verify(groups.asking(first), &anchor, setting.window, hits);
        }
    }
}

/// Hits whose bytes are counted from byte `by` on, counted from the beginning.
fn moved(hits: &mut [Hit], by: usize) {
    for hit in hits {
        hit.span = hit.span.start + by..hit.span.end + by;
    }
}

/// From which byte of a cell on words may stand before: behind its first letter or character outside
/// ASCII, or behind an object identifier, which can name a number too.
fn words_from(cell: &str) -> usize {
    let bytes = cell.as_bytes();
    let of_word = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let letter = bytes.iter().position(of_word).unwrap_or(bytes.len());
    let before = bytes.get(..letter).unwrap_or_default();
    let identifier = identifiers(before).next();
    identifier.map_or(letter + 1, |at| at + IDENTIFIER.len())
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
    detectors: impl IntoIterator<Item = &'static dyn Detector>,
    anchor: &Anchor<'_>,
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
    anchors::find(
        before,
        from,
        Anchors::CAPITAL,
        |_| false,
        |mark| {
            if let Mark::Capital(at, _) = mark {
                capitals.push(at);
            }
            Next::All
        },
    );
}

/// What is noted while a window is looked at, beside its hits.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// The first bytes of the capitalised words, from some way before the body on, in order.
    pub(super) capitals: Vec<usize>,
    /// First bytes and slots of words that may be of a class; none where they are looked for otherwise.
    pub(super) cues: Option<Vec<(usize, usize)>>,
    /// Where the cell begins that is looked at.
    base: usize,
}

impl Noted {
    /// Nothing yet of a text of so many bytes, and whether the words of classes are to be noted.
    pub(super) fn of(cues: bool, bytes: usize) -> Self {
        let room = bytes.min(FIRST_ROOM) / BYTES_OF_MARK;
        Self {
            capitals: Vec::with_capacity(room),
            cues: cues.then(|| Vec::with_capacity(room)),
            base: 0,
        }
    }
}

/// A window with what is known of all of it.
struct Setting<'w> {
    window: &'w Window<'w>,
    /// Where its anchors stand, but for the words before them.
    spot: Spot,
    /// In a cell: what is asked where no word stands before the digits; all where it is `None`.
    untold: Option<Wanted>,
}

/// What the name of a field says, found out once for each window, or a label in the row.
#[derive(Clone, Copy)]
struct Header {
    concepts: Concepts,
    names: Column,
    /// What is asked where no word stands before the digits.
    untold: Wanted,
}

impl Header {
    fn of(name: &str, names: Column, selection: &Selection) -> Self {
        let concepts = headers::of(name);
        Self {
            concepts,
            names,
            untold: selection.groups.untold(concepts),
        }
    }

    fn says_nothing(&self) -> bool {
        self.concepts.is_empty() && self.names == Column::Unknown
    }
}
