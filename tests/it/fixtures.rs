//! The file server of the examples and the labelled corpus are what their generator makes, and nobody
//! real is in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

#[path = "../../fixtures/generator/mod.rs"]
mod generator;

/// Written by hand, and not by the generator.
const BY_HAND: [&str; 3] = ["events.csv", "site.toml", "sporhund.toml"];

#[test]
fn the_generator_makes_the_same_bytes() {
    let made = tempfile::tempdir().expect("a temporary folder");
    generator::write(made.path()).expect("the fixtures");
    let fresh = listed(&made.path().join("filserver"));
    let mut kept = listed(&folder().join("filserver"));
    for name in BY_HAND {
        assert!(kept.remove(name), "{name} is missing");
    }
    assert_eq!(fresh, kept, "run `cargo run --example make_fixtures`");
    for path in fresh
        .iter()
        .map(|path| format!("filserver/{path}"))
        .chain(["planted.json", "corpus/dev.jsonl", "corpus/blind.jsonl"].map(String::from))
    {
        let bytes = |root: &Path| fs::read(root.join(&path)).expect("a file");
        assert!(
            bytes(made.path()) == bytes(&folder()),
            "{path} differs: run `cargo run --example make_fixtures`"
        );
    }
}

/// What stands after an `@` in the corpus without being an address.
const NO_ADDRESS: [&str; 5] = ["2x.png", "4.17.21", "dataclass", "Override", "author"];

#[test]
fn every_identity_number_is_synthetic() {
    let mut seen = 0;
    for (path, text) in texts() {
        for number in eleven_digits(&text)
            .into_iter()
            .filter(|number| is_right(number))
        {
            let month = number[2] * 10 + number[3];
            assert!(
                (81..=92).contains(&month),
                "{path} holds a number somebody could have"
            );
            seen += 1;
        }
    }
    assert!(seen > 200, "only {seen} identity numbers found");
}

#[test]
fn numbers_that_somebody_could_have_are_told_apart() {
    // Published by the Tax Administration as examples of the present rule.
    for (number, right) in [
        ("020132 99997", true),
        ("020132 99998", false),
        ("301082-99920", true),
    ] {
        let found = eleven_digits(&format!("fnr {number}, nr. 7"));
        assert_eq!(
            found.iter().any(|digits| is_right(digits)),
            right,
            "{number}"
        );
    }
}

#[test]
fn every_address_on_the_net_is_reserved_for_examples() {
    for (path, text) in texts() {
        let ends = text.split('@').skip(1).map(|rest| {
            let domain = rest.split(|c: char| !(c.is_ascii_alphanumeric() || "-.".contains(c)));
            domain.take(1).collect::<String>()
        });
        for domain in ends {
            let domain = domain.trim_end_matches('.');
            let reserved = [".example", ".test"]
                .iter()
                .any(|end| domain.ends_with(end));
            assert!(
                reserved || NO_ADDRESS.contains(&domain),
                "{path} holds an address below {domain}"
            );
        }
    }
}

#[test]
fn the_expectations_speak_of_files_that_exist() {
    let expected = json("expected.json");
    let mut spoken = 0;
    for list in expected
        .as_object()
        .expect("an object")
        .values()
        .filter_map(Value::as_array)
    {
        for object in list {
            let path = object["object"].as_str().expect("an object's path");
            assert!(
                folder().join("filserver").join(path).is_file(),
                "there is no {path}"
            );
            spoken += 1;
        }
    }
    assert!(spoken > 30, "only {spoken} expectations");
}

#[test]
fn what_was_planted_can_be_read_and_the_damaged_file_cannot() {
    let root = folder().join("filserver");
    let pdf = |path: &String| {
        Path::new(path)
            .extension()
            .is_some_and(|ending| ending == "pdf")
    };
    let pdfs = listed(&root).into_iter().filter(pdf);
    for path in pdfs {
        let loaded = lopdf::Document::load(root.join(&path));
        if path == "regnskap/bilag/2025/bilag-0417.pdf" {
            assert!(loaded.is_err(), "{path} should be damaged");
            continue;
        }
        let text = loaded.expect("a PDF").extract_text(&[1]).expect("its text");
        let planted = json("planted.json");
        let names = planted["planted"].as_array().expect("a list").iter();
        let here = names.filter(|value| {
            let files = value["files"].as_array().expect("files");
            value["detector"] == "name" && files.iter().any(|file| *file == path.as_str())
        });
        for name in here {
            let name = name["value"].as_str().expect("a name");
            assert!(text.contains(name), "{path} lost a name");
        }
    }
}

/// The text of every file of the server, as it should be read, of those written by hand, and of the
/// labelled corpus.
fn texts() -> Vec<(String, String)> {
    let tree = generator::tree().expect("the fixtures");
    let mut texts: Vec<(String, String)> = tree
        .texts()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    for name in BY_HAND {
        let text = fs::read_to_string(folder().join("filserver").join(name)).expect("a text");
        texts.push((name.to_owned(), text));
    }
    for part in generator::corpus::PARTS {
        let documents = generator::corpus::documents(part).expect("the corpus");
        texts.extend(
            documents
                .into_iter()
                .map(|document| (document.id, document.text)),
        );
    }
    texts
}

/// Every eleven digits in a row, where a space, a full stop or a hyphen between two digits does not
/// end the run.
fn eleven_digits(text: &str) -> Vec<Vec<u32>> {
    let letters: Vec<char> = text.chars().collect();
    let mut runs = vec![Vec::new()];
    for (at, letter) in letters.iter().enumerate() {
        let joins = " .-".contains(*letter)
            && letters.get(at + 1).is_some_and(char::is_ascii_digit)
            && at > 0
            && letters[at - 1].is_ascii_digit();
        match letter.to_digit(10) {
            Some(digit) => runs.last_mut().expect("a run").push(digit),
            None if joins => {}
            None => runs.push(Vec::new()),
        }
    }
    let windows = runs.iter().flat_map(|run| run.windows(11));
    windows.map(<[u32]>::to_vec).collect()
}

/// Whether both control digits are right and the first four digits can be a date of some kind:
/// day, or day + 40, and month, with 0, 20, 40, 60, 65 or 80 added.
fn is_right(number: &[u32]) -> bool {
    let rest = |weights: &[u32]| number.iter().zip(weights).map(|(d, w)| d * w).sum::<u32>() % 11;
    let (day, month) = (number[0] * 10 + number[1], number[2] * 10 + number[3]);
    let months = [0, 20, 40, 60, 65, 80];
    rest(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) == 0
        && rest(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) == 0
        && matches!(day, 1..=31 | 41..=71)
        && months
            .iter()
            .any(|added| (added + 1..=added + 12).contains(&month))
}

/// Every file below `root`, relative and with `/`.
fn listed(root: &Path) -> BTreeSet<String> {
    let files = walkdir::WalkDir::new(root).into_iter();
    files
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(root)
                .expect("a path below the root");
            path.iter()
                .map(|part| part.to_string_lossy())
                .collect::<Vec<_>>()
                .join("/")
        })
        .collect()
}

fn json(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(name)).expect("a JSON file");
    serde_json::from_str(&text).expect("JSON")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}
