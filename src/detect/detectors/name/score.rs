//! How much speaks for a capitalised word being part of a person's name.
//!
//! A linear model over features of the word, its two neighbours on either side in the run of
//! capitalised words, and the words around the run. Its weights lie in `weights.bin`, one signed
//! byte for each of [`WEIGHTS`] hashed features; they were fitted by logistic regression to the
//! training part of NorNE (annotations CC0), see `fit.rs`. They hold no text: a name enters only by
//! its sort, its lists, and up to four letters of either end.
//!
//! A sequence model takes the place of [`Run::score`] without touching what lies around it.

use super::words::{self, Sort, Token};
use crate::detect::gazetteer::{Lists, NAMES, hash};

/// Number of weights, a power of two.
pub(super) const WEIGHTS: usize = 1 << 14;
/// What one unit of a weight is worth, in log odds.
#[cfg(test)]
pub(super) const UNIT: f32 = 1.0 / 24.0;
static SHIPPED: &[u8; WEIGHTS] = include_bytes!("weights.bin");

/// Bytes before and after a word that are looked at.
const REACH: usize = 200;
/// Words of a run that are looked at before the anchor.
const BACK: usize = 3;
/// Words of a run that a name may have.
const MAX_RUN: usize = 10;

/// The text that may be looked at: a cell, or the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) text: &'a str,
    pub(super) begin: usize,
    pub(super) end: usize,
}

impl<'a> Scope<'a> {
    /// What stands before `at`, as far as it matters.
    pub(super) fn before(&self, at: usize) -> &'a str {
        let begin = self.begin.max(at.saturating_sub(REACH));
        let begin = self.text.ceil_char_boundary(begin);
        self.text.get(begin..at).unwrap_or_default()
    }

    /// What stands after `at`, as far as it matters.
    pub(super) fn after(&self, at: usize) -> &'a str {
        let end = self.end.min(at.saturating_add(REACH));
        let end = self.text.floor_char_boundary(end);
        self.text.get(at..end).unwrap_or_default()
    }
}

/// A run of capitalised words around an anchor.
#[derive(Debug)]
pub(super) struct Run<'a> {
    scope: Scope<'a>,
    tokens: Vec<Token>,
    anchor: usize,
    /// Whether the run ends after the tokens that were read so far.
    ends: bool,
    scores: Vec<Option<i32>>,
}

impl<'a> Run<'a> {
    /// The run around the capital at `start`; `None` where no word begins there.
    pub(super) fn around(scope: Scope<'a>, start: usize) -> Option<Self> {
        if words::is_inside_word(scope.before(start)) {
            return None;
        }
        let mut tokens = vec![Token::at(scope.text, start, scope.end)?];
        while tokens.len() <= BACK {
            match tokens.last()?.previous(scope.text, scope.begin) {
                Some(previous) => tokens.push(previous),
                None => break,
            }
        }
        tokens.reverse();
        let anchor = tokens.len() - 1;
        let mut run = Self {
            scope,
            tokens,
            anchor,
            ends: false,
            scores: vec![None; anchor + MAX_RUN],
        };
        run.read_to(anchor + 1);
        Some(run)
    }

    /// Reads the run up to token `at`, if it reaches that far.
    fn read_to(&mut self, at: usize) {
        while self.tokens.len() <= at && !self.ends {
            let last = self.tokens.last();
            match last.and_then(|last| last.next(self.scope.text, self.scope.end)) {
                Some(next) if self.tokens.len() < self.anchor + MAX_RUN => self.tokens.push(next),
                Some(_) | None => self.ends = true,
            }
        }
    }

    /// The tokens of the run that were read so far: some before the anchor, the one after it, and
    /// two after each that was scored.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The token at the anchor.
    pub(super) fn anchored(&self) -> Option<&Token> {
        self.tokens.get(self.anchor)
    }

    /// Whether the anchor has no other capitalised word beside it.
    pub(super) fn is_alone(&self) -> bool {
        self.tokens.len() == 1
    }

    /// The token before the anchor, where the run has one.
    pub(super) fn previous(&self) -> Option<&Token> {
        self.tokens.get(self.anchor.checked_sub(1)?)
    }

    /// Index of the token at the anchor.
    pub(super) fn anchor(&self) -> usize {
        self.anchor
    }

    /// Log odds that token `at` is part of a name, in weight units; `None` beyond the run.
    pub(super) fn score(&mut self, at: usize) -> Option<i32> {
        if let Some(known) = self.scores.get(at).copied().flatten() {
            return Some(known);
        }
        self.read_to(at + 2);
        self.tokens.get(at)?;
        let mut sum = 0;
        self.features(at, &mut |feature| {
            let weight = SHIPPED.get(feature).copied().unwrap_or(0);
            sum += i32::from(weight.cast_signed());
        });
        *self.scores.get_mut(at)? = Some(sum);
        Some(sum)
    }

    /// Gives the indices of all features of token `at`, as far as the run was read.
    pub(super) fn features(&self, at: usize, give: &mut impl FnMut(usize)) {
        let Some(token) = self.tokens.get(at) else {
            return;
        };
        let near = |by: isize| at.checked_add_signed(by).and_then(|at| self.tokens.get(at));
        let (one_before, one_after) = (near(-1), near(1));
        let sort = code(Some(token));
        let (before, after) = (code(one_before), code(one_after));
        let starts = u32::from(one_before.is_none() && self.starts_sentence(token));
        let shape = starts
            | u32::from(one_before.is_none()) << 1
            | u32::from(one_after.is_none()) << 2
            | u32::from(token.capitals) << 3;
        give(index(0, 0, 0, 0));
        give(index(1, sort, shape, 0));
        give(index(2, sort, before, 0));
        give(index(3, sort, after, 0));
        give(index(4, sort, before, after));
        give(index(5, sort, before, code(near(-2))));
        give(index(6, sort, after, code(near(2))));
        give(index(7, u32::from(token.genitive), sort, shape));
        give(index(8, u32::from(token.lower.contains('-')), sort, 0));
        give(index(9, affix_length(&token.lower), sort, 0));
        let lists = u32::from(token.lists.bits());
        give(index(10, lists, starts, 0));
        for list in (0..16).filter(|list| lists >> list & 1 == 1) {
            give(index(11, list, shape, 0));
        }
        affixes(token, give);
        match one_before {
            None => self.features_before(token, sort, give),
            Some(token) if matches!(token.sort, Sort::Acronym | Sort::Word | Sort::Derived) => {
                give(index(12, text_code(&token.lower), sort, 0));
            }
            Some(_) => {}
        }
        match one_after {
            None => self.features_after(token, sort, give),
            Some(token) if matches!(token.sort, Sort::Acronym | Sort::Word | Sort::Derived) => {
                give(index(13, text_code(&token.lower), sort, 0));
            }
            Some(_) => {}
        }
    }

    fn features_before(&self, token: &Token, sort: u32, give: &mut impl FnMut(usize)) {
        let (word, mark) = words::word_before(self.scope.before(token.start));
        let lower = neighbour(word);
        let mark = u32::from(mark);
        give(index(20, mark, sort, 0));
        give(index(21, text_code(&lower), mark, 0));
        give(index(22, text_code(&lower), mark, sort));
        give(index(23, text_code(last(&lower, 3)), sort, mark));
        give(index(24, text_code(last(&lower, 5)), mark, 0));
    }

    fn features_after(&self, token: &Token, sort: u32, give: &mut impl FnMut(usize)) {
        let (word, mark) = words::word_after(self.scope.after(token.end));
        let lower = neighbour(word);
        let mark = u32::from(mark);
        give(index(30, mark, sort, 0));
        give(index(31, text_code(&lower), mark, 0));
        give(index(32, text_code(&lower), mark, sort));
        let digits = u32::from(lower.starts_with(|c: char| c.is_ascii_digit()));
        give(index(33, digits, mark, sort));
    }

    fn starts_sentence(&self, token: &Token) -> bool {
        let (_, mark) = words::word_before(self.scope.before(token.start));
        !matches!(mark, ' ' | ',' | '(' | '/' | '&')
    }
}

/// A word beside the run in lower case; a capitalised one that is no common word only as such.
fn neighbour(word: &str) -> String {
    let lower = words::lowered(word);
    let capital = word.starts_with(char::is_uppercase);
    if !capital || NAMES.lists(&lower).meets(Lists::ANY_WORD) {
        return lower;
    }
    let named = NAMES.lists(&lower).meets(Lists::ANY_FIRST.union(Lists::ANY_LAST));
    if named { "*" } else { "?" }.to_owned()
}

fn affixes(token: &Token, give: &mut impl FnMut(usize)) {
    let word = token.lower.as_str();
    let base = if token.genitive {
        word.strip_suffix('s').unwrap_or(word)
    } else {
        word
    };
    let named = u32::from(token.lists.meets(Lists::ANY_FIRST.union(Lists::ANY_LAST)));
    for letters in 2..=4 {
        let length = u32::try_from(letters).unwrap_or(0);
        give(index(40, length, text_code(last(base, letters)), named));
        give(index(41, length, text_code(first(base, letters)), named));
    }
}

/// 0 for no token.
fn code(token: Option<&Token>) -> u32 {
    token.map_or(0, |token| token.sort as u32 + 1)
}

fn affix_length(word: &str) -> u32 {
    u32::try_from(word.chars().count().min(14)).unwrap_or(14)
}

fn text_code(text: &str) -> u32 {
    let [a, b, c, d, ..] = hash(text.as_bytes()).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

fn last(word: &str, letters: usize) -> &str {
    let start = word.char_indices().rev().nth(letters.saturating_sub(1));
    word.get(start.map_or(0, |(at, _)| at)..).unwrap_or(word)
}

fn first(word: &str, letters: usize) -> &str {
    let end = word.char_indices().nth(letters);
    word.get(..end.map_or(word.len(), |(at, _)| at)).unwrap_or(word)
}

fn index(template: u32, a: u32, b: u32, c: u32) -> usize {
    let mut sum = template.wrapping_mul(0x9e37_79b1);
    for part in [a, b, c] {
        sum = (sum ^ part).wrapping_mul(0x85eb_ca6b);
        sum ^= sum >> 15;
    }
    sum as usize % WEIGHTS
}
