//! JSON, and one JSON value per line: each value as a cell named after the path of keys to it.
//!
//! It is lenient: what breaks the grammar is a value like any other, so that no text is lost. Array
//! indices are no part of a path, and neither are keys that look like data; those are values.

use std::io::{BufRead, Read};

use super::super::cells::{Cells, MAX_CELL_BYTES};
use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Json = Json;

/// Reads JSON.
pub(crate) struct Json;

static INFO: FormatInfo = FormatInfo {
    id: "json",
    title: "JSON, JSON lines",
    extensions: &["json", "jsonl", "ndjson", "geojson", "har"],
    version: 3,
    isolated: false,
    reads: "all values with the paths of their keys; broken JSON as far as it goes, and beyond",
};

/// Containers inside each other whose keys make up a path.
const MAX_PATH_DEPTH: usize = 64;

/// Whether an item of a list may begin so; words that stand for themselves are left to names.
fn begins_item(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9')
}

impl Format for Json {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let mut start = head
            .bytes
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(head.bytes)
            .iter()
            .copied()
            .filter(|byte| *byte > b' ' && *byte < 0x7F);
        let opening = start.next();
        let next = start.next();
        let plausible = match (opening, next) {
            (Some(b'{'), next) => matches!(next, Some(b'"' | b'}') | None),
            // `[[name]]` is TOML.
            (Some(b'['), Some(b'[')) => start.next().is_none_or(begins_item),
            (Some(b'['), next) => next.is_none_or(begins_item),
            _ => false,
        };
        let named = head.has_extension(INFO.extensions) && matches!(opening, Some(b'{' | b'['));
        let balanced = memchr::memchr(b':', head.bytes).is_some() || opening == Some(b'[');
        if (named || (plausible && balanced)) && head.is_text {
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
        let mut tree = Tree::new();
        loop {
            budget.check()?;
            let block = reader.fill_text().map_err(io_problem)?;
            let length = block.len();
            if length == 0 {
                break;
            }
            tree.take(block, sink);
            reader.consume(length);
        }
        tree.finish(sink);
        tell_lossy(&reader, sink);
        Ok(())
    }
}

fn tell_lossy<R: Read>(reader: &Utf8Reader<R>, sink: &mut dyn Sink) {
    if reader.is_lossy() {
        sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
    }
}

/// Where in the text of a value the reader is. A block may end anywhere.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Between,
    String,
    /// After a backslash in a string.
    Escape,
    /// In `\uXXXX`, with the digits so far.
    Unicode { digits: u32, code: u32 },
    /// A number, or anything else without quotes.
    Bare,
}

/// A container that is open.
struct Open {
    path_length: usize,
    is_array: bool,
}

/// The open containers, and the value that is being read.
struct Tree {
    state: State,
    value: String,
    /// First half of a character that is written as two escapes.
    high_surrogate: Option<u32>,
    /// A string that ended, of which it is not known yet whether it is a key.
    pending: String,
    has_pending: bool,
    path: String,
    open: Vec<Open>,
    /// Containers that are open below the deepest one that is followed.
    deeper: u64,
    /// Objects in arrays no deeper than this are the rows.
    row_depth: usize,
    row: u64,
    cells: Cells,
    flow: Flow,
    /// Whether the value is so long that its beginning was handed out as running text.
    long: bool,
}

impl Tree {
    fn new() -> Self {
        Self {
            state: State::Between,
            value: String::new(),
            high_surrogate: None,
            pending: String::new(),
            has_pending: false,
            path: String::new(),
            open: Vec::new(),
            deeper: 0,
            row_depth: usize::MAX,
            row: 0,
            cells: Cells::new(),
            flow: Flow::new(),
            long: false,
        }
    }

    fn take(&mut self, block: &str, sink: &mut dyn Sink) {
        let mut rest = block;
        while !rest.is_empty() {
            rest = match self.state {
                State::Between => self.between(rest, sink),
                State::String => self.string(rest, sink),
                State::Bare => self.bare(rest, sink),
                State::Escape | State::Unicode { .. } => self.escape(rest),
            };
        }
    }

    fn between<'t>(&mut self, rest: &'t str, sink: &mut dyn Sink) -> &'t str {
        let Some((first, after)) = rest.split_at_checked(1) else {
            self.state = State::Bare;
            return rest;
        };
        match first {
            " " | "\t" | "\n" | "\r" => return rest.trim_start_matches([' ', '\t', '\n', '\r']),
            "\"" => {
                self.give_pending(sink);
                self.state = State::String;
            }
            ":" => self.key(sink),
            "," => self.comma(sink),
            "{" | "[" => {
                self.give_pending(sink);
                self.open(first == "[");
            }
            "}" | "]" => {
                self.give_pending(sink);
                self.close();
            }
            _ => {
                self.give_pending(sink);
                self.state = State::Bare;
                return rest;
            }
        }
        after
    }

    fn string<'t>(&mut self, rest: &'t str, sink: &mut dyn Sink) -> &'t str {
        let end = memchr::memchr2(b'"', b'\\', rest.as_bytes());
        let (text, after) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        self.value.push_str(text);
        if self.value.len() > MAX_CELL_BYTES {
            // Running text is not cut into cells, so that nothing that is in it is cut.
            self.long = true;
            self.cells.flush(&mut self.flow, sink);
            self.flow.piece(&self.value, sink);
            self.value.clear();
        }
        if after.starts_with('"') {
            self.state = State::Between;
            if std::mem::take(&mut self.long) {
                self.flow.piece(&self.value, sink);
                self.flow.piece("\n", sink);
            } else {
                std::mem::swap(&mut self.value, &mut self.pending);
                self.has_pending = true;
            }
            self.value.clear();
        } else if end.is_some() {
            self.state = State::Escape;
        }
        after.get(1..).unwrap_or_default()
    }

    fn escape<'t>(&mut self, rest: &'t str) -> &'t str {
        let mut characters = rest.chars();
        let Some(character) = characters.next() else {
            return rest;
        };
        if let State::Unicode { digits, code } = self.state {
            let Some(digit) = character.to_digit(16) else {
                self.state = State::String;
                return rest;
            };
            let code = code * 16 + digit;
            if digits == 3 {
                self.unicode(code);
                self.state = State::String;
            } else {
                self.state = State::Unicode {
                    digits: digits + 1,
                    code,
                };
            }
            return characters.as_str();
        }
        self.state = State::String;
        match character {
            'n' | 'r' => self.value.push('\n'),
            't' => self.value.push('\t'),
            'b' | 'f' => self.value.push(' '),
            'u' => self.state = State::Unicode { digits: 0, code: 0 },
            other => self.value.push(other),
        }
        characters.as_str()
    }

    fn unicode(&mut self, code: u32) {
        let high = self.high_surrogate.take();
        let whole = match (high, code) {
            (Some(high), 0xDC00..=0xDFFF) => 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00),
            (_, 0xD800..=0xDBFF) => {
                self.high_surrogate = Some(code);
                return;
            }
            _ => code,
        };
        self.value
            .push(char::from_u32(whole).unwrap_or('\u{FFFD}'));
    }

    fn bare<'t>(&mut self, rest: &'t str, sink: &mut dyn Sink) -> &'t str {
        let end = rest.find([',', '}', ']', '\n', ':', '"', '{', '[']);
        let (text, after) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        self.value.push_str(text);
        if end.is_some() || self.value.len() > MAX_CELL_BYTES {
            self.state = State::Between;
            self.give_bare(sink);
        }
        after
    }

    fn give_bare(&mut self, sink: &mut dyn Sink) {
        let value = std::mem::take(&mut self.value);
        let value = value.trim();
        if !matches!(value, "" | "null" | "true" | "false") {
            let numeric = value
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
            self.give(value, numeric, sink);
        }
    }

    /// What was pending turns out to be a key.
    fn key(&mut self, sink: &mut dyn Sink) {
        if !std::mem::take(&mut self.has_pending) {
            return;
        }
        let key = std::mem::take(&mut self.pending);
        let digits = key.bytes().filter(u8::is_ascii_digit).count();
        self.leave_key();
        if digits >= 5 || key.contains('@') || key.len() > 100 {
            self.give(&key, false, sink);
        } else if self.open.len() <= MAX_PATH_DEPTH && self.deeper == 0 {
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(&key);
        }
        self.pending = key;
    }

    /// The path of the innermost container, without the key of its last value.
    fn leave_key(&mut self) {
        let length = self.open.last().map_or(0, |own| own.path_length);
        self.path.truncate(length);
    }

    fn comma(&mut self, sink: &mut dyn Sink) {
        self.give_pending(sink);
        if self.deeper == 0 && self.open.last().is_some_and(|own| !own.is_array) {
            self.leave_key();
        }
    }

    fn open(&mut self, is_array: bool) {
        let depth = self.open.len();
        let within_array = self.open.last().is_none_or(|parent| parent.is_array);
        if !is_array && within_array && (depth <= self.row_depth || depth == 0) {
            // The first record shares its row with what stands around the records, if anything does.
            let first = depth > 0 && self.row_depth == usize::MAX && self.row > 0;
            if depth > 0 {
                self.row_depth = depth;
            }
            self.row += u64::from(!first);
        }
        if depth > MAX_PATH_DEPTH {
            self.deeper += 1;
            return;
        }
        self.open.push(Open {
            path_length: self.path.len(),
            is_array,
        });
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if let Some(own) = self.open.pop() {
            self.path.truncate(own.path_length);
        }
        let parent = self.open.last();
        if parent.is_none_or(|own| !own.is_array) {
            self.leave_key();
        }
    }

    fn give_pending(&mut self, sink: &mut dyn Sink) {
        if std::mem::take(&mut self.has_pending) {
            let value = std::mem::take(&mut self.pending);
            self.give(&value, false, sink);
            self.pending = value;
        }
    }

    fn give(&mut self, value: &str, numeric: bool, sink: &mut dyn Sink) {
        if value.trim().is_empty() {
            return;
        }
        let field = self.cells.field(&self.path, numeric);
        self.cells.add(field, self.row.max(1), value);
        if self.cells.is_full() {
            self.cells.flush(&mut self.flow, sink);
        }
    }

    /// Hands out what is left, a value that never ended included.
    fn finish(&mut self, sink: &mut dyn Sink) {
        self.give_pending(sink);
        if self.long {
            let value = std::mem::take(&mut self.value);
            self.flow.piece(&value, sink);
        } else if self.state == State::Bare {
            self.give_bare(sink);
        } else {
            let value = std::mem::take(&mut self.value);
            self.give(&value, false, sink);
        }
        self.cells.flush(&mut self.flow, sink);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::super::recorder::read_one;

    #[test]
    fn tables_of_toml_are_no_lists() {
        for (text, format) in [
            ("[[kunde]]\nfnr = \"15814599999\"\n", "text"),
            ("[[1, 2], [3]]", "json"),
            ("[[\"kunde\"]]", "json"),
            ("[\n  [\n    {\"a\": 1}]]", "json"),
        ] {
            assert_eq!(read_one("a", text.as_bytes()).format, Some(format), "{text}");
        }
    }

    #[test]
    fn values_carry_the_path_of_their_keys() {
        let json = r#"{"liste": [{"person": {"fnr": "15814599999", "alder": 42, "navn": "\u00c5se \"Å\" \ud83d\ude00"}},
            {"person": {"fnr": 1014599999, "tlf": ["90000000", "22000000"]}}], "15814599998": {"a": null}}"#;
        let seen = read_one("a.json", json.as_bytes());
        assert_eq!(seen.format, Some("json"));
        assert_eq!(seen.cell("liste.person.fnr", 1), Some("15814599999"));
        assert_eq!(seen.cell("liste.person.navn", 1), Some("Åse \"Å\" 😀"));
        assert_eq!(seen.cell("liste.person.fnr", 2), Some("1014599999"));
        let tlf = seen.cells.iter().filter(|(name, ..)| name == "liste.person.tlf");
        assert_eq!(tlf.count(), 2);
        assert!(seen.cells.iter().any(|(_, _, value)| value == "15814599998"));
    }

    #[test]
    fn records_of_a_list_have_the_same_paths_and_a_row_each() {
        for (json, prefix) in [
            (r#"[{"navn": "Per", "fnr": 1}, {"navn": "Kari", "fnr": 2}, {"navn": "Liv", "fnr": 3}]"#, ""),
            (r#"{"a": [{"navn": "Per", "fnr": 1}, {"navn": "Kari", "fnr": 2}, {"navn": "Liv", "fnr": 3}]}"#, "a."),
            (r#"{"b": [], "a": [{"navn": "Per", "fnr": 1}, [], {"navn": "Kari", "fnr": 2}, {"navn": "Liv", "fnr": 3}], "c": {}}"#, "a."),
        ] {
            let seen = read_one("a.json", json.as_bytes());
            for (row, name) in (1..).zip(["Per", "Kari", "Liv"]) {
                assert_eq!(seen.cell(&format!("{prefix}navn"), row), Some(name), "{:?}", seen.cells);
                assert_eq!(seen.cell(&format!("{prefix}fnr"), row), Some(row.to_string().as_str()), "{:?}", seen.cells);
            }
        }
    }

    #[test]
    fn each_line_may_be_a_value() {
        let json = "{\"epost\": \"a@example.no\"}\n{\"epost\": \"b@example.no\"}\n";
        let seen = read_one("a.jsonl", json.as_bytes());
        assert_eq!(seen.cell("epost", 2), Some("b@example.no"));
    }

    #[test]
    fn broken_json_loses_nothing() {
        for json in [
            r#"{"navn": "Per", "by": "Os"#,
            r#"{"navn": "Per" "by": Oslo og Ås }}]] , {"x": "Os"#,
            "{\"navn\": 'Per', // Os\n",
            r#"{"navn": ["Per", {"by": ]"Os"#,
        ] {
            let seen = read_one("a.json", json.as_bytes());
            assert!(seen.text.contains("Per") && seen.text.contains("Os"), "{json}: {}", seen.text);
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = ["[".repeat(1_000_000), "\"bunn\"".into(), "]".repeat(1_000_000)].concat();
        assert!(read_one("a.json", deep.as_bytes()).text.contains("bunn"));
        let long = format!("{{\"a\": \"{}\", \"b\": \"slutt\"}}", "tekst 12345678 ".repeat(100_000));
        let seen = read_one("a.json", long.as_bytes());
        assert_eq!(seen.text.matches("12345678").count(), 100_000);
        assert_eq!(seen.cell("b", 1), Some("slutt"));
    }

    #[test]
    fn values_across_blocks_arrive_whole() {
        let mut json = String::new();
        for n in 0..40_000 {
            writeln!(json, "{{\"nr\": \"{:011}\"}}", n * 7).unwrap();
        }
        let seen = read_one("a.ndjson", json.as_bytes());
        assert_eq!(seen.cells.len(), 40_000);
        assert_eq!(seen.cell("nr", 39_999).unwrap(), format!("{:011}", 39_998 * 7));
    }
}
