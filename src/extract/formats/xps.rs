//! Pages in XML, as the printers of Windows write them (XPS and `OpenXPS`).

use file_format::FileFormat;

use super::super::package::{Part, part, read_parts};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Xps = Xps;

/// Reads them.
pub(crate) struct Xps;

static INFO: FormatInfo = FormatInfo {
    id: "xps",
    title: "XPS document",
    extensions: &["xps", "oxps"],
    version: 1,
    isolated: false,
    reads: "text of all pages, links, description; pictures are members",
};

impl Format for Xps {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let named = head.bytes.starts_with(b"PK") && head.has_extension(INFO.extensions);
        if head.signature == FileFormat::Openxps || named {
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
        read_parts(content, budget, sink, &|name| {
            match name.rsplit_once('.').map(|(_, extension)| extension) {
                // A large page may be stored in pieces, which are not put together.
                Some("fpage") => Part::Page,
                Some("fdoc" | "fdseq" | "odttf" | "ttf" | "dict" | "psmdcp") => Part::Nothing,
                _ => part(name),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;
    use super::super::zip_of;

    fn run(y: u32, text: &str) -> String {
        format!("<Glyphs OriginX=\"1\" OriginY=\"{y}\" UnicodeString=\"{text}\" Indices=\"43;72\"/>")
    }

    #[test]
    fn runs_on_a_line_are_one_line() {
        let runs = [run(10, "Navn:"), run(10, "K&#229;re"), run(20, "{}{fnr} 158886"), run(20, " 10046")].concat();
        let page = format!(
            "<FixedPage xml:lang=\"nb\">{runs}<Canvas FixedPage.NavigateUri=\"mailto:kari@firma.no\"/></FixedPage>"
        );
        let bytes = zip_of(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("FixedDocumentSequence.fdseq", b"<FixedDocumentSequence/>"),
            ("Documents/1/Pages/1.fpage", page.as_bytes()),
            ("Resources/logo.txt", b"logo"),
        ]);
        for name in ["side.xps", "ukjent"] {
            let seen = read(name, &bytes);
            assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("xps"), "scanned"));
            assert_eq!(seen[0].text.trim(), "Navn: Kåre\n{fnr} 158886 10046\nmailto:kari@firma.no");
            assert_eq!(seen[1].text, "logo");
            assert_eq!(seen.len(), 2);
        }
    }
}
