//! Libraries that panic where content is damaged: what their authors took for granted does not hold, which says as
//! much of the content as an error would.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::{Problem, ProblemKind, Stage};

/// What a library reads. A panic is `Malformed`, so nothing but the library is to be run here: a panic of our own
/// has its own word.
pub(super) fn walled<T>(run: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(malformed))
}
