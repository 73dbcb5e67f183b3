//! Whom objects are about where one person has asked for something: what was found by the person's
//! identifiers, beside what applicant lists tell.

use std::collections::BTreeMap;

use super::{Kind, Plan};
use crate::inventory::ObjectRow;
use crate::policy::ZoneMatch;
use crate::round::{Attributed, Attribution, Matched, People};

/// The objects of one person.
pub struct OfPerson<'a> {
    people: &'a People,
    subject: String,
    objects: BTreeMap<String, Tie>,
}

/// How an object is tied to the person.
struct Tie {
    by: Vec<String>,
    shared: bool,
}

impl<'a> OfPerson<'a> {
    /// Nothing is tied to the person yet.
    #[must_use]
    pub fn new(people: &'a People, subject: &str) -> Self {
        Self {
            people,
            subject: subject.to_owned(),
            objects: BTreeMap::new(),
        }
    }

    /// Ties the object at `path` to the person, found by values of these detectors. `shared` says
    /// whether it names others too.
    pub fn add(&mut self, path: String, by: Vec<String>, shared: bool) {
        self.objects.insert(path, Tie { by, shared });
    }

    /// What a plan about one person says of whom its objects are; `None` where it is about no single
    /// person. The plan's seal must have been checked.
    #[must_use]
    pub fn of_plan(people: &'a People, plan: &Plan) -> Option<Self> {
        let mut of = Self::new(people, plan.head.subject.as_deref()?);
        for line in &plan.lines {
            let by = line.matched.as_ref().map(|matched| matched.by.clone());
            let (by, shared) = (by.unwrap_or_default(), line.kind == Kind::Manual);
            of.add(line.object.clone(), by.clone(), shared);
            // A file goes as a whole only where all that is personal in it is this person's.
            for member in line.also.iter().filter(|member| member.personal) {
                of.add(member.object.clone(), by.clone(), shared);
            }
        }
        Some(of)
    }
}

impl Attribution for OfPerson<'_> {
    fn of(&self, row: &ObjectRow, zone: Option<&ZoneMatch<'_>>) -> Attributed {
        let mut known = self.people.of(row, zone);
        let Some(tie) = self.objects.get(&row.path) else {
            return known;
        };
        if !known.subjects.contains(&self.subject) {
            known.subjects.push(self.subject.clone());
        }
        known.shared = tie.shared;
        known.matched = known.matched.or_else(|| {
            Some(Matched {
                by: tie.by.clone(),
                copy_of: None,
            })
        });
        known
    }
}
