//! The telling words near candidates, read once however many detectors ask.
//!
//! Many detectors look at the same sixty bytes before a number, and the next number's sixty bytes are
//! mostly the same again. The stretch that was last read is kept, and read on. A filter of slots passes
//! over nearly all words; what speaks of something is kept with its place. An answer depends on the text
//! alone, not on what was asked before: a word is what stands between two borders of the whole text, and
//! what touches the candidate is read by itself.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::LazyLock;

use super::beginnings::{self, Eight, SLOTS, eight, slot_of_word, with_word};
use super::context::{
    self, Before, IDENTIFIER, LOOK_AHEAD, LOOK_BACK, MAX_WORD, continues, is_joint, is_of_word,
    step, told_by, words,
};
use super::letters::char_before;
use super::slots::{Filter, Slots};
use super::word_list::WORDS;
use super::words::Concepts;

/// The telling words near the candidates of one window that were looked at so far.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    stretch: RefCell<Stretch>,
    /// What was asked last, and the answer.
    last: Cell<Option<(usize, Before)>>,
}

/// A stretch of text that was read.
#[derive(Clone, Debug, Default)]
struct Stretch {
    from: usize,
    to: usize,
    /// Up to this byte no word is looked for: one that was looked at ends there.
    done: usize,
    /// The telling words of which a part begins in the stretch, in order.
    words: Vec<Word>,
}

/// A word that speaks of something.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    concepts: Concepts,
}

impl Telling {
    /// Forgets what was read: the next questions are of another text.
    pub(super) fn clear(&mut self) {
        let stretch = self.stretch.get_mut();
        stretch.words.clear();
        (stretch.from, stretch.to, stretch.done) = (0, 0, 0);
        self.last.set(None);
    }

    /// What is said in the text before byte `start`.
    pub(super) fn before(&self, text: &str, start: usize) -> Before {
        if start == 0 {
            return Before::default();
        }
        if let Some((at, answer)) = self.last.get()
            && at == start
        {
            return answer;
        }
        let from = text.ceil_char_boundary(start.saturating_sub(LOOK_BACK));
        let answer = self.look_back(text, from.min(start)..start);
        self.last.set(Some((start, answer)));
        answer
    }

    fn look_back(&self, text: &str, look: Range<usize>) -> Before {
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
        let mut stretch = self.stretch.borrow_mut();
        for word in stretch.read(text, &look) {
            if word.end <= look.end {
                take(word.start..word.end, word.concepts);
            }
        }
        // What touches the candidate is a word of its own: `fnr15108695088`.
        if goes_on(text, look.end)
            && let Some(start) =
                begin(text, look.end, LOOK_BACK).filter(|at| (look.start..look.end).contains(at))
            && let Some(slice) = text.get(start..look.end)
        {
            for (word, range) in words(slice) {
                let before = text.get(..start + range.start).unwrap_or_default();
                let concepts = told_by(word, before, slice.get(range.end..).unwrap_or_default());
                if !concepts.is_empty() {
                    take(start + range.start..start + range.end, concepts);
                }
            }
        }
        seen
    }

    /// What is said in the text behind byte `end`, before the line ends and before the next digit.
    pub(super) fn after(&self, text: &str, end: usize) -> Concepts {
        if end >= text.len() {
            return Concepts::NONE;
        }
        let to = text.floor_char_boundary(end + LOOK_AHEAD);
        let Some(slice) = text.get(end..to) else {
            return Concepts::NONE;
        };
        let stop = slice
            .bytes()
            .position(|byte| byte == b'\n' || byte.is_ascii_digit());
        let limit = stop.map_or(to, |stop| end + stop);
        // Words that the look begins or ends within are not those of the text.
        let colon = text.as_bytes().get(limit) == Some(&b':');
        if colon || goes_on(text, end) || goes_on(text, limit) {
            return context::plainly_after(text, end);
        }
        let mut stretch = self.stretch.borrow_mut();
        let within = stretch.read(text, &(end..limit)).iter();
        let within = within.filter(|word| word.end <= limit);
        within.fold(Concepts::NONE, |all, word| all.and(word.concepts))
    }
}

impl Stretch {
    /// The telling words that begin in `look`.
    fn read(&mut self, text: &str, look: &Range<usize>) -> &[Word] {
        if look.start < self.from || look.start > self.to {
            self.words.clear();
            (self.from, self.to, self.done) = (look.start, look.start, look.start);
        }
        if self.to < look.end {
            self.read_on(text, look.end);
        }
        let first = self.words.partition_point(|word| word.start < look.start);
        let last = self.words.partition_point(|word| word.start < look.end);
        self.words.get(first..last).unwrap_or_default()
    }

    fn read_on(&mut self, text: &str, to: usize) {
        let bytes = text.as_bytes();
        let news = std::mem::replace(&mut self.to, to)..to;
        let known = self.words.len();
        beginnings::of_parts(bytes, news.clone(), |at, slot| {
            if at >= self.done
                && (FILTER.has(slot) && is_known(bytes, at, slot) || may_be_short(bytes, at))
            {
                self.take(text, at);
            }
        });
        let wide = news.start..(to + IDENTIFIER.len() - 1).min(bytes.len());
        let fresh = bytes.get(wide).unwrap_or_default();
        let mut found = false;
        for at in context::identifiers(fresh) {
            self.take(text, news.start + at);
            found = true;
        }
        if found {
            let fresh = self.words.get_mut(known..).unwrap_or_default();
            fresh.sort_by_key(|word| word.start);
        }
    }

    /// Keeps the word of which byte `at` is, where it is a telling one.
    fn take(&mut self, text: &str, at: usize) {
        let Some(start) = begin(text, at, MAX_WORD) else {
            return;
        };
        let Some(end) = end(text, at, start + MAX_WORD) else {
            return;
        };
        self.done = self.done.max(end);
        let rest = text.get(end..).unwrap_or_default();
        let before = text.get(..start).unwrap_or_default();
        let concepts = told_by(text.get(start..end).unwrap_or_default(), before, rest);
        if !concepts.is_empty() {
            self.words.push(Word {
                start,
                end,
                concepts,
            });
        }
    }
}

/// The slots that a word of the lexicon, from its first letter on, takes whatever follows it.
static FILTER: Filter<{ SLOTS / 64 }> = filter();

const fn filter() -> Filter<{ SLOTS / 64 }> {
    let mut filter = Filter::EMPTY;
    let mut index = 0;
    while index < WORDS.len() {
        filter = with_word(filter, first_part(WORDS[index].0));
        index += 1;
    }
    filter
}

/// The words of the lexicon by their slots, from their first letter on, and whether they must stand whole.
static INDEX: LazyLock<Slots<(Eight, usize, bool)>> = LazyLock::new(|| {
    let entries = WORDS.iter().flat_map(|(word, whole, _)| {
        let part = first_part(word);
        let whole = *whole || word.contains(' ');
        let slots = (0..).map_while(|follower| slot_of_word(part, follower));
        slots.map(move |slot| (slot, (Eight::of(part), part.len(), whole)))
    });
    Slots::new(SLOTS, entries)
});

/// Whether a word of the lexicon seems to begin at byte `at`.
fn is_known(bytes: &[u8], at: usize, slot: usize) -> bool {
    let read = eight(bytes, at);
    INDEX.of(slot).iter().any(|(first, length, whole)| {
        let longer = || {
            bytes
                .get(at + length)
                .is_some_and(u8::is_ascii_alphanumeric)
        };
        first.begins(read) && !(*whole && longer())
    })
}

/// An entry's first word, from its first ASCII letter on; nothing where it has none.
const fn first_part(entry: &str) -> &[u8] {
    let word = entry.as_bytes();
    let mut end = 0;
    while end < word.len() && word[end] != b' ' {
        end += 1;
    }
    letters_on(word.split_at(end).0)
}

/// A word from its first ASCII letter on; nothing where it has none.
const fn letters_on(mut word: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = word {
        if first.is_ascii_alphabetic() {
            return word;
        }
        word = rest;
    }
    word
}

/// The words of one and two letters, by the first: a bit for no second letter, and one for each. Phrases that begin
/// with one (`id card`) are told from their second word, since `id` stands in every line of some texts.
static SHORT: [u32; 26] = {
    let mut short = [0; 26];
    let mut index = 0;
    while index < WORDS.len() {
        match letters_on(WORDS[index].0.as_bytes()) {
            [one] => short[(*one - b'a') as usize] |= 1,
            [one, two] => short[(*one - b'a') as usize] |= 2 << (*two - b'a'),
            _ => {}
        }
        index += 1;
    }
    short
};

/// Whether the letters at byte `at` may be a word of one or two letters.
fn may_be_short(bytes: &[u8], at: usize) -> bool {
    let letter = |at: usize| {
        let byte = bytes.get(at).map(u8::to_ascii_lowercase);
        byte.filter(u8::is_ascii_lowercase).map(|byte| byte - b'a')
    };
    let (first, second) = (letter(at), letter(at + 1));
    let known = first
        .and_then(|first| SHORT.get(usize::from(first)))
        .copied();
    match second {
        Some(second) => {
            known.is_some_and(|known| known >> (second + 1) & 1 == 1) && letter(at + 2).is_none()
        }
        None => known.is_some_and(|known| known & 1 == 1),
    }
}

/// Whether a word that begins before byte `at` goes on there.
fn goes_on(text: &str, at: usize) -> bool {
    match step_back(text, at) {
        Some((_, true)) => continues(text, at),
        Some((_, false)) => joined_before(text, at) && is_of_word(text, at),
        None => false,
    }
}

/// Where the word begins of which the character before byte `at`, or the one there, is; `None` where that is
/// more than `most` bytes before.
fn begin(text: &str, at: usize, most: usize) -> Option<usize> {
    let mut start = at;
    while at - start <= most {
        let joined = || joined_before(text, start) && is_of_word(text, start);
        match step_back(text, start) {
            Some((width, true)) => start -= width,
            Some((width, false)) if joined() => start -= width,
            _ => return Some(start),
        }
    }
    None
}

/// The byte after the word of which byte `at` is; `None` where it goes on at `limit`.
fn end(text: &str, at: usize, limit: usize) -> Option<usize> {
    let mut end = at;
    while continues(text, end) {
        if end >= limit {
            return None;
        }
        end += step(text, end).map_or(1, |(width, _)| width);
    }
    Some(end)
}

/// Whether a full stop or hyphen stands right before byte `at`, and a letter or digit before that.
fn joined_before(text: &str, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|joint| {
        is_joint(text, joint) && step_back(text, joint).is_some_and(|(_, of_word)| of_word)
    })
}

/// The width of the character before `at`, and whether it is a letter or digit.
fn step_back(text: &str, at: usize) -> Option<(usize, bool)> {
    char_before(text, at).map(|c| (c.len_utf8(), c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, from all words of the text.
    fn plainly(text: &str, start: usize) -> Before {
        let from = start.saturating_sub(LOOK_BACK);
        let look = text.ceil_char_boundary(from).min(start)..start;
        let slice = |range: Range<usize>| text.get(range).unwrap();
        let line = slice(look.clone()).rfind('\n');
        let line = line.map_or(look.start, |at| look.start + at + 1);
        let mut seen = Before::default();
        let mut take = |range: Range<usize>, to: usize| {
            let concepts = told_by(
                slice(range.clone()),
                slice(0..range.start),
                slice(range.end..to),
            );
            match (concepts.is_empty(), range.start < line) {
                (true, _) => {}
                (false, true) => seen.above = concepts,
                (false, false) => {
                    (seen.nearest, seen.gap) = (concepts, look.end - range.end);
                    seen.line = seen.line.and(concepts);
                }
            }
        };
        for (_, range) in words(text).filter(|(_, range)| look.contains(&range.start)) {
            if range.end <= look.end {
                take(range, text.len());
                continue;
            }
            for (_, part) in words(slice(range.start..look.end)) {
                take(range.start + part.start..range.start + part.end, look.end);
            }
        }
        seen
    }

    fn texts() -> impl Strategy<Value = String> {
        let known = || prop::sample::select(WORDS).prop_map(|entry| entry.0.to_owned());
        let part = prop_oneof![
            4 => known(),
            2 => known().prop_map(|word| word.to_uppercase()),
            2 => (known(), known()).prop_map(|(one, two)| {
                let mut chars = two.chars();
                let first = chars.next().into_iter().flat_map(char::to_uppercase);
                one + &first.chain(chars).collect::<String>()
            }),
            6 => "[a-dFfTn:.\\- \n0-9æÅé]|, |:",
            1 => "[a-z]{38,42}",
        ];
        prop::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
    }

    proptest! {
        /// Planted faults that this caught: short words left to the filter of slots; a hump of a word that is
        /// no beginning.
        #[test]
        fn words_are_those_of_a_plain_reading(
            text in texts(),
            asked in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8),
        ) {
            let borders: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
            let telling = Telling::default();
            for (one, other) in asked {
                let (one, other) = (*one.get(&borders), *other.get(&borders));
                for at in [one, other] {
                    prop_assert_eq!(telling.before(&text, at), plainly(&text, at), "{}", at);
                    prop_assert_eq!(telling.after(&text, at), context::plainly_after(&text, at), "{}", at);
                }
            }
        }
    }
}
