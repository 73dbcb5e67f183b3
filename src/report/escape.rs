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
    }
}
