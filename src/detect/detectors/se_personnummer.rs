//! Swedish personnummer, coordination numbers and interim numbers.

use crate::detect::labels::{Told, told};
use crate::detect::letters::luhn;
use crate::detect::nordic::{self, Written};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: SePersonnummer = SePersonnummer;

pub(super) struct SePersonnummer;

static SWEDISH: Kind = Kind {
    detector: "se-personnummer",
    kind: "se-personnummer",
    category: Category::Identifier,
    digested: true,
    precedence: 66,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "se-personnummer",
    title: "Swedish personnummer",
    version: 3,
    kinds: &[&SWEDISH],
    explanation: "\
Finds `YYMMDD-NNNC` and `YYYYMMDD-NNNC`, with `+` for people of a hundred years and more, and the same
without a separator; coordination numbers (day + 60) and interim numbers (a letter for the first
serial digit) too.

## How it is checked
The date, and the check digit (Luhn) over the last ten digits. Of random numbers of ten digits 0.7 %
pass.

## Levels
High: labelled as Swedish or as a personnummer. Medium: with a separator. Low: without one.

## Source
Skatteverket, the personnummer; the test data of github.com/personnummer.",
    examples: &[
        found("Svensk personnummer 880320-0016", "880320-0016", Confidence::High),
        found("121212+1212", "121212+1212", Confidence::Medium),
        found("121212–1212", "121212–1212", Confidence::Medium),
        found("000101-T220", "000101-T220", Confidence::Medium),
        found("8803200016", "8803200016", Confidence::Low),
    ],
    counter_examples: &["880320-0018", "150916-0006", "420566-9899", "881320-0016"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "se-personnummer", confidence }
}

/// What may label one. The Norwegian words for a personnummer are the Swedish ones.
const LABELS: Concepts = Concepts::SWEDEN.and(Concepts::FNR);

/// Letters that stand for the first serial digit of an interim number.
const INTERIM: &str = "TRSUWXJKLMNP";

impl Detector for SePersonnummer {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const APART: Beside = Beside::HYPHEN.and(Beside::PLUS).and(Beside::WIDE);
        const {
            &[
                Shape::of(Lengths::of(&[6, 8])).before(Beside::NO_LETTER).after(APART),
                Shape::of(Lengths::of(&[10, 12])).free(),
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
    let written = nordic::read(window, at)?;
    let canonical = canonical(&written, spot)?;
    let told = told(window, spot, &written.span, LABELS);
    Some(Hit {
        kind: &SWEDISH,
        span: written.span.clone(),
        confidence: level(told, written.separator),
        evidence: told
            .evidence()
            .with(Evidence::Checksum)
            .with(Evidence::Date)
            .with_if(written.separator.is_some(), Evidence::Grouping),
        canonical: Some(canonical),
    })
}

fn level(told: Told, separator: Option<char>) -> Confidence {
    match separator {
        _ if told.other_header() => Confidence::Low,
        _ if told.sure() => Confidence::High,
        Some(_) if told.around() => Confidence::High,
        Some(_) => Confidence::Medium,
        None => Confidence::Low,
    }
}

/// The last ten characters, where they are a number.
fn canonical(written: &Written<'_>, spot: &Spot) -> Option<String> {
    if !matches!(written.separator, None | Some('-' | '+')) {
        return None;
    }
    let (century, short) = written.date.split_at_checked(written.date.len() - 6)?;
    let (yy, month, day) = (nordic::two(short, 0)?, nordic::two(short, 2)?, nordic::two(short, 4)?);
    let day = if day > 60 { day - 60 } else { day };
    let year = match century {
        // In two digits every fourth year may have a 29 February.
        "" => 2000 + i16::from(yy),
        _ => written.date.get(..4)?.parse().ok()?,
    };
    let lived = century.is_empty() || (1880..=spot.today.year()).contains(&year);
    if !lived || !nordic::is_day(year, month, day) {
        return None;
    }
    let digits: Option<Vec<u8>> = (0_usize..).zip(short.chars().chain(written.tail.chars()))
        .map(|(place, c)| {
            let interim = place == 6 && written.separator.is_some() && INTERIM.contains(c);
            if interim { Some(1) } else { u8::try_from(c.to_digit(10)?).ok() }
        })
        .collect();
    let serial = written.tail.get(..3)? != "000";
    let canonical = format!("{short}{}", written.tail);
    digits.filter(|digits| serial && luhn(digits)).map(|_| canonical)
}
