//! What is known of one document when it is judged, and the JSON form of it.
//!
//! The JSON form is that of `sporhund rules judge`. Nothing here decides anything.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::Error;
use super::register::Event;
use super::site::SiteFacts;
use crate::model::{DateInterval, DateSource};

/// In which role the organisation holds data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It decides why and how.
    Controller,
    /// It holds the data for somebody else.
    Processor,
    /// It decides together with others (GDPR art. 26).
    Joint,
    /// Nobody has said.
    #[default]
    Unknown,
}

/// Where data is processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Region {
    /// Inside the European Economic Area.
    #[serde(rename = "EEA")]
    Eea,
    /// A country with an adequacy decision.
    #[serde(rename = "adequate")]
    Adequate,
    /// Any other country.
    #[serde(rename = "third")]
    Third,
}

/// What a transfer out of the EEA rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transfer {
    /// An adequacy decision.
    Adequacy,
    /// The standard clauses of decision (EU) 2021/914.
    #[serde(rename = "scc-2021-914")]
    Scc2021,
    /// The clauses of 2001, 2004 or 2010, without effect since 27 December 2022.
    ModelClauses,
    /// Nothing.
    None,
}

/// What the site file says of a place. Rules use the same form for what they demand of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneFacts {
    /// A processor of ours holds the data.
    pub processor: Option<bool>,
    /// There is a processor agreement.
    pub agreement: Option<bool>,
    /// Where the data lies.
    pub region: Option<Region>,
    /// What a transfer rests on.
    pub transfer: Option<Transfer>,
    /// People outside the organisation can read it.
    pub shared_outside: Option<bool>,
    /// It is meant to hold anonymised data only.
    pub anonymised: Option<bool>,
    /// Who can read it: `everyone`, or the name of a group.
    pub readable_by: Option<String>,
    /// It is the archive of a public body.
    pub archive: Option<bool>,
    /// It holds working copies of cases of a public body.
    pub case_work: Option<bool>,
    /// It holds test data: synthetic identity numbers are not personal data here.
    pub test_data: Option<bool>,
    /// It is an employee's private area.
    pub employee_private: Option<bool>,
}

impl ZoneFacts {
    /// Whether every fact that `self` states is stated alike by `place`.
    pub(super) fn is_met_by(&self, place: &Self) -> bool {
        fn alike<T: PartialEq>(wanted: Option<&T>, given: Option<&T>) -> bool {
            wanted.is_none() || wanted == given
        }
        alike(self.processor.as_ref(), place.processor.as_ref())
            && alike(self.agreement.as_ref(), place.agreement.as_ref())
            && alike(self.region.as_ref(), place.region.as_ref())
            && alike(self.transfer.as_ref(), place.transfer.as_ref())
            && alike(self.shared_outside.as_ref(), place.shared_outside.as_ref())
            && alike(self.anonymised.as_ref(), place.anonymised.as_ref())
            && alike(self.readable_by.as_ref(), place.readable_by.as_ref())
            && alike(self.archive.as_ref(), place.archive.as_ref())
            && alike(self.case_work.as_ref(), place.case_work.as_ref())
            && alike(self.test_data.as_ref(), place.test_data.as_ref())
            && alike(
                self.employee_private.as_ref(),
                place.employee_private.as_ref(),
            )
    }
}

/// A person whom a document is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectRef {
    /// Internal id, such as `cand:117`.
    pub id: String,
    /// How the person relates to the document: `primary`, `referee`, … For the reader only: every
    /// person's verdict counts alike.
    #[serde(default)]
    pub relation: Option<String>,
}

/// One kind of personal data that was found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingFact {
    /// Detector's id, `id:kind`, or a data category such as `cv`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Every value is from a synthetic series.
    #[serde(default)]
    pub synthetic: bool,
}

impl FindingFact {
    /// Whether a rule's `id` or `id:kind` names this finding.
    pub(super) fn is_named_by(&self, name: &str) -> bool {
        match self.kind.strip_prefix(name) {
            Some(rest) => rest.is_empty() || rest.starts_with(':'),
            None => false,
        }
    }
}

/// The dates of a document, by where they come from; at most one of each source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    by_source: Vec<(DateSource, DateInterval)>,
    mtime_suspect: Option<String>,
}

impl Dates {
    /// Adds a date. Where the source has one already, the first stays.
    pub fn insert(&mut self, source: DateSource, interval: DateInterval) {
        if self.get(source).is_none() {
            self.by_source.push((source, interval));
        }
    }

    /// The date of a source.
    #[must_use]
    pub fn get(&self, source: DateSource) -> Option<DateInterval> {
        let found = self.by_source.iter().find(|(given, _)| *given == source);
        found.map(|(_, interval)| *interval)
    }

    /// Says why the file time is not to be believed, as when a copy job set it.
    pub fn suspect_mtime(&mut self, why: String) {
        self.mtime_suspect = Some(why);
    }

    /// Why the file time is not to be believed.
    #[must_use]
    pub fn mtime_suspect(&self) -> Option<&str> {
        self.mtime_suspect.as_deref()
    }
}

/// All that judging needs to know of one document.
///
/// From an inventory, start with [`Facts::at`] the object's path and zone, then add what is known:
/// [`with_class`](Self::with_class), [`with_findings`](Self::with_findings) and
/// [`with_dates`](Self::with_dates). The caller fills in the rest:
/// * `path` is the object's address below its root (`share/a.zip!/cv.pdf`), with `LABEL:` in front
///   where several roots are scanned;
/// * `subjects`: the person whom the path names is there; else the applicants of the round, with
///   `outcome_unknown` for those of whom the list does not say what became of them;
/// * `truncated`: whether the object was not read to its end;
/// * [`Dates::suspect_mtime`] where most files of the tree share a minute.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Path below the root, with `/`.
    pub path: String,
    /// Class of document, or `unknown`.
    #[serde(default = "unknown_class")]
    pub class: String,
    /// Certainty of the class, 0 to 1.
    #[serde(default = "certain")]
    pub class_confidence: f64,
    /// Role of the organisation.
    #[serde(default)]
    pub role: Role,
    /// Purposes the document serves.
    #[serde(default)]
    pub purpose: Vec<String>,
    /// Hiring round, course or case.
    #[serde(default)]
    pub process: Option<String>,
    /// Customer.
    #[serde(default)]
    pub org: Option<String>,
    /// What the site file says of the place.
    #[serde(default)]
    pub zone: ZoneFacts,
    /// Whom it is about.
    #[serde(default)]
    pub subjects: Vec<SubjectRef>,
    /// It is about an applicant of whom nobody knows whether they were hired.
    #[serde(default)]
    pub outcome_unknown: bool,
    /// What was found in it.
    #[serde(default)]
    pub findings: Vec<FindingFact>,
    /// Its dates.
    #[serde(default)]
    pub dates: Dates,
    /// It was not read to its end.
    #[serde(default)]
    pub truncated: bool,
    /// `request` for a line of a request register; nothing for a document.
    #[serde(default)]
    pub kind: Option<String>,
}

fn unknown_class() -> String {
    "unknown".to_owned()
}

fn certain() -> f64 {
    1.0
}

/// One question to `sporhund rules judge`: a document, its events and a day.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The day the verdict is asked for.
    pub as_of: Date,
    /// The document.
    pub item: Facts,
    /// The event register.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Facts of the site.
    #[serde(default)]
    pub site: SiteFacts,
    /// Rule files to judge by, where the caller names none.
    #[serde(default)]
    pub rulesets: Vec<String>,
    /// Name of the case.
    #[serde(default)]
    pub id: Option<String>,
    /// What the case is about; not read.
    #[serde(default)]
    pub title: serde::de::IgnoredAny,
    /// Sections of the policy; not read.
    #[serde(default)]
    pub sections: serde::de::IgnoredAny,
    /// Expected verdict; not read.
    #[serde(default)]
    pub expect: serde::de::IgnoredAny,
    /// Reasons for the expected verdict; not read.
    #[serde(default)]
    pub why: serde::de::IgnoredAny,
}

/// A file of cases with a head of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(default, rename = "schema")]
    _schema: serde::de::IgnoredAny,
    #[serde(default, rename = "note")]
    _note: serde::de::IgnoredAny,
    scenarios: Vec<Case>,
}

impl Case {
    /// Reads one case, an array of cases, or an object with an array `scenarios`.
    ///
    /// # Errors
    /// Text that is not JSON, an unknown key, a missing key or a value of the wrong kind, with its
    /// line and column in `name`.
    pub fn parse(name: &str, text: &str) -> Result<Vec<Self>, Error> {
        let told = |error: serde_json::Error| Error::json(name, &error);
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with('[') {
            return serde_json::from_str(text).map_err(told);
        }
        let head: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).map_err(told)?;
        if head.contains_key("scenarios") {
            let file: CaseFile = serde_json::from_str(text).map_err(told)?;
            return Ok(file.scenarios);
        }
        Ok(vec![serde_json::from_str(text).map_err(told)?])
    }
}

/// The data category that a class of document implies, such as `cv` for `recruitment.cv`.
#[must_use]
pub fn implied_category(class: &str) -> Option<&'static str> {
    match class {
        "recruitment.cv" => Some("cv"),
        "recruitment.application" => Some("application"),
        "recruitment.certificate" => Some("certificate"),
        "recruitment.reference" => Some("reference"),
        "security.camera" => Some("face"),
        _ => None,
    }
}

/// A day, month or year as text: `2025-11-03`, `2025-11`, `2025`. A time of day is ignored.
pub(super) fn parse_interval(text: &str) -> Option<DateInterval> {
    let day = text.split(['T', ' ']).next()?;
    let mut parts = day.split('-');
    let year = parts.next()?;
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = year.parse().ok()?;
    let number = |part: &str| match part.len() {
        2 => part.parse::<i8>().ok().filter(|n| *n > 0),
        _ => None,
    };
    let month = match parts.next() {
        Some(part) => Some(number(part)?),
        None => None,
    };
    let interval = match parts.next() {
        Some(part) => DateInterval::day(Date::new(year, month?, number(part)?).ok()?),
        None => DateInterval::month_or_year(year, month)?,
    };
    parts.next().is_none().then_some(interval)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenDates {
    declared: Option<String>,
    db: Option<String>,
    mail: Option<String>,
    content: Option<String>,
    embedded: Option<String>,
    embedded_created: Option<String>,
    embedded_modified: Option<String>,
    path: Option<String>,
    mtime: Option<String>,
    mtime_suspect: Option<String>,
}

impl<'de> Deserialize<'de> for Dates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = WrittenDates::deserialize(deserializer)?;
        let mut dates = Self {
            mtime_suspect: written.mtime_suspect,
            ..Self::default()
        };
        let given = [
            (DateSource::Declared, written.declared),
            (DateSource::Db, written.db),
            (DateSource::Mail, written.mail),
            (DateSource::Content, written.content),
            (DateSource::EmbeddedCreated, written.embedded),
            (DateSource::EmbeddedCreated, written.embedded_created),
            (DateSource::EmbeddedModified, written.embedded_modified),
            (DateSource::Path, written.path),
            (DateSource::Mtime, written.mtime),
        ];
        for (source, text) in given {
            let Some(text) = text else { continue };
            let interval = parse_interval(&text).ok_or_else(|| {
                serde::de::Error::custom(format!(
                    "expected a year, month or day such as `2025-11` for the `{}` date",
                    source.as_str()
                ))
            })?;
            dates.insert(source, interval);
        }
        Ok(dates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_is_the_days_it_may_mean() {
        let days = |text| parse_interval(text).map(|i| (i.first, i.last));
        assert_eq!(
            days("2025-11"),
            Some((date(2025, 11, 1), date(2025, 11, 30)))
        );
        assert_eq!(days("2024"), Some((date(2024, 1, 1), date(2024, 12, 31))));
        assert_eq!(
            days("2024-02-29"),
            Some((date(2024, 2, 29), date(2024, 2, 29)))
        );
        for wrong in [
            "",
            "25",
            "2025-13",
            "2025-2",
            "2025-02-30",
            "2025-02-03-04",
            "+025",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_finding_answers_to_its_id_and_to_its_kind() {
        let finding = FindingFact {
            kind: "special-category:health".to_owned(),
            synthetic: false,
        };
        assert!(finding.is_named_by("special-category"));
        assert!(finding.is_named_by("special-category:health"));
        assert!(!finding.is_named_by("special-category:religion"));
        assert!(!finding.is_named_by("special"));
    }

    #[test]
    fn an_unknown_key_of_a_case_is_an_error_with_its_line() {
        let text = "{\"as_of\": \"2026-01-01\",\n\"item\": {\"path\": \"a\", \"clas\": \"x\"}}";
        let error = Case::parse("facts.json", text).unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(error.message, "unknown key `clas`");
        assert_eq!(error.hint.as_deref(), Some("did you mean `class`?"));
        let text = r#"[{"as_of": "2026-01-01", "item": {"path": "a"}, "why": [1]}]"#;
        assert_eq!(Case::parse("facts.json", text).unwrap().len(), 1);
    }
}
