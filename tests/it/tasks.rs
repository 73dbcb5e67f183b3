//! What a person has to do by hand is told with its exact place, and the next scan tells whether it was
//! done; and documents that read alike are known as such.

use std::fmt::Write as _;

use serde_json::Value;

use crate::listed_round::{self, scan};
use crate::program::{Workplace, json, stderr, stdout};

const NAMES: [&str; 3] = ["Kari Nordmann", "Ola Bakken", "Ingrid Solheim"];

/// Three applicants, the last of whom was hired; the round is closed.
const LIST: &str = "Prosess;Tittel;Avsluttet;Kandidat-ID;Navn;E-post;Utfall\n\
    r1;Utvikler;01.03.2026;S1;Kari Nordmann;soker1@post.example;avslag\n\
    r1;Utvikler;01.03.2026;S2;Ola Bakken;soker2@post.example;avslag\n\
    r1;Utvikler;01.03.2026;S3;Ingrid Solheim;soker3@post.example;ansatt\n";

fn round(work: &Workplace) {
    listed_round::add(work, LIST, "");
}

fn message(n: usize) -> String {
    format!(
        "From sender Mon Jan 12 10:00:00 2026\nFrom: {} <soker{n}@post.example>\n\
         To: rekruttering@firma.example\nSubject: Soknad\nDate: Mon, 12 Jan 2026 10:00:00 +0100\n\
         Message-ID: <20260112100000.{n}@post.example>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\nSøknad på stilling som utvikler\n\n\
         Jeg søker herved på stillingen. Vedlagt følger CV og attester.\n\nMed vennlig hilsen\n{}\n\n",
        NAMES[n - 1],
        NAMES[n - 1]
    )
}

const INVOICE: &str = "From other Mon Jan 12 10:00:00 2026\nFrom: Per Vik <per.vik@kunde.example>\n\
    To: post@firma.example\nSubject: Faktura\nDate: Mon, 12 Jan 2026 10:00:00 +0100\n\n\
    Hei, kan dere sende fakturaen igjen? Mvh Per Vik\n\n";

/// A table with a row for each applicant, two lines of which are of no applicant.
fn table(rows: &[usize]) -> String {
    let mut table = "Navn;E-post;Vurdering\nPer Vik;per.vik@kunde.example;venter\n".to_owned();
    for n in rows {
        writeln!(table, "{};soker{n}@post.example;vurdert", NAMES[n - 1]).unwrap();
    }
    table
}

fn manual(plan: &Value) -> Vec<&Value> {
    let lines = plan["lines"].as_array().unwrap().iter();
    lines.filter(|line| line["kind"] == "manual").collect()
}

#[test]
fn a_task_names_its_place_and_is_closed_by_the_next_scan() {
    let work = Workplace::new();
    work.put(
        "post/arkiv.mbox",
        [&message(1), INVOICE, &message(2), &message(3)].concat(),
    );
    work.put("hr/rekruttering/r1/vurdering.csv", table(&[1, 3, 2]));
    round(&work);
    scan(&work);
    let output = work.run(&["plan", "--process", "r1"]);
    let plan = json(&output);
    std::fs::write(work.path().join("plan.json"), output.stdout).unwrap();
    let tasks = manual(&plan);
    let task = |object: &str| {
        let found = tasks.iter().find(|line| line["object"] == object);
        &found.unwrap_or_else(|| panic!("no task {object}: {plan:#}"))["task"]
    };
    let mail = task("post/arkiv.mbox!/message-000003.eml");
    assert_eq!(mail["message_id"], "20260112100000.2@post.example");
    assert_eq!(mail["date"], "2026-01-12");
    assert_eq!(mail["file"], "post/arkiv.mbox");
    // Rows of those who were not hired, and of nobody else: the header is not counted.
    let rows = task("hr/rekruttering/r1/vurdering.csv")["persons"]
        .as_array()
        .unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|one| {
            (
                one["subject"].as_str().unwrap(),
                one["place"]["row"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(rows, [("S1", 2), ("S2", 4)]);
    let page = stdout(&work.run(&["plan", "--of", "plan.json", "--format", "html"]));
    for told in [
        "Message-ID &lt;20260112100000.2@post.example&gt;",
        "S1: Navn, rad 2",
        "S2: Navn, rad 4",
    ] {
        assert!(page.contains(told), "{told}");
    }
    closed(&work, tasks.len());
}

fn closed(work: &Workplace, tasks: usize) {
    let asked = || work.run(&["plan", "--of", "plan.json", "--tasks"]);
    let early = asked();
    assert_eq!(early.status.code(), Some(2), "{}", stdout(&early));
    assert!(
        stderr(&early).contains("no scan was finished since"),
        "{}",
        stderr(&early)
    );
    // Nothing was done yet.
    scan(work);
    let open = asked();
    assert_eq!(open.status.code(), Some(3), "{}", stderr(&open));
    assert_eq!(
        stdout(&open).matches("åpen").count(),
        tasks,
        "{}",
        stdout(&open)
    );
    // One message goes, by which the others are called by other numbers; one row is left.
    work.put(
        "post/arkiv.mbox",
        [INVOICE, &message(2), &message(3)].concat(),
    );
    work.put("hr/rekruttering/r1/vurdering.csv", table(&[3, 2]));
    scan(work);
    let half = asked();
    let told = stdout(&half);
    assert_eq!(half.status.code(), Some(3), "{told}");
    let standing = |object: &str| {
        let line = told.lines().find(|line| line.ends_with(object));
        line.and_then(|line| line.split_whitespace().next())
            .unwrap_or_default()
    };
    assert_eq!(standing("message-000001.eml"), "gjort", "{told}");
    assert_eq!(standing("message-000003.eml"), "åpen", "{told}");
    assert_eq!(standing("vurdering.csv"), "åpen", "{told}");
    work.put("post/arkiv.mbox", [INVOICE, &message(3)].concat());
    work.put("hr/rekruttering/r1/vurdering.csv", table(&[3]));
    scan(work);
    let done = asked();
    assert_eq!(done.status.code(), Some(0), "{}", stdout(&done));
    assert!(
        stderr(&done).contains(&format!("{tasks} done, 0 not")),
        "{}",
        stderr(&done)
    );
}

/// What a person writes of their life: words that only they use, in a form that all fill in.
fn life(n: usize) -> String {
    let form =
        "Curriculum vitae. Utdanning, arbeidserfaring, kurs og verv føres opp med det siste først.";
    let own: Vec<String> = (0..80).map(|at| format!("erfaring{n}x{at}")).collect();
    format!("{form} {}", own.join(" "))
}

fn named(n: usize) -> String {
    format!(
        "{}\n\nNavn: {}\nE-post: soker{n}@post.example\n",
        life(n),
        NAMES[n - 1]
    )
}

fn html(text: &str) -> String {
    let lines = text.lines().fold(String::new(), |mut all, line| {
        writeln!(all, "<p>{line}</p>").unwrap();
        all
    });
    format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{lines}</body></html>")
}

#[test]
fn a_text_that_reads_alike_is_told_with_its_evidence_and_never_planned_for_it() {
    let work = Workplace::new();
    for n in 1..=3 {
        work.put(&format!("hr/rekruttering/r1/cv{n}.txt"), named(n));
    }
    // Another form of the first one's, with a note; the same without name and address; the form alone.
    let noted =
        html(&named(1).replace("kurs og verv", "kurs, verv")) + "<p>Ring etter klokka fire.</p>";
    work.put("felles/nedlastinger/1.html", noted);
    work.put("felles/skann/uten navn.txt", life(1));
    let form = life(9).replace("erfaring9", "noe annet ");
    work.put("felles/skann/skjema.txt", form);
    round(&work);
    scan(&work);
    let plan = json(&work.run(&["plan", "--process", "r1"]));
    let lines = plan["lines"].as_array().unwrap();
    let line = |object: &str| {
        let found = lines.iter().find(|line| line["object"] == object);
        found.unwrap_or_else(|| panic!("no line {object}: {plan:#}"))
    };
    let by = |line: &Value| line["matched"]["by"].to_string();
    let copy = line("hr/rekruttering/r1/cv1.txt");
    assert_eq!(copy["kind"], "file");
    assert_eq!(copy["matched"]["copy_of"], "felles/nedlastinger/1.html");
    assert!(
        by(copy).contains("alike ") || by(copy).contains("same content"),
        "{copy:#}"
    );
    let worded = line("felles/skann/uten navn.txt");
    assert_eq!(worded["kind"], "possible");
    assert!(by(worded).contains("alike "), "{worded:#}");
    assert!(worded["matched"]["copy_of"].is_string());
    assert!(
        lines
            .iter()
            .all(|line| line["object"] != "felles/skann/skjema.txt")
    );
    assert!(
        lines
            .iter()
            .all(|line| line["object"] != "hr/rekruttering/r1/cv3.txt")
    );
}

/// What lies in another place is about an applicant by the list alone: a hold on the person, or on the round,
/// that comes while it waits in quarantine stops the purge.
#[cfg(unix)]
#[test]
fn a_hold_on_an_applicant_of_the_list_stops_the_purge() {
    let work = Workplace::new();
    round(&work);
    let text = "Søknad på stilling som utvikler\n\nNavn: Kari Nordmann\n\
        E-post: soker1@post.example\nJeg søker herved på stillingen. Vedlagt følger CV og attester.\n\
        Med vennlig hilsen\n";
    work.put("felles/nedlastinger/kn.txt", text);
    scan(&work);
    let planned = work.run(&["plan", "--output", "plan.json"]);
    assert_eq!(planned.status.code(), Some(0), "{}", stderr(&planned));
    crate::closed_round::edit(&work, |line| {
        line["state"] = "approved".into();
        line["by"] = serde_json::json!({"name": "Kari HR"});
    });
    let applied = work.run(&["apply", "plan.json", "--yes"]);
    assert_eq!(applied.status.code(), Some(0), "{}", stdout(&applied));
    let waiting = || {
        let files = crate::closed_round::files_below(&work.share());
        let data = files
            .iter()
            .filter(|path| path.to_string_lossy().ends_with(".data"));
        data.count()
    };
    assert_eq!(waiting(), 1);
    let register = work.path().join("events.csv");
    let before = std::fs::read_to_string(&register).unwrap();
    let columns = before
        .lines()
        .next()
        .unwrap()
        .split(',')
        .collect::<Vec<_>>();
    let hold = |about: &str, id: &str| {
        let cells = columns.iter().map(|column| match *column {
            "event_id" => "H1",
            "event_type" => "legal_hold_set",
            "occurred_on" | "recorded_on" => "2026-11-20",
            "recorded_by" => "legal",
            "ref" => "C1",
            name if name == about => id,
            _ => "",
        });
        let row = cells.collect::<Vec<_>>().join(",");
        std::fs::write(&register, format!("{}\n{row}\n", before.trim_end())).unwrap();
    };
    let purge = |more: &[&str]| {
        let output = work.run(&[&["purge", "--after", "P0D"], more].concat());
        format!("{}{}", stdout(&output), stderr(&output))
    };
    for (about, id) in [("subject", "S1"), ("process", "r1")] {
        hold(about, id);
        for more in [&["--yes"][..], &[]] {
            let said = purge(more);
            assert!(said.contains("a hold has come since"), "{about}: {said}");
            assert_eq!(waiting(), 1, "{about}");
        }
    }
    hold("subject", "S2");
    let said = purge(&["--yes"]);
    assert_eq!(waiting(), 0, "{said}");
}

/// The list of a round waits until everything else of the round is decided.
#[cfg(unix)]
#[test]
fn an_applicant_list_goes_last() {
    let work = Workplace::new();
    round(&work);
    work.put(
        "hr/rekruttering/r1/sokerliste.csv",
        "Søkerliste;;\nSøkernummer;Navn;E-post\n1;Kari Nordmann;soker1@post.example\n\
         2;Ola Bakken;soker2@post.example\n",
    );
    let text = "Hei, jeg søker. Kari Nordmann, soker1@post.example\n";
    work.put("hr/rekruttering/r1/tilbud.txt", text);
    scan(&work);
    let planned = work.run(&["plan", "--output", "plan.json"]);
    assert_eq!(planned.status.code(), Some(0), "{}", stderr(&planned));
    let decide = |all: bool| {
        crate::closed_round::edit(&work, |line| {
            let is_list = line["class"] == "recruitment.applicant_list";
            if is_list || all {
                line["state"] = "approved".into();
                line["by"] = serde_json::json!({"name": "Kari HR"});
            }
        });
        let plan = std::fs::read_to_string(work.path().join("plan.json")).unwrap();
        let plan: Value = serde_json::from_str(&plan).unwrap();
        let lines = plan["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 2, "{plan}");
        // The list stands last in the plan, too.
        assert_eq!(lines[1]["class"], "recruitment.applicant_list");
        let applied = work.run(&["apply", "plan.json", "--yes"]);
        format!("{}{}", stdout(&applied), stderr(&applied))
    };
    let said = decide(false);
    assert!(
        said.contains("an applicant list goes last, and 1 lines"),
        "{said}"
    );
    assert!(
        work.share()
            .join("hr/rekruttering/r1/sokerliste.csv")
            .is_file()
    );
    let said = decide(true);
    assert!(said.contains("2 i karantene"), "{said}");
}
