//! `sporhund check` in repositories of its own: what fails, what passes, and what is said.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::program::{Workplace, stderr, stdout};

/// A published example that could be issued, and a synthetic number.
pub(crate) const ISSUABLE: &str = "15108695088";
const SYNTHETIC: &str = "22838111878";

/// A repository in a folder of its own.
pub(crate) struct Repository(pub(crate) Workplace);

impl Repository {
    pub(crate) fn new() -> Self {
        let repository = Self(Workplace::new());
        repository.git(&["init", "-q"]);
        repository.git(&["config", "user.name", "Kari Nordmann"]);
        repository.git(&["config", "user.email", "kari@example.com"]);
        repository
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let done = Command::new("git")
            .args(arguments)
            .current_dir(self.0.share())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git runs");
        assert!(
            done.status.success(),
            "git {arguments:?}: {}",
            stderr(&done)
        );
    }

    pub(crate) fn add(&self, name: &str, content: impl AsRef<[u8]>) {
        self.0.put(name, content);
        self.git(&["add", "--", name]);
    }

    pub(crate) fn commit(&self) {
        self.git(&["commit", "-qm", "x"]);
    }

    pub(crate) fn check(&self, arguments: &[&str]) -> Output {
        let all: Vec<&str> = std::iter::once("check")
            .chain(arguments.iter().copied())
            .collect();
        let mut command = self.0.command(&all);
        command
            .current_dir(self.0.share())
            .output()
            .expect("the program runs")
    }

    /// The findings as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let all: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(["--format", "json"])
            .collect();
        serde_json::from_slice(&self.check(&all).stdout).expect("JSON")
    }
}

pub(crate) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn an_issuable_number_fails_and_nobodys_data_passes_with_its_class() {
    let repository = Repository::new();
    repository.add(
        "ok.csv",
        format!("fnr;epost;tlf\n{SYNTHETIC};kari@example.com;40612345\n"),
    );
    let passed = repository.check(&["--show-passed"]);
    assert_eq!(code(&passed), Some(0), "{}", stdout(&passed));
    for class in [
        "synthetic number",
        "reserved for documentation",
        "a published example",
    ] {
        assert!(
            stdout(&passed).contains(class),
            "{class}: {}",
            stdout(&passed)
        );
    }
    repository.add("a.txt", format!("hei\n  fnr {ISSUABLE}\n"));
    let failed = repository.check(&[]);
    assert_eq!(code(&failed), Some(4));
    assert!(
        stdout(&failed).contains("a.txt:2:7: fail fodselsnummer: "),
        "{}",
        stdout(&failed)
    );
    assert!(stdout(&failed).contains("hint: ") && !stdout(&failed).contains(ISSUABLE));
}

#[test]
fn names_and_special_categories_fail_only_beside_somebodys_data() {
    let repository = Repository::new();
    repository.add("alone.txt", "Kari Olsen leder møtet\n");
    repository.add("near.csv", format!("navn;fnr\nKari Olsen;{ISSUABLE}\n"));
    repository.add(
        "invented.csv",
        format!("navn;fnr\nKari Olsen;{SYNTHETIC}\n"),
    );
    let told = repository.json(&[]);
    let names: Vec<&str> = findings(&told)
        .iter()
        .filter(|found| found["detector"] == "name")
        .filter_map(|found| found["object"].as_str())
        .collect();
    assert_eq!(names, ["near.csv"]);
}

#[test]
fn staged_content_is_judged_and_not_the_working_tree() {
    let repository = Repository::new();
    repository.add("a.txt", format!("fnr {ISSUABLE}\n"));
    repository.0.put("a.txt", format!("fnr {SYNTHETIC}\n"));
    assert_eq!(code(&repository.check(&["--staged"])), Some(4));
    repository.git(&["add", "a.txt"]);
    repository.0.put("a.txt", format!("fnr {ISSUABLE}\n"));
    assert_eq!(code(&repository.check(&["--staged"])), Some(0));
    repository.commit();
    assert_eq!(repository.json(&["--staged"])["files"], 0);
}

#[test]
fn a_change_is_blamed_for_what_it_brings() {
    let repository = Repository::new();
    repository.add("old.txt", format!("fnr {ISSUABLE}\n"));
    repository.commit();
    repository.add("old.txt", format!("ny linje\nfnr {ISSUABLE}\n"));
    repository.git(&["mv", "old.txt", "moved.txt"]);
    repository.commit();
    assert_eq!(code(&repository.check(&["--diff", "HEAD~1"])), Some(0));
    repository.add("moved.txt", format!("fnr {ISSUABLE}\nmail kari@firma.no\n"));
    repository.commit();
    let told = repository.json(&["--diff", "HEAD~1"]);
    assert_eq!(
        (&told["failed"], &told["allowed"]["before"]),
        (&1.into(), &1.into()),
        "{told}"
    );
    let unknown = repository.check(&["--diff", "nowhere"]);
    assert_eq!(code(&unknown), Some(2));
    assert!(stderr(&unknown).contains("hint: "), "{}", stderr(&unknown));
}

#[test]
fn what_was_removed_still_stands_in_the_history() {
    let repository = Repository::new();
    repository.add("a.txt", format!("fnr {ISSUABLE}\n"));
    repository.commit();
    repository.git(&["rm", "-q", "a.txt"]);
    repository.commit();
    assert_eq!(code(&repository.check(&[])), Some(0));
    let history = repository.check(&["--history"]);
    assert_eq!(code(&history), Some(4));
    assert!(stdout(&history).contains("a.txt@"), "{}", stdout(&history));
}

#[test]
fn comments_and_entries_allow_and_authors_are_known() {
    let repository = Repository::new();
    repository.add("a.py", format!("x = 1 # sporhund:allow(fodselsnummer) fra vektorene\n# sporhund:allow(fodselsnummer) som over\ny = '{ISSUABLE}'\nz = 'kari@firma.no' # gitleaks:allow\n"));
    repository.add("AUTHORS", "Kari Olsen <kari@firma.no>\n");
    repository.add("b.csv", format!("fnr\n{ISSUABLE}\n"));
    repository.add(
        "sporhund.toml",
        "[[check.allow]]\npath = \"b.csv\"\ndetector = \"fodselsnummer\"\nreason = \"publisert\"\n",
    );
    let told = repository.json(&[]);
    assert_eq!(
        told["failed"], 1,
        "the address that another tool's comment allows: {told}"
    );
    assert_eq!(told["allowed"]["configured"], 1);
    let honoured = repository.json(&["--honour", "gitleaks"]);
    assert_eq!(
        (&honoured["failed"], &honoured["allowed"]["inline"]),
        (&0.into(), &2.into())
    );
    repository.add("sporhund.toml", "[check.kinds]\nfnr = \"allow\"\n");
    let refused = repository.check(&[]);
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
    repository.add(
        "sporhund.toml",
        "[check]\nown_domains = [\"firma.no\"]\n[check.kinds]\nfodselsnummer = \"warn\"\n",
    );
    let warned = repository.check(&[]);
    assert_eq!(code(&warned), Some(0), "{}", stdout(&warned));
    assert!(
        stdout(&warned).contains(": warn fodselsnummer"),
        "{}",
        stdout(&warned)
    );
}

#[test]
fn what_is_not_read_is_said() {
    let repository = Repository::new();
    repository.add(
        "big.bin",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
    );
    repository.add("kept/a.txt", "hei\n");
    repository.add("gone/b.txt", format!("fnr {ISSUABLE}\n"));
    repository.add("linje\nskift.txt", "hei\n");
    std::os::unix::fs::symlink("kept/a.txt", repository.0.share().join("link")).expect("a link");
    repository.git(&["add", "link"]);
    repository.commit();
    repository.git(&["clone", "-q", ".", "sub"]);
    repository.git(&["-c", "advice.addEmbeddedRepo=false", "add", "sub"]);
    repository.commit();
    repository.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/gone/"]);
    let checked = repository.check(&[]);
    assert_eq!(code(&checked), Some(0), "{}", stdout(&checked));
    for said in [
        "big.bin was not read: lfs-pointer",
        "sub was not read: submodule",
        "gone/b.txt was not read: sparse-checkout",
    ] {
        assert!(
            stderr(&checked).contains(said),
            "{said}: {}",
            stderr(&checked)
        );
    }
    assert_eq!(repository.json(&[])["links"], 1);
    assert_eq!(code(&repository.check(&["--require-complete"])), Some(3));
    repository.add("linje\nskift.txt", format!("fnr {ISSUABLE}\n"));
    let failed = repository.check(&["--require-complete"]);
    assert_eq!(
        code(&failed),
        Some(4),
        "findings come before incompleteness"
    );
    assert!(
        stdout(&failed).contains("linje\\nskift.txt:1:5: "),
        "{}",
        stdout(&failed)
    );
}

#[test]
fn staged_without_a_repository_is_refused_and_a_folder_is_walked() {
    let place = Workplace::new();
    place.put("a.txt", format!("fnr {ISSUABLE}\n"));
    let mut command = place.command(&["check", "--staged"]);
    let refused = command
        .env("GIT_CEILING_DIRECTORIES", "/")
        .output()
        .expect("the program runs");
    assert_eq!(code(&refused), Some(2));
    assert!(stderr(&refused).contains("hint: "), "{}", stderr(&refused));
    let walked = place.run(&["check", "share"]);
    assert_eq!(code(&walked), Some(4));
    assert!(
        stdout(&walked).contains("share/a.txt:1:5: "),
        "{}",
        stdout(&walked)
    );
}

#[test]
fn no_form_holds_a_value_and_each_can_be_loaded() {
    let repository = Repository::new();
    repository.add(
        &format!("kunde-{ISSUABLE}.txt"),
        format!("Kari Olsen {ISSUABLE} kari@firma.no\n"),
    );
    repository.add(
        "b.txt",
        format!("D-nummer 70108299914, mail ola@firma.no, fnr {ISSUABLE}\n"),
    );
    for form in ["text", "json", "sarif", "junit", "gitlab", "github"] {
        let told = repository.check(&["--format", form]);
        assert_eq!(code(&told), Some(4), "{form}");
        let all = format!("{}{}", stdout(&told), stderr(&told));
        for value in [
            ISSUABLE,
            "70108299914",
            "kari@firma.no",
            "ola@firma.no",
            "Olsen",
        ] {
            assert!(!all.contains(value), "{form} holds a value");
        }
        assert_eq!(
            all,
            {
                let again = repository.check(&["--format", form]);
                format!("{}{}", stdout(&again), stderr(&again))
            },
            "{form} is not stable"
        );
        match form {
            "sarif" => is_sarif(&serde_json::from_str(&stdout(&told)).expect("JSON")),
            "gitlab" => is_code_quality(&serde_json::from_str(&stdout(&told)).expect("JSON")),
            "junit" => is_junit(&stdout(&told)),
            _ => {}
        }
    }
}

/// The properties that SARIF 2.1.0 requires (OASIS, sections 3.13 to 3.52) and those that code
/// scanning asks for.
fn is_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "sporhund");
    assert!(run["columnKind"] == "unicodeCodePoints");
    assert!(run["invocations"][0]["executionSuccessful"].is_boolean());
    let rules = driver["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert!(results.len() >= 4, "{log}");
    for result in results {
        assert!(
            result["message"]["text"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(
            ["none", "note", "warning", "error"]
                .contains(&result["level"].as_str().expect("a level"))
        );
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let physical = &result["locations"][0]["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"]
            .as_str()
            .expect("a reference");
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
        if let Some(region) = physical.get("region") {
            assert!(
                region["startLine"].as_u64() >= Some(1)
                    && region["startColumn"].as_u64() >= Some(1)
            );
        }
        let print = result["partialFingerprints"]["sporhund/1"]
            .as_str()
            .expect("a fingerprint");
        assert_eq!(
            print.split('|').count(),
            4,
            "path, detector, ordinal, tag: {print}"
        );
    }
}

/// The fields that GitLab's documentation of code quality reports requires.
fn is_code_quality(issues: &Value) {
    let mut prints = std::collections::BTreeSet::new();
    for issue in issues.as_array().expect("a list") {
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
        assert!(prints.insert(issue["fingerprint"].as_str().expect("a fingerprint")));
        assert!(
            ["info", "minor", "major", "critical", "blocker"]
                .contains(&issue["severity"].as_str().expect("one"))
        );
        assert!(
            issue["location"]["path"].is_string()
                && issue["location"]["lines"]["begin"].as_u64() >= Some(1)
        );
    }
    assert!(prints.len() >= 4);
}

/// What a reader of another make takes from it.
fn is_junit(text: &str) {
    let report = quick_junit::Report::deserialize_from_str(text).expect("JUnit");
    let [suite] = report.test_suites.as_slice() else {
        panic!("one suite: {text}");
    };
    assert_eq!(suite.tests, suite.test_cases.len());
    assert!(suite.failures >= 4 && suite.failures == suite.tests);
    for case in &suite.test_cases {
        let quick_junit::TestCaseStatus::NonSuccess { message, ty, .. } = &case.status else {
            panic!("each fails: {text}");
        };
        assert!(message.is_some() && ty.is_some() && case.classname.is_some());
    }
}

fn findings(told: &Value) -> &[Value] {
    told["findings"].as_array().map_or(&[], Vec::as_slice)
}

/// Each number of the published vectors is somebody's or nobody's, as its kind says. They lie beside
/// the repository where this project is worked on.
#[test]
fn the_published_vectors_are_classed_right() {
    let today = jiff::civil::date(2026, 11, 24);
    let mut classed = 0;
    for name in ["fnr.json", "fnr_formats.json", "fnr_birthdate_sex.json"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/domain/vectors")
            .join(name);
        let Ok(text) = std::fs::read_to_string(file) else {
            println!("skipped: {name} is not here");
            return;
        };
        let vectors: Value = serde_json::from_str(&text).expect("JSON");
        for vector in vectors.as_array().expect("a list") {
            if vector["valid"] != true {
                continue;
            }
            let (kind, text) = (
                vector["kind"].as_str().expect("a kind"),
                vector["text"].as_str().expect("a text"),
            );
            let digits: Vec<u8> = text
                .bytes()
                .filter(u8::is_ascii_digit)
                .map(|digit| digit - b'0')
                .collect();
            let Ok(digits) = <[u8; 11]>::try_from(digits) else {
                continue;
            };
            let class = sporhund::check::class_of_number(digits, today);
            let somebodys = class.map(sporhund::check::Class::is_somebodys);
            // The months tell it, whatever the file calls the number.
            let month = digits[2] * 10 + digits[3];
            let nobodys = kind.contains("synthetic")
                || kind.contains("futuredate")
                || month > 40 && digits[0] < 8;
            assert_eq!(somebodys, Some(!nobodys), "{kind} {text} {class:?}");
            classed += 1;
        }
    }
    assert!(classed > 80, "only {classed} numbers");
}

#[test]
fn detectors_of_ones_own_fail_and_can_be_set_and_allowed() {
    let repository = Repository::new();
    let own = "[[detector]]\nid = \"member\"\ntitle = \"Medlem\"\nregex = 'M-\\d{6}'\nexamples = [\"M-123456\"]\n";
    repository.add("sporhund.toml", own);
    repository.add("a.txt", "medlem M-123455\n");
    let failed = repository.check(&[]);
    assert_eq!(code(&failed), Some(4), "{}", stderr(&failed));
    assert!(
        stdout(&failed).contains("a.txt:1:8: fail member: "),
        "{}",
        stdout(&failed)
    );
    repository.add(
        "a.txt",
        "medlem M-123455 # sporhund:allow(member) et eksempel\n",
    );
    let allowed = repository.check(&["a.txt"]);
    assert_eq!(code(&allowed), Some(0), "{}", stdout(&allowed));
    repository.add("a.txt", "medlem M-123455\n");
    repository.add(
        "sporhund.toml",
        format!("{own}[check.kinds]\nmember = \"warn\"\n"),
    );
    let warned = repository.check(&["a.txt"]);
    assert_eq!(
        code(&warned),
        Some(0),
        "{}{}",
        stdout(&warned),
        stderr(&warned)
    );
}

#[test]
fn what_only_looks_like_a_value_passes() {
    let repository = Repository::new();
    repository.add(
        "a.rs",
        "let limits = (\"+1441497364.649\", +2147483647);\n// call user@domain.org or foo@gmail.com\n\
         // the decision is based on a card from kari@firma.no\n",
    );
    let told = repository.json(&[]);
    let failing: Vec<_> = findings(&told)
        .iter()
        .filter(|found| found["decision"] == "fail")
        .map(|found| found["line"].as_u64())
        .collect();
    assert_eq!(failing, [Some(3)], "{told}");
}
