//! Compressed RTF of Outlook messages, [MS-OXRTFCP].
//!
//! Only unpacking. The header's sizes and its checksum are not believed: programs write wrong ones,
//! and the packed bytes say themselves where they end.

use super::compound::u32_at;

/// What the dictionary holds before the first byte, [MS-OXRTFCP] 2.1.2.1.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\
\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;
const HEADER: usize = 16;
const PACKED: u32 = 0x7546_5A4C;
const STORED: u32 = 0x414C_454D;

/// The RTF, and whether its end was reached; `None` where the bytes are nothing of the kind. The
/// output is less than nine times as long as the input.
pub(super) fn unpack(bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
    let body = bytes.get(HEADER..)?;
    match u32_at(bytes, 8)? {
        STORED => {
            let size = usize::try_from(u32_at(bytes, 4)?).ok()?;
            let text = body.get(..size.min(body.len()))?;
            Some((text.to_vec(), text.len() == size))
        }
        PACKED => Some(inflate(body)),
        _ => None,
    }
}

fn inflate(body: &[u8]) -> (Vec<u8>, bool) {
    let mut window = [b' '; WINDOW];
    for (slot, byte) in window.iter_mut().zip(DICTIONARY) {
        *slot = *byte;
    }
    let mut write = DICTIONARY.len();
    let mut text = Vec::with_capacity(body.len() * 2);
    let mut bytes = body.iter().copied();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else {
                return (text, false);
            };
            if (control >> bit) & 1 == 0 {
                push(first, &mut window, &mut write, &mut text);
                continue;
            }
            let Some(second) = bytes.next() else {
                return (text, false);
            };
            let reference = usize::from(u16::from_be_bytes([first, second]));
            let (from, length) = (reference >> 4, (reference & 0xF) + 2);
            if from == write {
                return (text, true);
            }
            for at in from..from + length {
                let byte = window[at % WINDOW];
                push(byte, &mut window, &mut write, &mut text);
            }
        }
    }
    (text, false)
}

fn push(byte: u8, window: &mut [u8; WINDOW], write: &mut usize, text: &mut Vec<u8>) {
    window[*write] = byte;
    *write = (*write + 1) % WINDOW;
    text.push(byte);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Packs without looking for repetitions, as the format allows.
    pub(crate) fn packed(text: &[u8]) -> Vec<u8> {
        let mut bytes = [0; HEADER].to_vec();
        bytes[8..12].copy_from_slice(&PACKED.to_le_bytes());
        for run in text.chunks(8) {
            bytes.push(if run.len() < 8 { 1 << run.len() } else { 0 });
            bytes.extend(run);
        }
        let end = u16::try_from(((DICTIONARY.len() + text.len()) % WINDOW) << 4).unwrap();
        if text.len().is_multiple_of(8) {
            bytes.push(1);
        }
        bytes.extend(end.to_be_bytes());
        bytes
    }

    #[test]
    fn the_published_example_is_unpacked() {
        // [MS-OXRTFCP] 3.1.1.
        let example = b"\x2D\0\0\0\x2B\0\0\0LZFu\xF1\xC5\xC7\xA7\x03\0\x0A\0rcpg125\x42\
            \x32\x0A\xF3 hel\x09\0\x20bw\x05\xB0ld}\x0A\x80\x0F\xA0";
        let text = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n";
        assert_eq!(unpack(example), Some((text.to_vec(), true)));
    }

    #[test]
    fn wrong_sizes_do_not_matter_and_a_cut_is_noticed() {
        let text = "{\\rtf1 Åse}".repeat(600).into_bytes();
        let bytes = packed(&text);
        assert_eq!(unpack(&bytes), Some((text, true)));
        let (half, whole) = unpack(&bytes[..500]).unwrap();
        assert!(!whole && half.starts_with(b"{\\rtf1 \xC3"));
        assert_eq!(unpack(b"neppe noe slikt, men langt nok"), None);
        assert_eq!(unpack(b"kort"), None);
    }

    #[test]
    fn the_dictionary_has_its_length() {
        assert_eq!(DICTIONARY.len(), 207);
    }
}
