//! Is somebody's data near? A name alone is in every repository; beside a number, an address or a
//! telephone it tells whose they are.

use crate::model::Candidate;

/// Bytes between the two in running text, at most.
pub(super) const NEAR_BYTES: u64 = 200;

/// Bytes between the two where one of them is not certain.
pub(super) const BESIDE_BYTES: u64 = 60;

/// Bytes between the two in one row of a table, at most.
pub(super) const ROW_BYTES: u64 = 16 * 1024;

/// How many neighbours on each side are looked at.
const NEIGHBOURS: usize = 16;

/// Stretches of one object, in the order of its text.
#[derive(Default)]
pub(super) struct Stretches(Vec<(u64, u64, Option<u64>)>);

impl Stretches {
    /// Adds a hit; hits come in order.
    pub(super) fn add(&mut self, hit: &Candidate) {
        self.0.push((hit.start, hit.end, hit.row));
    }

    /// Whether one of them stands within `reach` bytes of the hit, or in its row and not further than
    /// `in_row`, and is not the hit itself.
    pub(super) fn is_near(&self, hit: &Candidate, reach: u64, in_row: u64) -> bool {
        let here = self.0.partition_point(|(start, _, _)| *start < hit.start);
        let before = self.0.get(here.saturating_sub(NEIGHBOURS)..here);
        let after = self.0.get(here..self.0.len().min(here + NEIGHBOURS));
        let mut near = before.into_iter().chain(after).flatten();
        near.any(|(start, end, row)| {
            let gap = hit
                .start
                .saturating_sub(*end)
                .max(start.saturating_sub(hit.end));
            let same = (*start, *end) == (hit.start, hit.end);
            !same
                && match (row, hit.row) {
                    (None, None) => gap <= reach,
                    (one, other) => *one == other && gap <= in_row,
                }
        })
    }
}
