//! The formats that can be read: one file each, one word in the list below.

use super::Format;

/// Declares the modules and the one static list of formats. The order is the precedence among
/// equal matches.
macro_rules! formats {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every format, in order of precedence.
        pub(crate) const ALL: &[&'static dyn Format] = &[$(&$module::FORMAT),*];
    };
}

mod alternatives;
mod csv_dialect;
mod drawing;
mod json_escape;
mod json_table;
mod json_tree;
mod mail_parts;
mod mail_text;
pub(super) mod sql_in_place;
mod sql_literal;
mod sql_statement;
mod sql_tables;
mod sql_value;
mod xls_drawn;
mod xlsx_formulas;
mod xlsx_macrosheets;

formats![
    locked_office,
    docx,
    pptx,
    xlsx,
    xls,
    ods,
    odf,
    vsdx,
    xps,
    pdf,
    rtf,
    msg,
    tnef,
    doc,
    ppt,
    ole,
    metafile,
    iwork,
    dicom,
    image,
    zip,
    sevenz,
    rar,
    pg_archive,
    gz,
    bz2,
    xz,
    zst,
    tar,
    iso,
    p7m,
    armour,
    lnk,
    sqlite,
    pst,
    parquet,
    avro,
    arrow,
    dbf,
    dbf_memo,
    mbox,
    vcard,
    emlx,
    eml,
    svg,
    sylk,
    dif,
    html,
    spreadsheet_xml,
    flat_odf,
    xml,
    json,
    postscript,
    por,
    uu,
    ldif,
    sql,
    csv,
    fixed_width,
    text
];

pub(super) use self::zip::{FORMAT as ZIP, ends_as_zip};

#[cfg(test)]
pub(super) use self::zip::tests::zip_of;

/// A picture of drawing calls that draws this text.
#[cfg(test)]
pub(super) fn drawing_of(text: &str) -> Vec<u8> {
    metafile::tests::emf(&[(0, 0, text)])
}

#[cfg(test)]
mod tests {
    use super::super::recorder::read;
    use super::zip_of;

    /// Packs a content alone.
    type Packs = fn(&[u8]) -> Vec<u8>;

    const PACKED: [(&str, Packs); 4] = [
        ("gz", super::gz::tests::packed),
        ("bz2", super::bz2::tests::packed),
        ("xz", super::xz::tests::packed),
        ("zst", super::zst::tests::packed),
    ];

    /// A small ordinary content for each format of text or container.
    fn samples() -> Vec<(&'static str, Vec<u8>)> {
        let text = |text: &str| text.as_bytes().to_vec();
        let mail = "From: a@example.no\nTo: b@example.no\nMIME-Version: 1.0\n\
            Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHei, Åse\n--x\n\
            Content-Type: text/plain; name=b.txt\n\nvedlegg\n--x--\n";
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_size(4);
        tar.append_data(&mut header, "a.txt", b"Ola\n".as_slice())
            .unwrap();
        let packed = PACKED.map(|(id, packed)| (id, packed("Åse og Per".as_bytes())));
        let others = vec![
            (
                "zip",
                zip_of(&[("a.txt", b"hei du"), ("b.csv", b"x;y\n1;2\n")]),
            ),
            (
                "7z",
                super::sevenz::tests::archive_of(&[("a.txt", b"hei du")], None),
            ),
            ("tar", tar.into_inner().unwrap()),
            (
                "mbox",
                text(&format!(
                    "From a Tue Feb 3 2026\n{mail}\nFrom b Tue Feb 3 2026\n{mail}"
                )),
            ),
            ("eml", text(mail)),
            (
                "html",
                text("<!DOCTYPE html><p>Åse &amp; Per</p><!-- Kari --><script>x</script>"),
            ),
            (
                "xml",
                text("<?xml version='1.0'?><a b='c'><d>Åse</d>og<![CDATA[<Per>]]>&lt;</a>"),
            ),
            (
                "json",
                text("{\"a\": [\"Åse\\u00e5\", 1.5e3, null], \"b\": {\"c\": true}}"),
            ),
            (
                "sql",
                text(
                    "CREATE TABLE t (a int);\nCOPY t (a) FROM stdin;\n1\tå\n\\.\nINSERT INTO t VALUES ('Åse''s', (1)), (2);\n",
                ),
            ),
            ("csv", text("navn;nr\n\"Åse \"\"Å\"\"\";1\nPer;\"2\n3\"\n")),
            ("text", text("Åse bor på Ås.\n")),
        ];
        packed.into_iter().chain(others).collect()
    }

    #[test]
    fn packed_streams_that_follow_each_other_are_one_member() {
        for (id, packed) in PACKED {
            let bytes = [packed("Blå".as_bytes()), packed("bær".as_bytes())].concat();
            let seen = read(&format!("a.txt.{id}"), &bytes);
            assert_eq!(seen[0].format, Some(id));
            assert_eq!(seen[1].path, format!("a.txt.{id}!/a.txt"));
            assert_eq!((seen[1].text.as_str(), seen.len()), ("Blåbær", 2), "{id}");
            assert!(seen.iter().all(|own| own.ending() == "scanned"), "{id}");
            let empty = read(&format!("a.{id}"), &packed(b""));
            assert_eq!((empty[1].ending().as_str(), empty.len()), ("scanned", 2));
        }
    }

    #[test]
    fn half_a_packed_stream_is_read_and_told() {
        let text = (0..30_000).fold(String::new(), |text, n| text + &format!("Per Hansen {n}. "));
        for (id, packed) in PACKED {
            let whole = packed(text.as_bytes());
            let name = format!("a.{id}");
            let seen = read(&name, &whole[..whole.len() - 9]);
            assert_eq!(seen[1].ending(), "partial malformed", "{id}");
            assert!(seen[1].text.starts_with("Per Hansen"), "{id}");
            let seen = read(&name, &whole[..10]);
            assert_eq!(seen[1].ending(), "failed malformed", "{id}");
        }
    }

    #[test]
    fn a_packed_bomb_is_stopped_by_what_comes_out_of_it() {
        for (id, packed) in PACKED {
            let seen = read(&format!("a.{id}"), &packed(&vec![b'a'; 65 << 20]));
            let ending = seen[1].ending();
            assert!(ending.ends_with("limit-bytes"), "{id}: {ending}");
            assert_eq!(seen[0].ending(), "partial limit-bytes", "{id}");
        }
    }

    #[test]
    fn samples_are_read_as_what_they_are_whatever_their_name() {
        for (id, bytes) in samples() {
            for name in ["", "ukjent.bin", "feil.docx"] {
                let seen = read(name, &bytes);
                assert_eq!(seen[0].format, Some(id), "{name}");
                assert!(seen.iter().all(|own| own.ending() == "scanned"), "{id}");
            }
        }
    }

    #[test]
    fn every_cut_of_every_sample_ends_without_a_panic() {
        for (id, bytes) in samples() {
            for length in 0..bytes.len() {
                for own in read("a", &bytes[..length]) {
                    assert!(!own.ending().contains("panic"), "{id} {length}");
                }
            }
        }
    }

    #[test]
    fn samples_inside_each_other_keep_their_format() {
        for (id, bytes) in samples() {
            let seen = read("a.zip", &zip_of(&[("m", &bytes)]));
            assert_eq!(seen[1].format, Some(id));
        }
    }
}
