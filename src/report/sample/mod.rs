//! A random sample of findings as a sheet for a person to label, and the way back into precision.
//!
//! Hits are drawn within strata of one detector at one level, each stratum getting the same number
//! until it is used up. What is drawn are the hits whose place the inventory keeps (`--samples` of
//! the scan): the first of each object, or all. A sheet holds no values: object, place, mask, reasons.
//!
//! Which hits are drawn is told by a keyed hash of where they stand, so that the same inventory and
//! seed give the same sheet, and memory depends on the size of the sample alone.

mod estimate;
mod sheet;

use std::collections::{BTreeMap, BinaryHeap};
use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;

use crate::inventory::{self, FindingRow, ObjectRow, Reader};
use crate::model::{Confidence, Place, Sample};

pub use estimate::{Error as EstimateError, Estimate, Precision, estimate, write_estimate};
pub use sheet::{BadSheet, Label, Labelled, read_sheet, write_sheet};

/// A detector at a level.
pub type StratumId = (String, Confidence);

/// A hit that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// What it is known by in the sheet: 16 hexadecimal digits, told by object, kind, level, place and
    /// order.
    pub id: u64,
    /// The object's whole path.
    pub object: String,
    /// Where in it the hit stands.
    pub place: Place,
    /// Detector.
    pub detector: String,
    /// Kind within it.
    pub kind: String,
    /// Level.
    pub confidence: Confidence,
    /// The masked value.
    pub masked: String,
    /// Words of the evidence of all hits of this kind and level in the object.
    pub reasons: Vec<String>,
    rank: u64,
}

impl Ord for Drawn {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.rank, self.id).cmp(&(other.rank, other.id))
    }
}

impl PartialOrd for Drawn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Draws `size` hits at `min` or above.
///
/// # Errors
/// When the inventory cannot be read.
pub fn draw(
    inventory: &Reader,
    size: usize,
    seed: u64,
    min: Confidence,
) -> Result<Vec<Drawn>, inventory::Error> {
    let mut strata: BTreeMap<StratumId, BinaryHeap<Drawn>> = BTreeMap::new();
    for_each_hit(inventory, &mut |hit| {
        if hit.finding.confidence < min {
            return;
        }
        let id = hit.id();
        let mut hasher = SipHasher13::new_with_keys(seed, 0);
        hasher.write_u64(id);
        let rank = hasher.finish();
        let stratum = (hit.finding.detector.clone(), hit.finding.confidence);
        let heap = strata.entry(stratum).or_default();
        // The hits with the lowest ranks stay; the highest of them is on top.
        if heap.len() < size || heap.peek().is_some_and(|top| rank < top.rank) {
            heap.push(hit.drawn(id, rank));
        }
        if heap.len() > size {
            heap.pop();
        }
    })?;
    let mut drawn: Vec<Vec<Drawn>> = strata
        .into_values()
        .map(BinaryHeap::into_sorted_vec)
        .collect();
    let sizes: Vec<usize> = drawn.iter().map(Vec::len).collect();
    for (stratum, share) in drawn.iter_mut().zip(shares(&sizes, size)) {
        stratum.truncate(share);
    }
    Ok(drawn.into_iter().flatten().collect())
}

/// How many of each stratum are taken: one more of each in turn until `size` is reached or nothing
/// is left.
fn shares(sizes: &[usize], size: usize) -> Vec<usize> {
    let mut shares = vec![0; sizes.len()];
    let mut left = size;
    loop {
        let mut taken = false;
        for (share, most) in shares.iter_mut().zip(sizes) {
            if left > 0 && *share < *most {
                *share += 1;
                left -= 1;
                taken = true;
            }
        }
        if !taken {
            return shares;
        }
    }
}

/// A hit whose place is known.
struct Hit<'a> {
    object: &'a ObjectRow,
    finding: &'a FindingRow,
    sample: &'a Sample,
    nth: usize,
}

impl Hit<'_> {
    fn id(&self) -> u64 {
        let mut hasher = SipHasher13::new();
        let level = self.finding.confidence.as_str();
        let place = serde_json::to_string(&self.sample.place).unwrap_or_default();
        let parts = [
            self.object.path.as_str(),
            &self.finding.detector,
            &self.finding.kind,
            level,
            &place,
            self.sample.masked.as_str(),
        ];
        for part in parts {
            hasher.write(part.as_bytes());
            hasher.write_u8(0);
        }
        hasher.write_usize(self.nth);
        hasher.finish()
    }

    fn drawn(&self, id: u64, rank: u64) -> Drawn {
        Drawn {
            id,
            object: self.object.path.clone(),
            place: self.sample.place.clone(),
            detector: self.finding.detector.clone(),
            kind: self.finding.kind.clone(),
            confidence: self.finding.confidence,
            masked: self.sample.masked.as_str().to_owned(),
            reasons: self.finding.reasons.clone(),
            rank,
        }
    }
}

/// Every hit of the inventory's present whose place is kept.
fn for_each_hit(
    inventory: &Reader,
    visit: &mut dyn FnMut(Hit<'_>),
) -> Result<(), inventory::Error> {
    inventory.for_each_object(&mut |object| {
        for finding in &object.findings {
            for (nth, sample) in finding.samples.iter().enumerate() {
                visit(Hit {
                    object: &object,
                    finding,
                    sample,
                    nth,
                });
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_gets_the_same_until_it_is_used_up() {
        assert_eq!(shares(&[2, 100, 100], 10), [2, 4, 4]);
        assert_eq!(shares(&[2, 3], 10), [2, 3]);
        assert_eq!(shares(&[5, 5, 5], 2), [1, 1, 0]);
        assert_eq!(shares(&[], 7), [0_usize; 0]);
    }
}
