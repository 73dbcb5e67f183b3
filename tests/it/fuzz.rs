//! Random damage, for as long as it is asked for: each format's reader by itself, on its own seeds.
//!
//! `fuzz/run` runs it. Mutations know the seeds and the bytes that formats are made of, and nothing of
//! which code they reach. What ends a reader with a panic is written below `target/fuzz`; what ends the
//! whole process lies there as `last-FORMAT`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sporhund::extract::{Content, End, FormatInfo, Reader, Sink, Visitor, format_by_id, formats};
use sporhund::model::{Budget, Cancel, Fact, Limits, ObjectPath, Piece, Problem};

use crate::collected::corpora;

/// Larger seeds make a reader slow, not wrong.
const MAX_SEED_BYTES: u64 = 64 * 1024;
/// Seeds of one format.
const MAX_SEEDS: usize = 40;

/// Takes everything and keeps nothing.
struct Nowhere;

impl Sink for Nowhere {
    fn piece(&mut self, piece: Piece<'_>) {
        std::hint::black_box(piece.text.len());
    }
    fn member(&mut self, _: &[u8], content: &mut dyn Read) -> Result<(), Problem> {
        // A member that cannot be read on is its own matter.
        let _ = std::io::copy(&mut content.take(1 << 20), &mut std::io::sink());
        Ok(())
    }
    fn unread_member(&mut self, _: &[u8], _: Problem) {}
    fn fact(&mut self, _: Fact) {}
    fn incomplete(&mut self, _: Problem) {}
}

/// Learns what a file is.
#[derive(Default)]
struct Kind(Vec<&'static str>);

impl Visitor for Kind {
    fn enter(&mut self, _: &ObjectPath) {}
    fn format(&mut self, format: &'static FormatInfo) {
        self.0.push(format.id);
    }
    fn piece(&mut self, _: Piece<'_>) {}
    fn fact(&mut self, _: Fact) {}
    fn leave(&mut self, _: End) {}
}

/// A small generator of numbers: the same seed, the same run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (sides.max(1) as u64)).unwrap()
    }
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, all);
        } else if entry
            .metadata()
            .is_ok_and(|own| own.len() <= MAX_SEED_BYTES && own.len() > 0)
        {
            all.push(path);
        }
    }
}

/// The small files of the fixtures and of the collections, by their format.
fn seeds() -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    files(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")),
        &mut paths,
    );
    if let Some(folder) = corpora() {
        files(&folder, &mut paths);
    }
    paths.sort();
    let mut seeds: BTreeMap<&'static str, Vec<Vec<u8>>> = BTreeMap::new();
    let reader = crate::office::isolated_reader(
        Limits::default(),
        sporhund::extract::ChildLimits::default(),
    );
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let object = ObjectPath::file("".into(), path.file_name().unwrap().as_encoded_bytes());
        let mut kind = Kind::default();
        Reader::read_content(
            &reader,
            &object,
            Content::from_bytes(bytes.clone()),
            &mut kind,
        );
        if let Some(id) = kind.0.first() {
            let own = seeds.entry(id).or_default();
            if own.len() < MAX_SEEDS {
                own.push(bytes);
            }
        }
    }
    seeds
}

/// A few changes: bits, lengths, cuts, repeats, and parts of another seed.
fn mutated(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    const WORDS: [&[u8]; 8] = [
        b"\xFF\xFF\xFF\xFF",
        b"\0\0\0\0",
        b"\x7F",
        b"\x80",
        b"<",
        b"PK",
        b"(",
        b"\r\n",
    ];
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.throw(6) {
        let at = dice.throw(bytes.len().max(1));
        let span = 1 + dice.throw(64);
        let end = (at + span).min(bytes.len());
        match dice.throw(7) {
            0 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 1 << (span % 8)),
            1 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte = span.to_le_bytes()[0]),
            2 => drop(bytes.drain(at.min(end)..end)),
            3 => {
                let copy = bytes[at.min(end)..end].to_vec();
                bytes.splice(at.min(end)..at.min(end), copy);
            }
            4 => {
                let from = dice.throw(other.len().max(1)).min(other.len());
                let part = other[from..(from + span).min(other.len())].to_vec();
                bytes.splice(at.min(end)..end, part);
            }
            5 => {
                let word = WORDS[dice.throw(WORDS.len())];
                bytes.splice(
                    at.min(end)..(at + word.len()).min(bytes.len()).max(at.min(end)),
                    word.iter().copied(),
                );
            }
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes
}

/// How long for each format, and which one alone.
#[expect(clippy::disallowed_methods, reason = "a person asks for it")]
fn asked() -> (Duration, Option<String>) {
    let seconds = std::env::var("SPORHUND_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|own| own.parse().ok()).unwrap_or(5);
    (
        Duration::from_secs(seconds),
        std::env::var("SPORHUND_FUZZ_FORMAT").ok(),
    )
}

#[test]
#[ignore = "runs as long as SPORHUND_FUZZ_SECONDS says, for each format"]
fn random_damage_ends_in_no_panic() {
    let (each, only) = asked();
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/fuzz"));
    fs::create_dir_all(&folder).unwrap();
    let seeds = seeds();
    let (mut found, mut bare) = (Vec::new(), Vec::new());
    for info in formats().filter(|info| only.as_ref().is_none_or(|own| own == info.id)) {
        let Some(own) = seeds.get(info.id) else {
            bare.push(info.id);
            continue;
        };
        let format = format_by_id(info.id).unwrap();
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        let (begun, mut runs, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
        while begun.elapsed() < each {
            let seed = &own[dice.throw(own.len())];
            let bytes = mutated(seed, &own[dice.throw(own.len())], &mut dice);
            if info.isolated {
                fs::write(folder.join(format!("last-{}", info.id)), &bytes).unwrap();
            }
            let limits = Limits {
                base_time: Duration::from_secs(10),
                ..Limits::default()
            };
            let budget = Budget::new(limits, Cancel::default(), bytes.len() as u64);
            let started = Instant::now();
            let read = catch_unwind(AssertUnwindSafe(|| {
                // What the reader says of the damage is its own matter; that it says something counts.
                let _ = format.read(
                    &mut Content::from_bytes(bytes.clone()),
                    &budget,
                    &mut Nowhere,
                );
            }));
            slowest = slowest.max(started.elapsed());
            if read.is_err() {
                let name = format!("panic-{}-{runs}", info.id);
                fs::write(folder.join(&name), &bytes).unwrap();
                found.push(name);
            }
            runs += 1;
        }
        println!(
            "{}: {} seeds, {runs} runs, slowest {slowest:?}",
            info.id,
            own.len()
        );
    }
    println!("without a seed: {bare:?}");
    assert!(found.is_empty(), "{found:?}");
}
