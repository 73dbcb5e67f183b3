//! Split and damaged numbers, own contacts and reasons, through the program itself.

use crate::program::{Workplace, json, stderr, stdout};

/// `detector:kind level matched` for each finding at any level but names, with its reasons.
fn found(place: &Workplace, text: &str, path: &str) -> Vec<(String, Vec<String>)> {
    let input = serde_json::json!({ "text": text, "path": path }).to_string() + "\n";
    let output = place.feed(&["detect", "--jsonl", "--min-confidence", "low"], &input);
    let answer = json(&output);
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = answer["findings"].as_array().expect("findings").iter();
    let line = |found: &serde_json::Value| {
        let at = |key: &str| usize::try_from(found[key].as_u64().expect("an offset")).unwrap();
        let matched = text
            .get(at("start")..at("end"))
            .expect("a character's border");
        let (detector, level) = (word(&found["detector"]), word(&found["confidence"]));
        let reasons = found["reasons"]
            .as_array()
            .expect("reasons")
            .iter()
            .map(word);
        (format!("{detector} {level} {matched}"), reasons.collect())
    };
    findings
        .map(line)
        .filter(|(line, _)| !line.starts_with("name "))
        .collect()
}

fn lines(text: &str, path: &str) -> Vec<String> {
    let found = found(&Workplace::new(), text, path);
    found.into_iter().map(|(line, _)| line).collect()
}

#[test]
fn a_number_in_two_columns_is_one_also_where_spreadsheets_took_its_zeros() {
    let table = "navn;fødselsdato;personnr\nB;15.10.1986;95088\nC;1.1.1980;12345\n";
    let found = lines(table, "a.csv");
    assert!(
        found.contains(&"fodselsnummer high 95088".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.ends_with(" 12345")),
        "{found:?}"
    );
}

#[test]
fn zeros_that_a_spreadsheet_took_are_put_back() {
    let header = "id;fnr\n1;2013299997\n2;30108299920\n";
    let found = lines(header, "a.csv");
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("fodselsnummer") && line.ends_with("2013299997")),
        "{found:?}"
    );
    let serial = "fdato;pnr\n151086;95088\n150886;1234\n";
    assert!(lines(serial, "b.csv").contains(&"fodselsnummer high 95088".to_owned()));
    let floats = "fnr\n15108695088.0\n22838111878.0\n";
    let found = lines(floats, "c.csv");
    assert!(
        found.contains(&"fodselsnummer high 15108695088".to_owned()),
        "{found:?}"
    );
}

#[test]
fn torn_numbers_are_one_behind_a_label_and_doubtful_without() {
    for torn in [
        "151086\n95088",
        "15108\n695088",
        "15.10.1986\n95088",
        "1510 8695 088",
        "151.086.950.88",
        "1 5 1 0 8 6 9 5 0 8 8",
        "1|5|1|0|8|6|9|5|0|8|8",
        "151086\t95088",
        "151086\u{2003}95088",
        "151086\u{2011}95088",
        "151086\u{2212}95088",
        "151086\u{ad}95088",
        "15\u{200b}108695088",
        "１５１０８６９５０８８",
    ] {
        let expected = format!("fodselsnummer high {torn}");
        let text = format!("Fødselsnummer: {torn} og mer");
        assert_eq!(lines(&text, ""), [expected], "{text:?}");
        let mut wrong = torn.to_owned();
        let last = wrong.pop().expect("a digit");
        wrong.push(if last == '8' { '9' } else { '９' });
        let wrong = format!("Fødselsnummer: {wrong} og mer");
        let found = lines(&wrong, "");
        assert!(
            !found.iter().any(|line| line.starts_with("fodsels")),
            "{wrong:?}: {found:?}"
        );
    }
    assert_eq!(
        lines("151086\n95088", ""),
        ["fodselsnummer low 151086\n95088"]
    );
    for figures in ["15108\n695088", "1 5 1 0 8 6 9 5 0 8 8", "1510 8695 088"] {
        assert_eq!(lines(figures, ""), [""; 0], "{figures:?}");
    }
}

#[test]
fn a_number_in_a_path_is_masked_in_reports() {
    let place = Workplace::new();
    place.put("personer/15108695088/cv_151086-95088.txt", "hei\n");
    assert!(place.run(&["scan", "share"]).status.success());
    let report = place.run(&["report", "jsonl"]);
    let told = stdout(&report);
    assert!(
        told.contains("personer/") && !told.contains("95088"),
        "{told}"
    );
}

#[test]
fn the_organisations_own_contacts_are_known_as_its_own() {
    let place = Workplace::new();
    let site = "schema = 1\n[facts]\nown_contacts = [\"firmapost@fjellbris.no\", \"21234567\"]\n";
    std::fs::write(place.path().join("site.toml"), site).unwrap();
    std::fs::write(place.path().join("sporhund.toml"), "site = \"site.toml\"\n").unwrap();
    let text = "Skriv til firmapost@fjellbris.no eller ring +47 212 34 567, ikke kari@fjellbris.no";
    let found = found(&place, text, "");
    let own = |line: &str| {
        let known = found.iter().find(|(own, _)| own == line);
        known.map(|(_, reasons)| reasons.iter().any(|reason| reason == "own-contact"))
    };
    assert_eq!(
        own("email low firmapost@fjellbris.no"),
        Some(true),
        "{found:?}"
    );
    assert_eq!(own("phone low +47 212 34 567"), Some(true), "{found:?}");
    assert_eq!(
        own("email high kari@fjellbris.no"),
        Some(false),
        "{found:?}"
    );
    place.put("a.txt", text);
    let scan = json(&place.run(&["scan", "share", "--format", "json", "--site", "site.toml"]));
    assert_eq!(scan["detectors"]["email"]["findings"], 1, "{scan}");
}

#[test]
fn documentation_ranges_and_roles_are_told_and_not_dropped() {
    let place = Workplace::new();
    let text = "post@bergen.kommune.no, kari@example.com, ola@bl\u{e5}b\u{e6}r.example, 192.0.2.7, 2001:db8::1";
    let found = found(&place, text, "");
    for (value, reason) in [
        ("post@bergen.kommune.no", "role"),
        ("kari@example.com", "documentation"),
        ("ola@blåbær.example", "documentation"),
        ("192.0.2.7", "documentation"),
        ("2001:db8::1", "documentation"),
    ] {
        let told = found.iter().find(|(line, _)| line.ends_with(value));
        let reasons = told
            .map(|(_, reasons)| reasons.join(" "))
            .unwrap_or_default();
        assert!(reasons.contains(reason), "{value}: {found:?}");
    }
}

#[test]
fn detect_tells_its_reasons_in_words() {
    let place = Workplace::new();
    let output = place.feed(&["detect"], "Fødselsnummer: 15108695088\n");
    assert!(output.status.success(), "{}", stderr(&output));
    let line = stdout(&output);
    for words in ["kontrollsifrene stemmer", "en ledetekst foran sier det"] {
        assert!(line.contains(words), "{line}");
    }
}
