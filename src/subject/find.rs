//! Every object that holds a person's identifiers, with its place, its rules and its verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use jiff::civil::Date;
use serde::Serialize;

use super::asked::{Asked, Identifier};
use super::linked::{Link, links};
use super::redact::NAMING;
use crate::inventory::{self, ObjectRow, Reader};
use crate::model::Lang;
use crate::policy::{Deadline, Facts, Role, SubjectRef, Verdict};
use crate::report::Judging;

/// What is wanted.
pub struct Wish<'a> {
    /// Judges each object.
    pub judging: &'a Judging<'a>,
    /// How paths are shown: masked, or as they are.
    pub shown: &'a dyn Fn(&str) -> String,
    /// Id of the person in the event register, where they have one: events of theirs count then.
    pub subject: Option<&'a str>,
    /// Whether objects count that hold only linked identifiers.
    pub follow_links: bool,
    /// Language of titles.
    pub lang: Lang,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Its path.
    pub object: String,
    /// Ids of the detectors by whose values it was found.
    pub found_by: Vec<String>,
    /// It holds none of the person's own identifiers, but one that is linked to them.
    pub linked: bool,
    /// Pattern of its place in the site file.
    pub place: Option<String>,
    /// Who looks after the place.
    pub owner: Option<String>,
    /// Purposes of the place.
    pub purpose: Vec<String>,
    /// Role of the organisation there.
    pub role: &'static str,
    /// Class of document.
    pub class: Option<String>,
    /// Whether it was read to its end.
    pub outcome: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Its day.
    pub due: Option<Date>,
    /// Ids of the rules that took part.
    pub rules: Vec<String>,
    /// Why it is kept or goes: the rules that decide, each with its title.
    pub ground: Vec<String>,
    /// What a person must look at.
    pub review: Option<String>,
    /// Number in the inventory.
    #[serde(skip)]
    pub id: i64,
}

/// What was read and what was not: what was not read can hold the person's data too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Objects that were not read at all.
    pub unread: u64,
    /// Objects that were read in part.
    pub partial: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// What was looked for.
    pub asked: Asked,
    /// Objects with an identifier that is nobody else's, or with two of the person's.
    pub objects: Vec<Line>,
    /// Objects with nothing but the name or the birth date: somebody else may bear it.
    pub possible: Vec<Line>,
    /// Objects with another way to write the name.
    pub near: Vec<Line>,
    /// Identifiers that stand together with the person's own.
    pub links: Vec<Link>,
    /// Whether objects with linked identifiers alone are among the objects.
    #[serde(skip)]
    pub links_followed: bool,
    /// What was not read.
    pub coverage: Coverage,
    /// The last day to answer, where the register has a request of the person.
    pub deadline: Option<Deadline>,
}

impl Found {
    /// Whether a value is one of the person's: one that was given, or one that is linked to them where
    /// links were followed.
    #[must_use]
    pub fn is_own(&self, detector: &str, digest: u64) -> bool {
        let given = |i: &Identifier| !i.near && i.detector == detector && i.digest == digest;
        let linked = |link: &Link| link.detector == detector && link.digest == digest;
        digest != 0
            && (self.asked.identifiers.iter().any(given)
                || (self.links_followed && self.links.iter().any(linked)))
    }

    /// Whether an object names persons beside this one, as far as the inventory knows.
    ///
    /// # Errors
    /// When the inventory cannot be read.
    pub fn names_others(&self, inventory: &Reader, object: i64) -> Result<bool, inventory::Error> {
        let mut others = false;
        inventory.for_each_digests(object, &mut |detector, mut digests| {
            others = NAMING.contains(&detector)
                && Iterator::any(&mut digests, |digest| !self.is_own(detector, digest));
            if others {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(others)
    }
}

/// Finds every present object with one of the identifiers.
///
/// # Errors
/// When the inventory cannot be read.
pub fn find(inventory: &Reader, asked: Asked, wish: &Wish<'_>) -> Result<Found, inventory::Error> {
    let own: Vec<&Identifier> = asked.identifiers.iter().filter(|i| !i.near).collect();
    let mut by_object: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for identifier in &own {
        for object in inventory.objects_with(identifier.detector, identifier.digest)? {
            add(&mut by_object, object, identifier.detector);
        }
    }
    let found = lines(inventory, &by_object, wish)?.into_iter();
    let (mut objects, mut possible): (Vec<Line>, Vec<Line>) =
        found.partition(|line| is_sure(&line.found_by));
    let mut near: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for identifier in asked.identifiers.iter().filter(|i| i.near) {
        for object in inventory.objects_with(identifier.detector, identifier.digest)? {
            if !by_object.contains_key(&object) {
                add(&mut near, object, identifier.detector);
            }
        }
    }
    let near = lines(inventory, &near, wish)?;
    let sure: Vec<(i64, String)> = objects.iter().map(|l| (l.id, l.object.clone())).collect();
    let own: Vec<(String, u64)> = asked
        .identifiers
        .iter()
        .map(|i| (i.detector.to_owned(), i.digest))
        .collect();
    let links = links(inventory, &sure, &own)?;
    if wish.follow_links {
        let mut more: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for link in &links {
            for object in inventory.objects_with(&link.detector, link.digest)? {
                if !by_object.contains_key(&object) {
                    add(&mut more, object, &link.detector);
                }
            }
        }
        let linked = lines(inventory, &more, wish)?.into_iter();
        objects.extend(linked.map(|line| Line {
            linked: true,
            ..line
        }));
    }
    for list in [&mut objects, &mut possible] {
        list.sort_by(|one, two| one.object.cmp(&two.object));
    }
    Ok(Found {
        asked,
        objects,
        possible,
        near,
        links,
        links_followed: wish.follow_links,
        coverage: coverage(inventory)?,
        deadline: deadline(wish),
    })
}

fn add(by_object: &mut BTreeMap<i64, Vec<String>>, object: i64, detector: &str) {
    let found_by = by_object.entry(object).or_default();
    if !found_by.iter().any(|known| known == detector) {
        found_by.push(detector.to_owned());
    }
}

/// A name or a birth date alone is many people's; two kinds together, or any other, is one's.
fn is_sure(found_by: &[String]) -> bool {
    let many = |detector: &String| matches!(detector.as_str(), "name" | "birth-date");
    found_by.len() > 1 || !found_by.iter().all(many)
}

fn lines(
    inventory: &Reader,
    objects: &BTreeMap<i64, Vec<String>>,
    wish: &Wish<'_>,
) -> Result<Vec<Line>, inventory::Error> {
    let ids: BTreeSet<i64> = objects.keys().copied().collect();
    let mut lines = Vec::new();
    inventory.for_each_numbered(&ids, &mut |row| {
        if let Some(found_by) = objects.get(&row.id) {
            lines.push(told(&row, found_by, wish));
        }
    })?;
    Ok(lines)
}

fn told(row: &ObjectRow, found_by: &[String], wish: &Wish<'_>) -> Line {
    let mut facts = wish.judging.known(row).facts;
    if let Some(id) = wish.subject
        && !facts.subjects.iter().any(|known| known.id == id)
    {
        facts.subjects.push(person(id));
    }
    let judgement = wish.judging.judge(&facts);
    let zone = wish.judging.site().zone(&row.path);
    let title = |id: &String| {
        let rule = wish.judging.book().rule(id)?;
        Some(format!("{id}: {}", rule.title_in(wish.lang)))
    };
    Line {
        object: (wish.shown)(&row.path),
        found_by: found_by.to_vec(),
        linked: false,
        place: zone.as_ref().map(|found| found.zone.path.clone()),
        owner: zone.as_ref().and_then(|found| found.zone.owner.clone()),
        purpose: facts.purpose.clone(),
        role: role(facts.role),
        class: row.class.as_ref().map(|class| class.id.clone()),
        outcome: row.outcome.name().to_owned(),
        verdict: judgement.verdict,
        due: judgement.due,
        ground: judgement.decisive.iter().filter_map(title).collect(),
        rules: judgement.rules,
        review: judgement.review,
        id: row.id,
    }
}

fn person(id: &str) -> SubjectRef {
    SubjectRef {
        id: id.to_owned(),
        relation: None,
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Controller => "controller",
        Role::Processor => "processor",
        Role::Joint => "joint",
        Role::Unknown => "unknown",
    }
}

/// The class of a line in a register of requests, as deadline rules name it.
const REQUEST: &str = "dsar.request";

/// The deadline of the person's request, by the rules that set one.
fn deadline(wish: &Wish<'_>) -> Option<Deadline> {
    let request = Facts {
        kind: Some("request".to_owned()),
        class: REQUEST.to_owned(),
        role: Role::Controller,
        subjects: vec![person(wish.subject?)],
        ..Facts::default()
    };
    wish.judging.judge(&request).deadline
}

fn coverage(inventory: &Reader) -> Result<Coverage, inventory::Error> {
    let mut coverage = Coverage::default();
    inventory.for_each_problem(&mut |row| {
        if row.outcome.is_unread() {
            match row.outcome.name() {
                "partial" => coverage.partial += 1,
                _ => coverage.unread += 1,
            }
        }
    })?;
    Ok(coverage)
}
