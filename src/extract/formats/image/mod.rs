//! Pictures: what their makers and cameras wrote into them (EXIF, XMP, IPTC, comments), with places
//! and dates. What the picture shows is read where somebody reads pictures; else it is told as
//! `image-without-text`.

mod chunks;
mod exif;
mod iptc;
mod xmp;

use super::super::{Content, Format, FormatInfo, Head, Match, Picture, Pictures, Sink, flow};
use crate::model::{Budget, DateSource, Problem, ProblemKind, Stage};
use notes::Notes;

mod notes;

pub(crate) static FORMAT: Image = Image;

/// Reads what is written into pictures.
pub(crate) struct Image;

static INFO: FormatInfo = FormatInfo {
    id: "image",
    title: "picture",
    extensions: &["jpg", "jpeg", "png", "tif", "tiff", "heic", "heif", "avif", "webp", "dng", "gif", "bmp"],
    version: 3,
    isolated: false,
    reads: "EXIF with positions and dates, XMP, IPTC and comments; text that it shows by OCR where that is on",
};

impl Format for Image {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if is_picture(head.bytes) { Match::Sure } else { Match::No }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        let mut notes = Notes::default();
        exif::read(&bytes, &mut notes);
        iptc::read(&bytes, &mut notes);
        let chunks = chunks::read(&bytes, budget, &mut notes);
        let xmp = xmp::read(&bytes, budget, &mut notes);
        flow::part("metadata", notes.text(), sink);
        for source in [DateSource::EmbeddedCreated, DateSource::EmbeddedModified] {
            if let Some(fact) = notes.date(source) {
                sink.fact(fact);
            }
        }
        chunks.and(xmp)?;
        match sink.pictures() {
            Pictures::None => Err(Problem::new(ProblemKind::ImageWithoutText, Stage::Extract)),
            Pictures::Textless | Pictures::All => sink.picture(Picture {
                bytes: &bytes,
                page: None,
                known: "",
            }),
        }
    }
}

/// The signatures of JPEG, PNG, TIFF, GIF, BMP, WebP, and of the kinds of HEIF.
fn is_picture(head: &[u8]) -> bool {
    const BRANDS: [&[u8]; 8] = [
        b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"hevc",
    ];
    const STARTS: [&[u8]; 6] = [
        b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a",
    ];
    let at = |range: std::ops::Range<usize>| head.get(range).unwrap_or_default();
    STARTS.iter().any(|start| head.starts_with(start))
        || (head.starts_with(b"RIFF") && at(8..12) == b"WEBP")
        || (head.starts_with(b"BM") && at(6..10) == [0; 4] && at(15..18) == [0; 3])
        || (at(4..8) == b"ftyp" && BRANDS.contains(&at(8..12)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::super::recorder::{Seen, read_one};
    use crate::model::{DateInterval, DateSource, Fact};
    use exif::experimental::Writer;
    use exif::{Field, In, Rational, Tag, Value};
    use jiff::civil::date;

    fn field(tag: Tag, value: Value) -> Field {
        Field { tag, ifd_num: In::PRIMARY, value }
    }

    fn ascii(tag: Tag, text: &str) -> Field {
        field(tag, Value::Ascii(vec![text.as_bytes().to_vec()]))
    }

    fn degrees(tag: Tag, values: [(u32, u32); 3]) -> Field {
        let parts = values.map(|(num, denom)| Rational { num, denom });
        field(tag, Value::Rational(parts.to_vec()))
    }

    fn exif_block() -> Vec<u8> {
        let fields = [
            ascii(Tag::Artist, "Åse Ødegård"),
            ascii(Tag::DateTimeOriginal, "2024:05:17 09:30:00"),
            ascii(Tag::DateTime, "2024:06:01 10:00:00"),
            ascii(Tag::GPSLatitudeRef, "N"),
            degrees(Tag::GPSLatitude, [(59, 1), (54, 1), (5004, 100)]),
            ascii(Tag::GPSLongitudeRef, "E"),
            degrees(Tag::GPSLongitude, [(10, 1), (45, 1), (792, 100)]),
            field(Tag::UserComment, Value::Undefined(b"ASCII\0\0\0ring 22 22 55 55".to_vec(), 0)),
        ];
        let mut writer = Writer::new();
        for field in &fields {
            writer.push_field(field);
        }
        let mut out = std::io::Cursor::new(Vec::new());
        writer.write(&mut out, true).unwrap();
        out.into_inner()
    }

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker][..], &length, body].concat()
    }

    const XMP: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description \
        photoshop:City='Tromsø' xmp:CreateDate='2024-05-16T08:00:00'><dc:creator><rdf:Seq>\
        <rdf:li>Kari Moe</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>";

    fn iptc() -> Vec<u8> {
        let mut data = Vec::new();
        for (record, set, value) in [(1, 90, b"\x1B%G".as_slice()), (2, 80, "Bjørn Å".as_bytes())] {
            data.extend([0x1C, record, set]);
            data.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            data.extend(value);
        }
        let size = u32::try_from(data.len()).unwrap().to_be_bytes();
        [b"Photoshop 3.0\08BIM\x04\x04\0\0".as_slice(), &size, &data].concat()
    }

    pub(crate) fn photo() -> Vec<u8> {
        let exif = [b"Exif\0\0".as_slice(), &exif_block()].concat();
        let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), XMP.as_bytes()].concat();
        [
            b"\xFF\xD8".to_vec(),
            segment(0xE1, &exif),
            segment(0xE1, &xmp),
            segment(0xED, &iptc()),
            segment(0xFE, b"skannet av per@example.no"),
            b"\xFF\xDA\x00\x02\xFF\xD9".to_vec(),
        ]
        .concat()
    }

    fn has_all(seen: &Seen, parts: &[&str]) {
        for part in parts {
            assert!(seen.text.contains(part), "{part}: {}", seen.text);
        }
    }

    #[test]
    fn a_photo_tells_who_where_and_when() {
        let seen = read_one("a.bin", &photo());
        assert_eq!(seen.format, Some("image"));
        assert_eq!(seen.ending(), "partial image-without-text");
        has_all(&seen, &[
            "Artist: Åse Ødegård", "59.913900, 10.752200", "ring 22 22 55 55", "City: Tromsø",
            "Kari Moe", "Byline: Bjørn Å", "per@example.no",
        ]);
        let day = |source, day| Fact::Date { source, interval: DateInterval::day(day) };
        assert_eq!(seen.facts, [
            day(DateSource::EmbeddedCreated, date(2024, 5, 17)),
            day(DateSource::EmbeddedModified, date(2024, 6, 1)),
        ]);
    }

    #[test]
    fn texts_of_png_are_read_packed_ones_too() {
        let chunk = |kind: &[u8], body: &[u8]| {
            let length = u32::try_from(body.len()).unwrap().to_be_bytes();
            [&length[..], kind, body, &[0; 4]].concat()
        };
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, b"kari@example.no").unwrap();
        let packed = [b"Comment\0\0".as_slice(), &packed.finish().unwrap()].concat();
        let png = [
            b"\x89PNG\r\n\x1A\n".to_vec(),
            chunk(b"tEXt", b"Author\0Bj\xF8rn"),
            chunk(b"zTXt", &packed),
            chunk(b"iTXt", "Title\0\0\0no\0\0Søknad".as_bytes()),
            chunk(b"IEND", b""),
        ]
        .concat();
        has_all(&read_one("a.png", &png), &["Author: Bjørn", "Comment: kari@example.no", "Title: Søknad"]);
    }

    #[test]
    fn pictures_without_words_are_skipped_and_cut_ones_end_in_an_outcome() {
        for bytes in [b"\xFF\xD8\xFF\xD9".as_slice(), b"II*\0\x08\0\0\0\0\0", b"\x89PNG\r\n\x1A\n"] {
            assert_eq!(read_one("a", bytes).ending(), "skipped image-without-text");
        }
        let whole = photo();
        for length in 3..whole.len() {
            let seen = read_one("a.jpg", &whole[..length]);
            assert!(seen.ending().ends_with("image-without-text"), "{length} {}", seen.ending());
        }
    }
}
