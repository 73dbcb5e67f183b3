//! Customer identification of payments (KID). Other customer numbers have no form to know them by.

use crate::detect::context;
use crate::detect::labels::surely;
use crate::detect::letters::{begins_word, byte, count_from, ends_word, luhn};
use crate::detect::sought::Sought;
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: CustomerId = CustomerId;

pub(super) struct CustomerId;

static KID: Kind = Kind {
    detector: "customer-id",
    kind: "customer-id",
    category: Category::Financial,
    digested: true,
    precedence: 5,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "customer-id",
    title: "Customer id of a payment (KID)",
    version: 4,
    kinds: &[&KID],
    explanation: "\
Finds KID numbers, which lead to a customer: `KID: 2345676`.

## How it is checked
Four to 25 digits, the last of which is the check digit modulo 10 (Luhn) or modulo 11 (weights 2 to 7
from the right, `-` for ten). 18 of a hundred random numbers pass, so the word KID is required.

## Levels
High: with its label or under its header. Low: at least seven digits that stand alone on a line of
running text; the control digit then is no proof.

## Source
Nets (Mastercard Payment Services), the KID in OCR giro.",
    examples: &[
        found("KID: 2345676", "2345676", Confidence::High),
        found("Betales med KID-nummer 1000005-", "1000005-", Confidence::High),
        found("KID 0129 0865", "0129 0865", Confidence::High),
        found("Payment reference: 2345676", "2345676", Confidence::High),
        found("98765432101230", "98765432101230", Confidence::Low),
    ],
    counter_examples: &["12345678901234567890123456", "KID: 2345678", "KID: ab2345676", "faktura 2345676", "2345676"],
    reach: 130,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "customer-id", confidence }
}

/// The words that name one.
static LABELS: Sought = Sought::of(Concepts::KID);

/// Fewest and most digits, from Nets.
const FEWEST: usize = 4;
const MOST: usize = 25;

/// Fewest digits of a number that stands alone.
const FEWEST_ALONE: usize = 7;

impl Detector for CustomerId {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const LINE: Beside = Beside::LINE.and(Beside::EDGE);
        const BEGUN: Beside = Beside::SPACE.and(Beside::HYPHEN);
        const {
            &[
                Shape::of(Lengths::between(1, 3)).after(BEGUN).told(Concepts::KID),
                Shape::of(Lengths::between(4, 25)).after(Beside::NO_LETTER).told(Concepts::KID),
                Shape::of(Lengths::between(6, 25)).before(LINE).after(LINE.and(Beside::HYPHEN)),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor {
            let (at, spot) = (group.at, &group.spot);
            hits.extend(labelled(window, at, spot).or_else(|| alone(window, at)));
        }
    }
}

/// A number behind its label or under its header.
fn labelled(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    if !LABELS.may_name(window, spot, at) {
        return None;
    }
    let end = read(window.text, at, true)?;
    let written = window.text.get(at..end)?;
    if !passes(written, FEWEST) {
        return None;
    }
    // What the words say is asked last: it costs more than the control digit.
    let told = surely(window, spot, &(at..at), Concepts::KID)?;
    // Behind other letters than those of its label it is the end of another id.
    let before = context::before(window, spot, at);
    let touches_label = before.nearest.meet(Concepts::KID) && before.gap == 0;
    if !touches_label && !begins_word(window.text, at) {
        return None;
    }
    let whole = window.is_filled_by(&(at..end));
    Some(Hit {
        kind: &KID,
        span: at..end,
        confidence: Confidence::High,
        evidence: told.evidence().with(Evidence::Checksum).with_if(whole, Evidence::WholeCell),
        canonical: Some(canonical(written)),
    })
}

/// A number that is all there is on its line.
fn alone(window: &Window<'_>, at: usize) -> Option<Hit> {
    let begins = at == 0 || byte(window.text, at - 1) == Some(b'\n');
    if window.is_cell() || !begins {
        return None;
    }
    let end = read(window.text, at, false)?;
    let ends = matches!(byte(window.text, end), None | Some(b'\n' | b'\r'));
    let written = window.text.get(at..end)?;
    (ends && passes(written, FEWEST_ALONE)).then(|| Hit {
        kind: &KID,
        span: at..end,
        confidence: Confidence::Low,
        evidence: crate::model::EvidenceSet::EMPTY.with(Evidence::OddForm),
        canonical: Some(canonical(written)),
    })
}

/// The byte after the number that begins at `at`; groups only where `grouped`.
fn read(text: &str, at: usize, grouped: bool) -> Option<usize> {
    let mut end = at;
    loop {
        end += count_from(text, end, MOST + 1, u8::is_ascii_digit);
        let further = byte(text, end + 1).is_some_and(|byte| byte.is_ascii_digit());
        if !grouped || byte(text, end) != Some(b' ') || !further || end - at > 2 * MOST {
            break;
        }
        end += 1;
    }
    let dash = byte(text, end) == Some(b'-') && ends_word(text, end + 1);
    (dash || ends_word(text, end)).then_some(end + usize::from(dash))
}

/// The number without spaces.
fn canonical(written: &str) -> String {
    written.replace(' ', "")
}

/// Whether the length of the number and its check digit are right.
fn passes(written: &str, fewest: usize) -> bool {
    let (mut room, mut length) = ([0; MOST + 1], 0);
    for digit in written.bytes().filter(u8::is_ascii_digit) {
        let Some(place) = room.get_mut(length) else {
            return false;
        };
        *place = digit - b'0';
        length += 1;
    }
    let all = &room[..length];
    let dash = written.ends_with('-');
    if !(fewest..=MOST).contains(&(length + usize::from(dash))) {
        return false;
    }
    match all.split_last() {
        Some(_) if dash => check_11(all) == 10,
        Some((last, rest)) => {
            all.iter().any(|digit| *digit != 0) && (luhn(all) || check_11(rest) == *last)
        }
        None => false,
    }
}

/// The check digit modulo 11 of the digits, 10 where it is written `-`.
fn check_11(digits: &[u8]) -> u8 {
    let of_six = |six: &[u8]| -> u32 {
        let products = six.iter().rev().zip(2..);
        products.map(|(digit, weight)| u32::from(*digit) * weight).sum()
    };
    let sum: u32 = digits.rchunks(6).map(of_six).sum();
    u8::try_from((11 - sum % 11) % 11).unwrap_or(10)
}
