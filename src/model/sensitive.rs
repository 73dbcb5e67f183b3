//! Matched text, and the only two ways out of it: a mask and a keyed digest.

use std::fmt;
use std::hash::Hasher;

use serde::{Serialize, Serializer};
use siphasher::sip::SipHasher24;

/// Text that was matched. It has no `Debug`, `Display` or `Serialize`, so that it cannot reach a
/// log, a report or the inventory by accident.
#[derive(Clone, Copy)]
pub struct Sensitive<'a>(&'a str);

impl<'a> Sensitive<'a> {
    /// Takes hold of matched text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The first `keep` letters or digits as they are, every later one as `*`; other characters
    /// stay, so that the form can be recognised.
    #[must_use]
    pub fn mask(self, keep: usize) -> Masked {
        let mut left = keep;
        let masked = self.0.chars().map(|c| {
            if !c.is_alphanumeric() {
                return if c.is_control() { ' ' } else { c };
            }
            if left == 0 {
                return '*';
            }
            left -= 1;
            c
        });
        Masked(masked.collect())
    }

    /// The keyed digest of `domain` (a detector's id, so that equal texts of different kinds do not
    /// meet) and of the text, which the caller has brought into its canonical form.
    #[must_use]
    pub fn digest(self, key: &DigestKey, domain: &str) -> u64 {
        let hasher = SipHasher24::new_with_key(&key.0);
        let (domain, text) = (domain.as_bytes(), self.0.as_bytes());
        // Most are short: put together they are hashed at once, which takes half the time.
        let mut whole = [0; SHORT];
        let length = domain.len() + 1 + text.len();
        if let Some((own, behind)) = whole.split_at_mut_checked(domain.len())
            && let Some(behind) = behind.get_mut(1..1 + text.len())
        {
            own.copy_from_slice(domain);
            behind.copy_from_slice(text);
            return hasher.hash(&whole[..length]);
        }
        digest_in_parts(hasher, domain, text)
    }
}

/// Bytes that are put together before they are hashed.
const SHORT: usize = 96;

/// The digest of a domain and a text of any length.
fn digest_in_parts(mut hasher: SipHasher24, domain: &[u8], text: &[u8]) -> u64 {
    hasher.write(domain);
    hasher.write_u8(0);
    hasher.write(text);
    hasher.finish()
}

/// A sample that may be shown and stored: `15*********`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Masked(Box<str>);

impl Masked {
    /// A mask that was made earlier and is read back from the inventory.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The masked text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Masked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The key of the digests: 16 random bytes that lie apart from the inventory.
///
/// There are only some 30 million valid fødselsnummer, so a digest without a key, or with a key
/// that lies beside it, protects nothing.
#[derive(Clone)]
pub struct DigestKey([u8; 16]);

impl DigestKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A key of its own for another purpose, named by `context`. It does not reveal this one.
    #[must_use]
    pub fn derived(&self, context: &str) -> [u8; 32] {
        blake3::derive_key(context, &self.0)
    }

    /// A short public name of the key (8 bytes), by which an inventory knows that it was made with
    /// this key. It does not reveal the key.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        Sensitive::new("").digest(self, "sporhund key fingerprint")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_keeps_the_form_and_hides_the_rest() {
        let mask = |text: &'static str| Sensitive::new(text).mask(2).to_string();
        assert_eq!(mask("151086 95088"), "15**** *****");
        assert_eq!(mask("kåre@example.no"), "kå**@*******.**");
        assert_eq!(mask("a\nb\u{1b}c"), "a b *");
    }

    #[test]
    fn digests_are_those_of_the_parts_one_by_one() {
        let key = DigestKey::new([7; 16]);
        for length in 0..200 {
            let text = "å1x".repeat(length);
            let hasher = SipHasher24::new_with_key(&key.0);
            let plainly = digest_in_parts(hasher, b"email", text.as_bytes());
            assert_eq!(
                Sensitive::new(&text).digest(&key, "email"),
                plainly,
                "{length}"
            );
        }
    }

    #[test]
    fn digests_depend_on_key_and_domain() {
        let text = Sensitive::new("x");
        let (one, two) = (DigestKey::new([1; 16]), DigestKey::new([2; 16]));
        assert_eq!(text.digest(&one, "email"), text.digest(&one, "email"));
        assert_ne!(text.digest(&one, "email"), text.digest(&two, "email"));
        assert_ne!(text.digest(&one, "email"), text.digest(&one, "name"));
        assert_ne!(one.fingerprint(), two.fingerprint());
    }
}
