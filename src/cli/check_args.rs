//! What can be typed after `sporhund check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::LevelArg;

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct CheckArgs {
    /// Files or folders [default: the tracked files of the repository]
    #[arg(value_name = "PATH", conflicts_with_all = ["staged", "diff", "history"])]
    pub(crate) paths: Vec<PathBuf>,
    /// What the next commit will bring, as it lies in the index
    #[arg(long, group = "scope")]
    pub(crate) staged: bool,
    /// What HEAD has that its common ancestor with BASE has not
    #[arg(long, value_name = "BASE", group = "scope")]
    pub(crate) diff: Option<String>,
    /// Every file of every commit that a reference reaches
    #[arg(long, group = "scope")]
    pub(crate) history: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The baseline [default: .sporhund-baseline.json at the top of the repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all that fails into the baseline, and end with 0
    #[arg(long, conflicts_with_all = ["paths", "staged", "diff", "history", "fix"])]
    pub(crate) write_baseline: bool,
    /// Why new entries of the baseline may stay
    #[arg(long, value_name = "TEXT", requires = "write_baseline")]
    pub(crate) reason: Option<String>,
    /// Who answers for new entries of the baseline
    #[arg(long, value_name = "WHO", requires = "write_baseline")]
    pub(crate) owner: Option<String>,
    /// Last day on which new entries of the baseline may stay
    #[arg(long, value_name = "DATE", requires = "write_baseline")]
    pub(crate) until: Option<String>,
    /// Replace what fails by invented values: as a patch on standard output (which shows the old
    /// values), or in the files
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "patch", conflicts_with_all = ["staged", "diff", "history"])]
    pub(crate) fix: Option<FixArg>,
    /// Key of the invented values, so that later runs with it replace alike; outside of the repository
    #[arg(long, value_name = "FILE", requires = "fix")]
    pub(crate) key_file: Option<PathBuf>,
    /// Name what passes too, with its class
    #[arg(long)]
    pub(crate) show_passed: bool,
    /// Leave out what matches (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// End with code 3 when something was not read
    #[arg(long)]
    pub(crate) require_complete: bool,
    /// Honour comments for another tool (repeatable)
    #[arg(long, value_enum, value_name = "TOOL")]
    pub(crate) honour: Vec<HonourArg>,
    /// Lowest level that fails [default: medium]
    #[arg(long, value_name = "low|medium|high")]
    pub(crate) min_confidence: Option<LevelArg>,
    /// Threads that read [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// No remarks
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Text,
    /// All findings, those that pass included
    Json,
    /// SARIF 2.1.0
    Sarif,
    #[value(help = "JUnit XML")]
    Junit,
    /// GitLab code quality
    Gitlab,
    /// GitHub annotations
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FixArg {
    /// A patch for `git apply`
    Patch,
    /// The files themselves
    InPlace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HonourArg {
    /// `gitleaks:allow`
    Gitleaks,
    /// `pragma: allowlist secret`
    DetectSecrets,
}
