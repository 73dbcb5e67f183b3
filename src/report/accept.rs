//! Unread objects that somebody has acknowledged.

use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;

/// An entry `[[coverage.accept]]`: objects that are known not to be read. They are shown, but do not
/// make a run incomplete.
#[derive(Clone, Debug)]
pub struct Accepted {
    path: GlobMatcher,
    cause: String,
    until: Option<Date>,
}

/// A pattern of an entry is not a glob.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a valid glob")]
pub struct BadGlob(String);

impl Accepted {
    /// An entry for objects whose path matches the glob `path` and whose cause is `cause`, up to and
    /// including the day `until`.
    ///
    /// # Errors
    /// When `path` is not a glob.
    pub fn new(path: &str, cause: &str, until: Option<Date>) -> Result<Self, BadGlob> {
        let glob = GlobBuilder::new(path).literal_separator(true).build();
        let glob = glob.map_err(|_| BadGlob(path.to_owned()))?;
        Ok(Self {
            path: glob.compile_matcher(),
            cause: cause.to_owned(),
            until,
        })
    }

    /// Whether the entry covers an object with this path and cause on a day. An entry for a container
    /// covers what lies in it.
    #[must_use]
    pub fn covers(&self, path: &str, cause: &str, day: Date) -> bool {
        let ends = path.match_indices("!/").map(|(at, _)| at);
        let mut paths = ends.chain([path.len()]).filter_map(|end| path.get(..end));
        self.cause == cause
            && self.until.is_none_or(|until| day <= until)
            && paths.any(|path| self.path.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_entry_covers_its_path_cause_and_time() {
        let until = date(2026, 12, 31);
        let entry = Accepted::new("arkiv/**", "encrypted", Some(until)).unwrap();
        assert!(entry.covers("arkiv/a/b.zip", "encrypted", until));
        assert!(!entry.covers("arkiv/a/b.zip", "malformed", until));
        assert!(!entry.covers("hr/b.zip", "encrypted", until));
        assert!(!entry.covers("arkiv/b.zip", "encrypted", date(2027, 1, 1)));
        let one = Accepted::new("arkiv/b.zip", "encrypted", None).unwrap();
        assert!(one.covers("arkiv/b.zip!/lønn.txt", "encrypted", until));
        assert!(!one.covers("arkiv/b.zip.bak", "encrypted", until));
        assert!(Accepted::new("a[", "encrypted", None).is_err());
    }
}
