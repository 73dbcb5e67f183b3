//! Birth dates behind a label or under a header. Dates alone, and years alone, are not taken for
//! births.

use std::ops::Range;

use jiff::civil::Date;

use crate::detect::context;
use crate::detect::labels::{surely, told};
use crate::detect::letters::{byte, begins_word, count_from, ends_word};
use crate::detect::number::{free_after, free_before};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Group, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: BirthDate = BirthDate;

pub(super) struct BirthDate;

static BIRTH: Kind = Kind {
    detector: "birth-date",
    kind: "birth-date",
    category: Category::Contact,
    digested: true,
    precedence: 25,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "birth-date",
    title: "Birth date",
    version: 6,
    kinds: &[&BIRTH],
    explanation: "\
Finds dates behind a label (født, f., fødselsdato, date of birth) or under its header: `15.10.1986`,
`15/10-86`, `12/3 1975`, `1986-10-15`, `15. oktober 1986`, `October 15, 1986`, `10/15/1986`, `15101986`, `151086`, and the number
of days as which a spreadsheet keeps a date (`31700`), where it fills a cell under its header.

## How it is checked
There is such a day, at most 125 years ago.

## Levels
High: behind its label or under its header. Medium: where a fødselsnummer is spoken of and a date stands
instead, 15 years ago at least; a number of days. Low: a day that lies ahead. It is found nowhere else.

## Source
The written forms of dates of Språkrådet; ISO 8601.",
    examples: &[
        found("Født: 15.10.1986", "15.10.1986", Confidence::High),
        found("fødselsdato 1986-10-15", "1986-10-15", Confidence::High),
        found("Date of birth: 3. oktober 1986", "3. oktober 1986", Confidence::High),
        found("Kari Nordmann (f. 12.03.1975)", "12.03.1975", Confidence::High),
        found("VITNE, f. 12. mars 1975", "12. mars 1975", Confidence::High),
        found("Født: 12031975", "12031975", Confidence::High),
        found("f.dato 120375", "120375", Confidence::High),
        found("fødd 12/3 1975", "12/3 1975", Confidence::High),
        found("Født 15. 10. 1986", "15. 10. 1986", Confidence::High),
        found("Født 15.\u{a0}oktober 1986", "15.\u{a0}oktober 1986", Confidence::High),
        found("birth_date: 1986-10-15", "1986-10-15", Confidence::High),
        found("born 15th October 1986", "15th October 1986", Confidence::High),
        found("born March 12, 1975", "March 12, 1975", Confidence::High),
        found("Date of birth: 10/15/1986", "10/15/1986", Confidence::High),
        found("fødselsnummeret? Jeg har bare 15.10.1986", "15.10.1986", Confidence::Medium),
        found("Født 15.10.2040", "15.10.2040", Confidence::Low),
    ],
    counter_examples: &[
        "15.10.1986",
        "15. 10. 1986",
        "Dato: 15.10.2025",
        "Født 32.10.1986",
        "Født 15.10.1786",
        "ff. 12.03.1975",
        "f. eks. 12.03.1975",
        "Født: 32031975",
        "Født: 13/15/1986",
        "Født: 31700",
        "120375",
        "fødselsnummer mottatt 12.03.2024",
        "March 12, 1975",
    ],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str, confidence: Confidence) -> Example {
    Example { text, found, kind: "birth-date", confidence }
}

/// The age beyond which a date is none of a living person, in years.
const OLDEST: i16 = 125;

/// Months by their first three letters, in Bokmål, Nynorsk and English.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar"],
    &["apr"],
    &["mai", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["des", "dec"],
];

impl Detector for BirthDate {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHORT: Beside = Beside::SEPARATOR.and(Beside::COMMA).and(Beside::LETTER);
        const {
            &[
                Shape::of(Lengths::of(&[1, 2])).before(Beside::NO_LETTER).after(SHORT).told(Concepts::BIRTH),
                Shape::of(Lengths::of(&[4])).before(Beside::NO_LETTER).after(Beside::SEPARATOR).told(Concepts::BIRTH),
                Shape::of(Lengths::of(&[5, 6, 8])).free().told(Concepts::BIRTH),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group(group) = anchor {
            hits.extend(birth(window, group));
        }
    }
}

fn birth(window: &Window<'_>, group: &Group) -> Option<Hit> {
    let (at, spot) = (group.at, &group.spot);
    if !may_begin(window.text, group) {
        return None;
    }
    let counted = counted(window, group);
    let is_counted = counted.is_some();
    let (date, span) = counted.or_else(|| written(window.text, at, spot.today))?;
    let free = begins_word(window.text, span.start) && free_before(window.text, span.start);
    let alone = free && ends_word(window.text, span.end) && free_after(window.text, span.end);
    if !alone || date.year() < spot.today.year() - OLDEST {
        return None;
    }
    let sure = surely(window, spot, &span, Concepts::BIRTH);
    let short = is_short_label(window.text.get(..span.start)?);
    let future = date > spot.today;
    let confidence = if sure.is_some() || short {
        match (future, is_counted) {
            (true, _) => Confidence::Low,
            (false, true) => Confidence::Medium,
            (false, false) => Confidence::High,
        }
    } else if instead_of_number(window, spot, &span, date) {
        Confidence::Medium
    } else {
        return None;
    };
    let told = sure.unwrap_or_else(|| told(window, spot, &span, Concepts::BIRTH));
    let matched = window.text.get(span.clone())?;
    Some(Hit {
        kind: &BIRTH,
        span,
        confidence,
        evidence: told
            .evidence()
            .with(Evidence::Date)
            .with_if(short, Evidence::Label)
            .with_if(confidence == Confidence::Medium && !is_counted, Evidence::ContextWord)
            .with_if(is_counted, Evidence::OddForm)
            .with_if(future, Evidence::FutureBirth),
        canonical: (!is_iso(matched)).then(|| date.to_string()),
    })
}

/// Whether a date that was read is written as ISO 8601 has it: `1986-10-15`.
fn is_iso(written: &str) -> bool {
    matches!(written.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _])
}

/// Whether what follows the group may go on as a date, or it holds a whole one.
fn may_begin(text: &str, group: &Group) -> bool {
    let next = byte(text, group.end());
    match group.length {
        1 | 2 => matches!(next, Some(b'.' | b'/' | b'-' | b' ' | b',' | b's' | b'n' | b'r' | b't')),
        4 => matches!(next, Some(b'.' | b'/' | b'-' | b' ')),
        _ => true,
    }
}

/// Whether `f.` stands right before: born.
fn is_short_label(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\u{a0}']);
    let before = before.strip_suffix(['.', ':']).and_then(|before| before.strip_suffix(['f', 'F']));
    before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '.'))
}

/// How near a word must stand that speaks of a fødselsnummer, in bytes.
const NUMBER_WITHIN: usize = 40;

/// How long ago a day must be to be a birth rather than the day of a letter, in years.
const LONG_AGO: i16 = 15;

/// Whether a fødselsnummer is spoken of right before, and only a date of long ago is given.
fn instead_of_number(window: &Window<'_>, spot: &Spot, span: &Range<usize>, date: Date) -> bool {
    let before = context::before(window, spot, span.start);
    let near = before.nearest.meet(Concepts::FNR) && before.gap <= NUMBER_WITHIN;
    let parted = window.text.get(span.clone()).is_some_and(|date| date.contains(['.', '/', '-']));
    near && parted && date.year() <= spot.today.year() - LONG_AGO
}

/// The date that is written at the digits `at`, and where it stands.
fn written(text: &str, at: usize, today: Date) -> Option<(Date, Range<usize>)> {
    let day_first = || date(text, at, today).map(|(date, end)| (date, at..end));
    let found = day_first().or_else(|| month_first(text, at));
    found.or_else(|| in_a_row(text, at, today))
}

/// The days since the end of 1899 as which spreadsheets keep a date, where the format of the cell was lost: five
/// digits that fill a cell under a header.
fn counted(window: &Window<'_>, group: &Group) -> Option<(Date, Range<usize>)> {
    const FIRST: Date = Date::constant(1899, 12, 30);
    let span = group.at..group.end();
    let header = group.spot.header;
    let told = header.meet(Concepts::BIRTH) && !header.meet(Concepts::FNR.and(Concepts::SERIAL));
    if group.length != 5 || !told || !window.is_filled_by(&span) {
        return None;
    }
    let days: i32 = window.text.parse().ok()?;
    Some((FIRST.checked_add(jiff::Span::new().days(days)).ok()?, span))
}

/// `March 12, 1975` at the digits of its day.
fn month_first(text: &str, at: usize) -> Option<(Date, Range<usize>)> {
    let (day, length) = number(text, at)?;
    let behind = text.get(at + length..)?;
    let behind = without_ordinal(behind);
    let from = text.len() - behind.strip_prefix(", ").or(behind.strip_prefix(' '))?.len();
    let (year, year_length) = number(text, from)?;
    let before = text.get(..at)?.strip_suffix(' ')?;
    let before = before.strip_suffix('.').unwrap_or(before);
    let letters = before.bytes().rev().take(10).take_while(u8::is_ascii_alphabetic).count();
    let start = before.len() - letters;
    let month = month_of(before.get(start..)?)?;
    let date = Date::new(year, month, i8::try_from(day).ok()?).ok()?;
    (length <= 2 && year_length == 4 && letters >= 3).then(|| (date, start..from + year_length))
}

/// `15101986`, `19861015` and `151086`.
fn in_a_row(text: &str, at: usize, today: Date) -> Option<(Date, Range<usize>)> {
    let length = count_from(text, at, 9, u8::is_ascii_digit);
    let part = |from: usize, length: usize| number(text.get(..at + from + length)?, at + from);
    let of = |day: usize, month: usize, year: i16| {
        let (day, month) = (part(day, 2)?.0, part(month, 2)?.0);
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let date = match length {
        6 => of(0, 2, century(part(4, 2)?.0, today)),
        8 => of(0, 2, part(4, 4)?.0)
            .filter(|date| (1900..=today.year()).contains(&date.year()))
            .or_else(|| of(6, 4, part(0, 4)?.0)),
        _ => None,
    };
    Some((date?, at..at + length))
}

/// The year of which two digits are written: the last one that is not ahead.
fn century(year: i16, today: Date) -> i16 {
    if year <= today.year() % 100 { 2000 + year } else { 1900 + year }
}

/// The number of the month whose name begins so.
fn month_of(name: &str) -> Option<i8> {
    let name = name.to_ascii_lowercase();
    let starts = |month: &&[&str]| month.iter().any(|start| name.starts_with(start));
    let month = MONTHS.iter().position(starts)?;
    i8::try_from(month + 1).ok()
}

/// The date that begins at `at`, and the byte after it.
fn date(text: &str, at: usize, today: Date) -> Option<(Date, usize)> {
    let (first, length) = number(text, at)?;
    let mut end = at + length;
    let (second, by_name) = second(text, &mut end)?;
    let (third, third_length) = number(text, end)?;
    end += third_length;
    let (year, day, year_length) =
        if length == 4 { (first, third, 4) } else { (third, first, third_length) };
    let year = match year_length {
        4 => year,
        2 => century(year, today),
        _ => return None,
    };
    let sound = length <= 2 || length == 4 && third_length <= 2 && !by_name;
    // `03/22/1981`: no month has so high a number.
    let american = second > 12 && !by_name && length <= 2 && year_length == 4 && byte(text, at + length) == Some(b'/');
    let (month, day) = if american { (day, second) } else { (second, day) };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = Date::new(year, month, day).ok()?;
    sound.then_some((date, end))
}

/// The month at `end`, which moves to the digits behind it, and whether it is written as a word.
fn second(text: &str, end: &mut usize) -> Option<(i16, bool)> {
    let rest = without_ordinal(text.get(*end..)?);
    let bare = rest.trim_start_matches(['.', '/', '-']);
    let separators = rest.len() - bare.len();
    // `15. 10. 1986`
    let spaced = |text| without_space(text).filter(|_| rest.starts_with('.'));
    let figures = spaced(bare).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(bare);
    if let Some((month, length)) = number(figures, 0).filter(|_| separators == 1) {
        let behind = figures.get(length..)?;
        let behind = match behind.strip_prefix(['.', '/', '-']) {
            Some(behind) => spaced(behind).unwrap_or(behind),
            None => without_space(behind).filter(|_| !rest.starts_with('-'))?,
        };
        *end = text.len() - behind.len();
        return (length <= 2).then_some((month, false));
    }
    let word = without_space(bare)?;
    let letters = count_from(word, 0, 10, u8::is_ascii_alphabetic);
    let month = month_of(word.get(..letters)?)?;
    let behind = word.get(letters..)?;
    let behind = without_space(behind.strip_prefix('.').unwrap_or(behind))?;
    *end = text.len() - behind.len();
    Some((i16::from(month), true))
}

/// What follows the ending of a day in English: `15th`.
fn without_ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_prefix(ending)).unwrap_or(text)
}

/// What follows a space that may be one at which no line breaks.
fn without_space(text: &str) -> Option<&str> {
    text.strip_prefix([' ', '\u{a0}'])
}

/// One to four digits at `at`, and how many there are.
fn number(text: &str, at: usize) -> Option<(i16, usize)> {
    let digits = text.as_bytes().get(at..)?.iter().take(5).take_while(|byte| byte.is_ascii_digit());
    let (value, length) = digits.fold((0_u32, 0), |(value, length), digit| {
        (value * 10 + u32::from(digit - b'0'), length + 1)
    });
    let value = i16::try_from(value).ok().filter(|_| (1..=4).contains(&length))?;
    Some((value, length))
}
