//! Addresses that lines break in: in cells of tables that are narrower than an address, as PDF has them.

use super::{MAX_DOMAIN, is_domain};

/// Lines that an address in a narrow cell is broken over, at most.
const MAX_LINES: usize = 4;

/// Where the domain that begins at byte `start` ends, if lines break in it: in a cell of a table that is
/// narrower than the address. Nothing else stands in those lines behind the `@`.
pub(super) fn domain_end(text: &str, start: usize) -> Option<usize> {
    let mut next = fragment(text.get(start..)?);
    let mut domain = next.to_owned();
    let mut end = start + next.len();
    let mut found = None;
    for _ in 1..MAX_LINES {
        let line = next_line(text, end).unwrap_or_default();
        next = fragment(line);
        if !stands_alone(line, next) || domain.len() + next.len() > MAX_DOMAIN {
            break;
        }
        domain.push_str(next);
        end = text.len() - line.len() + next.len();
        if is_domain(&domain) {
            found = found.or(Some(end));
            if is_usual(&domain) {
                return Some(end);
            }
        }
    }
    found
}

/// Whether a line holds nothing but this, which may be a part of an address.
fn stands_alone(line: &str, part: &str) -> bool {
    let begins = |word: &str| part.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
    let behind = line.get(part.len()..).unwrap_or_default().trim_start_matches(' ');
    let alone = behind.is_empty() || behind.starts_with(['\r', '\n', '\t']);
    alone && !part.is_empty() && !part.starts_with(char::is_uppercase) && !begins("www") && !begins("http")
}

/// Where the local part begins whose line ends before the `@` at byte `at`.
pub(super) fn local_start(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?.strip_suffix('\n')?;
    let before = before.strip_suffix('\r').unwrap_or(before);
    let start = super::local_start(text, before.len())?;
    // A name that stands above an address of a company is none.
    text.get(start..before.len()).filter(|local| !local.starts_with(char::is_uppercase)).map(|_| start)
}

/// Where the notes of programs begin, too: `@router.post`.
pub(super) fn at_line_start(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.ends_with('\n'))
}

/// The text behind the line break at byte `end`.
fn next_line(text: &str, end: usize) -> Option<&str> {
    let rest = text.get(end..)?;
    rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))
}

/// What may be part of a domain at the beginning of `text`.
fn fragment(text: &str) -> &str {
    let of_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let within = text.get(..text.floor_char_boundary(MAX_DOMAIN)).unwrap_or(text);
    let length = within.find(|c| !of_domain(c)).unwrap_or(within.len());
    within.get(..length).unwrap_or_default()
}

/// Whether a domain ends as those of most persons here do, and not as files of programs may.
pub(super) fn is_usual(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    ["no", "com", "net", "org", "eu", "se", "dk"].contains(&last)
}
