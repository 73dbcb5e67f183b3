//! Counts objects, findings and different values of the inventory's present, in as many passes as the memory
//! asks for.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Rows, Statement};

use super::detectors::DetectorIds;
use super::digest_row::DigestRow;
use super::digests::DetectorTotal;
use super::sums::{FolderSum, Sums};
use crate::model::Distinct;

/// Counts at the level `least`. Digests are spread evenly, so where there are more than `held`, each
/// pass takes an equal part of their range.
pub(super) fn count(
    connection: &Connection,
    present: &str,
    (least, held): (i64, u64),
) -> rusqlite::Result<Sums> {
    let total = "SELECT coalesce(sum(length(digests)), 0) / 8 FROM digest";
    let total: i64 = connection.query_row(total, [], |row| row.get(0))?;
    let passes = u128::from(total.cast_unsigned().div_ceil(held.max(1)).max(1));
    let (kinds, ids) = (kinds(connection)?, DetectorIds::read(connection)?);
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
            ids: &ids,
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
    ids: &'a DetectorIds,
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
        let digests = "SELECT object_id, detectors, digests FROM digest ORDER BY object_id";
        let mut digests = connection.prepare(digests)?;
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
        if let Some(row) = digests.of(object)? {
            for (number, digests) in DigestRow::read(row, 1)?.parts() {
                let own = self.all.get_mut(self.ids.of(number)?);
                if let Some(own) = own.filter(|own| own.here) {
                    own.has_digests = true;
                    own.values.extend(digests.between(self.range));
                }
            }
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
