//! Measures the way from an identifier to the objects that hold it, over an inventory that is made
//! for it: `cargo run --release --example subject_index -- [OBJECTS] [IDENTIFIERS-EACH] [FOLDER]`.
//!
//! A million objects with twenty identifiers each, every one different, unless told otherwise. It
//! prints what the digests and the buckets cost, and how long single requests take, and removes what
//! it made. Nothing in it is a value: digests are numbers that follow from a seed.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]
#![expect(clippy::expect_used, reason = "the four detectors are there")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use sporhund::inventory::{Inventory, RunEnd, RunInfo};
use sporhund::model::{Confidence, Distinct, EvidenceSet, Finding, ObjectPath, Outcome, Record};

/// A number of the generator `SplitMix64` (Steele, Lea and Flood 2014).
fn digest(n: u64) -> u64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const DETECTORS: [&str; 4] = ["email", "fodselsnummer", "name", "phone"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let objects: u64 = arguments.next().map_or(Ok(1_000_000), |n| n.parse())?;
    let each: u64 = arguments.next().map_or(Ok(20), |n| n.parse())?;
    let folder = arguments.next().map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder)?;
    let path = folder.path().join("sporhund.db");
    make(&path, objects, each)?;
    cost(&path, objects * each)?;
    ask(&path, objects, each)
}

/// Which identifier stands at a place of an object; object `n` shares none with the others, except
/// that every thousandth holds the first identifier of object 0 too.
fn identifier(object: u64, at: u64, each: u64) -> u64 {
    if at == 0 && object.is_multiple_of(1000) {
        return digest(0);
    }
    digest(object * each + at)
}

/// What a detector found, without samples.
fn finding(detector: &str, count: u64) -> Finding {
    let known = sporhund::detect::detectors().iter();
    let mut kinds = known.filter_map(|known| known.info().kinds.first());
    let kind = kinds.find(|kind| kind.detector == detector);
    Finding {
        kind: kind.expect("a detector of that id"),
        confidence: Confidence::Medium,
        count,
        distinct: Distinct {
            count,
            estimated: false,
        },
        samples: Vec::new(),
        reasons: EvidenceSet::EMPTY,
    }
}

fn make(path: &Path, objects: u64, each: u64) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let mut writer = Inventory::create_or_open(path, 1)?.writer()?;
    writer.begin_run(&RunInfo {
        started: 1,
        roots: vec![(String::new(), b"/share".to_vec())],
        fingerprint: String::new(),
        places: String::new(),
        settings: String::new(),
        rules_hash: None,
    })?;
    for object in 0..objects {
        let name = format!("folder{}/file{object}.txt", object / 500);
        let mut record = Record::unread(
            ObjectPath::file("".into(), name.as_bytes()),
            Outcome::Scanned,
            1000,
        );
        for (nth, detector) in (0_u64..).zip(DETECTORS) {
            let own = (0..each).filter(|at| at % 4 == nth);
            let digests: Vec<u64> = own.map(|at| identifier(object, at, each)).collect();
            record
                .findings
                .push(finding(detector, digests.len() as u64));
            record.digests.push((detector, digests.into()));
        }
        writer.file(&[record])?;
    }
    println!("made in {:.0?}", begun.elapsed());
    let ended = Instant::now();
    writer.finish_run(RunEnd::Finished, 2, &[""])?;
    println!("run ended, buckets made, in {:.1?}", ended.elapsed());
    Ok(())
}

/// Bytes of the pages that each table takes.
fn cost(path: &Path, entries: u64) -> Result<(), Box<dyn Error>> {
    let connection = Connection::open(path)?;
    let mut whole = 0.0;
    for table in ["digest", "bucket"] {
        let bytes = "SELECT sum(pgsize) FROM dbstat WHERE name = ?1";
        let bytes: f64 = connection.query_row(bytes, [table], |row| row.get(0))?;
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let each = bytes / entries as f64;
        println!("{table:7} {bytes:12} bytes, {each:.2} for each identifier and object");
        whole += each;
    }
    println!("both    {whole:.2} for each identifier and object, of {entries}");
    Ok(())
}

fn ask(path: &Path, objects: u64, each: u64) -> Result<(), Box<dyn Error>> {
    let opened = Instant::now();
    let reader = Inventory::open_read_only(path)?;
    println!("opened in {:.1?}", opened.elapsed());
    for (what, object) in [
        ("in every thousandth object", 0),
        ("in one object", objects / 2 + 1),
    ] {
        let begun = Instant::now();
        for (at, detector) in (0_u64..).zip(DETECTORS) {
            let found = reader.objects_with(detector, identifier(object, at, each))?;
            println!(
                "{detector} {what}: {} found, {:.1?}",
                found.len(),
                begun.elapsed()
            );
        }
    }
    let begun = Instant::now();
    let found = reader.objects_with("email", 1)?;
    println!("nobody's: {} found, {:.1?}", found.len(), begun.elapsed());
    Ok(())
}
