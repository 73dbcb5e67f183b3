//! What a day of deletion was counted from, as data for plans. The words for readers are in `words`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::step::{Basis, Step};
use crate::model::DateSource;
use crate::policy::document_date::document_date;
use crate::policy::facts::Facts;

/// One rule's count: from what, how long, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Id of the rule.
    pub rule: String,
    /// The event that it counts from; none where it counts from the document's own date.
    pub event: Option<GroundEvent>,
    /// The period, such as `P6M`.
    pub period: String,
    /// Where the number comes from: `policy`, `statute`, `assumption:A2`, …
    pub source: String,
    /// The day of deletion.
    pub on: Date,
}

/// A row of the register that a period counts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundEvent {
    /// Type, such as `hiring_round_closed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The day it became true.
    pub on: Date,
    /// Id of the row.
    pub id: String,
}

/// The days a document may be from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDay {
    /// The first; none where only an upper bound is known.
    pub first: Option<Date>,
    /// The last.
    pub last: Date,
    /// Where the date comes from, such as `mail` or `mtime`.
    pub source: String,
}

/// The counts among the steps of a judgement, each once, the earliest day first.
pub(super) fn grounds(steps: &[Step]) -> Vec<Ground> {
    let mut grounds: Vec<Ground> = Vec::new();
    for step in steps {
        let Step::Due {
            rule,
            basis,
            period,
            source,
            on,
        } = step
        else {
            continue;
        };
        let event = match basis {
            Basis::Event { kind, on, id } => Some(GroundEvent {
                kind: kind.clone(),
                on: *on,
                id: id.clone(),
            }),
            Basis::Document(_) | Basis::FiscalYear { .. } => None,
        };
        let ground = Ground {
            rule: rule.clone(),
            event,
            period: period.to_string(),
            source: source.clone(),
            on: *on,
        };
        if !grounds.contains(&ground) {
            grounds.push(ground);
        }
    }
    grounds.sort_by(|one, two| (one.on, &one.rule).cmp(&(two.on, &two.rule)));
    grounds
}

/// The document's date with its provenance.
pub(super) fn document(facts: &Facts, as_of: Date) -> Option<DocumentDay> {
    let found = document_date(facts, as_of);
    let (first, last) = found.days?;
    Some(DocumentDay {
        first,
        last,
        source: found.source.map(DateSource::as_str)?.to_owned(),
    })
}
