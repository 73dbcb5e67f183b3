//! `sporhund report`, and what `scan` shares with it: preparing, writing, and the exit code.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::applicants::{self, Applicants};
use super::args::{FailOn, JudgeArgs, ReportArgs, ReportKind};
use super::config::Config;
use super::exit::Exit;
use super::law::Law;
use super::message::{self, Refusal};
use super::own_detectors::Own;
use super::remarks;
use super::report_forms::{self, Parts};
use super::settings::{Places, Saying};
use crate::detect::Scanner;
use crate::inventory::{self, Inventory, ObjectRow, Reader};
use crate::model::{DigestKey, Lang};
use crate::own_files::empty_private;
use crate::report::{
    self, Accepted, Context, Form, JudgedObject, Names, Overview, RefusedRow, Style,
};

pub(crate) fn run(arguments: &ReportArgs) -> anyhow::Result<Exit> {
    if arguments.say.fail_on.contains(&FailOn::NewUnread) {
        let refusal = Refusal::new("`--fail-on new-unread` needs a scan, which has a before");
        return Err(refusal
            .hint("`sporhund scan PATH… --fail-on new-unread`, or `--fail-on unread` here")
            .into());
    }
    match arguments.kind {
        ReportKind::Ropa | ReportKind::Breach => return super::records::run(arguments),
        _ if arguments.folder.is_some() => {
            return Err(Refusal::new("only `report breach` takes a folder").into());
        }
        ReportKind::Sample => return super::sample::run(arguments),
        ReportKind::Diff => return super::diff::run(arguments),
        ReportKind::Summary
        | ReportKind::Json
        | ReportKind::Jsonl
        | ReportKind::Csv
        | ReportKind::Xlsx
        | ReportKind::Html => {}
    }
    if arguments.since.is_some() || arguments.format.is_some() {
        let refusal = Refusal::new("`--since` and `--format` go with `report diff`");
        return Err(refusal.into());
    }
    if arguments.n.is_some() || arguments.seed.is_some() || arguments.read.is_some() {
        let refusal = Refusal::new("`--n`, `--seed` and `--read` go with `report sample`");
        return Err(refusal.into());
    }
    let config = configuration(&arguments.judge)?;
    let places = Places::new(&arguments.judge, &config)?.with_key(&arguments.key);
    let saying = Saying::new(&arguments.say, &config)?;
    let inventory = open(&places.inventory)?;
    let law = law(arguments, (&config, &places, &saying), &inventory)?;
    let reporting = Reporting::prepare(&config, &places, &saying)?;
    let backdrop = report_forms::backdrop(arguments, law.as_ref(), &inventory, &saying)?;
    remark_on_rules("report", &saying, (law.as_ref(), &inventory))?;
    let output = saying.output.as_deref();
    let overview = if arguments.split.is_some() {
        let mut parts = Parts::new(arguments.kind, output, &backdrop)?;
        let overview = reporting.write_split(&inventory, law.as_ref(), &mut parts)?;
        saying.remark(remarks::files_of_owners(parts.count()));
        overview
    } else {
        let form = report_forms::form(arguments.kind, &backdrop)?;
        refuse_binary(arguments.kind, output)?;
        with_output(output, |out| {
            reporting.write_form(&inventory, law.as_ref(), &*form, out)
        })?
    };
    Ok(Exit::of(&overview, &saying.fail_on, false))
}

/// What a report judges by: rules, places and events, and whom objects are about by the applicant list.
pub(super) fn law(
    arguments: &ReportArgs,
    (config, places, saying): (&Config, &Places, &Saying),
    inventory: &Reader,
) -> anyhow::Result<Option<Law>> {
    let mut law = Law::load(places, saying.lang)?;
    let list = Applicants::read("report", &arguments.rounds, config)?;
    list.attribute(
        law.as_mut(),
        inventory,
        || applicants::key_at(places.key_file.clone(), &places.inventory),
        saying,
    )?;
    Ok(law)
}

/// Verdicts follow the rules of today. Where the scan knew others, that is said.
pub(super) fn remark_on_rules(
    command: &str,
    saying: &Saying,
    (law, inventory): (Option<&Law>, &Reader),
) -> anyhow::Result<()> {
    let latest = inventory.runs()?.into_iter().next();
    let then = latest.and_then(|run| run.rules_hash);
    let now = law.map(|law| law.rulebook.digest());
    if let (Some(then), Some(now)) = (then, now)
        && then != now
    {
        saying.remark(remarks::rules_changed(command));
    }
    Ok(())
}

/// A workbook on a terminal helps nobody.
fn refuse_binary(kind: ReportKind, output: Option<&Path>) -> anyhow::Result<()> {
    if kind == ReportKind::Xlsx && output.is_none() && std::io::stdout().is_terminal() {
        let refusal = Refusal::new("a workbook is not written to a terminal");
        return Err(refusal.hint("`--output rapport.xlsx`").into());
    }
    Ok(())
}

/// The configuration that the latest scan was made with: that of its first root, else that of the
/// working folder, which also says where the inventory is.
pub(crate) fn configuration(arguments: &JudgeArgs) -> anyhow::Result<Config> {
    let working = std::env::current_dir().context("the working folder is not known")?;
    let config = Config::find(None, &working)?;
    let inventory = open(&Places::new(arguments, &config)?.inventory)?;
    let latest = inventory.runs()?.into_iter().next();
    let root = latest.and_then(|run| run.roots.into_iter().next());
    let root = root.map(|(_, path, _)| path_of(&path));
    Config::find(root.as_deref(), &working)
}

#[cfg(unix)]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// What every report of a run is made with.
pub(crate) struct Reporting {
    style: Style,
    accepted: Vec<Accepted>,
    scanner: Scanner,
    names: Names,
}

impl Reporting {
    pub(crate) fn prepare(
        config: &Config,
        places: &Places,
        saying: &Saying,
    ) -> anyhow::Result<Self> {
        let style = Style {
            lang: saying.lang,
            min_confidence: saying.min_confidence,
            show_paths: saying.show_paths,
            as_of: places.as_of,
            explain_coverage: saying.explain_coverage,
            colour: saying.output.is_none() && message::colours_on(&std::io::stdout()),
        };
        Ok(Self {
            style,
            accepted: config.coverage.accepted()?,
            // Only masks are made with it, never digests.
            scanner: Scanner::new(DigestKey::new([0; 16]), [].into())
                .with_own(Own::of(config)?.detectors),
            names: report_forms::names(),
        })
    }

    /// How it speaks.
    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// Whether an object counts as not read, and nobody has accepted it as such.
    pub(crate) fn is_unread(&self, row: &ObjectRow) -> bool {
        let Some(problem) = row.outcome.problem() else {
            return false;
        };
        let (cause, day) = (problem.kind.as_str(), self.style.as_of);
        let accepted = |entry: &Accepted| entry.covers(&row.path, cause, day);
        row.outcome.is_unread() && !self.accepted.iter().any(accepted)
    }

    /// Writes a report in a form and returns what it comes down to.
    pub(crate) fn write(
        &self,
        inventory: &Reader,
        law: Option<&Law>,
        form: &str,
        out: &mut dyn Write,
    ) -> anyhow::Result<Overview> {
        let form = report::form(form).with_context(|| format!("there is no report `{form}`"))?;
        self.write_form(inventory, law, form, out)
    }

    /// The same in a form that was made for it.
    pub(crate) fn write_form(
        &self,
        inventory: &Reader,
        law: Option<&Law>,
        form: &dyn Form,
        out: &mut dyn Write,
    ) -> anyhow::Result<Overview> {
        self.with_context(law, |context| {
            // Only a page can be switched to another language.
            let translator = context.translator.filter(|_| form.id() == "html");
            let context = Context {
                translator,
                // Objects are listed whole in these alone.
                explains_all: matches!(form.id(), "json" | "jsonl"),
                ..context
            };
            Ok(report::write(inventory, context, form, out)?)
        })
    }

    /// Writes a report for each owner.
    pub(crate) fn write_split(
        &self,
        inventory: &Reader,
        law: Option<&Law>,
        parts: &mut Parts<'_>,
    ) -> anyhow::Result<Overview> {
        self.with_context(law, |context| {
            let mut open = |owner: &str| parts.open(owner);
            Ok(report::write_split(inventory, context, &mut open)?)
        })
    }

    /// Has a form keep the objects instead of writing them.
    pub(crate) fn gather(
        &self,
        inventory: &Reader,
        law: Option<&Law>,
        form: &dyn Form,
    ) -> anyhow::Result<Overview> {
        self.with_context(law, |context| {
            Ok(report::write(
                inventory,
                context,
                form,
                &mut std::io::sink(),
            )?)
        })
    }

    /// One object as a report would show it.
    pub(crate) fn judge_one(
        &self,
        inventory: &Reader,
        law: Option<&Law>,
        row: &ObjectRow,
    ) -> anyhow::Result<JudgedObject> {
        self.with_context(law, |context| {
            Ok(report::judge_one(inventory, context, row)?)
        })
    }

    pub(crate) fn with_context<T>(
        &self,
        law: Option<&Law>,
        work: impl FnOnce(Context<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let style = self.style;
        let refused: Vec<_> = law
            .iter()
            .flat_map(|law| &law.register.refused)
            .map(|row| RefusedRow {
                line: row.line,
                why: Lang::ALL.map(|lang| format!("{}: {}", row.event_id, row.why.text(lang))),
            })
            .collect();
        let judge = |lang: Lang| law.map(|law| law.judge(style.as_of, lang));
        let (judge, translator) = match style.lang {
            Lang::Nb | Lang::Nn => (judge(style.lang), judge(Lang::En)),
            Lang::En => (judge(Lang::En), judge(Lang::Nb)),
        };
        work(Context {
            style,
            law: judge
                .as_ref()
                .zip(law)
                .map(|(judge, law)| law.judged_by(judge)),
            list_unused: law.and_then(|law| law.list_unused.as_ref()),
            scanner: &self.scanner,
            accepted: &self.accepted,
            refused_rows: &refused,
            translator: translator.as_ref(),
            names: &self.names,
            jobs: super::settings::jobs(None),
            explains_all: true,
        })
    }
}

/// An inventory for reading.
pub(crate) fn open(file: &Path) -> anyhow::Result<Reader> {
    Inventory::open_read_only(file).map_err(not_opened)
}

/// The inventory, made where there is none.
pub(crate) fn open_or_create(
    file: &Path,
    key: &DigestKey,
    saying: &Saying,
) -> anyhow::Result<Inventory> {
    let inventory = Inventory::create_or_open(file, key.fingerprint()).map_err(not_opened)?;
    if let Some(copy) = inventory.older_copy() {
        saying.remark(remarks::inventory_renewed(copy));
    }
    Ok(inventory)
}

/// An inventory that cannot be used is a reason not to start.
fn not_opened(error: inventory::Error) -> anyhow::Error {
    if let inventory::Error::Io { path, source, .. } = &error
        && source.kind() == ErrorKind::NotFound
    {
        let refusal = Refusal::new(format!("there is no inventory `{}`", path.display()));
        let hint = "`sporhund scan PATH` makes one; `--inventory FILE` names another";
        return refusal.hint(hint).into();
    }
    let refusal = match last_copy_hint(&error) {
        Some(hint) => Refusal::new(error.to_string()).hint(hint),
        None => Refusal::new(error.to_string()),
    };
    anyhow::Error::new(error).context(refusal)
}

/// Where a damaged inventory can be had whole.
pub(super) fn last_copy_hint(error: &inventory::Error) -> Option<String> {
    let inventory::Error::Damaged { path, .. } = error else {
        return None;
    };
    let copy = inventory::last_copy(path);
    Some(if copy.exists() {
        format!(
            "`{}` is as the last complete scan left it: put it in the place of the other",
            copy.display()
        )
    } else {
        "there is no copy: delete it and scan anew".to_owned()
    })
}

/// Runs `write` with standard output, or with a file that only its owner can read.
pub(crate) fn with_output<T>(
    file: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut out: Box<dyn Write> = match file {
        Some(file) => Box::new(private_file(file)?),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    let result = write(&mut *out)?;
    out.flush().context("the output cannot be written")?;
    Ok(result)
}

/// A new file with mode 0600, or an existing one emptied.
pub(crate) fn private_file(file: &Path) -> anyhow::Result<BufWriter<File>> {
    let opened = empty_private(file);
    let opened =
        opened.with_context(|| Refusal::new(format!("`{}` cannot be written", file.display())))?;
    Ok(BufWriter::new(opened))
}
