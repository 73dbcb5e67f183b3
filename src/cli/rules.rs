//! `sporhund rules`: list, check, explain and judge, without any file server.

mod upkeep;

use std::io::{Read as _, Write};
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::args::{RuleFiles, RulesCommand, SchemaArg};
use super::config::{Config, read_text};
use super::exit::Exit;
use super::message::Refusal;
use super::own_detectors::Own;
use super::{law, settings};
use crate::model::Lang;
use crate::policy::{self, Case, CheckOptions, Rulebook};
use crate::report::escape::for_terminal;

/// The most facts that are read at once: 256 MiB.
const MAX_FACTS_BYTES: u64 = 256 << 20;

pub(crate) fn run(command: &RulesCommand) -> anyhow::Result<Exit> {
    match command {
        RulesCommand::List(files) => list(files),
        RulesCommand::Check {
            files,
            policy,
            mutate,
        } => check(files, policy.as_deref(), *mutate),
        RulesCommand::Coverage {
            policy,
            files,
            format,
        } => upkeep::coverage(files, policy, *format),
        RulesCommand::Schema { file } => schema(*file),
        RulesCommand::Explain { id, files, lang } => explain(
            id,
            files,
            settings::lang(*lang).unwrap_or_else(super::environment::locale),
        ),
        // Scripts compare what is said here, so the locale does not decide.
        RulesCommand::Judge { facts, files, lang } => judge(
            facts.as_deref(),
            files,
            settings::lang(*lang).unwrap_or(Lang::En),
        ),
    }
}

/// One schema, or which there are.
fn schema(file: Option<SchemaArg>) -> anyhow::Result<Exit> {
    let mut stdout = std::io::stdout().lock();
    let Some(file) = file else {
        for (id, title) in policy::SCHEMAS {
            writeln!(stdout, "{id:8} {title}")?;
        }
        return Ok(Exit::Complete);
    };
    let id = match file {
        SchemaArg::Rules => "rules",
        SchemaArg::Site => "site",
        SchemaArg::Classes => "classes",
        SchemaArg::Events => "events",
    };
    let text = policy::schema(id).context("a schema could not be made")?;
    stdout.write_all(text.as_bytes())?;
    Ok(Exit::Complete)
}

/// The named rule files; all shipped ones where none is named.
fn rulebook(files: &RuleFiles) -> anyhow::Result<Rulebook> {
    if files.rules.is_empty() {
        let names: Vec<String> = policy::shipped_names()
            .iter()
            .map(ToString::to_string)
            .collect();
        return law::rulebook(&names);
    }
    law::rulebook(&files.rules)
}

fn list(files: &RuleFiles) -> anyhow::Result<Exit> {
    let lang = super::environment::locale();
    let book = rulebook(files)?;
    let mut stdout = std::io::stdout().lock();
    for rule in book.rules() {
        let (id, kind) = (for_terminal(&rule.id), rule.kind_word());
        writeln!(
            stdout,
            "{id:28} {kind:11} {}",
            for_terminal(rule.title_in(lang))
        )?;
    }
    Ok(Exit::Complete)
}

/// Checks the named files together; where none is named, each shipped one with what it imports, since
/// nobody uses them all at once.
fn check(files: &RuleFiles, text: Option<&Path>, mutate: bool) -> anyhow::Result<Exit> {
    let mut stdout = std::io::stdout().lock();
    let mut exit = check_own(&mut stdout)?;
    if let Some(text) = text {
        exit = exit.max(upkeep::check(files, text, &mut stdout)?);
    }
    if mutate {
        upkeep::mutate(files, &mut stdout)?;
    }
    if !files.rules.is_empty() {
        let book = check_book(&files.rules, files.strict, &mut stdout)?;
        return Ok(exit.max(book));
    }
    for name in policy::shipped_names() {
        writeln!(stdout, "# {name}")?;
        let name = name.to_string();
        exit = exit.max(check_book(&[name], files.strict, &mut stdout)?);
    }
    Ok(exit)
}

/// Runs the examples of the detectors of `sporhund.toml`, where there are any.
fn check_own(out: &mut dyn Write) -> anyhow::Result<Exit> {
    let working = std::env::current_dir().context("the working folder is not known")?;
    let own = Own::of(&Config::find(None, &working)?)?;
    let (detectors, examples) = own.count();
    if detectors == 0 {
        return Ok(Exit::Complete);
    }
    let wrong = own.check();
    for line in &wrong {
        writeln!(out, "{}", for_terminal(line))?;
    }
    let remarks = wrong.len();
    writeln!(
        out,
        "{detectors} detectors, {examples} examples, {remarks} remarks"
    )?;
    Ok(if wrong.is_empty() {
        Exit::Complete
    } else {
        Exit::NotStarted
    })
}

fn check_book(rules: &[String], strict: bool, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let report = policy::check(&law::rulebook(rules)?, CheckOptions { strict });
    for finding in &report.findings {
        let severity = match finding.severity {
            policy::Severity::Warning => "warning",
            policy::Severity::Error => "error",
        };
        let place = for_terminal(&format!("{}:{}", finding.file, finding.line));
        let message = format!("{}: {} [{}]", finding.id, finding.message, finding.check);
        writeln!(out, "{place}: {severity}: {}", for_terminal(&message))?;
    }
    let (rules, examples) = (report.rules, report.examples);
    let remarks = report.findings.len();
    writeln!(out, "{rules} rules, {examples} examples, {remarks} remarks")?;
    Ok(if report.is_ok() {
        Exit::Complete
    } else {
        Exit::NotStarted
    })
}

fn explain(id: &str, files: &RuleFiles, lang: Lang) -> anyhow::Result<Exit> {
    let book = rulebook(files)?;
    let text = policy::explain(&book, id, lang).ok_or_else(|| {
        Refusal::new(format!("there is no rule `{id}`"))
            .hint("`sporhund rules list` names them all")
    })?;
    let mut stdout = std::io::stdout().lock();
    for line in text.lines() {
        writeln!(stdout, "{}", for_terminal(line))?;
    }
    Ok(Exit::Complete)
}

/// Judges each case and writes the judgements in the same order: one object for one, an array for
/// several.
fn judge(facts: Option<&Path>, files: &RuleFiles, lang: Lang) -> anyhow::Result<Exit> {
    let (name, text) = match facts {
        Some(file) => (file.display().to_string(), read_text(file)?),
        None => ("standard input".to_owned(), standard_input()?),
    };
    let cases = Case::parse(&name, &text).map_err(law::refused)?;
    let given = if files.rules.is_empty() {
        None
    } else {
        Some(law::rulebook(&files.rules)?)
    };
    let mut judgements = Vec::with_capacity(cases.len());
    for case in &cases {
        let own = given.is_none().then(|| own_rules(case)).transpose()?;
        let book = given
            .as_ref()
            .or(own.as_ref())
            .context("a rulebook is at hand")?;
        judgements.push(serde_json::to_value(policy::judge_case(book, case, lang))?);
    }
    let one = text.trim_start().starts_with('{') && judgements.len() == 1;
    let whole = if one {
        judgements.remove(0)
    } else {
        Value::Array(judgements)
    };
    writeln!(std::io::stdout().lock(), "{whole}")?;
    Ok(Exit::Complete)
}

fn own_rules(case: &Case) -> anyhow::Result<Rulebook> {
    if case.rulesets.is_empty() {
        let refusal = Refusal::new("no rules to judge by");
        return Err(refusal
            .hint("`--rules FILE|NAME`, or `rulesets` in the facts")
            .into());
    }
    law::rulebook(&case.rulesets)
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(MAX_FACTS_BYTES + 1);
    let read = std::io::copy(&mut input, &mut bytes).context("standard input cannot be read")?;
    if read > MAX_FACTS_BYTES {
        return Err(Refusal::new("the facts are larger than 256 MiB").into());
    }
    let text = String::from_utf8(bytes);
    text.map_err(|_| Refusal::new("the facts are not UTF-8").into())
}
