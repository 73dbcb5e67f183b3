//! The pure core of the identity numbers of 11 digits: what a number is, by its digits alone.
//!
//! Source: Skatteetaten, folkeregisteret-api-dokumentasjon (control digits, D-numbers and their
//! series since 2021-11-16, the rule for numbers issued from 2032, test numbers), folkeregister-
//! forskriften (centuries), KITH HIS 1001 (H-numbers), Norsk helsenett (FH-numbers, test numbers),
//! navikt/testnorge (NPID and its test numbers). It neither knows the text around a number nor says
//! how sure it is that digits are a number.

use jiff::civil::Date;

/// What a number is, by its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityNumber {
    /// Its class.
    pub class: IdentityClass,
    /// Whether the day carries the 40 of a D-number, in test numbers too.
    pub is_d: bool,
    /// The rule its control digits keep.
    pub rule: ControlRule,
    /// When the person was born, as far as the number tells.
    pub birth: Birth,
    /// The sex, where the number tells it.
    pub sex: Option<Sex>,
}

/// Classes of identity numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityClass {
    /// A fødselsnummer.
    Fodselsnummer,
    /// A D-number: day plus 40.
    DNumber,
    /// A hospital's own number, or a test number of NAV: month plus 40.
    HNumber,
    /// A shared help number: first digit 8 or 9.
    FhNumber,
    /// A number of NAV for persons without another: month plus 20.
    Npid,
    /// A test number that nobody can have: month plus 60, 65 or 80, or D with month plus 40.
    Synthetic,
}

/// Rules for the first control digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlRule {
    /// The rule since 1964: the weighted sum is divisible by 11.
    Of1964,
    /// The rule for numbers issued from 2032: a rest of 1, 2 or 3.
    Of2032,
}

/// What a number tells of the birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// The day.
    Day(Date),
    /// Day and month, but the individual number belongs to no century.
    NoCentury,
    /// Nothing certain.
    Untold,
}

/// A sex in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female: the third digit of the individual number is even.
    Female,
    /// Male: it is odd.
    Male,
}

/// What these 11 digits (0 to 9 each) are; `None` where control digits or date are wrong.
#[must_use]
pub fn parse(digits: [u8; 11]) -> Option<IdentityNumber> {
    if rest(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) != 0 {
        return None;
    }
    match rest(&digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) {
        0 => of_1964(&digits),
        1..=3 => of_2032(&digits),
        _ => None,
    }
}

/// The weighted sum of the digits modulo 11.
fn rest(digits: &[u8; 11], weights: &[u16]) -> u16 {
    let products = digits.iter().zip(weights);
    products
        .map(|(digit, weight)| u16::from(*digit) * weight)
        .sum::<u16>()
        % 11
}

fn pair(digits: &[u8; 11], at: usize) -> u8 {
    digits[at] * 10 + digits[at + 1]
}

/// Day and whether 40 was added to it; `None` for other first digits.
fn day(digits: &[u8; 11]) -> Option<(u8, bool)> {
    match pair(digits, 0) {
        day @ 1..=31 => Some((day, false)),
        day @ 41..=71 => Some((day - 40, true)),
        _ => None,
    }
}

fn of_1964(digits: &[u8; 11]) -> Option<IdentityNumber> {
    let number = |class, is_d, birth, sex| IdentityNumber {
        class,
        is_d,
        rule: ControlRule::Of1964,
        birth,
        sex,
    };
    if digits[0] >= 8 {
        return Some(number(IdentityClass::FhNumber, false, Birth::Untold, None));
    }
    let (day, is_d) = day(digits)?;
    let sex = if digits[8].is_multiple_of(2) {
        Sex::Female
    } else {
        Sex::Male
    };
    let written = pair(digits, 2);
    let mut found = None;
    // Where two offsets fit, months 66 to 72, the number is a test number by either, and its birth
    // is not told.
    for (class, offset) in classes(written, is_d) {
        if let Some(birth) = birth(digits, day, written - offset, is_d) {
            let birth = if found.is_some() {
                Birth::Untold
            } else {
                birth
            };
            found = Some(number(class, is_d, birth, Some(sex)));
        }
    }
    found
}

/// The classes that the month as written may mean, with what was added to it: two for months from 66 to
/// 72.
fn classes(month: u8, is_d: bool) -> impl Iterator<Item = (IdentityClass, u8)> {
    use IdentityClass::{DNumber, Fodselsnummer, HNumber, Npid, Synthetic};
    let (one, other) = match month {
        1..=12 if is_d => (Some((DNumber, 0)), None),
        1..=12 => (Some((Fodselsnummer, 0)), None),
        21..=32 if !is_d => (Some((Npid, 20)), None),
        41..=52 if is_d => (Some((Synthetic, 40)), None),
        41..=52 => (Some((HNumber, 40)), None),
        61..=65 if !is_d => (Some((Synthetic, 60)), None),
        66..=72 if !is_d => (Some((Synthetic, 60)), Some((Synthetic, 65))),
        66..=77 => (Some((Synthetic, 65)), None),
        81..=92 => (Some((Synthetic, 80)), None),
        _ => (None, None),
    };
    one.into_iter().chain(other)
}

/// The birth; `None` where the calendar has no such day.
fn birth(digits: &[u8; 11], day: u8, month: u8, is_d: bool) -> Option<Birth> {
    let year = pair(digits, 4);
    let individual = u16::from(digits[6]) * 100 + u16::from(pair(digits, 7));
    let century = if is_d {
        d_century(individual, year)
    } else {
        century(individual, year)
    };
    match century {
        Some(century) => calendar(century + i16::from(year), month, day).map(Birth::Day),
        None => calendar(2000 + i16::from(year), month, day).map(|_| Birth::NoCentury),
    }
}

/// The century of a fødselsnummer by individual number and two-digit year.
fn century(individual: u16, year: u8) -> Option<i16> {
    match (individual, year) {
        (0..=499, _) | (900.., 40..) => Some(1900),
        (500..=749, 54..) => Some(1800),
        (500.., 0..=39) => Some(2000),
        _ => None,
    }
}

/// The century of a D-number, by its own series since 2021-11-16.
fn d_century(individual: u16, year: u8) -> Option<i16> {
    match (individual, year) {
        (500..=599, 58..) => Some(1800),
        (500..=599, 40..=57) => None,
        (0..=199, 0..=39) | (_, 40..) => Some(1900),
        (_, 0..=39) => Some(2000),
    }
}

/// A number that only the rule from 2032 allows. It tells neither century nor sex.
fn of_2032(digits: &[u8; 11]) -> Option<IdentityNumber> {
    let (day, is_d) = day(digits)?;
    let (class, month) = match pair(digits, 2) {
        month @ 1..=12 if is_d => (IdentityClass::DNumber, month),
        month @ 1..=12 => (IdentityClass::Fodselsnummer, month),
        month @ 81..=92 => (IdentityClass::Synthetic, month - 80),
        _ => return None,
    };
    calendar(2000 + i16::from(pair(digits, 4)), month, day)?;
    Some(IdentityNumber {
        class,
        is_d,
        rule: ControlRule::Of2032,
        birth: Birth::Untold,
        sex: None,
    })
}

fn calendar(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Option<IdentityNumber> {
        let digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
        parse(digits.try_into().unwrap())
    }

    #[test]
    fn classes_follow_day_and_month() {
        use IdentityClass::{DNumber, FhNumber, Fodselsnummer, HNumber, Npid, Synthetic};
        let class = |text| read(text).map(|number| number.class);
        assert_eq!(class("15108695088"), Some(Fodselsnummer));
        assert_eq!(class("70108299914"), Some(DNumber));
        assert_eq!(class("15507600333"), Some(HNumber));
        assert_eq!(class("55507608360"), Some(Synthetic), "D and month plus 40");
        assert_eq!(class("81234567802"), Some(FhNumber));
        assert_eq!(class("15293773170"), Some(Npid));
        assert_eq!(class("22838111878"), Some(Synthetic));
        assert_eq!(
            class("00000000000"),
            None,
            "both sums are 0, the date is none"
        );
    }

    #[test]
    fn only_the_rule_of_2032_allows_a_rest() {
        let rule = |text| read(text).map(|number| number.rule);
        assert_eq!(rule("02013299997"), Some(ControlRule::Of1964));
        for text in ["30108299939", "30908299902", "55102499947", "41819077906"] {
            assert_eq!(rule(text), Some(ControlRule::Of2032), "{text}");
        }
        assert_eq!(rule("15033590102"), None, "a rest of 5");
    }

    #[test]
    fn leap_days_are_those_of_the_full_year() {
        assert!(read("29020073150").is_some(), "2000");
        assert!(read("29020105729").is_none(), "2001");
        let leap = [2, 9, 0, 2, 0, 0];
        // Every individual number from 000 to 499 with every pair of control digits.
        let of_1900 = (0..5_u8).flat_map(|hundreds| {
            (0..100_u8).flat_map(move |rest| {
                (0..100_u8).map(move |control| {
                    let mut digits = [0; 11];
                    digits[..6].copy_from_slice(&leap);
                    let tail = [hundreds, rest / 10, rest % 10, control / 10, control % 10];
                    digits[6..].copy_from_slice(&tail);
                    digits
                })
            })
        });
        let of_1964 =
            |digits| parse(digits).is_some_and(|number| number.rule == ControlRule::Of1964);
        assert!(!of_1900.into_iter().any(of_1964), "1900 was no leap year");
    }

    #[test]
    fn births_and_sexes_are_told() {
        let number = read("57912075186").unwrap();
        assert_eq!(number.birth, Birth::Day(date(2020, 11, 17)));
        assert_eq!(number.sex, Some(Sex::Male));
        let old = read("61929750062").unwrap();
        assert_eq!(old.birth, Birth::Day(date(1897, 12, 21)));
        assert_eq!(
            read("41664061188").map(|n| n.class),
            Some(IdentityClass::Synthetic)
        );
    }
}
