//! Tables of the page: what many rows share stands there once, and rows point to it by its place.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::columns::whole;

/// Pieces of JSON, each kept once; the first is what stands for nothing.
#[derive(Debug)]
pub(super) struct Interned {
    by_text: HashMap<String, i32>,
    list: Vec<String>,
}

impl Interned {
    /// A table with what stands for nothing.
    pub(super) fn new(nothing: &Value) -> Self {
        let mut table = Self {
            by_text: HashMap::new(),
            list: Vec::new(),
        };
        table.json(nothing);
        table
    }

    /// The place of a text.
    pub(super) fn text(&mut self, text: &str) -> i32 {
        self.json(&json!(text))
    }

    /// The place of a value.
    pub(super) fn json(&mut self, value: &Value) -> i32 {
        self.piece(value.to_string())
    }

    /// The pieces, by their places.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &String> {
        self.list.iter()
    }

    fn piece(&mut self, piece: String) -> i32 {
        if let Some(known) = self.by_text.get(&piece) {
            return *known;
        }
        let at = whole(self.list.len() as u64);
        self.list.push(piece.clone());
        self.by_text.insert(piece, at);
        at
    }

    /// The table as a key with a list, behind others.
    pub(super) fn write(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        write!(out, ",\"{name}\":[")?;
        for (at, piece) in self.list.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}{piece}")?;
        }
        write!(out, "]")
    }
}
