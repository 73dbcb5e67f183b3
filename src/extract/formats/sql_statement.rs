//! The heads of SQL statements that carry rows. It knows no more of SQL than that.

use std::borrow::Cow;

use super::super::decode::lines;
use super::sql_tables::{Tables, created};

/// The head of an `INSERT`, up to its first tuple, is not longer than this.
pub(super) const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The table that rows go to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) table: String,
    /// Each as `table.column`.
    fields: Vec<String>,
}

impl Target {
    /// `table.column`, with the column's number, from 1, where it has no name: values of one column belong
    /// together all the same.
    pub(super) fn field(&self, column: usize) -> Cow<'_, str> {
        match self.fields.get(column) {
            Some(field) => Cow::Borrowed(field),
            None => Cow::Owned(format!("{}.{}", self.table, column + 1)),
        }
    }

    fn new(table: String, columns: &[String]) -> Self {
        let fields = columns.iter().map(|own| format!("{table}.{own}")).collect();
        Self { table, fields }
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
            || created(line).is_some_and(|rest| rest.contains('('))
    })
}

/// Whether a backslash in a string takes the meaning of the next sign, as in MySQL and MariaDB.
pub(super) fn has_backslash_escapes(head: &str) -> bool {
    ["MySQL", "MariaDB", "ENGINE=", "INTO `", "/*!40", "/*M!"]
        .iter()
        .any(|sign| head.contains(sign))
}

/// Words that the head of an `INSERT` begins with; in `INSERT ALL` each table has an `INTO` of its own.
const VERBS: &[&str] = &["insert", "replace", "into"];

/// Whether the text begins like an `INSERT`, its head complete or not.
pub(super) fn may_begin_insert(text: &str) -> bool {
    let start = text.trim_start();
    VERBS.iter().any(|verb| {
        start
            .get(..verb.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(verb))
    })
}

/// The target of an `INSERT`, and the length of its head up to the first tuple.
pub(super) fn insert_head(text: &str, tables: &Tables) -> Option<(Target, usize)> {
    let bounded = text.get(..text.floor_char_boundary(MAX_HEAD_BYTES))?;
    let start = bounded.trim_start();
    let mut rest = after_words(start, &["into"])
        .map(|_| start)
        .or_else(|| VERBS.iter().find_map(|verb| after_words(start, &[verb])))?;
    for word in [
        "ignore",
        "or",
        "replace",
        "all",
        "first",
        "low_priority",
        "delayed",
    ] {
        rest = after_words(rest, &[word]).unwrap_or(rest);
    }
    // SQL Server's scripts leave this word out.
    let (table, rest) = name(after_words(rest, &["into"]).unwrap_or(rest));
    let mut rest = rest.trim_start();
    let mut columns = tables.columns(&table).to_vec();
    if let Some((list, after)) = names(rest) {
        columns = list;
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
    let (columns, rest) = names(rest.trim_start()).unwrap_or((Vec::new(), rest));
    after_words(rest, &["from"])?
        .trim()
        .get(..5)?
        .eq_ignore_ascii_case("stdin")
        .then(|| Target::new(table, &columns))
}

/// The names of a list in brackets, and what follows it.
fn names(text: &str) -> Option<(Vec<String>, &str)> {
    let mut names = Vec::new();
    let mut rest = text.strip_prefix('(')?;
    loop {
        let (own, after) = name(rest);
        let end = after.find([',', ')'])?;
        if !own.is_empty() {
            names.push(own);
        }
        let closes = after.get(end..)?.starts_with(')');
        rest = after.get(end + 1..)?;
        if closes {
            return Some((names, rest));
        }
    }
}

/// What follows these words, whatever their case and the space between them.
pub(super) fn after_words<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
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
pub(super) fn name(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut rest = text.trim_start();
    loop {
        let closing = match rest.chars().next() {
            Some(quote @ ('`' | '"')) => Some(quote),
            Some('[') => Some(']'),
            _ => None,
        };
        let (part, after) = closing
            .and_then(|closing| quoted(rest, closing))
            .unwrap_or_else(|| {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || "_$-#@".contains(c)));
                let (part, after) = rest
                    .split_at_checked(end.unwrap_or(rest.len()))
                    .unwrap_or((rest, ""));
                (part.to_owned(), after)
            });
        // Names are kept for every field.
        name.push_str(part.get(..part.floor_char_boundary(100)).unwrap_or(&part));
        match after.strip_prefix('.') {
            Some(next) => {
                name.push('.');
                rest = next;
            }
            None => return (name, after),
        }
    }
}

/// A quoted name, in which the closing sign stands twice where it is part of the name, and what follows it.
fn quoted(text: &str, closing: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text.get(1..)?;
    loop {
        let (part, after) = rest.split_once(closing)?;
        name.push_str(part);
        match after.strip_prefix(closing) {
            Some(next) => {
                name.push(closing);
                rest = next;
            }
            None => return Some((name, after)),
        }
    }
}
