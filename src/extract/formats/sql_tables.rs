//! The columns of tables, as `CREATE TABLE` gives them, for rows that come without names.

use std::collections::HashMap;

use super::sql_statement::{after_words, name};

/// Tables whose columns are remembered, and columns of all of them.
const MAX_TABLES: usize = 4096;
const MAX_COLUMNS: usize = 65_536;
/// As much of a column's definition is kept: its name stands first.
const MAX_DEFINITION_BYTES: usize = 512;

/// The columns of tables that were created so far.
#[derive(Debug, Default)]
pub(super) struct Tables {
    columns: HashMap<String, Vec<String>>,
    known: usize,
    current: Option<Definition>,
}

/// A `CREATE TABLE` whose end has not come yet.
#[derive(Debug)]
struct Definition {
    table: String,
    /// Brackets that are open.
    depth: u32,
    /// The sign that ends what is quoted.
    quote: Option<char>,
    /// What came of the column that is being defined.
    column: String,
}

impl Tables {
    /// The columns of a table, none where it is not known.
    pub(super) fn columns(&self, table: &str) -> &[String] {
        self.columns.get(table).map_or(&[], Vec::as_slice)
    }

    /// Takes one line into account.
    pub(super) fn learn(&mut self, line: &str) {
        if let Some(definition) = self.current.take() {
            self.go_on(definition, line);
        } else if let Some(rest) = created(line) {
            let (table, rest) = name(rest);
            if self.columns.len() < MAX_TABLES && !table.is_empty() {
                self.columns.insert(table.clone(), Vec::new());
                let (depth, quote, column) = (0, None, String::new());
                self.go_on(
                    Definition {
                        table,
                        depth,
                        quote,
                        column,
                    },
                    rest,
                );
            }
        }
    }

    /// Follows a definition through the text, up to its end.
    fn go_on(&mut self, mut own: Definition, text: &str) {
        let code = text.split_once("-- ").map_or(text, |(code, _)| code);
        for sign in code.chars() {
            if let Some(quote) = own.quote {
                own.keep(sign);
                own.quote = Some(quote).filter(|quote| *quote != sign);
                continue;
            }
            match sign {
                ';' => return self.column(&own),
                '(' => own.depth += 1,
                ')' if own.depth <= 1 => return self.column(&own),
                ')' => own.depth -= 1,
                ',' if own.depth == 1 => {
                    self.column(&own);
                    own.column.clear();
                    continue;
                }
                '\'' | '"' | '`' => own.quote = Some(sign),
                '[' => own.quote = Some(']'),
                _ => {}
            }
            if own.depth > 1 || (own.depth == 1 && sign != '(') {
                own.keep(sign);
            }
        }
        own.keep(' ');
        self.current = Some(own);
    }

    /// Remembers the column whose definition is complete.
    fn column(&mut self, definition: &Definition) {
        const NO_COLUMNS: &[&str] = &[
            "primary",
            "key",
            "unique",
            "constraint",
            "foreign",
            "check",
            "index",
            "fulltext",
            "spatial",
            "exclude",
            "period",
            "like",
        ];
        let text = definition.column.trim();
        let (column, rest) = name(text);
        let quoted = text.starts_with(['`', '"', '[']);
        let other = !quoted && NO_COLUMNS.contains(&column.to_lowercase().as_str());
        // SQLite asks for no type.
        if column.is_empty() || other || rest.starts_with('(') || self.known >= MAX_COLUMNS {
            return;
        }
        if let Some(columns) = self.columns.get_mut(&definition.table) {
            self.known += 1;
            columns.push(column);
        }
    }
}

impl Definition {
    fn keep(&mut self, sign: char) {
        if self.column.len() < MAX_DEFINITION_BYTES {
            self.column.push(sign);
        }
    }
}

/// What follows the words that a table is created with.
pub(super) fn created(line: &str) -> Option<&str> {
    const KINDS: &[&str] = &[
        "or",
        "replace",
        "global",
        "local",
        "temporary",
        "temp",
        "unlogged",
        "foreign",
        "external",
        "cached",
        "memory",
        "text",
        "column",
        "row",
    ];
    let mut rest = after_words(line, &["create"])?;
    while let Some(after) = KINDS.iter().find_map(|kind| after_words(rest, &[kind])) {
        rest = after;
    }
    let rest = after_words(rest, &["table"])?;
    Some(after_words(rest, &["if", "not", "exists"]).unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_what_stands_between_them() {
        let cases: [(&str, &[&str]); 6] = [
            (
                "CREATE TABLE t (a decimal(10,2), b text default ',', c);",
                &["a", "b", "c"],
            ),
            (
                "create table if not exists t(\n a int, -- first, of all\n \"b (x), y\" enum('(',')'),c int\n  , primary key (a, b)\n);",
                &["a", "b (x), y", "c"],
            ),
            (
                "CREATE TABLE [t](\n\t[Id] [int] IDENTITY(1,1) NOT NULL,\n\t[Be]]l] [numeric](10, 2) NULL,\n CONSTRAINT [PK] PRIMARY KEY CLUSTERED \n(\n\t[Id] ASC\n)WITH (PAD_INDEX = OFF) ON [PRIMARY]\n) ON [PRIMARY]\n",
                &["Id", "Be]l"],
            ),
            ("CREATE CACHED TABLE t(a INTEGER,b VARCHAR(9))", &["a", "b"]),
            (
                "CREATE TABLE t AS SELECT a, b FROM u;\nCREATE TABLE u (x int)",
                &[],
            ),
            (
                "CREATE TABLE t (\n  a int,\n  KEY x (a), UNIQUE KEY `y` (`b`),\n `key` int) ENGINE=InnoDB;",
                &["a", "key"],
            ),
        ];
        for (text, wanted) in cases {
            let mut tables = Tables::default();
            text.lines().for_each(|line| tables.learn(line));
            assert_eq!(tables.columns("t"), wanted, "{text}");
        }
    }
}
