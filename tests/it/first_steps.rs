//! The first hour with the program: a configuration, a look at what is missing, zones from a scan.

use crate::program::{Workplace, copy_folder, fixtures, json, stderr, stdout};

/// The fixtures without what somebody has written about them.
fn undescribed() -> Workplace {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    for name in ["site.toml", "sporhund.toml", "events.csv"] {
        std::fs::remove_file(place.share().join(name)).unwrap();
    }
    place
}

#[test]
fn what_init_writes_is_read_in_each_language() {
    for lang in ["nb", "nn", "en"] {
        let place = undescribed();
        let made = place.run(&["init", "share", "--lang", lang, "--domain", "firma.example"]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        let checks = json(&place.run(&["doctor", "--format", "json"]));
        let faults = |state: &str| {
            let checks = checks.as_array().unwrap().iter();
            checks.filter(|check| check["state"] == state).count()
        };
        assert_eq!(faults("fault"), 0, "{checks}");
        let scanned = place.run(&["scan", "share", "--quiet", "--format", "json"]);
        assert_eq!(scanned.status.code(), Some(3), "{}", stderr(&scanned));
        let verdicts = &json(&scanned)["verdicts"];
        assert_eq!(
            verdicts["delete_due"],
            serde_json::Value::Null,
            "{verdicts}"
        );
    }
}

#[test]
fn employees_own_folders_are_closed_from_the_first_scan_on() {
    let place = undescribed();
    place.run(&["init", "share"]);
    let site = std::fs::read_to_string(place.path().join("site.toml")).unwrap();
    assert!(site.contains("path = \"hjem/{subject}/**\""), "{site}");
    place.run(&["scan", "share", "--quiet", "--findings", "seen.jsonl"]);
    let seen = std::fs::read_to_string(place.path().join("seen.jsonl")).unwrap();
    let private: Vec<&str> = seen.lines().filter(|l| l.contains("\"hjem/")).collect();
    assert!(!private.is_empty());
    assert!(
        private
            .iter()
            .all(|l| l.contains("\"excluded\"") || l.contains("\"skipped\""))
    );
}

#[test]
fn nothing_is_overwritten() {
    let place = Workplace::new();
    std::fs::write(place.path().join("events.csv"), "mine").unwrap();
    let refused = place.run(&["init", "share"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("`events.csv` is there already"));
    assert!(!place.path().join("sporhund.toml").exists());
    let unknown = place.run(&["init", "--into", "x", "--rules", "baseline"]);
    assert!(
        stderr(&unknown).contains("baseline-no-private"),
        "{}",
        stderr(&unknown)
    );
}

#[test]
fn zones_are_proposed_from_what_was_seen_and_accepted_by_their_pattern() {
    let place = undescribed();
    place.run(&["init", "share", "--rules", "poweroffice-2024"]);
    place.run(&["scan", "share", "--quiet"]);
    let suggested = stdout(&place.run(&["site", "suggest"]));
    let recruitment = "path = \"hr/rekruttering/**\"\nrole = \"controller\"\n\
                       purpose = [\"recruitment\"]";
    assert!(suggested.contains(recruitment), "{suggested}");
    assert!(!suggested.contains("\"hjem/"), "{suggested}");
    let unknown = place.run(&["site", "suggest", "--accept", "hr/**"]);
    assert_eq!(unknown.status.code(), Some(2));
    let added = place.run(&["site", "suggest", "--accept", "hr/rekruttering/**"]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    let site = std::fs::read_to_string(place.path().join("site.toml")).unwrap();
    assert!(site.contains(recruitment) && site.contains("# Hva som ligger hvor"));
    let again = stdout(&place.run(&["site", "suggest"]));
    assert!(!again.contains("hr/rekruttering"), "{again}");
    let report = json(&place.run(&["report", "json"]));
    let object = report["objects"].as_array().unwrap().iter();
    let mut judged = object.filter(|o| {
        o["object"]
            .as_str()
            .is_some_and(|path| path.starts_with("hr/rekruttering/2026-01"))
    });
    assert!(judged.any(|o| o["verdict"] != "review"), "{report}");
}

#[test]
fn doctor_names_what_keeps_a_scan_from_starting() {
    let place = Workplace::new();
    std::fs::write(
        place.path().join("sporhund.toml"),
        "rules = [\"nowhere\"]\n",
    )
    .unwrap();
    let told = place.run(&["doctor"]);
    assert_eq!(told.status.code(), Some(2));
    assert!(stdout(&told).contains("feil  regler"), "{}", stdout(&told));
    let english = stdout(&place.run(&["doctor", "--lang", "en"]));
    assert!(english.contains("fault rules"), "{english}");
    for (settings, wrong) in [
        ("lang = \"dk\"", "`lang = \"dk\"` is not known"),
        ("without = [\"nme\"]", "there is no detector `nme`"),
        ("ocr = \"always\"", "`ocr = \"always\"`"),
        ("exclude = [\"a[\"]", "`a[` is not a valid glob"),
        (
            "[[coverage.accept]]\npath = \"x\"\ncause = \"encrypt\"\nreason = \"y\"",
            "there is no cause `encrypt`",
        ),
        ("evnts = []", "did you mean `events`?"),
    ] {
        std::fs::write(place.path().join("sporhund.toml"), settings).unwrap();
        let told = place.run(&["doctor"]);
        assert_eq!(told.status.code(), Some(2), "{settings}");
        let told = stdout(&told);
        assert!(told.contains("feil  innstillinger"), "{told}");
        assert!(told.contains(wrong), "{told}");
    }
    std::fs::write(place.path().join("sporhund.toml"), "").unwrap();
    place.put("a.txt", "x");
    place.run(&["scan", "share", "--quiet"]);
    std::fs::remove_file(place.path().join("state/sporhund/digest.key")).unwrap();
    let told = place.run(&["doctor"]);
    assert_eq!(told.status.code(), Some(2), "{}", stdout(&told));
    assert!(
        stdout(&told).contains("en annen nøkkel"),
        "{}",
        stdout(&told)
    );
    assert!(!place.path().join("state/sporhund/digest.key").exists());
}

#[test]
fn doctor_tries_a_child_that_reads() {
    let place = Workplace::new();
    let told = stdout(&place.run(&["doctor"]));
    let line = told.lines().find(|line| line.contains("leseprosesser"));
    assert!(
        line.is_some_and(|line| !line.contains("ingen kunne startes")),
        "{told}"
    );
}

#[test]
fn remarks_before_the_header_of_a_register_count_as_lines_and_as_nothing_else() {
    let place = Workplace::new();
    place.put("a.txt", "x");
    let register = "# first\n# second\nevent_id,event_type,occurred_on\n#E1,nonsense,2026-01-01\n";
    std::fs::write(place.path().join("events.csv"), register).unwrap();
    let scan = ["scan", "share", "--quiet", "--rules", "baseline-no-private"];
    let scanned = place.run(&[&scan[..], &["--events", "events.csv"]].concat());
    let said = stdout(&scanned);
    assert!(said.contains("linje 4: #E1"), "{said}{}", stderr(&scanned));
}
