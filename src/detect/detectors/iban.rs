//! International bank account numbers. National account numbers have their own detector.

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, digits, ends_word, modulo_11};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: Iban = Iban;

pub(super) struct Iban;

static IBAN: Kind = Kind {
    detector: "iban",
    kind: "iban",
    category: Category::Financial,
    digested: true,
    precedence: 90,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "iban",
    title: "IBAN",
    version: 3,
    kinds: &[&IBAN],
    explanation: "\
Finds IBANs of 78 countries: `NO93 8601 1117 947`, `SE4550000000058398257466`, in capitals, whole or
in groups with single spaces; in small letters or with hyphens behind a label only.

## How it is checked
The country's length and the remainder 1 modulo 97; for Norway the control digit of the account
(modulo 11) too.

## Levels
High: what passes. One in 97 strings of the right country and length does by chance.

## Source
ISO 13616 and the SWIFT IBAN registry (lengths by country); the account's control digit is that of
Bits AS.",
    examples: &[
        found("Betal til NO93 8601 1117 947 i dag", "NO93 8601 1117 947"),
        found("iban=NO9386011117947;", "NO9386011117947"),
        found("iban: no93-8601-1117-947", "no93-8601-1117-947"),
        found("SE4550000000058398257466", "SE4550000000058398257466"),
        found("GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
    ],
    counter_examples: &[
        "NO2386011117946",
        "no9386011117947",
        "NO93-8601-1117-947",
        "NO93 8601 1117 948",
        "NO93 8601 1117 9471",
        "XNO9386011117947",
        "bestilling AB12 3456 7890 1234",
    ],
    reach: 140,
};

const fn found(text: &'static str, found: &'static str) -> Example {
    Example { text, found, kind: "iban", confidence: Confidence::High }
}

/// Length of an IBAN by country, from the SWIFT IBAN registry.
#[rustfmt::skip]
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24), (b"AE", 23), (b"AL", 28), (b"AT", 20), (b"AZ", 28), (b"BA", 20), (b"BE", 16),
    (b"BG", 22), (b"BH", 22), (b"BR", 29), (b"BY", 28), (b"CH", 21), (b"CR", 22), (b"CY", 28),
    (b"CZ", 24), (b"DE", 22), (b"DK", 18), (b"DO", 28), (b"EE", 20), (b"EG", 29), (b"ES", 24),
    (b"FI", 18), (b"FO", 18), (b"FR", 27), (b"GB", 22), (b"GE", 22), (b"GI", 23), (b"GL", 18),
    (b"GR", 27), (b"GT", 28), (b"HR", 21), (b"HU", 28), (b"IE", 22), (b"IL", 23), (b"IQ", 23),
    (b"IS", 26), (b"IT", 27), (b"JO", 30), (b"KW", 30), (b"KZ", 20), (b"LB", 28), (b"LC", 32),
    (b"LI", 21), (b"LT", 20), (b"LU", 20), (b"LV", 21), (b"LY", 25), (b"MC", 27), (b"MD", 24),
    (b"ME", 22), (b"MK", 19), (b"MR", 27), (b"MT", 31), (b"MU", 30), (b"NL", 18), (b"NO", 15),
    (b"PK", 24), (b"PL", 28), (b"PS", 29), (b"PT", 25), (b"QA", 29), (b"RO", 24), (b"RS", 22),
    (b"SA", 24), (b"SC", 31), (b"SD", 18), (b"SE", 24), (b"SI", 19), (b"SK", 24), (b"SM", 27),
    (b"ST", 25), (b"SV", 28), (b"TL", 23), (b"TN", 24), (b"TR", 26), (b"UA", 29), (b"VA", 22),
    (b"XK", 20),
];

impl Detector for Iban {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const { &[Shape::of(Lengths::ANY).before(Beside::LETTER).lead(Beside::LETTER)] }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Group(group) = anchor else {
            return;
        };
        if !may_begin(window.text.as_bytes(), group.at) {
            return;
        }
        let spot = &group.spot;
        let start = group.at - 2;
        let read = read(window.text, start);
        let Some((iban, end)) = read.filter(|(iban, _)| passes(iban)) else {
            return;
        };
        let span = start..end;
        let told = told(window, spot, &span, Concepts::ACCOUNT);
        let own = window.text.get(span.clone()).unwrap_or_default();
        let unusual = own.bytes().any(|byte| byte.is_ascii_lowercase() || byte == b'-');
        if unusual && !told.sure() {
            return;
        }
        hits.push(Hit {
            kind: &IBAN,
            evidence: told.evidence().with(Evidence::Checksum).with(Evidence::Prefix),
            span,
            confidence: Confidence::High,
            canonical: Some(iban),
        });
    }
}

/// Whether two letters stand before byte `at` and seem to begin a word: most letters before a group are
/// those of other ids.
fn may_begin(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(3)..at).unwrap_or_default();
    match before {
        [third, first, second] => {
            first.is_ascii_alphabetic() && second.is_ascii_alphabetic() && !third.is_ascii_alphanumeric()
        }
        _ => before.iter().filter(|byte| byte.is_ascii_alphabetic()).count() == 2,
    }
}

/// The IBAN that begins at `start`, in capitals and without spaces, and the byte after it.
fn read(text: &str, start: usize) -> Option<(String, usize)> {
    let country = text.as_bytes().get(start..start + 2)?;
    let (_, length) = LENGTHS.iter().find(|(code, _)| country.eq_ignore_ascii_case(code.as_slice()))?;
    let mut iban = String::with_capacity(*length);
    let mut at = start;
    while iban.len() < *length {
        let c = text.get(at..)?.chars().next()?;
        if c.is_ascii_alphanumeric() {
            iban.push(c.to_ascii_uppercase());
        } else if !matches!(c, ' ' | '-' | '\u{a0}' | '\u{202f}') || !joins(text, at, c) {
            return None;
        }
        at += c.len_utf8();
    }
    let free = begins_word(text, start) && ends_word(text, at);
    (iban.len() == *length && free).then_some((iban, at))
}

/// Whether the space or hyphen `c` at `at` is a single one between two groups.
fn joins(text: &str, at: usize, c: char) -> bool {
    let next = byte(text, at + c.len_utf8());
    next.is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// The remainder modulo 97 of the number that ISO 13616 makes of it, and the national check.
fn passes(iban: &str) -> bool {
    let Some((head, body)) = iban.split_at_checked(4) else {
        return false;
    };
    let rest = body.bytes().chain(head.bytes()).fold(0_u32, |rest, byte| {
        if byte.is_ascii_digit() {
            (rest * 10 + u32::from(byte - b'0')) % 97
        } else {
            (rest * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    let national = !head.starts_with("NO")
        || body.bytes().all(|byte| byte.is_ascii_digit())
            && modulo_11(&digits(body), &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) == 0;
    rest == 1 && national
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_begin_a_word() {
        for text in ["NO", " NO", "-NO", "x NO", "åNO"] {
            assert!(may_begin(text.as_bytes(), text.len()), "{text}");
        }
        for text in ["", "N", "1O", "XNO", "1NO", "N-", "x N"] {
            assert!(!may_begin(text.as_bytes(), text.len()), "{text}");
        }
    }
}
