//! Office documents under a password: an OOXML package that is encrypted lies as one stream in a
//! compound file. What a password of the list opens is a member, which is the document itself.

use super::super::compound::{open, stream};
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
    version: 2,
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
        let stream: Vec<u8> = "EncryptedPackage".bytes().flat_map(|b| [b, 0]).collect();
        let listed = memchr::memmem::find(head.bytes, &stream).is_some();
        if listed || head.has_extension(INFO.extensions) {
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
        let locked = Problem::new(ProblemKind::Encrypted, Stage::Extract);
        let passwords = content.passwords().clone();
        if passwords.is_empty() {
            return Err(locked);
        }
        let name = content.name().to_owned();
        let mut file = open(content, budget)?;
        let (info, _) = stream(&mut file, "EncryptionInfo", budget)?;
        let (package, _) = stream(&mut file, "EncryptedPackage", budget)?;
        for password in passwords.iter() {
            budget.check()?;
            if let Some(document) = decrypted(&info, &package, password, budget) {
                return sink.member(name.as_bytes(), &mut document.as_slice());
            }
        }
        Err(locked)
    }
}
