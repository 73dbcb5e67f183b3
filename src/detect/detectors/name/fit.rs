//! Fits the weights of `score.rs` and measures the detector on labelled text.
//!
//! All read data that is not part of the project (`../shared/names`) and skip without it. Fit with
//! `cargo test --lib name::fit::fit -- --ignored`; `weights.bin` is written anew, and the same data
//! give the same bytes. `cargo test --release --lib name::fit::speed -- --ignored --nocapture` tells
//! the speed.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::score::{UNIT, WEIGHTS};
use super::*;
use crate::detect::words::Concepts;
use crate::model::{Layout, Origin};

struct Labelled {
    text: String,
    /// Persons, in bytes.
    persons: Vec<Range<usize>>,
}

fn shared(file: &str) -> Option<Vec<Labelled>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/names"));
    let Ok(bytes) = fs::read(root.join(file)) else {
        println!("skipped: {file} is not here");
        return None;
    };
    let text = String::from_utf8(bytes).unwrap();
    Some(text.lines().map(labelled).collect())
}

fn labelled(line: &str) -> Labelled {
    let value: Value = serde_json::from_str(line).unwrap();
    let text = value["text"].as_str().unwrap().to_owned();
    let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    offsets.push(text.len());
    let ents = value["ents"].as_array().unwrap().iter();
    let persons = ents.filter(|ent| ent[2] == "PER").map(|ent| {
        let at = |n: usize| offsets[usize::try_from(ent[n].as_u64().unwrap()).unwrap()];
        at(0)..at(1)
    });
    Labelled {
        persons: persons.collect(),
        text,
    }
}

fn capitals(text: &str) -> Vec<usize> {
    let starts = text.char_indices().filter(|(_, c)| c.is_uppercase());
    let starts = starts.filter(|(at, _)| !words::is_inside_word(&text[..*at]));
    starts.map(|(at, _)| at).collect()
}

fn examples(sentences: &[Labelled]) -> Vec<(Vec<u16>, bool)> {
    let mut examples = Vec::new();
    for Labelled { text, persons } in sentences {
        let scope = Scope {
            text,
            begin: 0,
            end: text.len(),
        };
        for start in capitals(text) {
            if let Some(mut run) = Run::around(scope, start) {
                run.score(run.anchor());
                let mut features = Vec::new();
                run.features(run.anchor(), &mut |at| features.push(u16::try_from(at).unwrap()));
                let person = persons.iter().any(|person| person.contains(&start));
                examples.push((features, person));
            }
        }
    }
    examples
}

/// The same sentences in capitals throughout, as they stand in forms and lists.
fn shouted(sentences: &[Labelled]) -> Vec<Labelled> {
    let every = sentences.iter().step_by(12);
    let same = |text: &str| text.to_uppercase().len() == text.len();
    let loud = every.filter(|sentence| same(&sentence.text)).map(|sentence| Labelled {
        text: sentence.text.to_uppercase(),
        persons: sentence.persons.clone(),
    });
    loud.collect()
}

/// Logistic regression by `AdaGrad` with a little decay, in a fixed pseudo-random order.
fn fitted(mut examples: Vec<(Vec<u16>, bool)>) -> Vec<f32> {
    let mut weights = vec![0.0_f32; WEIGHTS];
    let mut squares = vec![1.0_f32; WEIGHTS];
    let mut state = 1_u64;
    for _ in 0..12 {
        for at in (1..examples.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let other = usize::try_from(state >> 33).unwrap() % (at + 1);
            examples.swap(at, other);
        }
        for (features, person) in &examples {
            let sum: f32 = features.iter().map(|at| weights[usize::from(*at)]).sum();
            let error = f32::from(u8::from(*person)) - 1.0 / (1.0 + (-sum).exp());
            for at in features.iter().map(|at| usize::from(*at)) {
                let step = error - 2e-5 * weights[at];
                squares[at] += step * step;
                weights[at] += 0.2 * step / squares[at].sqrt();
            }
        }
    }
    weights
}

#[test]
#[ignore = "writes weights.bin from data outside the project"]
fn fit() {
    let (Some(nob), Some(nno)) = (shared("norne/nob-train.jsonl"), shared("norne/nno-train.jsonl"))
    else {
        return;
    };
    let mut data = examples(&nob);
    data.extend(examples(&nno));
    data.extend(examples(&shouted(&nob)));
    data.extend(examples(&shouted(&nno)));
    let weights = fitted(data);
    let bytes: Vec<u8> = weights.iter().map(|weight| quantised(*weight)).collect();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/detect/detectors/name/weights.bin");
    fs::write(file, bytes).unwrap();
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range first")]
fn quantised(weight: f32) -> u8 {
    ((weight / UNIT).round().clamp(-127.0, 127.0) as i8).cast_unsigned()
}

/// All hits in running text.
fn hits(text: &str) -> Vec<Hit> {
    let origin = Origin::Text { byte: 0, line: 1 };
    let window = Window {
        text,
        body: 0..text.len(),
        layout: Layout::Flow {
            origin,
            continues: false,
        },
        telling: crate::detect::Telling::default(),
    };
    let mut hits = Vec::new();
    for start in capitals(text) {
        let end = start + words::word_length(&text[start..]);
        let spot = Spot {
            cell: None,
            header: Concepts::NONE,
            names: Column::Unknown,
            today: jiff::civil::date(2026, 11, 1),
        };
        DETECTOR.verify(&Anchor::Capital { start, end, spot }, &window, &mut hits);
    }
    hits
}

/// What the detector finds at a level or above, settled among its own hits.
fn found(text: &str, least: Confidence) -> Vec<Range<usize>> {
    let mut hits = hits(text);
    hits.sort_by_key(|hit| std::cmp::Reverse((hit.confidence, hit.span.len())));
    let mut spans: Vec<Range<usize>> = Vec::new();
    for hit in hits.into_iter().filter(|hit| hit.confidence >= least) {
        let apart = |span: &Range<usize>| span.end <= hit.span.start || hit.span.end <= span.start;
        if spans.iter().all(apart) {
            spans.push(hit.span);
        }
    }
    spans
}

/// Exact matches, found, wanted.
fn measure(sentences: &[Labelled], least: Confidence) -> (usize, usize, usize) {
    let mut sums = (0, 0, 0);
    for Labelled { text, persons } in sentences {
        let spans = found(text, least);
        sums.0 += spans.iter().filter(|span| persons.contains(span)).count();
        sums.1 += spans.len();
        sums.2 += persons.len();
    }
    sums
}

/// In hundredths of a per cent.
fn f1((right, found, wanted): (usize, usize, usize)) -> usize {
    20_000 * right / (found + wanted).max(1)
}

#[test]
fn the_floor_on_labelled_text_holds() {
    let (Some(mut dev), Some(nno)) = (shared("norne/nob-dev.jsonl"), shared("norne/nno-dev.jsonl"))
    else {
        return;
    };
    println!("nob {:?}, nno {:?}", measure(&dev, Confidence::Medium), measure(&nno, Confidence::Medium));
    dev.extend(nno);
    for level in Confidence::ALL {
        let sums = measure(&dev, *level);
        println!("dev {level:?} and above: {sums:?}, F1 {}", f1(sums));
    }
    assert!(f1(measure(&dev, Confidence::Medium)) >= 7200);
    let Some(challenge) = shared("challenge.jsonl") else {
        return;
    };
    for level in Confidence::ALL {
        let sums = measure(&challenge, *level);
        println!("challenge {level:?} and above: {sums:?}, F1 {}", f1(sums));
    }
}

#[test]
#[ignore = "measures; needs a release build"]
fn speed() {
    let Some(data) = shared("norne/nob-train.jsonl") else {
        return;
    };
    let texts: Vec<&str> = data.iter().map(|sentence| sentence.text.as_str()).collect();
    let text = texts.join("\n");
    let started = std::time::Instant::now();
    let spans = hits(&text).len();
    let seconds = started.elapsed().as_secs_f64();
    let words = capitals(&text).len();
    println!("{} bytes, {words} capitalised words, {spans} hits, {seconds:.3} s", text.len());
    assert!(spans > 1000);
}
