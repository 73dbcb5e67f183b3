//! Kinds of content that are known by their signature and not read: what they are called in the
//! inventory, and why they are skipped.

use file_format::{FileFormat, Kind};

use super::{FormatInfo, Head};
use crate::model::ProblemKind;

/// What is known of content that no format reads.
pub(super) fn unread(head: &Head<'_>) -> (Option<&'static FormatInfo>, ProblemKind) {
    let info = by_first_bytes(head.bytes)
        .or_else(|| by_signature(head.signature))
        .or_else(|| by_kind(head.signature.kind()))
        .or_else(|| by_name(head));
    let kind = if info == Some(&IMAGE) {
        ProblemKind::ImageWithoutText
    } else {
        ProblemKind::Unsupported
    };
    (info, kind)
}

/// What is read of kinds without a reader.
const NOTHING: &str = "nothing: it is told by name";

macro_rules! kinds {
    ($($name:ident = $id:literal, $title:literal, [$($extension:literal),*];)+) => {
        /// All kinds that are known and not read.
        pub(super) const ALL: &[&FormatInfo] = &[$(&$name),+];

        $(static $name: FormatInfo = FormatInfo {
            id: $id,
            title: $title,
            extensions: &[$($extension),*],
            version: 1,
            isolated: false,
            reads: NOTHING,
        };)+
    };
}

kinds! {
    IMAGE = "image", "picture", ["gif", "bmp", "svgz", "psd"];
    AUDIO = "audio", "sound recording", ["mp3", "wav", "m4a", "wma", "ogg", "flac"];
    VIDEO = "video", "film", ["mp4", "mov", "avi", "wmv", "mkv", "webm"];
    EXECUTABLE = "executable", "program", [];
    FONT = "font", "typeface", [];
    ARCHIVE = "archive", "archive of another kind", [];
    COMPRESSED = "compressed", "compressed stream of another kind", [];
    DATABASE = "database", "database of another kind", [];
    DISK = "disk-image", "disk image", ["img", "dmg", "vdi", "qcow2", "wim"];
    ISO = "iso", "image of an optical disc", ["iso"];
    VHD = "vhd", "virtual disk of Microsoft", ["vhd", "vhdx"];
    VMDK = "vmdk", "virtual disk of VMware", ["vmdk"];
    BACKUP = "backup", "backup archive", ["bak", "bkf", "vbk", "vib", "tib", "tibx", "gho", "fbk"];
    OTHER = "binary", "binary content of another kind", [];
    CFB = "cfb", "compound file of another kind", [];
    CAB = "cab", "Cabinet archive", ["cab"];
    LZ4 = "lz4", "LZ4 stream", ["lz4"];
    ONENOTE = "onenote", "OneNote section", ["one"];
    ACCESS = "access", "Access database", ["mdb", "accdb"];
    VISIO = "visio", "Visio drawing", ["vsd"];
    PROJECT = "project", "Project plan", ["mpp"];
    PUBLISHER = "publisher", "Publisher document", ["pub"];
}

fn by_signature(signature: FileFormat) -> Option<&'static FormatInfo> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the crate knows hundreds of kinds; those without an id of their own are grouped"
    )]
    Some(match signature {
        FileFormat::Cabinet => &CAB,
        FileFormat::Lz4 => &LZ4,
        FileFormat::Iso9660 => &ISO,
        FileFormat::MicrosoftVirtualHardDisk | FileFormat::MicrosoftVirtualHardDisk2 => &VHD,
        FileFormat::MicrosoftVisioDrawing => &VISIO,
        FileFormat::MicrosoftProjectPlan => &PROJECT,
        FileFormat::MicrosoftPublisherDocument => &PUBLISHER,
        FileFormat::MicrosoftAccessDatabase | FileFormat::MicrosoftAccess2007Database => &ACCESS,
        FileFormat::CompoundFileBinary => &CFB,
        _ => return None,
    })
}

fn by_kind(kind: Kind) -> Option<&'static FormatInfo> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "documents of kinds that nobody reads are told apart by nobody"
    )]
    Some(match kind {
        Kind::Image => &IMAGE,
        Kind::Audio => &AUDIO,
        Kind::Video => &VIDEO,
        Kind::Executable | Kind::Rom => &EXECUTABLE,
        Kind::Font => &FONT,
        Kind::Archive | Kind::Package => &ARCHIVE,
        Kind::Compressed => &COMPRESSED,
        Kind::Database => &DATABASE,
        Kind::Disk => &DISK,
        Kind::Other => return None,
        _ => &OTHER,
    })
}

/// Kinds that the signature library does not know.
fn by_first_bytes(head: &[u8]) -> Option<&'static FormatInfo> {
    /// File type GUID of a `.one` section, [MS-ONESTORE] 2.3.1.
    const ONENOTE_GUID: &[u8] = b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3";
    if head.starts_with(ONENOTE_GUID) {
        Some(&ONENOTE)
    } else if head.starts_with(b"KDMV") || head.starts_with(b"COWD") {
        // A sparse extent; the descriptor beside it is text.
        Some(&VMDK)
    } else if head.starts_with(b"TAPE\0") {
        // The first block of Microsoft Tape Format: backups of Windows and of SQL Server.
        Some(&BACKUP)
    } else {
        None
    }
}

/// Content that nothing in its bytes tells is named after its extension: backup programs and virtual
/// machines keep their formats to themselves.
fn by_name(head: &Head<'_>) -> Option<&'static FormatInfo> {
    [&BACKUP, &VMDK, &VHD, &ISO, &ACCESS, &PUBLISHER, &ONENOTE]
        .into_iter()
        .find(|info| head.has_extension(info.extensions))
}
