//! Kinds of content that are known by their signature and not read: what they are called in the
//! inventory, and why they are skipped.

use file_format::{FileFormat, Kind};

use super::{FormatInfo, Head};
use crate::model::ProblemKind;

/// What is known of content that no format reads.
pub(super) fn unread(head: &Head<'_>) -> (Option<&'static FormatInfo>, ProblemKind) {
    let info = by_first_bytes(head.bytes)
        .or_else(|| by_signature(head.signature))
        .or_else(|| by_kind(head.signature.kind()));
    let kind = if info == Some(&IMAGE) {
        ProblemKind::ImageWithoutText
    } else {
        ProblemKind::Unsupported
    };
    (info, kind)
}

macro_rules! kinds {
    ($($name:ident = $id:literal, $title:literal, [$($extension:literal),*];)+) => {
        $(static $name: FormatInfo = FormatInfo {
            id: $id,
            title: $title,
            extensions: &[$($extension),*],
            version: 1,
            isolated: false,
            reads: "nothing",
        };)+
    };
}

kinds! {
    IMAGE = "image", "picture", [];
    AUDIO = "audio", "sound recording", [];
    VIDEO = "video", "film", [];
    EXECUTABLE = "executable", "program", [];
    FONT = "font", "typeface", [];
    ARCHIVE = "archive", "archive of another kind", [];
    COMPRESSED = "compressed", "compressed stream of another kind", [];
    DATABASE = "database", "database of another kind", [];
    DISK = "disk-image", "disk image", [];
    OTHER = "binary", "binary content of another kind", [];
    CFB = "cfb", "compound file of another kind", [];
    RAR = "rar", "RAR archive", ["rar"];
    CAB = "cab", "Cabinet archive", ["cab"];
    LZ4 = "lz4", "LZ4 stream", ["lz4"];
    PST = "pst", "Outlook data file", ["pst", "ost"];
    XLS = "xls", "Excel 97-2003 workbook", ["xls"];
    ONENOTE = "onenote", "OneNote section", ["one"];
    ACCESS = "access", "Access database", ["mdb", "accdb"];
    PARQUET = "parquet", "Parquet table", ["parquet"];
    AVRO = "avro", "Avro records", ["avro"];
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
        FileFormat::RoshalArchive => &RAR,
        FileFormat::Cabinet => &CAB,
        FileFormat::Lz4 => &LZ4,
        FileFormat::PersonalStorageTable => &PST,
        FileFormat::MicrosoftExcelSpreadsheet => &XLS,
        FileFormat::MicrosoftVisioDrawing => &VISIO,
        FileFormat::MicrosoftProjectPlan => &PROJECT,
        FileFormat::MicrosoftPublisherDocument => &PUBLISHER,
        FileFormat::MicrosoftAccessDatabase | FileFormat::MicrosoftAccess2007Database => &ACCESS,
        FileFormat::ApacheParquet => &PARQUET,
        FileFormat::ApacheAvro => &AVRO,
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
    } else {
        None
    }
}
