//! Office documents and PDF: real files of public test collections, read in child processes where
//! the format asks for it, against the text that other tools read.

use std::collections::HashMap;
use std::fs;

use sporhund::extract::{ChildLimits, Isolation, Reader};
use sporhund::model::{Cancel, Limits, Outcome};

use crate::collected::{corpora, read};

/// A reader whose isolated formats run in children of the program.
pub(crate) fn isolated_reader(limits: Limits, child_limits: ChildLimits) -> Reader {
    let isolation = Isolation::Children {
        program: env!("CARGO_BIN_EXE_sporhund").into(),
        args: vec!["__read".into()],
        workers: 2,
    };
    let pool = isolation.pool(child_limits).unwrap();
    Reader::new(limits, Cancel::default()).with_isolation(pool)
}

fn count<'t>(tokens: impl Iterator<Item = &'t str>) -> HashMap<String, usize> {
    let mut all: HashMap<String, usize> = HashMap::new();
    for token in tokens {
        *all.entry(token.to_lowercase()).or_default() += 1;
    }
    all
}

/// Words of four letters or more; groups of two or more digits.
fn tokens(text: &str) -> [HashMap<String, usize>; 2] {
    let words = text.split(|c: char| !c.is_alphabetic());
    let digits = text.split(|c: char| !c.is_ascii_digit());
    [
        count(words.filter(|word| word.chars().count() >= 4)),
        count(digits.filter(|digits| digits.len() >= 2)),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of small counts")]
fn share(own: &HashMap<String, usize>, wanted: &HashMap<String, usize>) -> Option<f64> {
    let total: usize = wanted.values().sum();
    let found = wanted
        .iter()
        .map(|(token, count)| own.get(token).map_or(0, |own| *own.min(count)));
    (total > 0).then(|| found.sum::<usize>() as f64 / total as f64)
}

#[expect(clippy::cast_precision_loss, reason = "a mean of few files")]
fn mean(shares: &[f64]) -> f64 {
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

/// Mean recall of words and of digit groups over the family's files.
fn measure(family: &str) -> Option<[f64; 2]> {
    let folder = corpora()?.join(family);
    let references = corpora()?.join("reference").join(family);
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    let mut shares = [Vec::new(), Vec::new()];
    let mut silent = Vec::new();
    let mut endings: HashMap<String, usize> = HashMap::new();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .ok()?
        .map(|own| own.unwrap().path())
        .collect();
    paths.sort();
    for path in &paths {
        let collector = read(&reader, path);
        let outcome = collector.outcomes.last().unwrap();
        let kind = outcome
            .problem()
            .map_or("", |problem| problem.kind.as_str());
        *endings
            .entry(format!("{} {kind}", outcome.name()))
            .or_default() += 1;
        let name = format!("{}.txt", path.file_name().unwrap().to_str().unwrap());
        let Ok(bytes) = fs::read(references.join(name)) else {
            continue;
        };
        if bytes.len() > 100 && *outcome == Outcome::Scanned && collector.text.trim().is_empty() {
            silent.push(path.display().to_string());
        }
        let wanted = tokens(&String::from_utf8_lossy(&bytes));
        if wanted.iter().flat_map(HashMap::values).sum::<usize>() < 20 {
            continue;
        }
        let own = tokens(&collector.text);
        for ((own, wanted), shares) in own.iter().zip(&wanted).zip(&mut shares) {
            let Some(share) = share(own, wanted) else {
                continue;
            };
            if share < 0.97 {
                println!("{share:.2} {outcome:?} {}", path.display());
            }
            shares.push(share);
        }
    }
    assert!(
        silent.is_empty(),
        "read to the end without a word: {silent:?}"
    );
    let means = [mean(&shares[0]), mean(&shares[1])];
    let mut endings: Vec<_> = endings.into_iter().collect();
    endings.sort();
    println!(
        "{family}: {} files, {} scored, words {:.3}, digits {:.3}, {endings:?}",
        paths.len(),
        shares[0].len(),
        means[0],
        means[1]
    );
    Some(means)
}

fn at_least(family: &str, words: f64, digits: f64) {
    if let Some(recall) = measure(family) {
        assert!(
            recall[0] >= words && recall[1] >= digits,
            "{family} {recall:?}"
        );
    }
}

#[test]
fn word_documents_and_presentations_lose_next_to_nothing() {
    // What is missing are words of the references that are two: `leftfooter`, `commentthis`.
    at_least("docx", 0.996, 0.996);
    at_least("pptx", 0.995, 0.999);
}

#[test]
fn opendocument_texts_match_their_references() {
    at_least("odf", 0.9, 0.9);
}

#[test]
fn workbooks_match_their_references() {
    at_least("xls", 0.999, 0.999);
    at_least("xlsx", 0.9, 0.9);
    at_least("ods", 0.0, 0.0);
    at_least("xlsb", 0.0, 0.0);
    for family in ["7z", "bz2", "img", "rar", "pst", "parquet", "vcf"] {
        at_least(family, 0.0, 0.0);
    }
}

/// The references of mail hold a message as base64, and bodies in two forms twice; `corpora` measures
/// without.
#[test]
fn web_pages_and_mail_match_their_references() {
    at_least("html", 0.9, 0.9);
    at_least("eml", 0.9, 0.9);
}

#[test]
fn rich_text_matches_its_references() {
    at_least("rtf", 0.9, 0.93);
}

#[test]
fn old_presentations_match_their_references() {
    at_least("ppt", 0.96, 0.95);
}

#[test]
fn outlook_messages_match_their_references() {
    at_least("msg", 0.95, 0.99);
}

#[test]
fn old_word_documents_match_their_references() {
    at_least("doc", 0.998, 0.98);
}

#[test]
fn pdf_documents_match_their_references() {
    at_least("pdf", 0.94, 0.96);
}
