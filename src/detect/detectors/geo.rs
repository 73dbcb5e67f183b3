//! Positions in Norway: pairs of degrees, degrees in columns that are called so, and pairs of metres in a zone
//! of UTM.

mod metres;

use std::ops::Range;

use crate::detect::labels::told;
use crate::detect::letters::{begins_word, byte, count_from, ends_word};
use crate::detect::number::free_before;
use crate::detect::{Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Shape, Hit, Lengths, Spot, Window};
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
    version: 5,
    kinds: &[&POSITION],
    explanation: "\
Finds pairs of latitude and longitude: `59.9139, 10.7522`, `geo:59.9139,10.7522`,
`59°54'50\"N 10°45'08\"E`, `N 59° 54.833' E 10° 45.133'`, `lat: 59.9139, lon: 10.7522`, `59,9139; 10,7522`; each of
the two in a column of its own (`lat`, `breddegrad`); and metres of UTM behind their zone: `32V 598123 6643010`,
`UTM 33 262345, 6649876`, either first.

## How it is checked
Both have at least four decimals, or degrees and minutes with seconds or decimals, and lie in Norway, Svalbard
included (57.5 to 81 north, 4 to 35 east). Behind a label two decimals are enough. Metres are six digits east and
seven north, from 6,400 to 9,000 kilometres, with a zone from 31 to 37 or the word UTM before them.

## Levels
Low: a position is personal where it stands with a person or a device.

## Source
RFC 5870 for the `geo` scheme; the bounds of Kartverket.",
    examples: &[
        found("pos 59.9139, 10.7522 kl. 8", "59.9139, 10.7522"),
        found("geo:59.9139,10.7522", "59.9139,10.7522"),
        found("59°54'50\"N 10°45'08\"E", "59°54'50\"N 10°45'08\"E"),
        found("59.9139°N 10.7522°E", "59.9139°N 10.7522°E"),
        found("\"coordinates\": [10.7522, 59.9139]", "10.7522, 59.9139"),
        found("N 59° 54.833' E 10° 45.133'", "59° 54.833' E 10° 45.133'"),
        found("{\"lat\": 59.9139, \"lng\": 10.7522}", "59.9139, \"lng\": 10.7522"),
        found("59,9139; 10,7522", "59,9139; 10,7522"),
        found("Posisjon: 59,91; 10,75", "59,91; 10,75"),
        found("32V 598123 6643010", "32V 598123 6643010"),
        found("UTM 33 N 6649876 Ø 262345", "6649876 Ø 262345"),
    ],
    counter_examples: &[
        "10.7522, 59.9139", "59.9139 og 10.7522", "59°54' 10°45'", "59,90 10,75", "59,90; 10,75", "59.91, 10.75", "598123 6643010", "12.3456, 10.7522", "159.9139, 10.7522",
    ],
    reach: 120,
};

const fn found(text: &'static str, found: &'static str) -> Example {
    Example { text, found, kind: "geo", confidence: Confidence::Low }
}

/// Norway with Svalbard, in degrees.
const NORTH: Range<f64> = 57.5..81.0;
const EAST: Range<f64> = 4.0..35.0;

/// Fewest decimals: ten metres; and behind a label.
const DECIMALS: usize = 4;
const COARSE_DECIMALS: usize = 2;

/// Most decimals that are read.
const MOST_DECIMALS: usize = 15;

impl Detector for Geo {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::GROUP
    }

    fn shapes(&self) -> &'static [Shape] {
        const MARK: Beside = Beside::DOT.and(Beside::COMMA).and(Beside::WIDE);
        const DEGREES: Shape = Shape::of(Lengths::between(1, 7)).after(MARK);
        const METRES: Shape = Shape::of(metres::LENGTHS).told(Concepts::NONE);
        const { &[DEGREES.before(Beside::NO_LETTER), METRES.before(Beside::NO_LETTER)] }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Group(group) = anchor else {
            return;
        };
        let (text, at, spot) = (window.text, group.at, &group.spot);
        if metres::LENGTHS.has(group.length) {
            hits.extend(metres::pair(text, at).and_then(|span| position(window, span, spot, false)));
        }
        // A decimal mark or a degree sign follows.
        let next = byte(text, group.end());
        if next.is_some_and(|next| matches!(next, b'.' | b',') || !next.is_ascii())
            && begins_word(text, at)
            && free_before(text, at)
        {
            let fine = degrees_of_column(window, at).or_else(|| sexagesimal_pair(text, at));
            let pair = fine.map(|end| (end, false)).or_else(|| decimal_pair(text, at));
            hits.extend(pair.and_then(|(end, coarse)| position(window, at..end, spot, coarse)));
        }
    }
}

/// What is coarse can be two prices as well, and needs a label.
fn position(window: &Window<'_>, span: Range<usize>, spot: &Spot, coarse: bool) -> Option<Hit> {
    if !ends_word(window.text, span.end) {
        return None;
    }
    let told = told(window, spot, &span, Concepts::POSITION);
    if coarse && !told.sure() {
        return None;
    }
    let prefixed = window.text.get(..span.start)?.ends_with("geo:");
    Some(Hit {
        kind: &POSITION,
        span,
        confidence: Confidence::Low,
        evidence: told.evidence().with_if(prefixed, Evidence::Prefix),
        canonical: None,
    })
}

/// The end of a cell of nothing but degrees, below a header that says which.
fn degrees_of_column(window: &Window<'_>, at: usize) -> Option<usize> {
    if at != 0 {
        return None;
    }
    let value = window.text;
    let degrees = decimal(value, 0).filter(|degrees| degrees.decimals >= DECIMALS)?;
    let name = window.row?.field()?.name.to_lowercase();
    let mut words = name.rsplit(|c: char| !c.is_alphanumeric());
    let range = words.find_map(|word| match word {
        "lat" | "latitude" | "breddegrad" | "breiddegrad" => Some(NORTH),
        "lon" | "lng" | "long" | "longitude" | "lengdegrad" => Some(EAST),
        _ => None,
    })?;
    (degrees.end == value.len() && range.contains(&degrees.value())).then_some(value.len())
}

/// The byte after a pair of decimal degrees, and whether it is a coarse one. In brackets the east may come first, as
/// in `GeoJSON` and in `POINT`.
fn decimal_pair(text: &str, at: usize) -> Option<(usize, bool)> {
    let first = decimal(text, at)?;
    let behind = text.get(first.end..)?;
    let written = degree_and(behind, 'N');
    let rest = written.strip_prefix([',', ';', '&']).unwrap_or(written);
    let separated = rest.len() < behind.len();
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let rest = behind_label(rest).unwrap_or(rest);
    let second_at = text.len() - rest.len();
    let same = |second: &Degrees<'_>| second_at > first.end && second.mark == first.mark;
    let second = decimal(text, second_at).filter(same)?;
    let few = first.decimals.min(second.decimals) < DECIMALS;
    let coarse = few || (first.mark == b',' && !separated);
    let bracket = text.get(..at)?.ends_with(['[', '(']);
    if bracket && EAST.contains(&first.value()) && NORTH.contains(&second.value()) {
        return Some((second.end, coarse));
    }
    let behind = text.get(second.end..)?;
    let end = text.len() - degree_and(behind, 'E').len();
    (NORTH.contains(&first.value()) && EAST.contains(&second.value())).then_some((end, coarse))
}

/// What follows a sign of degrees and a direction, or the text where it has no direction.
fn degree_and(text: &str, letter: char) -> &str {
    let rest = text.strip_prefix('°').unwrap_or(text);
    direction(rest, &[letter]).unwrap_or(text)
}

/// What follows a label of the longitude, such as `"lng": `.
fn behind_label(text: &str) -> Option<&str> {
    let of_mark = |c: char| matches!(c, '"' | '\'' | ':' | '=' | ' ');
    let (label, _) = text.split_at_checked(text.floor_char_boundary(16))?;
    let label = label.trim_start_matches(of_mark);
    let word = label.get(..label.find(|c: char| !c.is_ascii_alphabetic())?)?;
    let known = ["lon", "lng", "long", "longitude", "lengdegrad"];
    let known = known.iter().any(|own| word.eq_ignore_ascii_case(own));
    known.then(|| text.split_once(word).map(|(_, rest)| rest.trim_start_matches(of_mark)))?
}

/// Degrees with decimals, as they are written.
struct Degrees<'t> {
    written: &'t str,
    decimals: usize,
    /// The decimal mark.
    mark: u8,
    /// The byte after them.
    end: usize,
}

impl Degrees<'_> {
    /// How many they are; asked last, for most numbers are none.
    fn value(&self) -> f64 {
        self.written.replace(',', ".").parse().unwrap_or(f64::NAN)
    }
}

/// Degrees with some decimals behind a full stop or comma.
fn decimal(text: &str, at: usize) -> Option<Degrees<'_>> {
    let whole = count_from(text, at, 3, u8::is_ascii_digit);
    let mark = byte(text, at + whole).filter(|mark| matches!(mark, b'.' | b','))?;
    let decimals = count_from(text, at + whole + 1, MOST_DECIMALS + 1, u8::is_ascii_digit);
    let end = at + whole + 1 + decimals;
    let known = (1..=2).contains(&whole) && (COARSE_DECIMALS..=MOST_DECIMALS).contains(&decimals);
    let written = text.get(at..end).filter(|_| known)?;
    Some(Degrees { written, decimals, mark, end })
}

/// The byte after a pair of degrees, minutes and seconds, or minutes with decimals. The directions stand behind
/// both or before both.
fn sexagesimal_pair(text: &str, at: usize) -> Option<usize> {
    let (north, end) = sexagesimal(text, at)?;
    let behind = text.get(end..)?;
    let before = text.get(..at)?.trim_end_matches(' ').ends_with('N');
    let rest = if before { behind } else { direction(behind, &['N'])? };
    let rest = rest.trim_start_matches([' ', ',']);
    let rest = if before { direction(rest, &['E', 'Ø'])? } else { rest };
    let second = text.len() - rest.trim_start_matches(' ').len();
    // Spaces are few: what is behind them must be near.
    let (east, end) = sexagesimal(text, second).filter(|_| second - end <= 6)?;
    let end = if before { end } else { text.len() - direction(text.get(end..)?, &['E', 'Ø'])?.len() };
    (NORTH.contains(&north) && EAST.contains(&east)).then_some(end)
}

/// What follows one of these directions.
fn direction<'t>(text: &'t str, directions: &[char]) -> Option<&'t str> {
    text.strip_prefix(' ').unwrap_or(text).strip_prefix(directions)
}

/// Degrees and minutes, with seconds or decimals, and the byte after them.
fn sexagesimal(text: &str, at: usize) -> Option<(f64, usize)> {
    let (degrees, rest) = part(text.get(at..)?, &['°', 'º'])?;
    let written = rest;
    let (minutes, rest) = part(rest, &['\'', '′', '’'])?;
    let (seconds, rest) = match part(rest, &['"', '″', '”']) {
        Some(seconds) => seconds,
        None if written.strip_suffix(rest)?.contains('.') => (0.0, rest),
        None => return None,
    };
    let value = degrees + minutes / 60.0 + seconds / 3600.0;
    (minutes < 60.0 && seconds < 60.0).then_some((value, text.len() - rest.len()))
}

/// A number with its sign behind it, and what follows.
fn part<'t>(text: &'t str, signs: &[char]) -> Option<(f64, &'t str)> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let length = count_from(text, 0, 7, |byte| byte.is_ascii_digit() || *byte == b'.');
    // Most numbers have no such sign, which is cheaper to see.
    let behind = text.get(length..)?.strip_prefix(signs)?;
    Some((text.get(..length)?.parse().ok()?, behind))
}
