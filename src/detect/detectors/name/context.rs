//! What stands around a possible name: labels and sign-offs that announce one, and words that make
//! a street, a company, a ship or an institution of it.

use std::ops::Range;

use super::column;
use super::words;

/// Bytes before and after a name that are looked at.
const REACH: usize = 200;

/// The text that may be looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) text: &'a str,
}

impl<'a> Scope<'a> {
    /// What stands before `at`, as far as it matters.
    pub(super) fn before(&self, at: usize) -> &'a str {
        let begin = self.text.ceil_char_boundary(at.saturating_sub(REACH));
        self.text.get(begin..at).unwrap_or_default()
    }

    /// What stands after `at`, as far as it matters.
    pub(super) fn after(&self, at: usize) -> &'a str {
        let end = self.text.floor_char_boundary(at.saturating_add(REACH));
        self.text.get(at..end).unwrap_or_default()
    }
}

/// Words that announce a person when a colon or an equals sign follows.
const LABELS: [&str; 74] = [
    "navn", "namn", "name", "fornavn", "førenamn", "etternavn", "etternamn", "mellomnavn",
    "søker", "søkjar", "søkar", "applicant", "kandidat", "candidate", "referanse", "reference",
    "referent", "kontakt", "kontaktperson", "contact", "ansatt", "tilsett", "employee", "leder",
    "leiar", "manager", "saksbehandler", "saksbehandlar", "saksøker", "saksøkt", "far", "mor",
    "mother", "father", "barn", "pasient", "patient", "elev", "student", "foresatt", "føresett",
    "pårørende", "pårørande", "fra", "frå", "til", "from", "att", "attn", "innehaver",
    "ansvarlig", "ansvarleg", "medlem", "ektefelle", "samboer", "sambuar", "verge", "verje", "vitne",
    "møteleder", "møteleiar", "ordstyrer", "ordstyrar", "underskrift", "rektor", "lærer", "lærar",
    "kontaktlærer", "lege", "fastlege", "behandler", "klient", "leietaker", "deltaker",
];
/// Words that a letter begins with; the name follows without a mark.
const GREETINGS: [&str; 8] = [
    "hei", "heisann", "hallo", "kjære", "dear", "hi", "hello", "hilsen",
];
/// Forms of address, with or without a full stop.
const ADDRESSES: [&str; 10] = [
    "mr", "mrs", "ms", "dr", "prof", "herr", "hr", "fru", "frk", "frøken",
];
/// Ends of a letter, as the last word of the line before the name.
const SIGN_OFFS: [&str; 10] = [
    "hilsen", "hilsing", "helsing", "mvh", "vh", "hilsener", "regards", "sincerely", "faithfully",
    "wishes",
];
/// Words after a name that make it a place, a street or an institution.
const MADE_PLACES: [&str; 56] = [
    "gate", "gata", "gaten", "gt", "vei", "veien", "veg", "vegen", "plass", "plassen", "allé",
    "alle", "terrasse", "bakke", "tun", "torg", "torv", "kai", "bru", "bro", "park", "kirke",
    "kyrkje", "skole", "skule", "barnehage", "kommune", "kommunes", "fylke", "stadion", "sykehus",
    "sjukehus", "sykehjem", "universitet", "høgskole", "museum", "hotell", "street", "road",
    "avenue", "airport", "lufthavn", "senter", "forlag", "kapell", "barneskole", "barneskule",
    "ungdomsskole", "ungdomsskule", "vgs", "sjukeheim", "legesenter", "legekontor", "minnefond", "videregående", "vidaregåande",
];
/// Words before a name that make it a ship or a saint's place.
const NAMED_THINGS: [&str; 40] = [
    "hurtigruta", "hurtigruten", "skipet", "båten", "ferja", "ferga", "fergen", "knm", "ms", "mf",
    "ss", "mv", "sankt", "skonnerten", "skonnert", "skuta", "skute", "seilskuta", "briggen", "barken",
    "tråleren", "trålaren", "fregatten", "galeasen", "yachten", "fartøyet", "vessel", "camp", "villa",
    "hotell", "hotel", "restaurant", "restauranten", "kafé", "kafeen", "puben", "galleri", "galleriet",
    "galerie", "klasserommet",
];
/// Endings of words for ships: `redningsskøyta Elias`.
const SHIPS: [&str; 12] = [
    "skipet", "skip", "båten", "båt", "ferja", "ferjen", "ferga", "fergen", "skøyta", "skøyten", "skuta",
    "fartøy",
];
/// Titles that ships bear with a name.
const TITLES: [&str; 7] = ["Kong", "Dronning", "Prins", "Prinsesse", "Kronprins", "King", "Queen"];
/// Forms of companies.
const COMPANIES: [&str; 22] = [
    "AS", "ASA", "A/S", "ANS", "DA", "BA", "KS", "SA", "NUF", "AB", "ApS", "Ltd", "LTD", "Inc",
    "LLC", "GmbH", "Corp", "Oy", "Oyj", "plc", "PLC", "Co",
];
/// Bytes of the longest label.
const MAX_LABEL: usize = 60;
/// Bytes after a name in which the form of a company is looked for.
const COMPANY_REACH: usize = 60;

/// Whether it is a greeting or a form of address, after which a name comes, rather than a name.
pub(super) fn is_address(lower: &str) -> bool {
    GREETINGS.contains(&lower) || ADDRESSES.contains(&lower)
}

/// Whether a word in lower case begins or ends a letter, so that a name comes.
pub(super) fn is_greeting(lower: &str) -> bool {
    GREETINGS.contains(&lower) || SIGN_OFFS.contains(&lower)
}

/// Whether something right before a word says that a person comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Announced {
    /// Nothing does.
    No,
    /// A label that companies and offices follow too, a greeting, or a sign-off.
    Perhaps,
    /// A label that only names follow.
    Surely,
}

/// Whether the word is a label of persons by itself: `Pasient`, `Søker`.
pub(super) fn is_label(word: &str) -> bool {
    LABELS.contains(&words::lowered(word).as_str())
}

/// What a label, a key, a tag or a sign-off right before `at` announces.
pub(super) fn announced(scope: &Scope<'_>, at: usize) -> Announced {
    let before = scope.before(at);
    let spaced = before.trim_end_matches([' ', '\u{a0}', '"', '\'', '\t']);
    if let Some(key) = spaced.strip_suffix([':', '=', '>']) {
        let key = key.trim_end_matches([' ', '"', '\'']);
        let line = key.rsplit(['\n', '<', ',', ';', '&', '?', '{', '\t']).next();
        return label(line.unwrap_or_default());
    }
    let (word, mark) = words::word_before(before);
    if matches!(mark, ' ' | '.') && ADDRESSES.contains(&words::lowered(word).as_str()) {
        return Announced::Perhaps;
    }
    let lines = spaced.strip_suffix('\n').map(str::trim_end);
    match lines.and_then(|lines| lines.rsplit('\n').next()) {
        Some(line) if is_sign_off(line) => Announced::Perhaps,
        Some(_) | None => Announced::No,
    }
}

fn label(key: &str) -> Announced {
    if key.len() > MAX_LABEL {
        return Announced::No;
    }
    if column::of(key) == column::Column::Names {
        return Announced::Surely;
    }
    let words = key.split_whitespace().count();
    let lower = words::lowered(words::word_before(key).0);
    if words <= 3 && LABELS.contains(&lower.as_str()) {
        Announced::Perhaps
    } else {
        Announced::No
    }
}

fn is_sign_off(line: &str) -> bool {
    let line = line.trim_end_matches([',', '.', '!', ' ', '\r']);
    let last = words::lowered(words::word_before(line).0);
    line.split_whitespace().count() <= 4 && SIGN_OFFS.contains(&last.as_str())
}

/// Bytes of the apostrophe that makes a genitive of the name in `span`: `Paulus' brev`. One that closes
/// what another one on the line opened is none.
pub(super) fn genitive_mark(scope: &Scope<'_>, span: &Range<usize>) -> usize {
    let marks = ['\'', '’', '‘'];
    let name = scope.text.get(span.clone()).unwrap_or_default();
    let after = scope.after(span.end);
    let Some(rest) = after.strip_prefix(['\'', '’']).filter(|_| name.ends_with(['s', 'x', 'z'])) else {
        return 0;
    };
    let goes_on = rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase));
    let line = scope.before(span.start).rsplit('\n').next().unwrap_or_default();
    if goes_on && !line.contains(marks) { after.len() - rest.len() } else { 0 }
}

/// What the words around a name make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// Nothing: it may be a person.
    Nothing,
    /// A company that bears a name.
    Company,
    /// A street, an institution, a ship.
    Thing,
}

/// What the words around the name from `start` to `end` make of it.
pub(super) fn made(scope: &Scope<'_>, start: usize, end: usize) -> Made {
    let start = without_title(scope, start);
    let (before, mark) = words::word_before(scope.before(start));
    let ship = scope.before(start).trim_end().ends_with(['/', '.']) && before.len() <= 3;
    let named = names_thing(before, mark);
    let saint = matches!(before, "St" | "S" | "M" | "F") && mark != ' ';
    let mut inside = scope.text.get(start..end).unwrap_or_default().split(' ');
    let leads = inside.next().is_some_and(|word| {
        word.len() >= 4 && NAMED_THINGS.contains(&words::lowered(word).as_str())
    });
    if leads && inside.next().is_some() {
        return Made::Thing;
    }
    if named || (ship && saint) || follows_ship(scope.before(start)) {
        return Made::Thing;
    }
    let (after, mark) = words::word_after(scope.after(end));
    if mark == ' ' && MADE_PLACES.contains(&after.to_lowercase().as_str()) {
        return Made::Thing;
    }
    let within = scope.text.get(start..end).and_then(|name| name.rsplit(' ').next());
    if within.is_some_and(|last| COMPANIES.contains(&last))
        || scope.before(start).ends_with("& ")
        || is_company(scope.after(end))
    {
        return Made::Company;
    }
    Made::Nothing
}

/// Whether the word before a name, with this mark between, makes a ship or a house of it: `ferja «Ivar Aasen»`.
fn names_thing(before: &str, mark: char) -> bool {
    let lower = words::lowered(before);
    let ship = || SHIPS.iter().any(|ship| lower.len() > ship.len() && lower.ends_with(ship));
    match mark {
        ' ' => NAMED_THINGS.contains(&lower.as_str()) || ship(),
        '«' | '"' | '“' | '\'' => lower.len() > 3 && NAMED_THINGS.contains(&lower.as_str()) || ship(),
        _ => false,
    }
}

/// Where a title begins that stands right before `start`, or `start`.
fn without_title(scope: &Scope<'_>, start: usize) -> usize {
    let before = scope.before(start).trim_end();
    let title = TITLES.iter().find(|title| before.ends_with(**title));
    title.map_or(start, |title| start - (scope.before(start).len() - before.len()) - title.len())
}

fn follows_ship(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '«', '"']);
    let of_ship = |form: &str| {
        let rest = before.strip_suffix(form);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    ["M/S", "M/F", "S/S", "M/K", "D/S", "M/Y", "MS", "MF", "MY", "MV"].into_iter().any(of_ship)
}

/// Whether only capitalised words, `og`, `&` and the like stand between here and the form of a
/// company.
fn is_company(after: &str) -> bool {
    let line = after.split(['\n', ';', ',', '(']).next().unwrap_or_default();
    // `Johs. Olsen AS`
    let line = line.strip_prefix(". ").unwrap_or(line);
    let mut spent = 0;
    for word in line.split_whitespace() {
        spent += word.len() + 1;
        let bare = word.trim_end_matches(['.', ':']);
        if COMPANIES.contains(&bare) {
            return true;
        }
        let joins = matches!(word, "og" | "&" | "and" | "+" | "i");
        let named = word.starts_with(char::is_uppercase) && !word.ends_with('.');
        if spent > COMPANY_REACH || !(joins || named) {
            return false;
        }
        if word == "&" {
            return true;
        }
    }
    false
}
