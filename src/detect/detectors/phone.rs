//! Telephone numbers: Norwegian ones by the national plan, foreign ones with their prefix.

mod bracketed;
mod contact_line;
mod written;

use crate::detect::context::{self, Before};
use crate::detect::dialling::{self, Series};
use crate::detect::{
    Anchor, Anchors, Beside, Concepts, Detector, DetectorInfo, Example, Hit, Lengths, Number, Shape,
    Window,
};
use crate::model::{Category, Confidence, Evidence, EvidenceSet, Kind};
use contact_line::among_contacts;
use written::{Form, groups_of, rarely_meant, touches_chain};

pub(super) static DETECTOR: Phone = Phone;

pub(super) struct Phone;

const fn kind(kind: &'static str, category: Category) -> Kind {
    Kind {
        detector: "phone",
        kind,
        category,
        digested: true,
        precedence: 50,
    }
}

static MOBILE: Kind = kind("mobile", Category::Contact);
static FIXED: Kind = kind("fixed", Category::Contact);
static SPECIAL: Kind = kind("special", Category::NotPersonal);

static INFO: DetectorInfo = DetectorInfo {
    id: "phone",
    title: "Telephone number",
    version: 5,
    kinds: &[&MOBILE, &FIXED, &SPECIAL],
    explanation: "\
Finds Norwegian telephone numbers of eight digits, and foreign numbers that carry `+` and a country
code.

## How it is checked
By Nkom's plan: 20-39, 50-57 and 60-79 are fixed, 40-49 and 90-99 mobile, 8xx and 58/59 special
(companies and devices, not personal). Half of all numbers of eight digits are possible telephone
numbers, so the form or a label must say so: `+47`, `22 33 44 55`, `922 33 445`, `Tlf. 22334455`.

## Levels
High: `+47` or `0047`, a label, or a column of telephone numbers. Medium: grouped as people write
telephone numbers; eight bare digits of a mobile series between marks (`·`, `|`) on a line with an e-mail address. Low: grouped, but an amount or another label stands before it; two groups of
four; eight bare digits of a mobile series that fill a cell without a header. Eight bare digits
elsewhere are none.

## Source
Nkom, all number series of Norwegian telephone numbers; nummerforskriften § 16; ITU-T E.164.",
    examples: &[
        found("ring +47 406 12 345", "+47 406 12 345", "mobile", Confidence::High),
        found("(+47) 21234567", "(+47) 21234567", "fixed", Confidence::High),
        found("Tlf: 21234567", "21234567", "fixed", Confidence::High),
        found("T: 21 23 45 67 M: x", "21 23 45 67", "fixed", Confidence::High),
        found("406 12 345", "406 12 345", "mobile", Confidence::Medium),
        found("815 12 345", "815 12 345", "special", Confidence::Medium),
        found("0047 40 61 23 45", "0047 40 61 23 45", "mobile", Confidence::High),
        found("Telefon 4740612345", "4740612345", "mobile", Confidence::High),
        found("+46 70 123 45 67", "+46 70 123 45 67", "mobile", Confidence::High),
        found("Storgata 1 · 40612345 · kari@x.no", "40612345", "mobile", Confidence::Medium),
        found("Tlf. 40.61.23.45", "40.61.23.45", "mobile", Confidence::High),
        found("☎ 40612345", "40612345", "mobile", Confidence::High),
        found("Tel. +44 (0)20 7946 0958", "+44 (0)20 7946 0958", "fixed", Confidence::High),
        found("+1 (212) 555-0123", "+1 (212) 555-0123", "fixed", Confidence::High),
        found("Tel: 0046 70 123 45 67", "0046 70 123 45 67", "mobile", Confidence::High),
        found("vakttelefon (pager): 40612345", "40612345", "mobile", Confidence::High),
        found("4061 2345", "4061 2345", "mobile", Confidence::Low),
    ],
    counter_examples: &[
        "+1441497364.649",
        "+10000-12-31",
        "+44 (0)20 79",
        "0046 70 123 45 67",
        "+2147483647",
        "0200   64 59 84 44  32 a7 da 92",
        "31122024",
        "20241231",
        "123 45 678",
        "kr 21 234 567",
        "40612345,00",
        "21 23 45 67 89",
        "versjon 40.61.23.45",
        "ring oss 23.11.2026",
        "2024-05-01 12:30:11 | 40612345 | kari@firma.no",
        "ordre 40612345 | kari@firma.no",
        "4242 4242 4242 4242",
    ],
    reach: 140,
};

const fn found(
    text: &'static str,
    found: &'static str,
    kind: &'static str,
    confidence: Confidence,
) -> Example {
    Example { text, found, kind, confidence }
}

/// How near a label must stand to eight bare digits, in bytes.
const LABEL_WITHIN: usize = 20;

/// Words that speak for something else.
const OTHERS: Concepts = Concepts::THING
    .and(Concepts::ACCOUNT)
    .and(Concepts::FNR)
    .and(Concepts::DATE);

/// Prefixes in parentheses that stand before a national number.
const IN_PARENTHESES: &[&str] = &["(+47)", "(0047)", "(47)"];

impl Detector for Phone {
    fn info(&self) -> &'static DetectorInfo {
        &INFO
    }

    fn anchors(&self) -> Anchors {
        Anchors::DIGITS
    }

    fn shapes(&self) -> &'static [Shape] {
        const {
            &[
                Shape::of(Lengths::between(1, 15)).before(Beside::PLUS),
                Shape::of(Lengths::of(&[8, 10, 12])).free(),
                Shape::of(Lengths::between(1, 10)).before(Beside::NO_LETTER).after(Beside::SEPARATOR),
            ]
        }
    }

    fn verify(&self, anchor: &Anchor<'_>, window: &Window<'_>, hits: &mut Vec<Hit>) {
        let Anchor::Digits(number) = anchor else {
            return;
        };
        let before = window.text.get(..number.start).unwrap_or_default();
        let hit = if before.ends_with('+') {
            international(number, window)
        } else if before.ends_with([')', ' ']) && let Some(hit) = bracketed::read(window.text, number) {
            Some(hit)
        } else if number.digits::<4>(0) == Some([0, 0, 4, 7]) {
            with_zeros(number, window)
        } else {
            national(number, window, before).or_else(|| dialled_out(number, window))
        };
        hits.extend(hit);
    }
}

/// A number behind `+`.
fn international(number: &Number, window: &Window<'_>) -> Option<Hit> {
    let start = number.start - 1;
    if dialling::touches_word(window.text, start) {
        return None;
    }
    let (groups, digits, series) = match groups_of(number, 10) {
        Some(groups) if number.digits::<2>(0) == Some([4, 7]) => {
            (groups, 10, dialling::series(number.digits::<8>(2)?)?)
        }
        _ => foreign(number)?,
    };
    if !dialling::ends_free(window.text, number.end(groups)) {
        return None;
    }
    let canonical = number.text_after("+", 0, digits);
    let evidence = EvidenceSet::EMPTY.with(Evidence::Prefix);
    Some(hit(series, start..number.end(groups), Confidence::High, evidence, canonical))
}

/// Groups and digits of a foreign number: all that follows, up to the 15 digits of E.164.
fn foreign(number: &Number) -> Option<(usize, usize, Series)> {
    let country = dialling::country(number.digits::<3>(0)?)?;
    let (groups, digits) = number.up_to(country.code + country.national.1)?;
    let series = series_abroad(number.digits::<5>(0)?, digits)?;
    Some((groups, digits, series))
}

/// A foreign number behind `00` instead of a plus, in groups behind a label.
fn dialled_out(number: &Number, window: &Window<'_>) -> Option<Hit> {
    let zeros = number.digits::<2>(0) == Some([0, 0]);
    if !zeros || number.lengths().len() < 3 || !is_labelled(number, window) {
        return None;
    }
    let country = dialling::country(number.digits::<3>(2)?)?;
    let (groups, digits) = number.up_to(2 + country.code + country.national.1)?;
    let series = series_abroad(number.digits::<5>(2)?, digits - 2)?;
    let span = number.start..number.end(groups);
    let evidence = EvidenceSet::EMPTY.with(Evidence::Prefix).with(Evidence::Label);
    let canonical = number.text_after("+", 2, digits - 2);
    number
        .stands_free(window, groups)
        .then(|| hit(series, span, Confidence::High, evidence, canonical))
}

/// The series of a number of `digits` digits abroad that begins with `first`; `None` where it is none.
fn series_abroad(first: [u8; 5], digits: usize) -> Option<Series> {
    let [one, two, three, ..] = first;
    let country = dialling::country([one, two, three])?;
    // In North America neither area nor exchange begins with 0 or 1 (NANP).
    if [one, two] == [4, 7] || one == 1 && (two < 2 || first[4] < 2) {
        return None;
    }
    let mobile = matches!([one, two, three], [4, 5, _] | [4, 6 | 4, 7]);
    let (least, most) = country.national;
    let fits = (country.code + least..=country.code + most).contains(&digits) && digits >= 8;
    fits.then_some(if mobile { Series::Mobile } else { Series::Fixed })
}

/// A number behind `0047`.
fn with_zeros(number: &Number, window: &Window<'_>) -> Option<Hit> {
    let groups = groups_of(number, 12)?;
    let series = dialling::series(number.digits::<8>(4)?)?;
    let evidence = EvidenceSet::EMPTY.with(Evidence::Prefix);
    number.stands_free(window, groups).then(|| {
        let level = if groups > 1 || is_labelled(number, window) {
            Confidence::High
        } else {
            Confidence::Medium
        };
        let span = number.start..number.end(groups);
        hit(series, span, level, evidence, number.text_after("+", 2, 10))
    })
}

/// Eight digits, or ten that begin with 47.
fn national(number: &Number, window: &Window<'_>, before: &str) -> Option<Hit> {
    if let Some(groups) = groups_of(number, 10)
        && number.digits::<2>(0) == Some([4, 7])
        && let Some(series) = dialling::series(number.digits::<8>(2)?)
    {
        return with_47(number, window, groups, series);
    }
    let groups = groups_of(number, 8)?;
    let series = dialling::series(number.digits::<8>(0)?)?;
    if dialling::is_prefixed(before) || !number.stands_free(window, groups) {
        return None;
    }
    let trimmed = before.strip_suffix([' ', '\u{a0}']).unwrap_or(before);
    let prefix = IN_PARENTHESES.iter().find(|prefix| trimmed.ends_with(**prefix));
    let canonical = || number.text_after("+47", 0, 8);
    if let Some(prefix) = prefix {
        let span = trimmed.len() - prefix.len()..number.end(groups);
        let evidence = EvidenceSet::EMPTY.with(Evidence::Prefix);
        return Some(hit(series, span, Confidence::High, evidence, canonical()));
    }
    let (level, evidence) = weigh(number, window, groups, series)?;
    Some(hit(series, number.start..number.end(groups), level, evidence, canonical()))
}

/// `47` without a plus: only with a label, or in groups.
fn with_47(number: &Number, window: &Window<'_>, groups: usize, series: Series) -> Option<Hit> {
    let labelled = is_labelled(number, window);
    let grouped = number.begins(&[2, 2, 2, 2, 2]) || number.begins(&[2, 3, 2, 3]);
    if !number.stands_free(window, groups) || !(labelled || grouped && number.uniform(groups)) {
        return None;
    }
    let level = if labelled { Confidence::High } else { Confidence::Medium };
    let evidence = EvidenceSet::EMPTY
        .with(Evidence::Prefix)
        .with_if(labelled, Evidence::Label)
        .with_if(grouped, Evidence::Grouping);
    let span = number.start..number.end(groups);
    Some(hit(series, span, level, evidence, number.text_after("+", 0, 10)))
}

/// Level and evidence of eight digits without a prefix.
fn weigh(
    number: &Number,
    window: &Window<'_>,
    groups: usize,
    series: Series,
) -> Option<(Confidence, EvidenceSet)> {
    let form = Form::of(number, groups, series);
    let before = context::before(window, &number.spot, number.start);
    let labelled = labels(&before) || is_signed(window.text, number.start);
    let header = number.spot.header;
    let named = header.meet(Concepts::PHONE);
    let dump = form == Form::Grouped && !labelled && !named;
    if dump && dialling::in_a_dump(window.text, number.start..number.end(groups)) {
        return None;
    }
    let unlikely = form == Form::Odd && !labelled && !named && !rarely_meant(number, series);
    if form == Form::Chain || unlikely || touches_chain(number, window, groups, labelled) {
        return None;
    }
    let behind = context::after(window, number.end(groups));
    let own = context::has_own_number(window.text, number.start, before.gap);
    let against = before.nearest.meet(OTHERS) && !own || behind.meet(Concepts::MONEY);
    let among = form == Form::Bare && among_contacts(number, window, series);
    let other_header = !header.is_empty() && !named && header.meet(OTHERS.and(Concepts::BIRTH));
    let evidence = EvidenceSet::EMPTY
        .with_if(form == Form::Grouped, Evidence::Grouping)
        .with_if(form == Form::Odd, Evidence::OddForm)
        .with_if(labelled, Evidence::Label)
        .with_if(named, Evidence::Header)
        .with_if(against && !labelled, Evidence::NegativeWord)
        .with_if(among && !labelled, Evidence::PersonNear)
        .with_if(other_header, Evidence::OtherHeader);
    let level = match form {
        Form::Grouped | Form::Odd if other_header || against && !labelled => Confidence::Low,
        Form::Grouped | Form::Bare | Form::Odd if labelled || named => Confidence::High,
        Form::Grouped => Confidence::Medium,
        Form::Odd => Confidence::Low,
        Form::Bare if other_header || against => return None,
        Form::Bare if behind.meet(Concepts::PHONE) || among => Confidence::Medium,
        Form::Bare if header.is_empty() && fills_cell(number, window) && series == Series::Mobile => {
            return Some((Confidence::Low, evidence.with(Evidence::WholeCell)));
        }
        Form::Bare | Form::Chain => return None,
    };
    Some((level, evidence))
}

fn is_labelled(number: &Number, window: &Window<'_>) -> bool {
    number.spot.header.meet(Concepts::PHONE)
        || labels(&context::before(window, &number.spot, number.start))
        || is_signed(window.text, number.start)
}

/// Signs that stand before telephone numbers.
const SIGNS: [char; 6] = ['☎', '☏', '✆', '📞', '📱', '📲'];

/// Whether a sign for telephone stands right before.
fn is_signed(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    // The sign may be followed by one that asks for its coloured form.
    before.trim_end_matches([' ', ':', '\u{a0}', '\u{fe0f}']).ends_with(SIGNS)
}

fn labels(before: &Before) -> bool {
    let near = before.nearest.meet(Concepts::PHONE) && before.gap <= LABEL_WITHIN;
    let letter = before.nearest.meet(Concepts::LETTER) && before.gap <= 3;
    near || letter || before.nearest.is_empty() && before.above.meet(Concepts::PHONE)
}

fn fills_cell(number: &Number, window: &Window<'_>) -> bool {
    window.is_filled_by(&(number.start..number.end(1)))
}

fn hit(
    series: Series,
    span: std::ops::Range<usize>,
    confidence: Confidence,
    evidence: EvidenceSet,
    canonical: String,
) -> Hit {
    let kind = match series {
        Series::Mobile => &MOBILE,
        Series::Fixed => &FIXED,
        Series::Service | Series::Device => &SPECIAL,
    };
    Hit { kind, span, confidence, evidence, canonical: Some(canonical) }
}
