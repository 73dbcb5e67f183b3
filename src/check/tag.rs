//! A value that was found, and the eight bits of it that may be written down.
//!
//! There are some thirty million valid identity numbers. Whatever a repository holds, its readers
//! hold too, so a salt or a key in it protects nothing, and a digest that tells numbers apart finds
//! them. Eight bits leave more than a hundred thousand numbers for each tag, and still notice 255 of
//! 256 persons that are put in the place of another.
//!
//! The tag is the same function of the value in every file and for every detector: were it salted by
//! path, a person in three files would be told by three times eight bits.

use std::fmt;

/// What a tag is made of besides the value, so that a later form can be told from this one.
const DOMAIN: &[u8] = b"sporhund check tag 1\0";

/// Eight bits of a value's digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u8);

impl Tag {
    /// The tag that is written as two hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 2 && text.bytes().all(|b| b.is_ascii_hexdigit());
        plain
            .then(|| u8::from_str_radix(text, 16).ok().map(Self))
            .flatten()
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}", self.0)
    }
}

/// A matched value in its canonical form. It has no `Debug`, `Display` or `Serialize`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    canonical: Box<str>,
}

impl Value {
    /// The value of `text` that `detector` found. Numbers that are one number in two dresses (an
    /// account and its IBAN, a telephone with and without its prefix) are one value.
    #[must_use]
    pub fn new(detector: &str, text: &str) -> Self {
        let digits = || {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        let canonical = match detector {
            "fodselsnummer" => identity(&digits()),
            "se-personnummer" => last(&digits(), 10).to_owned(),
            "dk-cpr" | "is-kennitala" | "duf-number" | "payment-card" | "customer-id"
            | "bank-account" => digits(),
            "phone" => last(&digits(), 8).to_owned(),
            "iban" if text.starts_with("NO") => last(&digits(), 11).to_owned(),
            "email" => words(&crate::detect::plain_address(text)),
            _ => words(text),
        };
        Self {
            canonical: canonical.into(),
        }
    }

    /// The value's tag.
    #[must_use]
    pub fn tag(&self) -> Tag {
        let mut hasher = blake3::Hasher::new();
        hasher.update(DOMAIN).update(self.canonical.as_bytes());
        Tag(hasher.finalize().as_bytes()[0])
    }

    /// The canonical form, for whoever replaces values.
    pub(super) fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// Eleven digits: without the century that some write, and with the zero that spreadsheets lose.
fn identity(digits: &str) -> String {
    match digits.len() {
        13 => {
            let (day, rest) = digits.split_at(4);
            format!("{day}{}", rest.get(2..).unwrap_or_default())
        }
        10 => format!("0{digits}"),
        _ => digits.to_owned(),
    }
}

fn last(digits: &str, count: usize) -> &str {
    digits
        .get(digits.len().saturating_sub(count)..)
        .unwrap_or(digits)
}

/// Lower case, with single spaces.
fn words(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dresses_of_one_value_have_one_tag() {
        let same = |detector: (&str, &str), other: (&str, &str)| {
            let (one, two) = (
                Value::new(detector.0, detector.1),
                Value::new(other.0, other.1),
            );
            assert_eq!(one.tag(), two.tag(), "{} {}", detector.0, other.0);
            assert!(one == two);
        };
        let number = "fodselsnummer";
        same((number, "22838111878"), (number, "228381 11878"));
        same((number, "05840355678"), (number, "5840355678"));
        same((number, "22.83.1981 11878"), (number, "22838111878"));
        same(
            ("iban", "NO93 8601 1117 947"),
            ("bank-account", "8601.11.17947"),
        );
        same(("phone", "+47 406 12 345"), ("phone", "40612345"));
        same(
            ("email", "Kari@Firma.example"),
            ("email", "kari@firma.example"),
        );
        same(
            ("email", "kari%2Bx%40firma.example"),
            ("email", "kari+x@firma.example"),
        );
        same(("name", "Kari  Nordmann"), ("name", "kari nordmann"));
    }

    #[test]
    fn a_tag_is_two_hexadecimal_digits() {
        assert_eq!(Tag::parse("0f"), Some(Tag(15)));
        assert_eq!(Tag(15).to_string(), "0f");
        assert_eq!(
            [Tag::parse("f"), Tag::parse("+f"), Tag::parse("0g")],
            [None; 3]
        );
    }
}
