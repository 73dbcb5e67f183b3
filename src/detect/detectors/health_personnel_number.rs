//! Numbers of the Norwegian register of health personnel (HPR).

use crate::detect::context;
use crate::detect::labels::surely;
use crate::detect::letters::{begins_word, ends_word};
use crate::detect::sought::Sought;
use crate::detect::{Anchor, Anchors, Concepts, Detector, DetectorInfo, Example, Shape, Group, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Kind};

pub(super) static DETECTOR: HealthPersonnelNumber = HealthPersonnelNumber;

pub(super) struct HealthPersonnelNumber;

static HPR: Kind = Kind {
    detector: "health-personnel-number",
    kind: "health-personnel-number",
    category: Category::Identifier,
    digested: true,
    precedence: 40,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "health-personnel-number",
    title: "HPR number",
    version: 4,
    kinds: &[&HPR],
    explanation: "\
Finds the number of a health worker behind its label or under its header: `HPR-nr. 9876543`.

## How it is checked
Five to nine digits; the number has no control digit, so a label (HPR, helsepersonellnummer,
autorisasjonsnummer, the object identifier of HL7) is required. Eight digits are a telephone number where other
words stand between.

## Levels
High: behind its label or under its header. It is found nowhere else.

## Source
Helsedirektoratet, Helsepersonellregisteret; HL7 Norge for the object identifier
2.16.578.1.12.4.1.4.4. The length is not confirmed by a published source.",
    examples: &[
        found("HPR-nr. 9876543", "9876543"),
        found("Lege Kari Nordmann, HPR: 1234567", "1234567"),
    ],
    counter_examples: &["9876543", "HPR mangler, ring 22225555", "HPR 12", "HPR-nr. 1234567890", "faktura 9876543"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str) -> Example {
    Example { text, found, kind: "health-personnel-number", confidence: Confidence::High }
}

/// How many digits a number has.
const LENGTHS: Lengths = Lengths::between(5, 9);

impl Detector for HealthPersonnelNumber {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const { &[Shape::of(LENGTHS).free().told(Concepts::HPR)] }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor
            && LENGTHS.has(group.length)
        {
            hits.extend(number(window, group));
        }
    }
}

/// The words that name one.
static LABELS: Sought = Sought::of(Concepts::HPR);

fn number(window: &Window<'_>, group: &Group) -> Option<Hit> {
    let span = group.at..group.end();
    let whole = begins_word(window.text, span.start) && ends_word(window.text, span.end);
    if !whole {
        return None;
    }
    if !LABELS.may_name(window, &group.spot, span.start) {
        return None;
    }
    let header = group.spot.header.meet(Concepts::HPR);
    if group.length == TELEPHONE && !header && !is_next(window, &group.spot, span.start) {
        return None;
    }
    let told = surely(window, &group.spot, &span, Concepts::HPR)?;
    Some(Hit {
        kind: &HPR,
        span,
        confidence: Confidence::High,
        evidence: told.evidence(),
        canonical: None,
    })
}

/// How many digits a telephone number has.
const TELEPHONE: usize = 8;

/// Words between the label and its number.
const LINKS: [&str; 10] =
    ["nr", "no", "nummer", "nummeret", "number", "id", "er", "is", "value", "root"];

/// Whether nothing but such words stands between the label and the number at `start`.
fn is_next(window: &Window<'_>, spot: &Spot, start: usize) -> bool {
    let before = context::before(window, spot, start);
    if before.nearest.is_empty() {
        return true;
    }
    let between = start.checked_sub(before.gap).and_then(|from| window.text.get(from..start));
    context::words(between.unwrap_or_default()).all(|(word, _)| LINKS.iter().any(|link| word.eq_ignore_ascii_case(link)))
}
