//! What was written into a picture, from whatever part of it: named lines, and the earliest of its
//! dates of each kind that was told first.

use jiff::civil::Date;

use crate::model::{DateInterval, DateSource, Fact};

/// A note longer than this is cut; it is no caption any more.
const MAX_NOTE_BYTES: usize = 256 * 1024;

/// Gathers notes.
#[derive(Default)]
pub(super) struct Notes {
    text: String,
    created: Option<Date>,
    modified: Option<Date>,
}

impl Notes {
    /// Adds the line `name: value`, unless the value is empty or just that line was added.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if value.is_empty() {
            return;
        }
        let value = value.get(..value.floor_char_boundary(MAX_NOTE_BYTES)).unwrap_or_default();
        self.text.push_str(name);
        self.text.push_str(": ");
        self.text.push_str(value);
        self.text.push('\n');
    }

    /// Takes a date such as `2024:05:17 09:30:00`, `2024-05-17T09:30` or `20240517`; the first one
    /// of a kind counts.
    pub(super) fn add_date(&mut self, source: DateSource, value: &str) {
        let digits: String = value.trim().chars().filter(char::is_ascii_digit).take(8).collect();
        let Ok(day) = Date::strptime("%Y%m%d", &digits) else {
            return;
        };
        let own = match source {
            DateSource::EmbeddedCreated => &mut self.created,
            DateSource::EmbeddedModified => &mut self.modified,
            DateSource::Declared
            | DateSource::Db
            | DateSource::Mail
            | DateSource::Content
            | DateSource::Path
            | DateSource::Mtime => return,
        };
        own.get_or_insert(day);
    }

    /// All lines.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The date of a kind, if there was one.
    pub(super) fn date(&self, source: DateSource) -> Option<Fact> {
        let day = if source == DateSource::EmbeddedCreated { self.created } else { self.modified };
        day.map(|day| Fact::Date { source, interval: DateInterval::day(day) })
    }
}
