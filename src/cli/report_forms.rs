//! Which form a report takes, what stands behind it, and one file for each owner.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::{ReportArgs, ReportKind};
use super::config::read_text;
use super::law::Law;
use super::message::Refusal;
use super::remarks;
use super::report::private_file;
use super::settings::Saying;
use crate::inventory::Reader;
use crate::report::{self, Backdrop, FormOf, Html, Names, PolicyText, Xlsx};

/// The form of a kind of report, with its backdrop where it tells one.
///
/// # Errors
/// None but for a kind that is no form.
pub(crate) fn form(kind: ReportKind, backdrop: &Backdrop) -> anyhow::Result<FormOf> {
    let id = match kind {
        ReportKind::Html => return Ok(FormOf::Made(Box::new(Html::new(backdrop.clone())))),
        ReportKind::Xlsx => return Ok(FormOf::Made(Box::new(Xlsx::new(backdrop.clone())))),
        ReportKind::Summary => "summary",
        ReportKind::Json => "json",
        ReportKind::Jsonl => "jsonl",
        ReportKind::Csv => "csv",
        ReportKind::Sample => "sample",
        ReportKind::Ropa => "ropa",
        ReportKind::Breach => "breach",
        ReportKind::Diff => "diff",
    };
    let form = report::form(id).with_context(|| format!("there is no report `{id}`"))?;
    Ok(FormOf::Listed(form))
}

/// The rules and runs behind a report, with what the runs found at `level`. Where the policy's text does not say what rules cite, that is
/// remarked on.
///
/// # Errors
/// A refusal where the text cannot be read; the inventory's runs cannot be read.
pub(crate) fn backdrop(
    arguments: &ReportArgs,
    law: Option<&Law>,
    inventory: &Reader,
    saying: &Saying,
) -> anyhow::Result<Backdrop> {
    let told = matches!(arguments.kind, ReportKind::Html | ReportKind::Xlsx);
    if let (Some(_), false) = (&arguments.policy, told) {
        let refusal = Refusal::new("`--policy` goes with `report html` and `report xlsx`");
        return Err(refusal.into());
    }
    if !told {
        return Ok(Backdrop::default());
    }
    let text = arguments.policy.as_deref().map(read_text).transpose()?;
    let text = text.as_deref().map(PolicyText::new);
    let book = law.map(|law| &law.rulebook);
    let backdrop = Backdrop::new(book, text.as_ref(), inventory.runs()?)
        .with_sums(inventory.run_sums(saying.min_confidence)?);
    if let Some(file) = &arguments.policy {
        let other: Vec<String> = backdrop
            .unmatched()
            .map(|(rule, address)| format!("{rule} ({address})"))
            .collect();
        if !other.is_empty() {
            saying.remark(remarks::cites_others(file, &other.join(", ")));
        }
    }
    Ok(backdrop)
}

/// Names of accounts and groups, as the system's files tell them.
#[cfg(unix)]
pub(crate) fn names() -> Names {
    let text = |file| std::fs::read_to_string(file).unwrap_or_default();
    Names::parse(&text("/etc/passwd"), &text("/etc/group"))
}

/// Names of accounts and groups; not known here.
#[cfg(not(unix))]
pub(crate) fn names() -> Names {
    Names::default()
}

/// Files for owners, beside a file that says where and how they are called.
pub(crate) struct Parts<'a> {
    beside: &'a Path,
    kind: ReportKind,
    backdrop: &'a Backdrop,
    taken: BTreeSet<PathBuf>,
}

impl<'a> Parts<'a> {
    /// Parts beside `output`.
    ///
    /// # Errors
    /// A refusal where no file is named.
    pub(crate) fn new(
        kind: ReportKind,
        output: Option<&'a Path>,
        backdrop: &'a Backdrop,
    ) -> anyhow::Result<Self> {
        let beside = output.ok_or_else(|| {
            let refusal = Refusal::new("`--split owner` writes files, so it needs `--output`");
            refusal.hint("`--output eiere/rapport.html` writes `eiere/rapport-OWNER.html`")
        })?;
        Ok(Self {
            beside,
            kind,
            backdrop,
            taken: BTreeSet::new(),
        })
    }

    /// The part of an owner.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn open(&mut self, owner: &str) -> io::Result<report::Part> {
        let file = self.file(owner);
        let out = private_file(&file).map_err(io::Error::other)?;
        let form = form(self.kind, self.backdrop).map_err(io::Error::other)?;
        Ok((form, Box::new(out)))
    }

    /// `rapport-kari.html` for `rapport.html` and `kari`; names that come out alike get a number.
    fn file(&mut self, owner: &str) -> PathBuf {
        let stem = self
            .beside
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        let ending = self
            .beside
            .extension()
            .unwrap_or_default()
            .to_string_lossy();
        let name: String = owner
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        let name = if name.is_empty() {
            "uten-eier"
        } else {
            name.as_str()
        };
        let mut number = 1;
        loop {
            let suffix = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            let file = self
                .beside
                .with_file_name(format!("{stem}-{name}{suffix}.{ending}"));
            if self.taken.insert(file.clone()) {
                return file;
            }
            number += 1;
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.taken.len()
    }
}
