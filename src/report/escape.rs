//! Making hostile names harmless in what people and programs read.
//!
//! File names and member names come from outside: they may hold escape sequences, line breaks,
//! direction marks or spreadsheet formulas.

/// Text for a terminal line: control characters, line and paragraph separators, and characters that
/// change the direction of writing are written as `\u{…}`.
#[must_use]
pub fn for_terminal(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// A CSV field's text: what a spreadsheet would take for a formula gets an apostrophe before it
/// (OWASP, «CSV Injection»), and control characters are made visible.
#[must_use]
pub fn for_csv(text: &str) -> String {
    let safe = for_terminal(text);
    if safe.starts_with(['=', '+', '-', '@']) {
        format!("'{safe}")
    } else {
        safe
    }
}

/// JSON that is written to a terminal or opened in an editor: what could steer either is written as
/// `\\uXXXX`, which means the same. Such characters stand in strings only.
#[must_use]
pub fn for_json(text: &str) -> String {
    use std::fmt::Write as _;
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_unsafe(c) {
            // All of them lie below U+10000. Writing to a string does not fail.
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Control characters, and the characters of Unicode that reorder or hide what stands beside them:
/// UAX 9 embeddings, overrides, isolates and marks, line and paragraph separators, zero-width
/// characters and the byte order mark.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{061C}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_a_terminal_or_a_spreadsheet() {
        assert_eq!(
            for_terminal("a\u{1b}[2J\nb\u{202E}æøå"),
            "a\\u{1b}[2J\\u{a}b\\u{202e}æøå"
        );
        assert_eq!(for_csv("=cmd|'/c calc'!A0"), "'=cmd|'/c calc'!A0");
        assert_eq!(for_csv("\t=1"), "\\u{9}=1");
        assert_eq!(for_csv("hr/cv.pdf"), "hr/cv.pdf");
        let json = serde_json::json!({ "a": "\u{9b}31m\u{202e}\u{1b}æ" });
        let safe = for_json(&json.to_string());
        assert_eq!(safe, r#"{"a":"\u009b31m\u202e\u001bæ"}"#);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&safe).unwrap(),
            json
        );
    }
}
