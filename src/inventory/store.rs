//! The file itself: made private, recognised before it is touched, and brought up to date.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::lock::Lock;
use super::{Error, Reader, Writer};
use crate::own_files::{mode_for_others, open_private};

/// By which SQLite and `file` know whose database it is: `Spor`.
const APPLICATION_ID: u32 = 0x5370_6f72;

/// The steps from one version to the next; a file's version is the number of those it has seen.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
    include_str!("schema/005.sql"),
    concat!(
        include_str!("schema/digests_by_object.sql"),
        include_str!("schema/006.sql")
    ),
    include_str!("schema/007.sql"),
];

/// Shows the digests of an inventory before version 6 as that version has them, on this connection only.
pub(super) const DIGESTS_BY_OBJECT: &str = include_str!("schema/digests_by_object.sql");

/// An inventory that is open for writing, and locked.
#[derive(Debug)]
pub struct Inventory {
    pub(super) path: PathBuf,
    lock: Lock,
    suspects: Vec<String>,
    older: Option<PathBuf>,
}

impl Inventory {
    /// Opens the inventory at `path` for writing, or makes a new one with mode 0600.
    /// `key_fingerprint` is [`DigestKey::fingerprint`](crate::model::DigestKey::fingerprint). One of an
    /// older version is brought up to date once a copy of it is made.
    ///
    /// # Errors
    /// Another scan writes to it; it is another tool's or a newer version's (and stays untouched);
    /// others can read it; it was made with another key; the disk or SQLite refuses.
    pub fn create_or_open(path: &Path, key_fingerprint: u64) -> Result<Self, Error> {
        let path = real_path(path)?;
        if path.exists() {
            recognise(&path)?;
        }
        let unclean = beside(&path, "-wal").exists();
        let (lock, suspects) = Lock::take(&path)?;
        if !path.exists() {
            create_private(&path)?;
        }
        check_private(&path)?;
        recognise(&path)?;
        if unclean {
            // Whoever wrote to it last did not come to the end.
            super::upkeep::verify(&path)?;
        }
        let mut connection = open_plain(&path)?;
        let older = keep_older(&connection, &path, key_fingerprint)?;
        migrate(&mut connection, &path, MIGRATIONS)?;
        check_key(&connection, &path, key_fingerprint)?;
        connection
            .pragma_update(None, "journal_mode", "wal")
            .map_err(Error::sql("prepare", &path))?;
        Ok(Self {
            path,
            lock,
            suspects,
            older,
        })
    }

    /// The copy that was made of it as it was, where it was of an older version.
    #[must_use]
    pub fn older_copy(&self) -> Option<&Path> {
        self.older.as_deref()
    }

    /// Opens an inventory for reading; a scan may write to it meanwhile.
    ///
    /// # Errors
    /// There is none; it is another tool's or a newer version's; others can read it.
    pub fn open_read_only(path: &Path) -> Result<Reader, Error> {
        let path = real_path(path)?;
        check_private(&path)?;
        recognise(&path)?;
        Reader::open(&path)
    }

    /// The one writer. The lock is held as long as it lives.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn writer(self) -> Result<Writer, Error> {
        let connection = open_plain(&self.path)?;
        Writer::new(connection, self.path, self.lock, self.suspects)
    }
}

/// All files that belong to an inventory, whether they exist at the moment or not; a walk leaves
/// them alone.
#[must_use]
pub fn files(inventory: &Path) -> Vec<PathBuf> {
    [
        "",
        "-wal",
        "-shm",
        "-journal",
        ".last",
        ".last.new",
        ".lock",
        super::dismissed::ENDING,
    ]
    .iter()
    .map(|ending| beside(inventory, ending))
    .chain((1..MIGRATIONS.len()).map(|version| older_copy(inventory, version)))
    .collect()
}

/// Where the copy of an inventory of an older version lies.
fn older_copy(inventory: &Path, version: usize) -> PathBuf {
    beside(inventory, &format!(".v{version}"))
}

/// The path with something added to its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A connection for reading and writing to a file that exists.
pub(super) fn open_plain(path: &Path) -> Result<Connection, Error> {
    let sql = Error::sql("open", path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&sql)?;
    connection
        .busy_timeout(Duration::from_secs(10))
        .map_err(&sql)?;
    connection
        .pragma_update(None, "synchronous", "normal")
        .map_err(&sql)?;
    connection
        .pragma_update(None, "cache_size", -16_384)
        .map_err(&sql)?;
    // Without it SQLite plans a prepared statement anew whenever a bound value might change the plan,
    // which was two thirds of what a report cost.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(&sql)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Fails where anybody but the owner can read the file: a share may ignore modes.
pub(super) fn check_private(path: &Path) -> Result<(), Error> {
    let metadata = fs::metadata(path).map_err(Error::io("examine", path))?;
    let path = path.to_owned();
    match mode_for_others(&metadata) {
        Some(mode) => Err(Error::ReadableByOthers { path, mode }),
        None => Ok(()),
    }
}

/// The path with its folder's links resolved, so that one inventory has one lock.
fn real_path(path: &Path) -> Result<PathBuf, Error> {
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let real = fs::canonicalize(folder).map_err(Error::io("find the folder", folder))?;
    Ok(real.join(path.file_name().unwrap_or_default()))
}

/// Keeps the state of an inventory that nobody is writing to beside it, for the case that it is damaged
/// later. Where there is no room for a copy, the one before it stays.
pub(super) fn keep_copy(path: &Path) {
    let (copy, last) = (beside(path, ".last.new"), beside(path, ".last"));
    let copied = fs::copy(path, &copy).and_then(|_| fs::rename(&copy, &last));
    if copied.is_err() {
        // It would be half of one.
        let _ = fs::remove_file(&copy);
    }
}

/// A new and empty file for a copy, with mode 0600.
pub(super) fn copy_private(path: &Path) -> Result<(), Error> {
    create_private(path)
}

fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    let made = open_private(path, options.write(true).create_new(true));
    drop(made.map_err(Error::io("create", path))?);
    check_private(path).inspect_err(|_| {
        // It is empty and of no use to anybody.
        let _ = fs::remove_file(path);
    })
}

/// Looks at the header without SQLite, so that a foreign file is not touched in the least. An empty
/// file is one whose creation was interrupted.
fn recognise(path: &Path) -> Result<(), Error> {
    let file = File::open(path).map_err(Error::io("open", path))?;
    let mut header = Vec::with_capacity(100);
    let read = io::copy(&mut file.take(100), &mut header);
    read.map_err(Error::io("read", path))?;
    if header.is_empty() {
        return Ok(());
    }
    let number = |at: usize| {
        let bytes = header.get(at..)?.first_chunk::<4>()?;
        Some(u32::from_be_bytes(*bytes))
    };
    // The SQLite file format, 1.3: user version at offset 60, application id at 68.
    let (version, application) = (number(60), number(68));
    if !header.starts_with(b"SQLite format 3\0") || application != Some(APPLICATION_ID) {
        let path = path.to_owned();
        return Err(Error::Foreign { path });
    }
    check_version(path, version.unwrap_or_default(), MIGRATIONS.len())?;
    check_length(path, &header)
}

/// Whether the file is as long as its header says. 1.3.7 of the file format: the number of pages holds
/// where the change counter is the one it was written with.
fn check_length(path: &Path, header: &[u8]) -> Result<(), Error> {
    let number = |at: usize| {
        let bytes = header.get(at..)?.first_chunk::<4>()?;
        Some(u64::from(u32::from_be_bytes(*bytes)))
    };
    let page = match number(14).map(|two| two & 0xffff) {
        Some(1) => 65_536,
        page => page.unwrap_or_default(),
    };
    let length = fs::metadata(path)
        .map_err(Error::io("examine", path))?
        .len();
    let pages = number(28).filter(|_| number(24) == number(92));
    if pages.is_some_and(|pages| pages.saturating_mul(page) > length) {
        return Err(Error::damaged(path, "its end is missing"));
    }
    Ok(())
}

/// Copies an inventory of an older version before it is changed, whole and private, whatever lies in its
/// journal. A copy that an attempt before this one left is replaced. One of another key stays as it is.
fn keep_older(connection: &Connection, path: &Path, key: u64) -> Result<Option<PathBuf>, Error> {
    let sql = Error::sql("copy", path);
    let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    let version: u32 = version.map_err(&sql)?;
    let version = version as usize;
    if version == 0 || version >= MIGRATIONS.len() {
        return Ok(None);
    }
    check_key(connection, path, key)?;
    let (copy, fresh) = (older_copy(path, version), beside(path, ".last.new"));
    let _ = fs::remove_file(&fresh);
    create_private(&fresh)?;
    let name = fresh.as_os_str().to_string_lossy();
    let copied = connection.execute("VACUUM INTO ?1", [name]).map_err(sql);
    let copied = copied.and_then(|_| {
        let renamed = fs::rename(&fresh, &copy);
        renamed.map_err(Error::io("create", &copy))
    });
    if copied.is_err() {
        // It would be half of one.
        let _ = fs::remove_file(&fresh);
    }
    copied.map(|()| Some(copy))
}

fn check_version(path: &Path, found: u32, steps: usize) -> Result<(), Error> {
    let known = u32::try_from(steps).unwrap_or(u32::MAX);
    if found <= known {
        return Ok(());
    }
    let path = path.to_owned();
    Err(Error::Newer { path, found, known })
}

/// Brings the file to the newest version, step by step, each step whole or not at all.
fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), Error> {
    let sql = Error::sql("update", path);
    let version = |connection: &Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))
    };
    let found = version(connection).map_err(&sql)?;
    check_version(path, found, steps.len())?;
    for (number, step) in (1_u32..).zip(steps) {
        let exclusive = TransactionBehavior::Exclusive;
        let change = Transaction::new(connection, exclusive).map_err(&sql)?;
        if version(&change).map_err(&sql)? >= number {
            continue;
        }
        change.execute_batch(step).map_err(&sql)?;
        change
            .pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(&sql)?;
        change
            .pragma_update(None, "user_version", number)
            .map_err(&sql)?;
        change.commit().map_err(&sql)?;
    }
    Ok(())
}

/// Checks that the key is the one that the digests were made with; a new inventory takes it over.
fn check_key(connection: &Connection, path: &Path, fingerprint: u64) -> Result<(), Error> {
    let sql = Error::sql("read", path);
    let fingerprint = fingerprint.cast_signed();
    let stored: Option<i64> = connection
        .query_row("SELECT value FROM about WHERE name = 'key'", [], |row| {
            row.get(0)
        })
        .optional()
        .map_err(&sql)?;
    match stored {
        Some(stored) if stored == fingerprint => Ok(()),
        Some(_) => Err(Error::WrongKey {
            path: path.to_owned(),
        }),
        None => connection
            .execute(
                "INSERT INTO about (name, value) VALUES ('key', ?1)",
                [fingerprint],
            )
            .map(drop)
            .map_err(Error::sql("write", path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObjectPath, Outcome, Record};

    fn record(name: &str) -> Record {
        Record::unread(
            ObjectPath::file("".into(), name.as_bytes()),
            Outcome::Scanned,
            1,
        )
    }

    fn begun(path: &Path) -> Writer {
        let inventory = Inventory::create_or_open(path, 1).unwrap();
        let mut writer = inventory.writer().unwrap();
        let info = crate::inventory::RunInfo {
            started: 1,
            roots: vec![(String::new(), b"/share".to_vec())],
            fingerprint: String::new(),
            places: String::new(),
            settings: String::new(),
            rules_hash: None,
        };
        writer.begin_run(&info).unwrap();
        writer
    }

    #[test]
    fn each_version_leads_to_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let steps = [MIGRATIONS, &["ALTER TABLE about ADD COLUMN note TEXT"]].concat();
        for from in 0..=steps.len() {
            let _ = fs::remove_file(&path);
            create_private(&path).unwrap();
            let mut connection = open_plain(&path).unwrap();
            let earlier = steps.get(..from).unwrap();
            migrate(&mut connection, &path, earlier).unwrap();
            if from == 1 {
                check_key(&connection, &path, 5).unwrap();
            }
            migrate(&mut connection, &path, &steps).unwrap();
            let noted = "SELECT count(note) FROM about";
            let noted = connection.query_row(noted, [], |row| row.get::<_, i64>(0));
            assert_eq!(noted.unwrap(), 0, "from version {from}");
        }
        let mut connection = open_plain(&path).unwrap();
        let error = migrate(&mut connection, &path, MIGRATIONS).unwrap_err();
        let (newest, before) = (steps.len(), MIGRATIONS.len());
        assert!(matches!(
            error,
            Error::Newer { found, known, .. }
                if (found as usize, known as usize) == (newest, before)
        ));
    }

    /// Digests of four objects as version 5 kept them. The numbers of the detectors and the sums take one to
    /// four bytes in a heading.
    const DIGESTS_OF_5: &str = "
        INSERT INTO root VALUES (1, '', x'2f');
        INSERT INTO folder (id, root_id, path) VALUES (1, 1, x'');
        INSERT INTO kind VALUES (2, 'email', 'email', 'x'), (4, 'name', 'name', 'x'),
            (9, 'email', 'alias', 'x'), (300, 'own', 'own', 'x');
        INSERT INTO object (id, top_id, folder_id, name, outcome, bytes, seen_run)
            SELECT value, value, 1, CAST(value AS BLOB), 'scanned', 0, 1
            FROM json_each('[1, 2, 3, 4]');
        INSERT INTO digest VALUES (1, 'email', x'0000000000000005ff0041c30000000a'),
            (1, 'name', x'00000000000000ff'), (1, 'own', x'0000000000000000'),
            (2, 'name', zeroblob(8 * 200)), (3, 'email', zeroblob(8 * 20000)),
            (3, 'name', x''), (4, 'own', zeroblob(8 * 3000000));";

    #[test]
    fn digests_of_an_older_version_are_read_and_brought_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        create_private(&path).unwrap();
        let mut connection = open_plain(&path).unwrap();
        migrate(&mut connection, &path, MIGRATIONS.get(..5).unwrap()).unwrap();
        connection.execute_batch(DIGESTS_OF_5).unwrap();
        let read = || {
            let reader = Inventory::open_read_only(&path).unwrap();
            let with = |id, digest| reader.objects_with(id, digest).unwrap();
            let of = |object| reader.digests_of(object, usize::MAX).unwrap();
            assert_eq!(with("email", 0xff00_41c3_0000_000a), [1]);
            assert_eq!((with("own", 0), with("phone", 0)), (vec![1, 4], vec![]));
            assert_eq!(reader.with_any("name", &[0, 255]).unwrap().len(), 2);
            [1, 2, 3, 4].map(of)
        };
        let before = read();
        let held = |(id, own): &(String, Vec<u64>)| (id.clone(), own.len());
        let held = before.iter().flatten().map(held);
        let of = |id: &str, held| (id.to_owned(), held);
        let first = [of("email", 2), of("name", 1), of("own", 1), of("name", 200)];
        let others = [of("email", 20_000), of("name", 0), of("own", 3_000_000)];
        assert_eq!(held.collect::<Vec<_>>(), [&first[..], &others].concat());
        migrate(&mut connection, &path, MIGRATIONS).unwrap();
        assert_eq!(read(), before);
        let own = "SELECT number FROM detector ORDER BY number";
        let mut own = connection.prepare(own).unwrap();
        let own = own.query_map([], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(own.map(Result::unwrap).collect::<Vec<_>>(), [2, 4, 300]);
    }

    #[test]
    fn a_failed_step_leaves_the_version_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        create_private(&path).unwrap();
        let mut connection = open_plain(&path).unwrap();
        let broken = [MIGRATIONS, &["CREATE TABLE extra (x) STRICT; nonsense"]].concat();
        assert!(migrate(&mut connection, &path, &broken).is_err());
        drop(connection);
        assert!(Inventory::create_or_open(&path, 1).is_ok());
    }

    #[test]
    fn a_file_that_a_new_folder_shows_twice_is_one_object() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = begun(&folder.path().join("twice.db"));
        for bytes in [1, 2] {
            let other = Record {
                bytes,
                ..record("a/twice")
            };
            writer.file(&[other]).unwrap();
            writer.file(&[record("a/once")]).unwrap();
        }
        let found = writer.coverage().unwrap();
        assert_eq!((found.discovered, found.bytes), (2, 3));
    }

    #[test]
    fn sums_that_do_not_balance_are_refused_though_rows_are_not_checked() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = begun(&folder.path().join("sums.db"));
        writer.file(&[record("a")]).unwrap();
        // Neither read in this run nor by an earlier one.
        let change = "UPDATE object SET read_run = NULL";
        writer.connection.execute(change, []).unwrap();
        let ended = writer.finish_run(crate::inventory::RunEnd::Finished, 2, &[""]);
        assert!(matches!(ended, Err(Error::Unbalanced { .. })), "{ended:?}");
    }

    #[test]
    fn a_full_disk_is_told_and_what_was_committed_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("full.db");
        let mut writer = begun(&path);
        writer.file(&[record("kept")]).unwrap();
        writer.flush().unwrap();
        let pages = writer
            .connection
            .pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0));
        writer
            .connection
            .pragma_update(None, "max_page_count", pages.unwrap() + 1)
            .unwrap();
        let long = "x".repeat(2000);
        let error = (0..100)
            .find_map(|n| writer.file(&[record(&format!("{n}{long}"))]).err())
            .unwrap();
        assert!(matches!(error, Error::DiskFull { .. }), "{error}");
        assert!(
            writer.file(&[record("more")]).is_err(),
            "the writer is done"
        );
        drop(writer);
        let writer = begun(&path);
        assert_eq!(writer.coverage().unwrap().discovered, 1);
        let sound = writer
            .connection
            .pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
        assert_eq!(sound.unwrap(), "ok");
    }
}
