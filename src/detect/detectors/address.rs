//! Postal addresses: streets with a number, postal codes with their place, post boxes, and land
//! register numbers. It does not find streets or places alone.

mod street;

use std::ops::Range;

use crate::detect::context;
use crate::detect::labels::{Told, told};
use crate::detect::letters::{begins_word, push_lower};
use crate::detect::number::free_before;
use crate::detect::postal::{self, Pair};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

pub(super) static DETECTOR: Address = Address;

pub(super) struct Address;

static ADDRESS: Kind = Kind {
    detector: "address",
    kind: "address",
    category: Category::Contact,
    digested: true,
    precedence: 40,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "address",
    title: "Postal address",
    version: 5,
    kinds: &[&ADDRESS],
    explanation: "\
Finds streets with a house number (`Storgata 20 B`, `Karl Johans gate 1`, `Vikavegen 225-H0304`), postal codes
with their place (`0184 Oslo`), both together on one line or two, post boxes, and land register numbers
(`gnr. 12 bnr. 34`).

## How it is checked
Code and place must be a pair of the postal register of 2020: 2020 Skedsmokorset is one, 2020 Oslo is a
year. A street is known by the end of its name or the word behind it (vei, veg, gate, gata, plass, allé,
bakken, lia and some 70 more) and a number after it. Codes that were given out after 2020 are not known.

## Levels
High: a street or a box with a pair, and a street behind a label or under a header. Medium: a pair alone;
a street alone whose word seldom means anything else (vei, gate, plass, allé, terrasse). Low: other
streets, boxes and land register numbers alone, pairs in small letters, pairs whose code may be a
year, and places where people meet (*Sted:*). An address rises one step near a person, but a place to
meet and a land register number do not: they say where something is, not where somebody lives.

## Source
Kartverket, adresseveilederen, chapter 12; the postal register of Bring as of October 2020.",
    examples: &[
        found("Storgata 20 B\n0184 OSLO", "Storgata 20 B\n0184 OSLO", Confidence::High),
        found("Bor i Fjordvegen 3, 6800 Førde.", "Fjordvegen 3, 6800 Førde", Confidence::High),
        found("Th. Kittelsens vei 14", "Th. Kittelsens vei 14", Confidence::Medium),
        found("møt opp i P.A. Munchs gt. 7", "P.A. Munchs gt. 7", Confidence::Medium),
        found("Adresse: Solbakken 4", "Solbakken 4", Confidence::High),
        found("Pb. 45, 5003 Bergen", "Pb. 45, 5003 Bergen", Confidence::High),
        found("9170 Longyearbyen", "9170 Longyearbyen", Confidence::Medium),
        found("Vi flyttet i 2010 Strømmen hit", "2010 Strømmen", Confidence::Low),
        found("gnr. 12 bnr. 34", "gnr. 12 bnr. 34", Confidence::Low),
        found("Gnr./bnr.: 12/34", "Gnr./bnr.: 12/34", Confidence::Low),
        found("matrikkelnr. 0301-12/34", "matrikkelnr. 0301-12/34", Confidence::Low),
        found("Deatnugeaidnu 45, 9845 Tana", "Deatnugeaidnu 45, 9845 Tana", Confidence::High),
        found("Adresse: Lille Grensen 7", "Lille Grensen 7", Confidence::High),
        found("Sted: Henrik Ibsens gate 2", "Henrik Ibsens gate 2", Confidence::Low),
    ],
    counter_examples: &[
        "1500 kroner",
        "Torget er fullt",
        "Kapittel 4 Plassering",
        "kl. 0800 Oslo",
        "I 2020 Oslo kommune",
        "Kari Haugen 12 år",
        "Vei 4",
        "Slottsgata 2019",
        "Kirkeveien 22 33 44 55",
        "Storgata 1,5 km",
        "En vei 3 km lang",
        "Henrik Ibsens gate. Standard NS 3420",
    ],
    reach: 200,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "address", confidence }
}

impl Detector for Address {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP.and(Anchors::CAPITAL)
    }

    fn shapes(&self) -> &'static [Shape] {
        const PAIR: Shape = Shape::of(Lengths::of(&[4])).before(Beside::NO_LETTER);
        const LAND: Beside = Beside::R.and(Beside::SPACE).and(Beside::COLON).and(Beside::DOT);
        const {
            &[
                PAIR.after(Beside::SPACE.and(Beside::WIDE)),
                PAIR.after(Beside::CELL).told(Concepts::ADDRESS),
                Shape::of(Lengths::between(1, 5)).before(LAND).told(Concepts::NONE),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        match anchor {
            Anchor::Capital { start, end, spot } => {
                hits.extend(named(window, *start, *end, spot));
            }
            Anchor::Group(group) => {
                let (at, spot) = (group.at, &group.spot);
                let pair = (group.length == 4).then(|| pair(window, at, spot)).flatten();
                hits.extend(pair.or_else(|| property(window, at, spot)));
            }
            Anchor::Digits(_)
            | Anchor::At { .. }
            | Anchor::Joint { .. }
            | Anchor::Term { .. }
            | Anchor::Cell(_) => {}
        }
    }
}

/// A street or a post box at a capitalised word, with the pair behind it where there is one.
fn named(window: &Window<'_>, start: usize, end: usize, spot: &Spot) -> Option<Hit> {
    if !street::may_follow(window.text.as_bytes(), end) {
        return None;
    }
    let text = window.text;
    let boxed = street::post_box(text, start, end);
    let (first, own_end, sure) = if let Some(end) = boxed {
        (start, end, false)
    } else {
        let street = street::street(text, start, end).or_else(|| labelled_street(window, start, end, spot))?;
        (street.start, street.end, street.sure)
    };
    let code = pair_behind(text, own_end);
    let alone_end = boxed.map_or(own_end, |end| trimmed(text, end));
    let span = first..code.map_or(alone_end, |pair| pair.end);
    let told = told(window, spot, &span, Concepts::ADDRESS);
    let level = match (code.is_some() || told.sure(), sure) {
        (true, _) => Confidence::High,
        (false, true) => Confidence::Medium,
        (false, false) => Confidence::Low,
    };
    let meeting = meets_at(window, &span, spot);
    let level = if meeting { Confidence::Low } else { level };
    let evidence = told
        .evidence()
        .with_if(meeting, Evidence::NegativeWord)
        .with_if(boxed.is_none(), Evidence::StreetForm)
        .with_if(code.is_some(), Evidence::Register);
    Some(hit(window, span, level, evidence))
}

/// Words with a house number right behind a label, whatever the street is called: `Adresse: Lille Grensen 7`.
fn labelled_street(window: &Window<'_>, start: usize, end: usize, spot: &Spot) -> Option<street::Street> {
    let number = street::number(window.text, end)?;
    let first = street::first_word(window.text, start);
    let before = context::before(window, spot, first);
    let between = window.text.get(first.checked_sub(before.gap)?..first)?;
    let labelled = between.trim() == ":" && before.nearest.meet(Concepts::ADDRESS);
    labelled.then_some(street::Street { start: first, end: number, sure: false })
}

/// Whether a label right before says that people meet there: `Sted: Henrik Ibsens gate 2`.
fn meets_at(window: &Window<'_>, span: &Range<usize>, spot: &Spot) -> bool {
    let before = context::before(window, spot, span.start);
    before.gap <= 3 && before.nearest.meet(Concepts::VENUE)
}

/// Where the words behind a box's number may have ended with a space or a full stop.
fn trimmed(text: &str, end: usize) -> usize {
    text.get(..end).map_or(end, |text| text.trim_end_matches([' ', '.']).len())
}

/// The pair that follows `end` behind a comma, spaces or the end of the line.
fn pair_behind(text: &str, end: usize) -> Option<Pair> {
    let rest = text.get(end..)?;
    let filler = |c: char| matches!(c, ' ' | ',' | ';' | '\n' | '\r' | '\t' | '.' | '\u{a0}');
    let bare = rest.trim_start_matches(filler);
    let lines = rest.get(..rest.len() - bare.len())?.matches('\n').count();
    let code = bare.strip_prefix("NO-").or_else(|| bare.strip_prefix("N-")).unwrap_or(bare);
    let at = text.len() - code.len();
    (lines <= 1 && at - end <= 16).then(|| postal::pair(text, at))?
}

/// A pair of code and place at the digits.
fn pair(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    let free = begins_word(text, at) && free_before(text, at);
    let Some(pair) = postal::pair(text, at).filter(|_| free) else {
        return in_row(window, at, spot);
    };
    let before = before(text, at);
    if ["kl", "klokka", "klokken", "kr", "nok"].contains(&before.as_str()) {
        return None;
    }
    let span = at..pair.end;
    let told = told(window, spot, &span, Concepts::ADDRESS);
    let level = if doubtful(text, at, &before, told, pair) {
        Confidence::Low
    } else {
        Confidence::Medium
    };
    Some(hit(window, span, level, told.evidence().with(Evidence::Register)))
}

/// Whether the code may be a year, or the place no place.
fn doubtful(text: &str, at: usize, before: &str, told: Told, pair: Pair) -> bool {
    let year = text.get(at..at + 2).is_some_and(|two| matches!(two, "19" | "20"));
    let dated = DATED.contains(&before) || MONTHS.iter().any(|month| before.starts_with(month));
    !told.sure() && (year && dated || !pair.capital)
}

/// Words after which four digits are a year.
const DATED: &[&str] = &[
    "i", "in", "fra", "frå", "from", "siden", "sidan", "since", "til", "to", "år", "året", "year",
    "av", "of", "våren", "sommeren", "sommaren", "høsten", "hausten", "vinteren", "og", "and", "kv",
];

const MONTHS: &[&str] = &[
    "jan", "feb", "mars", "apr", "mai", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov",
    "des", "dec",
];

/// The word before byte `at` on its line, in lower case.
fn before(text: &str, at: usize) -> String {
    let from = text.ceil_char_boundary(at.saturating_sub(20));
    let slice = text.get(from..at).unwrap_or_default();
    let bare = slice.trim_end_matches([' ', '.', '\u{a0}']);
    let word = bare.rsplit(|c: char| !c.is_alphabetic()).next();
    word.unwrap_or_default().to_lowercase()
}

/// A code that fills its cell under a header for codes, with its place in the same row.
fn in_row(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let (row, digits) = (window.row?, window.text);
    if !spot.header.meet(Concepts::ADDRESS) || (at, digits.len()) != (0, 4) {
        return None;
    }
    row.others().find(|(place, _)| postal::is_pair(digits, place.trim()))?;
    let evidence = EvidenceSet::EMPTY
        .with(Evidence::Header)
        .with(Evidence::Register)
        .with(Evidence::Joined)
        .with(Evidence::WholeCell);
    Some(hit(window, 0..4, Confidence::Medium, evidence))
}

fn property(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let text = window.text;
    let (start, end) = street::property(text, at)?;
    let told = told(window, spot, &(start..end), Concepts::ADDRESS);
    Some(hit(window, start..end, Confidence::Low, told.evidence().with(Evidence::Prefix)))
}

fn hit(window: &Window<'_>, span: Range<usize>, level: Confidence, evidence: EvidenceSet) -> Hit {
    let matched = window.text.get(span.clone()).unwrap_or_default();
    Hit {
        kind: &ADDRESS,
        span,
        confidence: level,
        evidence,
        canonical: Some(canonical(matched)),
    }
}

/// The address in lower case, with one space between its words and no commas.
fn canonical(matched: &str) -> String {
    let mut canonical = String::with_capacity(matched.len());
    if is_plain(matched.as_bytes()) {
        push_lower(&mut canonical, matched);
        return canonical;
    }
    let mut apart = false;
    for word in matched.split(|c: char| c.is_whitespace() || c == ',') {
        if word.is_empty() {
            continue;
        }
        if std::mem::replace(&mut apart, true) {
            canonical.push(' ');
        }
        push_lower(&mut canonical, word);
    }
    canonical
}

/// Whether single spaces are all that stands between the words, and no other sign may be white space.
fn is_plain(matched: &[u8]) -> bool {
    let mut before = b' ';
    matched.iter().all(|byte| {
        let apart = std::mem::replace(&mut before, *byte) == b' ';
        matches!(byte, b'!'..=b'+' | b'-'..=b'~' | 0x80..=0xC1 | 0xC3..=0xDF) || *byte == b' ' && !apart
    }) && before != b' '
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Planted fault that this caught: a no-break space taken for a letter.
        #[test]
        fn one_space_stands_between_words_in_lower_case(
            text in "([A-Za-z0-9.]{0,4}|[ÅåÉ×ß]|[ ,\n\t]|\u{a0}|\u{2003}){0,12}",
        ) {
            let words = text.split(|c: char| c.is_whitespace() || c == ',');
            let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
            prop_assert_eq!(canonical(&text), words.collect::<Vec<_>>().join(" "));
        }
    }
}
