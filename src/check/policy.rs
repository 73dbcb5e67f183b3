//! What fails, what is only said, and what passes: by kind, with what an organisation calls its own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Allowance;
use crate::detect;
use crate::model::{Confidence, Kind};

/// What a kind of finding leads to, where it belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It passes.
    Allow,
    /// It is said.
    Warn,
    /// It ends the check with code 4.
    Fail,
}

impl Severity {
    /// The severity that the word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "allow" => Some(Self::Allow),
            "warn" => Some(Self::Warn),
            "fail" => Some(Self::Fail),
            _ => None,
        }
    }

    /// `allow`, `warn` or `fail`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// Detectors whose findings are said and do not fail: they are seldom a person's alone, or seldom
/// certain.
const WARNED: [&str; 2] = ["birth-date", "health-personnel-number"];

/// Detectors whose findings pass: what they find stands in every repository and says nothing of a
/// person by itself.
const PASSED: [&str; 7] = [
    "ip-address",
    "mac-address",
    "geo",
    "online-id",
    "customer-id",
    "licence-plate",
    "organisation-number",
];

/// What comments of other tools are honoured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Honour {
    /// `gitleaks:allow`.
    pub gitleaks: bool,
    /// `pragma: allowlist secret`, of detect-secrets.
    pub detect_secrets: bool,
}

/// All that decides what a check says of what it finds.
#[derive(Clone, Debug)]
pub struct Policy {
    severities: BTreeMap<String, Severity>,
    own_detectors: Vec<String>,
    own_domains: Vec<String>,
    pub(super) allowances: Vec<Allowance>,
    pub(super) honour: Honour,
    pub(super) authorship: bool,
    pub(super) min_confidence: Confidence,
    pub(super) today: Date,
}

/// A kind that no detector has.
#[derive(Debug, thiserror::Error)]
#[error("there is no detector or kind `{0}`")]
pub struct UnknownKind(pub String);

impl Policy {
    /// The default policy on a day: births after it lie in the future.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            severities: BTreeMap::new(),
            own_detectors: Vec::new(),
            own_domains: Vec::new(),
            allowances: Vec::new(),
            honour: Honour::default(),
            authorship: true,
            min_confidence: Confidence::Medium,
            today,
        }
    }

    /// With the ids of detectors of the user's own, which severities and allowances may then name.
    #[must_use]
    pub fn with_own_detectors(mut self, ids: impl IntoIterator<Item = String>) -> Self {
        self.own_detectors.extend(ids);
        self
    }

    /// Whether a detector, or a kind as `detector:kind`, is known.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        let detector = id.split(':').next().unwrap_or(id);
        self.own_detectors.iter().any(|own| own == detector) || kinds().any(|known| known == id)
    }

    /// With another severity for `id`, a detector (`email`) or one of its kinds (`phone:fixed`).
    ///
    /// # Errors
    /// When there is no such detector or kind.
    pub fn with_severity(mut self, id: &str, severity: Severity) -> Result<Self, UnknownKind> {
        if !self.knows(id) {
            return Err(UnknownKind(id.to_owned()));
        }
        self.severities.insert(id.to_owned(), severity);
        Ok(self)
    }

    /// With domains whose addresses pass, and those below them.
    #[must_use]
    pub fn with_own_domains(mut self, domains: impl IntoIterator<Item = String>) -> Self {
        let plain = |domain: String| domain.trim_start_matches(['@', '.']).to_lowercase();
        self.own_domains.extend(domains.into_iter().map(plain));
        self
    }

    /// With places where a kind is allowed.
    #[must_use]
    pub fn with_allowances(mut self, allowances: Vec<Allowance>) -> Self {
        self.allowances = allowances;
        self
    }

    /// With comments of other tools honoured.
    #[must_use]
    pub fn honouring(mut self, honour: Honour) -> Self {
        self.honour = honour;
        self
    }

    /// With names and addresses of authors allowed or not.
    #[must_use]
    pub fn with_authorship(mut self, allowed: bool) -> Self {
        self.authorship = allowed;
        self
    }

    /// With the lowest level that is heard.
    #[must_use]
    pub fn from_level(mut self, level: Confidence) -> Self {
        self.min_confidence = level;
        self
    }

    /// What a finding of this kind leads to where it belongs to somebody.
    #[must_use]
    pub fn severity(&self, kind: &Kind) -> Severity {
        let of_kind = format!("{}:{}", kind.detector, kind.kind);
        let set = self.severities.get(&of_kind);
        if let Some(severity) = set.or_else(|| self.severities.get(kind.detector)) {
            return *severity;
        }
        if WARNED.contains(&kind.detector) {
            Severity::Warn
        } else if PASSED.contains(&kind.detector) {
            Severity::Allow
        } else {
            Severity::Fail
        }
    }

    /// Whether a domain, in lower case, is one of the organisation's own or below one.
    pub(super) fn is_own(&self, domain: &str) -> bool {
        self.own_domains.iter().any(|own| {
            let rest = domain.strip_suffix(own.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

/// Every detector's id, and every kind as `detector:kind`.
pub fn kinds() -> impl Iterator<Item = String> {
    detect::detectors().iter().flat_map(|detector| {
        let info = detector.info();
        let kinds = info
            .kinds
            .iter()
            .map(|kind| format!("{}:{}", info.id, kind.kind));
        std::iter::once(info.id.to_owned()).chain(kinds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_kind_wins_over_its_detector_and_unknown_ones_are_refused() {
        let policy = Policy::new(date(2026, 11, 1));
        let kind = |id: &str| {
            let mut all = detect::detectors()
                .iter()
                .flat_map(|detector| detector.info().kinds);
            *all.find(|kind| format!("{}:{}", kind.detector, kind.kind) == id)
                .unwrap()
        };
        assert_eq!(policy.severity(kind("phone:fixed")), Severity::Fail);
        assert_eq!(policy.severity(kind("geo:geo")), Severity::Allow);
        let policy = policy.with_severity("phone", Severity::Warn).unwrap();
        let policy = policy
            .with_severity("phone:fixed", Severity::Allow)
            .unwrap();
        assert_eq!(policy.severity(kind("phone:fixed")), Severity::Allow);
        assert_eq!(policy.severity(kind("phone:mobile")), Severity::Warn);
        assert!(policy.with_severity("fnr", Severity::Allow).is_err());
    }

    #[test]
    fn own_domains_cover_what_is_below_them() {
        let own = Policy::new(date(2026, 11, 1)).with_own_domains(["@Firma.example".to_owned()]);
        assert!(own.is_own("firma.example") && own.is_own("post.firma.example"));
        assert!(!own.is_own("annetfirma.example"));
    }
}
