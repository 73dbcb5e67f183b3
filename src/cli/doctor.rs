//! `sporhund doctor`: what is missing here, and what would keep a scan from starting.
//!
//! It looks and changes nothing: a key that does not exist yet is not made.

mod programs;

use std::io::Write as _;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::args::{JudgeArgs, KeyArgs, SummaryFormat};
use super::config::{self, Config};
use super::exit::Exit;
use super::law::Law;
use super::message::Refusal;
use super::ocr::Ocr;
use super::own_detectors::Own;
use super::settings::{self, Places};
use super::{environment, key, report};
use crate::inventory::{Reader, RunRow};
use crate::model::{Lang, ProblemKind};
use crate::report::escape::for_terminal;
use crate::source::{WalkOptions, Walker};

/// Days after which the latest scan counts as old.
const OLD_AFTER_DAYS: i64 = 8;

const DAY_SECONDS: i64 = 24 * 60 * 60;

#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    format: SummaryFormat,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    key: KeyArgs,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// As it should be.
    Ok,
    /// Something to know: a part of the work is not done, or could be done better.
    Note,
    /// A scan or a report would not start.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    what: &'static str,
    state: State,
    said: String,
    hint: Option<String>,
}

impl Check {
    fn ok(what: &'static str, said: impl Into<String>) -> Self {
        Self {
            what,
            state: State::Ok,
            said: said.into(),
            hint: None,
        }
    }

    fn note(what: &'static str, said: impl Into<String>, hint: &str) -> Self {
        Self {
            state: State::Note,
            hint: Some(hint.to_owned()),
            ..Self::ok(what, said)
        }
    }

    fn fault(what: &'static str, error: &anyhow::Error) -> Self {
        let refusal = error.chain().find_map(|e| e.downcast_ref::<Refusal>());
        let refusal = refusal.or(error.downcast_ref::<Refusal>());
        Self {
            state: State::Fault,
            hint: refusal.and_then(Refusal::hint_text),
            ..Self::ok(what, error.to_string())
        }
    }
}

pub(crate) fn run(arguments: &DoctorArgs) -> anyhow::Result<Exit> {
    let checks = checks(&arguments.judge, &arguments.key)?;
    let mut stdout = std::io::stdout().lock();
    if arguments.format == SummaryFormat::Json {
        writeln!(stdout, "{}", serde_json::to_string(&checks)?)?;
    } else {
        for check in &checks {
            write_check(&mut stdout, check)?;
        }
    }
    let fault = checks.iter().any(|check| check.state == State::Fault);
    Ok(if fault {
        Exit::NotStarted
    } else {
        Exit::Complete
    })
}

fn write_check(out: &mut impl std::io::Write, check: &Check) -> std::io::Result<()> {
    let state = match check.state {
        State::Ok => "ok",
        State::Note => "note",
        State::Fault => "fault",
    };
    let said = for_terminal(&check.said);
    writeln!(out, "{state:6}{:14}{said}", check.what)?;
    match &check.hint {
        Some(hint) => writeln!(out, "{:20}hint: {}", "", for_terminal(hint)),
        None => Ok(()),
    }
}

fn checks(arguments: &JudgeArgs, key: &KeyArgs) -> anyhow::Result<Vec<Check>> {
    let working = std::env::current_dir()?;
    let mut checks = vec![program()];
    let config = match Config::find(None, &working) {
        Ok(config) => {
            checks.push(match hold(&config) {
                Ok(()) => settings_file(&config),
                Err(error) => Check::fault("settings", &error),
            });
            config
        }
        Err(error) => {
            checks.push(Check::fault("settings", &error));
            return Ok(checks);
        }
    };
    let places = Places::new(arguments, &config)?.with_key(key);
    checks.extend(law(&places));
    checks.push(key_file(&places));
    checks.extend(inventory(&places));
    checks.push(programs::children());
    checks.push(programs::reads_pictures());
    checks.push(programs::git());
    Ok(checks)
}

fn program() -> Check {
    let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    let said = format!("sporhund {version}, {system} {}", std::env::consts::ARCH);
    Check::ok("program", said)
}

/// Refuses the settings that a scan would refuse, beyond what each other check looks at.
fn hold(config: &Config) -> anyhow::Result<()> {
    settings::configured_lang(config)?;
    settings::without(&[], &config.without)?;
    config.coverage.accepted()?;
    Own::of(config)?;
    Ocr::new(None, config.ocr.as_deref())?;
    let options = WalkOptions {
        include: config.include.clone(),
        exclude: config.exclude.clone(),
        ..WalkOptions::default()
    };
    Walker::new(Vec::new(), &options)?;
    Ok(())
}

fn settings_file(config: &Config) -> Check {
    if config.folder.as_os_str().is_empty() {
        let said = format!("no `{}` here or in a folder above", config::FILE_NAME);
        return Check::note("settings", said, "`sporhund init PATH` writes a first one");
    }
    let file = config.folder.join(config::FILE_NAME);
    Check::ok("settings", format!("`{}`", file.display()))
}

/// Rules, site and events.
fn law(places: &Places) -> Vec<Check> {
    let law = match Law::load(places, Lang::En) {
        Ok(Some(law)) => law,
        Ok(None) => {
            let said = "none are named: a scan finds, and judges nothing";
            let hint = "`rules = [\"baseline-no-private\"]` in `sporhund.toml`, or `--rules NAME`";
            return vec![Check::note("rules", said, hint)];
        }
        Err(error) => return vec![Check::fault("rules", &error)],
    };
    let rules = law.rulebook.rules().len();
    let open = law.rulebook.assumptions().iter();
    let open = open.filter(|one| !one.is_accepted()).count();
    let rules = match open {
        0 => Check::ok("rules", format!("in force: {rules}")),
        open => Check::note(
            "rules",
            format!("in force: {rules}; assumptions that nobody has accepted: {open}"),
            "put a name and a day to each: `sporhund rules check` lists them",
        ),
    };
    let site = match law.site.zones().len() {
        0 => Check::note(
            "site",
            "no place is described: all documents are to be reviewed",
            "`sporhund site suggest` proposes zones after a scan",
        ),
        zones => Check::ok("site", format!("described places: {zones}")),
    };
    let (events, refused) = (law.register.events.len(), law.register.refused.len());
    let events = match refused {
        0 => Check::ok("events", format!("rows: {events}")),
        refused => Check::note(
            "events",
            format!("rows: {events}; refused: {refused}"),
            "reports list the refused rows with their reason",
        ),
    };
    vec![rules, site, events]
}

fn key_file(places: &Places) -> Check {
    match key::look(places.key_file.clone(), &places.inventory) {
        Ok((file, Some(_))) => Check::ok("key", format!("`{}`", file.display())),
        Ok((file, None)) => {
            let said = format!("made at the first scan as `{}`", file.display());
            Check::ok("key", said)
        }
        Err(error) => Check::fault("key", &error),
    }
}

fn inventory(places: &Places) -> Vec<Check> {
    let file = &places.inventory;
    if !file.exists() {
        let said = format!("made at the first scan as `{}`", file.display());
        return vec![Check::ok("inventory", said)];
    }
    let looked = report::open(file).and_then(|reader| Ok((reader.runs()?, reader)));
    let (runs, reader) = match looked {
        Ok(looked) => looked,
        Err(error) => return vec![Check::fault("inventory", &error)],
    };
    let mut checks = vec![same_key(places, &reader)];
    if let Some(latest) = runs.first() {
        checks.push(latest_scan(latest));
        checks.extend(roots(latest));
    }
    checks.push(permissions(&reader));
    checks
}

/// Whether the inventory's digests were made with the key that a scan here would take.
fn same_key(places: &Places, reader: &Reader) -> Check {
    let said = format!("`{}`", places.inventory.display());
    let key = key::look(places.key_file.clone(), &places.inventory);
    let own = key.ok().and_then(|(_, key)| key);
    let same = own.map(|key| {
        reader
            .key_fingerprint()
            .map(|made| made == key.fingerprint())
    });
    match same {
        Some(Ok(true)) => Check::ok("inventory", said),
        Some(Err(error)) => Check::fault("inventory", &error.into()),
        Some(Ok(false)) | None => Check {
            state: State::Fault,
            ..Check::note(
                "inventory",
                format!("{said} was made with another key"),
                "name its key with `--key-file FILE`, or scan into a new inventory",
            )
        },
    }
}

fn latest_scan(run: &RunRow) -> Check {
    let started = jiff::Timestamp::from_second(run.started).unwrap_or_default();
    let said = format!("{}, {}", started, run.state);
    let days = (environment::now() - run.started) / DAY_SECONDS;
    if run.state != "finished" {
        Check::note(
            "latest scan",
            said,
            "the next scan goes on where it stopped",
        )
    } else if days >= OLD_AFTER_DAYS {
        Check::note("latest scan", said, "reports say what lay there then")
    } else {
        Check::ok("latest scan", said)
    }
}

/// Whether the roots of the latest scan can still be listed.
fn roots(run: &RunRow) -> Vec<Check> {
    let roots = run.roots.iter().map(|(_, path, _)| report::path_of(path));
    roots.map(|root| root_check(&root)).collect()
}

fn root_check(root: &Path) -> Check {
    let said = format!("`{}`", root.display());
    let listed = if root.is_dir() {
        std::fs::read_dir(root).map(|_| ())
    } else {
        std::fs::metadata(root).map(|_| ())
    };
    match listed {
        Ok(()) => Check::ok("root", said),
        Err(error) => Check::note(
            "root",
            format!("{said}: {error}"),
            "is the share mounted? Nothing counts as gone while it cannot be listed",
        ),
    }
}

/// How many objects the account was not allowed to read.
fn permissions(reader: &Reader) -> Check {
    let mut denied = 0_u64;
    let counted = reader.for_each_problem(&mut |row| {
        let problem = row.outcome.problem();
        denied += u64::from(problem.is_some_and(|p| p.kind == ProblemKind::Permission));
    });
    match (counted, denied) {
        (Err(error), _) => Check::fault("permissions", &error.into()),
        (Ok(()), 0) => Check::ok("permissions", "nothing was closed to this account"),
        (Ok(()), denied) => Check::note(
            "permissions",
            format!("objects closed to the account that scanned: {denied}"),
            "give it the capability CAP_DAC_READ_SEARCH, which only reads",
        ),
    }
}
