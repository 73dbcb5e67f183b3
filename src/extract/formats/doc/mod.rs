//! Word documents from before 2007: Word 2, 6, 95 and 97 to 2003.
//!
//! The text is taken out by `office_oxide`: body, notes, headers and footers, comments and text boxes.
//! It leaves out hidden text and text that a tracked change deletes: `marked` finds those. Embedded files
//! are members; pictures are not looked at.

mod marked;
mod rows;

use std::io::Cursor;

use file_format::FileFormat;
use office_oxide::doc::{DocDocument, DocError, SubDocumentKind};

use super::super::compound::{
    is_unnamed, lists, malformed, open, stream_or_tell, summaries, u16_at,
};
use super::super::embedded::embedded;
use super::super::old_pictures::pictures;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Doc = Doc;

/// Reads them.
pub(crate) struct Doc;

static INFO: FormatInfo = FormatInfo {
    id: "doc",
    title: "Word 97-2003 document",
    extensions: &["doc", "dot"],
    version: 6,
    isolated: true,
    reads: "text, notes, headers and footers, comments, text boxes, hidden text and deletions that are tracked (Word 97 and later), macros, controls of forms, title, author and dates; embedded files and pictures are members",
};

/// Identifier and version at the beginning of a file of Word 2, which is no compound file.
const WORD_2: &[u8] = b"\xDB\xA5\x2D\0";
const MAIN: &str = "WordDocument";
const DATA: &str = "Data";

impl Format for Doc {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let likely = || head.has_extension(INFO.extensions) || lists(head, MAIN);
        if head.signature == FileFormat::MicrosoftWordDocument
            || (is_unnamed(head) && likely())
            || head.bytes.starts_with(WORD_2)
        {
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
        // The library forgives damage that opening here does not, so this failure is not the last word.
        let mut file = match open(content, budget) {
            Ok(file) => Some(file),
            Err(problem) if problem.kind == ProblemKind::Malformed => None,
            Err(problem) => return Err(problem),
        };
        let main = match &mut file {
            Some(file) if file.is_stream(MAIN) => stream_or_tell(file, MAIN, budget, sink)?,
            Some(_) | None => Vec::new(),
        };
        if is_encrypted(&main) {
            return Err(encrypted());
        }
        let bytes = content.whole(budget)?;
        let document = DocDocument::from_reader(Cursor::new(bytes)).map_err(|error| match error {
            DocError::Encrypted => encrypted(),
            DocError::Cfb(_)
            | DocError::InvalidFib(_)
            | DocError::UnsupportedVersion(_)
            | DocError::InvalidPieceTable(_)
            | DocError::MissingStream(_)
            | DocError::Corrupted(_)
            | DocError::Io(_) => malformed(),
        })?;
        budget.check()?;
        flow::part("body", &rows::on_lines(document.plain_text_ref()), sink);
        for part in document.subdocuments() {
            flow::part(part_name(part.kind), &rows::on_lines(&part.text), sink);
        }
        if !document.text_complete() {
            sink.incomplete(malformed());
        }
        let Some(file) = &mut file else {
            return Ok(());
        };
        if let Some(table) = table_of(&main).filter(|table| file.is_stream(table)) {
            let table = stream_or_tell(file, table, budget, sink)?;
            let text = marked::marked(&main, &table).unwrap_or_default();
            flow::part("hidden and deleted text", &text, sink);
        }
        embedded(file, budget, sink)?;
        let number = pictures(&main, 0, sink)?;
        if file.is_stream(DATA) {
            let data = stream_or_tell(file, DATA, budget, sink)?;
            pictures(&data, number, sink)?;
        }
        summaries(file, budget, sink)
    }
}

fn encrypted() -> Problem {
    Problem::new(ProblemKind::Encrypted, Stage::Extract)
}

/// What marks the header of the main stream of Word 97 and later, [MS-DOC] 2.5.2.
const IDENT: u16 = 0xA5EC;

/// A flag of the header, which stands in the second ten bytes.
fn has_flag(main: &[u8], flag: u16) -> bool {
    u16_at(main, 0) == Some(IDENT) && u16_at(main, 10).is_some_and(|own| own & flag != 0)
}

/// `fEncrypted`, in a file of Word 97 or later.
fn is_encrypted(main: &[u8]) -> bool {
    has_flag(main, 0x0100)
}

/// The stream of tables that the header names, in a file of Word 97 or later (`nFib`).
fn table_of(main: &[u8]) -> Option<&'static str> {
    const WORD_97: u16 = 0x00C1;
    let recent = u16_at(main, 0) == Some(IDENT) && u16_at(main, 2)? >= WORD_97;
    recent.then(|| if has_flag(main, 0x0200) { "1Table" } else { "0Table" })
}

fn part_name(kind: SubDocumentKind) -> &'static str {
    match kind {
        SubDocumentKind::Footnotes => "footnotes",
        SubDocumentKind::HeadersFooters => "headers and footers",
        SubDocumentKind::Comments => "comments",
        SubDocumentKind::Endnotes => "endnotes",
        SubDocumentKind::TextBoxes | SubDocumentKind::HeaderTextBoxes => "text boxes",
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::compound::tests::{DAY, compound_of, summary_of};
    use super::super::super::recorder::read_one;
    use crate::model::{DateInterval, DateSource, Fact};
    use jiff::civil::date;

    /// The main stream and the table stream of a document of one piece in Windows-1252.
    fn streams(text: &[u8], flags: u16) -> (Vec<u8>, Vec<u8>) {
        const TEXT_AT: usize = 0x600;
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        let mut main = vec![0; TEXT_AT];
        let mut set = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
        set(0, &[0xEC, 0xA5, 0xC1, 0]);
        set(0x0A, &(flags | 0x0200).to_le_bytes());
        set(0x20, &[14, 0]);
        set(0x3E, &[22, 0]);
        set(0x4C, &length);
        set(0x98, &[0x5D, 0]);
        let mut table = vec![0; 16];
        set(0x1A2, &16_u32.to_le_bytes());
        set(0x1A6, &21_u32.to_le_bytes());
        table.extend([2, 16, 0, 0, 0, 0, 0, 0, 0]);
        table.extend(length);
        table.extend([0, 0]);
        table.extend(((u32::try_from(TEXT_AT).unwrap() * 2) | 0x4000_0000).to_le_bytes());
        table.extend([0, 0]);
        main.extend_from_slice(text);
        (main, table)
    }

    fn document(flags: u16) -> Vec<u8> {
        let (main, table) = streams(b"\xC5se \xD8deg\xE5rd, 01019012345\rL\xF8nn\r", flags);
        let mut author = vec![0x1E, 0, 0, 0, 9, 0, 0, 0];
        author.extend(b"Kari Moe\0");
        let mut created = vec![0x40, 0, 0, 0];
        created.extend(DAY.to_le_bytes());
        let summary = summary_of(&[(4, &author), (12, &created)]);
        compound_of(&[
            ("WordDocument", &main),
            ("1Table", &table),
            ("\u{5}SummaryInformation", &summary),
        ])
    }

    #[test]
    fn text_author_and_date_are_read() {
        let seen = read_one("a", &document(0));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("doc"), "scanned"));
        for part in ["Åse Ødegård, 01019012345\nLønn", "Kari Moe\n"] {
            assert!(seen.text.contains(part), "{part}: {}", seen.text);
        }
        let created = Fact::Date {
            source: DateSource::EmbeddedCreated,
            interval: DateInterval::day(date(2024, 5, 17)),
        };
        assert_eq!(seen.facts, [created]);
    }

    /// A document whose characters from 5 to 9 are marked by `change`.
    fn marked_by(change: [u8; 3]) -> Vec<u8> {
        let (mut main, mut table) = streams(b"Kari Ola! Per\r", 0);
        let place = |at: usize| u32::try_from(0x600 + at).unwrap().to_le_bytes();
        let mut page = vec![0; 512];
        for (at, offset) in [0, 5, 9, 14].into_iter().enumerate() {
            page[at * 4..at * 4 + 4].copy_from_slice(&place(offset));
        }
        page[17] = 100;
        page[200] = 3;
        page[201..204].copy_from_slice(&change);
        page[511] = 3;
        main.resize(0x800, 0);
        main.extend(page);
        let formatting = u32::try_from(table.len()).unwrap().to_le_bytes();
        main[0xFA..0xFE].copy_from_slice(&formatting);
        main[0xFE..0x102].copy_from_slice(&12_u32.to_le_bytes());
        table.extend(place(0));
        table.extend(place(14));
        table.extend(4_u32.to_le_bytes());
        compound_of(&[("WordDocument", &main), ("1Table", &table)])
    }

    #[test]
    fn hidden_and_deleted_text_is_read_apart() {
        for change in [[0x00, 0x08, 1], [0x3C, 0x08, 1]] {
            let seen = read_one("a.doc", &marked_by(change));
            assert!(seen.text.ends_with("\nOla!\n"), "{change:?}: {:?}", seen.text);
            assert_eq!(seen.ending(), "scanned");
        }
        for change in [[0x00, 0x08, 0], [0x35, 0x08, 1]] {
            assert!(!read_one("a.doc", &marked_by(change)).text.ends_with("\nOla!\n"));
        }
    }

    #[test]
    fn encrypted_documents_are_told_as_such() {
        let seen = read_one("a.doc", &document(0x0100));
        assert_eq!(seen.ending(), "failed encrypted");
        assert!(seen.text.is_empty());
    }

    #[test]
    fn garbage_and_cut_files_end_without_a_panic() {
        let whole = document(0);
        for length in (8..whole.len()).step_by(211) {
            let seen = read_one("a.doc", &whole[..length]);
            assert!(!seen.ending().contains("panic"), "{length}");
        }
        let (main, _) = streams(b"tekst", 0);
        let no_table = compound_of(&[("WordDocument", &main)]);
        assert_eq!(read_one("a.doc", &no_table).ending(), "failed malformed");
        let word_2 = read_one("a", b"\xDB\xA5\x2D\0kort");
        assert_eq!((word_2.format, word_2.facts.len()), (Some("doc"), 0));
        let garbage = compound_of(&[("WordDocument", &[0xEC; 3000]), ("1Table", &[7; 900])]);
        assert_eq!(read_one("a.doc", &garbage).ending(), "failed malformed");
    }
}
