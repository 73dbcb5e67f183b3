//! Sorting of evenly spread numbers.

/// Values that are sorted without parts: fewer than the parts would cost.
const FEW: usize = 128;

/// Most parts that values are put into, as a power of two: their counters stay in the nearest cache.
const MOST_PARTS: u32 = 13;

/// Sorts values that are spread evenly, as digests are: each is put into a part by its first bits, and the few of a
/// part are sorted by themselves. It takes a quarter of the instructions of sorting all by comparison; uneven values
/// are sorted too, only not so fast.
pub(crate) fn sort_spread(values: &mut Vec<u64>) {
    if values.len() < FEW {
        values.sort_unstable();
        return;
    }
    let shift = u64::BITS - values.len().ilog2().min(MOST_PARTS);
    let part = |value: u64| usize::try_from(value >> shift).unwrap_or_default();
    let mut ends = vec![0_usize; part(u64::MAX) + 1];
    for value in &*values {
        ends[part(*value)] += 1;
    }
    let mut before = 0;
    for end in &mut ends {
        before += std::mem::replace(end, before);
    }
    let mut sorted = vec![0; values.len()];
    for value in &*values {
        let next = &mut ends[part(*value)];
        sorted[*next] = *value;
        *next += 1;
    }
    let mut start = 0;
    for end in ends {
        sorted[start..end].sort_unstable();
        start = end;
    }
    *values = sorted;
}

/// Evenly spread values without a random source (splitmix64), for tests.
#[cfg(test)]
pub(crate) fn spread(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_values_are_sorted_too() {
        for (count, of) in [(127, 3), (128, 5), (5000, 7), (40_000, u64::MAX)] {
            let mut values: Vec<u64> = (0..count).map(|n| spread(n) % of).collect();
            values.extend([u64::MAX, 0, 1 << 63]);
            let mut expected = values.clone();
            expected.sort_unstable();
            sort_spread(&mut values);
            assert_eq!(values, expected, "{count} below {of}");
        }
    }
}
