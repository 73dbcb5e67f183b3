//! Words beside a place in a text.

use unicode_normalization::UnicodeNormalization;

use crate::detect::gazetteer::{Lists, NAMES};
use crate::detect::letters::{self, is_letter, push_lower};
use crate::detect::names::word::{is_accent, is_joint};

/// Bytes of the longest word that is looked at.
const MAX_WORD: usize = 64;

/// The word that ends `before` but for spaces and quotation marks, and what stands between.
pub(super) fn word_before(before: &str) -> (&str, char) {
    let spaced = before.trim_end_matches([' ', '\u{a0}', '_']);
    let mark = spaced.chars().next_back().unwrap_or('\n');
    if mark.is_alphanumeric() {
        let start = word_start(spaced).unwrap_or(spaced.len());
        (spaced.get(start..).unwrap_or_default(), ' ')
    } else {
        let quoted = spaced.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '\n');
        let start = word_start(quoted).unwrap_or(quoted.len());
        (quoted.get(start..).unwrap_or_default(), mark)
    }
}

/// The word that begins `after`, and what stands before it.
pub(super) fn word_after(after: &str) -> (&str, char) {
    let spaced = after.trim_start_matches([' ', '\u{a0}', '_']);
    let mark = spaced.chars().next().unwrap_or('\n');
    let word = if mark.is_alphanumeric() {
        spaced
    } else {
        spaced.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '\n')
    };
    let length = word.find(|c: char| !c.is_alphanumeric());
    let found = word.get(..length.unwrap_or(word.len()).min(MAX_WORD));
    (
        found.unwrap_or_default(),
        if mark.is_alphanumeric() { ' ' } else { mark },
    )
}

/// Whether it is a common word that no one in Norway is called.
pub(super) fn is_only_word(lists: Lists) -> bool {
    lists.meets(Lists::ANY_WORD) && !lists.meets(Lists::FIRST.union(Lists::LAST))
}

/// The word in lower case and composed.
pub(super) fn lowered(word: &str) -> String {
    let mut lower = String::with_capacity(word.len());
    push_lowered(&mut lower, word);
    lower
}

/// Appends the word in lower case and composed.
pub(super) fn push_lowered(text: &mut String, word: &str) {
    if word.is_ascii() {
        push_lower(text, word);
        return;
    }
    let small = word.chars().flat_map(char::to_lowercase);
    if word.contains(is_accent) {
        text.extend(small.nfc());
    } else {
        text.extend(small);
    }
}

/// The lists that hold a word in lower case, or parts of it that hyphens join.
pub(super) fn lists(lower: &str) -> Lists {
    let whole = NAMES.lists(lower);
    if !lower.contains('-') {
        return whole;
    }
    let parts = lower.split('-').map(|part| NAMES.lists(part));
    parts.fold(whole, Lists::union)
}

/// Bytes of the word that `text` begins with: letters, and single hyphens and apostrophes between
/// letters.
pub(super) fn word_length(text: &str) -> usize {
    let plain = letters::run(text);
    if !matches!(text.as_bytes().get(plain), Some(b'-' | b'\'' | 128..)) {
        return plain;
    }
    let mut end = 0;
    let mut joint = false;
    for (at, c) in text.char_indices() {
        if is_letter(c) || is_accent(c) {
            end = at + c.len_utf8();
            joint = false;
        } else if is_joint(c) && !joint && at > 0 {
            joint = true;
        } else {
            break;
        }
    }
    end
}

/// Where the word begins that `before` ends with (its full stop may follow an initial).
fn word_start(before: &str) -> Option<usize> {
    let word = before.strip_suffix('.').unwrap_or(before);
    let mut start = None;
    for (at, c) in word.char_indices().rev().take(MAX_WORD) {
        if is_letter(c) || is_accent(c) {
            start = Some(at);
        } else if !is_joint(c) {
            break;
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_a_place_come_with_the_mark_between() {
        assert_eq!(word_before("sa «"), ("sa", '«'));
        assert_eq!(word_before("sa "), ("sa", ' '));
        assert_eq!(word_after(" sa ja"), ("sa", ' '));
        assert_eq!(word_after(", (45)"), ("45", ','));
    }
}
