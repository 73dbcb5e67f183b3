//! The vocabulary of the event register: which types of events there are and what they need.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::error::{Error, nearest};
use super::shipped::shipped;

/// The types of events that a register may hold.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    types: HashMap<String, EventType>,
}

/// A type of event.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventType {
    /// Id, such as `hiring_round_closed`.
    pub id: String,
    /// What may narrow it; at least one of these must be given. Empty: it holds everywhere.
    pub scope: Vec<Scope>,
    /// Columns that must be filled in.
    #[serde(default)]
    pub required: Vec<String>,
    /// Further columns that mean something for it.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Allowed words in the column `reason`.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// What it does.
    #[serde(default)]
    pub effect: Option<String>,
    /// The type that takes it back.
    #[serde(default)]
    pub counter: Option<String>,
    /// Sections of the policy it belongs to.
    #[serde(default)]
    pub section: Option<String>,
}

/// What an event is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// A path glob.
    Path,
    /// A person.
    Subject,
    /// A hiring round, course or case.
    Process,
    /// A customer.
    Org,
}

impl Scope {
    /// The column of the register.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Subject => "subject",
            Self::Process => "process",
            Self::Org => "org",
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VocabularyFile {
    /// The version of the shape: 1.
    #[serde(rename = "schema")]
    _schema: u32,
    /// What the columns of a register mean.
    #[serde(default, rename = "columns")]
    _columns: HashMap<String, String>,
    /// The types.
    #[serde(rename = "type")]
    types: Vec<EventType>,
}

impl Vocabulary {
    /// The vocabulary in `rules/events.toml`.
    ///
    /// # Errors
    /// None in a program whose tests pass.
    pub fn shipped() -> Result<Self, Error> {
        Self::parse("events.toml", shipped("events").unwrap_or_default())
    }

    /// Reads a vocabulary.
    ///
    /// # Errors
    /// Text that is not TOML, an unknown or a missing key, with file and line.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let file: VocabularyFile =
            toml::from_str(text).map_err(|error| Error::toml(name, text, &error))?;
        let types = file.types.into_iter().map(|kind| (kind.id.clone(), kind));
        Ok(Self {
            types: types.collect(),
        })
    }

    /// The type with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&EventType> {
        self.types.get(id)
    }

    /// Every type, by id.
    #[must_use]
    pub fn types(&self) -> Vec<&EventType> {
        let mut types: Vec<&EventType> = self.types.values().collect();
        types.sort_by_key(|kind| &kind.id);
        types
    }

    pub(super) fn knows(&self, id: &str) -> bool {
        self.types.contains_key(id)
    }

    /// A type whose id is much like `id`.
    pub(super) fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.types().into_iter().map(|kind| kind.id.as_str()))
    }
}
