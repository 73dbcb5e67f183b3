//! Which events of a register concern a document: found by scope, without looking at each event
//! for each document.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::policy::facts::Facts;
use crate::policy::globs::PathGlobs;
use crate::policy::register::Event;

/// The events of a register, findable by path, person, process and customer.
#[derive(Debug)]
pub(super) struct EventIndex<'a> {
    events: &'a [Event],
    globs: PathGlobs,
    /// For each glob its event.
    by_path: Vec<usize>,
    by_subject: HashMap<&'a str, Vec<usize>>,
    by_process: HashMap<&'a str, Vec<usize>>,
    by_org: HashMap<&'a str, Vec<usize>>,
}

/// The events that concern one document, by day and id.
#[derive(Debug, Default)]
pub(super) struct Concerning<'a> {
    events: Vec<&'a Event>,
}

impl<'a> EventIndex<'a> {
    /// Indexes events whose globs the register has checked.
    pub(super) fn new(events: &'a [Event]) -> Self {
        let with_path = || events.iter().enumerate().filter(|(_, e)| e.path.is_some());
        let patterns = with_path().filter_map(|(_, event)| event.path.as_deref());
        let (globs, by_path) = match PathGlobs::new(patterns) {
            Ok(globs) => (globs, with_path().map(|(at, _)| at).collect()),
            Err(_) => (PathGlobs::default(), Vec::new()),
        };
        let mut index = Self {
            events,
            globs,
            by_path,
            by_subject: HashMap::new(),
            by_process: HashMap::new(),
            by_org: HashMap::new(),
        };
        for (at, event) in events.iter().enumerate().filter(|(_, e)| e.path.is_none()) {
            let (map, key) = match (&event.subject, &event.process, &event.org) {
                (Some(subject), _, _) => (&mut index.by_subject, subject),
                (None, Some(process), _) => (&mut index.by_process, process),
                (None, None, Some(org)) => (&mut index.by_org, org),
                (None, None, None) => continue,
            };
            map.entry(key.as_str()).or_default().push(at);
        }
        index
    }

    /// The events that concern a document or one of its people.
    pub(super) fn concerning(&self, facts: &Facts) -> Concerning<'a> {
        let mut found: Vec<usize> = self
            .globs
            .matches(&facts.path)
            .into_iter()
            .filter_map(|glob| self.by_path.get(glob).copied())
            .collect();
        if !self.by_subject.is_empty() {
            for subject in &facts.subjects {
                found.extend(
                    self.by_subject
                        .get(subject.id.as_str())
                        .into_iter()
                        .flatten(),
                );
            }
        }
        if let Some(process) = &facts.process {
            found.extend(self.by_process.get(process.as_str()).into_iter().flatten());
        }
        if let Some(org) = &facts.org {
            found.extend(self.by_org.get(org.as_str()).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        let events = found
            .into_iter()
            .filter_map(|at| self.events.get(at))
            .filter(|event| fits(event, facts));
        let mut events: Vec<&Event> = events.collect();
        events.sort_by_key(|event| (event.on, &event.id));
        Concerning { events }
    }
}

/// Whether every scope but the path, which was matched already, fits the document.
fn fits(event: &Event, facts: &Facts) -> bool {
    let process = event.process.is_none() || event.process == facts.process;
    let org = event.org.is_none() || event.org == facts.org;
    let subject = match &event.subject {
        None => true,
        Some(id) => facts.subjects.iter().any(|subject| subject.id == *id),
    };
    process && org && subject
}

impl<'a> Concerning<'a> {
    /// Whether some event is about one person.
    pub(super) fn names(&self, subject: &str) -> bool {
        let about = |event: &Event| event.subject.as_deref() == Some(subject);
        self.events.iter().any(|event| about(event))
    }

    /// The events of a type that concern the document as far as `person` goes, by day.
    pub(super) fn of<'s>(
        &'s self,
        kind: &'s str,
        person: Person<'s>,
    ) -> impl Iterator<Item = Occurrence<'a>> + 's {
        let fits = move |event: &Event| event.kind == kind && person.fits(event);
        self.events
            .iter()
            .filter(move |event| fits(event))
            .map(|event| Occurrence { event })
    }
}

/// One event in the order of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occurrence<'a> {
    pub event: &'a Event,
}

impl Occurrence<'_> {
    /// Whether it can be an answer to another: a lift to a hold, a withdrawal to a consent, a closed
    /// case to an opened one. The register knows no time of day, and the place of a row in it says
    /// nothing (several registers are joined), so on the same day the answer counts as the later.
    pub(super) fn answers(self, other: Self) -> bool {
        self.event.on >= other.event.on
    }

    pub(super) fn has_come(self, as_of: Date) -> bool {
        self.event.on <= as_of
    }
}

/// For whom and for which purpose a rule is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person<'a> {
    /// The person; nobody where the document names none.
    pub who: Who<'a>,
    /// The purpose; none where it does not matter.
    pub purpose: For<'a>,
}

/// One person, or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who<'a> {
    /// Nobody in particular: only events that are not about one person.
    Nobody,
    /// This one.
    One(&'a str),
    /// Anybody the document is about.
    Anybody,
}

/// One purpose, several, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For<'a> {
    /// The document serves no stated purpose.
    Nothing,
    /// This one.
    One(&'a str),
    /// Any of these.
    AnyOf(&'a [String]),
    /// The event's own purpose is asked for elsewhere.
    Whatever,
}

impl Person<'_> {
    fn fits(self, event: &Event) -> bool {
        let person = match (&event.subject, self.who) {
            (None, _) | (Some(_), Who::Anybody) => true,
            (Some(_), Who::Nobody) => false,
            (Some(subject), Who::One(id)) => subject == id,
        };
        let purpose = match (&event.purpose, self.purpose) {
            (None, _) | (Some(_), For::Whatever) => true,
            (Some(_), For::Nothing) => false,
            (Some(purpose), For::One(id)) => purpose == id,
            (Some(purpose), For::AnyOf(ids)) => ids.contains(purpose),
        };
        person && purpose
    }
}
