//! Claims on the same text: which one stands, and what becomes of the others.

use std::cmp::Reverse;

use crate::model::{Candidate, Category, Confidence, Evidence, Kind};

/// Id of the detector of identity numbers.
pub(super) const PERSON: &str = "fodselsnummer";
/// Id of the detector of account numbers, whose control digit is the second control digit of an
/// identity number: each valid identity number passes as an account.
pub(super) const ACCOUNT: &str = "bank-account";

/// What becomes of a candidate among those that overlap it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is what the text is taken for.
    Wins,
    /// Its control digits are right but the text is taken for something else: it stays, at `low`.
    Beaten,
    /// An account reading of an identity number: it counts only if the whole column turns out to
    /// hold accounts.
    Shadow,
    /// Nothing of it remains.
    Dropped,
}

/// Settles a group of candidates that overlap one another, in chains or all at once.
pub(super) fn settle(group: &[Candidate]) -> Vec<Standing> {
    if group.len() == 1 {
        return vec![Standing::Wins];
    }
    let mut order: Vec<usize> = (0..group.len()).collect();
    order.sort_by_key(|&at| group.get(at).map(|candidate| rank(candidate, group)));
    let mut standings = vec![Standing::Dropped; group.len()];
    let mut winners: Vec<&Candidate> = Vec::new();
    for at in order {
        let (Some(candidate), Some(standing)) = (group.get(at), standings.get_mut(at)) else {
            continue;
        };
        let rival = winners
            .iter()
            .find(|winner| overlaps(candidate, winner) && !names_its_owner(candidate, winner));
        *standing = rival.map_or(Standing::Wins, |winner| beaten_by(candidate, winner));
        if rival.is_none() {
            winners.push(candidate);
        }
    }
    standings
}

/// Whether the two share a byte of the text.
pub(super) fn overlaps(one: &Candidate, two: &Candidate) -> bool {
    one.start < two.end && two.start < one.end
}

/// Whether `candidate` is the name in the e-mail address `winner`: both stand, since the one does not
/// tell the other.
#[must_use]
pub fn names_its_owner(candidate: &Candidate, winner: &Candidate) -> bool {
    let inside = winner.start <= candidate.start && candidate.end < winner.end;
    inside && candidate.kind.detector == "name" && winner.kind.detector == "email"
}

/// Whether it is part of a longer number; level, length and precedence; start; ids.
type Rank<'a> = (bool, Reverse<(Confidence, u64, u8)>, u64, &'a str, &'a str);

/// Smaller is better. A part of a number with right control digits comes last whatever its level:
/// eight digits in the middle of an account are no phone number.
fn rank<'a>(candidate: &'a Candidate, group: &[Candidate]) -> Rank<'a> {
    let Kind {
        detector,
        kind,
        precedence,
        ..
    } = candidate.kind;
    let length = candidate.end.saturating_sub(candidate.start);
    let strength = Reverse((candidate.confidence, length, *precedence));
    let inside = group.iter().any(|other| {
        other.kind.detector != *detector
            && other.evidence.has(Evidence::Checksum)
            && other.start <= candidate.start
            && candidate.end <= other.end
            && other.end - other.start > length
    });
    (inside, strength, candidate.start, detector, kind)
}

fn beaten_by(candidate: &Candidate, winner: &Candidate) -> Standing {
    if candidate.kind.detector == winner.kind.detector {
        return Standing::Dropped;
    }
    if candidate.kind.detector == ACCOUNT && winner.kind.detector == PERSON {
        return Standing::Shadow;
    }
    let numbered = match candidate.kind.category {
        Category::Identifier | Category::Financial => true,
        Category::Contact | Category::Online | Category::Special | Category::NotPersonal => false,
    };
    if numbered && candidate.evidence.has(Evidence::Checksum) {
        Standing::Beaten
    } else {
        Standing::Dropped
    }
}
