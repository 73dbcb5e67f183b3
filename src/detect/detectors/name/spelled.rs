//! Names that are not written with capitals: the local part of an address (`kari.nordmann@…`), and
//! small letters after a label (`navn: kari nordmann`).
//!
//! Lists and form alone decide here; the model is not asked.

use std::ops::Range;

use super::column;
use super::context::{self, Announced, Scope};
use super::{NAME, in_order, words};
use crate::detect::gazetteer::Lists;
use crate::detect::{Hit, Window};
use crate::model::{Confidence, Evidence, EvidenceSet};

/// Bytes of the longest local part that is looked at.
const MAX_LOCAL: usize = 64;
/// Bytes of the longest name after a label.
const MAX_NAME: usize = 60;
/// Bytes from a label's mark to the name.
const BETWEEN: usize = 3;

/// The local part that ends before the `@` at byte `at`, where its parts are a first name and a
/// surname.
pub(super) fn in_address(window: &Window<'_>, at: usize) -> Option<Hit> {
    let from = at.saturating_sub(MAX_LOCAL);
    let before = window.text.get(window.text.ceil_char_boundary(from)..at)?;
    let inside = |c: char| c.is_alphabetic() || matches!(c, '.' | '_' | '-');
    let rest = before.trim_end_matches(inside);
    let local = before.get(rest.len()..)?;
    if rest.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | '%')) {
        return None;
    }
    let parts: Vec<&str> = local.split(['.', '_']).collect();
    let start = at - local.len();
    name_of_parts(&parts).then(|| hit(window, start..at, Evidence::NameShape))
}

/// Whether the parts are two to four, the first a first name or an initial, and the last may be a
/// surname.
fn name_of_parts(parts: &[&str]) -> bool {
    let ([first, .., last], 2..=4) = (parts, parts.len()) else {
        return false;
    };
    let letters = |part: &&str| !part.is_empty() && words::word_length(part) == part.len();
    if !parts.iter().all(letters) || last.chars().count() <= 2 {
        return false;
    }
    let (given, family) = (known(first), known(last));
    let initial = first.chars().nth(1).is_none();
    let named = given.meets(Lists::ANY_FIRST) && !words::is_only_word(given);
    let listed = named || initial && family.meets(Lists::LAST.union(Lists::LAST_WORLD));
    listed && !words::is_only_word(family)
}

/// The lists of a word; in addresses letters outside ASCII are written with others.
fn known(word: &str) -> Lists {
    words::lists(&words::lowered(word))
}

/// The names in small letters after the labels of running text.
pub(in crate::detect) fn after_labels(window: &Window<'_>, hits: &mut Vec<Hit>) {
    let bytes = window.text.as_bytes();
    // The label may stand before the body in which the name begins.
    let from = window.body.start.saturating_sub(BETWEEN + 1);
    let looked_at = bytes.get(from..window.body.end).unwrap_or_default();
    for at in memchr::memchr2_iter(b':', b'=', looked_at) {
        let mark = from + at;
        let label = mark.checked_sub(1).and_then(|at| bytes.get(at));
        let next = bytes.get(mark + 1).filter(|next| **next != b' ').or(bytes.get(mark + 2));
        let letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || *byte > 127);
        if label.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte > 127) && letter(next) {
            hits.extend(after_label(window, mark));
        }
    }
}

/// The words in small letters right after the label that ends at byte `colon`.
fn after_label(window: &Window<'_>, colon: usize) -> Option<Hit> {
    let text = window.text;
    let rest = text.get(colon + 1..)?;
    let start = colon + 1 + (rest.len() - rest.trim_start_matches([' ', '"', '\'']).len());
    let line = text.get(start..text.floor_char_boundary((start + MAX_NAME).min(text.len())))?;
    if start - colon > BETWEEN || !line.starts_with(char::is_lowercase) {
        return None;
    }
    let length = line.find(|c: char| !(c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'')));
    let name = line.get(..length.unwrap_or(line.len()))?.trim_end_matches([' ', '.', '-']);
    let parts: Vec<&str> = name.split(' ').collect();
    let [_, .., last] = parts.as_slice() else {
        return None;
    };
    let surely = known(parts.first()?).meets(Lists::FIRST) && known(last).meets(Lists::ANY_LAST);
    if !surely || !column::look(name).formed || !name_of_parts(&parts) {
        return None;
    }
    // Labels are asked last: what they announce costs more to find out than whether a name follows.
    let announced = context::announced(&Scope { text }, start) != Announced::No;
    announced.then(|| hit(window, start..start + name.len(), Evidence::Label))
}

/// A name in small letters.
pub(super) fn hit(window: &Window<'_>, span: Range<usize>, reason: Evidence) -> Hit {
    let name = window.text.get(span.clone()).unwrap_or_default();
    Hit {
        kind: &NAME,
        confidence: Confidence::Medium,
        evidence: EvidenceSet::EMPTY
            .with(Evidence::FirstName)
            .with(reason),
        canonical: Some(in_order(&name.replace('.', " "))),
        span,
    }
}
