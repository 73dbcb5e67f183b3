//! The written forms of identity numbers: which groups of digits may be one, and whether they stand
//! free. It weighs nothing.

use super::LABELS;
use crate::detect::identity::{self, Birth, IdentityNumber};
use crate::detect::{Number, Window, joined};
use crate::model::{Evidence, EvidenceSet};

/// Whether single digits with something between them begin at `at`: the boxes of a form. They may be
/// too many groups for a number.
pub(super) fn begins_boxes(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes().get(at + 1..at + 3);
    bytes.is_some_and(|next| !next[0].is_ascii_alphanumeric() && next[1].is_ascii_digit())
}

/// Whether the number stands free; `15108695088.0` in a cell is how some programs write a number.
pub(super) fn stands_free(number: &Number, window: &Window<'_>, groups: usize) -> bool {
    let rest = window.text.get(number.end(groups)..);
    let whole = window.is_cell()
        && number.start == 0
        && matches!(rest, Some(".0" | ".00"));
    whole || number.stands_free(window, groups)
}

/// A number of 11 digits in one of the written forms.
pub(super) struct Written {
    pub(super) digits: [u8; 11],
    /// Over how many groups it is written.
    pub(super) groups: usize,
    pub(super) identity: IdentityNumber,
    pub(super) evidence: EvidenceSet,
}

/// Group lengths of the written forms; the last two carry a year of four digits.
const FORMS: &[&[u8]] = &[
    &[11],
    &[6, 5],
    &[6, 3, 2],
    &[2, 2, 2, 5],
    &[2, 2, 2, 2, 3],
    &[2, 2, 2, 3, 2],
    &[2, 2, 4, 5],
    &[8, 5],
];

pub(super) fn written(number: &Number) -> Option<Written> {
    if number.total() < 11 {
        return None;
    }
    let form = FORMS.iter().find(|form| number.begins(form))?;
    let grouping = if form.len() > 1 {
        EvidenceSet::EMPTY.with(Evidence::Grouping)
    } else {
        EvidenceSet::EMPTY
    };
    if let Some(digits) = long_year(number, form) {
        let (short, year) = digits;
        let identity = identity::parse(short).filter(|identity| born_in(identity, year))?;
        return Some(Written { digits: short, groups: form.len(), identity, evidence: grouping });
    }
    let digits = number.digits::<11>(0)?;
    let identity = identity::parse(digits)?;
    Some(Written { digits, groups: form.len(), identity, evidence: grouping })
}

/// The eleven digits of a form with a four-digit year, and the year.
fn long_year(number: &Number, form: &[u8]) -> Option<([u8; 11], i16)> {
    if form.iter().sum::<u8>() != 13 {
        return None;
    }
    let all = number.digits::<13>(0)?;
    let mut short = [0; 11];
    short[..4].copy_from_slice(&all[..4]);
    short[4..].copy_from_slice(&all[6..]);
    Some((short, joined::year(&all[4..8])))
}

/// Whether the number may be that of a person born in `year`.
pub(super) fn born_in(identity: &IdentityNumber, year: i16) -> bool {
    match identity.birth {
        Birth::Day(day) => day.year() == year,
        Birth::NoCentury => false,
        Birth::Untold => true,
    }
}

/// Ten digits that fill a cell: the zero was lost. The header says fødselsnummer, or nothing; then the
/// column has to tell.
pub(super) fn without_zero(number: &Number, window: &Window<'_>) -> Option<Written> {
    let header = number.spot.header;
    let named = header.meet(LABELS) || header.is_empty();
    if number.lengths() != [10] || !named || !fills_cell(number, window, 1) {
        return None;
    }
    let mut digits = [0; 11];
    digits[1..].copy_from_slice(&number.digits::<10>(0)?);
    let identity = identity::parse(digits)?;
    let evidence = EvidenceSet::EMPTY.with(Evidence::LeadingZero);
    Some(Written { digits, groups: 1, identity, evidence })
}

pub(super) fn fills_cell(number: &Number, window: &Window<'_>, groups: usize) -> bool {
    window.is_filled_by(&(number.start..number.end(groups)))
}

