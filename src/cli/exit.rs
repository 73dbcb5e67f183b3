//! How the program ends, for scripts that look at nothing else.

use std::process::ExitCode;

use super::args::FailOn;
use crate::report::Overview;

/// The exit codes that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything was done and read.
    Complete,
    /// The run could not go on.
    Fatal,
    /// The run could not start: usage, configuration or rules.
    NotStarted,
    /// The run ended, but not everything was read.
    Incomplete,
    /// Findings or verdicts that the user asked to fail on.
    Findings,
    /// Stopped by the user; what was done is recorded.
    Interrupted,
}

impl Exit {
    /// Every ending.
    pub const ALL: &'static [Self] = &[
        Self::Complete,
        Self::Fatal,
        Self::NotStarted,
        Self::Incomplete,
        Self::Findings,
        Self::Interrupted,
    ];

    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Fatal => 1,
            Self::NotStarted => 2,
            Self::Incomplete => 3,
            Self::Findings => 4,
            Self::Interrupted => 130,
        }
    }

    /// How a run ends that was not stopped: 4 for what the user asked to fail on, 3 for what was not
    /// read, and 4 where both hold. `new_unread` says whether something is unread that was not before.
    pub(crate) fn of(overview: &Overview, fail_on: &[FailOn], new_unread: bool) -> Self {
        let unread = overview.unread_count() > 0;
        let occurs = |what: &FailOn| match what {
            FailOn::Violation => {
                overview.violation_objects > 0 || overview.verdict("violation") > 0
            }
            // What is due may be violated as well, which is then its verdict.
            FailOn::DeleteDue => overview.due_objects > 0 || overview.verdict("delete_due") > 0,
            FailOn::Review => overview.verdict("review") > 0,
            FailOn::Unread => unread,
            FailOn::NewUnread => new_unread,
        };
        if fail_on.iter().any(occurs) {
            Self::Findings
        } else if unread {
            Self::Incomplete
        } else {
            Self::Complete
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_contract() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 130]);
    }

    #[test]
    fn findings_outweigh_incompleteness() {
        let mut overview = Overview::default();
        assert_eq!(
            Exit::of(&overview, &[FailOn::DeleteDue], false),
            Exit::Complete
        );
        overview.unread.insert("encrypted".to_owned(), 1);
        assert_eq!(Exit::of(&overview, &[], false), Exit::Incomplete);
        overview.verdicts.insert("delete_due".to_owned(), 2);
        assert_eq!(
            Exit::of(&overview, &[FailOn::Review], false),
            Exit::Incomplete
        );
        assert_eq!(
            Exit::of(&overview, &[FailOn::DeleteDue], false),
            Exit::Findings
        );
        assert_eq!(
            Exit::of(&overview, &[FailOn::NewUnread], false),
            Exit::Incomplete
        );
        assert_eq!(
            Exit::of(&overview, &[FailOn::NewUnread], true),
            Exit::Findings
        );
        let both = Overview {
            verdicts: [("violation".to_owned(), 1)].into(),
            due_objects: 1,
            ..Overview::default()
        };
        assert_eq!(Exit::of(&both, &[FailOn::DeleteDue], false), Exit::Findings);
    }
}
