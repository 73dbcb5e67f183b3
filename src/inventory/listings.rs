//! The sums of folders: at the end of a run, for those whose files may all be carried over.
//!
//! The walk of the next run makes the same sums of what it finds on disk, and needs to look at no file
//! of a folder whose sum is the same.

use rusqlite::{Connection, Row, params};

use crate::model::{FileStat, ListingSum, Outcome, Stage};

use super::lookup::{is_lasting, stat_from};
use super::rows::outcome_from;

/// Makes the sums that are missing, in the roots of a run, under its
/// [`RunInfo::listing_key`](super::RunInfo::listing_key).
pub(super) fn sum_up(connection: &Connection, run: i64, key: &str) -> rusqlite::Result<()> {
    // The loops go folder by folder; to sort the rows by folder would copy each of them.
    let mut rows = connection.prepare(
        "SELECT f.id, o.name, o.bytes, o.mtime_ns, o.ctime_ns, o.device, o.inode, o.mode, o.uid,
             o.gid, o.links, o.outcome, o.problem, o.stage, o.at, o.seen_run
         FROM run_root x CROSS JOIN folder f ON f.root_id = x.root_id
             CROSS JOIN object o ON o.folder_id = f.id
         WHERE x.run_id = ?1 AND f.listing IS NULL AND o.gone_run IS NULL",
    )?;
    let mut rows = rows.query([run])?;
    let mut keep = connection.prepare(
        "UPDATE folder SET listing = ?2 WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM alias WHERE folder_id = ?1)
             AND NOT EXISTS (SELECT 1 FROM object m JOIN object t ON t.id = m.top_id
                 WHERE m.problem IS NOT NULL AND m.parent_id IS NOT NULL AND t.folder_id = ?1
                     AND m.problem IN
                         ('permission', 'vanished', 'io', 'timeout', 'offline', 'cancelled'))",
    )?;
    let mut current: Option<(i64, Option<ListingSum>)> = None;
    loop {
        let row = rows.next()?;
        let folder = row.map(|row| row.get::<_, i64>(0)).transpose()?;
        if folder != current.map(|(id, _)| id) {
            if let Some((id, Some(sum))) = current {
                keep.execute(params![id, sum.under(key)])?;
            }
            current = folder.map(|id| (id, Some(ListingSum::default())));
        }
        let (Some(row), Some((_, sum))) = (row, &mut current) else {
            return Ok(());
        };
        if let Some(own) = sum
            && !add(own, row, run)?
        {
            *sum = None;
        }
    }
}

/// Adds a row to the sum of its folder; `false` where the object is one to look at again.
fn add(sum: &mut ListingSum, row: &Row<'_>, run: i64) -> rusqlite::Result<bool> {
    let outcome = outcome_from(row, 11)?;
    let Some(stat) = stat_from(row, 2)? else {
        return Ok(false);
    };
    if row.get::<_, i64>(15)? != run || !is_plain(&outcome, &stat) {
        return Ok(false);
    }
    let left = outcome
        .problem()
        .filter(|problem| problem.stage == Stage::Walk);
    let name = row.get_ref(1)?.as_blob()?;
    sum.add(name, left.map(|problem| problem.kind), &stat);
    Ok(true)
}

/// Whether the object is told by its row alone, and would end the same again.
fn is_plain(outcome: &Outcome, stat: &FileStat) -> bool {
    let one_name = stat.links < 2 || stat.inode == 0;
    one_name
        && match outcome {
            Outcome::Scanned | Outcome::Unchanged => true,
            Outcome::Skipped(problem) if problem.stage == Stage::Walk => true,
            Outcome::Partial(problem) | Outcome::Skipped(problem) | Outcome::Failed(problem) => {
                problem.stage != Stage::Walk && is_lasting(problem.kind)
            }
        }
}
