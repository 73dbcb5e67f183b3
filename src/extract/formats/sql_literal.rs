//! The strings of a dump as each dialect writes them: their quotes, escapes and hexadecimal digits undone.

use std::borrow::Cow;
use std::ops::Range;

use super::super::charset::looks_like_text;
use super::super::decode::{decode_all, wide_text};
use super::super::written_file::kind_of;

/// Fewest hexadecimal digits that are taken for bytes of text.
const FEWEST_DIGITS: usize = 8;

/// A string in an expression.
pub(super) struct Literal<'t> {
    pub(super) text: Cow<'t, str>,
    /// Where it is written, with what belongs to its quotes.
    pub(super) whole: Range<usize>,
    /// Where it is written, without them.
    pub(super) inner: Range<usize>,
}

/// How a string is written: the letters before its quote say so.
pub(super) fn literal(text: &str, start: usize, at: usize, backslash: bool) -> Option<Literal<'_>> {
    let before = text.get(start..at)?;
    let letters = before.len()
        - before
            .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '&')
            .len();
    let prefix = before.get(before.len() - letters..)?.to_ascii_lowercase();
    let whole = at - letters;
    let made = |text, inner: Range<usize>, end| Literal {
        text,
        whole: whole..end,
        inner,
    };
    if matches!(prefix.as_str(), "q" | "nq") {
        return of_oracle(text, at).map(|(inner, end)| {
            made(
                Cow::Borrowed(text.get(inner.clone()).unwrap_or_default()),
                inner,
                end,
            )
        });
    }
    let (own, end) = quoted(text, at, backslash || prefix == "e")?;
    let own = match prefix.as_str() {
        "x" => of_digits(&own).map_or(own, Cow::Owned),
        "u&" => Cow::Owned(unescaped(&own)),
        _ if before.to_ascii_lowercase().ends_with("unistr(") => Cow::Owned(unescaped(&own)),
        _ => match own.strip_prefix("\\x").and_then(of_digits) {
            Some(decoded) => Cow::Owned(decoded),
            None => own,
        },
    };
    Some(made(own, at + 1..end - 1, end))
}

/// The mark that a string of `PostgreSQL` begins and ends with, such as `$$` or `$tag$`.
pub(super) fn dollar_mark(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let end = rest
        .get(1..)?
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))?
        + 1;
    rest.get(..=end).filter(|own| own.ends_with('$'))
}

/// The string that the mark at `at` begins.
pub(super) fn dollar_quoted<'t>(text: &'t str, at: usize, mark: &str) -> Option<Literal<'t>> {
    let inner = at + mark.len();
    let length = text.get(inner..)?.find(mark)?;
    Some(Literal {
        text: Cow::Borrowed(text.get(inner..inner + length)?),
        whole: at..inner + length + mark.len(),
        inner: inner..inner + length,
    })
}

/// A string of Oracle's between signs of its own, such as `q'[…]'`, whose opening quote stands at `at`: where
/// it is written, and where its closing quote has been passed.
fn of_oracle(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let opening = text.get(at + 1..)?.chars().next()?;
    let closing = match opening {
        '[' => ']',
        '(' => ')',
        '{' => '}',
        '<' => '>',
        other => other,
    };
    let inner = at + 1 + opening.len_utf8();
    let mut mark = String::from(closing);
    mark.push('\'');
    let length = text.get(inner..)?.find(&mark)?;
    Some((inner..inner + length, inner + length + mark.len()))
}

/// The string whose opening quote stands at `at`, and where its closing quote has been passed.
fn quoted(text: &str, at: usize, backslash: bool) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(at)?;
    let mut value = String::new();
    let mut start = at + 1;
    loop {
        let rest = bytes.get(start..)?;
        let found = if backslash {
            memchr::memchr2(quote, b'\\', rest)?
        } else {
            memchr::memchr(quote, rest)?
        };
        let end = start + found;
        let stretch = text.get(start..end)?;
        let next = bytes.get(end + 1).copied();
        if bytes.get(end) == Some(&b'\\') {
            value.push_str(stretch);
            let escaped = text.get(end + 1..)?.chars().next()?;
            value.push(sign_of(escaped));
            start = end + 1 + escaped.len_utf8();
        } else if next == Some(quote) {
            value.push_str(stretch);
            value.push(char::from(quote));
            start = end + 2;
        } else if !backslash && stretch.ends_with('\\') && !ends_value(bytes.get(end + 1..)?)? {
            value.push_str(stretch.strip_suffix('\\').unwrap_or(stretch));
            value.push(char::from(quote));
            start = end + 1;
        } else if value.is_empty() {
            return Some((Cow::Borrowed(stretch), end + 1));
        } else {
            value.push_str(stretch);
            return Some((Cow::Owned(value), end + 1));
        }
    }
}

/// Whether a string can end before this: a comma, a bracket, an operator or a word follows. Where something
/// else does, a backslash before the quote was an escape, whatever dialect the dump seemed to be of. `None`
/// where too little is there to tell.
fn ends_value(rest: &[u8]) -> Option<bool> {
    let blank = rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let next = rest.get(blank)?;
    Some(
        matches!(next, b',' | b')' | b';' | b':' | b'|' | b'+')
            || (blank > 0 && next.is_ascii_alphabetic()),
    )
}

/// What a sign after a backslash stands for.
pub(super) fn sign_of(escaped: char) -> char {
    match escaped {
        'n' | 'r' => '\n',
        't' => '\t',
        '0' | 'Z' => ' ',
        other => other,
    }
}

/// Escapes of signs by their number: `\00e5`, `\+0000e5`, `\u00e5`, `\U000000e5`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (skip, digits) = match after.as_bytes().first() {
            Some(b'+') => (1, 6),
            Some(b'u') => (1, 4),
            Some(b'U') => (1, 8),
            _ => (0, 4),
        };
        let number = after
            .get(skip..skip + digits)
            .and_then(|own| u32::from_str_radix(own, 16).ok());
        if let Some(sign) = number.and_then(char::from_u32) {
            out.push(sign);
            rest = after.get(skip + digits..).unwrap_or_default();
        } else {
            out.push('\\');
            rest = after.strip_prefix('\\').unwrap_or(after);
        }
    }
    out + rest
}

/// The text that hexadecimal digits stand for; `None` where they are none, or stand for a file or no text.
pub(super) fn of_digits(digits: &str) -> Option<String> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    if digits.len() < FEWEST_DIGITS {
        return None;
    }
    let bytes = bytes_of(pairs)?;
    if kind_of(&bytes).is_some() {
        return None;
    }
    if let Some(text) = wide_text(&bytes) {
        return Some(text);
    }
    let plain = bytes
        .iter()
        .filter(|byte| matches!(byte, b' '..=b'~'))
        .count();
    (plain * 2 > bytes.len() && looks_like_text(&bytes)).then(|| decode_all(&bytes))
}

/// The bytes that pairs of hexadecimal digits stand for.
pub(super) fn bytes_of(pairs: &[[u8; 2]]) -> Option<Vec<u8>> {
    let half = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|own| u8::try_from(own).ok())
    };
    pairs
        .iter()
        .map(|[high, low]| Some(half(*high)? << 4 | half(*low)?))
        .collect()
}
