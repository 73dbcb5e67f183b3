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
    let kind = match info {
        Some(own) if *own == IMAGE => ProblemKind::ImageWithoutText,
        Some(own) if *own == SEALED => ProblemKind::Encrypted,
        Some(_) | None => ProblemKind::Unsupported,
    };
    (info, kind)
}

/// Content that is all letters and stands for something that is not read: files in the forms of Usenet and of Macintosh.
pub(super) fn unread_letters(head: &Head<'_>) -> Option<&'static FormatInfo> {
    const BEGINNINGS: &[&[u8]] = &[b"=ybegin ", b"(This file must be converted with BinHex"];
    let begins = |own: &&[u8]| head.bytes.starts_with(own);
    BEGINNINGS.iter().any(begins).then_some(&ARCHIVE)
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
    SEALED = "encrypted", "file of an encryption program", ["gpg", "pgp", "age", "kdbx", "kdb", "axx", "hc", "tc"];
    LOTUS = "lotus", "sheet of Lotus 1-2-3 or Quattro Pro", ["wk1", "wk3", "wk4", "123", "wb1", "wb2", "wb3", "qpw"];
    WORDPERFECT = "wordperfect", "WordPerfect document", ["wpd", "wp5"];
    WRITE = "write", "document of Windows Write", ["wri"];
    DJVU = "djvu", "DjVu document", ["djvu", "djv"];
    EBOOK = "ebook", "electronic book", ["mobi", "azw", "azw3", "lit", "chm"];
    STATISTICS = "statistics", "data of a statistics program", [
        "sav", "zsav", "dta", "sas7bdat", "xpt", "por", "rds", "rdata", "rda", "mat", "h5", "hdf5", "nc", "npy", "pkl"
    ];
    MAILBOX = "mail-store", "mail store of another program", ["dbx", "nsf", "edb", "olk15message"];
    SERVER = "server-database", "file of a database server", [
        "mdf", "ndf", "ldf", "ibd", "myd", "myi", "frm", "dmp", "fdb", "gdb"
    ];
    EVENTS = "event-log", "event log of Windows", ["evtx", "evt"];
    CAPTURE = "network-capture", "recorded network traffic", ["pcap", "pcapng"];
    CAD = "cad", "technical drawing", ["dwg", "dgn", "skp"];
    PLIST = "plist", "property list of Apple's, binary", [];
    VOLUME = "volume", "part of an archive in several volumes", ["z01", "001", "002", "r00", "zip", "7z", "rar"];
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

/// Kinds that the signature library does not know, or takes for others: where a signature stands, and what
/// it is.
const SIGNATURES: &[(usize, &[u8], &FormatInfo)] = &[
    // File types of a `.one` section and of a notebook's table of contents, [MS-ONESTORE] 2.3.1.
    (
        0,
        b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3",
        &ONENOTE,
    ),
    (
        0,
        b"\xA1\x2F\xFF\x43\xD9\xEF\x76\x4C\x9E\xE2\x10\xEA\x57\x22\x76\x5F",
        &ONENOTE,
    ),
    // A sparse extent; the descriptor beside it is text.
    (0, b"KDMV", &VMDK),
    (0, b"COWD", &VMDK),
    (0, b"QED\0", &DISK),
    (0, b"WithoutFreeSpace", &DISK),
    (0, b"WithouFreSpacExt", &DISK),
    (64, b"\x7F\x10\xDA\xBE", &DISK),
    // The first block of Microsoft Tape Format: backups of Windows and of SQL Server.
    (0, b"TAPE\0", &BACKUP),
    (0, b"\0\0\x02\0\x04\x04", &LOTUS),
    (0, b"\0\0\x02\0\x06\x04", &LOTUS),
    (0, b"\0\0\x02\0\x01\x10", &LOTUS),
    (0, b"\0\0\x02\0\x20\x51", &LOTUS),
    (0, b"\0\0\x1A\0\0\x10", &LOTUS),
    (0, b"\0\0\x1A\0\x02\x10", &LOTUS),
    (0, b"\0\0\x1A\0\x03\x10", &LOTUS),
    (0, b"\xFFWPC", &WORDPERFECT),
    (0, b"\x31\xBE\0\0\0\xAB", &WRITE),
    (0, b"\x32\xBE\0\0\0\xAB", &WRITE),
    (0, b"AT&TFORM", &DJVU),
    (0, b"ITSF", &EBOOK),
    (60, b"BOOKMOBI", &EBOOK),
    (0, b"$FL2", &STATISTICS),
    (0, b"$FL3", &STATISTICS),
    (0, b"<stata_dta>", &STATISTICS),
    (0, b"RDX2\nX\n", &STATISTICS),
    (0, b"RDX3\nX\n", &STATISTICS),
    (0, b"X\n\0\0\0\x02\0", &STATISTICS),
    (0, b"X\n\0\0\0\x03\0", &STATISTICS),
    (0, b"HEADER RECORD*******LIB", &STATISTICS),
    (0, b"\x89HDF\r\n\x1A\n", &STATISTICS),
    (0, b"MATLAB 5.0 MAT-file", &STATISTICS),
    (
        12,
        b"\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\0\x09\xC7\x31\x8C",
        &STATISTICS,
    ),
    (0, b"\xCF\xAD\x12\xFE", &MAILBOX),
    (0, b"\x1A\0\0\x04\0\0", &MAILBOX),
    (4, b"\xEF\xCD\xAB\x89", &MAILBOX),
    (0, b"\x01\x0F\0\0\x08\0\x01", &SERVER),
    (2, b"EXPORT:V", &SERVER),
    (3, b"EXPORT:V", &SERVER),
    (0, b"ElfFile\0", &EVENTS),
    (0, b"\xD4\xC3\xB2\xA1", &CAPTURE),
    (0, b"\x0A\x0D\x0D\x0A", &CAPTURE),
    (0, b"AC10", &CAD),
    (0, b"bplist00", &PLIST),
    (0, b"\x03\xD9\xA2\x9A", &SEALED),
    (0, b"age-encryption.org/v1", &SEALED),
    (0, b"Salted__", &SEALED),
    (0, b"\xC0\xB9\x07\x2E\x4F\x93\xF1\x46", &SEALED),
    (0, b"LUKS\xBA\xBE", &SEALED),
    (3, b"-FVE-FS-", &SEALED),
];

fn by_first_bytes(head: &[u8]) -> Option<&'static FormatInfo> {
    let stands =
        |at: usize, signature: &[u8]| head.get(at..).is_some_and(|own| own.starts_with(signature));
    let known = SIGNATURES
        .iter()
        .find(|(at, signature, _)| stands(*at, signature));
    if let Some((_, _, info)) = known {
        Some(info)
    } else if is_open_pgp(head) {
        Some(&SEALED)
    } else if is_file_system(head) {
        Some(&DISK)
    } else {
        None
    }
}

/// Whether the first packet is a key for one who may read, or asks for a password: RFC 9580 4.2, 5.1, 5.3.
fn is_open_pgp(head: &[u8]) -> bool {
    let [tag, rest @ ..] = head else {
        return false;
    };
    let (for_key, length_bytes) = match tag {
        0x84 => (true, 1),
        0x85 => (true, 2),
        0xC1 => (true, if rest.first() < Some(&192) { 1 } else { 2 }),
        0x8C | 0xC3 => (false, 1),
        _ => return false,
    };
    let version = rest.get(length_bytes).copied().unwrap_or_default();
    let length = rest.get(..length_bytes).unwrap_or_default();
    if for_key {
        matches!(version, 3 | 6)
            && length.iter().any(|own| *own > 0)
            && length.first() < Some(&0xC6)
    } else {
        matches!(version, 4..=6) && matches!(length, [4..=100])
    }
}

/// Whether a disk begins here: one of parts, of FAT or NTFS, or one of Linux.
fn is_file_system(head: &[u8]) -> bool {
    /// Where the boot sector ends, and where the magic of ext2 and its successors stands.
    const BOOT_END: usize = 510;
    const EXT_MAGIC: usize = 1080;
    let boots = head.get(BOOT_END..BOOT_END + 2) == Some(b"\x55\xAA");
    let empty = head
        .get(..440)
        .is_some_and(|own| own.iter().all(|byte| *byte == 0));
    let jumps = matches!(
        head,
        [0xEB, _, 0x90, ..] | [0xE9 | 0xFA, ..] | [0x33, 0xC0, ..]
    );
    let of_linux = head.get(EXT_MAGIC..EXT_MAGIC + 2) == Some(b"\x53\xEF")
        && head
            .get(..1024)
            .is_some_and(|own| own.iter().all(|byte| *byte == 0));
    (boots && (empty || jumps)) || of_linux
}

/// Content that nothing in its bytes tells is named after its extension: backup programs and virtual
/// machines keep their formats to themselves.
fn by_name(head: &Head<'_>) -> Option<&'static FormatInfo> {
    let known = [
        &BACKUP,
        &VMDK,
        &VHD,
        &DISK,
        &ISO,
        &ACCESS,
        &PUBLISHER,
        &ONENOTE,
        &SEALED,
        &LOTUS,
        &STATISTICS,
        &MAILBOX,
        &SERVER,
        &CAD,
        &EBOOK,
        &VOLUME,
    ];
    let named = known
        .into_iter()
        .find(|info| head.has_extension(info.extensions));
    named.or_else(|| is_volume(head.name).then_some(&VOLUME))
}

/// Whether a name ends as those of the parts of an archive do: `.z02`, `.r17`, `.003`.
fn is_volume(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.as_bytes());
    matches!(ending, Some([b'z' | b'r' | b'0', b'0'..=b'9', b'0'..=b'9']))
}
