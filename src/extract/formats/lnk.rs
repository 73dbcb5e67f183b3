//! Windows shortcuts, [MS-SHLLINK]: the name and the place of what they lead to. Names of folders and
//! files are often names of people.

use super::super::compound::{decode, u16_at, u32_at, utf16};
use super::super::packed::begins;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Shortcut = Shortcut;

/// Reads shortcuts.
pub(crate) struct Shortcut;

static INFO: FormatInfo = FormatInfo {
    id: "lnk",
    title: "Windows shortcut",
    extensions: &["lnk"],
    version: 1,
    isolated: false,
    reads: "name, target, folder and arguments; the file that it leads to is not followed",
};

/// Length of the header and the class of shortcuts, section 2.1.
const SIGNATURE: &[u8] = b"\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46";
const HEADER_BYTES: usize = 76;
/// A shortcut is a few hundred bytes; what is beyond this is not one's text.
const MAX_BYTES: u64 = 1024 * 1024;
/// Flags of the header, section 2.1.1.
const HAS_ID_LIST: u32 = 1;
const HAS_LINK_INFO: u32 = 2;
const IS_UNICODE: u32 = 0x80;
/// The strings behind, in their order, with their flags: section 2.4.
const STRINGS: [u32; 5] = [4, 8, 0x10, 0x20, 0x40];

impl Format for Shortcut {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        begins(head, SIGNATURE)
    }

    fn read(&self, content: &mut Content, _: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
        let bytes = content.head(MAX_BYTES)?;
        let mut text = String::new();
        let whole = strings(&bytes, &mut text);
        flow::part("shortcut", &text, sink);
        whole.ok_or(Problem::new(ProblemKind::Malformed, Stage::Extract))
    }
}

/// Adds each string as a line; `None` where they break off.
fn strings(bytes: &[u8], text: &mut String) -> Option<()> {
    let flags = u32_at(bytes, 20)?;
    let mut rest = bytes.get(HEADER_BYTES..)?;
    if flags & HAS_ID_LIST != 0 {
        rest = rest.get(usize::from(u16_at(rest, 0)?) + 2..)?;
    }
    if flags & HAS_LINK_INFO != 0 {
        let length = usize::try_from(u32_at(rest, 0)?).ok()?;
        let (info, after) = rest.split_at_checked(length)?;
        place(info, text);
        rest = after;
    }
    for _ in STRINGS.into_iter().filter(|flag| flags & flag != 0) {
        let count = usize::from(u16_at(rest, 0)?);
        let bytes = if flags & IS_UNICODE == 0 { count } else { count * 2 };
        let (own, after) = rest.get(2..)?.split_at_checked(bytes)?;
        line(&if flags & IS_UNICODE == 0 { decode(own, 1252) } else { utf16(own) }, text);
        rest = after;
    }
    Some(())
}

/// The local path, the share, and what follows either: section 2.3.
fn place(info: &[u8], text: &mut String) {
    let offset = |at| u32_at(info, at).and_then(|own| usize::try_from(own).ok()).filter(|own| *own > 0);
    let string = |at: usize| {
        let own = info.get(at..)?;
        Some(decode(own.split(|byte| *byte == 0).next()?, 1252))
    };
    let share = offset(20).and_then(|at| {
        let name = usize::try_from(u32_at(info, at + 8)?).ok()?;
        string(at + name)
    });
    let local = offset(16).and_then(string);
    for own in [local, share, offset(24).and_then(string)].into_iter().flatten() {
        line(&own, text);
    }
}

fn line(own: &str, text: &mut String) {
    if !own.is_empty() {
        text.push_str(own);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;
    use super::SIGNATURE;

    fn shortcut() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend(0x8A_u32.to_le_bytes());
        bytes.resize(76, 0);
        let path = b"C:\\Ansatte\\\xC5se.docx\0\0";
        bytes.extend(u32::try_from(28 + path.len()).unwrap().to_le_bytes());
        for value in [28_u32, 1, 0, 28, 0, 0] {
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend(path);
        let relative: Vec<u16> = "..\\Åse Ødegård.docx".encode_utf16().collect();
        bytes.extend(u16::try_from(relative.len()).unwrap().to_le_bytes());
        bytes.extend(relative.iter().flat_map(|own| own.to_le_bytes()));
        bytes
    }

    #[test]
    fn targets_are_read_and_cut_ones_told() {
        let seen = read_one("a", &shortcut());
        assert_eq!((seen.format, seen.ending().as_str()), (Some("lnk"), "scanned"));
        assert_eq!(seen.text, "C:\\Ansatte\\Åse.docx\n..\\Åse Ødegård.docx\n");
        let whole = shortcut();
        for length in SIGNATURE.len()..whole.len() {
            let ending = read_one("a.lnk", &whole[..length]).ending();
            assert!(ending.ends_with("malformed"), "{length} {ending}");
        }
        let mut empty = shortcut();
        empty[20] = 0;
        assert_eq!(read_one("a.lnk", &empty).ending(), "scanned");
    }
}
