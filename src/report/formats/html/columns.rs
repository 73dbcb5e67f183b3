//! The objects that a person may have to act on, as columns of numbers that point into tables.
//!
//! A hundred thousand objects share a few thousand explanations, sets of findings and sets of rules;
//! each of those stands in a table once.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::interned::Interned;
use crate::model::Lang;
use crate::policy::Verdict;
use crate::report::access::Reach;
use crate::report::backdrop::Backdrop;
use crate::report::folders::FolderTree;
use crate::report::story_words as told;
use crate::report::words;
use crate::report::{Access, FoundRow, JudgedObject, class_word};

/// Objects that a page lists; where there are more, those with the least to do are left out first.
const MOST: usize = 200_000;

/// A page of these columns.
const NAMES: [&str; 17] = [
    "folder",
    "bytes",
    "outcome",
    "problem",
    "unread",
    "format",
    "class",
    "certainty",
    "verdict",
    "due",
    "rules",
    "violated",
    "found",
    "why",
    "dates",
    "owner",
    "access",
];

/// One row: numbers in the order of [`NAMES`].
type Row = [i32; NAMES.len()];

const VERDICT: usize = 8;
const UNREAD: usize = 4;
const FOUND: usize = 12;

/// All that the page lists.
#[derive(Debug)]
pub(super) struct Columns {
    tree: FolderTree,
    rules: HashMap<String, usize>,
    names: Vec<Box<str>>,
    rows: Vec<Row>,
    left_out: u64,
    /// Rows of this worth or less are not taken any more.
    dropped: Option<u8>,
    words: Interned,
    classes: Interned,
    kinds: Interned,
    reasons: Interned,
    rule_sets: Interned,
    finds: Interned,
    lines: Interned,
    /// Lines of explanations by what they are in the two languages that are judged in.
    told: HashMap<(String, String), i32>,
    whys: Interned,
    dates: Interned,
    accesses: Interned,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            tree: FolderTree::default(),
            rules: HashMap::new(),
            names: Vec::new(),
            rows: Vec::new(),
            left_out: 0,
            dropped: None,
            words: Interned::new(&json!("")),
            classes: Interned::new(&json!([])),
            kinds: Interned::new(&json!([])),
            reasons: Interned::new(&json!([])),
            rule_sets: Interned::new(&json!([])),
            finds: Interned::new(&json!([])),
            lines: Interned::new(&json!([])),
            told: HashMap::new(),
            whys: Interned::new(&json!([])),
            dates: Interned::new(&json!([])),
            accesses: Interned::new(&json!([])),
        }
    }
}

impl Columns {
    /// No rows yet. Rules are told by their place in the backdrop.
    pub(super) fn new(backdrop: &Backdrop) -> Self {
        let rules = backdrop.rules.iter().enumerate();
        Self {
            rules: rules.map(|(at, rule)| (rule.id.clone(), at)).collect(),
            ..Self::default()
        }
    }

    /// Takes in an object; what has nothing to act on is counted in its folder only.
    pub(super) fn add(&mut self, object: &JudgedObject, lang: Lang) {
        // Every object takes its place, so that the folders are numbered as the overview's are.
        let (folder, rest) = self.tree.place(&object.shown);
        let (folder, name) = (whole(folder as u64), Box::from(rest));
        let verdict = object.judgement.as_ref().map(|judgement| judgement.verdict);
        let Some(worth) = worth(object, verdict) else {
            return;
        };
        if self.dropped.is_some_and(|dropped| worth <= dropped) {
            self.left_out += 1;
            return;
        }
        let row = self.row(object, folder, lang);
        self.rows.push(row);
        self.names.push(name);
        if self.rows.len() > MOST {
            self.drop_least();
        }
    }

    fn row(&mut self, object: &JudgedObject, folder: i32, lang: Lang) -> Row {
        let judgement = object.judgement.as_ref();
        let problem = object
            .problem
            .as_ref()
            .map_or("", |problem| problem.kind.as_str());
        let (class, certainty) = object
            .class
            .as_ref()
            .map_or(("", 0.0), |(id, sure)| (id, *sure));
        let none = Vec::new();
        let rules = judgement.map_or(&none, |judgement| &judgement.rules);
        let violated = judgement.map_or(&none, |judgement| &judgement.violations);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a share of one, in hundredths"
        )]
        let certainty = (certainty * 100.0).round() as i32;
        [
            folder,
            whole(object.bytes),
            self.words.text(&object.outcome),
            self.words.text(problem),
            i32::from(object.unread),
            self.words
                .text(object.format.as_deref().unwrap_or_default()),
            self.class(class),
            certainty,
            judgement.map_or(0, |judgement| 1 + judgement.verdict as i32),
            judgement
                .and_then(|judgement| judgement.due)
                .map_or(0, days),
            self.rule_set(rules),
            self.rule_set(violated),
            self.finds(&object.findings),
            self.why(object, lang),
            self.dates(object),
            self.words.text(object.owner.as_deref().unwrap_or_default()),
            self.access(object.access.as_ref()),
        ]
    }

    /// A class: its id, and what it is called in the three languages.
    fn class(&mut self, id: &str) -> i32 {
        if id.is_empty() {
            return 0;
        }
        let words = Lang::ALL.map(|lang| class_word(id, lang));
        self.classes.json(&json!([id, words]))
    }

    fn rule_set(&mut self, ids: &[String]) -> i32 {
        let places: Vec<usize> = ids
            .iter()
            .filter_map(|id| self.rules.get(id))
            .copied()
            .collect();
        self.rule_sets.json(&json!(places))
    }

    fn finds(&mut self, found: &[FoundRow]) -> i32 {
        let told = found.iter().map(|found| {
            let kind = self
                .kinds
                .json(&json!([found.detector, found.kind, found.category]));
            let reasons = self.reasons.json(&json!(found.reasons));
            let (level, estimated) = (found.confidence as i32, i32::from(found.estimated));
            json!([kind, level, found.count, found.distinct, estimated, reasons])
        });
        let told: Vec<Value> = told.collect();
        self.finds.json(&json!(told))
    }

    /// The explanation in three languages, without its first line, which is the object's own.
    fn why(&mut self, object: &JudgedObject, lang: Lang) -> i32 {
        let Some(judgement) = &object.judgement else {
            return 0;
        };
        let own = &judgement.explanation;
        let mut told = Vec::new();
        for (at, line) in own.iter().enumerate().skip(1) {
            let other = object.translated.get(at).unwrap_or(line);
            let (norwegian, english) = match lang {
                Lang::Nb | Lang::Nn => (line, other),
                Lang::En => (other, line),
            };
            told.push(self.line(norwegian.trim(), english.trim()));
        }
        self.whys.json(&json!(told))
    }

    /// A line of an explanation; putting one into plain words costs more than finding it again.
    fn line(&mut self, norwegian: &str, english: &str) -> i32 {
        let key = (norwegian.to_owned(), english.to_owned());
        if let Some(known) = self.told.get(&key) {
            return *known;
        }
        let lines = Lang::ALL.map(|lang| match lang {
            Lang::Nb | Lang::Nn => told::explanation(norwegian, lang),
            Lang::En => told::explanation(english, lang),
        });
        let at = self.lines.json(&json!(lines));
        self.told.insert(key, at);
        at
    }

    fn dates(&mut self, object: &JudgedObject) -> i32 {
        let believed = object
            .judgement
            .as_ref()
            .and_then(|judgement| judgement.document.as_ref());
        let told = object.dates.iter().map(|(source, interval)| {
            let source = source.as_str();
            let used = believed.is_some_and(|day| day.source == source);
            json!([source, interval.first, interval.last, i32::from(used)])
        });
        let told: Vec<Value> = told.collect();
        self.dates.json(&json!(told))
    }

    fn access(&mut self, access: Option<&Access>) -> i32 {
        let Some(access) = access else { return 0 };
        let reach = match access.reach() {
            Reach::Owner => 0,
            Reach::Group => 1,
            Reach::Everyone => 2,
        };
        self.accesses.json(&json!([
            reach,
            format!("{:04o}", access.mode),
            access.group
        ]))
    }

    /// Leaves out the rows that are worth least.
    fn drop_least(&mut self) {
        let of = |row: &Row| match row[VERDICT] {
            0 | 1 => u8::from(row[UNREAD] == 1) + u8::from(row[FOUND] != 0),
            verdict => u8::try_from(verdict).unwrap_or(u8::MAX) + 1,
        };
        let least = self.rows.iter().map(of).min().unwrap_or(0);
        let stays: Vec<bool> = self.rows.iter().map(|row| of(row) > least).collect();
        let mut each = stays.iter();
        self.rows.retain(|_| each.next().copied().unwrap_or(true));
        let mut each = stays.iter();
        self.names.retain(|_| each.next().copied().unwrap_or(true));
        self.left_out += stays.iter().filter(|stays| !**stays).count() as u64;
        self.dropped = Some(least);
    }

    /// The columns as one JSON object.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\"count\":{},\"left_out\":{}",
            self.rows.len(),
            self.left_out
        )?;
        write!(out, ",\"name\":")?;
        serde_json::to_writer(&mut *out, &self.names)?;
        for (at, name) in NAMES.iter().enumerate() {
            write!(out, ",\"{name}\":[")?;
            for (number, row) in self.rows.iter().enumerate() {
                let comma = if number == 0 { "" } else { "," };
                write!(out, "{comma}{}", row.get(at).copied().unwrap_or_default())?;
            }
            write!(out, "]")?;
        }
        let tables = [
            ("words", &self.words),
            ("classes", &self.classes),
            ("kinds", &self.kinds),
            ("rule_sets", &self.rule_sets),
            ("finds", &self.finds),
            ("lines", &self.lines),
            ("whys", &self.whys),
            ("date_sets", &self.dates),
            ("accesses", &self.accesses),
        ];
        for (name, table) in tables {
            table.write(name, out)?;
        }
        write!(out, ",\"reason_words\":{}", self.reason_words())?;
        write!(out, ",\"kind_words\":{}}}", self.kind_words())
    }

    /// What speaks for the finds in the three languages, in the order of the lists of evidence.
    fn reason_words(&self) -> Value {
        let all = self.reasons.pieces().map(|piece| {
            let ids: Vec<String> = serde_json::from_str(piece).unwrap_or_default();
            json!(Lang::ALL.map(|lang| {
                let words: Vec<&str> = ids.iter().map(|id| told::reason(id, lang)).collect();
                words.join(", ")
            }))
        });
        all.collect()
    }

    /// What the kinds are called in the three languages, in their order.
    fn kind_words(&self) -> Value {
        let all = self.kinds.pieces().map(|piece| {
            let parts: Vec<String> = serde_json::from_str(piece).unwrap_or_default();
            let [Some(detector), Some(kind)] = [parts.first(), parts.get(1)] else {
                return json!(["", "", ""]);
            };
            json!(Lang::ALL.map(|lang| words::kind(detector, kind, lang)))
        });
        all.collect()
    }
}

/// How much there is to do about an object; nothing for what nobody has to look at.
fn worth(object: &JudgedObject, verdict: Option<Verdict>) -> Option<u8> {
    match verdict {
        Some(Verdict::Keep) | None => {
            let (found, unread) = (!object.findings.is_empty(), object.unread);
            (found || unread).then(|| u8::from(unread) + u8::from(found))
        }
        Some(verdict) => Some(verdict as u8 + 2),
    }
}

/// A number as far as a column holds it. Files of more than 2 GiB show as that.
pub(super) fn whole(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Days since 1970.
fn days(day: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    day.since(epoch).map_or(0, |span| span.get_days())
}
