//! Several inventories as one: those of several servers, or of several machines that shared one root.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::detectors;
use super::digest_row::Heading;
use super::store::open_plain;
use super::sums::outdate;
use super::{Error, Inventory};

impl Inventory {
    /// Takes over all that other inventories hold. Persons are counted across all of them, so they must
    /// have been made with this one's key. A root of one is the same as a root of another where label
    /// and path are; each file must come from one of them only.
    ///
    /// # Errors
    /// `WrongKey`, `Older`, or `Twice` where two hold the same file; the disk or SQLite refuses. Nothing is
    /// taken over then.
    pub fn merge(&self, others: &[PathBuf]) -> Result<(), Error> {
        let sql = Error::sql("write", &self.path);
        let mut connection = open_plain(&self.path)?;
        connection
            .pragma_update(None, "foreign_keys", false)
            .map_err(&sql)?;
        let own_key = key(&connection).map_err(&sql)?;
        for other in others {
            let reader = Inventory::open_read_only(other)?;
            if !reader.keeps_digests_by_object() {
                return Err(Error::Older {
                    path: other.clone(),
                });
            }
            if reader.key_fingerprint()? != own_key {
                return Err(Error::WrongKey {
                    path: other.clone(),
                });
            }
        }
        for (number, other) in others.iter().enumerate() {
            let name = other.as_os_str().to_string_lossy();
            let attach = format!("ATTACH ?1 AS other{number}");
            connection.execute(&attach, [name]).map_err(&sql)?;
        }
        let change = connection.transaction().map_err(&sql)?;
        for (number, other) in others.iter().enumerate() {
            take_over(&change, &format!("other{number}"))
                .map_err(|error| twice(error, other, &sql))?;
        }
        super::buckets::build(&change)
            .and_then(|()| outdate(&change))
            .map_err(&sql)?;
        change.commit().map_err(&sql)
    }
}

fn key(connection: &Connection) -> rusqlite::Result<u64> {
    let key = "SELECT value FROM about WHERE name = 'key'";
    let key = connection.query_row(key, [], |row| row.get::<_, i64>(0));
    key.map(i64::cast_unsigned)
}

fn twice(error: rusqlite::Error, other: &Path, sql: &impl Fn(rusqlite::Error) -> Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => Error::Twice {
            path: other.to_owned(),
        },
        _ => sql(error),
    }
}

/// Copies the rows of an attached inventory, with numbers of their own.
fn take_over(change: &Connection, other: &str) -> rusqlite::Result<()> {
    let highest = |table: &str| {
        let select = format!("SELECT coalesce(max(id), 0) FROM main.{table}");
        change.query_row(&select, [], |row| row.get::<_, i64>(0))
    };
    let (objects, runs) = (highest("object")?, highest("run")?);
    change.execute_batch(&MAPS.replace("OTHER", other))?;
    for copy in COPIES {
        let copy = copy
            .replace("OTHER", other)
            .replace("+OBJECTS", &format!("+ {objects}"))
            .replace("+RUNS", &format!("+ {runs}"));
        change.execute(&copy, [])?;
    }
    take_digests(change, other, objects)?;
    change.execute_batch(
        "DROP TABLE temp.root_map; DROP TABLE temp.folder_map; DROP TABLE temp.kind_map;",
    )
}

/// Copies the digests, whose detectors have other numbers here.
fn take_digests(change: &Connection, other: &str, objects: i64) -> rusqlite::Result<()> {
    let theirs = format!("SELECT number, id FROM {other}.detector");
    let mut theirs = change.prepare(&theirs)?;
    let theirs = theirs.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    for detector in theirs {
        let (number, id): (u32, String) = detector?;
        numbers.insert(number, detectors::number_for(change, &id)?);
    }
    let rows = format!("SELECT object_id, detectors, digests FROM {other}.digest");
    let mut rows = change.prepare(&rows)?;
    let mut rows = rows.query([])?;
    let mut put = change.prepare("INSERT INTO main.digest VALUES (?1, ?2, ?3)")?;
    while let Some(row) = rows.next()? {
        let heading = Heading::read(row, 1)?.renumbered(|number| numbers.get(&number).copied())?;
        let object = row.get::<_, i64>(0)? + objects;
        put.execute(params![object, heading, row.get_ref(2)?.as_blob()?])?;
    }
    // One of version 6 has no parts.
    let any = format!("SELECT 1 FROM {other}.sqlite_master WHERE name = 'digest_part'");
    if change.prepare(&any)?.exists([])? {
        let put = format!(
            "INSERT INTO main.digest_part SELECT object_id + ?1, ?3, least, digests
             FROM {other}.digest_part WHERE detector = ?2"
        );
        let mut put = change.prepare(&put)?;
        for (theirs, own) in numbers {
            put.execute(params![objects, theirs, own])?;
        }
    }
    Ok(())
}

/// What is the same in both is found; the rest is added.
const MAPS: &str = "
    INSERT OR IGNORE INTO main.root (label, path) SELECT label, path FROM OTHER.root;
    CREATE TEMP TABLE root_map AS SELECT o.id AS old, m.id AS new
        FROM OTHER.root o JOIN main.root m ON m.label = o.label AND m.path = o.path;
    INSERT OR IGNORE INTO main.folder (root_id, path, shown)
        SELECT r.new, f.path, f.shown FROM OTHER.folder f JOIN temp.root_map r ON r.old = f.root_id;
    CREATE TEMP TABLE folder_map (old INTEGER PRIMARY KEY, new INTEGER);
    INSERT INTO temp.folder_map SELECT f.id, m.id FROM OTHER.folder f
        JOIN temp.root_map r ON r.old = f.root_id
        JOIN main.folder m ON m.root_id = r.new AND m.path = f.path;
    UPDATE main.folder SET listing = NULL, seen_run = NULL
        WHERE id IN (SELECT new FROM temp.folder_map);
    INSERT OR IGNORE INTO main.kind (detector, kind, category)
        SELECT detector, kind, category FROM OTHER.kind;
    CREATE TEMP TABLE kind_map (old INTEGER PRIMARY KEY, new INTEGER);
    INSERT INTO temp.kind_map SELECT o.id, m.id FROM OTHER.kind o
        JOIN main.kind m ON m.detector = o.detector AND m.kind = o.kind;
    DELETE FROM main.bucketed WHERE detector IN (SELECT detector FROM OTHER.kind);";

/// The rows, with what is added to their numbers.
const COPIES: &[&str] = &[
    "INSERT INTO main.run SELECT id +RUNS, started, ended, state, fingerprint, settings, rules_hash,
         discovered, scanned, unchanged, partial, skipped, failed, bytes, gone FROM OTHER.run",
    "INSERT INTO main.run_root SELECT x.run_id +RUNS, r.new, x.complete
     FROM OTHER.run_root x JOIN temp.root_map r ON r.old = x.root_id",
    "INSERT INTO main.object SELECT o.id +OBJECTS, o.top_id +OBJECTS, o.parent_id +OBJECTS, m.new,
         o.name, o.shown, o.outcome, o.problem, o.stage, o.at, o.format, o.bytes, o.content_digest,
         o.class, o.certainty, o.mtime_ns, o.ctime_ns, o.device, o.inode, o.mode, o.uid, o.gid,
         o.links, o.first_run +RUNS, o.read_run +RUNS,
         max(o.seen_run, coalesce(f.seen_run, o.seen_run)) +RUNS, o.gone_run +RUNS
     FROM OTHER.object o LEFT JOIN OTHER.folder f ON f.id = o.folder_id
         LEFT JOIN temp.folder_map m ON m.old = o.folder_id ORDER BY o.id",
    "INSERT INTO main.finding SELECT object_id +OBJECTS, k.new, confidence, count, distincts,
         estimated, reasons FROM OTHER.finding x JOIN temp.kind_map k ON k.old = x.kind_id",
    "INSERT INTO main.sample SELECT object_id +OBJECTS, k.new, confidence, ordinal, place, masked
     FROM OTHER.sample x JOIN temp.kind_map k ON k.old = x.kind_id",
    "INSERT INTO main.fact SELECT object_id +OBJECTS, ordinal, source, first_day, last_day
     FROM OTHER.fact",
    "INSERT INTO main.likeness SELECT object_id +OBJECTS, sketch FROM OTHER.likeness",
    "INSERT INTO main.message SELECT object_id +OBJECTS, id FROM OTHER.message",
    "INSERT INTO main.alias SELECT m.new, a.name, a.object_id +OBJECTS, a.seen_run +RUNS
     FROM OTHER.alias a JOIN temp.folder_map m ON m.old = a.folder_id",
    "INSERT INTO main.change SELECT top_id +OBJECTS, run_id +RUNS, k.new, confidence, hits
     FROM OTHER.change x JOIN temp.kind_map k ON k.old = x.kind_id",
    "INSERT INTO main.run_sum SELECT run_id +RUNS, level, detector, objects, hits
     FROM OTHER.run_sum",
    "INSERT INTO main.about SELECT name, value FROM OTHER.about WHERE name = 'history'
     ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::digest_row::put_digests;

    /// An inventory of one file with these digests.
    fn inventory(path: &Path, own: &[(&str, &[u64])]) -> Inventory {
        let inventory = Inventory::create_or_open(path, 1).unwrap();
        let connection = open_plain(path).unwrap();
        let name = path.file_name().unwrap().as_encoded_bytes();
        connection
            .execute_batch(
                "INSERT INTO root VALUES (1, '', x'2f');
                 INSERT INTO folder (id, root_id, path) VALUES (1, 1, x'');",
            )
            .unwrap();
        let put = "INSERT INTO object (id, top_id, folder_id, name, outcome, bytes, seen_run)
            VALUES (1, 1, 1, ?1, 'scanned', 0, 1)";
        connection.execute(put, [name]).unwrap();
        put_digests(&connection, 1, own);
        inventory
    }

    #[test]
    fn detectors_that_have_other_numbers_elsewhere_keep_their_digests() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let own = inventory(&path("a.db"), &[("email", &[1, 2]), ("name", &[3])]);
        let other: &[(&str, &[u64])] = &[("name", &[3, 4]), ("phone", &[1]), ("email", &[2])];
        drop(inventory(&path("b.db"), other));
        own.merge(&[path("b.db")]).unwrap();
        let reader = Inventory::open_read_only(&path("a.db")).unwrap();
        let with = |id, digest| reader.objects_with(id, digest).unwrap();
        assert_eq!((with("email", 1), with("email", 2)), (vec![1], vec![1, 2]));
        assert_eq!((with("name", 3), with("name", 4)), (vec![1, 2], vec![2]));
        assert_eq!((with("phone", 1), with("phone", 3)), (vec![2], vec![]));
        open_plain(&path("b.db"))
            .unwrap()
            .pragma_update(None, "user_version", 5)
            .unwrap();
        let refused = own.merge(&[path("b.db")]);
        assert!(matches!(refused, Err(Error::Older { .. })), "{refused:?}");
    }
}
