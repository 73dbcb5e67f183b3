//! Buckets of object ids by the leading bits of what the objects hold: how they are filled, packed and found.
//!
//! It does not know what the entries are.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// More leading bits are never taken: a row of its own costs more than it saves.
const MOST_BITS: u32 = 24;
/// Entries in memory at once (128 MiB). Beyond, several passes are made.
pub(super) const HELD: u64 = 8 * 1024 * 1024;

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

/// Makes buckets from the rows of a statement; `take` hands the entries of a row on to each family.
pub(super) fn fill(
    connection: &Connection,
    families: Vec<Filling<'_>>,
    statement: &str,
    take: impl Fn(&Row<'_>, &mut [Filling<'_>], Part) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    fill_holding(connection, families, HELD, statement, take)
}

/// A pass, and how many there are.
pub(super) type Part = (u64, u64);

/// The same, with so many entries in memory at once.
pub(super) fn fill_holding(
    connection: &Connection,
    mut own: Vec<Filling<'_>>,
    held: u64,
    statement: &str,
    take: impl Fn(&Row<'_>, &mut [Filling<'_>], Part) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let entries: u64 = own.iter().map(|own| own.entries).sum();
    let most = own.iter().map(Filling::buckets).max().unwrap_or(1);
    let passes = entries.div_ceil(held.max(1)).clamp(1, most);
    let mut blobs = connection.prepare(statement)?;
    let mut put = connection.prepare("INSERT INTO bucket VALUES (?1, ?2, ?3)")?;
    for pass in 0..passes {
        let mut rows = blobs.query([])?;
        while let Some(row) = rows.next()? {
            take(row, &mut own, (pass, passes))?;
        }
        for Filling {
            detector, pairs, ..
        } in &mut own
        {
            pairs.sort_unstable();
            for bucket in pairs.chunk_by(|one, two| one.0 == two.0) {
                let Some((first, _)) = bucket.first() else {
                    continue;
                };
                let objects = packed(bucket.iter().map(|(_, object)| *object));
                put.execute(params![*detector, i64::from(*first), objects])?;
            }
            pairs.clear();
        }
    }
    let mut done = connection.prepare("INSERT INTO bucketed VALUES (?1, ?2)")?;
    for Filling { detector, bits, .. } in own {
        done.execute(params![detector, bits])?;
    }
    Ok(())
}

/// The buckets of one detector, or of another family of entries, while they are made.
pub(super) struct Filling<'d> {
    detector: &'d str,
    entries: u64,
    bits: u32,
    /// Buckets and the objects in them.
    pairs: Vec<(u32, i64)>,
}

impl<'d> Filling<'d> {
    /// None yet, of about so many entries, of which each bucket is to have `aimed_at`.
    pub(super) fn new(detector: &'d str, entries: u64, aimed_at: u64) -> Self {
        Self {
            detector,
            entries,
            bits: (entries / aimed_at).max(1).ilog2().min(MOST_BITS),
            pairs: Vec::new(),
        }
    }

    fn buckets(&self) -> u64 {
        1 << self.bits
    }

    /// Takes the digests of an object that belong to the buckets of this pass.
    pub(super) fn take(&mut self, object: i64, digests: &[[u8; 8]], (pass, passes): Part) {
        let part = |pass| pass * self.buckets() / passes;
        let (from, to) = (part(pass), part(pass + 1));
        let first = |bytes: &[u8; 8]| leading(u64::from_be_bytes(*bytes), self.bits);
        let start = digests.partition_point(|bytes| u64::from(first(bytes)) < from);
        let firsts = digests.iter().skip(start).map(first);
        let mut last = None;
        for first in firsts.take_while(|first| u64::from(*first) < to) {
            if last.replace(first) != Some(first) {
                self.pairs.push((first, object));
            }
        }
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
