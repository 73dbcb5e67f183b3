//! Controls of forms in Office documents, and of dialogs that their macros show: what is written on them and
//! into them. A dialog is a folder with a stream that says how its window looks and streams of its controls; a
//! control in a document is a stream of its own, [MS-OFORMS] 2.1.1. What a control says stands there among
//! numbers, as bytes or in UTF-16.

use std::path::{Path, PathBuf};

use super::charset::guess_single_byte;
use super::compound::{Compound, stream_or_tell};
use super::{Sink, flow};
use crate::model::{Budget, Problem, ProblemKind};

/// The stream that says how a dialog's window looks: its folder is one of a dialog.
const WINDOW: &str = "\u{3}VBFrame";
/// Streams of a dialog's controls, and of what they hold.
const CONTROLS: [&str; 2] = ["f", "o"];
/// The stream of one control in a document, and that of all controls of a workbook.
const ALONE: [&str; 2] = ["contents", "Ctls"];
/// The version that a control begins with.
const VERSION: &[u8] = &[0, 2];
/// Fewer characters in a row are no text.
const FEWEST_CHARACTERS: usize = 3;

/// Tells the texts of all controls of a compound file. Returns whether there were any.
///
/// # Errors
/// Limits.
pub(super) fn texts(
    file: &mut Compound,
    entries: &[(PathBuf, bool)],
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<bool, Problem> {
    let streams = entries
        .iter()
        .filter(|(_, is_stream)| *is_stream)
        .map(|(path, _)| path);
    let windows: Vec<&Path> = streams
        .clone()
        .filter(|path| is_called(path, WINDOW))
        .filter_map(|path| path.parent())
        .collect();
    let mut text = String::new();
    let mut found = false;
    for path in streams {
        let window = is_called(path, WINDOW);
        let alone = ALONE.iter().any(|name| is_called(path, name));
        let controls = CONTROLS.iter().any(|name| is_called(path, name));
        if !(window || alone || controls && windows.iter().any(|folder| path.starts_with(folder))) {
            continue;
        }
        budget.check()?;
        match stream_or_tell(file, path, budget, sink) {
            Ok(bytes) if window => decode(&bytes, &mut text),
            Ok(bytes) if alone && !bytes.starts_with(VERSION) => {}
            Ok(bytes) => {
                runs(&bytes, &mut text);
                found = true;
            }
            Err(problem) if problem.kind == ProblemKind::Malformed => sink.incomplete(problem),
            Err(limit) => return Err(limit),
        }
    }
    flow::part("controls", &text, sink);
    Ok(found)
}

fn is_called(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|own| own == name)
}

fn decode(bytes: &[u8], text: &mut String) {
    guess_single_byte(bytes).decode_to(bytes, text);
    text.push('\n');
}

/// The texts among other bytes, each on a line: characters of one byte each, or of two of which the second is 0.
fn runs(bytes: &[u8], text: &mut String) {
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let narrow = rest.iter().take_while(|byte| is_written(**byte)).count();
        let wide = rest
            .as_chunks::<2>()
            .0
            .iter()
            .take_while(|[low, high]| is_written(*low) && *high == 0)
            .count();
        let (run, length) = if wide >= FEWEST_CHARACTERS {
            let low: Vec<u8> = rest.iter().step_by(2).take(wide).copied().collect();
            (low, wide * 2)
        } else {
            (
                rest.get(..narrow).unwrap_or_default().to_vec(),
                narrow.max(1),
            )
        };
        if run.len() >= FEWEST_CHARACTERS && run.iter().any(u8::is_ascii_alphanumeric) {
            decode(&run, text);
        }
        at += length;
    }
}

/// Whether a byte is a character of Windows-1252 that people write.
fn is_written(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | 0xA0..=0xFF | b'\r' | b'\n' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::super::compound::tests::compound_of;
    use super::super::recorder::read_one;

    #[test]
    fn what_is_written_into_a_control_is_read() {
        let wide: Vec<u8> = "fnr 15888610046, Åse"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let control = [
            b"\x00\x02P\x00E\x01\xC0\x84\0\0\0\0".as_slice(),
            &wide,
            &[0; 4],
        ]
        .concat();
        let seen = read_one("activeX1.bin", &compound_of(&[("contents", &control)]));
        assert_eq!(
            (seen.format, seen.ending().as_str()),
            (Some("ole"), "scanned")
        );
        assert!(
            seen.text.contains("fnr 15888610046, Åse\n"),
            "{}",
            seen.text
        );
        let other = compound_of(&[("contents", b"et annet program")]);
        assert_eq!(
            read_one("activeX1.bin", &other).ending(),
            "skipped unsupported"
        );
    }

    #[test]
    fn what_dialogs_say_is_read_and_what_only_looks_like_one_is_not() {
        let wide: Vec<u8> = "Søk etter 15888610046"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let controls = [
            b"\x00\x02\x18\x00\x35\x00\x00\x00F\xF8dselsnummer\x00\x01ab\x02".as_slice(),
            &wide,
            &[0; 3],
        ]
        .concat();
        let project = compound_of(&[
            ("VBA/dir", b"katalog"),
            (
                "Skjema/\u{3}VBFrame",
                b"VERSION 5.00\r\n   Caption = \"Ring Kari\"\r\n",
            ),
            ("Skjema/f", &controls),
            ("Skjema/i02/o", b"\x01\x02indre felt\x00"),
            ("Annet/f", b"ikke et skjema"),
        ]);
        let text = read_one("vbaProject.bin", &project).text;
        for wanted in [
            "Ring Kari",
            "Fødselsnummer\n",
            "Søk etter 15888610046\n",
            "indre felt",
        ] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(
            !text.contains("ikke et skjema") && !text.contains("ab"),
            "{text}"
        );
    }
}
