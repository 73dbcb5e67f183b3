//! What isolation asks of a system like Unix: pipes that do not block, processes that a key press does
//! not reach, limits on resources.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use crate::model::ProblemKind;

/// The end of a pipe from which one reads.
#[derive(Debug)]
pub(in super::super) struct Outlet(File);

impl Outlet {
    pub(in super::super) fn new(end: impl Into<OwnedFd>) -> io::Result<Self> {
        nonblocking(end).map(Self)
    }

    /// Where a process tells why it dies, and the end for that process. What finds no room is lost.
    pub(super) fn for_last_words() -> io::Result<(Self, Stdio)> {
        let (words, dying) = io::pipe()?;
        Ok((Self::new(words)?, nonblocking(dying)?.into()))
    }

    /// Reads what is there; `None` where nothing came within `patience`, or nobody knows yet.
    pub(super) fn read_within(
        &mut self,
        buffer: &mut [u8],
        patience: Duration,
    ) -> io::Result<Option<usize>> {
        let read = self.0.read(buffer);
        or_wait(read, &self.0, PollFlags::IN, patience)
    }
}

/// The end of a pipe to which one writes.
#[derive(Debug)]
pub(in super::super) struct Inlet(File);

impl Inlet {
    pub(in super::super) fn new(end: impl Into<OwnedFd>) -> io::Result<Self> {
        nonblocking(end).map(Self)
    }

    /// Writes what there is room for; `None` where there was none within `patience`, or nobody knows yet.
    pub(super) fn write_within(
        &mut self,
        buffer: &[u8],
        patience: Duration,
    ) -> io::Result<Option<usize>> {
        let written = self.0.write(buffer);
        or_wait(written, &self.0, PollFlags::OUT, patience)
    }
}

fn nonblocking(end: impl Into<OwnedFd>) -> io::Result<File> {
    let end = end.into();
    let flags = fcntl_getfl(end.as_fd())?;
    fcntl_setfl(end.as_fd(), flags | OFlags::NONBLOCK)?;
    Ok(end.into())
}

fn or_wait(
    done: io::Result<usize>,
    end: &File,
    flags: PollFlags,
    patience: Duration,
) -> io::Result<Option<usize>> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
            match poll(&mut [PollFd::new(end, flags)], Some(&patience)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => Ok(None),
                Err(error) => Err(error.into()),
            }
        }
        done => done.map(Some),
    }
}

/// A key press that stops the scan must not kill what it is reading.
pub(in super::super) fn set_apart(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

/// What a child does not need is kept from it.
pub(super) fn bare(command: &mut Command) -> &mut Command {
    command.env_clear()
}

/// Why a process ended that did not mean to. A kill that is not ours is the system's, for want of memory; an
/// abort is for want of memory where the runtime said so (`starved`).
pub(in super::super) fn cause_of_death(status: ExitStatus, starved: bool) -> ProblemKind {
    match status.signal() {
        Some(signal) if signal == Signal::XCPU.as_raw() => ProblemKind::Timeout,
        Some(signal) if signal == Signal::KILL.as_raw() => ProblemKind::LimitMemory,
        Some(signal) if signal == Signal::ABORT.as_raw() && starved => ProblemKind::LimitMemory,
        Some(_) | None => ProblemKind::Crashed,
    }
}

/// Sets what this process may take for one object, from now on. Where the system refuses, the parent's
/// clock remains.
pub(super) fn bound(memory_bytes: u64, cpu_seconds: u64) {
    raise_or_lower(Resource::As, memory_bytes);
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
    let used = u64::try_from(used).unwrap_or(0);
    raise_or_lower(Resource::Cpu, cpu_seconds.saturating_add(used));
}

/// Sets the limit that can be raised again.
fn raise_or_lower(resource: Resource, value: u64) {
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(value, |maximum| maximum.min(value)));
    let _ = setrlimit(resource, Rlimit { current, maximum });
}

/// What tells how much memory this process holds: opened before the process gives up opening files.
#[derive(Debug)]
pub(super) struct OwnMemory(Option<File>);

impl OwnMemory {
    pub(super) fn open() -> Self {
        Self(File::open("/proc/self/statm").ok())
    }

    /// Resident bytes, where the system tells.
    pub(super) fn resident_bytes(&mut self) -> Option<u64> {
        use std::io::Seek as _;
        let file = self.0.as_mut()?;
        let mut text = [0_u8; 256];
        file.rewind().ok()?;
        let read = file.read(&mut text).ok()?;
        let text = str::from_utf8(text.get(..read)?).ok()?;
        let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
        Some(pages.saturating_mul(rustix::param::page_size() as u64))
    }
}

/// Standard input as a file.
///
/// # Errors
/// Where it is closed.
pub fn standard_input() -> io::Result<File> {
    Ok(std::io::stdin().as_fd().try_clone_to_owned()?.into())
}
