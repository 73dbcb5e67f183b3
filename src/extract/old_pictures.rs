//! Pictures in Word, Excel and `PowerPoint` documents from before 2007: records of [MS-ODRAW] 2.2.23,
//! found by their headers wherever a stream holds them.

use flate2::read::ZlibDecoder;

use super::Sink;
use super::compound::u32_at;
use crate::model::{Problem, ProblemKind, Stage};

/// The headers, without the bit that tells of a second checksum, with the name's ending and how the
/// picture itself begins; those without one need a header that files have and documents leave out.
const KINDS: [([u8; 4], &str, &[u8]); 8] = [
    ([0xA0, 0x46, 0x1D, 0xF0], "jpg", b"\xFF\xD8"),
    ([0x20, 0x6E, 0x1D, 0xF0], "jpg", b"\xFF\xD8"),
    ([0x00, 0x6E, 0x1E, 0xF0], "png", b"\x89PNG"),
    ([0x40, 0x6E, 0x29, 0xF0], "tif", b""),
    ([0x80, 0x7A, 0x1F, 0xF0], "bmp", b""),
    ([0x40, 0x3D, 0x1A, 0xF0], "emf", b""),
    ([0x60, 0x21, 0x1B, 0xF0], "wmf", b""),
    ([0x20, 0x54, 0x1C, 0xF0], "pict", b""),
];
const HEADER: usize = 8;
/// The bit that tells of a second checksum.
const TWO: u8 = 0x10;
/// Up to where in the record the picture itself begins: behind two checksums and a byte.
const BEGINS: usize = 33;

/// Hands out the pictures of a stream as members; `before` were handed out of others. Returns how many
/// there are now.
///
/// # Errors
/// Limits.
pub(super) fn pictures(bytes: &[u8], before: usize, sink: &mut dyn Sink) -> Result<usize, Problem> {
    let mut number = before;
    let mut done = 0;
    for at in memchr::memchr_iter(0xF0, bytes) {
        let Some(start) = at.checked_sub(3).filter(|start| *start >= done) else {
            continue;
        };
        let Some((ending, begins, body)) = record(bytes.get(start..).unwrap_or_default()) else {
            continue;
        };
        number += 1;
        done = start + HEADER + body.len();
        let name = format!("picture-{number}.{ending}");
        let head = body.get(..BEGINS + begins.len()).unwrap_or(body);
        if let Some(drawing) =
            packed_drawing(bytes.get(start).copied().unwrap_or_default(), ending, body)
        {
            sink.member(name.as_bytes(), &mut ZlibDecoder::new(drawing))?;
        } else if let Some(begin) =
            memchr::memmem::find(head, begins).filter(|_| !begins.is_empty())
        {
            sink.member(name.as_bytes(), &mut body.get(begin..).unwrap_or_default())?;
        } else {
            let problem = Problem::new(ProblemKind::ImageWithoutText, Stage::Extract);
            sink.unread_member(name.as_bytes(), problem);
        }
    }
    Ok(number)
}

/// The deflated bytes of a picture of drawing calls, [MS-ODRAW] 2.2.24 and 2.2.31: they follow one checksum or two
/// and a header. `None` for pictures of other kinds, and where they are packed otherwise.
fn packed_drawing<'b>(first: u8, ending: &str, body: &'b [u8]) -> Option<&'b [u8]> {
    const CHECKSUM: usize = 16;
    /// Sizes and bounds; then a byte says whether it is packed.
    const HEADER: usize = 34;
    const DEFLATED: u8 = 0;
    let checksums = if first & TWO == 0 { 1 } else { 2 };
    let header = body.get(CHECKSUM * checksums..)?;
    let packed = matches!(ending, "emf" | "wmf") && header.get(HEADER - 2) == Some(&DEFLATED);
    header
        .get(HEADER..)
        .filter(|own| packed && own.first() == Some(&0x78))
}

fn record(bytes: &[u8]) -> Option<(&'static str, &'static [u8], &[u8])> {
    let own: &[u8; 4] = bytes.first_chunk()?;
    let [first, rest @ ..] = *own;
    let is = |kind: &[u8; 4]| kind[1..] == rest && (kind[0] == first || kind[0] | TWO == first);
    let (_, ending, begins) = KINDS.iter().find(|(kind, ..)| is(kind))?;
    let length = usize::try_from(u32_at(bytes, 4)?).ok()?;
    let body = bytes.get(HEADER..)?.get(..length)?;
    (length > BEGINS / 2).then_some((*ending, *begins, body))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::compound::tests::compound_of;
    use super::super::recorder::read;

    /// A record with a picture in it.
    pub(crate) fn record(kind: [u8; 4], picture: &[u8]) -> Vec<u8> {
        let length = u32::try_from(17 + picture.len()).unwrap();
        [kind.as_slice(), &length.to_le_bytes(), &[7; 17], picture].concat()
    }

    #[test]
    fn drawings_are_unpacked() {
        let emf = super::super::formats::drawing_of("Kari 15888610046");
        let mut packed = Vec::new();
        let best = flate2::Compression::best();
        let mut encoder = flate2::read::ZlibEncoder::new(emf.as_slice(), best);
        std::io::copy(&mut encoder, &mut packed).unwrap();
        for (kind, checksums) in [
            ([0x40, 0x3D, 0x1A, 0xF0], 16),
            ([0x50, 0x3D, 0x1A, 0xF0], 32),
        ] {
            let body = [
                vec![7; checksums],
                vec![9; 32],
                vec![0, 0xFE],
                packed.clone(),
            ]
            .concat();
            let length = u32::try_from(body.len()).unwrap();
            let pictures = [kind.as_slice(), &length.to_le_bytes(), &body].concat();
            let bytes = compound_of(&[("PowerPoint Document", b""), ("Pictures", &pictures)]);
            let seen = read("a.ppt", &bytes);
            assert_eq!(
                (seen[1].path.as_str(), seen[1].format),
                ("a.ppt!/picture-1.emf", Some("metafile"))
            );
            assert_eq!(seen[1].text, "Kari 15888610046");
        }
    }

    #[test]
    fn pictures_of_a_presentation_are_told_and_read() {
        let png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0\
            \0\0\0\x0BtEXtAuthor\0Kari\0\0\0\0\0\0\0\0IEND\0\0\0\0";
        let pictures = [
            record([0x10, 0x6E, 0x1E, 0xF0], png),
            record([0x40, 0x3D, 0x1A, 0xF0], b"tegning"),
            // Cut, so no record.
            record([0xA0, 0x46, 0x1D, 0xF0], b"\xFF\xD8\xFF")[..20].to_vec(),
        ];
        let bytes = compound_of(&[
            ("PowerPoint Document", b""),
            ("Pictures", &pictures.concat()),
        ]);
        let seen = read("a.ppt", &bytes);
        let told: Vec<_> = seen
            .iter()
            .map(|own| (own.path.as_str(), own.ending()))
            .collect();
        assert_eq!(
            told[1],
            (
                "a.ppt!/picture-1.png",
                "partial image-without-text".to_owned()
            ),
            "{told:?}"
        );
        assert!(seen[1].text.contains("Kari"), "{}", seen[1].text);
        assert_eq!(
            told[2],
            (
                "a.ppt!/picture-2.emf",
                "skipped image-without-text".to_owned()
            )
        );
        assert_eq!(told.len(), 3);
    }
}
