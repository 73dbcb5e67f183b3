//! Names as bytes and as they are displayed.

use std::fmt::Write;

/// The name as it is displayed, where that differs from its bytes; `None` for UTF-8.
pub(super) fn shown(bytes: &[u8]) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(_) => None,
        Err(_) => Some(written(bytes)),
    }
}

/// Bytes as text, each that is not UTF-8 as `\xNN`, as `ObjectPath` writes them.
pub(super) fn written(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

/// A path cut into folder (empty for the root) and name.
pub(super) fn cut(relative: &[u8]) -> (&[u8], &[u8]) {
    match relative.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (
            relative.get(..at).unwrap_or_default(),
            relative.get(at + 1..).unwrap_or_default(),
        ),
        None => (&[], relative),
    }
}
