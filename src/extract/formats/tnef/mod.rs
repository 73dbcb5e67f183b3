//! `winmail.dat` (TNEF, [MS-OXTNEF]): what Outlook sends to others than itself. Its texts, and its
//! attachments as members.

mod properties;

use super::super::compound::{decode, u16_at, u32_at};
use super::super::packed::begins;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, DateInterval, DateSource, Fact, Problem, ProblemKind, Stage};
use jiff::civil::Date;
use properties::Properties;

pub(crate) static FORMAT: Tnef = Tnef;

/// Reads them.
pub(crate) struct Tnef;

static INFO: FormatInfo = FormatInfo {
    id: "tnef",
    title: "Outlook message in transport form (winmail.dat)",
    extensions: &["dat", "tnef"],
    version: 1,
    isolated: false,
    reads: "subject, bodies, sender, date and other texts; attachments are members",
};

/// First four bytes, section 2.1.3.1.
const SIGNATURE: &[u8] = b"\x78\x9F\x3E\x22";
/// Length of signature and key, and of what stands before an attribute's data.
const HEADER_BYTES: usize = 6;
const ATTRIBUTE_BYTES: usize = 9;
/// Attributes, section 2.1.3.2: kind and id.
const FROM: u32 = 0x0000_8000;
const SUBJECT: u32 = 0x0001_8004;
const SENT: u32 = 0x0003_8005;
const BODY: u32 = 0x0002_800C;
const ATTACHED_DATA: u32 = 0x0006_800F;
const ATTACHED_TITLE: u32 = 0x0001_8010;
const ATTACHED_BEGINS: u32 = 0x0006_9002;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHED_PROPERTIES: u32 = 0x0006_9005;
const CODE_PAGE: u32 = 0x0006_9007;

impl Format for Tnef {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        begins(head, SIGNATURE)
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let bytes = content.whole(budget)?;
        let mut reading = Reading {
            page: 1252,
            attached: None,
            damaged: false,
        };
        let mut rest = bytes.get(HEADER_BYTES..).unwrap_or_default();
        while !rest.is_empty() {
            budget.check()?;
            let Some((id, data, after)) = attribute(rest) else {
                reading.damaged = true;
                break;
            };
            reading.take(id, data, sink)?;
            rest = after;
        }
        reading.hand_out(sink)?;
        if reading.damaged {
            return Err(Problem::new(ProblemKind::Malformed, Stage::Extract));
        }
        Ok(())
    }
}

/// Kind and id, data, and what follows its checksum.
fn attribute(rest: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let id = u32_at(rest, 1)?;
    let length = usize::try_from(u32_at(rest, 5)?).ok()?;
    let (data, after) = rest.get(ATTRIBUTE_BYTES..)?.split_at_checked(length)?;
    Some((id, data, after.get(2..).unwrap_or_default()))
}

/// An attachment that is being gathered.
#[derive(Default)]
struct Attached {
    name: String,
    data: Vec<u8>,
    embedded: Option<Vec<u8>>,
}

struct Reading {
    page: u32,
    attached: Option<Attached>,
    damaged: bool,
}

impl Reading {
    fn take(&mut self, id: u32, data: &[u8], sink: &mut dyn Sink) -> Result<(), Problem> {
        match id {
            CODE_PAGE => self.page = u32_at(data, 0).unwrap_or(self.page),
            FROM | SUBJECT | BODY => flow::part("message", &self.line(data), sink),
            SENT => sent(data).into_iter().for_each(|fact| sink.fact(fact)),
            MESSAGE_PROPERTIES => {
                let mut found = Properties::new(self.page);
                self.damaged |= found.read(data).is_none();
                flow::part("properties", &found.text, sink);
                if let Some(rtf) = found.rtf.filter(|_| !found.has_body) {
                    sink.member(b"body.rtf", &mut rtf.as_slice())?;
                }
            }
            ATTACHED_BEGINS => {
                self.hand_out(sink)?;
                self.attached = Some(Attached::default());
            }
            ATTACHED_TITLE => {
                let mut name = self.line(data);
                name.truncate(name.trim_end().len());
                self.attached.get_or_insert_default().name = name;
            }
            ATTACHED_DATA => self.attached.get_or_insert_default().data = data.to_vec(),
            ATTACHED_PROPERTIES => {
                let mut found = Properties::new(self.page);
                self.damaged |= found.read(data).is_none();
                let attached = self.attached.get_or_insert_default();
                if let Some(name) = found.long_name {
                    attached.name = name;
                }
                attached.embedded = found.embedded;
            }
            _ => {}
        }
        Ok(())
    }

    fn line(&self, data: &[u8]) -> String {
        let mut text = decode(data, self.page).replace('\0', " ");
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// The attachment as a member, if there is one.
    fn hand_out(&mut self, sink: &mut dyn Sink) -> Result<(), Problem> {
        let Some(own) = self.attached.take() else {
            return Ok(());
        };
        let data = if own.data.is_empty() { own.embedded.unwrap_or_default() } else { own.data };
        sink.member(own.name.as_bytes(), &mut data.as_slice())
    }
}

/// The day in year, month and day as words, section 2.1.3.3.4.
fn sent(data: &[u8]) -> Option<Fact> {
    let part = |at| u16_at(data, at);
    let (year, month) = (i16::try_from(part(0)?).ok()?, i8::try_from(part(2)?).ok()?);
    let day = Date::new(year, month, i8::try_from(part(4)?).ok()?).ok()?;
    let interval = DateInterval::day(day);
    Some(Fact::Date { source: DateSource::Mail, interval })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::super::recorder::read;
    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [&[level], &id.to_le_bytes()[..], &length, data, &[0, 0]].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    /// Properties of one value each: kind, id, bytes.
    fn properties(list: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = u32::try_from(list.len()).unwrap().to_le_bytes().to_vec();
        for (kind, id, value) in list {
            bytes.extend(kind.to_le_bytes());
            bytes.extend(id.to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
            bytes.extend(value);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    fn message() -> Vec<u8> {
        let mut day = Vec::new();
        for part in [2026_u16, 2, 3, 9, 30, 0, 2] {
            day.extend(part.to_le_bytes());
        }
        let own = properties(&[
            (0x1F, 0x0037, wide("Søknad fra Åse")),
            (0x1E, 0x0C1F, b"aase@example.no\0".to_vec()),
            (0x102, 0x1013, b"<p>Ring <b>meg</b></p>".to_vec()),
        ]);
        let file = properties(&[(0x1F, 0x3707, wide("lønn 2026.txt"))]);
        [
            b"\x78\x9F\x3E\x22\x01\0".to_vec(),
            attribute(1, CODE_PAGE, &1252_u64.to_le_bytes()),
            attribute(1, SUBJECT, b"Bl\xE5b\xE6r\0"),
            attribute(1, SENT, &day),
            attribute(1, MESSAGE_PROPERTIES, &own),
            attribute(2, ATTACHED_BEGINS, &[0; 14]),
            attribute(2, ATTACHED_TITLE, b"LNN202~1.TXT\0"),
            attribute(2, ATTACHED_DATA, b"lista er hemmelig"),
            attribute(2, ATTACHED_PROPERTIES, &file),
        ]
        .concat()
    }

    #[test]
    fn texts_dates_and_attachments_are_read() {
        let seen = read("winmail.dat", &message());
        assert_eq!((seen[0].format, seen[0].ending().as_str()), (Some("tnef"), "scanned"));
        for part in ["Blåbær", "Søknad fra Åse", "aase@example.no", "Ring meg"] {
            assert!(seen[0].text.contains(part), "{part}: {}", seen[0].text);
        }
        let interval = DateInterval::day(date(2026, 2, 3));
        assert_eq!(seen[0].facts, [Fact::Date { source: DateSource::Mail, interval }]);
        assert_eq!(seen[1].path, "winmail.dat!/lønn 2026.txt");
        assert_eq!(seen[1].text, "lista er hemmelig");
    }

    #[test]
    fn empty_and_cut_ones_end_in_an_outcome() {
        let whole = message();
        assert_eq!(read("a", &whole[..6])[0].ending(), "scanned");
        let cut = read("a", &whole[..whole.len() - 20]);
        assert_eq!(cut[0].ending(), "partial malformed");
        assert_eq!(cut[1].text, "lista er hemmelig");
        for length in 0..whole.len() {
            assert!(!read("a", &whole[..length])[0].ending().contains("panic"));
        }
    }
}
