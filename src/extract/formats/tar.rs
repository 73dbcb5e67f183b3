//! Tar archives: every file a member. Links and devices are told and not followed.
//!
//! Rows of a database that `pg_dump` wrote as tar get the columns that its table of contents, which comes first,
//! names. Long names are read here and not by the library, which holds them in memory whatever their
//! length. Sparse files are read as they are stored, without their holes.

use std::io::{BufReader, Read};

use file_format::FileFormat;
use flate2::bufread::MultiGzDecoder;
use tar::{Archive, Entry, EntryType};

use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::pg_archive::TablesByFile;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Tar = Tar;

/// Reads tar archives.
pub(crate) struct Tar;

static INFO: FormatInfo = FormatInfo {
    id: "tar",
    title: "tar archive",
    extensions: &["tar"],
    version: 2,
    isolated: false,
    reads: "all files; links and devices are told; rows of pg_dump with table and column",
};

/// A longer name is cut.
const MAX_NAME_BYTES: u64 = 64 * 1024;

impl Format for Tar {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let ustar = head.bytes.get(257..262) == Some(b"ustar");
        if ustar || head.signature == FileFormat::TapeArchive || has_checksum(head.bytes) {
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
        let mut archive = Archive::new(BufReader::new(content));
        let malformed = |at| Problem::new(ProblemKind::Malformed, Stage::Extract).at(at);
        let entries = archive.entries().map_err(|_| malformed(0))?;
        let mut long_name = None;
        let mut tables = TablesByFile::default();
        for (at, entry) in (0..).zip(entries.raw(true)) {
            let mut entry = entry.map_err(|_| malformed(at))?;
            long_name = read_entry(&mut entry, long_name, &mut tables, (budget, sink))?;
        }
        Ok(())
    }
}

/// The checksum of a header without `ustar`: the sum of its bytes, those of the field itself taken
/// as spaces.
fn has_checksum(head: &[u8]) -> bool {
    let (Some(block), Some(field)) = (head.get(..512), head.get(148..156)) else {
        return false;
    };
    let stored = field
        .iter()
        .skip_while(|byte| **byte == b' ')
        .take_while(|byte| matches!(byte, b'0'..=b'7'))
        .fold(0_u64, |sum, digit| sum * 8 + u64::from(digit - b'0'));
    if stored == 0 {
        return false;
    }
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = field.iter().map(|byte| u64::from(*byte)).sum();
    stored == sum - own + 8 * u64::from(b' ')
}

/// Deals with one entry; returns the name for the next one if this was no more than that.
fn read_entry<R: Read>(
    entry: &mut Entry<'_, R>,
    long_name: Option<Vec<u8>>,
    tables: &mut TablesByFile,
    (budget, sink): (&Budget, &mut dyn Sink),
) -> Result<Option<Vec<u8>>, Problem> {
    let kind = entry.header().entry_type();
    if kind.is_gnu_longname() {
        let mut name = bounded(entry);
        name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
        return Ok(Some(name));
    }
    if kind.is_pax_local_extensions() {
        let path = pax_path(&bounded(entry)).or(long_name);
        return Ok(path);
    }
    if kind.is_pax_global_extensions() || kind.is_gnu_longlink() {
        return Ok(long_name);
    }
    let name = long_name.unwrap_or_else(|| entry.header().path_bytes().into_owned());
    let unread = |kind| Problem::new(kind, Stage::Extract);
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "kinds that are not known hold a file"
    )]
    match kind {
        EntryType::Directory => budget.enter_member()?,
        EntryType::Symlink | EntryType::Link => sink.unread_member(&name, unread(ProblemKind::Link)),
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            sink.unread_member(&name, unread(ProblemKind::SpecialFile));
        }
        // Old archives mark a folder by its name alone.
        _ if name.ends_with(b"/") => budget.enter_member()?,
        _ => read_file(&name, entry, tables, (budget, sink))?,
    }
    budget.check()?;
    Ok(None)
}

/// Hands out a file, the rows of a table behind the statement that names its columns.
fn read_file<R: Read>(
    name: &[u8],
    entry: &mut Entry<'_, R>,
    tables: &mut TablesByFile,
    (budget, sink): (&Budget, &mut dyn Sink),
) -> Result<(), Problem> {
    if let Some(folder) = name.strip_suffix(b"toc.dat") {
        let mut contents = Vec::new();
        // What cannot be read of it is told below, where the entry goes on.
        let _ = std::io::copy(&mut entry.take(TablesByFile::MAX_BYTES), &mut contents);
        tables.learn(folder, &contents, budget);
        return sink.member(name, &mut contents.chain(entry));
    }
    let stem = name.strip_suffix(b".gz").unwrap_or(name);
    let head = tables.head(stem);
    if head.is_empty() || stem.len() == name.len() {
        sink.member(name, &mut head.chain(entry))
    } else {
        let unpacked = MultiGzDecoder::new(BufReader::new(entry));
        sink.member(stem, &mut head.chain(unpacked))
    }
}

fn bounded(reader: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What cannot be read leaves a shorter name, and the next entry tells of the damage.
    let _ = std::io::copy(&mut reader.take(MAX_NAME_BYTES), &mut bytes);
    bytes
}

/// The value of `path` among records of the form `LENGTH KEY=VALUE\n`.
fn pax_path(records: &[u8]) -> Option<Vec<u8>> {
    records.split(|byte| *byte == b'\n').find_map(|record| {
        let space = record.iter().position(|byte| *byte == b' ')?;
        let value = record.get(space + 1..)?.strip_prefix(b"path=")?;
        Some(value.to_vec())
    })
}

#[cfg(test)]
mod tests {
    use tar::{Builder, EntryType, Header};

    use super::super::super::recorder::read;

    fn tar_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for (name, bytes) in entries {
            let mut header = Header::new_gnu();
            header.set_size(bytes.len() as u64);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, "peker", "/etc/passwd").unwrap();
        builder.into_inner().unwrap()
    }

    #[test]
    fn files_are_members_and_links_are_told() {
        let long = format!("{}/æ.txt", "mappe".repeat(40));
        let bytes = tar_of(&[("a.txt", b"hei du"), (&long, "Åse".as_bytes())]);
        let seen = read("a.tar", &bytes);
        assert_eq!(seen[0].format, Some("tar"));
        assert_eq!((seen[1].path.as_str(), seen[1].text.as_str()), ("a.tar!/a.txt", "hei du"));
        assert_eq!(seen[2].path, format!("a.tar!/{long}"));
        assert_eq!(seen[2].text, "Åse");
        assert_eq!(seen[3].ending(), "skipped link");
        assert_eq!(seen[0].ending(), "scanned");
    }

    #[test]
    fn rows_of_a_dump_have_their_columns() {
        let contents = super::super::pg_archive::tests::contents("3342.dat");
        let rows = b"1\t15814599999\n2\t\\N\n\\.\n\n\n";
        let packed = super::super::gz::tests::packed(rows);
        let bytes = tar_of(&[
            ("toc.dat", &contents),
            ("3342.dat", rows),
            ("3343.dat", rows),
            ("mappe/toc.dat", &contents),
            ("mappe/3342.dat.gz", &packed),
        ]);
        let seen = read("dump.tar", &bytes);
        let paths: Vec<&str> = seen.iter().map(|own| own.path.as_str()).collect();
        let names = ["toc.dat", "3342.dat", "3343.dat", "mappe/toc.dat", "mappe/3342.dat", "peker"];
        assert_eq!(paths[1..], names.map(|name| format!("dump.tar!/{name}")));
        assert_eq!((seen[1].format, seen[4].format), (Some("pg-archive"), Some("pg-archive")));
        for at in [2, 5] {
            assert_eq!((seen[at].format, seen[at].cell("hr.søker.fnr", 1)), (Some("sql"), Some("15814599999")));
        }
        assert_eq!(seen[3].cell("hr.søker.fnr", 1), None);
        let torn = tar_of(&[("toc.dat", &contents[..60]), ("3342.dat", rows)]);
        assert!(read("dump.tar", &torn)[2].text.contains("15814599999"));
    }

    #[test]
    fn a_cut_archive_yields_what_is_left() {
        let bytes = tar_of(&[("a.txt", b"hei du"), ("b.txt", &b"mer tekst ".repeat(200))]);
        let seen = read("a.tar", &bytes[..2000]);
        assert_eq!(seen[1].ending(), "scanned");
        assert!(seen[2].text.starts_with("mer tekst"));
        assert!(seen[0].ending().starts_with("partial"));
    }

    #[test]
    fn a_packed_archive_is_one_in_the_other() {
        use std::io::Write;
        let mut encoder =
            flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&tar_of(&[("a.txt", b"hei du")])).unwrap();
        let seen = read("a.tgz", &encoder.finish().unwrap());
        assert_eq!(seen[2].path, "a.tgz!/a.tar!/a.txt");
    }
}
