//! Presentations of `PowerPoint` (OOXML).
//!
//! Everything is read by the package reader; this file only tells which packages are of the kind.

use file_format::FileFormat;

use super::super::package::{is_named, part, read_parts};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Pptx = Pptx;

/// Reads them.
pub(crate) struct Pptx;

static INFO: FormatInfo = FormatInfo {
    id: "pptx",
    title: "PowerPoint presentation",
    extensions: &["pptx", "pptm", "ppsx", "ppsm", "potx", "potm"],
    version: 6,
    isolated: false,
    reads: "text of all slides, layouts, notes and comments, links, description; embedded files and pictures are members",
};

impl Format for Pptx {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if matches!(head.signature, FileFormat::OfficeOpenXmlPresentation) {
            return Match::Sure;
        }
        if is_named(head, INFO.extensions) {
            return Match::Sure;
        }
        Match::No
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        read_parts(content, budget, sink, &part)
    }
}
