//! Text with files in the form of `uuencode`, as old programs sent and kept them: each file a member, what stands
//! around them as text. In mails the reader of mails finds them.

use std::io::BufRead;

use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::{mail_text, text};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Uu = Uu;

/// Reads it.
pub(crate) struct Uu;

static INFO: FormatInfo = FormatInfo {
    id: "uuencode",
    title: "text with files (uuencode)",
    extensions: &["uu", "uue"],
    version: 1,
    isolated: false,
    reads: "files that begin in the first 64 KiB or behind another as members, all else as text",
};

impl Format for Uu {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.is_text && mail_text::begins_file(head.bytes) { Match::Likely } else { Match::No }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        if content.len() > budget.limits().max_held_bytes {
            sink.incomplete(Problem::new(ProblemKind::LimitMemory, Stage::Extract));
            return text::FORMAT.read(content, budget, sink);
        }
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
        let mut reader = Utf8Reader::new(content).map_err(io_problem)?;
        let mut whole = String::new();
        loop {
            budget.check()?;
            let block = reader.fill_text().map_err(io_problem)?;
            let length = block.len();
            whole.push_str(block);
            if length == 0 {
                break;
            }
            reader.consume(length);
        }
        let (rest, files) = mail_text::files(&whole);
        Flow::new().piece(&rest, sink);
        for file in files {
            sink.member(file.name.as_bytes(), &mut file.bytes.as_slice())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one, read_within};
    use crate::model::Limits;

    const FILE: &str = "Til Per:\n\nbegin 644 brev.txt\nA2V%R:2!B;W(@:2!-;W-S+\"!F;G(@,34X,30U.3DY.3D*\n`\nend\nHilsen Kari\n";

    #[test]
    fn files_are_members_and_the_rest_text() {
        let seen = read("gammelt.txt", FILE.as_bytes());
        assert_eq!((seen[0].format, seen[0].text.as_str()), (Some("uuencode"), "Til Per:\n\nHilsen Kari\n"));
        assert_eq!(seen[1].path, "gammelt.txt!/brev.txt");
        assert!(seen[1].text.starts_with("Kari bor i Moss, fnr 15814599999"), "{}", seen[1].text);
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
        let limits = Limits { max_held_bytes: 20, ..Limits::default() };
        let seen = read_within(limits, "gammelt.txt", FILE.as_bytes());
        assert_eq!((seen[0].ending().as_str(), seen[0].text.as_str()), ("partial limit-memory", FILE));
    }

    #[test]
    fn sentences_that_begin_are_text() {
        for text in ["begin 644 ting\nsom er viktige\n", "Vi\nbegin 10 dager\n", "x begin 644 a.txt\n#86)C\n"] {
            assert_eq!(read_one("a.txt", text.as_bytes()).format, Some("text"), "{text}");
        }
    }
}
