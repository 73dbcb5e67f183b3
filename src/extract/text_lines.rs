//! A text by its lines, for formats whose records are lines: in bounded memory, whatever stands in it.

use std::io::{BufRead, Read};

use super::decode::Utf8Reader;
use crate::model::{Budget, Problem, ProblemKind, Stage};

/// A line that is longer than this is told in parts.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Calls `take` for each line of `source`, without its end. Returns whether all of it was text.
///
/// # Errors
/// `Io`, and the budget's limits.
pub(super) fn each_line<R: Read>(
    source: R,
    budget: &Budget,
    take: &mut dyn FnMut(&str),
) -> Result<bool, Problem> {
    let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
    let mut reader = Utf8Reader::new(source).map_err(io_problem)?;
    let mut begun = String::new();
    loop {
        budget.check()?;
        let block = reader.fill_text().map_err(io_problem)?;
        let length = block.len();
        if length == 0 {
            break;
        }
        for line in block.split_inclusive('\n') {
            begun.push_str(line);
            if line.ends_with('\n') || begun.len() > MAX_LINE_BYTES {
                take(begun.trim_end_matches(['\n', '\r']));
                begun.clear();
            }
        }
        reader.consume(length);
    }
    if !begun.is_empty() {
        take(&begun);
    }
    Ok(!reader.is_lossy())
}
