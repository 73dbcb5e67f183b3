//! Parts of a mail whose header runs into the next boundary, as when only the header of a message was
//! attached: without an empty line the boundary would be taken for a line of the header, and the parts
//! after it would be lost.

use std::borrow::Cow;

/// The same mail, with an empty line after each header that a boundary follows at once.
pub(super) fn ended(mail: &[u8]) -> Cow<'_, [u8]> {
    let boundaries = boundaries(mail);
    if boundaries.is_empty() {
        return Cow::Borrowed(mail);
    }
    let places = unended(mail, &boundaries);
    if places.is_empty() {
        return Cow::Borrowed(mail);
    }
    let mut whole = Vec::with_capacity(mail.len() + places.len());
    let mut done = 0;
    for at in places {
        whole.extend_from_slice(mail.get(done..at).unwrap_or_default());
        whole.push(b'\n');
        done = at;
    }
    whole.extend_from_slice(mail.get(done..).unwrap_or_default());
    Cow::Owned(whole)
}

/// More boundaries than any mail has; those beyond are not looked at.
const MAX_BOUNDARIES: usize = 64;

/// What headers call the boundaries between parts.
fn boundaries(mail: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    for at in memchr::memmem::find_iter(mail, b"oundary=").take(MAX_BOUNDARIES) {
        let value = mail.get(at + b"oundary=".len()..).unwrap_or_default();
        let (value, ends): (&[u8], &[u8]) = match value.strip_prefix(b"\"") {
            Some(quoted) => (quoted, b"\"\r\n"),
            None => (value, b"; \t\r\n"),
        };
        let end = value.iter().take(100).position(|b| ends.contains(b));
        if let Some(name) = value.get(..end.unwrap_or(0)).filter(|own| !own.is_empty()) {
            all.push(name);
        }
    }
    all
}

/// Where in a mail a line stands.
enum Within {
    /// In a header; whether its part is a message, which begins with a header of its own.
    Header {
        message: bool,
    },
    Body,
}

/// Places of the boundary lines that follow a line of a header.
fn unended(mail: &[u8], boundaries: &[&[u8]]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut within = Within::Header { message: false };
    let mut at = 0;
    let mut lines = 0;
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_end();
        let bounds = |own: &&&[u8]| text.strip_prefix(b"--").is_some_and(|t| t.starts_with(own));
        if text.starts_with(b"--") && boundaries.iter().find(bounds).is_some() {
            if matches!(within, Within::Header { .. }) && lines > 0 {
                places.push(at);
            }
            within = Within::Header { message: false };
            lines = 0;
        } else if let Within::Header { message } = within {
            lines += 1;
            within = match text {
                [] if message => Within::Header { message: false },
                [] => Within::Body,
                _ if is_header(line) => Within::Header {
                    message: message || is_message(text),
                },
                _ => Within::Body,
            };
            if text.is_empty() {
                lines = 0;
            }
        }
        at += line.len();
    }
    places
}

fn is_header(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    line.starts_with(b" ")
        || line.starts_with(b"\t")
        || (name.len() < line.len() && name.iter().all(u8::is_ascii_graphic))
}

fn is_message(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    line.strip_prefix(b"content-type:")
        .is_some_and(|kind| kind.trim_ascii().starts_with(b"message/rfc822"))
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read;

    #[test]
    fn a_message_of_which_only_the_header_was_attached_ends_at_the_boundary() {
        let mail = "From: a@example.no\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"=_x\"\n\n\
            --=_x\n\nHei\n--=_x\nContent-Type: message/rfc822\n\n\
            From: kari@example.no\nSubject: den ene\nContent-Type: multipart/alternative; boundary=yy\n\
            --=_x\nContent-Type: message/rfc822\n\nFrom: per@example.no\nSubject: den andre\n--=_x\n\nHade\n--=_x--\n";
        let seen = read("a.eml", mail.as_bytes());
        let texts: Vec<_> = seen.iter().map(|own| own.text.as_str()).collect();
        assert_eq!(seen.len(), 3, "{texts:?}");
        assert!(
            texts[0].contains("Hei") && texts[0].contains("Hade"),
            "{texts:?}"
        );
        assert!(
            texts[1].contains("den ene") && texts[2].contains("den andre"),
            "{texts:?}"
        );
    }

    #[test]
    fn a_mail_in_order_is_left_as_it_is() {
        let mail = b"From: a@example.no\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nMerk: hei\n--x\n\n--x--\n";
        assert!(matches!(super::ended(mail), std::borrow::Cow::Borrowed(_)));
    }
}
