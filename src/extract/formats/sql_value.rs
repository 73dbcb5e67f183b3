//! The tuples of `INSERT` and the rows of `COPY`: their values. It knows no more of expressions than how strings
//! in them belong together; how a string is written, `sql_literal` knows.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use super::super::written_file::kind_of;
use super::sql_literal::{
    Literal, bytes_of, dollar_mark, dollar_quoted, literal, of_digits, sign_of,
};

/// Tells the values of the tuple that `text` begins with, whether each is stored as a number, and the
/// bytes where it is written, without its quotes; `NULL` is empty. Returns the tuple's length, or `None` where its end is missing.
pub(super) fn tuple(
    text: &str,
    backslash: bool,
    value: &mut dyn FnMut(&str, bool, Range<usize>),
) -> Option<usize> {
    let mut at = 1;
    loop {
        let blank = text.as_bytes().get(at..)?.iter();
        at += blank.take_while(|byte| byte.is_ascii_whitespace()).count();
        let end = if let Some(inner) = plain_string(text, at) {
            let end = inner.end + 1;
            value(text.get(inner.clone())?, false, inner);
            end
        } else {
            let expression = Expression::read(text, at, backslash)?;
            expression.tell(text, value);
            expression.end
        };
        at = end + 1;
        if text.as_bytes().get(end) == Some(&b')') {
            return Some(at);
        }
    }
}

/// Where the string at byte `at` stands without its quotes, where it is a value by itself, without escapes in any
/// dialect: most are. It is read as an [`Expression`] would be, at a quarter of the cost.
fn plain_string(text: &str, at: usize) -> Option<Range<usize>> {
    let inside = text.as_bytes().get(at..)?.strip_prefix(b"'")?;
    let length = memchr::memchr2(b'\'', b'\\', inside)?;
    let ends = matches!(inside.get(length..)?, [b'\'', b',' | b')', ..]);
    ends.then_some(at + 1..at + 1 + length)
}

/// What makes up one value of a tuple.
struct Expression<'t> {
    start: usize,
    /// Where the comma or bracket behind it stands.
    end: usize,
    strings: SmallVec<[Literal<'t>; 1]>,
}

impl<'t> Expression<'t> {
    fn read(text: &'t str, start: usize, backslash: bool) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut strings = SmallVec::new();
        let mut at = start;
        let mut depth = 0_u32;
        loop {
            let rest = bytes.get(at..)?;
            match *rest.first()? {
                b'\'' | b'"' => {
                    let literal = literal(text, start, at, backslash)?;
                    at = literal.whole.end;
                    strings.push(literal);
                }
                b'$' if let Some(mark) = dollar_mark(text, at) => {
                    let literal = dollar_quoted(text, at, mark)?;
                    at = literal.whole.end;
                    strings.push(literal);
                }
                b'-' if rest.starts_with(b"-- ") => at += memchr::memchr(b'\n', rest)?,
                b'/' if rest.starts_with(b"/*") => at += memchr::memmem::find(rest, b"*/")? + 2,
                b'(' => (depth, at) = (depth + 1, at + 1),
                b')' if depth > 0 => (depth, at) = (depth - 1, at + 1),
                b',' | b')' if depth == 0 => break,
                _ => at += 1,
            }
        }
        let end = at;
        Some(Self {
            start,
            end,
            strings,
        })
    }

    fn tell(&self, text: &str, value: &mut dyn FnMut(&str, bool, Range<usize>)) {
        if let (Some(first), Some(last)) = (self.strings.first(), self.strings.last()) {
            let span = first.inner.start..last.inner.end;
            value(&self.joined(text), false, span);
            return;
        }
        let bare = text.get(self.start..self.end).unwrap_or_default().trim();
        let (number, before) = match cast(bare) {
            Some(number) => (number, bare.find(number).unwrap_or_default()),
            None => (bare, 0),
        };
        let from = self.start + before;
        let span = from..from + number.len();
        if let Some(digits) = number
            .strip_prefix("0x")
            .or_else(|| number.strip_prefix("0X"))
            && let Some(decoded) = of_digits(digits)
        {
            value(&decoded, false, span);
        } else {
            let null = number.eq_ignore_ascii_case("null");
            value(if null { "" } else { number }, true, span);
        }
    }

    /// The strings of the value as one text.
    fn joined(&self, text: &str) -> Cow<'_, str> {
        let [first, others @ ..] = self.strings.as_slice() else {
            return Cow::Borrowed("");
        };
        if others.is_empty() {
            return Cow::Borrowed(&first.text);
        }
        let head = text
            .get(self.start..first.whole.start)
            .unwrap_or_default()
            .to_ascii_lowercase();
        // What follows the day is how it is written.
        if ["to_date(", "to_timestamp", "str_to_date("]
            .iter()
            .any(|own| head.starts_with(own))
        {
            return Cow::Borrowed(&first.text);
        }
        let replaces = head.starts_with("replace(");
        let concatenates = head.starts_with("concat(");
        let ends = others
            .iter()
            .skip(1)
            .map(|next| next.whole.start)
            .chain([self.end]);
        let mut joined = first.text.clone().into_owned();
        let mut before = first.whole.end;
        for (own, next) in others.iter().zip(ends) {
            let between = text.get(before..own.whole.start).unwrap_or_default();
            let after = text.get(own.whole.end..next).unwrap_or_default();
            if replaces && makes_sign(after) {
                // SQLite's shell writes a line break as `replace('…\n…','\n',char(10))`.
                joined = joined.replace(&*own.text, "\n");
            } else {
                if makes_sign(between) {
                    joined.push('\n');
                } else if !(concatenates || between.contains("||") || between.contains('+')) {
                    joined.push(' ');
                }
                joined.push_str(&own.text);
            }
            before = own.whole.end;
        }
        Cow::Owned(joined)
    }
}

/// Whether a sign is made by its number, as with `chr(10)` and `CHAR(13)`: those that cannot be written
/// into a script, which are line breaks.
fn makes_sign(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    code.contains("chr(") || code.contains("char(")
}

/// The value of `CAST(value AS type)`.
fn cast(code: &str) -> Option<&str> {
    let inner = code
        .get(..5)
        .filter(|own| own.eq_ignore_ascii_case("cast("))?;
    let inner = code.get(inner.len()..)?;
    let bytes = inner.as_bytes();
    let mut places = memchr::memchr_iter(b' ', bytes);
    let end = places.find(|at| {
        bytes
            .get(at + 1..at + 4)
            .is_some_and(|own| own.eq_ignore_ascii_case(b"as "))
    })?;
    Some(inner.get(..end)?.trim())
}

/// The file whose bytes stand in a value as hexadecimal digits; `None` where it is none of a known kind.
pub(super) fn file_of(value: &str) -> Option<Vec<u8>> {
    const FEWEST: usize = 64;
    const SIGNATURE: usize = 12;
    let digits = ["0x", "0X", "\\x"]
        .iter()
        .find_map(|start| value.strip_prefix(start))
        .unwrap_or(value);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if digits.len() < FEWEST || !rest.is_empty() {
        return None;
    }
    kind_of(&bytes_of(pairs.get(..SIGNATURE)?)?)?;
    bytes_of(pairs)
}

/// A value of a `COPY` row: `\N` is empty, and escapes are what they stand for.
pub(super) fn copy_value(value: &str) -> Cow<'_, str> {
    if value == "\\N" {
        return Cow::Borrowed("");
    }
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    // Bytes stand as `\\x4b61`: the backslash itself is escaped.
    if let Some(decoded) = value.strip_prefix("\\\\x").and_then(of_digits) {
        return Cow::Owned(decoded);
    }
    let mut text = String::with_capacity(value.len());
    let mut signs = value.chars();
    while let Some(sign) = signs.next() {
        if sign == '\\' {
            text.extend(signs.next().map(sign_of));
        } else {
            text.push(sign);
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, backslash: bool) -> Vec<String> {
        let mut values = Vec::new();
        let length = tuple(text, backslash, &mut |value, _, span| {
            assert!(text.get(span).is_some());
            values.push(value.to_owned());
        });
        assert_eq!(length, Some(text.len()), "{text}");
        values
    }

    proptest::proptest! {
        /// Planted fault that this caught: a backslash before the quote taken for the string's end.
        #[test]
        fn plain_strings_are_read_as_expressions_are(
            text in r"'([a,)æ]|''|\\x61|\\|\\'){0,5}'[ ,)|]{1,2}",
            backslash in proptest::prelude::any::<bool>(),
        ) {
            let Some(plain) = plain_string(&text, 0) else {
                return Ok(());
            };
            let expression = Expression::read(&text, 0, backslash).unwrap();
            let mut told = Vec::new();
            expression.tell(&text, &mut |value, numeric, span| told.push((value.to_owned(), numeric, span)));
            let value = text.get(plain.clone()).unwrap().to_owned();
            proptest::prop_assert_eq!(expression.end, plain.end + 1);
            proptest::prop_assert_eq!(told, [(value, false, plain)]);
        }
    }

    /// Expressions, and what they stand for.
    const VALUES: &[(&str, &str)] = &[
        // SQLite's shell.
        (
            r"replace('a\nfnr 15888610046','\n',char(10))",
            "a\nfnr 15888610046",
        ),
        (
            r"replace(replace('a\r\nb','\r',char(13)),'\n',char(10))",
            "a\n\nb",
        ),
        (r"unistr('\u00c5se\u000aog \\ Per')", "Åse\nog \\ Per"),
        ("X'6b617269204e6f72646d616e6e'", "kari Nordmann"),
        // PostgreSQL.
        (r"E'O\'Brien\n15888610046'", "O'Brien\n15888610046"),
        ("$$it's 15888610046$$", "it's 15888610046"),
        ("$x$a$$b$x$", "a$$b"),
        (r"'\x4b617269204e6f72646d616e6e'", "Kari Nordmann"),
        (r"U&'\00c5se'", "Åse"),
        ("'kari'::character varying(10)", "kari"),
        // SQL Server.
        ("N'Åse'", "Åse"),
        (
            "CAST(N'2024-03-12T10:11:12' AS DateTime)",
            "2024-03-12T10:11:12",
        ),
        ("CAST(15888610046 AS Numeric(11, 0))", "15888610046"),
        ("0x4B617269204E6F72646D616E6E", "Kari Nordmann"),
        ("0x4B00E5007200690020004E00", "Kåri N"),
        ("'a' + CHAR(13) + 'b'", "a\nb"),
        // Oracle.
        ("q'[It's 15888610046]'", "It's 15888610046"),
        ("nq'!a'b!'", "a'b"),
        ("'15888610046'||chr(10)||'Kari'", "15888610046\nKari"),
        ("TO_CLOB('Kari ') || TO_CLOB('Nordmann')", "Kari Nordmann"),
        ("to_date('12.03.1964','DD.MM.RRRR')", "12.03.1964"),
        // MySQL.
        ("_utf8mb4'Kari'", "Kari"),
        ("CONCAT('158886','10046')", "15888610046"),
        ("\"Kari, \"\"K\"\"\"", "Kari, \"K\""),
        ("coalesce('a', 'b')", "a b"),
        ("'x' /* it's, ) */", "x"),
        ("NULL", ""),
        ("0xFFD8FFE000104A46", "0xFFD8FFE000104A46"),
    ];

    #[test]
    fn strings_of_each_dialect_are_what_they_stand_for() {
        for (text, wanted) in VALUES {
            assert_eq!(values(&format!("(1, {text},2)"), false), ["1", wanted, "2"]);
        }
    }

    #[test]
    fn a_backslash_is_an_escape_where_the_dialect_or_the_text_says_so() {
        assert_eq!(
            values(r"('C:\\', 'O\'Brien', 'a\nb')", true),
            ["C:\\", "O'Brien", "a\nb"]
        );
        let unsaid = r"('C:\', 'O\'Brien', 'It\'s ''x''')";
        assert_eq!(values(unsaid, false), ["C:\\", "O'Brien", "It's 'x'"]);
        assert_eq!(values("('C:\\' , 'D:\\'\n)", false), ["C:\\", "D:\\"]);
    }

    #[test]
    fn broken_tuples_end_nowhere() {
        let whole = r"(1, E'a\'b', q'[x]', $$y$$, 0x41, replace('a','b',char(10)), U&'\00', 'z')";
        for length in 1..whole.len() {
            assert_eq!(
                tuple(whole.get(..length).unwrap(), false, &mut |_, _, _| ()),
                None,
                "{length}"
            );
        }
    }
}
