//! Directories in text form (LDIF, RFC 2849), as exported from Active Directory and other directories: the
//! values of each entry as cells named after their attributes. Values that are not of ASCII stand in base 64.

use base64::Engine as _;

use super::super::decode::{decode_all, lines};
use super::super::inline_picture::LETTERS;
use super::super::records::Records;
use super::super::charset::looks_like_text;
use super::super::text_lines::each_line;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Ldif = Ldif;

/// Reads them.
pub(crate) struct Ldif;

static INFO: FormatInfo = FormatInfo {
    id: "ldif",
    title: "directory in text form (LDIF)",
    extensions: &["ldif", "ldf"],
    version: 1,
    isolated: false,
    reads: "values of all entries with the names of their attributes, those in base 64 too; pictures and \
        certificates are members",
};

/// A value that goes on over lines is not kept beyond this.
const MAX_VALUE_BYTES: usize = 16 * 1024 * 1024;

impl Format for Ldif {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let first = lines(head.bytes).map(<[u8]>::trim_ascii_end).find(|line| {
            let comment = line.first().is_none_or(|own| *own == b'#');
            !comment && !begins_with(line, b"version:")
        });
        let begins = |line: &[u8]| line.len() > 4 && begins_with(line, b"dn:") && line.contains(&b'=');
        let packed = |line: &[u8]| begins_with(line, b"dn::");
        if head.is_text && first.is_some_and(|line| begins(line) || packed(line)) {
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
        let mut entries = Entries {
            records: Records::new(),
            begun: String::new(),
            in_entry: false,
            stopped: None,
        };
        let whole = each_line(content, budget, &mut |line| entries.line(line, budget, sink))?;
        entries.line("", budget, sink);
        entries.records.finish(sink);
        if !whole {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        entries.stopped.map_or(Ok(()), Err)
    }
}

/// Whether a line begins with these letters, in either case.
fn begins_with(line: &[u8], letters: &[u8]) -> bool {
    let start = line.get(..letters.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(letters))
}

struct Entries {
    records: Records,
    /// A line that may go on in the next.
    begun: String,
    in_entry: bool,
    /// The limit that ended reading.
    stopped: Option<Problem>,
}

impl Entries {
    fn line(&mut self, line: &str, budget: &Budget, sink: &mut dyn Sink) {
        if self.stopped.is_some() {
            return;
        }
        if let Some(more) = line.strip_prefix(' ')
            && self.begun.len() < MAX_VALUE_BYTES
        {
            self.begun.push_str(more);
            return;
        }
        let begun = std::mem::replace(&mut self.begun, line.to_owned());
        let mut told = self.value(&begun, sink);
        if line.is_empty() && self.in_entry {
            self.in_entry = false;
            told = told.and(self.records.end(budget, sink));
        }
        self.stopped = told.err();
    }

    /// One value of an entry: `name: text`, `name:: base 64`, `name:< address`.
    fn value(&mut self, line: &str, sink: &mut dyn Sink) -> Result<(), Problem> {
        if line.is_empty() {
            return Ok(());
        }
        if !self.in_entry {
            self.records.begin();
            self.in_entry = true;
        }
        let (name, value) = line.split_once(':').unwrap_or(("", line));
        if line.starts_with('#') || name.len() > 100 {
            self.records.text("", line, sink);
        } else if let Some(packed) = value.strip_prefix(':') {
            let Ok(bytes) = LETTERS.decode(packed.trim()) else {
                self.records.text(name, packed.trim(), sink);
                return Ok(());
            };
            if looks_like_text(&bytes) {
                self.records.text(name, &decode_all(&bytes), sink);
            } else if is_file(name) {
                return sink.member(name.as_bytes(), &mut bytes.as_slice());
            }
        } else {
            self.records.text(name, value.strip_prefix('<').unwrap_or(value).trim(), sink);
        }
        Ok(())
    }
}

/// Whether the values of an attribute are files; others that are no text are numbers of the directory's own.
fn is_file(name: &str) -> bool {
    let name = name.split(';').next().unwrap_or_default().to_ascii_lowercase();
    name.contains("photo") || name.contains("picture") || name.contains("certificate") || name.contains("logo")
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    const TEXT: &str = "version: 1\n\n# Ansatte\ndn: CN=Kari,DC=firma,DC=example\ncn:: w4VzZSDDmGRlZ8OlcmQ=\nhomePhone: 406123\n 45\n\
        description:: fnr ikke base64\nobjectSid:: AQUAAAAAAAUVAAAA\njpegPhoto:: /9j/4AAQSkZJRg==\n\n\
        dn:: Q049w4VzZSxEQz1maXJtYQ==\nchangetype: add\nemployeeID: 15888610046\n";

    #[test]
    fn entries_are_rows_and_attributes_columns() {
        let seen = read("ad.ldif", TEXT.as_bytes());
        assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("ldif"), "scanned"));
        let cell = |name: &str, row| seen[0].cell(name, row);
        assert_eq!((cell("cn", 2), cell("homePhone", 2)), (Some("Åse Ødegård"), Some("40612345")));
        assert_eq!(cell("description", 2), Some("fnr ikke base64"));
        assert_eq!((cell("dn", 3), cell("employeeID", 3)), (Some("CN=Åse,DC=firma"), Some("15888610046")));
        assert_eq!((seen[1].path.as_str(), seen[1].format), ("ad.ldif!/jpegPhoto", Some("image")));
        assert!(seen[0].text.contains("# Ansatte") && !seen[0].text.contains("AQUAAA"));
    }

    #[test]
    fn other_text_that_begins_so_is_other_text() {
        assert_eq!(read_one("a.txt", b"dn: ukjent\n").format, Some("text"));
        for length in 0..TEXT.len() {
            if TEXT.is_char_boundary(length) {
                assert!(!read("ad.ldif", &TEXT.as_bytes()[..length])[0].ending().contains("panic"));
            }
        }
    }
}
