//! An example of a rule as it is written in the rule's file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::facts::{Role, ZoneFacts};
use super::rule_file::OneOrMore;
use super::toml_date::TomlDate;

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenExample {
    /// What it shows.
    pub note: Option<String>,
    /// The day that is judged by.
    pub as_of: TomlDate,
    /// Path of the document.
    pub path: String,
    /// Its class.
    #[serde(default)]
    pub class: Option<String>,
    /// Certainty of the class, 0 to 1.
    pub class_confidence: Option<f64>,
    /// Role of the organisation.
    pub role: Option<Role>,
    /// One id, or several.
    #[serde(default)]
    pub purpose: OneOrMore,
    /// Hiring round, course or case.
    pub process: Option<String>,
    /// Customer.
    pub org: Option<String>,
    /// Whom it is about.
    #[serde(default)]
    pub subject: OneOrMore,
    /// What was found in it.
    #[serde(default)]
    pub findings: Vec<String>,
    /// What was found and is synthetic.
    #[serde(default)]
    pub synthetic: Vec<String>,
    /// The same as `dates.embedded`.
    pub date: Option<String>,
    /// Its dates.
    #[serde(default)]
    #[schemars(with = "super::facts::WrittenDates")]
    pub dates: super::facts::Dates,
    /// What the site file says of the place.
    #[serde(default)]
    pub zone: ZoneFacts,
    /// Facts of the organisation.
    #[serde(default)]
    pub site: super::site::SiteFacts,
    /// Rows of the event register, in short.
    #[serde(default)]
    pub events: Vec<String>,
    /// `request` for a line of a request register.
    pub kind: Option<String>,
    /// It was not read to its end.
    #[serde(default)]
    pub truncated: bool,
    /// The verdict.
    pub expect: super::Verdict,
    /// The day it is due.
    pub due: Option<TomlDate>,
    /// Of a counter-example: the rule may take part.
    #[serde(default)]
    pub rule_may_decide: bool,
}
