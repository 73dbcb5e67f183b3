//! The way from a digest to the objects that hold it: buckets of object ids by leading bits.
//!
//! The digests lie in `digest`, object by object, sorted, at eight bytes each. A second copy in the
//! other order would double that. A bucket holds only which objects to look into: some 256 of them,
//! each about two bytes; whether one holds the value is then found in its own digests.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::filling::{Filling, HELD, fill_holding, objects};
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
        digests(&self.connection, object, most).map_err(Error::sql("read", &self.path))
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
        let objects = objects(&self.connection, detector, digest, bits)?;
        let mut own = self.connection.prepare_cached(
            "SELECT d.digests FROM digest d JOIN object o ON o.id = d.object_id
                 JOIN object t ON t.id = o.top_id
             WHERE d.object_id = ?1 AND d.detector = ?2 AND t.gone_run IS NULL",
        )?;
        let mut found = Vec::new();
        for object in objects {
            let mut rows = own.query(params![object, detector])?;
            if let Some(row) = rows.next()?
                && holds(row.get_ref(0)?.as_blob()?, digest)
            {
                found.push(object);
            }
        }
        Ok(found)
    }

    fn probe_all(&self, detector: &str, digest: u64) -> rusqlite::Result<Vec<i64>> {
        let mut blobs = self.connection.prepare_cached(
            "SELECT d.object_id, d.digests FROM digest d JOIN object o ON o.id = d.object_id
                 JOIN object t ON t.id = o.top_id
             WHERE d.detector = ?1 AND t.gone_run IS NULL ORDER BY d.object_id",
        )?;
        let mut rows = blobs.query([detector])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if holds(row.get_ref(1)?.as_blob()?, digest) {
                found.push(row.get(0)?);
            }
        }
        Ok(found)
    }
}

/// The digests of an object, by detector, of the detectors that found at most `most` values.
pub(super) fn digests(
    connection: &Connection,
    object: i64,
    most: usize,
) -> rusqlite::Result<Vec<(String, Vec<u64>)>> {
    let mut own = connection.prepare_cached(
        "SELECT detector, digests FROM digest WHERE object_id = ?1 ORDER BY detector",
    )?;
    let mut rows = own.query([object])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let digests = row.get_ref(1)?.as_blob()?.as_chunks::<8>().0;
        if digests.len() <= most {
            let digests = digests.iter().map(|bytes| u64::from_be_bytes(*bytes));
            found.push((row.get(0)?, digests.collect()));
        }
    }
    Ok(found)
}

fn holds(sorted: &[u8], digest: u64) -> bool {
    let digests = sorted.as_chunks::<8>().0;
    digests.binary_search(&digest.to_be_bytes()).is_ok()
}

/// Makes the buckets of all detectors anew whose digests have changed since.
pub(super) fn build(connection: &Connection) -> rusqlite::Result<()> {
    let any = "SELECT 1 FROM kind WHERE detector NOT IN (SELECT detector FROM bucketed)";
    if !connection.prepare(any)?.exists([])? {
        return Ok(());
    }
    let mut stale = connection.prepare(
        "SELECT detector, sum(length(digests)) / 8 FROM digest
         WHERE detector NOT IN (SELECT detector FROM bucketed) GROUP BY detector",
    )?;
    let stale = stale.query_map([], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
    })?;
    let stale: Vec<(String, u64)> = stale.collect::<rusqlite::Result<_>>()?;
    connection.execute(
        "DELETE FROM bucket WHERE detector NOT IN (SELECT detector FROM bucketed)",
        [],
    )?;
    let mut entries = 0;
    let mut together = Vec::new();
    for own in stale {
        if !together.is_empty() && entries + own.1 > HELD {
            fill_detectors(connection, &std::mem::take(&mut together), HELD)?;
            entries = 0;
        }
        entries += own.1;
        together.push(own);
    }
    fill_detectors(connection, &together, HELD)?;
    connection.execute(
        "INSERT INTO bucketed SELECT DISTINCT detector, 0 FROM kind WHERE true ON CONFLICT DO NOTHING",
        [],
    )?;
    Ok(())
}

/// Makes the buckets of detectors with so many entries each. Of several, all entries fit into memory
/// together.
fn fill_detectors(
    connection: &Connection,
    detectors: &[(String, u64)],
    held: u64,
) -> rusqlite::Result<()> {
    let families = detectors.iter();
    let families = families.map(|(id, entries)| Filling::new(id, *entries, AIMED_AT));
    let blobs = "SELECT object_id, detector, digests FROM digest ORDER BY object_id, detector";
    fill_holding(
        connection,
        families.collect(),
        held,
        blobs,
        |row, own, part| {
            let detector = row.get_ref(1)?.as_str()?;
            if let Some(own) = own.iter_mut().find(|own| own.is_of(detector)) {
                own.take(row.get(0)?, row.get_ref(2)?.as_blob()?, part);
            }
            Ok(())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Inventory;

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
            let blob: Vec<u8> = own.iter().flat_map(|value| value.to_be_bytes()).collect();
            let id = id.cast_signed();
            all.execute(
                "INSERT INTO object (id, top_id, folder_id, name, outcome, bytes, read_run, seen_run)
                 VALUES (?1, ?1, 1, CAST(?1 AS BLOB), 'scanned', 0, 1, 1)",
                [id],
            )
            .unwrap();
            all.execute(
                "INSERT INTO digest VALUES (?1, 'email', ?2)",
                params![id, blob],
            )
            .unwrap();
        }
        let reader = Inventory::open_read_only(&path).unwrap();
        for held in [u64::MAX, 100, 1] {
            all.execute_batch("DELETE FROM bucket; DELETE FROM bucketed;")
                .unwrap();
            // As for more entries than there are, so that two values are few for the buckets.
            fill_detectors(all, &[("email".to_owned(), 16_000)], held).unwrap();
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
        assert_eq!(known(), 1);
        // An inventory of version 1.
        all.execute_batch("DROP TABLE bucket; DROP TABLE bucketed;")
            .unwrap();
        assert_eq!(reader.probe("email", value(9)).unwrap(), [9, 18, 19]);
    }
}
