//! Words of criminal convictions and offences.

use super::special_category::hit;
use crate::detect::terms::{self, Topic};
use crate::detect::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Window};
use crate::model::{Category, Confidence, Kind};

pub(super) static DETECTOR: CriminalRecord = CriminalRecord;

pub(super) struct CriminalRecord;

static KIND: Kind = Kind {
    detector: "criminal-record",
    kind: "criminal-record",
    category: Category::Special,
    digested: false,
    precedence: 30,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "criminal-record",
    title: "Word of a criminal matter",
    version: 3,
    kinds: &[&KIND],
    explanation: "\
Finds words that speak of convictions, charges and offences, and of police certificates, in Bokmål,
Nynorsk and English.

## How it is checked
Whole words, or their beginnings where all that begins so means the same; the longest entry of the
list counts. *Attest* and *bot* alone are not sought, and alarms and insurance against theft are known.

## Levels
A word that hardly means anything else is medium, one that often does is low. Near a person, within
200 bytes or in the same row of a table, a word counts one step more. In a document without any person
it is low, except a medium one in a document about recruitment, employees or health.

## Limits
It reads words, not sense: that somebody has no record is found like a record.

## Source
Regulation (EU) 2016/679 (GDPR) art. 10; politiregisterloven § 40.",
    examples: &[
        found("Politiattesten er levert", "Politiattesten", Confidence::Medium),
        found("vart sikta for skadeverk", "sikta for", Confidence::Medium),
        found("fekk FØRELEGG i fjor", "FØRELEGG", Confidence::Medium),
        found("was convicted of fraud", "convicted of", Confidence::Medium),
        found("saken gjelder underslag", "underslag", Confidence::Low),
    ],
    counter_examples: &[
        "attest på fakturaen, attestert av leder",
        "tyverialarmen og tyveriforsikringen",
        "batteriet er charged with solstrøm",
        "bot og bedring, robot",
    ],
    reach: terms::MAX_TERM_BYTES,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example {
        text,
        found,
        kind: "criminal-record",
        confidence,
    }
}

impl Detector for CriminalRecord {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::TERM
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Term { start, end, term } = *anchor
            && term.topic == Topic::Criminal
        {
            hits.extend(hit(&KIND, start..end, term, window));
        }
    }
}
