//! Ends of sentences that begin with a common word that is a first name too: `Stein på stein`, `Dag etter dag`. In
//! newspapers such a word seldom begins a sentence, so that a capital there would always mean a person.

use std::collections::{HashMap, HashSet};

use crate::data::Document;

/// How many of them begin with the same word, at most.
const EACH: usize = 3;

/// The ends of the sentences from each of these words on that stands in small letters there, with a capital.
pub(crate) fn begun(sentences: &[(String, Document)], names: &[String]) -> Vec<Document> {
    let names: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut documents = Vec::new();
    for (_, sentence) in sentences {
        for (blank, _) in sentence.text.match_indices(' ') {
            let rest = &sentence.text[blank + 1..];
            let word = rest.split(|c: char| !c.is_alphabetic()).next();
            let word = word.unwrap_or_default();
            if !names.contains(word) {
                continue;
            }
            let count = seen.entry(word).or_default();
            *count += 1;
            if *count <= EACH {
                documents.extend(ended(sentence, blank + 1));
            }
        }
    }
    documents
}

/// The sentence from byte `from` on, with a capital; `None` where that changes its length.
fn ended(sentence: &Document, from: usize) -> Option<Document> {
    let rest = &sentence.text[from..];
    let first = rest.chars().next()?;
    let mut text: String = first.to_uppercase().collect();
    text.push_str(&rest[first.len_utf8()..]);
    let inside = sentence.spans.iter().filter(|(span, _)| span.start >= from);
    let spans = inside.map(|(span, label)| (span.start - from..span.end - from, *label));
    (text.len() == rest.len()).then(|| Document {
        text,
        spans: spans.collect(),
    })
}
