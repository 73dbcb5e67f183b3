//! One person's data: found by identifiers that come on standard input, and told apart from others'.

use serde_json::Value;

use crate::program::{Workplace, json, stderr, stdout};

/// A share with an applicant, a namesake, a list, and a request in the register.
fn scanned() -> Workplace {
    let work = Workplace::new();
    work.put(
        "hr/rekruttering/R1/cv.txt",
        "Navn: Kari Testesen\nE-post: kari.testesen@firma.example\nTelefon: 21 00 12 34\n",
    );
    work.put(
        "hr/rekruttering/R1/brev.txt",
        "Kontakt: Kari Testesen, +47 21001234, kari.testesen@firma.example\n",
    );
    work.put(
        "felles/ringeliste.csv",
        "Navn;Telefon\nKari Testesen;21001234\nOla Prøvesen;21009876\n",
    );
    work.put("felles/navnesøster.txt", "Navn: Kari Testesen\n");
    work.put("felles/omvendt.csv", "Navn\nKari Anne Testesen\n");
    work.put("felles/andre.txt", "E-post: ola.provesen@firma.example\n");
    work.put("felles/låst.pdf", b"%PDF-1.7 broken".as_slice());
    std::fs::write(
        work.path().join("site.toml"),
        "schema = 1\nrules = [\"poweroffice-2024\"]\nevents = [\"events.csv\"]\n\
         [[zone]]\npath = \"hr/rekruttering/{process}/**\"\nrole = \"controller\"\n\
         purpose = [\"recruitment\"]\nowner = \"hr\"\ndefault_class = \"recruitment.application\"\n",
    )
    .unwrap();
    std::fs::write(
        work.path().join("events.csv"),
        "event_id,event_type,occurred_on,recorded_by,subject,path,ref\n\
         E1,request_received,2026-01-31,dpo,cand:1,,\n\
         E2,hiring_round_closed,2026-01-10,hr,,hr/rekruttering/R1/**,\n\
         E3,legal_hold_set,2026-02-01,legal,cand:1,,T1\n",
    )
    .unwrap();
    let scan = work.run(&["scan", "share", "--site", "site.toml", "--quiet"]);
    assert!(
        matches!(scan.status.code(), Some(0 | 3)),
        "{}",
        stderr(&scan)
    );
    work
}

const FIND: [&str; 9] = [
    "subject",
    "find",
    "--site",
    "site.toml",
    "--as-of",
    "2026-02-10",
    "--format",
    "json",
    "--show-paths",
];

fn find(work: &Workplace, more: &[&str], identifiers: &str) -> Value {
    let output = work.feed(&[&FIND, more].concat(), identifiers);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    json(&output)
}

fn objects<'a>(found: &'a Value, list: &str) -> Vec<&'a str> {
    let lines = found[list].as_array().unwrap().iter();
    lines.map(|line| line["object"].as_str().unwrap()).collect()
}

#[test]
fn every_object_of_the_person_is_listed_with_its_place_rule_and_verdict() {
    let work = scanned();
    let found = find(
        &work,
        &[],
        "Kari Testesen\nKARI.testesen@firma.example\n0047 21 00 12 34\n",
    );
    assert_eq!(
        objects(&found, "objects"),
        [
            "felles/ringeliste.csv",
            "hr/rekruttering/R1/brev.txt",
            "hr/rekruttering/R1/cv.txt"
        ]
    );
    let letter = &found["objects"][1];
    assert_eq!(letter["place"], "hr/rekruttering/{process}/**");
    assert_eq!(letter["purpose"][0], "recruitment");
    assert_eq!(letter["owner"], "hr");
    assert_eq!(
        found["objects"][0]["verdict"], "review",
        "nobody has described the place"
    );
    assert_eq!(
        found["coverage"]["unread"].as_u64().unwrap()
            + found["coverage"]["partial"].as_u64().unwrap(),
        1
    );
    // Nothing is told in clear but the paths that were asked for.
    assert!(
        !found["asked"].to_string().contains("testesen"),
        "{}",
        found["asked"]
    );
}

#[test]
fn a_name_alone_is_possible_only_and_another_spelling_is_near() {
    let work = scanned();
    let found = find(&work, &[], "Kari Testesen");
    assert!(objects(&found, "objects").is_empty());
    assert_eq!(objects(&found, "possible").len(), 4, "{found:#}");
    let found = find(&work, &[], "Kari Anne Testesen");
    assert_eq!(objects(&found, "possible"), ["felles/omvendt.csv"]);
    assert!(objects(&found, "near").contains(&"felles/navnesøster.txt"));
}

#[test]
fn the_persons_id_brings_their_events_and_the_day_to_answer_by() {
    let work = scanned();
    let words = "kari.testesen@firma.example";
    let without = find(&work, &[], words);
    assert_eq!(without["objects"][0]["verdict"], "delete_on");
    assert!(without["deadline"].is_null());
    let with = find(&work, &["--id", "cand:1"], words);
    assert_eq!(with["objects"][0]["verdict"], "hold");
    assert_eq!(with["deadline"]["due"], "2026-02-28");
    assert_eq!(with["deadline"]["status"], "open");
}

#[test]
fn what_stands_together_is_proposed_with_evidence_and_followed_only_when_asked_for() {
    let work = scanned();
    let words = "kari.testesen@firma.example";
    let found = find(&work, &[], words);
    assert_eq!(objects(&found, "objects").len(), 2);
    let phone = found["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["detector"] == "phone");
    // The list holds the number too, so two of three objects is not enough to take it for hers.
    assert!(phone.is_none(), "{found:#}");
    work.put(
        "hr/rekruttering/R1/notat.txt",
        "E-post kari.testesen@firma.example, tlf. 21 00 12 34\n",
    );
    work.put(
        "hr/rekruttering/R1/svar.txt",
        "E-post kari.testesen@firma.example, tlf. 21 00 12 34\n",
    );
    let scan = work.run(&["scan", "share", "--site", "site.toml", "--quiet"]);
    assert!(
        matches!(scan.status.code(), Some(0 | 3)),
        "{}",
        stderr(&scan)
    );
    let found = find(&work, &[], words);
    let phone = found["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["detector"] == "phone");
    let phone = phone.unwrap_or_else(|| panic!("{found:#}"));
    assert_eq!(
        (&phone["together"], &phone["elsewhere"]),
        (&4.into(), &1.into())
    );
    assert_eq!(phone["evidence"].as_array().unwrap().len(), 3);
    assert_eq!(objects(&found, "objects").len(), 4);
    let followed = find(&work, &["--link"], words);
    let list = followed["objects"].as_array().unwrap().iter();
    let linked: Vec<_> = list
        .filter(|l| l["linked"] == true)
        .map(|l| &l["object"])
        .collect();
    assert_eq!(linked, ["felles/ringeliste.csv"]);
}

#[test]
fn nothing_is_taken_from_the_command_line_and_nonsense_is_refused() {
    let work = scanned();
    let typed = work.run(&[&FIND[..], &["kari.testesen@firma.example"]].concat());
    assert_eq!(typed.status.code(), Some(2));
    let nothing = work.feed(&FIND, "???\n");
    assert_eq!(nothing.status.code(), Some(2));
    assert!(stderr(&nothing).contains("no identifier was recognised"));
    let text = work.feed(
        &[
            "subject",
            "find",
            "--site",
            "site.toml",
            "--as-of",
            "2026-02-10",
        ],
        "+47 21001234\n???\n",
    );
    assert_eq!(text.status.code(), Some(0));
    assert!(
        stdout(&text).starts_with("3 objekter\n"),
        "{}",
        stdout(&text)
    );
    assert!(stderr(&text).contains("linje 2 er ingen identifikator"));
}

/// One of the commands about Kari, who is `cand:1`, with the right identifiers.
fn kari(work: &Workplace, command: &str, more: &[&str]) -> std::process::Output {
    let fixed = [
        "subject",
        command,
        "--site",
        "site.toml",
        "--as-of",
        "2026-02-10",
    ];
    work.feed(
        &[&fixed, more].concat(),
        "Kari Testesen\nkari.testesen@firma.example\n21001234\n",
    )
}

#[test]
fn a_bundle_holds_the_persons_own_and_nothing_of_others() {
    let work = scanned();
    work.put(
        "hr/rekruttering/R1/referat.txt",
        "Til stede: Kari Testesen (kari.testesen@firma.example) og Ola Prøvesen, \
         ola.provesen@firma.example, tlf. 21 00 98 76\n",
    );
    let scan = work.run(&["scan", "share", "--site", "site.toml", "--quiet"]);
    assert!(matches!(scan.status.code(), Some(0 | 3)));
    work.put(
        "hr/rekruttering/R1/brev.txt",
        "Kari Testesen, 21001234, endret\n",
    );
    let output = kari(&work, "export", &["--id", "cand:1", "--to", "bundle"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("svar innen 28.02.2026"),
        "{}",
        stderr(&output)
    );
    let of = |path: &str| std::fs::read_to_string(work.path().join("bundle").join(path)).unwrap();
    let (data, index) = (
        of("for-the-person/data.json"),
        of("for-the-person/index.html"),
    );
    let to_do = of("for-the-controller/to-look-at.csv");
    let mut documents = String::new();
    for entry in std::fs::read_dir(work.path().join("bundle/for-the-person/documents")).unwrap() {
        documents += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    for text in [&data, &index, &documents] {
        for others in ["ola.provesen", "Prøvesen", "21009876", "98 76"] {
            assert!(!text.contains(others), "{others} in {text}");
        }
    }
    let json: Value = serde_json::from_str(&data).unwrap();
    let given: Vec<&str> = json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["given"]["as"].as_str().unwrap())
        .collect();
    // The list, the letter that was changed, the CV, and the minutes.
    assert_eq!(given, ["text", "withheld", "copy", "text"], "{json:#}");
    assert_eq!(json["items"][0]["given"]["left_out"], 1);
    assert!(
        to_do.contains("brev.txt") && to_do.contains("referat.txt"),
        "{to_do}"
    );
    assert!(
        documents.contains("Navn: Kari Testesen\nE-post"),
        "{documents}"
    );
    assert!(index.contains("filer som ikke ble lest"), "{index}");
    let again = kari(&work, "export", &["--to", "bundle"]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "a bundle is never written over"
    );
    let inside = kari(&work, "export", &["--to", "share/bundle"]);
    assert_eq!(inside.status.code(), Some(2), "{}", stderr(&inside));
}

#[test]
fn an_erasure_plans_what_falls_due_and_says_what_is_kept() {
    let work = scanned();
    std::fs::write(
        work.path().join("events.csv"),
        "event_id,event_type,occurred_on,recorded_by,subject,path,ref\n\
         E1,hiring_round_closed,2025-01-10,hr,,hr/rekruttering/R1/**,\n",
    )
    .unwrap();
    let output = kari(&work, "erase", &["--id", "cand:1", "--plan", "plan.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let register = std::fs::read_to_string(work.path().join("events.csv")).unwrap();
    assert!(register.contains("erasure_requested"), "{register}");
    assert!(!register.contains("Testesen") && !register.contains("21001234"));
    let plan = std::fs::read_to_string(work.path().join("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["head"]["subject"], "cand:1");
    let lines = plan["lines"].as_array().unwrap().iter();
    let lines: Vec<(&str, &str)> = lines
        .map(|line| {
            (
                line["object"].as_str().unwrap(),
                line["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("hr/rekruttering/R1/brev.txt", "file"),
            ("hr/rekruttering/R1/cv.txt", "file")
        ]
    );
    // Nobody has described the place of the list, so nothing of it is planned.
    assert!(
        stdout(&output).contains("beholdes  må vurderes"),
        "{}",
        stdout(&output)
    );
    let no_id = kari(&work, "erase", &["--plan", "other.json"]);
    assert_eq!(no_id.status.code(), Some(2));
    assert!(!work.path().join("other.json").exists());
}

#[test]
fn a_restriction_holds_every_file_of_the_person_until_it_is_lifted() {
    let work = scanned();
    std::fs::write(
        work.path().join("events.csv"),
        "event_id,event_type,occurred_on,recorded_by,subject,path,ref\n\
         E1,hiring_round_closed,2025-01-10,hr,,hr/rekruttering/R1/**,\n",
    )
    .unwrap();
    let verdicts = || {
        let found = find(
            &work,
            &["--id", "cand:1"],
            "kari.testesen@firma.example\n21001234\n",
        );
        let lines = found["objects"].as_array().unwrap().clone();
        let verdict = |line: &Value| line["verdict"].as_str().unwrap().to_owned();
        lines.iter().map(verdict).collect::<Vec<_>>()
    };
    assert!(!verdicts().contains(&"hold".to_owned()));
    let output = kari(&work, "restrict", &["--id", "cand:1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(verdicts(), ["hold", "hold", "hold"]);
    // Without the id, as a plan judges them, the files are held by their places.
    let found = find(&work, &[], "kari.testesen@firma.example\n21001234\n");
    for line in found["objects"].as_array().unwrap() {
        assert_eq!(line["verdict"], "hold", "{line:#}");
    }
    let lifted = kari(&work, "restrict", &["--id", "cand:1", "--lift"]);
    assert_eq!(lifted.status.code(), Some(0), "{}", stderr(&lifted));
    assert!(!verdicts().contains(&"hold".to_owned()));
}
