//! What an object says of itself that is not text: above all dates, with their provenance.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A document fact that retention may need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A date of the document.
    Date {
        /// Where the date comes from.
        source: DateSource,
        /// The days it may mean.
        interval: DateInterval,
    },
    /// The `Message-ID` of a mail, without its brackets.
    MessageId(Box<str>),
}

/// Digits before the `@` from which on a `Message-ID` is taken for a number that a program made: what
/// has fewer may be a person's address.
const ID_DIGITS: usize = 6;

/// The longest `Message-ID` that is kept, in bytes (RFC 5322 allows lines of 998).
const ID_BYTES: usize = 250;

impl Fact {
    /// The `Message-ID` that a mail says it has; none where it is none, or may be somebody's address.
    #[must_use]
    pub fn message_id(written: &str) -> Option<Self> {
        let id = written.trim().trim_start_matches('<').trim_end_matches('>');
        let (left, _) = id.split_once('@')?;
        let digits = left.bytes().filter(u8::is_ascii_digit).count();
        let sound = id.len() <= ID_BYTES && id.bytes().all(|byte| byte.is_ascii_graphic());
        (sound && digits >= ID_DIGITS).then(|| Self::MessageId(id.into()))
    }
}

/// Where a date comes from, as `retention/model.md` D.4 of the design ranks them. The order of
/// declaration is the general order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateSource {
    /// A sidecar or a register says so.
    Declared,
    /// A database column that the site file names.
    Db,
    /// The `Date` header of a mail.
    Mail,
    /// A date in the text, for classes that have one.
    Content,
    /// Embedded metadata: created.
    EmbeddedCreated,
    /// Embedded metadata: modified.
    EmbeddedModified,
    /// A date in the path.
    Path,
    /// The file system's modification time.
    Mtime,
}

impl DateSource {
    /// Every source, in the general order of trust.
    pub const ALL: &'static [Self] = &[
        Self::Declared,
        Self::Db,
        Self::Mail,
        Self::Content,
        Self::EmbeddedCreated,
        Self::EmbeddedModified,
        Self::Path,
        Self::Mtime,
    ];

    /// The word that stands in the inventory.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Db => "db",
            Self::Mail => "mail",
            Self::Content => "content",
            Self::EmbeddedCreated => "embedded_created",
            Self::EmbeddedModified => "embedded_modified",
            Self::Path => "path",
            Self::Mtime => "mtime",
        }
    }

    /// The source that the word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|source| source.as_str() == word)
    }
}

/// The days a date may mean, both ends included: «2025-11» is 1 to 30 November.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateInterval {
    /// First day.
    pub first: Date,
    /// Last day, not before `first`.
    pub last: Date,
}

impl DateInterval {
    /// One day.
    #[must_use]
    pub fn day(day: Date) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// A whole month or year; `None` where the calendar has no such month or year.
    #[must_use]
    pub fn month_or_year(year: i16, month: Option<i8>) -> Option<Self> {
        let first = Date::new(year, month.unwrap_or(1), 1).ok()?;
        let last = match month {
            Some(_) => first.last_of_month(),
            None => first.last_of_year(),
        };
        Some(Self { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_an_address_is_no_message_id() {
        let id = |text: &str| match Fact::message_id(text) {
            Some(Fact::MessageId(id)) => Some(id.into_string()),
            Some(Fact::Date { .. }) | None => None,
        };
        let whole = "<AM0PR07MB4419A1.eurprd07@post.example>";
        assert_eq!(
            id(whole).as_deref(),
            Some("AM0PR07MB4419A1.eurprd07@post.example")
        );
        assert_eq!(
            id(" 20260112100000.1@post.example\r\n").as_deref(),
            Some("20260112100000.1@post.example")
        );
        assert_eq!(id("<kari.prove@post.example>"), None);
        assert_eq!(id("<2026011210 0000@post.example>"), None);
        assert_eq!(id("20260112100000"), None);
    }
}
