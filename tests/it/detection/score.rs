//! Gold spans and findings → precision, recall and F1 for each detector and level.
//!
//! A finding is right where its detector and both ends are those of a gold span; for words
//! (`special-category`, `criminal-record`) and addresses it is enough that they overlap. A name that
//! lies inside an address on the net is neither right nor wrong, and nothing that lies in a stretch
//! that may be told either way is counted. Each part of a text is counted at most once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

/// The levels at which findings are cut off, the lowest first.
pub(crate) const CUTS: [&str; 3] = ["low", "medium", "high"];

/// Detectors whose spans need only overlap.
const OVERLAPPING: [&str; 3] = ["address", "special-category", "criminal-record"];

/// A labelled document, a line of `fixtures/corpus/*.jsonl`.
#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) path: String,
    pub(crate) lang: String,
    pub(crate) part: String,
    pub(crate) text: String,
    pub(crate) gold: Vec<Gold>,
    pub(crate) negatives: Vec<Negative>,
    pub(crate) unscored: Vec<Span>,
}

/// What has to be found, in bytes.
#[derive(Clone, Deserialize)]
pub(crate) struct Gold {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) detector: String,
    pub(crate) kind: String,
}

/// What must not be taken for personal data.
#[derive(Deserialize)]
pub(crate) struct Negative {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) what: String,
}

/// A stretch of bytes.
#[derive(Deserialize)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A finding as `sporhund detect --jsonl` writes it.
#[derive(Clone, Deserialize)]
pub(crate) struct Finding {
    pub(crate) detector: String,
    pub(crate) kind: String,
    pub(crate) confidence: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What was counted of one detector at one level.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
    /// Of the right ones, those of the right kind.
    pub(crate) right_kind: usize,
}

impl Tally {
    pub(crate) fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    pub(crate) fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    pub(crate) fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    pub(crate) fn kinds(self) -> f64 {
        share(self.right_kind, self.right)
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.right_kind += other.right_kind;
    }
}

/// A share of a whole; all of nothing is 1.
#[expect(clippy::cast_precision_loss, reason = "counts of a corpus are small")]
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Tallies by detector and level.
pub(crate) type Scores = BTreeMap<(String, &'static str), Tally>;

/// What the findings of each document come to.
pub(crate) fn score(documents: &[Document], findings: &[Vec<Finding>]) -> Scores {
    let mut scores = Scores::new();
    for (document, found) in documents.iter().zip(findings) {
        for (at, cut) in CUTS.into_iter().enumerate() {
            let heard = found.iter().filter(|f| level(&f.confidence) >= at);
            let heard: Vec<&Finding> = heard.filter(|f| counts(document, f)).collect();
            for (detector, tally) in of_document(document, &heard) {
                scores.entry((detector, cut)).or_default().add(tally);
            }
        }
    }
    scores
}

fn level(word: &str) -> usize {
    CUTS.iter().position(|cut| *cut == word).unwrap_or_default()
}

/// Whether a finding is counted at all.
pub(crate) fn counts(document: &Document, finding: &Finding) -> bool {
    let inside = |start, end| start <= finding.start && finding.end <= end;
    let free = document
        .unscored
        .iter()
        .any(|span| finding.start < span.end && span.start < finding.end);
    let of_address = |gold: &&Gold| gold.detector == "email" && inside(gold.start, gold.end);
    let part_of_address =
        finding.detector == "name" && document.gold.iter().any(|g| of_address(&g));
    !free && !part_of_address
}

/// Whether a finding is this gold span.
pub(crate) fn matches(gold: &Gold, finding: &Finding) -> bool {
    let overlap = finding.start < gold.end && gold.start < finding.end;
    let exact = finding.start == gold.start && finding.end == gold.end;
    gold.detector == finding.detector
        && (exact || overlap && OVERLAPPING.contains(&gold.detector.as_str()))
}

fn of_document(document: &Document, heard: &[&Finding]) -> BTreeMap<String, Tally> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for gold in &document.gold {
        let tally = tallies.entry(gold.detector.clone()).or_default();
        match heard.iter().find(|finding| matches(gold, finding)) {
            Some(finding) => {
                tally.right += 1;
                tally.right_kind += usize::from(finding.kind == gold.kind);
            }
            None => tally.missed += 1,
        }
    }
    let wrong = heard
        .iter()
        .filter(|finding| !document.gold.iter().any(|gold| matches(gold, finding)));
    for finding in wrong {
        tallies.entry(finding.detector.clone()).or_default().wrong += 1;
    }
    tallies
}

/// A table for people: a row for each detector, three figures for each level.
pub(crate) fn table(scores: &Scores) -> String {
    let mut text = format!("{:24}{:>6}", "detector", "gold");
    for cut in CUTS {
        let _ = write!(text, "  {:>22}", format!("{cut}: P R F1"));
    }
    text.push_str("   kind\n");
    let mut detectors: Vec<&String> = scores.keys().map(|(detector, _)| detector).collect();
    detectors.dedup();
    for detector in detectors {
        let of = |cut| {
            scores
                .get(&(detector.clone(), cut))
                .copied()
                .unwrap_or_default()
        };
        let low = of("low");
        let _ = write!(text, "{detector:24}{:>6}", low.right + low.missed);
        for cut in CUTS {
            let tally = of(cut);
            let figures = [tally.precision(), tally.recall(), tally.f1()];
            let figures = figures.map(|figure| format!("{figure:.3}"));
            let _ = write!(text, "  {:>22}", figures.join("  "));
        }
        let _ = writeln!(text, "  {:.3}", low.kinds());
    }
    text
}
