//! Which encoding text is in, told by its bytes.
//!
//! A byte order mark decides; then the pattern of NUL bytes; then whether it is valid UTF-8; then what only
//! text of mainframes is made of; then Norwegian letters in the DOS code page; the rest is left to `chardetng`.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};
use oem_cp::code_table::DECODING_TABLE_CP865;
use wide::u8x16;

use super::ebcdic;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
    SingleByte(SingleByte),
}

/// An encoding in which stray bytes can be read apart from their neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SingleByte {
    /// The DOS code page of Norway and Denmark. Code page 850 has the same bytes for
    /// the letters æ, ø and å.
    Cp865,
    /// Of mainframes.
    Ebcdic(ebcdic::Page),
    Other(&'static Encoding),
}

impl SingleByte {
    /// Decodes all of `bytes` onto the end of `text`.
    pub(super) fn decode_to(self, bytes: &[u8], text: &mut String) {
        match self {
            Self::Cp865 => decode_by_table(bytes, &DECODING_TABLE_CP865, text),
            Self::Ebcdic(page) => page.decode_to(bytes, text),
            Self::Other(encoding) => {
                text.push_str(&encoding.decode_without_bom_handling(bytes).0);
            }
        }
    }
}

fn decode_by_table(bytes: &[u8], table: &[char; 128], text: &mut String) {
    text.extend(bytes.iter().map(|byte| {
        usize::from(*byte)
            .checked_sub(128)
            .and_then(|high| table.get(high).copied())
            .unwrap_or(char::from(*byte))
    }));
}

/// The encoding of content that begins with `head`, and the length of its byte order mark.
pub(super) fn guess(head: &[u8]) -> (Charset, usize) {
    by_mark(head).unwrap_or_else(|| {
        let charset = by_nul_bytes(head).unwrap_or_else(|| by_letters(head));
        (charset, 0)
    })
}

/// Like [`guess`], but does not look at letters: what is not told by a mark or by NUL bytes is
/// taken for UTF-8. Cheap enough to ask of every file.
pub(super) fn guess_width(head: &[u8]) -> (Charset, usize) {
    by_mark(head).unwrap_or_else(|| (by_nul_bytes(head).unwrap_or(Charset::Utf8), 0))
}

fn by_mark(head: &[u8]) -> Option<(Charset, usize)> {
    const MARKS: &[(&[u8], Charset)] = &[
        (&[0xEF, 0xBB, 0xBF], Charset::Utf8),
        (&[0xFF, 0xFE, 0, 0], Charset::Utf32Le),
        (&[0, 0, 0xFE, 0xFF], Charset::Utf32Be),
        (&[0xFF, 0xFE], Charset::Utf16Le),
        (&[0xFE, 0xFF], Charset::Utf16Be),
    ];
    let (mark, charset) = MARKS.iter().find(|(mark, _)| head.starts_with(mark))?;
    Some((*charset, mark.len()))
}

/// UTF-16 without a mark: Latin text has a NUL in nearly every second byte, and in those only.
fn by_nul_bytes(head: &[u8]) -> Option<Charset> {
    memchr::memchr(0, head)?;
    let (pairs, _) = head.as_chunks::<2>();
    let first = pairs.iter().filter(|[byte, _]| *byte == 0).count();
    let second = pairs.iter().filter(|[_, byte]| *byte == 0).count();
    let many = |nuls: usize| nuls >= 2 && nuls * 3 > pairs.len();
    let few = |nuls: usize| nuls * 20 <= pairs.len();
    if many(second) && few(first) {
        Some(Charset::Utf16Le)
    } else if many(first) && few(second) {
        Some(Charset::Utf16Be)
    } else {
        None
    }
}

/// UTF-8 where multi-byte characters outnumber stray bytes, for one wrong line does not make a file
/// Latin-1.
fn by_letters(head: &[u8]) -> Charset {
    // The head may end inside a character.
    let cut = match simdutf8::compat::from_utf8(head) {
        Ok(_) => return Charset::Utf8,
        Err(error) => error.error_len().is_none(),
    };
    if let Some(page) = ebcdic::page(head) {
        return Charset::SingleByte(SingleByte::Ebcdic(page));
    }
    let (mut characters, mut strays) = (0_usize, 0_usize);
    for chunk in head.utf8_chunks() {
        characters += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        strays += usize::from(!chunk.invalid().is_empty());
    }
    if strays <= usize::from(cut) || strays < characters {
        Charset::Utf8
    } else {
        Charset::SingleByte(guess_single_byte(head))
    }
}

/// The single-byte encoding that `bytes`, which are not UTF-8, look like.
pub(super) fn guess_single_byte(bytes: &[u8]) -> SingleByte {
    if let Some(dos) = dos_page(bytes) {
        return dos;
    }
    if is_mac_roman(bytes) {
        return SingleByte::Other(encoding_rs::MACINTOSH);
    }
    if is_nordic(bytes) {
        return SingleByte::Other(WINDOWS_1252);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding.is_single_byte() {
        SingleByte::Other(encoding)
    } else {
        SingleByte::Other(WINDOWS_1252)
    }
}

/// Norwegian letters stand beside ASCII letters. In the DOS pages they are bytes that are rare
/// signs in Windows-1252, so the more frequent set decides. æ and Æ alone do not, for their bytes
/// are quotation marks there: `don\x92t` is no Danish; but no quotation opens inside a word.
fn dos_page(bytes: &[u8]) -> Option<SingleByte> {
    const RARE_SIGNS: &[u8] = &[0x86, 0x8F, 0x9B, 0x9D];
    const QUOTATION_MARKS: &[u8] = &[0x91, 0x92];
    const LATIN_1: &[u8] = &[0xE5, 0xC5, 0xE6, 0xC6, 0xF8, 0xD8];
    let inside = bytes.windows(3).filter(|three| {
        matches!(three, [before, 0x91, after]
            if before.is_ascii_lowercase() && after.is_ascii_lowercase())
    });
    let sure = beside_letters(bytes, RARE_SIGNS) + inside.count();
    let dos = sure + beside_letters(bytes, QUOTATION_MARKS);
    (sure > 0 && dos > beside_letters(bytes, LATIN_1)).then_some(SingleByte::Cp865)
}

/// Mac Roman has å at 8C, Å at 81, æ at BE, Æ at AE, ø at BF and Ø at AF.
fn is_mac_roman(bytes: &[u8]) -> bool {
    const MAC_ROMAN: &[u8] = &[0x8C, 0x81, 0xBE, 0xAE, 0xBF, 0xAF];
    const LATIN_1: &[u8] = &[0xE5, 0xC5, 0xE6, 0xC6, 0xF8, 0xD8, 0xE4, 0xF6, 0xE9];
    let mac = beside_letters(bytes, MAC_ROMAN);
    mac >= 2 && mac > 2 * beside_letters(bytes, LATIN_1)
}

/// Whether all that is outside ASCII are letters of Windows-1252 that Nordic texts are written with, each but å, which
/// is a word, beside a letter of ASCII, and common signs. At least three of them are æ, ø or å, and these are not the same. Other languages
/// have letters at these bytes too, but hardly these alone. It is asked before the detector, which takes far longer.
fn is_nordic(bytes: &[u8]) -> bool {
    const ENOUGH: usize = 3;
    let is_beside = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_some_and(u8::is_ascii_alphabetic)
    };
    let mut own = [0; 3];
    for (at, byte) in bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| !byte.is_ascii())
    {
        match byte {
            0xE6 | 0xC6 => own[0] += 1,
            0xF8 | 0xD8 => own[1] += 1,
            0xE5 | 0xC5 => {
                own[2] += 1;
                continue;
            }
            0xE4 | 0xC4 | 0xF6 | 0xD6 | 0xFC | 0xDC | 0xE8 | 0xE9 | 0xC9 | 0xEA | 0xF2..=0xF4 => {}
            // A dash, a section, and quotation marks.
            0x96 | 0xA7 | 0xAB | 0xBB => continue,
            _ => return false,
        }
        if !is_beside(at.checked_sub(1)) && !is_beside(Some(at + 1)) {
            return false;
        }
    }
    own.iter().sum::<usize>() >= ENOUGH && own.iter().filter(|count| **count > 0).count() > 1
}

/// How often one of `letters` stands directly after or before an ASCII lower case letter.
fn beside_letters(bytes: &[u8], letters: &[u8]) -> usize {
    bytes
        .windows(2)
        .filter(|pair| match pair {
            [a, b] => {
                (letters.contains(a) && b.is_ascii_lowercase())
                    || (a.is_ascii_lowercase() && letters.contains(b))
            }
            _ => false,
        })
        .count()
}

/// How much of a content is looked at to see how its lines are laid out, in bytes.
pub(super) const SAMPLE_BYTES: usize = 16 * 1024;

/// The text that is looked at of content that begins with `head`: enough of it to see how it is laid out.
pub(super) fn sample(head: &[u8]) -> Option<Cow<'_, str>> {
    let (charset, bom) = guess_width(head);
    let head = head.get(bom..)?;
    let head = head.get(..SAMPLE_BYTES).unwrap_or(head);
    match charset {
        Charset::Utf16Le => Some(encoding_rs::UTF_16LE.decode_without_bom_handling(head).0),
        Charset::Utf16Be => Some(encoding_rs::UTF_16BE.decode_without_bom_handling(head).0),
        // Nearly all text is valid, and to see that is much cheaper than to look for what is not.
        Charset::Utf8 | Charset::SingleByte(_) => match simdutf8::basic::from_utf8(head) {
            Ok(text) => Some(text.into()),
            Err(_) => Some(String::from_utf8_lossy(head)),
        },
        Charset::Utf32Le | Charset::Utf32Be => None,
    }
}

/// Whether content that begins with `head` is text in some encoding: it has few control characters,
/// padding with NUL bytes left out.
pub(super) fn looks_like_text(head: &[u8]) -> bool {
    let (charset, bom) = guess_width(head);
    let rest = head.get(bom..).unwrap_or_default();
    let mut text = String::new();
    match charset {
        Charset::Utf8 | Charset::SingleByte(_) => {
            // Nearly all text has none, and to see that is much cheaper than to count them.
            return (!rest.is_empty() && !has_controls(rest)) || few_controls(rest.iter().copied());
        }
        Charset::Utf16Le => {
            text.push_str(&encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0);
        }
        Charset::Utf16Be => {
            text.push_str(&encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0);
        }
        Charset::Utf32Le | Charset::Utf32Be => return true,
    }
    let wrong = text.chars().filter(|c| *c == '\u{FFFD}').count();
    // What is marked as such may hold more halves of characters than what only looks like it.
    let tolerated = if bom > 0 { 8 } else { 50 };
    wrong * tolerated <= text.len() && few_controls(text.bytes())
}

/// Whether content that begins with `head` is text of bytes without a single control character, as nearly
/// all text is.
pub(super) fn is_plain_text(head: &[u8]) -> bool {
    let (charset, bom) = guess_width(head);
    let rest = head.get(bom..).unwrap_or_default();
    charset == Charset::Utf8 && !rest.is_empty() && !has_controls(rest)
}

/// Whether any byte is a control character that text does not hold, or NUL. Of nearly all text the first look,
/// which asks less of sixteen bytes at once, says that there is none.
fn has_controls(bytes: &[u8]) -> bool {
    let mut stretches = bytes.chunks(1024);
    stretches.any(|stretch| has_odd(stretch) && stretch.iter().any(|byte| !is_textual(*byte)))
}

/// Whether any byte is neither a sign, nor part of one, nor a line break or tab.
fn has_odd(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<16>();
    let odd = |chunk: &[u8; 16]| {
        let chunk = u8x16::new(*chunk);
        let is = |byte: u8| chunk.simd_eq(u8x16::splat(byte));
        let breaks = is(b'\n') | is(b'\r') | is(b'\t');
        (chunk.simd_le(u8x16::splat(0x1F)) ^ breaks) | is(0x7F)
    };
    let mut padded = [b' '; 16];
    for (slot, byte) in padded.iter_mut().zip(rest) {
        *slot = *byte;
    }
    let all = chunks
        .iter()
        .fold(odd(&padded), |all, chunk| all | odd(chunk));
    all.to_bitmask() != 0
}

/// Whether text may hold the byte; line breaks, escapes and DOS's end of file included.
fn is_textual(byte: u8) -> bool {
    matches!(byte, 0x07..=0x0D | 0x1A..=0x1B | 0x20..=0x7E | 0x80..)
}

/// At most three in a hundred bytes are control characters that text does not hold. Random bytes
/// have eleven. NUL bytes that stand alone end records, as `find -print0` writes them: up to one in
/// eight bytes they do not count. Long stretches of them are padding.
fn few_controls(bytes: impl Iterator<Item = u8>) -> bool {
    const PADDING: usize = 16;
    let (mut total, mut controls, mut ends, mut nuls) = (0_usize, 0_usize, 0_usize, 0_usize);
    // A textual byte behind the last closes a stretch of NUL bytes there.
    for byte in bytes.map(Some).chain([None]) {
        if byte == Some(0) {
            nuls += 1;
            continue;
        }
        match nuls {
            0 => {}
            1 => ends += 1,
            2..PADDING => controls += nuls,
            _ => {}
        }
        total += if nuls < PADDING { nuls } else { 0 } + usize::from(byte.is_some());
        controls += usize::from(byte.is_some_and(|byte| !is_textual(byte)));
        nuls = 0;
    }
    if ends * 8 > total {
        controls += ends;
    }
    total > 0 && controls * 100 <= total * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Blåbær og rømme på Ærøy. Åse Ødegård fikk blåbær i går.";

    fn dos(text: &str) -> Vec<u8> {
        oem_cp::encode_string_lossy(text, &oem_cp::code_table::ENCODING_TABLE_CP865)
    }

    #[test]
    fn norwegian_letters_survive_every_single_byte_page() {
        let windows = WINDOWS_1252.encode(TEXT).0.into_owned();
        let mac = {
            let letters = [
                ('å', 0x8C),
                ('æ', 0xBE),
                ('ø', 0xBF),
                ('Æ', 0xAE),
                ('Å', 0x81),
                ('Ø', 0xAF),
            ];
            TEXT.chars()
                .map(|c| {
                    letters
                        .iter()
                        .find(|(letter, _)| *letter == c)
                        .map_or_else(|| u8::try_from(c).unwrap(), |(_, byte)| *byte)
                })
                .collect::<Vec<u8>>()
        };
        for bytes in [windows, dos(TEXT), mac] {
            let (Charset::SingleByte(single), 0) = guess(&bytes) else {
                panic!("a single-byte page");
            };
            let mut text = String::new();
            single.decode_to(&bytes, &mut text);
            assert_eq!(text, TEXT);
        }
    }

    #[test]
    fn apostrophes_are_no_danish_letters() {
        let text = "I don’t know, it’s Mr O’Brien’s ‘house’ – isn’t it?";
        let bytes = WINDOWS_1252.encode(text).0.into_owned();
        let mut read = String::new();
        guess_single_byte(&bytes).decode_to(&bytes, &mut read);
        assert_eq!(read, text);
        assert_eq!(
            guess_single_byte(&dos("Her være og lære")),
            SingleByte::Cp865
        );
    }

    /// Planted fault that this caught: letters that stand alone.
    #[test]
    fn nordic_letters_alone_tell_the_encoding() {
        let encoded = |text: &str| WINDOWS_1252.encode(text).0.into_owned();
        for text in [
            "«Blåbær» på Øya – § 3",
            "Prøv å få",
            "Sjöberg møter André på kafé i Tromsø",
            "ÅSE ØDEGÅRD",
        ] {
            assert!(is_nordic(&encoded(text)), "{text}");
            assert_eq!(
                guess_single_byte(&encoded(text)),
                SingleByte::Other(WINDOWS_1252)
            );
        }
        // Too few letters, always the same, none beside another, and what other encodings have at these bytes.
        for text in ["Blåbær", "på når gå", "gå ø på", ""] {
            assert!(!is_nordic(&encoded(text)), "{text}");
        }
        for (encoding, text) in [
            (
                encoding_rs::WINDOWS_1250,
                "Łódź, ćma, ćwierć, ręka, święto, większość",
            ),
            (encoding_rs::WINDOWS_1251, "Приветствую всех участников"),
            (
                encoding_rs::WINDOWS_1257,
                "Žmogų, ąžuolų, ėjimų, tęsinį, jų",
            ),
        ] {
            assert!(!is_nordic(&encoding.encode(text).0), "{text}");
        }
    }

    #[test]
    fn utf_16_is_told_without_a_mark() {
        let little: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(guess(&little), (Charset::Utf16Le, 0));
        assert_eq!(guess(&big), (Charset::Utf16Be, 0));
        assert_eq!(guess(TEXT.as_bytes()), (Charset::Utf8, 0));
    }

    #[test]
    fn one_stray_byte_does_not_make_a_file_latin_1() {
        let mut bytes = TEXT.repeat(3).into_bytes();
        bytes.push(0xE5);
        bytes.extend(b" og mer");
        assert_eq!(guess(&bytes), (Charset::Utf8, 0));
    }

    /// Planted fault that this caught: the first look without `7F`.
    #[test]
    fn one_control_character_is_enough() {
        for byte in 0..=u8::MAX {
            for at in [1, 1023, 1024, 2999] {
                let mut text = [b'a'; 3000];
                text[at] = byte;
                assert_eq!(is_plain_text(&text), is_textual(byte), "{byte} at {at}");
            }
        }
    }

    #[test]
    fn random_bytes_are_no_text_and_padded_text_is() {
        let mut state = 1_u32;
        let noise: Vec<u8> = (0..2000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        assert!(looks_like_text(
            &b"kari@example.no\0Ola Hansen\0".repeat(50)
        ));
        assert!(!looks_like_text(&b"\0\x01\0\x02ab\0c".repeat(50)));
        assert!(!looks_like_text(&noise));
        assert!(!looks_like_text(&[0; 500]));
        let mut padded = TEXT.as_bytes().to_vec();
        padded.extend([0; 4000]);
        assert!(looks_like_text(&padded));
        assert!(looks_like_text(&dos(TEXT)));
    }
}
