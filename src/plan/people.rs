//! Whom objects are about, found out from applicant lists by keyed digests.
//!
//! An address, a phone number or an identity number ties an object to a person; so does a name
//! together with a day of birth, or with the round's own place. A name alone never does, nor does a text
//! that is like a known document: the object is then *possible*, and listed apart. Where an object stands near the one who was hired, that person
//! counts among those it is about, so that doubt keeps it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::alike::{self, Known, Same, is_copy};
use super::line::Matched;
use super::values::{Value, known, leaving};
use super::{Attributed, Attribution, Error};
use crate::inventory::{ObjectRow, Reader};
use crate::model::{DigestKey, Likeness};
use crate::policy::Site;
use crate::round::{Applicant, Outcome};

/// Detectors whose value ties an object to a person by itself.
const STRONG: [&str; 3] = ["email", "phone", "fodselsnummer"];

/// Certainty of class from which an object counts as recruitment material wherever it lies (a starting
/// value, not measured).
const CLASS: f64 = 0.5;

/// Certainty from which another class speaks against it.
const OTHER_CLASS: f64 = 0.6;

/// What is known of each object from the applicant lists.
#[derive(Default)]
pub struct People {
    objects: HashMap<i64, Attributed>,
    /// Digests by which those are known who were not hired, and their ids.
    leaving: Vec<(&'static str, u64, String)>,
    /// Places that are the hired person's, and that person's id.
    hired: BTreeMap<Place, String>,
    site: Option<Site>,
}

/// The round and the person that a path names.
type Place = (Option<String>, Option<String>);

impl Attribution for People {
    fn of(&self, row: &ObjectRow) -> Attributed {
        if let Some(known) = self.objects.get(&row.id) {
            return known.clone();
        }
        // What lies in the hired person's folder is that person's, though it names nobody.
        let site = self.site.as_ref().filter(|_| !self.hired.is_empty());
        let zone = site.and_then(|site| site.zone(&row.path));
        let place = zone.map(|zone| (zone.process, zone.subject));
        let hired = place.and_then(|place| self.hired.get(&place).cloned());
        Attributed {
            subjects: hired.into_iter().collect(),
            ..Attributed::default()
        }
    }
}

/// An object that holds something of an applicant.
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) path: String,
    class: Option<(String, f64)>,
    pub(super) content: Option<[u8; 32]>,
    /// Digests of all values that were found in it, sorted.
    pub(super) values: Vec<u64>,
    /// What its text is like.
    pub(super) likeness: Option<Likeness>,
    /// The round and the person that its place names.
    place: Place,
    /// What ties it to each applicant.
    ties: BTreeMap<usize, BTreeSet<&'static str>>,
}

impl People {
    /// Looks for all applicants in the inventory.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub fn find(
        inventory: &Reader,
        applicants: &[Applicant],
        key: &DigestKey,
        site: &Site,
    ) -> Result<Self, Error> {
        if applicants.is_empty() {
            return Ok(Self::default());
        }
        let known = known(applicants, key);
        let ties = ties(inventory, &known)?;
        let candidates = candidates(inventory, ties, site)?;
        let matching = Matching {
            applicants,
            candidates: &candidates,
            hired_places: hired_places(applicants, &candidates),
        };
        let id = |at: &usize| {
            applicants
                .get(*at)
                .map(|applicant| applicant.subject.clone())
        };
        let hired = matching.hired_places.iter();
        let hired = hired.filter_map(|(place, at)| Some((place.clone(), id(at)?)));
        let mut objects = matching.run();
        matching.worded(inventory, &mut objects)?;
        Ok(Self {
            objects,
            leaving: leaving(applicants, &known),
            hired: hired.collect(),
            site: Some(site.clone()),
        })
    }
}

impl People {
    /// Ids of the applicants who were not hired and whom a value names: one that ties an object to them,
    /// or their name.
    #[must_use]
    pub fn whose(&self, detector: &str, digest: u64) -> Vec<String> {
        let of = self
            .leaving
            .iter()
            .filter(|(by, value, _)| *by == detector && *value == digest);
        of.map(|(_, _, subject)| subject.clone()).collect()
    }
}

type Ties = HashMap<i64, BTreeMap<usize, BTreeSet<&'static str>>>;

/// Which objects hold which of the digests.
fn ties(inventory: &Reader, known: &[Value]) -> Result<Ties, Error> {
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
fn candidates(inventory: &Reader, mut ties: Ties, site: &Site) -> Result<Vec<Candidate>, Error> {
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

impl Candidate {
    /// Whether more than a name ties it to the applicant.
    fn is_tied(&self, at: usize, applicant: &Applicant) -> bool {
        let Some(by) = self.ties.get(&at) else {
            return false;
        };
        let strong = STRONG.iter().any(|detector| by.contains(detector));
        let born = by.contains("name") && by.contains("birth-date");
        let here = by.contains("name") && self.place.0.as_ref() == Some(&applicant.process);
        strong || born || here
    }

    fn is_recruitment(&self) -> bool {
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

/// Places of single persons in which something of one who was hired lies: all in them is that
/// person's, whatever the folder calls them.
fn hired_places(applicants: &[Applicant], candidates: &[Candidate]) -> BTreeMap<Place, usize> {
    let mut places = BTreeMap::new();
    for candidate in candidates
        .iter()
        .filter(|candidate| candidate.place.1.is_some())
    {
        for (at, applicant) in applicants.iter().enumerate() {
            if applicant.outcome == Outcome::Hired && candidate.is_tied(at, applicant) {
                places.insert(candidate.place.clone(), at);
            }
        }
    }
    places
}

struct Matching<'a> {
    applicants: &'a [Applicant],
    candidates: &'a [Candidate],
    hired_places: BTreeMap<Place, usize>,
}

impl Matching<'_> {
    fn run(&self) -> HashMap<i64, Attributed> {
        let tied: Vec<Vec<usize>> = self.candidates.iter().map(|one| self.tied(one)).collect();
        let mut belongs: Vec<bool> = self
            .candidates
            .iter()
            .zip(&tied)
            .map(|(one, tied)| !tied.is_empty() && (one.is_recruitment() || self.is_in_round(one)))
            .collect();
        let first = belongs.clone();
        let mut alike: Vec<Option<(String, Same)>> = vec![None; self.candidates.len()];
        for (at, one) in self.candidates.iter().enumerate() {
            let persons = tied.get(at).map(Vec::as_slice).unwrap_or_default();
            if persons.is_empty() {
                continue;
            }
            let others = self.candidates.iter().enumerate().filter(|(other, _)| {
                *other != at
                    && first.get(*other) == Some(&true)
                    && tied
                        .get(*other)
                        .is_some_and(|theirs| persons.iter().any(|p| theirs.contains(p)))
            });
            let others: Vec<(usize, &Candidate)> = others.collect();
            if first.get(at) == Some(&false)
                && others.iter().any(|(_, other)| is_copy(one, other))
                && let Some(belongs) = belongs.get_mut(at)
            {
                *belongs = true;
            }
            let mut earlier = others.iter().filter(|(other, _)| *other < at);
            let earlier = earlier.find_map(|(_, known)| Some((*known, alike::same(one, known)?)));
            if let (Some((known, same)), Some(alike)) = (earlier, alike.get_mut(at)) {
                *alike = Some((known.path.clone(), same));
            }
        }
        let all = self.candidates.iter().zip(tied).zip(belongs).zip(alike);
        all.map(|(((one, tied), belongs), copy_of)| {
            (one.id, self.attributed(one, &tied, belongs, copy_of))
        })
        .collect()
    }

    /// Lists objects that nothing but their words ties to a person, and name-bearing ones whose words are
    /// that person's: possible, with the document that they are like.
    fn worded(
        &self,
        inventory: &Reader,
        objects: &mut HashMap<i64, Attributed>,
    ) -> Result<(), Error> {
        let of_one = self.candidates.iter().filter_map(|document| {
            let belongs = objects.get(&document.id).is_some_and(|known| known.belongs);
            match self.tied(document).as_slice() {
                [person] if belongs => Some(Known {
                    person: *person,
                    document,
                }),
                _ => None,
            }
        });
        let known: Vec<Known<'_>> = of_one.collect();
        let tied: BTreeSet<i64> = self
            .candidates
            .iter()
            .filter(|one| !self.tied(one).is_empty())
            .map(|one| one.id)
            .collect();
        let mut found = Vec::new();
        alike::worded(
            inventory,
            &known,
            &|id| tied.contains(&id),
            &mut |id, at, share| {
                found.push((id, at, share));
            },
        )?;
        for (id, at, share) in found {
            let Some(known) = known.get(at) else { continue };
            let known_by = objects.remove(&id).and_then(|known| known.matched);
            let mut by = known_by.map(|matched| matched.by).unwrap_or_default();
            by.push(Same::Text(share).word());
            objects.insert(
                id,
                Attributed {
                    possible: true,
                    matched: Some(Matched {
                        by,
                        copy_of: Some(known.document.path.clone()),
                    }),
                    ..Attributed::default()
                },
            );
        }
        Ok(())
    }

    /// The applicants that more than a name ties to the object, and the one who was hired where there is
    /// any sign of that person.
    fn tied(&self, one: &Candidate) -> Vec<usize> {
        let applicants = self.applicants.iter().enumerate();
        let tied = applicants.filter(|(at, applicant)| one.is_tied(*at, applicant));
        let mut tied: Vec<usize> = tied.map(|(at, _)| at).collect();
        tied.extend(
            self.hired_places
                .get(&one.place)
                .filter(|_| one.place.1.is_some()),
        );
        if !tied.is_empty() {
            let named = one.ties.keys().filter(|at| {
                self.applicants
                    .get(**at)
                    .is_some_and(|a| a.outcome == Outcome::Hired)
            });
            tied.extend(named);
        }
        tied.sort_unstable();
        tied.dedup();
        tied
    }

    fn is_in_round(&self, one: &Candidate) -> bool {
        let process = one.place.0.as_ref();
        process.is_some_and(|here| self.applicants.iter().any(|a| a.process == *here))
    }

    fn attributed(
        &self,
        one: &Candidate,
        tied: &[usize],
        belongs: bool,
        copy_of: Option<(String, Same)>,
    ) -> Attributed {
        let applicants: Vec<&Applicant> = tied
            .iter()
            .filter_map(|at| self.applicants.get(*at))
            .collect();
        let by: BTreeSet<&str> = one.ties.values().flatten().copied().collect();
        let only_name = by.iter().all(|word| *word == "name");
        let mut words: Vec<String> = by.into_iter().map(str::to_owned).collect();
        if only_name && tied.is_empty() {
            words = vec!["name only".to_owned()];
        }
        words.extend(copy_of.as_ref().map(|(_, same)| same.word()));
        let copy_of = copy_of.map(|(path, _)| path);
        let class = match &one.class {
            Some((id, _)) if id.starts_with("recruitment.") => Some(id.clone()),
            _ if belongs && one.place.0.is_none() => Some("recruitment.correspondence".to_owned()),
            _ => None,
        };
        Attributed {
            subjects: applicants.iter().map(|a| a.subject.clone()).collect(),
            process: applicants.first().map(|a| a.process.clone()),
            class: class.filter(|_| belongs),
            belongs,
            possible: !belongs,
            shared: false,
            matched: Some(Matched { by: words, copy_of }),
        }
    }
}
