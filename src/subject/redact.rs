//! What of a document one person may be given: their own rows of a table, and text in which what names
//! others is masked.
//!
//! Only what the detectors find can be masked. A person named by a first name or by a description is
//! not found, so somebody reads each text before it is handed out.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;

use crate::classify::names_its_owner;
use crate::model::{Candidate, Category, Confidence};

/// Detectors whose value names a person, so that it tells whether a document is about others too.
pub(super) const NAMING: [&str; 8] = [
    "dk-cpr",
    "email",
    "fi-hetu",
    "fodselsnummer",
    "is-kennitala",
    "name",
    "phone",
    "se-personnummer",
];

/// A document's text as a reader gave it, with what was found in it.
pub struct Document<'a> {
    /// The text over all pieces.
    pub text: &'a str,
    /// Rows of tables as stretches of the text, in order; none where there is no table.
    pub rows: &'a [Row],
    /// Everything that was found, at every level, by start.
    pub hits: &'a [Candidate],
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// The cells: the column's name, and the cell's bytes in the text.
    pub cells: Vec<(String, Range<usize>)>,
}

/// What the person may be given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The text without others' rows, with others' data masked.
    pub text: String,
    /// How many values were masked.
    pub masked: usize,
    /// How many rows of others were left out.
    pub left_out: usize,
    /// Whether anything in the document names somebody else.
    pub others: bool,
    /// The person's values.
    pub values: Vec<Value>,
    /// The person's rows, cell by cell, without others' values.
    pub rows: Vec<Vec<(String, String)>>,
}

/// A value of the person as it stands in the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Value {
    /// Id of the detector.
    pub kind: String,
    /// The text.
    pub value: String,
}

/// Takes out of a document what is one person's. `is_own` says whether a value is; `word` names a
/// detector where a value is masked.
#[must_use]
pub fn own(
    document: &Document<'_>,
    is_own: &dyn Fn(&Candidate) -> bool,
    word: &dyn Fn(&str) -> String,
) -> Own {
    let mut taken = Own {
        others: document
            .hits
            .iter()
            .any(|hit| names_another(hit, is_own) && !in_own_address(hit, document, is_own)),
        ..Own::default()
    };
    let mine: Vec<Range<usize>> = document
        .hits
        .iter()
        .filter(|hit| is_own(hit))
        .filter_map(span)
        .collect();
    taken.values = values(document, is_own);
    // Where nobody else is named, all in the document is the person's.
    let hidden: Vec<(Range<usize>, &str)> = document
        .hits
        .iter()
        .filter(|hit| taken.others && !is_own(hit) && hit.kind.category != Category::NotPersonal)
        .filter_map(|hit| Some((span(hit)?, hit.kind.detector)))
        .filter(|(at, _)| {
            !mine
                .iter()
                .any(|own| own.start <= at.start && at.end <= own.end)
        })
        .collect();
    let kept: Vec<&Row> = document
        .rows
        .iter()
        .filter(|row| !taken.others || mine.iter().any(|own| touches(&row.span, own)))
        .collect();
    taken.left_out = document.rows.len() - kept.len();
    // In the person's own row an address or a day of birth is the person's.
    let in_row = |at: &Range<usize>, detector: &str| {
        !NAMING.contains(&detector) && kept.iter().any(|row| touches(&row.span, at))
    };
    let hidden = hidden
        .into_iter()
        .filter(|(at, detector)| !in_row(at, detector));
    let hidden: Vec<(Range<usize>, &str)> = hidden.collect();
    let mut masker = Masker {
        text: document.text,
        hidden: &hidden,
        word,
        masked: BTreeSet::new(),
    };
    if document.rows.is_empty() {
        taken.text = masker.masked(0..document.text.len());
    }
    for row in kept {
        if !taken.text.is_empty() && !taken.text.ends_with('\n') {
            taken.text.push('\n');
        }
        taken.text.push_str(&masker.masked(row.span.clone()));
        let cells = row.cells.iter();
        let cells = cells.map(|(name, at)| (name.clone(), masker.masked(at.clone())));
        taken.rows.push(cells.collect());
    }
    taken.masked = masker.masked.len();
    taken
}

/// Whether the hit is the name within one of the person's own addresses.
fn in_own_address(
    hit: &Candidate,
    document: &Document<'_>,
    is_own: &dyn Fn(&Candidate) -> bool,
) -> bool {
    let mut own = document.hits.iter().filter(|other| is_own(other));
    own.any(|address| names_its_owner(hit, address))
}

fn names_another(hit: &Candidate, is_own: &dyn Fn(&Candidate) -> bool) -> bool {
    let naming = NAMING.contains(&hit.kind.detector) && hit.kind.kind != "role";
    naming && hit.confidence >= Confidence::Medium && !is_own(hit)
}

fn values(document: &Document<'_>, is_own: &dyn Fn(&Candidate) -> bool) -> Vec<Value> {
    let own = document.hits.iter().filter(|hit| is_own(hit));
    let values = own.filter_map(|hit| {
        Some(Value {
            kind: hit.kind.detector.to_owned(),
            value: document.text.get(span(hit)?)?.to_owned(),
        })
    });
    let values: BTreeSet<Value> = values.collect();
    values.into_iter().collect()
}

fn span(hit: &Candidate) -> Option<Range<usize>> {
    Some(usize::try_from(hit.start).ok()?..usize::try_from(hit.end).ok()?)
}

fn touches(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

struct Masker<'a> {
    text: &'a str,
    hidden: &'a [(Range<usize>, &'a str)],
    word: &'a dyn Fn(&str) -> String,
    /// Starts of what was masked: a cell is masked with its row and once more alone.
    masked: BTreeSet<usize>,
}

impl Masker<'_> {
    /// A stretch of the text with what is hidden replaced by a word for it.
    fn masked(&mut self, stretch: Range<usize>) -> String {
        let mut shown = String::new();
        let mut at = stretch.start;
        for (hidden, detector) in self.hidden {
            if hidden.end <= at || hidden.start >= stretch.end {
                continue;
            }
            let start = hidden.start.max(at);
            shown.push_str(self.text.get(at..start).unwrap_or_default());
            shown.push('[');
            shown.push_str(&(self.word)(detector));
            shown.push(']');
            self.masked.insert(hidden.start);
            at = hidden.end;
        }
        if at < stretch.end {
            shown.push_str(self.text.get(at..stretch.end).unwrap_or_default());
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Scanner;
    use crate::model::DigestKey;

    fn hits(text: &str) -> Vec<Candidate> {
        let scanner = Scanner::new(DigestKey::new([7; 16]), [].into());
        crate::examine::hits(&scanner, text)
    }

    const KARI: &str = "kari.testesen@firma.example";

    fn taken(text: &str, rows: &[Row]) -> Own {
        let own_digests: Vec<u64> = hits(KARI)
            .iter()
            .filter(|hit| hit.kind.detector == "email")
            .map(|hit| hit.digest)
            .collect();
        let hits = hits(text);
        let document = Document {
            text,
            rows,
            hits: &hits,
        };
        own(
            &document,
            &|hit| hit.kind.detector == "email" && own_digests.contains(&hit.digest),
            &str::to_owned,
        )
    }

    #[test]
    fn a_document_about_nobody_else_stays_as_it_is() {
        let text = "E-post: kari.testesen@firma.example\nFødselsdato: 1. mai 1990\n";
        let taken = taken(text, &[]);
        assert!(!taken.others);
        assert_eq!((taken.text.as_str(), taken.masked), (text, 0));
        assert_eq!(taken.values[0].value, KARI);
    }

    #[test]
    fn what_names_others_is_masked_and_the_persons_own_is_not() {
        let taken = taken(
            "Til kari.testesen@firma.example, kopi ola.provesen@annen.example, tlf. 21 00 98 76\n",
            &[],
        );
        assert!(taken.others);
        assert!(taken.text.contains(KARI), "{}", taken.text);
        assert!(taken.text.contains("[email]"), "{}", taken.text);
        assert!(!taken.text.contains("provesen"), "{}", taken.text);
        assert!(!taken.text.contains("98 76"), "{}", taken.text);
        assert!(taken.masked >= 2);
    }

    #[test]
    fn of_a_table_only_the_persons_rows_are_given() {
        let text = "kari.testesen@firma.example\t1\nola.provesen@annen.example\t2\n";
        let row = |start: usize, end: usize, cut: usize| Row {
            span: start..end,
            cells: vec![
                ("e-post".to_owned(), start..cut),
                ("nr".to_owned(), cut + 1..end),
            ],
        };
        let rows = [row(0, 29, 27), row(30, 58, 56)];
        let taken = taken(text, &rows);
        assert_eq!(taken.left_out, 1);
        assert_eq!(taken.rows[0][0], ("e-post".to_owned(), KARI.to_owned()));
        assert_eq!(taken.rows[0][1].1, "1");
        assert!(!taken.text.contains("provesen"));
    }
}
