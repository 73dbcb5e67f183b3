//! What can be typed for `sporhund scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{JudgeArgs, KeyArgs, ReadArgs, RoundsArgs, SayArgs, SummaryFormat};

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
    /// Most processor time for a file that unpacks to more than 100 times its size, such as `10m`
    /// [default: 6s]
    #[arg(long, value_name = "TIME")]
    pub(crate) packed_time: Option<String>,
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
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) rounds: RoundsArgs,
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
