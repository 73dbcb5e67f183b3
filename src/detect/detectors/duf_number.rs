//! DUF numbers of the Norwegian immigration service.

use crate::detect::labels::told;
use crate::detect::letters::modulo_11;
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Number, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: DufNumber = DufNumber;

pub(super) struct DufNumber;

static DUF: Kind = Kind {
    detector: "duf-number",
    kind: "duf-number",
    category: Category::Identifier,
    digested: true,
    precedence: 70,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "duf-number",
    title: "DUF number",
    version: 3,
    kinds: &[&DUF],
    explanation: "\
Finds the twelve digits that the immigration service gives: `200205705502`, `2002 057055 02`.

## How it is checked
A year, a serial number of six digits and two control digits (modulo 11). 1.6 of a hundred times
written as `YYYYMMDDHHMM` pass too, so a label is needed.

## Levels
High: with a label (DUF, UDI) or under its header; medium where the year lies ahead. Low: without.

## Source
The published validations tonneask/norsk-nummer-validering and oyms/NorwegianTypes, which agree; no
official description was found.",
    examples: &[
        found("DUF-nr. 200205705502", "200205705502", Confidence::High),
        found("UDI: 2002 057055 02", "2002 057055 02", Confidence::High),
        found("200205705502", "200205705502", Confidence::Low),
        found("DUF 203612345606", "203612345606", Confidence::Medium),
        found("203612345606", "203612345606", Confidence::Low),
    ],
    counter_examples: &["DUF 200205705503", "DUF 188205705502", "202611231045"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "duf-number", confidence }
}

/// The years in which a number may have been given, and for how long ahead it is told.
const YEARS: std::ops::Range<i16> = 1970..2050;

impl Detector for DufNumber {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::DIGITS
    }

    fn shapes(&self) -> &'static [Shape] {
        const {
            &[
                Shape::of(Lengths::of(&[12])).free(),
                Shape::of(Lengths::of(&[4])).before(Beside::NO_LETTER).after(Beside::SEPARATOR),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Digits(number) = anchor else {
            return;
        };
        let Some(groups) = written(number).filter(|groups| number.stands_free(window, *groups)) else {
            return;
        };
        let Some(year) = number.digits::<12>(0).and_then(year) else {
            return;
        };
        let span = number.start..number.end(groups);
        let told = told(window, &number.spot, &span, Concepts::DUF);
        let future = year > number.spot.today.year();
        let level = match (told.sure(), future) {
            (true, false) => Confidence::High,
            (true, true) => Confidence::Medium,
            (false, _) => Confidence::Low,
        };
        hits.push(Hit {
            kind: &DUF,
            span,
            confidence: level,
            evidence: told
                .evidence()
                .with(Evidence::Checksum)
                .with_if(groups > 1, Evidence::Grouping),
            canonical: Some(number.text(0, 12)),
        });
    }
}

fn written(number: &Number) -> Option<usize> {
    match number.lengths() {
        [12, ..] => Some(1),
        [4, 6, 2, ..] if number.uniform(3) => Some(3),
        _ => None,
    }
}

/// The year of the number, where its control digits are right.
fn year(digits: [u8; 12]) -> Option<i16> {
    let year = digits[..4].iter().fold(0, |year, digit| year * 10 + i16::from(*digit));
    let control = u16::from(digits[10]) * 10 + u16::from(digits[11]);
    let passes = modulo_11(&digits, &[4, 6, 3, 2, 4, 6, 3, 2, 7, 5]) == control;
    (passes && YEARS.contains(&year)).then_some(year)
}
