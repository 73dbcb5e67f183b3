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
    let items = journal.items().values();
    let waiting = items.filter(|tracked| tracked.state == ItemState::Quarantined);
    let (lines, waiting) = (journal.lines(), waiting.count());
    super::say(&format!(
        "journal  {lines} lines, all hold, chained to {}; {waiting} files in quarantine",
        journal.head()
    ))?;
    Ok(Exit::Complete)
}
