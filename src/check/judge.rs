//! The hits of one object → what fails, what is said, and what passes for which reason.

use std::ops::Range;

use super::allow::{self, Inline};
use super::locate::{FileText, Locator, Spot};
use super::near::{BESIDE_BYTES, NEAR_BYTES, ROW_BYTES, Stretches};
use super::read::value_of;
use super::shape::Around;
use super::{Checker, Class, Policy, Severity, Value, authorship, class, code};
use crate::classify::names_its_owner;
use crate::model::{Candidate, Category, Confidence, Kind, Place};

/// What a finding leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// The check ends with code 4.
    Fail,
    /// It is said.
    Warn,
    /// It passes.
    Pass(Why),
}

/// Why a finding passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It belongs to nobody: its class says why.
    Nobodys,
    /// It says who wrote something.
    Authorship,
    /// A comment beside it allows it.
    Inline,
    /// The configuration allows it here.
    Configured,
    /// It stands in the baseline.
    Baseline,
    /// It was there before the change that is checked.
    Before,
}

impl Why {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::Nobodys,
        Self::Authorship,
        Self::Inline,
        Self::Configured,
        Self::Baseline,
        Self::Before,
    ];

    /// The word that stands in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobodys => "class",
            Self::Authorship => "authorship",
            Self::Inline => "inline",
            Self::Configured => "configured",
            Self::Baseline => "baseline",
            Self::Before => "before",
        }
    }
}

/// One finding, without its value.
#[derive(Clone)]
pub struct Found {
    /// The object as people may see it: what is personal in its path is masked.
    pub object: String,
    /// The file that it is or lies in, as git has it. It may hold personal data.
    pub file: Vec<u8>,
    /// What it is.
    pub kind: &'static Kind,
    /// How sure.
    pub confidence: Confidence,
    /// Whose it is.
    pub class: Class,
    /// What it leads to.
    pub decision: Decision,
    /// Line and column, in files of text.
    pub spot: Option<Spot>,
    /// Where it stands in the words of its format; `None` for a finding in a path.
    pub place: Option<Place>,
    /// First byte in the text of its object.
    pub start: u64,
    /// The bytes of the decoded file, where they are certain.
    pub span: Option<Range<usize>>,
    /// The value, for comparing only.
    pub value: Value,
    /// The text as it stands there.
    pub(super) written: Box<str>,
}

impl Found {
    /// Whether it ends the check with code 4.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.decision == Decision::Fail
    }
}

/// What was seen in an object.
pub(super) struct Seen {
    /// Its number within the file: 0 for the file itself.
    pub(super) order: usize,
    pub(super) object: String,
    pub(super) format: &'static str,
    /// The hits at all levels, in the order of the text, each with its text.
    pub(super) hits: Vec<(Candidate, Box<str>)>,
}

/// Detectors whose findings fail only near somebody's data: their values say nothing alone.
fn needs_company(kind: &Kind) -> bool {
    kind.detector == "name" || kind.category == Category::Special || kind.detector == "birth-date"
}

/// The findings in an object's text.
pub(super) fn object(
    seen: Seen,
    file: &[u8],
    text: Option<&FileText>,
    checker: &Checker,
) -> Vec<Found> {
    let policy = checker.policy();
    let shown = checker.shown(&seen.object);
    let whole = policy.authorship && authorship::is_file(&seen.object);
    let mut locator = text.map(|text| Locator::new(&text.text));
    let mut found = Vec::new();
    let mut hits = Vec::new();
    let addresses = Addresses::of(&seen);
    for (hit, written) in seen.hits {
        // The name in an address passes or fails with the address, and is replaced with it.
        if addresses.are_named(&hit) {
            continue;
        }
        let placed = locator
            .as_mut()
            .and_then(|locator| locator.find(hit.start, &written));
        if hit.confidence < policy.min_confidence || policy.severity(hit.kind) == Severity::Allow {
            continue;
        }
        let in_code = text.zip(placed.as_ref()).is_some_and(|(text, (range, _))| {
            needs_company(hit.kind) && code::is_identifier(&text.text, range)
        });
        if in_code {
            continue;
        }
        let spot = text
            .zip(placed.as_ref())
            .map(|(text, (range, _))| text.spot(range.start));
        let around = text
            .zip(placed.as_ref())
            .map(|(text, (range, _))| Around::of(&text.text, range.start, range.end));
        let class = class::of(&hit, &written, around.unwrap_or_default(), policy);
        let stand = Stand {
            object: &seen.object,
            whole,
            spot,
            text,
        };
        found.push(Found {
            object: shown.clone(),
            file: file.to_vec(),
            kind: hit.kind,
            confidence: hit.confidence,
            class,
            decision: stand.decide(&hit, class, policy),
            spot,
            place: hit.place().cloned(),
            start: hit.start,
            span: placed.and_then(|(range, sure)| sure.then_some(range)),
            value: value_of(&hit, &written),
            written,
        });
        hits.push(hit);
    }
    keep_those_in_company(&mut found, &hits);
    found
}

/// The e-mail addresses of an object, in the order of its text.
struct Addresses(Vec<Candidate>);

impl Addresses {
    fn of(seen: &Seen) -> Self {
        let all = seen.hits.iter().map(|(hit, _)| hit);
        let addresses = all.filter(|hit| hit.kind.detector == "email");
        Self(addresses.cloned().collect())
    }

    /// Whether a hit is the name in one of them.
    fn are_named(&self, hit: &Candidate) -> bool {
        let before = self.0.partition_point(|address| address.start <= hit.start);
        let address = before.checked_sub(1).and_then(|at| self.0.get(at));
        address.is_some_and(|address| names_its_owner(hit, address))
    }
}

/// Drops names and words that stand alone, in two rounds: names near somebody's number or address,
/// then words of special categories near those or near a name.
fn keep_those_in_company(found: &mut Vec<Found>, hits: &[Candidate]) {
    let active = |found: &Found| !matches!(found.decision, Decision::Pass(_));
    let mut persons = Stretches::default();
    for (found, hit) in found.iter().zip(hits) {
        let reaches = matches!(
            hit.kind.category,
            Category::Identifier | Category::Contact | Category::Financial
        );
        if active(found) && reaches && !needs_company(hit.kind) {
            persons.add(hit);
        }
    }
    let mut named = Stretches::default();
    for (found, hit) in found.iter().zip(hits) {
        // A name that is not certain makes nobody of a text about illness.
        let certain = hit.confidence == Confidence::High;
        let person = hit.kind.detector == "name" && certain && active(found);
        if person || active(found) && !needs_company(hit.kind) {
            named.add(hit);
        }
    }
    let mut hits = hits.iter();
    found.retain(|found| {
        let Some(hit) = hits.next() else { return false };
        if !needs_company(hit.kind) {
            return true;
        }
        // A word that means an illness in some texts only says nothing of whoever is named far away in
        // the same row: a cell can hold a whole letter.
        let (reach, in_row) = match hit.confidence {
            Confidence::High => (NEAR_BYTES, ROW_BYTES),
            Confidence::Medium | Confidence::Low => (BESIDE_BYTES, NEAR_BYTES),
        };
        match hit.kind.category {
            Category::Special => named.is_near(hit, reach, in_row),
            Category::Identifier
            | Category::Contact
            | Category::Financial
            | Category::Online
            | Category::NotPersonal => {
                persons.is_near(hit, reach, ROW_BYTES) || !active(found) && found.is_told()
            }
        }
    });
}

impl Found {
    /// Whether a finding that passes is worth a line: a name that nobody has, alone, is not.
    fn is_told(&self) -> bool {
        matches!(self.decision, Decision::Pass(Why::Inline | Why::Configured))
    }
}

/// Beyond this length a line holds no comment: it would be looked at once for each hit in it.
const MAX_LINE_BYTES: usize = 16 * 1024;

/// Where a hit stands, as far as that decides.
struct Stand<'a> {
    object: &'a str,
    /// Whether all of the file is authorship.
    whole: bool,
    spot: Option<Spot>,
    text: Option<&'a FileText>,
}

impl Stand<'_> {
    fn decide(&self, hit: &Candidate, class: Class, policy: &Policy) -> Decision {
        if !class.is_somebodys() {
            return Decision::Pass(Why::Nobodys);
        }
        let (line, before) = self.lines();
        if let Some(by) = allow::inline(line, before, hit.kind, policy.honour) {
            return Decision::Pass(match by {
                Inline::Own | Inline::OtherTool => Why::Inline,
            });
        }
        let mut entries = policy.allowances.iter();
        if entries.any(|entry| entry.covers(self.object, hit.kind, policy.today)) {
            return Decision::Pass(Why::Configured);
        }
        if policy.authorship && authorship::covers(hit.kind) && self.is_authorship(line, before) {
            return Decision::Pass(Why::Authorship);
        }
        match policy.severity(hit.kind) {
            Severity::Fail => Decision::Fail,
            Severity::Warn => Decision::Warn,
            Severity::Allow => Decision::Pass(Why::Configured),
        }
    }

    fn is_authorship(&self, line: &str, before: &str) -> bool {
        let head = self
            .spot
            .is_some_and(|spot| spot.line <= authorship::HEAD_LINES);
        self.whole
            || authorship::is_line(line)
            || authorship::is_line(before) && authorship::is_comment(line)
            || head && authorship::is_comment(line) && self.head_names_authors()
    }

    /// Whether a comment at the head of the file speaks of authors or a licence.
    fn head_names_authors(&self) -> bool {
        let Some(text) = self.text else { return false };
        (1..=authorship::HEAD_LINES).any(|number| {
            let line = text.line(number);
            authorship::is_comment(line) && authorship::is_line(line)
        })
    }

    /// The line of the hit and the one before it; nothing of a line that nobody wrote.
    fn lines(&self) -> (&str, &str) {
        let Some((spot, text)) = self.spot.zip(self.text) else {
            return ("", "");
        };
        let line = |number| Some(text.line(number)).filter(|line| line.len() <= MAX_LINE_BYTES);
        let (own, before) = (line(spot.line), line(spot.line - 1));
        (own.unwrap_or_default(), before.unwrap_or_default())
    }
}

/// The findings in an object's own name; those of the folders and containers it lies in belong to
/// their own.
pub(super) fn in_path(seen: &Seen, file: &[u8], checker: &Checker) -> Vec<Found> {
    let own = if seen.order == 0 {
        seen.object.as_str()
    } else {
        seen.object.rsplit("!/").next().unwrap_or_default()
    };
    let policy = checker.policy();
    let found = checker.in_name(own).into_iter().map(|(hit, written)| {
        let class = class::of(&hit, &written, Around::default(), policy);
        let stand = Stand {
            object: &seen.object,
            whole: false,
            spot: None,
            text: None,
        };
        Found {
            object: checker.shown(&seen.object),
            file: file.to_vec(),
            kind: hit.kind,
            confidence: hit.confidence,
            class,
            decision: stand.decide(&hit, class, policy),
            spot: None,
            place: None,
            start: 0,
            span: None,
            value: value_of(&hit, &written),
            written,
        }
    });
    found.collect()
}

/// Whether a hit in a path is personal data that should not be shown.
pub(super) fn fails_in_name(hit: &Candidate, written: &str, policy: &Policy) -> bool {
    let telling = hit.kind.category == Category::Identifier || hit.kind.detector == "email";
    telling
        && hit.confidence >= Confidence::Medium
        && hit.kind.detector != "birth-date"
        && hit.kind.detector != "organisation-number"
        && class::of(hit, written, Around::default(), policy).is_somebodys()
}
