//! Detectors of the user's own, from `sporhund.toml` to the inventory.

use crate::program::{Workplace, json, stderr, stdout};

/// Invented member numbers with a right Luhn digit, and one with a wrong one.
const MEMBERS: &str = "Medlem M-123455 og medlem M-543215, ikke M-123456.\n";

const MEMBER_DETECTOR: &str = r#"
[[detector]]
id = "member-number"
title = "Medlemsnummer"
regex = '\bM-(?P<value>\d{6})\b'
validator = "luhn"
context = ["medlem"]
level = "high"
examples = ["medlem M-123455"]
counter_examples = ["medlem M-123456", "XM-123455"]
"#;

fn place(toml: &str) -> Workplace {
    let place = Workplace::new();
    std::fs::write(place.path().join("sporhund.toml"), toml).unwrap();
    place.put("a.txt", MEMBERS);
    place
}

#[test]
fn it_is_found_by_detect_with_its_level_and_reasons() {
    let place = place(MEMBER_DETECTOR);
    let input = serde_json::json!({ "text": MEMBERS }).to_string() + "\n";
    let answer = json(&place.feed(&["detect", "--jsonl"], &input));
    let found = answer["findings"].as_array().unwrap();
    assert_eq!(found.len(), 2, "{answer}");
    assert_eq!(found[0]["detector"], "member-number");
    assert_eq!(found[0]["confidence"], "high");
    assert_eq!(found[0]["start"], 9);
    assert_eq!(found[0]["masked"], "12****");
    let reasons = found[0]["reasons"].as_array().unwrap();
    for reason in ["own-pattern", "checksum", "context-word"] {
        assert!(
            reasons.iter().any(|own| own == reason),
            "{reason}: {answer}"
        );
    }
}

#[test]
fn it_stands_in_the_inventory_and_a_change_makes_files_be_read_again() {
    let place = place(MEMBER_DETECTOR);
    place.put("M-123455.txt", "medlem M-123455\n");
    let scan = || json(&place.run(&["scan", "share", "--format", "json"]));
    let first = scan();
    // One of them is the file's name.
    assert_eq!(
        first["detectors"]["member-number"]["findings"], 4,
        "{first}"
    );
    assert_eq!(
        first["detectors"]["member-number"]["distinct"], 2,
        "{first}"
    );
    assert_eq!(scan()["coverage"]["unchanged"], 2);
    let changed = MEMBER_DETECTOR.replace("level = \"high\"", "level = \"medium\"");
    std::fs::write(place.path().join("sporhund.toml"), changed).unwrap();
    assert_eq!(scan()["coverage"]["scanned"], 2);
    let summary = stdout(&place.run(&["report", "summary"]));
    assert!(summary.contains("member-number"), "{summary}");
}

#[test]
fn a_regex_that_is_none_is_refused_with_its_place() {
    let broken = MEMBER_DETECTOR.replace(r"\d{6})", r"\d{6}");
    let place = place(&broken);
    for arguments in [
        &["scan", "share"][..],
        &["detect"],
        &["rules", "check"],
        &["detectors", "list"],
    ] {
        let output = place.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stderr(&output)
        );
        let told = stderr(&output);
        assert!(told.contains("sporhund.toml:5"), "{told}");
        assert!(
            told.contains("member-number") && told.contains('^'),
            "{told}"
        );
    }
    let unknown = MEMBER_DETECTOR.replace("\"luhn\"", "\"lunh\"");
    std::fs::write(place.path().join("sporhund.toml"), unknown).unwrap();
    let output = place.run(&["detect"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("sporhund.toml:6"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn rules_check_runs_the_examples_and_a_file_may_hold_them() {
    let place = place("detectors = [\"own.toml\"]\n");
    let own = place.path().join("own.toml");
    std::fs::write(&own, MEMBER_DETECTOR).unwrap();
    let output = place.run(&["rules", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(
        stdout(&output).contains("1 detectors, 3 examples, 0 remarks"),
        "{}",
        stdout(&output)
    );
    let wrong = MEMBER_DETECTOR.replace("medlem M-123455\"]", "medlem M-123457\"]");
    std::fs::write(&own, wrong).unwrap();
    let output = place.run(&["rules", "check"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    let told = stdout(&output);
    assert!(
        told.contains("own.toml:3: error") && told.contains("example 1"),
        "{told}"
    );
    let listed = stdout(&place.run(&["detectors", "list"]));
    assert!(
        listed.contains("member-number") && listed.contains("Medlemsnummer"),
        "{listed}"
    );
}
