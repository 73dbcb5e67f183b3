//! Archives of `pg_dump` in a format of its own (`-Fc`), and the tables of contents of its folders and tar
//! files: the rows of each table as a member, which is read as a dump that `COPY` or `INSERT` stands in.
//!
//! Only `src/bin/pg_dump/pg_backup_archiver.c` and `pg_backup_custom.c` of PostgreSQL describe the format;
//! versions 1.12 to 1.16 are written by PostgreSQL 9.0 to 18.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::ZlibDecoder;

use super::super::compound::malformed;
use super::super::decode::decode_all;
use super::super::flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::zst::frames;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: PgArchive = PgArchive;

/// Reads them.
pub(crate) struct PgArchive;

static INFO: FormatInfo = FormatInfo {
    id: "pg-archive",
    title: "archive of pg_dump",
    extensions: &["dump", "backup", "pgdump"],
    version: 1,
    isolated: false,
    reads: "definitions as text; rows with table and column, each table a member; large objects are members; \
        not what is packed by LZ4",
};

const SIGNATURE: &[u8] = b"PGDMP";
/// The versions that are known.
const VERSIONS: std::ops::RangeInclusive<(u8, u8)> = (1, 12)..=(1, 16);
/// The version from which the way of packing is named, and from which the kind of relation is.
const NAMES_PACKING: (u8, u8) = (1, 15);
const NAMES_KIND: (u8, u8) = (1, 16);
/// The version from which the way a table is stored is named.
const NAMES_ACCESS: (u8, u8) = (1, 14);
/// The number of the format that holds its data itself.
const CUSTOM: u8 = 1;
/// What begins rows of a table, and large objects.
const ROWS: u8 = 1;
const LARGE_OBJECTS: u8 = 3;
/// No definition is longer.
const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;
/// Definitions after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;

impl Format for PgArchive {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let version = head.bytes.get(5..7);
        if head.bytes.starts_with(SIGNATURE) && version.is_some_and(|own| own[0] == 1 && own[1] < 32) {
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
        let mut archive = Archive::open(BufReader::with_capacity(64 * 1024, content))?;
        let tables = archive.entries(budget, sink)?;
        if archive.format == CUSTOM {
            archive.blocks(&tables, budget, sink)?;
        }
        Ok(())
    }
}

fn unsupported() -> Problem {
    Problem::new(ProblemKind::Unsupported, Stage::Extract)
}

/// How data is packed.
#[derive(Clone, Copy)]
enum Packing {
    None,
    Zlib,
    Lz4,
    Zstd,
}

/// A table whose rows come in a block, or stand in a file of their own.
#[derive(Default)]
struct Table {
    name: String,
    /// The `COPY` that its rows belong to; empty where they are statements.
    head: Vec<u8>,
    /// The file that holds them, beside the table of contents of a folder or a tar file.
    file: String,
}

/// The tables that a table of contents tells of, by the names of the files that hold their rows.
#[derive(Default)]
pub(super) struct TablesByFile(HashMap<String, Vec<u8>>);

impl TablesByFile {
    /// No table of contents is longer.
    pub(super) const MAX_BYTES: u64 = 64 * 1024 * 1024;

    /// What a table of contents in `folder` (with its slash) tells; nothing where it is none.
    pub(super) fn learn(&mut self, folder: &[u8], contents: &[u8], budget: &Budget) {
        let Ok(mut archive) = Archive::open(contents) else {
            return;
        };
        let mut definitions = String::new();
        for _ in 0..archive.number().unwrap_or_default() {
            let (Ok(()), Ok((_, table))) = (budget.check(), archive.entry(&mut definitions)) else {
                return;
            };
            definitions.clear();
            if let Some(table) = table.filter(|table| !table.file.is_empty()) {
                self.0.insert(decode_all(folder) + &table.file, table.head);
            }
        }
    }

    /// The `COPY` that the rows in this file belong to; nothing where it holds none.
    pub(super) fn head(&self, file: &[u8]) -> &[u8] {
        if self.0.is_empty() {
            return &[];
        }
        self.0.get(&decode_all(file)).map(Vec::as_slice).unwrap_or_default()
    }
}

struct Archive<R> {
    source: R,
    version: (u8, u8),
    /// Bytes of a number, without its sign.
    number_bytes: u8,
    /// Bytes of a place in the file.
    place_bytes: u8,
    format: u8,
    packing: Packing,
}

impl<R: BufRead> Archive<R> {
    /// Reads what stands before the entries.
    fn open(mut source: R) -> Result<Self, Problem> {
        let mut head = [0; 11];
        source.read_exact(&mut head).map_err(|_| malformed())?;
        let [_, _, _, _, _, major, minor, _, number_bytes, place_bytes, format] = head;
        let version = (major, minor);
        if !VERSIONS.contains(&version) || !(1..=8).contains(&number_bytes) || place_bytes > 8 {
            return Err(unsupported());
        }
        let packing = Packing::None;
        let mut archive = Self { source, version, number_bytes, place_bytes, format, packing };
        let way = if version >= NAMES_PACKING {
            i64::from(archive.byte()?)
        } else {
            i64::from(archive.number()? != 0)
        };
        archive.packing = match way {
            0 => Packing::None,
            1 => Packing::Zlib,
            2 => Packing::Lz4,
            3 => Packing::Zstd,
            _ => return Err(unsupported()),
        };
        // The day and hour it was made, in seven numbers.
        for _ in 0..7 {
            archive.number()?;
        }
        // The database's name, and the versions of the server and the program.
        for _ in 0..3 {
            archive.text()?;
        }
        Ok(archive)
    }

    /// Tells the definitions, and returns the tables by the numbers of their blocks.
    fn entries(&mut self, budget: &Budget, sink: &mut dyn Sink) -> Result<HashMap<i64, Table>, Problem> {
        let mut tables = HashMap::new();
        let mut definitions = String::new();
        for _ in 0..self.number()? {
            budget.check()?;
            let (number, table) = self.entry(&mut definitions)?;
            tables.extend(table.map(|own| (number, own)));
            if definitions.len() > PIECE_BYTES {
                flow::part("definitions", &definitions, sink);
                definitions.clear();
            }
        }
        flow::part("definitions", &definitions, sink);
        Ok(tables)
    }

    /// One entry: its number, and the table if it holds rows.
    fn entry(&mut self, definitions: &mut String) -> Result<(i64, Option<Table>), Problem> {
        let number = self.number()?;
        self.number()?;
        // Two numbers of the catalogue, as text.
        self.text()?;
        self.text()?;
        let (tag, kind) = (self.text()?, self.text()?);
        self.number()?;
        let definition = self.text()?;
        // How it is dropped.
        self.text()?;
        let head = self.bytes()?.unwrap_or_default();
        let schema = self.text()?;
        // The table space, the way it is stored, the kind of relation, the owner, and whether it has numbers.
        self.text()?;
        if self.version >= NAMES_ACCESS {
            self.text()?;
        }
        if self.version >= NAMES_KIND {
            self.number()?;
        }
        self.text()?;
        self.text()?;
        while self.bytes()?.is_some() {}
        let mut file = String::new();
        if self.format == CUSTOM {
            self.byte()?;
            for _ in 0..self.place_bytes {
                self.byte()?;
            }
        } else {
            file = self.text()?;
        }
        definitions.push_str(&definition);
        let name = if schema.is_empty() { tag } else { format!("{schema}.{tag}") };
        Ok((number, (kind == "TABLE DATA").then_some(Table { name, head, file })))
    }

    /// Hands out the rows of each table.
    fn blocks(
        &mut self,
        tables: &HashMap<i64, Table>,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let mut told = 0;
        while !self.source.fill_buf().map_err(|_| malformed())?.is_empty() {
            budget.check()?;
            let (kind, number) = (self.byte()?, self.number()?);
            match kind {
                ROWS => {
                    let unknown = Table { name: number.to_string(), ..Table::default() };
                    self.rows(tables.get(&number).unwrap_or(&unknown), sink)?;
                    told += 1;
                }
                LARGE_OBJECTS => self.large_objects(sink)?,
                _ => return Err(malformed()),
            }
        }
        if told < tables.len() {
            sink.incomplete(malformed());
        }
        Ok(())
    }

    fn rows(&mut self, table: &Table, sink: &mut dyn Sink) -> Result<(), Problem> {
        let (name, packing) = (format!("{}.sql", table.name), self.packing);
        let head = table.head.as_slice();
        let mut chunks = BufReader::new(Chunks { archive: self, left: 0, ended: false });
        match packing {
            Packing::None => sink.member(name.as_bytes(), &mut head.chain(&mut chunks))?,
            Packing::Zlib => {
                let unpacked = ZlibDecoder::new(&mut chunks);
                sink.member(name.as_bytes(), &mut head.chain(unpacked))?;
            }
            Packing::Zstd => {
                let unpacked = frames(&mut chunks);
                sink.member(name.as_bytes(), &mut head.chain(unpacked))?;
            }
            Packing::Lz4 => sink.unread_member(name.as_bytes(), unsupported()),
        }
        io::copy(&mut chunks, &mut io::sink()).map_err(|_| malformed())?;
        Ok(())
    }

    /// Hands out large objects, each with its number; they are files of all kinds.
    fn large_objects(&mut self, sink: &mut dyn Sink) -> Result<(), Problem> {
        loop {
            let number = self.number()?;
            if number == 0 {
                return Ok(());
            }
            let (name, packing) = (format!("large-object-{number}"), self.packing);
            let mut chunks = BufReader::new(Chunks { archive: self, left: 0, ended: false });
            match packing {
                Packing::None => sink.member(name.as_bytes(), &mut chunks)?,
                Packing::Zlib => sink.member(name.as_bytes(), &mut ZlibDecoder::new(&mut chunks))?,
                Packing::Zstd => sink.member(name.as_bytes(), &mut frames(&mut chunks))?,
                Packing::Lz4 => sink.unread_member(name.as_bytes(), unsupported()),
            }
            io::copy(&mut chunks, &mut io::sink()).map_err(|_| malformed())?;
        }
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        let mut byte = [0];
        self.source.read_exact(&mut byte).map_err(|_| malformed())?;
        Ok(byte[0])
    }

    /// A number: its sign, and its bytes from the lowest on.
    fn number(&mut self) -> Result<i64, Problem> {
        let negative = self.byte()? != 0;
        let mut value = 0_i64;
        for at in 0..self.number_bytes {
            value |= i64::from(self.byte()?) << (8 * u32::from(at));
        }
        Ok(if negative { value.wrapping_neg() } else { value })
    }

    fn text(&mut self) -> Result<String, Problem> {
        Ok(decode_all(&self.bytes()?.unwrap_or_default()))
    }

    /// The bytes of a text; `None` where there is none.
    fn bytes(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let Ok(length) = u64::try_from(self.number()?) else {
            return Ok(None);
        };
        if length > MAX_TEXT_BYTES {
            return Err(malformed());
        }
        let mut bytes = Vec::new();
        let mut text = (&mut self.source).take(length);
        io::copy(&mut text, &mut bytes).map_err(|_| malformed())?;
        if bytes.len() as u64 != length {
            return Err(malformed());
        }
        Ok(Some(bytes))
    }
}

/// The bytes of a block, which come in chunks with their lengths up to one without length.
struct Chunks<'a, R> {
    archive: &'a mut Archive<R>,
    left: u64,
    ended: bool,
}

impl<R: BufRead> Read for Chunks<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.ended {
            let length = self.archive.number().ok().and_then(|own| u64::try_from(own).ok());
            self.left = length.ok_or(io::ErrorKind::InvalidData)?;
            self.ended = self.left == 0;
        }
        let read = (&mut self.archive.source).take(self.left).read(buffer)?;
        if read == 0 && !self.ended && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::super::recorder::read;
    use super::*;

    fn number(value: i32) -> Vec<u8> {
        [&[u8::from(value < 0)], value.abs().to_le_bytes().as_slice()].concat()
    }

    fn text(text: &str) -> Vec<u8> {
        [number(i32::try_from(text.len()).unwrap()), text.as_bytes().to_vec()].concat()
    }

    /// The table of contents of a tar file with one table, whose rows stand in `file`.
    pub(in super::super) fn contents(file: &str) -> Vec<u8> {
        const TAR: u8 = 3;
        head(14, 0, TAR, &text(file))
    }

    /// What stands before the rows: one table, with `place` where its rows are.
    fn head(version: u8, way: u8, format: u8, place: &[u8]) -> Vec<u8> {
        let mut out = [SIGNATURE, &[1, version, 0, 4, 8, format]].concat();
        out.extend(if version >= 15 { vec![way] } else { number(i32::from(way)) });
        out.extend([1; 7].map(number).concat());
        out.extend(["hr", "15.1", "15.1"].map(text).concat());
        out.extend(number(1));
        out.extend([number(7), number(1), text("0"), text("0"), text("søker"), text("TABLE DATA"), number(3)].concat());
        out.extend([text("-- laget av Åse\n"), text(""), text("COPY hr.\"søker\" (id, fnr) FROM stdin;\n"), text("hr")].concat());
        out.extend(text(""));
        out.extend(if version >= 14 { text("") } else { Vec::new() });
        out.extend(if version >= 16 { number(1) } else { Vec::new() });
        out.extend([text("eier"), text("false"), text("3"), number(-1), place.to_vec()].concat());
        out
    }

    /// An archive of this version with one table, its rows packed or not.
    fn archive(version: u8, way: u8, rows: &[u8]) -> Vec<u8> {
        let mut out = head(version, way, CUSTOM, &[2; 9]);
        out.extend([vec![ROWS], number(7)].concat());
        for chunk in rows.chunks(9) {
            out.extend([number(i32::try_from(chunk.len()).unwrap()), chunk.to_vec()].concat());
        }
        out.extend([number(0), vec![LARGE_OBJECTS], number(8), number(9), number(1), vec![b'x']].concat());
        out.extend([number(0), number(0)].concat());
        out
    }

    const ROWS_OF_COPY: &[u8] = b"1\t15814599999\n2\t\\N\n\\.\n\n\n";

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut reader = flate2::read::ZlibEncoder::new(bytes, flate2::Compression::default());
        io::copy(&mut reader, &mut packed).unwrap();
        packed
    }

    #[test]
    fn rows_of_each_version_and_packing_carry_table_and_column() {
        let packed = [(0, ROWS_OF_COPY.to_vec()), (1, zlib(ROWS_OF_COPY)), (3, super::super::zst::tests::packed(ROWS_OF_COPY))];
        for version in 12..=16 {
            for (way, rows) in &packed {
                if *way > 1 && version < 15 {
                    continue;
                }
                let seen = read("a.dump", &archive(version, *way, rows));
                assert_eq!((seen[0].format, seen[0].text.as_str()), (Some("pg-archive"), "-- laget av Åse\n"));
                assert_eq!((seen[1].path.as_str(), seen[1].format), ("a.dump!/hr.søker.sql", Some("sql")), "{version} {way}");
                assert_eq!(seen[1].cell("hr.søker.fnr", 1), Some("15814599999"));
                assert_eq!((seen[2].path.as_str(), seen.len()), ("a.dump!/large-object-9", 3));
            }
        }
        assert_eq!(read("a.dump", &archive(15, 2, b"x"))[1].ending(), "skipped unsupported");
        assert_eq!(read("a.dump", &archive(31, 0, b""))[0].ending(), "skipped unsupported");
    }

    #[test]
    fn every_cut_is_told_and_ends_without_a_panic() {
        /// What stands behind the rows.
        const LARGE_OBJECT: usize = 27;
        let whole = archive(14, 1, &zlib(ROWS_OF_COPY));
        for length in 12..whole.len() {
            let seen = read("a.dump", &whole[..length]);
            let told = seen.iter().any(|own| own.ending() != "scanned");
            // Before large objects, an archive may end.
            let ends = length == whole.len() - LARGE_OBJECT;
            assert!(told != ends && seen.iter().all(|own| !own.ending().contains("panic")), "{length}");
        }
    }
}
