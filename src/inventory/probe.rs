//! Many values looked for at once: one pass over the digests of a detector, however many there are.

use std::collections::HashMap;

use super::{Error, Reader};

impl Reader {
    /// Present objects that hold any of these digests of `detector`: for each object the digests of
    /// `wanted` that it holds, and how many different ones it holds in all.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn holding(
        &self,
        detector: &str,
        wanted: &[u64],
    ) -> Result<HashMap<i64, (Vec<u64>, usize)>, Error> {
        let read = || {
            let mut blobs = self.connection.prepare_cached(&format!(
                "SELECT d.object_id, d.digests FROM digest d JOIN object o ON o.id = d.object_id
                     JOIN object t ON t.id = o.top_id WHERE d.detector = ?1 AND {}",
                self.present()
            ))?;
            let mut rows = blobs.query([detector])?;
            let mut found = HashMap::new();
            while let Some(row) = rows.next()? {
                let digests = row.get_ref(1)?.as_blob()?.as_chunks::<8>().0;
                let held = |digest: &&u64| digests.binary_search(&digest.to_be_bytes()).is_ok();
                let held: Vec<u64> = wanted.iter().filter(held).copied().collect();
                if !held.is_empty() {
                    found.insert(row.get(0)?, (held, digests.len()));
                }
            }
            Ok(found)
        };
        read().map_err(Error::sql("read", &self.path))
    }
}
