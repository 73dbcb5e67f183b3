//! Words that say something together: labels of two words (`Birth date`, `national_id`), and labels for one or
//! the other (`Fødselsnr./org.nr.`). What a word says by itself, `words` tells.

use super::context::{MAX_WORD, is_of_word, of_word, step};
use super::letters::char_before;
use super::words::{Concepts, sense_of};

/// What may stand between the two words of a label, besides one opening bracket: `Født (dato)`.
const BETWEEN: [char; 3] = [' ', '_', '\u{a0}'];

/// What a word, which by itself speaks of `own`, says with the one beside it; `before` and `rest` stand on either
/// side of it.
pub(super) fn with_neighbours(word: &str, own: Concepts, before: &str, rest: &str) -> Concepts {
    // Of phrases that begin with one or two letters the second word is asked for the first.
    let begins = word.len() > 2 || !own.is_empty();
    let next = next(rest).filter(|_| begins);
    let next = next.map_or(Concepts::NONE, |next| together(word, next));
    if next.is_empty() && own.is_empty() {
        return own;
    }
    // What is left out of a compound says nothing without it: `Fødselsdato og -sted`.
    if before.ends_with(" -") {
        return Concepts::NONE;
    }
    let said = if next.is_empty() { own } else { next };
    let Some((between, last)) = last(before) else {
        return said;
    };
    if between.contains('/') {
        return said.and(of_word(last));
    }
    let both = together(last, word);
    if both.is_empty() { said } else { both }
}

/// What a phrase of two words speaks of.
pub(super) fn together(one: &str, two: &str) -> Concepts {
    let mut room = [0; MAX_WORD];
    let length = one.len() + 1 + two.len();
    let Some(phrase) = room.get_mut(..length) else {
        return Concepts::NONE;
    };
    let letters = one.bytes().chain([b' ']).chain(two.bytes());
    for (slot, byte) in phrase.iter_mut().zip(letters) {
        *slot = byte.to_ascii_lowercase();
    }
    sense_of(phrase)
}

/// The word behind, where nothing but what joins two words stands between.
fn next(rest: &str) -> Option<&str> {
    let begun = rest.strip_prefix(BETWEEN)?;
    let begun = begun.strip_prefix('(').unwrap_or(begun);
    let mut end = 0;
    while is_of_word(begun, end) && end < MAX_WORD {
        end += step(begun, end)?.0;
    }
    begun.get(..end).filter(|word| !word.is_empty())
}

/// The word before, and what stands between: what joins two words, or a stroke for one or the other.
fn last(before: &str) -> Option<(&str, &str)> {
    let ended = before.strip_suffix(BETWEEN).unwrap_or(before);
    let ended = if let Some(either) = ended.strip_suffix('/') {
        let either = either.strip_suffix(BETWEEN).unwrap_or(either);
        either.strip_suffix('.').unwrap_or(either)
    } else {
        let inside = ended.strip_suffix('(').unwrap_or(ended);
        inside.strip_suffix(BETWEEN).unwrap_or(inside)
    };
    let mut start = ended.len();
    while let Some(c) = char_before(ended, start).filter(|c| c.is_alphanumeric() || *c == '.') {
        start -= c.len_utf8();
        if ended.len() - start > MAX_WORD {
            return None;
        }
    }
    let word = ended.get(start..).filter(|word| !word.is_empty())?;
    Some((before.get(ended.len()..)?, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(before: &str, word: &str, rest: &str) -> Concepts {
        with_neighbours(word, of_word(word), before, rest)
    }

    #[test]
    fn labels_of_two_words_are_told_from_either() {
        assert_eq!(said("", "national", " identity no: "), Concepts::FNR);
        assert_eq!(said("Birth ", "date", ": "), Concepts::BIRTH);
        assert_eq!(said("birth_", "date", "=\""), Concepts::BIRTH);
        assert_eq!(said("Født (", "dato", "): "), Concepts::BIRTH);
        assert_eq!(said("ID ", "card", ": "), Concepts::PASSPORT);
        assert_eq!(said("Birth. ", "date", " "), Concepts::DATE);
        assert_eq!(said("", "national", " team "), Concepts::NONE);
        assert_eq!(
            said("Company ", "registration", " no. "),
            Concepts::ORGANISATION
        );
        assert_eq!(said("Fødselsdato og -", "sted", ": "), Concepts::NONE);
    }

    #[test]
    fn one_or_the_other_is_both() {
        let both = Concepts::FNR.and(Concepts::ORGANISATION);
        assert_eq!(said("Fødselsnr./", "org.nr", ".: "), both);
        assert_eq!(said("fnr / ", "orgnr", " "), both);
        assert_eq!(said("side 3/", "orgnr", " "), Concepts::ORGANISATION);
    }
}
