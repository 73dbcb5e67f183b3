//! Labelled text: documents with the spans of their names.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use serde_json::Value;
use sporhund::detect::names::label;

/// A document with its labelled spans, in bytes, by start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) spans: Vec<(Range<usize>, usize)>,
}

impl Document {
    /// Adds a line with its spans.
    pub(crate) fn push_line(&mut self, line: &Document) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let base = self.text.len();
        self.text.push_str(&line.text);
        let moved =
            |(span, label): &(Range<usize>, usize)| (span.start + base..span.end + base, *label);
        self.spans.extend(line.spans.iter().map(moved));
    }

    /// The persons among the spans.
    pub(crate) fn persons(&self) -> impl Iterator<Item = &Range<usize>> {
        let persons = self
            .spans
            .iter()
            .filter(|(_, label)| *label == label::BEGIN);
        persons.map(|(span, _)| span)
    }
}

/// The sentences of a file of JSON lines, each with its document.
pub(crate) fn sentences(file: &Path) -> io::Result<Vec<(String, Document)>> {
    let text = fs::read_to_string(file)?;
    let sentences = text.lines().map(|line| {
        let value: Value = serde_json::from_str(line)?;
        let text = value["text"].as_str().unwrap_or_default().to_owned();
        let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        offsets.push(text.len());
        let at = |value: &Value| {
            let index = value.as_u64().and_then(|at| usize::try_from(at).ok());
            index
                .and_then(|at| offsets.get(at).copied())
                .unwrap_or(text.len())
        };
        let ents = value["ents"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut spans: Vec<_> = ents
            .iter()
            .map(|ent| {
                (
                    at(&ent[0])..at(&ent[1]),
                    label_of(ent[2].as_str().unwrap_or_default()),
                )
            })
            .collect();
        spans.sort_by_key(|(span, _)| span.start);
        let name = value["doc"]
            .as_str()
            .or(value["id"].as_str())
            .unwrap_or_default();
        Ok((name.to_owned(), Document { text, spans }))
    });
    sentences.collect()
}

/// The documents of a file: their sentences joined by line ends.
pub(crate) fn documents(sentences: &[(String, Document)]) -> Vec<Document> {
    let mut documents: Vec<(&str, Document)> = Vec::new();
    for (name, sentence) in sentences {
        match documents.last_mut() {
            Some((last, document)) if last == name => document.push_line(sentence),
            _ => documents.push((name, sentence.clone())),
        }
    }
    documents
        .into_iter()
        .map(|(_, document)| document)
        .collect()
}

fn label_of(name: &str) -> usize {
    match name {
        "PER" => label::BEGIN,
        "ORG" | "GPE_ORG" => label::ORGANISATION,
        "LOC" | "GPE_LOC" => label::PLACE,
        _ => label::OTHER,
    }
}
