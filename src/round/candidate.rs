//! The objects that hold something of an applicant: what ties each to whom, and what it is.
//!
//! Whom they are about is decided in [`super::people`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Applicant;
use super::values::Value;
use crate::inventory::{Error, Reader};
use crate::model::Likeness;
use crate::policy::Site;

/// Detectors whose value ties an object to a person by itself.
const STRONG: [&str; 3] = ["email", "phone", "fodselsnummer"];

/// Certainty of class from which an object counts as recruitment material wherever it lies (a starting
/// value, not measured).
const CLASS: f64 = 0.5;

/// Certainty from which another class speaks against it.
const OTHER_CLASS: f64 = 0.6;

/// An object that holds something of an applicant.
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) path: String,
    pub(super) class: Option<(String, f64)>,
    pub(super) content: Option<[u8; 32]>,
    /// Digests of all values that were found in it, sorted.
    pub(super) values: Vec<u64>,
    /// What its text is like.
    pub(super) likeness: Option<Likeness>,
    /// The round and the person that its place names.
    pub(super) place: Place,
    /// What ties it to each applicant.
    pub(super) ties: BTreeMap<usize, BTreeSet<&'static str>>,
}

/// The round and the person that a path names.
pub(super) type Place = (Option<String>, Option<String>);

impl Candidate {
    /// Whether more than a name ties it to the applicant.
    pub(super) fn is_tied(&self, at: usize, applicant: &Applicant) -> bool {
        let Some(by) = self.ties.get(&at) else {
            return false;
        };
        let strong = STRONG.iter().any(|detector| by.contains(detector));
        let born = by.contains("name") && by.contains("birth-date");
        let here = by.contains("name") && self.place.0.as_ref() == Some(&applicant.process);
        strong || born || here
    }

    pub(super) fn is_recruitment(&self) -> bool {
        let class = self.class.as_ref();
        class.is_some_and(|(id, certainty)| id.starts_with("recruitment.") && *certainty >= CLASS)
    }

    pub(super) fn is_something_else(&self) -> bool {
        let class = self.class.as_ref();
        class.is_some_and(|(id, certainty)| {
            !id.starts_with("recruitment.") && id != "unknown" && *certainty >= OTHER_CLASS
        })
    }
}

pub(super) type Ties = HashMap<i64, BTreeMap<usize, BTreeSet<&'static str>>>;

/// Which objects hold which of the digests.
pub(super) fn ties(inventory: &Reader, known: &[Value]) -> Result<Ties, Error> {
    let mut ties = Ties::new();
    let detectors: BTreeSet<&'static str> = known.iter().map(|one| one.detector).collect();
    for detector in detectors {
        let of = || known.iter().filter(|one| one.detector == detector);
        let wanted: BTreeSet<u64> = of().map(|one| one.digest).collect();
        let wanted: Vec<u64> = wanted.into_iter().collect();
        let mut by_digest: HashMap<u64, Vec<usize>> = HashMap::new();
        for one in of() {
            by_digest.entry(one.digest).or_default().push(one.at);
        }
        for (object, digests) in inventory.with_any(detector, &wanted)? {
            let object = ties.entry(object).or_default();
            for at in digests
                .iter()
                .filter_map(|digest| by_digest.get(digest))
                .flatten()
            {
                object.entry(*at).or_default().insert(detector);
            }
        }
    }
    Ok(ties)
}

/// The objects that hold something of an applicant, by path.
pub(super) fn candidates(
    inventory: &Reader,
    mut ties: Ties,
    site: &Site,
) -> Result<Vec<Candidate>, Error> {
    let ids: BTreeSet<i64> = ties.keys().copied().collect();
    let mut candidates = Vec::new();
    inventory.for_each_numbered(&ids, &mut |row| {
        let zone = site.zone(&row.path);
        candidates.push(Candidate {
            id: row.id,
            class: row.class.map(|guess| (guess.id, guess.certainty)),
            content: row.content_digest,
            values: Vec::new(),
            likeness: None,
            place: zone
                .map(|zone| (zone.process, zone.subject))
                .unwrap_or_default(),
            path: row.path,
            ties: ties.remove(&row.id).unwrap_or_default(),
        });
    })?;
    for candidate in &mut candidates {
        let digests = inventory.digests_of(candidate.id, usize::MAX)?.into_iter();
        candidate.values = digests.flat_map(|(_, digests)| digests).collect();
        candidate.values.sort_unstable();
        candidate.values.dedup();
        candidate.likeness = inventory.likeness_of(candidate.id)?;
    }
    candidates.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(candidates)
}
