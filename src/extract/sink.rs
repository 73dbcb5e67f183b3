//! Where a format puts what it reads.

use std::io::Read;

use super::{Picture, Pictures};
use crate::model::{Fact, Piece, Problem, ProblemKind, Stage};

/// Receives what a format reads, in the order of the content. Every call may come any number of
/// times; the sink never keeps a piece beyond the call.
pub trait Sink {
    /// A piece of the object's own text.
    fn piece(&mut self, piece: Piece<'_>);

    /// A member of the object, with the name that the container gives it (bytes as they are). The
    /// member is dealt with, to its own outcome, before the call returns; bytes that are left in
    /// `content` are the caller's to skip.
    ///
    /// # Errors
    /// A limit or a stop that concerns the whole container: the format returns it at once. What is
    /// wrong with the member itself is the member's outcome, not an error.
    fn member(&mut self, name: &[u8], content: &mut dyn Read) -> Result<(), Problem>;

    /// A member whose bytes are not read, and why (`Encrypted`, `Malformed`, …). It is an object
    /// with an outcome like any other.
    fn unread_member(&mut self, name: &[u8], problem: Problem);

    /// Which pictures are worth handing to [`picture`](Self::picture).
    fn pictures(&self) -> Pictures {
        Pictures::None
    }

    /// A picture or scanned page of the object: what can be read in it becomes pieces of the object.
    ///
    /// # Errors
    /// Why it was not read, or with doubt only; the format tells it as its own problem.
    fn picture(&mut self, _: Picture<'_>) -> Result<(), Problem> {
        Err(Problem::new(ProblemKind::ImageWithoutText, Stage::Extract))
    }

    /// A date or another fact that the object says of itself.
    fn fact(&mut self, fact: Fact);

    /// Something of the object was not read, but reading goes on: the object ends partial with the
    /// first such problem.
    fn incomplete(&mut self, problem: Problem);
}
