//! Cells in which nothing can be found, told by their form: times and amounts below a header that names
//! nothing else. Tables are full of both.

use super::words::Concepts;

/// What the header may say.
const OWN: Concepts = Concepts::DATE.and(Concepts::MONEY);

/// Whether a cell below a header of these concepts is a time or an amount.
pub(super) fn is_silent(header: Concepts, cell: &[u8]) -> bool {
    header.without(OWN).is_empty() && (is_time(cell) || is_amount(cell))
}

/// A day and a time as ISO 8601 writes them, to the second at least: `2024-09-14T08:12:33Z`.
fn is_time(cell: &[u8]) -> bool {
    let Some((time, rest)) = cell.split_at_checked(TIME.len()) else {
        return false;
    };
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        _ => byte == form,
    };
    time.iter().zip(TIME).all(fits) && ends_time(rest)
}

/// The form of a time: digits for 0, a space or a T for T.
const TIME: &[u8] = b"0000-00-00T00:00:00";

/// Fractions of a second and the zone: `.123456+02:00`.
fn ends_time(rest: &[u8]) -> bool {
    let (fraction, zone) = match rest {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
            let (fraction, zone) = rest.split_at(digits.count());
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
