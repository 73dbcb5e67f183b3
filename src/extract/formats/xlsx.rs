//! Excel workbooks, XML and binary: cells by calamine's cells reader, everything around the cells by
//! the package reader.
//!
//! A range of calamine's would hold every cell between the first and the last, which a file of 2 KB
//! can make a whole sheet; the cells reader holds one. It has no bound of its own, so the real sizes
//! of all parts are counted first. It holds all strings of a workbook, so that the format runs in a child
//! process. It panics on some binary workbooks: that costs the sheet, and what stands around the cells
//! is read all the same.

use std::io::{BufReader, Cursor, Read, Seek};

use calamine::{Cell, DataRef, Reader, Sheet, SheetType, Xlsb, Xlsx, XlsxError};
use file_format::FileFormat;

use super::super::compound::malformed;
use super::super::markup::read_part;
use super::super::package::{is_named, Part, open, part, read_parts};
use super::super::sheets::SheetCells;
use super::super::walled::walled;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use super::xlsx_formulas::Formulas;
use super::xlsx_macrosheets::as_worksheets;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Workbook = Workbook;

/// Reads workbooks.
pub(crate) struct Workbook;

static INFO: FormatInfo = FormatInfo {
    id: "xlsx",
    title: "Excel workbook",
    extensions: &["xlsx", "xlsm", "xltx", "xltm", "xlsb", "xlam"],
    version: 6,
    isolated: true,
    reads: "cells of all sheets, hidden ones and those of Excel 4 macros too, with column headers; names of sheets, texts in formulas and names; comments, headers, footers, text boxes, links, messages of cells, caches of pivot tables and charts, description; embedded files and pictures are members",
};

/// The longest run of bytes without a tag in a part that calamine reads.
const MAX_NODE_BYTES: u64 = 16 * 1024 * 1024;
/// How much of a sheet after its cells is kept for headers, footers and the like.
const MAX_TAIL_BYTES: usize = 1024 * 1024;
const CELLS_END: &[u8] = b"</sheetData>";

impl Format for Workbook {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let named = is_named(head, INFO.extensions);
        if head.signature == FileFormat::OfficeOpenXmlSpreadsheet || named {
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
        let binary = count(content, budget, sink)?;
        let with_macros = as_worksheets(content, budget)?;
        content.rewind()?;
        let cells = match with_macros {
            Some(package) if binary => binary_cells(Cursor::new(package), budget, sink),
            Some(package) => cells(Cursor::new(package), budget, sink),
            None if binary => binary_cells(BufReader::new(&mut *content), budget, sink),
            None => cells(BufReader::new(&mut *content), budget, sink),
        };
        if let Err(problem) = cells {
            if problem.kind != ProblemKind::Malformed {
                return Err(problem);
            }
            sink.incomplete(problem);
        }
        read_parts(content, budget, sink, &around_cells)
    }
}

fn around_cells(name: &str) -> Part {
    let own = name.strip_prefix("xl/").unwrap_or(name);
    let cells = is_sheet(name)
        || matches!(own, "sharedStrings.xml" | "styles.xml" | "calcChain.xml" | "workbook.xml" | "metadata.xml");
    let binary = has_extension(name, "bin");
    let embedded = own.starts_with("embeddings/") || own.starts_with("vbaProject");
    if cells || (binary && !embedded) {
        Part::Nothing
    } else {
        part(name)
    }
}

fn has_extension(name: &str, wanted: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(wanted))
}

fn is_sheet(name: &str) -> bool {
    (name.contains("worksheets/") || name.contains("macrosheets/")) && has_extension(name, "xml")
}

/// Inflates the parts that calamine will read, charging the budget, and reads what stands after the
/// cells of each sheet. Returns whether the workbook is a binary one.
fn count(content: &mut Content, budget: &Budget, sink: &mut dyn Sink) -> Result<bool, Problem> {
    let mut archive = open(content)?;
    let binary = archive.index_for_name("xl/workbook.bin").is_some();
    for index in 0..archive.len() {
        budget.check()?;
        let Ok(mut entry) = archive.by_index(index) else {
            continue;
        };
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        // A relationship can lead calamine to a part of any name, so every part is counted.
        let lower = name.to_ascii_lowercase();
        let foreign = lower.contains("media/") || lower.contains("embeddings/");
        let whole = lower.ends_with("sharedstrings.xml") || has_extension(&lower, "bin");
        let mut count = Count::new(whole, !whole && !foreign, is_sheet(&name));
        let tail = count.run(&mut entry, budget)?;
        flow::part("formulas", &count.formulas.text, sink);
        if !tail.is_empty() {
            match read_part(&name, &mut tail.as_slice(), budget, sink) {
                Err(problem) if problem.kind != ProblemKind::Malformed => return Err(problem),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(binary)
}

/// Counts the bytes of a part.
struct Count {
    /// Whether calamine holds all of it.
    held: bool,
    /// Whether it is XML that calamine reads tag by tag.
    tagged: bool,
    /// Whether what follows the cells is kept.
    sheet: bool,
    total: u64,
    since_tag: u64,
    carried: Vec<u8>,
    tail: Option<Vec<u8>>,
    formulas: Formulas,
}

impl Count {
    fn new(held: bool, tagged: bool, sheet: bool) -> Self {
        Self {
            held,
            tagged,
            sheet,
            total: 0,
            since_tag: 0,
            carried: Vec::new(),
            tail: None,
            formulas: Formulas::default(),
        }
    }

    fn run(&mut self, part: &mut dyn Read, budget: &Budget) -> Result<Vec<u8>, Problem> {
        let bound = budget.limits().max_held_bytes;
        let mut metered = budget.meter(part);
        let mut block = vec![0; 64 * 1024];
        loop {
            let read = match metered.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(_) => match metered.problem() {
                    Some(problem) => return Err(problem),
                    // What is damaged is told when the cells are read.
                    None => break,
                },
            };
            let bytes = block.get(..read).unwrap_or_default();
            self.total += read as u64;
            self.since_tag = match memchr::memrchr(b'<', bytes) {
                Some(at) => (read - at) as u64,
                None => self.since_tag + read as u64,
            };
            if (self.held && self.total > bound) || (self.tagged && self.since_tag > MAX_NODE_BYTES) {
                return Err(Problem::new(ProblemKind::LimitMemory, Stage::Extract).at(self.total));
            }
            if self.sheet {
                self.formulas.take(bytes);
                self.keep(bytes);
            }
        }
        Ok(self.tail.take().unwrap_or_default())
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(tail) = &mut self.tail {
            let left = MAX_TAIL_BYTES.saturating_sub(tail.len());
            tail.extend_from_slice(bytes.get(..left.min(bytes.len())).unwrap_or_default());
            return;
        }
        self.carried.extend_from_slice(bytes);
        if let Some(at) = memchr::memmem::find(&self.carried, CELLS_END) {
            self.tail = Some(self.carried.split_off(at + CELLS_END.len()));
            self.carried = Vec::new();
        } else {
            let keep = self.carried.len().min(CELLS_END.len());
            self.carried.drain(..self.carried.len() - keep);
        }
    }
}

fn cells<R: Read + Seek>(reader: R, budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
    let mut book = walled(|| match Xlsx::new(reader) {
        Ok(book) => Ok(book),
        Err(XlsxError::Password) => Err(Problem::new(ProblemKind::Encrypted, Stage::Extract)),
        Err(_) => Err(malformed()),
    })?;
    let sheets = book.sheets_metadata().to_vec();
    flow::part("sheets", &names_of(&sheets, book.defined_names()), sink);
    each_sheet(&sheets, sink, |name, sheet, sink| {
        let mut reader = walled(|| book.worksheet_cells_reader(name).map_err(|_| malformed()))?;
        while let Some(cell) = walled(|| reader.next_cell().map_err(|_| malformed()))? {
            sheet.cell(&cell, budget, sink)?;
        }
        Ok(())
    })
}

fn binary_cells<R: Read + Seek>(
    reader: R,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut book: Xlsb<R> = walled(|| Xlsb::new(reader).map_err(|_| malformed()))?;
    let sheets = book.sheets_metadata().to_vec();
    flow::part("sheets", &names_of(&sheets, book.defined_names()), sink);
    each_sheet(&sheets, sink, |name, sheet, sink| {
        let mut reader = walled(|| book.worksheet_cells_reader(name).map_err(|_| malformed()))?;
        while let Some(cell) = walled(|| reader.next_cell().map_err(|_| malformed()))? {
            sheet.cell(&cell, budget, sink)?;
        }
        Ok(())
    })
}

/// The names of sheets, and names that stand for a text: others stand for cells, which are read.
fn names_of(sheets: &[Sheet], defined: &[(String, String)]) -> String {
    let sheets = sheets.iter().map(|sheet| sheet.name.clone());
    let texts = defined.iter().filter(|(_, meant)| meant.contains('"'));
    let all: Vec<String> = sheets.chain(texts.map(|(name, meant)| format!("{name}\t{meant}"))).collect();
    all.join("\n")
}

/// A sheet that is being read.
struct OpenSheet {
    cells: SheetCells,
    seen: u32,
}

impl OpenSheet {
    fn cell(
        &mut self,
        cell: &Cell<DataRef<'_>>,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let (row, column) = cell.get_position();
        self.cells.add(row, column, cell.get_value(), sink);
        self.seen = self.seen.wrapping_add(1);
        if self.seen.is_multiple_of(1024) {
            budget.check()?;
        }
        Ok(())
    }
}

/// Reads sheet after sheet with `read`. One that breaks off is told, with its number; its cells up to there
/// and the sheets after it are read.
fn each_sheet(
    sheets: &[Sheet],
    sink: &mut dyn Sink,
    mut read: impl FnMut(&str, &mut OpenSheet, &mut dyn Sink) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut first_id = 0;
    for (at, sheet) in sheets.iter().enumerate() {
        let mut open = OpenSheet {
            cells: SheetCells::new(&sheet.name, first_id),
            seen: 0,
        };
        match read(&sheet.name, &mut open, &mut *sink) {
            Ok(()) => {}
            // Sheets of charts and macros hold no cells.
            Err(problem) if problem.kind == ProblemKind::Malformed => {
                if sheet.typ == SheetType::WorkSheet {
                    sink.incomplete(problem.at(at as u64));
                }
            }
            Err(problem) => return Err(problem),
        }
        first_id = open.cells.finish(sink);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};
    use super::super::zip_of;
    use super::*;
    use crate::model::{Cancel, Fact, Limits, Piece};
    use calamine::SheetVisible;

    fn workbook(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
        let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
                    <sheets><sheet name=\"Ansatte\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/></sheets></workbook>";
        let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
                    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
        let sheet = format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{sheet}</worksheet>");
        let package = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
                    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("_rels/.rels", package.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ];
        parts.extend_from_slice(more);
        zip_of(&parts)
    }

    fn text(at: &str, text: &str) -> String {
        format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    }

    #[test]
    fn cells_have_headers_rows_and_places() {
        let sheet = format!(
            "<sheetData><row r=\"1\">{}</row><row r=\"3\">{}{}</row><row r=\"4\">{}<c r=\"B4\"><v>1019012345</v></c></row></sheetData>\
             <headerFooter><oddHeader>Konfidensielt</oddHeader></headerFooter>",
            text("A1", "Ansattliste"), text("A3", "Navn"), text("B3", "Nummer"), text("A4", "Kari"),
        );
        let comments = b"<comments><commentList><comment><text><r><t>ring henne</t></r></text></comment></commentList></comments>";
        let seen = read_one("a.xlsx", &workbook(&sheet, &[("xl/comments1.xml", comments)]));
        assert_eq!(seen.cell("Navn", 4), Some("Kari"), "{} {:?}", seen.ending(), seen.cells);
        assert_eq!(seen.cell("Nummer", 4), Some("1019012345"));
        assert_eq!(seen.cell("Navn", 1), Some("Ansattliste"));
        assert!(seen.text.contains("Konfidensielt") && seen.text.contains("ring henne"), "{}", seen.text);
        assert_eq!(seen.ending(), "scanned");
    }

    #[test]
    fn what_stands_beside_the_cells_is_read() {
        let sheet = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><f>HYPERLINK(\"mailto:kari@example.no\",\"Kari\")</f><v>Kari</v></c></row></sheetData>\
                     <dataValidations><dataValidation promptTitle=\"Velg\" prompt=\"Ring Per\"><formula1>\"Ola,Åse\"</formula1></dataValidation></dataValidations>\
                     <autoFilter><filterColumn><filters><filter val=\"Filtrert\"/></filters></filterColumn></autoFilter>\
                     <scenarios><scenario name=\"Plan\" user=\"Moe\" comment=\"merknad\"><inputCells r=\"A1\" val=\"innsatt\"/></scenario></scenarios>";
        let pivot = "<pivotCacheDefinition refreshedBy=\"Oppdatert Av\"><cacheField name=\"Felt\"><sharedItems><s v=\"Delt\"/><n v=\"40612345\"/></sharedItems></cacheField></pivotCacheDefinition>";
        let people = "<personList><person displayName=\"Anne\" userId=\"S::anne@example.no::1\"/></personList>";
        let bytes = workbook(sheet, &[
            ("xl/pivotCache/pivotCacheDefinition1.xml", pivot.as_bytes()),
            ("xl/persons/person.xml", people.as_bytes()),
            ("xl/connections.xml", b"<connection name=\"Kilde\"><dbPr connection=\"User ID=sa\" command=\"select x\"/></connection>"),
        ]);
        let text = read_one("a.xlsx", &bytes).text;
        for wanted in [
            "Ansatte", "mailto:kari@example.no", "Velg", "Ring Per", "Ola,Åse", "Filtrert", "Plan", "Moe", "merknad", "innsatt",
            "Oppdatert Av", "Felt", "Delt", "40612345", "Anne", "anne@example.no", "Kilde", "User ID=sa", "select x",
        ] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
    }

    #[test]
    fn sheets_of_old_macros_are_read_and_hide_no_other() {
        let parts = |target: &str, kind: &str, name: &str| {
            format!("<Relationship Id=\"{name}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>")
        };
        let rels = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}{}</Relationships>",
            parts("worksheets/sheet1.xml", "worksheet", "rId1"),
            parts("macrosheets/sheet1.xml", "worksheet", "rId2").replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet",
                "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet",
            ),
        );
        let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"r\"><sheets>\
            <sheet name=\"Ansatte\" r:id=\"rId1\"/><sheet name=\"Makro1\" state=\"veryHidden\" r:id=\"rId2\"/></sheets></workbook>";
        let of = |kind: &str, cells: &str| {
            format!("<{kind} xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">{cells}</row></sheetData></{kind}>")
        };
        let macros = "<c r=\"A1\" t=\"str\"><f>ALERT(\"Ring Per\")</f><v>15888610127</v></c>";
        let sheet = of("worksheet", &text("A1", "15888610046"));
        let macrosheet = of("xm:macrosheet", macros).replace("<xm:macrosheet ", "<xm:macrosheet xmlns:xm=\"m\" ");
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
            ("xl/macrosheets/sheet1.xml", macrosheet.as_bytes()),
        ];
        let package = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
            Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
        parts.push(("_rels/.rels", package.as_bytes()));
        let seen = read_one("a.xlsm", &zip_of(&parts));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("xlsx"), "scanned"));
        for wanted in ["15888610046", "15888610127", "Ring Per", "Makro1"] {
            assert!(seen.text.contains(wanted), "{wanted}: {}", seen.text);
        }
    }

    #[test]
    fn a_sparse_sheet_costs_nothing() {
        let sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
        let seen = read_one("a.xlsx", &workbook(sheet, &[]));
        assert_eq!(seen.cells.len(), 2);
        assert_eq!(seen.cells[1].1, 1_048_576);
    }

    #[test]
    fn bombs_are_stopped_before_they_are_parsed() {
        let node = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(80 << 20));
        let seen = read_one("a.xlsx", &workbook("<sheetData/>", &[("xl/sharedStrings.xml", node.as_bytes())]));
        assert!(seen.ending().ends_with("limit-bytes"), "{}", seen.ending());
        let long = format!("<sheetData>{}</sheetData>", text("A1", &"a".repeat(20 << 20)));
        assert_eq!(read_one("a.xlsx", &workbook(&long, &[])).ending(), "failed limit-memory");
    }

    #[test]
    fn cut_files_end_in_an_outcome() {
        let whole = workbook(&format!("<sheetData><row r=\"1\">{}</row></sheetData>", text("A1", "hei")), &[]);
        for cut in (0..whole.len()).step_by(7) {
            assert!(read("a.xlsx", &whole[..cut])[0].end.is_some());
        }
    }

    /// Keeps the text of cells and the problems.
    #[derive(Default)]
    struct Kept(String, Vec<Problem>);

    impl Sink for Kept {
        fn piece(&mut self, piece: Piece<'_>) {
            self.0.push_str(piece.text);
        }
        fn member(&mut self, _: &[u8], _: &mut dyn std::io::Read) -> Result<(), Problem> {
            Ok(())
        }
        fn unread_member(&mut self, _: &[u8], _: Problem) {}
        fn fact(&mut self, _: Fact) {}
        fn incomplete(&mut self, problem: Problem) {
            self.1.push(problem);
        }
    }

    #[test]
    fn a_sheet_on_which_the_library_panics_costs_the_rest_of_itself() {
        let sheet = |name: &str| Sheet {
            name: name.to_owned(),
            typ: SheetType::WorkSheet,
            visible: SheetVisible::Visible,
        };
        let budget = Budget::new(Limits::default(), Cancel::default(), 1);
        let mut kept = Kept::default();
        let read = each_sheet(&[sheet("a"), sheet("b")], &mut kept, |name, open, sink| {
            open.cell(&Cell::new((0, 0), DataRef::SharedString(name)), &budget, sink)?;
            walled(|| {
                assert_ne!(name, "a", "as a library would");
                Ok(())
            })?;
            open.cell(&Cell::new((1, 0), DataRef::SharedString("mer")), &budget, sink)
        });
        assert_eq!(read, Ok(()));
        assert!(kept.0.contains('a') && kept.0.contains("b\nmer"), "{}", kept.0);
        let kinds: Vec<_> = kept.1.iter().map(|own| (own.kind, own.at)).collect();
        assert_eq!(kinds, [(ProblemKind::Malformed, Some(0))]);
    }
}
