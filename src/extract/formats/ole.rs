//! An object in a compound file, as newer Office documents keep embedded files: what it holds is a
//! member. A document under a password comes here where its first bytes do not tell.

use super::super::compound::{is_unnamed, open};
use super::super::embedded::embedded;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::locked_office;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Ole = Ole;

/// Reads them.
pub(crate) struct Ole;

static INFO: FormatInfo = FormatInfo {
    id: "ole",
    title: "embedded object",
    extensions: &[],
    version: 5,
    isolated: false,
    reads: "files and documents in it as members, sources of macros, texts of dialogs and controls; an object of another kind is told",
};

impl Format for Ole {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if is_unnamed(head) {
            Match::Likely
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let mut file = open(content, budget)?;
        if locked_office::is_locked(&file) {
            return locked_office::opened(&mut file, content, budget, sink);
        }
        if embedded(&mut file, budget, sink)? {
            Ok(())
        } else {
            Err(Problem::new(ProblemKind::Unsupported, Stage::Extract))
        }
    }
}
