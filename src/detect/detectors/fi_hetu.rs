//! Finnish personal identity codes (henkilötunnus).

use crate::detect::labels::told;
use crate::detect::nordic::{self, Written};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: FiHetu = FiHetu;

pub(super) struct FiHetu;

static FINNISH: Kind = Kind {
    detector: "fi-hetu",
    kind: "fi-hetu",
    category: Category::Identifier,
    digested: true,
    precedence: 68,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "fi-hetu",
    title: "Finnish personal identity code",
    version: 3,
    kinds: &[&FINNISH],
    explanation: "\
Finds `DDMMYYsNNNC`, where `s` tells the century: `+`; `-` and `U` to `Y`; `A` to `F`.

## How it is checked
The date, and the check character, which is the remainder modulo 31.

## Levels
High: what passes. Low: numbers from 900 on, which are temporary or test numbers; births in the future.

## Source
Digi- ja väestötietovirasto (dvv.fi), the personal identity code and its reform of 2023.",
    examples: &[
        found("131052-308T", "131052-308T", Confidence::High),
        found("hetu: 131052X308T", "131052X308T", Confidence::High),
    ],
    counter_examples: &["131052-308U", "131052T308T", "131352-308T", "131052-3080"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "fi-hetu", confidence }
}

/// The check characters by remainder.
const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

impl Detector for FiHetu {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const APART: Beside = Beside::HYPHEN.and(Beside::PLUS).and(Beside::LETTER);
        const { &[Shape::of(Lengths::of(&[6])).before(Beside::NO_LETTER).after(APART)] }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor {
            hits.extend(number(window, group.at, &group.spot));
        }
    }
}

fn number(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let written = nordic::read(window, at).filter(|written| written.date.len() == 6)?;
    let birth = birth(&written)?;
    let serial = written.tail.get(..3)?;
    if !serial.bytes().all(|byte| byte.is_ascii_digit()) || matches!(serial, "000" | "001") {
        return None;
    }
    let value: usize = format!("{}{serial}", written.date).parse().ok()?;
    if CHECK.get(value % CHECK.len()) != written.tail.as_bytes().last() {
        return None;
    }
    let told = told(window, spot, &written.span, Concepts::FINLAND);
    let (future, temporary) = (birth > spot.today, serial.starts_with('9'));
    let low = future || temporary;
    Some(Hit {
        kind: &FINNISH,
        span: written.span.clone(),
        confidence: if low { Confidence::Low } else { Confidence::High },
        evidence: told
            .evidence()
            .with(Evidence::Checksum)
            .with(Evidence::Date)
            .with_if(temporary, Evidence::Synthetic)
            .with_if(future, Evidence::FutureBirth),
        canonical: window.text.get(written.span).map(str::to_owned),
    })
}

/// The birth date; the separator gives the century.
fn birth(written: &Written<'_>) -> Option<jiff::civil::Date> {
    let century = match written.separator? {
        '+' => 1800,
        '-' | 'U'..='Y' => 1900,
        'A'..='F' => 2000,
        _ => return None,
    };
    let date = written.date;
    let (day, month, yy) = (nordic::two(date, 0)?, nordic::two(date, 2)?, nordic::two(date, 4)?);
    jiff::civil::Date::new(century + i16::from(yy), month, day).ok()
}
