//! `sporhund round`: hiring rounds and their applicants, for HR: no file is written by hand.

pub(super) mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::config::{Config, read_text};
use super::environment;
use super::exit::Exit;
use super::message::{Refusal, remark};
use crate::own_files::{self, Readers};
use crate::policy::{Register, RegisterOptions, Vocabulary};
use crate::report::escape::for_terminal;
use crate::round::{self, Applicant, Defaults, Outcome, OwnWord};

/// The name of the list where none is given.
pub(crate) const ROUNDS: &str = "rounds.csv";

#[derive(Args, Debug)]
pub(crate) struct RoundArgs {
    #[command(subcommand)]
    command: RoundCommand,
    /// The list of rounds and applicants [default: rounds.csv]
    #[arg(long, value_name = "FILE", global = true)]
    rounds: Option<PathBuf>,
    /// The event register that rows are added to [default: events.csv]
    #[arg(long, value_name = "FILE", global = true)]
    events: Option<PathBuf>,
    /// Who vouches for the rows [default: the account]
    #[arg(long, value_name = "NAME", global = true)]
    by: Option<String>,
}

#[derive(Debug, Subcommand)]
enum RoundCommand {
    /// Add a round with its applicants, from CSV or xlsx
    Add {
        /// The list that the recruitment system exported
        file: PathBuf,
        /// Id of the round, where the list does not say it
        #[arg(long, value_name = "ID")]
        process: Option<String>,
        /// Title of the round
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// The day it was closed
        #[arg(long, value_name = "DATE")]
        closed_on: Option<Date>,
        /// What a word for an outcome means in this list: hired, interviewed, rejected or withdrawn (repeatable)
        #[arg(long, value_name = "WORD=OUTCOME", value_parser = OwnWord::parse)]
        outcome: Vec<OwnWord>,
    },
    /// The rounds, with how many applicants of each outcome
    List,
    /// Say that a round is closed
    Close {
        /// Id of the round
        process: String,
        /// The day
        #[arg(long, value_name = "DATE")]
        on: Date,
    },
    /// Remove the applicants of a round that is cleaned up: the list falls due last
    Forget {
        /// Id of the round
        process: String,
    },
}

pub(crate) fn run(arguments: &RoundArgs) -> anyhow::Result<Exit> {
    let config = Config::find(None, &std::env::current_dir()?)?;
    let rounds = rounds_file(arguments.rounds.as_deref(), &config);
    let events = arguments.events.clone();
    let events = events.or_else(|| config.events.first().map(|path| config.resolve(path)));
    let books = Books {
        rounds,
        events: events.unwrap_or_else(|| "events.csv".into()),
        by: arguments.by.clone().unwrap_or_else(environment::account),
    };
    match &arguments.command {
        RoundCommand::Add {
            file,
            process,
            title,
            closed_on,
            outcome,
        } => {
            let defaults = Defaults {
                process: process.clone(),
                title: title.clone(),
                closed_on: *closed_on,
                outcomes: outcome.clone(),
            };
            books.add(file, &defaults)
        }
        RoundCommand::List => books.list(),
        RoundCommand::Close { process, on } => books.close(process, *on),
        RoundCommand::Forget { process } => books.forget(process),
    }
}

/// The list of rounds: as it was named, as configured, or `rounds.csv`.
pub(crate) fn rounds_file(given: Option<&Path>, config: &Config) -> PathBuf {
    let configured = || config.rounds.as_ref().map(|path| config.resolve(path));
    given
        .map(Path::to_path_buf)
        .or_else(configured)
        .unwrap_or_else(|| ROUNDS.into())
}

/// The applicants of a list, with remarks on rows that are not understood; none where there is no such file, unless
/// it was `named` on the command line.
///
/// # Errors
/// A refusal where the list cannot be used as a whole.
pub(crate) fn applicants(file: &Path, named: bool) -> anyhow::Result<Vec<Applicant>> {
    let list = list(file, named)?;
    remark_on_rows(file, &list);
    Ok(list.applicants)
}

/// The same without a remark.
///
/// # Errors
/// A refusal where the list cannot be used as a whole.
pub(crate) fn list(file: &Path, named: bool) -> anyhow::Result<round::List> {
    match std::fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound && !named => Ok(round::List::default()),
        _ => parsed(file, &Defaults::default()),
    }
}

fn parsed(file: &Path, defaults: &Defaults) -> anyhow::Result<round::List> {
    let rows = tables::rows(file)?;
    let list = round::parse(&rows, defaults);
    list.map_err(|why| Refusal::new(format!("`{}`: {why}", file.display())).into())
}

fn remark_on_rows(file: &Path, list: &round::List) {
    for (line, why) in &list.refused {
        remark(&format!("`{}`, line {line}: {why}", file.display()));
    }
}

struct Books {
    rounds: PathBuf,
    events: PathBuf,
    by: String,
}

impl Books {
    fn add(&self, file: &Path, defaults: &Defaults) -> anyhow::Result<Exit> {
        let mut added = parsed(file, defaults)?;
        remark_on_rows(file, &added);
        if added.applicants.is_empty() {
            return Err(Refusal::new("no row of the list counts").into());
        }
        let mut all = applicants(&self.rounds, false)?;
        let named = self.named()?;
        for applicant in &mut added.applicants {
            applicant.subject = own_id(applicant, &all, &named);
        }
        let again = |known: &Applicant| added.applicants.iter().any(|new| new.is_same(known));
        all.retain(|known| !again(known));
        all.extend(added.applicants.iter().cloned());
        self.write(&all)?;
        let count = self.register(&events_of(&added.applicants))?;
        tell_of(&added, count);
        Ok(if added.refused.is_empty() {
            Exit::Complete
        } else {
            Exit::Incomplete
        })
    }

    /// The ids of persons that the register knows.
    fn named(&self) -> anyhow::Result<BTreeSet<String>> {
        if !self.events.is_file() {
            return Ok(BTreeSet::new());
        }
        let name = self.events.display().to_string();
        let vocabulary = Vocabulary::shipped().map_err(super::law::refused)?;
        let text = read_text(&self.events)?;
        let read = Register::parse(&name, &text, &vocabulary, RegisterOptions::default());
        let events = read.map_err(super::law::refused)?.events;
        Ok(events
            .into_iter()
            .filter_map(|event| event.subject)
            .collect())
    }

    fn list(&self) -> anyhow::Result<Exit> {
        let mut rounds: BTreeMap<String, (String, Option<Date>, [usize; 5])> = BTreeMap::new();
        for applicant in applicants(&self.rounds, false)? {
            let round = rounds.entry(applicant.process).or_default();
            round.0 = applicant.title;
            round.1 = round.1.max(applicant.closed_on);
            if let Some(count) = round.2.get_mut(applicant.outcome as usize) {
                *count += 1;
            }
        }
        let mut out = std::io::stdout().lock();
        for (process, (title, closed, counts)) in rounds {
            let [hired, interviewed, rejected, withdrawn, unknown] = counts;
            let unknown = if unknown > 0 {
                format!(", unknown {unknown}")
            } else {
                String::new()
            };
            let closed = closed.map_or("open".to_owned(), |day| format!("closed {day}"));
            writeln!(
                out,
                "{}  {}  {closed}  hired {hired}, interviewed {interviewed}, rejected {rejected}, \
                 withdrawn {withdrawn}{unknown}",
                for_terminal(&process),
                for_terminal(&title)
            )?;
        }
        Ok(Exit::Complete)
    }

    fn close(&self, process: &str, on: Date) -> anyhow::Result<Exit> {
        let mut all = applicants(&self.rounds, false)?;
        let mut known = false;
        for applicant in all
            .iter_mut()
            .filter(|applicant| applicant.process == process)
        {
            applicant.closed_on = Some(on);
            known = true;
        }
        if known {
            self.write(&all)?;
        } else {
            remark(&format!("round: `{process}` has no applicants in the list"));
        }
        let fields = [("process", process.to_owned())];
        let count = self.register(&[tables::event("hiring_round_closed", on, &fields)])?;
        remark(&format!(
            "round: `{process}` closed {on}, {count} events written"
        ));
        Ok(Exit::Complete)
    }

    fn forget(&self, process: &str) -> anyhow::Result<Exit> {
        let mut all = applicants(&self.rounds, false)?;
        let before = all.len();
        all.retain(|applicant| applicant.process != process);
        if all.len() == before {
            return Err(Refusal::new(format!("there is no round `{process}` in the list")).into());
        }
        self.write(&all)?;
        remark(&format!(
            "round: {} applicants of `{process}` removed",
            before - all.len()
        ));
        Ok(Exit::Complete)
    }

    fn write(&self, all: &[Applicant]) -> anyhow::Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(round::header())?;
        for applicant in all {
            writer.write_record(applicant.row())?;
        }
        put(&self.rounds, &writer.into_inner()?)
    }

    fn register(&self, rows: &[tables::EventRow]) -> anyhow::Result<usize> {
        register(&self.events, rows, &self.by)
    }
}

/// The id that an applicant is known by. Many systems count from 1 in each round, and the register speaks of persons
/// and not of rounds: an id that is somebody else's gets the round before it.
fn own_id(applicant: &Applicant, known: &[Applicant], named: &BTreeSet<String>) -> String {
    let given = &applicant.subject;
    let (own, here) = (format!("{}-{given}", applicant.process), &applicant.process);
    let mut of_round = known.iter().filter(|one| one.process == *here);
    if of_round.any(|one| one.subject == own) {
        return own;
    }
    let bearers: Vec<&Applicant> = known.iter().filter(|one| one.subject == *given).collect();
    let ours = given.starts_with(&format!("{here}-"))
        || bearers
            .iter()
            .any(|one| one.process == *here || one.is_person(applicant));
    if ours || (bearers.is_empty() && !named.contains(given)) {
        return given.clone();
    }
    own
}

/// What the register is told of applicants.
fn events_of(applicants: &[Applicant]) -> Vec<tables::EventRow> {
    let mut rows = Vec::new();
    let mut closed: BTreeMap<&str, Date> = BTreeMap::new();
    for applicant in applicants {
        let on = applicant.closed_on.unwrap_or_else(environment::today);
        if let Some(on) = applicant.closed_on {
            closed.insert(&applicant.process, on);
        }
        let subject = [("subject", applicant.subject.clone())];
        if applicant.outcome == Outcome::Hired {
            rows.push(tables::event("candidate_hired", on, &subject));
        }
        if let Some(until) = applicant.consent_until {
            let fields = [
                ("subject", applicant.subject.clone()),
                ("purpose", "talent_pool".to_owned()),
                ("until", until.to_string()),
            ];
            rows.push(tables::event("consent_given", on, &fields));
        }
    }
    for (process, on) in closed {
        let fields = [("process", process.to_owned())];
        rows.push(tables::event("hiring_round_closed", on, &fields));
    }
    rows
}

/// Tells what a list came to.
fn tell_of(added: &round::List, events: usize) {
    let count =
        |fits: fn(&Applicant) -> bool| added.applicants.iter().filter(|one| fits(one)).count();
    let nameless = count(Applicant::is_name_only);
    if nameless > 0 {
        remark(&format!(
            "round: {nameless} of the applicants have a name only, by which nothing is planned"
        ));
    }
    if count(|one| one.outcome == Outcome::Hired) == 0 {
        remark(
            "round: nobody in the list was hired; where somebody was, their papers go with the others",
        );
    }
    let unknown = count(|one| one.outcome == Outcome::Unknown);
    if unknown > 0 {
        remark(&format!(
            "round: the outcome of {unknown} is not known; what is theirs is listed and not planned"
        ));
    }
    let (people, refused) = (added.applicants.len(), added.refused.len());
    remark(&format!(
        "round: {people} applicants added, {refused} rows not understood, {events} events written"
    ));
}

/// Adds rows to a register that are not there yet; tells how many.
pub(super) fn register(
    events: &Path,
    rows: &[tables::EventRow],
    by: &str,
) -> anyhow::Result<usize> {
    let there = if events.is_file() {
        read_text(events)?
    } else {
        String::new()
    };
    let (text, count) = tables::with_events(&there, rows, by, environment::today())
        .map_err(|why| Refusal::new(format!("`{}`: {why}", events.display())))?;
    let name = events.display().to_string();
    let vocabulary = Vocabulary::shipped().map_err(super::law::refused)?;
    let read = Register::parse(&name, &text, &vocabulary, RegisterOptions::default());
    let read = read.map_err(super::law::refused)?;
    for row in &read.refused {
        let why = row.why.text(crate::model::Lang::En);
        remark(&format!(
            "line {} of the event register is refused: {why}",
            row.line
        ));
    }
    if count > 0 {
        put(events, text.as_bytes())?;
    }
    Ok(count)
}

/// Writes a table anew, whole or not at all; a new one is for its owner only.
fn put(file: &Path, table: &[u8]) -> anyhow::Result<()> {
    own_files::replace(file, table, Readers::Owner)
        .with_context(|| Refusal::new(format!("`{}` cannot be written", file.display())))
}
