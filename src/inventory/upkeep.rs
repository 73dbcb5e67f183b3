//! Looking after an inventory: forgetting, giving room back, copying, uniting.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::store::{beside, check_private, copy_private, keep_copy, open_plain};
use super::sums::outdate;
use super::{Error, Inventory, digest_row};

/// What a clean-up removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Files, with all that was known of them.
    pub files: u64,
    /// Runs.
    pub runs: u64,
}

impl Inventory {
    /// Removes a file, or a folder with all that lies below it, as if it had never been met. `root` is
    /// the label of its root, `path` is below that, with `/`; empty for all of the root.
    ///
    /// # Errors
    /// The disk or SQLite refuses.
    pub fn forget(&self, root: &str, path: &str) -> Result<Forgotten, Error> {
        let sql = Error::sql("write", &self.path);
        let mut connection = open_plain(&self.path)?;
        let change = connection.transaction().map_err(&sql)?;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let chosen = "INSERT INTO temp.chosen SELECT o.id FROM object o
                 JOIN folder f ON f.id = o.folder_id JOIN root r ON r.id = f.root_id
             WHERE r.label = ?1 AND (?2 = '' OR coalesce(f.shown, CAST(f.path AS TEXT)) = ?2
                 OR coalesce(f.shown, CAST(f.path AS TEXT)) LIKE ?5 ESCAPE '\\'
                 OR (coalesce(f.shown, CAST(f.path AS TEXT)) = ?3
                     AND coalesce(o.shown, CAST(o.name AS TEXT)) = ?4))";
        let below = format!("{}/%", escaped(path));
        let forgotten = prepare(&change)
            .and_then(|()| change.execute(chosen, params![root, path, folder, name, below]))
            .and_then(|_| remove(&change))
            .map_err(&sql)?;
        change.commit().map_err(&sql)?;
        self.settle_copy(&connection)?;
        Ok(forgotten)
    }

    /// Forgets files that were found to be gone before `before` (seconds since 1970), what runs of that
    /// time changed, and those of the runs that nothing refers to any longer; then gives the room back.
    ///
    /// # Errors
    /// The disk or SQLite refuses.
    pub fn vacuum(&self, before: i64) -> Result<Forgotten, Error> {
        let sql = Error::sql("write", &self.path);
        let mut connection = open_plain(&self.path)?;
        let change = connection.transaction().map_err(&sql)?;
        let chosen = "INSERT INTO temp.chosen SELECT o.id FROM object o
             JOIN run r ON r.id = o.gone_run WHERE r.started < ?1";
        let mut forgotten = prepare(&change)
            .and_then(|()| change.execute(chosen, [before]))
            .and_then(|_| remove(&change))
            .map_err(&sql)?;
        super::changes::forget(&change, before).map_err(&sql)?;
        forgotten.runs = remove_runs(&change, before).map_err(&sql)?;
        change.commit().map_err(&sql)?;
        connection.execute_batch("VACUUM").map_err(&sql)?;
        self.settle_copy(&connection)?;
        Ok(forgotten)
    }

    /// Lets the copy beside the inventory forget as well.
    fn settle_copy(&self, connection: &Connection) -> Result<(), Error> {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let checkpoint = connection.query_row(checkpoint, [], |_| Ok(()));
        checkpoint.map_err(Error::sql("write", &self.path))?;
        keep_copy(&self.path);
        Ok(())
    }

    /// Whether every page of the inventory is sound.
    ///
    /// # Errors
    /// `Damaged` where one is not.
    pub fn verify(&self) -> Result<(), Error> {
        verify(&self.path)
    }
}

/// Writes a copy of an inventory, whole and private, which may be scanned into meanwhile.
///
/// # Errors
/// There is something at `to`; the disk or SQLite refuses.
pub fn export(from: &Path, to: &Path) -> Result<(), Error> {
    let reader = Inventory::open_read_only(from)?;
    drop(reader);
    copy_private(to)?;
    let copied = open_plain(from)?.execute("VACUUM INTO ?1", [to.as_os_str().to_string_lossy()]);
    copied.map_err(Error::sql("copy", from))?;
    check_private(to)
}

/// Looks at every page.
pub(super) fn verify(path: &Path) -> Result<(), Error> {
    let sql = Error::sql("check", path);
    let connection = open_plain(path)?;
    let check = "PRAGMA quick_check(1)";
    let sound: String = connection
        .query_row(check, [], |row| row.get(0))
        .map_err(&sql)?;
    if sound == "ok" {
        return Ok(());
    }
    Err(Error::damaged(path, "its pages do not fit together"))
}

/// The file with the state that the last complete run left.
#[must_use]
pub fn last_copy(inventory: &Path) -> std::path::PathBuf {
    beside(inventory, ".last")
}

/// For `LIKE` with `\` as its escape.
fn escaped(path: &str) -> String {
    path.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA foreign_keys = OFF;
         CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY);
         DELETE FROM temp.chosen;",
    )
}

/// Removes the chosen files and all that hangs on them.
fn remove(connection: &Connection) -> rusqlite::Result<Forgotten> {
    let files = "SELECT count(*) FROM temp.chosen";
    let files: i64 = connection.query_row(files, [], |row| row.get(0))?;
    connection.execute_batch(
        "UPDATE folder SET listing = NULL WHERE id IN (SELECT folder_id FROM object
             WHERE id IN (SELECT id FROM temp.chosen));
         DELETE FROM alias WHERE object_id IN (SELECT id FROM temp.chosen);
         INSERT OR IGNORE INTO temp.chosen SELECT id FROM object
             WHERE parent_id IS NOT NULL AND top_id IN (SELECT id FROM temp.chosen);",
    )?;
    outdate_buckets(connection)?;
    connection.execute_batch(
        "DELETE FROM sample WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM finding WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM fact WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM likeness WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM message WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM digest WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM digest_part WHERE object_id IN (SELECT id FROM temp.chosen);
         DELETE FROM change WHERE top_id IN (SELECT id FROM temp.chosen);
         DELETE FROM object WHERE id IN (SELECT id FROM temp.chosen);
         DELETE FROM folder WHERE id NOT IN (SELECT folder_id FROM object
                 WHERE folder_id IS NOT NULL)
             AND id NOT IN (SELECT folder_id FROM alias);",
    )?;
    super::buckets::build(connection)?;
    if files > 0 {
        outdate(connection)?;
    }
    Ok(Forgotten {
        files: files.cast_unsigned(),
        runs: 0,
    })
}

/// Takes note that the buckets of detectors with digests in the chosen files no longer agree with these.
fn outdate_buckets(connection: &Connection) -> rusqlite::Result<()> {
    let chosen = "object_id IN (SELECT id FROM temp.chosen)";
    let numbers = digest_row::detectors_of(connection, chosen, [])?;
    let mut take_out = connection.prepare(
        "DELETE FROM bucketed WHERE detector = (SELECT id FROM detector WHERE number = ?1)",
    )?;
    for number in numbers {
        take_out.execute([number])?;
    }
    Ok(())
}

/// Removes runs that began before a moment and that no object refers to; the newest stays.
fn remove_runs(connection: &Connection, before: i64) -> rusqlite::Result<u64> {
    let newest: Option<i64> = connection
        .query_row("SELECT max(id) FROM run", [], |row| row.get(0))
        .optional()?
        .flatten();
    connection.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS named (id INTEGER PRIMARY KEY);
         DELETE FROM temp.named;
         INSERT OR IGNORE INTO temp.named SELECT first_run FROM object WHERE first_run IS NOT NULL;
         INSERT OR IGNORE INTO temp.named SELECT read_run FROM object WHERE read_run IS NOT NULL;
         INSERT OR IGNORE INTO temp.named SELECT seen_run FROM object WHERE seen_run IS NOT NULL;
         INSERT OR IGNORE INTO temp.named SELECT gone_run FROM object WHERE gone_run IS NOT NULL;
         INSERT OR IGNORE INTO temp.named SELECT seen_run FROM folder WHERE seen_run IS NOT NULL;",
    )?;
    let old = "started < ?1 AND id <> ?2 AND id NOT IN (SELECT id FROM temp.named)";
    let roots = format!("DELETE FROM run_root WHERE run_id IN (SELECT id FROM run WHERE {old})");
    connection.execute(&roots, params![before, newest])?;
    let runs = connection.execute(
        &format!("DELETE FROM run WHERE {old}"),
        params![before, newest],
    )?;
    Ok(runs as u64)
}
