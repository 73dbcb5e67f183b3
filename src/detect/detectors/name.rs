//! Names of persons: in running text by a small linear model over lists, shapes and neighbours, in
//! tables by header, after labels and sign-offs by those.
//!
//! Not found: names in small letters in running text, and names that are written together as in
//! user names.

pub(in crate::detect) mod column;
mod context;
#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests may panic")]
mod fit;
mod score;
mod table;
#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests may panic")]
mod tests;
mod words;

use std::ops::Range;

use column::Column;
use context::{Announced, Made};
use score::{Run, Scope};
use words::{Sort, Token};

use crate::detect::gazetteer::Lists;
use crate::detect::spot::Spot;
use crate::detect::{Anchor, Anchors, Detector, DetectorInfo, Example, Hit, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

static NAME: Kind = Kind {
    detector: "name",
    kind: "name",
    category: Category::Contact,
    digested: true,
    precedence: 20,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "name",
    title: "Name of a person",
    version: 1,
    kinds: &[&NAME],
    explanation: "\
Finds names of persons in Norwegian and English text.

Each word of a run of capitalised words is weighed by a linear model: whether it is in lists of \
first names, surnames, places and common words, what its ends look like, and which words stand \
beside it. Words with enough weight that follow one another are a name. A first name with a \
surname of the lists is `high`; other names are `medium`; single words that are in a list but have \
little else to show for them are `low`.

A label (`Navn:`, `Søker:`), a key, or a sign-off (`Hilsen`) right before it makes a name `high`, \
and so does the header of a column (`Fornavn`, `Kontaktperson`). Streets, institutions and ships \
that bear a person's name are left out; in the name of a company it is `low`.

Sources: Statistics Norway, Statistics Sweden, the US Census, Norsk ordbank, GeoNames; weights \
fitted to NorNE.",
    examples: &[
        Example {
            text: "Møtet ble ledet av Kari Hansen i går.",
            found: "Kari Hansen",
            kind: "name",
            confidence: Confidence::High,
        },
        Example {
            text: "Navn: Tone Merete Vassdalsvik\nTelefon: 912 34 567",
            found: "Tone Merete Vassdalsvik",
            kind: "name",
            confidence: Confidence::High,
        },
        Example {
            text: "Med vennlig hilsen\nTrude Hegstad Myhrvold\nSeniorrådgiver",
            found: "Trude Hegstad Myhrvold",
            kind: "name",
            confidence: Confidence::High,
        },
        Example {
            text: "Til stede: Aasgård, Terje; Øverbø, Grete",
            found: "Aasgård, Terje",
            kind: "name",
            confidence: Confidence::High,
        },
    ],
    counter_examples: &[
        "Bussen stopper i Carl Berners plass og Sven Oftedals vei.",
        "Toget går fra Kristiansand til Arendal via Nelaug.",
        "Vi møtes i mai eller juni, senest fredag 12. august.",
        "Olsen Bygg og Anlegg AS, org.nr. 987 654 321",
        "Regjeringen støttet forslaget. Høyre stemte mot.",
    ],
    reach: 256,
};

/// Log odds (in weight units) from which a word is part of a name.
const IN: i32 = 0;
/// Log odds from which a word beside a sure one is part of the name too.
const BESIDE: i32 = -64;
/// Log odds from which a word lends its neighbours weight.
const SURE: i32 = 12;
/// Log odds from which a single word is a name without more.
const ALONE: i32 = 6;
/// Log odds from which a single word that is in no list of names is one.
const ALONE_UNLISTED: i32 = 36;
/// Log odds from which a word of a list is worth mentioning at `low`.
const MENTION: i32 = -60;
/// Mean log odds from which a first name with a surname is certain.
const CERTAIN: i32 = 24;

/// The detector.
pub(crate) const DETECTOR: Name = Name;

/// Finds names of persons.
#[derive(Debug)]
pub(crate) struct Name;

impl Detector for Name {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::CAPITAL.and(Anchors::CELL)
    }

    fn verify(&self, anchor: &Anchor, window: &Window<'_>, hits: &mut Vec<Hit>) {
        if let Anchor::Capital { start, spot, .. } = *anchor {
            in_text(window, start, spot, hits);
        } else if let Anchor::Cell(spot) = *anchor {
            hits.extend(table::cell_at(window, spot));
        }
    }
}

/// A name as it was put together, before its level is settled.
struct Found {
    tokens: Vec<Token>,
    span: Range<usize>,
    /// Mean log odds in weight units.
    score: i32,
    /// Whether it is written with the surname first and a comma.
    surname_first: bool,
}

fn in_text(window: &Window<'_>, start: usize, spot: Spot, hits: &mut Vec<Hit>) {
    let text = window.text;
    let mut scope = Scope {
        text,
        begin: 0,
        end: text.len(),
    };
    let cell = table::cell_of(window, spot);
    if let Some(cell) = cell {
        let header = spot.names;
        let settled = matches!(header, Column::Names | Column::Other);
        if settled || (header == Column::Perhaps && table::in_cell(text, cell, header).is_some()) {
            return;
        }
        (scope.begin, scope.end) = table::bounds(cell, text);
    }
    let Some(mut run) = Run::around(scope, start) else {
        return;
    };
    if run.is_alone() && !run.anchored().is_some_and(bears_a_name) {
        return;
    }
    let greeted = run.previous().is_some_and(|token| context::is_address(&token.lower));
    let announced = context::announced(&scope, start);
    let announced = if greeted { announced.max(Announced::Perhaps) } else { announced };
    let hit = match surname_first(&scope, &run) {
        Some(found) => Some(found),
        None => together(&mut run, announced),
    };
    let Some(found) = hit else { return };
    let made = context::made(&scope, found.span.start, found.span.end);
    if let Some((confidence, evidence)) = level(&found, announced, made) {
        let whole = cell.is_some_and(|cell| table::fills(&found.span, cell, text));
        hits.push(Hit {
            kind: &NAME,
            confidence,
            evidence: evidence.with_if(whole, Evidence::WholeCell),
            canonical: Some(canonical(text, &found)),
            span: found.span,
        });
    }
}

/// The words from the anchor on that are a name together; `None` where the anchor is inside one, or
/// nothing is.
fn together(run: &mut Run<'_>, announced: Announced) -> Option<Found> {
    let first = run.anchor();
    if run.anchored().is_none_or(|token| context::is_address(&token.lower)) {
        return None;
    }
    let joins = |run: &Run<'_>, at: usize| {
        let token = run.tokens().get(at);
        token.is_some_and(|token| match announced {
            Announced::No => false,
            Announced::Perhaps => bears_a_name(token) && token.sort != Sort::Place,
            Announced::Surely => bears_a_name(token),
        })
    };
    let begins = is_inside(run, first);
    if begins && first > 0 && announced == Announced::No && is_inside(run, first - 1) {
        return None;
    }
    let mut after = first + 1;
    if begins || joins(run, first) {
        while is_inside(run, after) || joins(run, after) {
            after += 1;
        }
    }
    found(run, first..after)
}

/// Whether a word is part of a name: by itself, or beside a word that is one.
fn is_inside(run: &mut Run<'_>, at: usize) -> bool {
    let Some(own) = run.score(at) else {
        return false;
    };
    let sure = |score: Option<i32>| score.is_some_and(|score| score >= SURE);
    own >= IN
        || own >= BESIDE
            && (sure(run.score(at + 1)) || at.checked_sub(1).is_some_and(|at| sure(run.score(at))))
}

fn found(run: &mut Run<'_>, range: Range<usize>) -> Option<Found> {
    let sum: i32 = range.clone().filter_map(|at| run.score(at)).sum();
    let tokens = run.tokens().get(range)?.to_vec();
    Some(Found {
        span: tokens.first()?.start..tokens.last()?.end,
        score: sum / i32::try_from(tokens.len()).unwrap_or(1),
        tokens,
        surname_first: false,
    })
}

/// Whether the word can stand for a person, which common words, abbreviations and initials alone
/// cannot.
fn bears_a_name(token: &Token) -> bool {
    match token.sort {
        Sort::Initial | Sort::Acronym | Sort::Derived | Sort::Word | Sort::EnglishWord => false,
        Sort::FirstOrLast
        | Sort::First
        | Sort::FirstOrWord
        | Sort::Last
        | Sort::LastOrWord
        | Sort::LastOrPlace
        | Sort::ForeignFirst
        | Sort::RareFirst
        | Sort::ForeignLast
        | Sort::ForeignOrWord
        | Sort::Place
        | Sort::Unknown => true,
    }
}

/// `Aasgård, Terje` as an item of a list or on its own line.
fn surname_first(scope: &Scope<'_>, run: &Run<'_>) -> Option<Found> {
    let surname = run.tokens().get(run.anchor()..)?;
    let [token] = surname else { return None };
    if run.anchor() > 0 || !is_surname(token) {
        return None;
    }
    let before = scope.before(token.start).trim_end_matches([' ', '"']);
    let begins = before.is_empty() || before.ends_with(['\n', ';', ':', '\t', '|', '(', '•']);
    scope.after(token.end).strip_prefix(", ")?;
    let begin = token.end + 2;
    let given = Run::around(Scope { begin, ..*scope }, begin)?;
    let is_given = |token: &Token| token.lists.meets(Lists::ANY_FIRST) || token.sort == Sort::Initial;
    let names = given.tokens();
    let end = names.last()?.end;
    let after = scope.after(end).trim_start_matches([' ', '"']);
    let ends = after.is_empty() || after.starts_with(['\n', '\r', ';', '\t', '|', ')', '–', '<', '-']);
    let fits = begins && ends && names.len() <= 3 && names.first().is_some_and(is_given);
    fits.then(|| Found {
        tokens: surname.to_vec(),
        span: token.start..end,
        score: CERTAIN,
        surname_first: true,
    })
}

fn is_surname(token: &Token) -> bool {
    let first = token.lists.meets(Lists::FIRST_COMMON);
    let plain = matches!(token.sort, Sort::Word | Sort::EnglishWord | Sort::Acronym);
    !first && !plain && token.sort != Sort::Initial && token.sort != Sort::Place
}

/// The level and the reasons; `None` where it is no name after all.
fn level(found: &Found, announced: Announced, made: Made) -> Option<(Confidence, EvidenceSet)> {
    let any = |list| found.tokens.iter().any(|token| token.lists.meets(list));
    let (first, last) = (any(Lists::ANY_FIRST), any(Lists::ANY_LAST));
    let labelled = announced > Announced::No;
    let evidence = EvidenceSet::EMPTY
        .with_if(first, Evidence::FirstName)
        .with_if(last, Evidence::Surname)
        .with_if(found.score >= IN, Evidence::NameShape)
        .with_if(labelled, Evidence::Label);
    if !found.tokens.iter().any(bears_a_name) {
        return None;
    }
    let several = found.tokens.len() > 1;
    let confidence = match made {
        Made::Company if several || first => Confidence::Low,
        Made::Company | Made::Thing => return None,
        Made::Nothing if found.surname_first => Confidence::High,
        Made::Nothing if labelled && (first || last) => Confidence::High,
        Made::Nothing if several && first && found.score >= CERTAIN => Confidence::High,
        Made::Nothing if several && found.score >= IN => Confidence::Medium,
        Made::Nothing if announced == Announced::Surely => Confidence::Medium,
        Made::Nothing if labelled && found.score >= MENTION => Confidence::Medium,
        Made::Nothing => return alone(found, first || last).map(|level| (level, evidence)),
    };
    Some((confidence, evidence))
}

fn alone(found: &Found, listed: bool) -> Option<Confidence> {
    let common = found.tokens.iter().any(|token| token.sort == Sort::ForeignOrWord);
    let needed = if listed && !common { ALONE } else { ALONE_UNLISTED };
    if found.score >= needed {
        return Some(Confidence::Medium);
    }
    (listed && found.score >= MENTION).then_some(Confidence::Low)
}

/// Lower case, composed, single spaces, first names first, without a genitive s.
fn canonical(text: &str, found: &Found) -> String {
    let span = text.get(found.span.clone()).unwrap_or_default();
    let mut canonical = in_order(span);
    if found.tokens.last().is_some_and(|token| token.genitive) {
        canonical.truncate(canonical.trim_end_matches(['s', '\'', '’']).len());
    }
    canonical
}

fn in_order(name: &str) -> String {
    let ordered = match name.split_once(',') {
        Some((last, first)) => format!("{first} {last}"),
        None => name.replace('_', " "),
    };
    let words = ordered.split_whitespace().map(words::lowered);
    words.collect::<Vec<_>>().join(" ")
}
