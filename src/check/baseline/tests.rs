use super::*;
use crate::check::{Class, Value, class_of_number};
use crate::detect;
use crate::model::{Confidence, Kind};
use jiff::civil::date;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

const TODAY: Date = date(2026, 11, 24);

fn kind() -> &'static Kind {
    let mut all = detect::detectors().iter();
    all.find_map(|own| {
        own.info()
            .kinds
            .iter()
            .find(|kind| kind.kind == "fodselsnummer")
    })
    .unwrap()
}

fn report(numbers: &[String]) -> Report {
    let found = |number: &String| Found {
        object: "a.csv".to_owned(),
        file: b"a.csv".to_vec(),
        kind: kind(),
        confidence: Confidence::High,
        class: Class::Issuable,
        decision: Decision::Fail,
        spot: None,
        place: None,
        start: 0,
        span: None,
        value: Value::new("fodselsnummer", number),
        written: number.as_str().into(),
    };
    Report {
        found: numbers.iter().map(found).collect(),
        ..Report::default()
    }
}

/// Eleven digits from a counter, spread over all there are.
fn digits(n: u64) -> String {
    let spread = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
    format!("{:011}", spread % 100_000_000_000)
}

#[test]
fn a_person_in_the_place_of_another_is_noticed() {
    let mut noticed = 0;
    for trial in 0..10_000 {
        let mut numbers: Vec<String> = (0..5).map(|n| digits(trial * 10 + n)).collect();
        let note = Note::default();
        let baseline = Baseline::of(&report(&numbers), &Baseline::default(), &note, TODAY);
        numbers[2] = digits(trial * 10 + 7);
        numbers.reverse();
        let mut later = report(&numbers);
        baseline.apply(&mut later, TODAY);
        noticed += usize::from(later.totals().failed > 0);
    }
    assert!(noticed >= 9_900, "only {noticed} of 10000");
    assert!(
        noticed < 10_000,
        "a tag that tells all persons apart gives them away"
    );
}

/// Every seventh day of the register's centuries stands for its week.
#[test]
fn trying_all_numbers_leaves_a_hundred_thousand() {
    let wanted = Value::new("fodselsnummer", "15108695088").tag();
    let days = date(1854, 1, 1).series(jiff::Span::new().days(7));
    let days: Vec<Date> = days.take_while(|day| day.year() < 2040).collect();
    let of_day = |day: Date| {
        let written = format!("{:02}{:02}{:02}", day.day(), day.month(), day.year() % 100);
        let mut left = 0_usize;
        for individual in 0..1000 {
            let number = format!("{written}{individual:03}");
            let mut all: [u8; 11] = [0; 11];
            number
                .bytes()
                .zip(&mut all)
                .for_each(|(byte, digit)| *digit = byte - b'0');
            let rest = |all: &[u8; 11], weights: &[u16]| {
                let sum: u16 = all
                    .iter()
                    .zip(weights)
                    .map(|(d, w)| u16::from(*d) * w)
                    .sum();
                (11 - sum % 11) % 11
            };
            let first = rest(&all, &[3, 7, 6, 1, 8, 9, 4, 5, 2]);
            all[9] = u8::try_from(first).unwrap();
            let second = rest(&all, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
            all[10] = u8::try_from(second).unwrap();
            let century = match (individual, day.year() % 100) {
                (0..=499, _) | (900.., 40..) => 1900,
                (500..=749, 54..) => 1800,
                (500.., 0..=39) => 2000,
                _ => 0,
            };
            if first == 10 || second == 10 || day.year() - day.year() % 100 != century {
                continue;
            }
            let value = Value::new("fodselsnummer", &format!("{number}{first}{second}"));
            left += usize::from(value.tag() == wanted);
            if individual == 7 {
                assert!(class_of_number(all, TODAY).is_some(), "{number}");
            }
        }
        left
    };
    let left: usize = days.into_par_iter().map(of_day).sum();
    assert!(left * 7 >= 100_000, "only {}", left * 7);
}

#[test]
fn what_is_read_is_what_was_written() {
    let numbers: Vec<String> = (0..3).map(digits).collect();
    let note = Note {
        reason: Some("fra 2019".to_owned()),
        owner: Some("lag-a".to_owned()),
        until: Some(date(2026, 12, 31)),
    };
    let baseline = Baseline::of(&report(&numbers), &Baseline::default(), &note, TODAY);
    let text = baseline.to_text().unwrap();
    assert_eq!(Baseline::parse(&text), Ok(baseline.clone()));
    assert_eq!(text.lines().count(), 7, "{text}");
    let again = Baseline::of(&report(&numbers), &baseline, &Note::default(), TODAY);
    assert_eq!(again, baseline, "what was said of an entry stays");
    let mut later = report(&numbers);
    let applied = baseline.apply(&mut later, date(2027, 1, 1));
    assert_eq!((applied.expired, later.totals().failed), (1, 3));
    let mut one = report(&numbers[..1]);
    assert_eq!(baseline.apply(&mut one, TODAY).stale, 2);
}

#[test]
fn broken_files_are_refused_with_their_line() {
    let entry = r#"{"path":"a","detector":"email","kind":"personal","count":1,"tags":["0f"]}"#;
    let file = |body: &str| format!("{{\n\"version\": 1,\n\"entries\": [\n{body}null\n]\n}}\n");
    let marked = file(&format!("<<<<<<< HEAD\n{entry},\n=======\n>>>>>>> b\n"));
    assert_eq!(Baseline::parse(&marked), Err(BadBaseline::Conflict(4)));
    let later = file("").replace("1,", "2,");
    assert_eq!(Baseline::parse(&later), Err(BadBaseline::Version(2)));
    let both = file(&format!("{entry},\n{},\n", entry.replace("0f", "aa")));
    assert_eq!(
        Baseline::parse(&both).unwrap().len(),
        2,
        "a union of two sides"
    );
    for (from, to) in [
        ("\"count\":1", "\"count\":2"),
        ("0f", "0x"),
        ("\"kind\"", "\"sort\""),
    ] {
        let bad = Baseline::parse(&file(&format!("{},\n", entry.replace(from, to))));
        assert!(
            matches!(bad, Err(BadBaseline::Malformed(4, _))),
            "{to}: {bad:?}"
        );
    }
}

#[test]
fn what_is_said_of_a_new_value_takes_the_place_of_what_was_said() {
    let note = |reason: &str, until: Date| Note {
        reason: Some(reason.to_owned()),
        owner: Some("team-a".to_owned()),
        until: Some(until),
    };
    let (late, later) = (date(2027, 1, 1), date(2028, 1, 1));
    let numbers = [digits(1), digits(2), digits(3)];
    let said = |of: &Baseline| of.entries.values().next().unwrap().note.clone();
    let first = note("first", late);
    let known = Baseline::of(&report(&numbers[..2]), &Baseline::default(), &first, TODAY);
    let only_reason = Note {
        reason: Some("second".to_owned()),
        ..Note::default()
    };
    // Fewer values, or the same ones: nothing new was decided.
    let same = Baseline::of(&report(&numbers[..1]), &known, &only_reason, TODAY);
    assert_eq!(said(&same), first);
    let swapped = Baseline::of(&report(&numbers[1..]), &known, &only_reason, TODAY);
    assert_eq!(said(&swapped), note("second", late));
    // Past its day, it is renewed.
    let renewal = Note {
        until: Some(later),
        ..Note::default()
    };
    let renewed = Baseline::of(&report(&numbers[..2]), &known, &renewal, date(2027, 1, 2));
    assert_eq!(said(&renewed), note("first", later));
    assert_eq!((known.past(late), known.past(later)), (0, 1));
}
