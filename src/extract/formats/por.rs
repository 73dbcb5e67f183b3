//! Portable files of SPSS: their labels and documents as text, their cases as rows.
//!
//! The form is described in the developers' guide of GNU PSPP, "Portable File Format". Lines are cut at 80 bytes without
//! a meaning, so values and names go over them; numbers are written to the base of 30. Files in other letters than
//! those of ASCII are told as unsupported.

use std::io::{BufRead, BufReader};

use super::super::compound::malformed;
use super::super::decode::decode_all;
use super::super::records::Records;
use super::super::{Content, Format, FormatInfo, Head, Match, Sink, flow};
use crate::model::{Budget, Problem, ProblemKind, Stage};

pub(crate) static FORMAT: Por = Por;

/// Reads them.
pub(crate) struct Por;

static INFO: FormatInfo = FormatInfo {
    id: "por",
    title: "portable file of SPSS",
    extensions: &["por"],
    version: 1,
    isolated: false,
    reads: "all values, with the labels of their variables; labels of values and documents as text",
};

/// Bytes before the signature: five lines for people, and the letters of the file.
const BEFORE: usize = 456;
const SIGNATURE: &[u8] = b"SPSSPORT";
/// What stands in the first lines for people.
const FOR_PEOPLE: &[u8] = b"SPSS PORT FILE";
/// Bytes of a line; what is missing at its end are blanks.
const LINE: usize = 80;
/// No text is longer.
const MAX_TEXT: i64 = 64 * 1024;
/// The base of numbers.
const BASE: u32 = 30;

impl Format for Por {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn recognises(&self, head: &Head<'_>) -> Match {
        let first = head.bytes.get(..512).unwrap_or(head.bytes);
        if memchr::memmem::find(first, FOR_PEOPLE).is_some() && Letters::new(first).begin().is_ok() {
            Match::Sure
        } else {
            Match::No
        }
    }

    fn read(
        &self,
        content: &mut Content,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), Problem> {
        let mut letters = Letters::new(BufReader::new(content));
        letters.begin()?;
        let mut text = String::new();
        let head = letters.variables(&mut text, budget);
        flow::part("labels", &text, sink);
        let mut records = Records::new();
        let result = letters.cases(&head?, &mut records, (budget, sink));
        records.finish(sink);
        result
    }
}

/// A variable: bytes of its text, or 0 for a number.
struct Variable {
    width: i64,
    name: String,
    label: String,
}

impl Variable {
    fn called(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }
}

/// The letters of a file, without its lines.
struct Letters<R> {
    source: R,
    /// Bytes of the line so far.
    column: usize,
    /// The blanks that are missing at the end of the line.
    missing: usize,
    peeked: Option<u8>,
}

impl<R: BufRead> Letters<R> {
    fn new(source: R) -> Self {
        Self { source, column: 0, missing: 0, peeked: None }
    }

    /// Reads up to the first record.
    fn begin(&mut self) -> Result<(), Problem> {
        for _ in 0..BEFORE {
            self.byte()?;
        }
        for expected in SIGNATURE {
            if self.byte()? != *expected {
                return Err(Problem::new(ProblemKind::Unsupported, Stage::Extract));
            }
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        if let Some(byte) = self.peeked.take() {
            return Ok(byte);
        }
        loop {
            if self.missing > 0 {
                self.missing -= 1;
                return Ok(b' ');
            }
            let mut byte = [0];
            self.source.read_exact(&mut byte).map_err(|_| malformed())?;
            match byte {
                [b'\r'] => {}
                [b'\n'] => {
                    self.missing = LINE.saturating_sub(self.column);
                    self.column = 0;
                }
                [byte] => {
                    self.column += 1;
                    return Ok(byte);
                }
            }
        }
    }

    fn peek(&mut self) -> Result<u8, Problem> {
        let byte = self.byte()?;
        self.peeked = Some(byte);
        Ok(byte)
    }

    /// Tells the texts of the dictionary, and returns its variables. Behind it stand the cases.
    fn variables(&mut self, text: &mut String, budget: &Budget) -> Result<Vec<Variable>, Problem> {
        // The version, and the day and hour it was made.
        self.byte()?;
        self.text()?;
        self.text()?;
        let mut all: Vec<Variable> = Vec::new();
        loop {
            budget.check()?;
            match self.byte()? {
                b'1'..=b'3' => self.line(text)?,
                b'4' | b'5' => drop(self.number()?),
                b'6' => drop(self.text()?),
                b'7' => all.push(self.variable()?),
                b'8' | b'9' | b'A' => drop(self.value(all.last().map_or(0, |own| own.width))?),
                b'B' => {
                    self.number()?;
                    self.number()?;
                }
                b'C' => {
                    let label = self.text()?;
                    text.extend([&label, "\n"]);
                    all.last_mut().ok_or_else(malformed)?.label = label;
                }
                b'D' => self.value_labels(&all, text)?,
                b'E' => {
                    for _ in 0..self.whole()? {
                        self.line(text)?;
                    }
                }
                b'F' => return Ok(all),
                _ => return Err(malformed()),
            }
        }
    }

    fn variable(&mut self) -> Result<Variable, Problem> {
        let width = self.whole()?;
        let name = self.text()?;
        // How its values are shown and written.
        for _ in 0..6 {
            self.number()?;
        }
        Ok(Variable { width, name, label: String::new() })
    }

    /// What values of some variables stand for.
    fn value_labels(&mut self, all: &[Variable], text: &mut String) -> Result<(), Problem> {
        let mut width = 0;
        for _ in 0..self.whole()? {
            let name = self.text()?;
            width = all.iter().find(|own| own.name == name).map_or(width, |own| own.width);
        }
        for _ in 0..self.whole()? {
            self.value(width)?;
            self.line(text)?;
        }
        Ok(())
    }

    fn cases(
        &mut self,
        variables: &[Variable],
        records: &mut Records,
        (budget, sink): (&Budget, &mut dyn Sink),
    ) -> Result<(), Problem> {
        while !variables.is_empty() && self.peek()? != b'Z' {
            budget.check()?;
            records.begin();
            for variable in variables {
                let value = self.value(variable.width)?;
                if variable.width == 0 {
                    records.number(variable.called(), &value, sink);
                } else {
                    records.text(variable.called(), value.trim_end(), sink);
                }
            }
            records.end(budget, sink)?;
        }
        Ok(())
    }

    /// A value; a number that is missing is empty.
    fn value(&mut self, width: i64) -> Result<String, Problem> {
        if width > 0 {
            return self.text();
        }
        let number = self.number()?;
        Ok(number.map(|number| number.to_string()).unwrap_or_default())
    }

    fn line(&mut self, text: &mut String) -> Result<(), Problem> {
        text.push_str(&self.text()?);
        text.push('\n');
        Ok(())
    }

    fn text(&mut self) -> Result<String, Problem> {
        let length = self.whole()?;
        let bytes: Result<Vec<u8>, Problem> = (0..length).map(|_| self.byte()).collect();
        Ok(decode_all(&bytes?))
    }

    /// A whole number, of bytes or things that follow.
    fn whole(&mut self) -> Result<i64, Problem> {
        let number = self.number()?.filter(|own| (0.0..=f64::from(u16::MAX) + 1.0).contains(own));
        #[expect(clippy::cast_possible_truncation, reason = "it is not beyond 65,536")]
        let whole = number.ok_or_else(malformed)? as i64;
        if whole > MAX_TEXT { Err(malformed()) } else { Ok(whole) }
    }

    /// A number up to its slash; `None` where it is missing, which is written `*.`.
    fn number(&mut self) -> Result<Option<f64>, Problem> {
        /// More signs make no number.
        const MOST: usize = 128;
        let mut signs = Vec::new();
        while signs.len() < MOST {
            match self.byte()? {
                b' ' if signs.is_empty() => {}
                b'*' if signs.is_empty() => {
                    self.byte()?;
                    return Ok(None);
                }
                b'/' => return value_of(&signs).map(Some).ok_or_else(malformed),
                sign => signs.push(sign),
            }
        }
        Err(malformed())
    }
}

/// The value of a number to the base of 30: a sign, digits around a point, and an exponent behind its own sign.
fn value_of(signs: &[u8]) -> Option<f64> {
    let (negative, signs) = match signs {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, signs),
    };
    let end = signs.iter().position(|sign| matches!(sign, b'+' | b'-')).unwrap_or(signs.len());
    let (digits, exponent) = signs.split_at_checked(end)?;
    let (mut value, mut power, mut behind_point) = (0.0, 0, false);
    for sign in digits {
        if *sign == b'.' {
            behind_point = true;
        } else {
            value = value * f64::from(BASE) + f64::from(char::from(*sign).to_digit(BASE)?);
            power -= i32::from(behind_point);
        }
    }
    let mut raised = 0_i32;
    for sign in exponent.get(1..).unwrap_or_default() {
        let digit = i32::try_from(char::from(*sign).to_digit(BASE)?).ok()?;
        raised = raised.checked_mul(30)?.checked_add(digit)?;
    }
    power += if exponent.first() == Some(&b'-') { -raised } else { raised };
    let value = value * f64::from(BASE).powi(power);
    (!digits.is_empty()).then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::{read, read_one};
    use super::*;

    /// A file with these records behind its head, in lines of 80 bytes.
    fn file(records: &str) -> Vec<u8> {
        let head = format!("{:0>40}ASCII SPSS PORT FILE{:20}", "", "");
        let whole = format!("{head:0<BEFORE$}SPSSPORTA8/202603036/101112{records}");
        let encoded = encoding_rs::WINDOWS_1252.encode(&whole).0.into_owned();
        let mut out = Vec::new();
        for line in encoded.chunks(LINE) {
            out.extend(line.trim_ascii_end());
            out.extend(b"\r\n");
        }
        out
    }

    /// Numbers to the base of 30, behind each other.
    const RECORDS: &str = "14/SPSS43/5B/70/2/ID5/8/0/5/8/0/7B/3/FNR1/B/0/1/B/0/CD/Fødselsnummer71G/4/NAVN1/1G/0/1/1G/0/\
        82/--D1/2/ID1/1/8/nokså ofE1/5/NotatF1/B/158145999993/Åse*.B/158145999981K/Per                     Ås                     Vik\
        -K.F/0/0/ZZZZ";

    #[test]
    fn cases_are_rows_and_labels_their_names() {
        let seen = read_one("skjema.por", &file(RECORDS));
        assert_eq!((seen.format, seen.ending().as_str()), (Some("por"), "scanned"), "{}", seen.text);
        assert_eq!((seen.cell("ID", 1), seen.cell("Fødselsnummer", 1)), (Some("1"), Some("15814599999")));
        assert_eq!((seen.cell("NAVN", 1), seen.cell("Fødselsnummer", 2)), (Some("Åse"), Some("15814599998")));
        let name = seen.cell("NAVN", 2).unwrap();
        assert!(name.starts_with("Per  ") && name.ends_with("Vik"), "{name}");
        assert_eq!((seen.cell("ID", 2), seen.cell("ID", 3)), (None, Some("-20.5")));
        for text in ["Fødselsnummer", "nokså of", "Notat"] {
            assert!(seen.text.contains(text), "{text}");
        }
    }

    #[test]
    fn numbers_are_to_the_base_of_30() {
        for (signs, value) in [("1", 1.0), ("10", 30.0), ("-K.F", -20.5), ("1+2", 900.0), ("F-1", 0.5), ("LNPH14Q", 15_888_610_046.0)] {
            assert!((value_of(signs.as_bytes()).unwrap() - value).abs() < 1e-6, "{signs} {:?}", value_of(signs.as_bytes()));
        }
        for signs in ["", "U", "1+U", "1+TTTTTTTTT"] {
            assert_eq!(value_of(signs.as_bytes()), None, "{signs}");
        }
    }

    #[test]
    fn cut_and_broken_files_are_told() {
        let whole = file(RECORDS);
        for length in 500..whole.len() - 20 {
            let seen = read("a.por", &whole[..length]);
            assert!(seen[0].ending().ends_with("malformed"), "{length} {}", seen[0].ending());
        }
        assert_eq!(read("a.por", &file("X"))[0].ending(), "failed malformed");
        assert_eq!(read("a.por", &file("79999999/"))[0].ending(), "failed malformed");
    }
}
