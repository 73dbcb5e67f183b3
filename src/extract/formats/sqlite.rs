//! SQLite databases: the rows of all tables, views and indexes left out.
//!
//! The file is read into memory and opened there, so that nothing is written beside it and no lock
//! is taken. SQLite is a C library over bytes of unknown origin, so it runs in a child process.
//! What still lies in a write-ahead log of its own is not seen.

use std::io::{Cursor, Read};
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, MAIN_DB, Row};

use super::super::cells::{Cells, MAX_CELL_BYTES};
use super::super::charset::looks_like_text;
use super::super::decode::{decode_all, wide_text};
use super::super::flow::Flow;
use super::super::written_file::{Files, kind_of};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Sqlite = Sqlite;

/// Reads them.
pub(crate) struct Sqlite;

static INFO: FormatInfo = FormatInfo {
    id: "sqlite",
    title: "SQLite database",
    extensions: &["sqlite", "sqlite3", "db", "db3"],
    version: 3,
    isolated: true,
    reads: "all rows of all tables: text, numbers, and binary values that are text; those that are \
        files are members; not a write-ahead log beside the file",
};

/// First bytes, section 1.3 of the file format.
const SIGNATURE: &[u8] = b"SQLite format 3\0";
/// Length of the file's header.
const HEADER_BYTES: usize = 100;
/// Bytes of the header that say how the file is written; 2 asks for a write-ahead log, which a
/// database in memory cannot have.
const WRITTEN_HOW: std::ops::Range<usize> = 18..20;
/// The largest value that is read.
const MAX_VALUE_BYTES: i32 = 64 * 1024 * 1024;
/// Steps of SQLite between looks at the clock.
const STEPS: i32 = 100_000;

impl Format for Sqlite {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.bytes.starts_with(SIGNATURE) {
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
        let connection = open(content, budget)?;
        let tables = tables(&connection).map_err(|error| problem(&error))?;
        let mut reading = Reading {
            budget,
            cells: Cells::new(),
            flow: Flow::new(),
            files: Files::default(),
        };
        for (at, table) in (0..).zip(&tables) {
            let Some(table) = table else {
                sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract).at(at));
                continue;
            };
            match reading.table(&connection, table, sink) {
                Ok(()) => {}
                Err(Stopped::Limit(problem)) => return Err(problem),
                Err(Stopped::Sqlite(error)) => {
                    reading.cells.flush(&mut reading.flow, sink);
                    sink.incomplete(problem(&error).at(at));
                    budget.check()?;
                }
            }
        }
        Ok(())
    }
}

/// The content as a database in memory that cannot be written to and trusts nothing in its schema.
fn open(content: &mut Content, budget: &Budget) -> Result<Connection, Problem> {
    if content.len() > budget.limits().max_held_bytes {
        return Err(Problem::new(ProblemKind::LimitMemory, Stage::Read).at(content.len()));
    }
    let mut head = content.head(HEADER_BYTES as u64)?;
    let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
    let len = usize::try_from(content.len()).map_err(|_| malformed)?;
    head.get_mut(WRITTEN_HOW).ok_or(malformed)?.fill(1);
    std::io::copy(
        &mut (&mut *content).take(head.len() as u64),
        &mut std::io::sink(),
    )
    .map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))?;
    let bytes = Cursor::new(head).chain(content);
    let deadline = Instant::now() + budget.time_left();
    let opened = || -> rusqlite::Result<Connection> {
        let mut connection = Connection::open_in_memory()?;
        connection.deserialize_read_exact(MAIN_DB, bytes, len, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
        connection.progress_handler(STEPS, Some(move || Instant::now() > deadline))?;
        Ok(connection)
    };
    opened().map_err(|error| problem(&error))
}

/// Names of the tables that hold rows of their own; none where one cannot be asked for, because it is no UTF-8.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<Option<String>>> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
    )?;
    let name = |row: &Row<'_>| Ok(row.get_ref(0)?.as_str().map(str::to_owned).ok());
    statement.query_map([], name)?.collect()
}

/// Names of a table's columns, but of those that a virtual table hides. The library's own names panic where
/// they are no UTF-8.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        connection.prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid")?;
    let mut rows = statement.query([table])?;
    let mut names = Vec::new();
    while let Some(row) = rows.next()? {
        names.push(text(row.get_ref(0)?));
    }
    Ok(names)
}

/// A name, in whatever encoding.
fn text(name: ValueRef<'_>) -> String {
    name.as_bytes().map(decode_all).unwrap_or_default()
}

/// What ended the reading of a table.
enum Stopped {
    Sqlite(rusqlite::Error),
    Limit(Problem),
}

impl From<rusqlite::Error> for Stopped {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

struct Reading<'b> {
    budget: &'b Budget,
    cells: Cells,
    flow: Flow,
    files: Files,
}

impl Reading<'_> {
    fn table(
        &mut self,
        connection: &Connection,
        table: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let quoted = table.replace('"', "\"\"");
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{quoted}\""))?;
        let mut names = columns(connection, table)?;
        names.resize(statement.column_count(), String::new());
        let names: Vec<_> = names.iter().map(|column| format!("{table}.{column}")).collect();
        let mut rows = statement.query([])?;
        let mut number = 0;
        while let Some(row) = rows.next()? {
            number += 1;
            self.row(row, number, &names, sink)?;
            if self.cells.is_full() {
                self.cells.flush(&mut self.flow, sink);
            }
        }
        self.cells.flush(&mut self.flow, sink);
        Ok(())
    }

    fn row(
        &mut self,
        row: &Row<'_>,
        number: u64,
        names: &[String],
        sink: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        // Pages that several branches share can hold more rows than the file has bytes.
        let mut bytes = 1;
        for (at, name) in names.iter().enumerate() {
            let value = row.get_ref(at)?;
            if let ValueRef::Blob(file) = value
                && kind_of(file).is_some()
            {
                bytes += file.len() as u64;
                self.cells.flush(&mut self.flow, sink);
                self.files.tell(name, number, file, sink).map_err(Stopped::Limit)?;
                continue;
            }
            let Some((text, numeric)) = written(value) else {
                continue;
            };
            bytes += text.len() as u64;
            if text.len() > MAX_CELL_BYTES {
                self.cells.flush(&mut self.flow, sink);
                self.flow.piece(&text, sink);
                self.flow.skip("");
            } else {
                let field = self.cells.field(name, numeric);
                self.cells.add(field, number, &text);
            }
        }
        self.budget.charge(bytes).map_err(Stopped::Limit)
    }
}

/// How a value is written, and whether it is stored as a number; `None` where there is nothing to
/// read.
fn written(value: ValueRef<'_>) -> Option<(String, bool)> {
    let (text, numeric) = match value {
        ValueRef::Integer(number) => (number.to_string(), true),
        // `Display` of a float never uses an exponent.
        ValueRef::Real(number) => (number.to_string(), true),
        ValueRef::Text(bytes) => (decode_all(bytes), false),
        ValueRef::Blob(bytes) => match wide_text(bytes) {
            Some(text) => (text, false),
            None if looks_like_text(bytes) => (decode_all(bytes), false),
            None => return None,
        },
        ValueRef::Null => return None,
    };
    (!text.is_empty()).then_some((text, numeric))
}

/// What an error of SQLite means for the object; its message can quote the schema and is dropped.
fn problem(error: &rusqlite::Error) -> Problem {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => ProblemKind::Timeout,
        Some(ErrorCode::OutOfMemory | ErrorCode::TooBig) => ProblemKind::LimitMemory,
        _ => ProblemKind::Malformed,
    };
    Problem::new(kind, Stage::Extract)
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, MAIN_DB};

    use super::super::super::recorder::{read, read_one, read_within};
    use crate::model::Limits;

    fn database(sql: &str) -> Vec<u8> {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(sql).unwrap();
        connection.serialize(MAIN_DB).unwrap().to_vec()
    }

    #[test]
    fn names_that_are_no_utf_8_cost_next_to_nothing() {
        let whole = database(
            "CREATE TABLE lag (id INTEGER, fnrXnavn TEXT); INSERT INTO lag VALUES (1, 'Kari');
             CREATE TABLE manXd (id INTEGER); INSERT INTO manXd VALUES (2);
             CREATE TABLE sist (id INTEGER, dobbel INTEGER AS (id * 2)); INSERT INTO sist (id) VALUES (7);",
        );
        let replaced = |from: &[u8], to: &[u8], bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let places: Vec<usize> = memchr::memmem::find_iter(&bytes, from).collect();
            for at in places {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
            bytes
        };
        let seen = read_one("a.db", &replaced(b"fnrXnavn", b"fnr\xE5navn", &whole));
        assert_eq!((seen.ending().as_str(), seen.cell("lag.fnrånavn", 1)), ("scanned", Some("Kari")));
        assert_eq!((seen.cell("sist.id", 1), seen.cell("sist.dobbel", 1)), (Some("7"), Some("14")));
        let seen = read_one("a.db", &replaced(b"manXd", b"man\xE5d", &whole));
        assert_eq!((seen.ending().as_str(), seen.cell("sist.id", 1)), ("partial malformed", Some("7")));
        assert_eq!(seen.cell("lag.fnrXnavn", 1), Some("Kari"));
    }

    const PEOPLE: &str = "CREATE TABLE \"sø\"\"ker\" (navn TEXT, fnr INTEGER, notat BLOB);
        INSERT INTO \"sø\"\"ker\" VALUES ('Åse', 15814599999, x'4865692064752c20506572'),
            ('Per', NULL, x'0001020304FF');
        CREATE TABLE lag (id INTEGER PRIMARY KEY, sum REAL);
        INSERT INTO lag VALUES (7, 1.5);
        CREATE VIEW alle AS SELECT navn FROM \"sø\"\"ker\";";

    #[test]
    fn rows_of_all_tables_are_cells() {
        let seen = read_one("a.db", &database(PEOPLE));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("sqlite"), "scanned"));
        assert_eq!(seen.cell("sø\"ker.navn", 1), Some("Åse"));
        assert_eq!(seen.cell("sø\"ker.fnr", 1), Some("15814599999"));
        assert_eq!(seen.cell("sø\"ker.notat", 1), Some("Hei du, Per"));
        assert_eq!(seen.cell("sø\"ker.notat", 2), None);
        assert_eq!(seen.cell("lag.id", 1), Some("7"));
        assert_eq!(seen.cell("lag.sum", 1), Some("1.5"));
        assert_eq!(seen.cells.len(), 6);
    }

    #[test]
    fn files_and_wide_text_among_binary_values_are_read() {
        let sql = "CREATE TABLE v (id, fil BLOB); INSERT INTO v VALUES (1, x'255044462D312E340A'),
            (2, x'4B00E50072006900200050006500'), (3, x'7B5C72746631204B6172697D');";
        let seen = read("a.db", &database(sql));
        assert_eq!((seen[1].path.as_str(), seen[1].format), ("a.db!/v.fil-1.pdf", Some("pdf")));
        assert_eq!(seen[0].cell("v.fil", 2), Some("Kåri Pe"));
        assert_eq!((seen[2].path.as_str(), seen[2].text.as_str()), ("a.db!/v.fil-3.rtf", "Kari"));
        assert_eq!((seen.len(), seen[0].cell("v.id", 3)), (3, Some("3")));
    }

    #[test]
    fn an_empty_one_and_one_that_wants_a_log_are_read() {
        let empty = read_one("a.db", &database("CREATE TABLE a (b);"));
        assert_eq!((empty.ending().as_str(), empty.pieces), ("scanned", 0));
        let mut bytes = database(PEOPLE);
        bytes[18] = 2;
        bytes[19] = 2;
        assert_eq!(read_one("a.db", &bytes).cell("lag.id", 1), Some("7"));
    }

    #[test]
    fn long_values_are_running_text() {
        let seen = read_one(
            "a.db",
            &database("CREATE TABLE a (b); INSERT INTO a VALUES (replace(hex(zeroblob(70000)), '0', 'Å')), ('Per');"),
        );
        assert!(seen.text.starts_with("ÅÅ") && seen.text.len() > 200_000);
        assert_eq!(seen.cell("a.b", 2), Some("Per"));
    }

    #[test]
    fn damage_is_told_and_ends_nothing_else() {
        let bytes = database(PEOPLE);
        for length in [16, 99, 100, 1000, 4096] {
            let ending = read_one("a.db", &bytes[..length]).ending();
            assert_eq!(ending, "failed malformed", "{length}");
        }
        let second_page = 4096;
        let mut damaged = bytes;
        damaged[second_page..second_page + 8].fill(0xFF);
        let seen = read_one("a.db", &damaged);
        assert_eq!(seen.ending(), "partial malformed");
        assert_eq!(seen.cell("lag.id", 1), Some("7"));
    }

    #[test]
    fn rows_and_size_are_bounded() {
        let many = "CREATE TABLE a (b, c AS (replace(hex(zeroblob(20000)), '0', 'x')));
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO a (b) SELECT i FROM n;";
        let seen = read_one("a.db", &database(many));
        assert_eq!(seen.ending(), "partial limit-bytes");
        let limits = Limits { max_held_bytes: 4096, ..Limits::default() };
        let seen = read_within(limits, "a.db", &database(PEOPLE));
        assert_eq!(seen[0].ending(), "failed limit-memory");
    }
}
