//! What the detectors found in all, and how many different values that are.

use serde::{Deserialize, Serialize};

use crate::model::{Confidence, Distinct};

use super::{Error, Reader};

/// Digests held in memory at once (24 MiB). More lie in a temporary file while they are counted.
pub(super) const HELD: usize = 1 << 20;

/// What one detector found in the inventory's present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

    fn read_totals(&self, least: i64, held: usize) -> rusqlite::Result<Vec<DetectorTotal>> {
        Ok(self.read_sums(least, held)?.detectors)
    }
}

#[cfg(test)]
mod tests {
    use crate::inventory::Inventory;
    use crate::inventory::digest_row::put_digests;

    #[test]
    fn however_many_are_held_they_count_the_same() {
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
        for id in 1..=2 {
            all.execute(
                "INSERT INTO object (id, top_id, folder_id, name, outcome, bytes, read_run, seen_run)
                 VALUES (?1, ?1, 1, CAST(?1 AS BLOB), 'scanned', 0, 1, 1)",
                [id],
            )
            .unwrap();
            all.execute("INSERT INTO finding VALUES (?1, 1, 2, 1, 1, 0, '')", [id])
                .unwrap();
            put_digests(all, id, &[("age", &[7]), ("email", &values)]);
        }
        let reader = Inventory::open_read_only(&path).unwrap();
        for held in [1000, 64, 7, 1] {
            let totals = reader.read_totals(0, held).unwrap();
            assert_eq!(totals[0].distinct.count, 100, "{held} at once");
            assert!(!totals[0].distinct.estimated);
        }
    }
}
