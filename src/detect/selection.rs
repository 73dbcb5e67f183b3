//! Which detectors look at which anchors, when some are left out.

use super::detector::{Anchors, Detector};
use super::detectors;
use super::detectors::name::NAME;

/// The detectors in use, by what they look at.
pub(super) struct Selection {
    pub(super) digits: Vec<&'static dyn Detector>,
    pub(super) group: Vec<&'static dyn Detector>,
    pub(super) at: Vec<&'static dyn Detector>,
    pub(super) joint: Vec<&'static dyn Detector>,
    pub(super) capital: Vec<&'static dyn Detector>,
    pub(super) cell: Vec<&'static dyn Detector>,
    pub(super) term: Vec<&'static dyn Detector>,
    /// Whether names of persons are sought: most of what finds them stands beside the anchors.
    pub(super) names: bool,
    /// Bytes that a hit of any of them spans with its context.
    pub(super) reach: usize,
}

impl Selection {
    /// All detectors but those with these ids.
    pub(super) fn without(left_out: &[String]) -> Self {
        let is_in = |id: &str| !left_out.iter().any(|own| own == id);
        let used: Vec<_> = detectors::ALL
            .iter()
            .copied()
            .filter(|detector| is_in(detector.info().id))
            .collect();
        let that_want = |anchors: Anchors| {
            let used = used.iter().copied();
            used.filter(|detector| detector.anchors().meets(anchors))
                .collect()
        };
        let reaches = used.iter().map(|detector| detector.info().reach);
        Self {
            digits: that_want(Anchors::DIGITS),
            group: that_want(Anchors::GROUP),
            at: that_want(Anchors::AT),
            joint: that_want(Anchors::JOINT),
            capital: that_want(Anchors::CAPITAL),
            cell: that_want(Anchors::CELL),
            term: that_want(Anchors::TERM),
            names: is_in(NAME.detector),
            reach: reaches.max().unwrap_or(0),
        }
    }

    /// The anchors that anybody looks at.
    pub(super) fn anchors(&self) -> Anchors {
        let mut wanted = Anchors::DIGITS.and(Anchors::AT);
        if !self.joint.is_empty() {
            wanted = wanted.and(Anchors::JOINT);
        }
        if self.names || !self.capital.is_empty() {
            wanted = wanted.and(Anchors::CAPITAL);
        }
        wanted
    }
}
