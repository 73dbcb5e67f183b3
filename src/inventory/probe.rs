//! Many values looked for at once.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;

use super::{Error, Reader};

/// How many times as long it takes to look an object's digests up as to meet them on a pass over all (a
/// starting value).
const LOOK_UP: u64 = 4;

impl Reader {
    /// Present objects that hold any of these digests of `detector`: for each object the digests of
    /// `wanted` that it holds. A few are looked up in the buckets; for many, one pass goes over the
    /// digests of all objects.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn with_any(
        &self,
        detector: &str,
        wanted: &[u64],
    ) -> Result<BTreeMap<i64, Vec<u64>>, Error> {
        if !self.are_few(detector, wanted.len())? {
            return self
                .passed(detector, wanted)
                .map_err(Error::sql("read", &self.path));
        }
        let mut found: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
        for digest in wanted {
            for object in self.objects_with(detector, *digest)? {
                found.entry(object).or_default().push(*digest);
            }
        }
        Ok(found)
    }

    /// Whether that many values are found sooner in their buckets. Where there are no buckets, each value
    /// would cost a pass of its own.
    fn are_few(&self, detector: &str, wanted: usize) -> Result<bool, Error> {
        let buckets = || {
            let tables = "SELECT 1 FROM sqlite_master WHERE name = 'bucketed'";
            if !self.connection.prepare_cached(tables)?.exists([])? {
                return Ok(None);
            }
            let bits = "SELECT bits FROM bucketed WHERE detector = ?1";
            let mut bits = self.connection.prepare_cached(bits)?;
            bits.query_row([detector], |row| row.get::<_, u32>(0))
                .optional()
        };
        let bits = buckets().map_err(Error::sql("read", &self.path))?;
        let buckets = bits.map_or(0, |bits| 1_u64.checked_shl(bits).unwrap_or(u64::MAX));
        Ok(wanted == 1 || (wanted as u64).saturating_mul(LOOK_UP) <= buckets)
    }

    fn passed(&self, detector: &str, wanted: &[u64]) -> rusqlite::Result<BTreeMap<i64, Vec<u64>>> {
        let found = self.pass_over(detector, |own, found| {
            found.extend(wanted.iter().copied().filter(|digest| own.holds(*digest)));
        })?;
        Ok(found.into_iter().collect())
    }
}
