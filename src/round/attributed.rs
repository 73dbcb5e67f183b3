//! Whom objects are about beyond what their places tell, and what that adds to what judging knows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::inventory::ObjectRow;
use crate::policy::{Facts, Role, SubjectRef, ZoneMatch};

/// Says whom objects are about, from an applicant list.
pub trait Attribution: Sync {
    /// What is known of an object beside what the site file says of its place, `zone`.
    fn of(&self, row: &ObjectRow, zone: Option<&ZoneMatch<'_>>) -> Attributed;
}

/// Whom an object is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributed {
    /// Ids of persons, where more than a name ties them to it.
    pub subjects: Vec<String>,
    /// The id that its place has for the one whom it is about, in the place of which these stand.
    pub instead_of: Option<String>,
    /// The round.
    pub process: Option<String>,
    /// The class it shares with the document it is a copy of, or that its own cues suggest.
    pub class: Option<String>,
    /// It belongs to the round's material although it lies elsewhere.
    pub belongs: bool,
    /// It may be about a person of these rounds, and no more than that.
    pub possible: BTreeSet<String>,
    /// It is about somebody of whom nobody knows whether they were hired: it is looked at, and never due.
    pub undecided: bool,
    /// It names other persons too, who are not known here: it never goes as a whole.
    pub shared: bool,
    /// How it was tied to them.
    pub matched: Option<Matched>,
}

/// How an object was tied to a person of the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matched {
    /// Words such as `email`, `phone`, `same content`, `alike 0.93`, `name only`, `outcome unknown`.
    pub by: Vec<String>,
    /// The first object of the group of like documents it belongs to, where there is one.
    pub copy_of: Option<String>,
}

/// No applicant list.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Attribution for Nobody {
    fn of(&self, _: &ObjectRow, _: Option<&ZoneMatch<'_>>) -> Attributed {
        Attributed::default()
    }
}

impl Attributed {
    /// What is known of the object, told to whoever judges it. A place that is somebody else's matter
    /// stays so.
    pub fn add_to(&self, facts: &mut Facts) {
        if let Some(other) = &self.instead_of {
            let own = |id: &String| self.subjects.contains(id);
            facts
                .subjects
                .retain(|known| known.id != *other || own(&known.id));
        }
        for id in &self.subjects {
            if !facts.subjects.iter().any(|known| known.id == *id) {
                facts.subjects.push(SubjectRef {
                    id: id.clone(),
                    relation: None,
                });
            }
        }
        facts.outcome_unknown |= self.undecided;
        if !self.belongs || facts.role == Role::Processor {
            return;
        }
        if facts.process.is_none() {
            facts.process.clone_from(&self.process);
        }
        facts.role = Role::Controller;
        if !facts.purpose.iter().any(|purpose| purpose == "recruitment") {
            facts.purpose.push("recruitment".to_owned());
        }
        if let Some(class) = &self.class {
            facts.class.clone_from(class);
            facts.class_confidence = 1.0;
        }
    }
}
