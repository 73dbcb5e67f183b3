//! Norwegian registration numbers of vehicles. Personal plates of free letters are not found.

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, count_before, count_from, ends_word};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Kind};

pub(super) static DETECTOR: LicencePlate = LicencePlate;

pub(super) struct LicencePlate;

static PLATE: Kind = Kind {
    detector: "licence-plate",
    kind: "licence-plate",
    category: Category::Identifier,
    digested: true,
    precedence: 30,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "licence-plate",
    title: "Licence plate",
    version: 4,
    kinds: &[&PLATE],
    explanation: "\
Finds two capitals and five digits (cars) or four (motorcycles, trailers, tractors): `EL 12345`,
`XY1234`; small letters behind a label only.

## How it is checked
The digits do not begin with 0; the letters G, I, M, O, Q, W, Æ, Ø and Å are not used, but for GA.
Letters that stand for a standard, a currency, a time or another abbreviation (NS, EN, KR, NR, KL)
are none.

## Levels
High: behind a label (reg.nr., kjennemerke) or under its header. Low: without one.

## Source
Statens vegvesen, by way of Aftenposten Innsikt and lokalhistoriewiki.no.",
    examples: &[
        found("Reg.nr: EL 12345", "EL 12345", Confidence::High),
        found("kjennemerke XY1234", "XY1234", Confidence::High),
        found("Reg.nr. ST 12345", "ST 12345", Confidence::High),
        found("Kjennemerke AB\u{a0}12345", "AB\u{a0}12345", Confidence::High),
        found("reg.nr. el 12345", "el 12345", Confidence::High),
        found("CD 12345", "CD 12345", Confidence::Low),
    ],
    counter_examples: &["el 12345", "Reg.nr. er 12345", "IO 12345", "AB 0123", "NS 3420", "PO 12345", "KR 12345", "ABC 12345", "AB 123456"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "licence-plate", confidence }
}

/// Letters that are not used.
const UNUSED: &[u8] = b"GIMOQW";

/// Words of two small letters that may stand between a label and a number.
const SMALL_WORDS: &[&[u8; 2]] =
    &[b"er", b"av", b"ny", b"ja", b"da", b"du", b"ut", b"up", b"ed", b"be", b"ha", b"fa", b"sa", b"la"];

/// Pairs that are far more often something else.
const ELSE: &[&[u8; 2]] = &[
    b"NS", b"EN", b"KR", b"NR", b"KL", b"EU", b"US", b"UK", b"PC", b"TV", b"CV", b"AS", b"SA", b"PB",
    b"CA", b"SE", b"DK", b"DE", b"FR", b"NL", b"ES", b"PT", b"FY", b"TE", b"ST", b"PR", b"CR", b"ET",
];

impl Detector for LicencePlate {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const LETTERS: Beside = Beside::LETTER.and(Beside::SPACE).and(Beside::WIDE);
        const {
            &[Shape::of(Lengths::of(&[4, 5])).before(LETTERS).after(Beside::NO_LETTER).told(Concepts::NONE)]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor {
            hits.extend(plate(window, group.at, &group.spot));
        }
    }
}

fn plate(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    let digits = count_from(text, at, 6, u8::is_ascii_digit);
    if !matches!(digits, 4 | 5) || byte(text, at) == Some(b'0') {
        return None;
    }
    let letters = text.get(..at)?;
    let letters_end = letters.strip_suffix([' ', '\u{a0}']).unwrap_or(letters).len();
    if count_before(text, letters_end, 2, u8::is_ascii_alphabetic) < 2 {
        return None;
    }
    let span = letters_end - 2..at + digits;
    let written: [u8; 2] = text.as_bytes().get(span.start..letters_end)?.try_into().ok()?;
    let letters = written.map(|letter| letter.to_ascii_uppercase());
    let unused = letters != *b"GA" && letters.iter().any(|letter| UNUSED.contains(letter));
    let joined = span.start.checked_sub(1).and_then(|at| byte(text, at)) == Some(b'-');
    let longer = matches!(byte(text, span.end), Some(b'-' | b':' | b'.' | b','))
        && byte(text, span.end + 1).is_some_and(|byte| byte.is_ascii_digit());
    let alone = begins_word(text, span.start) && ends_word(text, span.end) && !joined && !longer;
    if unused || !alone {
        return None;
    }
    let told = told(window, spot, &span, Concepts::PLATE);
    if ELSE.contains(&&letters) && !told.sure() {
        return None;
    }
    let word = SMALL_WORDS.contains(&&written);
    if letters != written && (word || !told.sure()) {
        return None;
    }
    let canonical = text.get(span.clone())?.replace([' ', '\u{a0}'], "").to_ascii_uppercase();
    Some(Hit {
        kind: &PLATE,
        span,
        confidence: if told.sure() { Confidence::High } else { Confidence::Low },
        evidence: told.evidence(),
        canonical: Some(canonical),
    })
}
