//! The values of a JSON text with the paths of their keys, as they come: open containers, rows, and the value
//! that is being read.

use super::super::Sink;
use super::super::cells::{Cells, MAX_CELL_BYTES};
use super::super::flow::Flow;
use super::super::written_file;
use super::json_escape::{Escape, Step, mended};
use super::json_table::{Columns, Role, is_label, role_of_list};
use crate::model::Problem;

/// Containers inside each other whose keys make up a path.
const MAX_PATH_DEPTH: usize = 64;

/// Where in the text of a value the reader is. A block may end anywhere.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Between,
    String,
    /// After a backslash in a string.
    Escape,
    /// A number, or anything else without quotes.
    Bare,
}

/// A container that is open.
struct Open {
    path_length: usize,
    is_array: bool,
    role: Role,
    /// Items of a list that ended.
    items: usize,
    /// Keys of an object that count from 0 or 1 are indices: the next one.
    next_index: Option<u64>,
}

/// The open containers, and the value that is being read.
pub(super) struct Tree {
    state: State,
    value: String,
    escape: Escape,
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
    /// The last key was an index.
    at_index: bool,
    columns: Columns,
    cells: Cells,
    flow: Flow,
    /// Whether the value is so long that its beginning was handed out as running text.
    long: bool,
    /// Why nothing more is to be handed out.
    stopped: Option<Problem>,
}

impl Tree {
    /// Before the beginning of the text.
    pub(super) fn new() -> Self {
        Self {
            state: State::Between,
            value: String::new(),
            escape: Escape::default(),
            pending: String::new(),
            has_pending: false,
            path: String::new(),
            open: Vec::new(),
            deeper: 0,
            row_depth: usize::MAX,
            row: 0,
            at_index: false,
            columns: Columns::default(),
            cells: Cells::new(),
            flow: Flow::new(),
            long: false,
            stopped: None,
        }
    }

    /// Takes the next part of the text, which may end anywhere.
    ///
    /// # Errors
    /// Limits that a file in the text struck.
    pub(super) fn take(&mut self, block: &str, sink: &mut dyn Sink) -> Result<(), Problem> {
        let mut rest = block;
        while !rest.is_empty() {
            rest = match self.state {
                State::Between => self.between(rest, sink),
                State::String => self.string(rest, sink),
                State::Bare => self.bare(rest, sink),
                State::Escape => self.escape(rest),
            };
        }
        self.stopped.map_or(Ok(()), Err)
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
        if self.value.len() > MAX_CELL_BYTES && !self.is_file() {
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

    /// Whether the value is a file in base 64, so far: it is held until it ends.
    fn is_file(&self) -> bool {
        !self.long
            && self.value.len() <= written_file::MAX_LETTERS
            && written_file::begins(&self.value)
    }

    fn escape<'t>(&mut self, rest: &'t str) -> &'t str {
        let mut characters = rest.chars();
        let Some(character) = characters.next() else {
            return rest;
        };
        let step = self.escape.take(character, &mut self.value);
        if step != Step::On {
            self.state = State::String;
        }
        match step {
            Step::Broken => rest,
            Step::On | Step::Ended => characters.as_str(),
        }
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
        self.at_index = self.is_index(&key);
        if self.at_index {
            // Values under it are those of a row.
        } else if digits >= 5 || key.contains('@') || key.len() > 100 {
            self.give(&key, false, sink);
        } else if self.open.len() <= MAX_PATH_DEPTH && self.deeper == 0 {
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(&key);
        }
        self.pending = key;
    }

    /// Whether a key only counts the rows.
    fn is_index(&mut self, key: &str) -> bool {
        let Some(own) = self.open.last_mut().filter(|_| self.deeper == 0) else {
            return false;
        };
        let number = key.parse::<u64>().ok().filter(|_| !key.starts_with('+'));
        let counts =
            number.is_some() && (own.next_index == number || matches!(number, Some(0 | 1)));
        own.next_index = number.filter(|_| counts).map(|number| number + 1);
        counts
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
        if let Some(own) = self
            .open
            .last_mut()
            .filter(|own| own.is_array && self.deeper == 0)
        {
            own.items += 1;
            self.name_item();
        }
    }

    /// What comes next in a row belongs to the next column.
    fn name_item(&mut self) {
        if let Some(own) = self.open.last()
            && matches!(own.role, Role::Row | Role::Columns)
        {
            self.path.truncate(own.path_length);
            self.columns.push_name(own.items, &mut self.path);
        }
    }

    fn open(&mut self, is_array: bool) {
        let depth = self.open.len();
        let at_index = std::mem::take(&mut self.at_index);
        self.row += u64::from(at_index && is_array);
        let within_array = at_index || self.open.last().is_none_or(|parent| parent.is_array);
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
        let within = self
            .open
            .last()
            .filter(|parent| parent.is_array)
            .map(|parent| parent.role);
        let role = if is_array {
            role_of_list(within, &self.path, &self.columns)
        } else {
            Role::Other
        };
        match role {
            Role::Names => self.columns.begin(),
            Role::Row => {
                self.row += 1;
                let first = self.open.last().is_some_and(|rows| rows.items == 0);
                if !self.columns.begin_row(&self.path, depth) && first {
                    self.columns.begin();
                }
            }
            Role::Rows | Role::Columns | Role::Other => {}
        }
        self.open.push(Open {
            path_length: self.path.len(),
            is_array,
            role,
            items: 0,
            next_index: None,
        });
        self.name_item();
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if let Some(own) = self.open.pop() {
            self.path.truncate(own.path_length);
            let depth = self.open.len();
            match own.role {
                Role::Names => self.columns.end(depth, &mut self.cells),
                Role::Row if self.open.last().is_some_and(|rows| rows.items == 0) => {
                    self.columns.end_first_row(depth);
                }
                Role::Row | Role::Rows | Role::Columns | Role::Other => {}
            }
            self.columns.close(depth);
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
        if let Some((bytes, ending)) = written_file::of(value) {
            let key = self.path.rsplit('.').next().unwrap_or_default();
            let name = format!("{key}.{ending}");
            let told = sink.member(name.as_bytes(), &mut bytes.as_slice());
            self.stopped = self.stopped.or(told.err());
            return;
        }
        let mended = mended(value);
        let value = mended.as_deref().unwrap_or(value);
        self.gather_name(value, numeric);
        let mut inner = self.open.iter().rev();
        let in_list = inner.next().is_some_and(|own| own.is_array);
        let of_column = in_list && inner.next().is_some_and(|own| own.role == Role::Columns);
        if std::mem::take(&mut self.at_index) || of_column {
            self.row += 1;
        }
        let field = self.cells.field(&self.path, numeric);
        self.cells.add(field, self.row.max(1), value);
        if self.cells.is_full() {
            self.cells.flush(&mut self.flow, sink);
        }
    }

    /// Keeps a value that names a column.
    fn gather_name(&mut self, value: &str, numeric: bool) {
        let mut inner = self.open.iter().rev();
        let (Some(own), parent) = (inner.next(), inner.next()) else {
            return;
        };
        let first_of = |rows: &Open| rows.role == Role::Rows && rows.items == 0;
        let names =
            own.role == Role::Names || own.role == Role::Row && parent.is_some_and(first_of);
        let listed = parent.filter(|parent| parent.role == Role::Names && !own.is_array);
        if names && !numeric {
            self.columns.gather(own.items, value);
        } else if let Some(list) = listed
            && self
                .path
                .get(own.path_length..)
                .is_some_and(|key| is_label(key.trim_start_matches('.')))
        {
            self.columns.gather(list.items, value);
        }
    }

    /// Hands out what is left, a value that never ended included.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(super) fn finish(&mut self, sink: &mut dyn Sink) -> Result<(), Problem> {
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
        self.stopped.map_or(Ok(()), Err)
    }
}
