//! Every file of the fixtures, damaged: whatever is wrong with it, each object ends in one outcome,
//! and neither a panic nor a dead child is needed to get there.
//!
//! All tests run a few ways for each file; `SPORHUND_DAMAGE=200 cargo test --test it damage::` runs
//! two hundred. The ways are the same each time.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sporhund::extract::{ChildLimits, Content, End, FormatInfo, Reader, Visitor};
use sporhund::model::{Fact, Limits, ObjectPath, Outcome, Piece, ProblemKind};

use crate::office::isolated_reader;

/// Ways for each file where nothing else is asked for.
const WAYS: u64 = 30;

/// Numbers that look random and are the same each time (xorshift, 64 bits).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.0 % bound).unwrap()
    }
}

/// The bytes, damaged in the way with this number; `other` is a file to take parts from.
fn damaged(bytes: &[u8], other: &[u8], way: u64) -> Vec<u8> {
    let seed = way.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ bytes.len() as u64;
    let mut numbers = Numbers(seed | 1);
    let mut bytes = bytes.to_vec();
    match way % 6 {
        0 => {
            for _ in 0..=numbers.below(8) {
                let at = numbers.below(bytes.len());
                bytes[at] ^= 1 << numbers.below(8);
            }
        }
        1 => bytes.truncate(numbers.below(bytes.len())),
        2 => {
            let (from, at) = (numbers.below(other.len()), numbers.below(bytes.len()));
            let count = numbers.below(other.len() - from);
            bytes.splice(at..at, other[from..from + count].iter().copied());
        }
        3 => {
            let at = numbers.below(bytes.len());
            let end = (at + 1 + numbers.below(64)).min(bytes.len());
            let filling = [0, 0xFF, 0x7F, b'<'][numbers.below(4)];
            bytes[at..end].fill(filling);
        }
        4 => {
            let at = numbers.below(bytes.len());
            let end = (at + numbers.below(bytes.len() / 2)).min(bytes.len());
            bytes.drain(at..end);
        }
        _ => {
            let at = numbers.below(bytes.len());
            let end = (at + numbers.below(4096)).min(bytes.len());
            let part = bytes[at..end].repeat(1 + numbers.below(20));
            bytes.splice(at..end, part);
        }
    }
    bytes
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
    all.sort();
}

/// What became of the objects.
#[derive(Default)]
struct Ends {
    entered: usize,
    broken: Vec<ProblemKind>,
    left: usize,
}

impl Visitor for Ends {
    fn enter(&mut self, _: &ObjectPath) {
        self.entered += 1;
    }
    fn format(&mut self, _: &'static FormatInfo) {}
    fn piece(&mut self, _: Piece<'_>) {}
    fn fact(&mut self, _: Fact) {}
    fn leave(&mut self, end: End) {
        self.left += 1;
        assert_ne!(end.outcome, Outcome::Unchanged);
        let kind = end.outcome.problem().map(|problem| problem.kind);
        self.broken.extend(kind.filter(|kind| {
            matches!(
                kind,
                ProblemKind::Panic
                    | ProblemKind::Crashed
                    | ProblemKind::Timeout
                    | ProblemKind::LimitMemory
            )
        }));
    }
}

/// The files and their bytes.
struct Fixtures {
    paths: Vec<PathBuf>,
    contents: Vec<Vec<u8>>,
}

impl Fixtures {
    fn load() -> Self {
        let mut paths = Vec::new();
        for root in ["/fixtures/filserver", "/fixtures/seeds"] {
            let root = format!("{}{root}", env!("CARGO_MANIFEST_DIR"));
            files(Path::new(&root), &mut paths);
        }
        let contents = paths.iter().map(|path| std::fs::read(path).unwrap());
        Self {
            contents: contents.collect(),
            paths,
        }
    }

    /// Reads the file with this number in each way; returns how many objects there were, and what
    /// should not have been needed.
    fn read(&self, file: usize, ways: u64, reader: &Reader) -> (usize, Vec<String>) {
        let (bytes, path) = (&self.contents[file], self.paths[file].display());
        let name = self.paths[file].file_name().unwrap().as_encoded_bytes();
        let object = ObjectPath::file("".into(), name);
        let (mut objects, mut told) = (0, Vec::new());
        let ways = if bytes.is_empty() { 0 } else { ways };
        for way in 0..ways {
            let next = file + 1 + usize::try_from(way).unwrap();
            let other = &self.contents[next % self.contents.len()];
            let content = Content::from_bytes(damaged(bytes, other, way));
            let mut ends = Ends::default();
            reader.read_content(&object, content, &mut ends);
            assert!(ends.entered > 0);
            assert_eq!(ends.entered, ends.left, "{path} way {way}");
            objects += ends.left;
            let broken = ends.broken.iter();
            told.extend(broken.map(|kind| format!("{kind}: {path} way {way}")));
        }
        (objects, told)
    }
}

#[test]
fn what_once_broke_a_reader_ends_in_an_outcome() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/damaged");
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    let mut paths = Vec::new();
    files(Path::new(root), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        let object = ObjectPath::file("".into(), path.file_name().unwrap().as_encoded_bytes());
        let content = Content::from_bytes(std::fs::read(&path).unwrap());
        let mut ends = Ends::default();
        reader.read_content(&object, content, &mut ends);
        assert_eq!((ends.left, ends.broken), (1, vec![]), "{}", path.display());
    }
}

#[expect(clippy::disallowed_methods, reason = "a person asks for more ways")]
#[test]
fn every_damaged_file_ends_in_an_outcome() {
    let ways = std::env::var("SPORHUND_DAMAGE").map_or(WAYS, |ways| ways.parse().unwrap());
    let fixtures = Fixtures::load();
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    let (next, found) = (AtomicUsize::new(0), Mutex::new((0, Vec::new())));
    let work = || {
        loop {
            let file = next.fetch_add(1, Ordering::Relaxed);
            if file >= fixtures.paths.len() {
                return;
            }
            let (objects, told) = fixtures.read(file, ways, &reader);
            let mut found = found.lock().unwrap();
            found.0 += objects;
            found.1.extend(told);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let thread = std::thread::Builder::new().stack_size(16 << 20);
            thread.spawn_scoped(scope, work).unwrap();
        }
    });
    let (objects, told) = found.into_inner().unwrap();
    let files = fixtures.paths.len();
    println!("{files} files in {ways} ways: {objects} objects, each with an outcome");
    assert!(told.is_empty(), "{told:#?}");
}
