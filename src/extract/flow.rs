//! Running text on its way to a sink, with the count of its bytes and lines.

use super::Sink;
use crate::model::{Layout, Origin, Piece};

/// Hands out the pieces of an object's running text, each with the place where it begins.
pub(super) struct Flow {
    byte: u64,
    line: u64,
    /// Whether the next piece follows the previous one without a gap.
    continues: bool,
}

impl Flow {
    /// At the beginning of an object.
    pub(super) fn new() -> Self {
        Self {
            byte: 0,
            line: 1,
            continues: false,
        }
    }

    /// How many bytes of text have passed.
    pub(super) fn byte(&self) -> u64 {
        self.byte
    }

    /// Hands out `text`, which goes on where the last piece ended.
    pub(super) fn piece(&mut self, text: &str, sink: &mut dyn Sink) {
        if text.is_empty() {
            return;
        }
        sink.piece(Piece {
            text,
            layout: Layout::Flow {
                origin: Origin::Text {
                    byte: self.byte,
                    line: self.line,
                },
                continues: self.continues,
            },
        });
        self.skip(text);
        self.continues = true;
    }

    /// Counts text that is handed out in another layout; what comes next does not continue.
    pub(super) fn skip(&mut self, text: &str) {
        self.byte += text.len() as u64;
        self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        self.continues = false;
    }
}

/// Text after which the text of a part is cut into another piece.
const PART_PIECE_BYTES: usize = 256 * 1024;

/// Hands out the lines of a part that were gathered, once they are as many as make a piece.
pub(super) fn lines_of_part(name: &str, lines: &mut String, sink: &mut dyn Sink) {
    if lines.len() >= PART_PIECE_BYTES
        && (lines.ends_with('\n') || lines.len() >= 4 * PART_PIECE_BYTES)
    {
        part(name, lines, sink);
        lines.clear();
    }
}

/// Hands out the text of a named part of a document, in pieces of bounded size.
pub(super) fn part(name: &str, text: &str, sink: &mut dyn Sink) {
    let mut rest = text;
    let mut continues = false;
    while !rest.is_empty() {
        let at = rest.floor_char_boundary(PART_PIECE_BYTES);
        let (head, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        sink.piece(Piece {
            text: head,
            layout: Layout::Flow {
                origin: Origin::Part(name),
                continues,
            },
        });
        continues = true;
        rest = tail;
    }
}
