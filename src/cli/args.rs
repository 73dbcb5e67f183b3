//! What can be typed. Nothing is interpreted here; `settings` says what it means.

use std::path::PathBuf;

pub(crate) use super::check_args::CheckArgs;
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
    /// The key of the digests; made at first use, never beside the inventory
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Retention rules: a file, or the name of shipped rules (repeatable)
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) rules: Vec<String>,
    /// The site file: which place serves which purpose
    #[arg(long, value_name = "FILE")]
    pub(crate) site: Option<PathBuf>,
    /// The event register (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// The list of hiring rounds and applicants, for plans [default: rounds.csv]
    #[arg(long, value_name = "FILE")]
    pub(crate) rounds: Option<PathBuf>,
    /// The day to judge by [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Do not start when a row of the event register is refused
    #[arg(long)]
    pub(crate) strict: bool,
}

/// How to say it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SayArgs {
    /// Language [default: from the locale]
    #[arg(long, value_name = "nb|nn|en")]
    pub(crate) lang: Option<LangArg>,
    /// In the summary: objects and bytes by format and outcome
    #[arg(long)]
    pub(crate) explain_coverage: bool,
    /// Lowest level that is reported; lower ones are counted apart
    #[arg(long, value_name = "low|medium|high")]
    pub(crate) min_confidence: Option<LevelArg>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Show paths whole, with the personal data that stands in them
    #[arg(long)]
    pub(crate) show_paths: bool,
    /// End with code 4 when any of these occurs
    #[arg(long, value_name = "WHAT,…", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOn>,
    /// No progress and no remarks
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ScanArgs {
    /// Folders or files to scan
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// A root with a label of its own, for scans of several roots (repeatable)
    #[arg(long, value_name = "LABEL=PATH")]
    pub(crate) root: Vec<String>,
    /// Read only what matches (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// Leave out what matches (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Stay on the file system of each root
    #[arg(long)]
    pub(crate) one_file_system: bool,
    /// Threads that read [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Most memory that one object may be held in, such as 256M
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<String>,
    /// Fetch and read files whose content lies elsewhere, such as on tape or in a cloud
    #[arg(long)]
    pub(crate) recall: bool,
    /// Read all files again, changed or not
    #[arg(long)]
    pub(crate) full: bool,
    /// Leave out a detector, such as `name` (repeatable); the coverage says so
    #[arg(long, value_name = "ID")]
    pub(crate) without: Vec<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Write a line of JSON for each object to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) findings: Option<PathBuf>,
    /// How many masked samples to keep of each finding [default: 3]
    #[arg(long, value_name = "N|all")]
    pub(crate) samples: Option<String>,
    /// The form of the summary
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub(crate) format: SummaryFormat,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
    #[command(flatten)]
    pub(crate) operate: OperateArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) say: SayArgs,
}

/// What a scan may take of the machine.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PaceArgs {
    /// Take only the I-th of N parts of the files: one for each machine, each with its own inventory
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,
    /// End after this time, such as `6h` or `90m`; the next scan goes on from there
    #[arg(long, value_name = "TIME")]
    pub(crate) time_budget: Option<String>,
    /// Read at most so many bytes in a second, as a mean, such as 50M
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_read_rate: Option<String>,
    /// Let every other program go first, at the processor and (where the kernel weighs it) the disk
    #[arg(long)]
    pub(crate) nice: bool,
    /// Open so many files ahead of the threads that read: 16 to 64 for cold disks and network shares
    #[arg(long, value_name = "N")]
    pub(crate) io_depth: Option<usize>,
}

/// What a scan tells those who operate it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct OperateArgs {
    /// Only list the files, read a sample, and tell how much there is and how long it may take
    #[arg(long, conflicts_with_all = ["findings", "full", "time_budget"])]
    pub(crate) estimate: bool,
    /// Write counters for Prometheus to a file (for its textfile collector), at the end of the scan
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics_file: Option<PathBuf>,
    /// Keep a file of JSON that tells how the scan is getting on
    #[arg(long, value_name = "FILE")]
    pub(crate) status_file: Option<PathBuf>,
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
    pub(crate) say: SayArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The object, as reports write it with `--show-paths`
    pub(crate) object: String,
    /// The policy's own text, so that what rules cite can be quoted
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) say: SayArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// The rules that are in force
    List(RuleFiles),
    /// Run the examples of the rules and look for gaps
    Check {
        #[command(flatten)]
        files: RuleFiles,
        /// Hold the rules against the text of the policy that they cite
        #[arg(long, value_name = "TEXT")]
        policy: Option<PathBuf>,
        /// Change each rule in one place after the other, and tell what no example notices
        #[arg(long)]
        mutate: bool,
    },
    /// Each statement of a policy's text, and the rules and purposes that speak of it
    Coverage {
        /// The text of the policy
        #[arg(long, value_name = "TEXT")]
        policy: PathBuf,
        #[command(flatten)]
        files: RuleFiles,
        /// The form of the table
        #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
        format: SummaryFormat,
    },
    /// The JSON Schema of a file of ours, for an editor; without a name, which files have one
    Schema {
        /// The file
        #[arg(value_enum)]
        file: Option<SchemaArg>,
    },
    /// One rule: statement, norm, period, who accepted it
    Explain {
        /// Id of the rule
        id: String,
        #[command(flatten)]
        files: RuleFiles,
        /// Language
        #[arg(long, value_name = "nb|nn|en")]
        lang: Option<LangArg>,
    },
    /// Judge facts, given as JSON in a file or on standard input
    Judge {
        /// The facts: one object or an array
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
        #[command(flatten)]
        files: RuleFiles,
        /// Language of the explanations
        #[arg(long, value_name = "nb|nn|en")]
        lang: Option<LangArg>,
    },
}

/// The files that have a JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaArg {
    /// A rule file
    Rules,
    /// `site.toml`
    Site,
    /// The classes of documents
    Classes,
    /// The types of events
    Events,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RuleFiles {
    /// A file, or the name of shipped rules (repeatable)
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) rules: Vec<String>,
    /// Remarks count as errors
    #[arg(long)]
    pub(crate) strict: bool,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "verbatim")]
pub(crate) enum FailOn {
    /// A promise or norm is broken now
    #[value(name = "violation")]
    Violation,
    /// Something is past its period
    #[value(name = "delete_due")]
    DeleteDue,
    /// A person has to look
    #[value(name = "review")]
    Review,
    /// Something was not read
    #[value(name = "unread")]
    Unread,
    /// Something was not read that was read, or not there, before
    #[value(name = "new-unread")]
    NewUnread,
}
