//! The passwords that locked content is tried with.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{DigestKey, Sensitive};

/// Passwords in the order in which they are tried. They go to the processes that read and nowhere
/// else: `Debug` tells how many there are.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Passwords(Arc<[Box<str>]>);

impl Passwords {
    /// One on a line; empty lines are passed over.
    #[must_use]
    pub fn of_lines(text: &str) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self(
            text.lines()
                .filter(|line| !line.is_empty())
                .map(Into::into)
                .collect(),
        )
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What tells one list from another. Without the key nobody can try lists against it.
    #[must_use]
    pub fn digest(&self, key: &DigestKey) -> u64 {
        Sensitive::new(&self.0.join("\n")).digest(key, "passwords")
    }

    /// Each of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Passwords;

    #[test]
    fn each_line_is_one_and_none_is_shown() {
        let passwords = Passwords::of_lines("\u{FEFF}Sommer2024!\r\n\r\n med rom \n");
        let all: Vec<&str> = passwords.iter().collect();
        assert_eq!(all, ["Sommer2024!", " med rom "]);
        assert_eq!(format!("{passwords:?}"), "Passwords(2)");
        assert!(Passwords::of_lines("\n\n").is_empty());
    }
}
