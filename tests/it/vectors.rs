//! The published test vectors of Norwegian identifiers, through `sporhund detect --jsonl`: `valid` means that the
//! detector reports the text at some level, not `valid` that it does not. There is no exception.
//!
//! The vectors lie beside the repository where this project is worked on, and are skipped elsewhere.

use std::path::Path;

use serde::Deserialize;
use sporhund::detect::{Cut, SampleWish, Scanner};
use sporhund::model::{Candidate, DigestKey};

use crate::program::{Workplace, stderr, stdout};

#[derive(Deserialize)]
struct Vector {
    kind: String,
    text: String,
    valid: bool,
    note: String,
}

fn vectors(name: &str) -> Option<Vec<Vector>> {
    let shared = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/domain/vectors"
    ));
    let Ok(text) = std::fs::read_to_string(shared.join(name)) else {
        println!("skipped: {name} is not here");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn sight(text: &str) -> Vec<Candidate> {
    let scanner = Scanner::new(DigestKey::new([1; 16]), [].into());
    scanner
        .sight(&Cut::of_text(text), SampleWish::None)
        .candidates
}

/// The detector that a kind of the vectors belongs to; `None` where it is not tested here.
fn detector(kind: &str) -> Option<&'static str> {
    let prefixes = PREFIXES.iter().find(|(prefix, _)| kind.starts_with(prefix));
    let ids = IDS.iter().find(|(of, _)| *of == kind);
    ids.or(prefixes).map(|(_, id)| *id)
}

/// Kinds that have several forms in the vectors.
const PREFIXES: &[(&str, &str)] = &[
    ("fodselsnummer", "fodselsnummer"),
    ("d-nummer", "fodselsnummer"),
    ("h-nummer", "fodselsnummer"),
    ("fh-nummer", "fodselsnummer"),
    ("npid", "fodselsnummer"),
    ("synthetic", "fodselsnummer"),
    ("phone", "phone"),
    ("email", "email"),
];

/// The other kinds. Student numbers and driving licences have no detector.
const IDS: &[(&str, &str)] = &[
    ("kontonummer", "bank-account"),
    ("iban", "iban"),
    ("payment-card", "payment-card"),
    ("orgnr", "organisation-number"),
    ("kid", "customer-id"),
    ("duf", "duf-number"),
    ("se-personnummer", "se-personnummer"),
    ("dk-cpr", "dk-cpr"),
    ("fi-hetu", "fi-hetu"),
    ("is-kennitala", "is-kennitala"),
    ("ip", "ip-address"),
    ("mac", "mac-address"),
    ("passport", "passport"),
    ("mrz", "passport"),
    ("plate", "licence-plate"),
    ("hpr", "health-personnel-number"),
    ("geo", "geo"),
    ("online-id", "online-id"),
    ("address", "address"),
];

/// What the program itself reports for each text, at any level: the detectors' ids.
fn reported(vectors: &[Vector]) -> Vec<Vec<String>> {
    let lines = vectors
        .iter()
        .map(|vector| serde_json::json!({ "text": vector.text }).to_string());
    let input = lines.collect::<Vec<_>>().join("\n") + "\n";
    let arguments = ["detect", "--jsonl", "--min-confidence", "low"];
    let output = Workplace::new().feed(&arguments, &input);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let detectors = |line: &str| {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        let findings = answer["findings"].as_array().unwrap().iter();
        let ids = findings.map(|finding| finding["detector"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    stdout(&output).lines().map(detectors).collect()
}

fn check(name: &str) {
    let mut wrong = Vec::new();
    let mut checked = 0;
    let Some(vectors) = vectors(name) else {
        return;
    };
    let reported = reported(&vectors);
    assert_eq!(reported.len(), vectors.len(), "a line for each text");
    for (vector, reported) in vectors.iter().zip(&reported) {
        let Some(detector) = detector(&vector.kind) else {
            continue;
        };
        checked += 1;
        let found = reported.iter().any(|id| id == detector);
        if found != vector.valid {
            let (text, note) = (&vector.text, &vector.note);
            wrong.push(format!("{text:?} ({note}): found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {checked}: {wrong:#?}", wrong.len());
    println!("{name}: {checked} as expected");
}

#[test]
fn identity_numbers() {
    check("fnr.json");
    check("fnr_birthdate_sex.json");
}

#[test]
fn written_forms_of_identity_numbers() {
    check("fnr_formats.json");
}

#[test]
fn telephones() {
    check("phone.json");
}

#[test]
fn e_mail_addresses() {
    check("email.json");
}

#[test]
fn bank_accounts() {
    check("konto_iban_kid.json");
}

#[test]
fn payment_cards() {
    check("cards.json");
}

#[test]
fn organisation_numbers() {
    check("orgnr.json");
}

#[test]
fn duf_numbers() {
    check("duf.json");
}

#[test]
fn nordic_identity_numbers() {
    check("nordic.json");
}

#[test]
fn addresses_of_the_net_and_positions() {
    check("net_geo.json");
}

#[test]
fn documents_and_plates() {
    check("documents.json");
}

#[test]
fn postal_addresses() {
    check("address.json");
}

#[test]
fn births_and_sexes_are_those_of_the_vectors() {
    use sporhund::detect::identity::{Birth, Sex, parse};
    for vector in vectors("fnr_birthdate_sex.json").unwrap_or_default() {
        let digits: Vec<u8> = vector.text.bytes().map(|byte| byte - b'0').collect();
        let number = parse(digits.try_into().unwrap()).unwrap();
        let Birth::Day(day) = number.birth else {
            panic!("{}: no birth", vector.text);
        };
        let sex = if number.sex == Some(Sex::Female) {
            'F'
        } else {
            'M'
        };
        let told = format!("series-derived year={} sex={sex}", day.year());
        assert!(
            vector.note.contains(&told),
            "{}: {told}, {}",
            vector.text,
            vector.note
        );
        let written = format!("{:02}.{:02}", day.day(), day.month());
        assert!(vector.note.contains(&written), "{}: {written}", vector.text);
    }
}

#[test]
fn births_in_the_future_are_low() {
    use sporhund::model::{Confidence, Evidence};
    let future = vectors("fnr.json").unwrap_or_default();
    for vector in future
        .iter()
        .filter(|v| v.kind == "fodselsnummer-futuredate")
    {
        for candidate in sight(&vector.text)
            .iter()
            .filter(|c| c.kind.detector == "fodselsnummer")
        {
            assert_eq!(candidate.confidence, Confidence::Low, "{}", vector.text);
            assert!(
                candidate.evidence.has(Evidence::FutureBirth),
                "{}",
                vector.text
            );
        }
    }
}
