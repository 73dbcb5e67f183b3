//! Which bodies of a message repeat another one: a plain text is usually sent together with the same
//! text as HTML, and what stands in both counts once.
//!
//! The plain text is always read. The HTML beside it is read whole where it may say much more: it is far
//! longer, or holds an e-mail address or digits that the plain text lacks. Of any other only the lines
//! are read that hold a word which the plain text lacks.

use std::collections::{HashMap, HashSet};

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::eml::is_attached;
use super::html;

/// HTML with more than this many times the letters and digits of the plain text is read as well.
const MUCH_LONGER: usize = 2;
/// How deep parts are followed below an alternative.
const MAX_DEPTH: u32 = 8;

/// The parts not to be read whole, by their number, each with what it says beyond the plain text.
pub(super) fn repeated(message: &Message<'_>) -> HashMap<usize, String> {
    let mut repeated = HashMap::new();
    for part in &message.parts {
        let kind = part.content_type();
        let alternative = kind.is_some_and(|own| {
            own.ctype().eq_ignore_ascii_case("multipart")
                && own
                    .subtype()
                    .is_some_and(|own| own.eq_ignore_ascii_case("alternative"))
        });
        if alternative {
            let (mut plain, mut pages) = (String::new(), Vec::new());
            gather(message, part, &mut plain, &mut pages, 0);
            let pages = pages.iter().filter(|page| !says_much(&page.1, &plain));
            repeated.extend(pages.map(|page| (page.0, new_lines(&page.1, &plain))));
        }
    }
    repeated
}

fn gather(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    plain: &mut String,
    pages: &mut Vec<(usize, String)>,
    depth: u32,
) {
    let PartType::Multipart(children) = &part.body else {
        return;
    };
    for at in children.iter().filter_map(|at| usize::try_from(*at).ok()) {
        let Some(child) = message.parts.get(at).filter(|child| !is_attached(child)) else {
            continue;
        };
        match &child.body {
            PartType::Text(text) => {
                plain.push_str(text);
                plain.push('\n');
            }
            PartType::Html(page) => pages.push((at, html::text_of(page))),
            PartType::Multipart(_) if depth < MAX_DEPTH => {
                gather(message, child, plain, pages, depth + 1);
            }
            PartType::Multipart(_)
            | PartType::Message(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_) => {}
        }
    }
}

/// The lines of the page with a word that the plain text lacks.
fn new_lines(page: &str, plain: &str) -> String {
    let known: HashSet<String> = words(plain).collect();
    let new = |line: &&str| words(line).any(|word| !known.contains(&word));
    let lines: Vec<&str> = page.lines().filter(new).collect();
    lines.join("\n")
}

/// Words of two letters or more, in small letters. One that the plain text breaks at the end of a line
/// is another one there.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().nth(1).is_some())
        .map(str::to_lowercase)
}

/// Whether the page may say much that the plain text does not.
fn says_much(page: &str, plain: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    if letters(page) > MUCH_LONGER * letters(plain) {
        return true;
    }
    let known: HashSet<String> = tokens(plain).collect();
    tokens(page).any(|token| !known.contains(&token))
}

/// E-mail addresses and runs of two digits or more.
fn tokens(text: &str) -> impl Iterator<Item = String> {
    let addresses = text
        .split(|c: char| !c.is_alphanumeric() && !"@._%+-".contains(c))
        .filter(|word| word.contains('@'))
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        });
    let digits = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() >= 2)
        .map(str::to_owned);
    addresses.chain(digits)
}
