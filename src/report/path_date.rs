//! A date that stands in a path: `2025-03`, `2025-03-14`, `20250314`, or a year of its own.

use jiff::civil::Date;

use crate::model::DateInterval;

/// Years that a date in a path may plausibly mean.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2099;

/// The most exact date in a path; among equally exact ones the last, which is nearest to the file.
/// Digits beside it, as in an order number, mean that it is no date.
#[must_use]
pub(super) fn find(path: &str) -> Option<DateInterval> {
    let bytes = path.as_bytes();
    let mut best: Option<(usize, DateInterval)> = None;
    let mut at = 0;
    while at < bytes.len() {
        let digits = digits_at(bytes, at);
        if digits == 0 {
            at += 1;
            continue;
        }
        let found = date_at(bytes, at, digits);
        if let Some((exactness, interval, _)) = found
            && best.is_none_or(|(so_far, _)| exactness >= so_far)
        {
            best = Some((exactness, interval));
        }
        at = found.map_or(at + digits, |(_, _, end)| end);
    }
    best.map(|(_, interval)| interval)
}

/// How many digits stand from `at` on.
fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes
        .iter()
        .skip(at)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// The date that begins with a run of digits: exactness (1 year, 2 month, 3 day), days, and where
/// it ends.
fn date_at(bytes: &[u8], at: usize, digits: usize) -> Option<(usize, DateInterval, usize)> {
    let number = |from: usize, len: usize| -> Option<i16> {
        std::str::from_utf8(bytes.get(from..from + len)?)
            .ok()?
            .parse()
            .ok()
    };
    let day = |year, month: i16, day: i16| {
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(DateInterval::day(date))
    };
    let year = number(at, 4).filter(|year| YEARS.contains(year))?;
    if digits == 8 {
        return Some((
            3,
            day(year, number(at + 4, 2)?, number(at + 6, 2)?)?,
            at + 8,
        ));
    }
    if digits != 4 {
        return None;
    }
    let part = |from: usize| {
        let separated = matches!(bytes.get(from), Some(b'-' | b'_' | b'.'));
        (separated && digits_at(bytes, from + 1) == 2)
            .then(|| number(from + 1, 2))
            .flatten()
    };
    let month = part(at + 4).filter(|month| (1..=12).contains(month));
    let Some(month) = month else {
        return Some((1, DateInterval::month_or_year(year, None)?, at + 4));
    };
    if let Some(interval) = part(at + 7).and_then(|number| day(year, month, number)) {
        return Some((3, interval, at + 10));
    }
    let interval = DateInterval::month_or_year(year, Some(i8::try_from(month).ok()?))?;
    Some((2, interval, at + 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Option<String> {
        find(path).map(|interval| format!("{}..{}", interval.first, interval.last))
    }

    #[test]
    fn the_most_exact_date_of_a_path_is_found() {
        let cases = [
            ("logg/access-2025-11.log", Some("2025-11-01..2025-11-30")),
            (
                "hr/rekruttering/2026-01-utvikler/CV.pdf",
                Some("2026-01-01..2026-01-31"),
            ),
            (
                "arkiv/2024/notat_2024-02-29.txt",
                Some("2024-02-29..2024-02-29"),
            ),
            ("scan/20250314_001.pdf", Some("2025-03-14..2025-03-14")),
            (
                "regnskap/hovedbok-2020.xlsx",
                Some("2020-01-01..2020-12-31"),
            ),
            ("ordre/120250314.txt", None),
            ("faktura-1032.pdf", None),
            ("2025-13/x", Some("2025-01-01..2025-12-31")),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(found(path).as_deref(), expected, "{path}");
        }
    }
}
