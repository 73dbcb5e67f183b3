//! `sporhund report sample`: drawn, labelled, read back.

use std::fs;

use crate::program::{Workplace, stderr, stdout};

/// A share with telephones, addresses on the net and names in several files, scanned.
fn scanned() -> Workplace {
    let place = Workplace::new();
    for nth in 0..12 {
        let text = format!(
            "Kunde {nth}: Kari Nordmann\nTelefon: 406 12 345\nE-post: kunde{nth}@post.example\n\
             Fødselsnummer: 22838111878\nServer 198.51.100.{nth}\n"
        );
        place.put(&format!("brev/kunde-{nth}.txt"), text);
    }
    let output = place.run(&["scan", "share", "--samples", "all"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    place
}

fn sheet(place: &Workplace, arguments: &[&str]) -> String {
    let output = place.run(&[&["report", "sample"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

/// The rows of a sheet, without its head: detector and level of each.
fn strata(sheet: &str) -> Vec<(String, String)> {
    let rows = sheet.lines().skip(1);
    let cell = |row: &str, at| row.split(';').nth(at).unwrap().to_owned();
    rows.map(|row| (cell(row, 4), cell(row, 6))).collect()
}

/// Writes a sheet with labels: each detector by what `say` says of it.
fn labelled(place: &Workplace, sheet: &str, say: impl Fn(&str, usize) -> &'static str) {
    let mut lines = vec![sheet.lines().next().unwrap().to_owned()];
    for (at, row) in sheet.lines().skip(1).enumerate() {
        let detector = row.split(';').nth(4).unwrap();
        lines.push(format!("{row}{}", say(detector, at)));
    }
    fs::write(place.path().join("sheet.csv"), lines.join("\r\n")).unwrap();
}

#[test]
fn a_sample_is_stratified_and_told_by_its_seed() {
    let place = scanned();
    let first = sheet(&place, &["--n", "10", "--seed", "4"]);
    assert!(
        first.starts_with("\u{FEFF}nr;id;object;place;detector;kind;level;masked;reasons;label")
    );
    let drawn = strata(&first);
    assert_eq!(drawn.len(), 10);
    for detector in ["email", "fodselsnummer", "phone"] {
        let count = drawn.iter().filter(|(of, _)| of == detector).count();
        assert_eq!(count, 2, "{detector} of {drawn:?}");
    }
    assert!(drawn.iter().all(|(_, level)| level != "low"), "{drawn:?}");
    assert_eq!(first, sheet(&place, &["--n", "10", "--seed", "4"]));
    assert_ne!(first, sheet(&place, &["--n", "10", "--seed", "5"]));
    for value in ["22838111878", "406 12 345", "kunde3@post.example"] {
        assert!(!first.contains(value), "{first}");
    }
    // All of it, low findings too, each once.
    let all = sheet(&place, &["--n", "10000", "--min-confidence", "low"]);
    assert!(strata(&all).len() >= 48, "{all}");
    let ids: std::collections::BTreeSet<_> = all
        .lines()
        .skip(1)
        .map(|row| row.split(';').nth(1).unwrap())
        .collect();
    assert_eq!(ids.len(), strata(&all).len());
}

#[test]
fn labels_become_precision_with_its_interval() {
    let place = scanned();
    let drawn = sheet(&place, &["--n", "40"]);
    labelled(&place, &drawn, |detector, at| match detector {
        "phone" => "ja",
        "email" if at % 2 == 0 => "nei",
        "email" => "yes",
        "fodselsnummer" => "usikker",
        _ => "",
    });
    let output = place.run(&["report", "sample", "--read", "sheet.csv", "--lang", "nb"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let table = stdout(&output);
    let row = |detector: &str| {
        let of = |line: &&str| line.starts_with(detector);
        table
            .lines()
            .find(of)
            .unwrap_or_else(|| panic!("{detector} is not in {table}"))
    };
    let phones = strata(&drawn)
        .iter()
        .filter(|(of, _)| of == "phone")
        .count();
    assert!(row("phone").contains(&format!(" {phones}/0/0 ")), "{table}");
    assert!(row("phone").contains("1.000 (0."), "{table}");
    assert!(
        row("phone").contains(" 12 "),
        "all twelve hits are its weight: {table}"
    );
    assert!(
        row("email").contains("0.5") || row("email").contains("0.4"),
        "{table}"
    );
    assert!(row("fodselsnummer").ends_with('–'), "{table}");
}

#[test]
fn a_sheet_that_does_not_fit_is_refused_with_its_row() {
    let place = scanned();
    let drawn = sheet(&place, &["--n", "4"]);
    let refused = |text: &str, wanted: &str| {
        fs::write(place.path().join("bad.csv"), text).unwrap();
        let output = place.run(&["report", "sample", "--read", "bad.csv"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains(wanted), "{}", stderr(&output));
    };
    refused("", "no column `id`");
    refused(&drawn.replace(";label", ";svar"), "no column `label`");
    labelled(&place, &drawn, |_, _| "kanskje");
    refused(
        &fs::read_to_string(place.path().join("sheet.csv")).unwrap(),
        "row 2: the label",
    );
    refused(&drawn.replace(";f", ";g"), "row 2: the id");
    refused(
        "id;label\nf0123456789abcdef;ja\n",
        "row 2: the finding is not in this inventory",
    );
    for wrong in [
        ["report", "csv", "--n", "4"],
        ["report", "summary", "--seed", "4"],
        ["report", "sample", "--fail-on", "unread"],
    ] {
        assert_eq!(place.run(&wrong).status.code(), Some(2), "{wrong:?}");
    }
    let missing = place.run(&["report", "sample", "--read", "nowhere.csv"]);
    assert_eq!(missing.status.code(), Some(2));
}
