//! `sporhund check --fix`: what fails becomes invented, as a patch or in the files.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;

use super::check_args::FixArg;
use super::check_baseline::replace;
use super::exit::Exit;
use super::message::{Refusal, remark};
use crate::check::fix::{Mapping, patch};
use crate::check::{Found, Listing, Origin, Report};

/// Replaces what fails in the files of the listing. It ends complete when nothing is left that fails.
pub(super) fn run(
    how: FixArg,
    quiet: bool,
    listing: &Listing,
    report: &Report,
) -> anyhow::Result<Exit> {
    let mut by_file: BTreeMap<&[u8], Vec<&Found>> = BTreeMap::new();
    for found in report.found.iter().filter(|found| found.fails()) {
        by_file.entry(&found.file).or_default().push(found);
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|_| anyhow::anyhow!("the system gives no random numbers"))?;
    let mut mapping = Mapping::new(&seed);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut replaced, mut left, mut files) = (0, 0, 0);
    for (path, found) in by_file {
        let input = listing.inputs.iter().find(|input| input.path == path);
        let Some(Origin::Disk(file)) = input.map(|input| &input.origin) else {
            left += found.len();
            continue;
        };
        let refusal = || Refusal::new(format!("`{}` cannot be read", file.display()));
        let content = std::fs::read(file).with_context(refusal)?;
        let name = std::str::from_utf8(path).ok();
        let fixed = name.and_then(|name| Some((name, mapping.fix(&content, &found)?)));
        let Some((name, fixed)) = fixed else {
            left += found.len();
            continue;
        };
        replaced += fixed.replaced;
        left += fixed.left;
        files += 1;
        match how {
            FixArg::Patch => {
                patch(name, &fixed, &mut out).context("the patch cannot be written")?;
            }
            FixArg::InPlace => in_place(file, &fixed.bytes)?,
        }
    }
    out.flush().context("the patch cannot be written")?;
    if !quiet {
        remark(&format!(
            "check: {replaced} values replaced in {files} files, {left} left"
        ));
        if left > 0 {
            remark(
                "hint: what lies in documents and archives, or has no invented kin, is left: `sporhund check` names it",
            );
        }
        if replaced > 0 {
            remark("hint: the old values stay in the git history: `sporhund check --history`");
        }
    }
    Ok(if left > 0 {
        Exit::Findings
    } else {
        Exit::Complete
    })
}

fn in_place(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let refusal = || Refusal::new(format!("`{}` cannot be written", file.display()));
    replace(file, bytes).with_context(refusal)
}
