//! Makes an inventory to measure reports over:
//! `cargo run --release --example report_load -- FOLDER [OBJECTS] [FINDINGS]`.
//!
//! A million objects in some three thousand folders and a hundred thousand findings, unless told
//! otherwise; a file in a hundred could not be read. Paths are made to fit the site file of the
//! fixtures, so that rules have something to judge. Nothing in it is a value.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use std::error::Error;
use std::path::PathBuf;

use sporhund::inventory::{Inventory, RunEnd, RunInfo};
use sporhund::model::{
    Category, ClassGuess, Confidence, Distinct, EvidenceSet, FileStat, Finding, Kind, ObjectPath,
    Outcome, Problem, ProblemKind, Record, Stage,
};

/// Kinds as the detectors declare them.
static KINDS: [Kind; 4] = [
    kind("name", "name", Category::Contact),
    kind("email", "personal", Category::Contact),
    kind("fodselsnummer", "fodselsnummer", Category::Identifier),
    kind("special-category", "health", Category::Special),
];

/// Places of the site file, the class that lies there, and how many of a hundred files do.
const PLACES: [(&str, &str, u64); 6] = [
    (
        "hr/rekruttering/2026-01-utvikler/kandidater",
        "recruitment.cv",
        20,
    ),
    ("kurs/2026-05-mva", "course.registration_list", 10),
    ("regnskap/bilag", "accounting.voucher", 30),
    ("support", "support.ticket", 15),
    ("gammel-disk", "unknown", 15),
    ("felles", "unknown", 10),
];

const fn kind(detector: &'static str, kind: &'static str, category: Category) -> Kind {
    Kind {
        detector,
        kind,
        category,
        digested: false,
        precedence: 0,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder: PathBuf = arguments.next().ok_or("which folder?")?.into();
    let objects: u64 = arguments.next().map_or(Ok(1_000_000), |n| n.parse())?;
    let findings: u64 = arguments.next().map_or(Ok(100_000), |n| n.parse())?;
    let path = folder.join("sporhund.db");
    let mut writer = Inventory::create_or_open(&path, 1)?.writer()?;
    writer.begin_run(&RunInfo {
        started: 1_764_547_200,
        roots: vec![(
            String::new(),
            folder.as_os_str().as_encoded_bytes().to_vec(),
        )],
        fingerprint: String::new(),
        places: String::new(),
        settings: String::new(),
        rules_hash: None,
    })?;
    let every = objects / findings.max(1);
    for object in 0..objects {
        writer.file(&[record(object, object.is_multiple_of(every.max(1)))])?;
    }
    writer.finish_run(RunEnd::Finished, 1_764_547_260, &[""])?;
    println!("{} objects in {}", objects, path.display());
    Ok(())
}

fn record(object: u64, found: bool) -> Record {
    let mut share = object % 100;
    let place = PLACES
        .iter()
        .find(|(_, _, of)| match share.checked_sub(*of) {
            Some(rest) => {
                share = rest;
                false
            }
            None => true,
        });
    let (place, class, _) = place.unwrap_or(&PLACES[0]);
    let name = format!(
        "{place}/mappe-{:04}/dokument-{object:07}.docx",
        object / 2000
    );
    let outcome = if object % 100 == 99 {
        Outcome::Failed(Problem::new(ProblemKind::Encrypted, Stage::Extract))
    } else {
        Outcome::Scanned
    };
    let bytes = 4_000 + object * 7919 % 900_000;
    let mut record = Record::unread(ObjectPath::file("".into(), name.as_bytes()), outcome, bytes);
    record.format = Some("docx");
    record.class = Some(ClassGuess {
        id: (*class).to_owned(),
        certainty: 0.9,
    });
    record.stat = Some(stat(object, bytes));
    if found {
        let kind = usize::try_from(object / 10 % 4).map_or(&KINDS[0], |at| &KINDS[at]);
        record.findings = vec![finding(kind, 1 + object % 9)];
    }
    record
}

fn stat(object: u64, bytes: u64) -> FileStat {
    let day = i64::try_from(object % 2000).unwrap_or_default();
    FileStat {
        bytes,
        mtime_ns: (1_590_000_000 + day * 86_400) * 1_000_000_000,
        ctime_ns: 0,
        device: 1,
        inode: object + 1,
        mode: if object.is_multiple_of(3) {
            0o644
        } else {
            0o640
        },
        uid: 1000 + u32::try_from(object / 2000 % 40).unwrap_or_default(),
        gid: 100,
        links: 1,
    }
}

fn finding(kind: &'static Kind, count: u64) -> Finding {
    Finding {
        kind,
        confidence: Confidence::High,
        count,
        distinct: Distinct {
            count,
            estimated: false,
        },
        samples: Vec::new(),
        reasons: EvidenceSet::EMPTY,
    }
}
