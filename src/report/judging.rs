//! An object of the inventory as the facts that judging needs: the one place where they come together.

use crate::inventory::{self, ObjectRow, Reader};
use crate::model::{DateInterval, DateSource, Fact, Lang};
use crate::policy::{Facts, Judge, Judgement, Rulebook, Site, ZoneMatch};
use crate::round::{Attributed, Attribution};

use super::copied::CopiedTrees;
use super::path_date;

/// What objects are judged by.
#[derive(Clone, Copy)]
pub struct JudgedBy<'a> {
    /// Rules, events and day.
    pub judge: &'a Judge<'a>,
    /// The rules, for what they say and cite.
    pub book: &'a Rulebook,
    /// The places.
    pub site: &'a Site,
    /// Whom objects are about beyond what their places tell.
    pub attribution: &'a dyn Attribution,
}

/// Judges objects one by one: every report, a plan and the answer to a person say the same of an object.
pub struct Judging<'a> {
    by: JudgedBy<'a>,
    copied: CopiedTrees,
    lang: Lang,
}

/// What is known of an object when it is judged.
pub struct Known {
    /// The facts, with whom it is about.
    pub facts: Facts,
    /// What of that an applicant list told.
    pub attributed: Attributed,
}

impl<'a> Judging<'a> {
    /// Looks through the inventory's file times first: a copy job's say nothing of a document.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub fn new(inventory: &Reader, by: JudgedBy<'a>, lang: Lang) -> Result<Self, inventory::Error> {
        Ok(Self {
            by,
            copied: CopiedTrees::of(inventory)?,
            lang,
        })
    }

    /// What is known of an object.
    #[must_use]
    pub fn known(&self, row: &ObjectRow) -> Known {
        self.known_at(row, self.by.site.zone(&row.path).as_ref())
    }

    /// The same of an object whose place has been looked up.
    pub(super) fn known_at(&self, row: &ObjectRow, zone: Option<&ZoneMatch<'_>>) -> Known {
        let mut facts = facts(row, zone, self.copied.suspect(row, self.lang));
        let attributed = self.by.attribution.of(row, zone);
        attributed.add_to(&mut facts);
        Known { facts, attributed }
    }

    /// What the rules say of facts.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Judgement {
        self.by.judge.judge(facts)
    }

    /// The same without an explanation where nothing was found in the document and it is kept.
    pub(super) fn judge_briefly(&self, facts: &Facts) -> Judgement {
        self.by.judge.judge_briefly(facts)
    }

    /// The rules.
    #[must_use]
    pub fn book(&self) -> &'a Rulebook {
        self.by.book
    }

    /// The places.
    #[must_use]
    pub fn site(&self) -> &'a Site {
        self.by.site
    }
}

/// The facts of an object: what was found and when it is from, from the inventory; what the place is
/// for, from the site file. `suspect` says why the file time is not to be believed.
fn facts(row: &ObjectRow, zone: Option<&ZoneMatch<'_>>, suspect: Option<String>) -> Facts {
    let personal = row.findings.iter().filter(|found| found.is_personal());
    let found = personal.map(|found| (found.id(), found.kind == "synthetic"));
    let mut facts = Facts::at(&row.path, zone)
        .with_class(row.class.as_ref())
        .with_findings(found)
        .with_dates(&row.facts);
    facts.truncated = row.outcome.problem().is_some();
    for (source, interval) in around(row) {
        facts.dates.insert(source, interval);
    }
    if let Some(why) = suspect {
        facts.dates.suspect_mtime(why);
    }
    facts
}

/// All dates that are known of an object, with where each comes from.
pub(super) fn dates(row: &ObjectRow) -> Vec<(DateSource, DateInterval)> {
    let own = row.facts.iter().filter_map(|fact| match fact {
        Fact::Date { source, interval } => Some((*source, *interval)),
        Fact::MessageId(_) => None,
    });
    own.chain(around(row)).collect()
}

/// The dates of the file system and of the path.
fn around(row: &ObjectRow) -> impl Iterator<Item = (DateSource, DateInterval)> {
    let day = row.stat.and_then(|stat| day_of(stat.mtime_ns));
    let mtime = day.map(|day| (DateSource::Mtime, DateInterval::day(day)));
    let path = path_date::find(&row.path).map(|interval| (DateSource::Path, interval));
    mtime.into_iter().chain(path)
}

/// The day of a file time (nanoseconds since 1970), in UTC.
fn day_of(nanoseconds: i64) -> Option<jiff::civil::Date> {
    let time = jiff::Timestamp::from_nanosecond(nanoseconds.into()).ok()?;
    Some(time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
}
