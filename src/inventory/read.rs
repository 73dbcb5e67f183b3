//! What reports ask of an inventory. Rows come one by one, so that its size doesn't matter. Single objects
//! are looked up in `single`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row};

use super::digest_parts::NO_PARTS;
use super::lookup::stat_from;
use super::names::joined;
use super::rows::{ObjectRow, facts, findings, outcome_from};
use super::run::{coverage, coverage_from};
use super::store::{DIGESTS_BY_OBJECT, open_plain};
use super::sums::present_in;
use super::{Coverage, Error};
use crate::model::{ClassGuess, Outcome, written};

/// The columns of an object that [`object_from`] reads.
const OBJECT: &str = "o.id, o.parent_id, o.name, o.outcome, o.problem, o.stage, o.at, o.format,
    o.content_digest, o.class, o.certainty, o.bytes, o.mtime_ns, o.ctime_ns, o.device, o.inode,
    o.mode, o.uid, o.gid, o.links";

/// The version from which on whole folders may be marked as seen.
const BY_FOLDER: u32 = 3;
/// The version from which on the digests of an object lie in one row.
const BY_OBJECT: u32 = 6;
/// The version from which on those of an object with very many lie in parts.
const IN_PARTS: u32 = 7;

/// An inventory that is open for reading.
#[derive(Debug)]
pub struct Reader {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) run: Option<i64>,
    /// The last run that met a file `t` in a folder `f`.
    pub(super) seen: &'static str,
    /// The version of the file.
    version: u32,
}

/// A scan that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its number.
    pub run: i64,
    /// When it started, seconds since 1970.
    pub started: i64,
    /// When it ended; `None` where it runs or was killed.
    pub ended: Option<i64>,
    /// `running`, `finished`, `interrupted` or `killed`.
    pub state: String,
    /// Versions of everything that decided what was found.
    pub fingerprint: String,
    /// The settings, JSON.
    pub settings: String,
    /// Digest of the rules.
    pub rules_hash: Option<String>,
    /// What became of its objects, as written down at its end; zeros where it did not end.
    pub coverage: Coverage,
    /// Top-level objects that it no longer met.
    pub gone: u64,
    /// Labels and real paths of its roots, and whether each was walked to its end.
    pub roots: Vec<(String, Vec<u8>, bool)>,
}

impl RunRow {
    /// Ids of the detectors that were left out: a part of the fingerprint.
    #[must_use]
    pub fn without(&self) -> Vec<String> {
        let mut parts = self.fingerprint.split("; ");
        let ids = parts.find_map(|part| part.strip_prefix("without "));
        let ids = ids.unwrap_or_default().split_whitespace();
        ids.map(str::to_owned).collect()
    }
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let connection = open_plain(path)?;
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0));
        let version = version.map_err(Error::sql("read", path))?;
        if version < BY_OBJECT {
            let views = connection.execute_batch(DIGESTS_BY_OBJECT);
            views.map_err(Error::sql("read", path))?;
        }
        if version < IN_PARTS {
            let none = connection.execute_batch(NO_PARTS);
            none.map_err(Error::sql("read", path))?;
        }
        connection
            .pragma_update(None, "query_only", true)
            .map_err(Error::sql("open", path))?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            run: None,
            seen: if version >= BY_FOLDER {
                "max(t.seen_run, coalesce(f.seen_run, 0))"
            } else {
                "t.seen_run"
            },
            version,
        })
    }

    /// The same inventory, of whose present only what `run` met is seen.
    #[must_use]
    pub fn of_run(self, run: i64) -> Self {
        Self {
            run: Some(run),
            ..self
        }
    }

    /// Whether whole folders may be marked as seen.
    pub(super) fn by_folder(&self) -> bool {
        self.version >= BY_FOLDER
    }

    /// Whether sketches of texts and names of mails are kept.
    pub(super) fn keeps_likeness(&self) -> bool {
        self.version >= 4
    }

    /// Whether what runs change is written down.
    pub(super) fn keeps_changes(&self) -> bool {
        self.version >= 5
    }

    /// Whether the digests of an object lie in one row.
    pub(super) fn keeps_digests_by_object(&self) -> bool {
        self.version >= BY_OBJECT
    }

    /// The condition for top-level objects `t` that are seen.
    pub(super) fn present(&self) -> String {
        match self.run {
            None => "t.gone_run IS NULL".to_owned(),
            Some(run) if self.by_folder() => present_in(run),
            Some(run) => format!("t.gone_run IS NULL AND t.seen_run = {run}"),
        }
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn runs(&self) -> Result<Vec<RunRow>, Error> {
        self.read_runs().map_err(Error::sql("read", &self.path))
    }

    /// What became of the objects of a run, counted anew: it is exact for the newest run over its
    /// roots, while objects that a later run met count there. See [`RunRow::coverage`] for the sums
    /// of older runs.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn coverage(&self, run: i64) -> Result<Coverage, Error> {
        coverage(&self.connection, run, self.by_folder()).map_err(Error::sql("read", &self.path))
    }

    /// Public name of the key that the digests were made with.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn key_fingerprint(&self) -> Result<u64, Error> {
        let statement = "SELECT value FROM about WHERE name = 'key'";
        let value = self
            .connection
            .query_row(statement, [], |row| row.get::<_, i64>(0));
        let value = value.map_err(Error::sql("read", &self.path))?;
        Ok(value.cast_unsigned())
    }

    /// All present objects with everything that is known of them: roots by label, folders by the
    /// bytes of their path, files by name, each followed by its members in their order.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn for_each_object(&self, visit: &mut dyn FnMut(ObjectRow)) -> Result<(), Error> {
        self.each_object("", true, visit)
            .map_err(Error::sql("read", &self.path))
    }

    /// The present objects that ended partial, skipped or failed, in the same order, without dates
    /// and findings.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn for_each_problem(&self, visit: &mut dyn FnMut(ObjectRow)) -> Result<(), Error> {
        let only = if self.by_folder() {
            "AND t.id IN (SELECT top_id FROM object INDEXED BY object_by_problem
                 WHERE problem IS NOT NULL)"
        } else {
            "AND (t.problem IS NOT NULL OR EXISTS (SELECT 1 FROM object m WHERE
                 m.top_id = t.id AND m.parent_id IS NOT NULL AND m.problem IS NOT NULL))"
        };
        let mut filtered = |row: ObjectRow| {
            if row.outcome.problem().is_some() {
                visit(row);
            }
        };
        self.each_object(only, false, &mut filtered)
            .map_err(Error::sql("read", &self.path))
    }

    /// Modification times of all present files: label of the root, folder (bytes, relative to the
    /// root), and nanoseconds since 1970.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn for_each_file_time(&self, visit: &mut dyn FnMut(&str, &[u8], i64)) -> Result<(), Error> {
        let mut read = || {
            let mut times = self.connection.prepare(&format!(
                "SELECT r.label, f.path, t.mtime_ns FROM object t
                     JOIN folder f ON f.id = t.folder_id JOIN root r ON r.id = f.root_id
                 WHERE {} AND t.mtime_ns IS NOT NULL",
                self.present()
            ))?;
            let mut rows = times.query([])?;
            while let Some(row) = rows.next()? {
                let (label, folder) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_blob()?);
                visit(label, folder, row.get(2)?);
            }
            Ok(())
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// The other names of a top-level file with several hard links, as they are displayed, without
    /// the root's label.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn hard_links(&self, id: i64) -> Result<Vec<String>, Error> {
        let read = || {
            let mut names = self.connection.prepare_cached(
                "SELECT f.path, a.name FROM alias a JOIN folder f ON f.id = a.folder_id
                 WHERE a.object_id = ?1 ORDER BY f.path, a.name",
            )?;
            let rows = names.query_map([id], |row| {
                let (folder, name): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
                Ok(written(&joined(&folder, &name)))
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(Error::sql("read", &self.path))
    }

    fn read_runs(&self) -> rusqlite::Result<Vec<RunRow>> {
        let mut runs = self.connection.prepare(
            "SELECT id, started, ended, state, fingerprint, settings, rules_hash, gone,
                 discovered, scanned, unchanged, partial, skipped, failed, bytes
             FROM run ORDER BY id DESC",
        )?;
        let mut roots = self.connection.prepare(
            "SELECT r.label, r.path, x.complete FROM run_root x JOIN root r ON r.id = x.root_id
             WHERE x.run_id = ?1 ORDER BY r.label, r.path",
        )?;
        let rows = runs.query_map([], |row| {
            let run = row.get(0)?;
            let roots =
                roots.query_map([run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(RunRow {
                run,
                started: row.get(1)?,
                ended: row.get(2)?,
                state: row.get(3)?,
                fingerprint: row.get(4)?,
                settings: row.get(5)?,
                rules_hash: row.get(6)?,
                gone: row.get::<_, i64>(7)?.cast_unsigned(),
                coverage: coverage_from(row, 8)?,
                roots: roots.collect::<rusqlite::Result<_>>()?,
            })
        })?;
        rows.collect()
    }

    fn each_object(
        &self,
        only: &str,
        details: bool,
        visit: &mut dyn FnMut(ObjectRow),
    ) -> rusqlite::Result<()> {
        // `CROSS JOIN` keeps the order of the tables, so that indexes give the rows in order and
        // nothing is sorted.
        let mut files = self.connection.prepare(&format!(
            "SELECT t.id, r.label, f.path, t.name, t.read_run < {seen} FROM root r
                 CROSS JOIN folder f ON f.root_id = r.id
                 CROSS JOIN object t ON t.folder_id = f.id
             WHERE {present} {only} ORDER BY r.label, r.path, f.path, t.name",
            present = self.present(),
            seen = self.seen
        ))?;
        let mut rows = files.query([])?;
        while let Some(row) = rows.next()? {
            self.each_of_file(&top_from(row)?, details, visit)?;
        }
        Ok(())
    }

    /// A file and its members. A container comes before its members, so its path is known by then.
    pub(super) fn each_of_file(
        &self,
        top: &Top,
        details: bool,
        visit: &mut dyn FnMut(ObjectRow),
    ) -> rusqlite::Result<()> {
        let mut paths: HashMap<i64, (String, u32)> = HashMap::new();
        for condition in ["o.id = ?1", "o.top_id = ?1 AND o.parent_id IS NOT NULL"] {
            let mut objects = self.connection.prepare_cached(&format!(
                "SELECT {OBJECT} FROM object o WHERE {condition} ORDER BY o.id"
            ))?;
            let mut rows = objects.query([top.id])?;
            while let Some(row) = rows.next()? {
                let mut object = object_from(row, top, &paths)?;
                paths.insert(object.id, (object.path.clone(), object.depth));
                if details {
                    object.facts = facts(&self.connection, object.id)?;
                    object.findings = findings(&self.connection, object.id)?;
                }
                visit(object);
            }
        }
        Ok(())
    }
}

/// Where a top-level file stands.
pub(super) struct Top {
    pub(super) id: i64,
    root: String,
    relative: Vec<u8>,
    /// Whether its rows come from an earlier run than the last that met it.
    carried: bool,
}

pub(super) fn top_from(row: &Row<'_>) -> rusqlite::Result<Top> {
    let (folder, name): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
    Ok(Top {
        id: row.get(0)?,
        root: row.get(1)?,
        relative: joined(&folder, &name),
        carried: row.get(4)?,
    })
}

/// An object without dates and findings. `paths` holds the objects before it in the same file.
fn object_from(
    row: &Row<'_>,
    top: &Top,
    paths: &HashMap<i64, (String, u32)>,
) -> rusqlite::Result<ObjectRow> {
    let name: Vec<u8> = row.get(2)?;
    let parent: Option<i64> = row.get(1)?;
    let (path, depth) = match parent.and_then(|parent| paths.get(&parent)) {
        Some((container, depth)) => (format!("{container}!/{}", written(&name)), depth + 1),
        None if top.root.is_empty() => (written(&top.relative), 0),
        None => (format!("{}:{}", top.root, written(&top.relative)), 0),
    };
    let outcome = outcome_from(row, 3)?;
    let class: Option<String> = row.get(9)?;
    let certainty: Option<f64> = row.get(10)?;
    Ok(ObjectRow {
        id: row.get(0)?,
        top: top.id,
        root: top.root.clone(),
        relative: top.relative.clone(),
        path,
        depth,
        outcome: if top.carried && outcome == Outcome::Scanned {
            Outcome::Unchanged
        } else {
            outcome
        },
        format: row.get(7)?,
        bytes: row.get::<_, i64>(11)?.cast_unsigned(),
        stat: stat_from(row, 11)?,
        content_digest: row.get(8)?,
        class: class.map(|id| ClassGuess {
            id,
            certainty: certainty.unwrap_or_default(),
        }),
        facts: Vec::new(),
        findings: Vec::new(),
    })
}
