//! The words before candidates, read once however many detectors ask.
//!
//! Many detectors look at the same sixty bytes before a number, and the next number's sixty bytes are
//! mostly the same again. The telling words of the stretch that was last read are kept. An answer
//! depends on the text alone, not on what was asked before: where a word begins is told by the two
//! characters before it.

use std::cell::RefCell;
use std::ops::Range;

use super::context::{Before, LOOK_BACK, told_by, words};
use super::words::Concepts;

/// The telling words near the candidates of one window that were looked at so far.
#[derive(Clone, Debug, Default)]
pub struct Telling(RefCell<Stretch>);

/// A stretch of text that was read.
#[derive(Clone, Debug, Default)]
struct Stretch {
    from: usize,
    /// Up to here all words are known; never within a word.
    to: usize,
    /// The words that tell something, in order.
    words: Vec<(usize, usize, Concepts)>,
    /// What was asked last, start and first byte of the bounds, and the answer.
    last: Option<(usize, usize, Before)>,
}

impl Telling {
    /// What the words before byte `start` speak of, as far as they lie within `bounds`.
    pub(super) fn before(&self, text: &str, bounds: &Range<usize>, start: usize) -> Before {
        if start <= bounds.start {
            return Before::default();
        }
        let mut stretch = self.0.borrow_mut();
        if let Some((at, first, answer)) = stretch.last
            && (at, first) == (start, bounds.start)
        {
            return answer;
        }
        let from = start.saturating_sub(LOOK_BACK).max(bounds.start);
        let from = text.ceil_char_boundary(from).min(start);
        let answer = stretch.look(text, from..start);
        stretch.last = Some((start, bounds.start, answer));
        answer
    }
}

impl Stretch {
    fn look(&mut self, text: &str, look: Range<usize>) -> Before {
        let begun = self.read(text, &look);
        let line = text.as_bytes().get(look.clone()).unwrap_or_default();
        let line = memchr::memrchr(b'\n', line).map_or(look.start, |at| look.start + at + 1);
        let mut seen = Before::default();
        let mut take = |range: Range<usize>, concepts: Concepts| {
            if range.start < line {
                seen.above = concepts;
            } else {
                seen.nearest = concepts;
                seen.gap = look.end - range.end;
                seen.line = seen.line.and(concepts);
            }
        };
        let first = self.words.partition_point(|word| word.0 < look.start);
        for &(start, end, concepts) in self.words.get(first..).unwrap_or_default() {
            if end <= look.end {
                take(start..end, concepts);
            }
        }
        // What touches the candidate is a word of its own: `fnr15108695088`.
        if let Some(slice) = begun.and_then(|at| text.get(at..look.end)) {
            let at = look.end - slice.len();
            for (word, range) in words(slice) {
                let concepts = told_by(word, slice.get(range.end..).unwrap_or_default());
                if !concepts.is_empty() {
                    take(at + range.start..at + range.end, concepts);
                }
            }
        }
        seen
    }

    /// Reads the words of `look`; tells where one begins that goes on beyond it.
    fn read(&mut self, text: &str, look: &Range<usize>) -> Option<usize> {
        if look.start < self.from || look.start > self.to || look.end < self.to {
            self.from = look.start;
            self.to = look.start;
            self.words.clear();
        }
        while let Some(start) = next_word(text, self.to..look.end) {
            let end = word_end(text, start, look.end);
            let Some(word) = end.and_then(|end| text.get(start..end)) else {
                self.to = start;
                return Some(start);
            };
            self.to = start + word.len();
            let concepts = told_by(word, text.get(self.to..).unwrap_or_default());
            if !concepts.is_empty() {
                self.words.push((start, self.to, concepts));
            }
        }
        self.to = look.end;
        None
    }
}

/// Where the next word begins within `range`. Nothing begins inside a word, nor behind a full stop or
/// hyphen inside one.
fn next_word(text: &str, range: Range<usize>) -> Option<usize> {
    let mut at = range.start;
    loop {
        let start = skip(text, at..range.end, false)?;
        let mut before = text.get(..start)?.chars().rev();
        let within = match before.next() {
            Some('.' | '-') => before.next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_alphanumeric(),
            None => false,
        };
        if !within {
            return Some(start);
        }
        // The rest of a word that began earlier.
        at = skip(text, start..range.end, true)?;
    }
}

/// Where the word ends that begins at `start`; `None` where it goes on at `limit`.
fn word_end(text: &str, start: usize, limit: usize) -> Option<usize> {
    let mut at = start;
    while let Some((width, of_word)) = step(text, at) {
        let joins = matches!(text.as_bytes().get(at), Some(b'.' | b'-'));
        let inside = joins && step(text, at + 1).is_some_and(|(_, of_word)| of_word);
        if !of_word && !inside {
            return Some(at);
        }
        if at >= limit {
            return None;
        }
        at += width;
    }
    (text.len() <= limit).then_some(text.len())
}

/// Where the first character of `range` stands that is no letter or digit, or is one, as `of_word`
/// is what is passed over.
fn skip(text: &str, range: Range<usize>, of_word: bool) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        let (width, one) = step(text, at)?;
        if one != of_word {
            return Some(at);
        }
        at += width;
    }
    None
}

/// How many bytes the character at `at` has, and whether it is a letter or digit. Most are ASCII,
/// for which that is far cheaper.
fn step(text: &str, at: usize) -> Option<(usize, bool)> {
    let byte = text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return Some((1, byte.is_ascii_alphanumeric()));
    }
    let c = text.get(at..)?.chars().next()?;
    Some((c.len_utf8(), c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Planted fault that this caught: keeping words of a stretch that ended before the look.
        #[test]
        fn answers_do_not_depend_on_what_was_asked_before(
            text in "([a-dFfTn:.\\- \n0-9æ]|fnr|konto|Tlf|\\.|, ){0,60}",
            asked in proptest::collection::vec(any::<prop::sample::Index>(), 1..12),
        ) {
            let borders: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
            let telling = Telling::default();
            let bounds = 0..text.len();
            for index in asked {
                let start = *index.get(&borders);
                let fresh = Telling::default().before(&text, &bounds, start);
                prop_assert_eq!(telling.before(&text, &bounds, start), fresh);
            }
        }
    }
}
