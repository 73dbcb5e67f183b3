//! What people have allowed: in a comment beside the value, or for a path in the configuration.

use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;

use super::{Honour, Policy};
use crate::model::Kind;

/// An entry of the configuration: a kind that may stand in some paths.
#[derive(Clone, Debug)]
pub struct Allowance {
    path: GlobMatcher,
    id: String,
    until: Option<Date>,
}

/// Why an entry cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum BadAllowance {
    /// The path is no glob.
    #[error("`{0}` is not a valid glob")]
    Glob(String),
    /// There is no such detector.
    #[error("there is no detector or kind `{0}`")]
    Kind(String),
}

impl Allowance {
    /// Allows `id` (a detector, `detector:kind`, or `*` for all) in the paths that match the glob,
    /// up to and including the day `until`; `policy` knows the detectors.
    ///
    /// # Errors
    /// When the path is no glob, or no detector has the id.
    pub fn new(
        path: &str,
        id: &str,
        until: Option<Date>,
        policy: &Policy,
    ) -> Result<Self, BadAllowance> {
        let glob = GlobBuilder::new(path).literal_separator(true).build();
        let glob = glob.map_err(|_| BadAllowance::Glob(path.to_owned()))?;
        if id != "*" && !policy.knows(id) {
            return Err(BadAllowance::Kind(id.to_owned()));
        }
        Ok(Self {
            path: glob.compile_matcher(),
            id: id.to_owned(),
            until,
        })
    }

    /// Whether the entry covers a kind in an object on a day. An entry for a container covers what
    /// lies in it.
    pub(super) fn covers(&self, object: &str, kind: &Kind, today: Date) -> bool {
        let ends = object.match_indices("!/").map(|(at, _)| at);
        let mut paths = ends
            .chain([object.len()])
            .filter_map(|end| object.get(..end));
        (self.id == "*" || names(&self.id, kind))
            && self.until.is_none_or(|until| today <= until)
            && paths.any(|path| self.path.is_match(path))
    }
}

/// Whether `id` names the kind or its detector.
fn names(id: &str, kind: &Kind) -> bool {
    match id.split_once(':') {
        Some((detector, of)) => detector == kind.detector && of == kind.kind,
        None => id == kind.detector,
    }
}

/// Who allows what a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    /// `sporhund:allow(…)` of our own.
    Own,
    /// A comment for another tool.
    OtherTool,
}

/// The words that begin a comment of ours.
const OWN: &str = "sporhund:allow(";

/// Whether the line itself or the one before it allows the kind.
pub(super) fn inline(line: &str, before: &str, kind: &Kind, honour: Honour) -> Option<Inline> {
    if allows(line, kind) || stands_alone(before) && allows(before, kind) {
        return Some(Inline::Own);
    }
    let other = honour.gitleaks && line.contains("gitleaks:allow")
        || honour.detect_secrets
            && (line.contains("pragma: allowlist secret")
                || before.contains("pragma: allowlist nextline secret"));
    other.then_some(Inline::OtherTool)
}

/// `sporhund:allow(fodselsnummer, phone:mobile) why`: whether one of the ids names the kind.
fn allows(line: &str, kind: &Kind) -> bool {
    line.match_indices(OWN).any(|(at, _)| {
        let rest = line.get(at + OWN.len()..).unwrap_or_default();
        let ids = rest.split(')').next().unwrap_or_default();
        ids.split(',').any(|id| names(id.trim(), kind))
    })
}

/// Whether a line with an allowance holds nothing before it but the signs of a comment, so that it
/// speaks of the next line and not of itself alone.
fn stands_alone(line: &str) -> bool {
    let Some(at) = line.find(OWN) else {
        return false;
    };
    let before = line.get(..at).unwrap_or_default();
    !before.chars().any(char::is_alphanumeric) || before.trim().eq_ignore_ascii_case("rem")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Category;
    use jiff::civil::date;

    static MOBILE: Kind = Kind {
        detector: "phone",
        kind: "mobile",
        category: Category::Contact,
        digested: true,
        precedence: 1,
    };

    #[test]
    fn comments_name_what_they_allow() {
        let own = |line, before| inline(line, before, &MOBILE, Honour::default());
        assert_eq!(
            own("x # sporhund:allow(phone) vakttelefon", ""),
            Some(Inline::Own)
        );
        assert_eq!(
            own("x // sporhund:allow(email, phone:mobile) a", ""),
            Some(Inline::Own)
        );
        assert_eq!(
            own("x", "  <!-- sporhund:allow(phone) a -->"),
            Some(Inline::Own)
        );
        assert_eq!(
            own("x", "y = 1 # sporhund:allow(phone) a"),
            None,
            "speaks of its own line"
        );
        assert_eq!(own("x # sporhund:allow(email) a", ""), None);
        assert_eq!(own("x # gitleaks:allow", ""), None);
        let honour = Honour {
            gitleaks: true,
            detect_secrets: true,
        };
        for line in ["x # gitleaks:allow", "x  # pragma: allowlist secret"] {
            assert_eq!(inline(line, "", &MOBILE, honour), Some(Inline::OtherTool));
        }
    }

    #[test]
    fn an_entry_covers_paths_kinds_and_time() {
        let until = date(2026, 12, 31);
        let policy = Policy::new(until).with_own_detectors(["member".to_owned()]);
        let new = |path, id, until| Allowance::new(path, id, until, &policy);
        let entry = new("tests/**", "phone", Some(until)).unwrap();
        assert!(entry.covers("tests/a/b.zip!/c.txt", &MOBILE, until));
        assert!(!entry.covers("tests/a", &MOBILE, date(2027, 1, 1)));
        assert!(!entry.covers("src/a", &MOBILE, until));
        assert!(new("a[", "phone", None).is_err());
        assert!(new("a", "telephone", None).is_err());
        assert!(new("a", "member", None).is_ok());
    }
}
