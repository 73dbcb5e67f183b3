//! Properties of a message or an attachment in transport form, [MS-OXTNEF] 2.1.3.4.

use super::super::super::compound::{decode, u16_at, u32_at, utf16};
use super::super::super::lzfu;
use super::super::html;

/// Kinds of values, [MS-OXCDATA] 2.11.1.
const STRING: u16 = 0x1E;
const WIDE_STRING: u16 = 0x1F;
const OBJECT: u16 = 0x0D;
const BINARY: u16 = 0x102;
/// Set where there are several values.
const MULTIPLE: u16 = 0x1000;
/// Properties with a meaning here, [MS-OXPROPS].
const BODY: u16 = 0x1000;
const RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const ATTACHED_DATA: u16 = 0x3701;
const ATTACHED_LONG_NAME: u16 = 0x3707;
/// From here on, properties have names of their own before their values.
const NAMED: u16 = 0x8000;
/// Length of the interface id before an embedded object.
const INTERFACE_BYTES: usize = 16;

/// What was found.
pub(super) struct Properties {
    page: u32,
    /// All strings and bodies, one behind the other.
    pub(super) text: String,
    pub(super) long_name: Option<String>,
    /// The body in RTF.
    pub(super) rtf: Option<Vec<u8>>,
    /// Whether there is a body in another form.
    pub(super) has_body: bool,
    /// The bytes of an embedded message or object.
    pub(super) embedded: Option<Vec<u8>>,
}

impl Properties {
    pub(super) fn new(page: u32) -> Self {
        Self { page, text: String::new(), long_name: None, rtf: None, has_body: false, embedded: None }
    }

    /// Reads all; `None` where they break off.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Option<()> {
        let mut rest = Rest(bytes.get(4..)?);
        for _ in 0..u32_at(bytes, 0)? {
            let head = rest.take(4)?;
            let (kind, id) = (u16_at(head, 0)?, u16_at(head, 2)?);
            if id >= NAMED {
                rest.name()?;
            }
            self.values(kind, id, &mut rest)?;
        }
        Some(())
    }

    fn values(&mut self, kind: u16, id: u16, rest: &mut Rest<'_>) -> Option<()> {
        let base = kind & !MULTIPLE;
        let sized = matches!(base, STRING | WIDE_STRING | OBJECT | BINARY);
        let count = if sized || kind & MULTIPLE != 0 { rest.number()? } else { 1 };
        for _ in 0..count {
            if sized {
                let length = usize::try_from(rest.number()?).ok()?;
                let value = rest.take(length)?;
                self.value(base, id, value);
            } else {
                rest.take(fixed_bytes(base)?)?;
            }
        }
        Some(())
    }

    fn value(&mut self, kind: u16, id: u16, value: &[u8]) {
        let string = match kind {
            STRING => Some(decode(value, self.page)),
            WIDE_STRING => Some(utf16(value)),
            _ => None,
        };
        let string = string.map(|own| own.trim_end_matches('\0').to_owned());
        match (id, string) {
            (ATTACHED_LONG_NAME, Some(name)) => self.long_name = Some(name),
            (_, Some(text)) => {
                self.has_body |= id == BODY;
                self.line(&text);
            }
            (ATTACHED_DATA, None) => {
                let skipped = if kind == OBJECT { INTERFACE_BYTES } else { 0 };
                self.embedded = value.get(skipped..).map(<[u8]>::to_vec);
            }
            (HTML, None) => {
                self.has_body = true;
                self.line(&html::text_of(&decode(value, self.page)));
            }
            (RTF, None) => self.rtf = lzfu::unpack(value).map(|(bytes, _)| bytes),
            _ => {}
        }
    }

    fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.text.push('\n');
        }
    }
}

/// Bytes that are left; everything begins at a multiple of four.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let own = self.0.get(..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(own)
    }

    fn number(&mut self) -> Option<u32> {
        u32_at(self.take(4)?, 0)
    }

    /// Goes past a name: its set, its kind, and a number or a string.
    fn name(&mut self) -> Option<()> {
        self.take(INTERFACE_BYTES)?;
        if self.number()? == 0 {
            self.take(4)?;
        } else {
            let length = usize::try_from(self.number()?).ok()?;
            self.take(length)?;
        }
        Some(())
    }
}

/// How many bytes a value of a fixed length takes; `None` for kinds that are not known.
fn fixed_bytes(kind: u16) -> Option<usize> {
    Some(match kind {
        0x01 => 0,
        0x02..=0x04 | 0x0A | 0x0B => 4,
        0x05..=0x07 | 0x14 | 0x40 => 8,
        0x48 => 16,
        _ => return None,
    })
}
