//! Office documents under a password: an OOXML package that is encrypted lies as one stream in a
//! compound file. They are recognised, and told as encrypted.

use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: LockedOffice = LockedOffice;

/// Tells that they are encrypted.
pub(crate) struct LockedOffice;

static INFO: FormatInfo = FormatInfo {
    id: "locked-office",
    title: "Office document under a password",
    extensions: &["docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm"],
    version: 1,
    isolated: false,
    reads: "nothing: it is encrypted",
};

impl Format for LockedOffice {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if !head.bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Match::No;
        }
        let stream: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
        let listed = memchr::memmem::find(head.bytes, &stream).is_some();
        if listed || head.has_extension(INFO.extensions) {
            Match::Sure
        } else {
            Match::No
        }
    }

    fn read(&self, _: &mut Content, _: &Budget, _: &mut dyn Sink) -> Result<(), Problem> {
        Err(Problem::new(ProblemKind::Encrypted, Stage::Extract))
    }
}
