//! `sporhund rules check --policy`, `--mutate` and `sporhund rules coverage`: rules beside the text that
//! they cite, and beside their own examples.

use std::io::Write;
use std::path::Path;

use super::super::args::{RuleFiles, SummaryFormat};
use super::super::config::read_text;
use super::super::exit::Exit;
use super::super::law;
use super::super::message::Refusal;
use crate::policy::{self, Citation, PolicyKind, Rulebook, Upkeep};
use crate::report::escape::for_terminal;

/// Characters of a statement that the table shows.
const FIRST_WORDS: usize = 60;

/// Tells which promises read otherwise now, and what no rule speaks of.
pub(super) fn check(files: &RuleFiles, text: &Path, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let (_, upkeep) = upkeep(files, text)?;
    let name = for_terminal(&text.display().to_string());
    if upkeep.same_text == Some(false) {
        writeln!(
            out,
            "{name}: warning: it is not the text that the rules were written for [text-changed]"
        )?;
    }
    let mut exit = Exit::Complete;
    for cited in &upkeep.cited {
        let (address, id) = (for_terminal(&cited.address), for_terminal(&cited.id));
        let told = match &cited.citation {
            Citation::Same => continue,
            Citation::Moved(now) => format!("{id}: `{address}` is `{now}` now [statement-moved]"),
            Citation::Changed => {
                format!("{id}: `{address}` reads otherwise now [statement-changed]")
            }
            Citation::Gone => format!("{id}: `{address}` is not in the text [statement-gone]"),
        };
        let place = for_terminal(&format!("{}:{}", cited.place.0, cited.place.1));
        writeln!(out, "{place}: error: {told}")?;
        exit = Exit::NotStarted;
    }
    let silent = upkeep.covered.iter().filter(|one| one.by.is_empty());
    let silent: Vec<&str> = silent.map(|one| one.address.as_str()).collect();
    if !silent.is_empty() {
        let (count, silent) = (silent.len(), for_terminal(&silent.join(" ")));
        writeln!(
            out,
            "{name}: warning: no rule speaks of {count} statements: {silent} [statement-uncovered]"
        )?;
    }
    for (address, line, words) in &upkeep.broken {
        let words = for_terminal(words);
        writeln!(
            out,
            "{name}:{line}: warning: `{address}` refers to «{words}», which is not there [reference-broken]"
        )?;
    }
    let same = upkeep
        .cited
        .iter()
        .filter(|one| one.citation == Citation::Same);
    let (same, all) = (same.count(), upkeep.cited.len());
    writeln!(out, "{same} of {all} citations are what the text says")?;
    Ok(exit)
}

/// Tells what no example notices.
pub(super) fn mutate(files: &RuleFiles, out: &mut dyn Write) -> anyhow::Result<()> {
    let names = if files.rules.is_empty() {
        policy::shipped_names()
            .iter()
            .map(ToString::to_string)
            .collect()
    } else {
        files.rules.clone()
    };
    for name in names {
        let mutation = policy::mutate(&law::rulebook(&[name])?);
        for one in &mutation.survivors {
            let place = for_terminal(&format!("{}:{}", one.place.0, one.place.1));
            let told = for_terminal(&format!("{}: no example notices {}", one.rule, one.change));
            writeln!(out, "{place}: warning: {told} [untested]")?;
        }
        let (tried, unnoticed) = (mutation.tried, mutation.survivors.len());
        writeln!(out, "{tried} changes, {unnoticed} unnoticed")?;
    }
    Ok(())
}

/// A table of statements, and what speaks of each.
pub(super) fn coverage(
    files: &RuleFiles,
    text: &Path,
    format: SummaryFormat,
) -> anyhow::Result<Exit> {
    let (id, upkeep) = upkeep(files, text)?;
    let mut out = std::io::stdout().lock();
    if format == SummaryFormat::Json {
        let mut whole = serde_json::to_value(&upkeep)?;
        if let Some(whole) = whole.as_object_mut() {
            whole.insert("policy".to_owned(), id.into());
        }
        writeln!(out, "{whole}")?;
        return Ok(Exit::Complete);
    }
    for one in &upkeep.covered {
        let by = if one.by.is_empty() {
            "–".to_owned()
        } else {
            for_terminal(&one.by.join(", "))
        };
        let (address, words) = (for_terminal(&one.address), for_terminal(&one.text));
        let first: String = words.chars().take(FIRST_WORDS).collect();
        writeln!(
            out,
            "{address:10} {:>4}  {}  {by:24}  {first}",
            one.line, one.digest
        )?;
    }
    let all = upkeep.covered.len();
    let spoken = upkeep
        .covered
        .iter()
        .filter(|one| !one.by.is_empty())
        .count();
    writeln!(out, "{spoken} of {all} statements have a rule or a purpose")?;
    Ok(Exit::Complete)
}

/// The one policy of the rules, beside its text.
fn upkeep(files: &RuleFiles, text: &Path) -> anyhow::Result<(String, Upkeep)> {
    let book = if files.rules.is_empty() {
        super::rulebook(files)?
    } else {
        law::rulebook(&files.rules)?
    };
    let id = policy_of(&book)?;
    let upkeep = policy::upkeep(&book, &id, &read_text(text)?);
    Ok((id, upkeep))
}

fn policy_of(book: &Rulebook) -> anyhow::Result<String> {
    let policies = book.policies().iter();
    let mut stated = policies.filter(|policy| policy.kind == PolicyKind::Policy);
    let one = stated.next().ok_or_else(|| {
        Refusal::new("none of the rules are written for a policy's text")
            .hint("name them with `--rules FILE|NAME`")
    })?;
    if stated.next().is_some() {
        let refusal = Refusal::new("the rules are written for more than one policy");
        return Err(refusal
            .hint("name one of them with `--rules FILE|NAME`")
            .into());
    }
    Ok(one.id.clone())
}
