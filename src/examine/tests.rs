//! What the short cuts of the detectors must not change, over real files of all formats.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::Examiner;
use crate::classify::Classes;
use crate::detect::Scanner;
use crate::extract::{Content, Reader};
use crate::model::{Cancel, DigestKey, Limits, ObjectPath, Record};

/// Files below the folder, longer ones left out: read without short cuts they take long in a build for tests.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    const LONGEST: u64 = 1024 * 1024;
    let below = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .flatten();
    let short = |entry: &DirEntry| {
        entry
            .metadata()
            .is_ok_and(|of| of.is_file() && of.len() <= LONGEST)
    };
    below.filter(short).map(DirEntry::into_path)
}

/// All that is found in a file, as text: findings with their samples and reasons, and digests.
fn found(scanner: &Scanner, file: &Path) -> (String, usize) {
    let reader = Reader::new(Limits::default(), Cancel::default());
    let examiner = Examiner {
        reader: &reader,
        scanner,
        classes: &Classes::default(),
        dismissed: &Arc::default(),
        samples: usize::MAX,
    };
    let name = file.file_name().unwrap().to_string_lossy();
    let object = ObjectPath::file("".into(), name.as_bytes());
    let records = examiner.examine(&object, Content::from_bytes(fs::read(file).unwrap()));
    let findings = records.iter().map(|record| record.findings.len()).sum();
    let told = records.iter().map(|record| {
        let Record {
            findings, digests, ..
        } = record;
        format!("{} {findings:?} {digests:?}\n", record.object)
    });
    (told.collect(), findings)
}

/// Compares the findings in all files of a folder, and tells how many there are.
fn compared(folder: &str) -> usize {
    let scanner = || Scanner::new(DigestKey::new([7; 16]), [].into());
    let (own, plain) = (scanner(), scanner().of_any_shape());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let compared = files(&root).map(|file| {
        let (seen, findings) = found(&own, &file);
        assert!(seen == found(&plain, &file).0, "{}", file.display());
        findings
    });
    compared.sum()
}

/// Planted fault that this caught: no length of 4 for account numbers.
#[test]
fn in_the_fixtures_short_cuts_hide_nothing() {
    assert!(compared("fixtures/filserver") + compared("fixtures/corpus") > 100);
}

#[test]
fn in_the_collections_short_cuts_hide_nothing() {
    let folders = [
        "csv", "eml", "html", "json", "mbox", "msg", "odf", "pptx", "rtf", "txt", "xml", "xlsx",
        "docx",
    ];
    let found: usize = folders
        .iter()
        .map(|folder| compared(&format!("../shared/corpora/{folder}")))
        .sum();
    println!("{found} findings are the same");
    if found == 0 {
        println!("skipped: the collections are not here");
    }
}
