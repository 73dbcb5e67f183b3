//! An object of the inventory as the facts that judging needs.

use crate::inventory::{self, ObjectRow, Reader};
use crate::model::{DateInterval, DateSource, Fact, Lang};
use crate::policy::{Facts, Judge, Judgement, Site, ZoneMatch};

use super::copied::CopiedTrees;
use super::path_date;

/// Judges objects one by one, as every report does, for whoever acts on verdicts.
pub struct Judging<'a> {
    judge: &'a Judge<'a>,
    site: &'a Site,
    copied: CopiedTrees,
    lang: Lang,
}

impl<'a> Judging<'a> {
    /// Looks through the inventory's file times first: a copy job's say nothing of a document.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub fn new(
        inventory: &Reader,
        judge: &'a Judge<'a>,
        site: &'a Site,
        lang: Lang,
    ) -> Result<Self, inventory::Error> {
        Ok(Self {
            judge,
            site,
            copied: CopiedTrees::of(inventory)?,
            lang,
        })
    }

    /// What is known of an object; the caller may add whom it is about and which process it
    /// belongs to.
    #[must_use]
    pub fn facts(&self, row: &ObjectRow) -> Facts {
        let zone = self.site.zone(&row.path);
        facts(row, zone.as_ref(), self.copied.suspect(row, self.lang))
    }

    /// What the rules say of facts.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Judgement {
        self.judge.judge(facts)
    }

    /// The places.
    #[must_use]
    pub fn site(&self) -> &'a Site {
        self.site
    }
}

/// The facts of an object: what was found and when it is from, from the inventory; what the place is
/// for, from the site file. `suspect` says why the file time is not to be believed.
#[must_use]
pub(super) fn facts(
    row: &ObjectRow,
    zone: Option<&ZoneMatch<'_>>,
    suspect: Option<String>,
) -> Facts {
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
