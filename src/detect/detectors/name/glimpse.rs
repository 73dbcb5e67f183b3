//! What one window shows of names: runs of capitalised words that may hold some, weighed in their
//! place.

use std::ops::Range;

use smallvec::SmallVec;

use super::column::{self, Column};
use super::{NAME, mistaken};
use crate::detect::cut::Places;
use crate::detect::gazetteer::Lists;
use crate::detect::{Cut, Hit};
use crate::detect::names::document::{self, Thought};
use crate::detect::names::model::{SHIPPED, Work};
use crate::detect::names::run::{Run, Scope, lead};
use crate::model::{Cell, Evidence, Field, Layout, Place};

/// Bytes before and after a run that are kept for the rules.
const KEPT: usize = 128;
/// For how many runs room is made at first, at most.
const MOST_ROOM: usize = 256;

/// A run of capitalised words, with what the first stage thinks of it. It holds text of the object
/// and must not be shown.
pub(in crate::detect) struct Glimpse {
    /// What is thought of each word; most runs have one or two.
    pub(in crate::detect) thoughts: SmallVec<[Thought; 2]>,
    /// Where the run begins in the object's text.
    pub(in crate::detect) start: u64,
    /// What else is kept of a run that may hold a name.
    pub(in crate::detect) near: Option<Box<Near>>,
}

/// The text around a run.
pub(in crate::detect) struct Near {
    /// The run with what stands before and after it, inside its cell.
    pub(super) text: Box<str>,
    /// Where that begins in the object's text.
    pub(in crate::detect) base: u64,
    /// The words of the run in it.
    pub(super) places: Vec<Range<usize>>,
    /// The cell, from its first to its last byte that is no space, in the object's text.
    pub(super) cell: Option<Range<u64>>,
    /// Field and row of the cell.
    pub(in crate::detect) field: Option<(u32, u64)>,
    /// The place of the run's first byte.
    pub(in crate::detect) place: Place,
}

/// The runs that begin in the body of a window; `capitals` are the first bytes of all its
/// capitalised words from some way before the body on, and `hits` what was found in it, both in order.
pub(in crate::detect) fn glimpses(cut: &Cut<'_>, capitals: &[usize], hits: &[Hit]) -> Vec<Glimpse> {
    // Half of them begin a run that is worth more than a look.
    let room = (capitals.len() / 2).min(MOST_ROOM);
    let mut looking = Looking {
        cut,
        found: Vec::with_capacity(room),
        run: Run::default(),
        work: Work::default(),
        places: Places::of(cut),
    };
    match cut.layout {
        Layout::Flow { .. } => looking.flow(capitals),
        Layout::Cells { cells, fields } => looking.cells(capitals, hits, (cells, fields)),
    }
    looking.found
}

struct Looking<'a> {
    cut: &'a Cut<'a>,
    found: Vec<Glimpse>,
    run: Run,
    work: Work,
    places: Places<'a>,
}

impl Looking<'_> {
    fn flow(&mut self, capitals: &[usize]) {
        let text = self.cut.window.text;
        let scope = Scope { text, begin: 0, end: text.len(), base: self.cut.base };
        let mut done = 0;
        for start in capitals {
            if *start >= done && self.run.read(&scope, *start) {
                done = self.run.end();
                self.weigh(&scope, None);
            }
        }
    }

    fn cells(&mut self, capitals: &[usize], hits: &[Hit], (cells, fields): (&[Cell], &[Field])) {
        let mut named = hits.iter().filter(|hit| is_of_header(hit)).peekable();
        let text = self.cut.window.text;
        let columns = column::of_all(fields);
        let (mut at, mut done) = (0, 0);
        let mut asked = None;
        for start in capitals {
            while cells.get(at).is_some_and(|cell| cell.end as usize <= *start) {
                at += 1;
            }
            let Some(cell) = cells.get(at).filter(|cell| cell.start as usize <= *start) else {
                continue;
            };
            let header = columns.get(cell.field as usize).copied().unwrap_or_default();
            // A cell has several capitals and is looked at once.
            let settled = match asked {
                Some((last, settled)) if last == at => settled,
                _ => {
                    while named.next_if(|hit| hit.span.start < cell.start as usize).is_some() {}
                    let by_name = named.peek().is_some_and(|hit| hit.span.start < cell.end as usize);
                    match header {
                        Column::Names | Column::Other => true,
                        Column::Perhaps => by_name,
                        Column::Unknown => false,
                    }
                }
            };
            asked = Some((at, settled));
            if *start < done || settled {
                continue;
            }
            let end = (cell.end as usize).min(text.len());
            let begin = (cell.start as usize).min(end);
            let scope = Scope { text, begin, end, base: self.cut.base };
            if self.run.read(&scope, *start) {
                done = self.run.end();
                let field = fields.get(cell.field as usize).map(|field| (field.id, cell.row));
                self.weigh(&scope, field);
            }
        }
    }

    /// Weighs the run, where it begins in the body and may hold a name.
    fn weigh(&mut self, scope: &Scope<'_>, field: Option<(u32, u64)>) {
        let Some(first) = self.run.tokens.first() else {
            return;
        };
        let start = first.start;
        if !self.cut.window.body.contains(&start) || !self.run.may_name(scope) {
            return;
        }
        // What stands in a path of identifiers is no name, and says nothing of the word elsewhere.
        if self.run.tokens.len() == 1
            && mistaken::is_in_code(scope.before(start, KEPT), scope.after(self.run.end(), KEPT))
        {
            return;
        }
        self.run.look_around(scope);
        SHIPPED.weigh(&self.run, &mut self.work);
        let likely = &self.work.space.likely;
        let both = self.run.tokens.iter().zip(likely);
        let thoughts: SmallVec<_> = both.map(|(token, likely)| Thought::of(token, *likely)).collect();
        let common = |thought: &Thought| thought.lists.meets(Lists::FIRST_COMMON);
        // A surname that no list knows may stand first: `Testesen, Kari`.
        let turned = || {
            let behind = scope.after(self.run.end(), 8).strip_prefix(", ");
            behind.is_some_and(|behind| behind.starts_with(char::is_uppercase))
        };
        let may = document::may_be_settled(&thoughts) || lead(&self.run) || thoughts.iter().any(common) || turned();
        let near = may.then(|| Box::new(self.near(scope, start, field)));
        self.found.push(Glimpse { thoughts, start: scope.base + start as u64, near });
    }

    fn near(&mut self, scope: &Scope<'_>, start: usize, field: Option<(u32, u64)>) -> Near {
        let begin = start - scope.before(start, KEPT).len();
        let end = self.run.end() + scope.after(self.run.end(), KEPT).len();
        let tokens = self.run.tokens.iter();
        let cell = scope.text.get(scope.begin..scope.end).filter(|_| field.is_some()).map(|text| {
            let from = scope.begin + (text.len() - text.trim_start().len());
            let to = scope.begin + text.trim_end().len();
            scope.base + from as u64..scope.base + to as u64
        });
        Near {
            places: tokens.map(|token| token.start - begin..token.end - begin).collect(),
            text: scope.text.get(begin..end).unwrap_or_default().into(),
            base: scope.base + begin as u64,
            cell,
            field,
            place: self.places.at(start),
        }
    }
}

/// Whether its header and its form say all about the names in the cell of this hit.
fn is_of_header(hit: &Hit) -> bool {
    let header = hit.evidence.has(Evidence::Header) && hit.evidence.has(Evidence::WholeCell);
    header && std::ptr::eq(hit.kind, &raw const NAME)
}
