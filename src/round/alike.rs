//! Which documents are the same to a reader: by their bytes, by the values in them, or by their words.
//!
//! It compares; whom a document is about is decided elsewhere, and likeness alone never plans anything:
//! two people fill in one form.

use super::candidate::Candidate;
use crate::inventory::{Error, Reader};
use crate::model::Likeness;

/// Values that two documents must hold before they are compared by them.
const LEAST_VALUES: usize = 4;

/// Share of an object's values that a known document must hold too, in hundredths.
const ALIKE_VALUES: usize = 80;

/// Likeness of texts from which they are one text with changes, in hundredths: a starting value, above
/// what two forms that different people filled in come to.
const ALIKE_TEXTS: u32 = 80;

/// Likeness of a text, from which all that names somebody may have been cut, to a known document, in
/// hundredths: a starting value.
const ALIKE_WORDS: u32 = 60;

/// How much less any other person's document must be like a text that nothing but its words ties to
/// somebody, in hundredths: three times the standard error of a sketch.
const APART: u32 = 18;

/// How two documents are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Same {
    /// To the byte.
    Content,
    /// Most values of each stand in the other.
    Values,
    /// Their texts are alike, in hundredths.
    Text(u32),
}

impl Same {
    /// The word in a plan.
    pub(super) fn word(self) -> String {
        match self {
            Self::Content => "same content".to_owned(),
            Self::Values => "same values".to_owned(),
            Self::Text(share) => format!("alike {}.{:02}", share / 100, share % 100),
        }
    }
}

/// Whether two documents are the same to a reader: folded in the plan.
pub(super) fn same(one: &Candidate, known: &Candidate) -> Option<Same> {
    if one.content.is_some() && one.content == known.content {
        return Some(Same::Content);
    }
    if let Some(share) = texts(one.likeness, known.likeness) {
        return Some(Same::Text(share));
    }
    let both = one.values.len().min(known.values.len()) >= LEAST_VALUES;
    let alike = share_in(one, known) >= ALIKE_VALUES && share_in(known, one) >= ALIKE_VALUES;
    (both && alike).then_some(Same::Values)
}

/// Whether an object without a telling class is a copy of a known document, or belongs to its mail or
/// archive.
pub(super) fn is_copy(one: &Candidate, known: &Candidate) -> bool {
    if one.content.is_some() && one.content == known.content {
        return true;
    }
    if one.is_something_else() {
        return false;
    }
    let (inside, around) = (format!("{}!/", known.path), format!("{}!/", one.path));
    let enclosed = one.path.starts_with(&inside) || known.path.starts_with(&around);
    let values = one.values.len() >= LEAST_VALUES && share_in(one, known) >= ALIKE_VALUES;
    enclosed || values || texts(one.likeness, known.likeness).is_some()
}

/// How alike two texts are, where they are one text with changes.
fn texts(one: Option<Likeness>, known: Option<Likeness>) -> Option<u32> {
    let share = one?.share(known?);
    (share >= ALIKE_TEXTS).then_some(share)
}

/// Hundredths of one object's values that the other one holds too.
fn share_in(one: &Candidate, other: &Candidate) -> usize {
    let held = |value: &&u64| other.values.binary_search(value).is_ok();
    let common = one.values.iter().filter(held).count();
    common * 100 / one.values.len().max(1)
}

/// A known document of one person.
pub(super) struct Known<'c> {
    pub(super) person: usize,
    pub(super) document: &'c Candidate,
}

/// Finds objects that nothing ties to anybody but their words: the number, the known document they
/// are most like, and how much. What is as like another person's document is a form that both filled in.
///
/// # Errors
/// When the inventory cannot be read.
pub(super) fn worded(
    inventory: &Reader,
    known: &[Known<'_>],
    is_candidate: &dyn Fn(i64) -> bool,
    found: &mut dyn FnMut(i64, usize, u32),
) -> Result<(), Error> {
    let mut sketched: Vec<(usize, usize, Likeness)> = Vec::new();
    for (at, one) in known.iter().enumerate() {
        let Some(likeness) = one.document.likeness else {
            continue;
        };
        let again =
            |other: &&(usize, usize, Likeness)| other.0 == one.person && other.2 == likeness;
        if !sketched.iter().any(|other| again(&other)) {
            sketched.push((one.person, at, likeness));
        }
    }
    inventory.for_each_likeness(&mut |id, likeness| {
        let shares = || {
            sketched
                .iter()
                .map(|(person, at, own)| (own.share(likeness), *person, *at))
        };
        let Some((share, person, at)) =
            shares().max_by_key(|(share, _, at)| (*share, usize::MAX - at))
        else {
            return;
        };
        if share < ALIKE_WORDS || is_candidate(id) {
            return;
        }
        let others = shares().filter(|(_, other, _)| *other != person);
        let next = others.map(|(share, _, _)| share).max().unwrap_or_default();
        if next + APART <= share {
            found(id, at, share);
        }
    })?;
    Ok(())
}
