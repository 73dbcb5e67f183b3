//! A pool of child processes of our own program, in which formats run that can crash, hang or
//! exhaust memory in ways that no program can catch.
//!
//! Content goes to the child through a pipe and what it reads comes back through another, so the
//! child needs no access to any file. A child reads many objects; one that dies costs the object it
//! was reading, and is replaced. Children end when the pool is dropped, or when their input ends
//! because the parent died.

mod child;
mod confine;
mod frame;
mod pipe;
mod serve;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Content, FormatInfo, Isolate, Sink, format_by_id};
use crate::model::{Budget, Problem, ProblemKind, Stage};
use child::{Child, Terms};
use frame::Job;

pub use confine::Confinement;
pub(super) use pipe::Pipe;
pub use serve::{serve, serve_file};
pub use system::standard_input;
pub(super) use system::{Outlet, cause_of_death, set_apart};
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// Formats that read a file where it lies, if it is too large to be held: by parts, at any place.
const SEEKING: &[&str] = &["pst", "parquet", "avro", "arrow"];

/// After this many objects a child is replaced, so that what its libraries leak stays small.
const OBJECTS_PER_CHILD: u32 = 500;

/// Where isolated formats run.
#[derive(Clone, Debug)]
pub enum Isolation {
    /// In children of `program`, which calls [`serve`] when started with `args`.
    Children {
        /// The program, usually our own.
        program: PathBuf,
        /// Its arguments.
        args: Vec<OsString>,
        /// How many idle children are kept: one for each worker of the scan.
        workers: usize,
    },
    /// In our own process: for tests and library users who accept the risk.
    InProcess,
}

impl Isolation {
    /// The pool, to be given to [`Reader::with_isolation`](super::Reader::with_isolation); `None`
    /// where formats run in our own process.
    #[must_use]
    pub fn pool(self, limits: ChildLimits) -> Option<Arc<ChildPool>> {
        match self {
            Self::Children {
                program,
                args,
                workers,
            } => Some(Arc::new(ChildPool {
                program,
                args,
                workers,
                limits,
                idle: Mutex::default(),
                confinement: OnceLock::new(),
            })),
            Self::InProcess => None,
        }
    }
}

/// What one object may cost in a child. Wall-clock time is the budget's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildLimits {
    /// Address space in bytes; on Windows, memory that was promised to it.
    pub memory_bytes: u64,
    /// Processor time in seconds.
    pub cpu_seconds: u64,
}

impl Default for ChildLimits {
    /// 1 GiB and 30 seconds.
    fn default() -> Self {
        Self {
            memory_bytes: 1 << 30,
            cpu_seconds: 30,
        }
    }
}

/// Children that read for all threads of a scan. They are started when first needed, and there are
/// never more than objects being read at once.
#[derive(Debug)]
pub struct ChildPool {
    program: PathBuf,
    args: Vec<OsString>,
    workers: usize,
    limits: ChildLimits,
    idle: Mutex<Vec<Child>>,
    confinement: OnceLock<Confinement>,
}

impl ChildPool {
    /// What the children gave up before they read; `None` before the first has told.
    #[must_use]
    pub fn confinement(&self) -> Option<Confinement> {
        self.confinement.get().copied()
    }

    fn take(&self) -> Result<Child, Problem> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(child) => Ok(child),
            None => Child::start(&self.program, &self.args)
                .map_err(|_| Problem::new(ProblemKind::Io, Stage::Extract)),
        }
    }

    fn give_back(&self, child: Child) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.workers && child.objects() < OBJECTS_PER_CHILD {
            idle.push(child);
        }
    }
}

impl Isolate for ChildPool {
    fn read(
        &self,
        format: &'static FormatInfo,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        if format_by_id(format.id).is_none() {
            return Err(Problem::new(ProblemKind::Unsupported, Stage::Extract));
        }
        let terms = Terms {
            limits: self.limits,
            pictures: sink.pictures(),
        };
        if content.len() > budget.limits().max_held_bytes {
            let limit = Problem::new(ProblemKind::LimitMemory, Stage::Read).at(content.len());
            let seeking = SEEKING.contains(&format.id);
            let file = content.open_file().filter(|_| seeking).ok_or(limit)?;
            let job = Job::new(format.id, content, budget, terms);
            let mut child = Child::on_file(&self.program, &self.args, &job, file)
                .map_err(|_| Problem::new(ProblemKind::Io, Stage::Extract))?;
            return child.listen(budget, sink, &self.confinement)?.result;
        }
        let mut child = self.take()?;
        let mut sent = child.send(format.id, content, budget, terms);
        if sent.is_err_and(|problem| problem.kind == ProblemKind::Crashed) {
            // An idle child may have died since: that is no fault of this object.
            child = Child::start(&self.program, &self.args)
                .map_err(|_| Problem::new(ProblemKind::Io, Stage::Extract))?;
            sent = child.send(format.id, content, budget, terms);
        }
        sent?;
        let ended = child.listen(budget, sink, &self.confinement)?;
        if !ended.replace {
            self.give_back(child);
        }
        ended.result
    }
}
