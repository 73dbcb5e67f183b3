//! Office documents and PDF: real files of public test collections, read in child processes where
//! the format asks for it, against the text that other tools read. Those tools err as well, so each
//! figure is given twice: against their text as it is, and against what of it is in the file.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::sync::Arc;

use base64::Engine as _;

use sporhund::extract::{ChildLimits, ChildPool, Isolation, Reader};
use sporhund::model::{Cancel, Limits, Outcome};

use crate::collected::{corpora, read};
use crate::corpora::without_markup;

/// Children of the program, two at most.
pub(crate) fn children(limits: ChildLimits) -> Arc<ChildPool> {
    let isolation = Isolation::Children {
        program: env!("CARGO_BIN_EXE_sporhund").into(),
        args: vec!["__read".into()],
        workers: 2,
    };
    isolation.pool(limits).unwrap()
}

/// A reader whose isolated formats run in children of the program.
pub(crate) fn isolated_reader(limits: Limits, child_limits: ChildLimits) -> Reader {
    Reader::new(limits, Cancel::default()).with_isolation(children(child_limits))
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

/// The reference without the words and digit groups that are two in `own`, one after the other: some
/// tools join what a tab, or the end of a text box, stands between.
fn joined_taken_out(wanted: &HashMap<String, usize>, own: &str) -> HashMap<String, usize> {
    let parts: Vec<String> = own
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_lowercase)
        .collect();
    let joined: HashSet<String> = parts.windows(2).map(<[String]>::concat).collect();
    let mut wanted = wanted.clone();
    let single: HashSet<&String> = parts.iter().collect();
    wanted.retain(|token, _| single.contains(token) || !joined.contains(token));
    wanted
}

/// The reference of a mail as what its message says: without markup, and with what it left in base 64.
fn of_mail(reference: &str) -> String {
    let mut text = String::new();
    let mut packed = String::new();
    for line in reference.lines().chain([""]) {
        let is_packed = |own: &str| {
            own.len() >= 40
                && own
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
        };
        if is_packed(line) || (!packed.is_empty() && line.ends_with('=')) {
            packed.push_str(line);
            continue;
        }
        if let Ok(bytes) = base64::prelude::BASE64_STANDARD.decode(&packed) {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        packed.clear();
        text.push_str(line);
        text.push('\n');
    }
    without_markup(&text)
}

/// What of the reference is text that its tool did not join, repeat or leave packed.
fn mended(family: &str, reference: &str, own: &str) -> [HashMap<String, usize>; 2] {
    if family != "eml" {
        return tokens(reference).map(|wanted| joined_taken_out(&wanted, own));
    }
    let mut once = tokens(&of_mail(reference)).map(|wanted| joined_taken_out(&wanted, own));
    for wanted in &mut once {
        *wanted = wanted.keys().map(|token| (token.clone(), 1)).collect();
    }
    once
}

/// Recall of words and of digit groups, file by file.
#[derive(Default)]
struct Shares([Vec<f64>; 2]);

impl Shares {
    fn add(
        &mut self,
        own: &[HashMap<String, usize>; 2],
        wanted: &[HashMap<String, usize>; 2],
    ) -> bool {
        let shares = [share(&own[0], &wanted[0]), share(&own[1], &wanted[1])];
        for (all, share) in self.0.iter_mut().zip(shares) {
            all.extend(share);
        }
        shares.into_iter().flatten().any(|share| share < 0.97)
    }

    fn means(&self) -> [f64; 2] {
        [mean(&self.0[0]), mean(&self.0[1])]
    }
}

/// Mean recall of words and of digit groups over the family's files: of the references as they are, and
/// [mended](mended).
fn measure(family: &str) -> Option<[[f64; 2]; 2]> {
    let folder = corpora()?.join(family);
    let references = corpora()?.join("reference").join(family);
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    let [mut as_it_is, mut in_truth] = [Shares::default(), Shares::default()];
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
        let reference = String::from_utf8_lossy(&bytes);
        let wanted = tokens(&reference);
        if wanted.iter().flat_map(HashMap::values).sum::<usize>() < 20 {
            continue;
        }
        let own = tokens(&collector.text);
        as_it_is.add(&own, &wanted);
        if in_truth.add(&own, &mended(family, &reference, &collector.text)) {
            println!("below .97: {outcome:?} {}", path.display());
        }
    }
    assert!(
        silent.is_empty(),
        "read to the end without a word: {silent:?}"
    );
    let means = [as_it_is.means(), in_truth.means()];
    let mut endings: Vec<_> = endings.into_iter().collect();
    endings.sort();
    println!(
        "{family}: {} files, {} scored, words and digits {:.3?}, {:.3?} of mended references, {endings:?}",
        paths.len(),
        as_it_is.0[0].len(),
        means[0],
        means[1],
    );
    Some(means)
}

/// Fails where the family's recall is below these, of the references as they are and mended.
fn at_least(family: &str, as_it_is: [f64; 2], in_truth: [f64; 2]) {
    let Some(recall) = measure(family) else {
        return;
    };
    for (own, least) in recall
        .iter()
        .flatten()
        .zip([as_it_is, in_truth].iter().flatten())
    {
        assert!(own >= least, "{family} {recall:?}");
    }
}

#[test]
fn word_documents_and_presentations_lose_next_to_nothing() {
    at_least("docx", [0.996, 0.996], [0.999, 0.999]);
    at_least("pptx", [0.995, 0.999], [0.999, 0.999]);
}

#[test]
fn opendocument_texts_match_their_references() {
    at_least("odf", [0.99, 0.99], [0.99, 0.99]);
}

#[test]
fn workbooks_match_their_references() {
    at_least("xls", [0.999, 0.999], [0.999, 0.999]);
    at_least("xlsx", [0.99, 0.99], [0.99, 0.99]);
    for family in [
        "ods", "xlsb", "7z", "bz2", "img", "rar", "pst", "parquet", "vcf",
    ] {
        measure(family);
    }
}

#[test]
fn outlook_data_files_are_walked_to_their_end() {
    let Some(folder) = corpora() else {
        return;
    };
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    for file in fs::read_dir(folder.join("pst")).unwrap() {
        let path = file.unwrap().path();
        let outcome = read(&reader, &path).outcomes.pop();
        assert_eq!(outcome, Some(Outcome::Scanned), "{}", path.display());
    }
}

#[test]
fn web_pages_and_mail_match_their_references() {
    at_least("html", [0.99, 0.999], [0.99, 0.999]);
    at_least("eml", [0.92, 0.91], [0.975, 0.975]);
}

#[test]
fn rich_text_matches_its_references() {
    at_least("rtf", [0.97, 0.99], [0.97, 0.99]);
}

#[test]
fn old_presentations_match_their_references() {
    at_least("ppt", [0.99, 0.99], [0.99, 0.99]);
}

#[test]
fn outlook_messages_match_their_references() {
    at_least("msg", [0.955, 0.999], [0.955, 0.999]);
}

#[test]
fn old_word_documents_match_their_references() {
    at_least("doc", [0.998, 0.98], [0.998, 0.98]);
}

#[test]
fn pdf_documents_match_their_references() {
    at_least("pdf", [0.953, 0.974], [0.953, 0.974]);
}
