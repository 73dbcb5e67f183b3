//! The six verdicts.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is to be done with a document. The order is that of precedence: the greater is shown.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A purpose is alive, the law requires it without a known end, or nothing personal was found.
    Keep,
    /// The end is known and lies ahead.
    DeleteOn,
    /// A person must look.
    Review,
    /// The day has come.
    DeleteDue,
    /// A promise or norm about content, place or role is broken now.
    Violation,
    /// It must not be touched.
    Hold,
}

impl Verdict {
    /// Every verdict, in the order of precedence, lowest first.
    pub const ALL: &'static [Self] = &[
        Self::Keep,
        Self::DeleteOn,
        Self::Review,
        Self::DeleteDue,
        Self::Violation,
        Self::Hold,
    ];

    /// The word that stands in reports and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::DeleteOn => "delete_on",
            Self::Review => "review",
            Self::DeleteDue => "delete_due",
            Self::Violation => "violation",
            Self::Hold => "hold",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
