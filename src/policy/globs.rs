//! Path patterns of registers and site files: `*` stays in a folder, `**` crosses folders.
//!
//! Patterns and paths are compared in Unicode NFC, because some systems store names decomposed.

use std::borrow::Cow;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use unicode_normalization::UnicodeNormalization;

/// Many patterns that are matched at once.
#[derive(Clone, Debug, Default)]
pub(super) struct PathGlobs {
    set: GlobSet,
}

impl PathGlobs {
    /// Compiles patterns; the error names the first that is not one.
    pub(super) fn new<'a>(patterns: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            builder.add(compile(pattern)?);
        }
        let set = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { set })
    }

    /// Indexes of the patterns that fit the path, or the file that the path lies in, in order.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        if self.set.is_empty() {
            return Vec::new();
        }
        let path = nfc(path);
        let mut found = self.set.matches(path.as_ref());
        if let Some((top, _)) = path.split_once("!/") {
            found.extend(self.set.matches(top));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A pattern that fits the path of a folder as it is called: characters that mean something in a
/// pattern become `?`.
#[must_use]
pub fn pattern_of(folder: &str) -> String {
    folder.replace(['*', '[', ']', '{', '}', '!', '\\'], "?")
}

/// Compiles one pattern.
pub(super) fn compile(pattern: &str) -> Result<Glob, String> {
    let pattern = nfc(pattern).replace('\\', "/");
    GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| error.kind().to_string())
}

/// Whether a pattern names no folder and no file, so that it covers a whole root.
pub(super) fn is_whole_root(pattern: &str) -> bool {
    let relative = pattern.split_once(':').map_or(pattern, |(_, rest)| rest);
    relative
        .chars()
        .all(|c| matches!(c, '*' | '/' | '\\' | '.' | '?'))
}

/// The text in NFC.
pub(super) fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, path: &str) -> bool {
        let globs = PathGlobs::new([pattern].into_iter()).unwrap();
        !globs.matches(path).is_empty()
    }

    #[test]
    fn stars_and_folders() {
        assert!(fits("hr/**", "hr/a/b.pdf"));
        assert!(!fits("hr/*", "hr/a/b.pdf"));
        assert!(fits("logg/access-2025-0*", "logg/access-2025-08.log"));
        assert!(!fits("hr/**", "hr2/a"));
        assert!(fits("support/a.eml", "support/a.eml!/cv.pdf"));
        assert!(fits("**/fixtures/**", "tests/fixtures/users.csv"));
        assert!(fits("s\u{f8}k/\u{e5}r/**", "s\u{f8}k/a\u{30a}r/x"));
        assert!(fits("hr\\r1\\**", "hr/r1/x"));
    }

    #[test]
    fn a_whole_root_is_recognised() {
        for pattern in ["**", "*", "**/*", "./**", "hr:**", "/"] {
            assert!(is_whole_root(pattern), "{pattern}");
        }
        assert!(!is_whole_root("hr/**"));
        assert!(!is_whole_root("hr:post/**"));
    }
}
