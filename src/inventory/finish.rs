//! A run's end: what is gone, and whether the outcomes add up.

use rusqlite::{Connection, params};

use super::run::coverage;
use super::store::keep_copy;
use super::{Coverage, Error, RunEnd, Writer};

impl Writer {
    /// Ends the run at `ended` (seconds since 1970). Objects of the `complete` roots (by label) that
    /// a finished run did not meet leave the inventory's present; those below a folder that could
    /// not be listed stay. An interrupted run marks nothing as gone, and the next run may go on
    /// with it.
    ///
    /// # Errors
    /// `Unbalanced` where the outcomes do not add up to the objects; `Stray` for a label that the
    /// run does not have; the disk or SQLite refuses.
    pub fn finish_run(
        mut self,
        end: RunEnd,
        ended: i64,
        complete: &[&str],
    ) -> Result<Coverage, Error> {
        if self.run == 0 {
            return Err(Error::Stray);
        }
        self.store_waiting()?;
        self.flush()?;
        let find = |label: &&str| self.roots.get(*label).copied().ok_or(Error::Stray);
        let roots: Vec<i64> = complete.iter().map(find).collect::<Result<_, _>>()?;
        let run = self.run;
        let sql = Error::sql("write", &self.path);
        let change = self.connection.transaction().map_err(&sql)?;
        let mut gone = 0;
        if end == RunEnd::Finished {
            for root in roots {
                gone += retire(&change, run, root).map_err(&sql)?;
            }
        }
        super::buckets::build(&change).map_err(&sql)?;
        if self.changed {
            super::contents::build(&change).map_err(&sql)?;
        }
        super::listings::sum_up(&change, run, &self.listing_key).map_err(&sql)?;
        let found = coverage(&change, run, true).map_err(&sql)?;
        // The sums of a run are checked by the table, whatever rows of objects are spared.
        change
            .pragma_update(None, "ignore_check_constraints", false)
            .map_err(&sql)?;
        close(&change, run, (end, ended, gone), &found).map_err(|error| {
            match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::ConstraintViolation) => Error::Unbalanced { run },
                _ => sql(error),
            }
        })?;
        if let Some(least) = self.least.filter(|_| end == RunEnd::Finished) {
            let changed = self.changed || gone > 0;
            let sums = super::sums::keep(&change, run, least, changed).map_err(&sql)?;
            if let Some(sums) = sums {
                super::changes::keep_sums(&change, run, least, &sums).map_err(&sql)?;
            }
        }
        change.commit().map_err(&sql)?;
        // Readers find the newest state in one file, and nothing is left to recover.
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let checkpoint = self.connection.query_row(checkpoint, [], |_| Ok(()));
        checkpoint.map_err(&sql)?;
        if end == RunEnd::Finished && (self.changed || gone > 0) {
            keep_copy(&self.path);
        }
        self.clear_lock();
        Ok(found)
    }
}

/// Marks what the run did not meet below a root as gone, and tells how many objects that are.
fn retire(connection: &Connection, run: i64, root: i64) -> rusqlite::Result<usize> {
    connection.execute(
        "UPDATE run_root SET complete = 1 WHERE run_id = ?1 AND root_id = ?2",
        [run, root],
    )?;
    // Nothing is gone where no run was before this one.
    let earlier = "SELECT EXISTS (SELECT 1 FROM run WHERE id <> ?1)";
    if !connection.query_row(earlier, [run], |row| row.get::<_, bool>(0))? {
        return Ok(0);
    }
    connection.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS unlisted (id INTEGER PRIMARY KEY);
         DELETE FROM temp.unlisted;",
    )?;
    // A folder that could not be listed is an object with a problem of the stage `walk`; `.` is
    // the root. `0` is the byte after `/`, so that the range holds all paths below.
    connection.execute(
        "INSERT OR IGNORE INTO temp.unlisted
         WITH blocked AS (
             SELECT CASE WHEN f.path = x'' THEN o.name
                 ELSE CAST(f.path || x'2F' || o.name AS BLOB) END AS path
             FROM object o JOIN folder f ON f.id = o.folder_id
             WHERE f.root_id = ?2 AND o.seen_run = ?1 AND o.stage = 'walk'
                 AND o.problem IS NOT NULL AND o.outcome IN ('failed', 'partial'))
         SELECT below.id FROM blocked JOIN folder below ON below.root_id = ?2 AND (
             blocked.path = x'2E' OR below.path = blocked.path
             OR (below.path > CAST(blocked.path || x'2F' AS BLOB)
                 AND below.path < CAST(blocked.path || x'30' AS BLOB)))",
        [run, root],
    )?;
    let gone = connection.execute(
        "UPDATE object SET gone_run = ?1 WHERE gone_run IS NULL AND seen_run <> ?1
             AND folder_id IN (SELECT id FROM folder WHERE root_id = ?2 AND seen_run IS NOT ?1
                 EXCEPT SELECT id FROM temp.unlisted)",
        [run, root],
    )?;
    connection.execute(
        "DELETE FROM alias WHERE seen_run <> ?1
             AND folder_id IN (SELECT id FROM folder WHERE root_id = ?2
                 EXCEPT SELECT id FROM temp.unlisted)",
        [run, root],
    )?;
    Ok(gone)
}

/// Writes the run's sums; the table itself refuses those that do not balance.
fn close(
    connection: &Connection,
    run: i64,
    (end, ended, gone): (RunEnd, i64, usize),
    sums: &Coverage,
) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE run SET state = ?2, ended = ?3, gone = ?4, discovered = ?5, scanned = ?6,
             unchanged = ?7, partial = ?8, skipped = ?9, failed = ?10, bytes = ?11 WHERE id = ?1",
        params![
            run,
            end.as_str(),
            ended,
            i64::try_from(gone).unwrap_or(i64::MAX),
            sums.discovered.cast_signed(),
            sums.scanned.cast_signed(),
            sums.unchanged.cast_signed(),
            sums.partial.cast_signed(),
            sums.skipped.cast_signed(),
            sums.failed.cast_signed(),
            sums.bytes.cast_signed(),
        ],
    )?;
    Ok(())
}
