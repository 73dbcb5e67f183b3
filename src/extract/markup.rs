//! The text of one XML part of an office document: all of it, with separators where paragraphs,
//! cells and lines end, and none between the runs of a paragraph, so that words stay apart and a
//! number that is split over runs stays whole.
//!
//! It knows the element names of both office families and no schema: what it does not know is text
//! that ends in a line break. Where an element holds the same content in several forms
//! (`mc:AlternateContent`), all are read, since they need not say the same. Deleted text and texts in attributes are put after the paragraph they
//! stand in.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::Sink;
use super::attribute_texts::is_text;
use super::package::PROGRAMS;
use super::xml_events::{attribute, text_of, walk};
use crate::model::{Budget, Layout, Origin, Piece, Problem};

/// Text after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;
/// Elements whose text goes on in the next one.
const JOINED: &[&str] = &[
    "t",
    "r",
    "rPr",
    "delText",
    "instrText",
    "delInstrText",
    "span",
    "a",
    "s",
    "ruby",
    "ruby-base",
    "bookmark",
    "bookmark-start",
    "bookmark-end",
    "soft-page-break",
    "hyperlink",
    "ins",
    "del",
    "smartTag",
    "sdt",
    "sdtContent",
    "proofErr",
    "bookmarkStart",
    "bookmarkEnd",
    "rFonts",
    "lang",
    "lastRenderedPageBreak",
    "commentRangeStart",
    "commentRangeEnd",
    "moveTo",
    "moveFrom",
    "fldSimple",
    "change",
    "change-start",
    "change-end",
    "fld",
    "reference-mark",
    "meta",
    "b",
    "i",
    "u",
    "sz",
    "szCs",
    "color",
    "noProof",
    "latin",
    "ea",
    "cs",
    "solidFill",
    "srgbClr",
    "schemeClr",
    "rStyle",
    "highlight",
    "bCs",
    "iCs",
    "softHyphen",
    "perm",
    "permStart",
    "permEnd",
    "bdo",
    "dir",
    "customXml",
    "rPh",
    "spacing",
    "kern",
    "vertAlign",
    "strike",
    "caps",
    "smallCaps",
    "hlinkClick",
    "ln",
    "noFill",
    "effectLst",
    "sym",
    "w",
    "shd",
    "bdr",
    "position",
    "webHidden",
    "uFillTx",
    "uLnTx",
    "extLst",
    "ext",
    "annotation-end",
    "cp",
    "pp",
    "tp",
];
/// Elements whose numbers are measures of the layout, not text.
const MEASURES: &[&str] = &[
    "posOffset",
    "pctWidth",
    "pctHeight",
    "pctPosHOffset",
    "pctPosVOffset",
];
/// Reads all text of the part into `sink` as pieces of the part `name`.
///
/// # Errors
/// `Malformed` where the XML breaks off, `LimitMemory` where a node is beyond all measure, and the
/// budget's limits. What was told before counts.
pub(super) fn read_part(
    name: &str,
    part: &mut dyn Read,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut text = PartText::new(name);
    let walked = walk(part, budget, &mut |event| text.take(event, sink));
    text.finish(sink);
    walked
}

/// Reads the annotations of the part, and the targets of its links.
///
/// # Errors
/// As [`read_part`].
pub(super) fn read_annotations(
    name: &str,
    part: &mut dyn Read,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut text = PartText::new(name);
    let mut depth = 0_u32;
    let walked = walk(part, budget, &mut |event| {
        let named = |name: &str| name == "annotation";
        match event {
            Event::Start(element) if named(element.local_name().into_inner()) => depth += 1,
            Event::Start(element) | Event::Empty(element)
                if element.local_name().into_inner() == "a" && depth == 0 =>
            {
                text.attributes("a", element);
            }
            Event::Start(_)
            | Event::Empty(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_)
            | Event::Eof => {}
        }
        if depth > 0 {
            text.take(event, sink);
        }
        if let Event::End(element) = event
            && named(element.local_name().into_inner())
        {
            depth = depth.saturating_sub(1);
        }
    });
    text.finish(sink);
    walked
}

/// What the innermost element is; white space counts only where text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Text,
    Deleted,
    Measure,
    Structure,
}

/// Gathers the text of one part, event by event.
pub(super) struct PartText<'n> {
    name: &'n str,
    text: String,
    /// Deleted text and attributes, for the end of the paragraph.
    aside: String,
    author: String,
    /// It is data of another program's in a schema of its own: of that, all attributes are text.
    custom: bool,
    inside: Inside,
    /// A cell of a table ended, and its row goes on; what lies between cells ends no line.
    between_cells: bool,
    continues: bool,
}

impl<'n> PartText<'n> {
    /// The part `name`, of which nothing was read.
    pub(super) fn new(name: &'n str) -> Self {
        Self {
            name,
            text: String::new(),
            aside: String::new(),
            author: String::new(),
            custom: name.starts_with("customXml/"),
            inside: Inside::Structure,
            between_cells: false,
            continues: false,
        }
    }

    /// Takes the next event of the part.
    pub(super) fn take(&mut self, event: &Event<'_>, sink: &mut dyn Sink) {
        match event {
            Event::Start(element) => self.start(element),
            Event::Empty(element) => {
                self.start(element);
                self.end(element.local_name().into_inner());
            }
            Event::End(element) => self.end(element.local_name().into_inner()),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                self.push(&text_of(event).unwrap_or_default());
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        if self.text.len() + self.aside.len() >= PIECE_BYTES {
            self.hand_out(sink);
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        let name = name.into_inner();
        self.attributes(name, element);
        self.inside = match name {
            "delText" | "delInstrText" => Inside::Deleted,
            "t" | "instrText" | "span" | "p" | "h" | "a" => Inside::Text,
            _ if MEASURES.contains(&name) || PROGRAMS.contains(&name) => Inside::Measure,
            _ => Inside::Structure,
        };
        match name {
            "tab" | "ptab" => self.text.push('\t'),
            "br" | "cr" | "line-break" | "txbxContent" | "annotation" | "note" => self.newline(),
            "s" | "fldChar" => self.text.push(' '),
            "noBreakHyphen" => self.text.push('-'),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.inside = match name {
            "span" | "a" | "s" | "bookmark" | "bookmark-start" | "bookmark-end" => Inside::Text,
            _ => Inside::Structure,
        };
        match name {
            "tc" | "table-cell" | "covered-table-cell" => {
                self.end_of_line();
                if self.text.ends_with('\n') {
                    self.text.pop();
                }
                self.text.push('\t');
                self.between_cells = true;
            }
            "tr" | "table-row" | "tbl" | "table" => {
                self.between_cells = false;
                self.end_of_line();
            }
            _ if self.between_cells => {}
            "tab" | "ptab" | "fldChar" | "noBreakHyphen" | "tabs" | "br" | "cr" => {}
            _ if JOINED.contains(&name) => {}
            _ => self.end_of_line(),
        }
    }

    fn newline(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn end_of_line(&mut self) {
        self.newline();
        if !self.aside.is_empty() {
            self.text.push_str(&self.aside);
            self.aside.clear();
            self.newline();
        }
    }

    fn push(&mut self, text: &str) {
        let blank = text.bytes().all(|b| b.is_ascii_whitespace());
        if self.inside == Inside::Measure || (blank && self.inside == Inside::Structure) {
            return;
        }
        self.between_cells &= blank;
        if self.inside == Inside::Deleted {
            self.aside.push_str(text);
        } else {
            self.text.push_str(text);
        }
    }

    /// Takes the texts in the attributes of an element.
    pub(super) fn attributes(&mut self, element: &str, start: &BytesStart<'_>) {
        for attribute in start.attributes().with_checks(false).flatten() {
            let key = attribute.key.local_name();
            let key = key.into_inner();
            let value = attribute.value.as_ref();
            let link = matches!(key, "href" | "Target") && (value.contains(':'));
            let field = key == "V" && element == "Cell" && is_field(start);
            let custom = self.custom && attribute.key.as_namespace_binding().is_none();
            let text = custom || link || field || is_text(element, key);
            if value.is_empty() || !text || value == self.author {
                continue;
            }
            let Ok(value) = quick_xml::escape::unescape(value) else {
                continue;
            };
            if key == "author" {
                self.author = value.to_string();
            }
            if !self.aside.is_empty() {
                self.aside.push('\n');
            }
            self.aside.push_str(&value);
            self.aside.push('\n');
        }
    }

    fn hand_out(&mut self, sink: &mut dyn Sink) {
        if self.text.is_empty() {
            self.text.push_str(&std::mem::take(&mut self.aside));
        }
        if self.text.trim_ascii().is_empty() {
            self.text.clear();
            return;
        }
        sink.piece(Piece {
            text: &self.text,
            layout: Layout::Flow {
                origin: Origin::Part(self.name),
                continues: self.continues,
            },
        });
        self.continues = true;
        self.text.clear();
    }

    /// Hands out what is left.
    pub(super) fn finish(&mut self, sink: &mut dyn Sink) {
        self.end_of_line();
        self.hand_out(sink);
    }
}

/// Whether the cell of a Visio shape is the value of a field that people fill in, or what is asked there.
fn is_field(cell: &BytesStart<'_>) -> bool {
    let named = |name: &str| matches!(name, "Value" | "Label" | "Prompt");
    attribute(cell, "N").is_some_and(|name| named(&name))
}
