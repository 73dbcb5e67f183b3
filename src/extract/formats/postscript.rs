//! PostScript: its code as text, in which strings in plain letters are found. Programs often write letters as
//! numbers of glyphs, which only a typesetter could read: so it is told as partial always.

use super::super::decode::Utf8Reader;
use super::super::flow::Flow;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::text;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: PostScript = PostScript;

/// Reads it.
pub(crate) struct PostScript;

static INFO: FormatInfo = FormatInfo {
    id: "postscript",
    title: "PostScript",
    extensions: &["ps", "eps", "prn"],
    version: 1,
    isolated: false,
    reads: "its code as text; not what it draws with glyphs by their numbers, which is told",
};

impl Format for PostScript {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        if head.is_text && head.bytes.starts_with(b"%!PS") { Match::Likely } else { Match::No }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
        let mut reader = Utf8Reader::new(content).map_err(io_problem)?;
        sink.incomplete(Problem::new(ProblemKind::Unsupported, Stage::Extract));
        text::read_rest(&mut reader, &mut Flow::new(), budget, sink)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    #[test]
    fn code_is_text_and_partial() {
        let seen = read_one("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n(fnr 15888610046) show\n");
        assert_eq!((seen.format, seen.ending().as_str()), (Some("postscript"), "partial unsupported"));
        assert!(seen.text.contains("15888610046"));
        assert_eq!(read_one("a.txt", b"% !PS er et merke\n").format, Some("text"));
    }
}
