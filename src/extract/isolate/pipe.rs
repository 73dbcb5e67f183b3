//! Pipes to and from other processes, on which nobody waits longer than the budget allows.

use std::io::{self, Read, Write};
use std::time::Duration;

use super::system::{Inlet, Outlet};
use crate::model::{Budget, Problem};

/// How long to wait for a pipe before looking at the budget again.
const PATIENCE: Duration = Duration::from_millis(50);

/// An end of a pipe, on which one waits no longer than the budget allows.
pub(in super::super) struct Pipe<'p, E> {
    end: &'p mut E,
    budget: &'p Budget,
    limit: Option<Problem>,
}

impl<'p, E> Pipe<'p, E> {
    pub(in super::super) fn new(end: &'p mut E, budget: &'p Budget) -> Self {
        Self {
            end,
            budget,
            limit: None,
        }
    }

    /// The limit or stop that ended waiting.
    pub(in super::super) fn limit(&self) -> Option<Problem> {
        self.limit
    }

    /// Looks at the budget. A child that never stops telling is stopped by this as well.
    fn check(&mut self) -> io::Result<()> {
        self.budget.check().map_err(|problem| {
            self.limit = Some(problem);
            io::Error::other("a limit was reached")
        })
    }
}

impl Read for Pipe<'_, Outlet> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.check()?;
            if let Some(read) = self.end.read_within(buffer, PATIENCE)? {
                return Ok(read);
            }
        }
    }
}

impl Write for Pipe<'_, Inlet> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        loop {
            if let Some(written) = self.end.write_within(buffer, PATIENCE)? {
                return Ok(written);
            }
            self.check()?;
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
