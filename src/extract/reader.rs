//! The only recursion: enters an object, finds its format, reads it, and leaves it with exactly one
//! outcome, whatever happens on the way.
//!
//! It knows nothing of any particular format, and keeps no text.

mod frame;

use std::fs::File;
use std::io::Read;
use std::panic::{self, Location};
use std::sync::Arc;

use super::{Content, FormatInfo, Passwords, PictureReader, Sink};
use crate::model::{Budget, Cancel, Fact, Limits, ObjectPath, Outcome, Piece, Problem};
use frame::Frame;

/// The deepest nesting that a [`Reader`] goes to, whatever its limits say: each level costs stack,
/// and 32 levels fit into a thread of 2 MiB.
pub const MAX_NESTING: u32 = 32;

/// Follows the reading of a file and of all that is nested in it. The calls nest strictly: between
/// an object's `enter` and `leave`, other calls are about it, or about members that are entered and
/// left in between.
pub trait Visitor {
    /// An object begins.
    fn enter(&mut self, object: &ObjectPath);

    /// What the innermost object turned out to be: at most once per object, before its first piece
    /// or member. Also called for kinds that are known and not read.
    fn format(&mut self, format: &'static FormatInfo);

    /// A piece of the innermost object's text, in the order of the text.
    fn piece(&mut self, piece: Piece<'_>);

    /// A fact of the innermost object.
    fn fact(&mut self, fact: Fact);

    /// The innermost object ends.
    fn leave(&mut self, end: End);
}

/// How an object ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Its one outcome; never `Unchanged`.
    pub outcome: Outcome,
    /// Its length in bytes; 0 for a member whose bytes were not read.
    pub bytes: u64,
    /// BLAKE3 digest of its bytes; `None` where they were not all read, or digests are off.
    pub content_digest: Option<[u8; 32]>,
}

/// Runs formats that are marked [`FormatInfo::isolated`] where a crash of theirs does no harm.
pub trait Isolate: Send + Sync {
    /// Reads `content` as `format`, with the same contract as [`Format::read`](super::format::Format::read).
    ///
    /// # Errors
    /// What the format says, and `Crashed`, `Timeout` or `LimitMemory` where it was ended.
    fn read(
        &self,
        format: &'static FormatInfo,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem>;
}

/// Reads files to their outcomes. One reader serves many threads.
#[derive(Clone)]
pub struct Reader {
    limits: Limits,
    cancel: Cancel,
    content_digests: bool,
    isolate: Option<Arc<dyn Isolate>>,
    pictures: Option<Arc<dyn PictureReader>>,
    passwords: Passwords,
}

impl Reader {
    /// A reader under these limits ([`MAX_NESTING`] caps their depth) that stops when `cancel` is
    /// requested. It takes content digests, and runs every format in its own process.
    #[must_use]
    pub fn new(mut limits: Limits, cancel: Cancel) -> Self {
        limits.max_depth = limits.max_depth.min(MAX_NESTING);
        Self {
            limits,
            cancel,
            content_digests: true,
            isolate: None,
            pictures: None,
            passwords: Passwords::default(),
        }
    }

    /// Whether to take the digest of each object's bytes. A format that reads its content in one
    /// sweep feeds the digest in passing; for others it costs a second reading.
    #[must_use]
    pub fn with_content_digests(self, content_digests: bool) -> Self {
        Self {
            content_digests,
            ..self
        }
    }

    /// Where to run the formats that are marked [`FormatInfo::isolated`].
    #[must_use]
    pub fn with_isolation(self, isolate: Arc<dyn Isolate>) -> Self {
        Self {
            isolate: Some(isolate),
            ..self
        }
    }

    /// Who reads the text of pictures and scanned pages; without, they are told as unread.
    #[must_use]
    pub fn with_pictures(self, pictures: Arc<dyn PictureReader>) -> Self {
        Self {
            pictures: Some(pictures),
            ..self
        }
    }

    /// What locked content is tried with.
    #[must_use]
    pub fn with_passwords(self, passwords: Passwords) -> Self {
        Self { passwords, ..self }
    }

    /// Reads an open file of `bytes` bytes, and all that is nested in it. A panic of a format is
    /// that object's outcome; one of the visitor's `enter`, `format` of an unread kind or `leave`
    /// is passed on.
    pub fn read(&self, object: &ObjectPath, file: File, bytes: u64, visitor: &mut dyn Visitor) {
        self.read_content(object, Content::from_file(file, bytes), visitor);
    }

    /// Like [`read`](Self::read), for bytes that do not come from a file.
    pub fn read_content(&self, object: &ObjectPath, content: Content, visitor: &mut dyn Visitor) {
        let budget = Budget::new(self.limits.clone(), self.cancel.clone(), content.len());
        let walk = Walk {
            reader: self,
            budget: &budget,
        };
        walk.object(object, Input::Whole(content), visitor);
    }
}

/// Makes panics keep quiet about their message, which can quote a document: the hook tells
/// `report` the place in the source and nothing else. To be called once, at the start of a program.
pub fn hide_panic_payloads(report: impl Fn(&Location<'_>) + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |info| {
        if let Some(location) = info.location() {
            report(location);
        }
    }));
}

/// One top-level file's reading.
#[derive(Clone, Copy)]
struct Walk<'w> {
    reader: &'w Reader,
    budget: &'w Budget,
}

/// Where an object's bytes are before it is opened.
enum Input<'i> {
    Whole(Content),
    Member(&'i mut dyn Read),
}

impl Walk<'_> {
    /// Takes one object from `enter` to `leave`. Returns what concerns the enclosing containers as
    /// well: a spent budget, or a stop.
    fn object(
        self,
        object: &ObjectPath,
        input: Input<'_>,
        visitor: &mut dyn Visitor,
    ) -> Option<Problem> {
        visitor.enter(object);
        let (end, stop) = Frame::new(self, object, &mut *visitor).pass(input);
        visitor.leave(end);
        stop
    }
}

#[cfg(test)]
mod tests;
