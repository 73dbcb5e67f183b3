//! What kinds of content are called that their ids do not tell, in Bokmål, Nynorsk and English.
//!
//! Formats such as `pdf` and `docx` are called by their ids. Machines are told ids: JSON, JSON lines and CSV do not
//! come here.

use crate::model::Lang;

/// A kind by its id, and what it is called in Bokmål, Nynorsk and English.
type Named = (&'static str, [&'static str; 3]);

/// The kinds.
const KINDS: &[Named] = &[
    ("image", ["bilde", "bilete", "picture"]),
    ("audio", ["lydopptak", "lydopptak", "sound recording"]),
    ("video", ["film", "film", "film"]),
    ("executable", ["program", "program", "program"]),
    ("font", ["skrifttype", "skrifttype", "typeface"]),
    ("archive", ["annet arkiv", "anna arkiv", "other archive"]),
    (
        "compressed",
        [
            "annen pakket fil",
            "anna pakka fil",
            "other compressed file",
        ],
    ),
    (
        "database",
        ["annen database", "annan database", "other database"],
    ),
    ("disk-image", ["diskbilde", "diskbilete", "disk image"]),
    (
        "iso",
        [
            "bilde av optisk plate",
            "bilete av optisk plate",
            "image of an optical disc",
        ],
    ),
    (
        "vhd",
        [
            "virtuell disk (Microsoft)",
            "virtuell disk (Microsoft)",
            "virtual disk (Microsoft)",
        ],
    ),
    (
        "vmdk",
        [
            "virtuell disk (VMware)",
            "virtuell disk (VMware)",
            "virtual disk (VMware)",
        ],
    ),
    (
        "backup",
        ["sikkerhetskopi", "tryggingskopi", "backup archive"],
    ),
    (
        "binary",
        [
            "annet binært innhold",
            "anna binært innhald",
            "other binary content",
        ],
    ),
    (
        "cfb",
        [
            "annet sammensatt dokument",
            "anna samansett dokument",
            "other compound file",
        ],
    ),
    ("cab", ["Cabinet-arkiv", "Cabinet-arkiv", "Cabinet archive"]),
    ("lz4", ["LZ4-fil", "LZ4-fil", "LZ4 stream"]),
    (
        "onenote",
        ["OneNote-notater", "OneNote-notat", "OneNote section"],
    ),
    (
        "access",
        ["Access-database", "Access-database", "Access database"],
    ),
    (
        "visio",
        ["Visio-tegning", "Visio-teikning", "Visio drawing"],
    ),
    ("project", ["Project-plan", "Project-plan", "Project plan"]),
    (
        "publisher",
        [
            "Publisher-dokument",
            "Publisher-dokument",
            "Publisher document",
        ],
    ),
    (
        "encrypted",
        [
            "fil fra krypteringsprogram",
            "fil frå krypteringsprogram",
            "file of an encryption program",
        ],
    ),
    (
        "armour",
        [
            "kryptert eller signert tekst",
            "kryptert eller signert tekst",
            "encrypted or signed text",
        ],
    ),
    (
        "lotus",
        [
            "regneark (Lotus, Quattro)",
            "rekneark (Lotus, Quattro)",
            "sheet (Lotus, Quattro)",
        ],
    ),
    (
        "wordperfect",
        [
            "WordPerfect-dokument",
            "WordPerfect-dokument",
            "WordPerfect document",
        ],
    ),
    (
        "write",
        [
            "Windows Write-dokument",
            "Windows Write-dokument",
            "document of Windows Write",
        ],
    ),
    ("djvu", ["DjVu-dokument", "DjVu-dokument", "DjVu document"]),
    (
        "ebook",
        ["elektronisk bok", "elektronisk bok", "electronic book"],
    ),
    (
        "statistics",
        [
            "data fra statistikkprogram",
            "data frå statistikkprogram",
            "data of a statistics program",
        ],
    ),
    (
        "mail-store",
        [
            "postlager fra annet program",
            "postlager frå anna program",
            "mail store of another program",
        ],
    ),
    (
        "server-database",
        [
            "fil fra databasetjener",
            "fil frå databasetenar",
            "file of a database server",
        ],
    ),
    (
        "event-log",
        [
            "hendelseslogg (Windows)",
            "hendingslogg (Windows)",
            "event log (Windows)",
        ],
    ),
    (
        "network-capture",
        [
            "nettverksopptak",
            "nettverksopptak",
            "recorded network traffic",
        ],
    ),
    (
        "cad",
        ["teknisk tegning", "teknisk teikning", "technical drawing"],
    ),
    (
        "plist",
        [
            "egenskapsliste (Apple)",
            "eigenskapsliste (Apple)",
            "property list (Apple)",
        ],
    ),
    (
        "volume",
        [
            "del av arkiv i flere filer",
            "del av arkiv i fleire filer",
            "part of an archive in volumes",
        ],
    ),
    ("text", ["tekst", "tekst", "text"]),
    (
        "fixed-width",
        ["tabell i tekst", "tabell i tekst", "table as text"],
    ),
    (
        "locked-office",
        [
            "låst Office-dokument",
            "låst Office-dokument",
            "locked Office document",
        ],
    ),
];

/// What a kind is called; its id where it has no other name. `None` is content that nothing is known of.
#[must_use]
pub fn format(id: Option<&str>, lang: Lang) -> &str {
    let Some(id) = id else {
        return lang.pick(["ukjent", "ukjend", "unknown"]);
    };
    let known = KINDS.iter().find(|(known, _)| *known == id);
    known.map_or(id, |(_, words)| lang.pick(*words))
}
