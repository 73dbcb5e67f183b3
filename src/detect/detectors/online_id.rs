//! Ids of browsers, devices and users. A UUID without a label is none.

use std::ops::Range;

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, count_from, ends_word};
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};

pub(super) static DETECTOR: OnlineId = OnlineId;

pub(super) struct OnlineId;

const fn kind(kind: &'static str) -> Kind {
    Kind {
        detector: "online-id",
        kind,
        category: Category::Online,
        digested: true,
        precedence: 35,
    }
}

static COOKIE: Kind = kind("cookie");
static DEVICE: Kind = kind("device");
static LOGIN: Kind = kind("login");

static INFO: DetectorInfo = DetectorInfo {
    id: "online-id",
    title: "Online id",
    version: 3,
    kinds: &[&COOKIE, &DEVICE, &LOGIN],
    explanation: "\
Finds ids of browsers that Google Analytics and Meta set (`GA1.2.1234567890.1700000000`,
`fb.1.1700000000000.1234567890`), UUIDs behind a label of a cookie or a device (`IDFA: 550E8400-…`),
and user names in columns that are called so.

## How it is checked
The forms of the ids; a label or a header for all others.

## Levels
High: ids that carry their own prefix, and labelled ones. Medium: user names in their column. Low: those
that begin with `test` or `demo`.

## Source
The cookie formats of Google Analytics and of the Meta pixel; RFC 9562 for the UUID.",
    examples: &[
        found(
            "_fbp=fb.1.1700000000000.1234567890",
            "fb.1.1700000000000.1234567890",
            "cookie",
        ),
        found("_ga=GA1.2.1234567890.1700000000", "GA1.2.1234567890.1700000000", "cookie"),
        found(
            "IDFA: 550E8400-E29B-41D4-A716-446655440000",
            "550E8400-E29B-41D4-A716-446655440000",
            "device",
        ),
    ],
    counter_examples: &[
        "550e8400-e29b-41d4-a716-446655440000",
        "fb.1.17.12",
        "IDFA: 00000000-0000-0000-0000-000000000000",
    ],
    reach: 140,
};

const fn found(text: &'static str, found: &'static str, kind: &'static str) -> Example {
    Example { text, found, kind, confidence: Confidence::High }
}

/// The lengths of the groups of a UUID.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// Longest user name, in bytes.
const MAX_LOGIN: usize = 64;

impl Detector for OnlineId {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP.and(Anchors::JOINT).and(Anchors::CELL)
    }

    fn shapes(&self) -> &'static [Shape] {
        const { &[Shape::of(Lengths::between(8, 13)).before(Beside::DOT).after(Beside::DOT)] }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        match anchor {
            Anchor::Group(group) => hits.extend(cookie(window.text, group.at)),
            Anchor::Joint { at, spot } => hits.extend(labelled_uuid(window, *at, spot)),
            Anchor::Cell(spot) => hits.extend(login(window, spot)),
            Anchor::Digits(_)
            | Anchor::At { .. }
            | Anchor::Capital { .. }
            | Anchor::Term { .. } => {}
        }
    }
}

/// Two long numbers behind `GA1.x.` or `fb.x.`.
fn cookie(text: &str, at: usize) -> Option<Hit> {
    let before = text.get(..at)?.strip_suffix('.')?;
    let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let prefix = ["GA1.", "fb."].into_iter().find(|prefix| before.ends_with(prefix))?;
    let start = before.len() - prefix.len();
    let first = count_from(text, at, 14, u8::is_ascii_digit);
    let second_at = at + first + 1;
    let second = count_from(text, second_at, 21, u8::is_ascii_digit);
    let end = second_at + second;
    let dotted = byte(text, at + first) == Some(b'.');
    let long = (8..=13).contains(&first) && (8..=20).contains(&second);
    let alone = begins_word(text, start) && ends_word(text, end) && at - start <= 8;
    (dotted && long && alone)
        .then(|| hit(&COOKIE, start..end, Confidence::High, Evidence::Prefix))
}

/// A UUID whose first hyphen is at `at`, behind a label or under a header.
fn labelled_uuid(window: &Window<'_>, at: usize, spot: &Spot) -> Option<Hit> {
    let start = at.checked_sub(GROUPS[0])?;
    let end = uuid_end(window.text, start)?;
    let span = start..end;
    let of_device = told(window, spot, &span, Concepts::DEVICE);
    let of_cookie = told(window, spot, &span, Concepts::COOKIE);
    let (kind, told) = if of_device.sure() {
        (&DEVICE, of_device)
    } else if of_cookie.sure() {
        (&COOKIE, of_cookie)
    } else {
        return None;
    };
    let value = window.text.get(span.clone())?.to_ascii_lowercase();
    Some(Hit {
        evidence: told.evidence(),
        canonical: Some(value),
        ..hit(kind, span, Confidence::High, Evidence::Label)
    })
}

/// The byte after the UUID that begins at `start`; an empty one is none.
fn uuid_end(text: &str, start: usize) -> Option<usize> {
    let mut end = start;
    for (index, length) in GROUPS.into_iter().enumerate() {
        if index > 0 {
            (byte(text, end) == Some(b'-')).then_some(())?;
            end += 1;
        }
        let digits = count_from(text, end, length, u8::is_ascii_hexdigit);
        (digits == length).then_some(())?;
        end += length;
    }
    let value = text.get(start..end)?;
    let empty = value.bytes().all(|byte| matches!(byte, b'0' | b'-'));
    (begins_word(text, start) && ends_word(text, end) && !empty).then_some(end)
}

/// The user name that fills a cell below such a header. Addresses are left to their own detector.
fn login(window: &Window<'_>, spot: &Spot) -> Option<Hit> {
    if !spot.header.meet(Concepts::LOGIN) || !spells_login(&window.row?.field()?.name) {
        return None;
    }
    let value = window.text;
    let span = 0..value.len();
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '\\');
    let form = (2..=MAX_LOGIN).contains(&value.len())
        && value.chars().all(of_name)
        && value.chars().any(char::is_alphabetic);
    if !form {
        return None;
    }
    let canonical = value.to_lowercase();
    let of_tests = ["test", "demo"].iter().any(|word| canonical.starts_with(word));
    let level = if of_tests { Confidence::Low } else { Confidence::Medium };
    let evidence = EvidenceSet::EMPTY
        .with(Evidence::Header)
        .with(Evidence::WholeCell)
        .with_if(of_tests, Evidence::Synthetic);
    let hit = hit(&LOGIN, span, level, Evidence::Header);
    Some(Hit { evidence, canonical: Some(canonical), ..hit })
}

/// Whether a header spells a part of the words for it: `U ID`, put together, is none of them.
fn spells_login(name: &str) -> bool {
    let parts: [&[u8; 3]; 6] = [b"use", b"bru", b"log", b"uid", b"sam", b"inn"];
    name.as_bytes().windows(3).any(|of| parts.iter().any(|part| of.eq_ignore_ascii_case(*part)))
}

fn hit(kind: &'static Kind, span: Range<usize>, confidence: Confidence, why: Evidence) -> Hit {
    Hit { kind, span, confidence, evidence: EvidenceSet::EMPTY.with(why), canonical: None }
}
