//! Office documents under a password: an OOXML package that is encrypted lies as one stream in a
//! compound file. What a password of the list opens is a member, which is the document itself.

use super::super::compound::{Compound, lists, malformed, open, stream};
use super::super::offcrypto::decrypted;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: LockedOffice = LockedOffice;

/// Opens them where it can.
pub(crate) struct LockedOffice;

static INFO: FormatInfo = FormatInfo {
    id: "locked-office",
    title: "Office document under a password",
    extensions: &["docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm"],
    version: 3,
    isolated: true,
    reads: "the document as a member, with a password of the list; else nothing",
};

impl Format for LockedOffice {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if !head.bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Match::No;
        }
        if lists(head, PACKAGE) || head.has_extension(INFO.extensions) {
            Match::Sure
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
        if content.passwords().is_empty() {
            return Err(locked());
        }
        let mut file = open(content, budget)?;
        opened(&mut file, content, budget, sink)
    }
}

/// Whether the file holds a document under a password.
pub(super) fn is_locked(file: &Compound) -> bool {
    file.is_stream(PACKAGE)
}

/// Tells the document as a member, if a password of the list opens it.
///
/// # Errors
/// `Encrypted` where none does, and `Malformed` where what comes out is no package.
pub(super) fn opened(
    file: &mut Compound,
    content: &Content,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let passwords = content.passwords();
    if passwords.is_empty() {
        return Err(locked());
    }
    let (info, _) = stream(file, "EncryptionInfo", budget)?;
    let (package, _) = stream(file, PACKAGE, budget)?;
    for password in passwords.iter() {
        budget.check()?;
        if let Some(document) = decrypted(&info, &package, password, budget) {
            if !document.starts_with(b"PK") {
                return Err(malformed());
            }
            return sink.member(content.name().as_bytes(), &mut document.as_slice());
        }
    }
    Err(locked())
}

fn locked() -> Problem {
    Problem::new(ProblemKind::Encrypted, Stage::Extract)
}

/// The stream that holds the document.
const PACKAGE: &str = "EncryptedPackage";
