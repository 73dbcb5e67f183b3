//! What is due becomes a plan: what is in it, what is not, and what its seal notices.

use serde_json::Value;

use crate::program::{Workplace, scanned_fixtures, stderr, stdout};

fn plan(work: &Workplace, arguments: &[&str]) -> Value {
    let all = [&["plan", "--output", "plan.json"], arguments].concat();
    let output = work.run(&all);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_str(&std::fs::read_to_string(work.path().join("plan.json")).unwrap()).unwrap()
}

fn objects<'a>(plan: &'a Value, kind: &str) -> Vec<&'a str> {
    let lines = plan["lines"].as_array().unwrap().iter();
    let lines = lines.filter(|line| line["kind"] == kind);
    lines.map(|line| line["object"].as_str().unwrap()).collect()
}

#[test]
fn what_a_report_calls_due_is_in_the_plan_and_what_must_stay_is_not() {
    let work = scanned_fixtures();
    let plan = plan(&work, &[]);
    let report = work.run(&["report", "jsonl", "--show-paths", "--quiet"]);
    let mut planned = objects(&plan, "file");
    planned.sort_unstable();
    let lines: Vec<Value> = stdout(&report)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let with = |verdict: &str| {
        let lines = lines
            .iter()
            .filter(|line| line["judgement"]["verdict"] == verdict);
        let paths = lines.map(|line| line["object"].as_str().unwrap());
        paths.collect::<Vec<&str>>()
    };
    let due = with("delete_due");
    assert!(due.len() > 8, "{due:?}");
    for object in due {
        let file = object.split("!/").next().unwrap();
        assert!(planned.contains(&file), "{object}");
    }
    for verdict in ["hold", "delete_on", "keep", "review"] {
        for object in with(verdict) {
            // A container without anything of its own goes with what is due in it.
            let container = format!("{object}!/");
            let holds_due = |due: &&str| due.starts_with(&container);
            if verdict == "keep" && with("delete_due").iter().any(holds_due) {
                continue;
            }
            assert!(!planned.contains(&object), "{verdict}: {object}");
        }
    }
    let line = plan["lines"].as_array().unwrap().iter().find(|line| {
        let object = line["object"].as_str().unwrap();
        object.ends_with("cand-116/soknad.docx")
    });
    let line = line.unwrap();
    assert_eq!(line["rules"][0]["rule"], "PO-6.1-RECRUITMENT");
    assert_eq!(line["rules"][0]["statement"], "6.1:1");
    assert_eq!(line["grounds"][0]["event"]["id"], "E0001");
    assert_eq!(line["due"], "2026-08-27");
    assert_eq!(line["state"], "open");
    let bytes = std::fs::read(work.share().join(line["object"].as_str().unwrap())).unwrap();
    assert_eq!(line["content"], blake3::hash(&bytes).to_string());
}

#[test]
fn one_round_and_what_falls_due_soon_can_be_asked_for() {
    let work = scanned_fixtures();
    let round = plan(&work, &["--process", "2026-01-utvikler"]);
    let all = objects(&round, "file");
    assert!(!all.is_empty());
    for object in all {
        assert!(
            object.starts_with("hr/rekruttering/2026-01-utvikler/"),
            "{object}"
        );
    }
    let now = objects(&plan(&work, &[]), "file").len();
    let soon = plan(&work, &["--within", "P12M"]);
    assert!(objects(&soon, "file").len() > now);
    let refused = work.run(&["plan", "--within", "soon"]);
    assert_eq!(refused.status.code(), Some(2));
    let refused = work.run(&["plan", "--key-file", "elsewhere/other.key"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
}

#[test]
fn planted_values_are_in_a_plan_only_where_paths_hold_them() {
    let work = scanned_fixtures();
    plan(&work, &["--within", "P24M"]);
    let text = std::fs::read_to_string(work.path().join("plan.json")).unwrap();
    let values = crate::scanning::planted_values();
    assert!(values.len() > 50);
    for value in values.iter().filter(|value| value.len() > 5) {
        assert!(!text.contains(value.as_str()), "{value}");
    }
}
