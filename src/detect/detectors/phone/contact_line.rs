//! Lines of contacts, as at the head of a CV: fields between marks, one of them an e-mail address.

use crate::detect::dialling::Series;
use crate::detect::{Number, Window};

/// How far a line of contacts is looked through on either side, in bytes.
const LINE_WITHIN: usize = 100;

/// Marks between the fields of a line of contacts: `Storgata 1 · 40612345 · kari@x.no`.
const FIELD_MARKS: [char; 6] = ['·', '•', '|', '∙', '\n', '\r'];

/// Whether eight digits of a mobile series are a field of their own beside an e-mail address, as at
/// the head of a CV or the foot of a letter. Other lines with such marks and an address are rare:
/// entries of a log have a time in front of them.
pub(super) fn among_contacts(number: &Number, window: &Window<'_>, series: Series) -> bool {
    let text = window.text;
    let from = text.ceil_char_boundary(number.start.saturating_sub(LINE_WITHIN));
    let to = text.floor_char_boundary(number.end(1) + LINE_WITHIN);
    let (Some(before), Some(behind)) = (text.get(from..number.start), text.get(number.end(1)..to)) else {
        return false;
    };
    let before_mark = before.trim_end_matches([' ', '\u{a0}']);
    let behind_mark = behind.trim_start_matches([' ', '\u{a0}']);
    let field = (before_mark.is_empty() || before_mark.ends_with(FIELD_MARKS))
        && (behind_mark.is_empty() || behind_mark.starts_with(FIELD_MARKS));
    if series != Series::Mobile || window.is_cell() || !field {
        return false;
    }
    let line_before = before_mark.trim_end_matches(FIELD_MARKS).rsplit('\n').next();
    let line_behind = behind_mark.trim_start_matches(FIELD_MARKS).split('\n').next();
    let around = [line_before, line_behind].into_iter().flatten();
    let has_address = around.clone().any(|part| part.contains('@'));
    has_address && !around.into_iter().any(has_time)
}

/// Whether a time of the day stands in the text: `12:30`.
fn has_time(text: &str) -> bool {
    text.match_indices(':').any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let behind = text.get(at + 1..).and_then(|text| text.chars().next());
        before.is_some_and(|c| c.is_ascii_digit()) && behind.is_some_and(|c| c.is_ascii_digit())
    })
}
