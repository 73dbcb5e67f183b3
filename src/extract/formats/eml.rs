//! Mail messages: what the headers say of people, the bodies, and the attachments as members.
//!
//! A forwarded message is a member, so that its depth is counted like any other's. Where a body has
//! two forms, plain and HTML, the HTML is left out when it says nothing more. The headers of transport
//! name people and addresses too: they are read after those that people write.

use std::borrow::Cow;

use jiff::civil::Date;
use mail_parser::parsers::MessageStream;
use mail_parser::{
    Address, Encoding, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::super::decode::{Utf8Reader, decode_all, lines};
use super::super::flow::{self, Flow};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink};
use super::{alternatives, html, mail_parts, mail_text, text};
use crate::model::{Budget, DateInterval, DateSource, Fact, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Eml = Eml;

/// Reads mail messages.
pub(crate) struct Eml;

static INFO: FormatInfo = FormatInfo {
    id: "eml",
    title: "mail message",
    extensions: &["eml", "mht", "mhtml"],
    version: 6,
    isolated: false,
    reads: "all headers of the message, bodies (of HTML beside plain text what the plain text does not say) with their markup, attachments as members",
};

/// Headers that name people or are written by them.
const HEADERS: &[&str] = &[
    "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From", "Resent-To", "Return-Path",
    "Delivered-To", "Subject",
    "Date", "Thread-Topic", "Comments", "Keywords", "Organization",
];
/// Headers of which one at least stands in every mail.
const TELLING: &[&str] = &[
    "received", "message-id", "return-path", "mime-version", "delivered-to", "x-mailer",
    "x-originating-ip", "content-transfer-encoding",
];

impl Format for Eml {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let named = head.has_extension(INFO.extensions);
        if is_message(head.bytes, named) && head.is_text {
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
        let bytes = match content.whole(budget) {
            Ok(bytes) => bytes,
            Err(problem) if problem.kind == ProblemKind::LimitMemory => {
                // Too large to be taken apart: what can be read as text is, and the rest is told.
                sink.incomplete(problem);
                content.rewind()?;
                let mut reader = Utf8Reader::new(content)
                    .map_err(|_| Problem::new(ProblemKind::Io, Stage::Read))?;
                return text::read_rest(&mut reader, &mut Flow::new(), budget, sink);
            }
            Err(problem) => return Err(problem),
        };
        let bytes = mail_parts::ended(&bytes);
        let message = MessageParser::default()
            .parse(&*bytes)
            .ok_or(Problem::new(ProblemKind::Malformed, Stage::Extract))?;
        let mail = Mail {
            raw: &bytes,
            message: &message,
        };
        flow::part("headers", &mail.headers(), sink);
        flow::part("headers", &mail.transport(), sink);
        flow::part("headers", &mail.stray_lines(), sink);
        if let Some(fact) = mail.date() {
            sink.fact(fact);
        }
        if let Some(fact) = message.message_id().and_then(Fact::message_id) {
            sink.fact(fact);
        }
        let repeated = alternatives::repeated(&message);
        for (at, part) in message.parts.iter().enumerate() {
            budget.check()?;
            match repeated.get(&at) {
                Some(new) => flow::part("body", new, sink),
                None => mail.part(at, part, sink)?,
            }
            if let PartType::Html(page) = &part.body
                && !is_attached(part)
            {
                let page = mail.declared(part, page);
                flow::part("markup", &html::markup_of(&page), sink);
                for (name, bytes) in html::files_of(&page) {
                    sink.member(name.as_bytes(), &mut bytes.as_slice())?;
                }
            }
        }
        Ok(())
    }
}

/// Whether the lines at the beginning are headers, and those of a mail.
pub(super) fn is_message(head: &[u8], named: bool) -> bool {
    let (mut headers, mut telling, mut people) = (0, 0, 0);
    for line in lines(head).take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            if headers == 0 && !line.starts_with(b">From ") {
                return false;
            }
            break;
        };
        let name = line.get(..colon).unwrap_or_default();
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_') {
            break;
        }
        headers += 1;
        let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
        telling += usize::from(TELLING.iter().any(is));
        people += usize::from(["from", "to", "subject", "date"].iter().any(is));
    }
    (telling > 0 && headers >= 2) || people >= 3 || (named && telling + people > 0)
}

/// A message that was parsed, with its bytes.
struct Mail<'m> {
    raw: &'m [u8],
    message: &'m Message<'m>,
}

impl Mail<'_> {
    fn headers(&self) -> String {
        let mut text = String::new();
        for header in self.message.headers() {
            let name = header.name();
            if !HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                continue;
            }
            let mut value = shown(header.value());
            if value.contains('\u{FFFD}') || value.is_empty() {
                // Letters that no encoding was declared for.
                value = decode_all(self.slice(header.offset_start(), header.offset_end()));
            }
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value.trim());
            text.push('\n');
        }
        text
    }

    /// The headers that [`headers`](Self::headers) leaves out, one on a line.
    fn transport(&self) -> String {
        let mut text = String::new();
        for header in self.message.headers() {
            let name = header.name();
            if HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                continue;
            }
            let raw = decode_all(self.slice(header.offset_start(), header.offset_end()));
            let value = if raw.contains("=?") {
                shown(&MessageStream::new(raw.as_bytes()).parse_unstructured())
            } else {
                raw
            };
            text.push_str(name);
            text.push(':');
            for line in value.lines() {
                text.push(' ');
                text.push_str(line.trim());
            }
            text.push('\n');
        }
        text
    }

    /// Lines among the headers that belong to none, such as one that goes on without being indented.
    fn stray_lines(&self) -> String {
        let Some(whole) = self.message.parts.first() else {
            return String::new();
        };
        let mut text = String::new();
        let mut after = whole.offset_header;
        let ends = whole
            .headers
            .iter()
            .map(|own| (own.offset_field, own.offset_end))
            .chain([(whole.offset_body, whole.offset_body)]);
        for (start, end) in ends {
            let stray = decode_all(self.slice(after, start));
            if !stray.trim().is_empty() {
                text.push_str(stray.trim());
                text.push('\n');
            }
            after = end;
        }
        text
    }

    fn date(&self) -> Option<Fact> {
        let date = self.message.date()?;
        let day = Date::new(
            i16::try_from(date.year).ok()?,
            i8::try_from(date.month).ok()?,
            i8::try_from(date.day).ok()?,
        );
        Some(Fact::Date {
            source: DateSource::Mail,
            interval: DateInterval::day(day.ok()?),
        })
    }

    fn part(&self, at: usize, part: &MessagePart<'_>, sink: &mut dyn Sink) -> Result<(), Problem> {
        if let Some(description) = part.content_description().filter(|_| at > 0) {
            flow::part("headers", description, sink);
        }
        let name = part.attachment_name();
        let attached = is_attached(part);
        let named = |kind: &str| name.map_or_else(|| format!("{kind}-{at}"), str::to_owned);
        match &part.body {
            PartType::Text(_) | PartType::Html(_) if attached => {
                let name = named("attachment");
                sink.member(name.as_bytes(), &mut self.bytes(part).as_ref())
            }
            PartType::Text(text) => {
                let text = mail_text::unbroken(part, self.declared(part, text));
                written(&text, sink)
            }
            PartType::Html(text) => {
                flow::part("body", &html::text_of(&self.declared(part, text)), sink);
                Ok(())
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if is_written(part) => {
                written(&decode_all(bytes), sink)
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                sink.member(named("attachment").as_bytes(), &mut bytes.as_ref())
            }
            PartType::Message(inner) => {
                let name = name.map_or_else(|| format!("message-{at}.eml"), str::to_owned);
                sink.member(name.as_bytes(), &mut inner.raw_message())
            }
            PartType::Multipart(inner) => {
                flow::part("between parts", &self.between(part, inner), sink);
                Ok(())
            }
        }
    }

    /// Lines before the first part and after the last, which no program shows.
    fn between(&self, whole: &MessagePart<'_>, inner: &[u32]) -> String {
        let part = |at: Option<&u32>| self.message.parts.get(usize::try_from(*at?).ok()?);
        let (Some(first), Some(last)) = (part(inner.first()), part(inner.last())) else {
            return String::new();
        };
        let before = decode_all(self.slice(whole.offset_body, first.offset_header));
        let after = decode_all(self.slice(last.offset_end, whole.offset_end));
        let lines = before.lines().chain(after.lines());
        let lines = lines.filter(|line| !line.starts_with("--") && !line.trim().is_empty());
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// The bytes of an attachment that is text: as they are where nothing is encoded, so that its
    /// own format finds out its encoding.
    fn bytes<'p>(&'p self, part: &'p MessagePart<'_>) -> Cow<'p, [u8]> {
        if part.encoding == Encoding::None && charset(part).is_none() {
            Cow::Borrowed(self.slice(part.offset_body, part.offset_end))
        } else {
            Cow::Borrowed(part.contents())
        }
    }

    /// The text of a part in the encoding that fits.
    fn declared<'p>(&'p self, part: &MessagePart<'_>, text: &'p str) -> Cow<'p, str> {
        mail_text::decoded(part, text, self.slice(part.offset_body, part.offset_end))
    }

    fn slice(&self, start: u32, end: u32) -> &[u8] {
        let (start, end) = (usize::try_from(start), usize::try_from(end));
        match (start, end) {
            (Ok(start), Ok(end)) => self.raw.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// A text, and the files that are written into it.
fn written(text: &str, sink: &mut dyn Sink) -> Result<(), Problem> {
    let (text, files) = mail_text::files(text);
    flow::part("body", &text, sink);
    files.iter().try_for_each(|file| sink.member(file.name.as_bytes(), &mut file.bytes.as_slice()))
}

/// Whether the part is packed as old programs did.
fn is_written(part: &MessagePart<'_>) -> bool {
    const NAMES: [&str; 3] = ["x-uuencode", "uuencode", "x-uue"];
    let own = part.content_transfer_encoding();
    own.is_some_and(|own| NAMES.iter().any(|name| own.eq_ignore_ascii_case(name)))
}

/// Whether the part is a file that was attached, rather than a body.
pub(super) fn is_attached(part: &MessagePart<'_>) -> bool {
    let disposition = part.content_disposition();
    part.attachment_name().is_some()
        || disposition.is_some_and(|own| own.ctype().eq_ignore_ascii_case("attachment"))
}

fn charset<'p>(part: &'p MessagePart<'_>) -> Option<&'p str> {
    part.content_type()?.attribute("charset")
}

/// A header's value as people see it.
fn shown(value: &HeaderValue<'_>) -> String {
    match value {
        HeaderValue::Address(Address::List(list)) => addresses(list),
        HeaderValue::Address(Address::Group(groups)) => {
            let groups: Vec<String> = groups
                .iter()
                .map(|group| {
                    let name = group.name.as_deref().unwrap_or_default();
                    format!("{name}: {}", addresses(&group.addresses))
                })
                .collect();
            groups.join("; ")
        }
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(list) => list.join(", "),
        HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => String::new(),
    }
}

fn addresses(list: &[mail_parser::Addr<'_>]) -> String {
    let shown: Vec<String> = list
        .iter()
        .map(|own| match (own.name(), own.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => String::new(),
        })
        .collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one, read_within};
    use crate::model::{DateInterval, DateSource, Fact, Limits};
    use jiff::civil::date;

    #[test]
    fn files_in_the_markup_are_members_and_no_text() {
        let mail = "From: a@example.no\nTo: b@example.no\nSubject: x\nContent-Type: text/html\n\n\
            <html><p>Hei<img src='data:image/png;base64,iVBORw0KGgo='><a href='data:text/plain;base64,S2FyaQ=='>x</a>";
        let seen = read("a.eml", mail.as_bytes());
        assert_eq!((seen[1].path.as_str(), seen[1].format), ("a.eml!/file-1.bin", Some("image")));
        assert_eq!((seen[2].text.as_str(), seen.len()), ("Kari", 3));
        assert!(!seen[0].text.contains("iVBOR") && seen[0].text.contains("Hei"));
    }

    #[test]
    fn headers_bodies_and_attachments_are_read() {
        let mail = "From: =?utf-8?Q?=C3=85se_=C3=98deg=C3=A5rd?= <aase@example.no>\r\n\
            To: Per <per@example.no>, kari@example.no\r\nSubject: S=?utf-8?B?w7hrbmFk?=\r\n\
            Date: Tue, 3 Feb 2026 23:30:00 +0100\r\nMessage-ID: <20260203.2230@example.no>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
            Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            Nummeret er 0101=\r\n9012345, hilsen =C3=85se\r\n--x\r\n\
            Content-Type: text/html\r\n\r\n<p>Ring <b>meg</b></p>\r\n--x\r\n\
            Content-Type: application/octet-stream; name=\"liste.csv\"\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nTmF2bjtCeQpQZXI7T3NsbwpLYXJpO01vc3MK\r\n--x\r\n\
            Content-Type: message/rfc822\r\n\r\nFrom: ola@example.no\r\nSubject: indre\r\n\r\nInnerst\r\n--x--\r\n";
        let seen = read("a.eml", mail.as_bytes());
        assert_eq!(seen[0].format, Some("eml"));
        for part in ["Åse Ødegård <aase@example.no>", "kari@example.no", "01019012345", "Ring meg"] {
            assert!(seen[0].text.contains(part), "{part}: {}", seen[0].text);
        }
        assert_eq!(
            seen[0].facts,
            [
                Fact::Date { source: DateSource::Mail, interval: DateInterval::day(date(2026, 2, 3)) },
                Fact::MessageId("20260203.2230@example.no".into()),
            ]
        );
        assert_eq!(seen[1].path, "a.eml!/liste.csv");
        assert_eq!(seen[1].cell("By", 2), Some("Moss"));
        assert_eq!(seen[2].format, Some("eml"));
        assert!(seen[2].text.contains("Innerst") && seen[2].text.contains("ola@example.no"));
        assert!(seen.iter().all(|own| own.ending() == "scanned"));
    }

    #[test]
    fn lines_that_belong_to_no_header_are_read() {
        let mail = "From: a@example.no\nMIME-Version: 1.0\nReceived: from pc\nby mx for <kari@example.no>;\nSubject: x\n\nhei\n";
        let text = read_one("a.eml", mail.as_bytes()).text;
        assert_eq!(text.matches("by mx for <kari@example.no>;").count(), 1, "{text}");
    }

    #[test]
    fn undeclared_letters_are_read() {
        let mail = b"From: \xC5se <a@example.no>\r\nTo: b@example.no\r\nSubject: Bl\xE5b\xE6r\r\n\
            Date: Tue, 3 Feb 2026 23:30:00 +0100\r\n\r\nR\xF8mme og bl\xE5b\xE6r\r\n";
        let text = read_one("a.eml", mail).text;
        assert!(text.contains("Rømme og blåbær"), "{text}");
        assert!(text.contains("Blåbær") && text.contains("Åse"), "{text}");
    }

    #[test]
    fn half_a_mail_is_read() {
        let mail = b"From: a@example.no\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHei, h";
        assert!(read_one("a.eml", mail).text.contains("Hei, h"));
    }

    #[test]
    fn forwarding_is_followed_to_the_depth_limit() {
        let mut mail = "From: a@example.no\nMIME-Version: 1.0\n\ninnerst\n".to_owned();
        for _ in 0..40 {
            mail = format!(
                "From: a@example.no\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n{mail}"
            );
        }
        let limits = Limits {
            max_depth: 99,
            ..Limits::default()
        };
        let seen = read_within(limits, "a.eml", mail.as_bytes());
        assert_eq!(seen.len(), 34);
        assert_eq!(seen[33].ending(), "skipped limit-depth");
    }

    #[test]
    fn a_mail_too_large_to_hold_is_read_as_text_and_told() {
        let limits = Limits {
            max_held_bytes: 1000,
            spool_memory_bytes: 10,
            ..Limits::default()
        };
        let mail = format!("From: a@example.no\nMIME-Version: 1.0\n\n{}slutt", "x ".repeat(5000));
        let member = super::super::super::formats::zip_of(&[("a.eml", mail.as_bytes())]);
        let seen = read_within(limits, "a.zip", &member);
        assert_eq!(seen[1].ending(), "partial limit-memory");
        assert!(seen[1].text.contains("a@example.no") && seen[1].text.ends_with("slutt"));
    }

    #[test]
    fn a_letter_with_colons_is_no_mail() {
        let text = "Kjære Per: takk for sist.\nMed hilsen: Kari\n";
        assert_eq!(read_one("a.txt", text.as_bytes()).format, Some("text"));
    }

    /// A message with a plain text and a page that say the same, up to what `page` adds.
    fn twofold(plain: &str, page: &str) -> String {
        format!(
            "From: a@example.no\r\nSubject: x\r\nDate: Tue, 3 Feb 2026 23:30:00 +0100\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n\
             {plain}\r\n--x\r\nContent-Type: multipart/related; boundary=y\r\n\r\n--y\r\n\
             Content-Type: text/html\r\n\r\n{page}\r\n--y--\r\n--x--\r\n"
        )
    }

    #[test]
    fn a_body_in_two_forms_is_told_once_unless_the_second_says_more() {
        let same = twofold("Kari, ring 406 12 345", "<p>Kari, <b>ring 406 12 345</b></p>");
        assert_eq!(read_one("a.eml", same.as_bytes()).text.matches("ring 406").count(), 1);
        for more in ["<p>Kari, ring 406 12 399</p>", "<p>Kari, ring <a href='mailto:k@example.no'>meg</a></p>"] {
            let seen = read_one("a.eml", twofold("Kari, ring 406 12 345", more).as_bytes());
            assert_eq!(seen.text.matches("Kari, ring").count(), 2, "{more}");
        }
        let lines = "<p>Kari er syk i dag igjen</p><p>Hilsen Per Ås</p>";
        let words = read_one("a.eml", twofold("Kari er syk\r\ni dag igjen", lines).as_bytes());
        assert_eq!(words.text.matches("Kari er syk").count(), 1, "{}", words.text);
        assert!(words.text.contains("Hilsen Per Ås"), "{}", words.text);
        let longer = read_one("a.eml", twofold("Se HTML", "<p>Kari Nordmann er syk igjen</p>").as_bytes());
        assert!(longer.text.contains("Kari Nordmann er syk"));
        let empty = read_one("a.eml", twofold("", "<p>hei</p>").as_bytes());
        assert!(empty.text.contains("hei"));
    }

    #[test]
    fn headers_of_transport_are_read() {
        let mail = "Received: from pc (kari.example.no [192.0.2.7])\r\n\tby mx.example.no for <ola@example.no>;\r\n Tue, 3 Feb 2026 23:30:00 +0100\r\n\
            X-Sender: =?utf-8?Q?=C3=85se?=\r\nFrom: a@example.no\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nhei\r\n";
        let seen = read_one("a.eml", mail.as_bytes());
        assert!(seen.text.contains("[192.0.2.7]) by mx.example.no for <ola@example.no>; Tue"), "{}", seen.text);
        assert!(seen.text.contains("X-Sender: Åse"), "{}", seen.text);
        assert_eq!(seen.text.matches("a@example.no").count(), 2, "its own and Ola's: {}", seen.text);
    }
}
