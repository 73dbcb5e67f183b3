//! What became of findings between two runs: files that are new, gone, moved, or hold something else.
//!
//! The present is told by the rows of objects. How it was at an earlier run is worked out backwards: a
//! file's first and last run, and what each reading of it changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::read::{Top, top_from};
use super::{Error, ObjectRow, Reader, RunRow, Writer};
use crate::model::{Confidence, Record};

/// What the end of a run summed up of one detector, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSum {
    /// The run.
    pub run: i64,
    /// Id of the detector; empty for all together.
    pub detector: String,
    /// Objects with hits.
    pub objects: u64,
    /// Hits.
    pub hits: u64,
}

/// By how many hits of one kind at one level a file changed; fewer below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitChange {
    /// Id of the detector.
    pub detector: String,
    /// The level.
    pub confidence: Confidence,
    /// How many.
    pub hits: i64,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not there.
    New,
    /// It is not there any more.
    Gone,
    /// It lay elsewhere with the same content: the path that it was displayed as.
    Moved(String),
    /// Other hits than before.
    Changed(Vec<HitChange>),
}

/// Hits of kinds at levels, as numbers.
type Hits = BTreeMap<(i64, i64), i64>;

/// The runs after one. Numbers alone do not tell in an inventory that was united of several.
const LATER: &str = "WITH later AS (SELECT id FROM run
    WHERE started > ?1 OR (started = ?1 AND id > ?2))";

/// When a run started, and its number.
type Moment = [i64; 2];

impl Reader {
    /// What the ends of runs summed up at a level. Nothing for runs before version 5.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn run_sums(&self, level: Confidence) -> Result<Vec<RunSum>, Error> {
        if !self.keeps_changes() {
            return Ok(Vec::new());
        }
        let read = || {
            let mut sums = self.connection.prepare(
                "SELECT run_id, detector, objects, hits FROM run_sum WHERE level = ?1
                 ORDER BY run_id, detector",
            )?;
            let rows = sums.query_map([level as i64], |row| {
                Ok(RunSum {
                    run: row.get(0)?,
                    detector: row.get(1)?,
                    objects: row.get::<_, i64>(2)?.cast_unsigned(),
                    hits: row.get::<_, i64>(3)?.cast_unsigned(),
                })
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// Each file with findings that became another since a run ended, in the order of paths: what became
    /// of it, and it and its members as they are, or as they last were. A moved file is visited once, where
    /// it is now. Files are the same where all of their bytes are.
    ///
    /// # Errors
    /// `Older` for an inventory that keeps no changes; `Forgotten` where some since then were let go of;
    /// SQLite refuses, or a row is damaged.
    pub fn for_each_change(
        &self,
        since: &RunRow,
        visit: &mut dyn FnMut(&Fate, Vec<ObjectRow>),
    ) -> Result<(), Error> {
        if !self.keeps_changes() {
            return Err(Error::Older {
                path: self.path.clone(),
            });
        }
        let sql = Error::sql("read", &self.path);
        if self.is_forgotten(since).map_err(&sql)? {
            return Err(Error::Forgotten { run: since.run });
        }
        self.each_change([since.started, since.run], visit)
            .map_err(sql)
    }

    /// Whether changes after a run may have been let go of.
    fn is_forgotten(&self, since: &RunRow) -> rusqlite::Result<bool> {
        let find = "SELECT EXISTS (SELECT 1 FROM about WHERE name = 'history' AND value > ?1)";
        self.connection
            .query_row(find, [since.started], |row| row.get(0))
    }

    fn each_change(
        &self,
        since: Moment,
        visit: &mut dyn FnMut(&Fate, Vec<ObjectRow>),
    ) -> rusqlite::Result<()> {
        let moved = self.moves(since)?;
        let from: HashSet<i64> = moved.values().copied().collect();
        let mut files = self.connection.prepare(&format!(
            "{LATER} SELECT t.id, r.label, f.path, t.name, 0, t.first_run IN later,
                 t.gone_run IS NOT NULL
             FROM root r CROSS JOIN folder f ON f.root_id = r.id
                 CROSS JOIN object t ON t.folder_id = f.id
             WHERE CASE WHEN t.first_run IN later THEN t.gone_run IS NULL
                 ELSE t.gone_run IN later OR (t.gone_run IS NULL
                     AND t.id IN (SELECT top_id FROM change WHERE run_id IN later)) END
             ORDER BY r.label, r.path, f.path, t.name"
        ))?;
        let mut rows = files.query(since)?;
        while let Some(row) = rows.next()? {
            let top = top_from(row)?;
            let fate = match (row.get(5)?, row.get(6)?) {
                (true, _) => match moved.get(&top.id) {
                    Some(old) => self.path_of(*old)?.map_or(Fate::New, Fate::Moved),
                    None => Fate::New,
                },
                (false, true) if from.contains(&top.id) => continue,
                (false, true) => Fate::Gone,
                (false, false) => Fate::Changed(self.hit_changes(since, top.id)?),
            };
            let objects = self.objects_of(&top)?;
            let is_changed = matches!(&fate, Fate::Changed(hits) if !hits.is_empty());
            if is_changed || objects.iter().any(|object| !object.findings.is_empty()) {
                visit(&fate, objects);
            }
        }
        Ok(())
    }

    /// New files, each with the one that is gone and had the same bytes, as long as there are any.
    fn moves(&self, since: Moment) -> rusqlite::Result<HashMap<i64, i64>> {
        let digests = |condition: &str| {
            let mut select = self.connection.prepare(&format!(
                "{LATER} SELECT t.content_digest, t.id FROM object t
                     JOIN folder f ON f.id = t.folder_id
                 WHERE t.content_digest IS NOT NULL AND {condition} ORDER BY f.path, t.name"
            ))?;
            let rows = select.query_map(since, |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<([u8; 32], i64)>>>()
        };
        let found = "EXISTS (SELECT 1 FROM object o JOIN finding x ON x.object_id = o.id
            WHERE o.top_id = t.id)";
        let gone = "t.gone_run IN later AND t.first_run NOT IN later";
        let mut gone_by_content: BTreeMap<[u8; 32], Vec<i64>> = BTreeMap::new();
        for (digest, id) in digests(&format!("{gone} AND {found}"))? {
            gone_by_content.entry(digest).or_default().push(id);
        }
        if gone_by_content.is_empty() {
            return Ok(HashMap::new());
        }
        for ids in gone_by_content.values_mut() {
            ids.reverse();
        }
        let new = digests("t.gone_run IS NULL AND t.first_run IN later")?;
        let pairs = new.into_iter().filter_map(|(digest, id)| {
            let old = gone_by_content.get_mut(&digest)?.pop()?;
            Some((id, old))
        });
        Ok(pairs.collect())
    }

    fn path_of(&self, id: i64) -> rusqlite::Result<Option<String>> {
        let mut find = self.connection.prepare_cached(
            "SELECT t.id, r.label, f.path, t.name, 0 FROM object t
                 JOIN folder f ON f.id = t.folder_id JOIN root r ON r.id = f.root_id
             WHERE t.id = ?1",
        )?;
        let top = find.query_row([id], top_from)?;
        let objects = self.objects_of(&top)?;
        Ok(objects.into_iter().next().map(|object| object.path))
    }

    fn objects_of(&self, top: &Top) -> rusqlite::Result<Vec<ObjectRow>> {
        let mut objects = Vec::new();
        self.each_of_file(top, true, &mut |object| objects.push(object))?;
        Ok(objects)
    }

    /// By how many hits a file changed, by detector and level.
    fn hit_changes(&self, since: Moment, top: i64) -> rusqlite::Result<Vec<HitChange>> {
        let mut changes = self.connection.prepare_cached(&format!(
            "{LATER} SELECT k.detector, c.confidence, sum(c.hits) FROM change c
                 JOIN kind k ON k.id = c.kind_id
             WHERE c.top_id = ?3 AND c.run_id IN later GROUP BY 1, 2 HAVING sum(c.hits) <> 0
             ORDER BY 1, 2"
        ))?;
        let rows = changes.query_map([since[0], since[1], top], |row| {
            let level = usize::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
            Ok(HitChange {
                detector: row.get(0)?,
                confidence: Confidence::ALL
                    .get(level)
                    .copied()
                    .unwrap_or(Confidence::Low),
                hits: row.get(2)?,
            })
        })?;
        rows.collect()
    }
}

impl Writer {
    /// The hits of a file with its members, as they are stored.
    pub(super) fn hits_of(&self, top: i64) -> rusqlite::Result<Hits> {
        let mut hits = self.connection.prepare_cached(
            "SELECT kind_id, confidence, sum(count) FROM finding WHERE object_id = ?1
                 OR object_id IN (SELECT id FROM object WHERE top_id = ?1 AND parent_id IS NOT NULL)
             GROUP BY kind_id, confidence",
        )?;
        let rows = hits.query_map([top], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
        rows.collect()
    }

    /// Writes down what a new reading of a file changed against what was stored of it.
    pub(super) fn put_change(
        &mut self,
        top: i64,
        before: &Hits,
        records: &[Record],
    ) -> rusqlite::Result<()> {
        let mut change: Hits = before.iter().map(|(key, hits)| (*key, -hits)).collect();
        for finding in records.iter().flat_map(|record| &record.findings) {
            let key = (self.kind(finding.kind)?, finding.confidence as i64);
            *change.entry(key).or_default() += finding.count.cast_signed();
        }
        put(&self.connection, top, self.run, &change)
    }

    /// Writes down that a file went and has come back with what it held.
    pub(super) fn put_return(&self, top: i64) -> rusqlite::Result<()> {
        let find = "SELECT gone_run FROM object WHERE id = ?1 AND gone_run IS NOT NULL";
        let mut find = self.connection.prepare_cached(find)?;
        let Some(gone) = find.query_row([top], |row| row.get(0)).optional()? else {
            return Ok(());
        };
        let held = self.hits_of(top)?;
        let lost = held.iter().map(|(key, hits)| (*key, -hits)).collect();
        put(&self.connection, top, gone, &lost)?;
        put(&self.connection, top, self.run, &held)
    }
}

fn put(connection: &Connection, top: i64, run: i64, change: &Hits) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO change VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET hits = hits + excluded.hits",
    )?;
    for ((kind, level), hits) in change.iter().filter(|(_, hits)| **hits != 0) {
        put.execute(params![top, run, kind, level, hits])?;
    }
    Ok(())
}

/// Keeps what a run summed up beside the run.
pub(super) fn keep_sums(
    connection: &Connection,
    run: i64,
    level: Confidence,
    sums: &super::Sums,
) -> rusqlite::Result<()> {
    let mut put = connection.prepare(
        "INSERT OR REPLACE INTO run_sum (run_id, level, detector, objects, hits)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let objects = sums
        .folders
        .iter()
        .map(|folder| folder.objects)
        .sum::<u64>();
    let hits = sums
        .detectors
        .iter()
        .map(|total| total.findings)
        .sum::<u64>();
    let all = [("", objects, hits)];
    let each = sums.detectors.iter();
    let each = each.map(|total| (total.detector.as_str(), total.objects, total.findings));
    for (detector, objects, hits) in all.into_iter().chain(each) {
        let (objects, hits) = (objects.cast_signed(), hits.cast_signed());
        put.execute(params![run, level as i64, detector, objects, hits])?;
    }
    Ok(())
}

/// Lets go of changes and sums of runs that began before a moment.
pub(super) fn forget(connection: &Connection, before: i64) -> rusqlite::Result<()> {
    for table in ["change", "run_sum"] {
        let forget =
            format!("DELETE FROM {table} WHERE run_id IN (SELECT id FROM run WHERE started < ?1)");
        connection.execute(&forget, [before])?;
    }
    let note = "INSERT INTO about VALUES ('history', ?1)
        ON CONFLICT DO UPDATE SET value = max(value, excluded.value)";
    connection.execute(note, [before]).map(drop)
}
