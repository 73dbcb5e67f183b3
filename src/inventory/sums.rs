//! Sums over the inventory's present, made in one pass in the order of the objects: how they ended,
//! what was found in them, and in which folders.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::model::Confidence;

use super::counting::count;
use super::digests::{DetectorTotal, HELD};
use super::{Error, Reader};

/// What was found in the inventory's present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// By detector, at the level that was asked for.
    pub detectors: Vec<DetectorTotal>,
    /// Hits below that level.
    pub below: u64,
    /// Objects with hits at the level, by the folder of their file.
    pub folders: Vec<FolderSum>,
}

/// Objects with hits in one folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderSum {
    /// Label of its root.
    pub root: String,
    /// Its path below the root, bytes as they are; empty for the root.
    pub folder: Vec<u8>,
    /// How many; members count beside their file.
    pub objects: u64,
}

/// Objects that were read as one format and ended alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSum {
    /// `scanned`, `unchanged`, `partial`, `skipped` or `failed`.
    pub outcome: String,
    /// The format, where one was found out.
    pub format: Option<String>,
    /// How many.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The bytes of those among them that are files.
    pub file_bytes: u64,
}

impl Reader {
    /// What was found in the present objects, at `least` or surer: what the run that is looked at
    /// left, or else counted anew.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn sums(&self, least: Confidence) -> Result<Sums, Error> {
        let read = || {
            let kept = match self.run.filter(|_| self.by_folder()) {
                Some(run) => kept(&self.connection, run, least)?,
                None => None,
            };
            kept.map_or_else(|| self.read_sums(least as i64, HELD), Ok)
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// The present objects by how they ended.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn ends(&self) -> Result<Vec<EndSum>, Error> {
        self.read_ends().map_err(Error::sql("read", &self.path))
    }

    fn read_ends(&self) -> rusqlite::Result<Vec<EndSum>> {
        let mut ends: BTreeMap<(String, Option<String>), EndSum> = BTreeMap::new();
        let present = self.present();
        let files = format!(
            "SELECT t.outcome, t.format, t.bytes, t.read_run < {}, t.bytes FROM object t NOT INDEXED
                 JOIN folder f ON f.id = t.folder_id WHERE {present}",
            self.seen
        );
        let members = format!(
            "SELECT o.outcome, o.format, o.bytes, t.read_run < {}, 0 FROM object o
                 JOIN object t ON t.id = o.top_id JOIN folder f ON f.id = t.folder_id
             WHERE o.parent_id IS NOT NULL AND {present}",
            self.seen
        );
        // Most rows end as the row before: a look into the map for each would cost more than the row.
        let mut last = EndSum::none();
        for select in [files, members] {
            let mut rows = self.connection.prepare(&select)?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let stored = row.get_ref(0)?.as_str()?;
                let carried = stored == "scanned" && row.get::<_, bool>(3)?;
                let outcome = if carried { "unchanged" } else { stored };
                let format = row.get_ref(1)?.as_str_or_null()?;
                if last.outcome != outcome || last.format.as_deref() != format {
                    last.add_to(&mut ends);
                    outcome.clone_into(&mut last.outcome);
                    last.format = format.map(str::to_owned);
                }
                last.objects += 1;
                last.bytes += row.get::<_, i64>(2)?.cast_unsigned();
                last.file_bytes += row.get::<_, i64>(4)?.cast_unsigned();
            }
        }
        last.add_to(&mut ends);
        Ok(ends.into_values().collect())
    }

    pub(super) fn read_sums(&self, least: i64, held: usize) -> rusqlite::Result<Sums> {
        count(&self.connection, &self.present(), (least, held))
    }
}

/// Keeps the sums of a run that has met all of its roots, where those of an earlier run no longer hold,
/// and tells them. `changed` says whether anything was written but marks.
pub(super) fn keep(
    connection: &Connection,
    run: i64,
    least: Confidence,
    changed: bool,
) -> rusqlite::Result<Option<Sums>> {
    if changed {
        outdate(connection)?;
    }
    let Some(scope) = scope(connection, run)? else {
        return Ok(None);
    };
    let kept = kept(connection, run, least)?;
    if kept.is_some() {
        return Ok(kept);
    }
    let sums = count(connection, &present_in(run), (least as i64, HELD))?;
    let body = postcard::to_stdvec(&sums)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    connection.execute(
        "INSERT OR REPLACE INTO kept SELECT ?1, ?2, value, ?3 FROM about WHERE name = 'content'",
        params![scope, least as i64, body],
    )?;
    Ok(Some(sums))
}

/// Takes note that the present is not what it was: kept sums no longer hold.
pub(super) fn outdate(connection: &Connection) -> rusqlite::Result<()> {
    let next =
        "INSERT INTO about VALUES ('content', 1) ON CONFLICT DO UPDATE SET value = value + 1";
    connection.execute(next, []).map(drop)
}

/// The condition for files `t` that a run has met.
pub(super) fn present_in(run: i64) -> String {
    format!(
        "t.gone_run IS NULL AND (t.seen_run = {run} OR t.folder_id IN
             (SELECT id FROM folder WHERE seen_run = {run}))"
    )
}

fn kept(connection: &Connection, run: i64, least: Confidence) -> rusqlite::Result<Option<Sums>> {
    let Some(scope) = scope(connection, run)? else {
        return Ok(None);
    };
    let find = "SELECT body FROM kept WHERE scope = ?1 AND level = ?2
        AND content = (SELECT value FROM about WHERE name = 'content')";
    let body: Option<Vec<u8>> = connection
        .query_row(find, params![scope, least as i64], |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|body| postcard::from_bytes(&body).ok()))
}

/// The roots of a run, where it has met all of them to their end.
fn scope(connection: &Connection, run: i64) -> rusqlite::Result<Option<String>> {
    let roots = "SELECT group_concat(root_id, ' ' ORDER BY root_id), min(complete) FROM run_root
        WHERE run_id = ?1";
    connection.query_row(roots, [run], |row| {
        let complete = row.get::<_, Option<bool>>(1)?.unwrap_or_default();
        Ok(row.get::<_, Option<String>>(0)?.filter(|_| complete))
    })
}

impl EndSum {
    fn none() -> Self {
        Self {
            outcome: String::new(),
            format: None,
            objects: 0,
            bytes: 0,
            file_bytes: 0,
        }
    }

    /// Adds what was counted, and begins anew.
    fn add_to(&mut self, ends: &mut BTreeMap<(String, Option<String>), Self>) {
        let counted = std::mem::replace(self, Self::none());
        if counted.objects == 0 {
            return;
        }
        let key = (counted.outcome.clone(), counted.format.clone());
        match ends.get_mut(&key) {
            Some(own) => {
                own.objects += counted.objects;
                own.bytes += counted.bytes;
                own.file_bytes += counted.file_bytes;
            }
            None => {
                ends.insert(key, counted);
            }
        }
    }
}
