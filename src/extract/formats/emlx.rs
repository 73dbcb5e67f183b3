//! Messages as Apple Mail keeps them: the length of a mail message in a line of its own, the message, and
//! after it a list of what the program knows of it.

use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use super::eml;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Emlx = Emlx;

/// Reads them.
pub(crate) struct Emlx;

static INFO: FormatInfo = FormatInfo {
    id: "emlx",
    title: "message of Apple Mail",
    extensions: &["emlx"],
    version: 1,
    isolated: false,
    reads: "as a mail message; what the program knows of it as text",
};

/// The line that tells the length is no longer, its padding included.
const MAX_LINE_BYTES: usize = 32;

impl Format for Emlx {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let message = length(head.bytes).and_then(|(_, from)| head.bytes.get(from..));
        if head.is_text && message.is_some_and(|own| eml::is_message(own, true)) {
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
        let malformed = Problem::new(ProblemKind::Malformed, Stage::Extract);
        let bytes = content.whole(budget)?;
        let (length, from) = length(&bytes).ok_or(malformed)?;
        let rest = bytes.get(from..).ok_or(malformed)?;
        let (message, list) = rest.split_at_checked(length).unwrap_or((rest, b""));
        if message.len() < length {
            sink.incomplete(malformed);
        }
        eml::FORMAT.read(&mut Content::from_bytes(message), budget, sink)?;
        flow::part("properties", &String::from_utf8_lossy(list), sink);
        Ok(())
    }
}

/// The message's length in bytes, and where it begins.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = bytes.get(..MAX_LINE_BYTES.min(bytes.len()))?;
    let end = memchr::memchr(b'\n', start)?;
    let line = str::from_utf8(start.get(..end)?).ok()?;
    Some((line.trim().parse().ok()?, end + 1))
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    const MESSAGE: &str = "From: Kari <a@example.no>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n\
        --x\n\nHei\n--x\nContent-Type: text/plain; name=b.txt\nContent-Transfer-Encoding: base64\n\nVmVkbGVnZw==\n--x--\n";

    #[test]
    fn the_message_and_what_is_known_of_it_are_read() {
        let text = format!("{}      \n{MESSAGE}<?xml version=\"1.0\"?><plist><string>flagg</string></plist>", MESSAGE.len());
        let seen = read("1.emlx", text.as_bytes());
        assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("emlx"), "scanned"));
        assert!(seen[0].text.contains("a@example.no") && seen[0].text.contains("flagg"));
        assert_eq!((seen[1].path.as_str(), seen[1].text.as_str()), ("1.emlx!/b.txt", "Vedlegg"));
        let cut = read("1.emlx", &text.as_bytes()[..MESSAGE.len() - 20]);
        assert_eq!(cut[0].ending(), "partial malformed");
        assert_ne!(read("a.txt", b"12\nkroner: to\n")[0].format, Some("emlx"));
    }
}
