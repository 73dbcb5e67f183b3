//! Contact cards and calendars (vCard 2.1 to 4.0, iCalendar): each property is a cell under its name,
//! after a plain word where the name alone says nothing (`name.FN`, `birthday.BDAY`).
//!
//! Folded lines are joined and quoted-printable is decoded. Pictures and files within a card are told
//! and not read. Sources: RFC 6350 sections 3.2 to 3.4, RFC 5545 section 3.1, vCard 2.1 section 2.1.

use std::io::{BufRead, BufReader, Read};

use base64::Engine as _;
use encoding_rs::Encoding;

use super::super::cells::Cells;
use super::super::charset::looks_like_text;
use super::super::decode::decode_all;
use super::super::flow::Flow;
use super::super::inline_picture::LETTERS;
use super::super::written_file;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Vcard = Vcard;

/// Reads cards and calendars.
pub(crate) struct Vcard;

static INFO: FormatInfo = FormatInfo {
    id: "vcard",
    title: "contact card or calendar",
    extensions: &["vcf", "vcard", "ics", "ical"],
    version: 2,
    isolated: false,
    reads: "all properties and names of participants, each under the property's name; pictures and files within are members",
};

/// A property longer than this is cut, and the cut is told.
const MAX_PROPERTY_BYTES: usize = 64 * 1024;
/// The same for one that is a file in base 64.
const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Parameters are no longer.
const MAX_HEAD_BYTES: usize = 4096;

impl Format for Vcard {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let bytes = head.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head.bytes);
        let bytes = bytes.trim_ascii_start();
        let begins = |word: &[u8]| bytes.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
        if begins(b"BEGIN:VCARD") || begins(b"BEGIN:VCALENDAR") {
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
        let mut lines = Lines::new(content);
        let mut cards = Cards::new();
        while let Some(property) = lines.next().map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))? {
            budget.check()?;
            cards.property(&property, sink)?;
        }
        cards.cells.flush(&mut cards.flow, sink);
        Ok(())
    }
}

/// One property with its folded lines joined.
#[derive(Default)]
struct Property {
    line: Vec<u8>,
    cut: bool,
}

impl Property {
    fn push(&mut self, bytes: &[u8]) {
        let most = if is_file(if self.line.is_empty() { bytes } else { &self.line }) { MAX_FILE_BYTES } else { MAX_PROPERTY_BYTES };
        let room = most.saturating_sub(self.line.len());
        self.cut |= bytes.len() > room;
        self.line.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
    }

    /// Whether the value goes on in the next line by quoted-printable's own rule.
    fn is_soft(&self) -> bool {
        self.line.last() == Some(&b'=') && is_quoted(&self.line)
    }
}

/// Whether the parameters say quoted-printable.
fn is_quoted(line: &[u8]) -> bool {
    memchr::memmem::find(&head_of(line), b"QUOTED-PRINTABLE").is_some()
}

/// Whether the parameters say base 64, or the value is a `data:` address.
fn is_file(line: &[u8]) -> bool {
    let head = head_of(line);
    let value = line.get(head.len() + 1..).unwrap_or_default();
    [b"ENCODING=B".as_slice(), b";BASE64"].iter().any(|own| memchr::memmem::find(&head, own).is_some())
        || value.get(..5).is_some_and(|own| own.eq_ignore_ascii_case(b"data:"))
}

/// The name and parameters of a line, in capitals.
fn head_of(line: &[u8]) -> Vec<u8> {
    let colon = memchr::memchr(b':', line.get(..MAX_HEAD_BYTES.min(line.len())).unwrap_or_default()).unwrap_or(0);
    line.get(..colon).unwrap_or_default().to_ascii_uppercase()
}

/// Joins folded lines.
struct Lines<R> {
    source: BufReader<R>,
    /// The line that was read ahead, with its cut.
    ahead: Option<Property>,
}

impl<R: Read> Lines<R> {
    fn new(source: R) -> Self {
        Self {
            source: BufReader::new(source),
            ahead: None,
        }
    }

    fn next(&mut self) -> std::io::Result<Option<Property>> {
        let Some(mut property) = self.line()? else {
            return Ok(None);
        };
        while let Some(line) = self.line()? {
            let folded = matches!(line.line.first(), Some(b' ' | b'\t'));
            if property.is_soft() {
                property.line.pop();
                property.push(&line.line);
            } else if folded {
                property.push(line.line.get(1..).unwrap_or_default());
            } else {
                self.ahead = Some(line);
                break;
            }
            property.cut |= line.cut;
        }
        Ok(Some(property))
    }

    /// One line without its end; what is beyond the bound is passed over.
    fn line(&mut self) -> std::io::Result<Option<Property>> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = Property::default();
        let mut any = false;
        loop {
            let block = self.source.fill_buf()?;
            if block.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', block);
            line.push(block.get(..end.unwrap_or(block.len())).unwrap_or_default());
            let used = end.map_or(block.len(), |end| end + 1);
            self.source.consume(used);
            if end.is_some() {
                break;
            }
        }
        if line.line.last() == Some(&b'\r') {
            line.line.pop();
        }
        Ok(any.then_some(line))
    }
}

/// Puts properties into cells.
struct Cards {
    cells: Cells,
    flow: Flow,
    /// The card or entry, from 1.
    row: u64,
}

impl Cards {
    fn new() -> Self {
        Self {
            cells: Cells::new(),
            flow: Flow::new(),
            row: 0,
        }
    }

    fn property(&mut self, property: &Property, sink: &mut dyn Sink) -> Result<(), Problem> {
        let (head, value) = split(&property.line);
        let head = decode_all(head);
        let mut parameters = parameters(&head);
        let name = parameters.next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or(name).trim_start_matches('\u{feff}');
        if name.eq_ignore_ascii_case("BEGIN") {
            self.row += 1;
            return Ok(());
        }
        if name.eq_ignore_ascii_case("END") {
            return Ok(());
        }
        let coding = Coding::of(parameters.clone());
        self.participants(parameters);
        if coding.binary || value.get(..5).is_some_and(|own| own.eq_ignore_ascii_case(b"data:")) {
            if let Some(bytes) = file(value).filter(|_| !property.cut) {
                return self.file(name, &bytes, sink);
            }
            let problem = Problem::new(unread(name), Stage::Extract);
            sink.unread_member(name.as_bytes(), problem);
            return Ok(());
        }
        let value = coding.decoded(value);
        self.add(name, plain(&value).trim());
        if property.cut {
            sink.incomplete(Problem::new(ProblemKind::LimitMemory, Stage::Extract).at(self.row));
        }
        if self.cells.is_full() {
            self.cells.flush(&mut self.flow, sink);
        }
        Ok(())
    }

    /// A value in base 64: a note is text, all else a member.
    fn file(&mut self, name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), Problem> {
        if !name.eq_ignore_ascii_case("ATTACH") && looks_like_text(bytes) {
            self.add(name, decode_all(bytes).trim());
            return Ok(());
        }
        sink.member(name.as_bytes(), &mut &*bytes)
    }

    /// Names and addresses that stand in the parameters of a property.
    fn participants<'p>(&mut self, parameters: impl Iterator<Item = &'p str>) {
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if ["CN", "EMAIL", "SENT-BY", "MEMBER", "LABEL"].iter().any(|own| own.eq_ignore_ascii_case(name)) {
                self.add(name, value.trim_matches('"'));
            }
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            let field = self.cells.field(&field_name(name), false);
            self.cells.add(field, self.row.max(1), value);
        }
    }
}

fn field_name(property: &str) -> String {
    let property = property.to_ascii_uppercase();
    let word = match property.as_str() {
        "FN" | "N" | "CN" => "name.",
        "BDAY" => "birthday.",
        "ADR" => "address.",
        _ => "",
    };
    format!("{word}{property}")
}

/// The bytes of a value in base 64, or of a `data:` address.
fn file(value: &[u8]) -> Option<Vec<u8>> {
    if let Ok(text) = str::from_utf8(value)
        && let Some((bytes, _)) = written_file::of_address(text)
    {
        return Some(bytes);
    }
    let letters: Vec<u8> = value.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LETTERS.decode(letters).ok()
}

fn unread(name: &str) -> ProblemKind {
    if name.eq_ignore_ascii_case("PHOTO") || name.eq_ignore_ascii_case("LOGO") {
        ProblemKind::ImageWithoutText
    } else {
        ProblemKind::Unsupported
    }
}

/// Name with parameters, and value; a colon between quotation marks parts nothing. A line without a
/// colon is a value without a name.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let mut quoted = false;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b':' if !quoted => {
                return (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default());
            }
            _ => {}
        }
    }
    (b"", line)
}

/// The name and the parameters; a semicolon between quotation marks parts nothing.
fn parameters(head: &str) -> impl Iterator<Item = &str> + Clone {
    let mut quoted = false;
    head.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
}

/// How a value is written.
#[derive(Default)]
struct Coding {
    quoted: bool,
    binary: bool,
    charset: Option<&'static Encoding>,
}

impl Coding {
    fn of<'p>(parameters: impl Iterator<Item = &'p str>) -> Self {
        let mut coding = Self::default();
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').unwrap_or(("ENCODING", parameter));
            match name.to_ascii_uppercase().as_str() {
                "ENCODING" => {
                    coding.quoted |= value.eq_ignore_ascii_case("QUOTED-PRINTABLE");
                    coding.binary |= value.eq_ignore_ascii_case("BASE64") || value.eq_ignore_ascii_case("B");
                }
                "CHARSET" => coding.charset = Encoding::for_label(value.as_bytes()),
                _ => {}
            }
        }
        coding
    }

    fn decoded(&self, value: &[u8]) -> String {
        let unquoted;
        let bytes = if self.quoted {
            unquoted = unquote(value);
            &unquoted
        } else {
            value
        };
        match self.charset {
            Some(charset) if str::from_utf8(bytes).is_err() => charset.decode_without_bom_handling(bytes).0.into_owned(),
            Some(_) | None => decode_all(bytes),
        }
    }
}

/// Quoted-printable bytes as they are meant; what is no escape stays as it is.
fn unquote(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut at = 0;
    let digit = |at: usize| value.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    while let Some(byte) = value.get(at) {
        let escape = (*byte == b'=').then(|| digit(at + 1).zip(digit(at + 2))).flatten();
        let meant = escape.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(meant.unwrap_or(*byte));
        at += if meant.is_some() { 3 } else { 1 };
    }
    bytes
}

/// The value without its escapes; parts of a structured value are told apart by a comma and a space.
fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            ';' if text.is_empty() || text.ends_with(", ") => {}
            ';' => text.push_str(", "),
            other => text.push(other),
        }
    }
    text.truncate(text.trim_end_matches([',', ' ']).len());
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    #[test]
    fn properties_are_cells_under_their_names() {
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Åse Ødegård\r\nN:Ødegård;Åse;;;\r\n\
            item1.TEL;TYPE=\"cell;voice\":406\r\n  12 345\r\nBDAY:1986-05-15\r\nNOTE:ring\\, eller\\nskriv\r\n\
            END:VCARD\r\nBEGIN:VCARD\r\nFN:Per\r\nPHOTO;ENCODING=b:/9j/4AAQ\r\n SkZJRg==\r\nNOTE;ENCODING=BASE64:S2FyaQ==\r\nATTACH;FILENAME=a.txt;ENCODING=BASE64:SGVpIGR1\r\nEND:VCARD\r\n";
        let seen = read("a.vcf", card.as_bytes());
        let own = &seen[0];
        assert_eq!(own.format, Some("vcard"));
        assert_eq!(own.cell("name.FN", 1), Some("Åse Ødegård"));
        assert_eq!(own.cell("name.N", 1), Some("Ødegård, Åse"));
        assert_eq!(own.cell("TEL", 1), Some("406 12 345"));
        assert_eq!(own.cell("birthday.BDAY", 1), Some("1986-05-15"));
        assert_eq!(own.cell("NOTE", 1), Some("ring, eller\nskriv"));
        assert_eq!(own.cell("name.FN", 2), Some("Per"));
        assert_eq!(own.cell("NOTE", 2), Some("Kari"));
        assert!(!own.text.contains("SkZJ"));
        assert_eq!((seen[1].format, seen[1].ending().as_str()), (Some("image"), "skipped image-without-text"));
        assert_eq!((seen[2].path.as_str(), seen[2].text.as_str()), ("a.vcf!/ATTACH", "Hei du"));
        assert_eq!(own.ending(), "scanned");
    }

    #[test]
    fn quoted_printable_of_old_cards_is_decoded() {
        let card = "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85se =C3=98de=\ng=C3=A5rd\n\
            ADR;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:;;Bj=F8rkveien 1;Oslo\nEND:VCARD\n";
        let seen = read_one("a.vcf", card.as_bytes());
        assert_eq!(seen.cell("name.FN", 1), Some("Åse Ødegård"));
        assert_eq!(seen.cell("address.ADR", 1), Some("Bjørkveien 1, Oslo"));
    }

    #[test]
    fn people_in_a_calendar_are_read() {
        let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Samtale\n\
            ATTENDEE;CN=\"Nordmann; Kari\";ROLE=CHAIR:mailto:ka\n ri@example.no\nEND:VEVENT\nEND:VCALENDAR\n";
        let seen = read_one("a.ics", calendar.as_bytes());
        assert_eq!(seen.cell("name.CN", 2), Some("Nordmann; Kari"));
        assert_eq!(seen.cell("ATTENDEE", 2), Some("mailto:kari@example.no"));
    }

    #[test]
    fn what_is_too_long_or_cut_is_told_or_read() {
        let long = format!("BEGIN:VCARD\nNOTE:{}\nFN:Per\n", "a".repeat(100_000));
        let seen = read_one("a.vcf", long.as_bytes());
        assert_eq!(seen.ending(), "partial limit-memory");
        assert_eq!(seen.cell("name.FN", 1), Some("Per"));
        let card = b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:=C3=85=\n\n =\xE5;\\";
        for cut in 0..card.len() {
            assert!(!read_one("a.vcf", &card[..cut]).ending().contains("panic"));
        }
    }
}
