//! Words of a program: what stands in the middle of an identifier or a path of source code is no name
//! and tells no health, whatever it is called.

use std::ops::Range;

/// Whether the stretch of a text is part of an identifier: `Addr::new`, `images_diagnosed`, `Level::TRACE`,
/// `diagnose(`. Where text is none of a program these signs do not touch a word.
pub(super) fn is_identifier(text: &str, span: &Range<usize>) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    let glued_before =
        before.ends_with(['_', '$']) || before.ends_with("::") || before.ends_with("->");
    let glued_after = after.starts_with(['_', '(', '!', '<', '['])
        && !after.starts_with("!\n")
        && !after.starts_with("! ")
        && !after.starts_with("<br")
        && !after.starts_with("</");
    glued_before || glued_after || after.starts_with("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, word: &str) -> bool {
        let start = text.find(word).unwrap();
        is_identifier(text, &(start..start + word.len()))
    }

    #[test]
    fn words_of_a_program_are_told_from_names() {
        for (text, word) in [
            ("vec![Addr::new(x)]", "Addr"),
            ("let x = Level::TRACE;", "TRACE"),
            ("extract_images_diagnosed(&x)", "diagnosed"),
            ("diagnose_conflict();", "diagnose"),
            ("Vec<Kari<u8>>", "Kari"),
        ] {
            assert!(of(text, word), "{text}");
        }
        for (text, word) in [
            ("Kari Nordmann <kari@firma.no>", "Kari Nordmann"),
            ("Hei Kari! Velkommen", "Kari"),
            ("<td>Kari Nordmann</td>", "Kari Nordmann"),
            ("navn: Kari (mor)", "Kari"),
        ] {
            assert!(!of(text, word), "{text}");
        }
    }
}
