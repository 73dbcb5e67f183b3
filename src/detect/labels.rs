//! What label, header and words near say of a stretch of text: the same question for every number
//! that has no sure form of its own. It decides no level.

use std::ops::Range;

use super::context::{self, Before};
use super::detector::Window;
use super::spot::Spot;
use super::words::Concepts;
use crate::model::{Evidence, EvidenceSet};

/// How near a label must stand, in bytes.
const LABEL_WITHIN: usize = 32;

/// What the surroundings say, as evidence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told(EvidenceSet);

/// Everything that another label may speak of.
const OTHERS: Concepts = Concepts::THING
    .and(Concepts::FNR)
    .and(Concepts::D_NUMBER)
    .and(Concepts::HELP)
    .and(Concepts::ACCOUNT)
    .and(Concepts::PHONE)
    .and(Concepts::CARD);

/// What is said of the bytes `span` as one of `own`.
pub(super) fn told(window: &Window<'_>, spot: &Spot, span: &Range<usize>, own: Concepts) -> Told {
    let before = context::before(window, spot, span.start);
    let labelled = labels(&before, own);
    let named = spot.header.meet(own);
    let against = before.nearest.meet(OTHERS) && !before.nearest.meet(own);
    let behind = || context::after(window, span.end).meet(own);
    let around = !labelled && (before.line.meet(own) || behind());
    let evidence = EvidenceSet::EMPTY
        .with_if(labelled, Evidence::Label)
        .with_if(named, Evidence::Header)
        .with_if(around, Evidence::ContextWord)
        .with_if(against, Evidence::NegativeWord)
        .with_if(spot.header.meet(OTHERS) && !named, Evidence::OtherHeader)
        .with_if(window.is_filled_by(span), Evidence::WholeCell);
    Told(evidence)
}

/// The same where a label right before, or the header, names it; nothing else is looked at.
pub(super) fn surely(
    window: &Window<'_>,
    spot: &Spot,
    span: &Range<usize>,
    own: Concepts,
) -> Option<Told> {
    let labelled = || labels(&context::before(window, spot, span.start), own);
    (spot.header.meet(own) || labelled()).then(|| told(window, spot, span, own))
}

/// Whether the nearest telling word right before, or one right above, is of the kind.
fn labels(before: &Before, own: Concepts) -> bool {
    if before.nearest.is_empty() {
        before.above.meet(own)
    } else {
        before.nearest.meet(own) && before.gap <= LABEL_WITHIN
    }
}

impl Told {
    /// Whether a label right before, or right above, or the header names the kind.
    pub(super) fn sure(self) -> bool {
        self.0.has(Evidence::Label) || self.0.has(Evidence::Header)
    }

    /// Whether a word on the line, or behind, is of the kind's context.
    pub(super) fn around(self) -> bool {
        self.0.has(Evidence::ContextWord)
    }

    /// Whether the header names another kind of number.
    pub(super) fn other_header(self) -> bool {
        self.0.has(Evidence::OtherHeader)
    }

    /// All of it.
    pub(super) fn evidence(self) -> EvidenceSet {
        self.0
    }
}
