//! The child processes that read fragile formats: this program once more, with a hidden command.

use anyhow::Context as _;

use super::exit::Exit;
use crate::extract::{ChildLimits, Isolation, Reader, serve};

/// The reader with a pool of child processes, at most one for each of `workers` threads.
///
/// # Errors
/// When the program's own file is not known.
pub(crate) fn attach(reader: Reader, workers: usize) -> anyhow::Result<Reader> {
    let program = std::env::current_exe().context("the program's own file is not known")?;
    let isolation = Isolation::Children {
        program,
        args: vec![super::READ_COMMAND.into()],
        workers,
    };
    Ok(match isolation.pool(ChildLimits::default()) {
        Some(pool) => reader.with_isolation(pool),
        None => reader,
    })
}

/// What a child does: reads objects that come through standard input until it is closed.
pub(crate) fn read() -> anyhow::Result<Exit> {
    serve(std::io::stdin(), std::io::stdout()).context("the parent is gone")?;
    Ok(Exit::Complete)
}
