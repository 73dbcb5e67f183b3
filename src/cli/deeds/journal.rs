//! `sporhund journal verify`: every line of the journal, whatever earlier runs have checked.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::room;
use crate::cli::args::{JudgeArgs, KeyArgs};
use crate::cli::exit::Exit;
use crate::cli::message::Refusal;
use crate::cli::settings::Places;
use crate::cli::{plan, report};
use crate::deed::{ItemState, Journal};

#[derive(Args, Debug)]
pub(crate) struct JournalArgs {
    #[command(subcommand)]
    command: JournalCommand,
}

#[derive(Debug, Subcommand)]
enum JournalCommand {
    /// Check the chain line by line from the first, and the mark of what was checked before
    Verify(JournalVerifyArgs),
}

#[derive(Args, Debug)]
struct JournalVerifyArgs {
    /// The folder of the journal and the receipts [default: in the program's state folder]
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
    /// The inventory [default: sporhund.db]
    #[arg(long, value_name = "FILE")]
    inventory: Option<PathBuf>,
    #[command(flatten)]
    key: KeyArgs,
}

pub(crate) fn run(arguments: &JournalArgs) -> anyhow::Result<Exit> {
    match &arguments.command {
        JournalCommand::Verify(arguments) => verify(arguments),
    }
}

fn verify(arguments: &JournalVerifyArgs) -> anyhow::Result<Exit> {
    let judge = JudgeArgs {
        inventory: arguments.inventory.clone(),
        ..JudgeArgs::default()
    };
    let config = report::configuration(&judge)?;
    let places = Places::new(&judge, &config)?.with_key(&arguments.key);
    let ledger = room::ledger(arguments.ledger.as_deref(), &config)?;
    if !ledger.is_dir() {
        let refusal = Refusal::new(format!("there is no journal in `{}`", ledger.display()));
        return Err(refusal.hint("name its folder with `--ledger DIR`").into());
    }
    let inventory = report::open(&places.inventory)?;
    let key = plan::right_key(places.key_file, &places.inventory, &inventory)?;
    let journal = Journal::open_whole(&ledger, &key)?;
    let waiting = count(&journal, ItemState::Quarantined);
    super::say(&format!(
        "journal  {} lines, all hold, chained to {}; {waiting} files in quarantine",
        journal.lines(),
        journal.head()
    ))?;
    if let Some(begun) = begun(&journal) {
        super::say(&format!(
            "begun and not finished: {begun}; the next `apply`, `restore`, `purge` or `verify` ends it"
        ))?;
    }
    Ok(Exit::Complete)
}

fn count(journal: &Journal, state: ItemState) -> usize {
    let items = journal.items().values();
    items.filter(|tracked| tracked.state == state).count()
}

/// What runs that were cut off had begun with how many files; none where they ended all.
fn begun(journal: &Journal) -> Option<String> {
    let open = [
        (ItemState::Begun, "into quarantine"),
        (ItemState::RestoreBegun, "on the way back"),
        (ItemState::PurgeBegun, "being deleted"),
    ];
    let counts = open.map(|(state, words)| (count(journal, state), words));
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = counts
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}
