//! What is more than text in a text: files in base 64 or hexadecimal digits, and blocks that somebody encrypted.
//!
//! Every piece of every format passes here on its way out, so that none has to look for them in its cells,
//! attributes and lines. Formats that keep files in places of their own hand those out themselves, without their
//! letters. Here the letters stay text as well.

use super::charset::looks_like_text;
use super::written_file::{self, Files, Writing};
use crate::model::{Cell, Field, Layout, Piece, ProblemKind};

/// Letters in a row without which no file is looked for: lines of folded base 64 have 60 to 76.
const FEWEST: usize = 60;
/// Lines up to this length may be those of one folded file.
const WIDEST_FOLD: usize = 512;
/// Bytes at the end of a piece that are looked at again with what continues it.
const KEPT: usize = 128;

/// Bytes of a column's name that a file is called by.
const LONGEST_NAME: usize = 100;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// Labels of what nobody reads without a key: `OpenPGP`, RFC 9580 6.2, and age.
pub(super) const ENCRYPTED: &[&str] = &[
    "PGP MESSAGE",
    "PGP PUBLIC KEY ENCRYPTED MESSAGE",
    "AGE ENCRYPTED FILE",
];
/// Bytes within which the letters of an encrypted block begin, behind its headers.
const ARMOUR_HEADERS: usize = 512;
/// Letters that its first line has at least. No word has as many.
const ARMOUR_LINE: usize = 48;

/// What stands in a text.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// A file, and what it is called.
    File {
        /// After its column and row, or by its number.
        name: String,
        /// What the letters stand for.
        bytes: Vec<u8>,
    },
    /// Something that is not read, and why.
    Unread(ProblemKind),
}

/// What is known of one object's text so far.
#[derive(Default)]
pub(super) struct InText {
    /// A file whose letters may go on in the next piece.
    open: Option<Run>,
    files: u32,
    told_encrypted: bool,
    /// The end of the running text, as far as the next piece may continue it.
    end: String,
}

impl InText {
    /// What stands in a piece; a file that may go on in the next piece is told with that. Files with more than
    /// `most` letters are told as unread.
    pub(super) fn look(&mut self, piece: &Piece<'_>, most: usize) -> Vec<Found> {
        let mut found = Vec::new();
        let (cells, fields, continues) = match piece.layout {
            Layout::Flow { continues, .. } => ([].as_slice(), [].as_slice(), continues),
            Layout::Cells { cells, fields } => (cells, fields, false),
        };
        if !continues {
            found.extend(self.close(most));
            self.end.clear();
        }
        self.look_for_armour(piece.text, &mut found);
        let mut at = self.go_on(piece.text, most, &mut found);
        while let Some(start) = long_run(piece.text.as_bytes(), at) {
            let start = start + usize::from(is_escaped(piece.text.as_bytes(), start));
            let text = part_from(piece.text, cells, start);
            let (length, run) = Run::begin(text);
            at = start + length;
            let Some(mut run) = run else { continue };
            run.column = column(cells, fields, start);
            let goes_on = at == piece.text.len() && matches!(piece.layout, Layout::Flow { .. });
            self.open = Some(run);
            if !goes_on {
                found.extend(self.close(most));
            }
        }
        if matches!(piece.layout, Layout::Flow { .. }) {
            self.keep_end(piece.text);
        }
        found
    }

    /// The file that the text ended with; nothing of the object comes after it.
    pub(super) fn finish(&mut self, most: usize) -> Option<Found> {
        self.close(most)
    }

    /// Goes on with the file that the last piece ended in, or that began at its very end. Returns how much of the
    /// text belongs to it.
    fn go_on(&mut self, text: &str, most: usize, found: &mut Vec<Found>) -> usize {
        if self.open.is_none() {
            self.open = self.begun_before(text);
        }
        let Some(run) = &mut self.open else {
            return 0;
        };
        let length = run.take(text.as_bytes());
        if length < text.len() || run.letters.len() > most {
            found.extend(self.close(most));
        }
        length
    }

    /// The file whose first letters, too few to be seen then, ended the last piece.
    fn begun_before(&self, text: &str) -> Option<Run> {
        let letters = self
            .end
            .bytes()
            .rev()
            .take_while(|byte| is_letter(*byte))
            .count();
        if letters == 0 || letters >= FEWEST {
            return None;
        }
        let joined = [&self.end, text.get(..text.floor_char_boundary(KEPT))?].concat();
        let start = self.end.len() - letters;
        let start = start + usize::from(is_escaped(joined.as_bytes(), start));
        if long_run(joined.as_bytes(), start) != Some(start) {
            return None;
        }
        let run = Run::begin(joined.get(start..)?).1?;
        // The letters of this piece are taken with it.
        let mut run = Run {
            letters: Vec::new(),
            line: 0,
            width: None,
            breaks: 0,
            ..run
        };
        run.take(self.end.as_bytes().get(start + run.before..)?);
        Some(run)
    }

    /// Ends the file that is open.
    fn close(&mut self, most: usize) -> Option<Found> {
        let run = self.open.take()?;
        if run.letters.len() > most {
            return Some(Found::Unread(ProblemKind::LimitMemory));
        }
        let bytes = written_file::decoded(run.writing, &run.letters)?;
        // What begins with words and goes on otherwise is no text, as profiles in pictures are.
        if run.ending == "txt" && !looks_like_text(&bytes) {
            return None;
        }
        self.files += 1;
        if self.files > Files::MAX {
            return Some(Found::Unread(ProblemKind::LimitMembers));
        }
        let stem = run.column.unwrap_or_else(|| format!("file-{}", self.files));
        let name = format!("{stem}.{}", run.ending);
        Some(Found::File { name, bytes })
    }

    /// Tells once whether something encrypted stands in the text.
    fn look_for_armour(&mut self, text: &str, found: &mut Vec<Found>) {
        let over_seam = || {
            let first = text
                .get(..text.floor_char_boundary(ARMOUR_HEADERS))
                .unwrap_or_default();
            !self.end.is_empty() && holds_encrypted(&[&self.end, first].concat())
        };
        if !self.told_encrypted && (holds_encrypted(text) || over_seam()) {
            self.told_encrypted = true;
            found.push(Found::Unread(ProblemKind::Encrypted));
        }
    }

    fn keep_end(&mut self, text: &str) {
        if text.len() >= KEPT {
            self.end.clear();
        }
        self.end.push_str(
            text.get(text.ceil_char_boundary(text.len().saturating_sub(KEPT))..)
                .unwrap_or_default(),
        );
        let from = self
            .end
            .ceil_char_boundary(self.end.len().saturating_sub(KEPT));
        self.end.drain(..from);
    }
}

/// Whether a block that somebody encrypted stands in a text: its label, and letters behind it. A text that only speaks
/// of the label holds none.
fn holds_encrypted(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), BEGIN.as_bytes()).any(|at| {
        let label = text.get(at + BEGIN.len()..).unwrap_or_default();
        let inside = ENCRYPTED
            .iter()
            .find_map(|own| label.strip_prefix(own)?.strip_prefix(DASHES));
        inside.is_some_and(|inside| {
            let head = inside
                .as_bytes()
                .get(..ARMOUR_HEADERS)
                .unwrap_or(inside.as_bytes());
            // Behind the end of a piece they may stand in the next.
            head.trim_ascii().is_empty() || has_run(head, ARMOUR_LINE)
        })
    })
}

fn has_run(bytes: &[u8], least: usize) -> bool {
    bytes
        .split(|byte| !is_letter(*byte))
        .any(|run| run.len() >= least)
}

/// The part of a text from `start` to the end of its cell, or of what stands between cells.
fn part_from<'t>(text: &'t str, cells: &[Cell], start: usize) -> &'t str {
    let next = cells.partition_point(|cell| cell.start as usize <= start);
    let own = next.checked_sub(1).and_then(|at| cells.get(at));
    let end = match own.filter(|cell| start < cell.end as usize) {
        Some(cell) => cell.end as usize,
        None => cells
            .get(next)
            .map_or(text.len(), |cell| cell.start as usize),
    };
    text.get(start..end).unwrap_or_default()
}

/// The column and row of what begins at `start`, where it has a column.
fn column(cells: &[Cell], fields: &[Field], start: usize) -> Option<String> {
    let next = cells.partition_point(|cell| cell.start as usize <= start);
    let cell = next.checked_sub(1).and_then(|at| cells.get(at))?;
    let field = fields.get(usize::try_from(cell.field).ok()?)?;
    let name = field
        .name
        .get(..field.name.floor_char_boundary(LONGEST_NAME))?;
    (start < cell.end as usize && !name.is_empty()).then(|| format!("{name}-{}", cell.row))
}

/// Where the first of at least [`FEWEST`] letters in a row stands, from `from` on. Of other text one byte in some ten
/// is looked at: where no letter is, none of as many before it begins such a row.
fn long_run(bytes: &[u8], from: usize) -> Option<usize> {
    let mut probe = from + FEWEST - 1;
    while let Some(byte) = bytes.get(probe) {
        if !is_letter(*byte) {
            probe += FEWEST;
            continue;
        }
        let before = bytes.get(from..probe).unwrap_or_default();
        let back = before
            .iter()
            .rev()
            .take(FEWEST - 1)
            .take_while(|byte| is_letter(**byte));
        let start = probe - back.count();
        let row = bytes.get(start..start + FEWEST)?;
        match row.iter().position(|byte| !is_letter(*byte)) {
            Some(end) => probe = start + end + FEWEST,
            None => return Some(start),
        }
    }
    None
}

/// Whether the letter at `start` only ends a line, as `\n` does in strings of programs.
fn is_escaped(bytes: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at..=start));
    matches!(before, Some([b'\\', b'n' | b'r' | b't']))
}

/// The letters of base 64, hexadecimal digits among them.
const LETTERS: [bool; 256] = {
    let mut letters = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let own = byte as u8;
        letters[byte] = own.is_ascii_alphanumeric() || matches!(own, b'+' | b'/');
        byte += 1;
    }
    letters
};

fn is_letter(byte: u8) -> bool {
    LETTERS[usize::from(byte)]
}

/// The letters of a file.
struct Run {
    writing: Writing,
    ending: &'static str,
    /// Bytes that stand before the letters: `0x`.
    before: usize,
    letters: Vec<u8>,
    /// Letters of the line that they stand in, and of the first one once it ended.
    line: usize,
    width: Option<usize>,
    /// Line breaks since the last letter.
    breaks: u32,
    column: Option<String>,
}

impl Run {
    /// The file that a text begins with, if it begins with one, and how much of the text was looked at.
    fn begin(text: &str) -> (usize, Option<Self>) {
        let begun = written_file::begins_as(text).or_else(|| written_file::begins_as_words(text));
        let Some((writing, before, ending)) = begun else {
            let end = text.bytes().position(|byte| !is_letter(byte));
            return (end.unwrap_or(text.len()), None);
        };
        let mut run = Self {
            writing,
            ending,
            before,
            letters: Vec::new(),
            line: 0,
            width: None,
            breaks: 0,
            column: None,
        };
        let length = run.take(text.as_bytes().get(before..).unwrap_or_default());
        (before + length, Some(run))
    }

    /// Takes the letters that go on, over the ends of lines of one length. Returns how many bytes belong to them.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.begins_line(rest) {
                return at;
            }
            let row = rest
                .iter()
                .take_while(|byte| self.writing.has(**byte))
                .count();
            if row > 0 {
                self.letters.extend(rest.get(..row).unwrap_or_default());
                self.line += row;
                self.breaks = 0;
                at += row;
                continue;
            }
            let (end, length) = match rest {
                [b'\\', b'n', ..] => (b'\n', 2),
                [b'\\', b'r', ..] => (b'\r', 2),
                [own, ..] => (*own, 1),
                [] => return at,
            };
            if !self.ends_line(end) {
                return at;
            }
            at += length;
        }
        at
    }

    /// Whether another file begins on a new line.
    fn begins_line(&self, rest: &[u8]) -> bool {
        let head = rest.get(..rest.len().min(KEPT)).unwrap_or_default();
        self.line == 0
            && self.width.is_some()
            && str::from_utf8(head).is_ok_and(|head| written_file::begins_as(head).is_some())
    }

    /// Whether a byte only folds the letters: the end of a line as long as the first, or a blank behind it.
    fn ends_line(&mut self, byte: u8) -> bool {
        let first = *self.width.get_or_insert(self.line);
        let is_whole =
            self.line == 0 || (self.line == first && (FEWEST..=WIDEST_FOLD).contains(&first));
        let is_blank = match byte {
            b'\n' => {
                self.breaks += 1;
                self.breaks == 1
            }
            b'\r' => self.breaks == 0,
            b' ' | b'\t' => self.line == 0,
            _ => false,
        };
        self.line = 0;
        is_whole && is_blank
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::super::recorder::{Seen, read};
    use super::*;

    /// A page of HTML, which a reader needs no library for.
    fn page() -> String {
        format!(
            "<!DOCTYPE html><p>{}fnr 15814599999</p>",
            "Kari bor i Moss. ".repeat(40)
        )
    }

    fn digits(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |digits, byte| {
            digits + &format!("{byte:02x}")
        })
    }

    fn first(text: &str, bytes: usize) -> &str {
        text.get(..bytes).unwrap()
    }

    /// A text in UTF-16.
    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn folded(letters: &str, width: usize, end: &str) -> String {
        let lines = letters
            .as_bytes()
            .chunks(width)
            .map(|line| str::from_utf8(line).unwrap());
        lines.collect::<Vec<_>>().join(end)
    }

    fn members(seen: &[Seen]) -> Vec<&str> {
        seen[1..]
            .iter()
            .map(|own| own.path.split_once("!/").unwrap().1)
            .collect()
    }

    #[test]
    fn files_in_cells_and_lines_are_members() {
        let packed = BASE64_STANDARD.encode(page());
        let hex = digits(page().as_bytes());
        let csv = format!(
            "id;fil\n1;{packed}\n2;\\x{hex}\n3;0x{}\n4;\"{}\"\n",
            hex.to_uppercase(),
            folded(&packed, 76, "\r\n")
        );
        let seen = read("a.csv", csv.as_bytes());
        assert_eq!(
            members(&seen),
            ["fil-1.html", "fil-2.html", "fil-3.html", "fil-4.html"]
        );
        let texts = [
            format!("Vedlegg:\n{}\nHilsen Per\n", folded(&packed, 76, "\n")),
            format!("background: url(data:text/html;base64,{packed})\n"),
            format!("![x](data:text/html;base64,{packed}) og mer"),
            format!("dump 0x{hex}\n"),
            format!("rad {}\n", folded(&hex, 128, "\n    ")),
            format!("<?xml version='1.0'?><a><b c='{packed}'/></a>"),
            format!("INSERT INTO t (id, fil) VALUES (1, '{packed}');\n"),
        ];
        for text in &texts {
            let seen = read("a.txt", text.as_bytes());
            assert_eq!(
                (seen.len(), seen[0].ending().as_str()),
                (2, "scanned"),
                "{text}"
            );
            assert!(seen[1].text.contains("fnr 15814599999"), "{text}");
            assert_eq!(
                seen[1].end.as_ref().unwrap().bytes,
                page().len() as u64,
                "{text}"
            );
        }
    }

    #[test]
    fn text_is_told_from_noise() {
        let words = "Kari bor i Moss og har fødselsnummer 15814599999. ".repeat(3);
        let packed = BASE64_STANDARD.encode(&words);
        for text in [
            format!("{}\n", folded(&digits(words.as_bytes()), 60, "\n")),
            format!("powershell -e {}\n", BASE64_STANDARD.encode(wide(&words))),
            format!("token {packed}\n"),
            format!("\\x{}\n", digits(words.as_bytes())),
            format!("{{\"content\": {{\"encoding\": \"base64\", \"text\": \"{packed}\"}}}}"),
            format!("log: {{\\\"a\\\":\\\"{}\\\"}}", folded(&packed, 76, "\\n")),
            format!("log: \\n{}\n", folded(&packed, 76, "\\r\\n")),
        ] {
            let seen = read("a.txt", text.as_bytes());
            assert_eq!(
                (seen.len(), seen[1].text.as_str()),
                (2, words.as_str()),
                "{text}"
            );
        }
    }

    #[test]
    fn files_over_seams_of_pieces_arrive_whole() {
        let bytes = format!("<!DOCTYPE html>{}", "Kari bor i Moss. ".repeat(60_001));
        let packed = BASE64_STANDARD.encode(&bytes);
        let at_seam = 256 * 1024;
        for before in [
            3,
            at_seam - 90,
            at_seam - 61,
            at_seam - 40,
            at_seam - 12,
            at_seam - 1,
            at_seam,
        ] {
            for width in [76, packed.len()] {
                let filler = first(&"ord ".repeat(before / 4 + 1), before - 1).to_owned() + "\n";
                let text = [&filler, folded(&packed, width, "\n").as_str(), "\nslutt\n"].concat();
                let seen = read("a.txt", text.as_bytes());
                let length = seen.get(1).map(|own| own.end.as_ref().unwrap().bytes);
                assert_eq!(
                    (seen.len(), length),
                    (2, Some(bytes.len() as u64)),
                    "{before} {width}"
                );
            }
        }
        for cell in [packed.clone(), format!("\"{}\"", folded(&packed, 76, "\n"))] {
            let csv = format!("id;fil;navn\n1;{cell};Kari\n2;x;Per\n3;y;Liv\n");
            let seen = read("a.csv", csv.as_bytes());
            let length = seen[1].end.as_ref().unwrap().bytes;
            assert_eq!((seen.len(), length), (2, bytes.len() as u64));
            assert!(
                seen[0]
                    .cells
                    .iter()
                    .any(|(name, _, value)| name == "navn" && value == "Liv")
            );
        }
    }

    #[test]
    fn what_only_looks_like_a_file_stays_text() {
        let packed = BASE64_STANDARD.encode(page());
        for text in [
            "x".repeat(5000),
            BASE64_STANDARD.encode("\u{1}bare ord, og flere ord, ".repeat(90)),
            BASE64_STANDARD.encode("aaaaaaaaa".repeat(90)),
            first(&packed, 50).to_owned(),
            format!("{}{}", digits(&page().as_bytes()[15..99]), "0001".repeat(99)),
            format!("a{packed}"),
            digits(&b"\xFF\xD8\xFF\xE0 en sum av 512 biter, i seksten ganger fire tall, ikke et bilde."[..64]),
            folded(&packed, 20, "\n"),
        ] {
            assert_eq!(read("a.txt", text.as_bytes()).len(), 1, "{text}");
        }
        // What was cut off is a file still.
        assert_eq!(
            read("a.txt", &packed.as_bytes()[..703])[1].format,
            Some("html")
        );
        let half = first(&packed, 240);
        let two = format!("{half}\n{half}\n");
        assert_eq!(
            members(&read("a.txt", two.as_bytes())),
            ["file-1.html", "file-2.html"]
        );
    }

    #[test]
    fn files_that_are_too_long_or_too_many_are_told() {
        let packed = BASE64_STANDARD.encode(page());
        let mut own = InText::default();
        let layout = Layout::Flow {
            origin: crate::model::Origin::Page(1),
            continues: true,
        };
        let text = packed.as_str();
        assert_eq!(own.look(&Piece { text, layout }, 500), []);
        assert_eq!(
            own.finish(500),
            Some(Found::Unread(ProblemKind::LimitMemory))
        );
        own.files = Files::MAX;
        assert_eq!(own.look(&Piece { text, layout }, 5000), []);
        assert_eq!(
            own.finish(5000),
            Some(Found::Unread(ProblemKind::LimitMembers))
        );
    }

    #[test]
    fn what_is_encrypted_within_a_text_is_told() {
        let line = "hQEMA+abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
        let block = format!(
            "-----BEGIN PGP MESSAGE-----\nVersion: GnuPG v2\n\n{line}\n=abcd\n-----END PGP MESSAGE-----\n"
        );
        let texts = [
            format!("Hei\n\n{block}Hilsen Kari\n"),
            format!("id;brev\n1;\"{block}\"\n2;hei\n"),
            format!(
                "{{\"a\": \"Hei\", \"b\": \"{}\"}}",
                block.replace('\n', "\\n")
            ),
            format!("<!DOCTYPE html><p>Hei</p><pre>{block}</pre>"),
            format!("{}\n{block}", "ord ".repeat(65_533)),
        ];
        for text in &texts {
            let seen = read("a.txt", text.as_bytes());
            assert_eq!(
                seen[0].ending(),
                "partial encrypted",
                "{:?}",
                text.get(..99)
            );
        }
        let spoken = "Linjen -----BEGIN PGP MESSAGE----- står foran alt som er kryptert med denne nøkkelen.\n";
        for text in [spoken, "-----BEGIN PGP SIGNED MESSAGE-----\n\nKari\n"] {
            assert_eq!(
                read("a.txt", text.as_bytes())[0].ending(),
                "scanned",
                "{text}"
            );
        }
    }
}
