//! Hiring rounds and their applicants, as HR writes them down, and whom objects are about by that.
//!
//! A list is a table with a header: `rounds.csv`, or what a recruitment system exports. It holds names
//! and addresses, so nobody in it can be printed with `{:?}`, and complaints name lines, never values.
//! What is found out of objects by it ([`People`]) holds ids alone; what follows is for rules to say.

mod alike;
mod attributed;
mod candidate;
mod headers;
mod outcome;
mod people;
mod values;

use jiff::civil::Date;

pub use attributed::{Attributed, Attribution, Matched, Nobody};
use headers::{COLUMNS, Column};
pub use outcome::{Outcome, OwnWord};
pub use people::People;

/// Rows above the header in which an export may say what it is.
const ABOVE_HEADER: usize = 20;

const NO_OUTCOME: &str = "the outcome is none of `hired`, `interviewed`, `rejected`, `withdrawn`: say what \
                          the word means with `--outcome WORD=rejected`";

/// One applicant of one round.
#[derive(Clone)]
pub struct Applicant {
    /// Id of the round.
    pub process: String,
    /// Title of the round.
    pub title: String,
    /// The day the round was closed.
    pub closed_on: Option<Date>,
    /// Internal id of the person.
    pub subject: String,
    /// Name.
    pub name: String,
    /// Address of electronic mail.
    pub email: String,
    /// Phone number.
    pub phone: String,
    /// Day of birth.
    pub birth_date: Option<Date>,
    /// Identity number.
    pub number: String,
    /// What became of the application.
    pub outcome: Outcome,
    /// Until when the person agreed to be kept.
    pub consent_until: Option<Date>,
}

/// What a list holds for the rows that do not say it.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// Id of the round.
    pub process: Option<String>,
    /// Title of the round.
    pub title: Option<String>,
    /// The day it was closed.
    pub closed_on: Option<Date>,
    /// What the list's own words for outcomes mean.
    pub outcomes: Vec<OwnWord>,
}

/// A list that was read.
#[derive(Clone, Default)]
pub struct List {
    /// The applicants.
    pub applicants: Vec<Applicant>,
    /// Rows that are not understood: line in the table, from 1, and why. Those whose outcome is not are among the
    /// applicants all the same, as [`Outcome::Unknown`].
    pub refused: Vec<(usize, String)>,
}

/// Reads the rows of a table. The header is the first row, or stands below a title.
///
/// # Errors
/// A sentence where the header lacks a column without which nobody can be told apart.
pub fn parse(rows: &[Vec<String>], defaults: &Defaults) -> Result<List, String> {
    let above = rows.iter().take(ABOVE_HEADER);
    let above = above.take_while(|row| !is_header(row)).count();
    let above = if above == rows.len().min(ABOVE_HEADER) {
        0
    } else {
        above
    };
    let Some((header, rows)) = rows.get(above..).and_then(<[_]>::split_first) else {
        return Err("the list is empty".to_owned());
    };
    let columns: Vec<Option<Column>> = header.iter().map(|name| Column::of(name)).collect();
    check(&columns, defaults)?;
    let mut list = List::default();
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let line = above + at + 2;
        if row.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        match applicant(&columns, row, defaults, list.applicants.len() + 1) {
            Ok((applicant, doubt)) => {
                list.applicants.push(applicant);
                lines.push(line);
                list.refused.extend(doubt.map(|why| (line, why)));
            }
            Err(why) => list.refused.push((line, why)),
        }
    }
    doubt_contradictions(&mut list, &lines);
    Ok(list)
}

/// Whether a row names columns: who it is about, and something else of them.
fn is_header(row: &[String]) -> bool {
    let known = |name: &String| Column::of(name);
    let named = |column: &Column| matches!(column, Column::Name | Column::LastName);
    let columns: Vec<Column> = row.iter().filter_map(known).collect();
    columns.iter().any(named) && columns.iter().any(|column| !named(column))
}

/// Whether the columns suffice.
fn check(columns: &[Option<Column>], defaults: &Defaults) -> Result<(), String> {
    let has = |column: Column| columns.contains(&Some(column));
    let name = has(Column::Name) || has(Column::LastName);
    if !name {
        return Err("the list has no column with names (`name`, `navn`)".to_owned());
    }
    if !has(Column::Outcome) {
        return Err("the list has no column `outcome` (`utfall`, `status`)".to_owned());
    }
    let known = [
        Column::Email,
        Column::Phone,
        Column::BirthDate,
        Column::Number,
    ];
    if !known.into_iter().any(has) {
        return Err(
            "the list has names only: it needs a column `email`, `phone`, `born` or \
                    `number`, because a name alone never plans a deletion"
                .to_owned(),
        );
    }
    if !has(Column::Process) && defaults.process.is_none() {
        return Err(
            "the list does not say which round it is: a column `process`, or \
                    `--process ID`"
                .to_owned(),
        );
    }
    Ok(())
}

/// An applicant, and why the outcome is unknown where it is.
fn applicant(
    columns: &[Option<Column>],
    row: &[String],
    defaults: &Defaults,
    number: usize,
) -> Result<(Applicant, Option<String>), String> {
    let field = |wanted: Column| {
        let at = columns.iter().position(|column| *column == Some(wanted));
        let field = at.and_then(|at| row.get(at)).map(|field| field.trim());
        field.unwrap_or_default().to_owned()
    };
    let given = |wanted: Column, default: &Option<String>| {
        let given = field(wanted);
        if given.is_empty() {
            default.clone().unwrap_or_default()
        } else {
            given
        }
    };
    let date = |wanted: Column| match field(wanted) {
        text if text.is_empty() => Ok(None),
        text => day(&text)
            .map(Some)
            .ok_or("a date is not understood; write it as 2026-03-01"),
    };
    let process = given(Column::Process, &defaults.process);
    if process.is_empty() {
        return Err("no round is named".to_owned());
    }
    let both = format!("{} {}", field(Column::FirstName), field(Column::LastName));
    let name = Some(field(Column::Name)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| both.trim().to_owned());
    let subject = match field(Column::Subject) {
        subject if subject.is_empty() => format!("{process}-{number:03}"),
        subject => subject,
    };
    let outcome = OwnWord::outcome(&defaults.outcomes, &field(Column::Outcome));
    let consent = match field(Column::ConsentUntil).to_lowercase().as_str() {
        "nei" | "no" | "-" => Ok(None),
        _ => date(Column::ConsentUntil),
    };
    let doubt = match (outcome, &consent) {
        (None, _) => Some(NO_OUTCOME),
        (_, Err(_)) => Some("the day until which the person agreed to be kept is no date"),
        (Some(_), Ok(_)) => None,
    };
    let applicant = Applicant {
        title: given(Column::Title, &defaults.title),
        closed_on: date(Column::ClosedOn)?.or(defaults.closed_on),
        email: field(Column::Email),
        phone: field(Column::Phone),
        birth_date: date(Column::BirthDate)?,
        number: field(Column::Number),
        consent_until: consent.unwrap_or_default(),
        process,
        subject,
        name,
        outcome: outcome
            .filter(|_| doubt.is_none())
            .unwrap_or(Outcome::Unknown),
    };
    Ok((applicant, doubt.map(str::to_owned)))
}

/// The same applicant twice in one round with different outcomes: neither counts, because nobody knows
/// which of them is true.
fn doubt_contradictions(list: &mut List, lines: &[usize]) {
    let all = &list.applicants;
    let contradicted = |at: usize| {
        let one = all.get(at)?;
        let other = all.iter().enumerate().find(|(other, applicant)| {
            *other != at && one.outcome != applicant.outcome && one.is_same(applicant)
        });
        other.and_then(|(other, _)| lines.get(other).copied())
    };
    let found: Vec<Option<usize>> = (0..all.len()).map(contradicted).collect();
    for ((applicant, line), found) in list.applicants.iter_mut().zip(lines).zip(found) {
        let Some(other) = found else { continue };
        if applicant.outcome != Outcome::Unknown {
            applicant.outcome = Outcome::Unknown;
            let why = format!("the same applicant has another outcome in line {other}");
            list.refused.push((*line, why));
        }
    }
    list.refused.sort();
}

/// A day as `2026-03-01`, `01.03.2026` or `1.3.2026`; a time behind it does not count.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let mut parts = text.split(['.', '/']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The header of `rounds.csv`.
#[must_use]
pub fn header() -> Vec<&'static str> {
    COLUMNS.to_vec()
}

impl Applicant {
    /// Whether nothing but a name tells who it is: a name alone never plans a deletion.
    #[must_use]
    pub fn is_name_only(&self) -> bool {
        let told = [&self.email, &self.phone, &self.number];
        self.birth_date.is_none() && told.into_iter().all(|text| text.trim().is_empty())
    }

    /// Whether two rows are about one person in one round, whatever else they say.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.process == other.process && (self.subject == other.subject || self.is_person(other))
    }

    /// Whether two rows are about one person: by address, or by name and phone number.
    #[must_use]
    pub fn is_person(&self, other: &Self) -> bool {
        let equal = |a: &str, b: &str| !a.is_empty() && a.to_lowercase() == b.to_lowercase();
        let named = || equal(&self.name, &other.name) && equal(&self.phone, &other.phone);
        equal(&self.email, &other.email) || named()
    }

    /// The applicant as a row of `rounds.csv`.
    #[must_use]
    pub fn row(&self) -> Vec<String> {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        vec![
            self.process.clone(),
            self.title.clone(),
            day(self.closed_on),
            self.subject.clone(),
            self.name.clone(),
            self.email.clone(),
            self.phone.clone(),
            day(self.birth_date),
            self.number.clone(),
            self.outcome.as_str().to_owned(),
            day(self.consent_until),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| line.split(';').map(str::to_owned).collect();
        text.lines().map(row).collect()
    }

    #[test]
    fn exports_of_recruitment_systems_are_understood() {
        let list = "Fornavn;Etternavn;E-postadresse;Mobil;Født;Status;Samtykke til\n\
                    Kari;Nordmann;kari@post.example;400 00 001;01.02.1990;Avslag;\n\
                    Ola;Nordmann;ola@post.example;;;Ansatt;2027-03-05\n;;;;;;\n";
        let defaults = Defaults {
            process: Some("r1".to_owned()),
            ..Defaults::default()
        };
        let list = parse(&table(list), &defaults).unwrap();
        assert!(list.refused.is_empty());
        let [kari, ola] = list.applicants.as_slice() else {
            panic!("two applicants");
        };
        assert_eq!(
            (kari.name.as_str(), kari.outcome),
            ("Kari Nordmann", Outcome::Rejected)
        );
        assert_eq!(kari.birth_date, Some(jiff::civil::date(1990, 2, 1)));
        assert_eq!(
            (kari.subject.as_str(), ola.outcome),
            ("r1-001", Outcome::Hired)
        );
        assert_eq!(ola.consent_until, Some(jiff::civil::date(2027, 3, 5)));
        let again = [
            vec![header().into_iter().map(str::to_owned).collect()],
            vec![kari.row()],
        ]
        .concat();
        let again = parse(&again, &Defaults::default()).unwrap();
        assert_eq!(again.applicants[0].row(), kari.row());
    }

    #[test]
    fn a_list_that_lacks_what_is_needed_is_refused_in_a_sentence() {
        let why = |text: &str| parse(&table(text), &Defaults::default()).err().unwrap();
        assert!(why("").contains("empty"));
        assert!(why("process;email;outcome\n").contains("names"));
        assert!(why("process;name;email\n").contains("outcome"));
        assert!(why("process;name;outcome\n").contains("name alone"));
        assert!(why("name;email;outcome\n").contains("which round"));
    }

    #[test]
    fn a_title_above_the_header_and_headers_with_remarks_are_understood() {
        let text = "Søkerliste – rådgiver;;;\nSkrevet ut 20.04.2026;;;\n;;;\n\
                    Søknadsstatus;Navn (etternavn, fornavn);Mobilnr.;Fødselsdato (dd.mm.åååå);Samtykke\n\
                    Ikke innkalt;Nordmann, Kari;+47 400 00 001;01.02.1990;Nei\n\
                    Vurderes;Nordmann, Ola;400 00 002;;\nAvslag;Lie, Per;400 00 003;;Ja\n";
        let defaults = Defaults {
            process: Some("r1".to_owned()),
            ..Defaults::default()
        };
        let list = parse(&table(text), &defaults).unwrap();
        let lines: Vec<usize> = list.refused.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [6, 7]);
        let outcomes: Vec<Outcome> = list.applicants.iter().map(|one| one.outcome).collect();
        assert_eq!(
            outcomes,
            [Outcome::Rejected, Outcome::Unknown, Outcome::Unknown]
        );
        assert_eq!(list.applicants[0].phone, "+47 400 00 001");
    }

    #[test]
    fn the_same_applicant_with_two_outcomes_counts_for_nothing() {
        let text = "process;name;email;phone;outcome\n\
                    r;Kari;kari@post.example;1;hired\nr;K. N.;KARI@post.example;2;rejected\n\
                    r;Ola;ola@post.example;3;rejected\nr;Ola;ola@post.example;3;rejected\n\
                    r;Per;per@post.example;4;perhaps\n";
        let list = parse(&table(text), &Defaults::default()).unwrap();
        let lines: Vec<usize> = list.refused.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 6]);
        let unknown = |one: &&Applicant| one.outcome == Outcome::Unknown;
        assert_eq!(list.applicants.len(), 5);
        assert_eq!(list.applicants.iter().filter(unknown).count(), 3);
        assert!(
            list.refused
                .iter()
                .all(|(_, why)| !why.to_lowercase().contains("kari"))
        );
    }
}
