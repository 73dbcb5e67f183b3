//! `sporhund report sample`: a sheet of findings to label, and what the labels come to.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use super::args::ReportArgs;
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::report;
use super::settings::{Places, Saying};
use crate::detect::Scanner;
use crate::model::DigestKey;
use crate::report::sample::{self, BadSheet, EstimateError};

/// Findings that are drawn where nothing else is said.
const SIZE: usize = 200;

/// The longest sheet that is read: 64 MiB.
const MAX_SHEET_BYTES: u64 = 64 << 20;

pub(crate) fn run(arguments: &ReportArgs) -> anyhow::Result<Exit> {
    if !arguments.say.fail_on.is_empty() {
        return Err(Refusal::new("`--fail-on` does not go with `report sample`").into());
    }
    let config = report::configuration(&arguments.judge)?;
    let places = Places::new(&arguments.judge, &config)?;
    let saying = Saying::new(&arguments.say, &config)?;
    let inventory = report::open(&places.inventory)?;
    if let Some(file) = &arguments.read {
        let labelled =
            sample::read_sheet(&bytes_of(file)?).map_err(|error| refused(file, &error))?;
        let estimates = sample::estimate(&inventory, &labelled).map_err(|error| match error {
            EstimateError::Sheet(error) => refused(file, &error),
            EstimateError::Inventory(error) => error.into(),
        })?;
        report::with_output(saying.output.as_deref(), |out| {
            Ok(sample::write_estimate(&estimates, saying.lang, out)?)
        })?;
        return Ok(Exit::Complete);
    }
    let (size, seed) = (arguments.n.unwrap_or(SIZE), arguments.seed.unwrap_or(1));
    let drawn = sample::draw(&inventory, size, seed, saying.min_confidence)?;
    // Only masks are made with it, never digests.
    let scanner = Scanner::new(DigestKey::new([0; 16]), [].into());
    let mut masked = 0_usize;
    for hit in &drawn {
        masked += usize::from(!saying.show_paths && scanner.mask(&hit.object) != hit.object);
    }
    let shown = |path: &str| {
        if saying.show_paths {
            path.to_owned()
        } else {
            scanner.mask(path)
        }
    };
    report::with_output(saying.output.as_deref(), |out| {
        Ok(sample::write_sheet(&drawn, &shown, out)?)
    })?;
    if masked > 0 && !saying.quiet {
        remark(&format!(
            "{masked} paths hold personal data and are masked; `--show-paths` writes them whole"
        ));
    }
    Ok(Exit::Complete)
}

fn bytes_of(file: &Path) -> anyhow::Result<Vec<u8>> {
    let unreadable = || Refusal::new(format!("`{}` cannot be read", file.display()));
    let mut bytes = Vec::new();
    let opened = File::open(file).with_context(unreadable)?;
    let read = std::io::copy(&mut opened.take(MAX_SHEET_BYTES + 1), &mut bytes);
    if read.with_context(unreadable)? > MAX_SHEET_BYTES {
        return Err(Refusal::new(format!("`{}` is too long for a sheet", file.display())).into());
    }
    Ok(bytes)
}

/// A sheet that cannot be used is a reason not to start.
fn refused(file: &Path, error: &BadSheet) -> anyhow::Error {
    let refusal = Refusal::new(format!("`{}`: {error}", file.display()));
    let hint = match error {
        BadSheet::NoColumn(_) | BadSheet::NoRow(_) => {
            "the sheet is CSV as `sporhund report sample` writes it"
        }
        BadSheet::BadId(_) => "keep the column `id` as it was written",
        BadSheet::Twice(_) => "one row for each finding",
        BadSheet::UnknownLabel(_) => "or leave the cell empty",
        BadSheet::Stranger(_) => {
            "the sheet was drawn from another inventory, or the object was read anew since"
        }
    };
    refusal.hint(hint).into()
}
