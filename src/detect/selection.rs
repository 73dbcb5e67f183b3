//! Which detectors look at which anchors, when some are left out.

use super::detector::{Anchors, Detector};
use super::detectors;
use super::detectors::name::NAME;
use super::group::Shapes;

/// The detectors in use, by what they look at.
pub(super) struct Selection {
    pub(super) groups: Shapes,
    pub(super) at: Vec<&'static dyn Detector>,
    pub(super) joint: Vec<&'static dyn Detector>,
    pub(super) capital: Vec<&'static dyn Detector>,
    pub(super) cell: Vec<&'static dyn Detector>,
    pub(super) term: Vec<&'static dyn Detector>,
    /// Whether every detector is asked about everything, so that what the shapes save can be compared
    /// with it.
    pub(super) plain: bool,
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
            used.filter(move |detector| detector.anchors().meets(anchors))
        };
        let reaches = used.iter().map(|detector| detector.info().reach);
        Self {
            groups: Shapes::new(&used),
            at: that_want(Anchors::AT).collect(),
            joint: that_want(Anchors::JOINT).collect(),
            capital: that_want(Anchors::CAPITAL).collect(),
            cell: that_want(Anchors::CELL).collect(),
            term: that_want(Anchors::TERM).collect(),
            plain: false,
            names: is_in(NAME.detector),
            reach: reaches.max().unwrap_or(0),
        }
    }

    /// All detectors, each asked about every group of digits.
    #[cfg(test)]
    pub(super) fn of_any_shape() -> Self {
        Self {
            groups: Shapes::of_any(detectors::ALL),
            plain: true,
            ..Self::without(&[])
        }
    }

    /// The anchors that anybody looks at.
    pub(super) fn anchors(&self) -> Anchors {
        let mut wanted = Anchors::DIGITS.and(Anchors::AT);
        if !self.joint.is_empty() {
            wanted = wanted.and(Anchors::JOINT);
        }
        if !self.term.is_empty() {
            wanted = wanted.and(Anchors::TERM);
        }
        if self.names || !self.capital.is_empty() {
            wanted = wanted.and(Anchors::CAPITAL);
        }
        wanted
    }
}
