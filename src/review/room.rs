//! What is reviewed, and the decisions that are taken: a plan in its file, and a trail beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::objects::{Objects, Question};
use super::told;
use crate::model::Lang;
use crate::own_files::{self, Readers};
use crate::plan::{Decision, DecisionReader, Plan, State};

/// Lines that one request decides at most.
const MAX_IDS: usize = 10_000;

/// What the room needs from outside: the clock, who is there, and the inventory.
pub trait Outside: Send + Sync {
    /// The account of the operating system.
    fn account(&self) -> String;
    /// Today, and now in seconds since 1970.
    fn now(&self) -> (Date, i64);
    /// The whole story of the object with a number, as reports show it.
    ///
    /// # Errors
    /// A sentence when the inventory cannot be read.
    fn explain(&self, number: i64) -> Result<Option<Value>, String>;
    /// Takes what a detector found in an object for no such thing, from now on everywhere. Returns how
    /// many different values that are.
    ///
    /// # Errors
    /// A sentence when there is nothing of the kind, or it cannot be kept.
    fn dismiss(&self, number: i64, detector: &str) -> Result<u64, String>;
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It was done or is here.
    Done(Value),
    /// The request makes no sense; a sentence.
    Wrong(String),
    /// The plan's file was changed by somebody else in the meantime.
    Changed,
    /// It could not be done; a sentence.
    Failed(String),
}

/// A plan that is being decided on, and the objects behind it.
pub struct Room {
    lang: Lang,
    outside: Box<dyn Outside>,
    objects: Objects,
    plan: Option<Mutex<Desk>>,
    /// Names of persons by their ids: shown, and kept nowhere.
    people: BTreeMap<String, String>,
}

/// The plan with its file as it was last read or written.
struct Desk {
    file: PathBuf,
    plan: Plan,
    written: String,
}

/// Decisions as the page sends them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    ids: Vec<String>,
    state: State,
    #[serde(default)]
    reason: String,
    until: Option<Date>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    second: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dismissal {
    number: i64,
    detector: String,
}

/// One decision in the trail: no path, no value.
#[derive(Debug, Serialize)]
struct Trace<'a> {
    at: i64,
    account: &'a str,
    name: &'a str,
    line: &'a str,
    state: State,
    second: bool,
    reason: &'a str,
    until: Option<Date>,
}

impl Room {
    /// A room for the objects, without a plan.
    #[must_use]
    pub fn new(lang: Lang, objects: Objects, outside: Box<dyn Outside>) -> Self {
        Self {
            lang,
            outside,
            objects,
            plan: None,
            people: BTreeMap::new(),
        }
    }

    /// The same with a plan that was read from `file` as `text`.
    #[must_use]
    pub fn with_plan(mut self, file: PathBuf, plan: Plan, text: String) -> Self {
        self.plan = Some(Mutex::new(Desk {
            file,
            plan,
            written: text,
        }));
        self
    }

    /// The same with the names of persons by their ids.
    #[must_use]
    pub fn with_people(mut self, people: BTreeMap<String, String>) -> Self {
        self.people = people;
        self
    }

    /// What the page begins with: the language, the account, the plan where there is one with the names of its
    /// persons, the detectors that found something, and what the ids are called in each language.
    #[must_use]
    pub fn beginning(&self) -> Value {
        let lang = self.lang.code();
        let detectors = self.objects.kinds();
        let desk = self.plan.as_ref();
        let desk = desk.map(|desk| desk.lock().unwrap_or_else(PoisonError::into_inner));
        let lines = desk.iter().flat_map(|desk| &desk.plan.lines);
        let (mut kinds, mut classes) = (detectors.clone(), self.objects.classes());
        let mut ties = BTreeSet::new();
        for line in lines {
            kinds.extend(line.found.iter().map(|found| found.what.as_str()));
            classes.insert(&line.class);
            let matched = line.matched.iter().flat_map(|matched| &matched.by);
            ties.extend(matched.map(String::as_str));
        }
        let plan = desk.as_ref().map(|desk| {
            let lines = desk.plan.lines.iter();
            let lines: Vec<Value> = lines.map(|line| told::line(line, self.lang)).collect();
            json!({ "head": desk.plan.head, "lines": lines })
        });
        let (today, _) = self.outside.now();
        let account = self.outside.account();
        json!({
            "lang": lang, "account": account, "today": today, "plan": plan, "people": self.people,
            "detectors": detectors, "names": told::names(&kinds, &classes, &ties),
        })
    }

    /// The objects that fit a question.
    #[must_use]
    pub fn objects(&self, body: &[u8]) -> Answer {
        match serde_json::from_slice::<Question>(body) {
            Ok(question) => Answer::Done(json!(self.objects.answer(&question))),
            Err(error) => Answer::Wrong(error.to_string()),
        }
    }

    /// The whole story of an object.
    #[must_use]
    pub fn object(&self, number: i64) -> Answer {
        match self.outside.explain(number) {
            Ok(Some(story)) => Answer::Done(told::story(story, self.lang)),
            Ok(None) => Answer::Wrong("there is no such object any more".to_owned()),
            Err(why) => Answer::Failed(why),
        }
    }

    /// Takes decisions into the plan's file: all of them, or none where one makes no sense.
    #[must_use]
    pub fn decide(&self, body: &[u8]) -> Answer {
        let wish: Wish = match serde_json::from_slice(body) {
            Ok(wish) => wish,
            Err(error) => return Answer::Wrong(error.to_string()),
        };
        if wish.ids.is_empty() || wish.ids.len() > MAX_IDS {
            return Answer::Wrong(format!("from 1 to {MAX_IDS} lines can be decided at once"));
        }
        let Some(desk) = &self.plan else {
            return Answer::Wrong("no plan is open".to_owned());
        };
        let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
        let account = self.outside.account();
        let (today, now) = self.outside.now();
        let reader = DecisionReader {
            account: &account,
            on: today,
            second: wish.second,
        };
        desk.decide(&wish, &reader, now, self.lang)
    }

    /// Takes a finding for a false one.
    #[must_use]
    pub fn dismiss(&self, body: &[u8]) -> Answer {
        let wish: Dismissal = match serde_json::from_slice(body) {
            Ok(wish) => wish,
            Err(error) => return Answer::Wrong(error.to_string()),
        };
        match self.outside.dismiss(wish.number, &wish.detector) {
            Ok(values) => Answer::Done(json!({ "values": values })),
            Err(why) => Answer::Wrong(why),
        }
    }
}

impl Desk {
    fn decide(&mut self, wish: &Wish, reader: &DecisionReader<'_>, now: i64, lang: Lang) -> Answer {
        match std::fs::read_to_string(&self.file) {
            Ok(text) if text == self.written => {}
            Ok(_) => return Answer::Changed,
            Err(error) => return Answer::Failed(self.told("read", &error)),
        }
        let mut plan = self.plan.clone();
        if let Err(why) = decided(&mut plan, wish, reader) {
            return Answer::Wrong(why);
        }
        let text = match plan.to_json() {
            Ok(text) => text,
            Err(error) => return Answer::Failed(error.to_string()),
        };
        // The trail first: a decision without a trace is worse than a trace without a decision.
        if let Err(error) = trace(&trail(&self.file), wish, reader, now) {
            return Answer::Failed(self.told("traced", &error));
        }
        if let Err(error) = own_files::replace(&self.file, text.as_bytes(), Readers::Owner) {
            return Answer::Failed(self.told("written", &error));
        }
        self.plan = plan;
        self.written = text;
        let lines = self.plan.lines.iter();
        let changed = lines.filter(|line| wish.ids.contains(&line.id));
        let changed: Vec<Value> = changed.map(|line| told::line(line, lang)).collect();
        Answer::Done(json!({ "lines": changed }))
    }

    fn told(&self, what: &str, error: &io::Error) -> String {
        format!("`{}` could not be {what}: {error}", self.file.display())
    }
}

/// Takes over the same decision for each line that is named.
fn decided(plan: &mut Plan, wish: &Wish, reader: &DecisionReader<'_>) -> Result<(), String> {
    let reason = wish.reason.trim();
    let decision = Decision {
        state: wish.state,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        until: wish.until,
        name: wish.name.trim().to_owned(),
    };
    for id in &wish.ids {
        let line = plan.lines.iter_mut().find(|line| line.id == *id);
        let line = line.ok_or_else(|| format!("there is no line `{id}` in the plan"))?;
        line.decide(&decision, reader)?;
    }
    Ok(())
}

/// The trail's file: beside the plan.
fn trail(plan: &Path) -> PathBuf {
    let mut name = plan.as_os_str().to_owned();
    name.push(".trail.jsonl");
    name.into()
}

fn trace(file: &Path, wish: &Wish, reader: &DecisionReader<'_>, now: i64) -> io::Result<()> {
    let mut lines = Vec::new();
    for line in &wish.ids {
        let trace = Trace {
            at: now,
            account: reader.account,
            name: &wish.name,
            line,
            state: wish.state,
            second: wish.second,
            reason: &wish.reason,
            until: wish.until,
        };
        serde_json::to_writer(&mut lines, &trace)?;
        lines.push(b'\n');
    }
    let mut out = own_files::open_private(file, OpenOptions::new().append(true).create(true))?;
    out.write_all(&lines)?;
    out.sync_all()
}
