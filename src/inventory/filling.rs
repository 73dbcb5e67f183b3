//! Buckets of object ids by the leading bits of what the objects hold: how they are filled, packed and found.
//!
//! It does not know what the entries are.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::digest_parts::unreadable;
use crate::sorted::Lists;

/// More leading bits are never taken: a row of its own costs more than it saves.
const MOST_BITS: u32 = 24;

/// The bits of an entry for the number of the object. Those before them are for the bucket.
const OBJECT_BITS: u32 = u64::BITS - MOST_BITS;

/// Entries in memory at once (24 MiB); more lie in a temporary file.
const HELD: usize = 1 << 20;

/// Entries that are written down at once.
const WRITTEN: usize = 64 << 10;

/// The objects in the bucket of a digest: those that may hold it.
pub(super) fn objects(
    connection: &Connection,
    detector: &str,
    digest: u64,
    bits: u32,
) -> rusqlite::Result<Vec<i64>> {
    let bucket = "SELECT objects FROM bucket WHERE detector = ?1 AND first = ?2";
    let mut bucket = connection.prepare_cached(bucket)?;
    let first = i64::from(leading(digest, bits));
    let objects: Option<Vec<u8>> = bucket
        .query_row(params![detector, first], |row| row.get(0))
        .optional()?;
    Ok(unpacked(&objects.unwrap_or_default()))
}

/// The buckets of several families of entries, while they are made.
pub(super) struct Filling<'d> {
    families: Vec<Family<'d>>,
    /// For each family, by its place: of each entry the bucket, in the first bits, and the object.
    entries: Lists<usize>,
}

/// The entries of one detector, or others that have buckets.
struct Family<'d> {
    id: &'d str,
    bits: u32,
    /// The place of its list.
    list: usize,
}

impl<'d> Filling<'d> {
    /// None yet, of families that have about so many entries, of which each bucket is to have `aimed_at`.
    pub(super) fn new(families: impl Iterator<Item = (&'d str, u64)>, aimed_at: u64) -> Self {
        Self::holding(HELD, families, aimed_at)
    }

    /// The same, with so many entries in memory at once.
    pub(super) fn holding(
        held: usize,
        families: impl Iterator<Item = (&'d str, u64)>,
        aimed_at: u64,
    ) -> Self {
        let mut entries = Lists::holding(held);
        let families = families.enumerate().map(|(number, (id, own))| Family {
            id,
            bits: (own / aimed_at).max(1).ilog2().min(MOST_BITS),
            list: entries.place(|known| *known == number, || number),
        });
        Self {
            families: families.collect(),
            entries,
        }
    }

    /// Takes an entry of a family, by its place among them.
    ///
    /// # Errors
    /// The number of the object has more bits than there is room for.
    pub(super) fn take(&mut self, family: usize, object: i64, digest: u64) -> rusqlite::Result<()> {
        let Some(Family { bits, list, .. }) = self.families.get(family) else {
            return Ok(());
        };
        let number = object.cast_unsigned();
        if number >> OBJECT_BITS != 0 {
            return Err(rusqlite::Error::IntegralValueOutOfRange(0, object));
        }
        let bucket = digest & !u64::MAX.unbounded_shr(*bits);
        self.entries.push(*list, bucket | number);
        Ok(())
    }

    /// Writes the buckets down.
    ///
    /// # Errors
    /// SQLite or the temporary directory refuses.
    pub(super) fn write(self, connection: &Connection) -> rusqlite::Result<()> {
        let (entries, failed) = self.entries.finish();
        if let Some(error) = failed {
            return Err(unreadable(error));
        }
        let mut put = connection.prepare("INSERT INTO bucket VALUES (?1, ?2, ?3)")?;
        let mut done = connection.prepare("INSERT INTO bucketed VALUES (?1, ?2)")?;
        for (Family { id, bits, .. }, (_, entries)) in self.families.iter().zip(entries) {
            let mut put = |first: u32, objects: &[i64]| {
                let packed = packed(objects.iter().copied());
                put.execute(params![id, i64::from(first), packed]).map(drop)
            };
            let (mut bucket, mut objects) = (0, Vec::new());
            for part in entries.parts(WRITTEN) {
                for entry in part.map_err(unreadable)? {
                    let first = leading(entry, *bits);
                    if first != bucket && !objects.is_empty() {
                        put(bucket, &objects)?;
                        objects.clear();
                    }
                    bucket = first;
                    objects.push((entry & u64::MAX >> MOST_BITS).cast_signed());
                }
            }
            if !objects.is_empty() {
                put(bucket, &objects)?;
            }
            done.execute(params![id, bits])?;
        }
        Ok(())
    }
}

/// The `bits` leading bits of a digest.
fn leading(digest: u64, bits: u32) -> u32 {
    let kept = digest.checked_shr(u64::BITS - bits).unwrap_or_default();
    u32::try_from(kept).unwrap_or(u32::MAX)
}

/// Ascending ids as distances in LEB128: seven bits a byte, the lowest first, the top bit set where
/// more follow.
fn packed(objects: impl Iterator<Item = i64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut before = 0_i64;
    for object in objects {
        let mut left = object.wrapping_sub(before).cast_unsigned();
        before = object;
        while left > 0x7f {
            bytes.push(0x80 | low_bits(left));
            left >>= 7;
        }
        bytes.push(low_bits(left));
    }
    bytes
}

fn low_bits(number: u64) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or_default()
}

fn unpacked(bytes: &[u8]) -> Vec<i64> {
    let mut objects = Vec::new();
    let (mut before, mut distance, mut shift) = (0_i64, 0_u64, 0_u32);
    for byte in bytes {
        distance |= u64::from(byte & 0x7f)
            .checked_shl(shift)
            .unwrap_or_default();
        shift += 7;
        if byte & 0x80 == 0 {
            before = before.wrapping_add(distance.cast_signed());
            objects.push(before);
            (distance, shift) = (0, 0);
        }
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_as_they_were() {
        let ids = [1, 2, 127, 255, 256, 70_000, 1 << 40, i64::MAX];
        assert_eq!(unpacked(&packed(ids.into_iter())), ids);
        assert!(unpacked(&[]).is_empty());
    }
}
