//! Values that belong to somebody → invented ones that belong to nobody.
//!
//! The same value becomes the same invented one in every file of a run. Which one is drawn from a seed
//! that is random, and forgotten unless the caller keeps it, so that nobody who has not the seed can
//! compute the old value from the new. A file is either
//! rewritten as a whole or left as it is.

mod accounts;
mod numbers;
mod patch;
#[cfg(test)]
mod tests;
mod words;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};

pub use patch::patch;
pub use workbook::Workbook;

use super::locate::FileText;
use super::{Found, Value};

/// What a value was and what it becomes, for one run.
pub struct Mapping {
    seed: [u8; 32],
    made: BTreeMap<(&'static str, Value), String>,
    used: BTreeSet<String>,
}

/// A file with its findings replaced.
pub struct Fixed {
    /// The text as it was, decoded.
    pub before: String,
    /// The text as it is to be, decoded.
    pub after: String,
    /// The bytes as they are to be.
    pub bytes: Vec<u8>,
    /// How many values were replaced.
    pub replaced: usize,
    /// How many could not be: of a kind that nothing invented is known for, or at no certain place.
    pub left: usize,
}

/// Which kinds share their values: an account is the same in its IBAN.
fn family(detector: &'static str) -> &'static str {
    if detector == "iban" {
        "bank-account"
    } else {
        detector
    }
}

/// How often a value is drawn until one is free.
const DRAWS: usize = 20_000;

impl Mapping {
    /// A mapping whose draws come from `seed`, which is to be random, and secret if it is kept. A value
    /// becomes the same under the same seed, but where two values would become one.
    #[must_use]
    pub fn new(seed: &[u8; 32]) -> Self {
        Self {
            seed: *seed,
            made: BTreeMap::new(),
            used: BTreeSet::new(),
        }
    }

    /// Replaces what fails in a file. `found` are findings of this very content. `None` where the
    /// file has none that can be replaced, or its encoding cannot take what replaces them.
    #[must_use]
    pub fn fix(&mut self, content: &[u8], found: &[&Found]) -> Option<Fixed> {
        let file = FileText::decode(content);
        let mut wanted: Vec<&Found> = found
            .iter()
            .copied()
            .filter(|found| found.fails())
            .collect();
        wanted.sort_by_key(|found| found.span.as_ref().map_or(usize::MAX, |span| span.start));
        let mut after = String::with_capacity(file.text.len());
        let (mut done, mut replaced, mut left) = (0, 0, 0);
        for found in wanted {
            let span = found.span.clone().filter(|span| span.start >= done);
            let written = span.clone().and_then(|span| file.text.get(span));
            let new = written
                .filter(|text| **text == *found.written)
                .and_then(|text| self.new_form(found, text));
            let (Some(span), Some(new)) = (span, new) else {
                left += 1;
                continue;
            };
            after.push_str(file.text.get(done..span.start).unwrap_or_default());
            after.push_str(&new);
            done = span.end;
            replaced += 1;
        }
        after.push_str(file.text.get(done..).unwrap_or_default());
        let bytes = file.encode(&after)?;
        // What cannot be written back as it was must not be touched.
        let whole = file.encode(&file.text).is_some_and(|same| same == content);
        (replaced > 0 && whole).then_some(Fixed {
            before: file.text,
            after,
            bytes,
            replaced,
            left,
        })
    }

    /// What is to stand in the place of `text`, in the form it is written in.
    fn new_form(&mut self, found: &Found, text: &str) -> Option<String> {
        let detector = found.kind.detector;
        let key = (family(detector), found.value.clone());
        let known = self.made.get(&key).cloned();
        let value = known.or_else(|| {
            let made = self.draw(detector, &found.value, text)?;
            self.used.insert(made.clone());
            self.made.insert(key, made.clone());
            Some(made)
        })?;
        match detector {
            "fodselsnummer" => numbers::written(text, &value),
            "bank-account" | "payment-card" => digits_into(text, &value),
            "iban" => accounts::iban_written(text, &value),
            "email" => Some(words::address_written(text, value)),
            "phone" => words::phone_written(text, &value),
            "name" => words::name_written(text, &value),
            "se-personnummer" => numbers::swedish_written(text),
            _ => Some(value),
        }
    }

    /// A new value that no other has become in this run, where its kind has enough of them.
    fn draw(&self, detector: &str, old: &Value, text: &str) -> Option<String> {
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        hasher.update(old.canonical().as_bytes());
        let mut drawn = hasher.finalize_xof();
        for _ in 0..DRAWS {
            let mut draw = || {
                let mut bytes = [0; 8];
                drawn.fill(&mut bytes);
                u64::from_le_bytes(bytes)
            };
            let (drawn, scarce) = match detector {
                "fodselsnummer" => (numbers::synthetic(old.canonical(), text, &mut draw), false),
                "fi-hetu" => (numbers::finnish(old.canonical(), &mut draw), false),
                "se-personnummer" => return Some(numbers::TOLVAN.to_owned()),
                "bank-account" => (accounts::account(&mut draw), false),
                "iban" if text.starts_with("NO") => (accounts::account(&mut draw), false),
                "payment-card" => return accounts::card(old.canonical(), &mut draw),
                "email" => (Some(words::address(&mut draw)), false),
                "phone" => (Some(words::phone(old.canonical(), &mut draw)), true),
                "name" => (Some(words::name(&mut draw)), true),
                _ => return None,
            };
            if let Some(drawn) = drawn
                && (scarce || !self.used.contains(&drawn))
            {
                return Some(drawn);
            }
        }
        None
    }
}

/// A number below `below`.
fn below(draw: &mut impl FnMut() -> u64, below: u64) -> u64 {
    draw() % below.max(1)
}

/// One of a list.
fn one<'a>(draw: &mut impl FnMut() -> u64, list: &[&'a str]) -> &'a str {
    let at = usize::try_from(below(draw, list.len() as u64)).unwrap_or_default();
    list.get(at).copied().unwrap_or_default()
}

/// `text` with its digits replaced by these, one by one; `None` where their numbers differ.
fn digits_into(text: &str, digits: &str) -> Option<String> {
    let there = text.chars().filter(char::is_ascii_digit).count();
    let mut digits = digits.chars();
    let fits = there == digits.clone().count();
    fits.then(|| {
        let put = |c: char| {
            if c.is_ascii_digit() {
                digits.next().unwrap_or(c)
            } else {
                c
            }
        };
        text.chars().map(put).collect()
    })
}
