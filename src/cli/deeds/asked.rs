//! What can be typed for `sporhund apply`, `restore`, `purge` and `verify`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{JudgeArgs, KeyArgs, PathsArgs, RoundsArgs, SpeakArgs};

/// Where deeds are written down, and where files go.
#[derive(Args, Debug)]
pub(crate) struct DeedArgs {
    /// The folder of the journal and the receipts [default: in the program's state folder]
    #[arg(long, value_name = "DIR")]
    pub(super) ledger: Option<PathBuf>,
    #[command(flatten)]
    pub(super) key: KeyArgs,
    #[command(flatten)]
    pub(super) speak: SpeakArgs,
    #[command(flatten)]
    pub(super) paths: PathsArgs,
}

/// What is read where nothing is judged.
#[derive(Args, Debug)]
pub(crate) struct StoreArgs {
    /// The inventory [default: sporhund.db]
    #[arg(long, value_name = "FILE")]
    pub(super) inventory: Option<PathBuf>,
    /// The site file: when backups expire
    #[arg(long, value_name = "FILE")]
    pub(super) site: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// The plan, with what was approved
    pub(super) plan: PathBuf,
    /// Do it; without this it is only tried and told
    #[arg(long, visible_alias = "execute", conflicts_with = "dry_run")]
    pub(super) yes: bool,
    /// Try and tell, and change nothing (the default)
    #[arg(long)]
    pub(super) dry_run: bool,
    /// The folder for quarantined files [default: `.sporhund-quarantine` below each root]
    #[arg(long, value_name = "DIR")]
    pub(super) quarantine: Option<PathBuf>,
    /// Who may sign approvals, as `ssh-keygen` reads it; then only signed ones count
    #[arg(long, value_name = "FILE")]
    pub(super) allowed_signers: Option<PathBuf>,
    /// Where a root lies now, if not where it was scanned (repeatable)
    #[arg(long, value_name = "LABEL=PATH")]
    pub(super) root: Vec<String>,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    #[command(flatten)]
    pub(super) rounds: RoundsArgs,
    #[command(flatten)]
    pub(super) deed: DeedArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    /// The receipt: its id or its file
    pub(super) receipt: String,
    /// Only these lines (repeatable)
    #[arg(long, value_name = "ID")]
    pub(super) item: Vec<String>,
    #[command(flatten)]
    pub(super) store: StoreArgs,
    #[command(flatten)]
    pub(super) deed: DeedArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PurgeArgs {
    /// How long a file must have waited in quarantine [default: P30D]
    #[arg(long, value_name = "PERIOD")]
    pub(super) after: Option<String>,
    /// Only files of this receipt
    #[arg(long, value_name = "ID")]
    pub(super) receipt: Option<String>,
    /// Do it; without this it is only told
    #[arg(long, visible_alias = "execute")]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    #[command(flatten)]
    pub(super) deed: DeedArgs,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// The receipt: its id or its file
    pub(super) receipt: String,
    /// Write the certificate as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) store: StoreArgs,
    #[command(flatten)]
    pub(super) deed: DeedArgs,
}
