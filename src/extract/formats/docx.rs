//! Word documents (OOXML).
//!
//! Everything is read by the package reader; this file only tells which packages are of the kind.

use file_format::FileFormat;

use super::super::package::{is_named, part, read_parts};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem};

pub(crate) static FORMAT: Docx = Docx;

/// Reads them.
pub(crate) struct Docx;

static INFO: FormatInfo = FormatInfo {
    id: "docx",
    title: "Word document",
    extensions: &["docx", "docm", "dotx", "dotm"],
    version: 6,
    isolated: false,
    reads: "text of all parts: body, headers, footers, notes, comments, text boxes, deleted text, links, description; embedded files and pictures are members",
};

impl Format for Docx {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if matches!(head.signature, FileFormat::OfficeOpenXmlDocument) {
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

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{Seen, read, read_one, read_within};
    use super::super::zip_of;
    use crate::model::DateSource;

    fn docx(body: &str) -> Vec<u8> {
        let document = format!("<w:document><w:body>{body}</w:body></w:document>");
        zip_of(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
    }

    fn text(body: &str) -> String {
        read_one("a.docx", &docx(body)).text
    }

    #[test]
    fn runs_join_and_paragraphs_do_not() {
        let body = "<w:p>\n  <w:r><w:t>150586</w:t></w:r>\n  <w:r><w:rPr><w:b/></w:rPr><w:t>95088</w:t></w:r></w:p>\
                    <w:p><w:r><w:t>B&#229;l &amp; br</w:t><w:br/><w:t xml:space=\"preserve\"> ann</w:t></w:r></w:p>";
        assert_eq!(text(body).trim(), "15058695088\nBål & br\n ann");
    }

    #[test]
    fn cells_are_cut_by_tabs_and_rows_by_lines() {
        let cell = |text: &str| format!("<w:tc><w:tcPr><w:tcW w:w=\"960\"/></w:tcPr><w:p><w:pPr><w:jc/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
        let row = |a, b| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
        let body = format!("<w:tbl>{}{}</w:tbl>", row("Navn", "Nr"), row("Kari", "12"));
        assert_eq!(text(&body).trim(), "Navn\tNr\t\nKari\t12");
    }

    #[test]
    fn deleted_text_stands_apart() {
        let body = "<w:p><w:r><w:t>1505</w:t></w:r><w:del w:author=\"Per\"><w:r><w:delText>77</w:delText></w:r></w:del>\
                    <w:ins><w:r><w:t>86</w:t></w:r></w:ins></w:p>";
        let text = text(body);
        assert!(text.starts_with("150586\n"), "{text}");
        assert!(text.contains("77") && text.contains("Per"), "{text}");
    }

    #[test]
    fn all_parts_links_dates_and_embedded_files_are_read() {
        let core = "<cp:coreProperties><dc:creator>Ola Forfatter</dc:creator>\
                    <dcterms:created>2024-05-17T09:30:00Z</dcterms:created></cp:coreProperties>";
        let rels = "<Relationships><Relationship Target=\"mailto:kari@example.no\" TargetMode=\"External\"/>\
                    <Relationship Target=\"styles.xml\"/></Relationships>";
        let bytes = zip_of(&[
            ("word/document.xml", b"<w:p><w:t>kropp</w:t></w:p>"),
            ("word/footnotes.xml", b"<w:p><w:t>fotnote</w:t></w:p>"),
            ("word/_rels/document.xml.rels", rels.as_bytes()),
            ("docProps/core.xml", core.as_bytes()),
            ("word/embeddings/brev.txt", b"vedlagt tekst"),
        ]);
        let seen: Vec<Seen> = read("a.docx", &bytes);
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].format, Some("docx"));
        for wanted in ["kropp", "fotnote", "mailto:kari@example.no", "Ola Forfatter"] {
            assert!(seen[0].text.contains(wanted), "{wanted}");
        }
        assert!(!seen[0].text.contains("styles.xml"));
        assert_eq!(seen[1].text, "vedlagt tekst");
        let fact = &seen[0].facts[0];
        let crate::model::Fact::Date { source, interval } = fact else {
            panic!("no date: {fact:?}");
        };
        assert_eq!((*source, interval.first.to_string().as_str()), (DateSource::EmbeddedCreated, "2024-05-17"));
    }

    #[test]
    fn a_broken_part_leaves_the_others_and_is_told() {
        let bytes = zip_of(&[("word/document.xml", b"<w:p><w:t>hele</w:t></w:p><w:p"), ("word/footer1.xml", b"<w:p><w:t>bunn</w:t></w:p>")]);
        let seen = read_one("a.docx", &bytes);
        assert!(seen.text.contains("hele") && seen.text.contains("bunn"));
        assert_eq!(seen.ending(), "partial malformed");
    }

    #[test]
    fn cut_files_end_in_an_outcome() {
        let whole = docx("<w:p><w:r><w:t>tekst</w:t></w:r></w:p>");
        for cut in 0..whole.len() {
            let seen = read("a.docx", &whole[..cut]);
            assert!(seen[0].end.is_some());
        }
    }

    #[test]
    fn bombs_of_one_node_and_of_many_are_stopped() {
        let node = format!("<w:p><w:t>{}</w:t></w:p>", "a".repeat(20 << 20));
        assert_eq!(read_one("a.docx", &zip_of(&[("word/document.xml", node.as_bytes())])).ending(), "failed limit-memory");
        let many = "<w:p><w:t>a</w:t></w:p>".repeat(1 << 17);
        let limits = crate::model::Limits {
            free_inflated_bytes: 1 << 20,
            max_ratio: 2,
            ..crate::model::Limits::default()
        };
        let bytes = zip_of(&[("word/document.xml", many.as_bytes())]);
        let seen = read_within(limits, "a.docx", &bytes);
        assert_eq!(seen[0].ending(), "partial limit-bytes");
    }

    #[test]
    fn a_package_under_a_password_is_told_as_encrypted() {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(1024, 0);
        bytes.extend("EncryptedPackage".bytes().flat_map(|b| [b, 0]));
        assert_eq!(read_one("a.docx", &bytes).ending(), "failed encrypted");
    }

    #[test]
    fn all_alternatives_are_read() {
        let body = |inner: &str| {
            let xml = format!("<w:document><w:body><w:p><w:r>{inner}</w:r></w:p></w:body></w:document>");
            zip_of(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", xml.as_bytes())])
        };
        let text = |text: &str| format!("<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>");
        let both = format!(
            "<mc:AlternateContent><mc:Choice Requires=\"wps\">{}</mc:Choice><mc:Fallback><w:pict>{}</w:pict></mc:Fallback></mc:AlternateContent><w:t>etter</w:t>",
            text("Kari 406 12 345"), text("Per 406 12 345"),
        );
        let seen = read_one("a.docx", &body(&both));
        for own in ["Kari 406 12 345\n", "Per 406 12 345\n"] {
            assert!(seen.text.contains(own), "{}", seen.text);
        }
        assert!(seen.text.contains("etter"));
        let bare = format!(
            "<mc:AlternateContent><mc:Choice Requires=\"x\"><a/></mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
            text("Kari"),
        );
        assert!(read_one("a.docx", &body(&bare)).text.contains("Kari"));
    }

    #[test]
    fn texts_in_attributes_are_read() {
        let settings = "<w:settings><w:docVars><w:docVar w:name=\"k\" w:val=\"Variabel\"/></w:docVars>\
                        <w:mailMerge><w:query w:val=\"Sporring\"/></w:mailMerge></w:settings>";
        let body = "<w:p><w:sdt><w:sdtPr><w:alias w:val=\"Tittel\"/><w:listItem w:displayText=\"Valg\"/></w:sdtPr></w:sdt>\
                    <w:helpText w:val=\"Hjelp\"/><w:listEntry w:val=\"Oppforing\"/><v:textpath string=\"Bokstaver\"/>\
                    <w:hyperlink w:tooltip=\"Tips\"/><w:tblDescription w:val=\"Tabellen\"/><w:spacing w:val=\"Mellomrom\"/></w:p>";
        let bytes = zip_of(&[
            ("word/document.xml", body.as_bytes()),
            ("word/settings.xml", settings.as_bytes()),
            ("word/people.xml", b"<w15:person w15:author=\"Kari\"><w15:presenceInfo w15:userId=\"S::per@example.no::1\"/></w15:person>"),
            ("customXml/item1.xml", b"<rot xmlns:k=\"urn:rom\"><k:kunde epost=\"ola@example.no\">Ola</k:kunde></rot>"),
        ]);
        let text = read_one("a.docx", &bytes).text;
        for wanted in [
            "Variabel", "Sporring", "Tittel", "Valg", "Hjelp", "Oppforing", "Bokstaver", "Tips", "Tabellen", "Kari",
            "per@example.no", "ola@example.no", "Ola",
        ] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(!text.contains("Mellomrom") && !text.contains("urn:rom"), "{text}");
    }
}
