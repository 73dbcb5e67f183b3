//! Input that is wrong: usage, configuration, rules, registers, inventories. Nothing is scanned by it.

use crate::program::{Workplace, stderr, stdout};

#[test]
fn bad_input_does_not_start_a_scan() {
    let place = Workplace::new();
    place.put("a.txt", "x");
    let cases: &[(&[&str], &str)] = &[
        (&["scan"], "no path"),
        (&["scan", "not-there"], "not-there"),
        (&["scan", "share", "--as-of", "30.11.2026"], "30.11.2026"),
        (
            &["scan", "share", "--rules", "not-a-rule-file"],
            "not-a-rule-file",
        ),
        (
            &["scan", "share", "--exclude", "a[", "--format", "json"],
            "a[",
        ),
        (
            &["report", "summary", "--inventory", "not-there.db"],
            "not-there.db",
        ),
    ];
    for (arguments, named) in cases {
        let output = place.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(
            stderr(&output).contains(named),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert_eq!(stdout(&output), "", "{arguments:?}");
        let told = stderr(&output);
        let told: Vec<&str> = told
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|line| line.1)
            .collect();
        assert!(told.windows(2).all(|pair| pair[0] != pair[1]), "{told:?}");
    }
}

/// A scan with one configuration file that has an unknown key does not start: the file and the line are
/// named, and neither an inventory nor a key is made.
fn assert_refused_at(file: &str, text: &str, line: usize, arguments: &[&str]) {
    let place = Workplace::new();
    place.put("a.txt", "x");
    std::fs::write(place.path().join(file), text).unwrap();
    let output = place.run(&[&["scan", "share"], arguments].concat());
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{file}: {said}");
    assert!(said.contains(&format!("{file}:{line}")), "{file}: {said}");
    assert_eq!(stdout(&output), "", "{file}");
    assert!(!place.inventory().exists(), "{file}");
    assert!(!place.path().join("state").exists(), "{file}");
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_nothing_is_scanned() {
    let rules = ["--rules", "poweroffice-2024"];
    assert_refused_at(
        "site.toml",
        "schema = 1\n[[zone]]\npath = \"a/**\"\nrole = \"controller\"\npurpos = [\"recruitment\"]\n",
        5,
        &[&rules[..], &["--site", "site.toml"]].concat(),
    );
    assert_refused_at(
        "sporhund.toml",
        "lang = \"nb\"\nlanguage = \"nb\"\n",
        2,
        &[],
    );
    assert_refused_at(
        "events.csv",
        "event_id,event_type,occured_on,path\nE1,hiring_round_closed,2026-01-01,a/**\n",
        1,
        &[&rules[..], &["--events", "events.csv"]].concat(),
    );
}

#[test]
fn an_unknown_key_of_a_rule_is_refused_with_its_line() {
    let shipped = include_str!("../../rules/baseline-no-private.toml");
    let (at, _) = shipped.match_indices("\n[[rule]]\n").nth(3).unwrap();
    let (before, after) = shipped.split_at(at + "\n[[rule]]\n".len());
    let line = before.lines().count() + 1;
    let text = format!("{before}unles_synthetic = true\n{after}");
    assert_refused_at("own.toml", &text, line, &["--rules", "own.toml"]);
}

#[test]
fn a_refused_event_row_is_listed_and_strict_does_not_start() {
    let place = Workplace::new();
    place.put("a.txt", "x");
    let events = "event_id,event_type,occurred_on,path\nE1,hiring_round_closed,2026-01-01,\n";
    std::fs::write(place.path().join("events.csv"), events).unwrap();
    let arguments = [
        "scan",
        "share",
        "--rules",
        "poweroffice-2024",
        "--events",
        "events.csv",
    ];
    let output = place.run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("E1"), "{}", stdout(&output));
    let strict = place.run(&[&arguments[..], &["--strict"]].concat());
    assert_eq!(strict.status.code(), Some(2), "{}", stderr(&strict));
    assert!(stderr(&strict).contains("line 2"), "{}", stderr(&strict));
    assert_eq!(stdout(&strict), "");
}

#[test]
fn a_newer_inventory_is_left_alone() {
    let place = Workplace::new();
    place.put("a.txt", "x");
    place.run(&["scan", "share"]);
    let connection = rusqlite::Connection::open(place.inventory()).unwrap();
    connection
        .pragma_update(None, "user_version", 9999)
        .unwrap();
    drop(connection);
    let before = std::fs::read(place.inventory()).unwrap();
    let output = place.run(&["scan", "share"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(std::fs::read(place.inventory()).unwrap(), before);
}

#[test]
fn a_private_area_stays_closed_without_rules() {
    let place = Workplace::new();
    place.put("hjem/ola/a.txt", "Skriv til kari.nordmann@example.no\n");
    let site = "schema = 1\n[[zone]]\npath = \"hjem/{subject}/**\"\nrole = \"controller\"\n\
                employee_private = true\n";
    std::fs::write(place.path().join("site.toml"), site).unwrap();
    let output = place.run(&["scan", "share", "--site", "site.toml", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["problems"][0]["kind"], "excluded");
    assert_eq!(told["coverage"]["scanned"], 0);
}
