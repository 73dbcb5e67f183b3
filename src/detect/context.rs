//! Words near a number or an address, and what they say of it.
//!
//! The look is bounded by constants, goes only to plausible candidates, and knows no line but the
//! candidate's own and those right before it. It raises or lowers; it never decides alone.

use std::ops::Range;

use super::detector::Window;
use super::letters::is_letter;
use super::phrases;
use super::spot::Spot;
use super::words::{Concepts, sense, sense_of};

/// How far back a word may begin that says something of a candidate, in bytes.
pub(super) const LOOK_BACK: usize = 60;

/// How far behind a candidate a word may end that says something of it, in bytes.
pub(super) const LOOK_AHEAD: usize = 28;

/// Longest word that is looked up, in bytes.
pub(super) const MAX_WORD: usize = 40;

/// What stands before a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Before {
    /// What the nearest telling word on the candidate's own line speaks of.
    pub nearest: Concepts,
    /// How many bytes lie between that word and the candidate.
    pub gap: usize,
    /// What the nearest telling word on earlier lines speaks of, where the own line has none.
    pub above: Concepts,
    /// What all words on the own line speak of.
    pub line: Concepts,
}

impl Before {
    /// Whether the nearest telling word, on the own line or above it, is one of these.
    pub(super) fn labels(&self, concepts: Concepts) -> bool {
        if self.nearest.is_empty() {
            self.above.meet(concepts)
        } else {
            self.nearest.meet(concepts)
        }
    }
}

/// Looks at the words before byte `start`.
pub(super) fn before(window: &Window<'_>, spot: &Spot, start: usize) -> Before {
    if !spot.worded {
        return Before::default();
    }
    window.telling.before(window.text, start)
}

/// How object identifiers of registers begin: the only words without letters.
pub(super) const IDENTIFIER: &str = "2.16.";

/// Where object identifiers may begin in these bytes.
pub(super) fn identifiers(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let first = IDENTIFIER.as_bytes()[0];
    memchr::memchr_iter(first, bytes).filter(|at| {
        let rest = bytes.get(*at..).unwrap_or_default();
        rest.starts_with(IDENTIFIER.as_bytes())
    })
}

/// Longest remark in brackets between a label and its number, in bytes.
const REMARK: usize = 24;

/// Like [`before`], but where a remark in brackets stands right before the candidate and says something of another
/// kind, it is the words before the remark that count: `Bankkonto (NOK) 8601 11 17947`.
pub(super) fn before_remark(window: &Window<'_>, spot: &Spot, start: usize) -> Before {
    let own = before(window, spot, start);
    let Some(opening) = remark(window.text, start) else {
        return own;
    };
    let outside = before(window, spot, opening);
    if outside.nearest.is_empty() {
        return own;
    }
    Before {
        gap: outside.gap + start - opening,
        ..outside
    }
}

/// Where a short remark in brackets, without digits, begins that stands right before byte `start`.
fn remark(text: &str, start: usize) -> Option<usize> {
    let before = text.get(..start)?;
    let inside = before
        .trim_end_matches([' ', ':', '\u{a0}'])
        .strip_suffix(')')?;
    let near = inside.get(inside.ceil_char_boundary(inside.len().saturating_sub(REMARK))..)?;
    let (_, said) = near.rsplit_once('(')?;
    let plain = !said.contains(|c: char| c.is_ascii_digit() || matches!(c, ')' | '\n'));
    plain.then(|| inside.len() - said.len() - 1)
}

/// What the words after byte `end` speak of, up to the end of the line or the next digit.
pub(super) fn after(window: &Window<'_>, end: usize) -> Concepts {
    window.telling.after(window.text, end)
}

/// The same, read from the text.
pub(super) fn plainly_after(text: &str, end: usize) -> Concepts {
    let to = text.floor_char_boundary(end + LOOK_AHEAD);
    let Some(slice) = text.get(end..to) else {
        return Concepts::NONE;
    };
    let stop = slice.find(|c: char| c == '\n' || c.is_ascii_digit());
    let slice = stop.and_then(|at| slice.get(..at)).unwrap_or(slice);
    let cut = stop.is_none() && touches_word(text, to);
    let mut concepts = Concepts::NONE;
    for (word, range) in words(slice) {
        if !(cut && range.end == slice.len()) {
            let before = text.get(..end + range.start).unwrap_or_default();
            let rest = text.get(end + range.end..).unwrap_or_default();
            concepts = concepts.and(told_by(word, before, rest));
        }
    }
    concepts
}

/// Whether the word that stands `gap` bytes before byte `start` has a number of its own behind it, and
/// other text follows that number: `Gebyr 750 kroner, betalt av Kari (`. Then it is not said of the
/// candidate.
pub(super) fn has_own_number(text: &str, start: usize, gap: usize) -> bool {
    let between = start
        .checked_sub(gap)
        .and_then(|from| text.get(from..start));
    let between = between.unwrap_or_default();
    between
        .rfind(|c: char| c.is_ascii_digit())
        .is_some_and(|last| {
            let behind = between.get(last + 1..).unwrap_or_default();
            behind.contains(|c: char| c.is_alphabetic() || matches!(c, ',' | ';'))
        })
}

/// What a word speaks of, given what stands before it and what follows.
pub(super) fn told_by(word: &str, before: &str, rest: &str) -> Concepts {
    if word.len() > MAX_WORD {
        return Concepts::NONE;
    }
    let concepts = phrases::with_neighbours(word, of_word(word), before, rest);
    // A single letter is a label only with its colon: `T: 21 23 45 67`. `f.` is born.
    if concepts == Concepts::LETTER && !rest.starts_with(':') {
        return Concepts::NONE;
    }
    concepts
}

/// What a word speaks of by itself.
pub(super) fn of_word(word: &str) -> Concepts {
    // Numbers are no words, but for the object identifiers of HL7.
    if word.starts_with(|c: char| c.is_ascii_digit()) && !word.starts_with(IDENTIFIER) {
        return Concepts::NONE;
    }
    let whole = of_lower_case(word);
    if whole.is_empty() {
        of_last_part(word)
    } else {
        whole
    }
}

/// What the end of a joined word speaks of: `kundeFnr`, `person.fnr`, `mottakerKontoNr`.
fn of_last_part(word: &str) -> Concepts {
    let mut after_small = false;
    for (at, c) in word.char_indices() {
        let hump = c.is_uppercase() && after_small;
        let separator = matches!(c, '.' | '-');
        after_small = c.is_lowercase();
        if hump || separator {
            let part = word.get(at + usize::from(separator)..).unwrap_or_default();
            let concepts = of_lower_case(part);
            if !concepts.is_empty() {
                return concepts;
            }
        }
    }
    Concepts::NONE
}

fn of_lower_case(word: &str) -> Concepts {
    let mut room = [0; MAX_WORD];
    let bytes = word.as_bytes();
    match room.get_mut(..bytes.len()) {
        Some(lower) if word.is_ascii() => {
            lower.copy_from_slice(bytes);
            lower.make_ascii_lowercase();
            sense_of(lower)
        }
        _ => sense(&word.to_lowercase()),
    }
}

/// The words of a text: letters and digits, with single full stops and hyphens inside.
pub(super) fn words(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while !is_of_word(text, at) {
            at += step(text, at)?.0;
        }
        let start = at;
        while continues(text, at) {
            at += step(text, at)?.0;
        }
        Some((text.get(start..at)?, start..at))
    })
}

/// Whether a word that stands right before byte `at` goes on there: with a letter or digit, or a full stop
/// or hyphen before one.
pub(super) fn continues(text: &str, at: usize) -> bool {
    match step(text, at) {
        Some((_, true)) => true,
        Some((_, false)) => is_joint(text, at) && is_of_word(text, at + 1),
        None => false,
    }
}

pub(super) fn is_of_word(text: &str, at: usize) -> bool {
    step(text, at).is_some_and(|(_, of_word)| of_word)
}

pub(super) fn is_joint(text: &str, at: usize) -> bool {
    matches!(text.as_bytes().get(at), Some(b'.' | b'-'))
}

/// The width of the character at `at`, and whether it is a letter or digit.
pub(super) fn step(text: &str, at: usize) -> Option<(usize, bool)> {
    let byte = text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return Some((1, byte.is_ascii_alphanumeric()));
    }
    let c = text.get(at..)?.chars().next()?;
    Some((c.len_utf8(), is_letter(c) || c.is_numeric()))
}

/// Whether letters or digits stand on both sides of byte `at`.
fn touches_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at..).and_then(|text| text.chars().next());
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::super::cut::Cut;
    use super::*;

    fn look(text: &str) -> Before {
        let window = Cut::of_text(text).window;
        window.telling.before(text, text.len())
    }

    #[test]
    fn the_nearest_word_of_the_line_wins() {
        assert!(look("Konto 8601.11.17947, fnr. ").labels(Concepts::FNR));
        assert!(!look("Fnr 15816595016, kontonr: ").labels(Concepts::FNR));
        assert!(look("F.nr. ").labels(Concepts::FNR));
        assert!(look("kundeFnr=\"").labels(Concepts::FNR));
        assert!(look("T: ").labels(Concepts::LETTER));
        assert!(!look("plan T ").labels(Concepts::LETTER));
    }

    #[test]
    fn a_line_above_may_label_but_not_when_the_own_line_does() {
        assert!(look("Fødselsnummer\n").labels(Concepts::FNR));
        assert!(!look("Fødselsnummer\nKonto ").labels(Concepts::FNR));
    }

    #[test]
    fn words_behind_count_up_to_the_next_number() {
        let text = "15816595016 (fnr)";
        assert!(plainly_after(text, 11).meet(Concepts::FNR));
        let text = "15816595016, 22334455 fnr";
        assert!(plainly_after(text, 11).is_empty());
    }

    #[test]
    fn a_word_with_a_number_of_its_own_says_nothing_of_the_next() {
        let own = |text: &str, gap: &str| has_own_number(text, text.len(), gap.len());
        assert!(own("Gebyr kr 750, Kari ", " 750, Kari "));
        assert!(own("ordre 4711 til Kari ", " 4711 til Kari "));
        assert!(!own("ordre 2024-11 ", " 2024-11 "));
        assert!(!own("faktura nr. ", " nr. "));
    }

    #[test]
    fn a_word_that_the_look_cuts_into_is_none() {
        let text = format!("skonto{}", " ".repeat(LOOK_BACK - 5));
        assert_eq!(look(&text).nearest, Concepts::NONE);
    }
}
