//! `OpenDocument` in one XML file (flat ODF): cells of its sheets under their headings, all other text as that
//! of a package's parts, the description, and pictures as members.

use calamine::DataRef;
use quick_xml::events::{BytesStart, Event};

use super::super::inline_picture;
use super::super::markup::PartText;
use super::super::package::Description;
use super::super::sheets::{SheetCells, day_and_time};
use super::super::xml_events::{attribute, number, text_of, walk};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: FlatOdf = FlatOdf;

/// Reads them.
pub(crate) struct FlatOdf;

static INFO: FormatInfo = FormatInfo {
    id: "flat-odf",
    title: "OpenDocument in one XML file",
    extensions: &["fodt", "fods", "fodp", "fodg"],
    version: 1,
    isolated: false,
    reads: "cells of all sheets with column headers, all other text, macros, annotations, tracked changes, links, description; pictures are members",
};

/// The root element, as all programs that save such files write it.
const ROOT: &[u8] = b"<office:document";
/// Rows and columns of a sheet: beyond them lies no cell.
const MAX_ROWS: u32 = 1 << 20;
const MAX_COLUMNS: u32 = 1 << 14;
/// A value that is written once for several columns is told for no more of them.
const MAX_REPEATED: u32 = 16;
/// What a cell holds beyond this is text beside the cells.
const MAX_CELL_BYTES: usize = 1024 * 1024;
/// A picture that is written with more letters than this is told and not read.
const MAX_PICTURE_BYTES: usize = 64 * 1024 * 1024;
impl Format for FlatOdf {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let root = head.bytes.get(..1024).unwrap_or(head.bytes);
        let first = root.iter().find(|byte| byte.is_ascii_graphic());
        if head.is_text && first == Some(&b'<') && memchr::memmem::find(root, ROOT).is_some() {
            Match::Sure
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
        let mut document = Document::new();
        let walked = walk(content, budget, &mut |event| document.take(event, sink));
        document.finish(sink)?;
        walked
    }
}

/// What is read of the document at the moment.
struct Document {
    text: PartText<'static>,
    about: Description,
    in_description: bool,
    picture: Option<String>,
    pictures: u32,
    sheets: Sheets,
    /// What ended the reading of a member and of the whole.
    stopped: Option<Problem>,
}

impl Document {
    fn new() -> Self {
        Self {
            text: PartText::new("text"),
            about: Description::default(),
            in_description: false,
            picture: None,
            pictures: 0,
            sheets: Sheets::default(),
            stopped: None,
        }
    }

    fn take(&mut self, event: &Event<'_>, sink: &mut dyn Sink) {
        if self.stopped.is_some() {
            return;
        }
        let (begins, ends) = (begun(event), ended(event));
        // What a picture is written as is text of the file as well.
        if begins == Some("office:binary-data") {
            self.picture = Some(String::new());
        } else if let Some(picture) = &mut self.picture {
            let text = text_of(event).unwrap_or_default();
            if picture.len() <= MAX_PICTURE_BYTES {
                picture.extend(text.chars().filter(|c| !c.is_whitespace()));
            }
        }
        if begins == Some("office:meta") {
            self.in_description = true;
        } else if ends == Some("office:meta") {
            self.in_description = false;
        }
        if self.in_description {
            self.about.take(event, sink);
        }
        if !self.sheets.take(event, &mut self.text, sink) {
            self.text.take(event, sink);
        }
        if ends == Some("office:binary-data") {
            self.end_picture(sink);
        }
    }

    fn end_picture(&mut self, sink: &mut dyn Sink) {
        let Some(picture) = self.picture.take() else {
            return;
        };
        self.pictures += 1;
        if picture.len() > MAX_PICTURE_BYTES {
            let name = inline_picture::name(self.pictures);
            let problem = Problem::new(ProblemKind::LimitMemory, Stage::Extract);
            return sink.unread_member(name.as_bytes(), problem);
        }
        self.stopped = inline_picture::member(self.pictures, &picture, sink).err();
    }

    fn finish(mut self, sink: &mut dyn Sink) -> Result<(), Problem> {
        self.sheets.end_sheet(sink);
        self.text.finish(sink);
        self.stopped.map_or(Ok(()), Err)
    }
}

/// The element that begins.
fn begun<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    if let Event::Start(element) = event {
        return Some(element.name().into_inner());
    }
    None
}

/// The element that ends.
fn ended<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    if let Event::End(element) = event {
        return Some(element.name().into_inner());
    }
    None
}

/// The sheets of a spreadsheet.
#[derive(Default)]
struct Sheets {
    in_spreadsheet: bool,
    sheet: Option<SheetCells>,
    /// Id of the next sheet's first field.
    first_id: u32,
    /// Where the row and the cell at hand stand, from 0, and where the next ones do.
    row: u32,
    next_row: u32,
    next_column: u32,
    cell: Option<OpenCell>,
}

/// A cell that is open.
struct OpenCell {
    column: u32,
    repeated: u32,
    /// Its value where that is more than what is shown.
    value: Option<DataRef<'static>>,
    shown: String,
    /// Elements that are open in it and are none of its text: annotations, drawings, whole documents.
    aside: u32,
}

impl Sheets {
    /// Whether the event is told here; if not, it is text beside the cells.
    fn take(&mut self, event: &Event<'_>, beside: &mut PartText<'_>, sink: &mut dyn Sink) -> bool {
        match event {
            Event::Start(element) => self.start(element, beside, sink),
            Event::Empty(element) => {
                let taken = self.start(element, beside, sink);
                self.end(element.name().into_inner(), sink);
                taken
            }
            Event::End(element) => self.end(element.name().into_inner(), sink),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => match &mut self.cell {
                Some(cell) if cell.aside == 0 && cell.shown.len() < MAX_CELL_BYTES => {
                    let text = text_of(event).unwrap_or_default();
                    if !text.trim().is_empty() || !cell.shown.is_empty() {
                        cell.shown.push_str(&text);
                    }
                    true
                }
                Some(_) | None => false,
            },
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {
                false
            }
        }
    }

    fn start(
        &mut self,
        element: &BytesStart<'_>,
        beside: &mut PartText<'_>,
        sink: &mut dyn Sink,
    ) -> bool {
        if let Some(cell) = &mut self.cell {
            return cell.start(element, beside);
        }
        match element.name().into_inner() {
            "office:spreadsheet" => self.in_spreadsheet = true,
            "table:table" if self.in_spreadsheet => {
                self.end_sheet(sink);
                let name = attribute(element, "name").unwrap_or_default();
                self.sheet = Some(SheetCells::new(&name, self.first_id));
            }
            "table:table-row" if self.sheet.is_some() => {
                self.row = self.next_row;
                let repeated = number(element, "number-rows-repeated").unwrap_or(1);
                self.next_row = self.row.saturating_add(repeated);
                self.next_column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" if self.sheet.is_some() => {
                let cell = OpenCell::new(element, self.next_column);
                self.next_column = self.next_column.saturating_add(cell.repeated);
                self.cell = Some(cell);
            }
            _ => return false,
        }
        true
    }

    fn end(&mut self, element: &str, sink: &mut dyn Sink) -> bool {
        if let Some(cell) = &mut self.cell {
            if cell.aside > 0 {
                cell.aside -= 1;
                return false;
            }
            if element.ends_with("table-cell") {
                self.end_cell(sink);
            }
            return true;
        }
        match element {
            "office:spreadsheet" => self.in_spreadsheet = false,
            "table:table" if self.sheet.is_some() => self.end_sheet(sink),
            _ => return false,
        }
        true
    }

    fn end_cell(&mut self, sink: &mut dyn Sink) {
        let (Some(cell), Some(sheet)) = (self.cell.take(), &mut self.sheet) else {
            return;
        };
        let shown = DataRef::SharedString(cell.shown.trim_end());
        let value = cell.value.as_ref().unwrap_or(&shown);
        let columns = cell.column..cell.column.saturating_add(cell.repeated.min(MAX_REPEATED));
        for column in columns.take_while(|column| *column < MAX_COLUMNS && self.row < MAX_ROWS) {
            sheet.add(self.row, column, value, sink);
        }
    }

    fn end_sheet(&mut self, sink: &mut dyn Sink) {
        self.cell = None;
        if let Some(sheet) = self.sheet.take() {
            self.first_id = sheet.finish(sink);
        }
        self.next_row = 0;
    }
}

impl OpenCell {
    fn new(element: &BytesStart<'_>, column: u32) -> Self {
        let kind = attribute(element, "value-type").unwrap_or_default();
        let value = match kind.as_str() {
            "float" | "currency" | "percentage" => attribute(element, "value")
                .and_then(|value| value.parse().ok())
                .map(DataRef::Float),
            "date" => attribute(element, "date-value")
                .map(|value| DataRef::DateTimeIso(day_and_time(&value))),
            _ => None,
        };
        Self {
            column,
            repeated: number(element, "number-columns-repeated").unwrap_or(1),
            value,
            shown: String::new(),
            aside: 0,
        }
    }

    /// An element begins in the cell: one of its text, or one beside it.
    fn start(&mut self, element: &BytesStart<'_>, beside: &mut PartText<'_>) -> bool {
        let name = element.name().into_inner();
        if self.aside > 0 || !name.starts_with("text:") {
            self.aside += 1;
            return false;
        }
        match name {
            "text:p" | "text:line-break" if !self.shown.is_empty() => self.shown.push('\n'),
            "text:s" => self.shown.push(' '),
            "text:tab" => self.shown.push('\t'),
            "text:a" => beside.attributes("a", element),
            _ => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};
    use crate::model::{DateSource, Fact};

    const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:meta><meta:creation-date>2019-01-31T12:00:00</meta:creation-date><dc:creator>Liv Prøve</dc:creator></office:meta>
<office:scripts><script:source>'Laget av Jon Prøve</script:source></office:scripts>
<office:body><office:spreadsheet>
<table:table table:name="Ansatte"><table:table-row><table:table-cell office:value-type="string"><text:p>Navn</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Født</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Telefon</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16381"/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><office:annotation><dc:creator>Per Prøve</dc:creator><text:p>ringt &lt;opp&gt;</text:p></office:annotation>
<text:p>Kari <text:span>T&#230;stesen</text:span></text:p><text:p><text:a xlink:href="mailto:kari@firma.no">skriv</text:a></text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="1981-03-22"><text:p>22.03.81</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="40612345"><text:p>4,06E+07</text:p></table:table-cell></table:table-row>
</table:table><table:table table:name="Flere"><table:table-row><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>likt</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document>"#;

    #[test]
    fn cells_stand_under_their_headings() {
        let seen = read_one("liste.fods", BOOK.as_bytes());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("flat-odf"), "scanned"));
        let cells = seen.cells.iter().map(|(field, row, value)| (field.as_str(), *row, value.as_str()));
        let cells: Vec<_> = cells.skip(3).collect();
        let expected = [
            ("Navn", 4, "Kari Tæstesen\nskriv"),
            ("Født", 4, "1981-03-22"),
            ("Telefon", 4, "40612345"),
            ("", 1, "likt"),
            ("", 1, "likt"),
        ];
        assert_eq!(cells, expected);
        for beside in ["Per Prøve", "ringt <opp>", "mailto:kari@firma.no", "Liv Prøve"] {
            assert!(seen.text.contains(beside), "{beside}: {}", seen.text);
        }
        assert!(!seen.text.contains("4,06E"), "{}", seen.text);
        let created = |fact: &Fact| matches!(fact, Fact::Date { source: DateSource::EmbeddedCreated, .. });
        assert!(seen.facts.iter().any(created));
        for cut in (0..BOOK.len()).filter(|at| BOOK.is_char_boundary(*at)) {
            let ending = read_one("liste.fods", &BOOK.as_bytes()[..cut]).ending();
            assert!(!ending.contains("panic"), "{cut}");
        }
    }

    #[test]
    fn text_is_read_as_that_of_a_package_and_pictures_are_members() {
        let text = r#"<office:document office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:p>1505<text:span>86</text:span> Kari<office:annotation><text:p>merknad</text:p></office:annotation></text:p>
<table:table><table:table-row><table:table-cell><text:p>Navn</text:p></table:table-cell><table:table-cell><text:p>Per Hansen</text:p></table:table-cell></table:table-row></table:table>
<draw:image><office:binary-data>SGVp
LCBLYXJpCg==</office:binary-data></draw:image></office:text></office:body></office:document>"#;
        let seen = read("brev.fodt", text.as_bytes());
        assert!(seen[0].text.contains("150586 Kari\nmerknad"), "{}", seen[0].text);
        assert!(seen[0].text.contains("Navn\tPer Hansen"), "{}", seen[0].text);
        assert!(seen[0].text.contains("SGVp"), "{}", seen[0].text);
        assert_eq!((seen[1].path.as_str(), seen[1].text.as_str()), ("brev.fodt!/picture-1", "Hei, Kari\n"));
    }
}
