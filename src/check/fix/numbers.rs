//! Invented identity numbers: of the Norwegian test series, and of what other countries publish.

use super::{below, digits_into};
use crate::detect::identity::{self, Birth, IdentityClass, IdentityNumber};

/// The Swedish Tax Agency's own example, Tolvan Tolvansson; there is no series that nobody can have.
pub(super) const TOLVAN: &str = "1212121212";

/// What a month of Skatteetaten's test series is raised by.
const RAISED: u64 = 80;

/// A number of the test series whose bearer has the year of birth and the sex of the old one, as far
/// as the old one tells them.
pub(super) fn synthetic(old: &str, text: &str, draw: &mut impl FnMut() -> u64) -> Option<String> {
    let before = identity::parse(array(old)?);
    // A spreadsheet lost the zero, so the new one must begin with one.
    let days = if text.chars().filter(char::is_ascii_digit).count() == 10 {
        9
    } else {
        28
    };
    let is_d = before.is_some_and(|number| number.is_d);
    let day = 1 + below(draw, days) + if is_d { 40 } else { 0 };
    let month = 1 + below(draw, 12) + RAISED;
    let dated = before.is_some_and(|number| number.class != IdentityClass::FhNumber);
    let year = if dated {
        old.get(4..6)?.parse().ok()?
    } else {
        below(draw, 100)
    };
    let individual = below(draw, 1000);
    let nine = format!("{day:02}{month:02}{year:02}{individual:03}");
    let first = control(&nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2])?;
    let ten = format!("{nine}{first}");
    let second = control(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?;
    let number = format!("{ten}{second}");
    let after = identity::parse(array(&number)?)?;
    let right = after.class == IdentityClass::Synthetic && keeps(before, after);
    right.then_some(number)
}

/// Whether year of birth and sex are those of the number before, where it tells them.
fn keeps(before: Option<IdentityNumber>, after: IdentityNumber) -> bool {
    let Some(before) = before else { return true };
    let year = match (before.birth, after.birth) {
        (Birth::Day(old), Birth::Day(new)) => old.year() == new.year(),
        (Birth::Day(_), Birth::NoCentury | Birth::Untold) => false,
        (Birth::NoCentury | Birth::Untold, _) => true,
    };
    year && (before.sex.is_none() || before.sex == after.sex)
}

/// The control digit modulo 11; `None` where it would be 10.
pub(super) fn control(digits: &str, weights: &[u32]) -> Option<u32> {
    let sum: u32 = digits
        .bytes()
        .zip(weights)
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    let digit = (11 - sum % 11) % 11;
    (digit < 10).then_some(digit)
}

pub(super) fn array(digits: &str) -> Option<[u8; 11]> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let values: Vec<u8> = digits.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
    plain.then(|| values.try_into().ok()).flatten()
}

/// The number in the form of `text`: with the century that it writes, or without its first zero.
pub(super) fn written(text: &str, number: &str) -> Option<String> {
    let old: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = match old.len() {
        13 => {
            let (day, rest) = number.split_at_checked(4)?;
            format!("{day}{}{rest}", old.get(4..6)?)
        }
        10 => number.strip_prefix('0')?.to_owned(),
        _ => number.to_owned(),
    };
    digits_into(text, &digits)
}

pub(super) fn swedish_written(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits_into(text, if digits == 12 { "191212121212" } else { TOLVAN })
}

/// Letters of the Finnish control character.
const FINNISH: &str = "0123456789abcdefhjklmnprstuvwxy";

/// A Finnish code of the series 900 to 999, which is for tests: year, century and sex are kept.
pub(super) fn finnish(old: &str, draw: &mut impl FnMut() -> u64) -> Option<String> {
    let (year, sign) = (old.get(4..6)?, old.get(6..7)?);
    let male = old.get(9..10)?.parse::<u64>().ok()? % 2;
    let (day, month) = (1 + below(draw, 28), 1 + below(draw, 12));
    let serial = 900 + 2 * below(draw, 50) + male;
    let number: usize = format!("{day:02}{month:02}{year}{serial}").parse().ok()?;
    let control = FINNISH.get(number % 31..number % 31 + 1)?;
    Some(format!("{day:02}{month:02}{year}{sign}{serial}{control}").to_uppercase())
}
