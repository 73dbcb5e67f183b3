//! The labelled corpus through the program itself: precision, recall and F1 for each detector and
//! level, not below `fixtures/corpus/thresholds.toml`.
//!
//! `cargo test --test it detection:: -- --nocapture` prints the tables; with `SPORHUND_ERRORS=DETECTOR`
//! it also lists what the detector got wrong in the part that it may be tuned on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::program::{Workplace, stderr, stdout};
use score::{Document, Finding, Scores};

mod score;

/// Detector → level → least figures.
type Floors = BTreeMap<String, BTreeMap<String, Floor>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    precision: f64,
    recall: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thresholds {
    dev: Floors,
    blind: Floors,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus")
}

fn documents(part: &str) -> Vec<Document> {
    let lines = fs::read_to_string(folder().join(format!("{part}.jsonl"))).expect("the corpus");
    let document = |line| serde_json::from_str(line).expect("a document");
    lines.lines().map(document).collect()
}

fn thresholds() -> Thresholds {
    let text = fs::read_to_string(folder().join("thresholds.toml")).expect("the thresholds");
    toml::from_str(&text).expect("the thresholds")
}

/// What the program says of each document, at every level.
fn findings(documents: &[Document]) -> Vec<Vec<Finding>> {
    #[derive(Deserialize)]
    struct Answer {
        id: String,
        findings: Vec<Finding>,
    }
    let line = |document: &Document| {
        serde_json::json!({"id": document.id, "text": document.text, "path": document.path})
            .to_string()
    };
    let input = documents.iter().map(line).collect::<Vec<_>>().join("\n") + "\n";
    let arguments = ["detect", "--jsonl", "--min-confidence", "low"];
    let output = Workplace::new().feed(&arguments, &input);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let answers: Vec<Answer> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("an answer"))
        .collect();
    let asked = documents.iter().map(|document| &document.id);
    assert!(
        asked.eq(answers.iter().map(|answer| &answer.id)),
        "an answer for each, in order"
    );
    answers.into_iter().map(|answer| answer.findings).collect()
}

/// Every figure that is below its floor, or whose floor speaks of nothing.
fn shortfalls(scores: &Scores, floors: &Floors) -> Vec<String> {
    let mut short = Vec::new();
    for (detector, levels) in floors {
        for (level, floor) in levels {
            let at = score::CUTS.iter().find(|cut| *cut == level);
            let tally = at.and_then(|cut| scores.get(&(detector.clone(), cut)));
            let Some(tally) = tally else {
                short.push(format!("{detector} at {level}: nothing to measure"));
                continue;
            };
            let figures = [
                ("precision", tally.precision(), floor.precision),
                ("recall", tally.recall(), floor.recall),
            ];
            for (what, figure, least) in figures {
                if figure < least {
                    short.push(format!(
                        "{detector} at {level}: {what} {figure:.4} < {least}"
                    ));
                }
            }
        }
    }
    short
}

#[expect(
    clippy::disallowed_methods,
    reason = "a switch of a test, not of the program"
)]
fn show_errors(documents: &[Document], findings: &[Vec<Finding>]) {
    let Ok(detector) = std::env::var("SPORHUND_ERRORS") else {
        return;
    };
    for (document, found) in documents.iter().zip(findings) {
        let text = |start, end| document.text.get(start..end).unwrap_or("?");
        for gold in document
            .gold
            .iter()
            .filter(|gold| gold.detector == detector)
        {
            let hit = found.iter().find(|finding| score::matches(gold, finding));
            let level = hit.map_or("not at all", |finding| finding.confidence.as_str());
            if !matches!(level, "medium" | "high") {
                println!("{}: {level} {:?}", document.id, text(gold.start, gold.end));
            }
        }
        for finding in found
            .iter()
            .filter(|f| f.detector == detector && score::counts(document, f))
        {
            if !document
                .gold
                .iter()
                .any(|gold| score::matches(gold, finding))
            {
                let (level, what) = (&finding.confidence, text(finding.start, finding.end));
                println!("{}: wrong at {level} {what:?}", document.id);
            }
        }
    }
}

fn measure(part: &str, floors: &Floors) {
    let documents = documents(part);
    let findings = findings(&documents);
    let scores = score::score(&documents, &findings);
    println!(
        "\n{part}, {} documents\n{}",
        documents.len(),
        score::table(&scores)
    );
    if part == "dev" {
        show_errors(&documents, &findings);
    }
    let measured: BTreeSet<_> = documents
        .iter()
        .flat_map(|document| document.gold.iter().map(|gold| gold.detector.as_str()))
        .collect();
    let unwatched: Vec<_> = measured
        .iter()
        .filter(|id| !floors.contains_key(**id))
        .collect();
    assert!(unwatched.is_empty(), "no threshold for {unwatched:?}");
    let short = shortfalls(&scores, floors);
    assert!(short.is_empty(), "{part}: below its threshold: {short:#?}");
}

#[test]
fn the_part_for_tuning_is_not_below_its_thresholds() {
    measure("dev", &thresholds().dev);
}

#[test]
fn the_blind_part_is_not_below_its_thresholds() {
    measure("blind", &thresholds().blind);
}

#[test]
fn a_planted_fault_is_below_the_thresholds() {
    let documents = documents("dev");
    let mut findings = findings(&documents);
    let whole = shortfalls(&score::score(&documents, &findings), &thresholds().dev);
    assert!(whole.is_empty(), "{whole:#?}");
    // Every third e-mail address is lost, and every date is called an account number.
    let mut addresses = 0;
    for (document, found) in documents.iter().zip(&mut findings) {
        found.retain(|finding| {
            addresses += usize::from(finding.detector == "email");
            finding.detector != "email" || addresses % 3 != 0
        });
        let days = document
            .negatives
            .iter()
            .filter(|negative| negative.what == "day");
        found.extend(days.map(|day| Finding {
            detector: "bank-account".to_owned(),
            kind: "bank-account".to_owned(),
            confidence: "high".to_owned(),
            start: day.start,
            end: day.end,
        }));
    }
    let short = shortfalls(&score::score(&documents, &findings), &thresholds().dev);
    let says = |what: &str| short.iter().any(|line| line.contains(what));
    assert!(says("email at medium: recall"), "{short:#?}");
    assert!(says("bank-account at high: precision"), "{short:#?}");
}

#[test]
fn the_corpus_is_as_varied_as_it_says() {
    let both = [documents("dev"), documents("blind")];
    let all: Vec<&Document> = both.iter().flatten().collect();
    assert!(all.len() >= 480, "{} documents", all.len());
    let ids: BTreeSet<_> = all.iter().map(|document| &document.id).collect();
    assert_eq!(ids.len(), all.len(), "ids are unique");
    let forms: BTreeSet<_> = all.iter().map(|document| document.form.as_str()).collect();
    assert!(forms.len() >= 15, "{forms:?}");
    let langs: BTreeSet<_> = all.iter().map(|document| document.lang.as_str()).collect();
    assert_eq!(langs, ["en", "nb", "nn"].into());
    let templates = |documents: &[Document]| -> BTreeSet<String> {
        let of = |document: &Document| document.id.rsplit_once('-').map(|(id, _)| id.to_owned());
        documents.iter().filter_map(of).collect()
    };
    let [dev, blind] = [templates(&both[0]), templates(&both[1])];
    assert!(dev.is_disjoint(&blind) && dev.len() + blind.len() >= 120);
    for document in all {
        let id = &document.id;
        assert!(!document.negatives.is_empty(), "{id} has no hard negative");
        assert!(matches!(document.part.as_str(), "dev" | "blind"), "{id}");
        let spans = document.gold.iter().map(|gold| (gold.start, gold.end));
        let others = document
            .negatives
            .iter()
            .map(|negative| (negative.start, negative.end));
        for (start, end) in spans.chain(others) {
            let text = document.text.get(start..end).unwrap_or_default();
            assert!(!text.trim().is_empty(), "{id}: {start}..{end} is no text");
        }
    }
}
