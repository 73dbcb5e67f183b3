//! How many persons many objects are about, counted by the keyed digests of what names a person.

use std::collections::BTreeMap;
use std::io;

use crate::sorted::Lists;

/// Detectors whose values name one person each; a person has one number, but may have several
/// addresses, and several persons may share a name.
const NUMBERS: [&str; 5] = [
    "fodselsnummer",
    "se-personnummer",
    "dk-cpr",
    "fi-hetu",
    "is-kennitala",
];

/// Detectors whose values are told beside the numbers.
const OTHERS: [&str; 3] = ["name", "email", "phone"];

/// Digests in memory at once (24 MiB); more lie in a temporary file.
const HELD: usize = 1 << 20;

/// Different values, by detector.
#[derive(Debug)]
pub(super) struct Different(Lists<String>);

impl Different {
    /// None yet.
    pub(super) fn new() -> Self {
        Self(Lists::holding(HELD))
    }

    /// Whether values of a detector tell of persons.
    pub(super) fn counts(detector: &str) -> bool {
        NUMBERS.contains(&detector) || OTHERS.contains(&detector)
    }

    /// Takes values of one object.
    pub(super) fn add(&mut self, detector: &str, digests: impl Iterator<Item = u64>) {
        let place = self
            .0
            .place(|known| known == detector, || detector.to_owned());
        digests.for_each(|digest| self.0.push(place, digest));
    }

    /// How many different values there are of each detector.
    ///
    /// # Errors
    /// The temporary directory refuses.
    pub(super) fn counted(self) -> io::Result<BTreeMap<String, u64>> {
        let (lists, failed) = self.0.finish();
        if let Some(error) = failed {
            return Err(error);
        }
        let counts = lists.into_iter();
        counts
            .map(|(detector, values)| Ok((detector, values.count()?)))
            .collect()
    }
}

/// Persons that the counts point to: the most of identity numbers, names, addresses and phones. It
/// is an estimate, as [`NUMBERS`] says.
pub(super) fn estimate(counts: &BTreeMap<String, u64>) -> u64 {
    let numbers = NUMBERS.iter().filter_map(|detector| counts.get(*detector));
    let others = OTHERS.iter().filter_map(|detector| counts.get(*detector));
    numbers
        .sum::<u64>()
        .max(others.copied().max().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_count_once_however_many_objects_hold_them() {
        let mut different = Different::new();
        for start in 0..3_u64 {
            let values = start * 10_000..start * 10_000 + 60_000;
            different.add("fodselsnummer", values);
        }
        different.add("dk-cpr", [7].into_iter());
        different.add("name", [1, 2].into_iter());
        let counts = different.counted().unwrap();
        assert_eq!(counts.get("fodselsnummer"), Some(&80_000));
        assert_eq!(estimate(&counts), 80_001);
    }
}
