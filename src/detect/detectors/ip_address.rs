//! Addresses of the net, versions 4 and 6. Host names are not found.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, count_before, count_from, ends_word};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: IpAddress = IpAddress;

pub(super) struct IpAddress;

static ADDRESS: Kind = Kind {
    detector: "ip-address",
    kind: "ip-address",
    category: Category::Online,
    digested: true,
    precedence: 55,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "ip-address",
    title: "IP address",
    version: 5,
    kinds: &[&ADDRESS],
    explanation: "\
Finds addresses of version 4 (`198.51.100.7`) and 6 (`2001:db8::1`, `::ffff:192.0.2.128`).

## How it is checked
Four numbers up to 255 without a fifth, and no number of a version or chapter (`v1.2.3.4`, *kapittel
1.2.3.4*, *punkt 1.2.3.4*, or a line that begins with it and goes on as a heading); for version 6 the forms of RFC 4291. The loopback address, the unspecified address and broadcasts lead to nobody and are left
out.

## Levels
Low: an address is personal where it stands with a person or a time.

## Source
RFC 4291, RFC 5952; RFC 5737 and RFC 3849 for addresses of documentation.",
    examples: &[
        found("fra 198.51.100.7 kl. 10", "198.51.100.7"),
        found("2001:db8::1", "2001:db8::1"),
        found("::ffff:192.0.2.128", "::ffff:192.0.2.128"),
    ],
    counter_examples: &[
        "Chrome/120.0.0.0 Safari/537.36", "jf. kapittel 1.2.3.4", "Versjon: 4.8.15.16", "LibreOffice/7.4.7.2$Linux", "pkt. 3.1.4.2",
        "Innhold\n9.2.1.4 Installering", "9.2.1.4. Installering", "256.1.1.1", "10.0.19041.1", "12:34:56", "127.0.0.1", "v1.2.3.4", "std::fmt",
    ],
    reach: 140,
};

const fn found(text: &'static str, found: &'static str) -> Example {
    Example { text, found, kind: "ip-address", confidence: Confidence::Low }
}

/// Words before the number of a version or of a chapter, in small letters.
const COUNTED: &[&str] = &[
    "versjon", "version", "ver", "firmware", "utgave", "release", "build", "revisjon", "kapittel", "kap", "chapter", "punkt",
    "libreoffice", "openoffice", "pkt", "avsnitt", "section", "ledd", "krav", "tabell", "figur", "vedlegg",
];

/// The longest of them in bytes, with what may stand between it and the number.
const LONGEST_COUNTED: usize = 16;

/// Longest form of an address of version 6, in bytes.
const LONGEST: usize = 45;

impl Detector for IpAddress {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP.and(Anchors::JOINT)
    }

    fn shapes(&self) -> &'static [Shape] {
        const CHAIN: Beside = Beside::DOT.and(Beside::HYPHEN).and(Beside::COLON);
        const {
            &[Shape::of(Lengths::between(1, 3)).before(Beside::NO_LETTER.without(CHAIN)).after(Beside::DOT)]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        match anchor {
            Anchor::Group(group) if byte(window.text, group.end()) == Some(b'.') => {
                hits.extend(version_4(window, group.at, &group.spot));
            }
            Anchor::Joint { at, spot } => hits.extend(version_6(window, *at, spot)),
            Anchor::Group(_) | Anchor::Digits(_) | Anchor::At { .. } | Anchor::Capital { .. } | Anchor::Cell(_) | Anchor::Term { .. } => {}
        }
    }
}

fn version_4(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    let before = at.checked_sub(1).and_then(|at| byte(text, at));
    if !begins_word(text, at) || matches!(before, Some(b'.' | b'-' | b':')) {
        return None;
    }
    let mut end = at;
    for octet in 0..4 {
        end += count_from(text, end, 3, u8::is_ascii_digit);
        if octet < 3 {
            (byte(text, end) == Some(b'.')).then_some(())?;
            end += 1;
        }
    }
    let fifth = byte(text, end) == Some(b'.')
        && byte(text, end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
    if fifth || !ends_word(text, end) {
        return None;
    }
    let address: Ipv4Addr = text.get(at..end)?.parse().ok()?;
    let nobody = address.is_loopback() || address.is_unspecified() || address.is_broadcast();
    // Browsers tell themselves so in logs.
    let product = before == Some(b'/')
        && at.checked_sub(2).and_then(|at| byte(text, at)).is_some_and(|byte| byte.is_ascii_alphabetic())
        && matches!(address.octets(), [_, 0, 0, _]);
    let chapter = heads_chapter(text, at..end) && address.octets().iter().all(|number| *number <= MOST_CHAPTERS);
    if product || nobody || chapter || address.octets()[0] == 0 || counts_something(text, at) {
        return None;
    }
    let own = address.is_private() || address.is_link_local();
    let documentation = address.is_documentation();
    Some(hit(window, spot, at..end, (own, documentation), address.to_string()))
}

/// More chapters, or parts of one, no text has.
const MOST_CHAPTERS: u8 = 40;

/// Whether a line begins with the four numbers, and a title follows: `9.2.1.4 Installering`, `9.2.1.4. Installering`.
fn heads_chapter(text: &str, span: Range<usize>) -> bool {
    let (before, behind) = (text.get(..span.start).unwrap_or_default(), text.get(span.end..).unwrap_or_default());
    let begins = before.is_empty() || before.trim_end_matches([' ', '\t']).ends_with('\n');
    let title = behind.strip_prefix('.').unwrap_or(behind).trim_start_matches([' ', '\u{a0}', '\t']);
    let mut letters = title.chars();
    let titled = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
    begins && titled && title.len() < behind.len()
}

/// Whether the word before says that the four numbers are those of a version or of a chapter.
fn counts_something(text: &str, at: usize) -> bool {
    let near = text.ceil_char_boundary(at.saturating_sub(LONGEST_COUNTED));
    let before = text.get(near..at).unwrap_or_default();
    let spoken = before.trim_end_matches([' ', '\u{a0}', ':', '=', '"', '/']);
    let word = spoken.trim_end_matches('.').rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    // Short words are shortened with a full stop; behind others it ends a sentence.
    let ended = spoken.ends_with('.') && word.len() > 3;
    let counted = || COUNTED.contains(&word.to_lowercase().as_str());
    !ended && word.len() < before.len() && counted()
}

fn version_6(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    if byte(text, at) != Some(b':') {
        return None;
    }
    let start = at - count_before(text, at, 5, u8::is_ascii_hexdigit);
    let before = start.checked_sub(1).and_then(|at| byte(text, at));
    if !begins_word(text, start) || matches!(before, Some(b':' | b'.')) {
        return None;
    }
    let of_address = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let length = count_from(text, start, LONGEST + 1, of_address);
    let written = text.get(start..start + length)?.trim_end_matches('.');
    // A sentence's colon may follow the address.
    let written = written.strip_suffix(':').filter(|rest| !rest.ends_with(':')).unwrap_or(written);
    let end = start + written.len();
    let address: Ipv6Addr = written.parse().ok()?;
    let groups = written.split(':').filter(|group| !group.is_empty()).count();
    let nobody = address.is_loopback() || address.is_unspecified() || address.is_multicast();
    if nobody || groups < 2 || !ends_word(text, end) {
        return None;
    }
    // Only global addresses, mapped ones, and those of the own net or link are given: `a::b` is code.
    let segments = address.segments();
    let (local, mapped) = ((segments[0] & 0xFE00) == 0xFC00, address.to_ipv4_mapped());
    let link = (segments[0] & 0xFFC0) == 0xFE80;
    let known = (segments[0] & 0xE000) == 0x2000 || local || link || mapped.is_some();
    let documentation = segments[..2] == [0x2001, 0xDB8];
    known.then(|| hit(window, spot, start..end, (local || link, documentation), address.to_string()))
}

fn hit(
    window: &Window<'_>,
    spot: &Spot,
    span: Range<usize>,
    (own, documentation): (bool, bool),
    canonical: String,
) -> Hit {
    let told = told(window, spot, &span, Concepts::NETWORK);
    Hit {
        kind: &ADDRESS,
        span,
        confidence: Confidence::Low,
        evidence: told
            .evidence()
            .with_if(own, Evidence::Role)
            .with_if(documentation, Evidence::Documentation),
        canonical: Some(canonical),
    }
}
