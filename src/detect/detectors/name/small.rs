//! Names in a short text that has no capitals at all, as people write messages: `spurte ole andreas nilsen om det`.
//!
//! Lists alone decide. A longer text without capitals is no message, and is left alone.

use super::context;
use super::spelled::hit;
use super::words;
use crate::detect::gazetteer::Lists;
use crate::detect::{Hit, Window};
use crate::model::Evidence;

/// Bytes of the longest text that is read so.
const LONGEST: usize = 2048;
/// Words of the longest name.
const MOST: usize = 4;

/// The names in a text without capitals: a first name with a surname, or one alone behind a greeting.
pub(in crate::detect) fn in_small_text(window: &Window<'_>, hits: &mut Vec<Hit>) {
    let text = window.text;
    if text.len() > LONGEST || window.body != (0..text.len()) {
        return;
    }
    let mut done = 0;
    let mut before = "";
    for (start, word) in spelled(text) {
        if start < done {
            continue;
        }
        let lists = words::lists(word);
        let end = if !lists.meets(Lists::FIRST) {
            None
        } else if let Some(end) = full_name(text, start, word.len()) {
            Some(end)
        } else {
            let known = lists.meets(Lists::FIRST_COMMON) || !lists.meets(Lists::ANY_WORD);
            let greeted = context::is_greeting(before) && known;
            greeted.then_some(start + word.len())
        };
        if let Some(end) = end {
            hits.push(hit(window, start..end, Evidence::NameShape));
            done = end;
        }
        before = word;
    }
}

/// The words of a text, of letters with single hyphens and apostrophes, and where they begin; those that touch digits
/// or marks of addresses and paths are none.
fn spelled(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let start = at + rest.find(char::is_alphabetic)?;
            let own = text.get(start..)?;
            let length = words::word_length(own).max(own.chars().next().map_or(1, char::len_utf8));
            at = start + length;
            let touches = |c: char| c.is_alphanumeric() || "@_/\\=-".contains(c);
            let before = text.get(..start)?.ends_with(|c: char| touches(c) || c == '.');
            if !before && !text.get(at..)?.starts_with(touches) {
                return Some((start, own.get(..length)?));
            }
        }
    })
}

/// The byte after the surname, where a first name of `length` bytes at `start` has one behind it, with more of either
/// between. One of two words at least is no common one.
fn full_name(text: &str, start: usize, length: usize) -> Option<usize> {
    let mut end = start + length;
    let mut name = None;
    let mut proper = false;
    for place in 0..MOST {
        let own = if place == 0 { start } else { end + 1 };
        let word = text.get(own..).unwrap_or_default();
        let word = word.get(..words::word_length(word)).filter(|word| !word.is_empty());
        let Some(word) = word.filter(|_| place == 0 || text.as_bytes().get(end) == Some(&b' ')) else {
            break;
        };
        let lists = words::lists(word);
        if !lists.meets(Lists::FIRST.union(Lists::LAST)) || word.chars().count() < 2 {
            break;
        }
        proper |= place > 1 || !lists.meets(Lists::ANY_WORD);
        end = own + word.len();
        if place > 0 && proper && lists.meets(Lists::LAST) && word.chars().count() > 2 {
            name = Some(end);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut hits = Vec::new();
        in_small_text(&Window::of(text, 0..text.len()), &mut hits);
        hits.iter().filter_map(|hit| text.get(hit.span.clone())).collect()
    }

    /// Planted fault that this caught: two common words taken for a name.
    #[test]
    fn names_in_small_letters_are_told_by_lists() {
        assert_eq!(found("spurte ole andreas nilsen om han kunne komme"), ["ole andreas nilsen"]);
        assert_eq!(found("jeg snakka med tone andersen i går"), ["tone andersen"]);
        assert_eq!(found("mvh\nlars eriksen"), ["lars eriksen"]);
        assert_eq!(found("hei knut, kommer du? hilsen bente"), ["knut", "bente"]);
        for text in ["stein og berg i dagen", "per dag er det nok", "kari.hansen@firma.no", "bjørn berg", "stig opp"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
