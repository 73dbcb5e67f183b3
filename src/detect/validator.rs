//! What the digits of a user's own detector may be checked by: control digits, or a day.

use super::letters::{digits, luhn};
use crate::model::Evidence;

/// What must hold of the digits of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validator {
    /// The last digit makes the sum with weights 2 to 7 from the right, over and over, divisible by 11.
    Mod11,
    /// The last digit is the Luhn check digit (ISO/IEC 7812-1), also called modulus 10.
    Luhn,
    /// The first six or eight digits are a day: `DDMMYY`, `DDMMYYYY` or `YYYYMMDD`.
    Date,
}

impl Validator {
    /// The validator of this name: `mod11`, `mod10`, `luhn` or `date`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "mod11" => Some(Self::Mod11),
            "mod10" | "luhn" => Some(Self::Luhn),
            "date" => Some(Self::Date),
            _ => None,
        }
    }

    pub(super) fn passes(self, matched: &str) -> bool {
        let digits = digits(matched);
        match self {
            Self::Mod11 => {
                let products = digits.iter().rev().zip(
                    [1, 2, 3, 4, 5, 6, 7]
                        .into_iter()
                        .chain([2, 3, 4, 5, 6, 7].into_iter().cycle()),
                );
                let sum: u32 = products
                    .map(|(digit, weight)| u32::from(*digit) * weight)
                    .sum();
                digits.len() > 1 && sum.is_multiple_of(11)
            }
            Self::Luhn => digits.len() > 1 && luhn(&digits),
            Self::Date => is_day(&digits),
        }
    }

    pub(super) fn evidence(self) -> Evidence {
        match self {
            Self::Mod11 | Self::Luhn => Evidence::Checksum,
            Self::Date => Evidence::Date,
        }
    }
}

/// Whether the digits begin with a day of the calendar.
fn is_day(digits: &[u8]) -> bool {
    let number = |part: Option<&[u8]>| {
        part.map(|part| {
            part.iter()
                .fold(0_i16, |sum, digit| sum * 10 + i16::from(*digit))
        })
    };
    let day = |year: i16, month: Option<&[u8]>, day: Option<&[u8]>| {
        let month = number(month).and_then(|month| i8::try_from(month).ok());
        let day = number(day).and_then(|day| i8::try_from(day).ok());
        let date = month.zip(day);
        date.is_some_and(|(month, day)| jiff::civil::Date::new(year, month, day).is_ok())
    };
    let (two, four) = (digits.get(..2), digits.get(2..4));
    let long = number(digits.get(4..8)).filter(|year| (1850..=2100).contains(year));
    let iso = number(digits.get(..4)).filter(|year| (1850..=2100).contains(year));
    let short = number(digits.get(4..6));
    long.is_some_and(|year| day(year, four, two))
        || iso.is_some_and(|year| day(year, digits.get(4..6), digits.get(6..8)))
        || short.is_some_and(|year| day(2000 + year, four, two) || day(1900 + year, four, two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_digits_are_told_from_wrong_ones() {
        assert!(Validator::Mod11.passes("988077917") && !Validator::Mod11.passes("988077918"));
        assert!(Validator::Date.passes("290224") && Validator::Date.passes("1986-10-15"));
        assert!(!Validator::Date.passes("320186") && !Validator::Date.passes("12"));
    }
}
