//! The plain text of a mail's body: in an encoding that fits, lines that a program broke put together
//! again, and files that old programs wrote into the text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, MessagePart, MimeHeaders};

use super::super::charset::{SingleByte, guess_single_byte};
use super::super::decode::lines;

/// The text of a part: that of the library, or, where letters were lost or none was declared that fits,
/// its bytes `raw` in another encoding.
pub(super) fn decoded<'p>(part: &MessagePart<'_>, text: &'p str, raw: &[u8]) -> Cow<'p, str> {
    let label = part.content_type().and_then(|own| own.attribute("charset"));
    let is = |names: &[&str]| {
        label.is_some_and(|own| names.iter().any(|name| own.eq_ignore_ascii_case(name)))
    };
    let ascii = is(&["us-ascii", "ascii"]);
    let lost = text.contains(['\u{FFFD}', '\u{1B}']) || (ascii && !text.is_ascii());
    let encoding = label.and_then(|own| Encoding::for_label(own.as_bytes()));
    if !lost || encoding == Some(UTF_8) {
        return Cow::Borrowed(text);
    }
    let bytes = match part.encoding {
        Transfer::None => Some(Cow::Borrowed(raw)),
        Transfer::Base64 => base64_decode(raw).map(Cow::Owned),
        Transfer::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
    };
    let Some(bytes) = bytes else {
        return Cow::Borrowed(text);
    };
    let encoding = match encoding.filter(|_| !ascii) {
        Some(encoding) => SingleByte::Other(encoding),
        None if is(&["cp865", "ibm865"]) => SingleByte::Cp865,
        None if str::from_utf8(&bytes).is_ok() => SingleByte::Other(UTF_8),
        None => guess_single_byte(&bytes),
    };
    let mut text = String::new();
    encoding.decode_to(&bytes, &mut text);
    Cow::Owned(text)
}

/// The text with lines put together that were broken to be joined again, RFC 3676.
pub(super) fn unbroken<'p>(part: &MessagePart<'_>, text: Cow<'p, str>) -> Cow<'p, str> {
    let attribute = |name| part.content_type().and_then(|own| own.attribute(name));
    let says =
        |name, value: &str| attribute(name).is_some_and(|own| own.eq_ignore_ascii_case(value));
    if !says("format", "flowed") {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let goes_on = line.ends_with(' ')
            && line.trim_start_matches(['>', ' ']) != "-- "
            && lines
                .peek()
                .is_some_and(|next| quoted(next) == quoted(line));
        let line = line.trim_start_matches('>');
        let line = line.strip_prefix(' ').unwrap_or(line);
        match line.strip_suffix(' ').filter(|_| says("delsp", "yes")) {
            Some(bare) if goes_on => whole.push_str(bare),
            _ => whole.push_str(line),
        }
        if !goes_on {
            whole.push('\n');
        }
    }
    Cow::Owned(whole)
}

/// How many times a line is quoted.
fn quoted(line: &str) -> usize {
    line.len() - line.trim_start_matches('>').len()
}

/// A file that was written into a text, by its name.
pub(super) struct Written<'t> {
    pub(super) name: &'t str,
    pub(super) bytes: Vec<u8>,
}

/// The files that a text holds in the form of `uuencode`, and the text without them.
pub(super) fn files(text: &str) -> (Cow<'_, str>, Vec<Written<'_>>) {
    let mut all = Vec::new();
    let mut rest = String::new();
    let mut open: Option<Written<'_>> = None;
    for line in text.split_inclusive('\n') {
        let own = line.trim_end_matches(['\r', '\n']);
        if let Some(file) = &mut open {
            match bytes_of(own) {
                Some(bytes) if own != "end" => {
                    file.bytes.extend(bytes);
                    continue;
                }
                ended => {
                    all.extend(open.take().filter(|file| !file.bytes.is_empty()));
                    if own == "end" || ended.is_some() {
                        continue;
                    }
                }
            }
        }
        if let Some(name) = begun(own) {
            open = Some(Written {
                name,
                bytes: Vec::new(),
            });
        } else {
            rest.push_str(line);
        }
    }
    all.extend(open.filter(|file| !file.bytes.is_empty()));
    if all.is_empty() {
        (Cow::Borrowed(text), all)
    } else {
        (Cow::Owned(rest), all)
    }
}

/// Whether such a file begins in a text: its first line, and bytes in the next.
pub(super) fn begins_file(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"begin ").any(|at| {
        let begins_line = at
            .checked_sub(1)
            .is_none_or(|before| text.get(before) == Some(&b'\n'));
        let mut lines =
            lines(text.get(at..).unwrap_or_default()).map(|line| str::from_utf8(line).ok());
        let name = begins_line && lines.next().flatten().and_then(begun).is_some();
        name && lines
            .next()
            .flatten()
            .and_then(bytes_of)
            .is_some_and(|bytes| !bytes.is_empty())
    })
}

/// The name in the line that begins a file: `begin 644 list.txt`.
fn begun(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal = matches!(mode.len(), 3 | 4) && mode.bytes().all(|own| matches!(own, b'0'..=b'7'));
    (octal && !name.is_empty()).then_some(name)
}

/// The bytes of a line: their number, and each three of them as four signs.
fn bytes_of(line: &str) -> Option<Vec<u8>> {
    let value = |sign: u8| matches!(sign, b' '..=b'`').then(|| (sign - b' ') & 63);
    let (first, signs) = line.as_bytes().split_first()?;
    let count = usize::from(value(*first)?);
    // Blanks at the end of a line get lost.
    let signs = signs.iter().copied().chain(std::iter::repeat(b' '));
    let values: Vec<u8> = signs
        .take(count.div_ceil(3) * 4)
        .map(value)
        .collect::<Option<_>>()?;
    let mut bytes = Vec::with_capacity(values.len());
    for four in values.chunks_exact(4) {
        if let [a, b, c, d] = *four {
            bytes.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
    }
    bytes.truncate(count);
    (line.len() <= 2 + count.div_ceil(3) * 4).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};

    fn mail(head: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "From: a@example.no\r\nSubject: x\r\nDate: Tue, 3 Feb 2026 23:30:00 +0100\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    }

    #[test]
    fn letters_are_read_whatever_was_declared() {
        let coded =
            "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=";
        for (charset, body) in [
            ("cp865", "bl=86b=91r"),
            ("us-ascii", "bl=C3=A5b=C3=A6r"),
            ("unknown-8bit", "bl=E5b=E6r"),
            ("x-ukjent", "bl=C3=A5b=C3=A6r"),
        ] {
            let seen = read_one(
                "a.eml",
                &mail(&format!("{coded}{charset}"), body.as_bytes()),
            );
            assert!(seen.text.contains("blåbær"), "{charset}: {}", seen.text);
        }
        let seen = read_one(
            "a.eml",
            &mail(&format!("{coded}iso-2022-jp"), b"=1B$BF|K\\=1B(B"),
        );
        assert!(seen.text.contains("日本"), "{}", seen.text);
    }

    #[test]
    fn flowing_lines_are_put_together() {
        let body = "Skriv til kari.nor \r\ndmann@example.no, 15888 \r\n610046\r\n> Hei \r\n> Per\r\nslutt \r\n> Ola\r\n-- \r\nKari\r\n";
        let text = |more: &str| {
            let head = format!("Content-Type: text/plain; format=flowed{more}");
            read_one("a.eml", &mail(&head, body.as_bytes())).text
        };
        let joined = text("; delsp=yes");
        assert!(
            joined.contains("kari.nordmann@example.no, 15888610046\n"),
            "{joined}"
        );
        assert!(
            joined.contains("\nHeiPer\nslutt \nOla\n-- \nKari\n"),
            "{joined}"
        );
        assert!(text("").contains("kari.nor dmann@example.no, 15888 610046\nHei Per\n"));
    }

    #[test]
    fn files_that_are_written_into_the_text_are_members() {
        let body = b"Hei\r\n\r\nbegin 644 liste.txt\r\n.2V%R:2!.;W)D;6%N;@H\r\n`\r\nend\r\nSlutt, begin 644 x\r\n";
        let seen = read("a.eml", &mail("X-Mailer: gammel", body));
        assert_eq!(seen[1].path, "a.eml!/liste.txt");
        assert_eq!(seen[1].text, "Kari Nordmann\n");
        let text = &seen[0].text;
        assert!(
            text.contains("Hei") && text.contains("Slutt") && !text.contains("2V%R"),
            "{text}"
        );
        let part = mail(
            "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: x-uuencode",
            b"begin 644 liste.txt\r\n#2V%R\r\n`\r\nend\r\n",
        );
        let seen = read("a.eml", &part);
        assert_eq!(
            (seen[1].path.as_str(), seen[1].text.as_str()),
            ("a.eml!/liste.txt", "Kar")
        );
        let cut = read(
            "a.eml",
            &mail("X-Mailer: gammel", b"begin 644 liste.txt\r\n#2V%R\r\n"),
        );
        assert_eq!(cut[1].text, "Kar");
    }

    #[test]
    fn a_sentence_that_begins_is_no_file() {
        let text = read(
            "a.eml",
            &mail(
                "X-Mailer: ny",
                b"begin 644 dager\r\ntidligere: s\xc3\xa5nn er det n\xc3\xa5\r\n",
            ),
        );
        assert_eq!(text.len(), 1);
        assert!(text[0].text.contains("tidligere"), "{}", text[0].text);
    }

    #[test]
    fn what_stands_between_parts_and_describes_them_is_read() {
        let body = "Foran\r\n--x\r\nContent-Type: text/plain\r\nContent-Description: Om Kari\r\n\r\nHei\r\n--x--\r\nEtter\r\n";
        let seen = read_one(
            "a.eml",
            &mail("Content-Type: multipart/mixed; boundary=x", body.as_bytes()),
        );
        for part in ["Foran", "Om Kari", "Hei", "Etter"] {
            assert_eq!(seen.text.matches(part).count(), 1, "{part}: {}", seen.text);
        }
    }
}
