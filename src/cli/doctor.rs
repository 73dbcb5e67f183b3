//! `sporhund doctor`: what is missing here, and what would keep a scan from starting.
//!
//! It looks and changes nothing: a key that does not exist yet is not made.

mod inventory;
mod programs;
mod words;

use std::io::Write as _;

use clap::Args;
use serde::Serialize;

use super::args::{JudgeArgs, KeyArgs, LangArg, SummaryFormat};
use super::config::{self, Config};
use super::exit::Exit;
use super::law::Law;
use super::message::Refusal;
use super::ocr::Ocr;
use super::own_detectors::Own;
use super::settings::{self, Places};
use super::{environment, key};
use crate::model::Lang;
use crate::report::escape::for_terminal;
use crate::source::{WalkOptions, Walker};

#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    format: SummaryFormat,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    key: KeyArgs,
    /// Language of the text [default: from the configuration, else from the locale]
    #[arg(long, value_name = "nb|nn|en")]
    lang: Option<LangArg>,
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
    let config = Config::find(None, &std::env::current_dir()?);
    // Data is the same in every language.
    let lang = match arguments.format {
        SummaryFormat::Json => Lang::En,
        SummaryFormat::Text => speaks(arguments.lang, config.as_ref().ok()),
    };
    let checks = checks(&arguments.judge, &arguments.key, (config, lang))?;
    let mut stdout = std::io::stdout().lock();
    if arguments.format == SummaryFormat::Json {
        writeln!(stdout, "{}", serde_json::to_string(&checks)?)?;
    } else {
        for check in &checks {
            write_check(&mut stdout, check, lang)?;
        }
    }
    let fault = checks.iter().any(|check| check.state == State::Fault);
    Ok(if fault {
        Exit::NotStarted
    } else {
        Exit::Complete
    })
}

/// The language: as asked, else as configured, else that of the locale.
fn speaks(asked: Option<LangArg>, config: Option<&Config>) -> Lang {
    let configured = || settings::configured_lang(config?).ok().flatten();
    let asked = settings::lang(asked).or_else(configured);
    asked.unwrap_or_else(environment::locale)
}

fn write_check(out: &mut impl std::io::Write, check: &Check, lang: Lang) -> std::io::Result<()> {
    let (state, what) = (
        words::state(check.state, lang),
        words::what(check.what, lang),
    );
    let said = for_terminal(&check.said);
    writeln!(out, "{state:6}{what:16}{said}")?;
    let word = lang.pick(["tips", "tips", "hint"]);
    match &check.hint {
        Some(hint) => writeln!(out, "{:22}{word}: {}", "", for_terminal(hint)),
        None => Ok(()),
    }
}

fn checks(
    arguments: &JudgeArgs,
    key: &KeyArgs,
    (config, lang): (anyhow::Result<Config>, Lang),
) -> anyhow::Result<Vec<Check>> {
    let mut checks = vec![program()];
    let config = match config {
        Ok(config) => {
            checks.push(match hold(&config) {
                Ok(()) => settings_file(&config, lang),
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
    checks.extend(law(&places, lang));
    checks.push(key_file(&places, lang));
    checks.extend(inventory::checks(&places, lang));
    checks.push(programs::children(lang));
    checks.push(programs::reads_pictures(lang));
    checks.push(programs::git(lang));
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

fn settings_file(config: &Config, lang: Lang) -> Check {
    if config.folder.as_os_str().is_empty() {
        return words::no_settings(lang);
    }
    let file = config.folder.join(config::FILE_NAME);
    Check::ok("settings", format!("`{}`", file.display()))
}

/// Rules, site and events.
fn law(places: &Places, lang: Lang) -> Vec<Check> {
    let law = match Law::load(places, lang) {
        Ok(Some(law)) => law,
        Ok(None) => return vec![words::no_rules(lang)],
        Err(error) => return vec![Check::fault("rules", &error)],
    };
    let rules = law.rulebook.rules().len();
    let open = law.rulebook.assumptions().iter();
    let open = open.filter(|one| !one.is_accepted()).count();
    let (events, refused) = (law.register.events.len(), law.register.refused.len());
    vec![
        words::rules(rules, open, lang),
        words::site(law.site.zones().len(), lang),
        words::events(events, refused, lang),
    ]
}

fn key_file(places: &Places, lang: Lang) -> Check {
    match key::look(places.key_file.clone(), &places.inventory) {
        Ok((file, Some(_))) => Check::ok("key", format!("`{}`", file.display())),
        Ok((file, None)) => Check::ok("key", words::made_later(&file, lang)),
        Err(error) => Check::fault("key", &error),
    }
}
