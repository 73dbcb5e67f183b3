//! Mail folders as one file: every message a member, however large the folder is.

use std::io::{self, BufRead, BufReader, Read};

use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::eml::is_message;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Mbox = Mbox;

/// Reads mail folders.
pub(crate) struct Mbox;

static INFO: FormatInfo = FormatInfo {
    id: "mbox",
    title: "mail folder",
    extensions: &["mbox", "mbx"],
    version: 1,
    isolated: false,
    reads: "all messages, each as a member",
};

const SEPARATOR: &[u8] = b"From ";

impl Format for Mbox {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let message = || head.bytes.splitn(2, |byte| *byte == b'\n').nth(1);
        if head.bytes.starts_with(SEPARATOR) && is_message(message().unwrap_or_default(), true) {
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
        let mut source = BufReader::with_capacity(64 * 1024, content);
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
        skip_line(&mut source).map_err(io_problem)?;
        for number in 1_u64.. {
            budget.check()?;
            let mut message = Message::new(&mut source);
            let name = format!("message-{number:06}.eml");
            sink.member(name.as_bytes(), &mut message)?;
            io::copy(&mut message, &mut io::sink()).map_err(io_problem)?;
            if !message.more_follows {
                break;
            }
        }
        Ok(())
    }
}

/// Leaves the rest of the line behind, however long it is.
fn skip_line(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let block = source.fill_buf()?;
        let found = memchr::memchr(b'\n', block);
        let (length, ended) = (found.map_or(block.len(), |at| at + 1), block.is_empty());
        source.consume(length);
        if found.is_some() || ended {
            return Ok(());
        }
    }
}

/// The bytes up to the next line that begins with `From `.
struct Message<'s, R> {
    source: &'s mut R,
    /// Whether the next byte begins a line.
    at_line: bool,
    /// Bytes of a possible separator that turned out to be text.
    held: &'static [u8],
    ended: bool,
    more_follows: bool,
}

impl<'s, R: BufRead> Message<'s, R> {
    fn new(source: &'s mut R) -> Self {
        Self {
            source,
            at_line: true,
            held: &[],
            ended: false,
            more_follows: false,
        }
    }

    /// At the beginning of a line: whether it is a separator, which is then left behind. The part
    /// of it that was taken and is none is held.
    fn at_separator(&mut self) -> io::Result<bool> {
        let mut matched = 0;
        while let Some(wanted) = SEPARATOR.get(matched) {
            if self.source.fill_buf()?.first() != Some(wanted) {
                self.held = SEPARATOR.get(..matched).unwrap_or_default();
                return Ok(false);
            }
            self.source.consume(1);
            matched += 1;
        }
        skip_line(self.source)?;
        Ok(true)
    }
}

impl<R: BufRead> Read for Message<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        if std::mem::take(&mut self.at_line) && self.at_separator()? {
            (self.ended, self.more_follows) = (true, true);
            return Ok(0);
        }
        if !self.held.is_empty() {
            let count = self.held.read(buffer)?;
            return Ok(count);
        }
        let block = self.source.fill_buf()?;
        if block.is_empty() {
            self.ended = true;
            return Ok(0);
        }
        let room = block.get(..buffer.len()).unwrap_or(block);
        let found = memchr::memmem::find(room, b"\nF");
        let count = found.map_or(room.len(), |at| at + 1);
        self.at_line = room.get(count - 1) == Some(&b'\n');
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), room.get(..count)) {
            to.copy_from_slice(from);
        }
        self.source.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::super::recorder::read;

    #[test]
    fn each_message_is_a_member() {
        let mut folder = String::new();
        for n in 0..300 {
            write!(
                folder,
                "From a@example.no Tue Feb  3 23:30:00 2026\nFrom: a{n}@example.no\n\
                 Subject: hei\nMIME-Version: 1.0\n\nFrom:  her. {}\nFro\n>From oss\nFr\n\n",
                "mye tekst ".repeat(n)
            )
            .unwrap();
        }
        let seen = read("innboks", folder.as_bytes());
        assert_eq!(seen[0].format, Some("mbox"));
        assert_eq!(seen.len(), 301);
        assert_eq!(seen[300].path, "innboks!/message-000300.eml");
        for (n, own) in seen[1..].iter().enumerate() {
            assert_eq!((own.format, own.ending().as_str()), (Some("eml"), "scanned"));
            assert!(own.text.contains(&format!("a{n}@example.no")));
            assert!(own.text.contains("From:  her. ") && own.text.contains("Fro\n>From oss\nFr\n"));
            assert_eq!(own.text.matches("mye tekst").count(), n);
        }
    }
}
