//! A plan as rows: what page and workbook show, and how decisions come back from a workbook.

use jiff::civil::Date;

use super::words::{self, kind, state, state_of};
use super::{Approval, Line, Plan, State, Task};
use crate::model::Lang;
use crate::report::escape::for_terminal;
use crate::report::{class_word, date_source_word, matched_word, place, plain};
use crate::round;

/// The columns that people fill in, by their place.
const DECISION: usize = 1;
const REASON: usize = 2;
const UNTIL: usize = 3;
const BY: usize = 4;
const SECOND: usize = 5;

/// Places that are told where it is not known which person they concern.
const FIRST_PLACES: usize = 5;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Words, with nothing in them that steers.
    Text(String),
    /// A day that can be sorted and filtered by.
    Day(Date),
}

impl Cell {
    /// The cell as a page shows it.
    pub(super) fn told(&self, lang: Lang) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(day) => plain(&day.to_string(), lang),
        }
    }
}

/// One line in words, in the order of the columns.
pub(super) fn row(line: &Line, lang: Lang) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(for_terminal(text));
    let day = |day: Option<Date>| day.map_or_else(|| text(""), Cell::Day);
    let name =
        |approval: &Option<Approval>| text(approval.as_ref().map_or("", |approval| &approval.name));
    let also = line.also.iter().map(|also| also.object.as_str());
    let class = class_word(&line.class, lang);
    vec![
        text(&line.id),
        text(state(line.state, lang)),
        text(line.reason.as_deref().unwrap_or_default()),
        day(line.until),
        name(&line.by),
        name(&line.second),
        text(&line.subjects.join(", ")),
        text(line.owner.as_deref().unwrap_or_default()),
        text(&line.object),
        text(&format!("{}, {class}", kind(line.kind, lang))),
        day(line.due),
        text(&rules(line)),
        text(&events(line, lang)),
        text(&document(line, lang)),
        text(&found(line, lang)),
        text(&also.collect::<Vec<_>>().join("; ")),
        text(&remark(line, lang)),
    ]
}

fn rules(line: &Line) -> String {
    let rules = line.rules.iter().map(|rule| {
        let place = rule.statement.as_ref().or(rule.norm.as_ref());
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        format!("{}{place}: {}", rule.rule, rule.title)
    });
    rules.collect::<Vec<_>>().join("; ")
}

fn events(line: &Line, lang: Lang) -> String {
    let events = line.grounds.iter().map(|ground| match &ground.event {
        Some(event) => {
            let days = plain(
                &format!("{} ({}) + {}", event.on, event.id, ground.period),
                lang,
            );
            format!("{} {days}", event.kind)
        }
        None => plain(&format!("+ {} ({})", ground.period, ground.source), lang),
    });
    events.collect::<Vec<_>>().join("; ")
}

fn document(line: &Line, lang: Lang) -> String {
    let Some(document) = &line.document else {
        return String::new();
    };
    let last = document.last;
    let days = match document.first {
        Some(first) if first == last => first.to_string(),
        Some(first) => format!("{first} – {last}"),
        None => format!("≤ {last}"),
    };
    let source = date_source_word(&document.source, lang);
    format!("{} ({source})", plain(&days, lang))
}

fn found(line: &Line, lang: Lang) -> String {
    let found = line.found.iter().map(|found| {
        let what = plain(&found.what, lang);
        let sample = found.sample.as_deref().unwrap_or_default();
        format!("{what} × {} {sample}", found.count)
            .trim_end()
            .to_owned()
    });
    found.collect::<Vec<_>>().join("; ")
}

fn remark(line: &Line, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(task) = &line.task {
        parts.push(told(task, lang));
    }
    if let Some(matched) = &line.matched {
        let by = matched.by.iter().map(|by| matched_word(by, lang));
        parts.push(by.collect::<Vec<_>>().join(", "));
        if let Some(copy) = &matched.copy_of {
            parts.push(format!("= {copy}"));
        }
    }
    parts.join(" · ")
}

/// What there is to do by hand, with the exact place: the part of the file, date and `Message-ID` of a
/// mail, and for each person the cells, rows or lines; or else the first ones that something was found in.
fn told(task: &Task, lang: Lang) -> String {
    let mut parts: Vec<String> = task.member.iter().cloned().collect();
    parts.extend(task.date.map(|day| plain(&day.to_string(), lang)));
    parts.extend(
        task.message_id
            .as_ref()
            .map(|id| format!("Message-ID <{id}>")),
    );
    for of_one in task.persons.chunk_by(|a, b| a.subject == b.subject) {
        let subject = of_one.first().map(|one| one.subject.as_str());
        let places: Vec<String> = of_one.iter().map(|one| place(&one.place, lang)).collect();
        let subject = subject.unwrap_or_default();
        parts.push(format!("{subject}: {}", places.join(", ")));
    }
    if task.persons.is_empty() {
        let first = task.places.iter().take(FIRST_PLACES);
        parts.extend(first.map(|one| place(one, lang)));
    }
    format!("{}: {}", task.why, parts.join("; "))
}

/// The header of the column of ids: it carries the plan's seal, so that decisions cannot be read into
/// another plan.
pub(super) fn id_header(plan: &Plan, lang: Lang) -> String {
    let seal: String = plan.seal.chars().take(16).collect();
    let name = words::words(lang)
        .columns
        .first()
        .copied()
        .unwrap_or_default();
    format!("{name} {seal}")
}

/// Who brings decisions in.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The account of the operating system.
    pub account: &'a str,
    /// The day.
    pub on: Date,
    /// Approvals count as the second person's.
    pub second: bool,
}

impl Plan {
    /// Takes over the decisions of a workbook's rows, the header first. Returns how many lines were
    /// decided, and the rows that were not understood: number in the sheet, and why.
    ///
    /// # Errors
    /// A sentence where the rows belong to another plan.
    pub fn decide(
        &mut self,
        rows: &[Vec<String>],
        reader: &Reader<'_>,
    ) -> Result<(usize, Vec<(usize, String)>), String> {
        let seal: String = self.seal.chars().take(16).collect();
        let (header, rows) = rows.split_first().ok_or("the workbook is empty")?;
        let first = header.first().map(String::as_str).unwrap_or_default();
        if seal.is_empty() || first.split_whitespace().last() != Some(seal.as_str()) {
            return Err("the workbook belongs to another plan".to_owned());
        }
        let (mut decided, mut refused) = (0, Vec::new());
        for (at, row) in rows.iter().enumerate() {
            let cell = |at: usize| row.get(at).map(|cell| cell.trim()).unwrap_or_default();
            if row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let line = self.lines.iter_mut().find(|line| line.id == cell(0));
            let done = match line {
                None => Err("there is no such line in the plan".to_owned()),
                Some(line) => decide(line, &cell, reader),
            };
            match done {
                Ok(changed) => decided += usize::from(changed),
                Err(why) => refused.push((at + 2, why)),
            }
        }
        Ok((decided, refused))
    }
}

/// What a person decides about a line.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The new state.
    pub state: State,
    /// Why, for an exemption.
    pub reason: Option<String>,
    /// Until when an exemption holds.
    pub until: Option<Date>,
    /// Who decides, in the person's own words; empty where nobody is named.
    pub name: String,
}

impl Line {
    /// Takes over a decision. `Open` takes an earlier one back.
    ///
    /// # Errors
    /// A sentence: approved or exempted by nobody, exempted without reason or day, or approved by a
    /// second person before a first one.
    pub fn decide(&mut self, decision: &Decision, reader: &Reader<'_>) -> Result<(), String> {
        let approval = || {
            (!decision.name.is_empty()).then(|| Approval {
                name: decision.name.clone(),
                account: Some(reader.account.to_owned()),
                on: Some(reader.on),
                signer: None,
            })
        };
        match decision.state {
            State::Approved if reader.second => {
                if self.state != State::Approved || self.by.is_none() {
                    return Err("nobody has approved it as the first".to_owned());
                }
                let name = approval().ok_or("nobody is named as the second approver")?;
                self.second = Some(name);
                return Ok(());
            }
            State::Approved => {
                self.by = Some(approval().ok_or("it is approved by nobody")?);
                // Named by the same hand: who that was, nobody can tell.
                self.second = None;
            }
            State::Exempted => {
                if decision.reason.is_none() || decision.until.is_none() {
                    return Err(
                        "an exemption needs a reason and a day until which it holds".to_owned()
                    );
                }
                self.by = Some(approval().ok_or("it is exempted by nobody")?);
            }
            State::Left => {}
            State::Open => {
                self.by = None;
                self.second = None;
            }
        }
        self.state = decision.state;
        self.reason.clone_from(&decision.reason);
        self.until = decision.until;
        Ok(())
    }
}

fn decide<'a>(
    line: &mut Line,
    cell: &dyn Fn(usize) -> &'a str,
    reader: &Reader<'_>,
) -> Result<bool, String> {
    let state = state_of(cell(DECISION)).ok_or("the decision is none of those offered")?;
    let until = match cell(UNTIL) {
        "" => None,
        day => Some(
            round::day(day).ok_or("`until` is no date; write it as 2026-11-30 or 30.11.2026")?,
        ),
    };
    if state == State::Open {
        return Ok(false);
    }
    let reason = cell(REASON);
    let decision = Decision {
        state,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        until,
        name: cell(if reader.second { SECOND } else { BY }).to_owned(),
    };
    line.decide(&decision, reader).map(|()| true)
}
