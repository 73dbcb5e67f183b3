//! Organisation numbers of the Norwegian register. Foreign ones are not found.

use crate::detect::context;
use crate::detect::labels::told;
use crate::detect::letters::modulo_11;
use crate::detect::number::{free_after, free_before};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Number, Row, Separator, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: OrganisationNumber = OrganisationNumber;

pub(super) struct OrganisationNumber;

const fn kind(kind: &'static str, category: Category) -> Kind {
    Kind { detector: "organisation-number", kind, category, digested: true, precedence: 60 }
}

static ENK: Kind = kind("enk", Category::Identifier);
static COMPANY: Kind = kind("company", Category::NotPersonal);

static INFO: DetectorInfo = DetectorInfo {
    id: "organisation-number",
    title: "Organisation number",
    version: 3,
    kinds: &[&ENK, &COMPANY],
    explanation: "\
Finds the nine digits of Enhetsregisteret: `988 077 917`, `988077917`, `NO 988 077 917 MVA`.

## How it is checked
It begins with 8 or 9, and the control digit (weights 3 2 7 6 5 4 3 2, modulo 11) is right. The number
does not say what sort of enterprise it belongs to. A sole proprietorship (`enk`) has one owner and is
personal; it is told by the words ENK, enkeltpersonforetak or innehaver on the same line or in the
same row. All others are `company`, and not personal.

## Levels
`enk`: high with a label, a header or MVA, else medium. `company`: low.

## Source
Brønnøysundregistrene, the organisation number; the control digit of its published example.",
    examples: &[
        found("Hansen Rørlegger ENK, org.nr. 974 760 673", "974 760 673", "enk", Confidence::High),
        found("Org.nr: 988077917", "988077917", "company", Confidence::Low),
        found("NO 988 077 917 MVA", "988 077 917", "company", Confidence::Low),
        found("VAT: NO988077917MVA", "988077917", "company", Confidence::Low),
        found("Org.nr. 988.077.917", "988.077.917", "company", Confidence::Low),
    ],
    counter_examples: &["123456785", "988 077 918", "000000000", "988077917,50", "988.077.917", "KNO988077917", "Vi har 988 077 917 medlemmer"],
    reach: 120,
};

const fn found(
    text: &'static str,
    found: &'static str,
    kind: &'static str,
    confidence: Confidence,
) -> Example {
    Example { text, found, kind, confidence }
}

/// Longest cell that is looked at for the form of the enterprise, in bytes.
const MAX_FORM: usize = 40;

impl Detector for OrganisationNumber {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::DIGITS
    }

    fn shapes(&self) -> &'static [Shape] {
        // The letters of NO.
        const COUNTRY: Beside = Beside::LETTER.without(Beside::HEX.and(Beside::R));
        const {
            &[
                Shape::of(Lengths::of(&[9])).before(Beside::NO_LETTER),
                Shape::of(Lengths::of(&[3])).before(Beside::NO_LETTER).after(Beside::SEPARATOR),
                Shape::of(Lengths::of(&[9])).before(COUNTRY).lead(COUNTRY),
                Shape::of(Lengths::of(&[3])).before(COUNTRY).lead(COUNTRY).after(Beside::SEPARATOR),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Digits(number) = anchor else {
            return;
        };
        let Some(groups) = written(number) else {
            return;
        };
        let passes = number.digits::<9>(0).is_some_and(|digits| {
            digits[0] >= 8 && modulo_11(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]) == 0
        });
        let end = number.end(groups);
        if passes && free(number, window, groups) {
            hits.extend(judge(number, window, end, groups));
        }
    }
}

/// Whether it stands free; the country may touch it before, and MVA behind.
fn free(number: &Number, window: &Window<'_>, groups: usize) -> bool {
    let (text, end) = (window.text, number.end(groups));
    let country = text.get(..number.start).and_then(|before| before.strip_suffix("NO"));
    let begins = free_before(text, number.start)
        || country.is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    begins && (free_after(text, end) || text.get(end..).is_some_and(|behind| behind.starts_with("MVA")))
}

fn judge(number: &Number, window: &Window<'_>, end: usize, groups: usize) -> Option<Hit> {
    let spot = &number.spot;
    let span = number.start..end;
    let told = told(window, spot, &span, Concepts::ORGANISATION);
    // With full stops it is an amount, if nothing says what it is.
    if number.separator(0).filter(|_| groups > 1) == Some(Separator::Dot) && !told.sure() {
        return None;
    }
    let sole = is_sole(window, spot, &span);
    let kind = if sole { &ENK } else { &COMPANY };
    let confidence = match (sole, told.sure() || told.around()) {
        (true, true) => Confidence::High,
        (true, false) => Confidence::Medium,
        (false, _) => Confidence::Low,
    };
    Some(Hit {
        kind,
        span,
        confidence,
        evidence: told
            .evidence()
            .with(Evidence::Checksum)
            .with_if(groups > 1, Evidence::Grouping)
            .with_if(!sole, Evidence::Role),
        canonical: Some(number.text(0, 9)),
    })
}

/// Nine digits in one group or in three of three.
fn written(number: &Number) -> Option<usize> {
    if number.begins(&[9]) {
        return Some(1);
    }
    let apart = number.begins(&[3, 3, 3])
        && number.uniform(3)
        && matches!(number.separator(0), Some(Separator::Space | Separator::Dot))
        && !(number.separator(2) == number.separator(0) && number.begins(&[3, 3, 3, 3]));
    apart.then_some(3)
}

/// Whether a sole proprietorship is spoken of on the line or in the row.
fn is_sole(window: &Window<'_>, spot: &Spot, span: &std::ops::Range<usize>) -> bool {
    let near = context::before(window, spot, span.start).line;
    let behind = context::after(window, span.end);
    near.and(behind).meet(Concepts::SOLE) || window.row.is_some_and(row_is_sole)
}

/// Whether a cell of the same row names the form of a sole proprietorship.
fn row_is_sole(row: Row<'_>) -> bool {
    row.others().any(|(value, _)| {
        value.len() <= MAX_FORM
            && ["ENK", "enkeltpersonforetak", "enkeltpersonføretak"]
                .iter()
                .any(|form| value.trim().eq_ignore_ascii_case(form))
    })
}
