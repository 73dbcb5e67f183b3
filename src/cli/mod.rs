//! The command line: arguments → configuration, progress, exit code.
//!
//! The only place with clap, indicatif, printing, the clock and the environment. It holds no logic
//! that a user of the library would miss.

mod applicants;
mod args;
mod check;
mod check_args;
mod check_baseline;
mod check_config;
mod check_fix;
mod config;
#[cfg(unix)]
mod deeds;
mod detect;
mod detect_files;
mod diff;
mod doctor;
mod environment;
mod exit;
mod explain;
mod extract;
mod init;
mod inventory;
mod key;
mod law;
mod list;
mod message;
mod ocr;
mod operations;
mod own_detectors;
mod passwords;
mod plan;
mod progress;
mod records;
mod remarks;
mod report;
mod report_args;
mod report_forms;
mod review;
mod root_places;
mod round;
mod rules;
mod rules_args;
mod sample;
mod scan;
mod scan_args;
mod settings;
mod signing;
mod site;
mod subject;
mod tasks;
mod unread;
mod workers;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{CommandFactory as _, Parser as _};

use args::{Arguments, Command};
pub use exit::Exit;

/// The hidden command that reads fragile formats for another process of this program.
const READ_COMMAND: &str = "__read";

/// The hidden command that runs another program behind walls.
const CONFINED_COMMAND: &str = "__confined";

/// Runs the program with these arguments, the program's name first.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    environment::switch_off_core_dumps();
    crate::extract::hide_panic_payloads(|location| {
        message::remark(&format!(
            "internal fault at {}:{}",
            location.file(),
            location.line()
        ));
    });
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(usage) => return usage_or_help(&usage),
    };
    dispatch(&arguments.command).unwrap_or_else(|error| message::report(&error))
}

/// Help and version are asked for and go to standard output; wrong usage goes to standard error.
fn usage_or_help(usage: &clap::Error) -> Exit {
    // Nothing can be done where the streams are closed.
    let _ = usage.print();
    if usage.use_stderr() {
        Exit::NotStarted
    } else {
        Exit::Complete
    }
}

fn dispatch(command: &Command) -> anyhow::Result<Exit> {
    match command {
        Command::Scan(arguments) => scan::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Detect(arguments) => detect::run(arguments),
        Command::Extract(arguments) => extract::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Round(arguments) => round::run(arguments),
        Command::Plan(arguments) => plan::run(arguments),
        Command::Review(arguments) => review::run(arguments),
        #[cfg(unix)]
        Command::Apply(arguments) => deeds::apply(arguments),
        #[cfg(unix)]
        Command::Restore(arguments) => deeds::restore(arguments),
        #[cfg(unix)]
        Command::Purge(arguments) => deeds::purge(arguments),
        #[cfg(unix)]
        Command::Verify(arguments) => deeds::verify(arguments),
        #[cfg(unix)]
        Command::Journal(arguments) => deeds::journal::run(arguments),
        Command::Subject(arguments) => subject::run(arguments),
        Command::Rules(arguments) => rules::run(&arguments.command),
        Command::Detectors(arguments) => list::detectors(&arguments.command),
        Command::Formats(arguments) => list::formats(&arguments.command),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "sporhund", &mut text);
            std::io::stdout().lock().write_all(&text)?;
            Ok(Exit::Complete)
        }
        Command::Man => {
            clap_mangen::Man::new(Arguments::command()).render(&mut std::io::stdout().lock())?;
            Ok(Exit::Complete)
        }
        Command::Inventory(arguments) => inventory::run(arguments),
        Command::Init(arguments) => init::run(arguments),
        Command::Site(arguments) => site::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Read { job } => workers::read(job.as_deref()),
        #[cfg(unix)]
        Command::Confined {
            may_read,
            program,
            args,
        } => ocr::become_confined(program, args, may_read.as_deref()),
    }
}
