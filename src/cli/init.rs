//! `sporhund init`: a first `sporhund.toml`, `site.toml` and `events.csv`, with remarks.
//!
//! It asks where a person sits at the terminal, and takes the answers from the command line where
//! not. Of a share it reads the names of the topmost folders and nothing else, and it writes nothing
//! into it unless that is where it is started.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::args::LangArg;
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::{config, environment, settings};
use crate::model::Lang;
use crate::policy::{self, holds_homes, pattern_of};
use crate::report::escape::for_terminal;

/// Folders at the top of a share that are listed in the site file.
const MAX_FOLDERS: usize = 200;

#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The share that will be scanned: its topmost folders are listed in the site file
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Where the files are written [default: the working folder]
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// Shipped rules to begin with (repeatable) [default: the Norwegian baseline]
    #[arg(long, value_name = "NAME")]
    rules: Vec<String>,
    /// The organisation is a public body under the archives act
    #[arg(long)]
    public_body: bool,
    /// A domain of the organisation's own, such as `firma.no` (repeatable)
    #[arg(long, value_name = "DOMAIN")]
    domain: Vec<String>,
    /// Language of the files and of later reports [default: from the locale]
    #[arg(long, value_name = "nb|nn|en")]
    lang: Option<LangArg>,
    /// Ask nothing
    #[arg(long, short)]
    yes: bool,
}

/// What is known once everything was asked.
struct Answers {
    rules: Vec<String>,
    public_body: bool,
    domains: Vec<String>,
    folders: Vec<String>,
    lang: Lang,
}

pub(crate) fn run(arguments: &InitArgs) -> anyhow::Result<Exit> {
    let into = arguments.into.clone().unwrap_or_default();
    let files = [config::FILE_NAME, "site.toml", "events.csv"].map(|name| into.join(name));
    if let Some(there) = files.iter().find(|file| file.exists()) {
        let message = format!("`{}` is there already", there.display());
        return Err(Refusal::new(message)
            .hint("change it by hand, or name another folder with `--into FOLDER`")
            .into());
    }
    let answers = answers(arguments)?;
    let texts = answers.texts();
    if let Some(folder) = &arguments.into {
        std::fs::create_dir_all(folder)
            .with_context(|| Refusal::new(format!("`{}` cannot be made", folder.display())))?;
    }
    for (file, text) in files.iter().zip(&texts) {
        write_new(file, text)?;
    }
    let names = files.map(|file| format!("`{}`", file.display())).join(", ");
    remark(&format!("init: {names} written"));
    let path = arguments.path.as_deref().unwrap_or(Path::new("PATH"));
    remark(&format!(
        "hint: `sporhund scan {}`, then `sporhund site suggest`",
        path.display()
    ));
    Ok(Exit::Complete)
}

fn answers(arguments: &InitArgs) -> anyhow::Result<Answers> {
    let folders = match &arguments.path {
        Some(path) => top_folders(path)?,
        None => Vec::new(),
    };
    let may_ask = !arguments.yes && std::io::stdin().is_terminal();
    let public_body = if arguments.public_body || !may_ask {
        arguments.public_body
    } else {
        let answer = ask("Is the organisation a public body under the archives act? [y/N] ")?;
        matches!(answer.to_lowercase().as_str(), "y" | "yes" | "j" | "ja")
    };
    let mut domains = arguments.domain.clone();
    if domains.is_empty() && may_ask {
        let answer = ask("Its own domains, such as `firma.no` (empty for none): ")?;
        let given = answer.split([',', ' ']).filter(|domain| !domain.is_empty());
        domains = given.map(str::to_owned).collect();
    }
    let rules = match arguments.rules.as_slice() {
        [] if public_body => vec!["baseline-no-public".to_owned()],
        [] => vec!["baseline-no-private".to_owned()],
        rules => rules.to_vec(),
    };
    let known = policy::shipped_names();
    if let Some(unknown) = rules.iter().find(|name| !known.contains(&name.as_str())) {
        let refusal = Refusal::new(format!("no rules `{unknown}` are shipped"));
        return Err(refusal
            .hint(format!("one of `{}`", known.join("`, `")))
            .into());
    }
    Ok(Answers {
        rules,
        public_body,
        domains,
        folders,
        lang: settings::lang(arguments.lang).unwrap_or_else(environment::locale),
    })
}

/// The names of the topmost folders of a share, in their order, without hidden ones.
fn top_folders(path: &Path) -> anyhow::Result<Vec<String>> {
    let unreadable = || Refusal::new(format!("`{}` cannot be listed", path.display()));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_folder && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    names.truncate(MAX_FOLDERS);
    Ok(names)
}

/// An answer from the terminal, without white space round it. The end of input is an empty one.
fn ask(question: &str) -> anyhow::Result<String> {
    let mut stderr = std::io::stderr().lock();
    write!(stderr, "{question}").and_then(|()| stderr.flush())?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

impl Answers {
    /// The texts of `sporhund.toml`, `site.toml` and `events.csv`.
    fn texts(&self) -> [String; 3] {
        let [settings, site, events] = match self.lang {
            Lang::Nb => templates::NB,
            Lang::Nn => templates::NN,
            Lang::En => templates::EN,
        };
        let settings = settings
            .replace("{rules}", &list(&self.rules))
            .replace("{domains}", &list(&self.domains));
        let site = site.replace("{public_body}", &self.public_body.to_string());
        [settings, site + &self.zones(), events.to_owned()]
    }

    /// Zones for the topmost folders: those of employees in force, all others as remarks.
    fn zones(&self) -> String {
        let mut text = String::new();
        for folder in &self.folders {
            let (mark, below) = if holds_homes(folder) {
                ("", "/{subject}/**")
            } else {
                ("# ", "/**")
            };
            let path = toml::Value::from(pattern_of(folder) + below);
            let _ = writeln!(text, "\n{mark}[[zone]]\n{mark}path = {path}");
            let _ = writeln!(text, "{mark}role = \"controller\"\n{mark}purpose = []");
            if mark.is_empty() {
                text.push_str("default_class = \"hr.home_folder\"\nemployee_private = true\n");
                let folder = for_terminal(folder);
                remark(&format!(
                    "init: `{folder}` is taken for employees' own folders: listed, not opened"
                ));
            }
        }
        text
    }
}

fn list(words: &[String]) -> String {
    let quoted = words.iter().map(|word| toml::Value::from(word.as_str()));
    let quoted: Vec<String> = quoted.map(|word| word.to_string()).collect();
    quoted.join(", ")
}

/// Writes a file that must not be there yet.
fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || Refusal::new(format!("`{}` cannot be written", file.display()));
    let mut options = OpenOptions::new();
    let mut new = options
        .write(true)
        .create_new(true)
        .open(file)
        .with_context(failed)?;
    new.write_all(text.as_bytes()).with_context(failed)
}

/// `sporhund.toml`, `site.toml` and `events.csv` in each language.
mod templates {
    pub(super) const NB: [&str; 3] = [
        include_str!("templates/nb/sporhund.toml"),
        include_str!("templates/nb/site.toml"),
        include_str!("templates/nb/events.csv"),
    ];
    pub(super) const NN: [&str; 3] = [
        include_str!("templates/nn/sporhund.toml"),
        include_str!("templates/nn/site.toml"),
        include_str!("templates/nn/events.csv"),
    ];
    pub(super) const EN: [&str; 3] = [
        include_str!("templates/en/sporhund.toml"),
        include_str!("templates/en/site.toml"),
        include_str!("templates/en/events.csv"),
    ];
}
