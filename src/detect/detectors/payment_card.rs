//! Payment cards. Cards of shops and libraries have no common form and are not found.

use crate::detect::dialling;
use crate::detect::labels::told;
use crate::detect::letters::{digits, luhn};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Number, Separator, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: PaymentCard = PaymentCard;

pub(super) struct PaymentCard;

static CARD: Kind = Kind {
    detector: "payment-card",
    kind: "payment-card",
    category: Category::Financial,
    digested: true,
    precedence: 88,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "payment-card",
    title: "Payment card",
    version: 3,
    kinds: &[&CARD],
    explanation: "\
Finds the numbers of Visa, Mastercard, American Express, Diners, Discover, JCB and, with a label,
Maestro: `4242 4242 4242 4242`, `3782 822463 10005`.

## How it is checked
The issuer's first digits, the length that belongs to them, and the check digit (Luhn). Two in a
hundred random numbers of sixteen digits pass.

## Levels
High: grouped as on the card, or labelled. Low: digits without groups and label, or under a header
that names another number.

## Source
ISO/IEC 7812-1; the issuers' published ranges.",
    examples: &[
        found("4242 4242 4242 4242", "4242 4242 4242 4242", Confidence::High),
        found("Amex 3782 822463 10005", "3782 822463 10005", Confidence::High),
        found("Kortnummer: 4242424242424242", "4242424242424242", Confidence::High),
        found("6011111111111117", "6011111111111117", Confidence::Low),
    ],
    counter_examples: &[
        "0000000000000000",
        "7070575000000000",
        "4242 4242 4242 4241",
        "EAN 4242424242424242",
        "4242 4242 4242 4242 4242",
    ],
    reach: 130,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "payment-card", confidence }
}

impl Detector for PaymentCard {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::DIGITS
    }

    fn shapes(&self) -> &'static [Shape] {
        const {
            &[
                Shape::of(Lengths::between(12, 19)).free(),
                Shape::of(Lengths::of(&[4])).before(Beside::NO_LETTER).after(Beside::SEPARATOR),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Digits(number) = anchor else {
            return;
        };
        let groups = written(number, window).filter(|groups| number.stands_free(window, *groups));
        let Some(groups) = groups else {
            return;
        };
        let span = number.start..number.end(groups);
        let length = number.lengths().iter().take(groups).map(|length| usize::from(*length)).sum();
        let canonical = number.text(0, length);
        let Some(issuer) = issuer(&canonical).filter(|_| luhn(&digits(&canonical))) else {
            return;
        };
        let told = told(window, &number.spot, &span, Concepts::CARD);
        let grouped = groups > 1;
        if issuer == Issuer::Maestro && !told.sure() {
            return;
        }
        let sure = told.sure() || grouped && !told.other_header();
        hits.push(Hit {
            kind: &CARD,
            span,
            confidence: if sure { Confidence::High } else { Confidence::Low },
            evidence: told
                .evidence()
                .with(Evidence::Checksum)
                .with(Evidence::Register)
                .with_if(grouped, Evidence::Grouping),
            canonical: Some(canonical),
        });
    }
}

/// The groups of a card: one, or those that stand on it, with nothing of the sort before or behind.
fn written(number: &Number, window: &Window<'_>) -> Option<usize> {
    let lengths = number.lengths();
    if lengths.first().is_some_and(|length| (12..=19).contains(length)) {
        return Some(1);
    }
    let forms: [&[u8]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];
    let form = forms.into_iter().find(|form| number.begins(form))?;
    let groups = form.len();
    let apart = matches!(number.separator(0)?, Separator::Space | Separator::Hyphen);
    let ends = number.separator(groups - 1) != number.separator(0);
    let begins = !dialling::group_before(window.text, number.start, number.separator(0)?, 4);
    (apart && begins && ends && number.uniform(groups)).then_some(groups)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Issuer {
    Maestro,
    Other,
}

/// Whose range the number is in, where its length is one that the issuer gives.
fn issuer(digits: &str) -> Option<Issuer> {
    let length = digits.len();
    let first = |count: usize| digits.get(..count).and_then(|first| first.parse::<u32>().ok());
    let (two, three, four) = (first(2)?, first(3)?, first(4)?);
    let sixteen = matches!(two, 51..=55 | 65)
        || matches!(three, 644..=649)
        || matches!(four, 2221..=2720 | 3528..=3589 | 6011);
    let other = match two {
        40..=49 => matches!(length, 13 | 16 | 19),
        34 | 37 => length == 15,
        36 | 38 | 39 => length == 14,
        _ if matches!(three, 300..=305) => length == 14,
        _ => sixteen && length == 16,
    };
    if other {
        return Some(Issuer::Other);
    }
    let maestro = matches!(two, 50 | 56..=69) && (12..=19).contains(&length);
    maestro.then_some(Issuer::Maestro)
}
