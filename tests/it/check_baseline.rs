//! The baseline and the mending of `sporhund check`, through the program.

use std::fs;

use crate::check::{ISSUABLE, Repository, code};
use crate::program::{stderr, stdout};

const FILE: &str = ".sporhund-baseline.json";

fn baseline(repository: &Repository) -> String {
    fs::read_to_string(repository.0.share().join(FILE)).expect("a baseline")
}

#[test]
fn what_is_known_passes_wherever_it_moves_in_its_file() {
    let repository = Repository::new();
    let lines = [
        format!("fnr {ISSUABLE}"),
        "mail kari@firma.no".to_owned(),
        "x".to_owned(),
    ];
    repository.add("a.txt", lines.join("\n"));
    let arguments = [
        "--write-baseline",
        "--reason",
        "fra 2019",
        "--owner",
        "lag-a",
        "--until",
        "2999-01-01",
    ];
    let written = repository.check(&arguments);
    assert_eq!(code(&written), Some(0), "{}", stderr(&written));
    let first = baseline(&repository);
    assert!(
        !first.contains(ISSUABLE) && first.contains("\"owner\":\"lag-a\""),
        "{first}"
    );
    repository.add(
        "a.txt",
        format!("ny\n\n{}\n{}\n{}\n", lines[1], lines[2], lines[0]),
    );
    repository.add("b.txt", "mail ola@firma.no\n");
    let checked = repository.check(&[]);
    assert_eq!(code(&checked), Some(4), "{}", stdout(&checked));
    assert!(stdout(&checked).contains("b.txt") && !stdout(&checked).contains("a.txt"));
    repository.check(&["--write-baseline"]);
    let kept = |text: &str| {
        text.lines()
            .filter(|line| line.contains("a.txt"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kept(&baseline(&repository)),
        kept(&first),
        "findings elsewhere change no entry"
    );
    assert_eq!(code(&repository.check(&["--staged"])), Some(0));
    repository.add("a.txt", "mail kari@firma.no\nmail per@firma.no\n");
    let added = repository.check(&["--staged"]);
    assert_eq!(
        code(&added),
        Some(4),
        "a new person in an old file: {}",
        stdout(&added)
    );
}

#[test]
fn a_broken_baseline_is_refused_with_its_line() {
    let repository = Repository::new();
    repository.add("a.txt", "mail kari@firma.no\n");
    repository.check(&["--write-baseline"]);
    let sound = baseline(&repository);
    repository.0.put(
        FILE,
        sound.replace("null", "<<<<<<< HEAD\nnull\n=======\nnull\n>>>>>>> b"),
    );
    let refused = repository.check(&[]);
    assert_eq!(code(&refused), Some(2));
    assert!(stderr(&refused).contains("line 5"), "{}", stderr(&refused));
    repository
        .0
        .put(FILE, sound.replace("\"version\": 1", "\"version\": 9"));
    let refused = repository.check(&[]);
    assert_eq!(code(&refused), Some(2));
    assert!(
        stderr(&refused).contains("version 9"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn a_patch_applies_and_leaves_nothing_that_fails() {
    let repository = Repository::new();
    let text = format!(
        "navn;fnr;epost\nKari Olsen;{ISSUABLE};kari@firma.no\nOla Bø;22838111878;o@example.com\n"
    );
    repository.add("a.csv", &text);
    repository.add(
        "b.sql",
        format!("INSERT INTO p (navn, fnr) VALUES ('Kari Olsen', '{ISSUABLE}');"),
    );
    repository.add(
        "c.json",
        format!("{{\"fnr\": \"{ISSUABLE}\",\r\n \"tlf\": \"+47 922 33 445\"}}\r\n"),
    );
    repository.commit();
    let patch = repository.check(&["--fix"]);
    assert_eq!(code(&patch), Some(0), "{}", stderr(&patch));
    assert_eq!(
        fs::read_to_string(repository.0.share().join("a.csv")).expect("a file"),
        text,
        "a patch changes nothing"
    );
    fs::write(repository.0.path().join("fix.patch"), &patch.stdout).expect("a patch");
    repository.git(&["apply", "--whitespace=nowarn", "../fix.patch"]);
    let after = repository.check(&[]);
    assert_eq!(code(&after), Some(0), "{}", stdout(&after));
    let read = |name: &str| fs::read_to_string(repository.0.share().join(name)).expect("a file");
    let number = read("a.csv")
        .lines()
        .nth(1)
        .and_then(|line| line.split(';').nth(1))
        .expect("a number")
        .to_owned();
    assert!(
        number != ISSUABLE && read("b.sql").contains(&number) && read("c.json").contains(&number)
    );
    assert!(read("a.csv").ends_with("Ola Bø;22838111878;o@example.com\n"));
    let again = repository.check(&["--fix=in-place"]);
    assert!(again.stdout.is_empty() && code(&again) == Some(0));
}

#[test]
fn files_are_mended_in_place_in_their_encoding() {
    let repository = Repository::new();
    let latin: Vec<u8> = [b"Bl\xe5tt fnr ".as_slice(), ISSUABLE.as_bytes(), b"\r\n"].concat();
    repository.add("a.txt", &latin);
    let mended = repository.check(&["--fix=in-place"]);
    assert_eq!(code(&mended), Some(0), "{}", stderr(&mended));
    let bytes = fs::read(repository.0.share().join("a.txt")).expect("a file");
    assert!(
        bytes.starts_with(b"Bl\xe5tt fnr ")
            && bytes.ends_with(b"\r\n")
            && bytes.len() == latin.len()
    );
    assert_eq!(code(&repository.check(&[])), Some(0));
}
