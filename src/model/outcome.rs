//! What became of an object: exactly one [`Outcome`] for each that was discovered.

use std::fmt;

/// The one ending of an object. Discovered = scanned + unchanged + partial + skipped + failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Read to its end.
    Scanned,
    /// Not read again, because nothing about it changed since it was read to its end.
    Unchanged,
    /// Read in part; what was read counts.
    Partial(Problem),
    /// Left unread on purpose or for want of a reader.
    Skipped(Problem),
    /// Should have been read and could not be.
    Failed(Problem),
}

impl Outcome {
    /// `scanned`, `unchanged`, `partial`, `skipped` or `failed`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::Unchanged => "unchanged",
            Self::Partial(_) => "partial",
            Self::Skipped(_) => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// The problem that explains an outcome that is neither scanned nor unchanged.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Self::Scanned | Self::Unchanged => None,
            Self::Partial(problem) | Self::Skipped(problem) | Self::Failed(problem) => {
                Some(*problem)
            }
        }
    }

    /// Whether anything of it was read: what was found in it counts, and it is judged.
    #[must_use]
    pub fn is_read(&self) -> bool {
        match self {
            Self::Scanned | Self::Unchanged | Self::Partial(_) => true,
            Self::Skipped(_) | Self::Failed(_) => false,
        }
    }

    /// The outcome with this [`name`](Self::name) and problem, as it was stored; `None` when the
    /// two do not go together.
    #[must_use]
    pub fn from_parts(name: &str, problem: Option<Problem>) -> Option<Self> {
        match (name, problem) {
            ("scanned", None) => Some(Self::Scanned),
            ("unchanged", None) => Some(Self::Unchanged),
            ("partial", Some(problem)) => Some(Self::Partial(problem)),
            ("skipped", Some(problem)) => Some(Self::Skipped(problem)),
            ("failed", Some(problem)) => Some(Self::Failed(problem)),
            _ => None,
        }
    }

    /// Whether the object counts as *not read* for the exit code: partial, failed, or skipped as
    /// unsupported, offline or over a limit. Links, excluded paths and special files do not count,
    /// nor do pictures without text (they are counted and shown apart).
    #[must_use]
    pub fn is_unread(&self) -> bool {
        match self {
            Self::Scanned | Self::Unchanged => false,
            Self::Partial(problem) | Self::Failed(problem) => {
                problem.kind != ProblemKind::ImageWithoutText
            }
            Self::Skipped(problem) => !matches!(
                problem.kind,
                ProblemKind::Link
                    | ProblemKind::Excluded
                    | ProblemKind::SpecialFile
                    | ProblemKind::ImageWithoutText
            ),
        }
    }
}

/// Why an object was not read, or not to its end.
///
/// It holds no text of a library or of the document: a foreign error message can quote what it
/// stumbled over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The cause.
    pub kind: ProblemKind,
    /// Where in the work it happened.
    pub stage: Stage,
    /// Our own position, where one is known: a byte offset, page or entry number.
    pub at: Option<u64>,
}

impl Problem {
    /// A problem without a position.
    #[must_use]
    pub fn new(kind: ProblemKind, stage: Stage) -> Self {
        Self {
            kind,
            stage,
            at: None,
        }
    }

    /// The same problem at a position (byte offset, page or entry number).
    #[must_use]
    pub fn at(self, at: u64) -> Self {
        Self {
            at: Some(at),
            ..self
        }
    }
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands in files and reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value that the word stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

named! {
    /// The closed list of causes.
    ProblemKind {
        /// The system refused access.
        Permission = "permission",
        /// It was there when listed and gone when opened.
        Vanished = "vanished",
        /// Reading failed.
        Io = "io",
        /// A password is needed.
        Encrypted = "encrypted",
        /// The content breaks its own format.
        Malformed = "malformed",
        /// No reader for this kind of content.
        Unsupported = "unsupported",
        /// Too many containers inside each other.
        LimitDepth = "limit-depth",
        /// Too many members in one file.
        LimitMembers = "limit-members",
        /// Too many bytes for what was stored: a decompression bomb, or the stated limit.
        LimitBytes = "limit-bytes",
        /// More memory than allowed.
        LimitMemory = "limit-memory",
        /// Longer than allowed.
        Timeout = "timeout",
        /// A reader panicked.
        Panic = "panic",
        /// A child process died while reading.
        Crashed = "crashed",
        /// A picture or a scanned page whose text was not read.
        ImageWithoutText = "image-without-text",
        /// A picture or a scanned page whose text could be read with much doubt only.
        ImageUncertain = "image-uncertain",
        /// The content lies elsewhere and is not recalled.
        Offline = "offline",
        /// Left out by a filter, an ignore list, or the site file.
        Excluded = "excluded",
        /// A symbolic link, not followed.
        Link = "link",
        /// A device, pipe or socket.
        SpecialFile = "special-file",
        /// The run was stopped.
        Cancelled = "cancelled",
    }
}

named! {
    /// The part of the work in which a problem arose.
    Stage {
        /// Listing folders.
        Walk = "walk",
        /// Opening a file.
        Open = "open",
        /// Reading bytes.
        Read = "read",
        /// Finding out what kind of content it is.
        Sniff = "sniff",
        /// Taking text and members out of the content.
        Extract = "extract",
        /// Looking for personal data in the text.
        Detect = "detect",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_their_values() {
        for kind in ProblemKind::ALL {
            assert_eq!(ProblemKind::parse(kind.as_str()), Some(*kind));
        }
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(*stage));
        }
    }

    #[test]
    fn an_outcome_survives_its_parts() {
        let problem = Problem::new(ProblemKind::Io, Stage::Read);
        for outcome in [
            Outcome::Scanned,
            Outcome::Unchanged,
            Outcome::Partial(problem),
            Outcome::Skipped(problem),
            Outcome::Failed(problem),
        ] {
            let back = Outcome::from_parts(outcome.name(), outcome.problem());
            assert_eq!(back.as_ref(), Some(&outcome));
        }
        assert_eq!(Outcome::from_parts("failed", None), None);
    }

    #[test]
    fn links_and_exclusions_are_not_unread() {
        let skipped = |kind| Outcome::Skipped(Problem::new(kind, Stage::Walk));
        assert!(!skipped(ProblemKind::Link).is_unread());
        assert!(!skipped(ProblemKind::Excluded).is_unread());
        assert!(skipped(ProblemKind::Unsupported).is_unread());
        assert!(skipped(ProblemKind::Offline).is_unread());
    }
}
