//! Reads a document token by token: keeps the groups, and sends text where it belongs.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::super::flow::{Flow, part};
use super::super::super::{Content, Sink};
use super::charsets::CodePage;
use super::held::{Held, MAX_BYTES};
use super::state::{Dated, Group, Place, date_of, place_of, text_of};
use super::tokens::{Token, Tokens};
use crate::model::{Budget, DateInterval, DateSource, Fact, Problem, ProblemKind, Stage};

/// Text after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;
/// Groups inside each other whose state is kept; deeper ones share one.
const MAX_GROUPS: usize = 4096;
/// Fonts whose character set is kept.
const MAX_FONTS: usize = 4096;
/// Tokens between two looks at the budget.
const PATIENCE: u32 = 16 * 1024;

/// Reads the document.
///
/// # Errors
/// `Io`, and limits. A document that breaks off is incomplete.
pub(super) fn read(
    content: &mut Content,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let io_problem = |_| Problem::new(ProblemKind::Io, Stage::Read);
    let mut tokens = Tokens::new(content);
    let mut document = Document::new();
    let mut since = 0_u32;
    while let Some(token) = tokens.next().map_err(io_problem)? {
        since += 1;
        if since > PATIENCE {
            since = 0;
            budget.check()?;
        }
        match token {
            Token::Open => document.open(),
            Token::Close => document.close(sink)?,
            Token::Word(name, number) if name.as_str() == "bin" => {
                let bytes = number.and_then(|number| u64::try_from(number).ok());
                let bytes = bytes.unwrap_or(0);
                let kept = if document.holds_bytes() { bytes.min(MAX_BYTES) } else { 0 };
                let own = tokens.bytes(kept).map_err(io_problem)?;
                document.held.raw(&own, kept == bytes);
                tokens.skip(bytes - kept).map_err(io_problem)?;
            }
            Token::Word(name, number) => document.word(name.as_str(), number, sink),
            Token::Symbol(symbol) => document.symbol(symbol, sink),
            Token::Escaped(byte) | Token::Byte(byte) => document.byte(byte, sink),
        }
    }
    document.finish(sink);
    Ok(())
}

struct Document {
    now: Group,
    outer: Vec<Group>,
    /// Groups that are open beyond those that are kept.
    deeper: u64,
    /// Whether the group has just begun, and whether it is marked as one that may be passed over.
    fresh: bool,
    marked: bool,
    page: CodePage,
    fonts: HashMap<i32, CodePage>,
    /// The font that the list of fonts is telling of.
    listed: i32,
    default_font: i32,
    /// Bytes that wait for the rest of a character, and where they belong.
    bytes: Vec<u8>,
    /// The first half of a character beyond 16 bits.
    high: Option<u16>,
    /// How many characters are still to be passed over after a `\u`.
    passing: u32,
    text: String,
    aside: String,
    description: String,
    day: [Option<i16>; 3],
    members: u32,
    /// Bytes of the picture or file that is being told.
    held: Held,
    flow: Flow,
    broken: bool,
}

impl Document {
    fn new() -> Self {
        let now = Group {
            place: Place::Body,
            page: CodePage::DEFAULT,
            stand_ins: 1,
            date: None,
        };
        Self {
            now,
            outer: Vec::new(),
            deeper: 0,
            fresh: false,
            marked: false,
            page: CodePage::DEFAULT,
            fonts: HashMap::new(),
            listed: 0,
            default_font: 0,
            bytes: Vec::new(),
            high: None,
            passing: 0,
            text: String::new(),
            aside: String::new(),
            description: String::new(),
            day: [None; 3],
            members: 0,
            held: Held::default(),
            flow: Flow::new(),
            broken: false,
        }
    }

    fn open(&mut self) {
        if self.outer.len() < MAX_GROUPS {
            self.outer.push(self.now);
        } else {
            self.deeper += 1;
            self.broken = true;
        }
        (self.fresh, self.marked, self.passing) = (true, false, 0);
    }

    fn close(&mut self, sink: &mut dyn Sink) -> Result<(), Problem> {
        (self.fresh, self.marked, self.passing) = (false, false, 0);
        if self.deeper > 0 {
            self.deeper -= 1;
            return Ok(());
        }
        let Some(outer) = self.outer.pop() else {
            // What stands behind the document is read as well.
            return Ok(());
        };
        if outer.page != self.now.page || outer.place != self.now.place {
            self.settle();
        }
        if let Some(dated) = self.now.date.filter(|own| outer.date != Some(*own)) {
            self.tell_date(dated, sink);
        }
        if outer.place != self.now.place {
            self.end_of(self.now.place, sink)?;
        } else if self.now.place == Place::Description {
            end_line(&mut self.description);
        }
        self.now = outer;
        Ok(())
    }

    /// Whether bytes here are those of a picture or file.
    fn holds_bytes(&self) -> bool {
        matches!(self.now.place, Place::Picture | Place::Embedded)
    }

    /// What a destination leaves behind.
    fn end_of(&mut self, place: Place, sink: &mut dyn Sink) -> Result<(), Problem> {
        self.members += u32::from(matches!(place, Place::Picture | Place::Embedded));
        match place {
            Place::Aside => end_line(&mut self.aside),
            Place::Description => end_line(&mut self.description),
            Place::Picture => {
                let name = format!("picture-{}", self.members);
                if let Some(bytes) = self.held.picture() {
                    return sink.member(name.as_bytes(), &mut bytes.as_slice());
                }
                let problem = Problem::new(ProblemKind::ImageWithoutText, Stage::Extract);
                sink.unread_member(name.as_bytes(), problem);
            }
            Place::Embedded => {
                let name = format!("object-{}", self.members).into_bytes();
                if let Some((own, bytes)) = self.held.file() {
                    return sink.member(&own.unwrap_or(name), &mut bytes.as_slice());
                }
                let problem = Problem::new(ProblemKind::Unsupported, Stage::Extract);
                sink.unread_member(&name, problem);
            }
            Place::Body | Place::Fonts | Place::Nothing => {}
        }
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i32>, sink: &mut dyn Sink) {
        if word == "u" {
            return self.unicode(number.unwrap_or(0), sink);
        }
        self.settle_before(word);
        let (fresh, marked) = (self.fresh, self.marked);
        (self.fresh, self.marked) = (false, false);
        if (fresh || marked)
            && let Some(place) = place_of(word, marked, self.now.place)
        {
            self.settle();
            self.now.place = place;
        }
        if let Some(dated) = date_of(word) {
            self.now.date = Some(dated);
            self.day = [None; 3];
        }
        match (word, number) {
            ("ansicpg" | "cpg", Some(number)) => self.code_page(word, number),
            ("mac", _) => self.code_page("ansicpg", 10000),
            ("pc", _) => self.code_page("ansicpg", 437),
            ("pca", _) => self.code_page("ansicpg", 850),
            ("deff", Some(number)) => self.default_font = number,
            ("plain", _) => self.font(self.default_font),
            ("f", Some(number)) => self.font(number),
            ("fcharset", Some(charset)) => self.charset(charset),
            ("uc", Some(number)) => self.now.stand_ins = u32::try_from(number).unwrap_or(0).min(64),
            ("yr", Some(number)) => self.day[0] = i16::try_from(number).ok(),
            ("mo", Some(number)) => self.day[1] = i16::try_from(number).ok(),
            ("dy", Some(number)) => self.day[2] = i16::try_from(number).ok(),
            _ => {
                if let Some(text) = text_of(word) {
                    self.push(text, sink);
                }
            }
        }
    }

    /// Bytes are put together across words that only change how text looks.
    fn settle_before(&mut self, word: &str) {
        if text_of(word).is_some() || matches!(word, "f" | "plain" | "ansicpg") {
            self.settle();
        }
    }

    fn code_page(&mut self, word: &str, number: i32) {
        let Some(page) = CodePage::of_number(number) else {
            return;
        };
        if word == "ansicpg" {
            self.page = page;
            self.now.page = page;
        } else if self.now.place == Place::Fonts {
            self.fonts.insert(self.listed, page);
        }
    }

    fn charset(&mut self, charset: i32) {
        let page = CodePage::of_charset(charset);
        if let Some(page) = page
            && self.now.place == Place::Fonts
            && self.fonts.len() < MAX_FONTS
        {
            self.fonts.insert(self.listed, page);
        }
    }

    fn font(&mut self, number: i32) {
        if self.now.place == Place::Fonts {
            self.listed = number;
        } else {
            self.now.page = self.fonts.get(&number).copied().unwrap_or(self.page);
        }
    }

    fn symbol(&mut self, symbol: u8, sink: &mut dyn Sink) {
        match symbol {
            b'*' => self.marked = true,
            b'\\' | b'{' | b'}' => self.byte(symbol, sink),
            b'~' => self.push_settled(" ", sink),
            b'_' => self.push_settled("-", sink),
            b'\n' | b'\r' => self.push_settled("\n", sink),
            b'\t' => self.push_settled("\t", sink),
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8, sink: &mut dyn Sink) {
        self.fresh = false;
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        if self.holds_bytes() {
            return self.held.digit(byte);
        }
        let kept = matches!(self.now.place, Place::Body | Place::Aside | Place::Description);
        if !kept || self.now.date.is_some() {
            return;
        }
        self.bytes.push(byte);
        let waiting = self.bytes.len() + self.text.len() + self.aside.len();
        if waiting >= PIECE_BYTES || self.description.len() >= PIECE_BYTES {
            self.push_settled("", sink);
        }
    }

    /// A character by its number; what is no half of a pair nor a character is U+FFFD.
    fn unicode(&mut self, number: i32, sink: &mut dyn Sink) {
        self.fresh = false;
        self.passing = self.now.stand_ins;
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or(0xFFFD);
        if (0xD800..0xDC00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        let units = [self.high.take().unwrap_or(unit), unit];
        let units = if units[0] == unit { &units[1..] } else { &units[..] };
        let text = String::from_utf16_lossy(units);
        self.push_settled(&text, sink);
    }

    fn push_settled(&mut self, text: &str, sink: &mut dyn Sink) {
        self.settle();
        self.push(text, sink);
    }

    /// Puts the bytes that wait into the text.
    fn settle(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let page = self.now.page;
        if let Some(text) = self.target() {
            page.decode_to(&bytes, text);
        }
        self.bytes = bytes;
        self.bytes.clear();
    }

    fn target(&mut self) -> Option<&mut String> {
        match self.now.place {
            Place::Body => Some(&mut self.text),
            Place::Aside => Some(&mut self.aside),
            Place::Description => Some(&mut self.description),
            Place::Fonts | Place::Picture | Place::Embedded | Place::Nothing => None,
        }
    }

    fn push(&mut self, text: &str, sink: &mut dyn Sink) {
        if self.now.date.is_none()
            && let Some(target) = self.target()
        {
            target.push_str(text);
        }
        if text == "\n" && self.now.place == Place::Body {
            self.end_paragraph();
        }
        if self.text.len() + self.aside.len() >= PIECE_BYTES {
            self.flow.piece(&self.text, sink);
            self.text.clear();
            self.flow.piece(&std::mem::take(&mut self.aside), sink);
        }
        if self.description.len() >= PIECE_BYTES {
            part("info", &std::mem::take(&mut self.description), sink);
        }
    }

    /// What stands beside a paragraph follows it.
    fn end_paragraph(&mut self) {
        if !self.aside.is_empty() {
            end_line(&mut self.text);
            self.text.push_str(&self.aside);
            self.aside.clear();
            end_line(&mut self.text);
        }
    }

    fn tell_date(&mut self, dated: Dated, sink: &mut dyn Sink) {
        let source = match dated {
            Dated::Created => DateSource::EmbeddedCreated,
            Dated::Revised => DateSource::EmbeddedModified,
            Dated::Other => return,
        };
        let [Some(year), Some(month), Some(day)] = self.day else {
            return;
        };
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return;
        };
        if let Ok(day) = Date::new(year, month, day) {
            let interval = DateInterval::day(day);
            sink.fact(Fact::Date { source, interval });
        }
    }

    fn finish(mut self, sink: &mut dyn Sink) {
        self.settle();
        self.end_paragraph();
        self.flow.piece(&self.text, sink);
        part("info", &self.description, sink);
        if self.broken || !self.outer.is_empty() {
            sink.incomplete(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
    }
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}
