//! `sporhund check --fix`: what fails becomes invented, as a patch or in the files.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;

use super::check_args::{CheckArgs, FixArg};
use super::exit::Exit;
use super::key;
use super::message::{Refusal, remark};
use crate::check::fix::{Fixed, Mapping, Workbook, patch};
use crate::check::{BASELINE_FILE, Found, Listing, Origin, Report};
use crate::own_files::{self, Readers};

/// What was done, for the last line.
#[derive(Default)]
struct Done {
    replaced: usize,
    left: usize,
    files: usize,
    /// Workbooks that no patch can mend.
    workbooks: usize,
}

/// Replaces what fails in the files of the listing, of a repository or folder at `top`. It ends complete
/// when nothing is left that fails.
pub(super) fn run(
    how: FixArg,
    arguments: &CheckArgs,
    top: &Path,
    (listing, report): (&Listing, &Report),
) -> anyhow::Result<Exit> {
    let mut by_file: BTreeMap<&[u8], Vec<&Found>> = BTreeMap::new();
    for found in report.found.iter().filter(|found| found.fails()) {
        by_file.entry(&found.file).or_default().push(found);
    }
    let mut mapping = Mapping::new(&seed(arguments, top)?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut done = Done::default();
    for (path, found) in by_file {
        let input = listing.inputs.iter().find(|input| input.path == path);
        let (Some(Origin::Disk(file)), Ok(name)) =
            (input.map(|input| &input.origin), std::str::from_utf8(path))
        else {
            done.left += found.len();
            continue;
        };
        let refusal = || Refusal::new(format!("`{}` cannot be read", file.display()));
        let content = std::fs::read(file).with_context(refusal)?;
        let target = Target { file, name, how };
        if is_workbook(name) {
            done.workbook(
                &target,
                mapping.fix_workbook(&content, &found).as_ref(),
                found.len(),
            )?;
        } else {
            done.text(
                &target,
                mapping.fix(&content, &found),
                found.len(),
                &mut out,
            )?;
        }
    }
    out.flush().context("the patch cannot be written")?;
    if !arguments.quiet {
        done.tell();
        if how == FixArg::InPlace && done.files > 0 && top.join(".git").exists() {
            remark("hint: stage the files before the next commit: `git add`");
        }
    }
    Ok(if done.left > 0 {
        Exit::Findings
    } else {
        Exit::Complete
    })
}

/// A file to be mended.
struct Target<'a> {
    file: &'a Path,
    name: &'a str,
    how: FixArg,
}

impl Done {
    fn text(
        &mut self,
        target: &Target<'_>,
        fixed: Option<Fixed>,
        found: usize,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let Some(fixed) = fixed else {
            self.left += found;
            return Ok(());
        };
        self.replaced += fixed.replaced;
        self.left += fixed.left;
        self.files += 1;
        match target.how {
            FixArg::Patch => patch(target.name, &fixed, out).context("the patch cannot be written"),
            FixArg::InPlace => in_place(target.file, &fixed.bytes),
        }
    }

    fn workbook(
        &mut self,
        target: &Target<'_>,
        fixed: Option<&Workbook>,
        found: usize,
    ) -> anyhow::Result<()> {
        let (Some(fixed), FixArg::InPlace) = (fixed, target.how) else {
            self.left += found;
            self.workbooks += usize::from(fixed.is_some());
            return Ok(());
        };
        self.replaced += fixed.replaced;
        self.left += fixed.left;
        self.files += 1;
        in_place(target.file, &fixed.bytes)
    }

    fn tell(&self) {
        let Self {
            replaced,
            left,
            files,
            workbooks,
        } = self;
        remark(&format!(
            "check: {replaced} values replaced in {files} files, {left} left"
        ));
        if *workbooks > 0 {
            remark(&format!(
                "hint: no patch can mend {workbooks} workbooks: `--fix=in-place` does"
            ));
        }
        if *left > 0 {
            remark(
                "hint: what lies in documents and archives, or has no invented kin, is left: `sporhund check` names it",
            );
        }
        if *replaced > 0 {
            remark("hint: the old values stay in the git history: `sporhund check --history`");
        }
    }
}

fn is_workbook(name: &str) -> bool {
    let name = name.to_lowercase();
    [".xlsx", ".xlsm"].iter().any(|end| name.ends_with(end))
}

/// What the invented values are drawn from: random, or the key that the user keeps.
///
/// # Errors
/// A refusal for a key in the repository, or one that others can read.
fn seed(arguments: &CheckArgs, top: &Path) -> anyhow::Result<[u8; 32]> {
    let Some(file) = &arguments.key_file else {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)
            .map_err(|_| anyhow::anyhow!("the system gives no random numbers"))?;
        return Ok(seed);
    };
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.clone());
    let real = absolute
        .ancestors()
        .find_map(|folder| folder.canonicalize().ok());
    let top = top.canonicalize().unwrap_or_else(|_| top.to_owned());
    if real.is_some_and(|real| real.starts_with(&top)) {
        let refusal = Refusal::new(format!(
            "the key `{}` lies in the repository",
            file.display()
        ));
        let hint = "whoever has it can try which value became which: keep it elsewhere";
        return Err(refusal.hint(hint).into());
    }
    let key = key::load(Some(file.clone()), &top.join(BASELINE_FILE))?;
    Ok(key.derived("sporhund check fix 1"))
}

fn in_place(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let refusal = || Refusal::new(format!("`{}` cannot be written", file.display()));
    own_files::replace(file, bytes, Readers::Everybody).with_context(refusal)
}
