//! How eight digits are written, and whether more digits belong to them. What that is worth is left to others.

use crate::detect::dialling::{self, Series};
use crate::detect::{Number, Separator, Window};

/// How eight digits are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As people write telephone numbers.
    Grouped,
    /// In one group.
    Bare,
    /// In groups that are seldom meant as a telephone number.
    Odd,
    /// As part of something longer, or with slashes.
    Chain,
}

impl Form {
    /// How `groups` groups are written that make up eight digits.
    pub(super) fn of(number: &Number, groups: usize, series: Series) -> Self {
        let pairs = number.begins(&[2, 2, 2, 2]);
        let threes = number.begins(&[3, 2, 3]);
        match number.separator(0) {
            _ if groups == 1 => Self::Bare,
            _ if !number.uniform(groups) => Self::Chain,
            Some(Separator::Slash) | None => Self::Chain,
            // A date: `23.11.2026`, `2026-11-23`.
            Some(Separator::Dot | Separator::Hyphen)
                if number.begins(&[2, 2, 4]) || number.begins(&[4, 2, 2]) =>
            {
                Self::Chain
            }
            Some(Separator::Space | Separator::Hyphen)
                if threes || pairs && series != Series::Service =>
            {
                Self::Grouped
            }
            Some(Separator::Space | Separator::Dot | Separator::Hyphen) => Self::Odd,
        }
    }
}

/// Two groups of four of a mobile series, or 3-2-3 with full stops. Other groups, above all those of
/// an amount, `21 234 567`, and four pairs with full stops, as addresses of the net have, are none without a label.
pub(super) fn rarely_meant(number: &Number, series: Series) -> bool {
    number.begins(&[4, 4]) && series == Series::Mobile || number.begins(&[3, 2, 3])
}

/// Whether further groups of up to three digits stand before or behind with the same separator: an
/// amount, a table of figures, a longer number.
pub(super) fn touches_chain(number: &Number, window: &Window<'_>, groups: usize, labelled: bool) -> bool {
    let Some(separator) = number.separator(0) else {
        return false;
    };
    if groups == 1 {
        return false;
    }
    // Behind or before two groups of four, a third of any length makes it another number: a card.
    let most = if number.begins(&[4, 4]) { 8 } else { 3 };
    let next = number.lengths().get(groups).copied().map(usize::from);
    let behind = number.separator(groups - 1) == Some(separator)
        && next.is_some_and(|length| length <= most);
    let sure = labelled && most == 3;
    behind && !sure || dialling::group_before(window.text, number.start, separator, most)
}

/// The number of groups that make up exactly `digits` digits.
pub(super) fn groups_of(number: &Number, digits: usize) -> Option<usize> {
    number.up_to(digits).filter(|(_, taken)| *taken == digits).map(|(groups, _)| groups)
}
