//! `OpenDocument` spreadsheets: cells by calamine, which holds whole sheets, so it runs in a child process.

use std::io::{BufReader, Cursor};

use calamine::{Reader, Ods, OdsError};
use file_format::FileFormat;

use super::super::package::{is_named, Part, part, read_parts, refuse_encrypted};
use super::super::sheets::{SheetCells, borrowed};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Workbook = Workbook;

/// Reads them.
pub(crate) struct Workbook;

static INFO: FormatInfo = FormatInfo {
    id: "ods",
    title: "OpenDocument spreadsheet",
    extensions: &["ods", "ots"],
    version: 3,
    isolated: true,
    reads: "cells of all sheets, hidden ones too, with column headers; annotations, links, description; embedded files and pictures are members",
};

impl Format for Workbook {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.signature == FileFormat::OpendocumentSpreadsheet
            || is_named(head, INFO.extensions)
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
        refuse_encrypted(content, budget)?;
        let bytes = content.whole(budget)?;
        let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
        let opened: Result<Ods<_>, _> = Ods::new(BufReader::new(Cursor::new(bytes)));
        let mut book = match opened {
            Ok(book) => book,
            Err(OdsError::Password) => {
                return Err(Problem::new(ProblemKind::Encrypted, Stage::Extract));
            }
            Err(_) => return Err(malformed),
        };
        flow::part("sheets", &book.sheet_names().join("\n"), sink);
        let mut first_id = 0;
        for (at, name) in book.sheet_names().iter().enumerate() {
            budget.check()?;
            let Ok(range) = book.worksheet_range(name) else {
                sink.incomplete(malformed.at(at as u64));
                continue;
            };
            let (top, left) = range.start().unwrap_or((0, 0));
            let mut cells = SheetCells::new(name, first_id);
            for (row, column, value) in range.used_cells() {
                let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
                let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
                cells.add(row, column, &borrowed(value), sink);
            }
            first_id = cells.finish(sink);
        }
        read_parts(content, budget, sink, &|name| match name {
            "content.xml" => Part::Annotations,
            _ => part(name),
        })
    }
}
