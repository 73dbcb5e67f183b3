//! Macros of Office documents: the source of each module, [MS-OVBA] 2.3.4.3 and 2.4.1.

use std::path::{Path, PathBuf};

use super::charset::guess_single_byte;
use super::compound::{Compound, stream, u16_at};
use super::{Sink, flow};
use crate::model::{Budget, Problem, ProblemKind};

/// Tells the source of all modules of a compound file, as text. Returns whether there are any modules.
///
/// # Errors
/// Limits.
pub(super) fn modules(
    file: &mut Compound,
    entries: &[(PathBuf, bool)],
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<bool, Problem> {
    let mut found = false;
    for (path, _) in entries
        .iter()
        .filter(|(path, is_stream)| *is_stream && is_module(path))
    {
        budget.check()?;
        let bytes = match stream(file, path, budget) {
            Ok((bytes, problem)) => {
                if let Some(problem) = problem {
                    sink.incomplete(problem);
                }
                bytes
            }
            Err(problem) if problem.kind == ProblemKind::Malformed => {
                sink.incomplete(problem);
                continue;
            }
            Err(limit) => return Err(limit),
        };
        let Some(packed) = source(&bytes) else {
            continue;
        };
        found = true;
        let (source, whole) = unpacked(packed);
        if !whole {
            sink.incomplete(super::compound::malformed());
        }
        flow::part("macros", &written(&source), sink);
    }
    Ok(found)
}

/// Whether a stream lies where modules of this document do, and is no directory or cache. Those of a
/// document in it lie deeper, and are read with it.
fn is_module(path: &Path) -> bool {
    // The root, `Macros`, `VBA` and the module.
    const DEEPEST: usize = 4;
    let name = path
        .file_name()
        .and_then(|own| own.to_str())
        .unwrap_or_default();
    let folder = path
        .parent()
        .and_then(|own| own.file_name()?.to_str())
        .unwrap_or_default();
    let deep = path.components().count() > DEEPEST;
    !deep
        && folder == "VBA"
        && name != "dir"
        && name != "_VBA_PROJECT"
        && !name.starts_with("__SRP_")
}

/// The packed source, which follows what the program made of it: it begins with the same words always.
fn source(module: &[u8]) -> Option<&[u8]> {
    /// A byte that says that eight signs follow as they are, and these signs.
    const FIRST: &[u8] = b"\0Attribut";
    /// The signature, and the header of the first chunk.
    const BEFORE: usize = 3;
    let at = memchr::memmem::rfind(module, FIRST)?.checked_sub(BEFORE)?;
    module.get(at..).filter(|own| own.first() == Some(&1))
}

/// The source as people wrote it.
fn written(source: &[u8]) -> String {
    let mut text = String::new();
    guess_single_byte(source).decode_to(source, &mut text);
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("Attribute VB_"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Bytes of a chunk when it is unpacked.
const CHUNK: usize = 4096;

/// Unpacks a container of chunks; whether all of it could be.
fn unpacked(packed: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut at = 1;
    // Bytes that begin otherwise fill the rest of a stream.
    while let Some(header) = u16_at(packed, at).filter(|own| own & 0x7000 == 0x3000) {
        let size = usize::from(header & 0x0FFF) + 3;
        let Some(chunk) = packed.get(at + 2..at + size) else {
            let rest = packed.get(at + 2..).unwrap_or_default();
            chunk_of(rest, header, &mut out);
            return (out, false);
        };
        if chunk_of(chunk, header, &mut out).is_none() {
            return (out, false);
        }
        at += size;
    }
    (out, true)
}

fn chunk_of(chunk: &[u8], header: u16, out: &mut Vec<u8>) -> Option<()> {
    if header & 0x8000 == 0 {
        out.extend_from_slice(chunk);
        return Some(());
    }
    let start = out.len();
    let mut at = 0;
    while let Some(flags) = chunk.get(at) {
        at += 1;
        for bit in 0..8 {
            if at >= chunk.len() || out.len() - start > CHUNK {
                break;
            }
            if flags >> bit & 1 == 0 {
                out.push(*chunk.get(at)?);
                at += 1;
            } else {
                copied(u16_at(chunk, at)?, start, out)?;
                at += 2;
            }
        }
    }
    Some(())
}

/// Repeats bytes of the same chunk: the further it has come, the more bits tell how far back.
fn copied(token: u16, start: usize, out: &mut Vec<u8>) -> Option<()> {
    let come = out.len() - start;
    let bits = (4..12).find(|bits| 1 << bits >= come).unwrap_or(12);
    let back = usize::from(token >> (16 - bits)) + 1;
    let length = usize::from(token & (0xFFFF >> bits)) + 3;
    let from = out.len().checked_sub(back).filter(|from| *from >= start)?;
    for at in from..from + length {
        out.push(*out.get(at)?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::compound::tests::compound_of;
    use super::super::recorder::read_one;

    /// Packs without repeating anything but `again` bytes at the end, from so far back.
    fn module(text: &[u8], again: Option<(u16, u16)>) -> Vec<u8> {
        let mut chunk = Vec::new();
        for eight in text.chunks(8) {
            chunk.push(0);
            chunk.extend_from_slice(eight);
        }
        if let Some((back, length)) = again {
            assert_eq!(text.len() % 8, 0, "the flags of the last bytes are full");
            let bits = (4..12).find(|bits| 1 << bits >= text.len()).unwrap_or(12);
            chunk.push(1);
            chunk.extend(((back - 1) << (16 - bits) | (length - 3)).to_le_bytes());
        }
        let header = 0xB000 | u16::try_from(chunk.len() - 1).unwrap();
        [
            b"made of it \0\x01\0".as_slice(),
            &[1],
            &header.to_le_bytes(),
            &chunk,
        ]
        .concat()
    }

    #[test]
    fn the_source_of_modules_is_read_where_they_lie() {
        let text = b"Attribute VB_Name = \"A\"\r\n' Ring Kari, 406 12 345; Bl\xE5b\xE6r: ";
        let text = [text.as_slice(), &b" ".repeat(8 - text.len() % 8)].concat();
        let own = [module(&text, Some((16, 12))), vec![0; 9]].concat();
        let project = compound_of(&[
            ("VBA/A", &own),
            ("VBA/dir", b"katalog"),
            ("VBA/__SRP_0", b"x"),
        ]);
        let seen = read_one("vbaProject.bin", &project);
        assert_eq!(
            (seen.format, seen.ending().as_str()),
            (Some("ole"), "scanned")
        );
        assert!(
            seen.text.contains("' Ring Kari, 406 12 345; Blåbær: "),
            "{}",
            seen.text
        );
        let letters: Vec<char> = text.iter().map(|byte| char::from(*byte)).collect();
        let again: String = letters[letters.len() - 16..letters.len() - 4]
            .iter()
            .collect();
        let last = seen.text.trim_end_matches('\n');
        assert!(last.ends_with(&again), "{last}");
        assert_eq!(last.matches("Blåb").count(), 2, "{last}");
        assert!(!seen.text.contains("VB_Name"), "{}", seen.text);
    }

    #[test]
    fn cut_and_damaged_modules_are_told() {
        let whole = module(b"Attribute VB_Name = \"A\"\r\nKari Moe her", None);
        let cut = compound_of(&[("VBA/A", &whole[..whole.len() - 3])]);
        let seen = read_one("vbaProject.bin", &cut);
        assert_eq!(seen.ending(), "partial malformed");
        assert!(seen.text.contains("Kari Moe"), "{}", seen.text);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            let seen = read_one("vbaProject.bin", &compound_of(&[("VBA/A", &bytes)]));
            assert!(!seen.ending().contains("panic"), "{at}");
        }
    }
}
