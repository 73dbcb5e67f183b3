//! Words of the special categories of personal data.

use crate::detect::terms::{self, Topic};
use crate::detect::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Term, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

pub(super) static DETECTOR: SpecialCategory = SpecialCategory;

pub(super) struct SpecialCategory;

const fn kind(kind: &'static str) -> Kind {
    Kind {
        detector: "special-category",
        kind,
        category: Category::Special,
        digested: false,
        precedence: 30,
    }
}

static HEALTH: Kind = kind("health");
static TRADE_UNION: Kind = kind("trade-union");
static RELIGION: Kind = kind("religion");
static ETHNICITY: Kind = kind("ethnicity");
static POLITICAL: Kind = kind("political");
static SEXUAL: Kind = kind("sexual");
static GENETIC_BIOMETRIC: Kind = kind("genetic-biometric");

static INFO: DetectorInfo = DetectorInfo {
    id: "special-category",
    title: "Word of a special category",
    version: 3,
    kinds: &[
        &HEALTH,
        &TRADE_UNION,
        &RELIGION,
        &ETHNICITY,
        &POLITICAL,
        &SEXUAL,
        &GENETIC_BIOMETRIC,
    ],
    explanation: "\
Finds words that speak of health, trade unions, religion, ethnic origin, political opinion, sexual
orientation, and genetic or biometric data, in Bokmål, Nynorsk and English.

## How it is checked
Whole words, or their beginnings where all that begins so means the same; the longest entry of the
list counts. Words that are mostly something else (*same*, *kven*, *høyre*, *rase*, *delta*) are not
sought, or only in a phrase (*medlem av Høyre*); abbreviations count in capitals only (*HIV*, *AUF*).

## Levels
A word that hardly means anything else is medium, one that often does is low. Near a person, within
200 bytes or in the same row of a table, a word counts one step more. In a document without any person
it is low, except a medium one in a document about recruitment, employees or health.

## Limits
It reads words, not sense: a denial (*ikke syk*) and a book about cancer are found too, and what is
told in other words is not. A word inside a compound is found only at its beginning.

## Source
Regulation (EU) 2016/679 (GDPR) art. 9 (1).",
    examples: &[
        found("er sykmeldt fra mandag", "sykmeldt", "health", Confidence::Medium),
        found("Sjukmeldinga ligg ved", "Sjukmeldinga", "health", Confidence::Medium),
        found("har hatt høyt SYKEFRAVÆR", "SYKEFRAVÆR", "health", Confidence::Low),
        found("HIV-positiv siden 2010", "HIV-positiv", "health", Confidence::Medium),
        found("er medlem i Delta", "medlem i Delta", "trade-union", Confidence::Low),
        found("vald til tillitsvald", "tillitsvald", "trade-union", Confidence::Medium),
        found("utmeldt av trossamfunnet, muslimsk", "muslimsk", "religion", Confidence::Low),
        found("begge foreldre er samer", "samer", "ethnicity", Confidence::Low),
        found("Medlem av Høyre siden 1998", "Medlem av Høyre", "political", Confidence::Low),
        found("her sexual orientation", "sexual orientation", "sexual", Confidence::Medium),
        found("FINGERAVTRYKK tatt", "FINGERAVTRYKK", "genetic-biometric", Confidence::Medium),
    ],
    counter_examples: &[
        "på den same måten, og kven som helst",
        "sving til høyre, så til venstre ved rødt lys",
        "behandling av personopplysninger",
        "kan alle delta? Er dere parat?",
        "fila er konvertert til PDF",
        "hiv ballen hit; muren kan rase",
        "av alle krefter, med Kristensen",
        "the connection was aborted, abort",
        "helse, lege og sykehus",
        "diagnoseverktøyet viser feil",
    ],
    reach: terms::MAX_TERM_BYTES,
};

const fn found(
    text: &'static str,
    found: &'static str,
    kind: &'static str,
    confidence: Confidence,
) -> Example {
    Example {
        text,
        found,
        kind,
        confidence,
    }
}

impl Detector for SpecialCategory {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::TERM
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Term { start, end, term } = *anchor
            && let Some(kind) = kind_of(term.topic)
        {
            hits.extend(hit(kind, start..end, term, window));
        }
    }
}

fn kind_of(topic: Topic) -> Option<&'static Kind> {
    match topic {
        Topic::Health => Some(&HEALTH),
        Topic::TradeUnion => Some(&TRADE_UNION),
        Topic::Religion => Some(&RELIGION),
        Topic::Ethnicity => Some(&ETHNICITY),
        Topic::Political => Some(&POLITICAL),
        Topic::Sexual => Some(&SEXUAL),
        Topic::GeneticBiometric => Some(&GENETIC_BIOMETRIC),
        Topic::Criminal => None,
    }
}

/// A hit of `term` by its weight: 3 is medium, 2 is low, and what weighs less is none.
pub(super) fn hit(
    kind: &'static Kind,
    span: std::ops::Range<usize>,
    term: &Term,
    window: &Window<'_>,
) -> Option<Hit> {
    let confidence = match term.weight {
        0 | 1 => return None,
        2 => Confidence::Low,
        _ => Confidence::Medium,
    };
    let supported = terms::is_supported(window.text, &span, term.topic);
    Some(Hit {
        kind,
        span,
        confidence,
        evidence: EvidenceSet::EMPTY
            .with(Evidence::Register)
            .with_if(supported, Evidence::ContextWord),
        canonical: None,
    })
}
