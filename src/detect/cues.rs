//! Words that suggest what kind of document a text is.
//!
//! Only the first part of an object's text is looked at: what a document is, it says early.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::cut::Cut;
use crate::model::{ClassCue, DocumentClass};

/// How much of an object's text is looked at, in bytes.
const SCOPE_BYTES: u64 = 256 * 1024;

/// Longest phrase that is sought, in bytes; the windows' context covers it.
pub(super) const MAX_WORD_BYTES: usize = 120;

/// The words of all document classes as one automaton.
pub(super) struct Cues {
    words: Option<AhoCorasick>,
    /// For each pattern: class and bit of the word.
    meanings: Vec<(u16, u32)>,
}

impl Cues {
    /// An automaton of the classes' text words. Words are lower case; texts may be in any case.
    pub(super) fn new(classes: &[DocumentClass]) -> Self {
        let mut patterns = Vec::new();
        let mut meanings = Vec::new();
        for (class, index) in classes.iter().zip(0_u16..) {
            let words = class.words_text.iter();
            let words = words.filter(|word| !word.is_empty() && word.len() <= MAX_WORD_BYTES);
            for (bit, word) in words.enumerate() {
                let meaning = (index, 1 << bit.min(31));
                // The automaton ignores the case of ASCII letters; words with others are added in
                // capitals too.
                for form in [word.clone(), word.to_uppercase()] {
                    if !patterns.contains(&form) || form == *word {
                        patterns.push(form);
                        meanings.push(meaning);
                    }
                    if word.is_ascii() {
                        break;
                    }
                }
            }
        }
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&patterns);
        Self {
            words: words.ok().filter(|_| !patterns.is_empty()),
            meanings,
        }
    }

    /// The words that begin in the window's body, as far as it lies in scope.
    pub(super) fn seen(&self, cut: &Cut<'_>) -> Vec<ClassCue> {
        let scope = usize::try_from(SCOPE_BYTES.saturating_sub(cut.base)).unwrap_or(usize::MAX);
        let body_end = cut.window.body.end.min(scope);
        let Some(words) = &self.words else {
            return Vec::new();
        };
        if cut.window.body.start >= body_end {
            return Vec::new();
        }
        let bytes = cut.window.text.as_bytes();
        let end = bytes.len().min(body_end + MAX_WORD_BYTES);
        let text = bytes.get(cut.window.body.start..end).unwrap_or_default();
        let mut cues: Vec<ClassCue> = Vec::new();
        for found in words.find_overlapping_iter(text) {
            let start = cut.window.body.start + found.start();
            let Some(&(class, bit)) = self.meanings.get(found.pattern().as_usize()) else {
                continue;
            };
            if start >= body_end || in_word(cut.window.text, start) {
                continue;
            }
            match cues.iter_mut().find(|cue| cue.class == class) {
                Some(cue) => cue.words |= bit,
                None => cues.push(ClassCue { class, words: bit }),
            }
        }
        cues.sort_by_key(|cue| cue.class);
        cues
    }
}

/// Whether a letter stands right before byte `at`. What follows a word may be an ending.
fn in_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    before.is_some_and(char::is_alphanumeric)
}
