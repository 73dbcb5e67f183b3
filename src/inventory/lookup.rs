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
    folder: Option<(i64, Vec<u8>, Option<KnownFolder>)>,
}

/// What is known of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFolder {
    /// Its number, for [`Writer::folder_seen`](super::Writer::folder_seen).
    pub id: i64,
    /// The sum of its files where all of them may be carried over:
    /// [`ListingSum::under`](crate::model::ListingSum::under).
    pub listing: Option<[u8; 16]>,
}

/// What is known of the files of a folder, by the bytes of their names.
pub type KnownFiles = HashMap<Box<[u8]>, Known>;

/// A file or a member, as far as a change of the program may concern it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The format it was read as.
    pub format: Option<String>,
    /// Its end.
    pub outcome: Outcome,
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
    /// BLAKE3 digest of its content, where it was read whole.
    pub content_digest: Option<[u8; 32]>,
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
    /// Size and modification time are what they were, and something else is not: permissions were
    /// set, or it was put back from a copy. Its content decides.
    Compare,
    /// It is to be read.
    Read,
}

impl Known {
    /// What to do with the file, which has `stat` now. `concerned` says whether something was changed
    /// in the program since it was read that may yield something else now.
    ///
    /// A file is the same where size, times and inode are; the device number is a hint only,
    /// because it changes when a share is mounted anew.
    #[must_use]
    pub fn reuse(&self, stat: &FileStat, concerned: bool) -> Reuse {
        let Some(then) = self.stat.filter(|_| !concerned) else {
            return Reuse::Read;
        };
        let cause = self.outcome.problem().map(|problem| problem.kind);
        let same = (then.ctime_ns, then.inode) == (stat.ctime_ns, stat.inode);
        if (then.bytes, then.mtime_ns) != (stat.bytes, stat.mtime_ns) {
            return Reuse::Read;
        }
        if self.recorded_in_this_run && (same || then.ctime_ns == 0) {
            return match cause {
                Some(ProblemKind::Cancelled) => Reuse::Read,
                _ => Reuse::Done,
            };
        }
        if self.transient_member || !cause.is_none_or(is_lasting) {
            return Reuse::Read;
        }
        match (same, self.content_digest) {
            (true, _) => Reuse::CarryOver,
            (false, Some(_)) => Reuse::Compare,
            (false, None) => Reuse::Read,
        }
    }

    /// Whether the walk settled it with this end before, and the system says the same of it now.
    #[must_use]
    pub fn is_settled_as(&self, stat: Option<&FileStat>, outcome: &Outcome) -> bool {
        let key = |s: &FileStat| (s.bytes, s.mtime_ns, s.ctime_ns, s.inode);
        self.outcome == *outcome && self.stat.as_ref().map(key) == stat.map(key)
    }
}

/// Whether another reading of the same content would end the same, whatever the file is called.
#[must_use]
pub fn is_settled(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Scanned => true,
        Outcome::Skipped(problem) => is_lasting(problem.kind),
        Outcome::Unchanged | Outcome::Partial(_) | Outcome::Failed(_) => false,
    }
}

/// Whether a cause lies in the file, so that reading it again ends the same.
pub(super) fn is_lasting(cause: ProblemKind) -> bool {
    match cause {
        ProblemKind::Malformed
        | ProblemKind::Unsupported
        | ProblemKind::LimitDepth
        | ProblemKind::LimitMembers
        | ProblemKind::LimitBytes
        | ProblemKind::LimitMemory
        | ProblemKind::ImageWithoutText
        | ProblemKind::ImageUncertain
        | ProblemKind::Panic
        | ProblemKind::Crashed
        // Another list of passwords is a change of the reading.
        | ProblemKind::Encrypted => true,
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
        let Some(folder) = self.find_folder(root, folder).map_err(&sql)? else {
            return Ok(None);
        };
        let mut find = self
            .connection
            .prepare_cached(&format!("{KNOWN} AND o.name = ?2"))
            .map_err(&sql)?;
        find.query_row(params![folder.id, name], |row| {
            known_from(row, self.run, &self.fingerprints)
        })
        .optional()
        .map_err(&sql)
    }

    /// What is known of a folder: `path` is below its root, with `/`, empty for the root itself.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn folder(&mut self, root: &str, path: &[u8]) -> Result<Option<KnownFolder>, Error> {
        let Some(root) = self.roots.get(root).copied() else {
            return Ok(None);
        };
        self.find_folder(root, path)
            .map_err(Error::sql("read", &self.path))
    }

    /// The objects that lie in a folder, by name; `None` where they are more than `most`.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn files(&mut self, folder: i64, most: usize) -> Result<Option<KnownFiles>, Error> {
        let read = || {
            let mut find = self.connection.prepare_cached(KNOWN)?;
            let mut rows = find.query([folder])?;
            let mut files = HashMap::new();
            while let Some(row) = rows.next()? {
                if files.len() == most {
                    return Ok(None);
                }
                let known = known_from(row, self.run, &self.fingerprints)?;
                files.insert(row.get_ref(NAME)?.as_blob()?.into(), known);
            }
            Ok(Some(files))
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// A file and its members, as far as a change of the program may concern them.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn parts(&self, known: &Known) -> Result<Vec<Part>, Error> {
        let read = || {
            let mut parts = Vec::new();
            for condition in ["id = ?1", "top_id = ?1 AND parent_id IS NOT NULL"] {
                let mut find = self.connection.prepare_cached(&format!(
                    "SELECT DISTINCT format, outcome, problem, stage, NULL FROM object
                     WHERE {condition}"
                ))?;
                let rows = find.query_map([known.id], |row| {
                    let (format, outcome) = (row.get(0)?, outcome_from(row, 1)?);
                    Ok(Part { format, outcome })
                })?;
                parts.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            Ok(parts)
        };
        read().map_err(Error::sql("read", &self.path))
    }

    fn find_folder(&mut self, root: i64, path: &[u8]) -> rusqlite::Result<Option<KnownFolder>> {
        if let Some((last_root, last_path, Some(known))) = &self.folder
            && *last_root == root
            && last_path == path
        {
            return Ok(Some(*known));
        }
        let mut find = self
            .connection
            .prepare_cached("SELECT id, listing FROM folder WHERE root_id = ?1 AND path = ?2")?;
        let known = find
            .query_row(params![root, path], |row| {
                let (id, listing) = (row.get(0)?, row.get(1)?);
                Ok(KnownFolder { id, listing })
            })
            .optional()?;
        self.folder = Some((root, path.to_vec(), known));
        Ok(known)
    }
}

/// The columns of what is known of a file in a folder, in the order of [`known_from`].
const KNOWN: &str =
    "SELECT o.id, o.bytes, o.mtime_ns, o.ctime_ns, o.device, o.inode, o.mode, o.uid,
         o.gid, o.links, o.outcome, o.problem, o.stage, o.at, o.read_run,
         max(o.seen_run, coalesce(f.seen_run, 0)),
         EXISTS (SELECT 1 FROM object m WHERE m.top_id = o.id AND m.problem IS NOT NULL
             AND m.parent_id IS NOT NULL AND m.problem IN
             ('permission', 'vanished', 'io', 'timeout', 'offline', 'cancelled')),
         o.content_digest, o.name
     FROM object o JOIN folder f ON f.id = o.folder_id
     WHERE o.folder_id = ?1 AND o.gone_run IS NULL";

/// The column of the name in [`KNOWN`].
const NAME: usize = 18;

pub(super) fn fingerprints(connection: &Connection) -> rusqlite::Result<HashMap<i64, Arc<str>>> {
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
        content_digest: row.get(17)?,
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
