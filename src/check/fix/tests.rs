#![expect(
    clippy::string_slice,
    clippy::format_collect,
    reason = "a slice at a wrong place is a failed test"
)]

use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::check::{Bytes, Checker, Class, Policy, class_of_number};
use crate::detect::identity::{self, Birth};
use crate::extract::Reader;
use crate::model::{Cancel, Limits};

const TODAY: Date = date(2026, 11, 24);

fn checker() -> Checker {
    let reader = Reader::new(Limits::default(), Cancel::default());
    Checker::new(reader, Policy::new(TODAY))
}

fn failing(checker: &Checker, text: &str) -> Vec<Found> {
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let found = checker.check(b"a.txt", Bytes::Memory(bytes)).found;
    found.into_iter().filter(Found::fails).collect()
}

fn draws() -> impl FnMut() -> u64 {
    let mut state = 7_u64;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 16
    }
}

/// A number that can be issued, made of a day, a year and an individual number; some have none.
fn issuable(day: u64, month: u64, year: u64, individual: u64) -> Option<String> {
    let nine = format!("{day:02}{month:02}{year:02}{individual:03}");
    let ten = format!(
        "{nine}{}",
        numbers::control(&nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2])?
    );
    let number = format!(
        "{ten}{}",
        numbers::control(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?
    );
    let class = class_of_number(numbers::array(&number)?, TODAY);
    (class == Some(Class::Issuable)).then_some(number)
}

/// A value that fails, in one of the forms that people write.
fn value() -> impl Strategy<Value = String> {
    let number = (
        1..29_u64,
        1..13_u64,
        40..99_u64,
        0..499_u64,
        0..4_u8,
        any::<bool>(),
    );
    let number =
        number.prop_filter_map("issuable", |(day, month, year, individual, form, is_d)| {
            let number = issuable(if is_d { day + 40 } else { day }, month, year, individual)?;
            let (date, rest) = number.split_at(6);
            Some(match form {
                0 => format!("fnr {number}"),
                1 => format!("fødselsnummer: {date} {rest}"),
                2 => format!("('{date}-{rest}')"),
                _ => format!("\"fnr\": \"{number}\""),
            })
        });
    let local = || "[a-z]{3,8}\\.[a-z]{3,8}";
    let address = local().prop_map(|local| format!("<{local}@firma.no>"));
    let encoded = local().prop_map(|local| format!("GET /inn?til={local}%40firma.no&side=2"));
    let phone = (92_000_000..93_000_000_u32).prop_map(|number| format!("tlf +47 {number}"));
    prop_oneof![
        number,
        address,
        encoded,
        phone,
        Just("Konto 8601.11.17947".to_owned())
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_fixed_is_clean_and_stays_and_nothing_else_changes(
        values in prop::collection::vec((value(), "[ a-zæøå;,.]{0,12}"), 1..8),
        seed in any::<[u8; 32]>(),
    ) {
        let text: String = values.iter().map(|(value, rest)| format!("{rest} {value} {rest}\n")).collect();
        let checker = checker();
        let found = failing(&checker, &text);
        let all: Vec<&Found> = found.iter().collect();
        let Some(fixed) = Mapping::new(&seed).fix(text.as_bytes(), &all) else {
            prop_assert!(found.is_empty(), "found and not replaced: {}", text);
            return Ok(());
        };
        prop_assert_eq!(fixed.left, 0);
        prop_assert!(failing(&checker, &fixed.after).is_empty(), "still fails: {}", fixed.after);
        // What stands between the spans stands there still, in its order, from the first to the last byte.
        let (mut at, mut done) = (0, 0);
        for found in &found {
            let span = found.span.clone().expect("a span");
            let between = &text[done..span.start];
            let place = fixed.after[at..].find(between);
            prop_assert!(place.is_some() && (done > 0 || place == Some(0)), "{}", fixed.after);
            at += place.unwrap_or_default() + between.len();
            done = span.end;
        }
        prop_assert!(fixed.after.ends_with(&text[done..]));
        prop_assert!(Mapping::new(&seed).fix(&fixed.bytes, &[]).is_none(), "nothing is left to fix");
    }

    #[test]
    fn a_new_number_keeps_year_and_sex_and_can_be_nobodys(
        day in 1..29_u64, month in 1..13_u64, year in 0..100_u64, individual in 0..1000_u64, is_d: bool,
    ) {
        let Some(old) = issuable(if is_d { day + 40 } else { day }, month, year, individual) else {
            return Ok(());
        };
        let mut draw = draws();
        let new = (0..DRAWS).find_map(|_| numbers::synthetic(&old, &old, &mut draw));
        let new = new.expect("a number");
        let read = |text: &str| identity::parse(numbers::array(text).unwrap()).unwrap();
        let (before, after) = (read(&old), read(&new));
        prop_assert_eq!(class_of_number(numbers::array(&new).unwrap(), TODAY), Some(Class::Synthetic));
        prop_assert_eq!((before.sex, before.is_d), (after.sex, after.is_d));
        if let (Birth::Day(old), Birth::Day(new)) = (before.birth, after.birth) {
            prop_assert_eq!(old.year(), new.year());
        }
    }
}

#[test]
fn the_same_value_becomes_the_same_everywhere_in_its_own_form() {
    let checker = checker();
    let mut mapping = Mapping::new(&[3; 32]);
    let mut fix = |text: &str| {
        let found = failing(&checker, text);
        let all: Vec<&Found> = found.iter().collect();
        mapping
            .fix(text.as_bytes(), &all)
            .expect("something to fix")
            .after
    };
    let one = fix("fnr 15108695088\n");
    let other = fix("navn: KARI OLSEN, fnr: 151086 95088, mail Kari.Olsen@firma.no\n");
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .take(11)
            .collect::<String>()
    };
    assert_eq!(digits(&one), digits(&other));
    assert!(
        other.contains(&format!(
            "fnr: {} {}",
            &digits(&one)[..6],
            &digits(&one)[6..]
        )),
        "{other}"
    );
    assert!(
        !other.contains("OLSEN") && other.contains("@example.com"),
        "{other}"
    );
    let address = other.split(' ').next_back().unwrap().trim();
    let encoded = fix("GET /inn?til=Kari.Olsen%40firma.no&side=2\n");
    assert!(encoded.contains(&address.replace('@', "%40")), "{encoded}");
    let account = fix("Konto 8601.13.17954, IBAN NO8886011317954\n");
    let parts: Vec<&str> = account.split(['.', ' ', ',', '\n']).collect();
    assert!(
        account.contains(&format!("{}{}{}", parts[1], parts[2], parts[3])),
        "{account}"
    );
}

#[test]
fn a_finnish_code_moves_to_the_series_for_tests() {
    let mut draw = draws();
    let new = numbers::finnish("131052-308t", &mut draw).unwrap();
    assert!(new[4..7] == *"52-" && new[7..].starts_with('9'), "{new}");
    let text = format!("henkilötunnus {new}");
    assert!(failing(&checker(), &text).is_empty(), "{text}");
}
