//! Birth dates behind a label or under a header. Dates alone, and years alone, are not taken for
//! births.

use jiff::civil::Date;

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, count_from, ends_word};
use crate::detect::number::{free_after, free_before};
use crate::detect::{Anchor, Anchors, Concepts, Detector, DetectorInfo, Example, Hit, Spot, Window};
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
    version: 1,
    kinds: &[&BIRTH],
    explanation: "\
Finds dates behind a label (født, fødselsdato, date of birth) or under its header: `15.10.1986`,
`15/10-86`, `1986-10-15`, `15. oktober 1986`.

## How it is checked
There is such a day, at most 125 years ago.

## Levels
High: behind its label or under its header. Low: a day that lies ahead. It is found nowhere else.

## Source
The written forms of dates of Språkrådet; ISO 8601.",
    examples: &[
        found("Født: 15.10.1986", "15.10.1986", Confidence::High),
        found("fødselsdato 1986-10-15", "1986-10-15", Confidence::High),
        found("Date of birth: 3. oktober 1986", "3. oktober 1986", Confidence::High),
        found("Født 15.10.2040", "15.10.2040", Confidence::Low),
    ],
    counter_examples: &["15.10.1986", "Dato: 15.10.2025", "Født 32.10.1986", "Født 15.10.1786"],
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

    fn verify(&self, anchor: &Anchor, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Group { at, spot } = anchor {
            hits.extend(birth(window, *at, spot));
        }
    }
}

fn birth(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let (date, end) = date(window.text, at, spot.today)?;
    let span = at..end;
    let free = begins_word(window.text, at) && free_before(window.text, at);
    let alone = free && ends_word(window.text, end) && free_after(window.text, end);
    if !alone || end > spot.bounds(window).end || date.year() < spot.today.year() - OLDEST {
        return None;
    }
    let told = told(window, spot, &span, Concepts::BIRTH);
    let future = date > spot.today;
    told.sure().then(|| Hit {
        kind: &BIRTH,
        span,
        confidence: if future { Confidence::Low } else { Confidence::High },
        evidence: told
            .evidence()
            .with(Evidence::Date)
            .with_if(future, Evidence::FutureBirth),
        canonical: Some(date.to_string()),
    })
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
        // The last such year that is not ahead.
        2 if year <= today.year() % 100 => 2000 + year,
        2 => 1900 + year,
        _ => return None,
    };
    let sound = length <= 2 || length == 4 && third_length <= 2 && !by_name;
    let (month, day) = (i8::try_from(second).ok()?, i8::try_from(day).ok()?);
    let date = Date::new(year, month, day).ok()?;
    sound.then_some((date, end))
}

/// The month at `end`, which moves to the digits behind it, and whether it is written as a word.
fn second(text: &str, end: &mut usize) -> Option<(i16, bool)> {
    let rest = text.get(*end..)?;
    let bare = rest.trim_start_matches(['.', '/', '-']);
    let separators = rest.len() - bare.len();
    if let Some((month, length)) = number(bare, 0).filter(|_| separators == 1) {
        let behind = bare.get(length..)?.strip_prefix(['.', '/', '-'])?;
        *end = text.len() - behind.len();
        return (length <= 2).then_some((month, false));
    }
    let word = bare.strip_prefix(' ')?;
    let letters = count_from(word, 0, 10, u8::is_ascii_alphabetic);
    let name = word.get(..letters)?.to_ascii_lowercase();
    let starts = |month: &&[&str]| month.iter().any(|start| name.starts_with(start));
    let month = MONTHS.iter().position(starts)?;
    let behind = word.get(letters..)?;
    let behind = behind.strip_prefix('.').unwrap_or(behind).strip_prefix(' ')?;
    *end = text.len() - behind.len();
    Some((i16::try_from(month + 1).ok()?, true))
}

/// One to four digits at `at`, and how many there are.
fn number(text: &str, at: usize) -> Option<(i16, usize)> {
    let length = count_from(text, at, 5, u8::is_ascii_digit);
    let value = text.get(at..at + length).filter(|_| (1..=4).contains(&length))?;
    Some((value.parse().ok()?, length))
}
