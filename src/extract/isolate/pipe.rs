//! Pipes to and from other processes, on which nobody waits longer than the budget allows.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::model::{Budget, Problem};

/// How long to wait for a pipe before looking at the budget again.
const PATIENCE: Duration = Duration::from_millis(50);

/// A non-blocking pipe that waits no longer than the budget allows.
pub(in super::super) struct Pipe<'p, P> {
    end: &'p mut P,
    budget: &'p Budget,
    limit: Option<Problem>,
}

impl<'p, P: AsFd> Pipe<'p, P> {
    pub(in super::super) fn new(end: &'p mut P, budget: &'p Budget) -> Self {
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

    fn wait(&mut self, flags: PollFlags) -> io::Result<()> {
        self.check()?;
        let patience = Timespec::try_from(PATIENCE).map_err(io::Error::other)?;
        match poll(&mut [PollFd::new(&*self.end, flags)], Some(&patience)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<P: AsFd + Read> Read for Pipe<'_, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        loop {
            match self.end.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.wait(PollFlags::IN)?;
                }
                done => return done,
            }
        }
    }
}

impl<P: AsFd + Write> Write for Pipe<'_, P> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        loop {
            match self.end.write(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.wait(PollFlags::OUT)?;
                }
                done => return done,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes an end of a pipe fit for [`Pipe`].
pub(in super::super) fn nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    let flags = fcntl_getfl(fd)?;
    Ok(fcntl_setfl(fd, flags | OFlags::NONBLOCK)?)
}
