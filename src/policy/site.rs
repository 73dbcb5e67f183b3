//! The site file: which place belongs to which role and purpose, and facts of the organisation.
//!
//! The rule file says what was promised; this file says where things lie.

use jiff::civil::Date;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::Error;
use super::facts::{Region, Role, Transfer, ZoneFacts};
use super::globs::{PathGlobs, nfc};
use super::period::Period;
use super::site_file::{SiteFile, WrittenZone};

/// Facts of the organisation that rules ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFacts {
    /// Last day of the fiscal year, `MM-DD`.
    #[serde(default)]
    pub fiscal_year_end: MonthDay,
    /// It is a public body under the archives act.
    #[serde(default)]
    pub public_body: bool,
    /// It is a reporting entity under the anti-money-laundering act.
    #[serde(default)]
    pub aml_obliged: bool,
    /// Its own addresses and numbers: never personal data.
    #[serde(default)]
    pub own_contacts: Vec<String>,
    /// After how long a deleted file is gone from the backups too; for reports.
    #[serde(default, deserialize_with = "optional_period")]
    #[schemars(with = "Option<String>")]
    pub backup_expiry: Option<Period>,
}

/// A day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl Default for MonthDay {
    /// 31 December.
    fn default() -> Self {
        Self { month: 12, day: 31 }
    }
}

impl MonthDay {
    /// The first such day that is not before `date`. The last of February is the month's last day
    /// in every year.
    pub(super) fn on_or_after(self, date: Date) -> Date {
        let in_year = |year: i16| {
            let first = Date::new(year, self.month, 1).unwrap_or(Date::MAX);
            let last = first.last_of_month();
            let to_the_end = self.month == 2 && self.day >= 28;
            if to_the_end || self.day > last.day() {
                last
            } else {
                Date::new(year, self.month, self.day).unwrap_or(last)
            }
        };
        let this_year = in_year(date.year());
        if this_year >= date {
            this_year
        } else {
            in_year(date.year().saturating_add(1))
        }
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("expected a day of the year such as `12-31`");
        let (month, day) = text.split_once('-').ok_or_else(wrong)?;
        let month = month.parse().map_err(|_| wrong())?;
        let day = day.parse().map_err(|_| wrong())?;
        Date::new(2024, month, day).map_err(|_| wrong())?;
        Ok(Self { month, day })
    }
}

fn optional_period<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Period>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = || serde::de::Error::custom("expected a period such as `P90D`");
    Period::parse(&text).map(Some).ok_or_else(wrong)
}

/// A site file.
#[derive(Clone, Debug)]
pub struct Site {
    /// Rule files to judge by: names of shipped files, or paths.
    pub rules: Vec<String>,
    /// Event registers: paths.
    pub events: Vec<String>,
    /// Facts of the organisation.
    pub facts: SiteFacts,
    zones: Vec<Zone>,
    globs: PathGlobs,
}

/// A place, and what it is for.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Path pattern, as written.
    pub path: String,
    /// Role of the organisation there.
    pub role: Role,
    /// Purposes the place serves.
    pub purpose: Vec<String>,
    /// Who looks after it; reports are grouped by it.
    pub owner: Option<String>,
    /// Class of documents that nothing else is known of.
    pub default_class: Option<String>,
    /// Who the data is given to, in words; for the record of processing.
    pub recipients: Vec<String>,
    /// Countries outside the EEA that it goes to; for the record of processing.
    pub countries: Vec<String>,
    /// Facts that rules ask for.
    pub facts: ZoneFacts,
    /// Who decided that contents of an employee's private area may be read; see
    /// [`Zone::is_metadata_only`].
    pub contents_may_be_read: Option<ReadingGround>,
    subject: Option<Capture>,
    process: Option<Capture>,
    org: Option<Capture>,
}

impl Zone {
    /// Whether only names, sizes and times may be recorded here.
    ///
    /// In an employee's private area (`employee_private = true`) contents are not opened, because
    /// an employer's access to it is regulated (FOR-2018-07-02-1108 § 2), unless somebody has
    /// decided otherwise and said why:
    ///
    /// ```toml
    /// [[zone]]
    /// path = "home/{subject}/**"
    /// role = "controller"
    /// employee_private = true
    /// contents_may_be_read = { ground = "…", decided_by = "…", on = 2026-05-01 }
    /// ```
    #[must_use]
    pub fn is_metadata_only(&self) -> bool {
        self.facts.employee_private == Some(true) && self.contents_may_be_read.is_none()
    }
}

/// A decision that contents of a private area may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingGround {
    /// Why it is lawful.
    pub ground: String,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub on: Date,
}

/// The zone of a path, with what the path itself says.
#[derive(Clone, Debug)]
pub struct ZoneMatch<'a> {
    /// The zone.
    pub zone: &'a Zone,
    /// Index of the zone in the file, from 0.
    pub index: usize,
    /// The person whom the path names.
    pub subject: Option<String>,
    /// The round, course or case that the path names.
    pub process: Option<String>,
    /// The customer whom the path names.
    pub org: Option<String>,
}

impl Site {
    /// Reads a site file.
    ///
    /// A zone with `processor = true` and no `agreement` is taken to have none, and one with
    /// `region = "third"` and no `transfer` to rest on nothing: what nobody states is not assumed.
    ///
    /// # Errors
    /// Text that is not TOML, an unknown or missing key, or a pattern that is not one, with file
    /// and line.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let file: SiteFile =
            toml::from_str(text).map_err(|error| Error::toml(name, text, &error))?;
        if file.schema != 1 {
            let message = format!("schema {} is not known", file.schema);
            return Err(Error::whole(name, message).hint("this is schema 1"));
        }
        let mut zones = Vec::new();
        let mut patterns = Vec::new();
        for spanned in file.zone {
            let span = spanned.span();
            let written = spanned.into_inner();
            let pattern = without_captures(&written.path);
            let told = |message: String| Error::at_span(name, text, &span, message);
            super::globs::compile(&pattern)
                .map_err(|why| told(format!("`{}` is not a path pattern: {why}", written.path)))?;
            patterns.push(pattern);
            zones.push(zone(written).map_err(told)?);
        }
        let globs = PathGlobs::new(patterns.iter().map(String::as_str))
            .map_err(|why| Error::whole(name, why))?;
        Ok(Self {
            rules: file.rules,
            events: file.events,
            facts: file.facts,
            zones,
            globs,
        })
    }

    /// The zones, in the order of the file.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// The first zone whose pattern fits the path, or the file that the path lies in.
    #[must_use]
    pub fn zone(&self, path: &str) -> Option<ZoneMatch<'_>> {
        let index = *self.globs.matches(path).first()?;
        let zone = self.zones.get(index)?;
        let path = nfc(path);
        let read = |capture: &Option<Capture>| capture.as_ref()?.read(&path);
        Some(ZoneMatch {
            zone,
            index,
            subject: read(&zone.subject),
            process: read(&zone.process),
            org: read(&zone.org),
        })
    }
}

/// Takes one word out of a path, and puts it into a form.
#[derive(Clone, Debug)]
struct Capture {
    pattern: Regex,
    form: Option<String>,
    name: &'static str,
}

impl Capture {
    fn new(pattern: &str, name: &'static str, form: Option<String>) -> Result<Self, String> {
        let wrong = || format!("`{pattern}` is not a path pattern with `{{{name}}}`");
        if !pattern.contains(&format!("{{{name}}}")) {
            return Err(wrong());
        }
        let pattern = Regex::new(&as_regex(pattern)).map_err(|_| wrong())?;
        Ok(Self {
            pattern,
            form,
            name,
        })
    }

    fn read(&self, path: &str) -> Option<String> {
        let found = self.pattern.captures(path)?.name(self.name)?.as_str();
        Some(match &self.form {
            Some(form) => form.replace(&format!("{{{}}}", self.name), found),
            None => found.to_owned(),
        })
    }
}

/// Words that a pattern may capture.
const CAPTURES: [&str; 3] = ["subject", "process", "org"];

/// The pattern with `*` in place of captures.
fn without_captures(pattern: &str) -> String {
    let plain = |text: String, name: &&str| text.replace(&format!("{{{name}}}"), "*");
    CAPTURES.iter().fold(pattern.to_owned(), plain)
}

/// The pattern as a regular expression with a named group for each capture.
fn as_regex(pattern: &str) -> String {
    let pattern = nfc(pattern).replace('\\', "/");
    let mut regex = regex::escape(&pattern);
    for name in CAPTURES {
        regex = regex.replace(&format!(r"\{{{name}\}}"), &format!("(?<{name}>[^/]+)"));
    }
    let regex = regex
        .replace(r"\*\*/", "\u{1}")
        .replace(r"\*\*", "\u{2}")
        .replace(r"\*", "[^/]*")
        .replace(r"\?", "[^/]")
        .replace('\u{1}', "(?:.*/)?")
        .replace('\u{2}', ".*");
    format!("^{regex}(?:!/.*)?$")
}

fn zone(written: WrittenZone) -> Result<Zone, String> {
    let capture = |template: Option<&String>, name: &'static str, form: Option<String>| {
        let in_path = written.path.contains(&format!("{{{name}}}"));
        match template.or(in_path.then_some(&written.path)) {
            Some(pattern) => Capture::new(pattern, name, form).map(Some),
            None => Ok(None),
        }
    };
    let subject = capture(
        written.subject_from_path.as_ref(),
        "subject",
        written.subject_form,
    )?;
    let process = capture(
        written.process_from_path.as_ref(),
        "process",
        written.process_form,
    )?;
    let org = capture(written.org_from_path.as_ref(), "org", written.org_form)?;
    let missing_agreement = (written.processor == Some(true)).then_some(false);
    let missing_transfer = (written.region == Some(Region::Third)).then_some(Transfer::None);
    Ok(Zone {
        role: written.role,
        purpose: written.purpose,
        owner: written.owner,
        default_class: written.default_class,
        recipients: written.recipients,
        countries: written.countries,
        facts: ZoneFacts {
            processor: written.processor,
            agreement: written.agreement.or(missing_agreement),
            region: written.region,
            transfer: written.transfer.or(missing_transfer),
            shared_outside: written.shared_outside,
            anonymised: written.anonymised,
            readable_by: written.readable_by,
            archive: written.archive,
            case_work: written.case_work,
            test_data: written.test_data,
            employee_private: written.employee_private,
        },
        contents_may_be_read: written.contents_may_be_read.map(|given| ReadingGround {
            ground: given.ground,
            decided_by: given.decided_by,
            on: given.on.0,
        }),
        subject,
        process,
        org,
        path: written.path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const SITE: &str = r#"
schema = 1
rules = ["poweroffice-2024"]
[facts]
fiscal_year_end = "06-30"
[[zone]]
path = "go/tenants/**"
role = "processor"
org_from_path = "go/tenants/{org}/**"
org_form = "tenant:{org}"
[[zone]]
path = "hr/ansatte/{subject}/**"
role = "controller"
[[zone]]
path = "hr/**"
role = "controller"
process_from_path = "hr/{process}/**"
[[zone]]
path = "home/**"
role = "controller"
employee_private = true
"#;

    #[test]
    fn the_first_zone_that_fits_wins_and_the_path_tells_the_rest() {
        let site = Site::parse("site.toml", SITE).unwrap();
        let zone = site.zone("go/tenants/914/a.zip!/b.csv").unwrap();
        assert_eq!(zone.org.as_deref(), Some("tenant:914"));
        let zone = site.zone("hr/ansatte/42/avtale.pdf").unwrap();
        assert_eq!((zone.index, zone.subject.as_deref()), (1, Some("42")));
        let zone = site.zone("hr/2026-01/sub/cv.pdf").unwrap();
        assert_eq!(zone.process.as_deref(), Some("2026-01"));
        assert!(site.zone("felles/x").is_none());
        assert!(site.zone("home/a").unwrap().zone.is_metadata_only());
    }

    #[test]
    fn an_unknown_key_is_an_error_at_its_line() {
        let text = SITE.replace("process_from_path", "proces_from_path");
        let error = Site::parse("site.toml", &text).unwrap_err();
        assert_eq!((error.line, error.column), (17, 1));
        assert_eq!(
            error.hint.as_deref(),
            Some("did you mean `process_from_path`?")
        );
        let error = Site::parse("site.toml", "schema = 1\n[[zone]]\nrole = \"joint\"\n");
        assert_eq!(error.unwrap_err().message, "missing field `path`");
    }

    #[test]
    fn a_fiscal_year_ends_on_the_day_or_the_next_one() {
        let end = |text: &str, day| {
            let written = format!("fiscal_year_end = \"{text}\"");
            let facts: SiteFacts = toml::from_str(&written).unwrap();
            facts.fiscal_year_end.on_or_after(day)
        };
        assert_eq!(end("06-30", date(2021, 8, 15)), date(2022, 6, 30));
        assert_eq!(end("06-30", date(2021, 6, 30)), date(2021, 6, 30));
        assert_eq!(end("02-28", date(2024, 2, 29)), date(2024, 2, 29));
        assert_eq!(end("12-31", date(2024, 1, 1)), date(2024, 12, 31));
        assert!(toml::from_str::<SiteFacts>("fiscal_year_end = \"13-01\"").is_err());
    }
}
