//! Positions in Norway: pairs of degrees. Positions in metres (UTM), and degrees that are split over
//! two columns, are not found.

use std::ops::Range;

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, count_from, ends_word};
use crate::detect::number::free_before;
use crate::detect::{Anchor, Anchors, Concepts, Detector, DetectorInfo, Example, Hit, Lengths, Spot, Window};
use crate::model::{Category, Confidence, Evidence, Kind};

pub(super) static DETECTOR: Geo = Geo;

pub(super) struct Geo;

static POSITION: Kind = Kind {
    detector: "geo",
    kind: "geo",
    category: Category::Online,
    digested: true,
    precedence: 45,
};

static INFO: DetectorInfo = DetectorInfo {
    id: "geo",
    title: "Position",
    version: 1,
    kinds: &[&POSITION],
    explanation: "\
Finds pairs of latitude and longitude: `59.9139, 10.7522`, `geo:59.9139,10.7522`,
`59°54'50\"N 10°45'08\"E`.

## How it is checked
Both have at least four decimals, or degrees, minutes and seconds, and lie in Norway, Svalbard included
(57.5 to 81 north, 4 to 35 east).

## Levels
Low: a position is personal where it stands with a person or a device.

## Source
RFC 5870 for the `geo` scheme; the bounds of Kartverket.",
    examples: &[
        found("pos 59.9139, 10.7522 kl. 8", "59.9139, 10.7522"),
        found("geo:59.9139,10.7522", "59.9139,10.7522"),
        found("59°54'50\"N 10°45'08\"E", "59°54'50\"N 10°45'08\"E"),
    ],
    counter_examples: &["59,90 10,75", "59.91, 10.75", "12.3456, 10.7522", "159.9139, 10.7522"],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str) -> Example {
    Example { text, found, kind: "geo", confidence: Confidence::Low }
}

/// Norway with Svalbard, in degrees.
const NORTH: Range<f64> = 57.5..81.0;
const EAST: Range<f64> = 4.0..35.0;

/// Fewest decimals: ten metres.
const DECIMALS: usize = 4;

/// Most decimals that are read.
const MOST_DECIMALS: usize = 15;

impl Detector for Geo {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn lengths(&self) -> Lengths {
        Lengths::between(1, 7)
    }

    fn verify(&self, anchor: &Anchor, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Group(group) = anchor else {
            return;
        };
        let (text, at) = (window.text, group.at);
        // A decimal point or a degree sign follows.
        let next = byte(text, group.end());
        if next.is_some_and(|next| next == b'.' || !next.is_ascii())
            && begins_word(text, at)
            && free_before(text, at)
        {
            let end = decimal_pair(text, at).or_else(|| sexagesimal_pair(text, at));
            hits.extend(end.and_then(|end| position(window, at..end, &group.spot)));
        }
    }
}

fn position(window: &Window<'_>, span: Range<usize>, spot: &Spot) -> Option<Hit> {
    if span.end > spot.bounds(window).end || !ends_word(window.text, span.end) {
        return None;
    }
    let told = told(window, spot, &span, Concepts::POSITION);
    let prefixed = window.text.get(..span.start)?.ends_with("geo:");
    Some(Hit {
        kind: &POSITION,
        span,
        confidence: Confidence::Low,
        evidence: told.evidence().with_if(prefixed, Evidence::Prefix),
        canonical: None,
    })
}

/// The byte after a pair of decimal degrees.
fn decimal_pair(text: &str, at: usize) -> Option<usize> {
    let (north, end) = decimal(text, at)?;
    let behind = text.get(end..)?;
    let rest = behind.strip_prefix(',').or_else(|| behind.strip_prefix(';')).unwrap_or(behind);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let second = text.len() - rest.len();
    let (east, end) = decimal(text, second).filter(|_| second > end)?;
    (NORTH.contains(&north) && EAST.contains(&east)).then_some(end)
}

/// Degrees with enough decimals, and the byte after them.
fn decimal(text: &str, at: usize) -> Option<(f64, usize)> {
    let whole = count_from(text, at, 3, u8::is_ascii_digit);
    text.get(at + whole..)?.strip_prefix('.').filter(|_| (1..=2).contains(&whole))?;
    let decimals = count_from(text, at + whole + 1, MOST_DECIMALS + 1, u8::is_ascii_digit);
    let end = at + whole + 1 + decimals;
    let enough = (DECIMALS..=MOST_DECIMALS).contains(&decimals);
    Some((text.get(at..end)?.parse().ok().filter(|_| enough)?, end))
}

/// The byte after a pair of degrees, minutes and seconds.
fn sexagesimal_pair(text: &str, at: usize) -> Option<usize> {
    let (north, end) = sexagesimal(text, at, &['N'])?;
    let rest = text.get(end..)?.trim_start_matches([' ', ',']);
    let second = text.len() - rest.len();
    // Spaces are few: what is behind them must be near.
    let (east, end) = sexagesimal(text, second, &['E', 'Ø']).filter(|_| second - end <= 2)?;
    (NORTH.contains(&north) && EAST.contains(&east)).then_some(end)
}

/// Degrees, minutes and seconds with their direction, and the byte after it.
fn sexagesimal(text: &str, at: usize, directions: &[char]) -> Option<(f64, usize)> {
    let (degrees, rest) = part(text.get(at..)?, &['°', 'º'])?;
    let (minutes, rest) = part(rest, &['\'', '′', '’'])?;
    let (seconds, rest) = part(rest, &['"', '″', '”'])?;
    let behind = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix(directions)?;
    let value = degrees + minutes / 60.0 + seconds / 3600.0;
    (minutes < 60.0 && seconds < 60.0).then_some((value, text.len() - behind.len()))
}

/// A number with its sign behind it, and what follows.
fn part<'t>(text: &'t str, signs: &[char]) -> Option<(f64, &'t str)> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let length = count_from(text, 0, 7, |byte| byte.is_ascii_digit() || *byte == b'.');
    let value = text.get(..length)?.parse().ok()?;
    Some((value, text.get(length..)?.strip_prefix(signs)?))
}
