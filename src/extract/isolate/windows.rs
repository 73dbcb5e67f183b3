//! What isolation asks of Windows: threads that wait on pipes in place of ours, and a thread in each child that
//! ends it where it takes too much memory or time.
//!
//! A child cannot be kept from files and the network here; what it was kept from is told.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::windows::io::{AsHandle as _, OwnedHandle};
use std::os::windows::process::CommandExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use cpu_time::ProcessTime;
use crossbeam_channel::{
    Receiver, RecvTimeoutError, SendTimeoutError, Sender, TrySendError, bounded,
};

use super::frame::PART_BYTES;
use crate::model::ProblemKind;

/// Parts that wait in a pipe beside those that the system holds.
const PARTS: usize = 2;

/// `CREATE_NEW_PROCESS_GROUP` and `CREATE_NO_WINDOW`, as Microsoft's «Process Creation Flags» has them.
const APART: u32 = 0x0000_0200 | 0x0800_0000;

/// What a child ends with that took too much memory, and one that took too much time. Programs of the system
/// use neither.
const TOO_MUCH_MEMORY: i32 = 0x5350_4D01;
const TOO_MUCH_TIME: i32 = 0x5350_4D02;

/// How often a child looks at what it has taken.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The end of a pipe from which one reads.
#[derive(Debug)]
pub(in super::super) struct Outlet {
    parts: Receiver<io::Result<Vec<u8>>>,
    part: io::Cursor<Vec<u8>>,
}

impl Outlet {
    pub(in super::super) fn new(end: impl Into<OwnedHandle>) -> io::Result<Self> {
        Self::heard(end, |parts, part| parts.send(part).is_ok())
    }

    /// Where a process tells why it dies, and the end for that process. What finds no room is lost.
    pub(super) fn for_last_words() -> io::Result<(Self, Stdio)> {
        let (words, dying) = io::pipe()?;
        let heard = Self::heard(words, |parts, part| {
            !matches!(parts.try_send(part), Err(TrySendError::Disconnected(_)))
        });
        Ok((heard?, dying.into()))
    }

    /// A thread waits for parts and passes them on, as long as that can be done.
    fn heard(
        end: impl Into<OwnedHandle>,
        pass_on: impl Fn(&Sender<io::Result<Vec<u8>>>, io::Result<Vec<u8>>) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let mut file = File::from(end.into());
        let (sender, parts) = bounded(PARTS);
        thread::Builder::new().spawn(move || {
            let mut part = vec![0; PART_BYTES];
            loop {
                let read = file.read(&mut part);
                let ended = !matches!(read, Ok(read) if read > 0);
                let told = read.map(|read| part.get(..read).unwrap_or_default().to_vec());
                if !pass_on(&sender, told) || ended {
                    return;
                }
            }
        })?;
        Ok(Self {
            parts,
            part: io::Cursor::default(),
        })
    }

    /// Reads what is there; `None` where nothing came within `patience`.
    pub(super) fn read_within(
        &mut self,
        buffer: &mut [u8],
        patience: Duration,
    ) -> io::Result<Option<usize>> {
        let read = self.part.read(buffer)?;
        if read > 0 {
            return Ok(Some(read));
        }
        match self.parts.recv_timeout(patience) {
            Ok(part) => self.part = io::Cursor::new(part?),
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => return Ok(Some(0)),
        }
        self.part.read(buffer).map(Some)
    }
}

/// The end of a pipe to which one writes.
#[derive(Debug)]
pub(in super::super) struct Inlet(Sender<Vec<u8>>);

impl Inlet {
    pub(in super::super) fn new(end: impl Into<OwnedHandle>) -> io::Result<Self> {
        let mut file = File::from(end.into());
        let (parts, receiver) = bounded::<Vec<u8>>(PARTS);
        thread::Builder::new().spawn(move || {
            // Where nobody reads any more, the receiver is dropped, and the next part is refused.
            for part in receiver {
                if file.write_all(&part).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self(parts))
    }

    /// Writes all of it; `None` where there was no room within `patience`.
    pub(super) fn write_within(
        &mut self,
        buffer: &[u8],
        patience: Duration,
    ) -> io::Result<Option<usize>> {
        match self.0.send_timeout(buffer.to_vec(), patience) {
            Ok(()) => Ok(Some(buffer.len())),
            Err(SendTimeoutError::Timeout(_)) => Ok(None),
            Err(SendTimeoutError::Disconnected(_)) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// A key press that stops the scan must not kill what it is reading, and no window opens.
pub(in super::super) fn set_apart(command: &mut Command) -> &mut Command {
    command.creation_flags(APART)
}

/// Programs need some of the environment here, such as where the system lies.
pub(super) fn bare(command: &mut Command) -> &mut Command {
    command
}

/// Why a process ended that did not mean to; `starved` where the runtime said that memory cannot be had.
pub(in super::super) fn cause_of_death(status: ExitStatus, starved: bool) -> ProblemKind {
    match status.code() {
        Some(TOO_MUCH_TIME) => ProblemKind::Timeout,
        Some(TOO_MUCH_MEMORY) => ProblemKind::LimitMemory,
        _ if starved => ProblemKind::LimitMemory,
        _ => ProblemKind::Crashed,
    }
}

/// What this process may take, as the watch knows it: bytes, and milliseconds since it began.
static MEMORY: AtomicU64 = AtomicU64::new(u64::MAX);
static TIME: AtomicU64 = AtomicU64::new(u64::MAX);

/// Sets what this process may take for one object, from now on.
pub(super) fn bound(memory_bytes: u64, cpu_seconds: u64) {
    static WATCH: std::sync::Once = std::sync::Once::new();
    let time = cpu_seconds.saturating_mul(1000);
    MEMORY.store(memory_bytes, Ordering::Relaxed);
    TIME.store(used_time().saturating_add(time), Ordering::Relaxed);
    // Without it the parent's clock remains.
    WATCH.call_once(|| drop(thread::Builder::new().spawn(watch)));
}

/// Ends the process when it has taken too much.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "whatever it is doing must not go on"
)]
fn watch() {
    loop {
        thread::sleep(LOOK_EVERY);
        let memory = memory_stats::memory_stats().map_or(0, |own| own.virtual_mem as u64);
        if memory > MEMORY.load(Ordering::Relaxed) {
            std::process::exit(TOO_MUCH_MEMORY);
        }
        if used_time() > TIME.load(Ordering::Relaxed) {
            std::process::exit(TOO_MUCH_TIME);
        }
    }
}

/// Processor time of this process, in milliseconds.
fn used_time() -> u64 {
    let used = ProcessTime::try_now().map_or(Duration::ZERO, |time| time.as_duration());
    u64::try_from(used.as_millis()).unwrap_or(u64::MAX)
}

/// Tells how much memory this process holds.
#[derive(Debug)]
pub(super) struct OwnMemory;

impl OwnMemory {
    pub(super) fn open() -> Self {
        Self
    }

    /// Resident bytes, where the system tells.
    #[expect(clippy::unused_self, reason = "elsewhere a file is kept open for it")]
    pub(super) fn resident_bytes(&mut self) -> Option<u64> {
        memory_stats::memory_stats().map(|own| own.physical_mem as u64)
    }
}

/// Standard input as a file.
///
/// # Errors
/// Where it is closed.
pub fn standard_input() -> io::Result<File> {
    Ok(std::io::stdin().as_handle().try_clone_to_owned()?.into())
}
