//! Dates in our files: TOML's own (`2026-11-22`) or the same as text.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// A calendar date written as a TOML date or as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TomlDate(pub Date);

impl<'de> Deserialize<'de> for TomlDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let native = value.as_datetime().map(ToString::to_string);
        let text = native
            .or_else(|| value.as_str().map(str::to_owned))
            .unwrap_or_default();
        text.parse()
            .map(Self)
            .map_err(|_| serde::de::Error::custom("expected a date such as `2026-11-22`"))
    }
}
