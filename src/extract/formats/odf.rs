//! `OpenDocument` texts, presentations and drawings.
//!
//! Everything is read by the package reader; this file only tells which packages are of the kind.

use file_format::FileFormat;

use super::super::package::{is_named, part, read_parts, refuse_encrypted};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Odf = Odf;

/// Reads them.
pub(crate) struct Odf;

static INFO: FormatInfo = FormatInfo {
    id: "odf",
    title: "OpenDocument text, presentation or drawing",
    extensions: &["odt", "ott", "odp", "otp", "odg", "odf"],
    version: 4,
    isolated: false,
    reads: "all text of all parts, annotations, tracked changes, links, description; embedded files and pictures are members",
};

const SIGNATURES: &[FileFormat] = &[
    FileFormat::OpendocumentText,
    FileFormat::OpendocumentTextTemplate,
    FileFormat::OpendocumentTextMaster,
    FileFormat::OpendocumentTextMasterTemplate,
    FileFormat::OpendocumentPresentation,
    FileFormat::OpendocumentPresentationTemplate,
    FileFormat::OpendocumentGraphics,
    FileFormat::OpendocumentGraphicsTemplate,
];

impl Format for Odf {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if SIGNATURES.contains(&head.signature) {
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
        refuse_encrypted(content, budget)?;
        read_parts(content, budget, sink, &part)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;
    use super::super::zip_of;

    #[test]
    fn spans_join_and_notes_do_not() {
        let body = b"<office:text><text:p>1505<text:span>86</text:span> <text:s/>Kari<office:annotation><text:p>merknad</text:p></office:annotation></text:p><text:p><text:a xlink:href=\"mailto:kari@example.no\">skriv</text:a></text:p></office:text>";
        let seen = read_one("a.odt", &zip_of(&[("content.xml", body)]));
        assert_eq!(seen.format, Some("odf"));
        assert!(seen.text.contains("150586"), "{}", seen.text);
        assert!(seen.text.contains("Kari\nmerknad\n"), "{}", seen.text);
        assert!(seen.text.contains("mailto:kari@example.no"));
    }

    #[test]
    fn an_encrypted_manifest_is_told() {
        let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
        let bytes = zip_of(&[("META-INF/manifest.xml", manifest), ("content.xml", b"\x01\x02")]);
        assert_eq!(read_one("a.odt", &bytes).ending(), "failed encrypted");
    }
}
