//! Visio drawings (OOXML): the texts of shapes, and what their fields say. Measures of shapes are no text.

use file_format::FileFormat;

use super::super::package::{Part, is_named, part, read_parts};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Vsdx = Vsdx;

/// Reads them.
pub(crate) struct Vsdx;

static INFO: FormatInfo = FormatInfo {
    id: "vsdx",
    title: "Visio drawing (OOXML)",
    extensions: &["vsdx", "vsdm", "vstx", "vstm", "vssx", "vssm"],
    version: 1,
    isolated: false,
    reads: "texts of all shapes, values and labels of their fields, comments, links, description; embedded files and pictures are members",
};

impl Format for Vsdx {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.signature == FileFormat::OfficeOpenXmlDrawing || is_named(head, INFO.extensions) {
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
        read_parts(content, budget, sink, &|name| match name {
            "visio/windows.xml" => Part::Nothing,
            _ => part(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;
    use super::super::zip_of;

    #[test]
    fn texts_and_fields_of_shapes_are_read_and_measures_are_not() {
        let page = "<PageContents><Shapes><Shape><Cell N='PinX' V='2.15888610'/><Cell N='TxtWidth' V='40612345'/>\
            <Section N='Property'><Row N='Row_1'><Cell N='Value' V='Per Hansen' U='STR'/><Cell N='Label' V='Navn'/></Row></Section>\
            <Text><cp IX='0'/>Leder: K&#229;re<pp IX='0'/>\nfnr 15888610046\n</Text></Shape></Shapes></PageContents>";
        let bytes = zip_of(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("visio/pages/page1.xml", page.as_bytes()),
        ]);
        for name in ["tegning.vsdx", "ukjent"] {
            let seen = read_one(name, &bytes);
            assert_eq!((seen.format, seen.ending().as_str()), (Some("vsdx"), "scanned"));
            for wanted in ["Per Hansen", "Navn", "Leder: Kåre\nfnr 15888610046"] {
                assert!(seen.text.contains(wanted), "{wanted}: {}", seen.text);
            }
            assert!(!seen.text.contains("40612345") && !seen.text.contains("2.158"), "{}", seen.text);
        }
    }
}
