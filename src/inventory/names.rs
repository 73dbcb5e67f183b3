//! Names as bytes and as they are displayed.

use crate::model::written;

/// The name as it is displayed, where that differs from its bytes; `None` for UTF-8.
pub(super) fn shown(bytes: &[u8]) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(_) => None,
        Err(_) => Some(written(bytes)),
    }
}

/// A path of a folder (empty for the root) and a name.
pub(super) fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    match folder {
        [] => name.to_vec(),
        _ => [folder, b"/", name].concat(),
    }
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
