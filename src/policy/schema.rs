//! JSON Schemas of our TOML files, for editors that complete and check while one writes.
//!
//! They are made from the types that read the files, so they cannot say otherwise. What a schema cannot
//! say (an event type of the vocabulary, a path pattern, an import that is there) is found by
//! `sporhund rules check`.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::classes::ClassFile;
use super::events::VocabularyFile;
use super::rule_file::RuleFile;
use super::site::MonthDay;
use super::site_file::SiteFile;
use super::toml_date::TomlDate;

/// The files that have a schema: id, and the title of the schema.
pub const SCHEMAS: [(&str, &str); 4] = [
    ("rules", "Sporhund: rules of retention"),
    ("site", "Sporhund: what lies where"),
    ("classes", "Sporhund: classes of documents"),
    ("events", "Sporhund: types of events"),
];

/// The JSON Schema of a file by its id in [`SCHEMAS`], as text that ends with a line break.
#[must_use]
pub fn schema(id: &str) -> Option<String> {
    let (_, title) = SCHEMAS.iter().find(|(known, _)| *known == id)?;
    let make = || SchemaSettings::draft07().into_generator();
    let mut schema = match id {
        "rules" => make().into_root_schema_for::<RuleFile>(),
        "site" => make().into_root_schema_for::<SiteFile>(),
        "classes" => make().into_root_schema_for::<ClassFile>(),
        _ => make().into_root_schema_for::<VocabularyFile>(),
    };
    schema.insert("title".to_owned(), (*title).into());
    let text = serde_json::to_string_pretty(&schema).ok()?;
    Some(format!("{text}\n"))
}

/// A date as TOML writes one, which editors take for text, or as text.
impl JsonSchema for TomlDate {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" })
    }
}

impl JsonSchema for MonthDay {
    fn schema_name() -> Cow<'static, str> {
        "MonthDay".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-1][0-9]-[0-3][0-9]$" })
    }
}
