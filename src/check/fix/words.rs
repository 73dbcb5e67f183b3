//! Invented addresses, telephone numbers and names.

use super::{below, digits_into, one};
use crate::check::published::{FIRST_NAMES, SURNAMES};

/// An address that reaches nobody.
pub(super) fn address(draw: &mut impl FnMut() -> u64) -> String {
    format!("person{}@example.com", 10_000 + below(draw, 990_000))
}

/// The address in the form of `text`: as it is, or encoded for a web address.
pub(super) fn address_written(text: &str, address: String) -> String {
    if text.contains('@') {
        address
    } else {
        address.replace('@', "%40")
    }
}

/// A published example of the same sort. There are few, so persons share them.
pub(super) fn phone(old: &str, draw: &mut impl FnMut() -> u64) -> String {
    let mobile = old.starts_with(['4', '9']);
    let list: [&str; 2] = if mobile {
        ["40612345", "41234567"]
    } else {
        ["21234567", "79123456"]
    };
    one(draw, &list).to_owned()
}

/// The number in the form of `text`; a foreign one becomes a Norwegian one.
pub(super) fn phone_written(text: &str, number: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let prefix = digits.get(..digits.len().checked_sub(8)?)?;
    if matches!(prefix, "" | "47" | "0047") {
        return digits_into(text, &format!("{prefix}{number}"));
    }
    Some(format!("+47{number}"))
}

/// A first name and a surname that are made up.
pub(super) fn name(draw: &mut impl FnMut() -> u64) -> String {
    format!("{} {}", one(draw, FIRST_NAMES), one(draw, SURNAMES))
}

/// The name in the form of `text`: surname first before a comma, in capitals, or one word alone.
pub(super) fn name_written(text: &str, name: &str) -> Option<String> {
    if text.contains(['\n', '\r', '\t']) {
        return None;
    }
    let (first, surname) = name.split_once(' ')?;
    let new = if text.contains(',') {
        format!("{surname}, {first}")
    } else if text.split_whitespace().count() == 1 {
        surname.to_owned()
    } else {
        name.to_owned()
    };
    let capitals = !text.chars().any(char::is_lowercase);
    Some(if capitals { new.to_uppercase() } else { new })
}
