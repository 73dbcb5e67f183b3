//! How many bytes of one line without an end are read, looked at and folded in a second, by its length: time that is
//! linear in the length has the same throughput at all of them. Nothing of the line is held but what is looked at.

use std::io::Read;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use sporhund::classify::Classes;
use sporhund::detect::Scanner;
use sporhund::examine::Examiner;
use sporhund::extract::Reader;
use sporhund::model::{Cancel, DigestKey, Limits};

/// What the line is made of, in short: digits, letters, words, accents, and cells.
const UNITS: [&str; 5] = ["1", "x", "ord og ", "e\u{301}", "1;"];

fn main() {
    divan::main();
}

#[divan::bench(args = UNITS, consts = [25, 50, 100, 200], sample_count = 1, sample_size = 1)]
fn mebibytes<const MIB: usize>(bencher: Bencher<'_, '_>, unit: &str) {
    let (reader, scanner) = (
        Reader::new(Limits::default(), Cancel::default()),
        Scanner::new(DigestKey::new([3; 16]), [].into()),
    );
    let examiner = Examiner {
        reader: &reader,
        scanner: &scanner,
        classes: &Classes::default(),
        dismissed: &Arc::default(),
        samples: 3,
    };
    let block = unit.repeat((1 << 20) / unit.len());
    bencher
        .counter(BytesCount::new(block.len() * MIB))
        .bench_local(|| {
            let line = Line {
                block: block.as_bytes(),
                at: 0,
                left: MIB,
            };
            let read = examiner.read("linje.txt", &mut { line });
            read.map(|records| records.len()).unwrap_or_default()
        });
}

/// A block over and over, so many times.
struct Line<'b> {
    block: &'b [u8],
    at: usize,
    left: usize,
}

impl Read for Line<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.block.len() {
            (self.at, self.left) = (0, self.left.saturating_sub(1));
        }
        if self.left == 0 {
            return Ok(0);
        }
        let mut rest = self.block.get(self.at..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}
