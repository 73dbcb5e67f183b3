//! How many bytes of text a core looks at in a second: anchors alone, and all detectors, over
//! letters and over a table, both generated, and over the files of a corpus.
//!
//! `SPORHUND_CORPUS` names a folder of text files; without it that measurement is left out.

use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use sporhund::detect::{Cut, SampleWish, Scanner};
use sporhund::model::{Cell, DigestKey, Field, Layout, Piece};

/// Bytes of each generated text, about.
const TEXT_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of a window's body, as in a scan.
const BODY_BYTES: usize = 256 * 1024;

/// Bytes of a corpus that are measured, at most.
const CORPUS_BYTES: usize = 64 * 1024 * 1024;

fn main() {
    divan::main();
}

fn scanner() -> Scanner {
    Scanner::new(DigestKey::new([3; 16]), [].into())
}

#[divan::bench]
fn letters_anchors_only(bencher: Bencher<'_, '_>) {
    anchors_only(bencher, &[letters()]);
}

#[divan::bench]
fn letters_all_detectors(bencher: Bencher<'_, '_>) {
    all_detectors(bencher, &[letters()]);
}

#[divan::bench]
fn corpus_anchors_only(bencher: Bencher<'_, '_>) {
    anchors_only(bencher, &corpus());
}

#[divan::bench]
fn corpus_all_detectors(bencher: Bencher<'_, '_>) {
    all_detectors(bencher, &corpus());
}

/// What makes a scanner slow if anything does, 1, 2 and 4 MiB of each as one text: the throughput must
/// not fall with the size.
const HOSTILE: &[&str] = &[
    "1",
    "1 ",
    "1\n",
    "12-",
    "@",
    "a@",
    "1.1.",
    "A",
    "Å ",
    "+47 ",
    "fnr 1 ",
    "f. 1.1.",
    "１",
    "e\u{301}",
    "Født: 1\t",
    "syk ",
    "Storgata ",
    "insert into t values (",
];

#[divan::bench(args = HOSTILE, consts = [1, 2, 4], sample_count = 3)]
fn hostile<const MIB: usize>(bencher: Bencher<'_, '_>, unit: &str) {
    let text = unit.repeat((MIB << 20) / unit.len());
    let scanner = scanner();
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        scanner
            .sight(&Cut::of_text(&text), SampleWish::First(5))
            .candidates
            .len()
    });
}

fn anchors_only(bencher: Bencher<'_, '_>, texts: &[String]) {
    let scanner = scanner();
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let texts = texts.iter();
        texts
            .map(|text| scanner.anchors(&Cut::of_text(text)))
            .sum::<usize>()
    });
}

fn all_detectors(bencher: Bencher<'_, '_>, texts: &[String]) {
    let scanner = scanner();
    let windows: Vec<&str> = texts.iter().flat_map(|text| windows(text)).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let cuts = windows.iter().map(|text| Cut::of_text(text));
        cuts.map(|cut| scanner.sight(&cut, SampleWish::First(5)).candidates.len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn table_all_detectors(bencher: Bencher<'_, '_>) {
    let table = Table::new();
    let scanner = scanner();
    let layout = Layout::Cells {
        cells: &table.cells,
        fields: &table.fields,
    };
    let piece = Piece {
        text: &table.text,
        layout,
    };
    bencher
        .counter(BytesCount::new(table.text.len()))
        .bench(|| {
            let cut = Cut::of_cells(&piece, 0);
            scanner.sight(&cut, SampleWish::First(5)).candidates.len()
        });
}

/// The text in stretches of about one window, cut at characters.
fn windows(mut text: &str) -> Vec<&str> {
    let mut windows = Vec::new();
    while !text.is_empty() {
        let (window, rest) = text.split_at(text.floor_char_boundary(BODY_BYTES));
        windows.push(window);
        text = rest;
    }
    windows
}

/// A reproducible sequence of numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(of.len() as u64)).unwrap_or_default();
        of.get(index).copied().unwrap_or_default()
    }
}

const WORDS: &[&str] = &[
    "og",
    "i",
    "det",
    "på",
    "som",
    "er",
    "til",
    "av",
    "for",
    "med",
    "kommunen",
    "møtet",
    "saken",
    "behandles",
    "å",
    "ikke",
    "søknaden",
    "vedtaket",
    "årlig",
    "etter",
    "skal",
    "være",
    "Oslo",
    "Vedlegg",
    "avdelingen",
    "rådmannen",
    "innen",
    "gjennom",
    "økonomi",
    "prosjektet",
    "2024",
    "12",
];

/// Prose in which one word in sixty is personal data.
fn letters() -> String {
    let mut dice = Dice(11);
    let mut text = String::with_capacity(TEXT_BYTES + 64);
    while text.len() < TEXT_BYTES {
        match dice.below(240) {
            0 => text.push_str("Fødselsnummer: 22838111878"),
            1 => text.push_str("tlf. 922 33 445"),
            2 => text.push_str("kari.nordmann@firma.example"),
            3 => text.push_str("konto 8601.11.17947"),
            4..14 => text.push_str(".\n"),
            _ => text.push_str(dice.one(WORDS)),
        }
        text.push(' ');
    }
    text
}

/// A customer table: number, name, fødselsnummer, e-mail, telephone, account.
struct Table {
    text: String,
    cells: Vec<Cell>,
    fields: Vec<Field>,
}

impl Table {
    fn new() -> Self {
        let names = ["kundenr", "navn", "fnr", "epost", "telefon", "konto"];
        let fields = names.iter().zip(0..).map(|(name, id)| Field {
            id,
            name: (*name).into(),
            sheet: None,
            numeric: false,
        });
        let mut table = Self {
            text: String::new(),
            cells: Vec::new(),
            fields: fields.collect(),
        };
        let mut dice = Dice(5);
        for row in 1.. {
            if table.text.len() >= BODY_BYTES {
                break;
            }
            let values = [
                (10_000_000 + dice.below(90_000_000)).to_string(),
                "Kari Nordmann".to_owned(),
                "22838111878".to_owned(),
                "kari.nordmann@firma.example".to_owned(),
                (90_000_000 + dice.below(9_999_999)).to_string(),
                "86011117947".to_owned(),
            ];
            for (field, value) in (0..).zip(values) {
                table.cell(field, row, &value);
            }
        }
        table
    }

    fn cell(&mut self, field: u32, row: u64, value: &str) {
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(value);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.cells.push(Cell {
            start,
            end,
            field,
            row,
        });
        self.text.push(';');
    }
}

/// The text files of the corpus, where one is named.
#[expect(
    clippy::disallowed_methods,
    reason = "a bench has no command line of its own"
)]
fn corpus() -> Vec<String> {
    let mut texts = Vec::new();
    if let Some(folder) = std::env::var_os("SPORHUND_CORPUS") {
        collect(Path::new(&folder), &mut texts);
    }
    texts
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, texts);
        } else if texts.iter().map(String::len).sum::<usize>() < CORPUS_BYTES
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            texts.push(text);
        }
    }
}
