//! The statements of a privacy policy's text, each with its address and its digest.
//!
//! The text is that of a page as it is copied, or Markdown: headings at the margin (`6. Sletting`, `6 Sletting`,
//! `6.2 Unntak`, `## Sletting`), numbered items that are indented by their level, and bullets. `6.2.1:1` is the first
//! sentence of item 1 below item 2 of heading 6, `3.1/6:1` that of the sixth bullet below 3.1, `6:h` the heading
//! itself. Paragraphs below a heading that has no items are `10:1`, `10:1a`, `10:1b`. A heading of Markdown without a
//! number has the one after that before it.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// Words with a full stop that ends no sentence, even before a capital letter.
const ABBREVIATIONS: &[&str] = &[
    "art", "bl.a", "ca", "dvs", "evt", "f.eks", "hhv", "jf", "kap", "mht", "nr", "pkt", "vha",
];

/// A heading without a full stop behind its number is no longer than this, in characters.
const HEADING: usize = 80;

/// Digits of a digest that rules cite.
const CITED: usize = 16;

/// One statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its address, such as `6.2:1`.
    pub address: String,
    /// The line it begins in, from 1.
    pub line: usize,
    /// Its words, with white space folded.
    pub text: String,
    /// The first 16 hexadecimal digits of the SHA-256 of its words in NFC.
    pub digest: String,
}

/// The statements of a policy's text, in their order.
#[must_use]
pub fn statements(text: &str) -> Vec<Statement> {
    let mut place = Place::default();
    let mut found = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let words = line.trim();
        if words.is_empty() {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let (kind, words) = kind_of(words, indent);
        place.enter(&kind);
        if matches!(kind, Kind::Heading(_)) {
            found.push(statement(format!("{}:h", place.section()), at + 1, words));
            continue;
        }
        for (nth, sentence) in sentences(words).into_iter().enumerate() {
            found.push(statement(place.address(nth + 1), at + 1, sentence));
        }
    }
    found
}

/// The digest of a statement as rules cite it.
#[must_use]
pub fn statement_digest(text: &str) -> String {
    let normal: String = folded(text).nfc().collect();
    let digest = Sha256::digest(normal.as_bytes());
    let hex = digest.iter().map(|byte| (byte >> 4, byte & 15));
    let digits = hex.flat_map(|(high, low)| [high, low]);
    let digits = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16));
    digits.take(CITED).collect()
}

fn statement(address: String, line: usize, text: &str) -> Statement {
    Statement {
        address,
        line,
        text: folded(text),
        digest: statement_digest(text),
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a line is.
enum Kind {
    /// A heading with its number, such as 6 or 6, 2; none where it has none.
    Heading(Vec<u32>),
    /// A sentence or more that bears its whole number, such as 6, 2.
    Clause(Vec<u32>),
    /// An item with its number and its level, from 1.
    Item(u32, usize),
    Bullet,
    Paragraph,
}

/// What a line is, and its words without the mark in front.
fn kind_of(line: &str, indent: usize) -> (Kind, &str) {
    if let Some(words) = line
        .strip_prefix(['•', '–', '*'])
        .or(line.strip_prefix("- "))
    {
        return (Kind::Bullet, words.trim_start());
    }
    let marked = line.trim_start_matches('#');
    if marked.len() < line.len() && marked.starts_with(' ') {
        let words = marked.trim();
        return match numbered(words) {
            Some((path, _, words)) => (Kind::Heading(path), words),
            None => (Kind::Heading(Vec::new()), words),
        };
    }
    match numbered(line) {
        Some((path, true, words)) if path.len() == 1 && indent == 0 => (Kind::Heading(path), words),
        Some((path, true, words)) if path.len() == 1 => {
            let number = path.first().copied().unwrap_or_default();
            (Kind::Item(number, indent), words)
        }
        Some((path, _, words)) if indent == 0 && begins_a_sentence(words) => {
            if is_title(words) {
                (Kind::Heading(path), words)
            } else if path.len() > 1 {
                (Kind::Clause(path), words)
            } else {
                (Kind::Paragraph, line)
            }
        }
        _ => (Kind::Paragraph, line),
    }
}

/// A number such as `6`, `6.` or `6.2` in front of words: its parts, whether a full stop ends it, and the words.
fn numbered(line: &str) -> Option<(Vec<u32>, bool, &str)> {
    let (number, words) = line.split_once(' ')?;
    let plain = number.strip_suffix('.');
    let parts = plain.unwrap_or(number).split('.');
    let path: Option<Vec<u32>> = parts.map(|part| part.parse().ok()).collect();
    Some((path?, plain.is_some(), words.trim_start()))
}

fn begins_a_sentence(words: &str) -> bool {
    words.chars().next().is_some_and(char::is_uppercase)
}

fn is_title(words: &str) -> bool {
    words.chars().count() <= HEADING && !words.ends_with(['.', '!', '?', ':', ';', ','])
}

/// Where in the policy a line stands.
#[derive(Default)]
struct Place {
    heading: u32,
    items: Vec<u32>,
    /// How many of the items the heading itself names.
    named: usize,
    bullet: u32,
    paragraphs: u8,
}

impl Place {
    fn enter(&mut self, kind: &Kind) {
        match kind {
            Kind::Heading(path) | Kind::Clause(path) => {
                let items = path.get(1..).unwrap_or_default().to_vec();
                *self = Self {
                    heading: path.first().copied().unwrap_or(self.heading + 1),
                    named: items.len(),
                    items,
                    ..Self::default()
                };
            }
            Kind::Item(number, level) => {
                self.items.truncate(self.named + level.saturating_sub(1));
                self.items.push(*number);
                self.bullet = 0;
                self.paragraphs = 0;
            }
            Kind::Bullet => self.bullet += 1,
            Kind::Paragraph => self.paragraphs = self.paragraphs.saturating_add(1),
        }
    }

    fn section(&self) -> String {
        let items = self.items.iter().map(|item| format!(".{item}"));
        std::iter::once(self.heading.to_string())
            .chain(items)
            .collect()
    }

    fn address(&self, sentence: usize) -> String {
        let address = match self.bullet {
            0 => self.section(),
            bullet => format!("{}/{bullet}", self.section()),
        };
        let letter = match self.paragraphs {
            0 | 1 => String::new(),
            more => char::from(b'a' + (more - 2).min(25)).to_string(),
        };
        format!("{address}:{sentence}{letter}")
    }
}

/// The sentences of a paragraph. A sentence ends at a full stop, question or exclamation mark that a
/// capital letter follows, with or without a space: a missing one must not join two promises.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, mark) in text.char_indices() {
        if !matches!(mark, '.' | '!' | '?') {
            continue;
        }
        let (head, rest) = text.split_at(at + 1);
        let next = rest.trim_start().chars().next();
        let own = head.get(start..at).unwrap_or_default();
        let word = own.rsplit([' ', '(']).next().unwrap_or_default();
        let abbreviated = ABBREVIATIONS.contains(&word.to_lowercase().as_str());
        if next.is_some_and(char::is_uppercase) && !abbreviated {
            sentences.push(head.get(start..).unwrap_or_default());
            start = at + 1 + (rest.len() - rest.trim_start().len());
        }
    }
    let last = text.get(start..).unwrap_or_default();
    if !last.trim().is_empty() {
        sentences.push(last);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "Erklæring\n\n1. Formål\n\n 1. Vi tar vare på deg.Vi sletter f.eks. alt vha. \
        BankID. Spør oss!\n 2. Du har rett til:\n  • innsyn\n  • sletting (se 2.1)\n  1. Ett unntak.\n\n\
        2. Kontakt\n\nSkriv til oss.\n\nTelefon: 0\n";

    #[test]
    fn addresses_tell_heading_item_bullet_and_sentence() {
        let found = statements(POLICY);
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|one| (one.address.as_str(), one.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("0:1", "Erklæring"),
                ("1:h", "Formål"),
                ("1.1:1", "Vi tar vare på deg."),
                ("1.1:2", "Vi sletter f.eks. alt vha. BankID."),
                ("1.1:3", "Spør oss!"),
                ("1.2:1", "Du har rett til:"),
                ("1.2/1:1", "innsyn"),
                ("1.2/2:1", "sletting (se 2.1)"),
                ("1.2.1:1", "Ett unntak."),
                ("2:h", "Kontakt"),
                ("2:1", "Skriv til oss."),
                ("2:1a", "Telefon: 0"),
            ]
        );
        assert_eq!(found.first().map(|one| one.line), Some(1));
    }

    #[test]
    fn headings_are_written_in_several_ways() {
        let text = "# Personvern\n\n2 Rekruttering\nVi sletter søknader.\n2.1 Unntak\n 1. Med samtykke.\n\
                    2.2 Politiattester slettes straks.\n## 3. Kunder\n5 år etter kjøpet slettes alt.\n\
                    4.1. Kamera\nEn uke.\n### Varsling\nTo måneder.\n";
        let found = statements(text);
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|one| (one.address.as_str(), one.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("1:h", "Personvern"),
                ("2:h", "Rekruttering"),
                ("2:1", "Vi sletter søknader."),
                ("2.1:h", "Unntak"),
                ("2.1.1:1", "Med samtykke."),
                ("2.2:1", "Politiattester slettes straks."),
                ("3:h", "Kunder"),
                ("3:1", "5 år etter kjøpet slettes alt."),
                ("4.1:h", "Kamera"),
                ("4.1:1", "En uke."),
                ("5:h", "Varsling"),
                ("5:1", "To måneder."),
            ]
        );
    }

    #[test]
    fn white_space_and_composition_do_not_change_a_digest() {
        let one = statement_digest("Vi  sletter\u{a0}på dagen");
        assert_eq!(one, statement_digest(" Vi sletter pa\u{30a} dagen"));
        assert_ne!(one, statement_digest("Vi sletter på dagen."));
        assert_eq!(one.len(), 16);
    }
}
