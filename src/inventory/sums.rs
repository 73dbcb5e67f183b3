//! Sums over the inventory's present, made in one pass in the order of the objects: how they ended,
//! what was found in them, and in which folders.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension as _, Rows, Statement, params};
use serde::{Deserialize, Serialize};

use crate::model::{Confidence, Distinct};

use super::digests::{DetectorTotal, HELD};
use super::{Error, Reader};

/// What was found in the inventory's present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// By detector, at the level that was asked for.
    pub detectors: Vec<DetectorTotal>,
    /// Hits below that level.
    pub below: u64,
    /// Objects with hits at the level, by the folder of their file.
    pub folders: Vec<FolderSum>,
}

/// Objects with hits in one folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderSum {
    /// Label of its root.
    pub root: String,
    /// Its path below the root, bytes as they are; empty for the root.
    pub folder: Vec<u8>,
    /// How many; members count beside their file.
    pub objects: u64,
}

/// Objects that were read as one format and ended alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSum {
    /// `scanned`, `unchanged`, `partial`, `skipped` or `failed`.
    pub outcome: String,
    /// The format, where one was found out.
    pub format: Option<String>,
    /// How many.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The bytes of those among them that are files.
    pub file_bytes: u64,
}

/// What is gathered of one detector.
#[derive(Default)]
struct Gathered {
    objects: u64,
    findings: u64,
    distincts: u64,
    has_digests: bool,
    different: u64,
    values: Vec<u64>,
    /// Whether the object at hand has hits at the level.
    here: bool,
}

impl Reader {
    /// What was found in the present objects, at `least` or surer: what the run that is looked at
    /// left, or else counted anew.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn sums(&self, least: Confidence) -> Result<Sums, Error> {
        let read = || {
            let kept = match self.run.filter(|_| self.by_folder()) {
                Some(run) => kept(&self.connection, run, least)?,
                None => None,
            };
            kept.map_or_else(|| self.read_sums(least as i64, HELD), Ok)
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// The present objects by how they ended.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn ends(&self) -> Result<Vec<EndSum>, Error> {
        self.read_ends().map_err(Error::sql("read", &self.path))
    }

    fn read_ends(&self) -> rusqlite::Result<Vec<EndSum>> {
        let mut ends: BTreeMap<(String, Option<String>), EndSum> = BTreeMap::new();
        let present = self.present();
        let files = format!(
            "SELECT t.outcome, t.format, t.bytes, t.read_run < {}, t.bytes FROM object t
                 JOIN folder f ON f.id = t.folder_id WHERE {present}",
            self.seen
        );
        let members = format!(
            "SELECT o.outcome, o.format, o.bytes, t.read_run < {}, 0 FROM object o
                 JOIN object t ON t.id = o.top_id JOIN folder f ON f.id = t.folder_id
             WHERE o.parent_id IS NOT NULL AND {present}",
            self.seen
        );
        // Most rows end as the row before: a look into the map for each would cost more than the row.
        let mut last = EndSum::none();
        for select in [files, members] {
            let mut rows = self.connection.prepare(&select)?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let stored = row.get_ref(0)?.as_str()?;
                let carried = stored == "scanned" && row.get::<_, bool>(3)?;
                let outcome = if carried { "unchanged" } else { stored };
                let format = row.get_ref(1)?.as_str_or_null()?;
                if last.outcome != outcome || last.format.as_deref() != format {
                    last.add_to(&mut ends);
                    outcome.clone_into(&mut last.outcome);
                    last.format = format.map(str::to_owned);
                }
                last.objects += 1;
                last.bytes += row.get::<_, i64>(2)?.cast_unsigned();
                last.file_bytes += row.get::<_, i64>(4)?.cast_unsigned();
            }
        }
        last.add_to(&mut ends);
        Ok(ends.into_values().collect())
    }

    pub(super) fn read_sums(&self, least: i64, held: u64) -> rusqlite::Result<Sums> {
        count(&self.connection, &self.present(), (least, held))
    }
}

/// Counts at the level `least`. Digests are spread evenly, so where there are more than `held`, each
/// pass takes an equal part of their range.
fn count(
    connection: &Connection,
    present: &str,
    (least, held): (i64, u64),
) -> rusqlite::Result<Sums> {
    let total = "SELECT coalesce(sum(length(digests)), 0) / 8 FROM digest";
    let total: i64 = connection.query_row(total, [], |row| row.get(0))?;
    let passes = u128::from(total.cast_unsigned().div_ceil(held.max(1)).max(1));
    let kinds = kinds(connection)?;
    let mut all: BTreeMap<String, Gathered> = BTreeMap::new();
    let mut folders: HashMap<i64, u64> = HashMap::new();
    let mut below = 0;
    for pass in 0..passes {
        let border = |part: u128| (part << 64) / passes;
        let mut round = Round {
            least,
            range: (border(pass), border(pass + 1)),
            first: pass == 0,
            kinds: &kinds,
            all: &mut all,
            folders: &mut folders,
            below: &mut below,
        };
        round.go(connection, present)?;
        for own in all.values_mut() {
            own.values.sort_unstable();
            own.values.dedup();
            own.different += own.values.len() as u64;
            own.values.clear();
        }
    }
    Ok(Sums {
        detectors: all.into_iter().filter_map(total_of).collect(),
        below,
        folders: folder_sums(connection, &folders)?,
    })
}

/// Keeps the sums of a run that has met all of its roots, where those of an earlier run no longer hold,
/// and tells them. `changed` says whether anything was written but marks.
pub(super) fn keep(
    connection: &Connection,
    run: i64,
    least: Confidence,
    changed: bool,
) -> rusqlite::Result<Option<Sums>> {
    if changed {
        outdate(connection)?;
    }
    let Some(scope) = scope(connection, run)? else {
        return Ok(None);
    };
    let kept = kept(connection, run, least)?;
    if kept.is_some() {
        return Ok(kept);
    }
    let sums = count(connection, &present_in(run), (least as i64, HELD))?;
    let body = postcard::to_stdvec(&sums)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    connection.execute(
        "INSERT OR REPLACE INTO kept SELECT ?1, ?2, value, ?3 FROM about WHERE name = 'content'",
        params![scope, least as i64, body],
    )?;
    Ok(Some(sums))
}

/// Takes note that the present is not what it was: kept sums no longer hold.
pub(super) fn outdate(connection: &Connection) -> rusqlite::Result<()> {
    let next =
        "INSERT INTO about VALUES ('content', 1) ON CONFLICT DO UPDATE SET value = value + 1";
    connection.execute(next, []).map(drop)
}

/// The condition for files `t` that a run has met.
pub(super) fn present_in(run: i64) -> String {
    format!(
        "t.gone_run IS NULL AND (t.seen_run = {run} OR t.folder_id IN
             (SELECT id FROM folder WHERE seen_run = {run}))"
    )
}

fn kept(connection: &Connection, run: i64, least: Confidence) -> rusqlite::Result<Option<Sums>> {
    let Some(scope) = scope(connection, run)? else {
        return Ok(None);
    };
    let find = "SELECT body FROM kept WHERE scope = ?1 AND level = ?2
        AND content = (SELECT value FROM about WHERE name = 'content')";
    let body: Option<Vec<u8>> = connection
        .query_row(find, params![scope, least as i64], |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|body| postcard::from_bytes(&body).ok()))
}

/// The roots of a run, where it has met all of them to their end.
fn scope(connection: &Connection, run: i64) -> rusqlite::Result<Option<String>> {
    let roots = "SELECT group_concat(root_id, ' ' ORDER BY root_id), min(complete) FROM run_root
        WHERE run_id = ?1";
    connection.query_row(roots, [run], |row| {
        let complete = row.get::<_, Option<bool>>(1)?.unwrap_or_default();
        Ok(row.get::<_, Option<String>>(0)?.filter(|_| complete))
    })
}

impl EndSum {
    fn none() -> Self {
        Self {
            outcome: String::new(),
            format: None,
            objects: 0,
            bytes: 0,
            file_bytes: 0,
        }
    }

    /// Adds what was counted, and begins anew.
    fn add_to(&mut self, ends: &mut BTreeMap<(String, Option<String>), Self>) {
        let counted = std::mem::replace(self, Self::none());
        if counted.objects == 0 {
            return;
        }
        let key = (counted.outcome.clone(), counted.format.clone());
        match ends.get_mut(&key) {
            Some(own) => {
                own.objects += counted.objects;
                own.bytes += counted.bytes;
                own.file_bytes += counted.file_bytes;
            }
            None => {
                ends.insert(key, counted);
            }
        }
    }
}

fn total_of((detector, own): (String, Gathered)) -> Option<DetectorTotal> {
    let distinct = Distinct {
        count: if own.has_digests {
            own.different
        } else {
            own.distincts
        },
        estimated: !own.has_digests,
    };
    (own.objects > 0).then_some(DetectorTotal {
        detector,
        objects: own.objects,
        findings: own.findings,
        distinct,
    })
}

/// The detector of each kind, by the kind's number.
fn kinds(connection: &Connection) -> rusqlite::Result<HashMap<i64, String>> {
    let mut kinds = connection.prepare("SELECT id, detector FROM kind")?;
    let rows = kinds.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn folder_sums(
    connection: &Connection,
    counts: &HashMap<i64, u64>,
) -> rusqlite::Result<Vec<FolderSum>> {
    let mut folders = connection.prepare(
        "SELECT f.id, r.label, f.path FROM root r CROSS JOIN folder f ON f.root_id = r.id
         ORDER BY r.label, r.path, f.path",
    )?;
    let mut rows = folders.query([])?;
    let mut sums = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(objects) = counts.get(&row.get(0)?) {
            sums.push(FolderSum {
                root: row.get(1)?,
                folder: row.get(2)?,
                objects: *objects,
            });
        }
    }
    Ok(sums)
}

/// One pass over objects, findings and digests, all in the order of the objects' numbers.
struct Round<'a> {
    least: i64,
    /// The digests that are counted in this pass.
    range: (u128, u128),
    /// Whether everything else is counted too.
    first: bool,
    kinds: &'a HashMap<i64, String>,
    all: &'a mut BTreeMap<String, Gathered>,
    folders: &'a mut HashMap<i64, u64>,
    below: &'a mut u64,
}

impl Round<'_> {
    fn go(&mut self, connection: &Connection, present: &str) -> rusqlite::Result<()> {
        let mut objects = connection.prepare(&format!(
            "SELECT o.id, t.folder_id FROM object o JOIN object t ON t.id = o.top_id
             WHERE {present} ORDER BY o.id"
        ))?;
        let mut objects = objects.query([])?;
        let mut findings = connection.prepare(
            "SELECT object_id, kind_id, confidence, count, distincts FROM finding
             ORDER BY object_id, kind_id, confidence",
        )?;
        let mut findings = Stream::new(&mut findings)?;
        let mut digests = connection.prepare(
            "SELECT object_id, detector, digests FROM digest ORDER BY object_id, detector",
        )?;
        let mut digests = Stream::new(&mut digests)?;
        while let Some(row) = objects.next()? {
            let (object, folder) = (row.get(0)?, row.get(1)?);
            if self.findings_of(object, &mut findings)? {
                if self.first {
                    *self.folders.entry(folder).or_default() += 1;
                }
                self.digests_of(object, &mut digests)?;
            }
        }
        Ok(())
    }

    /// Takes the findings of an object; whether any is at the level.
    fn findings_of(&mut self, object: i64, findings: &mut Stream<'_>) -> rusqlite::Result<bool> {
        let mut any = false;
        while let Some(row) = findings.of(object)? {
            let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
            let (count, distincts) = (number(3)?, number(4)?);
            if row.get::<_, i64>(2)? < self.least {
                if self.first {
                    *self.below += count;
                }
                continue;
            }
            let Some(detector) = self.kinds.get(&row.get(1)?) else {
                continue;
            };
            if !self.all.contains_key(detector) {
                self.all.insert(detector.clone(), Gathered::default());
            }
            let Some(own) = self.all.get_mut(detector) else {
                continue;
            };
            if self.first {
                own.objects += u64::from(!own.here);
                own.findings += count;
                own.distincts += distincts;
            }
            own.here = true;
            any = true;
        }
        Ok(any)
    }

    /// Takes the digests of an object, of the detectors with findings at the level.
    fn digests_of(&mut self, object: i64, digests: &mut Stream<'_>) -> rusqlite::Result<()> {
        while let Some(row) = digests.of(object)? {
            let Some(own) = self.all.get_mut(row.get_ref(1)?.as_str()?) else {
                continue;
            };
            if !own.here {
                continue;
            }
            own.has_digests = true;
            let blob = row.get_ref(2)?.as_blob()?.as_chunks::<8>().0;
            let (from, to) = self.range;
            let value = |bytes: &[u8; 8]| u128::from(u64::from_be_bytes(*bytes));
            let first = blob.partition_point(|bytes| value(bytes) < from);
            let part = blob
                .iter()
                .skip(first)
                .map(|bytes| u64::from_be_bytes(*bytes));
            own.values
                .extend(part.take_while(|value| u128::from(*value) < to));
        }
        for own in self.all.values_mut() {
            own.here = false;
        }
        Ok(())
    }
}

/// Rows in the order of their first column, a number, taken as far as that goes.
struct Stream<'s> {
    rows: Rows<'s>,
    /// The number of the row at hand; `None` at the end.
    at: Option<i64>,
    /// Whether the row at hand was taken.
    taken: bool,
}

impl<'s> Stream<'s> {
    fn new(statement: &'s mut Statement<'_>) -> rusqlite::Result<Self> {
        let mut stream = Self {
            rows: statement.query([])?,
            at: Some(i64::MIN),
            taken: true,
        };
        stream.advance()?;
        Ok(stream)
    }

    fn advance(&mut self) -> rusqlite::Result<()> {
        self.at = match self.rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        };
        self.taken = false;
        Ok(())
    }

    /// The next row of `number`, where there is one more. Rows of smaller numbers are passed over.
    fn of(&mut self, number: i64) -> rusqlite::Result<Option<&rusqlite::Row<'s>>> {
        use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator as _;
        while self
            .at
            .is_some_and(|at| at < number || (at == number && self.taken))
        {
            self.advance()?;
        }
        if self.at != Some(number) {
            return Ok(None);
        }
        self.taken = true;
        Ok(self.rows.get())
    }
}
