//! Names in cells: those that a header announces, and what a cell means for names found in it.

use super::column::{self, Column};
use super::{NAME, in_order};
use crate::detect::Hit;
use crate::model::{Confidence, Evidence, EvidenceSet};

/// Bytes of the longest name in a cell.
const MAX_NAME: usize = 80;

/// The whole of a cell whose header names persons.
pub(super) fn in_cell(cell: &str, column: Column) -> Option<Hit> {
    if matches!(column, Column::Other | Column::Unknown) {
        return None;
    }
    if cell.len() > MAX_NAME || cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let start = cell.len() - cell.trim_start().len();
    let text = cell.trim();
    let look = column::look(text);
    let listed = look.first || look.last;
    // A sheet's own row of headers, or one that is repeated further down.
    if !listed && matches!(column::of(text), Column::Names | Column::Perhaps) {
        return None;
    }
    let confidence = match column {
        Column::Names if look.formed => Confidence::High,
        Column::Perhaps if look.formed && look.proper && listed => {
            if look.first { Confidence::High } else { Confidence::Medium }
        }
        Column::Names | Column::Perhaps | Column::Other | Column::Unknown => return None,
    };
    let evidence = EvidenceSet::EMPTY
        .with(Evidence::Header)
        .with(Evidence::WholeCell)
        .with_if(look.first, Evidence::FirstName)
        .with_if(look.last, Evidence::Surname);
    Some(Hit {
        kind: &NAME,
        span: start..start + text.len(),
        confidence,
        evidence,
        canonical: Some(in_order(text)),
    })
}
