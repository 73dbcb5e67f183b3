//! `sporhund site`: zones that could stand in the site file, and those that a person accepts.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::args::{JudgeArgs, LangArg};
use super::config::read_text;
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::settings::{self, Places};
use super::{environment, law, report};
use crate::inventory::{FindingRow, Reader};
use crate::model::Lang;
use crate::own_files::{self, Readers};
use crate::policy::{Observed, Site, Suggestion, Suggestions};
use crate::report::escape::for_terminal;

#[derive(Args, Debug)]
pub(crate) struct SiteArgs {
    #[command(subcommand)]
    command: SiteCommand,
}

#[derive(Debug, Subcommand)]
enum SiteCommand {
    /// Propose zones for places that the site file does not describe, from what the latest scan saw
    Suggest {
        /// Add the zone with this path pattern to the site file, or `all` of them (repeatable)
        #[arg(long, value_name = "PATTERN|all")]
        accept: Vec<String>,
        /// Language of the remarks [default: from the locale]
        #[arg(long, value_name = "nb|nn|en")]
        lang: Option<LangArg>,
        #[command(flatten)]
        judge: JudgeArgs,
    },
}

pub(crate) fn run(arguments: &SiteArgs) -> anyhow::Result<Exit> {
    let SiteCommand::Suggest {
        accept,
        lang,
        judge,
    } = &arguments.command;
    let config = report::configuration(judge)?;
    let places = Places::new(judge, &config)?;
    let lang = settings::lang(*lang).unwrap_or_else(environment::locale);
    let inventory = report::open(&places.inventory)?;
    let site = law::site(places.site.as_deref())?;
    let rules = match law::Law::load(&places, lang)? {
        Some(law) => Some(law.rulebook),
        None => None,
    };
    let suggestions = observed(&inventory)?.suggest(&site, rules.as_ref());
    if accept.is_empty() {
        show(&suggestions, lang)?;
    } else {
        let file = places.site.as_deref().ok_or_else(|| {
            Refusal::new("there is no site file to add to")
                .hint("`sporhund init` makes one; or name it with `--site FILE`")
        })?;
        add(file, &accepted(&suggestions, accept)?, lang)?;
    }
    Ok(Exit::Complete)
}

/// What the inventory's present holds, folder by folder. A member counts in the folder of its file.
fn observed(inventory: &Reader) -> anyhow::Result<Observed> {
    let mut observed = Observed::default();
    inventory.for_each_object(&mut |row| {
        let file = row.path.split("!/").next().unwrap_or_default();
        let class = row.class.as_ref();
        let class = class.map(|guess| (guess.id.as_str(), guess.certainty));
        let personal = row.findings.iter().any(FindingRow::is_personal);
        observed.add(file, class, personal);
    })?;
    Ok(observed)
}

fn show(suggestions: &Suggestions, lang: Lang) -> anyhow::Result<()> {
    let mut text = String::new();
    for zone in &suggestions.zones {
        let _ = writeln!(text, "{}", zone_text(zone, lang));
    }
    for (folder, documents) in &suggestions.unknown {
        let folder = for_terminal(folder);
        let _ = match lang {
            Lang::Nb => writeln!(
                text,
                "# {folder}: {documents} med persondata, ukjent formål"
            ),
            Lang::Nn => writeln!(
                text,
                "# {folder}: {documents} med persondata, ukjent føremål"
            ),
            Lang::En => writeln!(
                text,
                "# {folder}: {documents} with personal data, purpose unknown"
            ),
        };
    }
    std::io::stdout().lock().write_all(text.as_bytes())?;
    remark(&match suggestions.zones.len() {
        0 => "site: no zone to propose".to_owned(),
        zones => {
            format!("site: zones proposed: {zones}; `--accept PATTERN` adds one to the site file")
        }
    });
    Ok(())
}

/// The proposed zones with these patterns.
fn accepted<'s>(
    suggestions: &'s Suggestions,
    patterns: &[String],
) -> anyhow::Result<Vec<&'s Suggestion>> {
    let all = patterns.iter().any(|pattern| pattern == "all");
    let known: BTreeSet<String> = suggestions
        .zones
        .iter()
        .map(|zone| zone.path.clone())
        .collect();
    let missing = patterns
        .iter()
        .find(|pattern| *pattern != "all" && !known.contains(*pattern));
    if let Some(missing) = missing {
        let known: Vec<String> = known.into_iter().collect();
        let refusal = Refusal::new(format!("no zone `{missing}` is proposed"));
        return Err(match known.as_slice() {
            [] => refusal.into(),
            known => refusal
                .hint(format!("one of `{}`", known.join("`, `")))
                .into(),
        });
    }
    let wanted = |zone: &&Suggestion| all || patterns.contains(&zone.path);
    Ok(suggestions.zones.iter().filter(wanted).collect())
}

/// Adds zones at the end of a site file, at once or not at all. The file must be valid afterwards.
fn add(file: &Path, zones: &[&Suggestion], lang: Lang) -> anyhow::Result<()> {
    let mut text = read_text(file)?;
    for zone in zones {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let _ = write!(text, "\n{}", zone_text(zone, lang));
    }
    Site::parse(&file.display().to_string(), &text).map_err(law::refused)?;
    own_files::replace(file, text.as_bytes(), Readers::Owner)
        .with_context(|| Refusal::new(format!("`{}` cannot be written", file.display())))?;
    remark(&format!(
        "site: zones added to `{}`: {}",
        file.display(),
        zones.len()
    ));
    Ok(())
}

/// A zone as it stands in a site file, with what it rests on.
fn zone_text(zone: &Suggestion, lang: Lang) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let purposes: Vec<String> = zone.purpose.iter().map(|id| quoted(id)).collect();
    let mut text = format!("# {}\n[[zone]]\n", ground(zone, lang));
    let _ = writeln!(text, "path = {}", quoted(&zone.path));
    text.push_str("role = \"controller\"\n");
    let _ = writeln!(text, "purpose = [{}]", purposes.join(", "));
    if let Some(class) = &zone.default_class {
        let _ = writeln!(text, "default_class = {}", quoted(class));
    }
    if let Some(pattern) = &zone.process_from_path {
        let _ = writeln!(text, "process_from_path = {}", quoted(pattern));
    }
    if zone.employee_private {
        text.push_str("employee_private = true\n");
    }
    text
}

fn ground(zone: &Suggestion, lang: Lang) -> String {
    let (family, (agreeing, classed)) = (&zone.family, zone.agreeing);
    match (zone.employee_private, lang) {
        (true, Lang::Nb) => "De ansattes egne mapper: listes opp, åpnes ikke.".to_owned(),
        (true, Lang::Nn) => {
            "Dei tilsette sine eigne mapper: blir lista opp, ikkje opna.".to_owned()
        }
        (true, Lang::En) => "Employees' own folders: listed, never opened.".to_owned(),
        (false, Lang::Nb) => {
            format!(
                "{agreeing} av {classed} dokumenter med kjent type er `{family}`. Er rollen riktig?"
            )
        }
        (false, Lang::Nn) => {
            format!("{agreeing} av {classed} dokument med kjend type er `{family}`. Er rolla rett?")
        }
        (false, Lang::En) => {
            format!(
                "{agreeing} of {classed} documents of a known kind are `{family}`. Is the role right?"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposed_zone_is_a_valid_one_whatever_its_folder_is_called() {
        let mut observed = Observed::default();
        for file in ["1/a", "1/b", "2/c"] {
            let path = format!("hr [gammel] \"r*\"/{file}");
            observed.add(&path, Some(("recruitment.cv", 0.9)), true);
        }
        let nothing = law::site(None).unwrap();
        let suggestions = observed.suggest(&nothing, None);
        let zone = suggestions.zones.first().unwrap();
        let text = format!("schema = 1\n{}", zone_text(zone, Lang::Nb));
        let site = Site::parse("site.toml", &text).unwrap();
        let found = site.zone("hr [gammel] \"r*\"/2026-01/cv.docx").unwrap();
        assert_eq!(found.process.as_deref(), Some("2026-01"));
    }
}
