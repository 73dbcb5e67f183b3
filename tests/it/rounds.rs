//! A hiring round cleaned up: a list of 60 applicants, and copies of their papers in all sorts of
//! places. What must go is found; what is another person's, a namesake's or the hired one's is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;

use lopdf::Document;
use serde_json::Value;

use crate::listed_round;
use crate::pdf_pages;
use crate::program::{Workplace, stderr, stdout};

const APPLICANTS: usize = 60;

const FIRST: [&str; 10] = [
    "Kari", "Ola", "Ingrid", "Lars", "Solveig", "Tobias", "Astrid", "Henrik", "Marit", "Sindre",
];
const LAST: [&str; 6] = ["Nordmann", "Bakken", "Solheim", "Lien", "Haugen", "Dahle"];

/// What the generator knows of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    /// A copy of the papers of this applicant, who was not hired.
    Copy(usize),
    /// Papers of the one who was hired.
    Hired,
    /// A copy from which name, addresses and dates were cut: its words alone are this applicant's.
    Cut(usize),
    /// Somebody else's.
    Other,
}

#[derive(Default)]
pub(crate) struct Round {
    /// By the path of the object, members included.
    pub(crate) truth: BTreeMap<String, Truth>,
    list: String,
}

pub(crate) const HIRED: usize = 7;

fn name(n: usize) -> String {
    format!("{} {}", FIRST[n % 10], LAST[n / 10])
}

pub(crate) fn email(n: usize) -> String {
    format!("soker{n:02}@post.example")
}

const WORDS: [&str; 48] = [
    "lager",
    "budsjett",
    "butikk",
    "kraftverk",
    "skole",
    "verksted",
    "havn",
    "bibliotek",
    "fjøs",
    "apotek",
    "renhold",
    "regnskap",
    "kantine",
    "kartlegging",
    "opplæring",
    "innkjøp",
    "transport",
    "vedlikehold",
    "måling",
    "montering",
    "veiledning",
    "arkivering",
    "planlegging",
    "kontroll",
    "produksjon",
    "testing",
    "rapporter",
    "maskiner",
    "bestillinger",
    "vaktlister",
    "kurs",
    "prosjekter",
    "nettsider",
    "databaser",
    "anbud",
    "kunder",
    "leveranser",
    "tegninger",
    "byggeplass",
    "verneombud",
    "sesong",
    "sommerjobb",
    "forening",
    "styreverv",
    "dugnad",
    "turledelse",
    "korps",
    "redaksjon",
];

/// What somebody has done in their life, in a form that all fill in with words of their own.
fn story(n: usize) -> String {
    let mut seed = n as u64 + 1;
    let mut word = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        WORDS[usize::try_from(seed >> 33).unwrap() % WORDS.len()]
    };
    (0..12).fold(String::new(), |mut all, _| {
        writeln!(
            all,
            "Arbeid med {} {} {}, ansvar for {}.",
            word(),
            word(),
            word(),
            word()
        )
        .unwrap();
        all
    })
}

fn cv(n: usize) -> String {
    told(n, &story(n))
}

fn told(n: usize, story: &str) -> String {
    format!(
        "Curriculum vitae\n\nNavn: {}\nE-post: {}\nFødselsdato: {:02}.{:02}.19{}\n\nUtdanning\n\
         Bachelor i informatikk, referanse ref{n:02}a@skole.example\n\nArbeidserfaring\n\
         Utvikler 2015-2020, leder ref{n:02}b@firma.example\n\
         Konsulent 2020-2025, leder ref{n:02}c@firma.example\n{story}\nSpråk: norsk, engelsk\n",
        name(n),
        email(n),
        n % 28 + 1,
        n % 12 + 1,
        70 + n % 25
    )
}

fn application(n: usize) -> String {
    format!(
        "Søknad på stilling som utvikler\n\nJeg søker herved på stillingen som utvikler hos dere. \
         Vedlagt følger CV og attester.\n\nMed vennlig hilsen\n{}\nE-post: {}\n",
        name(n),
        email(n)
    )
}

/// A part of the CV was cut, and a note added.
fn edited(n: usize) -> String {
    let cv = cv(n).replace("Konsulent 2020-2025, ", "Konsulent, ");
    format!("{cv}\nNotat: ring tilbake etter intervjuet\n")
}

/// What is left of a CV where everything that names somebody was cut.
fn cut(n: usize) -> String {
    format!(
        "Curriculum vitae\n\nUtdanning\nBachelor i informatikk\n\nArbeidserfaring\n{}\nSpråk: norsk, engelsk\n",
        story(n)
    )
}

fn pdf(text: &str) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let pages = vec![(
        pdf_pages::font(&mut document),
        pdf_pages::lines(text.lines()),
    )];
    pdf_pages::bytes(pdf_pages::with_pages(document, pages))
}

fn docx(text: &str) -> Vec<u8> {
    let paragraphs: String = text.lines().fold(String::new(), |mut all, line| {
        write!(all, "<w:p><w:r><w:t>{line}</w:t></w:r></w:p>").unwrap();
        all
    });
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/\
         wordprocessingml/2006/main\"><w:body>{paragraphs}</w:body></w:document>"
    );
    let types = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/\
         package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/\
         vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

fn html(text: &str) -> String {
    let lines = text.lines().fold(String::new(), |mut all, line| {
        writeln!(all, "<p>{line}</p>").unwrap();
        all
    });
    format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{lines}</body></html>")
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn message(n: usize, text: &str) -> String {
    format!(
        "From sender Mon Jan 12 10:00:00 2026\nFrom: {} <{}>\nTo: rekruttering@firma.example\n\
         Subject: =?utf-8?q?S=C3=B8knad?=\nDate: Mon, 12 Jan 2026 10:00:00 +0100\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n\n{text}\n",
        name(n),
        email(n)
    )
}

impl Round {
    fn put(&mut self, work: &Workplace, path: &str, bytes: impl AsRef<[u8]>, truth: Truth) {
        work.put(path, bytes);
        self.truth.insert(path.to_owned(), truth);
    }

    fn truth_of(n: usize) -> Truth {
        if n == HIRED {
            Truth::Hired
        } else {
            Truth::Copy(n)
        }
    }
}

/// The round with everything that lies about.
fn generate(work: &Workplace) -> Round {
    let mut round = Round {
        list: "Prosess;Tittel;Avsluttet;Kandidat-ID;Navn;E-post;Fødselsdato;Utfall;Samtykke til\n"
            .to_owned(),
        ..Round::default()
    };
    for n in 0..APPLICANTS {
        let outcome = match n {
            HIRED => "ansatt",
            n if n % 9 == 0 => "intervjuet",
            _ => "avslag",
        };
        let (name, email) = (name(n), email(n));
        writeln!(
            round.list,
            "r1;Utvikler;01.03.2026;S{n:02};{name};{email};;{outcome};"
        )
        .unwrap();
        papers(work, &mut round, n);
    }
    mail_and_archives(work, &mut round);
    others(work, &mut round);
    round
}

/// The papers of one applicant in the round's folder, and copies of them elsewhere.
fn papers(work: &Workplace, round: &mut Round, n: usize) {
    let truth = Round::truth_of(n);
    let mut put = |path: &str, bytes: Vec<u8>| round.put(work, path, bytes, truth);
    let folder = format!("hr/rekruttering/r1/{:02}", n % 4);
    put(&format!("{folder}/cv_{n:02}.docx"), docx(&cv(n)));
    put(
        &format!("{folder}/soknad_{n:02}.txt"),
        application(n).into(),
    );
    // More folders: renamed, converted, partly edited, the same bytes.
    match n % 5 {
        0 => put(&format!("felles/nedlastinger/dok{n}.docx"), docx(&cv(n))),
        1 => put(&format!("felles/skann/{n}.html"), html(&cv(n)).into()),
        2 => put(&format!("prosjekt/diverse/utkast{n}.txt"), edited(n).into()),
        3 => put(&format!("gammelt/kopi av {n}.txt"), application(n).into()),
        _ => put(&format!("felles/utskrift/{n}.txt"), cv(n).into()),
    }
    if n.is_multiple_of(6) {
        put(&format!("felles/utskrift/{n}.pdf"), pdf(&cv(n)));
    }
    if n % 3 == 1 && n != HIRED {
        let path = format!("prosjekt/mal/eksempel {n}.txt");
        round.put(work, &path, cut(n), Truth::Cut(n));
    }
}

fn mail_and_archives(work: &Workplace, round: &mut Round) {
    for (box_number, range) in [(1, 10..20), (2, 20..30), (3, 0..10)] {
        let mut mbox = String::new();
        let path = format!("post/arkiv{box_number}.mbox");
        for (at, n) in range.enumerate() {
            mbox.push_str(&message(n, &application(n)));
            let member = format!("{path}!/message-{:06}.eml", at + 1);
            round.truth.insert(member, Round::truth_of(n));
        }
        mbox.push_str(
            "From other Mon Jan 12 10:00:00 2026\nFrom: Per Vik <per.vik@kunde.example>\n\
             To: post@firma.example\nSubject: Faktura\nDate: Mon, 12 Jan 2026 10:00:00 +0100\n\n\
             Hei, kan dere sende fakturaen igjen? Mvh Per Vik\n",
        );
        round
            .truth
            .insert(format!("{path}!/message-000011.eml"), Truth::Other);
        work.put(&path, mbox);
    }
    for (archive, range) in [("alle.zip", 30..40), ("med_ansatt.zip", 5..10)] {
        let path = format!("felles/nedlastinger/{archive}");
        let texts: Vec<(String, String)> = range
            .clone()
            .map(|n| (format!("cv{n:02}.txt"), cv(n)))
            .collect();
        let members: Vec<(&str, &[u8])> = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_bytes()))
            .collect();
        work.put(&path, zip(&members));
        for (n, (member, _)) in range.zip(&texts) {
            round
                .truth
                .insert(format!("{path}!/{member}"), Round::truth_of(n));
        }
    }
}

/// Namesakes, an employee's folder with the hired one's papers, and strangers.
fn others(work: &Workplace, round: &mut Round) {
    for n in [1, 4, 12, 25, 33, 58] {
        let namesake = told(n, &story(n + 1000))
            .replace(&email(n), &format!("navnebror{n}@annet.example"))
            .replace(&format!("ref{n:02}"), &format!("annen{n:02}"));
        round.put(
            work,
            &format!("hr/rekruttering/r2/{n}/cv.txt"),
            &namesake,
            Truth::Other,
        );
        round.put(
            work,
            &format!("felles/nedlastinger/annen {n}.txt"),
            namesake,
            Truth::Other,
        );
        let letter = format!(
            "Referat fra møte med kunden. Til stede: {} og Per Vik.\n",
            name(n)
        );
        round.put(
            work,
            &format!("prosjekt/referat {n}.txt"),
            letter,
            Truth::Other,
        );
    }
    round.put(work, "hr/ansatte/cv.docx", docx(&cv(HIRED)), Truth::Hired);
    round.put(
        work,
        "felles/nedlastinger/arbeidsavtale.txt",
        format!(
            "Arbeidsavtale mellom Firma AS og {}, e-post {}.\nStillingen er fast.\n",
            name(HIRED),
            email(HIRED)
        ),
        Truth::Hired,
    );
    for n in 0..20 {
        let letter = format!(
            "Curriculum vitae\nNavn: Siv Berg\nE-post: stranger{n}@annet.example\n\nUtdanning\n\
             Arbeidserfaring\nSelger 2010-2020\n"
        );
        round.put(
            work,
            &format!("felles/skann/ukjent{n}.txt"),
            letter,
            Truth::Other,
        );
    }
}

/// The round, with its list, scanned.
pub(crate) fn prepare(work: &Workplace) -> Round {
    let round = generate(work);
    let zones = "[[zone]]\npath = \"hr/ansatte/**\"\nrole = \"controller\"\npurpose = []\n\
        default_class = \"hr.personnel_file\"\n";
    listed_round::add(work, &round.list, zones);
    let scanned = work.run(&["scan", "share", "-q"]);
    assert_eq!(scanned.status.code(), Some(0), "{}", stderr(&scanned));
    round
}

#[test]
fn a_round_is_found_wherever_it_lies_and_nothing_else_is_planned() {
    let work = Workplace::new();
    let round = prepare(&work);
    let output = work.run(&["plan", "--process", "r1", "--output", "plan.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = std::fs::read_to_string(work.path().join("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    let mut planned = BTreeSet::new();
    let mut possible = BTreeSet::new();
    for line in plan["lines"].as_array().unwrap() {
        let object = line["object"].as_str().unwrap().to_owned();
        if line["kind"] == "possible" {
            possible.insert(object);
            continue;
        }
        for also in line["also"].as_array().unwrap() {
            planned.insert(also["object"].as_str().unwrap().to_owned());
        }
        planned.insert(object);
    }
    let with = |truth: fn(&Truth) -> bool| {
        let of = round.truth.iter().filter(move |(_, is)| truth(is));
        of.map(|(path, _)| path.clone()).collect::<BTreeSet<_>>()
    };
    let copies = with(|truth| matches!(truth, Truth::Copy(_)));
    let missed: Vec<_> = copies.difference(&planned).collect();
    let wrong: Vec<_> = with(|truth| !matches!(truth, Truth::Copy(_)))
        .intersection(&planned)
        .cloned()
        .collect();
    println!(
        "copies {}, missed {}, wrong {}, possible {}",
        copies.len(),
        missed.len(),
        wrong.len(),
        possible.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        missed.len() * 100 <= copies.len(),
        "{} of {}: {missed:#?}",
        missed.len(),
        copies.len()
    );
    worded(&round, &plan);
    // A name alone is listed apart.
    assert!(possible.contains("prosjekt/referat 1.txt"), "{possible:?}");
    // The values of the list are nowhere in the plan.
    assert!(!text.contains("@post.example"));
    let folded = plan["lines"].as_array().unwrap().iter();
    let folded = folded
        .filter(|line| line["matched"]["copy_of"].is_string())
        .count();
    assert!(folded > 40, "{folded} are told to be copies of another");
}

/// Copies that hold nothing of anybody but words are listed as possible, with the right document and how
/// alike it is.
fn worded(round: &Round, plan: &Value) {
    let mut found = 0;
    for line in plan["lines"].as_array().unwrap() {
        let object = line["object"].as_str().unwrap();
        let by = line["matched"]["by"].to_string();
        match round.truth.get(object) {
            Some(Truth::Cut(n)) => {
                assert_eq!(line["kind"], "possible");
                let like = line["matched"]["copy_of"].as_str().unwrap();
                assert_eq!(
                    round.truth.get(like),
                    Some(&Truth::Copy(*n)),
                    "{object} {like}"
                );
                found += 1;
            }
            Some(Truth::Other) => assert!(!by.contains("alike"), "{object}: {by}"),
            _ => {}
        }
    }
    let cut = round
        .truth
        .values()
        .filter(|truth| matches!(truth, Truth::Cut(_)));
    let cut = cut.count();
    println!("cut copies {cut}, listed with their document {found}");
    // The digest key decides how exact a sketch is.
    assert!(found * 100 >= cut * 70, "{found} of {cut}");
}

#[test]
fn the_hired_person_is_safe_under_another_id_too() {
    let work = Workplace::new();
    for (id, n) in [("cand-1", 1), ("cand-7", HIRED)] {
        work.put(&format!("hr/rekruttering/r1/kandidater/{id}/cv.txt"), cv(n));
        work.put(
            &format!("hr/rekruttering/r1/kandidater/{id}/attest.txt"),
            format!(
                "Attest\nVi bekrefter at {} har arbeidet hos oss.\n",
                FIRST[n % 10]
            ),
        );
    }
    std::fs::write(
        work.path().join("site.toml"),
        "schema = 1\nrules = [\"poweroffice-2024\"]\nevents = [\"events.csv\"]\n\
         [[zone]]\npath = \"hr/rekruttering/*/kandidater/{subject}/**\"\nrole = \"controller\"\n\
         purpose = [\"recruitment\"]\nprocess_from_path = \"hr/rekruttering/{process}/**\"\n\
         default_class = \"recruitment.correspondence\"\n",
    )
    .unwrap();
    std::fs::write(
        work.path().join("sporhund.toml"),
        "as_of = 2026-11-30\nsite = \"site.toml\"\n",
    )
    .unwrap();
    std::fs::write(
        work.path().join("liste.csv"),
        format!(
            "navn,epost,utfall\n{},{},avslag\n{},{},ansatt\n",
            name(1),
            email(1),
            name(HIRED),
            email(HIRED)
        ),
    )
    .unwrap();
    let added = work.run(&[
        "round",
        "add",
        "liste.csv",
        "--process",
        "r1",
        "--closed-on",
        "2026-03-01",
    ]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    work.run(&["scan", "share", "-q"]);
    let output = work.run(&["plan"]);
    let plan: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let lines = plan["lines"].as_array().unwrap();
    let files = lines.iter().filter(|line| line["kind"] == "file");
    let files: Vec<&str> = files.map(|line| line["object"].as_str().unwrap()).collect();
    assert!(
        files.contains(&"hr/rekruttering/r1/kandidater/cand-1/cv.txt"),
        "{files:?}"
    );
    assert!(
        files.iter().all(|file| !file.contains("cand-7")),
        "{files:?}"
    );
}

#[test]
fn rounds_are_listed_closed_and_forgotten_without_a_name_on_the_screen() {
    let work = Workplace::new();
    std::fs::write(
        work.path().join("liste.csv"),
        "Navn;E-post;Utfall\nKari Nordmann;kari@post.example;avslag\n\
        Ola Nordmann;ola@post.example;ansatt\nPer Vik;per@post.example;kanskje\n",
    )
    .unwrap();
    let added = work.run(&[
        "round",
        "add",
        "liste.csv",
        "--process",
        "r9",
        "--title",
        "Utvikler",
    ]);
    assert_eq!(added.status.code(), Some(3), "a row does not count");
    assert!(stderr(&added).contains("line 4"), "{}", stderr(&added));
    let again = work.run(&[
        "round",
        "add",
        "liste.csv",
        "--process",
        "r9",
        "--title",
        "Utvikler",
    ]);
    assert!(
        stderr(&again).contains("0 events written"),
        "{}",
        stderr(&again)
    );
    let closed = work.run(&["round", "close", "r9", "--on", "2026-03-01"]);
    assert_eq!(closed.status.code(), Some(0), "{}", stderr(&closed));
    let listed = stdout(&work.run(&["round", "list"]));
    assert!(
        listed.contains("r9  Utvikler  closed 2026-03-01  hired 1, interviewed 0, rejected 1"),
        "{listed}"
    );
    let events = std::fs::read_to_string(work.path().join("events.csv")).unwrap();
    assert!(
        events.contains("hiring_round_closed,2026-03-01"),
        "{events}"
    );
    assert!(events.contains("candidate_hired"), "{events}");
    for said in [&added, &again, &closed] {
        assert!(!stderr(said).contains("Nordmann") && !stdout(said).contains("Nordmann"));
    }
    assert!(!events.contains("Nordmann") && !listed.contains("Nordmann"));
    let bad = work.run(&["round", "add", "events.csv", "--process", "r9"]);
    assert_eq!(bad.status.code(), Some(2));
    assert_eq!(work.run(&["round", "forget", "r9"]).status.code(), Some(0));
    assert_eq!(stdout(&work.run(&["round", "list"])), "");
    let rounds = std::fs::read_to_string(work.path().join("rounds.csv")).unwrap();
    assert!(!rounds.contains("Nordmann"));
}

/// Fills in cells of a workbook that the program wrote, as a person does in a spreadsheet, and gives the
/// result as a table that can be read back.
fn filled_in(work: &Workplace, name: &str, fill: impl Fn(usize, &mut Vec<String>)) {
    use calamine::Reader as _;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(work.path().join(name)).unwrap();
    let range = book.worksheet_range("plan").unwrap();
    let mut out = rust_xlsxwriter::Workbook::new();
    let sheet = out.add_worksheet();
    for (at, row) in range.rows().enumerate() {
        let mut cells: Vec<String> = row.iter().map(shown).collect();
        if at > 0 {
            fill(at, &mut cells);
        }
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (u32::try_from(at).unwrap(), u16::try_from(column).unwrap());
            // A spreadsheet takes a day that is typed as a date.
            if cell.parse::<jiff::civil::Date>().is_ok() {
                let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell).unwrap();
                let format = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
                sheet
                    .write_datetime_with_format(row, column, day, &format)
                    .unwrap();
            } else {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    out.save(work.path().join("svar.xlsx")).unwrap();
}

/// A cell's text; days, which are dates there, as `2026-08-27`.
fn shown(cell: &calamine::Data) -> String {
    let calamine::Data::DateTime(day) = cell else {
        return cell.to_string();
    };
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

#[test]
fn decisions_go_out_in_a_workbook_and_come_back() {
    let work = Workplace::new();
    for n in 0..4 {
        work.put(&format!("hr/rekruttering/r1/cv{n}.txt"), cv(n));
    }
    prepare_small(&work);
    let planned = work.run(&["plan", "--approvals", "2", "--output", "plan.json"]);
    assert_eq!(planned.status.code(), Some(0), "{}", stderr(&planned));
    let sheet = [
        "plan",
        "--of",
        "plan.json",
        "--format",
        "xlsx",
        "--output",
        "plan.xlsx",
    ];
    assert_eq!(work.run(&sheet).status.code(), Some(0));
    // As text, and as a date of the spreadsheet.
    for until in ["01.01.2027", "2027-01-01"] {
        decided(&work, until);
        as_decided(&work);
    }
    the_second_person(&work);
}

/// Fills in a decision for each line, and reads them back.
fn decided(work: &Workplace, until: &str) {
    filled_in(work, "plan.xlsx", |at, cells| match at {
        1 => {
            assert!(cells[12].ends_with("+ 6\u{A0}måneder"), "{}", cells[12]);
            assert!(cells[14].contains("personlig e-post × "), "{}", cells[14]);
            assert_eq!(cells[9], "fil, CV");
            assert_eq!(cells[10], "2026-09-01");
            (cells[1], cells[4]) = ("godkjent".into(), "Kari HR".into());
        }
        2 => cells[1] = "godkjent".into(),
        3 => {
            cells[1] = "unntatt".into();
            (cells[2], cells[3], cells[4]) = ("klagesak".into(), until.into(), "Kari HR".into());
        }
        _ => cells[1] = "kanskje".into(),
    });
    let read = [
        "plan",
        "--of",
        "plan.json",
        "--read",
        "svar.xlsx",
        "--output",
        "ja.json",
    ];
    let first = work.run(&read);
    assert_eq!(first.status.code(), Some(3), "two rows are refused");
    for word in [
        "approved by nobody",
        "none of those offered",
        "2 linjer avgjort",
    ] {
        assert!(stderr(&first).contains(word), "{word}: {}", stderr(&first));
    }
}

fn as_decided(work: &Workplace) {
    let text = std::fs::read_to_string(work.path().join("ja.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    let states: Vec<&Value> = plan["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["state"])
        .collect();
    let count = |state: &str| states.iter().filter(|is| **is == state).count();
    assert_eq!(
        (count("approved"), count("exempted"), count("open")),
        (1, 1, 2)
    );
    let approved = plan["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["state"] == "approved");
    let exempted = plan["lines"].as_array().unwrap().iter();
    let mut exempted = exempted.filter(|line| line["state"] == "exempted");
    assert_eq!(exempted.next().unwrap()["until"], "2027-01-01");
    let by = &approved.unwrap()["by"];
    assert_eq!(by["name"], "Kari HR");
    assert!(by["account"].as_str().unwrap().contains("uid"), "{by}");
}

fn the_second_person(work: &Workplace) {
    // The second person's approval under the same account is not a second person's.
    filled_in(work, "plan.xlsx", |at, cells| {
        if at == 1 {
            (cells[1], cells[5]) = ("godkjent".into(), "Ola DPO".into());
        }
    });
    let second = [
        "plan",
        "--of",
        "ja.json",
        "--read",
        "svar.xlsx",
        "--second",
        "--output",
        "to.json",
    ];
    assert_eq!(work.run(&second).status.code(), Some(0));
    let applied = work.run(&["apply", "to.json"]);
    assert!(
        stdout(&applied).contains("same person"),
        "{}",
        stdout(&applied)
    );
    // A workbook of another plan is not read.
    let other = work.run(&["plan", "--within", "P1D", "--output", "annen.json"]);
    assert_eq!(other.status.code(), Some(0));
    let wrong = work.run(&["plan", "--of", "annen.json", "--read", "svar.xlsx"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        stderr(&wrong).contains("another plan"),
        "{}",
        stderr(&wrong)
    );
}

fn prepare_small(work: &Workplace) {
    std::fs::write(
        work.path().join("site.toml"),
        "schema = 1\nrules = [\"poweroffice-2024\"]\nevents = [\"events.csv\"]\n\
         [[zone]]\npath = \"hr/rekruttering/**\"\nrole = \"controller\"\nowner = \"HR & <lønn>\"\n\
         purpose = [\"recruitment\"]\nprocess_from_path = \"hr/rekruttering/{process}/**\"\n\
         default_class = \"recruitment.correspondence\"\n",
    )
    .unwrap();
    std::fs::write(
        work.path().join("sporhund.toml"),
        "as_of = 2026-11-30\nsite = \"site.toml\"\n",
    )
    .unwrap();
    assert_eq!(
        work.run(&["round", "close", "r1", "--on", "2026-03-01"])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(work.run(&["scan", "share", "-q"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn page_calendar_and_hook_tell_what_is_due() {
    use std::os::unix::fs::PermissionsExt as _;
    let work = Workplace::new();
    work.put("hr/rekruttering/r1/cv.txt", cv(3));
    prepare_small(&work);
    let page = stdout(&work.run(&["plan", "--format", "html"]));
    assert!(page.contains("Eier: HR &amp; &lt;lønn&gt;"), "{page}");
    assert!(page.contains("hr/rekruttering/r1/cv.txt") && page.contains("hiring_round_closed"));
    assert!(!page.contains("@post.example") && !page.contains("<script"));
    let calendar = stdout(&work.run(&["plan", "--format", "ics"]));
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(
        calendar.contains("DTSTART;VALUE=DATE:20260901"),
        "{calendar}"
    );
    assert!(!calendar.contains("cv.txt"));
    let hook = work.path().join("hook.sh");
    std::fs::write(&hook, "#!/bin/sh\ncat > told.json\n").unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o700)).unwrap();
    let output = work.run(&[
        "plan",
        "--within",
        "P30D",
        "--output",
        "p.json",
        "--hook",
        "./hook.sh",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told: Value =
        serde_json::from_str(&std::fs::read_to_string(work.path().join("told.json")).unwrap())
            .unwrap();
    assert_eq!(
        (&told["due"], &told["first_due"]),
        (&1.into(), &"2026-09-01".into())
    );
    assert!(!told.to_string().contains("cv"));
}
