//! Spreadsheets that are one XML file, as Excel 2002 and 2003 save them and many systems export them still,
//! often under the name of an xls: cells under their headings, comments, links, headers and footers, and
//! what the workbook says of itself. The elements are those of Microsoft's «XML Spreadsheet Reference».

use calamine::DataRef;
use quick_xml::events::{BytesStart, Event};

use super::super::decode::Utf8Reader;
use super::super::package::{sink_date, tell};
use super::super::sheets::{SheetCells, day_and_time};
use super::super::xml_events::{attribute, number, text_of, walk};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, DateSource, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: SpreadsheetXml = SpreadsheetXml;

/// Reads them.
pub(crate) struct SpreadsheetXml;

static INFO: FormatInfo = FormatInfo {
    id: "spreadsheet-xml",
    title: "XML spreadsheet 2003",
    extensions: &["xml", "xls"],
    version: 1,
    isolated: false,
    reads: "cells of all sheets with column headers, comments, links, headers and footers, description",
};

/// The namespace that tells such a file from other XML.
const NAMESPACE: &[u8] = b"urn:schemas-microsoft-com:office:spreadsheet";

/// Rows and columns of a sheet: beyond them lies no cell.
const MAX_ROWS: u32 = 1 << 20;
const MAX_COLUMNS: u32 = 1 << 14;

/// Text beside the cells after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;

impl Format for SpreadsheetXml {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let first = head.bytes.iter().find(|byte| byte.is_ascii_graphic());
        if !head.is_text || first != Some(&b'<') {
            return Match::No;
        }
        // UTF-16 has a NUL beside each letter of ASCII.
        let bytes: Vec<u8> = head.bytes.iter().copied().filter(|byte| *byte != 0).collect();
        if memchr::memmem::find(&bytes, NAMESPACE).is_some() {
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
        let source = Utf8Reader::of_xml(content);
        let mut source = source.map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))?;
        let mut book = Book::default();
        let walked = walk(&mut source, budget, &mut |event| book.take(event, sink));
        book.end_sheet(sink);
        book.hand_out(sink);
        walked
    }
}

/// What is read of the workbook at the moment.
#[derive(Default)]
struct Book {
    sheet: Option<SheetCells>,
    /// Id of the next sheet's first field.
    first_id: u32,
    /// Where the cell at hand stands, from 0.
    row: u32,
    column: u32,
    next_row: u32,
    next_column: u32,
    /// Which of the sorts that need care the value of the cell at hand is of.
    sort: Sort,
    in_comment: bool,
    /// Text of the element at hand.
    value: String,
    /// Text beside the cells.
    aside: String,
}

#[derive(Clone, Copy, Default)]
enum Sort {
    Number,
    DateTime,
    #[default]
    Other,
}

impl Book {
    fn take(&mut self, event: &Event<'_>, sink: &mut dyn Sink) {
        match event {
            Event::Start(element) => self.start(element, sink),
            Event::Empty(element) => {
                self.start(element, sink);
                self.end(element.local_name().into_inner(), sink);
            }
            Event::End(element) => self.end(element.local_name().into_inner(), sink),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                self.value.push_str(&text_of(event).unwrap_or_default());
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        if self.aside.len() >= PIECE_BYTES {
            self.hand_out(sink);
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, sink: &mut dyn Sink) {
        match element.local_name().into_inner() {
            "Worksheet" => {
                self.end_sheet(sink);
                let name = attribute(element, "Name").unwrap_or_default();
                self.line(&name);
                self.sheet = Some(SheetCells::new(&name, self.first_id));
            }
            "Row" => {
                self.row = index(element).unwrap_or(self.next_row);
                let span = number(element, "Span").unwrap_or_default();
                self.next_row = self.row.saturating_add(1).saturating_add(span);
                self.next_column = 0;
            }
            "Cell" => {
                self.column = index(element).unwrap_or(self.next_column);
                let merged = number(element, "MergeAcross").unwrap_or_default();
                self.next_column = self.column.saturating_add(1).saturating_add(merged);
                self.line(&attribute(element, "HRef").unwrap_or_default());
            }
            "Data" => {
                self.value.clear();
                self.sort = match attribute(element, "Type").as_deref() {
                    Some("Number") => Sort::Number,
                    Some("DateTime") => Sort::DateTime,
                    Some(_) | None => Sort::Other,
                };
            }
            "Comment" => {
                self.in_comment = true;
                self.line(&attribute(element, "Author").unwrap_or_default());
            }
            "Header" | "Footer" => self.line(&attribute(element, "Data").unwrap_or_default()),
            // Cells and comments may hold marked-up text, which goes on in them.
            "B" | "I" | "U" | "S" | "Font" | "Span" | "Sub" | "Sup" => {}
            _ => self.value.clear(),
        }
    }

    fn end(&mut self, element: &str, sink: &mut dyn Sink) {
        match element {
            "Data" if self.in_comment => self.end_line(),
            "Data" => self.cell(sink),
            "Comment" => self.in_comment = false,
            "Worksheet" => self.end_sheet(sink),
            "Created" => sink_date(&self.value, DateSource::EmbeddedCreated, sink),
            "LastSaved" => sink_date(&self.value, DateSource::EmbeddedModified, sink),
            "B" | "I" | "U" | "S" | "Font" | "Span" | "Sub" | "Sup" => return,
            _ => self.end_line(),
        }
        self.value.clear();
    }

    /// The value of the cell at hand, which the text of its `Data` is.
    fn cell(&mut self, sink: &mut dyn Sink) {
        let value = match self.sort {
            Sort::Number => self.value.trim().parse().map(DataRef::Float).ok(),
            Sort::DateTime => Some(DataRef::DateTimeIso(day_and_time(self.value.trim()))),
            Sort::Other => None,
        };
        match &mut self.sheet {
            Some(sheet) if self.row < MAX_ROWS && self.column < MAX_COLUMNS => {
                let value = value.unwrap_or(DataRef::SharedString(&self.value));
                sheet.add(self.row, self.column, &value, sink);
            }
            Some(_) | None => self.end_line(),
        }
    }

    fn end_sheet(&mut self, sink: &mut dyn Sink) {
        if let Some(sheet) = self.sheet.take() {
            self.first_id = sheet.finish(sink);
        }
        self.next_row = 0;
    }

    /// The text of the element at hand is a line beside the cells.
    fn end_line(&mut self) {
        let value = std::mem::take(&mut self.value);
        self.line(value.trim());
    }

    fn line(&mut self, text: &str) {
        if text.chars().any(char::is_alphanumeric) {
            self.aside.push_str(text);
            self.aside.push('\n');
        }
    }

    fn hand_out(&mut self, sink: &mut dyn Sink) {
        tell("beside the cells", &self.aside, sink);
        self.aside.clear();
    }
}

/// The place that an element names itself, from 0.
fn index(element: &BytesStart<'_>) -> Option<u32> {
    number(element, "Index")?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;
    use crate::model::{DateSource, Fact};

    const BOOK: &str = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Author>Åse Prøve</Author>
<Created>2004-03-02T08:00:00Z</Created><LastSaved>2019-01-31T12:00:00Z</LastSaved></DocumentProperties>
<Worksheet ss:Name="Ansatte &amp; vikarer"><Table>
<Row><Cell><Data ss:Type="String">Navn</Data></Cell><Cell><Data ss:Type="String">Født</Data></Cell><Cell><Data ss:Type="String">Telefon</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:HRef="mailto:kari@firma.no"><ss:Data ss:Type="String"><html:B>Kari</html:B> T&#230;stesen</ss:Data>
<Comment ss:Author="Per Prøve"><ss:Data><html:Font>ringt &lt;opp&gt;</html:Font></ss:Data></Comment></Cell>
<Cell><Data ss:Type="DateTime">1981-03-22T00:00:00.000</Data></Cell><Cell><Data ss:Type="Number">40612345</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="Number">2.1234567E7</Data></Cell></Row>
</Table><WorksheetOptions><PageSetup><Footer x:Data="&amp;Lansvarlig: Ola"/></PageSetup></WorksheetOptions></Worksheet>
</Workbook>"#;

    #[test]
    fn cells_stand_under_their_headings() {
        let seen = read_one("liste.xls", BOOK.as_bytes());
        assert_eq!(seen.format, Some("spreadsheet-xml"));
        let cells = seen.cells.iter().map(|(field, row, value)| (field.as_str(), *row, value.as_str()));
        let cells: Vec<_> = cells.skip(3).collect();
        let expected = [
            ("Navn", 4, "Kari Tæstesen"),
            ("Født", 4, "1981-03-22"),
            ("Telefon", 4, "40612345"),
            ("Telefon", 5, "21234567"),
        ];
        assert_eq!(cells, expected);
        for beside in ["Åse Prøve", "Ansatte & vikarer", "mailto:kari@firma.no", "Per Prøve", "ringt <opp>", "&Lansvarlig: Ola"] {
            assert!(seen.text.contains(beside), "{beside}: {}", seen.text);
        }
        let is = |fact: &Fact, wanted| matches!(fact, Fact::Date { source, .. } if *source == wanted);
        assert!(seen.facts.iter().any(|fact| is(fact, DateSource::EmbeddedCreated)));
        assert!(seen.facts.iter().any(|fact| is(fact, DateSource::EmbeddedModified)));
    }

    #[test]
    fn utf16_is_read_and_half_a_book_is_told() {
        let wide: Vec<u8> = "\u{feff}".chars().chain(BOOK.chars()).flat_map(|c| {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>()
        }).collect();
        let seen = read_one("liste.xml", &wide);
        assert!(seen.text.contains("Kari Tæstesen"), "{}", seen.text);
        let (half, _) = BOOK.split_at(BOOK.find("<Row><Cell ss:Index").unwrap() + 30);
        let seen = read_one("liste.xml", half.as_bytes());
        assert!(seen.text.contains("40612345"), "{}", seen.text);
    }
}
