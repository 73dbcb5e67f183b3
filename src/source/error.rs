//! Why a walk cannot start. What goes wrong later is an object's problem, never an error.

use std::io;
use std::path::PathBuf;

/// Why a walk cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pattern is not a glob.
    #[error("`{pattern}` is not a valid glob")]
    BadGlob {
        /// The pattern as it was given.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: globset::Error,
    },
    /// A root does not exist or cannot be examined.
    #[error("cannot examine `{}`", path.display())]
    Root {
        /// The root as it was given.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Two different roots have one label, so that their files could not be told apart.
    #[error("two roots have the label `{label}`")]
    LabelTwice {
        /// The label.
        label: String,
    },
}
