//! The parts of SQL statements that carry rows. It knows no more of SQL than that.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::super::decode::lines;

/// The head of an `INSERT`, up to its first tuple, is not longer than this.
pub(super) const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Tables whose columns are remembered, and columns of all of them.
const MAX_TABLES: usize = 4096;
const MAX_COLUMNS: usize = 65_536;

/// The table that rows go to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) table: String,
    /// Each as `table.column`.
    fields: Vec<String>,
}

impl Target {
    /// `table.column`, or the table alone where the column has no name.
    pub(super) fn field(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or(&self.table)
    }

    fn new(table: String, columns: &[String]) -> Self {
        let fields = columns.iter().map(|own| format!("{table}.{own}")).collect();
        Self { table, fields }
    }
}

/// The columns of tables, as `CREATE TABLE` gives them, one to a line.
#[derive(Debug, Default)]
pub(super) struct Tables {
    columns: HashMap<String, Vec<String>>,
    known: usize,
    current: Option<String>,
}

impl Tables {
    /// Takes one line into account.
    pub(super) fn learn(&mut self, line: &str) {
        let line = line.trim();
        if let Some(rest) = after_words(line, &["create", "table"]) {
            let rest = after_words(rest, &["if", "not", "exists"]).unwrap_or(rest);
            let (name, rest) = name(rest);
            if self.columns.len() < MAX_TABLES && !name.is_empty() {
                self.columns.insert(name.clone(), Vec::new());
                self.current = Some(name);
            }
            let inside = rest.trim().strip_prefix('(').unwrap_or_default();
            for column in inside.trim_end_matches([';', ')']).split(',') {
                self.column(column.trim());
            }
            if rest.contains(';') {
                self.current = None;
            }
        } else if line.starts_with(')') || line.ends_with(';') {
            self.current = None;
        } else {
            self.column(line);
        }
    }

    fn column(&mut self, definition: &str) {
        const NO_COLUMNS: &[&str] = &[
            "primary",
            "key",
            "unique",
            "constraint",
            "foreign",
            "check",
            "index",
            "fulltext",
            "--",
        ];
        let Some(columns) = self
            .current
            .as_ref()
            .and_then(|own| self.columns.get_mut(own))
        else {
            return;
        };
        let (column, rest) = name(definition);
        let quoted = definition.starts_with(['`', '"', '[']);
        let other = !quoted && NO_COLUMNS.contains(&column.to_lowercase().as_str());
        if !column.is_empty() && !other && !rest.is_empty() && self.known < MAX_COLUMNS {
            self.known += 1;
            columns.push(column);
        }
    }
}

/// Whether a line is the beginning of a statement that dumps hold.
pub(super) fn looks_like_dump(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(32 * 1024)).unwrap_or_default();
    // The words that are looked for begin with these letters; most lines do not. Blanks that are not of
    // ASCII may stand before them.
    let may_begin = |line: &[u8]| match line.trim_ascii_start() {
        [first, second, ..] if first.is_ascii_graphic() => {
            let two = [first, second].map(u8::to_ascii_lowercase);
            [b"in", b"re", b"co", b"cr"].contains(&&two)
        }
        line => !line.is_empty(),
    };
    lines(head).filter(|line| may_begin(line)).any(|line| {
        let line = &*String::from_utf8_lossy(line);
        copy_head(line).is_some()
            || ["insert", "replace"]
                .iter()
                .any(|verb| after_words(line, &[verb, "into"]).is_some())
            || insert_head(line, &Tables::default()).is_some()
            || after_words(line, &["create", "table"]).is_some_and(|rest| rest.contains('('))
    })
}

/// Whether a backslash in a string takes the meaning of the next sign, as in MySQL and MariaDB.
pub(super) fn has_backslash_escapes(head: &str) -> bool {
    ["MySQL", "MariaDB", "ENGINE=", "INTO `"]
        .iter()
        .any(|sign| head.contains(sign))
}

/// Whether the text begins like an `INSERT`, its head complete or not.
pub(super) fn may_begin_insert(text: &str) -> bool {
    let start = text.trim_start();
    ["insert", "replace"].iter().any(|verb| {
        start
            .get(..verb.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(verb))
    })
}

/// The target of an `INSERT`, and the length of its head up to the first tuple.
pub(super) fn insert_head(text: &str, tables: &Tables) -> Option<(Target, usize)> {
    let bounded = text.get(..text.floor_char_boundary(MAX_HEAD_BYTES))?;
    let start = bounded.trim_start();
    let rest = ["insert", "replace"]
        .iter()
        .find_map(|verb| after_words(start, &[verb]))?;
    let mut rest = rest;
    for word in ["ignore", "or", "replace", "low_priority", "delayed"] {
        rest = after_words(rest, &[word]).unwrap_or(rest);
    }
    // SQL Server's scripts leave this word out.
    let (table, rest) = name(after_words(rest, &["into"]).unwrap_or(rest));
    let mut rest = rest.trim_start();
    let mut columns = tables.columns.get(&table).cloned().unwrap_or_default();
    if let Some(list) = rest.strip_prefix('(') {
        let (list, after) = list.split_once(')')?;
        columns = list.split(',').map(|own| name(own.trim()).0).collect();
        rest = after;
    }
    let rest = after_words(rest, &["overriding", "system", "value"]).unwrap_or(rest);
    let tuples = after_words(rest, &["values"])?.trim_start();
    tuples
        .starts_with('(')
        .then(|| (Target::new(table, &columns), bounded.len() - tuples.len()))
}

/// The target of `COPY table (columns) FROM stdin;`.
pub(super) fn copy_head(line: &str) -> Option<Target> {
    let (table, rest) = name(after_words(line, &["copy"])?);
    let (columns, rest) = match rest.trim_start().strip_prefix('(') {
        Some(list) => list.split_once(')')?,
        None => ("", rest),
    };
    after_words(rest, &["from"])?
        .trim()
        .get(..5)?
        .eq_ignore_ascii_case("stdin")
        .then(|| {
            let columns: Vec<String> = columns
                .split(',')
                .map(|own| name(own.trim()).0)
                .filter(|own| !own.is_empty())
                .collect();
            Target::new(table, &columns)
        })
}

/// What follows these words, whatever their case and the space between them.
fn after_words<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let mut rest = text;
    for word in words {
        rest = rest.trim_start();
        let own = rest.get(..word.len())?;
        let after = rest.get(word.len()..)?;
        let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if !own.eq_ignore_ascii_case(word) || !ends {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// A name with or without quotes, as `schema.table`, and what follows it.
fn name(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut rest = text.trim_start();
    loop {
        let closing = match rest.chars().next() {
            Some(quote @ ('`' | '"')) => Some(quote),
            Some('[') => Some(']'),
            _ => None,
        };
        let quoted = closing.and_then(|closing| rest.get(1..)?.split_once(closing));
        let (part, after) = quoted.unwrap_or_else(|| {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "_$-".contains(c)));
            rest.split_at_checked(end.unwrap_or(rest.len()))
                .unwrap_or((rest, ""))
        });
        // Names are kept for every field.
        name.push_str(part.get(..part.floor_char_boundary(100)).unwrap_or(part));
        match after.strip_prefix('.') {
            Some(next) => {
                name.push('.');
                rest = next;
            }
            None => return (name, after),
        }
    }
}

/// Tells the values of the tuple that `text` begins with, whether each is stored as a number, and the
/// bytes where it is written, without its quotes; `NULL` is empty. Returns the tuple's length, or `None` where its end is missing.
pub(super) fn tuple(
    text: &str,
    backslash: bool,
    value: &mut dyn FnMut(&str, bool, Range<usize>),
) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        at += bytes
            .get(at..)?
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        let start = at;
        let mut string = None;
        let mut depth = 0_u32;
        loop {
            match bytes.get(at)? {
                b'\'' => {
                    let (own, end) = quoted(text, at, backslash)?;
                    string = Some((own, at + 1..end - 1));
                    at = end;
                }
                b'(' => (depth, at) = (depth + 1, at + 1),
                b')' if depth > 0 => (depth, at) = (depth - 1, at + 1),
                b',' | b')' if depth == 0 => break,
                _ => at += 1,
            }
        }
        if let Some((own, span)) = string {
            value(&own, false, span);
        } else {
            let bare = text.get(start..at)?.trim();
            let null = bare.eq_ignore_ascii_case("null");
            let span = start..start + bare.len();
            value(if null { "" } else { bare }, true, span);
        }
        at += 1;
        if bytes.get(at - 1) == Some(&b')') {
            return Some(at);
        }
    }
}

/// The string whose opening quote stands at `at`, and where its closing quote has been passed.
fn quoted(text: &str, at: usize, backslash: bool) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let mut value = String::new();
    let mut start = at + 1;
    loop {
        let rest = bytes.get(start..)?;
        let found = if backslash {
            memchr::memchr2(b'\'', b'\\', rest)?
        } else {
            memchr::memchr(b'\'', rest)?
        };
        let end = start + found;
        let stretch = text.get(start..end)?;
        let next = bytes.get(end + 1).copied();
        if bytes.get(end) == Some(&b'\\') {
            value.push_str(stretch);
            let escaped = text.get(end + 1..)?.chars().next()?;
            match escaped {
                'n' | 'r' => value.push('\n'),
                't' => value.push('\t'),
                '0' | 'Z' => value.push(' '),
                other => value.push(other),
            }
            start = end + 1 + escaped.len_utf8();
        } else if next == Some(b'\'') {
            value.push_str(stretch);
            value.push('\'');
            start = end + 2;
        } else if value.is_empty() {
            return Some((Cow::Borrowed(stretch), end + 1));
        } else {
            value.push_str(stretch);
            return Some((Cow::Owned(value), end + 1));
        }
    }
}

/// A value of a `COPY` row: `\N` is empty, and escapes are what they stand for.
pub(super) fn copy_value(value: &str) -> Cow<'_, str> {
    if value == "\\N" {
        return Cow::Borrowed("");
    }
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    let mut signs = value.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n' | 'r') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    Cow::Owned(text)
}
