//! What a reader of one kind of content is.

use crate::model::{Budget, Problem};

use super::{Content, Sink};

/// A reader of one kind of content. Formats are stateless statics, registered in
/// `formats/mod.rs`; the order there is the precedence among equal matches.
pub trait Format: Sync {
    /// Who the format is.
    fn info(&self) -> &'static FormatInfo;

    /// How surely `head` is of this format. Content decides; a name may only break a tie.
    fn recognises(&self, head: &Head<'_>) -> Match;

    /// Reads the content and tells the sink what is in it.
    ///
    /// Bytes that the format itself inflates go through [`Budget::meter`]. What was told to the
    /// sink before an error counts: the object then ends partial instead of failed.
    ///
    /// # Errors
    /// The problem that ended reading. `Encrypted`, `Malformed` and limits are the usual ones.
    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem>;
}

/// Who a format is.
#[derive(Debug, PartialEq, Eq)]
pub struct FormatInfo {
    /// Short id that stands in the inventory and in reports, such as `docx`.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Usual extensions, lower case, without the dot. They never decide alone.
    pub extensions: &'static [&'static str],
    /// Raised whenever the format yields something else than before, so that files are read again.
    pub version: u32,
    /// Whether it runs in a child process, because it is known for trouble that cannot be caught.
    pub isolated: bool,
    /// What is read of it and what is not, for `sporhund formats list`.
    pub reads: &'static str,
}

/// What a format may look at to recognise its kind.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The first bytes of the content, 64 KiB at most.
    pub bytes: &'a [u8],
    /// Whether `bytes` is the whole content.
    pub complete: bool,
    /// The object's own file name, lower case; empty where there is none.
    pub name: &'a str,
    /// The content's length in bytes.
    pub len: u64,
    /// Whether it looks like text in some encoding.
    pub is_text: bool,
    /// Of text its beginning, decoded, for those who look at how its lines are laid out.
    pub sample: Option<&'a str>,
    /// What the `file-format` crate takes the content for; text that is plainly such is not put to it.
    pub signature: file_format::FileFormat,
}

impl Head<'_> {
    /// Whether the name ends in `.` and one of these extensions (lower case, without the dot).
    #[must_use]
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        self.name
            .rsplit_once('.')
            .is_some_and(|(_, own)| extensions.contains(&own))
    }
}

/// How surely content is of a format. The surest format reads it; among equals the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It is something else.
    No,
    /// It can be read so where nothing better is found: any text as plain text.
    Fallback,
    /// Structure or name suggests it: text that looks like CSV.
    Likely,
    /// A signature says so.
    Sure,
}
