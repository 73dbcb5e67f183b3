//! The child processes that read fragile formats: this program once more, with a hidden command.

use std::sync::Arc;

use anyhow::Context as _;

use super::exit::Exit;
use super::message::remark;
use crate::extract::{
    ChildLimits, ChildPool, Isolation, Reader, serve, serve_file, standard_input,
};

/// The reader with a pool of child processes, at most one for each of `workers` threads.
///
/// # Errors
/// When the program's own file is not known.
pub(crate) fn attach(
    reader: Reader,
    workers: usize,
) -> anyhow::Result<(Reader, Option<Arc<ChildPool>>)> {
    let program = std::env::current_exe().context("the program's own file is not known")?;
    let isolation = Isolation::Children {
        program,
        args: vec![super::READ_COMMAND.into()],
        workers,
    };
    let pool = isolation.pool(ChildLimits::default());
    Ok(match &pool {
        Some(own) => (reader.with_isolation(Arc::clone(own) as _), pool),
        None => (reader, pool),
    })
}

/// Says where the kernel lacks what keeps children from files and the network.
pub(crate) fn remark_on_confinement(pool: Option<&ChildPool>) {
    let Some(own) = pool.and_then(ChildPool::confinement) else {
        return;
    };
    match (own.landlock, own.seccomp) {
        (true, true) => {}
        (false, true) => {
            remark("this kernel has no Landlock: documents were read behind seccomp alone");
        }
        (true, false) => {
            remark("seccomp cannot be had here: documents were read behind Landlock alone");
        }
        (false, false) => remark(
            "neither Landlock nor seccomp can be had here: processes that read documents were \
             bounded in memory and time, and could have opened files",
        ),
    }
}

/// What a child does: reads objects that come through standard input until it is closed, or the one
/// that is open there.
pub(crate) fn read(job: Option<&str>) -> anyhow::Result<Exit> {
    match job {
        None => serve(std::io::stdin(), std::io::stdout()),
        Some(job) => {
            let file = standard_input().context("standard input cannot be read")?;
            serve_file(job, file, std::io::stdout())
        }
    }
    .context("the parent is gone")?;
    Ok(Exit::Complete)
}
