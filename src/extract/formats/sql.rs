//! SQL dumps: the rows of `INSERT` and of PostgreSQL's `COPY` as cells named `table.column`; all
//! other statements as running text, so that nothing is lost.

use std::io::BufRead;

use super::super::cells::Cells;
use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::written_file::Files;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::sql_statement::{self, Target};
use super::sql_tables::Tables;
use super::sql_value;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Sql = Sql;

/// Reads SQL dumps.
pub(crate) struct Sql;

static INFO: FormatInfo = FormatInfo {
    id: "sql",
    title: "SQL dump",
    extensions: &["sql", "dump", "pgsql", "mysql"],
    version: 3,
    isolated: false,
    reads: "values of INSERT and COPY with table and column, bytes in hexadecimal digits where they are text, as members where they are files; all other statements as text",
};

/// A statement or row that is longer than this is read as running text.
const MAX_STATEMENT_BYTES: usize = 16 * 1024 * 1024;

impl Format for Sql {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        // In UTF-16, as scripts of SQL Server are saved, every other byte is 0.
        let narrow: Vec<u8>;
        let bytes = if head.bytes.starts_with(b"\xFF\xFE") || head.bytes.starts_with(b"\xFE\xFF") {
            narrow = head.bytes.iter().skip(2).copied().filter(|byte| *byte != 0).collect();
            &narrow
        } else {
            head.bytes
        };
        if sql_statement::looks_like_dump(bytes) && head.is_text {
            Match::Likely
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
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
        let mut reader = Utf8Reader::new(content).map_err(io_problem)?;
        let first = reader.fill_text().map_err(io_problem)?;
        let mut dump = Dump::new(sql_statement::has_backslash_escapes(first), sink);
        loop {
            budget.check()?;
            let block = reader.fill_text().map_err(io_problem)?;
            let length = block.len();
            dump.buffer.push_str(block);
            dump.take(length == 0);
            dump.hand_out_files()?;
            if length == 0 {
                break;
            }
            reader.consume(length);
        }
        dump.cells.flush(&mut dump.flow, dump.sink);
        if reader.is_lossy() {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        Ok(())
    }
}

/// What the text at the front of the buffer is part of.
enum Place {
    /// Between lines, or statements.
    Line,
    /// Among the tuples of an `INSERT`.
    Tuples(Target),
    /// Among the rows of a `COPY`.
    CopyRows(Target),
}

/// A dump on its way to the sink.
struct Dump<'s> {
    sink: &'s mut dyn Sink,
    backslash: bool,
    place: Place,
    tables: Tables,
    buffer: String,
    cells: Cells,
    flow: Flow,
    row: u64,
    table: String,
    /// Bytes of the buffer from which on it is looked at again.
    wanted: usize,
    /// Files among the values that were read and not handed out yet: their columns, rows and bytes.
    found: Vec<(String, u64, Vec<u8>)>,
    files: Files,
}

impl<'s> Dump<'s> {
    fn new(backslash: bool, sink: &'s mut dyn Sink) -> Self {
        Self {
            sink,
            backslash,
            place: Place::Line,
            tables: Tables::default(),
            buffer: String::new(),
            cells: Cells::new(),
            flow: Flow::new(),
            row: 0,
            table: String::new(),
            wanted: 0,
            found: Vec::new(),
            files: Files::default(),
        }
    }

    fn hand_out_files(&mut self) -> Result<(), Problem> {
        if !self.found.is_empty() {
            self.cells.flush(&mut self.flow, self.sink);
        }
        for (column, row, bytes) in self.found.drain(..) {
            self.files.tell(&column, row, &bytes, self.sink)?;
        }
        Ok(())
    }

    /// Takes as much of the buffer as is complete, or, at the end, all of it. What was not complete is looked at
    /// again when half as much again has come: a value of many blocks is not sought through with each of them.
    fn take(&mut self, last: bool) {
        let length = self.buffer.len();
        if !last && length < self.wanted && length <= MAX_STATEMENT_BYTES {
            return;
        }
        let buffer = std::mem::take(&mut self.buffer);
        let mut rest = buffer.as_str();
        while !rest.is_empty() {
            let taken = match std::mem::replace(&mut self.place, Place::Line) {
                Place::Line => self.line(rest, last),
                Place::Tuples(target) => self.tuple(rest, target),
                Place::CopyRows(target) => self.copy_row(rest, target, last),
            };
            match taken {
                Some(length) => rest = rest.get(length..).unwrap_or_default(),
                None => break,
            }
        }
        if last || rest.len() > MAX_STATEMENT_BYTES {
            self.place = Place::Line;
            self.text(rest);
            rest = "";
        }
        self.wanted = rest.len() + rest.len() / 2;
        rest.clone_into(&mut self.buffer);
    }

    /// Running text goes after the cells that came before it.
    fn text(&mut self, text: &str) {
        self.cells.flush(&mut self.flow, self.sink);
        self.flow.piece(text, self.sink);
    }

    /// One line, which may begin a statement. `None` where its end is not there yet.
    fn line(&mut self, rest: &str, last: bool) -> Option<usize> {
        if sql_statement::may_begin_insert(rest) {
            if let Some((target, length)) = sql_statement::insert_head(rest, &self.tables) {
                self.begin(&target);
                self.place = Place::Tuples(target);
                return Some(length);
            }
            if !last && rest.len() < sql_statement::MAX_HEAD_BYTES {
                return None;
            }
        }
        let found = memchr::memchr(b'\n', rest.as_bytes()).map(|at| at + 1);
        let length = found.or(last.then_some(rest.len()))?;
        let line = rest.get(..length)?;
        self.tables.learn(line);
        if let Some(target) = sql_statement::copy_head(line) {
            self.begin(&target);
            self.place = Place::CopyRows(target);
        }
        self.text(line);
        Some(length)
    }

    fn begin(&mut self, target: &Target) {
        if self.table != target.table {
            self.table.clone_from(&target.table);
            self.row = 0;
        }
    }

    /// One tuple of an `INSERT`, with what stands before the next.
    fn tuple(&mut self, rest: &str, target: Target) -> Option<usize> {
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ',']).len();
        let at = rest.get(blank..)?;
        if at.is_empty() {
            self.place = Place::Tuples(target);
            return (blank > 0).then_some(blank);
        }
        if !at.starts_with('(') {
            return Some(blank);
        }
        let (row, cells) = (self.row + 1, &mut self.cells);
        let mut column = 0;
        let (before, mut found) = (cells.mark(), Vec::new());
        let length = sql_value::tuple(at, self.backslash, &mut |value, numeric, _| {
            if let Some(bytes) = sql_value::file_of(value) {
                found.push((target.field(column).into_owned(), row, bytes));
            } else if !value.is_empty() {
                let field = cells.field(&target.field(column), numeric);
                cells.add(field, row, value);
            }
            column += 1;
        });
        self.place = Place::Tuples(target);
        let Some(length) = length else {
            self.cells.reset(before);
            return None;
        };
        self.row = row;
        self.found.append(&mut found);
        self.flush_full();
        Some(blank + length)
    }

    fn copy_row(&mut self, rest: &str, target: Target, last: bool) -> Option<usize> {
        let found = memchr::memchr(b'\n', rest.as_bytes()).map(|at| at + 1);
        let Some(length) = found.or(last.then_some(rest.len())) else {
            self.place = Place::CopyRows(target);
            return None;
        };
        let line = rest.get(..length)?.trim_end_matches(['\r', '\n']);
        if line == "\\." {
            return Some(length);
        }
        self.row += 1;
        for (column, value) in line.split('\t').enumerate() {
            let value = sql_value::copy_value(value);
            if let Some(bytes) = sql_value::file_of(&value) {
                self.found.push((target.field(column).into_owned(), self.row, bytes));
            } else if !value.is_empty() {
                let field = self.cells.field(&target.field(column), false);
                self.cells.add(field, self.row, &value);
            }
        }
        self.place = Place::CopyRows(target);
        self.flush_full();
        Some(length)
    }

    fn flush_full(&mut self) {
        if self.cells.is_full() {
            self.cells.flush(&mut self.flow, self.sink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    #[test]
    fn copy_rows_carry_table_and_column() {
        let dump = "--\n-- PostgreSQL database dump\n--\nCREATE TABLE public.person (\n    id integer\n);\n\
            COPY public.person (id, fnr, navn) FROM stdin;\n1\t15814599999\tÅse\\tØdegård\n2\t\\N\tPer\n\\.\n\
            -- ferdig: Kari\n";
        let seen = read_one("a.sql", dump.as_bytes());
        assert_eq!(seen.format, Some("sql"));
        assert_eq!(seen.cell("public.person.fnr", 1), Some("15814599999"));
        assert_eq!(seen.cell("public.person.navn", 1), Some("Åse\tØdegård"));
        assert_eq!(seen.cell("public.person.navn", 2), Some("Per"));
        assert!(seen.text.contains("ferdig: Kari"));
    }

    #[test]
    fn inserts_are_read_in_every_dialect() {
        let mysql = "-- MySQL dump 10.13\nCREATE TABLE `kunde` (\n  `id` int,\n  `navn` varchar(99),\n  \
            `tlf` text,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n\
            INSERT INTO `kunde` VALUES (1,'O\\'Brien; (Per)','90000000'),(2,'Åse','22000000');\nSELECT 'slutt';\n";
        let seen = read_one("a.sql", mysql.as_bytes());
        assert_eq!(seen.cell("kunde.navn", 1), Some("O'Brien; (Per)"));
        assert_eq!(seen.cell("kunde.tlf", 2), Some("22000000"));
        assert!(seen.text.contains("slutt"));
        let sqlite = "BEGIN TRANSACTION;\nINSERT INTO \"person\" (\"id\", fnr, vei)\nVALUES\n  \
            (1, 1014599999, 'C:\\'),\n  (2, NULL, 'to''s');\nCOMMIT;\n";
        let seen = read_one("dump.txt", sqlite.as_bytes());
        assert_eq!(seen.cell("person.fnr", 1), Some("1014599999"));
        assert_eq!(seen.cell("person.vei", 1), Some("C:\\"));
        assert_eq!(seen.cell("person.vei", 2), Some("to's"));
        assert!(seen.text.contains("COMMIT"));
        let of_sql_server = "USE [Lonn]\nGO\nINSERT [dbo].[Ansatt] ([Id], [Fnr], [Endret]) VALUES (1, N'1014599999', \
            CAST(N'2024-03-15' AS Date))\nGO\nINSERT [dbo].[Ansatt] ([Id], [Fnr], [Endret]) VALUES (2, NULL, NULL)\nGO\n";
        let seen = read_one("script.sql", of_sql_server.as_bytes());
        assert_eq!(seen.cell("dbo.Ansatt.Fnr", 1), Some("1014599999"));
        assert_eq!(seen.cell("dbo.Ansatt.Endret", 1), Some("2024-03-15"));
        let wide: Vec<u8> = format!("\u{FEFF}{of_sql_server}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read_one("script.sql", &wide).cell("dbo.Ansatt.Fnr", 1), Some("1014599999"));
    }

    #[test]
    fn prose_that_speaks_of_inserting_is_no_dump() {
        for text in ["Insert the card (see below) values ('x')\n", "insert coins\n", "Replace values (all)\n"] {
            assert_ne!(read_one("a.txt", text.as_bytes()).format, Some("sql"), "{text}");
        }
    }

    #[test]
    fn rows_across_blocks_arrive_whole_and_broken_ones_as_text() {
        let rows: Vec<String> = (0..60_000).map(|n| format!("({n},'{:011}')", n * 7)).collect();
        let dump = format!("INSERT INTO t (id, nr) VALUES {};\nINSERT INTO t VALUES (7,'uten slutt", rows.join(","));
        let seen = read_one("a.sql", dump.as_bytes());
        assert_eq!(seen.cell("t.nr", 60_000), Some(format!("{:011}", 59_999 * 7).as_str()));
        assert!(seen.text.contains("uten slutt"));
        let long = format!("INSERT INTO t VALUES ('{}", "tekst ".repeat(2_000_000));
        assert_eq!(read_one("a.sql", long.as_bytes()).text.matches("tekst").count(), 2_000_000);
    }

    #[test]
    fn names_with_signs_of_their_own_are_columns() {
        let dump = concat!(
            "CREATE TABLE IF NOT EXISTS \"ansatt liste\" (\"id\" integer primary key, sum decimal(10,2), ",
            "\"adresse (hjem), bolig\" text, fnr text);\n",
            "INSERT INTO \"ansatt liste\" VALUES(1,2.5,'Storgata 1','15814599999');\n",
            "INSERT [dbo].[A (b)] ([Navn (fullt)], [Be]]l], [x,y]) VALUES (N'Åse', 1, N'2')\nGO\n",
            "INSERT ALL\n  INTO hr.t (id, fnr) VALUES (4, '15814599998')\n",
            "  INTO hr.t (id, fnr) VALUES (5, '15814599997')\nSELECT 1 FROM dual;\n",
            "COPY hr.\"a, b\" (id, \"c, d\") FROM stdin;\n1\t\\\\x4b617269204b617269\n\\.\n",
        );
        let seen = read_one("a.sql", dump.as_bytes());
        let cell = |name: &str, row| seen.cell(name, row);
        assert_eq!(cell("ansatt liste.adresse (hjem), bolig", 1), Some("Storgata 1"), "{:?}", seen.cells);
        assert_eq!(cell("ansatt liste.fnr", 1), Some("15814599999"));
        assert_eq!((cell("dbo.A (b).Navn (fullt)", 1), cell("dbo.A (b).x,y", 1)), (Some("Åse"), Some("2")));
        assert_eq!(cell("dbo.A (b).Be]l", 1), Some("1"));
        assert_eq!((cell("hr.t.fnr", 1), cell("hr.t.fnr", 2)), (Some("15814599998"), Some("15814599997")));
        assert_eq!(cell("hr.a, b.c, d", 1), Some("Kari Kari"));
    }

    #[test]
    fn columns_without_names_are_told_apart() {
        let dump = "INSERT INTO t VALUES (1,'15814599999','Per'),(2,'15814599998','Kari');\n";
        let seen = read_one("a.sql", dump.as_bytes());
        assert_eq!((seen.cell("t.2", 2), seen.cell("t.3", 1)), (Some("15814599998"), Some("Per")));
    }

    #[test]
    fn files_among_the_values_are_members() {
        let pdf = format!("%PDF-1.4\n{}", "Kari Nordmann ".repeat(9));
        let digits = pdf.bytes().fold(String::new(), |digits, byte| digits + &format!("{byte:02X}"));
        let dump = format!(
            "INSERT INTO v (id, fil) VALUES (1, 0x{digits}), (2, X'{digits}'), (3, '\\x{digits}'), (4, '0x41');\n\
             COPY v (id, fil) FROM stdin;\n5\t\\\\x{digits}\n\\.\n",
        );
        let seen = read("a.sql", dump.as_bytes());
        for (own, row) in seen[1..].iter().zip([1, 2, 3, 5]) {
            assert_eq!(own.path, format!("a.sql!/v.fil-{row}.pdf"));
            assert_eq!((own.format, own.end.as_ref().unwrap().bytes), (Some("pdf"), pdf.len() as u64));
        }
        assert_eq!((seen.len(), seen[0].cell("v.fil", 4)), (5, Some("0x41")));
        assert!(!seen[0].text.contains(&digits));
    }
}
