//! A run's beginning: a new one, or the one that was never finished.

use rusqlite::{Connection, OptionalExtension, params};

/// What a run is about to do.
#[derive(Clone, Debug)]
pub struct RunInfo {
    /// When it starts, seconds since 1970.
    pub started: i64,
    /// Labels and real paths (bytes) of the roots. A root is known again by both.
    pub roots: Vec<(String, Vec<u8>)>,
    /// Versions of everything that decides what is found: detectors, formats, limits, the tool.
    pub fingerprint: String,
    /// What else decides whether a file is read, such as which places are closed: a change of it makes
    /// each file be looked at again, and not read again.
    pub places: String,
    /// The settings, JSON.
    pub settings: String,
    /// Digest of the rules it is judged by.
    pub rules_hash: Option<String>,
}

impl RunInfo {
    /// The text under which the sums of folders hold.
    #[must_use]
    pub fn listing_key(&self) -> String {
        format!("{}\n{}", self.fingerprint, self.places)
    }
}

/// How a run began.
#[derive(Clone, Debug)]
pub struct RunStart {
    /// The run's number.
    pub run: i64,
    /// Whether a run that was killed or interrupted goes on.
    pub resumed: bool,
    /// Objects, members included, that it had met already.
    pub already: u64,
    /// Files that were being read when the last writer died, as they are displayed.
    pub suspects: Vec<String>,
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All roots were walked, as far as they could be.
    Finished,
    /// A stop was asked for. The next run goes on with it.
    Interrupted,
}

impl RunEnd {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What became of all objects of a run. `discovered` is the sum of the five that follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// Objects met, members included.
    pub discovered: u64,
    /// Read to their end.
    pub scanned: u64,
    /// Read to their end by an earlier run and the same since.
    pub unchanged: u64,
    /// Read in part.
    pub partial: u64,
    /// Left unread on purpose or for want of a reader.
    pub skipped: u64,
    /// Should have been read and could not be.
    pub failed: u64,
    /// Size of the top-level files that were neither skipped nor failed.
    pub bytes: u64,
}

/// The newest run over exactly these roots, where it never finished and has this fingerprint.
pub(super) fn unfinished(
    connection: &Connection,
    roots: &[i64],
    fingerprint: &str,
) -> rusqlite::Result<Option<i64>> {
    let mut roots = roots.to_vec();
    roots.sort_unstable();
    let wanted: Vec<String> = roots.iter().map(i64::to_string).collect();
    let newest: Option<(i64, String, String)> = connection
        .query_row(
            "SELECT id, state, fingerprint FROM run WHERE ?1 = (
                 SELECT group_concat(root_id, ' ' ORDER BY root_id)
                 FROM run_root WHERE run_id = run.id)
             ORDER BY id DESC LIMIT 1",
            params![wanted.join(" ")],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    Ok(newest
        .and_then(|(run, state, own)| (state != "finished" && own == fingerprint).then_some(run)))
}

/// What became of the objects that a run has met so far.
///
/// Where an inventory is older than version 3, folders are not marked as a whole.
pub(super) fn coverage(
    connection: &Connection,
    run: i64,
    by_folder: bool,
) -> rusqlite::Result<Coverage> {
    // Files and members are counted apart: files by their own rows, members by the file they lie in. The index
    // of names would lead to each row by itself.
    let counts = "count(*),
             count(*) FILTER (WHERE o.outcome = 'scanned' AND t.read_run = ?1),
             count(*) FILTER (WHERE o.outcome = 'scanned' AND t.read_run <> ?1),
             count(*) FILTER (WHERE o.outcome = 'partial'),
             count(*) FILTER (WHERE o.outcome = 'skipped'),
             count(*) FILTER (WHERE o.outcome = 'failed')";
    let met = if by_folder {
        "t.gone_run IS NULL AND (t.seen_run = ?1 OR f.seen_run = ?1)"
    } else {
        "t.gone_run IS NULL AND t.seen_run = ?1"
    };
    let files = format!(
        "SELECT {}, coalesce(sum(t.bytes) FILTER (WHERE t.outcome IN ('scanned', 'partial')), 0)
         FROM object t NOT INDEXED JOIN folder f ON f.id = t.folder_id WHERE {met}",
        counts.replace("o.", "t.")
    );
    let members = format!(
        "SELECT {counts}, 0 FROM object o JOIN object t ON t.id = o.top_id
             JOIN folder f ON f.id = t.folder_id
         WHERE o.parent_id IS NOT NULL AND {met}"
    );
    let count = |select: &str| connection.query_row(select, [run], |row| coverage_from(row, 0));
    let (files, members) = (count(&files)?, count(&members)?);
    Ok(Coverage {
        discovered: files.discovered + members.discovered,
        scanned: files.scanned + members.scanned,
        unchanged: files.unchanged + members.unchanged,
        partial: files.partial + members.partial,
        skipped: files.skipped + members.skipped,
        failed: files.failed + members.failed,
        bytes: files.bytes,
    })
}

/// Seven columns from `at` on, in the order of [`Coverage`].
pub(super) fn coverage_from(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Coverage> {
    let number = |offset: usize| row.get::<_, i64>(at + offset).map(i64::cast_unsigned);
    Ok(Coverage {
        discovered: number(0)?,
        scanned: number(1)?,
        unchanged: number(2)?,
        partial: number(3)?,
        skipped: number(4)?,
        failed: number(5)?,
        bytes: number(6)?,
    })
}
