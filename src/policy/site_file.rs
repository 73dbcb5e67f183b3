//! A site file as it is written, before its meaning is checked. Unknown keys are errors.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::facts::{Region, Role, Transfer};
use super::site::SiteFacts;
use super::toml_date::TomlDate;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteFile {
    /// The version of the shape: 1.
    pub(super) schema: u32,
    /// Rule files to judge by: names of shipped files, or paths.
    #[serde(default)]
    pub(super) rules: Vec<String>,
    /// Event registers: paths.
    #[serde(default)]
    pub(super) events: Vec<String>,
    /// Facts of the organisation.
    #[serde(default)]
    pub(super) facts: SiteFacts,
    /// Places; the first whose pattern fits counts.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenZone>")]
    pub(super) zone: Vec<Spanned<WrittenZone>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenZone {
    /// Pattern of paths below the root: `*` within a folder, `**` across folders, `{subject}`, `{process}` and `{org}` capture a part.
    pub(super) path: String,
    /// Role of the organisation there.
    pub(super) role: Role,
    /// Purposes that the place serves.
    #[serde(default)]
    pub(super) purpose: Vec<String>,
    /// Who looks after it.
    pub(super) owner: Option<String>,
    /// Class of documents that nothing else is known of.
    pub(super) default_class: Option<String>,
    /// Who the data is given to, for the record of processing.
    #[serde(default)]
    pub(super) recipients: Vec<String>,
    /// Countries outside the EEA that it goes to, for the record of processing.
    #[serde(default)]
    pub(super) countries: Vec<String>,
    /// A pattern with `{subject}` for the person.
    pub(super) subject_from_path: Option<String>,
    /// How the id is written, with `{subject}`.
    pub(super) subject_form: Option<String>,
    /// A pattern with `{process}` for the round, course or case.
    pub(super) process_from_path: Option<String>,
    /// How the id is written, with `{process}`.
    pub(super) process_form: Option<String>,
    /// A pattern with `{org}` for the customer.
    pub(super) org_from_path: Option<String>,
    /// How the id is written, with `{org}`.
    pub(super) org_form: Option<String>,
    /// A processor of ours holds the data.
    pub(super) processor: Option<bool>,
    /// There is a processor agreement.
    pub(super) agreement: Option<bool>,
    /// Where the data lies.
    pub(super) region: Option<Region>,
    /// What a transfer out of the EEA rests on.
    pub(super) transfer: Option<Transfer>,
    /// People outside the organisation can read it.
    pub(super) shared_outside: Option<bool>,
    /// It is meant to hold anonymised data only.
    pub(super) anonymised: Option<bool>,
    /// Who can read it: `everyone`, or a group.
    pub(super) readable_by: Option<String>,
    /// It is the archive of a public body.
    pub(super) archive: Option<bool>,
    /// It holds working copies of cases of a public body.
    pub(super) case_work: Option<bool>,
    /// It holds test data.
    pub(super) test_data: Option<bool>,
    /// It is an employee's private area.
    pub(super) employee_private: Option<bool>,
    /// Who decided that contents of a private area may be read, and why.
    pub(super) contents_may_be_read: Option<WrittenGround>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenGround {
    /// Why it is lawful.
    pub(super) ground: String,
    /// Who decided.
    pub(super) decided_by: String,
    /// When.
    pub(super) on: TomlDate,
}
