//! The baseline of `sporhund check`: where it lies, and what it lets pass.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::check_args::CheckArgs;
use super::config::{self, Config};
use super::message::{Refusal, remark};
use super::{environment, settings};
use crate::check::{Applied, BASELINE_FILE, Baseline, Note, Report};
use crate::own_files::{self, Readers};

/// The baseline that applies.
pub(super) struct Known {
    file: PathBuf,
    baseline: Baseline,
}

/// The file of the baseline, whether it is there or not; `place` is where it lies by default.
pub(super) fn file(arguments: &CheckArgs, place: &Path, config: &Config) -> PathBuf {
    let configured = config
        .check
        .baseline
        .as_ref()
        .map(|file| config.resolve(file));
    let file = arguments.baseline.clone().or(configured);
    let file = file.unwrap_or_else(|| place.join(BASELINE_FILE));
    std::path::absolute(&file).unwrap_or(file)
}

impl Known {
    /// Reads the baseline, where there is one.
    ///
    /// # Errors
    /// A refusal with the line for one that is broken; for one that was named and is not there.
    pub(super) fn find(
        arguments: &CheckArgs,
        place: &Path,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let file = file(arguments, place, config);
        let named = arguments.baseline.is_some() && !arguments.write_baseline;
        if !named && !file.exists() {
            return Ok(Self {
                file,
                baseline: Baseline::default(),
            });
        }
        let text = config::read_text(&file)?;
        let baseline = Baseline::parse(&text).map_err(|bad| {
            let hint = "solve the conflict, or write it anew: `sporhund check --write-baseline`";
            Refusal::new(format!("`{}`: {bad}", file.display())).hint(hint)
        })?;
        Ok(Self { file, baseline })
    }

    /// Lets pass what is known.
    pub(super) fn apply(&self, report: &mut Report) -> Applied {
        self.baseline.apply(report, environment::today())
    }

    /// Says what of the baseline is past its day, and what is gone where all was checked.
    pub(super) fn tell(applied: Applied, arguments: &CheckArgs) {
        if applied.expired > 0 {
            remark(&format!(
                "check: {} entries of the baseline are past their last day",
                applied.expired
            ));
        }
        let whole = arguments.paths.is_empty() && !arguments.staged && !arguments.history;
        if applied.stale > 0 && whole && arguments.diff.is_none() {
            let stale = applied.stale;
            remark(&format!(
                "check: {stale} values of the baseline are gone: `--write-baseline` forgets them"
            ));
        }
    }

    /// Writes all that fails.
    ///
    /// # Errors
    /// When the file cannot be written; a refusal for a bad date.
    pub(super) fn write(&self, arguments: &CheckArgs, report: &Report) -> anyhow::Result<()> {
        let note = Note {
            reason: arguments.reason.clone(),
            owner: arguments.owner.clone(),
            until: settings::day(arguments.until.as_deref())?,
        };
        let today = environment::today();
        let baseline = Baseline::of(report, &self.baseline, &note, today);
        let refusal = || Refusal::new(format!("`{}` cannot be written", self.file.display()));
        let text = baseline.to_text()?;
        own_files::replace(&self.file, text.as_bytes(), Readers::Everybody)
            .with_context(refusal)?;
        let (count, file) = (baseline.len(), self.file.display());
        let word = if count == 1 { "finding" } else { "findings" };
        remark(&format!("check: `{file}` knows {count} {word}"));
        let past = baseline.past(today);
        if past > 0 {
            remark(&format!(
                "check: {past} of its entries are past their last day, and fail: `--until DATE` names another"
            ));
        }
        Ok(())
    }
}
