//! The one writer: records of whole files go in, in batches, and come out together or not at all.

mod marks;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{Confidence, ObjectPath, Record};

use super::lock::Lock;
use super::names::{cut, shown};
use super::put::Spot;
use super::run::{coverage, unfinished};
use super::sums::outdate;
use super::{Contents, Coverage, Error, InProgress, Lookup, RunInfo, RunStart, Words};

/// Files after which a batch is committed.
const BATCH_FILES: u32 = 1000;

/// Folders of a root whose numbers are held; those at hand are few.
const HELD_FOLDERS: usize = 1024;

/// Time after which a batch is committed: what a kill can cost.
const BATCH_TIME: Duration = Duration::from_secs(1);

/// The one writer of an inventory. After an error it accepts nothing more: what was committed is
/// sound, and the next run goes on from there.
#[derive(Debug)]
pub struct Writer {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) run: i64,
    pub(super) listing_key: String,
    pub(super) least: Option<Confidence>,
    /// Whether anything was written but marks.
    pub(super) changed: bool,
    pub(super) roots: HashMap<String, i64>,
    lock: Lock,
    suspects: Vec<String>,
    /// Numbers of kinds, by where these lie.
    pub(super) kinds: HashMap<usize, i64>,
    /// Numbers of detectors that have digests.
    pub(super) detectors: HashMap<&'static str, u32>,
    /// Numbers of folders by root and path, and whether nothing was known of the folder before.
    folders: HashMap<i64, HashMap<Vec<u8>, (i64, bool)>>,
    /// Detectors whose buckets are known to be out of date.
    pub(super) stale: HashSet<String>,
    pub(super) has_aliases: bool,
    next_id: i64,
    pending: u32,
    in_batch: bool,
    waiting: Vec<(ObjectPath, ObjectPath)>,
    committed: Instant,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        path: PathBuf,
        lock: Lock,
        suspects: Vec<String>,
    ) -> Result<Self, Error> {
        let sql = Error::sql("read", &path);
        // What refers to what is seen to here, and looking it up again for each row costs a tenth.
        connection
            .pragma_update(None, "foreign_keys", false)
            .map_err(&sql)?;
        // Nor are the columns' checks asked for each row, which comes of types that hold them: SQLite makes a
        // table of the words of an outcome for every single one. `PRAGMA quick_check` looks at them.
        connection
            .pragma_update(None, "ignore_check_constraints", true)
            .map_err(&sql)?;
        let read = "SELECT coalesce(max(id), 0), EXISTS (SELECT 1 FROM alias) FROM object";
        let (highest, has_aliases): (i64, bool) = connection
            .query_row(read, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(&sql)?;
        Ok(Self {
            connection,
            path,
            run: 0,
            listing_key: String::new(),
            least: None,
            changed: false,
            roots: HashMap::new(),
            lock,
            suspects,
            kinds: HashMap::new(),
            detectors: HashMap::new(),
            folders: HashMap::new(),
            stale: HashSet::new(),
            has_aliases,
            next_id: highest + 1,
            pending: 0,
            in_batch: false,
            waiting: Vec::new(),
            committed: Instant::now(),
        })
    }

    /// Begins a run, or goes on with the newest one over the same roots where that was killed or
    /// interrupted and has the same fingerprint: what was recorded under it counts as done.
    ///
    /// # Errors
    /// The disk or SQLite refuses.
    pub fn begin_run(&mut self, info: &RunInfo) -> Result<RunStart, Error> {
        let (run, resumed) = self.start(info).map_err(Error::sql("write", &self.path))?;
        self.run = run;
        self.listing_key = info.listing_key();
        let already = if resumed {
            self.coverage()?.discovered
        } else {
            0
        };
        Ok(RunStart {
            run,
            resumed,
            already,
            suspects: std::mem::take(&mut self.suspects),
        })
    }

    /// Has the end of the run leave [`Sums`](super::Sums) at this level, which a report then needs not
    /// count.
    pub fn keep_sums(&mut self, least: Confidence) {
        self.least = Some(least);
    }

    /// A view of what earlier runs know, for the thread that walks. It sees what was committed.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn lookup(&self) -> Result<Lookup, Error> {
        Lookup::new(&self.path, self.run, self.roots.clone())
    }

    /// A view of the contents that earlier runs read, for those who read files. It sees what was committed.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn contents(&self, words: Words) -> Result<Contents, Error> {
        Contents::new(&self.path, words)
    }

    /// Where workers name the files they are reading.
    #[must_use]
    pub fn in_progress(&self) -> InProgress {
        self.lock.in_progress()
    }

    /// Records one top-level file with its members, in place of all that was known of it. The first
    /// record is the file's; a member comes after its container.
    ///
    /// # Errors
    /// `Stray` where a record does not fit; the disk or SQLite refuses. The batch is lost then.
    pub fn file(&mut self, records: &[Record]) -> Result<(), Error> {
        let stored = self.store(records);
        self.settle(stored)
    }

    /// Commits what is pending.
    ///
    /// # Errors
    /// The disk or SQLite refuses. The batch is lost then.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.committed = Instant::now();
        self.pending = 0;
        if std::mem::take(&mut self.in_batch) {
            let committed = self.connection.execute_batch("COMMIT");
            committed.map_err(Error::sql("write", &self.path))?;
        }
        Ok(())
    }

    /// What became of the objects of the run so far, pending ones included.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn coverage(&self) -> Result<Coverage, Error> {
        coverage(&self.connection, self.run, true).map_err(Error::sql("read", &self.path))
    }

    /// Lets go of the lock without leaving a file behind.
    pub(super) fn clear_lock(&self) {
        self.lock.remove();
    }

    fn start(&mut self, info: &RunInfo) -> rusqlite::Result<(i64, bool)> {
        let change = self.connection.transaction()?;
        self.roots.clear();
        for (label, path) in &info.roots {
            change.execute(
                "INSERT INTO root (label, path) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![label, path],
            )?;
            let id = change.query_row(
                "SELECT id FROM root WHERE label = ?1 AND path = ?2",
                params![label, path],
                |row| row.get(0),
            )?;
            self.roots.insert(label.clone(), id);
        }
        let roots: Vec<i64> = self.roots.values().copied().collect();
        let unfinished = unfinished(&change, &roots, &info.fingerprint)?;
        // The lock is ours, so whoever left these has died.
        change.execute(
            "UPDATE run SET state = 'killed' WHERE state = 'running'",
            [],
        )?;
        let run = if let Some(run) = unfinished {
            let resume = "UPDATE run SET state = 'running', ended = NULL WHERE id = ?1";
            change.execute(resume, [run])?;
            run
        } else {
            insert_run(&change, info, &roots)?
        };
        change.commit()?;
        Ok((run, unfinished.is_some()))
    }

    /// Counts one more file of the batch, or gives the batch up.
    fn settle(&mut self, stored: Result<(), Error>) -> Result<(), Error> {
        if let Err(error) = stored {
            self.in_batch = false;
            self.run = 0;
            // SQLite may have rolled back already; either way nothing of the batch stays.
            let _ = self.connection.execute_batch("ROLLBACK");
            return Err(error);
        }
        self.pending += 1;
        if self.pending >= BATCH_FILES || self.committed.elapsed() >= BATCH_TIME {
            return self.flush();
        }
        Ok(())
    }

    fn begin_batch(&mut self) -> rusqlite::Result<()> {
        if !self.in_batch {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.in_batch = true;
        }
        Ok(())
    }

    fn store(&mut self, records: &[Record]) -> Result<(), Error> {
        let sql = Error::sql("write", &self.path);
        let (Some((file, members)), true) = (records.split_first(), self.run > 0) else {
            return Err(Error::Stray);
        };
        self.begin_batch().map_err(&sql)?;
        if !std::mem::replace(&mut self.changed, true) {
            outdate(&self.connection).map_err(&sql)?;
        }
        let top = self.spot(&file.object, true)?;
        if !top.fresh {
            self.note_change(&top, records).map_err(&sql)?;
            self.clear(top.id).map_err(&sql)?;
        }
        if !self.put_file(&top, file).map_err(&sql)? {
            // It was met twice: from now on the files of this folder are looked up.
            self.folders.clear();
            return self.store(records);
        }
        // The containers that enclose the record at hand, innermost last.
        let mut chain = vec![(&file.object, top.id)];
        for record in members {
            let parent = record.object.parent().ok_or(Error::Stray)?;
            while chain.last().is_some_and(|(object, _)| *object != parent) {
                chain.pop();
            }
            let (_, parent) = *chain.last().ok_or(Error::Stray)?;
            let id = self.take_id();
            self.put_member(id, (top.id, parent), record)
                .map_err(&sql)?;
            chain.push((&record.object, id));
        }
        Ok(())
    }

    /// Writes down what a new reading of a known file changes. Of a file that this run met first, no
    /// earlier run knows anything.
    fn note_change(&mut self, top: &Spot, records: &[Record]) -> rusqlite::Result<()> {
        if top.first_run == self.run {
            return Ok(());
        }
        self.put_return(top.id)?;
        let before = self.hits_of(top.id)?;
        self.put_change(top.id, &before, records)
    }

    /// Where a top-level object stands: the row it has, or a fresh id.
    fn place(&mut self, object: &ObjectPath) -> Result<Spot, Error> {
        self.spot(object, false)
    }

    /// The same; with `trust`, an object of a folder that was not known before is not looked for.
    fn spot(&mut self, object: &ObjectPath, trust: bool) -> Result<Spot, Error> {
        if object.parent().is_some() {
            return Err(Error::Stray);
        }
        let root = *self.roots.get(object.root()).ok_or(Error::Stray)?;
        let (folder, name) = cut(object.own_name());
        let sql = Error::sql("write", &self.path);
        let (folder, unknown) = self.folder(root, folder).map_err(&sql)?;
        let sure = !(trust && unknown);
        let known = if sure {
            self.known_at(folder, name).map_err(&sql)?
        } else {
            None
        };
        let fresh = known.is_none();
        let (id, first_run) = known.unwrap_or_else(|| (self.take_id(), self.run));
        Ok(Spot {
            id,
            folder,
            name: name.to_vec(),
            first_run,
            fresh,
            sure,
        })
    }

    /// The number of the object of this name, and the run that met it first.
    fn known_at(&self, folder: i64, name: &[u8]) -> rusqlite::Result<Option<(i64, i64)>> {
        let find = "SELECT id, first_run FROM object WHERE folder_id = ?1 AND name = ?2";
        let mut find = self.connection.prepare_cached(find)?;
        find.query_row(params![folder, name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    }

    /// The folder's row, whose sum no longer holds, and whether it was made just now.
    fn folder(&mut self, root: i64, path: &[u8]) -> rusqlite::Result<(i64, bool)> {
        let known = self.folders.get(&root).and_then(|own| own.get(path));
        if let Some(known) = known {
            return Ok(*known);
        }
        let mut add = self.connection.prepare_cached(
            "INSERT INTO folder (root_id, path, shown) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?;
        let fresh = add.execute(params![root, path, shown(path)])? > 0;
        let mut find = self
            .connection
            .prepare_cached("SELECT id FROM folder WHERE root_id = ?1 AND path = ?2")?;
        let id = find.query_row(params![root, path], |row| row.get(0))?;
        if !fresh {
            let mut forget = self.connection.prepare_cached(
                "UPDATE folder SET listing = NULL WHERE id = ?1 AND listing IS NOT NULL",
            )?;
            forget.execute([id])?;
        }
        let own = self.folders.entry(root).or_default();
        if own.len() >= HELD_FOLDERS {
            own.clear();
        }
        own.insert(path.to_vec(), (id, fresh));
        Ok((id, fresh))
    }

    fn take_id(&mut self) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}

fn insert_run(connection: &Connection, info: &RunInfo, roots: &[i64]) -> rusqlite::Result<i64> {
    connection.execute(
        "INSERT INTO run (started, state, fingerprint, settings, rules_hash)
         VALUES (?1, 'running', ?2, ?3, ?4)",
        params![
            info.started,
            info.fingerprint,
            info.settings,
            info.rules_hash
        ],
    )?;
    let run = connection.last_insert_rowid();
    for root in roots {
        let covers = "INSERT INTO run_root (run_id, root_id) VALUES (?1, ?2)";
        connection.execute(covers, [run, *root])?;
    }
    Ok(run)
}
