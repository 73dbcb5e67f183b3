//! Percent-encoding: how an address stands in the query of a web address and in a form that was sent
//! (RFC 3986, section 2.1).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// An `@`.
pub(super) const AT: &str = "%40";

/// An e-mail address without percent-encoding. No address that is written plainly has a `%`.
#[must_use]
pub fn plain_address(address: &str) -> Cow<'_, str> {
    if !address.contains('%') {
        return address.into();
    }
    percent_decode_str(address).decode_utf8_lossy()
}

/// The byte that a text begins with, where that is encoded: `%2B` is `+`.
pub(super) fn first(text: &str) -> Option<u8> {
    let (code, _) = text.split_at_checked(3)?;
    percent_decode_str(code)
        .next()
        .filter(|byte| code.starts_with('%') && *byte != b'%')
}
