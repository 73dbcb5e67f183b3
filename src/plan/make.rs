//! Makes a plan: judges every object, file by file, and says what of each file is due.
//!
//! A file goes as a whole only where nothing in it has to stay. What is due inside of a file that has
//! to stay becomes a task for a person.

use jiff::civil::Date;

use super::head::head;
use super::line::{Also, Found, Kind, Line, State, Statement, Task, line_id};
use super::task::{named, task};
use super::{Error, Plan, SCHEMA};
use crate::inventory::{FindingRow, ObjectRow, Reader};
use crate::model::{Lang, ProblemKind};
use crate::policy::{Facts, Judgement, Verdict};
use crate::report::{Judging, Known};
use crate::round::Attributed;

/// Members of a file that are listed one by one.
const LISTED_MEMBERS: usize = 500;

/// Detectors whose different values tell how many persons there are.
const COUNTS_PERSONS: [&str; 4] = ["name", "email", "phone", "fodselsnummer"];

/// What is wanted.
pub struct Wish<'a> {
    /// Judges each object.
    pub judging: &'a Judging<'a>,
    /// The day that is judged by.
    pub as_of: Date,
    /// What falls due up to this day is in the plan.
    pub until: Date,
    /// Only this hiring round, course or case.
    pub process: Option<&'a str>,
    /// Only this person, by the id in the event register.
    pub subject: Option<&'a str>,
    /// How many people must approve.
    pub approvals: u8,
    /// The language of titles and reasons.
    pub lang: Lang,
}

/// Makes a plan; it is not sealed yet.
///
/// # Errors
/// When the inventory cannot be read.
pub fn make(inventory: &Reader, wish: &Wish<'_>) -> Result<Plan, Error> {
    let mut lines = Vec::new();
    let mut unread = 0;
    let mut file: Vec<Judged> = Vec::new();
    inventory.for_each_object(&mut |row| {
        unread += u64::from(row.outcome.is_unread());
        if row.depth == 0 {
            lines.extend(wish.lines(&std::mem::take(&mut file)));
        }
        file.push(wish.judged(row));
    })?;
    lines.extend(wish.lines(&file));
    let mut lines = lines
        .into_iter()
        .map(|(number, line)| named(inventory, number, line))
        .collect::<Result<Vec<Line>, Error>>()?;
    lines.sort_by_key(turn);
    Ok(Plan {
        sporhund_plan: SCHEMA,
        head: head(inventory, wish, unread)?,
        lines,
        seal: String::new(),
        signatures: Vec::new(),
    })
}

/// The order in which lines are carried out: police certificates first, applicant lists last, because
/// the others are found by them; else by path, as they come.
fn turn(line: &Line) -> u8 {
    match line.class.as_str() {
        "recruitment.police_certificate" => 0,
        "recruitment.applicant_list" => 2,
        _ => 1,
    }
}

/// One object with what was made of it.
struct Judged {
    row: ObjectRow,
    facts: Facts,
    judgement: Option<Judgement>,
    attributed: Attributed,
}

impl Judged {
    /// Whether something personal was read in it. What was not read may have a telling name.
    fn is_personal(&self) -> bool {
        self.row.outcome.is_read() && self.row.findings.iter().any(FindingRow::is_personal)
    }

    /// Whether something in it may not have been seen. A picture without text is what it seems.
    fn is_unseen(&self) -> bool {
        let cause = self.row.outcome.problem().map(|problem| problem.kind);
        cause.is_some_and(|kind| kind != ProblemKind::ImageWithoutText)
    }

    fn verdict(&self) -> Option<Verdict> {
        self.judgement.as_ref().map(|judgement| judgement.verdict)
    }
}

impl Wish<'_> {
    fn judged(&self, row: ObjectRow) -> Judged {
        let Known { facts, attributed } = self.judging.known(&row);
        let read = row.outcome.is_read();
        let judgement = read.then(|| self.judging.judge(&facts));
        Judged {
            row,
            facts,
            judgement,
            attributed,
        }
    }

    /// Whether the object is due by the plan's day, for the process that is asked for.
    fn is_due(&self, object: &Judged) -> bool {
        let Some(judgement) = &object.judgement else {
            return false;
        };
        let asked = self.is_asked(object);
        let due = match judgement.retention {
            Verdict::DeleteDue => true,
            Verdict::DeleteOn => judgement.due.is_some_and(|due| due <= self.until),
            Verdict::Keep | Verdict::Review | Verdict::Violation | Verdict::Hold => false,
        };
        asked && due && judgement.verdict != Verdict::Hold
    }

    /// Whether it is about the process and the person that are asked for.
    fn is_asked(&self, object: &Judged) -> bool {
        let process = self.process.is_none() || self.process == object.facts.process.as_deref();
        let about = |id: &str| object.facts.subjects.iter().any(|person| person.id == id);
        process && self.subject.is_none_or(about)
    }

    /// The lines of one file and its members, each with the number of its object.
    fn lines(&self, file: &[Judged]) -> Vec<(i64, Line)> {
        let Some((top, members)) = file.split_first() else {
            return Vec::new();
        };
        let of = |object: &Judged, line: Option<Line>| Some((object.row.id, line?));
        let possible = file.iter().filter_map(|one| of(one, self.possible(one)));
        let shared = file.iter().filter_map(|one| of(one, self.shared(top, one)));
        let mut lines: Vec<(i64, Line)> = possible.chain(shared).collect();
        let due: Vec<&Judged> = file.iter().filter(|object| self.is_due(object)).collect();
        let Some(first) = due.first() else {
            return lines;
        };
        let top_is_due = self.is_due(top);
        let stays = |object: &&Judged| {
            !self.is_due(object) && (object.is_personal() || (!top_is_due && object.is_unseen()))
        };
        let held = file
            .iter()
            .any(|object| object.verdict() == Some(Verdict::Hold));
        let staying = members.iter().find(stays);
        let top_stays = !top_is_due && (top.is_personal() || top.is_unseen());
        let shared = due.iter().any(|object| object.attributed.shared);
        if !held && !shared && staying.is_none() && !top_stays {
            let also = members.iter().take(LISTED_MEMBERS).map(also);
            let whole = Line {
                also: also.collect(),
                ..self.line(top, if top_is_due { top } else { first }, Kind::File)
            };
            lines.push((top.row.id, whole));
            return lines;
        }
        let reason = if shared && !held {
            self.names_others().to_owned()
        } else {
            self.why_not_whole(held, staying.map_or(top, |member| member))
        };
        for object in due {
            let task = Task {
                passages: object.attributed.shared,
                ..task(&top.row, &object.row, &reason)
            };
            let line = Line {
                task: Some(task),
                ..self.line(object, object, Kind::Manual)
            };
            lines.push((object.row.id, line));
        }
        lines
    }

    /// A document about several persons of the round, of whom some have to go and some to stay: their
    /// rows or passages are a person's task.
    fn shared(&self, top: &Judged, object: &Judged) -> Option<Line> {
        let asked = self.is_asked(object);
        let known = &object.attributed;
        let several = known.belongs && !known.undecided && object.facts.subjects.len() > 1;
        let judgement = object.judgement.as_ref()?;
        if !asked || !several || judgement.verdict != Verdict::Review {
            return None;
        }
        let why = judgement.review.clone().unwrap_or_default();
        let task = Task {
            passages: true,
            ..task(&top.row, &object.row, &why)
        };
        Some(Line {
            task: Some(task),
            ..self.line(object, object, Kind::Manual)
        })
    }

    /// An object that may be about a person of the round: for a person to look at.
    fn possible(&self, object: &Judged) -> Option<Line> {
        let rounds = &object.attributed.possible;
        let asked = self
            .process
            .map_or(!rounds.is_empty(), |id| rounds.contains(id));
        let listed = asked && !self.is_due(object) && self.subject.is_none();
        listed.then(|| self.line(object, object, Kind::Possible))
    }

    fn names_others(&self) -> &'static str {
        match self.lang {
            Lang::Nb => "andre personer er nevnt i den",
            Lang::Nn => "andre personar er nemnde i henne",
            Lang::En => "it names other persons too",
        }
    }

    fn why_not_whole(&self, held: bool, staying: &Judged) -> String {
        let path = &staying.row.path;
        match (self.lang, held) {
            (Lang::Nb, true) => "noe i filen er sperret".to_owned(),
            (Lang::Nb, false) => format!("`{path}` skal bli liggende i samme fil"),
            (Lang::Nn, true) => "noko i fila er sperra".to_owned(),
            (Lang::Nn, false) => format!("`{path}` skal bli liggjande i same fil"),
            (Lang::En, true) => "something in the file is on hold".to_owned(),
            (Lang::En, false) => format!("`{path}` has to stay in the same file"),
        }
    }

    /// The line of `object`, which is due for the reasons of `because`.
    fn line(&self, object: &Judged, because: &Judged, kind: Kind) -> Line {
        let row = &object.row;
        let judgement = because.judgement.as_ref();
        let verdict = judgement.map_or(Verdict::Review, |judgement| judgement.verdict);
        let container = row.path.rfind("!/").filter(|_| row.depth > 0);
        Line {
            id: line_id(&row.path, row.content_digest.as_ref()),
            kind,
            object: row.path.clone(),
            container: container
                .and_then(|at| row.path.get(..at))
                .map(str::to_owned),
            also: Vec::new(),
            content: row
                .content_digest
                .map(|digest| blake3::Hash::from(digest).to_string()),
            bytes: row.bytes,
            modified_ns: row.stat.map(|stat| stat.mtime_ns),
            class: because.facts.class.clone(),
            verdict,
            due: judgement.and_then(|judgement| judgement.due),
            rules: judgement
                .map(|judgement| self.statements(judgement))
                .unwrap_or_default(),
            grounds: judgement
                .map(|judgement| judgement.grounds.clone())
                .unwrap_or_default(),
            document: judgement.and_then(|judgement| judgement.document.clone()),
            why: judgement
                .map(|judgement| judgement.explanation.clone())
                .unwrap_or_default(),
            owner: self
                .judging
                .site()
                .zone(&row.path)
                .and_then(|found| found.zone.owner.clone()),
            subjects: because
                .facts
                .subjects
                .iter()
                .map(|subject| subject.id.clone())
                .collect(),
            persons: persons(row),
            found: found(row),
            matched: because.attributed.matched.clone(),
            task: None,
            state: State::Open,
            reason: None,
            until: None,
            by: None,
            second: None,
        }
    }

    fn statements(&self, judgement: &Judgement) -> Vec<Statement> {
        let rules = judgement
            .decisive
            .iter()
            .filter_map(|id| self.judging.book().rule(id));
        let cited = rules.map(|rule| Statement {
            rule: rule.id.clone(),
            title: rule.title_in(self.lang).to_owned(),
            section: rule.section.clone(),
            statement: rule.statement.clone(),
            digest: rule.digest.clone(),
            norm: rule.norm.clone(),
        });
        cited.collect()
    }
}

fn also(member: &Judged) -> Also {
    Also {
        object: member.row.path.clone(),
        verdict: member.verdict(),
        personal: member.is_personal(),
    }
}

fn persons(row: &ObjectRow) -> u64 {
    let counts = COUNTS_PERSONS.iter().map(|detector| {
        let found = row.findings.iter();
        let found =
            found.filter(|f| f.detector == *detector && f.confidence >= FindingRow::COUNTS_FROM);
        found.map(|f| f.distinct.count).sum::<u64>()
    });
    counts.max().unwrap_or_default()
}

fn found(row: &ObjectRow) -> Vec<Found> {
    let found = row
        .findings
        .iter()
        .filter(|found| found.confidence >= FindingRow::COUNTS_FROM);
    let rows = found.map(|found| Found {
        what: found.id(),
        count: found.count,
        sample: found
            .samples
            .first()
            .map(|sample| Found::mask(&sample.masked)),
    });
    rows.collect()
}
