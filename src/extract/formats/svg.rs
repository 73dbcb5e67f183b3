//! Drawings in SVG: what stands in them for people. Shapes, styles and scripts are no text.
//!
//! Letters of a line may lie in several elements: a new line begins where one names another height.

use quick_xml::events::{BytesStart, Event};

use super::super::decode::Utf8Reader;
use super::super::flow;
use super::super::inline_picture;
use super::super::xml_events::{attribute, text_of, walk};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Svg = Svg;

/// Reads them.
pub(crate) struct Svg;

static INFO: FormatInfo = FormatInfo {
    id: "svg",
    title: "SVG drawing",
    extensions: &["svg"],
    version: 1,
    isolated: false,
    reads: "texts, titles, descriptions, links, comments; pictures are members; scripts, styles and shapes are not read",
};

/// Elements whose text is for programs.
const NOTHING: &[&str] = &["script", "style"];
/// Attributes that hold text for people.
const TEXTS: &[&str] = &["aria-label", "alt", "title", "label", "author"];

impl Format for Svg {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let root = first_element(head.bytes);
        let root = root.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        if head.is_text && root == b"svg" { Match::Sure } else { Match::No }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let source = Utf8Reader::of_xml(content);
        let mut source = source.map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))?;
        let mut drawing = Drawing::default();
        let walked = walk(&mut source, budget, &mut |event| {
            drawing.take(event, sink);
            flow::lines_of_part("drawing", &mut drawing.text, sink);
        });
        flow::part("drawing", &drawing.text, sink);
        drawing.stopped.map_or(walked, Err)
    }
}

/// The name of the first element, behind declarations and comments.
fn first_element(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with(b"!--") {
            let end = memchr::memmem::find(rest, b"-->").unwrap_or(rest.len());
            rest = rest.get(end..).unwrap_or_default();
        } else if !rest.starts_with(b"?") && !rest.starts_with(b"!") {
            let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-');
            let length = rest.iter().take_while(|byte| of_name(byte)).count();
            return rest.get(..length).unwrap_or_default();
        }
    }
    &[]
}

/// What is read of the drawing.
#[derive(Default)]
struct Drawing {
    text: String,
    /// Elements that are open inside of one whose text is for programs.
    idle: u32,
    /// How high the last letters stand, as it is written.
    height: Option<String>,
    pictures: u32,
    stopped: Option<Problem>,
}

impl Drawing {
    fn take(&mut self, event: &Event<'_>, sink: &mut dyn Sink) {
        match event {
            Event::Start(element) => {
                let nothing = NOTHING.contains(&element.local_name().into_inner());
                if self.idle > 0 || nothing {
                    self.idle += 1;
                } else {
                    self.start(element, sink);
                }
            }
            Event::Empty(element) if self.idle == 0 => self.start(element, sink),
            Event::End(_) if self.idle > 0 => self.idle -= 1,
            Event::End(element) if !is_part_of_line(element.local_name().into_inner()) => self.line(),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if self.idle == 0 => {
                let text = text_of(event).unwrap_or_default();
                if !text.trim().is_empty() || !self.text.ends_with(['\n', ' ']) {
                    self.text.push_str(&text.replace(['\r', '\n'], " "));
                }
            }
            Event::Comment(comment) => {
                self.line();
                self.text.push_str(comment);
                self.line();
            }
            Event::Empty(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::Eof => {}
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, sink: &mut dyn Sink) {
        let apart = !is_part_of_line(element.local_name().into_inner());
        if apart || attribute(element, "dy").is_some() {
            self.line();
        } else if let Some(height) = attribute(element, "y") {
            if self.height.as_ref() == Some(&height) {
                self.text.push(' ');
            } else {
                self.line();
            }
            self.height = Some(height);
        }
        for name in TEXTS {
            if let Some(text) = attribute(element, name) {
                self.line();
                self.text.push_str(&text);
                self.line();
            }
        }
        match attribute(element, "href") {
            Some(target) if target.starts_with("data:") => self.picture(&target, sink),
            Some(target) if target.contains(':') => {
                self.line();
                self.text.push_str(&target);
                self.line();
            }
            Some(_) | None => {}
        }
    }

    fn picture(&mut self, target: &str, sink: &mut dyn Sink) {
        self.pictures += 1;
        let packed = target.split_once(";base64,").map(|(_, packed)| packed);
        let packed: String = packed.unwrap_or_default().split_whitespace().collect();
        if self.stopped.is_none() {
            self.stopped = inline_picture::member(self.pictures, &packed, sink).err();
        }
    }

    fn line(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Whether an element is a part of the line that it stands in.
fn is_part_of_line(element: &str) -> bool {
    matches!(element, "tspan" | "textPath" | "a" | "tref" | "altGlyph" | "flowSpan")
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    #[test]
    fn what_people_read_is_read_and_nothing_else() {
        let text = r#"<?xml version="1.0"?><!-- Laget av Per <svg> -->
<svg:svg xmlns="http://www.w3.org/2000/svg" font-family="Carlito, sans-serif"><style>.Kari{}</style><script><![CDATA[Math.abs]]></script>
<title>Ansatte</title><g class="Kari Hansen"><text><tspan x="1" y="10">fnr 158886</tspan><tspan>10046</tspan><tspan x="9" y="10">Åse</tspan>
<tspan x="1" y="20">tlf 40612345</tspan></text></g><a xlink:href="mailto:kari@firma.no"><rect aria-label="Logo"/></a>
<image href="data:text/plain;base64,SGVp
LCBLYXJp"/></svg:svg>"#;
        let seen = read("plakat.svg", text.as_bytes());
        assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("svg"), "scanned"));
        let wanted = " Laget av Per <svg> \nAnsatte\nfnr 15888610046 Åse\ntlf 40612345\nmailto:kari@firma.no\nLogo\n";
        assert_eq!(seen[0].text, wanted.replace("> \n", ">\n"));
        assert_eq!((seen[1].path.as_str(), seen[1].text.as_str()), ("plakat.svg!/picture-1", "Hei, Kari"));
        for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let seen = read("plakat.svg", &text.as_bytes()[..cut]);
            assert!(!seen[0].ending().contains("panic"), "{cut}");
        }
    }

    #[test]
    fn a_large_drawing_is_told_in_pieces() {
        let lines = "<text>Kari Prøve</text>".repeat(100_000);
        let seen = read_one("a.svg", format!("<svg>{lines}</svg>").as_bytes());
        assert!(seen.pieces > 3);
        assert_eq!(seen.text.matches("Kari Prøve\n").count(), 100_000);
    }

    #[test]
    fn a_page_with_a_drawing_is_a_page() {
        let page = b"<!DOCTYPE html><html><body><svg><text>x</text></svg></body></html>";
        assert_eq!(read_one("a.svg", page).format, Some("html"));
        assert_eq!(read_one("a", b"<svg width='1'><text>Kari</text></svg>").format, Some("svg"));
    }
}
