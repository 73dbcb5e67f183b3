//! Content in letters between lines of hyphens: signed and encrypted messages (CMS) as a member, what PGP and
//! the like encrypted as encrypted, and all else, such as certificates, as text. So are files of text whose
//! first letters say that a program encrypted the rest.

use base64::Engine as _;

use super::super::decode::decode_all;
use super::super::in_text::ENCRYPTED;
use super::super::inline_picture::LETTERS;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Armour = Armour;

/// Reads it.
pub(crate) struct Armour;

static INFO: FormatInfo = FormatInfo {
    id: "armour",
    title: "signed or encrypted content in letters (PEM, PGP)",
    extensions: &["asc", "pem", "p7m", "p7s", "age", "vault"],
    version: 1,
    isolated: false,
    reads: "signed messages (CMS) as members, text around it; what is encrypted is told",
};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// Labels of CMS, RFC 7468 8 and 9, and what OpenSSL writes.
const CMS: &[&str] = &["PKCS7", "CMS", "PKCS #7 SIGNED DATA"];
/// First letters of files that Ansible and OpenSSL (`Salted__` in base 64) encrypted.
const ENCRYPTED_FILES: &[&[u8]] = &[b"$ANSIBLE_VAULT;", b"U2FsdGVkX1"];
/// First letters of a sequence of CMS in base 64, in files that have no lines of hyphens.
const BARE: &[u8] = b"MI";

impl Format for Armour {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let start = head.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head.bytes).trim_ascii_start();
        let first = start.get(..200).unwrap_or(start);
        let bare = head.has_extension(&["p7m", "p7s"]) && start.starts_with(BARE) && first.iter().copied().all(is_letter);
        let label = start.strip_prefix(BEGIN.as_bytes()).unwrap_or_default();
        let known = CMS.iter().chain(ENCRYPTED).any(|own| label.starts_with(own.as_bytes()));
        let encrypted = ENCRYPTED_FILES.iter().any(|own| start.starts_with(own)) && !first.contains(&b' ');
        if head.is_text && (known || encrypted || bare) {
            Match::Likely
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let name = content.name().to_owned();
        let text = decode_all(&content.whole(budget)?);
        let start = text.trim_start();
        if ENCRYPTED_FILES.iter().any(|own| start.as_bytes().starts_with(own)) {
            return Err(encrypted());
        }
        if start.as_bytes().starts_with(BARE) {
            return cms(&name, start, sink);
        }
        let mut rest = text.as_str();
        let mut result = Ok(());
        while let Some(block) = Block::first(rest) {
            budget.check()?;
            tell(block.before, sink);
            if CMS.contains(&block.label) {
                cms(&name, block.inside, sink)?;
            } else if ENCRYPTED.contains(&block.label) {
                result = Err(encrypted());
            } else {
                tell(block.inside, sink);
            }
            rest = block.after;
        }
        tell(rest, sink);
        result
    }
}

/// Text around and between what is packed.
fn tell(text: &str, sink: &mut dyn Sink) {
    if !text.trim().is_empty() {
        flow::part("text", text, sink);
    }
}

fn encrypted() -> Problem {
    Problem::new(ProblemKind::Encrypted, Stage::Extract)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=".contains(&byte)
}

/// A message in base 64 as a member, which is of the same name.
fn cms(name: &str, letters: &str, sink: &mut dyn Sink) -> Result<(), Problem> {
    let name = if name.is_empty() { "message.p7m" } else { name };
    let packed: Vec<u8> = letters.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match LETTERS.decode(packed) {
        Ok(bytes) => sink.member(name.as_bytes(), &mut bytes.as_slice()),
        Err(_) => Err(Problem::new(ProblemKind::Malformed, Stage::Extract)),
    }
}

/// What stands between two lines of hyphens, and around it.
struct Block<'t> {
    before: &'t str,
    label: &'t str,
    inside: &'t str,
    after: &'t str,
}

impl<'t> Block<'t> {
    /// The first of a text.
    fn first(text: &'t str) -> Option<Self> {
        let (before, rest) = text.split_once(BEGIN)?;
        let (label, rest) = rest.split_once(DASHES)?;
        let (inside, after) = rest.split_once(END).unwrap_or((rest, ""));
        let after = after.split_once(DASHES).map_or("", |(_, after)| after);
        Some(Self { before, label, inside, after })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::super::super::recorder::read;

    const SIGNED: &[u8] = include_bytes!("../../../fixtures/seeds/avtale.p7m");

    #[test]
    fn signed_messages_in_letters_are_read() {
        let plain = read("avtale.p7m", SIGNED);
        let letters = BASE64_STANDARD.encode(SIGNED);
        for label in ["PKCS7", "CMS"] {
            let text = format!("-----BEGIN {label}-----\n{letters}\n-----END {label}-----\nfra Kari\n");
            let seen = read("avtale.p7m", text.as_bytes());
            assert_eq!((seen[0].format, seen[1].format), (Some("armour"), Some("p7m")));
            assert_eq!(seen[2].text, plain[1].text);
            assert!(seen[0].text.contains("fra Kari") && seen.iter().all(|own| own.ending() == "scanned"));
        }
        assert_eq!(read("avtale.p7m", letters.as_bytes())[1].format, Some("p7m"));
        assert_eq!(read("a.p7m", b"-----BEGIN CMS-----\nikke bokstaver!\n")[0].ending(), "failed malformed");
    }

    #[test]
    fn what_is_encrypted_is_told() {
        for text in [
            "-----BEGIN PGP MESSAGE-----\n\nhQEMA+abc\n=abcd\n-----END PGP MESSAGE-----\n",
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n",
            "$ANSIBLE_VAULT;1.1;AES256\n3061\n",
            "U2FsdGVkX1+abcdefghijk\n",
        ] {
            assert_eq!(read("a.txt", text.as_bytes())[0].ending(), "failed encrypted", "{text}");
        }
        let mixed = "-----BEGIN PGP MESSAGE-----\nhQEM\n-----END PGP MESSAGE-----\nhilsen Kari\n-----BEGIN X-----\nmer\n-----END X-----\n";
        let seen = read("a.txt", mixed.as_bytes());
        assert_eq!(seen[0].ending(), "partial encrypted");
        assert!(seen[0].text.contains("hilsen Kari") && seen[0].text.contains("mer") && !seen[0].text.contains("hQEM"));
        for text in ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "-----BEGIN PGP SIGNED MESSAGE-----\n\nKari\n"] {
            assert_eq!(read("a.txt", text.as_bytes())[0].format, Some("text"), "{text}");
        }
    }
}
