//! What can be typed. Nothing is interpreted here; `settings` says what it means.

use std::path::PathBuf;

pub(crate) use super::check_args::CheckArgs;
pub(crate) use super::report_args::{DiffFormat, ReportArgs, ReportKind};
pub(crate) use super::rules_args::{RuleFiles, RulesArgs, RulesCommand, SchemaArg};
pub(crate) use super::scan_args::{FailOn, ScanArgs};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Finds personal data on file shares and in exports, and judges it by stated retention rules.
#[derive(Debug, Parser)]
#[command(name = "sporhund", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk folders, find personal data, write the inventory, and say what is overdue
    Scan(Box<ScanArgs>),
    /// What is found in a text, and why
    Detect(DetectArgs),
    /// What is read of a file, member by member (shows personal data)
    Extract(ExtractArgs),
    /// A report from an inventory, judged by rules
    Report(ReportArgs),
    /// Fail on personal data that is not synthetic, allowed or in the baseline: for CI and pre-commit
    Check(CheckArgs),
    /// One object's whole story: what was found, which rule, which dates, why
    Explain(ExplainArgs),
    /// Hiring rounds and their applicants: add, list, close, forget
    Round(super::round::RoundArgs),
    /// What is due, as a plan that people approve line by line
    Plan(super::plan::PlanArgs),
    /// The inventory and a plan in the browser, on this machine only
    Review(super::review::ReviewArgs),
    /// Move the approved files of a plan into quarantine, with a receipt
    #[cfg(unix)]
    Apply(super::deeds::ApplyArgs),
    /// Put the files of a receipt back where they were
    #[cfg(unix)]
    Restore(super::deeds::RestoreArgs),
    /// Delete what has waited long enough in quarantine
    #[cfg(unix)]
    Purge(super::deeds::PurgeArgs),
    /// Check a receipt, write its certificate, and look for copies that came back
    #[cfg(unix)]
    Verify(super::deeds::VerifyArgs),
    /// The journal of what was moved and deleted: check every line of it
    #[cfg(unix)]
    Journal(super::deeds::journal::JournalArgs),
    /// The rights of one person: which objects hold their data
    Subject(super::subject::SubjectArgs),
    /// The retention rules: list, check, explain, judge
    Rules(RulesArgs),
    /// The detectors: list, explain
    Detectors(ListArgs),
    /// The formats that are read
    Formats(FormatsArgs),
    /// The inventory itself: info, runs, forget, vacuum, export, merge
    Inventory(InventoryArgs),
    /// A first configuration, with remarks
    Init(super::init::InitArgs),
    /// The site file: propose zones from what was seen, and accept them
    Site(super::site::SiteArgs),
    /// What is missing, and what keeps a scan from starting
    Doctor(super::doctor::DoctorArgs),
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual page
    Man,
    /// Read objects for another process of this program
    #[command(name = super::READ_COMMAND, hide = true)]
    Read {
        /// What to read of the file that is open as standard input
        job: Option<String>,
    },
    /// Run another program behind walls, for another process of this program
    #[cfg(unix)]
    #[command(name = super::CONFINED_COMMAND, hide = true)]
    Confined {
        /// A folder that it can read
        #[arg(long)]
        may_read: Option<PathBuf>,
        /// The program
        program: PathBuf,
        /// Its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<std::ffi::OsString>,
    },
}

/// How documents are read, for every command that reads them.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ReadArgs {
    /// Read the text of pictures and scanned pages with the installed tesseract: where there is no
    /// other text, never, or of every page with a picture [default: off]
    #[arg(long, value_name = "auto|off|force")]
    pub(crate) ocr: Option<OcrArg>,
    /// Passwords to try locked documents and archives with, one a line; never stored
    #[arg(long, value_name = "FILE")]
    pub(crate) passwords: Option<PathBuf>,
}

/// Where things lie, for every command that judges.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct JudgeArgs {
    /// The inventory [default: sporhund.db]
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Option<PathBuf>,
    /// Retention rules: a file, or the name of shipped rules (repeatable)
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) rules: Vec<String>,
    /// The site file: which place serves which purpose
    #[arg(long, value_name = "FILE")]
    pub(crate) site: Option<PathBuf>,
    /// The event register (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// The day to judge by [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Do not start when a row of the event register is refused
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Where the key lies, for every command that makes digests or compares them.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct KeyArgs {
    /// The key of the digests; made at first use, never beside the inventory
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

/// Where the applicants stand, for every command that judges.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RoundsArgs {
    /// The list of hiring rounds and applicants [default: rounds.csv]
    #[arg(long, value_name = "FILE")]
    pub(crate) rounds: Option<PathBuf>,
}

/// How to speak, for every command that speaks to people.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SpeakArgs {
    /// Language [default: from the locale]
    #[arg(long, value_name = "nb|nn|en")]
    pub(crate) lang: Option<LangArg>,
    /// No progress and no remarks
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// How to show paths, for every command that masks them.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PathsArgs {
    /// Show paths whole, with the personal data that stands in them
    #[arg(long)]
    pub(crate) show_paths: bool,
}

/// How to say it: all that a report can be asked for.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SayArgs {
    #[command(flatten)]
    pub(crate) speak: SpeakArgs,
    #[command(flatten)]
    pub(crate) paths: PathsArgs,
    /// In the summary: objects and bytes by format and outcome
    #[arg(long)]
    pub(crate) explain_coverage: bool,
    /// Lowest level that is reported; lower ones are counted apart
    #[arg(long, value_name = "low|medium|high")]
    pub(crate) min_confidence: Option<LevelArg>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// End with code 4 when any of these occurs
    #[arg(long, value_name = "WHAT,…", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOn>,
}

impl SayArgs {
    /// What a command has of it that takes no more than this.
    pub(crate) fn of(speak: &SpeakArgs, paths: &PathsArgs) -> Self {
        Self {
            speak: speak.clone(),
            paths: paths.clone(),
            ..Self::default()
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct DetectArgs {
    /// Files to look into; standard input without
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read lines of JSON with `id`, `text` and `path`, and answer each with a line
    #[arg(long, conflicts_with = "files")]
    pub(crate) jsonl: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub(crate) format: SummaryFormat,
    /// Lowest level that is reported
    #[arg(long, value_name = "low|medium|high")]
    pub(crate) min_confidence: Option<LevelArg>,
    /// Show the values themselves: on a terminal only, never where `CI` is set
    #[arg(long)]
    pub(crate) show_values: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExtractArgs {
    /// Files to read
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Write a line of JSON for each object
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// Show text even where `CI` is set
    #[arg(long)]
    pub(crate) yes_show_text: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The object, as reports write it with `--show-paths`
    pub(crate) object: String,
    /// The policy's own text, so that what rules cite can be quoted
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Lowest level of findings that are told
    #[arg(long, value_name = "low|medium|high")]
    pub(crate) min_confidence: Option<LevelArg>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) rounds: RoundsArgs,
    #[command(flatten)]
    pub(crate) speak: SpeakArgs,
    #[command(flatten)]
    pub(crate) paths: PathsArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(subcommand)]
    pub(crate) command: ListCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ListCommand {
    /// All of them
    List,
    /// One of them
    Explain {
        /// Its id
        id: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct FormatsArgs {
    #[command(subcommand)]
    pub(crate) command: FormatsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormatsCommand {
    /// All of them: id, title, extensions, what is read of each; those that are only named, last
    List {
        /// The form of the list
        #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
        format: SummaryFormat,
    },
    /// One of them
    Explain {
        /// Its id
        id: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct InventoryArgs {
    #[command(subcommand)]
    pub(crate) command: InventoryCommand,
    /// The inventory [default: sporhund.db]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) inventory: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InventoryCommand {
    /// What the inventory holds
    Info,
    /// The runs that made it
    Runs {
        /// The form of the list
        #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
        format: SummaryFormat,
    },
    /// Remove a file or a folder, as if it had never been met
    Forget {
        /// Its path as reports write it with `--show-paths`: `LABEL:folder/file`
        path: String,
    },
    /// Forget what has been gone for long and runs that nothing refers to, and give the room back
    Vacuum {
        /// For how long what is gone is remembered, such as `P1Y` or `P90D`
        #[arg(long, value_name = "PERIOD", default_value = "P1Y")]
        keep: String,
    },
    /// Write a copy, also while a scan runs
    Export {
        /// The copy; it must not exist
        file: PathBuf,
    },
    /// Unite other inventories in a new one; all must have been made with one key
    Merge {
        /// The inventories: of several servers, or of the shards of one root
        #[arg(required = true, num_args = 1..=9, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OcrArg {
    /// Pictures, and pages without other text
    Auto,
    /// None
    Off,
    /// All pictures, and all pages with pictures
    Force,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// Bokmål
    Nb,
    /// Nynorsk
    Nn,
    /// English
    En,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelArg {
    /// Possible
    Low,
    /// Probable
    Medium,
    /// As good as certain
    High,
}
