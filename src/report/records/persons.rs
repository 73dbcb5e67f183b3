//! How many persons many objects are about, counted by the keyed digests of what names a person.

use std::collections::BTreeMap;

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

/// Values that are gathered before repetitions are thrown out.
const LEAST_PENDING: usize = 1 << 16;

/// Different values, by detector.
#[derive(Clone, Debug, Default)]
pub(super) struct Different(BTreeMap<String, Values>);

/// Digests, of which the first `settled` are sorted and unique.
#[derive(Clone, Debug, Default)]
struct Values {
    digests: Vec<u64>,
    settled: usize,
}

impl Different {
    /// Whether values of a detector tell of persons.
    pub(super) fn counts(detector: &str) -> bool {
        NUMBERS.contains(&detector) || OTHERS.contains(&detector)
    }

    /// Takes the values of one object.
    pub(super) fn add(&mut self, detector: String, digests: Vec<u64>) {
        let values = self.0.entry(detector).or_default();
        values.digests.extend(digests);
        if values.digests.len() > values.settled * 2 + LEAST_PENDING {
            values.settle();
        }
    }

    /// How many different values there are of each detector.
    pub(super) fn counted(mut self) -> BTreeMap<String, u64> {
        self.0.values_mut().for_each(Values::settle);
        let counts = self.0.into_iter();
        counts
            .map(|(detector, values)| (detector, values.digests.len() as u64))
            .collect()
    }
}

impl Values {
    fn settle(&mut self) {
        self.digests.sort_unstable();
        self.digests.dedup();
        self.settled = self.digests.len();
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
        let mut different = Different::default();
        for start in 0..3_u64 {
            let values = (start * 10_000..start * 10_000 + 60_000).collect();
            different.add("fodselsnummer".to_owned(), values);
        }
        different.add("dk-cpr".to_owned(), vec![7]);
        different.add("name".to_owned(), vec![1, 2]);
        let counts = different.counted();
        assert_eq!(counts.get("fodselsnummer"), Some(&80_000));
        assert_eq!(estimate(&counts), 80_001);
    }
}
