//! One object, one verdict: what a scan says at its end, every report, the review, a plan and the answer to a
//! person judge by the same applicant list, and say so where they cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::listed_round;
use crate::program::{Workplace, json as told, stderr, stdout};
use crate::review::Review;
use crate::rounds::{self, HIRED, Round, Truth};

/// Verdict and day of each object.
type Verdicts = BTreeMap<String, (String, Value)>;

fn verdicts(lines: &str) -> Verdicts {
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let judged = lines.filter(|line: &Value| line["judgement"].is_object());
    let judged = judged.map(|line| {
        let judgement = &line["judgement"];
        (
            text(&line["object"]),
            (text(&judgement["verdict"]), judgement["due"].clone()),
        )
    });
    judged.collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn reported(work: &Workplace, more: &[&str]) -> Verdicts {
    let fixed = ["report", "jsonl", "--show-paths"];
    verdicts(&stdout(&work.run(&[&fixed[..], more].concat())))
}

/// What the review lists.
fn reviewed(work: &Workplace) -> Verdicts {
    let review = Review::start(work, &["--show-paths"]);
    let (mut rows, mut from) = (Verdicts::new(), 0);
    loop {
        let (status, page) = review.post("objects", &json!({"from": from, "count": 500}));
        assert_eq!(status, 200, "{page}");
        let listed = page["rows"].as_array().unwrap();
        let judged = listed.iter().filter(|row| row["verdict"].is_string());
        rows.extend(judged.map(|row| {
            (
                text(&row["object"]),
                (text(&row["verdict"]), row["due"].clone()),
            )
        }));
        from += listed.len();
        if listed.is_empty() {
            return rows;
        }
    }
}

#[test]
fn a_scan_a_report_a_review_a_plan_and_the_answer_to_a_person_say_the_same() {
    let work = Workplace::new();
    let round = rounds::prepare(&work);
    let again = work.run(&[
        "scan",
        "share",
        "-q",
        "--show-paths",
        "--findings",
        "found.jsonl",
    ]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let scanned = verdicts(&fs::read_to_string(work.path().join("found.jsonl")).unwrap());
    let report = reported(&work, &[]);
    assert!(report.len() >= round.truth.len(), "{}", report.len());
    assert_eq!(scanned, report);
    true_to_the_round(&round, &report);
    let review = reviewed(&work);
    for (object, verdict) in &review {
        assert_eq!(report.get(object), Some(verdict), "{object}");
    }
    let left_out = report
        .iter()
        .filter(|(object, _)| !review.contains_key(*object));
    for (object, (verdict, _)) in left_out {
        assert_eq!(verdict, "keep", "{object} is not in the review");
    }
    planned(&work, &report);
    answered(&work, &report);
}

/// Every copy of those who were not hired is due, and nothing else is.
fn true_to_the_round(round: &Round, report: &Verdicts) {
    let mut due = 0;
    for (object, truth) in &round.truth {
        let (verdict, day) = &report[object];
        match truth {
            Truth::Copy(_) => {
                assert_eq!(verdict, "delete_due", "{object}");
                assert_eq!(day, "2026-09-01", "{object}");
                due += 1;
            }
            Truth::Hired | Truth::Cut(_) | Truth::Other => {
                assert_ne!(verdict, "delete_due", "{object}");
            }
        }
    }
    let in_folder = format!("hr/rekruttering/r1/{:02}/cv_{HIRED:02}.docx", HIRED % 4);
    assert_eq!(round.truth[&in_folder], Truth::Hired);
    assert_eq!(due, 230);
}

/// The lines of a plan, and what goes with each, bear the verdicts of the report; all that is due there is in it.
fn planned(work: &Workplace, report: &Verdicts) {
    let plan = told(&work.run(&["plan"]));
    let mut listed = BTreeSet::new();
    for line in plan["lines"].as_array().unwrap() {
        let object = text(&line["object"]);
        let also = line["also"].as_array().unwrap();
        for member in also.iter().filter(|member| member["verdict"].is_string()) {
            let name = text(&member["object"]);
            assert_eq!(report[&name].0, text(&member["verdict"]), "{name}");
            listed.insert(name);
        }
        // A file can go for the sake of what is in it.
        if also.is_empty() {
            let own = (text(&line["verdict"]), line["due"].clone());
            assert_eq!(report[&object], own, "{object}");
        }
        if line["kind"] != "possible" {
            listed.insert(object);
        }
    }
    let due = report
        .iter()
        .filter(|(_, (verdict, _))| verdict == "delete_due");
    for (object, _) in due {
        assert!(listed.contains(object), "{object} is due and in no plan");
    }
}

/// The same for each object of two persons: the hired one, and one who was not.
fn answered(work: &Workplace, report: &Verdicts) {
    for n in [HIRED, 5] {
        let arguments = ["subject", "find", "--format", "json", "--show-paths"];
        let found = told(&work.feed(&arguments, &rounds::email(n)));
        let objects = found["objects"].as_array().unwrap();
        assert!(objects.len() > 3, "{found}");
        for line in objects {
            let object = text(&line["object"]);
            let own = (text(&line["verdict"]), line["due"].clone());
            assert_eq!(report[&object], own, "{object}");
        }
    }
}

#[test]
fn the_record_of_processing_names_the_period_of_copies_elsewhere() {
    let work = small();
    let elsewhere = || {
        let table = stdout(&work.run(&["report", "ropa"]));
        let row = table.lines().find(|row| row.contains(";**;"));
        row.expect("a row of what lies anywhere").to_owned()
    };
    assert!(
        elsewhere().contains("PO-6.1-RECRUITMENT"),
        "{}",
        elsewhere()
    );
    fs::remove_file(work.path().join("rounds.csv")).unwrap();
    assert!(
        !elsewhere().contains("PO-6.1-RECRUITMENT"),
        "{}",
        elsewhere()
    );
}

const LIST: &str = "Prosess;Avsluttet;Kandidatnr;Navn;E-post;Utfall\n\
    r1;01.03.2026;S1;Kari Nordmann;kari@post.example;avslag\n\
    r1;01.03.2026;S2;Ola Bakken;ola@post.example;ansatt\n";

const HIRED_CV: &str = "hr/rekruttering/r1/b.txt";
const COPY: &str = "felles/kopi.txt";

/// A round of two with a copy outside of its folder, scanned.
fn small() -> Workplace {
    let work = Workplace::new();
    let cv = |name: &str, email: &str| {
        format!(
            "Curriculum vitae\n\nNavn: {name}\nE-post: {email}\n\nArbeidserfaring\n2015–2020 Lager\n\n\
             Utdanning\n2012–2015 Videregående skole\n"
        )
    };
    let kari = cv("Kari Nordmann", "kari@post.example");
    work.put("hr/rekruttering/r1/a.txt", &kari);
    work.put(COPY, &kari);
    work.put(HIRED_CV, cv("Ola Bakken", "ola@post.example"));
    listed_round::add(&work, LIST, "");
    listed_round::scan(&work);
    work
}

fn is_due(verdicts: &Verdicts, object: &str) -> bool {
    verdicts[object].0 == "delete_due"
}

/// A report that goes on without the list: it says so with these words, and judges by places alone.
fn goes_without(work: &Workplace, words: &[&str]) {
    let output = work.run(&["report", "json", "--quiet", "--show-paths"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let unused = text(&told(&output)["list_unused"]);
    for word in [&["rounds.csv", "ikke brukt"], words].concat() {
        assert!(unused.contains(word), "{word}: {unused}");
        assert!(
            stderr(&output).contains(word),
            "{word}: {}",
            stderr(&output)
        );
    }
    let without = reported(work, &[]);
    assert!(is_due(&without, HIRED_CV) && !is_due(&without, COPY));
    let summary = stdout(&work.run(&["report", "summary"]));
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(summary.contains("kan stå som forfalt"), "{summary}");
    let named = work.run(&["report", "summary", "--rounds", "rounds.csv"]);
    assert_eq!(named.status.code(), Some(2), "{}", stderr(&named));
    let planned = work.run(&["plan"]);
    assert_eq!(planned.status.code(), Some(2), "{}", stderr(&planned));
}

#[test]
fn a_list_that_cannot_be_used_is_never_left_out_in_silence() {
    let work = small();
    let with = reported(&work, &[]);
    assert!(!is_due(&with, HIRED_CV) && is_due(&with, COPY));
    let (state, away) = (work.path().join("state"), work.path().join("away"));
    fs::rename(&state, &away).unwrap();
    goes_without(&work, &["det er ingen nøkkel"]);
    assert!(!state.exists(), "a plan makes no key");
    let other = work.run(&["scan", "share", "-q", "--inventory", "other.db"]);
    assert_eq!(other.status.code(), Some(0), "{}", stderr(&other));
    goes_without(&work, &["en annen nøkkel"]);
    fs::remove_dir_all(&state).unwrap();
    fs::rename(&away, &state).unwrap();
    let list = work.path().join("rounds.csv");
    let rows = fs::read_to_string(&list).unwrap();
    fs::write(&list, rows.replace("outcome", "x")).unwrap();
    goes_without(&work, &["no column `outcome`"]);
    let night = work.run(&["scan", "share", "--quiet", "--format", "json"]);
    assert_eq!(night.status.code(), Some(0), "{}", stderr(&night));
    assert!(text(&told(&night)["list_unused"]).contains("rounds.csv"));
    assert!(stderr(&night).contains("ikke brukt"), "{}", stderr(&night));
    let gone = work.run(&["scan", "share", "--rounds", "annen.csv"]);
    assert_eq!(gone.status.code(), Some(2), "{}", stderr(&gone));
}

#[test]
fn without_a_list_no_key_is_asked_for() {
    let work = small();
    fs::remove_file(work.path().join("rounds.csv")).unwrap();
    fs::rename(work.path().join("state"), work.path().join("away")).unwrap();
    let output = work.run(&["report", "json"]);
    assert_eq!(
        (output.status.code(), stderr(&output).as_str()),
        (Some(0), "")
    );
    assert_eq!(told(&output)["list_unused"], Value::Null);
    assert!(!work.path().join("state").exists(), "a report makes no key");
}

#[test]
fn the_review_names_applicants_where_it_is_asked_to() {
    let work = small();
    let made = work.run(&["plan", "-q", "--output", "plan.json"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let named = |more: &[&str]| {
        let review = Review::start(&work, &[&["plan.json"], more].concat());
        let (status, _, beginning) = review.get("beginning");
        assert_eq!(status, 200, "{beginning}");
        beginning.contains("Kari Nordmann")
    };
    assert!(named(&["--show-names"]) && !named(&[]));
}

#[test]
fn no_result_names_an_applicant() {
    let work = small();
    let review = Review::start(&work, &[]);
    let (_, listed) = review.post("objects", &json!({"count": 500}));
    let mut results = vec![listed.to_string()];
    for kind in ["summary", "json", "jsonl", "csv", "html", "ropa"] {
        results.push(stdout(&work.run(&["report", kind, "--show-paths"])));
    }
    results.push(stdout(&work.run(&["explain", HIRED_CV])));
    results.push(stdout(&work.run(&["scan", "share", "-q"])));
    for result in results {
        assert!(!result.is_empty());
        for name in ["Nordmann", "Bakken", "@post.example"] {
            assert!(!result.contains(name), "{name} in {result}");
        }
    }
}
