//! The worked scenarios of the design: facts in, verdict out.

use std::path::Path;

use serde_json::Value;
use sporhund::model::Lang;
use sporhund::policy::{
    Case, CheckOptions, Judgement, Register, RegisterOptions, Rulebook, Site, Source, Vocabulary,
    check, judge_case,
};

#[test]
fn every_scenario_comes_out_as_expected() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/retention/scenarios.json"
    );
    if !Path::new(file).exists() {
        println!("skipped: the scenarios are not here");
        return;
    }
    let text = std::fs::read_to_string(file).expect("the file can be read");
    let cases = Case::parse("scenarios.json", &text).expect("the scenarios can be read");
    let whole: Value = serde_json::from_str(&text).expect("the scenarios are JSON");
    let expected = whole["scenarios"].as_array().expect("there is a list");
    assert_eq!(cases.len(), expected.len());
    let mut wrong = Vec::new();
    for (case, scenario) in cases.iter().zip(expected) {
        let names: Vec<&str> = case.rulesets.iter().map(String::as_str).collect();
        let book = Rulebook::shipped(&names).expect("the rule files are shipped");
        let judgement = judge_case(&book, case, Lang::En);
        for difference in differences(&judgement, &scenario["expect"]) {
            wrong.push(format!("{}: {difference}\n{judgement:#?}", scenario["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The addressed statements of the reference policy, with their digests.
#[test]
fn the_reference_policy_falls_into_its_statements() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/retention/policies/poweroffice-2024"
    );
    let (text, index) = (format!("{folder}.txt"), format!("{folder}.statements.json"));
    if !Path::new(&text).exists() {
        println!("skipped: the policy is not here");
        return;
    }
    let text = std::fs::read_to_string(text).expect("the policy can be read");
    let index = std::fs::read_to_string(index).expect("the index can be read");
    let index: Value = serde_json::from_str(&index).expect("the index is JSON");
    let wanted: Vec<(&str, u64, &str)> = index
        .as_array()
        .expect("there is a list")
        .iter()
        .map(|one| {
            let word = |name: &str| one[name].as_str().expect("a word");
            (
                word("id"),
                one["line"].as_u64().expect("a line"),
                word("digest"),
            )
        })
        .collect();
    let found = sporhund::policy::statements(&text);
    let got: Vec<(&str, u64, &str)> = found
        .iter()
        .map(|one| (one.address.as_str(), one.line as u64, one.digest.as_str()))
        .collect();
    assert_eq!(got, wanted);
}

/// What in `expect` the judgement does not meet; every key must be known here.
fn differences(judgement: &Judgement, expect: &Value) -> Vec<String> {
    let got = serde_json::to_value(judgement).unwrap_or_default();
    let mut wrong = Vec::new();
    for (key, wanted) in expect.as_object().into_iter().flatten() {
        let text = wanted.as_str().unwrap_or_default();
        let fine = match key.as_str() {
            "verdict" | "due" | "violations" | "conflicts" | "would_be" | "partial" => {
                got[key] == *wanted
            }
            "rules" => subset(wanted, &got["rules"]),
            "review_contains" => got["review"].as_str().unwrap_or_default().contains(text),
            "reason_contains" => contains(&got["explanation"], text),
            "lint_contains" => contains(&got["lint"], text),
            "deadline" => {
                got["deadline"]["due"] == wanted["due"]
                    && got["deadline"]["status"] == wanted["status"]
            }
            "explanation" => true,
            _ => false,
        };
        if !fine {
            wrong.push(format!("{key}: expected {wanted}, got {}", got[key]));
        }
    }
    wrong
}

fn subset(wanted: &Value, got: &Value) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let got = list(got);
    list(wanted).iter().all(|id| got.contains(id))
}

fn contains(lines: &Value, text: &str) -> bool {
    let lines = lines.as_array().cloned().unwrap_or_default();
    let holds = |line: &Value| line.as_str().unwrap_or_default().contains(text);
    lines.iter().any(holds)
}

#[test]
fn the_example_site_and_register_of_the_design_can_be_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/retention/rules");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).ok();
    let (Some(site), Some(events)) = (read("site-example.toml"), read("events-example.csv")) else {
        println!("skipped: the examples are not here");
        return;
    };
    let site = Site::parse("site-example.toml", &site).expect("the site file is sound");
    let zone = site
        .zone("hr/rekruttering/2026-01-utvikler/cv.pdf")
        .expect("there is a zone");
    assert_eq!(zone.process.as_deref(), Some("2026-01-utvikler"));
    assert_eq!(zone.zone.purpose, ["recruitment"]);
    let vocabulary = Vocabulary::shipped().expect("the vocabulary is sound");
    let register = Register::parse(
        "events.csv",
        &events,
        &vocabulary,
        RegisterOptions::default(),
    )
    .expect("the register is sound");
    assert_eq!(register.refused, []);
    assert!(
        register.events.iter().all(|event| event.id != "E0006"),
        "it is taken back"
    );
    assert_eq!(register.events.len(), 10);
}

#[test]
fn the_drafts_of_the_design_hold_by_their_own_examples() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/retention/rules");
    let names = [
        "baseline-no-private",
        "baseline-no-public",
        "poweroffice-2024",
    ];
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.toml")).ok();
    let texts: Vec<String> = names.iter().filter_map(|name| read(name)).collect();
    if texts.len() < names.len() {
        println!("skipped: the drafts are not here");
        return;
    }
    let mut examples = 0;
    for (name, text) in names.iter().zip(&texts) {
        let book = Rulebook::parse(&[Source { name, text }]).expect("the draft is sound");
        let report = check(&book, CheckOptions::default());
        let wrong: Vec<_> = report
            .findings
            .iter()
            .filter(|f| f.check == "example")
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        examples += report.examples;
    }
    assert_eq!(examples, 153);
}
