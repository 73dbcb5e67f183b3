//! Passports and other travel documents: the number behind its label, and the machine readable zone.

use std::ops::Range;

use crate::detect::labels::surely;
use crate::detect::letters::{begins_word, count_before, ends_word};
use crate::detect::sought::Sought;
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Group, Hit, Lengths, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

pub(super) static DETECTOR: Passport = Passport;

pub(super) struct Passport;

const fn kind(kind: &'static str) -> Kind {
    Kind {
        detector: "passport",
        kind,
        category: Category::Identifier,
        digested: true,
        precedence: 75,
    }
}

static NUMBER: Kind = kind("number");
static ZONE: Kind = kind("mrz");

static INFO: DetectorInfo = DetectorInfo {
    id: "passport",
    title: "Passport",
    version: 5,
    kinds: &[&NUMBER, &ZONE],
    explanation: "\
Finds Norwegian passport numbers, three letters and six digits or, older, eight digits, and the two
lines of 44 characters that machines read in passports of all countries.

## How it is checked
A number needs a label (passnr., reisedokument, passport no.) or its header. In the machine readable
zone the check digits (weights 7 3 1) of number, birth date, expiry, optional data and of all these are right.

## Levels
High: the machine readable zone; a number of letters and digits. Medium: a number of eight digits, whose
form no published source confirms.

## Source
PRADO, NOR-JO-06001; ICAO Doc 9303, part 4.",
    examples: &[
        found("Passnr: XYZ000123", "XYZ000123", "number", Confidence::High),
        found("passnummer: xyz000123", "xyz000123", "number", Confidence::High),
        found("Passport no: 29999999", "29999999", "number", Confidence::Medium),
        found("ID card: XYZ000123", "XYZ000123", "number", Confidence::High),
        // The published specimen of Utopia.
        found(
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "mrz",
            Confidence::High,
        ),
    ],
    counter_examples: &[
        "29999999",
        "XYZ000123",
        "pass 29999999",
        "P<NORNORDMANN<<KARI<<<<<<<<<<<<<<<<<<<<<<<<<\nXYZ0001235NOR8501019F3501014<<<<<<<<<<<<<<04",
        "P<NORNORDMANN<<KARI<<<<<<<<<<<<<<<<<<<<<<<<<\nXYZ0001234NOR8501019F350101401018512345<<<81",
    ],
    reach: 160,
};

const fn found(
    text: &'static str,
    found: &'static str,
    kind: &'static str,
    confidence: Confidence,
) -> Example {
    Example { text, found, kind, confidence }
}

/// Characters in a line of the machine readable zone of a passport.
const LINE: usize = 44;

impl Detector for Passport {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP.and(Anchors::CAPITAL)
    }

    fn shapes(&self) -> &'static [Shape] {
        const {
            &[
                Shape::of(Lengths::of(&[6])).before(Beside::LETTER).lead(Beside::LETTER).after(Beside::NO_LETTER).told(Concepts::PASSPORT),
                Shape::of(Lengths::of(&[8])).free().told(Concepts::PASSPORT),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        match anchor {
            Anchor::Group(group) => hits.extend(number(window, group)),
            Anchor::Capital { start, end, .. } if end - start == 1 => hits.extend(zone(window, *start)),
            Anchor::Digits(_)
            | Anchor::At { .. }
            | Anchor::Joint { .. }
            | Anchor::Capital { .. }
            | Anchor::Cell(_) | Anchor::Term { .. } => {}
        }
    }
}

/// The words that name one.
static LABELS: Sought = Sought::of(Concepts::PASSPORT);

fn number(window: &Window<'_>, group: &Group) -> Option<Hit> {
    let (text, at, spot) = (window.text, group.at, &group.spot);
    let letters = count_before(text, at, 3, u8::is_ascii_alphabetic);
    let (start, level) = match (letters, group.length) {
        (3, 6) => (at - 3, Confidence::High),
        (0, 8) => (at, Confidence::Medium),
        _ => return None,
    };
    let span = start..group.end();
    if !begins_word(text, start) || !ends_word(text, span.end) {
        return None;
    }
    if !LABELS.may_name(window, spot, start) {
        return None;
    }
    if letters == 0 && is_bare_word(window, start) {
        return None;
    }
    let told = surely(window, spot, &span, Concepts::PASSPORT)?;
    let canonical = text.get(span.clone())?.to_ascii_uppercase();
    Some(Hit {
        kind: &NUMBER,
        span,
        confidence: level,
        evidence: told.evidence(),
        canonical: Some(canonical),
    })
}

/// Whether nothing but the word `pass` and spaces stand before eight digits, which is said of many things.
fn is_bare_word(window: &Window<'_>, start: usize) -> bool {
    let before = window.text.get(..start).unwrap_or_default();
    let Some(word) = before.trim_end_matches(' ').len().checked_sub(4) else {
        return false;
    };
    let is_pass = before.get(word..word + 4).is_some_and(|own| own.eq_ignore_ascii_case("pass"));
    is_pass && begins_word(before, word)
}

/// The two lines that begin with `P<` at `start`.
fn zone(window: &Window<'_>, start: usize) -> Option<Hit> {
    let rest = window.text.get(start..)?;
    if !rest.starts_with("P<") {
        return None;
    }
    let (first, behind) = rest.split_at_checked(LINE)?;
    let behind = behind.strip_prefix('\r').unwrap_or(behind);
    // The text of a page or a form field may have a space for the end of the line.
    let second = behind.strip_prefix(['\n', ' '])?.get(..LINE)?;
    let end = start + (rest.len() - behind.len()) + 1 + LINE;
    let of_zone = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<';
    if !first.bytes().chain(second.bytes()).all(of_zone) || !ends_word(window.text, end) {
        return None;
    }
    let bytes = second.as_bytes();
    is_checked(bytes).then(|| Hit {
        kind: &ZONE,
        span: start..end,
        confidence: Confidence::High,
        evidence: EvidenceSet::EMPTY
            .with(Evidence::Checksum)
            .with(Evidence::Prefix)
            .with(Evidence::Date),
        canonical: second.get(..9).map(str::to_owned),
    })
}

/// Whether the check digits of the second line are right: of number, birth and expiry, of the optional data, where
/// `<` stands for none, and the composite one of all these.
fn is_checked(line: &[u8]) -> bool {
    let digit = |at: usize| line.get(at).copied();
    let right = |field: Range<usize>, at: usize| line.get(field).map(check_digit) == digit(at);
    let optional = line.get(28..42).unwrap_or_default();
    let none = optional.iter().all(|byte| *byte == b'<') && digit(42) == Some(b'<');
    let parts = [0..10, 13..20, 21..43];
    let all: Vec<u8> = parts.into_iter().filter_map(|part| line.get(part)).flatten().copied().collect();
    let fields = [(0..9, 9), (13..19, 19), (21..27, 27)];
    fields.into_iter().all(|(field, check)| right(field, check))
        && (none || right(28..42, 42))
        && Some(check_digit(&all)) == digit(43)
}

/// The check digit of ICAO Doc 9303: weights 7 3 1, letters count from ten, `<` is nothing.
fn check_digit(field: &[u8]) -> u8 {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    };
    let weighted = field.iter().zip([7, 3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(byte, weight)| value(*byte) * weight).sum();
    b'0' + u8::try_from(sum % 10).unwrap_or(0)
}
