//! Measures what the program itself finds: `detect --jsonl` with one document a line.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::data::Document;
use crate::dice::Dice;

/// How often documents are drawn anew for the margin.
const DRAWS: usize = 2000;

/// Right, found and wanted spans.
type Counts = [usize; 3];

/// Prints the exact F1 of the program `binary` over the documents, and shows what is wrong.
pub(crate) fn evaluate(
    name: &str,
    binary: &Path,
    documents: &[Document],
    show: bool,
) -> io::Result<()> {
    let found = ask(binary, documents)?;
    let mut counts: Vec<Counts> = Vec::new();
    for (document, found) in documents.iter().zip(&found) {
        let wanted: BTreeSet<(usize, usize)> = document
            .persons()
            .map(|span| (span.start, span.end))
            .collect();
        let found: BTreeSet<(usize, usize)> =
            found.iter().map(|span| (span.start, span.end)).collect();
        counts.push([
            wanted.intersection(&found).count(),
            found.len(),
            wanted.len(),
        ]);
        if show && wanted != found {
            let text = |spans: Vec<&(usize, usize)>| {
                spans
                    .iter()
                    .map(|(from, to)| document.text[*from..*to].to_owned())
                    .collect::<Vec<_>>()
            };
            println!(
                "{:?}\n  missed {:?}\n  wrong {:?}",
                head(&document.text),
                text(wanted.difference(&found).collect()),
                text(found.difference(&wanted).collect())
            );
        }
    }
    let all = sum(counts.iter());
    let mut dice = Dice::new(3);
    let mut drawn: Vec<f64> = (0..DRAWS)
        .map(|_| {
            f1(sum((0..counts.len())
                .map(|_| &counts[dice.index(counts.len())])
                .collect::<Vec<_>>()
                .into_iter()))
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    let [right, found, wanted] = all;
    println!(
        "{name}: F1 {:.1} (95 %: {:.1} to {:.1}), {right} right of {found} found and {wanted} wanted, {} documents",
        f1(all),
        drawn[DRAWS / 40],
        drawn[DRAWS - DRAWS / 40],
        documents.len()
    );
    Ok(())
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(100.min(text.len()))]
}

fn sum<'a>(counts: impl Iterator<Item = &'a Counts>) -> Counts {
    counts.fold([0; 3], |[a, b, c], [d, e, f]| [a + d, b + e, c + f])
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
fn f1([right, found, wanted]: Counts) -> f64 {
    200.0 * right as f64 / (found + wanted).max(1) as f64
}

/// The spans of names at medium or above that the program finds in each document.
fn ask(binary: &Path, documents: &[Document]) -> io::Result<Vec<Vec<Range<usize>>>> {
    let mut child = Command::new(binary)
        .args(["detect", "--jsonl", "--min-confidence", "medium"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let lines: Vec<String> = documents
        .iter()
        .map(|document| json!({ "text": document.text }).to_string())
        .collect();
    let mut stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let writer = std::thread::spawn(move || stdin.write_all((lines.join("\n") + "\n").as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| io::ErrorKind::BrokenPipe)??;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| {
            let answer: Value = serde_json::from_str(line)?;
            let findings = answer["findings"].as_array().cloned().unwrap_or_default();
            let names = findings
                .iter()
                .filter(|finding| finding["detector"] == "name");
            let at = |finding: &Value, key: &str| {
                finding[key]
                    .as_u64()
                    .and_then(|at| usize::try_from(at).ok())
                    .unwrap_or(0)
            };
            Ok(names
                .map(|finding| at(finding, "start")..at(finding, "end"))
                .collect())
        })
        .collect()
}
