//! Words that suggest what kind of document a text is.
//!
//! Only the first part of an object's text is looked at: what a document is, it says early.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::beginnings::{self, Eight, SLOTS, eight, slot_of_word};
use super::cut::Cut;
use super::slots::{Filter, Slots};
use crate::model::{ClassCue, DocumentClass, Layout};

/// How much of an object's text is looked at, in bytes.
const SCOPE_BYTES: u64 = 256 * 1024;

/// Longest phrase that is sought, in bytes; the windows' context covers it.
pub(super) const MAX_WORD_BYTES: usize = 120;

/// The words of all document classes. Nearly all have a letter of ASCII early and are sought where those
/// begin; an automaton for all of them took a ninth of a scan without names.
pub(super) struct Cues {
    filter: Filter<{ SLOTS / 64 }>,
    words: Slots<Word>,
    /// The words that do not, such as `3. gangs`, as one automaton, and what they mean.
    others: Option<AhoCorasick>,
    meanings: Vec<(u16, u32)>,
}

/// A word that suggests a class.
#[derive(Clone)]
struct Word {
    /// Its letters; those of ASCII stand for both cases.
    form: String,
    /// Bytes before its first letter of ASCII: two of `årsregnskap`.
    back: usize,
    /// The bytes from there on.
    first: Eight,
    /// The class, and the bit of the word.
    meaning: (u16, u32),
}

impl Cues {
    /// The classes' text words. Words are lower case; texts may be in any case.
    pub(super) fn new(classes: &[DocumentClass]) -> Self {
        let (begin, others): (Vec<Word>, Vec<Word>) = forms(classes).partition(Word::has_slot);
        let slots = |word: Word| {
            let slots = (0..).map_while(|follower| slot_of_word(word.plain_part(), follower));
            let slots: Vec<usize> = slots.collect();
            slots.into_iter().map(move |slot| (slot, word.clone()))
        };
        let begin: Vec<_> = begin.into_iter().flat_map(slots).collect();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(others.iter().map(|word| &word.form));
        Self {
            filter: begin
                .iter()
                .fold(Filter::EMPTY, |filter, (slot, _)| filter.with(*slot)),
            words: Slots::new(SLOTS, begin.into_iter()),
            meanings: others.iter().map(|word| word.meaning).collect(),
            others: automaton.ok().filter(|_| !others.is_empty()),
        }
    }

    /// Whether the words of a window are among the marks that detectors look at: those of running text, as far as
    /// it lies in scope.
    pub(super) fn are_marks_of(cut: &Cut<'_>) -> bool {
        matches!(cut.layout, Layout::Flow { .. }) && !in_scope(cut).is_empty()
    }

    /// Whether words of classes begin as those of this slot do.
    #[inline]
    pub(super) fn may_begin(&self, slot: usize) -> bool {
        self.filter.has(slot)
    }

    /// The words that begin in the window's body, as far as it lies in scope.
    pub(super) fn seen(&self, cut: &Cut<'_>) -> Vec<ClassCue> {
        let body = in_scope(cut);
        if body.is_empty() {
            return Vec::new();
        }
        let bytes = cut.window.text.as_bytes();
        let end = bytes.len().min(body.end + MAX_WORD_BYTES);
        let mut marked = Vec::new();
        beginnings::each(bytes, body.start..end, |at, slot| {
            if self.may_begin(slot) {
                marked.push((at, slot));
            }
        });
        self.marked(cut, &marked)
    }

    /// The same, where `marked` are the first bytes of ASCII and the slots of all words that [`Self::may_begin`].
    pub(super) fn marked(&self, cut: &Cut<'_>, marked: &[(usize, usize)]) -> Vec<ClassCue> {
        let body = in_scope(cut);
        let bytes = cut.window.text.as_bytes();
        let mut cues: Vec<ClassCue> = Vec::new();
        let mut take = |start: usize, (class, bit): (u16, u32)| {
            if in_word(cut.window.text, start) {
                return;
            }
            match cues.iter_mut().find(|cue| cue.class == class) {
                Some(cue) => cue.words |= bit,
                None => cues.push(ClassCue { class, words: bit }),
            }
        };
        for (at, slot) in marked {
            let read = eight(bytes, *at);
            for word in self.words.of(*slot) {
                if !word.first.begins(read) {
                    continue;
                }
                let start = at
                    .checked_sub(word.back)
                    .filter(|start| body.contains(start));
                let here = start.and_then(|start| bytes.get(start..start + word.form.len()));
                if here.is_some_and(|here| here.eq_ignore_ascii_case(word.form.as_bytes())) {
                    take(at - word.back, word.meaning);
                }
            }
        }
        let end = bytes.len().min(body.end + MAX_WORD_BYTES);
        let text = bytes.get(body.start..end).unwrap_or_default();
        for found in self
            .others
            .iter()
            .flat_map(|others| others.find_overlapping_iter(text))
        {
            let start = body.start + found.start();
            let meaning = self.meanings.get(found.pattern().as_usize());
            if let Some(meaning) = meaning.filter(|_| start < body.end) {
                take(start, *meaning);
            }
        }
        cues.sort_by_key(|cue| cue.class);
        cues
    }
}

/// The body of a window, as far as it lies in scope.
fn in_scope(cut: &Cut<'_>) -> Range<usize> {
    let scope = usize::try_from(SCOPE_BYTES.saturating_sub(cut.base)).unwrap_or(usize::MAX);
    let Range { start, end } = cut.window.body;
    start..end.min(scope)
}

/// All words in their forms: those with letters outside ASCII are written in capitals too.
fn forms(classes: &[DocumentClass]) -> impl Iterator<Item = Word> {
    classes.iter().zip(0_u16..).flat_map(|(class, index)| {
        let words = class.words_text.iter();
        let words = words.filter(|word| !word.is_empty() && word.len() <= MAX_WORD_BYTES);
        words.enumerate().flat_map(move |(bit, word)| {
            let capitals = (!word.is_ascii()).then(|| word.to_uppercase());
            let meaning = (index, 1 << bit.min(31));
            std::iter::once(word.clone())
                .chain(capitals)
                .map(move |form| Word::new(form, meaning))
        })
    })
}

impl Word {
    fn new(form: String, meaning: (u16, u32)) -> Self {
        let back = form.bytes().take_while(|byte| !byte.is_ascii()).count();
        Self {
            first: Eight::of(form.as_bytes().get(back..).unwrap_or_default()),
            form,
            back,
            meaning,
        }
    }

    fn plain_part(&self) -> &[u8] {
        self.form.as_bytes().get(self.back..).unwrap_or_default()
    }

    /// Whether the word is sought by its slot: three bytes from its first letter of ASCII on.
    fn has_slot(&self) -> bool {
        let from = self.plain_part();
        from.len() >= 3 && from.first().is_some_and(u8::is_ascii_alphabetic)
    }
}

/// Whether a letter stands right before byte `at`. What follows a word may be an ending.
fn in_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    before.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{SampleWish, Scanner};
    use super::*;
    use crate::model::DigestKey;

    fn classes() -> Vec<DocumentClass> {
        let words = [
            &["søknad på stilling", "cv", "åpen søknad", "work experience"][..],
            &["utdanning", "3. gangs", "søknad", "Œuvre", "kid", "øø"],
        ];
        let class = |words: &[&str]| DocumentClass {
            id: String::new(),
            words_path: vec![],
            words_text: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        words.into_iter().map(class).collect()
    }

    /// The same, at every byte and without a filter.
    fn plainly(text: &str) -> Vec<ClassCue> {
        let mut cues: Vec<ClassCue> = Vec::new();
        for (start, _) in text.char_indices() {
            for Word { form, meaning, .. } in forms(&classes()) {
                let here = text.as_bytes().get(start..start + form.len());
                let is_it = here.is_some_and(|here| here.eq_ignore_ascii_case(form.as_bytes()));
                if !is_it || in_word(text, start) {
                    continue;
                }
                let (class, words) = meaning;
                match cues.iter_mut().find(|cue| cue.class == class) {
                    Some(cue) => cue.words |= words,
                    None => cues.push(ClassCue { class, words }),
                }
            }
        }
        cues.sort_by_key(|cue| cue.class);
        cues
    }

    proptest! {
        /// Planted fault that this caught: words of two letters sought by their slot, which the
        /// letter behind them changes.
        #[test]
        fn words_are_those_of_a_plain_search(
            text in "(søknad|SØKNAD|Søknad på stilling|cv|CVen|åpen søknad|Åpen søknad|work Experience|\
                utdanninga|3\\. GANGS|Œuvre|kid|KID|kidæ|øø|[ \\n.-]|[a-zæøåÆØÅ]{1,3}|x){0,24}",
        ) {
            let cues = Cues::new(&classes());
            let cut = Cut::of_text(&text);
            prop_assert_eq!(cues.seen(&cut), plainly(&text));
            let scanner = Scanner::new(DigestKey::new([0; 16]), classes().into());
            prop_assert_eq!(scanner.sight(&cut, SampleWish::None).cues, plainly(&text));
        }
    }
}
