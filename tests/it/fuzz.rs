//! Random damage, for as long as it is asked for: each format's reader by itself, on its own seeds, and in
//! child processes where the program reads it in such.
//!
//! `fuzz/run` runs it. Mutations know the seeds and the bytes that formats are made of, and nothing of
//! which code they reach. What ends in a panic or a dead child is written below `target/fuzz`; what ends the
//! whole process lies there as `last-FORMAT`. Bounds that strike are counted: they are ends like others.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sporhund::extract::{ChildLimits, Content, End, FormatInfo, Isolate, Reader, Sink, Visitor};
use sporhund::extract::{format_by_id, formats};
use sporhund::model::{Budget, Cancel, Fact, Limits, ObjectPath, Piece, Problem, ProblemKind};

use crate::collected::corpora;
use crate::office::{children, isolated_reader};

/// Larger seeds make a reader slow, not wrong: they are taken where a format has no others.
const MAX_SEED_BYTES: u64 = 64 * 1024;
const MAX_BARE_BYTES: u64 = 512 * 1024;
/// Seeds of one format.
const MAX_SEEDS: usize = 40;

/// Takes everything, and keeps what the reader says went wrong.
#[derive(Default)]
struct Nowhere(Vec<ProblemKind>);

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
    fn incomplete(&mut self, problem: Problem) {
        self.0.push(problem.kind);
    }
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
            .is_ok_and(|own| own.len() <= MAX_BARE_BYTES && own.len() > 0)
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
    let is_large = |path: &PathBuf| fs::metadata(path).unwrap().len() > MAX_SEED_BYTES;
    paths.sort_by_cached_key(|path| (is_large(path), path.clone()));
    let mut seeds: BTreeMap<&'static str, Vec<Vec<u8>>> = BTreeMap::new();
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
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
            let most = if is_large(&path) { 1 } else { MAX_SEEDS };
            if own.len() < most {
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

/// Reads the damaged bytes as the program would; returns what went wrong.
fn read(info: &'static FormatInfo, bytes: &[u8], pool: &dyn Isolate) -> Vec<ProblemKind> {
    let limits = Limits {
        base_time: Duration::from_secs(10),
        ..Limits::default()
    };
    let budget = Budget::new(limits, Cancel::default(), bytes.len() as u64);
    let mut content = Content::from_bytes(bytes);
    let mut sink = Nowhere::default();
    let ended = catch_unwind(AssertUnwindSafe(|| {
        if info.isolated {
            pool.read(info, &mut content, &budget, &mut sink)
        } else {
            let format = format_by_id(info.id).unwrap();
            format.read(&mut content, &budget, &mut sink)
        }
    }));
    let panicked = Problem::new(ProblemKind::Panic, sporhund::model::Stage::Extract);
    let problem = ended.unwrap_or(Err(panicked)).err();
    sink.0.extend(problem.map(|problem| problem.kind));
    sink.0
}

/// Damages one format's seeds until the time is over; returns the names of what is to be looked at.
fn fuzz(
    info: &'static FormatInfo,
    seeds: &[Vec<u8>],
    each: Duration,
    pool: &dyn Isolate,
) -> Vec<String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/fuzz"));
    fs::create_dir_all(&folder).unwrap();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut bounds: BTreeMap<ProblemKind, u64> = BTreeMap::new();
    let (mut found, mut runs, mut slowest) = (Vec::new(), 0_u64, Duration::ZERO);
    let begun = Instant::now();
    while begun.elapsed() < each {
        let seed = &seeds[dice.throw(seeds.len())];
        let bytes = mutated(seed, &seeds[dice.throw(seeds.len())], &mut dice);
        if !info.isolated {
            fs::write(folder.join(format!("last-{}", info.id)), &bytes).unwrap();
        }
        let started = Instant::now();
        for kind in read(info, &bytes, pool) {
            if matches!(kind, ProblemKind::Panic | ProblemKind::Crashed) {
                let name = format!("{kind}-{}-{runs}", info.id);
                fs::write(folder.join(&name), &bytes).unwrap();
                found.push(name);
            } else if matches!(kind, ProblemKind::LimitMemory | ProblemKind::Timeout) {
                *bounds.entry(kind).or_default() += 1;
            }
        }
        slowest = slowest.max(started.elapsed());
        runs += 1;
    }
    let count = seeds.len();
    println!(
        "{}: {count} seeds, {runs} runs, slowest {slowest:?}, {bounds:?}",
        info.id
    );
    found
}

#[test]
#[ignore = "runs as long as SPORHUND_FUZZ_SECONDS says, for each format"]
fn random_damage_ends_in_no_panic() {
    let (each, only) = asked();
    let seeds = seeds();
    let pool = children(ChildLimits::default());
    let (mut found, mut bare) = (Vec::new(), Vec::new());
    for info in formats().filter(|info| only.as_ref().is_none_or(|own| own == info.id)) {
        match seeds.get(info.id) {
            Some(own) => found.extend(fuzz(info, own, each, &*pool)),
            None => bare.push(info.id),
        }
    }
    println!("without a seed: {bare:?}");
    assert!(found.is_empty(), "{found:?}");
}
