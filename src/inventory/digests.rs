//! Keyed digests: how many different values there are.

use rusqlite::params;

use crate::model::{Confidence, Distinct};

use super::{Error, Reader};

/// Digests held in memory at once (128 MiB). Beyond, the count takes several passes.
const HELD: u64 = 16 * 1024 * 1024;

/// What one detector found in the inventory's present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectorTotal {
    /// Id of the detector.
    pub detector: String,
    /// Objects with at least one finding at the level.
    pub objects: u64,
    /// Hits at the level.
    pub findings: u64,
    /// Different values in these objects, over the whole inventory. Exact where the detector keeps
    /// digests; else the sum over the objects, told as an estimate.
    pub distinct: Distinct,
}

impl Reader {
    /// Totals per detector, by id, of findings at `least` or surer.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn totals(&self, least: Confidence) -> Result<Vec<DetectorTotal>, Error> {
        self.read_totals(least as i64, HELD)
            .map_err(Error::sql("read", &self.path))
    }

    fn read_totals(&self, least: i64, held: u64) -> rusqlite::Result<Vec<DetectorTotal>> {
        let mut sums = self.connection.prepare(&format!(
            "SELECT k.detector, count(DISTINCT x.object_id), sum(x.count), sum(x.distincts)
             FROM finding x JOIN kind k ON k.id = x.kind_id JOIN object o ON o.id = x.object_id
                 JOIN object t ON t.id = o.top_id
             WHERE {} AND x.confidence >= ?1
             GROUP BY k.detector ORDER BY k.detector",
            self.present()
        ))?;
        let rows = sums.query_map([least], |row| {
            let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
            let detector: String = row.get(0)?;
            let exact = self.distinct(&detector, least, held)?;
            Ok(DetectorTotal {
                detector,
                objects: number(1)?,
                findings: number(2)?,
                distinct: Distinct {
                    count: exact.map_or_else(|| number(3), Ok)?,
                    estimated: exact.is_none(),
                },
            })
        })?;
        rows.collect()
    }

    /// Different values of a detector, or `None` where it keeps no digests. Digests are spread
    /// evenly, so each pass takes an equal part of their range.
    fn distinct(&self, detector: &str, least: i64, held: u64) -> rusqlite::Result<Option<u64>> {
        let chosen = format!(
            "FROM digest d JOIN object o ON o.id = d.object_id
                 JOIN object t ON t.id = o.top_id
             WHERE d.detector = ?1 AND {} AND EXISTS (
                 SELECT 1 FROM finding x JOIN kind k ON k.id = x.kind_id
                 WHERE x.object_id = d.object_id AND k.detector = ?1 AND x.confidence >= ?2)",
            self.present()
        );
        let total: Option<i64> = self.connection.query_row(
            &format!("SELECT sum(length(d.digests)) / 8 {chosen}"),
            params![detector, least],
            |row| row.get(0),
        )?;
        let Some(total) = total.map(i64::cast_unsigned) else {
            return Ok(None);
        };
        let passes = u128::from(total.div_ceil(held.max(1)).max(1));
        let mut blobs = self
            .connection
            .prepare(&format!("SELECT d.digests {chosen}"))?;
        let mut count = 0;
        for pass in 0..passes {
            let border = |part: u128| (part << 64) / passes;
            let (from, to) = (border(pass), border(pass + 1));
            let mut values: Vec<u64> = Vec::new();
            let mut rows = blobs.query(params![detector, least])?;
            while let Some(row) = rows.next()? {
                let digests = row.get_ref(0)?.as_blob()?.as_chunks::<8>().0;
                let after = |bytes: &[u8; 8]| u128::from(u64::from_be_bytes(*bytes)) >= from;
                let first = digests.partition_point(|bytes| !after(bytes));
                let part = digests
                    .iter()
                    .skip(first)
                    .map(|bytes| u64::from_be_bytes(*bytes));
                values.extend(part.take_while(|value| u128::from(*value) < to));
            }
            values.sort_unstable();
            values.dedup();
            count += values.len() as u64;
        }
        Ok(Some(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Inventory;

    #[test]
    fn several_passes_count_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let writer = Inventory::create_or_open(&path, 1)
            .unwrap()
            .writer()
            .unwrap();
        let all = &writer.connection;
        all.execute_batch(
            "PRAGMA foreign_keys = OFF; INSERT INTO kind VALUES (1, 'email', 'email', 'contact');",
        )
        .unwrap();
        // Spread over the whole range, the ends included; each value lies in two objects.
        let values: Vec<u64> = (0..100).map(|n| n * (u64::MAX / 99)).collect();
        let blob: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect();
        for id in 1..=2 {
            all.execute(
                "INSERT INTO object (id, top_id, folder_id, name, outcome, bytes, read_run, seen_run)
                 VALUES (?1, ?1, 1, CAST(?1 AS BLOB), 'scanned', 0, 1, 1)",
                [id],
            )
            .unwrap();
            all.execute("INSERT INTO finding VALUES (?1, 1, 2, 1, 1, 0, '')", [id])
                .unwrap();
            all.execute(
                "INSERT INTO digest VALUES (?1, 'email', ?2)",
                params![id, blob],
            )
            .unwrap();
        }
        let reader = Inventory::open_read_only(&path).unwrap();
        for held in [1000, 64, 7, 1] {
            let totals = reader.read_totals(0, held).unwrap();
            assert_eq!(totals[0].distinct.count, 100, "{held} at once");
            assert!(!totals[0].distinct.estimated);
        }
    }
}
