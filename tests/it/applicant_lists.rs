//! Applicant lists as recruitment systems export them, and what doubt in them does to a plan.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::listed_round::{self, scan};
use crate::program::{Workplace, json, stderr, stdout};

const HEADER: &str = "Prosess;Avsluttet;Kandidatnr;Navn;E-post;Mobil;Utfall\n";

/// The folder of each employee, under an id of its own.
const PERSONNEL: &str = "[[zone]]\npath = \"hr/ansatte/{subject}/**\"\nrole = \"controller\"\npurpose = []\n\
    default_class = \"hr.personnel_file\"\n";

fn list(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn cv(name: &str, email: &str) -> String {
    format!(
        "Curriculum vitae\n\n{name}\nE-post: {email}\n\nArbeidserfaring\n2015–2020 Lager\n\nUtdanning\n\
         2012–2015 Videregående skole\n\nReferanser\nOppgis på forespørsel\n"
    )
}

fn plan(work: &Workplace, process: &str) -> Value {
    let output = work.run(&["plan", "--process", process]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    json(&output)
}

/// Objects of a plan with their kind, in its order.
fn lines<'p>(plan: &'p Value) -> Vec<(&'p str, &'p str)> {
    let lines = plan["lines"].as_array().unwrap().iter();
    let told = |line: &'p Value| Some((line["kind"].as_str()?, line["object"].as_str()?));
    lines.map(|line| told(line).unwrap()).collect()
}

fn add(work: &Workplace, list: impl AsRef<[u8]>, more: &[&str]) -> Output {
    fs::write(work.path().join("eksport.csv"), list).unwrap();
    work.run(&[&["round", "add", "eksport.csv"], more].concat())
}

const KARI: &str = "r1;01.03.2026;S1;Kari Nordmann;soker1@post.example;;avslag";
const INGRID: (&str, &str) = ("Ingrid Solheim", "soker3@post.example");

/// Has a file written on 20 November 2026: before the day of the settings, whatever day the tests run on.
fn written(file: &Path) {
    let then = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 20_777);
    let file = fs::File::options().write(true).open(file).unwrap();
    file.set_modified(then).unwrap();
}

/// A closed round with the papers of one who was turned down and of one more.
fn work_with(second: &str) -> Workplace {
    let work = Workplace::new();
    let place = "hr/rekruttering/r1";
    work.put(
        &format!("{place}/kari.txt"),
        cv("Kari Nordmann", "soker1@post.example"),
    );
    work.put(&format!("{place}/ingrid.txt"), cv(INGRID.0, INGRID.1));
    work.put(
        &format!("{place}/notat.txt"),
        "Intervjunotat\n\nKandidat: Ingrid Solheim\nAnbefales.\n",
    );
    work.put("felles/ny/cv.txt", cv(INGRID.0, INGRID.1));
    for file in ["kari.txt", "ingrid.txt", "notat.txt"] {
        written(&work.path().join("share").join(place).join(file));
    }
    listed_round::add(&work, &list(&[KARI]), PERSONNEL);
    let added = add(&work, list(&[KARI, second]), &[]);
    assert_eq!(added.status.code(), Some(3), "{}", stderr(&added));
    scan(&work);
    work
}

#[test]
fn nothing_of_somebody_whose_outcome_is_not_known_is_planned() {
    let second = "r1;01.03.2026;S3;Ingrid Solheim;soker3@post.example;;Sluttført";
    let work = work_with(second);
    let place = "hr/rekruttering/r1";
    let known = plan(&work, "r1");
    assert_eq!(
        lines(&known),
        [
            ("possible", "felles/ny/cv.txt"),
            ("possible", &format!("{place}/ingrid.txt")),
            ("file", &format!("{place}/kari.txt")),
            ("possible", &format!("{place}/notat.txt")),
        ]
    );
    let by = &known["lines"][1]["matched"]["by"];
    assert!(by.to_string().contains("outcome unknown"), "{by}");
    doubted(&work, &format!("{place}/ingrid.txt"));
    let told = stdout(&work.run(&["round", "list"]));
    assert!(
        told.contains("rejected 1, withdrawn 0, unknown 1"),
        "{told}"
    );
    // Said what the word means, all of it is due.
    let added = add(
        &work,
        list(&[KARI, second]),
        &["--outcome", "sluttført=rejected"],
    );
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    let files = plan(&work, "r1");
    assert!(
        lines(&files).iter().all(|(kind, _)| *kind == "file"),
        "{files:#}"
    );
    assert_eq!(lines(&files).len(), 4);
}

/// Reports look at it too, and say why.
fn doubted(work: &Workplace, object: &str) {
    let lines = stdout(&work.run(&["report", "jsonl", "--show-paths"]));
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let line = lines
        .into_iter()
        .find(|line: &Value| line["object"] == object);
    let judgement = &line.unwrap()["judgement"];
    assert_eq!(
        (&judgement["verdict"], &judgement["due"]),
        (&"review".into(), &Value::Null)
    );
    assert_eq!(judgement["retention"], "review");
    let why = judgement["review"].as_str().unwrap();
    assert!(
        why.contains("sier ikke om denne søkeren ble ansatt"),
        "{why}"
    );
}

#[test]
fn names_stand_beside_ids_where_they_are_asked_for_and_never_in_the_plan() {
    let work = work_with("r1;01.03.2026;S3;Ingrid Solheim;soker3@post.example;;Sluttført");
    let made = work.run(&["plan", "--process", "r1", "--output", "plan.json"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let page = |more: &[&str]| {
        let fixed = ["plan", "--of", "plan.json", "--format", "html"];
        stdout(&work.run(&[&fixed[..], more].concat()))
    };
    let with = page(&["--show-names", "--lang", "nn"]);
    for told in [
        "Ingrid Solheim (S3)",
        "mogleg, CV",
        "utfallet er ukjent",
        "datoen til dokumentet",
    ] {
        assert!(with.contains(told), "{told}: {with}");
    }
    let kept = fs::read_to_string(work.path().join("plan.json")).unwrap();
    for without in [page(&[]), kept] {
        assert!(!without.contains("Ingrid"), "{without}");
    }
}

#[test]
fn two_outcomes_of_one_applicant_are_none() {
    let hired = "r1;01.03.2026;S3;Ingrid Solheim;soker3@post.example;;ansatt";
    let rejected = "r1;01.03.2026;S4;I. Solheim;SOKER3@post.example;;avslag";
    let work = work_with(&format!("{hired}\n{rejected}"));
    let known = plan(&work, "r1");
    let files: Vec<_> = lines(&known)
        .into_iter()
        .filter(|(kind, _)| *kind != "possible")
        .collect();
    assert_eq!(files, [("file", "hr/rekruttering/r1/kari.txt")]);
}

#[test]
fn the_hired_persons_own_folder_is_no_task_and_what_only_she_bears_is_not_listed() {
    let work = Workplace::new();
    work.put(
        "hr/rekruttering/r1/kari.txt",
        cv("Kari Nordmann", "soker1@post.example"),
    );
    work.put("hr/ansatte/solheim/cv.txt", cv(INGRID.0, INGRID.1));
    work.put(
        "hr/ansatte/solheim/avtale.txt",
        "Arbeidsavtale\n\nArbeidstaker: Ingrid Solheim\nE-post: soker3@post.example\nLønn: 500 000\n",
    );
    work.put(
        "felles/referat.txt",
        "Møtereferat\nTil stede: Ingrid Solheim (drift)\n",
    );
    work.put(
        "felles/andre.txt",
        "Møtereferat\nTil stede: Kari Nordmann (drift)\n",
    );
    let hired = "r1;01.03.2026;S3;Ingrid Solheim;soker3@post.example;;ansatt";
    listed_round::add(&work, &list(&[KARI, hired]), PERSONNEL);
    scan(&work);
    let known = plan(&work, "r1");
    assert_eq!(
        lines(&known),
        [
            ("possible", "felles/andre.txt"),
            ("file", "hr/rekruttering/r1/kari.txt"),
        ]
    );
}

#[test]
fn a_copy_that_an_open_round_needs_stays_and_each_plan_lists_its_own_round() {
    let work = Workplace::new();
    work.put(
        "felles/ny/cv.txt",
        cv("Kari Nordmann", "soker1@post.example"),
    );
    work.put(
        "hr/rekruttering/r1/kari.txt",
        cv("Kari Nordmann", "soker1@post.example"),
    );
    work.put(
        "felles/referat.txt",
        "Møtereferat\nTil stede: Ola Bakken (drift)\n",
    );
    let again = "r2;;S9;Kari Nordmann;soker1@post.example;;avslag";
    let other = "r2;;S8;Ola Bakken;soker2@post.example;;avslag";
    listed_round::add(&work, &list(&[KARI, again, other]), "");
    scan(&work);
    assert_eq!(
        lines(&plan(&work, "r1")),
        [("file", "hr/rekruttering/r1/kari.txt")]
    );
    assert_eq!(
        lines(&plan(&work, "r2")),
        [("possible", "felles/referat.txt")]
    );
}

#[test]
fn an_address_of_the_organisation_ties_nothing_to_an_applicant() {
    let work = Workplace::new();
    let ours = "rekruttering@firma.example";
    work.put(
        "hr/rekruttering/r1/kari.txt",
        cv("Kari Nordmann", "soker1@post.example"),
    );
    work.put(
        "felles/ny/soknad.txt",
        format!(
            "Til: {ours}\nTelefon: 21 00 12 34\n\n{}",
            cv("Ola Bakken", "soker2@post.example")
        ),
    );
    let row = format!("r1;01.03.2026;S7;Per Lien;{ours};+47 21001234;avslag");
    let facts = format!("[facts]\nown_contacts = [\"{ours}\", \"21001234\"]\n");
    listed_round::add(&work, &list(&[KARI, &row]), &facts);
    scan(&work);
    assert_eq!(
        lines(&plan(&work, "r1")),
        [("file", "hr/rekruttering/r1/kari.txt")]
    );
}

#[test]
fn numbers_that_each_round_counts_from_one_are_told_apart() {
    let work = Workplace::new();
    let row = |process: &str, name: &str, email: &str, outcome: &str| {
        list(&[&format!("{process};01.03.2026;1;{name};{email};;{outcome}")])
    };
    for list in [
        row("r1", "Ingrid Solheim", "soker3@post.example", "ansatt"),
        row("r2", "Kari Nordmann", "soker1@post.example", "avslag"),
        row("r2", "Kari Nordmann", "soker1@post.example", "avslag"),
    ] {
        let added = add(&work, list, &[]);
        assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    }
    let rounds = fs::read_to_string(work.path().join("rounds.csv")).unwrap();
    let ids: Vec<&str> = rounds
        .lines()
        .filter_map(|row| row.split(',').nth(3))
        .collect();
    assert_eq!(ids, ["subject", "1", "r2-1"]);
}

#[test]
fn lists_are_read_in_the_encodings_that_spreadsheets_save_them_in() {
    let text = "Søkerliste, skrevet ut 20.04.2026\n\nNavn\tE-post\tSøknadsstatus\n\
                Åse Lie\tase@post.example\tIkke innkalt\n";
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    for bytes in [text.as_bytes().to_vec(), utf16, latin.into_owned()] {
        let work = Workplace::new();
        let added = add(&work, bytes, &["--process", "r1"]);
        assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
        let rounds = fs::read_to_string(work.path().join("rounds.csv")).unwrap();
        assert!(rounds.contains(",Åse Lie,ase@post.example,"), "{rounds}");
    }
    let work = Workplace::new();
    let added = add(&work, [0xD0, 0xCF, 0x11, 0xE0, 0, 0], &["--process", "r1"]);
    assert_eq!(added.status.code(), Some(2));
    assert!(stderr(&added).contains("save it as xlsx or CSV"));
}
