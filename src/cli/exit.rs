//! How the program ends, for scripts that look at nothing else.

use std::process::ExitCode;

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
}
