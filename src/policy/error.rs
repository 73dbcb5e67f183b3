//! What keeps a rule, site, class or event file from being used, with the place in the file.
//!
//! It does not print: the caller shows the error and its hint.

use std::fmt;
use std::ops::Range;

/// Why a file could not be used. `Display` gives `file:line:column: message` without the hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Name of the file as the caller gave it.
    pub file: String,
    /// Line, from 1; 0 where the error concerns the file as a whole.
    pub line: usize,
    /// Column in characters, from 1; 0 where the error concerns the file or line as a whole.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would help, where that is known.
    pub hint: Option<String>,
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl Error {
    /// An error about `file` as a whole.
    pub(super) fn whole(file: &str, message: impl Into<String>) -> Self {
        Self::at_line(file, 0, message)
    }

    /// An error about a line (from 1) of `file`.
    pub(super) fn at_line(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            column: 0,
            message: message.into(),
            hint: None,
        }
    }

    /// An error about the byte range `span` of `text`.
    pub(super) fn at_span(
        file: &str,
        text: &str,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let (line, column) = position(text, span.start);
        Self {
            column,
            ..Self::at_line(file, line, message)
        }
    }

    /// The same error with a hint.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// An error of the TOML reader about `text`.
    pub(super) fn toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let whole = 0..0;
        let span = error.span().unwrap_or(whole);
        let (message, hint) = toml_told(error);
        let told = Self::at_span(file, text, &span, message);
        match hint {
            Some(hint) => told.hint(hint),
            None => told,
        }
    }

    /// An error of the JSON reader.
    pub(super) fn json(file: &str, error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(head, _)| head);
        let told = Self {
            column: error.column(),
            ..Self::at_line(file, error.line(), unknown_as_key(message))
        };
        match suggestion(message) {
            Some(hint) => told.hint(hint),
            None => told,
        }
    }
}

/// What the TOML reader complains of in one line, and a hint where a key or a word is misspelt.
#[must_use]
pub fn toml_told(error: &toml::de::Error) -> (String, Option<String>) {
    let message = error.message().lines().next().unwrap_or_default();
    (unknown_as_key(message), suggestion(message))
}

/// Line and column (from 1) of the byte at `offset`.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).map_or(0, |l| l.chars().count()) + 1;
    (line, column)
}

/// `unknown field …, expected one of …` as `unknown key …`: the list is left to the hint.
fn unknown_as_key(message: &str) -> String {
    match message.strip_prefix("unknown field ") {
        Some(rest) => {
            let name = rest.split(',').next().unwrap_or(rest);
            format!("unknown key {name}")
        }
        None => message.to_owned(),
    }
}

/// A hint for a misspelt key or word: the nearest that is expected, else all that are.
fn suggestion(message: &str) -> Option<String> {
    let (head, tail) = message.split_once(", expected ")?;
    if !head.starts_with("unknown ") {
        return None;
    }
    let given = head.split('`').nth(1)?;
    let expected: Vec<&str> = tail.split('`').skip(1).step_by(2).collect();
    match nearest(given, expected.iter().copied()) {
        Some(word) => Some(format!("did you mean `{word}`?")),
        None if expected.is_empty() => None,
        None => Some(format!("expected one of `{}`", expected.join("`, `"))),
    }
}

/// The word among `words` that is so like `given` that it was probably meant.
pub(super) fn nearest<'a>(given: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    words
        .map(|word| (distance(given, word), word))
        .min()
        .filter(|(distance, word)| *distance <= 1 + word.len() / 5)
        .map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed to turn one word into the other.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(&two) {
            let changed = diagonal + usize::from(a != *b);
            diagonal = *cell;
            left = changed.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_recognised() {
        assert_eq!(distance("unless_events", "unless_event"), 1);
        assert_eq!(distance("", "abc"), 3);
        let words = ["unless_event", "period", "then"];
        assert_eq!(
            nearest("unless_events", words.into_iter()),
            Some("unless_event")
        );
        assert_eq!(nearest("colour", words.into_iter()), None);
    }

    #[test]
    fn an_offset_becomes_line_and_column() {
        assert_eq!(position("a\nøb\nc", 4), (2, 2));
        assert_eq!(position("", 9), (1, 1));
    }
}
