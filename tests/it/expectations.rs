//! The shipped fixtures come out as `fixtures/expected.json` says.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::{Workplace, copy_folder, fixtures, stderr, stdout};

/// The report's line of each object, by path.
fn judged() -> BTreeMap<String, Value> {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    let output = place.run(&["scan", "share", "--findings", "lines.jsonl", "--show-paths"]);
    assert_eq!(
        output.status.code(),
        Some(3),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    let lines = std::fs::read_to_string(place.path().join("lines.jsonl")).unwrap();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|line| (line["object"].as_str().unwrap().to_owned(), line))
        .collect()
}

fn expected() -> Value {
    let text = std::fs::read_to_string(fixtures().with_file_name("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The object itself, or the first of its members that has the verdict.
fn line_of<'a>(lines: &'a BTreeMap<String, Value>, object: &str, verdict: &str) -> &'a Value {
    let member = format!("{object}!/");
    let own = lines
        .iter()
        .filter(|(path, _)| *path == object || path.starts_with(&member));
    let own: Vec<&Value> = own.map(|(_, line)| line).collect();
    let found = own
        .iter()
        .find(|line| line["judgement"]["verdict"] == verdict);
    found.unwrap_or_else(|| panic!("`{object}` is not {verdict}: {own:?}"))
}

fn holds_all(all: &Value, wanted: &Value) -> bool {
    let all = all.as_array().unwrap();
    wanted
        .as_array()
        .is_none_or(|wanted| wanted.iter().all(|id| all.contains(id)))
}

#[test]
fn every_verdict_is_the_expected_one() {
    let (lines, expected) = (judged(), expected());
    for verdict in [
        "hold",
        "violation",
        "delete_due",
        "delete_on",
        "review",
        "keep",
    ] {
        for wanted in expected[verdict].as_array().unwrap() {
            let object = wanted["object"].as_str().unwrap();
            let judgement = &line_of(&lines, object, verdict)["judgement"];
            if let Some(due) = wanted.get("due") {
                assert_eq!(&judgement["due"], due, "{object}");
            }
            if let Some(rule) = wanted["rule"].as_str() {
                assert!(
                    judgement["rules"]
                        .as_array()
                        .unwrap()
                        .contains(&rule.into()),
                    "{object}"
                );
            }
            assert!(
                holds_all(&judgement["rules"], &wanted["rules"]),
                "{object}: {judgement}"
            );
            if verdict == "violation" {
                assert_eq!(judgement["violations"], wanted["violations"], "{object}");
            }
        }
    }
}

#[test]
fn nothing_else_is_due_or_violated() {
    let (lines, expected) = (judged(), expected());
    for (path, line) in &lines {
        let verdict = line["judgement"]["verdict"].as_str().unwrap_or_default();
        if !["hold", "violation", "delete_due"].contains(&verdict) {
            continue;
        }
        let wanted = expected[verdict].as_array().unwrap().iter();
        let named = wanted.filter_map(|wanted| wanted["object"].as_str());
        let covered = named.into_iter().any(|object| {
            path == object
                || path
                    .strip_prefix(object)
                    .is_some_and(|rest| rest.starts_with("!/"))
        });
        assert!(covered, "`{path}` is {verdict}, which nobody expects");
    }
}

#[test]
fn words_of_special_categories_are_found_where_they_stand_and_nowhere_else() {
    let mut found = Vec::new();
    for (path, line) in judged() {
        for finding in line["findings"].as_array().into_iter().flatten() {
            let detector = finding["detector"].as_str().unwrap();
            if ["special-category", "criminal-record"].contains(&detector) {
                let kind = finding["kind"].as_str().unwrap().to_owned();
                found.push((path.clone(), kind, finding["confidence"].clone()));
            }
        }
    }
    let wanted = [
        ("hr/ansatte/emp-7/sykmelding-2026-09.txt", "health"),
        (
            "hr/rekruttering/2026-01-utvikler/kandidater/cand-119/politiattest.pdf",
            "criminal-record",
        ),
        (
            "hr/rekruttering/2026-10-radgiver/kandidater/cand-202/soknad.docx",
            "trade-union",
        ),
        ("kurs/2026-05-mva/deltakere.xlsx", "health"),
    ];
    let wanted = wanted.map(|(path, kind)| (path.to_owned(), kind.to_owned(), "high".into()));
    assert_eq!(found, wanted);
}

#[test]
fn what_was_not_read_is_named_with_its_cause() {
    let (lines, expected) = (judged(), expected());
    let mut unread = 0;
    for wanted in expected["not_scanned"].as_array().unwrap() {
        let object = wanted["object"].as_str().unwrap();
        let member = format!("{object}!/");
        let own = lines
            .iter()
            .filter(|(path, _)| *path == object || path.starts_with(&member));
        let causes: Vec<_> = own.filter_map(|(_, line)| line.get("problem")).collect();
        unread += causes.len();
        assert!(
            causes.iter().any(|cause| cause["kind"] == wanted["kind"]),
            "{object}: {causes:?}"
        );
    }
    let all = lines
        .values()
        .filter(|line| line.get("problem").is_some())
        .count();
    assert_eq!(all, unread, "nothing else is unread");
}
