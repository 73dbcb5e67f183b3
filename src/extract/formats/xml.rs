//! XML: the value of each element and attribute as a cell named after its path; text with markup
//! inside as running text. No entity is expanded but the five that XML itself has.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::super::cells::{Cells, MAX_CELL_BYTES};
use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::written_file;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::{drawing, text};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Xml = Xml;

/// Reads XML.
pub(crate) struct Xml;

static INFO: FormatInfo = FormatInfo {
    id: "xml",
    title: "XML",
    extensions: &[
        "xml", "xsd", "xsl", "rss", "kml", "gpx", "plist", "config", "drawio", "mm", "opml", "bpmn", "rdf", "xdp",
        "webloc", "resx",
    ],
    version: 3,
    isolated: false,
    reads: "values of elements and attributes with their paths, text, comments; files in base 64 are members; no entities are expanded",
};

/// Elements inside each other whose names make up a path; deeper ones count for the last.
const MAX_PATH_DEPTH: usize = 64;
/// Elements inside each other that are followed; the text of deeper ones belongs to the last.
const MAX_OPEN: usize = 10_000;
/// Running text after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;

impl Format for Xml {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let bytes = head.bytes.iter().copied().filter(|byte| *byte != 0);
        let first = bytes.clone().take(512).find(u8::is_ascii_graphic);
        if first != Some(b'<') {
            return Match::No;
        }
        let start: Vec<u8> = bytes
            .take(512)
            .skip_while(|byte| !byte.is_ascii_graphic())
            .collect();
        let declared = start.starts_with(b"<?xml");
        let element = start.starts_with(b"<")
            && start.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'!')
            && start.contains(&b'>');
        let named = head.has_extension(INFO.extensions);
        if (declared || (element && named)) && head.is_text {
            Match::Likely
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
        let large = content.len() > budget.limits().max_held_bytes;
        let mut source = Utf8Reader::of_xml(content).map_err(io_problem)?;
        let mut tree = Tree::new();
        if large {
            // The tokenizer holds a whole stretch of text at once; as plain text nothing is lost.
            return text::read_rest(&mut source, &mut tree.flow, budget, sink);
        }
        let (mut source, broken) = tree.read(source, budget, sink)?;
        tree.finish(sink);
        if broken {
            // What cannot be parsed further is text all the same.
            text::read_rest(&mut source, &mut tree.flow, budget, sink)?;
        }
        Ok(())
    }
}

/// An element that is open.
struct Open {
    path_length: usize,
    /// Text since the element began, until it is known what it is part of.
    text: String,
    has_children: bool,
    /// Text stands beside elements here: it is a document, not data.
    mixed: bool,
    /// It is one record of a list, or lies in one: what is in it belongs together.
    in_record: bool,
    file: FileText,
}

/// A file that an element may hold in base 64.
#[derive(Default)]
struct FileText {
    /// The text is one, so far.
    begun: bool,
    /// What it is called.
    name: Option<String>,
}

/// The open elements, and what was read and not handed out yet.
struct Tree {
    path: String,
    open: Vec<Open>,
    /// Elements that are open below the deepest one that is followed.
    deeper: u64,
    row: u64,
    cells: Cells,
    out: String,
    flow: Flow,
    /// Files that were read and not handed out yet.
    files: Vec<(String, Vec<u8>)>,
}

impl Tree {
    fn new() -> Self {
        Self {
            path: String::new(),
            open: Vec::new(),
            deeper: 0,
            row: 0,
            cells: Cells::new(),
            out: String::new(),
            flow: Flow::new(),
            files: Vec::new(),
        }
    }

    /// Reads to the end, or to what cannot be parsed: then the second value is true, and the bytes
    /// that were swallowed with it are running text.
    fn read<R: std::io::Read>(
        &mut self,
        source: Utf8Reader<R>,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(Utf8Reader<R>, bool), Problem> {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut buffer = Vec::new();
        for events in 0_u32.. {
            if events % 256 == 0 {
                budget.check()?;
                self.hand_out_full(sink);
            }
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Eof) => break,
                Ok(event) => {
                    self.take(&event, sink);
                    self.hand_out_files(sink)?;
                }
                Err(_) => {
                    self.end_all();
                    self.hand_out_files(sink)?;
                    self.line(&String::from_utf8_lossy(&buffer));
                    return Ok((reader.into_inner(), true));
                }
            }
        }
        self.end_all();
        self.hand_out_files(sink)?;
        Ok((reader.into_inner(), false))
    }

    fn take(&mut self, event: &Event<'_>, sink: &mut dyn Sink) {
        match event {
            Event::Start(start) => self.start(start),
            Event::Empty(start) => {
                self.start(start);
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::Comment(text) => self.line(text),
            Event::PI(instruction) => self.line(instruction),
            Event::DocType(definition) => self.line(definition),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
                Ok(None) | Err(_) => self.entity(reference),
            },
            Event::Decl(_) | Event::Eof => {}
        }
        if self.out.len() >= PIECE_BYTES {
            self.hand_out(sink);
        }
    }

    fn entity(&mut self, name: &str) {
        if let Some(known) = quick_xml::escape::resolve_predefined_entity(name) {
            self.text(known);
        } else {
            self.text("&");
            self.text(name);
            self.text(";");
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        let inside = self.open.last().is_some_and(|own| own.in_record);
        let begins = !inside && self.is_record(start.local_name().as_ref());
        if self.open.len() == 1 || begins {
            self.row += 1;
        }
        if self.open.len() >= MAX_OPEN {
            self.deeper += 1;
            self.text(" ");
            return self.attributes(start);
        }
        let mut mixed = false;
        if let Some(parent) = self.open.last_mut() {
            parent.has_children = true;
            parent.mixed |= !parent.text.trim().is_empty();
            mixed = parent.mixed;
            let text = std::mem::take(&mut parent.text);
            if mixed {
                self.out.push_str(&text);
                self.out.push(' ');
            }
        }
        let path_length = self.path.len();
        if self.open.len() < MAX_PATH_DEPTH {
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(shortened(start.local_name().as_ref()));
        }
        self.open.push(Open {
            path_length,
            text: String::new(),
            has_children: false,
            mixed,
            in_record: inside || begins,
            file: FileText::default(),
        });
        self.attributes(start);
    }

    /// Whether an element of this name is one of a list, by the name of the element that it lies in:
    /// `Customers` holds `Customer`, and `ansatte` holds `ansatt`.
    fn is_record(&self, name: &str) -> bool {
        let within = self.path.rsplit('.').next().unwrap_or_default();
        let plural = within.strip_prefix(shortened(name));
        plural.is_some_and(|ending| (1..=3).contains(&ending.chars().count()))
    }

    fn attributes(&mut self, start: &BytesStart<'_>) {
        for attribute in start.html_attributes().with_checks(false).flatten() {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .unwrap_or_else(|_| attribute.value.clone());
            let name = attribute.key.local_name();
            let is_namespace = attribute.key.as_ref().starts_with("xmlns");
            if is_namespace || value.trim().is_empty() {
                continue;
            }
            if name.as_ref().eq_ignore_ascii_case("filename")
                && let Some(element) = self.open.last_mut()
            {
                element.file.name = Some(shortened(&value).to_owned());
            }
            let length = self.path.len();
            self.path.push('.');
            self.path.push_str(shortened(name.as_ref()));
            self.value(&value);
            self.path.truncate(length);
        }
    }

    fn text(&mut self, text: &str) {
        match self.open.last_mut() {
            Some(element) if !element.mixed => {
                if element.text.len() <= MAX_CELL_BYTES
                    && element.text.len() + text.len() > MAX_CELL_BYTES
                {
                    element.file.begun = written_file::begins(&element.text)
                        || (element.text.is_empty() && written_file::begins(text));
                }
                element.text.push_str(text);
                let most = if element.file.begun { written_file::MAX_LETTERS } else { MAX_CELL_BYTES };
                if element.text.len() > most {
                    element.mixed = true;
                    let text = std::mem::take(&mut element.text);
                    self.out.push_str(&text);
                }
            }
            Some(_) | None => self.out.push_str(text),
        }
    }

    fn end(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return self.text(" ");
        }
        let Some(element) = self.open.pop() else {
            return;
        };
        let text = element.text.trim();
        if element.mixed {
            let inline = self.open.last().is_some_and(|parent| parent.mixed);
            self.out.push(if inline { ' ' } else { '\n' });
        } else if element.has_children {
            self.line(text);
        } else if let Some((bytes, ending)) = written_file::of(text) {
            let named = element.file.name.unwrap_or_else(|| format!("{}.{ending}", self.name()));
            self.files.push((named, bytes));
        } else if let Some(drawing) = drawing::unpacked(self.name(), text) {
            self.files.push((format!("{}.xml", self.name()), drawing));
        } else {
            self.value(text);
        }
        self.path.truncate(element.path_length);
    }

    /// The name of the innermost element.
    fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    fn hand_out_files(&mut self, sink: &mut dyn Sink) -> Result<(), Problem> {
        for (name, bytes) in self.files.drain(..) {
            sink.member(name.as_bytes(), &mut bytes.as_slice())?;
        }
        Ok(())
    }

    fn end_all(&mut self) {
        self.deeper = 0;
        while !self.open.is_empty() {
            self.end();
        }
    }

    /// A value of the element that the path names.
    fn value(&mut self, value: &str) {
        if value.len() > MAX_CELL_BYTES {
            self.line(value);
        } else if !value.is_empty() {
            let field = self.cells.field(&self.path, false);
            self.cells.add(field, self.row.max(1), value);
        }
    }

    fn line(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.out.push_str(text);
            self.out.push('\n');
        }
    }

    fn hand_out_full(&mut self, sink: &mut dyn Sink) {
        if self.cells.is_full() {
            self.finish(sink);
        }
    }

    fn hand_out(&mut self, sink: &mut dyn Sink) {
        self.flow.piece(&self.out, sink);
        self.out.clear();
    }

    /// Hands out everything. Running text goes first, so that its pieces meet.
    fn finish(&mut self, sink: &mut dyn Sink) {
        self.hand_out(sink);
        self.cells.flush(&mut self.flow, sink);
    }
}

/// A name as it stands in a path, which is kept for every field.
fn shortened(name: &str) -> &str {
    name.get(..name.floor_char_boundary(100)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::super::super::recorder::{read, read_one, read_within};
    use crate::model::Limits;

    #[test]
    fn files_in_base_64_are_members_of_any_length() {
        for times in [9, 20_000] {
            let pdf = format!("%PDF-1.4\n{}", "Kari Nordmann ".repeat(times));
            let packed = BASE64_STANDARD.encode(&pdf);
            let lines = packed.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap());
            let lines: Vec<&str> = lines.collect();
            for letters in [packed.clone(), lines.join("\n")] {
                let named = format!("<b filename=\"faktura.pdf\">{letters}</b>");
                let xml = format!("<?xml version='1.0'?><i>{named}<c>{letters}</c><n>Kari</n></i>");
                let seen = read("ehf.xml", xml.as_bytes());
                assert_eq!(seen[1].path, "ehf.xml!/faktura.pdf", "{times}");
                let second = (seen[2].path.as_str(), seen[2].format);
                assert_eq!(second, ("ehf.xml!/c.pdf", Some("pdf")));
                assert_eq!(seen[2].end.as_ref().unwrap().bytes, pdf.len() as u64);
                assert_eq!(seen[0].cell("i.n", 3), Some("Kari"));
                assert!(!seen[0].text.contains("JVBER"));
            }
            let broken = format!("<?xml version='1.0'?><i><b>{packed}!</b></i>");
            let seen = read("ehf.xml", broken.as_bytes());
            assert!(seen[0].text.contains("JVBER") && seen[1].format == Some("pdf"));
        }
    }

    #[test]
    fn values_carry_their_path() {
        let xml = "<?xml version='1.0'?><personer><person id='7'><fnr>15814599999</fnr>\
            <navn>&#197;se &amp; Per</navn></person><person><fnr>15814599998</fnr></person></personer>";
        let seen = read_one("a.xml", xml.as_bytes());
        assert_eq!(seen.format, Some("xml"));
        assert_eq!(seen.cell("personer.person.fnr", 1), Some("15814599999"));
        assert_eq!(seen.cell("personer.person.navn", 1), Some("Åse & Per"));
        assert_eq!(seen.cell("personer.person.id", 1), Some("7"));
        assert_eq!(seen.cell("personer.person.fnr", 2), Some("15814599998"));
    }

    /// In the form of SAF-T Financial: lists lie three levels deep.
    #[test]
    fn each_record_of_a_nested_list_is_a_row() {
        let customer = |name: &str, last: &str| {
            format!(
                "<Customer><Name>{name}</Name><Address><City>Moss</City></Address><Contact><ContactPerson>\
                 <FirstName>Kari</FirstName><LastName>{last}</LastName></ContactPerson></Contact></Customer>"
            )
        };
        let xml = format!(
            "<?xml version='1.0'?><AuditFile xmlns='urn:StandardAuditFile-Taxation-Financial:NO'>\
             <Header><TaxEntity>Ås</TaxEntity></Header><MasterFiles><Customers>{}{}</Customers>\
             <Suppliers><Supplier><Name>Per</Name></Supplier></Suppliers></MasterFiles></AuditFile>",
            customer("Fjell AS", "Ås"),
            customer("Kari Vik", "Vik")
        );
        let seen = read_one("a.xml", xml.as_bytes());
        let rows: Vec<u64> = seen.cells.iter().map(|(_, row, _)| *row).collect();
        assert_eq!(rows, [1, 3, 3, 3, 3, 4, 4, 4, 4, 5], "{:?}", seen.cells);
    }

    #[test]
    fn text_with_markup_is_running_text() {
        let xml = "<doc><p>Fnr: <b>158145</b> 99999 og <i>mer</i></p><p>Neste</p></doc>";
        let seen = read_one("a.xml", xml.as_bytes());
        assert!(seen.text.contains("Fnr:  158145  99999 og"), "{}", seen.text);
        assert_eq!(seen.cell("doc.p", 2), Some("Neste"));
    }

    #[test]
    fn declared_latin_1_and_broken_ends_are_read() {
        let xml = b"<?xml version='1.0' encoding='ISO-8859-1'?><a><b>Bl\xE5b\xE6r</b><c>Per <";
        let seen = read_one("a.xml", xml);
        assert!(seen.text.contains("Blåbær") && seen.text.contains("Per"), "{}", seen.text);
        let crossed = b"<?xml version='1.0'?><a><b>Per</a></b><c>Kari</c><d x=\"<\">Ola</d>";
        let seen = read_one("a.xml", crossed);
        for name in ["Per", "Kari", "Ola"] {
            assert!(seen.text.contains(name), "{name}: {}", seen.text);
        }
    }

    #[test]
    fn what_is_too_large_to_hold_is_read_as_text() {
        let xml = ["<?xml version='1.0'?><a><b>Åse</b>", &"<c>Per</c>".repeat(500), "</a>"].concat();
        let limits = Limits {
            max_held_bytes: 1000,
            ..Limits::default()
        };
        let seen = read_within(limits, "a.xml", xml.as_bytes());
        assert_eq!(seen[0].ending(), "scanned");
        assert_eq!(seen[0].text, xml);
    }

    #[test]
    fn entities_are_not_expanded_and_depth_is_bounded() {
        let mut lol = String::from("<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a \"lol\">");
        for n in 0..50 {
            write!(lol, "<!ENTITY b{n} \"&a;&a;&a;&a;&a;&a;\">").unwrap();
        }
        lol.push_str("]><l>&b9;</l>");
        let seen = read_one("a.xml", lol.as_bytes());
        assert_eq!(seen.cell("l", 1), Some("&b9;"));
        let deep = ["<?xml version='1.0'?>", &"<a>".repeat(100_000), "bunn"].concat();
        assert!(read_one("a.xml", deep.as_bytes()).ending() == "scanned");
    }
}
