//! JSON, and one JSON value per line: each value as a cell named after the path of keys to it.
//!
//! It is lenient: what breaks the grammar is a value like any other, so that no text is lost. Array
//! indices are no part of a path, and neither are keys that look like data; those are values. Lists of
//! lists are tables: `json_table` names their columns.

use std::io::{BufRead, Read};

use super::super::decode::Utf8Reader;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::json_tree::Tree;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Json = Json;

/// Reads JSON.
pub(crate) struct Json;

static INFO: FormatInfo = FormatInfo {
    id: "json",
    title: "JSON, JSON lines",
    extensions: &["json", "jsonl", "ndjson", "geojson", "har"],
    version: 5,
    isolated: false,
    reads: "all values with the paths of their keys, and the columns of lists of lists; files in base 64 are members; broken JSON as far as it goes, and beyond",
};

/// Whether a list may begin so whose first item begins with `next`. A number has to end as one in a list: a line
/// of a log begins with its time in brackets, and a footnote with its number.
fn begins_list(head: &[u8], next: u8) -> bool {
    if !matches!(next, b'-' | b'0'..=b'9') {
        return begins_item(next);
    }
    let of_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let start = memchr::memchr(b'[', head).and_then(|at| head.get(at + 1..)).unwrap_or_default();
    let start = start.trim_ascii_start();
    let length = start.iter().take_while(|byte| of_number(byte)).count();
    let (number, rest) = start.split_at_checked(length).unwrap_or_default();
    let is_number = str::from_utf8(number).is_ok_and(|number| number.parse::<f64>().is_ok());
    let rest = rest.trim_ascii_start();
    let after_list = rest.strip_prefix(b"]").map(|after| {
        let blank = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        after.get(blank..).unwrap_or_default()
    });
    is_number
        && match after_list {
            None => rest.first().is_none_or(|byte| *byte == b','),
            Some(after) => after.first().is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b',' | b'[')),
        }
}

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
            (Some(b'['), next) => next.is_none_or(|next| begins_list(head.bytes, next)),
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
            tree.take(block, sink)?;
            reader.consume(length);
        }
        tree.finish(sink)?;
        tell_lossy(&reader, sink);
        Ok(())
    }
}

fn tell_lossy<R: Read>(reader: &Utf8Reader<R>, sink: &mut dyn Sink) {
    if reader.is_lossy() {
        sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::super::recorder::{read, read_one};

    #[test]
    fn tables_of_toml_times_and_footnotes_are_no_lists() {
        for (text, format) in [
            ("[[kunde]]\nfnr = \"15814599999\"\n", "text"),
            ("[[1, 2], [3]]", "json"),
            ("[[\"kunde\"]]", "json"),
            ("[\n  [\n    {\"a\": 1}]]", "json"),
            ("[1, 2.5e3]", "json"),
            (" [ -7 ]\n", "json"),
            ("[2024-03-12 10:11:12,123] INFO fnr: 15814599999\n", "text"),
            ("[12.03.2024, 10:11:12] Kari: tlf 40612345\n", "text"),
            ("[1] Se vedlegg: 2\n", "text"),
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
    fn files_in_base_64_are_members_and_double_encoding_is_undone() {
        use base64::Engine as _;
        let pdf = format!("%PDF-1.4\n{}", "Kari Nordmann ".repeat(10_000));
        let packed = base64::prelude::BASE64_STANDARD.encode(&pdf);
        for text in [packed.clone(), format!("data:application/pdf;base64,{packed}")] {
            let json = format!(r#"{{"fil": "{text}", "navn": "\u00c3\u0085se \u00c3\u00b8"}}"#);
            let seen = read("a.json", json.as_bytes());
            assert_eq!((seen[1].path.as_str(), seen[1].format), ("a.json!/fil.pdf", Some("pdf")));
            assert_eq!((seen[0].cell("navn", 1), seen[0].cell("fil", 1)), (Some("Åse ø"), None));
        }
        let broken = format!(r#"{{"fil": "{packed}!", "navn": "Ã\u0085 eller Å"}}"#);
        let seen = read("a.json", broken.as_bytes()).remove(0);
        assert!(seen.text.contains("JVBERi0") && seen.text.contains("Ã\u{85} eller Å"));
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
