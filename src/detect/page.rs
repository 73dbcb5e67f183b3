//! The detectors as a page for people, made of their own files.

use std::fmt::Write as _;

use super::{DetectorInfo, detectors};

const HEAD: &str = "\
# The detectors

This page is made of the detectors' own files (`cargo run --example make_pages`). How well they do is measured in
[detection.md](detection.md); what one finds in a text of yours is told by `sporhund detect`. Each level is that
of the detector alone: the words beside a value, its column and the rest of its document raise and lower it.

| id | finds | kinds |
|---|---|---|
";

/// The page.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for detector in detectors() {
        let info = detector.info();
        let kinds: Vec<&str> = info.kinds.iter().map(|kind| kind.kind).collect();
        let (id, title, kinds) = (info.id, info.title, kinds.join(", "));
        // Writing to a string does not fail; so below.
        let _ = writeln!(page, "| `{id}` | {title} | {kinds} |");
    }
    for detector in detectors() {
        let told = detector.info().told().replace("\n## ", "\n### ");
        let _ = write!(page, "\n#{told}");
    }
    page
}

impl DetectorInfo {
    /// What the detector finds and passes over, with its examples, as Markdown.
    #[must_use]
    pub fn told(&self) -> String {
        let mut told = format!(
            "# {} (`{}`)\n\n{}\n",
            self.title,
            self.id,
            self.explanation.trim()
        );
        told.push_str("\n## Finds\n\n");
        for example in self.examples {
            let (found, text) = (on_a_line(example.found), on_a_line(example.text));
            let (kind, level) = (example.kind, example.confidence.as_str());
            let _ = writeln!(told, "- `{found}` in «{text}»: {kind}, {level}");
        }
        told.push_str("\n## Passes over\n\n");
        for text in self.counter_examples {
            let _ = writeln!(told, "- «{}»", on_a_line(text));
        }
        told
    }
}

/// A text with its line ends and other signs that cannot be seen written out.
fn on_a_line(text: &str) -> String {
    let shown = text.chars().map(|c| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    });
    shown.collect()
}
