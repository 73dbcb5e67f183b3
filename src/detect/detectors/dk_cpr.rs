//! Danish CPR numbers.

use crate::detect::labels::{Told, told};
use crate::detect::letters::{digits, modulo_11};
use crate::detect::nordic::{self, Written};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: DkCpr = DkCpr;

pub(super) struct DkCpr;

static DANISH: Kind = Kind {
    detector: "dk-cpr",
    kind: "dk-cpr",
    category: Category::Identifier,
    digested: true,
    precedence: 64,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "dk-cpr",
    title: "Danish CPR number",
    version: 3,
    kinds: &[&DANISH],
    explanation: "\
Finds `DDMMYY-SSSS`, with and without the hyphen, and with a space behind a label.

## How it is checked
The date, with the century that the seventh digit gives, and the control digit (modulo 11). Since
October 2007 numbers are given whose control digit is wrong, so it only speaks for a number and never
against it.

## Levels
High: labelled as CPR or Danish. Medium: with a hyphen and a right control digit. Low: everything else,
and births in the future.

## Source
CPR-kontoret, the CPR number and its control (cpr.dk).",
    examples: &[
        found("CPR-nr. 211062-5629", "211062-5629", Confidence::High),
        found("211062-5629", "211062-5629", Confidence::Medium),
        found("CPR-nr. 211062 5629", "211062 5629", Confidence::High),
        found("211062–5629", "211062–5629", Confidence::Medium),
        found("2110625628", "2110625628", Confidence::Low),
        found("CPR 060752-8810", "060752-8810", Confidence::Low),
    ],
    counter_examples: &["CPR 321062-5629", "211062-56290", "0211062-5629", "211062 5629"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "dk-cpr", confidence }
}

impl Detector for DkCpr {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const DASHED: Beside = Beside::HYPHEN.and(Beside::WIDE);
        const DATE: Shape = Shape::of(Lengths::of(&[6])).before(Beside::NO_LETTER);
        const {
            &[
                DATE.after(DASHED),
                DATE.after(Beside::SPACE).told(Concepts::DENMARK),
                Shape::of(Lengths::of(&[10])).free(),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor {
            hits.extend(number(window, group.at, &group.spot));
        }
    }
}

fn number(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let written = nordic::read(window, at).filter(|written| written.date.len() == 6)?;
    let form = matches!(written.separator, None | Some('-' | ' '))
        && written.tail.bytes().all(|byte| byte.is_ascii_digit());
    let birth = birth(&written).filter(|_| form)?;
    let canonical = format!("{}{}", written.date, written.tail);
    let checked = modulo_11(&digits(&canonical), &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) == 0;
    let told = told(window, spot, &written.span, Concepts::DENMARK);
    let future = birth > spot.today;
    if written.separator == Some(' ') && !told.sure() {
        return None;
    }
    Some(Hit {
        kind: &DANISH,
        span: written.span.clone(),
        confidence: level(told, written.separator.is_some(), checked && !future, future),
        evidence: told
            .evidence()
            .with(Evidence::Date)
            .with_if(checked, Evidence::Checksum)
            .with_if(!checked, Evidence::OddForm)
            .with_if(future, Evidence::FutureBirth)
            .with_if(written.separator.is_some(), Evidence::Grouping),
        canonical: Some(canonical),
    })
}

fn level(told: Told, apart: bool, checked: bool, future: bool) -> Confidence {
    if future || told.other_header() {
        Confidence::Low
    } else if told.sure() {
        Confidence::High
    } else if apart && (checked || told.around()) {
        Confidence::Medium
    } else {
        Confidence::Low
    }
}

/// The birth date: the seventh digit with the year gives the century.
fn birth(written: &Written<'_>) -> Option<jiff::civil::Date> {
    let date = written.date;
    let (day, month, yy) = (nordic::two(date, 0)?, nordic::two(date, 2)?, nordic::two(date, 4)?);
    let century = match (written.tail.bytes().next()?, yy) {
        (b'0'..=b'3', _) | (b'4' | b'9', 37..) => 1900,
        (b'4' | b'9', _) | (b'5'..=b'8', ..=57) => 2000,
        _ => 1800,
    };
    jiff::civil::Date::new(century + i16::from(yy), month, day).ok()
}
