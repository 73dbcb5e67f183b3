//! Signed messages and files (CMS, RFC 5652): the content that was signed is a member. A signature
//! that stands apart from its content holds nothing to read.

use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Signed = Signed;

/// Reads signed content.
pub(crate) struct Signed;

static INFO: FormatInfo = FormatInfo {
    id: "p7m",
    title: "signed or encrypted message (CMS)",
    extensions: &["p7m", "p7s", "p7b", "p7c"],
    version: 1,
    isolated: false,
    reads: "the signed content as a member; not the certificates; encrypted content is told",
};

/// 1.2.840.113549.1.7, the content types of PKCS #7, as an object identifier of nine bytes; the
/// kind follows.
const CONTENT_TYPES: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07";
const SIGNED: u8 = 2;
const ENVELOPED: u8 = 3;
const ENCRYPTED: u8 = 6;
/// Tags, X.690: what is used of them.
const SEQUENCE: u8 = 0x30;
const EXPLICIT: u8 = 0xA0;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PARTS: u8 = 0x24;
/// Parts within parts of the content, at most.
const MAX_DEPTH: u32 = 8;

impl Format for Signed {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        match kind(head.bytes) {
            Some(SIGNED | ENVELOPED | ENCRYPTED) => Match::Sure,
            Some(_) | None => Match::No,
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        if kind(&bytes) != Some(SIGNED) {
            return Err(Problem::new(ProblemKind::Encrypted, Stage::Extract));
        }
        let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
        let mut octets = inside(&bytes).ok_or(malformed)?;
        if octets.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::new();
        let complete = gather(&mut octets, 0, &mut whole);
        let name = content.name().to_owned();
        let name = name.rsplit_once('.').filter(|(stem, _)| stem.contains('.'));
        let name = name.map_or(unnamed(&whole), |(stem, _)| stem);
        if whole.is_empty() && complete.is_none() {
            return Err(malformed);
        }
        sink.member(name.as_bytes(), &mut whole.as_slice())?;
        complete.ok_or(malformed)
    }
}

/// The name of content that has none: what mail programs sign is a part with headers of its own.
fn unnamed(content: &[u8]) -> &'static str {
    const HEADERS: [&[u8]; 2] = [b"content-", b"mime-version:"];
    let begins = |own: &&[u8]| {
        let start = content.get(..own.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(own)
    };
    if HEADERS.iter().any(begins) { "content.eml" } else { "content" }
}

/// Which content type the outermost sequence holds.
fn kind(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes;
    let (tag, _) = enter(&mut rest)?;
    let own = rest.strip_prefix(CONTENT_TYPES)?;
    (tag == SEQUENCE).then_some(*own.first()?)
}

/// Goes past the head of the next value: its tag, and its length where it has one.
fn enter(rest: &mut &[u8]) -> Option<(u8, Option<usize>)> {
    let [tag, length, after @ ..] = *rest else {
        return None;
    };
    *rest = after;
    let length = match *length {
        0x80 => None,
        short @ 0..0x80 => Some(usize::from(short)),
        long => {
            let count = usize::from(long & 0x7F);
            let (digits, after) = rest.split_at_checked(count).filter(|_| count <= 8)?;
            *rest = after;
            let length = digits.iter().fold(0_u64, |sum, own| sum << 8 | u64::from(*own));
            Some(usize::try_from(length).ok()?)
        }
    };
    Some((*tag, length))
}

/// Goes past a value of a stated length.
fn pass(rest: &mut &[u8]) -> Option<u8> {
    let (tag, length) = enter(rest)?;
    *rest = rest.get(length?..)?;
    Some(tag)
}

/// The content from its first octets on, nothing where it stands apart; `None` where the structure
/// breaks off before it.
fn inside(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    enter(&mut rest)?;
    pass(&mut rest)?;
    for tag in [EXPLICIT, SEQUENCE] {
        (enter(&mut rest)?.0 == tag).then_some(())?;
    }
    // Version and digest algorithms.
    pass(&mut rest)?;
    pass(&mut rest)?;
    let (_, length) = enter(&mut rest)?;
    if let Some(length) = length {
        rest = rest.get(..length).unwrap_or(rest);
    }
    pass(&mut rest)?;
    if rest.first() != Some(&EXPLICIT) {
        return Some(&[]);
    }
    enter(&mut rest)?;
    Some(rest)
}

/// Puts the octets of a value, which may come in parts, behind each other; `None` where they break
/// off.
fn gather(rest: &mut &[u8], depth: u32, whole: &mut Vec<u8>) -> Option<()> {
    let (tag, length) = enter(rest)?;
    let own = length.unwrap_or(rest.len());
    match tag {
        OCTETS => {
            whole.extend_from_slice(rest.get(..own).unwrap_or(rest));
            *rest = rest.get(own..)?;
            Some(())
        }
        OCTETS_IN_PARTS if depth < MAX_DEPTH => {
            let mut parts = rest.get(..own).unwrap_or(rest);
            while !parts.is_empty() && !parts.starts_with(&[0, 0]) {
                gather(&mut parts, depth + 1, whole)?;
            }
            *rest = match length {
                Some(length) => rest.get(length..)?,
                None => parts.get(2..)?,
            };
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    fn value(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], body].concat()
    }

    fn content_type(kind: u8) -> Vec<u8> {
        [super::CONTENT_TYPES, &[kind]].concat()
    }

    fn signed(octets: Option<&[u8]>) -> Vec<u8> {
        let mut encapsulated = content_type(1);
        encapsulated.extend(octets.map(|own| value(0xA0, own)).unwrap_or_default());
        let data = [b"\x02\x01\x01\x31\0".as_slice(), &value(0x30, &encapsulated)].concat();
        let body = [content_type(2), value(0xA0, &value(0x30, &data))].concat();
        value(0x30, &body)
    }

    #[test]
    fn signed_content_is_a_member_whole_or_in_parts() {
        let mail = b"Content-Type: text/plain\r\nSubject: hei\r\nFrom: per@example.no\r\n\r\nHei, Kari\r\n";
        let whole = value(4, mail);
        let parts = [b"\x24\x80".as_slice(), &value(4, &mail[..30]), &value(4, &mail[30..]), &[0, 0]].concat();
        for octets in [whole, parts] {
            let seen = read("smime.p7m", &signed(Some(&octets)));
            assert_eq!((seen[0].format, seen[1].format), (Some("p7m"), Some("eml")));
            assert!(seen[1].text.contains("Hei, Kari"), "{}", seen[1].text);
            assert!(seen.iter().all(|own| own.ending() == "scanned"));
        }
        assert_eq!(read("a.pdf.p7m", &signed(Some(&value(4, b"x"))))[1].path, "a.pdf.p7m!/a.pdf");
    }

    #[test]
    fn signatures_alone_encrypted_and_cut_content() {
        let apart = read("a.p7s", &signed(None));
        assert_eq!((apart.len(), apart[0].ending().as_str()), (1, "scanned"));
        let sealed = value(0x30, &[content_type(3), value(0xA0, b"x")].concat());
        assert_eq!(read("smime.p7m", &sealed)[0].ending(), "failed encrypted");
        let whole = signed(Some(&value(4, b"hei du")));
        let cut = read("a.p7m", &whole[..whole.len() - 3]);
        assert_eq!((cut[1].text.as_str(), cut[0].ending().as_str()), ("hei", "partial malformed"));
        for length in 0..whole.len() {
            assert!(!read("a.p7m", &whole[..length])[0].ending().contains("panic"));
        }
    }
}
