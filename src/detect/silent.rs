//! What nothing can be found in, told by its form: cells that are times or amounts, below a header that
//! names nothing else, the times that lines of a log begin with, and long ids in hexadecimal digits. Tables and
//! logs are full of them.

use super::letters::is_hex_letter;
use super::words::Concepts;

/// What the header may say.
const OWN: Concepts = Concepts::DATE.and(Concepts::MONEY);

/// Whether a cell below a header of these concepts is a time or an amount.
pub(super) fn is_silent(header: Concepts, cell: &[u8]) -> bool {
    header.without(OWN).is_empty() && (is_time(cell) || is_amount(cell))
}

/// A day and a time as ISO 8601 writes them, to the second at least: `2024-09-14T08:12:33Z`.
fn is_time(cell: &[u8]) -> bool {
    let parts = cell.split_at_checked(TIME.len());
    parts.is_some_and(|(time, rest)| has_form_of_time(time) && ends_time(rest))
}

fn has_form_of_time(time: &[u8]) -> bool {
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        _ => byte == form,
    };
    time.iter().zip(TIME).all(fits)
}

/// The byte after the time that stands at byte `at` of running text, where that says when something
/// was logged: no word stands before it in its line but one of [`LOGGED`], so that it is no date of
/// birth. Programs write those as times too, of midnight here or in UTC: full hours are not taken for
/// logged.
pub(super) fn logged_until(text: &[u8], at: usize) -> Option<usize> {
    let end = at + TIME.len();
    let time = text.get(at..end)?;
    if time.get(YEAR) != Some(&b'-') || !has_form_of_time(time) || time.ends_with(b":00:00") {
        return None;
    }
    let rest = text.get(end..)?;
    let fraction = match rest {
        [b'.' | b',', rest @ ..] => 1 + digits(rest),
        _ => 0,
    };
    let free = rest
        .get(fraction)
        .is_none_or(|byte| *byte != b'.' && !byte.is_ascii_digit());
    (free && begins_line(text.get(..at)?)).then_some(end + fraction)
}

/// Words before the time of a line of a log.
const LOGGED: [&[u8]; 3] = [b"time", b"timestamp", b"ts"];

/// How many bytes of a line may stand before its time.
const LINE_BEGINS: usize = 16;

/// Whether the text ends with the beginning of a line in which no word stands but one of [`LOGGED`].
fn begins_line(before: &[u8]) -> bool {
    let near = before.len().saturating_sub(LINE_BEGINS);
    let reached = &before[near..];
    let line = match reached
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
    {
        Some(border) => &reached[border + 1..],
        None if near == 0 => reached,
        None => return false,
    };
    let is_sign = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let signs = line.iter().take_while(|byte| is_sign(byte)).count();
    let word = &line[signs..];
    let length = word
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (word, rest) = word.split_at(length);
    (word.is_empty()
        || LOGGED
            .iter()
            .any(|logged| word.eq_ignore_ascii_case(logged)))
        && rest.iter().all(is_sign)
}

/// Fewest characters of an id that is passed over: addresses of the net have twelve digits at most.
const ID_FEWEST: usize = 16;

/// Most characters of an id that are looked at: twice those of a SHA-512.
const ID_MOST: usize = 256;

/// The byte after the long id in hexadecimal digits, such as a hash, of which the group of `length` digits at byte
/// `at` is a part. It stands free or behind `0x`. An account of the form of IBAN is none: those of countries that are
/// written with such letters have digits behind them, but for Andorra's (`AD`).
pub(super) fn id_until(text: &[u8], at: usize, length: usize) -> Option<usize> {
    let is_letter = |at: usize| text.get(at).copied().is_some_and(is_hex_letter);
    if !is_letter(at + length) && !at.checked_sub(1).is_some_and(is_letter) {
        return None;
    }
    let before = text.get(at.saturating_sub(ID_MOST)..at)?.iter().rev();
    let start = at - before.take_while(|byte| byte.is_ascii_hexdigit()).count();
    let behind = text.get(at..)?.iter().take(ID_MOST);
    let end = at + behind.take_while(|byte| byte.is_ascii_hexdigit()).count();
    let id = text.get(start..end)?;
    let free = match text.get(..start)? {
        [rest @ .., b'0', b'x' | b'X'] => rest,
        before => before,
    };
    let mut borders = [free.last(), text.get(end)].into_iter().flatten();
    let stands_free = borders.all(|byte| !byte.is_ascii_alphanumeric());
    let is_id = id.len() >= ID_FEWEST
        && id.get(2..)?.iter().copied().any(is_hex_letter)
        && !id.get(..2)?.eq_ignore_ascii_case(b"ad");
    (is_id && stands_free && end - at < ID_MOST).then_some(end)
}

/// How many digits a time begins with.
pub(super) const YEAR: usize = 4;

/// The form of a time: digits for 0, a space or a T for T.
const TIME: &[u8] = b"0000-00-00T00:00:00";

/// How many digits the bytes begin with.
fn digits(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// Fractions of a second and the zone: `.123456+02:00`.
fn ends_time(rest: &[u8]) -> bool {
    let (fraction, zone) = match rest {
        [b'.', rest @ ..] => {
            let (fraction, zone) = rest.split_at(digits(rest));
            (fraction.len(), zone)
        }
        zone => (1, zone),
    };
    let zoned = match zone {
        [] | [b'Z'] => true,
        [b'+' | b'-', hours @ .., b':', b'0' | b'3', b'0'] => {
            hours.len() == 2 && hours.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    zoned && (1..=6).contains(&fraction)
}

/// Most digits before the mark of an amount.
const MOST_WHOLE: usize = 9;

/// A number with one or two decimals: `252282,50`.
fn is_amount(cell: &[u8]) -> bool {
    let (whole, decimals) = match cell {
        [whole @ .., b',' | b'.', one] => (whole, [*one, b'0']),
        [whole @ .., b',' | b'.', one, two] => (whole, [*one, *two]),
        _ => return false,
    };
    let mut digits = whole.iter().chain(&decimals);
    (1..=MOST_WHOLE).contains(&whole.len()) && digits.all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_log_are_told_from_times_of_birth() {
        let until = |before: &str, rest: &str| {
            let text = format!("{before}{rest}");
            logged_until(text.as_bytes(), before.len()).map(|end| text.len() - end)
        };
        for before in [
            "",
            "x\n",
            "Født\r\n",
            "[",
            "\n  {\"ts\": \"",
            "a\ntime=",
            "\n@timestamp: '",
        ] {
            for (time, left) in [
                ("2024-09-14T08:12:33Z INFO", 6),
                ("2024-09-14 08:12:33,123 INFO", 5),
                ("2024-09-14 00:00:33.5", 0),
            ] {
                assert_eq!(until(before, time), Some(left), "{before:?} {time}");
            }
            for time in [
                "2024-09-14T00:00:00Z",
                "2024-09-14T22:00:00.000Z",
                "2024-09-14T08:12Z",
                "2024-09-14",
                "2024-09-14T08:12:331",
                "2024-09-14T08:12:33.1.2",
            ] {
                assert_eq!(until(before, time), None, "{before:?} {time}");
            }
        }
        for before in [
            "Født ",
            "\"fodt\":\"",
            "\n12 ",
            "å\n1: ",
            "Ola ble født i Bergen, nærmere bestemt på Haukeland, den ",
            "time of birth: ",
            "\nå ",
        ] {
            assert_eq!(until(before, "1980-05-03T12:31:07"), None, "{before:?}");
        }
    }

    #[test]
    fn long_ids_are_told_from_numbers() {
        let until = |text: &str| {
            let from = if text.starts_with("0x") { 2 } else { 0 };
            let bytes = text.bytes().skip(from);
            let at = from + bytes.take_while(|byte| !byte.is_ascii_digit()).count();
            let digits = text.bytes().skip(at).take_while(u8::is_ascii_digit);
            id_until(text.as_bytes(), at, digits.count())
        };
        for id in [
            "trace=6ed027a51f5dc14b",
            "b6fcc21151bcc45c",
            "0xb6fcc21151bcc45c",
            "(6ED027A51F5DC14B",
        ] {
            assert_eq!(until(&format!("{id} x")), Some(id.len()), "{id}");
        }
        for text in [
            "6ed027a51f5dc14",
            "DE89370400440532013000",
            "AD1200012030200359100ABC",
            "15108695088 0000",
            "1234567890123456",
            "x6ed027a51f5dc14b",
            "6ed027a51f5dc14bg",
            "15108695088-abcdef",
        ] {
            assert_eq!(until(text), None, "{text}");
        }
    }

    #[test]
    fn times_and_amounts_are_told_from_dates_and_numbers() {
        for cell in [
            "2024-09-14T08:12:33Z",
            "2024-09-14 08:12:33",
            "2024-09-14 08:12:33.123456",
            "2024-09-14T08:12:33.5+02:00",
            "252282,50",
            "1.5",
            "0,00",
        ] {
            assert!(is_silent(Concepts::NONE, cell.as_bytes()), "{cell}");
        }
        for cell in [
            "2024-09-14",
            "2024-09-14 08:12",
            "2024-09-14T08:12:33Z 1",
            "2024-09-14T08:12:33+021:00",
            "2024-09-14T08:12:33.1234567",
            "22838111878.0",
            "59.91273",
            "252282",
            ",50",
            "1.2.3",
            "a,50",
            "1,",
            "",
        ] {
            assert!(!is_silent(Concepts::MONEY, cell.as_bytes()), "{cell}");
        }
        assert!(!is_silent(Concepts::BIRTH, b"2024-09-14T08:12:33Z"));
    }
}
