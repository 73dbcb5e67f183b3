//! Fødselsnummer and its family, in all written forms. It does not find birth dates alone.

mod written;

use jiff::civil::Date;

use crate::detect::context::{self, Before};
use crate::detect::identity::{self, Birth, ControlRule, IdentityClass, IdentityNumber};
use crate::detect::joined;
use crate::detect::letters::{text_of_digits, written_digits};
use crate::detect::torn::{self, Torn};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Number, Spot, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

use written::{
    Written, begins_boxes, born_in, fills_cell, stands_free, without_zero, written,
};

pub(super) static DETECTOR: Fodselsnummer = Fodselsnummer;

pub(super) struct Fodselsnummer;

const fn kind(kind: &'static str, precedence: u8) -> Kind {
    Kind {
        detector: "fodselsnummer",
        kind,
        category: Category::Identifier,
        digested: true,
        precedence,
    }
}

static ORDINARY: Kind = kind("fodselsnummer", 100);
static D_NUMBER: Kind = kind("d-number", 100);
static H_NUMBER: Kind = kind("h-number", 95);
static FH_NUMBER: Kind = kind("fh-number", 85);
static NPID: Kind = kind("npid", 90);
static SYNTHETIC: Kind = kind("synthetic", 98);
static RULE_2032: Kind = kind("rule-2032", 86);

static INFO: DetectorInfo = DetectorInfo {
    id: "fodselsnummer",
    title: "Fødselsnummer, D-number and their family",
    version: 4,
    kinds: &[
        &ORDINARY, &D_NUMBER, &H_NUMBER, &FH_NUMBER, &NPID, &SYNTHETIC, &RULE_2032,
    ],
    explanation: EXPLANATION,
    examples: &[
        found("Fødselsnummer: 22838111878", "22838111878", "synthetic", Confidence::High),
        found("født 228381 11878 i Oslo", "228381 11878", "synthetic", Confidence::High),
        found("sak 15108695088 er lukket", "15108695088", "fodselsnummer", Confidence::High),
        found("15.10.1986 95088", "15.10.1986 95088", "fodselsnummer", Confidence::High),
        found(
            "Fødselsdato: 15.10.1986 Personnummer: 95088",
            "15.10.1986 Personnummer: 95088",
            "fodselsnummer",
            Confidence::High,
        ),
        found(
            "pnr. 95088, født 15.10.1986",
            "95088, født 15.10.1986",
            "fodselsnummer",
            Confidence::High,
        ),
        found("Fødselsnummer:\n151086\n95088", "151086\n95088", "fodselsnummer", Confidence::High),
        found("fnr 1 5 1 0 8 6 9 5 0 8 8", "1 5 1 0 8 6 9 5 0 8 8", "fodselsnummer", Confidence::High),
        found("fnr 151 086 950 88", "151 086 950 88", "fodselsnummer", Confidence::High),
        found("151086\n95088", "151086\n95088", "fodselsnummer", Confidence::Low),
        found("betalt kr 750 av Kari 15108695088", "15108695088", "fodselsnummer", Confidence::High),
        found("D-nummer 70108299914", "70108299914", "d-number", Confidence::High),
        found("Født: 151086 Personnummer (5 siffer): 95088", "151086 Personnummer (5 siffer): 95088", "fodselsnummer", Confidence::High),
        found("Fødselsnr./org.nr.: 22838111878", "22838111878", "synthetic", Confidence::High),
        found("national_id: 30108299939", "30108299939", "rule-2032", Confidence::Medium),
        found("cv_22838111878_kari.pdf", "22838111878", "synthetic", Confidence::High),
        found("faktura 22838111878", "22838111878", "synthetic", Confidence::Low),
        found("14043750284", "14043750284", "fodselsnummer", Confidence::Low),
        found("81234567802", "81234567802", "fh-number", Confidence::Low),
        found("fnr 30108299939", "30108299939", "rule-2032", Confidence::Medium),
        found("30108299939", "30108299939", "rule-2032", Confidence::Low),
    ],
    counter_examples: &[
        "215108695088",
        "0x15108695088",
        "15108695088.50",
        "-15108695088",
        "gnr. 12 bnr. 34 fnr. 5",
        "1112.28.69794",
        "Konto 01129878041",
        "20036914712",
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

const EXPLANATION: &str = "\
Finds the Norwegian identity numbers of 11 digits: fødselsnummer, D-number, hospital numbers (H and
FH), NAV's NPID, and the test numbers that no person can have.

## How it is checked
Both control digits (weights 3 7 6 1 8 9 4 5 2 and 5 4 3 2 7 6 5 4 3 2, modulo 11), the date in the
calendar, and the individual number's century. Numbers of the rule for 2032 (first rest 1 to 3) are
told apart as `rule-2032`.

## Forms
`15108695088`, `151086 95088`, `15 10 86 95 088`, `15.10.86 95088`, `15.10.1986 95088`, with hyphens
or any space; a date and `Personnummer: 95088` near it; a birth-date and a personnummer column; ten
digits that fill a cell, where the leading zero was lost; digits that are torn apart by line breaks,
boxes or odd separators behind a label; a date and five digits on two lines.

## Levels
High: control digits, date and century are right. Low: births in the future, FH and NPID numbers and
numbers of the 2032 rule, all without a label, numbers that a label or header calls something else,
a date and five digits on two lines without a label, and a lost zero without a header; in a column of
such numbers it rises.
Medium: H-numbers without a label, births in the future with one, and numbers whose individual number belongs to no century.
Written as an account, `1234.56.78901`, or labelled as one, it is an account and never this.

## Source
Skatteetaten, folkeregisteret-api-dokumentasjon; folkeregisterforskriften; KITH HIS 1001; Norsk
helsenett; navikt/testnorge.";

/// Labels that speak for the family.
const LABELS: Concepts = Concepts::FNR.and(Concepts::D_NUMBER).and(Concepts::HELP);

/// Labels that speak for something else.
const OTHERS: Concepts = Concepts::THING.and(Concepts::PHONE).and(Concepts::ACCOUNT);

/// How near a word must stand that speaks against a number, in bytes.
const AGAINST_WITHIN: usize = 30;

impl Detector for Fodselsnummer {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::DIGITS.and(Anchors::GROUP)
    }

    fn shapes(&self) -> &'static [Shape] {
        const BOX: Shape = Shape::of(Lengths::of(&[1])).free().only(Anchors::GROUP);
        const DATED: Shape = Shape::of(Lengths::of(&[2, 4, 6, 8, 11])).only(Anchors::DIGITS);
        const ANY: Shape = Shape::of(Lengths::between(1, 13)).only(Anchors::DIGITS);
        const {
            &[
                BOX.told(LABELS),
                DATED.before(Beside::NO_LETTER),
                ANY.before(Beside::CELL).after(Beside::CELL),
                ANY.before(Beside::NO_LETTER).told(LABELS.and(Concepts::SERIAL)),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor
            && group.length == 1
            && begins_boxes(window.text, group.at)
        {
            let spot = &group.spot;
            let torn = torn::read(window, group.at, spot, LABELS).filter(|torn| torn.labelled);
            hits.extend(torn.and_then(|torn| weigh_torn(torn, spot)));
        }
        let Anchor::Digits(number) = anchor else {
            return;
        };
        if let Some(written) = written(number).or_else(|| without_zero(number, window)) {
            if stands_free(number, window, written.groups) {
                hits.extend(judge(number, window, &written));
            }
            return;
        }
        if is_long_row(number) {
            return;
        }
        let joined = joined::in_text(number, window)
            .or_else(|| joined::in_row(number, window))
            .or_else(|| joined::serial_first(number, window));
        if let Some(joined) = joined {
            hits.extend(weigh_joined(number, joined));
        } else {
            let torn = torn::read(window, number.start, &number.spot, LABELS);
            hits.extend(torn.and_then(|torn| weigh_torn(torn, &number.spot)));
        }
    }
}

/// Whether eleven digits or more stand in a row, without a character that is not seen between them: they
/// are written in one piece, as [`written`] reads them, or are part of no such number.
fn is_long_row(number: &Number) -> bool {
    let first = number.lengths().first().copied().unwrap_or_default();
    first >= 11 && number.end(1) - number.start == usize::from(first)
}

/// Weighs a number whose control digits and date are right against its surroundings.
fn judge(number: &Number, window: &Window<'_>, written: &Written) -> Option<Hit> {
    let end = number.end(written.groups);
    let before = context::before(window, &number.spot, number.start);
    let after = context::after(window, end);
    let header = number.spot.header;
    let property = before.line.meet(Concepts::PROPERTY);
    let labelled = before.labels(LABELS) && !property;
    let near = Near {
        labelled: labelled || header.meet(LABELS),
        words: before.line.and(before.above).and(after).and(header),
        against: speaks_against(window.text, number.start, &before) && !labelled
            || header.meet(OTHERS) && !header.meet(LABELS),
    };
    let bare = written.groups == 1;
    if bare && is_account(number, window.text, &before) {
        return None;
    }
    let mut evidence = written
        .evidence
        .with_if(labelled, Evidence::Label)
        .with_if(!labelled && (after.meet(LABELS) || before.line.meet(LABELS)), Evidence::ContextWord)
        .with_if(header.meet(LABELS), Evidence::Header)
        .with_if(near.against && header.is_empty(), Evidence::NegativeWord)
        .with_if(near.against && !header.is_empty(), Evidence::OtherHeader)
        .with_if(fills_cell(number, window, written.groups), Evidence::WholeCell);
    let level = level(&written.identity, &near, number.spot.today, &mut evidence);
    let alone = written.evidence.has(Evidence::LeadingZero) && header.is_empty();
    let level = match (near.against || alone, bare) {
        (true, true) => Confidence::Low,
        (true, false) => level.lowered(),
        (false, _) => level,
    };
    let span = number.start..end;
    Some(Hit {
        kind: kind_of(&written.identity, near.words),
        canonical: written_digits(&written.digits, &span),
        span,
        confidence: level,
        evidence,
    })
}

/// What the surroundings say.
struct Near {
    labelled: bool,
    words: Concepts,
    against: bool,
}

fn speaks_against(text: &str, start: usize, before: &Before) -> bool {
    before.gap <= AGAINST_WITHIN
        && before.nearest.meet(OTHERS)
        && !context::has_own_number(text, start, before.gap)
}

/// Whether the nearest word calls eleven digits in one group an account.
fn is_account(number: &Number, text: &str, before: &Before) -> bool {
    before.gap <= AGAINST_WITHIN
        && before.nearest.meet(Concepts::ACCOUNT)
        && !before.nearest.meet(LABELS)
        && !context::has_own_number(text, number.start, before.gap)
        && number.digits::<4>(0) != Some([0; 4])
}

/// The level by the number's class and what stands near it.
fn level(
    identity: &IdentityNumber,
    near: &Near,
    today: Date,
    evidence: &mut EvidenceSet,
) -> Confidence {
    let synthetic = identity.class == IdentityClass::Synthetic;
    *evidence = evidence
        .with(Evidence::Checksum)
        .with_if(identity.class != IdentityClass::FhNumber, Evidence::Date)
        .with_if(synthetic, Evidence::Synthetic);
    if identity.rule == ControlRule::Of2032 {
        *evidence = evidence.with(Evidence::Rule2032);
        return if near.labelled { Confidence::Medium } else { Confidence::Low };
    }
    let level = match identity.class {
        IdentityClass::Fodselsnummer | IdentityClass::DNumber | IdentityClass::Synthetic => {
            Confidence::High
        }
        IdentityClass::HNumber if near.labelled => Confidence::High,
        IdentityClass::HNumber => Confidence::Medium,
        IdentityClass::Npid if near.labelled || near.words.meet(Concepts::NAV) => Confidence::High,
        IdentityClass::FhNumber if near.words.meet(Concepts::HELP) => Confidence::High,
        IdentityClass::FhNumber if near.words.meet(Concepts::HEALTH.and(Concepts::FNR)) => {
            Confidence::Medium
        }
        IdentityClass::Npid | IdentityClass::FhNumber => Confidence::Low,
    };
    match identity.birth {
        Birth::Day(day) if day > today => {
            *evidence = evidence.with(Evidence::FutureBirth);
            if near.labelled {
                Confidence::Medium
            } else {
                Confidence::Low
            }
        }
        Birth::NoCentury => {
            *evidence = evidence.with(Evidence::NoCentury);
            level.lowered()
        }
        Birth::Day(_) | Birth::Untold => level,
    }
}

fn kind_of(identity: &IdentityNumber, words: Concepts) -> &'static Kind {
    match (identity.class, identity.rule) {
        (IdentityClass::Synthetic, _) => &SYNTHETIC,
        (_, ControlRule::Of2032) => &RULE_2032,
        (IdentityClass::Fodselsnummer, _) => &ORDINARY,
        (IdentityClass::DNumber, _) => &D_NUMBER,
        (IdentityClass::HNumber, _) if words.meet(Concepts::TEST) => &SYNTHETIC,
        (IdentityClass::HNumber, _) => &H_NUMBER,
        (IdentityClass::FhNumber, _) => &FH_NUMBER,
        (IdentityClass::Npid, _) => &NPID,
    }
}

/// A number that was joined from a date and a personnummer.
fn weigh_joined(number: &Number, joined: joined::Joined) -> Option<Hit> {
    let identity = identity::parse(joined.digits)?;
    if joined.year.is_some_and(|year| !born_in(&identity, year)) {
        return None;
    }
    let near = Near { labelled: true, words: Concepts::FNR, against: false };
    let mut evidence = joined.evidence.with(Evidence::Joined);
    let level = level(&identity, &near, number.spot.today, &mut evidence);
    Some(Hit {
        kind: kind_of(&identity, Concepts::NONE),
        span: joined.span,
        confidence: level,
        evidence,
        canonical: Some(text_of_digits("", &joined.digits)),
    })
}

/// A number whose digits were torn apart: as sure as its label, and `low` without one.
fn weigh_torn(torn: Torn, spot: &Spot) -> Option<Hit> {
    let identity = identity::parse(torn.digits)?;
    let year = torn.year.map(|year| joined::year(&year));
    if year.is_some_and(|year| !born_in(&identity, year)) {
        return None;
    }
    let near = Near { labelled: torn.labelled, words: Concepts::NONE, against: false };
    let mut evidence = EvidenceSet::EMPTY
        .with(Evidence::Joined)
        .with_if(torn.labelled && !spot.header.meet(LABELS), Evidence::Label)
        .with_if(spot.header.meet(LABELS), Evidence::Header);
    let level = level(&identity, &near, spot.today, &mut evidence);
    Some(Hit {
        kind: kind_of(&identity, Concepts::NONE),
        span: torn.span,
        confidence: if torn.labelled { level } else { Confidence::Low },
        evidence,
        canonical: Some(text_of_digits("", &torn.digits)),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::Cut;

    /// Eleven digits that are a number, or some others, with what tears them or none.
    fn rows() -> impl Strategy<Value = String> {
        let number = prop_oneof![Just("15108695088"), Just("22838111878"), Just("15101986950889")];
        let part = prop_oneof![
            number.prop_map(str::to_owned),
            "[0-9]{1,4}",
            "[ .\u{ad}\n-]{1,2}",
        ];
        prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
    }

    proptest! {
        /// Planted fault that this caught: digits counted over a soft hyphen, `15108695088\u{ad}0`.
        #[test]
        fn a_long_row_is_no_part_of_a_torn_or_joined_number(row in rows(), label in "fnr |") {
            let text = label.clone() + &row;
            let cut = Cut::of_text(&text);
            let window = &cut.window;
            let spot = Spot::in_text(jiff::civil::date(2026, 11, 1));
            let number = Number::read(text.as_bytes(), label.len(), spot);
            let Some(number) = number.filter(|number| is_long_row(number) && written(number).is_none()) else {
                return Ok(());
            };
            prop_assert!(joined::in_text(&number, window).is_none());
            prop_assert!(joined::serial_first(&number, window).is_none());
            let torn = torn::read(window, number.start, &spot, LABELS);
            prop_assert!(torn.and_then(|torn| weigh_torn(torn, &spot)).is_none(), "{text:?}");
        }
    }
}
