//! Which bodies of a message repeat another one: a plain text is usually sent together with the same
//! text as HTML, and what stands in both counts once.
//!
//! The plain text is always read. The HTML beside it is left out unless it may say more: it is much
//! longer, or holds an e-mail address or digits that the plain text lacks.

use std::collections::HashSet;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::eml::is_attached;
use super::html;

/// HTML with more than this many times the letters and digits of the plain text is read as well.
const MUCH_LONGER: usize = 2;
/// How deep parts are followed below an alternative.
const MAX_DEPTH: u32 = 8;

/// The numbers of the parts to leave out.
pub(super) fn repeated(message: &Message<'_>) -> Vec<usize> {
    let mut repeated = Vec::new();
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
            repeated.extend(
                pages
                    .iter()
                    .filter(|page| !says_more(&page.1, &plain))
                    .map(|page| page.0),
            );
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

/// Whether the page says something that the plain text does not.
fn says_more(page: &str, plain: &str) -> bool {
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
