//! What earlier runs know of a file, for the thread that walks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{FileStat, ObjectPath, Outcome, ProblemKind};

use super::Error;
use super::names::cut;
use super::rows::outcome_from;
use super::store::open_plain;

/// A view of what was committed, on a connection of its own.
#[derive(Debug)]
pub struct Lookup {
    connection: Connection,
    path: PathBuf,
    run: i64,
    roots: HashMap<String, i64>,
    fingerprints: HashMap<i64, Arc<str>>,
    folder: Option<(i64, Vec<u8>, Option<i64>)>,
}

/// What is known of a top-level file.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its number, for [`Writer::carry_over`](super::Writer::carry_over).
    pub id: i64,
    /// What the system said when it was read.
    pub stat: Option<FileStat>,
    /// Fingerprint of the run that read it.
    pub fingerprint: Arc<str>,
    /// Its end then.
    pub outcome: Outcome,
    /// Whether a member ended with a cause that may be gone by now.
    pub transient_member: bool,
    /// Whether this run has met it: it was resumed, or the file has come twice.
    pub recorded_in_this_run: bool,
}

/// What to do with a file that the walk met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// This run has dealt with it.
    Done,
    /// Nothing changed: [`Writer::carry_over`](super::Writer::carry_over).
    CarryOver,
    /// It is to be read.
    Read,
}

impl Known {
    /// What to do with the file, which has `stat` now, in a run with `fingerprint`.
    ///
    /// A file is the same where size, times and inode are; the device number is a hint only,
    /// because it changes when a share is mounted anew.
    #[must_use]
    pub fn reuse(&self, stat: &FileStat, fingerprint: &str) -> Reuse {
        let key = |s: &FileStat| (s.bytes, s.mtime_ns, s.ctime_ns, s.inode);
        let same = self.stat.is_some_and(|then| key(&then) == key(stat));
        let cause = self.outcome.problem().map(|problem| problem.kind);
        if !same || *self.fingerprint != *fingerprint {
            return Reuse::Read;
        }
        if self.recorded_in_this_run {
            return match cause {
                Some(ProblemKind::Cancelled) => Reuse::Read,
                _ => Reuse::Done,
            };
        }
        if self.transient_member || !cause.is_none_or(is_lasting) {
            return Reuse::Read;
        }
        Reuse::CarryOver
    }
}

/// Whether a cause lies in the file, so that reading it again ends the same.
fn is_lasting(cause: ProblemKind) -> bool {
    match cause {
        ProblemKind::Encrypted
        | ProblemKind::Malformed
        | ProblemKind::Unsupported
        | ProblemKind::LimitDepth
        | ProblemKind::LimitMembers
        | ProblemKind::LimitBytes
        | ProblemKind::LimitMemory
        | ProblemKind::ImageWithoutText
        | ProblemKind::ImageUncertain
        | ProblemKind::Panic
        | ProblemKind::Crashed => true,
        ProblemKind::Permission
        | ProblemKind::Vanished
        | ProblemKind::Io
        | ProblemKind::Timeout
        | ProblemKind::Offline
        | ProblemKind::Excluded
        | ProblemKind::Link
        | ProblemKind::SpecialFile
        | ProblemKind::Cancelled => false,
    }
}

impl Lookup {
    pub(super) fn new(path: &Path, run: i64, roots: HashMap<String, i64>) -> Result<Self, Error> {
        let connection = open_plain(path)?;
        let sql = Error::sql("read", path);
        connection
            .pragma_update(None, "query_only", true)
            .map_err(&sql)?;
        let fingerprints = fingerprints(&connection).map_err(&sql)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            run,
            roots,
            fingerprints,
            folder: None,
        })
    }

    /// What is known of a top-level file; `None` where it is new or has been gone.
    ///
    /// # Errors
    /// SQLite refuses, or the row is damaged.
    pub fn known(&mut self, object: &ObjectPath) -> Result<Option<Known>, Error> {
        let Some(root) = self.roots.get(object.root()).copied() else {
            return Ok(None);
        };
        let sql = Error::sql("read", &self.path);
        let (folder, name) = cut(object.own_name());
        let Some(folder) = self.folder(root, folder).map_err(&sql)? else {
            return Ok(None);
        };
        let mut find = self
            .connection
            .prepare_cached(
                "SELECT id, bytes, mtime_ns, ctime_ns, device, inode, mode, uid, gid, links,
                     outcome, problem, stage, at, read_run, seen_run,
                     EXISTS (SELECT 1 FROM object m WHERE m.top_id = o.id
                         AND m.parent_id IS NOT NULL AND m.problem IN
                         ('permission', 'vanished', 'io', 'timeout', 'offline', 'cancelled'))
                 FROM object o WHERE folder_id = ?1 AND name = ?2 AND gone_run IS NULL",
            )
            .map_err(&sql)?;
        find.query_row(params![folder, name], |row| {
            known_from(row, self.run, &self.fingerprints)
        })
        .optional()
        .map_err(&sql)
    }

    fn folder(&mut self, root: i64, path: &[u8]) -> rusqlite::Result<Option<i64>> {
        if let Some((last_root, last_path, Some(id))) = &self.folder
            && *last_root == root
            && last_path == path
        {
            return Ok(Some(*id));
        }
        let mut find = self
            .connection
            .prepare_cached("SELECT id FROM folder WHERE root_id = ?1 AND path = ?2")?;
        let id = find
            .query_row(params![root, path], |row| row.get(0))
            .optional()?;
        self.folder = Some((root, path.to_vec(), id));
        Ok(id)
    }
}

fn fingerprints(connection: &Connection) -> rusqlite::Result<HashMap<i64, Arc<str>>> {
    let mut runs = connection.prepare("SELECT id, fingerprint FROM run")?;
    let rows = runs.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?.into())))?;
    rows.collect()
}

fn known_from(
    row: &Row<'_>,
    run: i64,
    fingerprints: &HashMap<i64, Arc<str>>,
) -> rusqlite::Result<Known> {
    let read_run: i64 = row.get(14)?;
    let fingerprint = fingerprints.get(&read_run).cloned();
    Ok(Known {
        id: row.get(0)?,
        stat: stat_from(row, 1)?,
        fingerprint: fingerprint.unwrap_or_else(|| "".into()),
        outcome: outcome_from(row, 10)?,
        recorded_in_this_run: row.get::<_, i64>(15)? == run,
        transient_member: row.get(16)?,
    })
}

/// Nine columns from `at` on: size, then the file system's view in the order of the schema.
pub(super) fn stat_from(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<FileStat>> {
    let Some(mtime_ns) = row.get::<_, Option<i64>>(at + 1)? else {
        return Ok(None);
    };
    let number = |offset: usize| row.get::<_, i64>(at + offset).map(i64::cast_unsigned);
    Ok(Some(FileStat {
        bytes: number(0)?,
        mtime_ns,
        ctime_ns: row.get(at + 2)?,
        device: number(3)?,
        inode: number(4)?,
        mode: row.get(at + 5)?,
        uid: row.get(at + 6)?,
        gid: row.get(at + 7)?,
        links: number(8)?,
    }))
}
