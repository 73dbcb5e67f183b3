//! Text of mainframes: EBCDIC in the code pages of the US (CP037; CP500 has the same letters) and of Norway and
//! Denmark (CP277; CP1142 is the same with a euro).
//!
//! It has no mark. It is told by what it is made of: blanks are 40 and never 20, lines end in 15 or 25, if they end, and
//! letters and digits have bytes that ASCII has not. Records with packed numbers among the letters are not taken for text.

/// A code page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Page {
    /// CP037.
    Us,
    /// CP277.
    Norwegian,
}

/// Bytes that are looked at.
const SAMPLE_BYTES: usize = 64 * 1024;
/// Bytes that say at once of nearly all content that it is something else.
const FIRST_BYTES: usize = 256;
/// Shorter content says too little.
const FEWEST_BYTES: usize = 24;

/// CP037 from 40 on, sixteen characters a line.
const US: [&str; 12] = [
    " \u{A0}âäàáãåçñ¢.<(+|",
    "&éêëèíîïìß!$*);¬",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®",
    "^£¥·©§¶¼½¾[]¯¨´×",
    "{ABCDEFGHI\u{AD}ôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ\u{9F}",
];

/// What CP277 has otherwise.
const NORWEGIAN: &[(u8, char)] = &[
    (0x47, '}'),
    (0x4A, '#'),
    (0x4F, '!'),
    (0x5A, '¤'),
    (0x5B, 'Å'),
    (0x5F, '^'),
    (0x67, '$'),
    (0x6A, 'ø'),
    (0x70, '¦'),
    (0x7B, 'Æ'),
    (0x7C, 'Ø'),
    (0x80, '@'),
    (0x9C, '{'),
    (0x9E, '['),
    (0x9F, ']'),
    (0xA1, 'ü'),
    (0xB0, '¢'),
    (0xBA, '¬'),
    (0xBB, '|'),
    (0xC0, 'æ'),
    (0xD0, 'å'),
    (0xDC, '~'),
];

impl Page {
    /// Decodes all of `bytes` onto the end of `text`; both ends of lines become the one.
    pub(super) fn decode_to(self, bytes: &[u8], text: &mut String) {
        let table = self.table();
        text.extend(bytes.iter().map(|byte| table[usize::from(*byte)]));
    }

    fn table(self) -> [char; 256] {
        let mut table = [' '; 256];
        let printed = US.iter().flat_map(|row| row.chars());
        for (own, character) in table.iter_mut().skip(0x40).zip(printed) {
            *own = character;
        }
        for (own, character) in [
            (0x05, '\t'),
            (0x0D, '\r'),
            (0x15, '\n'),
            (0x25, '\n'),
            (0x00, '\0'),
        ] {
            table[own] = character;
        }
        if self == Self::Norwegian {
            for (own, character) in NORWEGIAN {
                table[usize::from(*own)] = *character;
            }
        }
        table
    }
}

/// The code page of content that begins with `head`; `None` where it is no such text.
pub(super) fn page(head: &[u8]) -> Option<Page> {
    let first = head.get(..FIRST_BYTES).unwrap_or(head);
    if head.len() < FEWEST_BYTES || memchr::memchr3(b' ', b'\n', 0, first).is_some() {
        return None;
    }
    let sample = head.get(..SAMPLE_BYTES).unwrap_or(head);
    let mut counts = [0_usize; 256];
    for byte in sample {
        counts[usize::from(*byte)] += 1;
    }
    is_text(&counts, sample.len()).then(|| likelier_page(sample))
}

/// Whether bytes that occur so often are text. Of Norwegian and English text seven letters in ten are among the
/// nine that are asked for, and of letters at random a third.
fn is_text(counts: &[usize; 256], len: usize) -> bool {
    let of = |is: fn(u8) -> bool| -> usize {
        (0..=u8::MAX)
            .zip(counts)
            .filter(|(byte, _)| is(*byte))
            .map(|(_, count)| count)
            .sum()
    };
    let (letters, digits) = (of(is_letter), of(|byte| matches!(byte, 0xF0..=0xF9)));
    let written = letters + digits;
    let most = (0x81..=0xF9)
        .filter_map(|byte: usize| counts.get(byte))
        .max();
    let kinds = (0x81..=0xF9).filter(|byte| counts[*byte] > 0).count();
    let is_spread = kinds >= 6 && most.is_some_and(|most| most * 10 <= written * 4);
    let has_words = letters * 5 < written || of(is_frequent) * 100 >= letters * 45;
    (written + of(is_mark)) * 100 >= len * 98 && written * 10 >= len * 3 && is_spread && has_words
}

fn is_letter(byte: u8) -> bool {
    matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9)
}

/// Whether a byte is one of a, e, i, l, n, o, r, s and t, small or capital.
fn is_frequent(byte: u8) -> bool {
    matches!(
        byte | 0x40,
        0xC1 | 0xC5 | 0xC9 | 0xD3 | 0xD5 | 0xD6 | 0xD9 | 0xE2 | 0xE3
    )
}

/// Whether a byte is a blank, the end of a line, a mark that text has, or a letter of Norwegian in either page.
fn is_mark(byte: u8) -> bool {
    const NATIONAL: &[u8] = &[
        0x47, 0x67, 0x70, 0x80, 0x9C, 0x9E, 0x5B, 0x6A, 0x7B, 0x7C, 0xC0, 0xD0,
    ];
    matches!(
        byte,
        0x05 | 0x0D | 0x15 | 0x25 | 0x40 | 0x4B..=0x4E | 0x50 | 0x5C..=0x5E | 0x60 | 0x61 | 0x6B..=0x6F | 0x7A | 0x7D..=0x7F
    ) || NATIONAL.contains(&byte)
}

/// The page in which more letters of Norwegian, and `@`, stand where they belong.
fn likelier_page(sample: &[u8]) -> Page {
    let fit = |page: Page| {
        let mut text = String::new();
        page.decode_to(sample, &mut text);
        let characters: Vec<char> = text.chars().collect();
        let three = characters.windows(3).map(|three| match three {
            [before, own, after] => fit_of(*before, *own, *after),
            _ => 0,
        });
        three.sum::<i64>()
    };
    if fit(Page::Us) > fit(Page::Norwegian) {
        Page::Us
    } else {
        Page::Norwegian
    }
}

/// Whether a character fits between two others: for it 1, against it -1, neither 0.
fn fit_of(before: char, own: char, after: char) -> i64 {
    let (small, large) = (
        |own: char| own.is_lowercase(),
        |own: char| own.is_uppercase(),
    );
    let fits = match own {
        'æ' | 'ø' | 'å' => (small(before) || large(before) || small(after)) && !large(after),
        'Æ' | 'Ø' | 'Å' => !small(before) && (before.is_alphabetic() || after.is_alphabetic()),
        '@' => before.is_alphanumeric() && after.is_alphanumeric(),
        '#' | '$' | '{' | '}' | '¦' if before.is_alphabetic() && after.is_alphabetic() => false,
        _ => return 0,
    };
    if fits { 1 } else { -1 }
}

#[cfg(test)]
mod tests {
    use super::super::recorder::{read, read_one};
    use super::*;

    const TEXT: &str =
        "Åse Ødegård bor i Ærfuglveien 3, 1530 Moss.\nFødselsnummer 15814599999, ase@example.no\n";

    /// A text in one of the pages, its lines ended by this byte.
    fn written(page: Page, text: &str, newline: u8) -> Vec<u8> {
        let table = page.table();
        let byte = |own: char| match own {
            '\n' => newline,
            own => u8::try_from(
                0x40 + table[0x40..]
                    .iter()
                    .position(|other| *other == own)
                    .unwrap(),
            )
            .unwrap(),
        };
        text.chars().map(byte).collect()
    }

    #[test]
    fn text_of_both_pages_is_read_with_either_end_of_lines() {
        for page in [Page::Us, Page::Norwegian] {
            for newline in [0x15, 0x25] {
                let seen = read_one("UTTREKK.DAT", &written(page, TEXT, newline));
                assert_eq!(
                    (seen.format, seen.ending().as_str()),
                    (Some("text"), "scanned")
                );
                assert_eq!(seen.text, TEXT, "{page:?} {newline}");
            }
            let long = TEXT.repeat(9000);
            assert_eq!(read_one("a", &written(page, &long, 0x25)).text, long);
            let capitals = TEXT.to_uppercase().replace('\n', "   ");
            assert_eq!(
                read_one("a", &written(page, &capitals, 0x25)).text,
                capitals,
                "{page:?}"
            );
        }
    }

    #[test]
    fn tables_and_records_are_read_as_such() {
        let table = "fnr;navn;by\n15814599999;Åse Ødegård;Moss\n15814599998;Per Ås;Oslo\n";
        let seen = read_one("a.csv", &written(Page::Norwegian, table, 0x15));
        assert_eq!(
            (seen.format, seen.cell("navn", 1)),
            (Some("csv"), Some("Åse Ødegård"))
        );
        let numbers = "15814599999 15814599998 12345678903 00017 20260203".repeat(20);
        assert_eq!(
            read_one("a", &written(Page::Us, &numbers, 0x15)).text,
            numbers
        );
        let records = "15814599999ÅSE ØDEGÅRD         MOSS      0001".repeat(30);
        assert_eq!(
            read_one("a", &written(Page::Norwegian, &records, 0x15)).text,
            records
        );
    }

    #[test]
    fn other_content_is_none() {
        let latin = encoding_rs::WINDOWS_1252
            .encode(&TEXT.repeat(9).replace([' ', '\n'], ""))
            .0
            .into_owned();
        let noise = |mask: u32, least: u32| -> Vec<u8> {
            let mut state = 1_u32;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                u8::try_from(least + (state >> 24 & mask)).unwrap()
            };
            (0..4000).map(|_| next()).collect()
        };
        let cyrillic = "приветмирпривет".repeat(9);
        for bytes in [
            latin,
            encoding_rs::KOI8_R.encode(&cyrillic).0.into_owned(),
            encoding_rs::WINDOWS_1251.encode(&cyrillic).0.into_owned(),
            noise(0xFF, 0),
            noise(0x0F, 0x80),
            noise(0x3F, 0xC0),
            noise(0x07, 0x82),
            [0xD5; 4000].to_vec(),
            [0x40; 4000].to_vec(),
            b"QXJrZXRTb21JbmdlbkxlcmVy".repeat(20),
            TEXT.as_bytes().to_vec(),
            written(Page::Us, "Kari Li", 0x15),
        ] {
            assert_eq!(page(&bytes), None, "{:?}", bytes.get(..9));
        }
        let mut packed = written(Page::Us, &TEXT.repeat(9), 0x15);
        packed
            .iter_mut()
            .skip(99)
            .step_by(12)
            .for_each(|byte| *byte = 0x1C);
        assert_eq!(read("a.dat", &packed)[0].ending(), "skipped unsupported");
    }
}
