//! Finds out what kind of content an object is: by its bytes, its name only breaking ties.

use std::io::{Read, Seek};

use file_format::FileFormat;

use super::formats;
use super::unread::unread;
use super::{Content, Format, FormatInfo, Head, Match};
use crate::model::{Problem, ProblemKind};

/// Raised whenever content is taken for something else than before.
pub(super) const VERSION: u32 = 1;

/// How many bytes formats may look at.
const HEAD_BYTES: u64 = 64 * 1024;

/// What content was found to be.
pub(super) enum Sniffed {
    /// There is a reader for it.
    Format(&'static dyn Format),
    /// It is not read: what it is, if known, and why.
    Unread(Option<&'static FormatInfo>, ProblemKind),
}

/// Finds the surest format for the content; among equally sure ones the first in the list.
///
/// # Errors
/// `Io` where the first bytes cannot be read.
pub(super) fn sniff(content: &mut Content) -> Result<Sniffed, Problem> {
    let bytes = content.head(HEAD_BYTES)?;
    let name = content.name().to_lowercase();
    let head = Head {
        bytes: &bytes,
        complete: bytes.len() as u64 >= content.len(),
        name: &name,
        len: content.len(),
        signature: signature(&bytes, &mut *content),
    };
    content.rewind()?;
    let mut best: Option<(Match, &'static dyn Format)> = None;
    for format in formats::ALL {
        let surety = format.recognises(&head);
        if surety > best.map_or(Match::No, |(surety, _)| surety) {
            best = Some((surety, *format));
        }
    }
    Ok(if let Some((_, format)) = best {
        Sniffed::Format(format)
    } else {
        let (info, kind) = unread(&head);
        Sniffed::Unread(info, kind)
    })
}

/// What the `file-format` crate says. It looks into zip and compound files, because there the first
/// bytes say nothing about the document.
fn signature<R: Read + Seek>(head: &[u8], content: R) -> FileFormat {
    let signature = FileFormat::from_bytes(head);
    if matches!(signature, FileFormat::Zip | FileFormat::CompoundFileBinary) {
        FileFormat::from_reader(content).unwrap_or(signature)
    } else {
        signature
    }
}
