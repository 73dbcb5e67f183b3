//! Rich Text Format: running text with what stands beside it, the description, and its dates.
//!
//! Pictures and embedded files are members that are told and not read. Text that only programs see
//! (styles, properties of shapes) is left out, and so is HTML inside RTF, which says the same again.
//! Source of the control words: Microsoft, Rich Text Format Specification 1.9.1.

mod charsets;
mod document;
mod held;
mod state;
mod tokens;

use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Rtf = Rtf;

/// Reads RTF documents.
pub(crate) struct Rtf;

static INFO: FormatInfo = FormatInfo {
    id: "rtf",
    title: "Rich Text Format",
    extensions: &["rtf"],
    version: 2,
    isolated: false,
    reads: "running text, tables, headers, footers, notes, comments, links, text boxes, description; pictures and embedded files are members, those in forms of old programs are told",
};

impl Format for Rtf {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.trim_ascii_start().starts_with(b"{\\rtf") {
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
        document::read(content, budget, sink)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};
    use crate::model::{DateInterval, DateSource, Fact};
    use jiff::civil::date;

    #[test]
    fn letters_are_read_in_the_code_page_of_document_and_font() {
        let text = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}
{\pard \'c5se \'d8deg\'e5rd\par K\u230 ?re {\f1 \'c8\'e2\'e0\'ed} Fin\u-3 ?\u10 \u9731?\uc2\u229 xxs\uc0\u248}}";
        let seen = read_one("a.rtf", text.as_bytes());
        assert_eq!(seen.format, Some("rtf"));
        assert_eq!(seen.ending(), "scanned");
        assert!(
            seen.text.starts_with("Åse Ødegård\nKære Иван Fin\u{fffd}\n☃åsø"),
            "{:?}",
            seen.text
        );
    }

    #[test]
    fn what_is_for_programs_is_left_out_and_what_people_wrote_is_not() {
        let text = r#"{\rtf1{\stylesheet{\s0 Normal 99887766;}}{\*\generator Skriver 1;}
{\info{\author Kari Forfatter}{\operator Per}{\creatim\yr2024\mo5\dy17\hr9}{\revtim\yr2025\mo1\dy2}}
{\header Topptekst\par}Ring {\field{\*\fldinst HYPERLINK "mailto:ola@example.no"}{\fldrslt Ola Nordmann}} n\'e5
{\footnote Se vedtak}.{\*\annotation husk dette}\par
Navn\cell 150\b 886\b0 10046\cell\row{\pict\pngblip 89504e47}{\object{\*\objdata 0105}}{\*\ukjent borte}\~slutt}"#;
        let seen = read("a.rtf", text.as_bytes());
        let own = &seen[0];
        for wanted in [
            "Kari Forfatter", "Per", "Topptekst", "Ring Ola Nordmann nå.", "ola@example.no",
            "Se vedtak", "husk dette", "Navn\t15088610046", "slutt",
        ] {
            assert!(own.text.contains(wanted), "{wanted}: {:?}", own.text);
        }
        for unwanted in ["99887766", "Skriver", "borte", "89504e47", "0105"] {
            assert!(!own.text.contains(unwanted), "{unwanted}: {:?}", own.text);
        }
        let fact = |source, day| Fact::Date {
            source,
            interval: DateInterval::day(day),
        };
        let created = fact(DateSource::EmbeddedCreated, date(2024, 5, 17));
        let modified = fact(DateSource::EmbeddedModified, date(2025, 1, 2));
        assert_eq!(own.facts, [created, modified]);
        assert_eq!(seen[1].ending(), "skipped image-without-text");
        assert_eq!(seen[2].ending(), "skipped unsupported");
    }

    #[test]
    fn pictures_and_embedded_files_are_members() {
        use super::super::super::compound::tests::compound_of;
        use super::super::drawing_of;
        use std::fmt::Write as _;
        let hex = |bytes: &[u8]| {
            bytes.iter().enumerate().fold(String::new(), |mut text, (at, byte)| {
                let line = if at % 40 == 39 { "\r\n" } else { "" };
                write!(text, "{byte:02x}{line}").unwrap();
                text
            })
        };
        let drawing = drawing_of("Kari 15888610046");
        let name = b"\x02\0liste.txt\0C:\\liste.txt\0\0\0\x03\0\x0D\0\0\0C:\\liste.txt\0";
        let file = [name.as_slice(), &[13, 0, 0, 0], b"15888610127\r\n"].concat();
        let head = b"\x01\x05\0\0\x02\0\0\0\x08\0\0\0Package\0\0\0\0\0\0\0\0\0";
        let size = u32::try_from(file.len()).unwrap().to_le_bytes();
        let package = [head.as_slice(), &size, &file].concat();
        let object = [b"\x01\x05\0\0".as_slice(), &compound_of(&[("Package", b"PK\x03\x04")])].concat();
        let mut text = format!(
            "{{\\rtf1{{\\*\\shppict{{\\pict{{\\*\\picprop 12}}\\emfblip {}}}}}{{\\object{{\\*\\objdata {}}}}}{{\\object{{\\*\\objdata {}}}}}{{\\pict\\emfblip\\bin{} ",
            hex(&drawing), hex(&package), hex(&object), drawing.len(),
        )
        .into_bytes();
        text.extend([drawing.as_slice(), b"}{\\pict\\dibitmap0 2800}}"].concat());
        let seen = read("a.rtf", &text);
        let own = |path: &str| seen.iter().find(|own| own.path == format!("a.rtf!/{path}")).unwrap();
        assert_eq!(own("picture-1").text, "Kari 15888610046");
        assert_eq!(own("liste.txt").text, "15888610127\r\n");
        assert_eq!(own("object-3").format, Some("ole"));
        assert_eq!(own("picture-4").text, "Kari 15888610046");
        assert_eq!(own("picture-5").ending(), "skipped image-without-text");
        assert_eq!(seen[0].ending(), "scanned");
    }

    #[test]
    fn characters_of_two_bytes_are_put_together() {
        let text = b"{\\rtf1\\ansicpg932 \\'93\\'fa\\'96{\\b }\\'7b\\'83A}";
        assert_eq!(read_one("a.rtf", text).text, "日本ア");
    }

    #[test]
    fn cut_and_hostile_documents_end_in_an_outcome() {
        let whole = br"{\rtf1\ansi{\fonttbl{\f0 A;}}\u-10179 ?\u-8704 ?{\*\x{\bin5 12}345}\'zz hei}";
        assert!(read_one("a.rtf", whole).text.contains("😀"));
        for cut in 6..whole.len() {
            let ending = read_one("a.rtf", &whole[..cut]).ending();
            assert!(!ending.contains("panic") && ending != "scanned", "{cut} {ending}");
        }
        let deep = [b"{\\rtf1 Per ".as_slice(), &b"{".repeat(1 << 20)].concat();
        assert_eq!(read_one("a.rtf", &deep).ending(), "partial malformed");
        let closed = [b"{\\rtf1 Per ".as_slice(), &b"}".repeat(1 << 16), b"etter"].concat();
        assert!(read_one("a.rtf", &closed).text.contains("etter"));
    }
}
