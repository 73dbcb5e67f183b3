//! What speaks for or against a word of a run, as row numbers of a table of weights.
//!
//! A word enters by hashes of itself, of its first and last letters and of its neighbours, by its
//! shape and by the lists it is in. The numbers of the templates are part of the trained weights.

use super::run::Run;
use super::word::{Token, shape};

/// Bits of a row number of the first stage: the table has two to the power of so many rows.
pub const BITS: u32 = 18;

/// Gives the rows of token `at` of `run`.
pub fn rows(run: &Run, at: usize, give: &mut impl FnMut(usize)) {
    if let Some(token) = run.tokens.get(at) {
        of_the_word(token, give);
        of_the_place(run, at, token, give);
    }
}

/// Gives the rows that a word has wherever it stands: they depend on [`whole`] alone.
pub(super) fn of_the_word(token: &Token, give: &mut impl FnMut(usize)) {
    let mut put = |template: u64, value: u64| give(row(template, value, BITS));
    put(0, sort(Some(token)));
    put(1, token.hash);
    if token.base != token.hash {
        put(1, token.base);
        put(2, u64::from(token.base_lists.bits()) << 2 | 1);
    }
    put(5, u64::from(token.letters) | form(token) << 8);
    for (length, affix) in (10..).zip(token.affixes) {
        put(length, u64::from(affix));
    }
}

/// A hash of all that [`of_the_word`] depends on: the letters in lower case, and how they are written.
pub(super) fn whole(token: &Token) -> u64 {
    token.hash ^ (form(token) << 8 | sort(Some(token))).wrapping_mul(SPREAD)
}

/// Gives the rows that token `at` of `run` has by what stands around it.
pub(super) fn of_the_place(run: &Run, at: usize, token: &Token, give: &mut impl FnMut(usize)) {
    let tokens = run.tokens.as_slice();
    let mut put = |template: u64, value: u64| give(row(template, value, BITS));
    let near = |by: isize| at.checked_add_signed(by).and_then(|at| tokens.get(at));
    let (one_before, one_after) = (near(-1), near(1));
    // What stands beside the token, in the run or around it.
    let word = |by: isize| neighbour(run, at, by);
    let (w1, w2) = (word(-1), word(-2));
    let (n1, n2) = (word(1), word(2));
    let (before, after) = (sort(one_before), sort(one_after));
    let own = sort(Some(token));
    let starts = u64::from(run.starts && at == 0);
    let last = at + 1 == tokens.len();
    let place = starts | u64::from(at == 0) << 1 | u64::from(last) << 2;
    let form = form(token);
    let joined = u64::from(token.shape & shape::JOINED != 0)
        | u64::from(one_after.is_some_and(|next| next.shape & shape::JOINED != 0)) << 1;

    put(3, own | form << 8 | place << 16);
    put(4, u64::from(token.lists.bits()) | starts << 20);
    put(23, own | joined << 8);
    put(24, w1);
    put(25, n1);
    put(26, w1 ^ own.wrapping_mul(SPREAD) ^ place);
    put(27, n1 ^ own.wrapping_mul(SPREAD) ^ place);
    put(30, w1 ^ w2.rotate_left(21));
    put(31, n1 ^ n2.rotate_left(21));
    put(50, u64::from(suffix(token)) ^ w1.rotate_left(5));
    put(
        51,
        u64::from(suffix(token)) ^ own << 40 ^ before << 48 ^ after << 56,
    );
    put(49, form | shapes(one_before) << 8 | shapes(one_after) << 16);
    of_the_run(run, at, own, &mut put);
}

/// How a word is written, by itself.
fn form(token: &Token) -> u64 {
    u64::from(token.shape & !shape::JOINED)
}

/// What the run as a whole and what stands around it say of token `at`, whose sort is `own`.
fn of_the_run(run: &Run, at: usize, own: u64, put: &mut impl FnMut(u64, u64)) {
    let tokens = run.tokens.as_slice();
    let [r1, r2] = run.before;
    let [s1, s2] = run.after;
    let length = tokens.len().min(6) as u64;
    put(40, r1 ^ own);
    put(41, s1 ^ own);
    put(42, length | (at.min(6) as u64) << 8 | own << 16);
    put(43, r1 ^ s1.rotate_left(13));
    put(44, tokens.first().map_or(0, |token| token.hash));
    put(45, tokens.last().map_or(0, |token| token.hash));
    put(47, r1 ^ r2.rotate_left(9) ^ own);
    put(48, s1 ^ s2.rotate_left(9) ^ own);
}

const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The word so many places away: in the run, or what stands around it.
fn neighbour(run: &Run, at: usize, by: isize) -> u64 {
    if let Some(token) = at.checked_add_signed(by).and_then(|at| run.tokens.get(at)) {
        return token.hash;
    }
    let beyond = if by < 0 {
        let back = by.unsigned_abs().checked_sub(at + 1);
        back.and_then(|back| run.before.get(back))
    } else {
        let ahead = (at + by.unsigned_abs()).checked_sub(run.tokens.len());
        ahead.and_then(|ahead| run.after.get(ahead))
    };
    beyond.copied().unwrap_or(0)
}

/// The last three letters.
fn suffix(token: &Token) -> u32 {
    let [.., three, _] = token.affixes;
    three
}

fn shapes(token: Option<&Token>) -> u64 {
    token.map_or(255, |token| u64::from(token.shape))
}

/// 0 for no token.
fn sort(token: Option<&Token>) -> u64 {
    token.map_or(0, |token| token.sort as u64 + 1)
}

/// The row of a template's value in a table of two to the power of `bits` rows.
#[must_use]
pub fn row(template: u64, value: u64, bits: u32) -> usize {
    let mixed = (value ^ template.wrapping_mul(0xd6e8_feb8_6659_fd93)).wrapping_mul(SPREAD);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    usize::try_from(mixed >> (64 - bits)).unwrap_or(0)
}
