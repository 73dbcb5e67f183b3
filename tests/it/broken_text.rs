//! Text that is none, or is more than anybody reads: bytes of no character, halves of characters, NUL, accents that
//! stand alone, and lines without an end. What stands in it is found all the same, and between characters.

use std::io::{Read, Write as _};
use std::sync::Arc;
use std::time::Instant;

use sporhund::classify::Classes;
use sporhund::detect::Scanner;
use sporhund::examine::{Examiner, hits};
use sporhund::extract::Reader;
use sporhund::model::{Cancel, DigestKey, Limits, Record};

use crate::program::{Workplace, json};

/// A synthetic number, an address and an account, as they are found behind and before anything.
const PLANTED: &str =
    " Fødselsnr. 15888650188, epost kari.testesen@firma.example, konto 8601.11.17947 ";

fn scanner() -> Scanner {
    Scanner::new(DigestKey::new([2; 16]), [].into())
}

/// Reads bytes as a file of this name, as a scan does.
fn examined(name: &str, from: &mut dyn Read) -> Vec<Record> {
    let (reader, scanner) = (Reader::new(Limits::default(), Cancel::default()), scanner());
    let examiner = Examiner {
        reader: &reader,
        scanner: &scanner,
        classes: &Classes::default(),
        dismissed: &Arc::default(),
        samples: 2,
    };
    examiner.read(name, from).unwrap()
}

fn count(records: &[Record], detector: &str) -> u64 {
    let findings = records.iter().flat_map(|record| &record.findings);
    let own = findings.filter(|own| own.kind.detector == detector);
    own.map(|own| own.count).sum()
}

/// Fails where one of the planted values is not found so many times.
fn assert_found(what: &str, records: &[Record], times: u64) {
    for detector in ["fodselsnummer", "email", "bank-account"] {
        let found = count(records, detector);
        assert_eq!(found, times, "{what}: {detector} {:?}", records[0].outcome);
    }
}

#[test]
fn bytes_of_no_character_hide_nothing() {
    let planted = PLANTED.as_bytes();
    let damage: [&[u8]; 7] = [
        b"\xFF",
        b"\xC3",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\xE2\x82",
        b"\0",
        b"\x80\xBF\xFE",
    ];
    for own in damage {
        for times in [1, 100] {
            let between = own.repeat(times);
            let bytes = [planted, &between, planted, &between, planted].concat();
            for name in ["a.txt", "a.log", "a"] {
                let records = examined(name, &mut bytes.as_slice());
                assert_found(&format!("{own:?} {times} {name}"), &records, 3);
            }
        }
    }
}

#[test]
fn halves_of_characters_in_utf_16_hide_nothing() {
    let halves = [0xD800_u16, 0xDBFF, 0xDC00, 0xDFFF];
    for half in halves {
        let mut units: Vec<u16> = vec![0xFEFF];
        for _ in 0..3 {
            units.extend(PLANTED.encode_utf16());
            units.push(half);
        }
        units.extend([half; 5]);
        let wholes: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
        for whole in wholes {
            let bytes: Vec<u8> = units.iter().copied().flat_map(whole).collect();
            let records = examined("a.txt", &mut bytes.as_slice());
            assert_found(&format!("{half:X}"), &records, 3);
        }
    }
}

#[test]
fn halves_of_characters_in_json_hide_nothing() {
    let text = format!("{{\"a\": \"\\ud83d{PLANTED}\\ude00\", \"b\": \"{PLANTED}\\ud83d\"}}");
    assert_found("json", &examined("a.json", &mut text.as_bytes()), 2);
}

/// Accents, joiners, marks of direction, wide and Arabic digits, and the parts of what is looked for.
const PARTS: &[&str] = &[
    "e\u{301}",
    "\u{301}",
    "a\u{30A}",
    "\u{200D}",
    "\u{200B}",
    "\u{AD}",
    "\u{202E}",
    "\u{FEFF}",
    "\0",
    "１",
    "٣",
    "1",
    "15888650188",
    "158886 50188",
    "１５888650188",
    "15888650188\u{301}",
    "\u{301}15888650188",
    "Å",
    "Kari",
    "Nordmann",
    "A\u{30A}se Ødega\u{30A}rd",
    "kari@firma.example",
    "ka\u{301}ri@firma.example",
    "😀",
    "👨‍👩‍👧",
    "8601.11.17947",
    "+47 22 22 55 55",
    "Storgata 1, 2317 Hamar",
    "59.9139, 10.7522",
    "fnr",
    "født",
    " ",
    "\n",
    "\u{A0}",
    "\u{2028}",
    "-",
    ".",
    ",",
    ":",
    "@",
    "\u{10FFFF}",
    "ß",
    "ǅ",
    "ﬁ",
];

#[test]
fn hits_stand_between_characters() {
    let (scanner, mut state) = (scanner(), 0x2545_F491_4F6C_DD1D_u64);
    let mut throw = |sides: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % sides as u64).unwrap()
    };
    let mut found = 0;
    for _ in 0..1500 {
        let text: String = (0..throw(40)).map(|_| PARTS[throw(PARTS.len())]).collect();
        for hit in hits(&scanner, &text) {
            let [start, end] = [hit.start, hit.end].map(|at| usize::try_from(at).unwrap());
            let own = text.get(start..end);
            assert!(
                own.is_some_and(|own| !own.is_empty()),
                "{text:?} {start}..{end}"
            );
            found += 1;
        }
    }
    assert!(found > 1500, "{found}");
}

#[test]
fn a_million_digits_in_a_row_are_no_number() {
    for digit in ["1", "0", "15888650188", "１"] {
        let digits = digit.repeat(1_000_000 / digit.len());
        let text = [PLANTED, &digits, PLANTED].concat();
        assert_found(digit, &examined("a.txt", &mut text.as_bytes()), 2);
    }
}

/// A line of so many bytes, with something to find after each mebibyte of it.
struct Line {
    left: usize,
    block: Vec<u8>,
    at: usize,
}

impl Line {
    fn of(mebibytes: usize, unit: &str) -> Self {
        let mut block = unit.repeat((1 << 20) / unit.len()).into_bytes();
        block.extend(PLANTED.as_bytes());
        Self {
            left: mebibytes,
            block,
            at: 0,
        }
    }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.block.len() {
            (self.at, self.left) = (0, self.left - 1);
        }
        if self.left == 0 {
            return Ok(0);
        }
        let read = (&self.block[self.at..]).read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

/// What a long line is made of.
const UNITS: &[&str] = &["1", "x", "ord og ", "e\u{301}", "1;"];

#[test]
fn a_long_line_is_read_to_its_end() {
    for unit in UNITS {
        assert_found(unit, &examined("a.txt", &mut Line::of(2, unit)), 2);
    }
}

/// `cargo test --release --test it broken_text::a_line_of -- --ignored --nocapture`
#[test]
#[ignore = "writes and scans gigabytes"]
fn a_line_of_two_hundred_megabytes_is_scanned() {
    for unit in UNITS {
        for mebibytes in [50, 100, 200] {
            let place = Workplace::new();
            place.put("a.txt", "");
            let mut file = std::fs::File::create(place.share().join("a.txt")).unwrap();
            std::io::copy(&mut Line::of(mebibytes, unit), &mut file).unwrap();
            file.flush().unwrap();
            let begun = Instant::now();
            let summary = json(&place.run(&["scan", "share", "--format", "json"]));
            println!("{unit:?} {mebibytes} MiB: {:?}", begun.elapsed());
            let found = &summary["detectors"]["fodselsnummer"]["findings"];
            assert_eq!(
                found.as_u64(),
                Some(mebibytes as u64),
                "{unit:?}: {summary}"
            );
        }
    }
}
