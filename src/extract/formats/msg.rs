//! Outlook messages, [MS-OXMSG]: all strings of the message and its recipients, the bodies, and the
//! attachments as members.
//!
//! A message or document that is embedded as a folder of the compound file is put into a file of its
//! own and is a member, so that its depth is counted like any other's.

use std::collections::HashSet;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use cfb::CompoundFile;

use super::super::compound::{
    Compound, decode, encoding_of, is_unnamed, lists, malformed, open, stream_or_tell, tell_date,
    u32_at, u64_at, utf16,
};
use super::super::decode::{Utf8Reader, declared_after};
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow, lzfu};
use super::html;
use crate::model::{Budget, DateSource, Fact, Problem};

pub(crate) static FORMAT: Msg = Msg;

/// Reads them.
pub(crate) struct Msg;

static INFO: FormatInfo = FormatInfo {
    id: "msg",
    title: "Outlook message",
    extensions: &["msg", "oft"],
    version: 2,
    isolated: true,
    reads: "subject, sender, recipients, transport headers, all bodies, contacts and appointments, attachments as members",
};

const PROPERTIES: &str = "__properties_version1.0";
const VALUE: &str = "__substg1.0_";
const RECIPIENT: &str = "__recip_version1.0_";
const ATTACHMENT: &str = "__attach_version1.0_";

// Types of properties, [MS-OXCDATA] 2.11.1.
const BINARY: u16 = 0x0102;
const STRING8: u16 = 0x001E;
const UNICODE: u16 = 0x001F;
/// Set on a type whose values are several.
const MULTIPLE: u16 = 0x1000;

// Ids of properties, [MS-OXPROPS].
const MESSAGE_ID: u16 = 0x1035;
const BODY: u16 = 0x1000;
const RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const DATA: u16 = 0x3701;
const LONG_NAME: u16 = 0x3707;
const SHORT_NAME: u16 = 0x3704;
const DISPLAY_NAME: u16 = 0x3001;
const MESSAGE_PAGE: u32 = 0x3FFD_0003;
const INTERNET_PAGE: u32 = 0x3FDE_0003;
const SUBMITTED: u32 = 0x0039_0040;
const DELIVERED: u32 = 0x0E06_0040;

impl Format for Msg {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let likely = || {
            head.has_extension(INFO.extensions) || lists(head, PROPERTIES) || lists(head, VALUE)
        };
        if is_unnamed(head) && likely() {
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
        let file = open(content, budget)?;
        let mut message = Message {
            file,
            page: 1252,
            html_page: None,
        };
        message.read(budget, sink)
    }
}

/// The value of a property that lies in a stream of its own.
struct Value {
    id: u16,
    kind: u16,
    path: PathBuf,
}

struct Message {
    file: Compound,
    /// Code page of strings that are not Unicode.
    page: u32,
    /// Code page of the HTML body, if one is told.
    html_page: Option<u32>,
}

impl Message {
    fn read(&mut self, budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
        let root = Path::new("/");
        if self.file.is_stream(PROPERTIES) {
            let table = stream_or_tell(&mut self.file, PROPERTIES, budget, sink)?;
            self.fixed(&table, sink);
        }
        let values = self.values(root);
        if values.is_empty() && !self.file.is_stream(PROPERTIES) {
            return Err(malformed());
        }
        let strings = self.strings(&values, budget, sink)?;
        flow::part("headers", &shown(&strings, true), sink);
        let own = strings.iter().find(|(id, _)| *id == MESSAGE_ID);
        if let Some(fact) = own.and_then(|(_, id)| Fact::message_id(id)) {
            sink.fact(fact);
        }
        let folders = self.folders();
        let mut recipients = String::new();
        for folder in folders_of(&folders, RECIPIENT) {
            let values = self.values(folder);
            let strings = self.strings(&values, budget, sink)?;
            recipients.push_str(&shown(&strings, false).replace('\n', " "));
            recipients.push('\n');
        }
        flow::part("recipients", recipients.trim_start(), sink);
        self.bodies(&values, &strings, budget, sink)?;
        for (at, folder) in folders_of(&folders, ATTACHMENT).enumerate() {
            self.attachment(at, folder, budget, sink)?;
        }
        Ok(())
    }

    /// Reads the table of values of fixed size: code pages and dates, [MS-OXMSG] 2.4.
    fn fixed(&mut self, table: &[u8], sink: &mut dyn Sink) {
        const HEADER: usize = 32;
        const ENTRY: usize = 16;
        let entries = table.get(HEADER..).unwrap_or_default();
        let entry = |tag: u32| {
            entries
                .chunks_exact(ENTRY)
                .find(|own| u32_at(own, 0) == Some(tag))
        };
        let value = |tag| u64_at(entry(tag)?, 8);
        let page = |tag| u32_at(entry(tag)?, 8).filter(|page| *page != 0);
        self.html_page = page(INTERNET_PAGE);
        self.page = page(MESSAGE_PAGE).or(self.html_page).unwrap_or(1252);
        if let Some(ticks) = value(SUBMITTED).or(value(DELIVERED)) {
            tell_date(ticks, DateSource::Mail, sink);
        }
    }

    /// The values that a folder holds, in the order of their ids.
    fn values(&self, folder: &Path) -> Vec<Value> {
        let Ok(entries) = self.file.read_storage(folder) else {
            return Vec::new();
        };
        let mut values: Vec<Value> = entries
            .filter_map(|entry| {
                let tag = entry.name().strip_prefix(VALUE)?;
                let tag = u32::from_str_radix(tag.get(..8)?, 16).ok()?;
                // The lengths of several values stand under the bare tag.
                let lengths = tag & u32::from(MULTIPLE) != 0 && entry.name().len() == VALUE.len() + 8;
                (!lengths).then(|| Value {
                    id: (tag >> 16) as u16,
                    kind: (tag & 0xFFFF) as u16 & !MULTIPLE,
                    path: entry.path().to_path_buf(),
                })
            })
            .collect();
        values.sort_by_key(|own| own.id);
        values
    }

    fn folders(&self) -> Vec<PathBuf> {
        let entries = self.file.read_root_storage();
        let folders = entries.filter(cfb::Entry::is_storage);
        folders.map(|own| own.path().to_path_buf()).collect()
    }

    /// All strings of these values.
    fn strings(
        &mut self,
        values: &[Value],
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<Vec<(u16, String)>, Problem> {
        let mut strings = Vec::new();
        for own in values {
            if matches!(own.kind, STRING8 | UNICODE) {
                let bytes = stream_or_tell(&mut self.file, &own.path, budget, sink)?;
                let text = if own.kind == UNICODE {
                    utf16(&bytes)
                } else {
                    decode(&bytes, self.page)
                };
                strings.push((own.id, text.replace('\0', "")));
            }
        }
        Ok(strings)
    }

    /// The bodies: plain and HTML where both are, and RTF where nothing else is.
    fn bodies(
        &mut self,
        values: &[Value],
        strings: &[(u16, String)],
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let mut found = false;
        for (id, text) in strings {
            match *id {
                BODY => flow::part("body", text, sink),
                HTML => flow::part("body", &html::text_of(text), sink),
                _ => continue,
            }
            found |= !text.trim().is_empty();
        }
        if let Some(html) = self.binary(values, HTML, budget, sink)? {
            let text = html::text_of(&self.decode_html(&html));
            flow::part("body", &text, sink);
            found |= !text.trim().is_empty();
        }
        if !found && let Some(packed) = self.binary(values, RTF, budget, sink)? {
            match lzfu::unpack(&packed) {
                Some((rtf, whole)) => {
                    if !whole {
                        sink.incomplete(malformed());
                    }
                    sink.member(b"body.rtf", &mut rtf.as_slice())?;
                }
                None => sink.incomplete(malformed()),
            }
        }
        Ok(())
    }

    /// HTML in the encoding that it declares, or else that of the message.
    fn decode_html(&self, html: &[u8]) -> String {
        let page = self.html_page.and_then(encoding_of);
        let declared = |head: &[u8]| declared_after(head, b"charset=").or(page);
        let mut text = Vec::new();
        if let Ok(mut reader) = Utf8Reader::with_declared(html, declared) {
            // Reading from memory into memory does not fail.
            let _ = std::io::copy(&mut reader, &mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    fn binary(
        &mut self,
        values: &[Value],
        id: u16,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<Option<Vec<u8>>, Problem> {
        let own = |own: &&Value| own.id == id && own.kind == BINARY;
        match values.iter().find(own) {
            Some(own) => stream_or_tell(&mut self.file, &own.path, budget, sink).map(Some),
            None => Ok(None),
        }
    }

    fn attachment(
        &mut self,
        at: usize,
        folder: &Path,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let values = self.values(folder);
        let strings = self.strings(&values, budget, sink)?;
        let named = |id: u16| {
            let name = strings.iter().find(|own| own.0 == id)?.1.trim();
            (!name.is_empty()).then(|| name.to_owned())
        };
        let name = named(LONG_NAME)
            .or_else(|| named(SHORT_NAME))
            .or_else(|| named(DISPLAY_NAME))
            .unwrap_or_else(|| format!("attachment-{}", at + 1));
        let others: Vec<_> = strings.into_iter().filter(|own| own.1.trim() != name).collect();
        flow::part("attachment", &shown(&others, false), sink);
        if let Some(bytes) = self.binary(&values, DATA, budget, sink)? {
            return sink.member(name.as_bytes(), &mut bytes.as_slice());
        }
        let embedded = folder.join(format!("{VALUE}{DATA:04X}000D"));
        if !self.file.is_storage(&embedded) {
            // Attached by reference: the path stands among the strings.
            return Ok(());
        }
        let is_message = self.file.is_stream(embedded.join(PROPERTIES));
        let name = if is_message { format!("{name}.msg") } else { name };
        match self.detached(&embedded, budget, sink) {
            Ok(bytes) => sink.member(name.as_bytes(), &mut bytes.as_slice()),
            Err(problem) if problem == malformed() => {
                sink.unread_member(name.as_bytes(), problem);
                Ok(())
            }
            Err(problem) => Err(problem),
        }
    }

    /// A folder as a compound file of its own.
    fn detached(
        &mut self,
        folder: &Path,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<Vec<u8>, Problem> {
        let broken = |_| malformed();
        let entries = self.file.walk_storage(folder).map_err(broken)?;
        let entries: Vec<cfb::Entry> = entries.collect();
        let mut own = CompoundFile::create(Cursor::new(Vec::new())).map_err(broken)?;
        for entry in entries {
            let path = entry.path().strip_prefix(folder).unwrap_or(Path::new(""));
            let target = Path::new("/").join(path);
            if entry.is_stream() {
                let mut bytes = stream_or_tell(&mut self.file, entry.path(), budget, sink)?;
                if path == Path::new(PROPERTIES) {
                    pad_header(&mut bytes);
                }
                let mut stream = own.create_stream(&target).map_err(broken)?;
                stream.write_all(&bytes).map_err(broken)?;
            } else {
                if !path.as_os_str().is_empty() {
                    own.create_storage(&target).map_err(broken)?;
                }
                own.set_storage_clsid(&target, *entry.clsid()).map_err(broken)?;
            }
        }
        own.flush().map_err(broken)?;
        Ok(own.into_inner().into_inner())
    }
}

/// The header of an embedded message's table lacks eight reserved bytes that a file's own has,
/// [MS-OXMSG] 2.4.1.
fn pad_header(table: &mut Vec<u8>) {
    const EMBEDDED: usize = 24;
    if table.len() >= EMBEDDED {
        table.splice(EMBEDDED..EMBEDDED, [0; 8]);
    }
}

fn folders_of<'f>(folders: &'f [PathBuf], prefix: &'static str) -> impl Iterator<Item = &'f Path> {
    let named = move |own: &&PathBuf| {
        let name = own.file_name().map(|name| name.to_string_lossy());
        name.is_some_and(|name| name.starts_with(prefix))
    };
    folders.iter().filter(named).map(PathBuf::as_path)
}

/// Strings on lines, each once: the same name stands in several properties. With `labels`, what
/// people know by a label has it; bodies are left out.
fn shown(strings: &[(u16, String)], labels: bool) -> String {
    let mut text = String::new();
    let mut told = HashSet::new();
    for (id, own) in strings {
        let own = own.trim();
        if own.is_empty() || matches!(*id, BODY | HTML) || !told.insert(own) {
            continue;
        }
        if labels && let Some(label) = label(*id) {
            text.push_str(label);
        }
        text.push_str(own);
        text.push('\n');
    }
    text
}

fn label(id: u16) -> Option<&'static str> {
    Some(match id {
        0x0037 => "Subject: ",
        0x0042 | 0x0065 | 0x0C1A | 0x0C1F | 0x5D01 | 0x5D02 => "From: ",
        0x0E04 => "To: ",
        0x0E03 => "Cc: ",
        0x0E02 => "Bcc: ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::compound::tests::{DAY, compound_of};
    use super::super::super::lzfu::tests::packed;
    use super::super::super::recorder::{read, read_one};
    use crate::model::{DateInterval, DateSource, Fact};
    use jiff::civil::date;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    /// A table of values of fixed size behind a header of `header` bytes.
    fn table(header: usize, values: &[(u32, u64)]) -> Vec<u8> {
        let mut table = vec![0; header];
        for (tag, value) in values {
            table.extend(tag.to_le_bytes());
            table.extend([0; 4]);
            table.extend(value.to_le_bytes());
        }
        table
    }

    fn message() -> Vec<u8> {
        let properties = table(32, &[(0x3FFD_0003, 1251), (0x3FDE_0003, 65001), (0x0E06_0040, DAY)]);
        let inner = table(24, &[(0x3FFD_0003, 1252), (0x0039_0040, DAY)]);
        compound_of(&[
            ("__properties_version1.0", &properties),
            ("__substg1.0_0037001F", &wide("Lønn til Åse")),
            ("__substg1.0_0C1A001E", b"\xCF\xF0\xE8\xE2\xE5\xF2"),
            ("__substg1.0_0042001E", b"\xCF\xF0\xE8\xE2\xE5\xF2"),
            ("__substg1.0_1000001F", &wide("Hei\r\nRing 41234567\0")),
            ("__substg1.0_1035001F", &wide("<AM0PR07MB4419A1@post.example>\0")),
            ("__substg1.0_10130102", "<p>Hilsen <b>Åse</b>".as_bytes()),
            ("__substg1.0_10090102", &packed(b"{\\rtf1 ikke denne}")),
            ("__substg1.0_8005101F", &[0; 8]),
            ("__substg1.0_8005101F-00000000", &wide("stikkord")),
            ("__recip_version1.0_#00000000/__substg1.0_3001001F", &wide("Per Moe")),
            ("__recip_version1.0_#00000000/__substg1.0_39FE001F", &wide("per@example.no")),
            ("__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("liste.csv")),
            ("__attach_version1.0_#00000000/__substg1.0_37010102", b"navn;by\nPer;Oslo\n"),
            ("__attach_version1.0_#00000001/__substg1.0_3001001F", &wide("Indre")),
            ("__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0", &inner),
            ("__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001E", b"Innerst: \xE5"),
        ])
    }

    #[test]
    fn strings_bodies_and_attachments_are_read() {
        let seen = read("a", &message());
        assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("msg"), "scanned"));
        for part in [
            "Subject: Lønn til Åse\n", "From: Привет\n", "Ring 41234567", "Hilsen Åse", "stikkord",
            "Per Moe per@example.no",
        ] {
            assert!(seen[0].text.contains(part), "{part}: {}", seen[0].text);
        }
        assert_eq!(seen[0].text.matches("Привет").count(), 1, "the same name is told once");
        let paths: Vec<_> = seen[1..].iter().map(|own| (own.path.as_str(), own.format)).collect();
        assert_eq!(paths, [("a!/liste.csv", Some("csv")), ("a!/Indre.msg", Some("msg"))]);
        assert!(seen[2].text.contains("Innerst: å"));
        let sent = Fact::Date {
            source: DateSource::Mail,
            interval: DateInterval::day(date(2024, 5, 17)),
        };
        let id = Fact::MessageId("AM0PR07MB4419A1@post.example".into());
        assert_eq!(seen[0].facts, [sent.clone(), id]);
        assert_eq!(seen[2].facts, [sent]);
    }

    #[test]
    fn compressed_rtf_is_read_where_it_is_the_only_body() {
        let properties = table(32, &[]);
        let rtf = packed(b"{\\rtf1 Ring Per}");
        let of = |rtf: &[u8]| {
            compound_of(&[("__properties_version1.0", &properties), ("__substg1.0_10090102", rtf)])
        };
        let seen = read("a.msg", &of(&rtf));
        assert_eq!(seen[1].path, "a.msg!/body.rtf");
        assert!(seen[1].text.contains("Ring Per"), "{}", seen[1].text);
        assert_eq!(read("a.msg", &of(&rtf[..20]))[0].ending(), "partial malformed");
        assert_eq!(read_one("a.msg", &of(b"ikke rtf")).ending(), "partial malformed");
    }

    #[test]
    fn garbage_and_cut_files_end_without_a_panic() {
        let whole = message();
        for length in (8..whole.len()).step_by(199) {
            for own in read("a.msg", &whole[..length]) {
                assert!(!own.ending().contains("panic"), "{length}");
            }
        }
        let other = compound_of(&[("annet", b"x")]);
        assert_eq!(read_one("a.msg", &other).ending(), "failed malformed");
        let cut = compound_of(&[("__properties_version1.0", &[1; 9]), ("__substg1.0_zz", b"x")]);
        assert_eq!(read_one("a.msg", &cut).ending(), "scanned");
    }
}
