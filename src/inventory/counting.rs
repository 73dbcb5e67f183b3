//! Counts objects, findings and different values of the inventory's present in one pass.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::detectors::DetectorIds;
use super::digest_parts::{self, AllDigests, Tables, unreadable};
use super::digest_row::Digests;
use super::digests::DetectorTotal;
use super::stream::Stream;
use super::sums::{FolderSum, Sums};
use crate::model::Distinct;
use crate::sorted::Lists;

/// Counts at the level `least`, with `held` digests in memory at most.
pub(super) fn count(
    connection: &Connection,
    present: &str,
    (least, held): (i64, usize),
) -> rusqlite::Result<Sums> {
    let mut pass = Pass {
        connection,
        least,
        kinds: &kinds(connection)?,
        ids: &DetectorIds::read(connection)?,
        all: BTreeMap::new(),
        values: Lists::holding(held),
        folders: HashMap::new(),
        below: 0,
    };
    pass.go(present)?;
    let Pass {
        mut all,
        values,
        folders,
        below,
        ..
    } = pass;
    let (values, failed) = values.finish();
    if let Some(error) = failed {
        return Err(unreadable(error));
    }
    for (detector, values) in values {
        if let Some(own) = all.get_mut(&detector) {
            own.digests = Seen::Together(values.count().map_err(unreadable)?);
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
    digests: Seen,
    /// Whether the object at hand has hits at the level.
    here: bool,
}

/// The digests of one detector.
#[derive(Clone, Copy, Default)]
enum Seen {
    #[default]
    Nothing,
    /// Those of one object, and how many: they are different as they are.
    Alone(i64, u64),
    /// Those of several objects; at the end how many different ones there are.
    Together(u64),
}

fn total_of((detector, own): (String, Gathered)) -> Option<DetectorTotal> {
    let (count, estimated) = match own.digests {
        Seen::Nothing => (own.distincts, true),
        Seen::Alone(_, different) | Seen::Together(different) => (different, false),
    };
    let distinct = Distinct { count, estimated };
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
struct Pass<'a> {
    connection: &'a Connection,
    least: i64,
    kinds: &'a HashMap<i64, String>,
    ids: &'a DetectorIds,
    all: BTreeMap<String, Gathered>,
    /// The digests by detector.
    values: Lists<String>,
    folders: HashMap<i64, u64>,
    below: u64,
}

impl Pass<'_> {
    fn go(&mut self, present: &str) -> rusqlite::Result<()> {
        let connection = self.connection;
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
        let mut digests = Tables::of(connection)?;
        let mut digests = digests.in_order()?;
        while let Some(row) = objects.next()? {
            let (object, folder) = (row.get(0)?, row.get(1)?);
            if self.findings_of(object, &mut findings)? {
                *self.folders.entry(folder).or_default() += 1;
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
                self.below += count;
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
            own.objects += u64::from(!own.here);
            own.findings += count;
            own.distincts += distincts;
            own.here = true;
            any = true;
        }
        Ok(any)
    }

    /// Takes the digests of an object, of the detectors with findings at the level.
    fn digests_of(&mut self, object: i64, digests: &mut AllDigests<'_>) -> rusqlite::Result<()> {
        let Self {
            connection,
            ids,
            all,
            values,
            ..
        } = self;
        digests.of(object, |number, digests| {
            let detector = ids.of(number)?;
            let Some(own) = all.get_mut(detector).filter(|own| own.here) else {
                return Ok(());
            };
            let held = digests.len() as u64;
            let first = match own.digests {
                Seen::Nothing => {
                    own.digests = Seen::Alone(object, held);
                    return Ok(());
                }
                Seen::Alone(first, before) if first == object => {
                    own.digests = Seen::Alone(object, before + held);
                    return Ok(());
                }
                Seen::Alone(first, _) => Some(first),
                Seen::Together(_) => None,
            };
            own.digests = Seen::Together(0);
            let place = values.place(|known| known == detector, || detector.to_owned());
            let mut put = |digests: Digests<'_>| {
                digests.iter().for_each(|digest| values.push(place, digest));
            };
            if let Some(first) = first {
                digest_parts::of_detector(connection, (first, number), &mut put)?;
            }
            put(digests);
            Ok(())
        })?;
        for own in self.all.values_mut() {
            own.here = false;
        }
        Ok(())
    }
}
