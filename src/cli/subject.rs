//! `sporhund subject`: the rights of one person. Identifiers come from a prompt, a file or standard
//! input; never from the command line, which the shell keeps and every process list shows.

mod export;
mod listed;
pub(super) mod reading;
mod rights;
mod told;

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::args::{JudgeArgs, KeyArgs, PathsArgs, RoundsArgs, SayArgs, SpeakArgs, SummaryFormat};
use super::config::read_text;
use super::exit::Exit;
use super::message::Refusal;
use super::plan::Desk;
use super::{environment, remarks, report};
use crate::detect::Scanner;
use crate::model::Lang;
use crate::subject::{self, Asked, Found, Wish};

/// The most that is read as identifiers: 1 MiB.
const MAX_BYTES: u64 = 1 << 20;

#[derive(Args, Debug)]
pub(crate) struct SubjectArgs {
    #[command(subcommand)]
    command: SubjectCommand,
}

#[derive(Debug, Subcommand)]
enum SubjectCommand {
    /// Every object with the person's data: place, purpose, rule, verdict, ground
    Find(FindArgs),
    /// A bundle for the person: copies or texts, an index, JSON; others' data masked or withheld
    Export(export::ExportArgs),
    /// Register a request for erasure; plan what falls due, and say what is kept and why
    Erase(rights::RightArgs),
    /// Register a restriction: nothing of the person's is deleted until it is lifted
    Restrict(rights::RestrictArgs),
    /// Register that a consent was withdrawn; plan what falls due, and say what is kept and why
    Withdraw(rights::RightArgs),
}

/// Whom it is about, and by what to judge.
#[derive(Args, Debug)]
struct PersonArgs {
    /// Read the identifiers from a file, one or more a line, instead of standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// The person's id in the event register, so that their events count
    #[arg(long = "id", value_name = "ID")]
    id: Option<String>,
    /// Count objects that hold only identifiers which occur together with the given ones
    #[arg(long)]
    link: bool,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    rounds: RoundsArgs,
    #[command(flatten)]
    speak: SpeakArgs,
    #[command(flatten)]
    paths: PathsArgs,
}

impl PersonArgs {
    fn desk(&self, output: Option<&Path>) -> anyhow::Result<Desk> {
        let say = SayArgs {
            output: output.map(Path::to_path_buf),
            ..SayArgs::of(&self.speak, &self.paths)
        };
        Desk::new(&self.judge, &self.key, &say)?.with_rounds(&self.rounds)
    }
}

#[derive(Args, Debug)]
struct FindArgs {
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    format: SummaryFormat,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    person: PersonArgs,
}

pub(crate) fn run(arguments: &SubjectArgs) -> anyhow::Result<Exit> {
    match &arguments.command {
        SubjectCommand::Find(arguments) => find(arguments),
        SubjectCommand::Export(arguments) => export::run(arguments),
        SubjectCommand::Erase(arguments) => rights::erase(arguments),
        SubjectCommand::Restrict(arguments) => rights::restrict(arguments),
        SubjectCommand::Withdraw(arguments) => rights::withdraw(arguments),
    }
}

fn find(arguments: &FindArgs) -> anyhow::Result<Exit> {
    let person = &arguments.person;
    let desk = person.desk(arguments.output.as_deref())?;
    let asked = asked(&desk, person)?;
    let found = found(&desk, person, asked)?;
    report::with_output(desk.saying.output.as_deref(), |out| {
        match arguments.format {
            SummaryFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?,
            SummaryFormat::Text => listed::found(&found, desk.saying.lang, out)?,
        }
        Ok(())
    })?;
    Ok(Exit::Complete)
}

/// What to look for: read once, and only digests are kept of it.
fn asked(desk: &Desk, person: &PersonArgs) -> anyhow::Result<Asked> {
    let text = identifiers(person.from.as_deref(), desk.saying.lang)?;
    let asked = subject::asked(&text, &scanner(desk));
    drop(text);
    if asked.identifiers.is_empty() {
        let refusal = Refusal::new("no identifier was recognised");
        return Err(refusal
            .hint("one a line: a name, an e-mail address, a phone number, an identity number")
            .into());
    }
    for line in &asked.unrecognised {
        // It is said however quiet one wants it: what was given is not looked for.
        remarks::tell(desk.saying.lang, told::no_identifier(*line));
    }
    Ok(asked)
}

/// The detectors with the key of the inventory.
fn scanner(desk: &Desk) -> Scanner {
    Scanner::new(desk.key.clone(), [].into()).on(environment::today())
}

/// The person's objects, judged.
fn found(desk: &Desk, person: &PersonArgs, asked: Asked) -> anyhow::Result<Found> {
    let scanner = scanner(desk);
    let show_paths = desk.saying.show_paths;
    let shown = |path: &str| {
        if show_paths {
            path.to_owned()
        } else {
            scanner.mask(path)
        }
    };
    desk.with_judging(|judging| {
        let wish = Wish {
            judging,
            shown: &shown,
            subject: person.id.as_deref(),
            follow_links: person.link,
            lang: desk.saying.lang,
        };
        Ok(subject::find(&desk.inventory, asked, &wish)?)
    })
}

/// The given lines: of a file, of a pipe, or typed up to an empty line.
fn identifiers(file: Option<&Path>, lang: Lang) -> anyhow::Result<String> {
    if let Some(file) = file {
        return read_text(file);
    }
    let input = std::io::stdin();
    let mut text = String::new();
    if !input.is_terminal() {
        let mut bytes = Vec::new();
        let read = std::io::copy(&mut input.lock().take(MAX_BYTES), &mut bytes);
        read.context("standard input cannot be read")?;
        let text = String::from_utf8(bytes);
        return text.map_err(|_| Refusal::new("the identifiers are not UTF-8").into());
    }
    remarks::tell(lang, told::identifiers_wanted());
    for line in input.lock().lines() {
        let line = line.context("standard input cannot be read as UTF-8")?;
        if line.trim().is_empty() {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}
