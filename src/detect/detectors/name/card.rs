//! The card of the model, `docs/name-model.md`, says what is shipped and what is found with it.

use std::collections::BTreeSet;
use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::tests::{flow, hits_in};
use crate::detect::names::{document, features, label};
use crate::model::Confidence;

const CARD: &str = include_str!("../../../../docs/name-model.md");
const MODEL: &[u8] = include_bytes!("../../names/model.bin");

/// The cells behind the first one of the row of a table that begins with `head`.
fn row<'c>(card: &'c str, head: &str) -> Vec<&'c str> {
    let begin = format!("| {head} |");
    let line = card.lines().find_map(|line| line.strip_prefix(begin.as_str()));
    let cells = line.unwrap_or_default().trim_end_matches('|').split('|');
    cells.map(|cell| cell.trim().trim_matches('`')).collect()
}

/// A number as the card writes it.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// The rows of the card that do not say what `expected` says of them.
fn wrong(card: &str, expected: &[(&str, Vec<String>)]) -> Vec<String> {
    let other = |(head, cells): &&(&str, Vec<String>)| !row(card, head).ends_with(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    let rows = expected.iter().filter(other);
    rows.map(|(head, cells)| format!("{head}: {cells:?}, and not {:?}", row(card, head))).collect()
}

/// What the card must say of a model.
fn of_model(model: &[u8]) -> Vec<(&'static str, Vec<String>)> {
    let digest = Sha256::digest(model).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let stage = |bits: u32| format!("2^{bits} rows of {} bytes: {}", label::COUNT, thousands(label::COUNT << bits));
    vec![
        ("SHA-256", vec![digest]),
        ("bytes", vec![thousands(model.len())]),
        ("first stage", vec![stage(features::BITS)]),
        ("second stage", vec![stage(document::BITS)]),
    ]
}

#[test]
fn the_card_is_that_of_the_model() {
    assert_eq!(wrong(CARD, &of_model(MODEL)), Vec::<String>::new());
}

#[test]
fn another_model_or_another_card_is_noticed() {
    let mut other = MODEL.to_vec();
    other[1000] ^= 1;
    assert_eq!(wrong(CARD, &of_model(&other)).len(), 1);
    other.push(0);
    assert_eq!(wrong(CARD, &of_model(&other)).len(), 2);
    let changed = CARD.replace("2^12 rows", "2^13 rows");
    assert_eq!(wrong(&changed, &of_model(MODEL)).len(), 1);
}

#[test]
fn the_figures_of_the_card_are_those_of_labelled_text() {
    let files = [labelled("nob-dev.jsonl"), labelled("nno-dev.jsonl")];
    let [Some(nob), Some(nno)] = files else {
        return;
    };
    let (nob, nno) = (counts(&nob), counts(&nno));
    let both = [nob[0] + nno[0], nob[1] + nno[1], nob[2] + nno[2]];
    let figures = |counts: [usize; 3]| counts.map(thousands).to_vec();
    let found = [
        ("NorNE, development part, Bokmål (26 documents)", figures(nob)),
        ("NorNE, development part, Nynorsk (22 documents)", figures(nno)),
        ("both", figures(both)),
    ];
    assert_eq!(wrong(CARD, &found), Vec::<String>::new());
    // In hundredths of a per cent; the card rounds to tenths.
    let f1 = 20_000 * both[0] / (both[1] + both[2]);
    let rounded = format!("{}.{} ", (f1 + 5) / 100, (f1 + 5) / 10 % 10);
    assert!(row(CARD, "both")[0].starts_with(&rounded), "F1 {f1}");
}

/// Right, found and wanted spans at medium and above.
fn counts(documents: &[(String, Vec<Range<usize>>)]) -> [usize; 3] {
    let mut counts = [0; 3];
    for (text, persons) in documents {
        let found = hits_in(&flow(text, 0..text.len())).into_iter();
        let found = found.filter(|(_, hit)| hit.confidence > Confidence::Low);
        let found: BTreeSet<(usize, usize)> = found.map(|(span, _)| (span.start, span.end)).collect();
        counts[0] += persons.iter().filter(|span| found.contains(&(span.start, span.end))).count();
        counts[1] += found.len();
        counts[2] += persons.len();
    }
    counts
}

/// The text and the persons of each document of a labelled file; `None` where it is not here.
fn labelled(file: &str) -> Option<Vec<(String, Vec<Range<usize>>)>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/names/norne/");
    let Ok(lines) = std::fs::read_to_string(format!("{root}{file}")) else {
        println!("skipped: {file} is not here");
        return None;
    };
    let mut documents: Vec<(String, String, Vec<Range<usize>>)> = Vec::new();
    for line in lines.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let (name, text) = (value["doc"].as_str().unwrap_or_default(), value["text"].as_str().unwrap());
        if documents.last().is_none_or(|(last, ..)| last != name) {
            documents.push((name.to_owned(), String::new(), Vec::new()));
        }
        let (_, whole, persons) = documents.last_mut().unwrap();
        if !whole.is_empty() {
            whole.push('\n');
        }
        let base = whole.len();
        let byte = |at: &serde_json::Value| {
            let at = usize::try_from(at.as_u64().unwrap()).unwrap();
            base + text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
        };
        let ents = value["ents"].as_array().unwrap().iter();
        let of_persons = ents.filter(|ent| ent[2] == "PER");
        persons.extend(of_persons.map(|ent| byte(&ent[0])..byte(&ent[1])));
        whole.push_str(text);
    }
    let bare = documents.into_iter().map(|(_, text, persons)| (text, persons));
    Some(bare.collect())
}
