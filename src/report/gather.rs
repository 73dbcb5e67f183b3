//! Reads the inventory once, judges each object, tells the form of the report, and counts.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use crate::detect::Scanner;
use crate::inventory::{self, ObjectRow, Reader, RunRow, Sums};
use crate::model::ObjectPath;
use crate::policy::Judge;

use super::formats::Form;
use super::overview::{DetectorTotal, Overview, RefusedRow, open_assumptions};
use super::teller::{Owned, Teller, Told};
use super::{Accepted, FoundRow, JudgedBy, JudgedObject, Names, ProblemRow, Style};

/// What a report is made with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// How it speaks.
    pub style: Style,
    /// What objects are judged by; nothing where no rules were given.
    pub law: Option<JudgedBy<'a>>,
    /// Why the applicant list was not used where there is one, in each language.
    pub list_unused: Option<&'a [String; 3]>,
    /// Masks what stands in paths.
    pub scanner: &'a Scanner,
    /// Unread objects that somebody has acknowledged.
    pub accepted: &'a [Accepted],
    /// Rows of the event register that were refused.
    pub refused_rows: &'a [RefusedRow],
    /// Judges in another language, for reports that can be switched to it.
    pub translator: Option<&'a Judge<'a>>,
    /// Names of accounts and groups.
    pub names: &'a Names,
    /// Threads that judge.
    pub jobs: usize,
    /// Whether it is told too why documents are kept in which nothing was found.
    pub explains_all: bool,
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The inventory could not be read.
    #[error("the inventory could not be read")]
    Inventory(#[from] inventory::Error),
    /// The report could not be written.
    #[error("the report could not be written")]
    Output(#[from] io::Error),
}

/// Writes a report of the inventory's present and returns what it comes down to.
///
/// # Errors
/// When the inventory cannot be read or the output not be written.
pub fn write(
    inventory: &Reader,
    context: Context<'_>,
    form: &dyn Form,
    out: &mut dyn Write,
) -> Result<Overview, Error> {
    let style = context.style;
    let mut gathered = Gathered::new(inventory, context)?;
    form.begin(style, out)?;
    if !form.tells_objects() && context.law.is_none() {
        gathered.sum_up(inventory)?;
        form.end(&gathered.overview, style, out)?;
        return Ok(gathered.overview);
    }
    let mut first = true;
    let mut failed = None;
    let teller = Arc::clone(&gathered.teller);
    teller.for_each(inventory, &mut |row, told| {
        if failed.is_none() {
            let object = gathered.object(row, told);
            gathered.count(row, &object);
            failed = form.object(&object, first, style, out).err();
            first = false;
        }
    })?;
    if let Some(error) = failed {
        return Err(Error::Output(error));
    }
    form.end(&gathered.overview, style, out)?;
    Ok(gathered.overview)
}

/// A report's form and where it is written.
pub type Part = (FormOf, Box<dyn Write>);

/// A form from the list, or one that was made for a report.
pub enum FormOf {
    /// From the list.
    Listed(&'static dyn Form),
    /// Made for one report.
    Made(Box<dyn Form>),
}

impl std::ops::Deref for FormOf {
    type Target = dyn Form;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Listed(form) => *form,
            Self::Made(form) => &**form,
        }
    }
}

/// Writes a report for each owner of objects, and returns what all objects come down to. `open` is
/// asked for the part of an owner when the first object of it is met; nobody's objects have an empty
/// one. Different values are not counted over a part: they would have to be compared by their digests.
///
/// # Errors
/// When the inventory cannot be read or an output not be opened or written.
pub fn write_split(
    inventory: &Reader,
    context: Context<'_>,
    open: &mut dyn FnMut(&str) -> io::Result<Part>,
) -> Result<Overview, Error> {
    let style = context.style;
    let mut gathered = Gathered::new(inventory, context)?;
    let mut parts: BTreeMap<String, (Part, Overview, bool)> = BTreeMap::new();
    let mut failed = Ok(());
    let teller = Arc::clone(&gathered.teller);
    teller.for_each(inventory, &mut |row, told| {
        if failed.is_err() {
            return;
        }
        let object = gathered.object(row, told);
        gathered.count(row, &object);
        let owner = object.owner.clone().unwrap_or_default();
        failed = (|| {
            if !parts.contains_key(&owner) {
                let mut part = open(&owner)?;
                part.0.begin(style, &mut *part.1)?;
                parts.insert(owner.clone(), (part, gathered.part(), true));
            }
            let Some((part, overview, first)) = parts.get_mut(&owner) else {
                return Ok(());
            };
            gathered.count_in(overview, row, &object);
            part.0
                .object(&object, std::mem::take(first), style, &mut *part.1)
        })();
    })?;
    failed?;
    for ((form, mut out), overview, _) in parts.into_values() {
        form.end(&overview, style, &mut *out)?;
        out.flush()?;
    }
    Ok(gathered.overview)
}

/// One object as a report would show it.
///
/// # Errors
/// When the inventory cannot be read.
pub fn judge_one(
    inventory: &Reader,
    context: Context<'_>,
    row: &ObjectRow,
) -> Result<JudgedObject, Error> {
    let mut gathered = Gathered::bare(inventory, context)?;
    // A member shares owner and access of the file it lies in.
    if row.depth > 0
        && let Some(outer) = inventory.object_by_number(row.top)?
    {
        gathered.outer = gathered.teller.told(&outer).owned;
    }
    Ok(gathered.judged(row))
}

/// What has been counted so far.
pub(super) struct Gathered<'a> {
    pub(super) context: Context<'a>,
    teller: Arc<Teller<'a>>,
    pub(super) overview: Overview,
    sums: Sums,
    /// Owner and access of the latest file, which its members share.
    outer: Owned,
}

impl<'a> Gathered<'a> {
    fn new(inventory: &Reader, context: Context<'a>) -> Result<Self, Error> {
        let mut gathered = Self::bare(inventory, context)?;
        gathered.sums = inventory.sums(context.style.min_confidence)?;
        for total in &gathered.sums.detectors {
            gathered.overview.detectors.insert(
                total.detector.clone(),
                DetectorTotal {
                    objects: total.objects,
                    findings: total.findings,
                    distinct: total.distinct.count,
                },
            );
        }
        Ok(gathered)
    }

    /// For judging objects; nothing is summed up.
    pub(super) fn bare(inventory: &Reader, context: Context<'a>) -> Result<Self, Error> {
        let latest = inventory.runs()?.into_iter().next();
        let mut overview = Overview {
            as_of: Some(context.style.as_of),
            refused_rows: context.refused_rows.to_vec(),
            list_unused: context.list_unused.cloned(),
            interrupted: latest
                .as_ref()
                .is_some_and(|run| run.state == "interrupted"),
            without: latest.as_ref().map(RunRow::without).unwrap_or_default(),
            ..Overview::default()
        };
        if let Some(law) = context.law {
            overview.open_assumptions = open_assumptions(law.book);
        }
        Ok(Self {
            context,
            teller: Arc::new(Teller::new(inventory, context)?),
            overview,
            sums: Sums::default(),
            outer: (None, None),
        })
    }

    /// Takes the sums in place of the objects, where no rule has to judge each of them: what is counted
    /// is the same.
    fn sum_up(&mut self, inventory: &Reader) -> Result<(), Error> {
        for end in inventory.ends()? {
            *self
                .overview
                .outcomes
                .entry(end.outcome.clone())
                .or_default() += end.objects;
            let format = (end.format.unwrap_or_default(), end.outcome);
            let of_format = self.overview.formats.entry(format).or_default();
            of_format.0 += end.objects;
            of_format.1 += end.bytes;
            self.overview.bytes += end.file_bytes;
        }
        inventory.for_each_problem(&mut |row| {
            let shown = self.shown(&row.path);
            self.count_problem(&row, &shown);
        })?;
        let sums = std::mem::take(&mut self.sums);
        self.overview.low_findings = sums.below;
        for sum in sums.folders {
            // The name of a file does not matter, only that there is one.
            let path = ObjectPath::file(sum.root.as_str().into(), &[&*sum.folder, b"/-"].concat());
            let path = path.to_string();
            let path = if sum.folder.is_empty() { "-" } else { &path };
            let folder = folder(&self.shown(path), &sum.root);
            self.overview.folders.entry(folder).or_default().objects += sum.objects;
        }
        Ok(())
    }

    /// The beginnings of an overview of a part of the objects.
    fn part(&self) -> Overview {
        Overview {
            as_of: self.overview.as_of,
            refused_rows: self.overview.refused_rows.clone(),
            list_unused: self.overview.list_unused.clone(),
            interrupted: self.overview.interrupted,
            without: self.overview.without.clone(),
            open_assumptions: self.overview.open_assumptions.clone(),
            ..Overview::default()
        }
    }

    /// The object as it is shown. Objects come in the inventory's order: a file before its members.
    pub(super) fn judged(&mut self, row: &ObjectRow) -> JudgedObject {
        let told = self.teller.told(row);
        self.object(row, told)
    }

    /// The same, with what is told of it already.
    fn object(&mut self, row: &ObjectRow, told: Told) -> JudgedObject {
        let Told {
            shown,
            judgement,
            translated,
            dates,
            owned,
        } = told;
        if row.depth == 0 {
            self.outer = owned;
        }
        let (owner, access) = self.outer.clone();
        JudgedObject {
            number: row.id,
            outcome: row.outcome.name().to_owned(),
            problem: row.outcome.problem().map(|problem| ProblemRow {
                kind: problem.kind.to_string(),
                stage: problem.stage.to_string(),
            }),
            format: row.format.clone(),
            class: row
                .class
                .as_ref()
                .map(|guess| (guess.id.clone(), guess.certainty)),
            bytes: row.bytes,
            findings: self.findings(row),
            judgement,
            translated,
            unread: self.is_unread(row),
            owner,
            access,
            dates,
            shown,
        }
    }

    /// Whether an object counts as not read, and nobody has accepted it as such.
    pub(super) fn is_unread(&self, row: &ObjectRow) -> bool {
        let day = self.context.style.as_of;
        let accepted = row.outcome.problem().is_some_and(|problem| {
            let covers = |entry: &Accepted| entry.covers(&row.path, problem.kind.as_str(), day);
            self.context.accepted.iter().any(covers)
        });
        row.outcome.is_unread() && !accepted
    }

    /// Counts an object among all.
    fn count(&mut self, row: &ObjectRow, object: &JudgedObject) {
        self.count_outcome(row, object);
        self.count_findings(row, object);
        self.count_verdict(object);
        self.overview.tree.add(object, row.depth == 0);
    }

    /// Counts an object in the overview of a part.
    fn count_in(&mut self, part: &mut Overview, row: &ObjectRow, object: &JudgedObject) {
        std::mem::swap(&mut self.overview, part);
        self.count(row, object);
        let detectors = &mut self.overview.detectors;
        for of in object.findings.chunk_by(|a, b| a.detector == b.detector) {
            let Some(found) = of.first() else { continue };
            let total = detectors.entry(found.detector.clone()).or_default();
            total.objects += 1;
            total.findings += of.iter().map(|found| found.count).sum::<u64>();
        }
        std::mem::swap(&mut self.overview, part);
    }

    /// The path as it may be shown.
    pub(super) fn shown(&self, path: &str) -> String {
        self.teller.shown(path)
    }

    fn findings(&self, row: &ObjectRow) -> Vec<FoundRow> {
        let min = self.context.style.min_confidence;
        let found = row.findings.iter().filter(|found| found.confidence >= min);
        let rows = found.map(|found| FoundRow {
            detector: found.detector.clone(),
            kind: found.kind.clone(),
            category: found.category.clone(),
            confidence: found.confidence,
            count: found.count,
            distinct: found.distinct.count,
            estimated: found.distinct.estimated,
            reasons: found.reasons.clone(),
            samples: found.samples.clone(),
        });
        rows.collect()
    }
}

/// The folder that an object is counted under: the first two components of its path; the root
/// itself for a file that lies there.
pub(super) fn folder(path: &str, root: &str) -> String {
    let file = path.split("!/").next().unwrap_or(path);
    match file.rsplit_once('/') {
        Some((folders, _)) => folders.splitn(3, '/').take(2).collect::<Vec<_>>().join("/"),
        None if root.is_empty() => ".".to_owned(),
        None => format!("{root}:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_counts_under_the_first_two_folders() {
        assert_eq!(
            folder("hr/rekruttering/2026-01/cv.pdf", ""),
            "hr/rekruttering"
        );
        assert_eq!(folder("felles/soknader.zip!/a/b/c.docx", ""), "felles");
        assert_eq!(folder("liste.csv", ""), ".");
        assert_eq!(folder("hr:liste.csv", "hr"), "hr:");
    }
}
