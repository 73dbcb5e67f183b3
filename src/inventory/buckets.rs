//! The way from a digest to the objects that hold it: buckets of object ids by leading bits.
//!
//! The digests lie in `digest`, object by object, at eight bytes each. A second copy in the other
//! order would double that. A bucket holds only which objects to look into: some 256 of them,
//! each about two bytes; whether one holds the value is then found in its own digests.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::detectors::{self, DetectorIds};
use super::digest_parts::{self, Tables};
use super::digest_row::Digests;
use super::filling::{Filling, objects};
use super::{Error, Reader};

/// Entries of a bucket that are aimed at: few enough to look into each object, and enough for the
/// distances between ids to be short.
const AIMED_AT: u64 = 256;

impl Reader {
    /// Numbers of the present objects in which `detector` found the value with this digest, in
    /// ascending order.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn objects_with(&self, detector: &str, digest: u64) -> Result<Vec<i64>, Error> {
        self.probe(detector, digest)
            .map_err(Error::sql("read", &self.path))
    }

    /// The digests of an object, by detector, of the detectors that found at most `most` values.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn digests_of(&self, object: i64, most: usize) -> Result<Vec<(String, Vec<u64>)>, Error> {
        let found = digests(&self.connection, object, most);
        let (digests, _) = found.map_err(Error::sql("read", &self.path))?;
        Ok(digests)
    }

    /// Shows the digests of an object to `show` until it breaks off: the id of the detector, and some of its digests
    /// at a time.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn for_each_digests(
        &self,
        object: i64,
        show: &mut dyn FnMut(&str, &mut dyn Iterator<Item = u64>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut read = || {
            let ids = DetectorIds::read(&self.connection)?;
            digest_parts::of_object(&self.connection, object, |number, digests| {
                Ok(show(ids.of(number)?, &mut digests.iter()))
            })
        };
        read().map_err(Error::sql("read", &self.path))
    }

    /// The masked sample of what a detector found in an object, where it is only one.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn only_sample(&self, object: i64, detector: &str) -> Result<Option<String>, Error> {
        let mut samples = self
            .connection
            .prepare_cached(
                "SELECT min(s.masked) FROM sample s JOIN kind k ON k.id = s.kind_id
                 WHERE s.object_id = ?1 AND k.detector = ?2 HAVING count(DISTINCT s.masked) = 1",
            )
            .map_err(Error::sql("read", &self.path))?;
        samples
            .query_row(params![object, detector], |row| row.get(0))
            .optional()
            .map_err(Error::sql("read", &self.path))
    }

    /// Looks into the objects of the digest's bucket, or into all where the buckets are out of date.
    fn probe(&self, detector: &str, digest: u64) -> rusqlite::Result<Vec<i64>> {
        // An inventory of version 1 has none until the next scan.
        let tables = "SELECT 1 FROM sqlite_master WHERE name = 'bucketed'";
        if !self.connection.prepare_cached(tables)?.exists([])? {
            return self.probe_all(detector, digest);
        }
        let bits = "SELECT bits FROM bucketed WHERE detector = ?1";
        let mut bits = self.connection.prepare_cached(bits)?;
        let bits: Option<u32> = bits.query_row([detector], |row| row.get(0)).optional()?;
        let Some(bits) = bits else {
            return self.probe_all(detector, digest);
        };
        let Some(number) = detectors::number(&self.connection, detector)? else {
            return Ok(Vec::new());
        };
        let objects = objects(&self.connection, detector, digest, bits)?;
        let mut found = Vec::new();
        for object in objects {
            let holds = digest_parts::holds(&self.connection, (object, number), digest)?;
            if holds && self.is_present(object)? {
                found.push(object);
            }
        }
        Ok(found)
    }

    fn probe_all(&self, detector: &str, digest: u64) -> rusqlite::Result<Vec<i64>> {
        let found = self.pass_over(detector, |own, found| {
            if own.holds(digest) {
                found.push(digest);
            }
        })?;
        Ok(found.into_iter().map(|(object, _)| object).collect())
    }

    /// Present objects with the digests of a detector that `choose` takes from some of theirs, in ascending
    /// order.
    pub(super) fn pass_over(
        &self,
        detector: &str,
        choose: impl Fn(Digests<'_>, &mut Vec<u64>),
    ) -> rusqlite::Result<Vec<(i64, Vec<u64>)>> {
        let Some(number) = detectors::number(&self.connection, detector)? else {
            return Ok(Vec::new());
        };
        let mut found: Vec<(i64, Vec<u64>)> = Vec::new();
        let mut chosen = Vec::new();
        Tables::of(&self.connection)?.for_each(|object, of, own| {
            if of == number {
                choose(own, &mut chosen);
            }
            if !chosen.is_empty() {
                match found.last_mut() {
                    Some((last, known)) if *last == object => known.append(&mut chosen),
                    _ => found.push((object, std::mem::take(&mut chosen))),
                }
            }
            Ok(())
        })?;
        let mut present = Vec::with_capacity(found.len());
        for one in found {
            if self.is_present(one.0)? {
                present.push(one);
            }
        }
        Ok(present)
    }

    fn is_present(&self, object: i64) -> rusqlite::Result<bool> {
        let mut file = self.connection.prepare_cached(
            "SELECT 1 FROM object o JOIN object t ON t.id = o.top_id
             WHERE o.id = ?1 AND t.gone_run IS NULL",
        )?;
        file.exists([object])
    }
}

/// Digests by the ids of their detectors.
type ByDetector = Vec<(String, Vec<u64>)>;

/// The digests of an object, by detector, of the detectors that found at most `most` values; whether these are
/// all.
pub(super) fn digests(
    connection: &Connection,
    object: i64,
    most: usize,
) -> rusqlite::Result<(ByDetector, bool)> {
    let mut fit = HashMap::new();
    digest_parts::counts(connection, Some(object), |number, held| {
        fit.insert(number, held <= most as u64);
    })?;
    if fit.is_empty() {
        return Ok((Vec::new(), true));
    }
    let ids = DetectorIds::read(connection)?;
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    digest_parts::of_object(connection, object, |number, digests| {
        if fit.get(&number).is_some_and(|fits| *fits) {
            let own = found.entry(ids.of(number)?.to_owned()).or_default();
            own.extend(digests.iter());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let all = fit.values().all(|fits| *fits);
    Ok((found.into_iter().collect(), all))
}

/// Makes the buckets of all detectors anew whose digests have changed since.
pub(super) fn build(connection: &Connection) -> rusqlite::Result<()> {
    let any = "SELECT 1 FROM kind WHERE detector NOT IN (SELECT detector FROM bucketed)";
    if !connection.prepare(any)?.exists([])? {
        return Ok(());
    }
    let stale = stale(connection)?;
    connection.execute(
        "DELETE FROM bucket WHERE detector NOT IN (SELECT detector FROM bucketed)",
        [],
    )?;
    let entries = stale.iter().map(|(id, entries)| (id.as_str(), *entries));
    fill(connection, &stale, Filling::new(entries, AIMED_AT))?;
    connection.execute(
        "INSERT INTO bucketed SELECT DISTINCT detector, 0 FROM kind WHERE true ON CONFLICT DO NOTHING",
        [],
    )?;
    Ok(())
}

/// The detectors whose digests have changed since their buckets were made, and how many they have.
fn stale(connection: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let mut held: HashMap<u32, u64> = HashMap::new();
    digest_parts::counts(connection, None, |number, own| {
        *held.entry(number).or_default() += own;
    })?;
    let mut bucketed = connection.prepare("SELECT detector FROM bucketed")?;
    let bucketed = bucketed.query_map([], |row| row.get(0))?;
    let bucketed: HashSet<String> = bucketed.collect::<rusqlite::Result<_>>()?;
    let ids = DetectorIds::read(connection)?;
    let held = held.into_iter();
    let held = held.map(|(number, own)| Ok((ids.of(number)?.to_owned(), own)));
    let held: BTreeMap<String, u64> = held.collect::<rusqlite::Result<_>>()?;
    Ok(held
        .into_iter()
        .filter(|(id, _)| !bucketed.contains(id))
        .collect())
}

/// Fills and writes the buckets of detectors, which are the families of `filling` in this order.
fn fill(
    connection: &Connection,
    detectors: &BTreeMap<String, u64>,
    mut filling: Filling<'_>,
) -> rusqlite::Result<()> {
    let numbers = detectors.keys();
    let numbers = numbers.map(|id| detectors::number(connection, id));
    let numbers: Vec<Option<u32>> = numbers.collect::<rusqlite::Result<_>>()?;
    Tables::of(connection)?.for_each(|object, number, digests| {
        let Some(its) = numbers.iter().position(|known| *known == Some(number)) else {
            return Ok(());
        };
        let mut own = digests.iter();
        own.try_for_each(|digest| filling.take(its, object, digest))
    })?;
    filling.write(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Inventory;
    use crate::inventory::digest_row::put_digests;

    /// Two values are looked up; for eighty, all objects are passed over.
    fn assert_several(reader: &Reader, value: impl Fn(u64) -> u64) {
        for several in [&[1, 5][..], &(0..80).collect::<Vec<u64>>()] {
            let wanted: Vec<u64> = several.iter().copied().map(&value).collect();
            let found = reader.with_any("email", &wanted).unwrap();
            for (at, digest) in several.iter().zip(&wanted) {
                let known = reader.probe_all("email", *digest).unwrap();
                let holding = found.iter().filter(|(_, held)| held.contains(digest));
                let holding: Vec<i64> = holding.map(|(object, _)| *object).collect();
                assert_eq!(holding, known, "{at}");
            }
        }
    }

    #[test]
    fn buckets_find_what_a_look_into_every_object_finds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let writer = Inventory::create_or_open(&path, 1)
            .unwrap()
            .writer()
            .unwrap();
        let all = &writer.connection;
        all.execute_batch("PRAGMA foreign_keys = OFF;").unwrap();
        let value = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for id in 1..=400_u64 {
            let mut own = [value(id), value(id / 2), value(id % 7), 0, u64::MAX];
            own.sort_unstable();
            let id = id.cast_signed();
            all.execute(
                "INSERT INTO object (id, top_id, folder_id, name, outcome, bytes, read_run, seen_run)
                 VALUES (?1, ?1, 1, CAST(?1 AS BLOB), 'scanned', 0, 1, 1)",
                [id],
            )
            .unwrap();
            put_digests(all, id, &[("age", &[3]), ("email", &own)]);
        }
        let reader = Inventory::open_read_only(&path).unwrap();
        for held in [usize::MAX, 100, 1] {
            all.execute_batch("DELETE FROM bucket; DELETE FROM bucketed;")
                .unwrap();
            // As for more entries than there are, so that two values are few for the buckets.
            let filling = Filling::holding(held, [("email", 16_000)].into_iter(), AIMED_AT);
            fill(all, &BTreeMap::from([("email".to_owned(), 0)]), filling).unwrap();
            for digest in (0..210).map(value).chain([0, 5, u64::MAX]) {
                let known = reader.probe_all("email", digest).unwrap();
                assert_eq!(reader.probe("email", digest).unwrap(), known, "{digest}");
            }
            assert!(reader.probe("phone", 5).unwrap().is_empty());
            assert_several(&reader, value);
        }
        // The writer takes the detector out before a change, and the end of the run puts it back.
        all.execute_batch(
            "DELETE FROM bucketed; DELETE FROM digest WHERE object_id = 7;
             INSERT INTO kind VALUES (1, 'email', 'email', 'contact');",
        )
        .unwrap();
        assert!(!reader.probe("email", value(7)).unwrap().contains(&7));
        let known = "SELECT count(*) FROM bucketed";
        let known = || {
            all.query_row(known, [], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        assert_eq!(known(), 0);
        build(all).unwrap();
        assert_eq!(known(), 2);
        // An inventory of version 1.
        all.execute_batch("DROP TABLE bucket; DROP TABLE bucketed;")
            .unwrap();
        assert_eq!(reader.probe("email", value(9)).unwrap(), [9, 18, 19]);
    }
}
