//! A check: the files of a listing on several threads → one report.

use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::listing::{Input, Origin};
use super::read::Checked;
use super::{Bytes, Checker, Decision, Found, Report, Unread, UnreadCause, Value, Why};
use crate::model::{Cancel, ProblemKind};
use crate::source::{GitError, Object, Objects};

/// The longest object of a repository that is read: it is held in memory.
const MAX_OBJECT_BYTES: u64 = 1 << 30;

/// Up to this size a file is held in memory, so that it is read once.
const MAX_HELD_BYTES: u64 = 16 << 20;

/// Deeply nested documents need more stack than a thread has by default.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Why a check could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Git broke off.
    #[error("the repository cannot be read")]
    Git(#[from] GitError),
    /// The system gave no threads.
    #[error("no worker threads could be started")]
    Threads(#[source] rayon::ThreadPoolBuildError),
}

/// Where contents come from.
pub struct Store {
    objects: Option<Mutex<Objects>>,
}

impl Store {
    /// Contents on disk, and of a repository's objects where there are any.
    #[must_use]
    pub fn new(objects: Option<Objects>) -> Self {
        Self {
            objects: objects.map(Mutex::new),
        }
    }

    /// The content of a file; `Ok(Err(None))` where there is nothing to read.
    fn open(&self, origin: &Origin) -> Result<Result<Bytes, Option<UnreadCause>>, GitError> {
        match origin {
            Origin::Disk(path) => Ok(on_disk(path)),
            Origin::Object(name) => {
                let Some(objects) = &self.objects else {
                    return Err(GitError::Garbled);
                };
                let mut objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(match objects.read(name, MAX_OBJECT_BYTES)? {
                    Object::File(bytes) => Ok(Bytes::Memory(bytes.into())),
                    Object::TooLarge(_) => Err(Some(UnreadCause::Problem(ProblemKind::LimitBytes))),
                    Object::Missing => Err(Some(UnreadCause::Absent)),
                    Object::Other => Err(None),
                })
            }
        }
    }
}

fn on_disk(path: &Path) -> Result<Bytes, Option<UnreadCause>> {
    let problem = |error: std::io::Error| {
        use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
        let cause = error.kind();
        let kind = if cause == PermissionDenied {
            ProblemKind::Permission
        } else {
            ProblemKind::Io
        };
        // A tracked file that was removed is not there to be checked.
        (cause != NotFound && cause != NotADirectory).then_some(UnreadCause::Problem(kind))
    };
    let metadata = std::fs::symlink_metadata(path).map_err(problem)?;
    if !metadata.is_file() {
        return Err(None);
    }
    let file = File::open(path).map_err(problem)?;
    if metadata.len() > MAX_HELD_BYTES {
        return Ok(Bytes::File(file, metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    let mut limited = std::io::Read::take(file, MAX_HELD_BYTES);
    std::io::copy(&mut limited, &mut bytes).map_err(problem)?;
    Ok(Bytes::Memory(bytes.into()))
}

/// Checks all files on `jobs` threads, until `cancel` is requested.
///
/// # Errors
/// When git breaks off or no threads can be had. What is wrong with a file is told in the report.
pub fn run(
    checker: &Checker,
    store: &Store,
    inputs: &[Input],
    jobs: usize,
    cancel: &Cancel,
) -> Result<Report, RunError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.max(1))
        .stack_size(STACK_BYTES);
    let pool = pool.build().map_err(RunError::Threads)?;
    let one = |input: &Input| -> Result<Option<Checked>, GitError> {
        if cancel.is_requested() {
            return Ok(None);
        }
        let content = match store.open(&input.origin)? {
            Ok(content) => content,
            Err(None) => return Ok(None),
            Err(Some(cause)) => {
                let object = checker.shown(&String::from_utf8_lossy(&input.path));
                let unread = vec![Unread { object, cause }];
                return Ok(Some(Checked {
                    unread,
                    ..Checked::default()
                }));
            }
        };
        Ok(Some(checker.check(&input.path, content)))
    };
    let all: Result<Vec<_>, GitError> = pool.install(|| inputs.par_iter().map(one).collect());
    let mut report = Report::default();
    all?.into_iter()
        .flatten()
        .for_each(|checked| report.add(checked));
    report.sort();
    Ok(report)
}

/// Lets pass what stood in the former contents already, as often as it stood there: a change is
/// blamed for what it brings, and a value that moves to another file is not new.
pub fn pass_what_was_before(report: &mut Report, before: &Report) {
    let mut known: Vec<(&'static str, &Value)> = before
        .found
        .iter()
        .map(|found| (found.kind.detector, &found.value))
        .collect();
    known.sort_unstable();
    let mut left = std::collections::BTreeMap::new();
    for key in known {
        *left.entry(key).or_insert(0_u64) += 1;
    }
    for found in &mut report.found {
        if let Decision::Pass(_) = found.decision {
            continue;
        }
        if let Some(count) = left.get_mut(&(found.kind.detector, &found.value))
            && *count > 0
        {
            *count -= 1;
            found.decision = Decision::Pass(Why::Before);
        }
    }
}

impl Found {
    /// The finding's line in lists: what it is, in words.
    #[must_use]
    pub fn says(&self) -> &'static str {
        super::words::says(self.kind, self.class)
    }
}
