//! Whom objects are about, found out from applicant lists by keyed digests.
//!
//! An address, a phone number or an identity number ties an object to a person; so does a name
//! together with a day of birth, or with the round's own place. A name alone never does, nor does a text
//! that is like a known document: the object is then *possible*, and listed apart. Where an object stands near the
//! one who was hired, that person counts among those it is about, so that doubt keeps it; so does one of whom nobody
//! knows what became of the application.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::alike::{self, Known, Same, is_copy};
use super::candidate::{Candidate, Place, candidates, ties};
use super::values::{known, leaving};
use super::{Applicant, Attributed, Attribution, Matched, Outcome};
use crate::inventory::{Error, ObjectRow, Reader};
use crate::model::DigestKey;
use crate::policy::{Register, Site, ZoneMatch};

/// What is known of each object from the applicant lists.
#[derive(Default)]
pub struct People {
    objects: HashMap<i64, Attributed>,
    /// Digests by which those are known who were not hired, and their ids.
    leaving: Vec<(&'static str, u64, String)>,
    /// Places of persons who stay or may stay, and what is known of all that lies there.
    staying: BTreeMap<Place, Attributed>,
}

impl Attribution for People {
    fn of(&self, row: &ObjectRow, zone: Option<&ZoneMatch<'_>>) -> Attributed {
        if let Some(known) = self.objects.get(&row.id) {
            return known.clone();
        }
        // What lies in the hired person's folder is that person's, though it names nobody.
        let zone = zone.filter(|zone| zone.subject.is_some() && !self.staying.is_empty());
        let place = zone.map(|zone| (zone.process.clone(), zone.subject.clone()));
        let known = place.and_then(|place| self.staying.get(&place).cloned());
        known.unwrap_or_default()
    }
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
        (site, register): (&Site, &Register),
    ) -> Result<Self, Error> {
        if applicants.is_empty() {
            return Ok(Self::default());
        }
        let known = known(applicants, key, &site.facts.own_contacts);
        let ties = ties(inventory, &known)?;
        let candidates = candidates(inventory, ties, site)?;
        let matching = Matching {
            applicants,
            candidates: &candidates,
            places: staying_places(applicants, &candidates),
            register,
        };
        let staying = matching.places.iter();
        let staying = staying.filter_map(|(place, at)| {
            let applicant = applicants.get(*at)?;
            let undecided = applicant.outcome == Outcome::Unknown;
            let rounds = undecided.then(|| applicant.process.clone());
            let known = Attributed {
                subjects: vec![applicant.subject.clone()],
                instead_of: matching.other_id(place),
                possible: rounds.into_iter().collect(),
                undecided,
                ..Attributed::default()
            };
            Some((place.clone(), known))
        });
        let staying = staying.collect();
        let mut objects = matching.run();
        matching.worded(inventory, &mut objects)?;
        Ok(Self {
            objects,
            leaving: leaving(applicants, &known),
            staying,
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

/// Whether what is this person's has to stay, or may have to.
fn stays(applicant: &Applicant) -> bool {
    matches!(applicant.outcome, Outcome::Hired | Outcome::Unknown)
}

/// Places of single persons in which something of one who stays lies: all in them is that person's,
/// whatever the folder calls them.
fn staying_places(applicants: &[Applicant], candidates: &[Candidate]) -> BTreeMap<Place, usize> {
    let mut places = BTreeMap::new();
    for candidate in candidates
        .iter()
        .filter(|candidate| candidate.place.1.is_some())
    {
        for (at, applicant) in applicants.iter().enumerate() {
            if stays(applicant) && candidate.is_tied(at, applicant) {
                places.insert(candidate.place.clone(), at);
            }
        }
    }
    places
}

struct Matching<'a> {
    applicants: &'a [Applicant],
    candidates: &'a [Candidate],
    places: BTreeMap<Place, usize>,
    register: &'a Register,
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
            let Some(applicant) = self.applicants.get(known.person) else {
                continue;
            };
            if applicant.outcome == Outcome::Hired {
                continue;
            }
            let known_by = objects.remove(&id).and_then(|known| known.matched);
            let mut by = known_by.map(|matched| matched.by).unwrap_or_default();
            by.push(Same::Text(share).word());
            objects.insert(
                id,
                Attributed {
                    possible: BTreeSet::from([applicant.process.clone()]),
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

    /// The applicants that more than a name ties to the object, and those who stay where there is
    /// any sign of that person.
    fn tied(&self, one: &Candidate) -> Vec<usize> {
        let applicants = self.applicants.iter().enumerate();
        let tied = applicants.filter(|(at, applicant)| one.is_tied(*at, applicant));
        let mut tied: Vec<usize> = tied.map(|(at, _)| at).collect();
        tied.extend(
            self.places
                .get(&one.place)
                .filter(|_| one.place.1.is_some()),
        );
        if !tied.is_empty() {
            let named = one
                .ties
                .keys()
                .filter(|at| self.applicants.get(**at).is_some_and(stays));
            tied.extend(named);
        }
        tied.sort_unstable();
        tied.dedup();
        tied
    }

    /// The other id that a staying person's place has for them, where the register does not speak of it: a hold on
    /// that id must be seen.
    fn other_id(&self, place: &Place) -> Option<String> {
        let id = place
            .1
            .as_ref()
            .filter(|_| self.places.contains_key(place))?;
        let mut spoken_of = self.register.events.iter();
        let spoken_of = spoken_of.any(|event| event.subject.as_ref() == Some(id));
        (!spoken_of).then(|| id.clone())
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
        let undecided = applicants.iter().any(|one| one.outcome == Outcome::Unknown);
        if undecided {
            words.push("outcome unknown".to_owned());
        }
        let copy_of = copy_of.map(|(path, _)| path);
        let class = match &one.class {
            Some((id, _)) if id.starts_with("recruitment.") => Some(id.clone()),
            _ if belongs && one.place.0.is_none() => Some("recruitment.correspondence".to_owned()),
            _ => None,
        };
        let possible = if !belongs || undecided {
            self.possible_in(one, &applicants)
        } else {
            BTreeSet::new()
        };
        Attributed {
            subjects: applicants.iter().map(|a| a.subject.clone()).collect(),
            instead_of: self.other_id(&one.place),
            process: last_closed(&applicants),
            class: class.filter(|_| belongs),
            belongs,
            possible,
            undecided,
            shared: false,
            matched: Some(Matched { by: words, copy_of }),
        }
    }

    /// The rounds whose applicants an object may be about, and who may have to go: those tied to it, or else those
    /// whom it names.
    fn possible_in(&self, one: &Candidate, tied: &[&Applicant]) -> BTreeSet<String> {
        let named: Vec<&Applicant> = one
            .ties
            .keys()
            .filter_map(|at| self.applicants.get(*at))
            .collect();
        let about = if tied.is_empty() { &named } else { tied };
        let leaving = about.iter().filter(|one| one.outcome != Outcome::Hired);
        leaving.map(|one| one.process.clone()).collect()
    }
}

/// The round of several that was closed last, or is open: what lies in no round's place is needed until then.
fn last_closed(applicants: &[&Applicant]) -> Option<String> {
    let closed = |one: &&&Applicant| one.closed_on.unwrap_or(Date::MAX);
    let last = applicants.iter().max_by_key(closed);
    last.map(|one| one.process.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{RegisterOptions, Vocabulary};

    #[test]
    fn the_id_of_a_place_is_replaced_unless_the_register_speaks_of_it() {
        let other_id = |row: &str| {
            let text =
                format!("event_id,event_type,occurred_on,recorded_by,subject,until,ref\n{row}");
            let options = RegisterOptions::default();
            let vocabulary = Vocabulary::shipped().unwrap();
            let register = Register::parse("events.csv", &text, &vocabulary, options).unwrap();
            assert!(register.refused.is_empty());
            let place: Place = (None, Some("solheim".to_owned()));
            let matching = Matching {
                applicants: &[],
                candidates: &[],
                places: BTreeMap::from([(place.clone(), 0)]),
                register: &register,
            };
            assert_eq!(matching.other_id(&(None, Some("lie".to_owned()))), None);
            matching.other_id(&place)
        };
        assert_eq!(other_id(""), Some("solheim".to_owned()));
        let held = "X,legal_hold_set,2026-05-01,hr,solheim,2027-05-01,DN-1\n";
        assert_eq!(other_id(held), None);
    }
}
