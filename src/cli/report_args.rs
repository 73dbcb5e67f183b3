//! What can be typed for `sporhund report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{JudgeArgs, KeyArgs, RoundsArgs, SayArgs};

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// The kind of report
    #[arg(value_enum)]
    pub(crate) kind: ReportKind,
    /// The folder that a breach concerns, as reports write it or as it lies on disk (breach)
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<String>,
    /// The policy's own text, so that what rules cite can be quoted (html, xlsx)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Write a file for each owner of objects, beside `--output`
    #[arg(long, value_name = "WHAT")]
    pub(crate) split: Option<SplitArg>,
    /// How many findings a sample draws [default: 200]
    #[arg(long, value_name = "N")]
    pub(crate) n: Option<usize>,
    /// Which sample is drawn: the same number, the same sample [default: 1]
    #[arg(long, value_name = "NUMBER", conflicts_with = "read")]
    pub(crate) seed: Option<u64>,
    /// A sample's sheet with labels (`ja`, `nei`, `usikker`): what they come to
    #[arg(long, value_name = "FILE", conflicts_with = "n")]
    pub(crate) read: Option<PathBuf>,
    /// The run that a diff compares with: its number, or the day on which it was the latest
    #[arg(long, value_name = "RUN|DATE")]
    pub(crate) since: Option<String>,
    /// The form of a diff [default: text]
    #[arg(long, value_enum)]
    pub(crate) format: Option<DiffFormat>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) rounds: RoundsArgs,
    #[command(flatten)]
    pub(crate) say: SayArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SplitArg {
    /// The owner that the site file names for the place, else the account that owns the file
    Owner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportKind {
    /// What a person understands in ten seconds
    Summary,
    /// One JSON document
    Json,
    /// A line of JSON for each object
    Jsonl,
    /// A row for each object
    Csv,
    /// A workbook: summary, what is due, violated, to be looked at, and not read
    Xlsx,
    /// A page for the browser, in one file that fetches nothing
    Html,
    /// Findings drawn at random, a row for each, for a person to label
    Sample,
    /// The record of processing (GDPR article 30): declared beside observed; `--output` ends in csv or xlsx
    Ropa,
    /// A folder that strangers got to: persons, categories, who could read it; as text, csv or xlsx
    Breach,
    /// New, gone and moved findings since an earlier run, by folder, owner and rule
    Diff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}
