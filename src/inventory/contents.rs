//! Contents that earlier runs read, known again under another name: of a file that was renamed, moved or
//! copied.
//!
//! Buckets name the files that may hold a content, and their rows say whether they do. The buckets are those that
//! the last run left: a file that has changed since is passed over, and one that came since is not found.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::filling::{self, Filling};
use super::lookup::{fingerprints, is_settled};
use super::names::joined;
use super::rows::{FindingRow, facts, findings, outcome_from};
use super::store::open_plain;
use super::{Error, alike, buckets};
use crate::model::{ClassGuess, EvidenceSet, Fact, FileStat, Finding, Kind, ObjectPath, Record};
use crate::sorted::Sorted;

/// What the buckets of files by digest, and by size and time, are called; no detector has such an id.
const BY_DIGEST: &str = "=content";
const BY_TIME: &str = "=time";

/// Files in a bucket that are aimed at: each is looked at.
const AIMED_AT: u64 = 8;

/// Makes the buckets anew.
pub(super) fn build(connection: &Connection) -> rusqlite::Result<()> {
    let highest = "SELECT coalesce(max(id), 0) FROM object";
    let highest: i64 = connection.query_row(highest, [], |row| row.get(0))?;
    for family in [BY_DIGEST, BY_TIME] {
        connection.execute("DELETE FROM bucket WHERE detector = ?1", [family])?;
        connection.execute("DELETE FROM bucketed WHERE detector = ?1", [family])?;
    }
    let families = [BY_DIGEST, BY_TIME].map(|id| (id, highest.cast_unsigned()));
    let mut filling = Filling::new(families.into_iter(), AIMED_AT);
    let mut files = connection.prepare(
        "SELECT id, content_digest, bytes, mtime_ns FROM object
         WHERE parent_id IS NULL AND content_digest IS NOT NULL AND mtime_ns IS NOT NULL ORDER BY id",
    )?;
    let mut files = files.query([])?;
    while let Some(row) = files.next()? {
        let id = row.get(0)?;
        if let Some(first) = row.get_ref(1)?.as_blob()?.first_chunk() {
            filling.take(0, id, u64::from_be_bytes(*first))?;
        }
        let time = of_time(row.get::<_, i64>(2)?.cast_unsigned(), row.get(3)?);
        filling.take(1, id, time)?;
    }
    filling.write(connection)
}

/// A number that files of the same size and modification time share.
fn of_time(bytes: u64, mtime_ns: i64) -> u64 {
    let mixed = bytes.rotate_left(32) ^ mtime_ns.cast_unsigned();
    // Multiplicative hashing: the leading bits depend on all.
    mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The program's own words for what is stored as text.
#[derive(Debug)]
pub struct Words {
    /// Everything that can be found.
    pub kinds: Vec<&'static Kind>,
    /// Ids of the formats.
    pub formats: Vec<&'static str>,
}

impl Words {
    fn kind(&self, detector: &str, kind: &str) -> Option<&'static Kind> {
        let mut kinds = self.kinds.iter();
        kinds
            .find(|known| known.detector == detector && known.kind == kind)
            .copied()
    }

    fn detector(&self, id: &str) -> Option<&'static str> {
        let mut kinds = self.kinds.iter();
        kinds
            .find(|known| known.detector == id)
            .map(|known| known.detector)
    }

    fn format(&self, id: &str) -> Option<&'static str> {
        self.formats.iter().find(|known| **known == id).copied()
    }
}

/// What earlier runs know of contents, for all who read files.
#[derive(Debug)]
pub struct Contents {
    connection: Mutex<Connection>,
    path: PathBuf,
    words: Words,
    fingerprints: HashMap<i64, Arc<str>>,
    /// Leading bits of the buckets by digest, and by time; `None` where there are none.
    bits: [Option<u32>; 2],
}

/// A file that holds a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    id: i64,
    /// Where it lies, or lay.
    pub object: ObjectPath,
    /// Fingerprint of the run that read it.
    pub fingerprint: Arc<str>,
}

impl Contents {
    pub(super) fn new(path: &Path, words: Words) -> Result<Self, Error> {
        let connection = open_plain(path)?;
        let sql = Error::sql("read", path);
        connection
            .pragma_update(None, "query_only", true)
            .map_err(&sql)?;
        let bits = |family| {
            let bits = "SELECT bits FROM bucketed WHERE detector = ?1";
            let bits = connection.query_row(bits, [family], |row| row.get(0));
            bits.optional().map_err(&sql)
        };
        Ok(Self {
            bits: [bits(BY_DIGEST)?, bits(BY_TIME)?],
            fingerprints: fingerprints(&connection).map_err(&sql)?,
            connection: Mutex::new(connection),
            path: path.to_owned(),
            words,
        })
    }

    /// Whether nothing is known of any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bits[0].is_none()
    }

    /// Whether a file of this size and time was known: its digest may be worth a pass over it.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn knows_time(&self, stat: &FileStat) -> Result<bool, Error> {
        let Some(bits) = self.bits[1] else {
            return Ok(false);
        };
        let time = of_time(stat.bytes, stat.mtime_ns);
        self.read(|connection| {
            let mut own = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM object WHERE id = ?1 AND bytes = ?2 AND mtime_ns = ?3)",
            )?;
            for id in filling::objects(connection, BY_TIME, time, bits)? {
                let same = params![id, stat.bytes.cast_signed(), stat.mtime_ns];
                if own.query_row(same, |row| row.get(0))? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// The files with this content whose reading ended as another would.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn holders(&self, digest: &[u8; 32]) -> Result<Vec<Holder>, Error> {
        let (Some(bits), Some(first)) = (self.bits[0], digest.first_chunk()) else {
            return Ok(Vec::new());
        };
        let first = u64::from_be_bytes(*first);
        self.read(|connection| {
            let mut own = connection.prepare_cached(
                "SELECT o.id, r.label, f.path, o.name, o.read_run, o.outcome, o.problem, o.stage, o.at
                 FROM object o JOIN folder f ON f.id = o.folder_id JOIN root r ON r.id = f.root_id
                 WHERE o.id = ?1 AND o.content_digest = ?2",
            )?;
            let mut holders = Vec::new();
            for id in filling::objects(connection, BY_DIGEST, first, bits)? {
                let mut rows = own.query(params![id, digest])?;
                if let Some(row) = rows.next()?
                    && is_settled(&outcome_from(row, 5)?)
                {
                    holders.push(self.holder(row)?);
                }
            }
            Ok(holders)
        })
    }

    /// The records of a holder and its members, as if it lay at `object`; what the file system says of it is left
    /// out. `None` where it holds something else by now, and where something is stored that the program no longer
    /// has a word for.
    ///
    /// # Errors
    /// SQLite refuses, or a row is damaged.
    pub fn records(
        &self,
        holder: &Holder,
        digest: &[u8; 32],
        object: &ObjectPath,
    ) -> Result<Option<Vec<Record>>, Error> {
        self.read(|connection| {
            // All of it as it was at one moment.
            let moment = connection.unchecked_transaction()?;
            let records = self.read_records(&moment, holder.id, object)?;
            let first = records.as_ref().and_then(|records| records.first());
            let same = first.is_some_and(|first| first.content_digest.as_ref() == Some(digest));
            Ok(records.filter(|_| same))
        })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        read(&connection).map_err(Error::sql("read", &self.path))
    }

    fn holder(&self, row: &Row<'_>) -> rusqlite::Result<Holder> {
        let label: String = row.get(1)?;
        let (folder, name): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
        let fingerprint = self.fingerprints.get(&row.get(4)?).cloned();
        Ok(Holder {
            id: row.get(0)?,
            object: ObjectPath::file(label.into(), &joined(&folder, &name)),
            fingerprint: fingerprint.unwrap_or_default(),
        })
    }

    fn read_records(
        &self,
        connection: &Connection,
        top: i64,
        object: &ObjectPath,
    ) -> rusqlite::Result<Option<Vec<Record>>> {
        let mut records = Vec::new();
        let mut places: HashMap<i64, ObjectPath> = HashMap::new();
        for condition in ["id = ?1", "top_id = ?1 AND parent_id IS NOT NULL"] {
            let mut rows = connection.prepare_cached(&format!(
                "SELECT id, parent_id, name, outcome, problem, stage, at, format, bytes, content_digest,
                     class, certainty FROM object WHERE {condition} ORDER BY id"
            ))?;
            let mut rows = rows.query([top])?;
            while let Some(row) = rows.next()? {
                let parent: Option<i64> = row.get(1)?;
                let parent = parent.and_then(|parent| places.get(&parent));
                let name = row.get_ref(2)?.as_blob()?;
                let own = parent.map_or_else(|| object.clone(), |parent| parent.member(name));
                let Some(record) = self.record(connection, row, own)? else {
                    return Ok(None);
                };
                places.insert(row.get(0)?, record.object.clone());
                records.push(record);
            }
        }
        Ok(Some(records))
    }

    fn record(
        &self,
        connection: &Connection,
        row: &Row<'_>,
        object: ObjectPath,
    ) -> rusqlite::Result<Option<Record>> {
        let id = row.get(0)?;
        let outcome = outcome_from(row, 3)?;
        let format: Option<String> = row.get(7)?;
        let known = format.as_deref().and_then(|id| self.words.format(id));
        let found = findings(connection, id)?;
        let kept: Option<Vec<Finding>> = found.into_iter().map(|row| self.finding(row)).collect();
        // What has very many is not held in memory: it is read again.
        let digests = match buckets::digests(connection, id, MOST_DIGESTS)? {
            (stored, true) => self.digests(stored),
            (_, false) => None,
        };
        let (Some(findings), Some(digests)) = (kept, digests) else {
            return Ok(None);
        };
        if known.is_none() != format.is_none() {
            return Ok(None);
        }
        let (class, certainty): (Option<String>, Option<f64>) = (row.get(10)?, row.get(11)?);
        Ok(Some(Record {
            object,
            outcome,
            format: known,
            bytes: row.get::<_, i64>(8)?.cast_unsigned(),
            stat: None,
            content_digest: row.get(9)?,
            class: class.map(|id| ClassGuess {
                id,
                certainty: certainty.unwrap_or_default(),
            }),
            facts: all_facts(connection, id)?,
            likeness: alike::likeness(connection, id)?,
            findings,
            digests,
        }))
    }

    fn finding(&self, row: FindingRow) -> Option<Finding> {
        Some(Finding {
            kind: self.words.kind(&row.detector, &row.kind)?,
            confidence: row.confidence,
            count: row.count,
            distinct: row.distinct,
            samples: row.samples,
            reasons: EvidenceSet::parse(row.reasons.iter().map(String::as_str))?,
        })
    }

    /// Digests under the program's own words for their detectors.
    fn digests(&self, stored: Vec<(String, Vec<u64>)>) -> Option<Digests> {
        let known = stored.into_iter();
        known
            .map(|(detector, values)| Some((self.words.detector(&detector)?, values.into())))
            .collect()
    }
}

/// Digests by detector, as a record has them.
type Digests = Vec<(&'static str, Sorted)>;

/// Most digests of a detector in an object whose record is taken over from a copy.
const MOST_DIGESTS: usize = 1 << 20;

fn all_facts(connection: &Connection, id: i64) -> rusqlite::Result<Vec<Fact>> {
    let mut all = facts(connection, id)?;
    all.extend(alike::message(connection, id)?.map(|id| Fact::MessageId(id.into())));
    Ok(all)
}
