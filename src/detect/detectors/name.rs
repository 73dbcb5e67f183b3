//! Names of persons: in running text by the model of [`names`](crate::detect::names), in tables by
//! header, after labels and sign-offs by those.
//!
//! A window yields [`Glimpse`]s, which the object's [`Settling`](crate::detect::Settling) turns into
//! names when it knows what their words are elsewhere.

#[cfg(test)]
mod card;
pub(in crate::detect) mod column;
mod context;
mod glimpse;
mod judge;
mod mistaken;
mod small;
mod spelled;
mod surname_first;
mod surroundings;
mod table;
#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests may panic")]
mod tests;
mod words;

pub(in crate::detect) use glimpse::{Glimpse, glimpses};
pub(in crate::detect) use judge::{Found, judge};
pub(in crate::detect) use small::in_small_text;
pub(in crate::detect) use spelled::after_labels;

use crate::detect::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Window};
use crate::model::{Category, Confidence, Kind};

pub(in crate::detect) static NAME: Kind = Kind {
    detector: "name",
    kind: "name",
    category: Category::Contact,
    digested: true,
    precedence: 20,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "name",
    title: "Name of a person",
    version: 9,
    kinds: &[&NAME],
    explanation: "\
Finds names of persons in Norwegian and English text.

Each run of capitalised words is weighed by a model of sequences: whether its words are in lists of \
first names, surnames, places and common words, what their ends look like, and which words stand \
beside them. A second one weighs them again by what the same words are elsewhere in the object. A \
first name with another word that are names with a likelihood of 0.9 are `high`; what else is more \
likely a name than not is `medium`; words of the lists that may be one are `low`.

A label (`Navn:`, `Søker:`), a key, or a sign-off (`Hilsen`) right before it makes a name `high`, \
and so does the header of a column (`Fornavn`, `Kontaktperson`). Streets, institutions and ships \
that bear a person's name are left out; in the name of a company it is `low`, and so are, amid another \
language or a program, a word alone that few in Norway are called by and several words without a first name. In small letters names \
are found after a label, in a short text without capitals, and in the local part of an address, when its \
words are in the lists: `medium`.

Sources: Statistics Norway, Statistics Sweden, the US Census, Norsk ordbank, GeoNames; weights \
fitted to NorNE; see `docs/name-model.md`.",
    examples: &[
        Example {
            text: "Møtet ble ledet av Kari Hansen i går.",
            found: "Kari Hansen",
            kind: "name",
            confidence: Confidence::High,
        },
        Example {
            text: "Navn: Tone Merete Vassdalsvik\nTelefon: 912 34 567",
            found: "Tone Merete Vassdalsvik",
            kind: "name",
            confidence: Confidence::High,
        },
        Example {
            text: "Med vennlig hilsen\nTrude Hegstad Myhrvold\nSeniorrådgiver",
            found: "Trude Hegstad Myhrvold",
            kind: "name",
            confidence: Confidence::High,
        },
        Example {
            text: "Til stede: Aasgård, Terje; Øverbø, Grete",
            found: "Aasgård, Terje",
            kind: "name",
            confidence: Confidence::High,
        },
    ],
    counter_examples: &[
        "Bussen stopper i Carl Berners plass og Sven Oftedals vei.",
        "Toget går fra Kristiansand til Arendal via Nelaug.",
        "Vi møtes i mai eller juni, senest fredag 12. august.",
        "Olsen Bygg og Anlegg AS, org.nr. 987 654 321",
        "Regjeringen støttet forslaget. Høyre stemte mot.",
    ],
    reach: 1024,
};

/// The detector.
pub(crate) const DETECTOR: Name = Name;

/// Finds names of persons.
#[derive(Debug)]
pub(crate) struct Name;

impl Detector for Name {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::CELL.and(Anchors::AT)
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Cell(spot) = *anchor {
            hits.extend(table::in_cell(window.text, spot.names));
        } else if let Anchor::At { at, .. } = *anchor {
            hits.extend(spelled::in_address(window, at));
        }
    }
}

/// Lower case, composed, single spaces, first names first.
fn in_order(name: &str) -> String {
    let mut ordered = String::with_capacity(name.len() + 4);
    match name.split_once(',') {
        Some((last, first)) => {
            push_words(&mut ordered, first, char::is_whitespace);
            push_words(&mut ordered, last, char::is_whitespace);
        }
        None => push_words(&mut ordered, name, |c| c == '_' || c.is_whitespace()),
    }
    ordered
}

/// Appends the words of `text` in lower case, each behind a space where something stands before.
fn push_words(ordered: &mut String, text: &str, parts: fn(char) -> bool) {
    for word in text.split(parts).filter(|word| !word.is_empty()) {
        if !ordered.is_empty() {
            ordered.push(' ');
        }
        words::push_lowered(ordered, word);
    }
}
