//! Bytes of an object → pieces of text and members.
//!
//! [`Reader::read`] is the only recursion: enter → depth → spool → sniff → [`Format::read`] →
//! leave, with exactly one outcome for each object. This module knows no detector, and never writes
//! a file under a member's name.

mod attribute_texts;
mod cells;
mod charset;
mod compound;
mod content;
mod controls;
mod decode;
mod difat;
mod ebcdic;
mod embedded;
mod flow;
mod format;
mod formats;
mod glyph_runs;
mod in_text;
mod inline_picture;
mod isolate;
mod lzfu;
mod macros;
mod markup;
mod ocr;
mod offcrypto;
mod old_pictures;
mod package;
mod packed;
mod passwords;
mod picture;
mod reader;
#[cfg(test)]
mod recorder;
mod records;
mod repeated;
mod sheets;
mod sink;
mod sniff;
mod table;
mod text_lines;
mod unread;
mod walled;
mod written_file;
mod xml_events;

pub use content::Content;
pub use format::{Format, FormatInfo, Head, Match};
pub use isolate::{
    ChildLimits, ChildPool, Confinement, Isolation, serve, serve_file, standard_input,
};
pub use ocr::Tesseract;
#[cfg(unix)]
pub use ocr::confined;
pub use passwords::Passwords;
pub use picture::{Picture, PictureReader, PictureText, Pictures};
pub use reader::{End, Isolate, MAX_NESTING, Reader, Visitor, hide_panic_payloads};
pub use sink::Sink;
pub use table::read_table;

/// Every format that can be read, in order of precedence.
pub fn formats() -> impl Iterator<Item = &'static FormatInfo> {
    formats::ALL.iter().map(|format| format.info())
}

/// Every kind of content that is known by its signature or name and not read.
pub fn unread_kinds() -> impl Iterator<Item = &'static FormatInfo> {
    unread::ALL
        .iter()
        .copied()
        .filter(|info| format_by_id(info.id).is_none())
}

/// The format with this id, for whoever runs one apart from the others.
#[must_use]
pub fn format_by_id(id: &str) -> Option<&'static dyn Format> {
    formats::ALL
        .iter()
        .copied()
        .find(|format| format.info().id == id)
}

/// Names what reading yields: every format with its version, in a stable form. Two builds with the
/// same fingerprint read the same from the same file.
#[must_use]
pub fn fingerprint() -> String {
    let mut parts: Vec<String> = formats()
        .map(|info| format!("{}={}", info.id, info.version))
        .collect();
    parts.sort_unstable();
    parts.push(format!("sniff={}", sniff::VERSION));
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_stand_in_the_fingerprint() {
        let mut ids: Vec<_> = formats().map(|info| info.id).collect();
        let listed = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), listed);
        for info in formats() {
            let part = format!("{}={}", info.id, info.version);
            assert!(fingerprint().split(' ').any(|own| own == part), "{part}");
            assert!(format_by_id(info.id).is_some());
        }
    }
}
