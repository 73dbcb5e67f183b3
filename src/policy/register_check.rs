//! Which rows of a register hold: the vocabulary's demands, ids, scopes, and rows that take back
//! other rows.

use std::collections::{HashMap, HashSet};

use super::events::{EventType, Scope, Vocabulary};
use super::globs;
use super::identity_number::looks_like_identity_number;
use super::period::days_between;
use super::refusal::Refusal;
use super::register::{Event, LateRow, RefusedRow, Register, RegisterOptions};

/// Days after which a late registration is listed (retention model D.3: a starting value).
const LATE_DAYS: i64 = 30;

/// Takes rows one by one and sorts them into those that hold and those that do not.
pub(super) struct Checker<'a> {
    vocabulary: &'a Vocabulary,
    options: RegisterOptions,
    needs_recorder: bool,
    ids: HashSet<String>,
    rows: Vec<(usize, Event)>,
    register: Register,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        vocabulary: &'a Vocabulary,
        options: RegisterOptions,
        needs_recorder: bool,
    ) -> Self {
        Self {
            vocabulary,
            options,
            needs_recorder,
            ids: HashSet::new(),
            rows: Vec::new(),
            register: Register::default(),
        }
    }

    /// Takes a row.
    pub(super) fn event(&mut self, line: usize, event: Event) {
        if let Some(why) = self.refusal(&event) {
            return self.refuse(line, event.id, why);
        }
        if !event.id.is_empty() {
            self.ids.insert(event.id.clone());
        }
        self.rows.push((line, event));
    }

    /// Refuses a row; an id that is an identity number is not kept.
    pub(super) fn refuse(&mut self, line: usize, event_id: String, why: Refusal) {
        let event_id = if looks_like_identity_number(&event_id) {
            String::new()
        } else {
            event_id
        };
        self.register.refused.push(RefusedRow {
            line,
            event_id,
            why,
        });
    }

    fn refusal(&self, event: &Event) -> Option<Refusal> {
        let Some(kind) = self.vocabulary.get(&event.kind) else {
            let meant = self.vocabulary.nearest(&event.kind).map(str::to_owned);
            return Some(Refusal::UnknownType { meant });
        };
        if self.needs_recorder && event.id.is_empty() {
            return Some(Refusal::NoId);
        }
        if self.ids.contains(&event.id) {
            return Some(Refusal::IdUsedTwice);
        }
        self.scope_refusal(event, kind)
            .or_else(|| self.missing(event, kind))
            .or_else(|| wrong_reason(event, kind))
    }

    fn scope_refusal(&self, event: &Event, kind: &EventType) -> Option<Refusal> {
        if !kind.scope.is_empty()
            && !kind
                .scope
                .iter()
                .any(|scope| given(event, *scope).is_some())
        {
            let names = kind.scope.iter().map(|scope| scope.as_str()).collect();
            return Some(Refusal::NoScope { names });
        }
        let ids = [&event.subject, &event.process, &event.org, &event.reference];
        if ids
            .into_iter()
            .flatten()
            .any(|id| looks_like_identity_number(id))
        {
            return Some(Refusal::IdentityNumber);
        }
        let pattern = event.path.as_deref()?;
        if !self.options.allow_global && globs::is_whole_root(pattern) {
            return Some(Refusal::WholeRoot);
        }
        globs::compile(pattern).err().map(|_| Refusal::BadGlob)
    }

    fn missing(&self, event: &Event, kind: &EventType) -> Option<Refusal> {
        let lacks = |field: &str| match field {
            "until" => event.until.is_none(),
            "reason" => event.reason.is_none(),
            "voids" => event.voids.is_none(),
            "ref" => event.reference.is_none(),
            "purpose" => event.purpose.is_none(),
            "recorded_by" => self.needs_recorder && event.recorded_by.is_none(),
            _ => false,
        };
        let fields: Vec<String> = kind.required.iter().filter(|f| lacks(f)).cloned().collect();
        (!fields.is_empty()).then(|| Refusal::Missing {
            kind: kind.id.clone(),
            fields,
        })
    }

    /// Takes back what other rows take back, wherever in the register they stand; a row that was
    /// itself taken back takes back nothing.
    pub(super) fn finish(mut self) -> Register {
        let rows = std::mem::take(&mut self.rows);
        let mut kept = Vec::new();
        for ((line, event), state) in rows.iter().zip(states(&rows)) {
            match state {
                State::Stands => kept.push((*line, event.clone())),
                State::TakenBack => {}
                State::VoidsNothing => self.refuse(*line, event.id.clone(), Refusal::VoidsUnknown),
            }
        }
        self.register.refused.sort_by_key(|row| row.line);
        for (line, event) in kept {
            let days = event
                .recorded_on
                .map_or(0, |day| days_between(event.on, day));
            if days > LATE_DAYS {
                self.register.late.push(LateRow {
                    line,
                    event_id: event.id.clone(),
                    days,
                });
            }
            self.register.events.push(event);
        }
        self.register
    }
}

/// What becomes of a row when all of them are known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Stands,
    TakenBack,
    /// It takes back a row that is not there, or one that in the end takes back it.
    VoidsNothing,
}

/// Decides the rows that nobody takes back, then those that these take back, and so on.
fn states(rows: &[(usize, Event)]) -> Vec<State> {
    let at: HashMap<&str, usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, (_, event))| !event.id.is_empty())
        .map(|(at, (_, event))| (event.id.as_str(), at))
        .collect();
    let voids = |row: usize| {
        let (_, event) = rows.get(row)?;
        event.voids.as_ref().map(|id| at.get(id.as_str()).copied())
    };
    let mut takers = vec![0_usize; rows.len()];
    for target in (0..rows.len()).filter_map(|row| voids(row).flatten()) {
        takers.get_mut(target).into_iter().for_each(|n| *n += 1);
    }
    // Rows in a ring of corrections are never reached, and so refused.
    let mut states = vec![State::VoidsNothing; rows.len()];
    let mut taken = vec![false; rows.len()];
    let free = takers.iter().enumerate().filter(|(_, n)| **n == 0);
    let mut ready: Vec<usize> = free.map(|(row, _)| row).collect();
    while let Some(row) = ready.pop() {
        let mine = match (taken.get(row), voids(row)) {
            (_, Some(None)) => State::VoidsNothing,
            (Some(true), _) => State::TakenBack,
            (_, _) => State::Stands,
        };
        states.get_mut(row).into_iter().for_each(|s| *s = mine);
        let Some(Some(target)) = voids(row) else {
            continue;
        };
        if let (Some(n), Some(gone)) = (takers.get_mut(target), taken.get_mut(target)) {
            *n -= 1;
            *gone |= mine == State::Stands;
            if *n == 0 {
                ready.push(target);
            }
        }
    }
    states
}

fn wrong_reason(event: &Event, kind: &EventType) -> Option<Refusal> {
    let reason = event.reason.as_ref()?;
    (!kind.reasons.is_empty() && !kind.reasons.contains(reason)).then(|| Refusal::WrongReason {
        allowed: kind.reasons.clone(),
    })
}

/// What an event says for a scope.
fn given(event: &Event, scope: Scope) -> Option<&str> {
    match scope {
        Scope::Path => event.path.as_deref(),
        Scope::Subject => event.subject.as_deref(),
        Scope::Process => event.process.as_deref(),
        Scope::Org => event.org.as_deref(),
    }
}
