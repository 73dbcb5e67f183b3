//! What was found in one object, of one kind, at one level.

use serde::{Deserialize, Serialize};

use super::{EvidenceSet, Kind, Masked, Place};

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Possible; counted apart and never hidden.
    Low,
    /// Probable.
    Medium,
    /// As good as certain.
    High,
}

impl Confidence {
    /// Every level, lowest first.
    pub const ALL: &'static [Self] = &[Self::Low, Self::Medium, Self::High];

    /// `low`, `medium` or `high`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The level that the word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|level| level.as_str() == word)
    }

    /// One step up, or `High`.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium | Self::High => Self::High,
        }
    }

    /// One step down, or `Low`.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::Low | Self::Medium => Self::Low,
            Self::High => Self::Medium,
        }
    }
}

/// All hits of one kind at one level in one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was found.
    pub kind: &'static Kind,
    /// How sure.
    pub confidence: Confidence,
    /// How many hits: exact.
    pub count: u64,
    /// How many different values.
    pub distinct: Distinct,
    /// The first hits, masked, in the order of the text.
    pub samples: Vec<Sample>,
    /// All reasons that speak for or against hits of this finding.
    pub reasons: EvidenceSet,
}

/// A number of different values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Distinct {
    /// How many.
    pub count: u64,
    /// Whether it is an estimate (more than 65,536 in one object).
    pub estimated: bool,
}

/// One hit that may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Where it stands.
    pub place: Place,
    /// The masked value.
    pub masked: Masked,
}
