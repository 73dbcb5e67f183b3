//! Weights of many rows summed: four at once in one number.

use super::{Scores, label};

/// Rows that one word has at most: their sums stay inside 16 bits.
const MOST_ROWS: usize = 64;
/// What is added to a weight so that it is never negative.
const BIAS: u8 = 128;
/// Every second byte of a row.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;

/// A row as its weights are summed: six biased bytes in one number.
pub(super) fn packed(row: [u8; label::COUNT]) -> u64 {
    let bytes = row.iter().rev();
    bytes.fold(0, |all, weight| all << 8 | u64::from(*weight ^ BIAS))
}

/// The sums of some rows, biased.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    /// Of the first, third and fifth weight.
    even: u64,
    /// Of the others.
    odd: u64,
    /// How many rows were added.
    rows: u16,
}

impl Sums {
    /// Adds a row.
    pub(super) fn add(&mut self, row: u64) {
        self.even += row & EVEN;
        self.odd += row >> 8 & EVEN;
        self.rows += 1;
    }

    /// The sums without bias, times what one `unit` is worth.
    pub(super) fn scores(self, unit: f32) -> Scores {
        let bias = i32::from(BIAS) * i32::from(self.rows);
        let both = lanes(self.even).into_iter().zip(lanes(self.odd));
        let mut scores = [0.0; label::COUNT];
        for (score, sum) in scores.iter_mut().zip(both.flat_map(<[u16; 2]>::from)) {
            *score = as_f32(i32::from(sum) - bias) * unit;
        }
        scores
    }
}

/// The four sums of 16 bits each.
fn lanes(sums: u64) -> [u16; 4] {
    [0, 16, 32, 48].map(|shift| u16::try_from(sums >> shift & 0xffff).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "a sum of 64 bytes at most")]
fn as_f32(sum: i32) -> f32 {
    sum as f32
}

/// The rows of one word, gathered before their weights are summed: the sums then wait for many places
/// of the table at once.
#[derive(Debug)]
pub(super) struct Rows {
    rows: [usize; MOST_ROWS],
    count: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            rows: [0; MOST_ROWS],
            count: 0,
        }
    }
}

impl Rows {
    /// One more.
    pub(super) fn push(&mut self, row: usize) {
        if let Some(slot) = self.rows.get_mut(self.count) {
            *slot = row;
            self.count += 1;
        }
    }

    /// What was pushed since this was asked last.
    pub(super) fn take(&mut self) -> &[usize] {
        let count = std::mem::take(&mut self.count);
        self.rows.get(..count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_weights_one_by_one() {
        let mut sums = Sums::default();
        let mut expected = [0; label::COUNT];
        for round in 0..64 {
            let row = [0, 31, 77, 128, 200, 255].map(|byte: u8| byte.wrapping_mul(round | 1));
            sums.add(packed(row));
            for (sum, byte) in expected.iter_mut().zip(row) {
                *sum += i16::from(byte.cast_signed());
            }
        }
        let told = |sums: Sums, unit| sums.scores(unit).map(|score| score.to_string());
        assert_eq!(told(sums, 1.0), expected.map(|sum| sum.to_string()));
        let mut least = Sums::default();
        (0..MOST_ROWS).for_each(|_| least.add(packed([0x80; label::COUNT])));
        assert_eq!(told(least, 0.5), ["-4096"; label::COUNT]);
    }
}
