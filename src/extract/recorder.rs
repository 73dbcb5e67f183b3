//! For tests: reads bytes and keeps what a visitor is told, with a check of the balance.

use super::{Content, End, FormatInfo, Reader, Visitor};
use crate::model::{Cancel, Fact, Layout, Limits, ObjectPath, Origin, Outcome, Piece};

/// One object as a visitor saw it.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) format: Option<&'static str>,
    /// All text; pieces that do not continue begin on a new line.
    pub(super) text: String,
    /// Cells as field name, row and value.
    pub(super) cells: Vec<(String, u64, String)>,
    pub(super) facts: Vec<Fact>,
    pub(super) pieces: usize,
    pub(super) end: Option<End>,
}

impl Seen {
    pub(super) fn outcome(&self) -> &Outcome {
        &self.end.as_ref().unwrap().outcome
    }

    /// `scanned`, or the outcome's name with its problem's kind: `partial encrypted`.
    pub(super) fn ending(&self) -> String {
        let outcome = self.outcome();
        match outcome.problem() {
            None => outcome.name().to_owned(),
            Some(problem) => format!("{} {}", outcome.name(), problem.kind),
        }
    }

    pub(super) fn cell(&self, field: &str, row: u64) -> Option<&str> {
        self.cells
            .iter()
            .find(|(name, own, _)| name == field && *own == row)
            .map(|(_, _, value)| value.as_str())
    }
}

/// Keeps what it is told.
#[derive(Default)]
pub(super) struct Recorder {
    pub(super) objects: Vec<Seen>,
    open: Vec<usize>,
    /// Of each open object, the byte and line that the next continuing piece of running text must have.
    expected: Vec<Option<(u64, u64)>>,
}

impl Recorder {
    fn innermost(&mut self) -> &mut Seen {
        let at = *self.open.last().expect("an object is open");
        &mut self.objects[at]
    }
}

impl Visitor for Recorder {
    fn enter(&mut self, object: &ObjectPath) {
        self.open.push(self.objects.len());
        self.expected.push(None);
        self.objects.push(Seen {
            path: object.to_string(),
            format: None,
            text: String::new(),
            cells: Vec::new(),
            facts: Vec::new(),
            pieces: 0,
            end: None,
        });
    }

    fn format(&mut self, format: &'static FormatInfo) {
        let object = self.innermost();
        assert_eq!(object.format, None, "a format is told once");
        object.format = Some(format.id);
    }

    fn piece(&mut self, piece: Piece<'_>) {
        let expected = self.expected.last_mut().expect("an object is open").take();
        match piece.layout {
            Layout::Flow { origin, continues } => {
                if let Origin::Text { byte, line } = origin {
                    if continues {
                        assert_eq!(Some((byte, line)), expected, "pieces meet without a gap");
                    }
                    let lines = piece.text.matches('\n').count() as u64;
                    let next = (byte + piece.text.len() as u64, line + lines);
                    *self.expected.last_mut().expect("an object is open") = Some(next);
                }
                let object = self.innermost();
                if !continues && !object.text.is_empty() {
                    object.text.push('\n');
                }
                object.text.push_str(piece.text);
            }
            Layout::Cells { cells, fields } => {
                let object = self.innermost();
                if !object.text.is_empty() {
                    object.text.push('\n');
                }
                object.text.push_str(piece.text);
                let mut after = 0;
                for cell in cells {
                    assert!(
                        cell.start >= after && cell.end >= cell.start,
                        "cells are in order"
                    );
                    after = cell.end;
                    let range = cell.start as usize..cell.end as usize;
                    let value = piece.text.get(range).expect("cells lie between characters");
                    let name = fields[cell.field as usize].name.to_string();
                    object.cells.push((name, cell.row, value.to_owned()));
                }
            }
        }
        self.innermost().pieces += 1;
    }

    fn fact(&mut self, fact: Fact) {
        self.innermost().facts.push(fact);
    }

    fn leave(&mut self, end: End) {
        self.expected.pop();
        let object = self.innermost();
        assert_eq!(object.end, None, "an object ends once");
        object.end = Some(end);
        self.open.pop();
    }
}

/// Reads `bytes` as a file called `name`. The first object is the file itself.
pub(super) fn read(name: &str, bytes: &[u8]) -> Vec<Seen> {
    read_within(Limits::default(), name, bytes)
}

/// Like [`read`], under limits of the test's own.
pub(super) fn read_within(limits: Limits, name: &str, bytes: &[u8]) -> Vec<Seen> {
    let mut recorder = Recorder::default();
    let reader = Reader::new(limits, Cancel::default());
    let object = ObjectPath::file("".into(), name.as_bytes());
    reader.read_content(&object, Content::from_bytes(bytes), &mut recorder);
    assert!(recorder.open.is_empty(), "every object was left");
    recorder.objects
}

/// Reads `bytes` and returns the file itself, which holds no members.
pub(super) fn read_one(name: &str, bytes: &[u8]) -> Seen {
    let mut objects = read(name, bytes);
    assert_eq!(objects.len(), 1, "no members");
    objects.remove(0)
}
