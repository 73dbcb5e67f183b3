//! Icelandic kennitölur of persons and of organisations.

use crate::detect::labels::{Told, told};
use crate::detect::letters::{digits, modulo_11};
use crate::detect::nordic::{self, Written};
use crate::detect::{Anchor, Anchors, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: IsKennitala = IsKennitala;

pub(super) struct IsKennitala;

static ICELANDIC: Kind = Kind {
    detector: "is-kennitala",
    kind: "is-kennitala",
    category: Category::Identifier,
    digested: true,
    precedence: 67,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "is-kennitala",
    title: "Icelandic kennitala",
    version: 3,
    kinds: &[&ICELANDIC],
    explanation: "\
Finds `DDMMYY-NNCX`, with and without the hyphen.

## How it is checked
The date, the control digit (modulo 11) and the last digit, which tells the century (8, 9 or 0).

## Levels
High: labelled as kennitala or Icelandic. Medium: with a hyphen. Low: without one; births in the future;
organisations, whose day is 40 higher.

## Source
Þjóðskrá (skra.is), the kennitala; the weights 3 2 7 6 5 4 3 2.",
    examples: &[
        found("kennitala 120174-3399", "120174-3399", Confidence::High),
        found("120174-3399", "120174-3399", Confidence::Medium),
        found("450401-3150", "450401-3150", Confidence::Low),
    ],
    counter_examples: &["530575-0299", "320174-3399", "120174-3395"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "is-kennitala", confidence }
}

impl Detector for IsKennitala {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        nordic::TEN_DIGITS
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor {
            hits.extend(number(window, group.at, &group.spot));
        }
    }
}

fn number(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let written = nordic::read(window, at).filter(|written| written.date.len() == 6)?;
    let form = matches!(written.separator, None | Some('-'))
        && written.tail.bytes().all(|byte| byte.is_ascii_digit());
    let (birth, organisation) = birth(&written).filter(|_| form)?;
    let canonical = format!("{}{}", written.date, written.tail);
    if modulo_11(&digits(&canonical), &[3, 2, 7, 6, 5, 4, 3, 2, 1]) != 0 {
        return None;
    }
    let told = told(window, spot, &written.span, Concepts::ICELAND);
    let future = birth > spot.today;
    Some(Hit {
        kind: &ICELANDIC,
        span: written.span.clone(),
        confidence: level(told, written.separator.is_some(), future || organisation),
        evidence: told
            .evidence()
            .with(Evidence::Checksum)
            .with(Evidence::Date)
            .with_if(organisation, Evidence::Role)
            .with_if(future, Evidence::FutureBirth)
            .with_if(written.separator.is_some(), Evidence::Grouping),
        canonical: Some(canonical),
    })
}

fn level(told: Told, apart: bool, low: bool) -> Confidence {
    if low || told.other_header() {
        Confidence::Low
    } else if told.sure() {
        Confidence::High
    } else if apart {
        Confidence::Medium
    } else {
        Confidence::Low
    }
}

/// The date of birth, or of an organisation's founding, and whether it is the latter.
fn birth(written: &Written<'_>) -> Option<(jiff::civil::Date, bool)> {
    let date = written.date;
    let (day, month, yy) = (nordic::two(date, 0)?, nordic::two(date, 2)?, nordic::two(date, 4)?);
    let century = match written.tail.bytes().last()? {
        b'8' => 1800,
        b'9' => 1900,
        b'0' => 2000,
        _ => return None,
    };
    let organisation = day > 40;
    let day = if organisation { day - 40 } else { day };
    let date = jiff::civil::Date::new(century + i16::from(yy), month, day).ok()?;
    Some((date, organisation))
}
