//! Reads the files that judging rests on: rules, site, events. What they mean is `policy`'s part; whom objects are
//! about by an applicant list is found out in `round`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::civil::Date;

use super::config::read_text;
use super::message::Refusal;
use super::remarks::Remark;
use super::settings::Places;
use crate::inventory::Reader;
use crate::model::{DigestKey, Lang};
use crate::policy::{self, Judge, Register, RegisterOptions, Rulebook, Site, Source};
use crate::report::JudgedBy;
use crate::round::{Applicant, Attribution, Nobody, People};

/// Rules, places and events, as they were given, and what they are asked with.
pub(crate) struct Law {
    pub(crate) rulebook: Rulebook,
    pub(crate) site: Site,
    pub(crate) register: Register,
    /// The files of the register.
    pub(crate) registers: Vec<PathBuf>,
    /// Whom objects are about by an applicant list, once they have been looked for.
    people: OnceLock<People>,
    /// Why the applicant list is not used where there is one.
    pub(crate) list_unused: Option<Remark>,
}

impl Law {
    /// Everything that the places name; `None` where no rules are named. What the site file names
    /// counts where neither the command line nor `sporhund.toml` does.
    ///
    /// # Errors
    /// A refusal that points at the file and line of the first fault. With `strict`, a refused row
    /// of a register is one.
    pub(crate) fn load(places: &Places, lang: Lang) -> anyhow::Result<Option<Self>> {
        let site = site(places.site.as_deref())?;
        let folder = places
            .site
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or(Path::new(""));
        let beside = |name: &String| {
            let file = folder.join(name);
            if file.is_file() {
                file.display().to_string()
            } else {
                name.clone()
            }
        };
        let rules = if places.rules.is_empty() {
            site.rules.iter().map(beside).collect()
        } else {
            places.rules.clone()
        };
        if rules.is_empty() {
            return Ok(None);
        }
        let rulebook = rulebook(&rules)?;
        let events = if places.events.is_empty() {
            site.events.iter().map(|name| folder.join(name)).collect()
        } else {
            places.events.clone()
        };
        let register = register(&events, &rulebook)?;
        if places.strict
            && let Some(row) = register.refused.first()
        {
            let why = row.why.text(lang);
            let message = format!("line {} of the event register is refused: {why}", row.line);
            return Err(Refusal::new(message)
                .hint("mend the row, or leave out `--strict`")
                .into());
        }
        Ok(Some(Self {
            rulebook,
            site,
            register,
            registers: events,
            people: OnceLock::new(),
            list_unused: None,
        }))
    }

    /// Looks for applicants in an inventory, once, so that objects are judged by whom they are about.
    ///
    /// # Errors
    /// The inventory cannot be read.
    pub(crate) fn know(
        &self,
        inventory: &Reader,
        applicants: &[Applicant],
        key: &DigestKey,
    ) -> anyhow::Result<&People> {
        if let Some(known) = self.people.get() {
            return Ok(known);
        }
        let found = People::find(inventory, applicants, key, (&self.site, &self.register))?;
        Ok(self.people.get_or_init(|| found))
    }

    /// The judge of these rules and events on a day.
    pub(crate) fn judge(&self, as_of: Date, lang: Lang) -> Judge<'_> {
        let (book, facts) = (&self.rulebook, &self.site.facts);
        Judge::new(book, facts, &self.register, as_of, lang)
    }

    /// What objects are judged by: this, and whom they are about as far as that was looked for.
    pub(crate) fn judged_by<'a>(&'a self, judge: &'a Judge<'a>) -> JudgedBy<'a> {
        let people = self.people.get();
        JudgedBy {
            judge,
            book: &self.rulebook,
            site: &self.site,
            attribution: people.map_or(&Nobody as &dyn Attribution, |people| people),
        }
    }
}

impl Law {
    /// What the site file says, without rules and events.
    ///
    /// # Errors
    /// A refusal that points at the file and line of a fault.
    #[cfg(unix)]
    pub(crate) fn of_site(places: &Places) -> anyhow::Result<Self> {
        Ok(Self {
            rulebook: Rulebook::parse(&[]).map_err(refused)?,
            site: site(places.site.as_deref())?,
            register: Register::default(),
            registers: Vec::new(),
            people: OnceLock::new(),
            list_unused: None,
        })
    }
}

/// The rules of files and of shipped names, with what they import.
///
/// # Errors
/// A refusal for a name that is neither, and for a fault in a file, with its line.
pub(crate) fn rulebook(rules: &[String]) -> anyhow::Result<Rulebook> {
    let mut texts = Vec::new();
    for name in rules {
        let text = match policy::shipped(name) {
            Some(text) if !Path::new(name).is_file() => text.to_owned(),
            _ if Path::new(name).is_file() => read_text(Path::new(name))?,
            _ => {
                let refusal = Refusal::new(format!("there are no rules `{name}`"));
                let names = policy::shipped_names().join("`, `");
                return Err(refusal.hint(format!("a file, or one of `{names}`")).into());
            }
        };
        texts.push((name.clone(), text));
    }
    let mut at = 0;
    while let Some((name, text)) = texts.get(at) {
        for (file, text) in beside(name, text)? {
            if !texts.iter().any(|(known, _)| *known == file) {
                texts.push((file, text));
            }
        }
        at += 1;
    }
    let sources: Vec<_> = texts
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect();
    Rulebook::parse(&sources).map_err(refused)
}

/// The rule files that one imports and that lie beside it; a shipped name is the shipped file. What is wrong with the
/// importing file is told when it is read as rules.
fn beside(importer: &str, text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let whole: toml::Table = toml::from_str(text).unwrap_or_default();
    let imports = whole.get("policy").and_then(|policy| policy.get("imports"));
    let names = imports
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten();
    let mut found = Vec::new();
    for name in names.filter_map(toml::Value::as_str) {
        let folder = Path::new(importer).parent().unwrap_or(Path::new(""));
        let mut files = [name.to_owned(), format!("{name}.toml")]
            .into_iter()
            .map(|file| folder.join(file));
        let file = files.find(|file| file.is_file());
        if let Some(file) = file.filter(|_| policy::shipped(name).is_none()) {
            found.push((file.display().to_string(), read_text(&file)?));
        }
    }
    Ok(found)
}

/// The site file; one without zones where none is named.
///
/// # Errors
/// A refusal that points at the file and line of a fault.
pub(crate) fn site(file: Option<&Path>) -> anyhow::Result<Site> {
    match file {
        Some(file) => Site::parse(&file.display().to_string(), &read_text(file)?).map_err(refused),
        None => Site::parse("", "schema = 1\n").map_err(refused),
    }
}

fn register(files: &[PathBuf], rulebook: &Rulebook) -> anyhow::Result<Register> {
    let mut register = Register::default();
    for file in files {
        let (name, text) = (file.display().to_string(), read_text(file)?);
        let options = RegisterOptions::default();
        let rows = Register::parse(&name, &text, rulebook.vocabulary(), options);
        register = register.merged(rows.map_err(refused)?);
    }
    Ok(register)
}

/// A fault in a file as a reason not to start.
pub(crate) fn refused(error: policy::Error) -> anyhow::Error {
    let refusal = Refusal::new(error.to_string());
    match error.hint {
        Some(hint) => refusal.hint(hint).into(),
        None => refusal.into(),
    }
}
