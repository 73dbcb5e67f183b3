//! Web pages: the text, and what attributes say to people. Scripts and styles are left out.

use std::convert::Infallible;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{IoReader, Readable, StartTag, Token, Tokenizer};
use percent_encoding::percent_decode_str;

use super::super::decode::{Utf8Reader, declared_after};
use super::super::flow::Flow;
use super::super::written_file;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::text;
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Html = Html;

/// Reads web pages.
pub(crate) struct Html;

static INFO: FormatInfo = FormatInfo {
    id: "html",
    title: "web page",
    extensions: &["html", "htm", "xhtml"],
    version: 4,
    isolated: false,
    reads: "text, comments, mail and telephone links, titles, alternative texts, form values, meta data; files and pictures that stand in the page in base 64 are members; no scripts or styles",
};

/// Text after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;

impl Format for Html {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let first = head.bytes.iter().take(2048).find(|byte| byte.is_ascii_graphic());
        let by_name = head.has_extension(&["html", "htm", "xhtml"]);
        if first != Some(&b'<') && !by_name {
            return Match::No;
        }
        let start: Vec<u8> = head
            .bytes
            .iter()
            .filter(|byte| **byte != 0)
            .take(2048)
            .map(u8::to_ascii_lowercase)
            .collect();
        let has = |tag: &[u8]| memchr::memmem::find(&start, tag).is_some();
        let markup = start
            .iter()
            .find(|byte| byte.is_ascii_graphic())
            .is_some_and(|byte| *byte == b'<');
        let named = by_name && (markup || has(b"<p"));
        // Some programs write a table alone and call it a workbook.
        let table = start.trim_ascii_start().starts_with(b"<table");
        // A form of the XML Forms Architecture, which has pages in it.
        let form = has(b"<xdp:xdp");
        let page = markup
            && !form
            && (table || has(b"<html") || has(b"<!doctype html") || has(b"<body"));
        if (named || page) && head.is_text {
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
        let large = content.len() > budget.limits().max_held_bytes;
        let mut reader =
            Utf8Reader::with_declared(content, |head| declared_after(head, b"charset="))
                .map_err(io_problem)?;
        let mut flow = Flow::new();
        if large {
            // The tokenizer holds a whole stretch of text at once; as plain text nothing is lost.
            return text::read_rest(&mut reader, &mut flow, budget, sink);
        }
        let mut page = Page::default();
        for (at, token) in (0_u32..).zip(tokenizer(IoReader::new(&mut reader))) {
            if at % 256 == 0 {
                budget.check()?;
            }
            page.take(&token.map_err(io_problem)?);
            for (name, bytes) in page.files.drain(..) {
                sink.member(name.as_bytes(), &mut bytes.as_slice())?;
            }
            if page.text.len() >= PIECE_BYTES {
                flow.piece(&page.text, sink);
                page.text.clear();
            }
        }
        flow.piece(&page.text, sink);
        if reader.is_lossy() {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        Ok(())
    }
}

/// The text of a page that is in memory.
pub(super) fn text_of(html: &str) -> String {
    let mut page = Page::default();
    for token in tokenizer(html) {
        let Ok(token): Result<Token, Infallible> = token;
        page.take(&token);
    }
    page.text
}

/// The files that stand in a page in base 64, with names.
pub(super) fn files_of(html: &str) -> Vec<(String, Vec<u8>)> {
    if memchr::memmem::find(html.as_bytes(), b";base64,").is_none() {
        return Vec::new();
    }
    let mut page = Page::default();
    for token in tokenizer(html) {
        let Ok(token): Result<Token, Infallible> = token;
        page.take(&token);
    }
    page.files
}

/// The markup of a page without its text: the tags as they were, with their attributes, scripts and
/// styles. With [`text_of`] it is all that the page says.
pub(super) fn markup_of(html: &str) -> String {
    let mut markup = String::new();
    let mut hidden = false;
    for token in tokenizer(html) {
        let Ok(token): Result<Token, Infallible> = token;
        match token {
            Token::StartTag(tag) => {
                hidden = is_hidden(&tag.name) && !tag.self_closing;
                markup.push_str(&String::from_utf8_lossy(&tag.name));
                for (name, value) in &tag.attributes {
                    let value = String::from_utf8_lossy(value);
                    // What attributes say to people stands in the text already.
                    let told = is_shown(&tag, name)
                        || address(&value).is_some()
                        || written_file::of_address(&value).is_some();
                    let (name, value) = (String::from_utf8_lossy(name), if told { "" } else { &value });
                    markup.extend([" ", &name, "=\"", value, "\""]);
                }
                markup.push('\n');
            }
            Token::EndTag(tag) => {
                hidden = false;
                markup.push_str(&String::from_utf8_lossy(&tag.name));
                markup.push('\n');
            }
            Token::String(value) if hidden => markup.push_str(&String::from_utf8_lossy(&value)),
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    markup
}

/// Names of meta data that say nothing of persons.
const IDLE: &[&[u8]] = &[b"generator", b"progid", b"robots", b"theme-color", b"viewport"];

/// Whether an attribute says something to people.
fn is_shown(tag: &StartTag<()>, attribute: &[u8]) -> bool {
    let is = |name: &[u8]| *tag.name == *name;
    let named = || tag.attributes.get(b"name".as_slice()).map(|name| name.to_ascii_lowercase());
    match attribute {
        b"title" | b"alt" | b"aria-label" | b"placeholder" | b"summary" => true,
        b"value" => is(b"input") || is(b"option"),
        // The program that made a page, and what is for programs.
        b"content" => is(b"meta") && !named().is_some_and(|name| IDLE.contains(&name.as_slice())),
        _ => false,
    }
}

/// The address or number that a link to a person leads to.
fn address(target: &str) -> Option<&str> {
    ["mailto:", "tel:", "sms:", "callto:"].iter().find_map(|scheme| {
        let own = target.get(..scheme.len())?;
        let rest = target.get(scheme.len()..)?;
        own.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

fn is_hidden(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style")
}

fn tokenizer<'a, S: Readable<'a>>(input: S) -> Tokenizer<S::Reader> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(input, emitter)
}

/// A page on its way to text.
#[derive(Default)]
struct Page {
    text: String,
    /// Inside of a script or a style.
    hidden: bool,
    /// Inside of preformatted text, where line breaks count.
    kept: bool,
    /// Whether the last character handed out was white space.
    after_space: bool,
    place: Place,
    /// Files that stand in the page, and how many there were.
    files: Vec<(String, Vec<u8>)>,
    numbered: u32,
}

/// Where in a table the page is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Outside,
    /// Behind the begin of a row's first cell.
    Row,
    /// In a cell of which no text came yet.
    EmptyCell,
}

impl Page {
    fn take(&mut self, token: &Token) {
        match token {
            Token::StartTag(tag) => self.start(tag),
            Token::EndTag(tag) => {
                self.switch(&tag.name, false);
                if !is_cell(&tag.name) {
                    self.separate(&tag.name);
                }
            }
            Token::String(value) if !self.hidden => {
                self.push(&String::from_utf8_lossy(value));
            }
            Token::Comment(value) if !self.hidden => {
                self.line(&String::from_utf8_lossy(value));
            }
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        self.switch(&tag.name, !tag.self_closing);
        self.separate(&tag.name);
        for (name, value) in &tag.attributes {
            let value = String::from_utf8_lossy(value);
            if is_shown(tag, name) {
                self.line(&value);
            } else if name.as_slice() == b"href"
                && let Some(address) = address(&value)
            {
                self.push(" ");
                self.push(&percent_decode_str(address).decode_utf8_lossy());
                self.push(" ");
            } else if matches!(name.as_slice(), b"href" | b"src" | b"data")
                && let Some((bytes, ending)) = written_file::of_address(&value)
            {
                self.numbered += 1;
                self.files.push((format!("file-{}.{ending}", self.numbered), bytes));
            }
        }
    }

    fn switch(&mut self, name: &[u8], on: bool) {
        match name {
            _ if is_hidden(name) => self.hidden = on,
            b"pre" | b"textarea" => self.kept = on,
            _ => {}
        }
    }

    /// Cells of a table are told apart by a tab, other blocks by a line break.
    fn separate(&mut self, name: &[u8]) {
        const BLOCKS: &[&[u8]] = &[
            b"address", b"article", b"aside", b"blockquote", b"body", b"br", b"caption", b"center",
            b"dd", b"details", b"dialog", b"dir", b"div", b"dl", b"dt", b"fieldset", b"figcaption",
            b"figure", b"footer", b"form", b"frame", b"h1", b"h2", b"h3", b"h4", b"h5", b"h6",
            b"head", b"header", b"hr", b"html", b"input", b"label", b"legend", b"li", b"main",
            b"menu", b"meta", b"nav", b"ol", b"optgroup", b"option", b"p", b"pre", b"section",
            b"select", b"summary", b"textarea", b"title", b"ul",
        ];
        if is_cell(name) {
            // The last block of a cell ends no line: the row goes on.
            if self.place != Place::Outside && self.text.ends_with('\n') {
                self.text.pop();
            }
            self.text.push('\t');
            self.after_space = true;
            self.place = Place::EmptyCell;
        } else if matches!(name, b"tr" | b"table" | b"thead" | b"tbody" | b"tfoot") {
            self.place = Place::Outside;
            self.break_line();
        } else if BLOCKS.contains(&name) && self.place != Place::EmptyCell {
            self.break_line();
        }
    }

    fn break_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.after_space = true;
    }

    fn line(&mut self, text: &str) {
        self.break_line();
        self.push(text);
        self.break_line();
    }

    /// Adds text, with each run of white space as one space unless line breaks count here.
    fn push(&mut self, text: &str) {
        if self.place == Place::EmptyCell && !text.chars().all(is_space) {
            self.place = Place::Row;
        }
        if self.kept {
            self.text.push_str(text);
            return;
        }
        for (at, word) in text.split(is_space).enumerate() {
            if at > 0 && !self.after_space {
                self.text.push(' ');
                self.after_space = true;
            }
            if !word.is_empty() {
                self.text.push_str(word);
                self.after_space = false;
            }
        }
    }
}

fn is_cell(name: &[u8]) -> bool {
    name == b"td" || name == b"th"
}

/// White space that HTML collapses; a no-break space is not.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}')
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};
    use super::text_of;

    #[test]
    fn text_attributes_and_links_are_read_and_scripts_are_not() {
        let html = "<!DOCTYPE html><html><head><title>Ansatte</title><style>p{color:red}</style>\
            <script>var hemmelig = 1;</script></head><body><p>Åse&nbsp;&Oslash;deg&aring;rd\n  \
            <b>i</b>dag<p>Ring <a href='tel:+4790000000'>oss</a> <a href=MAILTO:per%40example.no>her</a>\
            <img alt='Portrett av Per'><!-- Kari --><table><tr><td>Fnr</td><td>0101</td></tr></table>";
        let seen = read_one("a.html", html.as_bytes());
        assert_eq!(seen.format, Some("html"));
        assert_eq!(seen.ending(), "scanned");
        for part in [
            "Ansatte\n", "Åse\u{A0}Ødegård idag\n", "+4790000000", "per@example.no",
            "Portrett av Per\n", "Kari", "Fnr\t0101",
        ] {
            assert!(seen.text.contains(part), "{part}: {}", seen.text);
        }
        assert!(!seen.text.contains("hemmelig") && !seen.text.contains("color"));
    }

    #[test]
    fn rows_are_lines_whatever_blocks_their_cells_hold() {
        let page = "<p>Liste</p><table>\n<thead><tr>\n<th><p>Navn</p></th> <th>Tlf</th></tr></thead>\
            <tr><td>\n<p>Kari</p></td><td><div>40<b>61</b>2345</div></td></tr><tr><td></td><td>1</td></table>x";
        assert_eq!(text_of(page), "Liste\n\tNavn\tTlf\n\tKari\t40612345\n\t\t1\nx");
    }

    #[test]
    fn files_in_the_page_are_members() {
        let page = "<html><a href='data:text/plain;base64,SGVpLCBLYXJp'>fil</a>\
            <img src='data:image/png;base64,iVBORw0KGgo='><a href='https://x.example/'>x</a>";
        let seen = read("a.html", page.as_bytes());
        let first = (seen[1].path.as_str(), seen[1].text.as_str());
        assert_eq!(first, ("a.html!/file-1.bin", "Hei, Kari"));
        assert_eq!((seen[2].path.as_str(), seen.len()), ("a.html!/file-2.bin", 3));
        let form = b"<xdp:xdp xmlns:xdp='x'><fnr>15888610046</fnr><body>hjelp</body></xdp:xdp>";
        assert_eq!(read_one("form.xdp", form).cell("xdp.fnr", 1), Some("15888610046"));
    }

    #[test]
    fn a_declared_encoding_counts() {
        let html = b"<html><meta charset=\"windows-1251\"><p>\xCF\xF0\xE8\xE2\xE5\xF2";
        assert!(read_one("a.html", html).text.contains("Привет"));
        let lying = "<html><meta charset=iso-8859-1><p>Blåbær og rømme".as_bytes();
        assert!(read_one("a.html", lying).text.contains("Blåbær og rømme"));
    }

    #[test]
    fn half_a_page_is_read() {
        assert_eq!(read_one("a.html", b"<html><p>Per <a href='").text, "Per ");
        assert_eq!(text_of("a<br>b"), "a\nb");
    }

    #[test]
    fn text_and_markup_together_are_all_of_a_page() {
        let page = "<p class='kari'>Hei <b data-id=\"406 12 345\">d</b>u<style>p {}</style>\
            <a href='mailto:a@example.no' title='Ring'>post</a></p>";
        let markup = super::markup_of(page);
        for part in ["class=\"kari\"", "data-id=\"406 12 345\"", "p {}", "href=\"\"", "title=\"\""] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
        assert!(!markup.contains("Hei") && !markup.contains("example.no"), "{markup}");
        assert!(super::text_of(page).contains("Hei du"));
    }
}
