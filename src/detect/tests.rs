//! What must hold for all detectors and for the cutting of texts.

use proptest::prelude::*;

use super::*;
use crate::model::{Candidate, Cell, DigestKey, DocumentClass, Field, Layout, Origin, Piece};

fn scanner() -> Scanner {
    let classes = [DocumentClass {
        id: "recruitment.cv".to_owned(),
        words_path: vec![],
        words_text: vec!["arbeidserfaring".to_owned(), "språkkunnskaper".to_owned()],
    }];
    Scanner::new(DigestKey::new([7; 16]), classes.into())
}

fn sight(text: &str) -> Vec<Candidate> {
    scanner()
        .sight(&Cut::of_text(text), SampleWish::All)
        .candidates
}

#[test]
fn examples_are_found_at_their_level() {
    for detector in detectors() {
        let info = detector.info();
        assert!(
            !info.examples.is_empty() && !info.counter_examples.is_empty(),
            "{}",
            info.id
        );
        for example in info.examples {
            let start = example.text.find(example.found).unwrap() as u64;
            let end = start + example.found.len() as u64;
            let candidates = sight(example.text);
            let of_ours = candidates.iter().filter(|c| c.kind.detector == info.id);
            let found: Vec<_> = of_ours
                .map(|c| (c.kind.kind, c.start, c.end, c.confidence))
                .collect();
            let expected = (example.kind, start, end, example.confidence);
            assert!(found.contains(&expected), "{:?}: {found:?}", example.text);
        }
    }
}

/// What is written around numbers, and numbers of all lengths.
fn numbers_in_text() -> impl Strategy<Value = String> {
    let own = detectors()
        .iter()
        .flat_map(|detector| detector.info().examples);
    let own: Vec<&'static str> = own.map(|example| example.text).collect();
    let part = prop_oneof![
        6 => "[0-9]{1,13}",
        4 => "[ .:/,°'\"-]",
        2 => prop::sample::select(own).prop_map(str::to_owned),
        1 => "(fnr|KID|HPR|konto|pass|født|tlf|GPS|MAC|gnr|bnr|NO|EL|FHN|N|E|UTM|32V|mars|\n| ){1}",
        1 => "2\\.16\\.578\\.1\\.12\\.4\\.1\\.4\\.1:(15108695088|22838111878)",
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    /// Planted fault that this caught: no length of 4 for account numbers, `1234.56.78901`.
    #[test]
    fn shapes_that_a_detector_does_not_ask_for_hide_nothing(text in numbers_in_text()) {
        let plain = scanner().of_any_shape();
        let plainly = plain.sight(&Cut::of_text(&text), SampleWish::None).candidates;
        prop_assert_eq!(format!("{:?}", sight_of(&text)), format!("{plainly:?}"));
    }
}

/// Headers that name what is sought, and one that names nothing.
const HEADERS: [&str; 12] = [
    "fnr",
    "personnummer",
    "født",
    "KID",
    "HPR-nr",
    "pass",
    "postnr",
    "adresse",
    "konto",
    "MAC",
    "lat",
    "x",
];

proptest! {
    /// Planted fault that this caught: an object identifier before a number was no word.
    #[test]
    fn shapes_hide_nothing_in_cells(
        values in prop::collection::vec(numbers_in_text(), 12),
        pads in prop::collection::vec("[0-9]{0,12}", 12),
    ) {
        let rows: [&[String]; 2] = [&values, &pads];
        let seen = table(&scanner(), &rows, &HEADERS, false).1;
        let plainly = table(&scanner().of_any_shape(), &rows, &HEADERS, false).1;
        prop_assert_eq!(format!("{seen:?}"), format!("{plainly:?}"));
    }
}

/// Times and amounts.
fn silent_cells() -> impl Strategy<Value = String> {
    let two = || "[0-9]{2}";
    let time = (
        prop_oneof![1 => "[0-9]{4}", 3 => "(19|20)[0-9]{2}"],
        prop_oneof![1 => two().boxed(), 3 => "(0[1-9]|1[0-2])".boxed()],
        prop_oneof![1 => two().boxed(), 3 => "[0-2][1-9]".boxed()],
        "[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[03]0)?",
    );
    prop_oneof![
        time.prop_map(|(year, month, day, time)| format!("{year}-{month}-{day}{time}")),
        "[0-9]{1,9}[.,][0-9]{1,2}",
        "[249][0-9]{7}[.,][0-9]{1,2}",
        prop::sample::select(vec!["228381118,78", "228381118.78"]).prop_map(str::to_owned),
    ]
}

/// Headers of times and amounts, and some that name what is sought.
const SILENT_HEADERS: [&str; 12] = [
    "fnr",
    "lat",
    "MAC",
    "saldo",
    "endret",
    "created_at",
    "UTM nord",
    "beløp",
    "",
    "sum",
    "dato",
    "lon",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Planted fault that this caught: an amount below `fnr` taken for silent.
    #[test]
    fn times_and_amounts_hide_nothing(values in prop::collection::vec(silent_cells(), 12)) {
        let rows: [&[String]; 1] = [&values];
        let seen = table(&scanner(), &rows, &SILENT_HEADERS, false).1;
        let plainly = table(&scanner().of_any_shape(), &rows, &SILENT_HEADERS, false).1;
        prop_assert_eq!(format!("{seen:?}"), format!("{plainly:?}"));
    }
}

proptest! {
    /// Planted fault that this caught: a cell shown with the two bytes behind it.
    #[test]
    fn what_separates_cells_hides_nothing(
        values in prop::collection::vec(numbers_in_text(), 12),
        pads in prop::collection::vec("[0-9]{0,12}", 12),
        separator in prop::sample::select(vec![",", ".", "-", " ", "+47", "\t", "','"]),
    ) {
        let rows: [&[String]; 2] = [&values, &pads];
        let seen = |separator: &str| {
            let (text, candidates) = separated(&scanner(), &rows, (&HEADERS, false), separator);
            let shown = candidates.into_iter().map(|one| {
                let byte = |at: u64| usize::try_from(at).unwrap();
                let matched = text.get(byte(one.start)..byte(one.end)).unwrap().to_owned();
                (matched, one.kind.id(), one.confidence, one.evidence, one.field, one.row, one.digest)
            });
            shown.collect::<Vec<_>>()
        };
        prop_assert_eq!(seen(";"), seen(separator));
    }
}

/// Headers of columns whose values are judged by their own text, by their row, or by both.
const REPEATED_HEADERS: [&str; 10] = [
    "navn",
    "personnummer",
    "født",
    "orgnr",
    "postnr",
    "sted",
    "form",
    "e-post",
    "",
    "merknad",
];

/// Values of which some say more beside others.
const REPEATED: [&str; 18] = [
    "Kari Testesen",
    "Åse Prøve",
    "95016",
    "15816595016",
    "15.81.1965",
    "1965-01-15",
    "974760673",
    "ENK",
    "0150",
    "Oslo",
    "0150 Oslo",
    "Storgata 1, 0150 Oslo",
    "kari.testesen@firma.no",
    "22 33 44 55",
    "fnr",
    "Sykmeldt",
    "Hilsen Kari",
    "",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Planted fault that this caught: a number remembered with the date beside it.
    #[test]
    fn cells_that_come_again_are_found_again(
        order in prop::collection::vec(prop::sample::select(REPEATED.to_vec()), 4100..4500),
    ) {
        let cells: Vec<String> = order.into_iter().map(str::to_owned).collect();
        let rows: Vec<&[String]> = cells.chunks_exact(REPEATED_HEADERS.len()).collect();
        let seen = table(&scanner(), &rows, &REPEATED_HEADERS, false).1;
        let plainly = table(&scanner().of_any_shape(), &rows, &REPEATED_HEADERS, false).1;
        prop_assert_eq!(format!("{seen:?}"), format!("{plainly:?}"));
    }
}

fn sight_of(text: &str) -> Vec<Candidate> {
    scanner()
        .sight(&Cut::of_text(text), SampleWish::None)
        .candidates
}

#[test]
fn counter_examples_are_not_found() {
    for detector in detectors() {
        let info = detector.info();
        for text in info.counter_examples {
            let found = sight(text).into_iter().find(|candidate| {
                candidate.kind.detector == info.id
                    && candidate.confidence > crate::model::Confidence::Low
            });
            assert!(found.is_none(), "{}: {text:?}: {found:?}", info.id);
        }
    }
}

#[test]
fn kinds_belong_to_their_detector_and_ids_are_unique() {
    let mut ids = std::collections::BTreeSet::new();
    for detector in detectors() {
        let info = detector.info();
        assert!(ids.insert(info.id), "{} twice", info.id);
        assert!(
            info.kinds.iter().all(|kind| kind.detector == info.id),
            "{}",
            info.id
        );
        assert!(fingerprint().contains(info.id));
    }
}

/// What a cutting must not change of a candidate.
fn trace(
    candidate: &Candidate,
) -> (
    String,
    u64,
    u64,
    String,
    u64,
    Option<(crate::model::Place, String)>,
) {
    (
        candidate.kind.id(),
        candidate.start,
        candidate.end,
        format!("{:?} {:?}", candidate.confidence, candidate.evidence),
        candidate.digest,
        candidate
            .sample
            .clone()
            .map(|sample| (sample.0, sample.1.to_string())),
    )
}

/// The text in pieces that end at `ends` and windows of `body` bytes.
fn sight_cut(text: &str, ends: &[usize], body: usize, block: u64) -> (Vec<Candidate>, u32, u64) {
    let scanner = scanner();
    let mut cutter = scanner.cutter().with_body_bytes(body);
    let (mut candidates, mut words, mut bytes) = (Vec::new(), 0, 0);
    let mut settling = Settling::new(SampleWish::All).with_block_bytes(block);
    let mut take = |sightings: crate::model::Sightings| {
        candidates.extend(sightings.candidates);
        words |= sightings
            .cues
            .iter()
            .fold(0, |words, cue| words | cue.words);
        bytes += sightings.text_bytes;
    };
    let mut emit = |cut: &Cut<'_>| {
        let look = scanner.look(&cut.to_owned_cut().as_cut(), SampleWish::All);
        settling.push(&scanner, look, &mut take);
    };
    let mut ends: Vec<usize> = ends
        .iter()
        .map(|end| text.floor_char_boundary(end % (text.len() + 1)))
        .collect();
    ends.push(text.len());
    ends.sort_unstable();
    let mut from = 0;
    for end in ends {
        let line = 1 + text.split_at(from).0.matches('\n').count() as u64;
        let origin = Origin::Text {
            byte: from as u64,
            line,
        };
        let layout = Layout::Flow {
            origin,
            continues: from > 0,
        };
        cutter.push(
            &Piece {
                text: text.get(from..end).unwrap(),
                layout,
            },
            &mut emit,
        );
        from = end;
    }
    cutter.finish(&mut emit);
    settling.finish(&scanner, &mut take);
    (candidates, words, bytes)
}

/// Pieces of text that detectors care for, in any order.
fn texts() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "Navn\tTelefon\n",
        "Kari Testesen\t40612345\n",
        "Fødselsnummer: ",
        "22838111878",
        "228381 11878",
        "15.10.1986",
        " Personnummer: ",
        "95088",
        "kontonr ",
        "8601.11.17947",
        "86011117947",
        "+47 406 12 345",
        "(+47) 21234567",
        "21 23 45 67",
        "Tlf. ",
        "21234567",
        "kari@firma.no",
        "pål.åsheim@blåbær.no",
        "@",
        ".",
        "\n",
        " ",
        "\u{a0}",
        "-",
        "KID ",
        "arbeidserfaring",
        "Språkkunnskaper ",
        "15 10 86 95 088",
        "0000000000000000000000000000000000000000000000",
        "kr ",
        "å",
        "Åse Berg ",
        "KARI VON HANSEN ",
        "Kari Hansens ",
        "Hansen, Kari\n",
        "Navn: ",
        "kari hansen ",
        "kari.hansen@firma.no",
        "K. ",
        "gnr. 12 bnr. 3 fnr. ",
        "Message-ID: <",
        "12 ",
        "fnr",
        "mob: ",
        "x",
        "konto",
    ]);
    prop::collection::vec(parts, 1..400).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cutting_never_changes_what_is_found(
        text in texts(),
        ends in prop::collection::vec(any::<usize>(), 0..6),
        body in 1_usize..300,
    ) {
        let whole = scanner().sight(&Cut::of_text(&text), SampleWish::All);
        let one_block = 1 << 20;
        let (parts, words, bytes) = sight_cut(&text, &ends, body, one_block);
        let whole_trace: Vec<_> = whole.candidates.iter().map(trace).collect();
        let parts_trace: Vec<_> = parts.iter().map(trace).collect();
        prop_assert_eq!(parts_trace, whole_trace);
        prop_assert_eq!(words, whole.cues.iter().fold(0, |words, cue| words | cue.words));
        prop_assert_eq!(bytes, text.len() as u64);
        // Names are settled block by block; where blocks end does not depend on the cutting.
        let (whole, ..) = sight_cut(&text, &[], text.len(), 700);
        let (parts, ..) = sight_cut(&text, &ends, body, 700);
        let whole_trace: Vec<_> = whole.iter().map(trace).collect();
        let parts_trace: Vec<_> = parts.iter().map(trace).collect();
        prop_assert_eq!(parts_trace, whole_trace);
    }

    #[test]
    fn numbers_that_are_torn_anywhere_stand_on_borders(
        text in "(fnr|Født|pnr|f\\.|konto| |\\n|\\t|[0-9]{1,6}|[０-９]{1,3}|\u{ad}|\u{200b}|\u{301}|\u{2212}|[.|/:·@æ]){0,40}"
    ) {
        for hit in sight(&text) {
            let span = usize::try_from(hit.start).unwrap()..usize::try_from(hit.end).unwrap();
            prop_assert!(text.get(span).is_some_and(|matched| !matched.is_empty()));
        }
    }

    #[test]
    fn any_text_is_survived_and_masked_on_borders(text in "\\PC{0,200}") {
        let masked = scanner().mask(&text);
        prop_assert_eq!(masked.chars().count(), text.chars().count());
    }
}

#[test]
fn a_million_digits_and_separators_take_linear_time() {
    for hostile in [
        "1",
        "1 ",
        "12-",
        "@",
        "a@",
        "1.1.",
        "A",
        "Å",
        "a.",
        "+47 ",
        "1\n",
        "fnr 1 ",
        "f. 1.1.",
        "１",
        "e\u{301}",
        "1|",
        "pnr 12345 født ",
        "betales til 1 ",
        "Sted: A",
    ] {
        let bytes = if hostile == "1" { 1_000_000 } else { 200_000 };
        let text = hostile.repeat(bytes / hostile.len());
        assert!(sight(&text).len() < text.len(), "{hostile}");
    }
}

#[test]
fn paths_are_masked() {
    let masked = scanner().mask("arkiv/22838111878_kari@firma.no.pdf");
    assert_eq!(masked, "arkiv/22*********_ka**@*****.**.pdf");
}

/// What `scanner` sees in a table, and the table's text.
fn table<T: AsRef<str>>(
    scanner: &Scanner,
    rows: &[&[T]],
    names: &[&str],
    numeric: bool,
) -> (String, Vec<Candidate>) {
    separated(scanner, rows, (names, numeric), ";")
}

/// The same in a table with `separator` between its cells.
fn separated<T: AsRef<str>>(
    scanner: &Scanner,
    rows: &[&[T]],
    (names, numeric): (&[&str], bool),
    separator: &str,
) -> (String, Vec<Candidate>) {
    let fields: Vec<Field> = names
        .iter()
        .zip(10_u32..)
        .map(|(name, id)| Field {
            id,
            name: (*name).into(),
            sheet: None,
            numeric,
        })
        .collect();
    let (mut text, mut cells) = (String::new(), Vec::new());
    for (row, values) in (1_u64..).zip(rows) {
        for (field, value) in (0_u32..).zip(*values) {
            let start = u32::try_from(text.len()).unwrap();
            text.push_str(value.as_ref());
            cells.push(Cell {
                start,
                end: u32::try_from(text.len()).unwrap(),
                field,
                row,
            });
            text.push_str(separator);
        }
    }
    let layout = Layout::Cells {
        cells: &cells,
        fields: &fields,
    };
    let cut = Cut::of_cells(
        &Piece {
            text: &text,
            layout,
        },
        0,
    );
    let sightings = scanner.sight(&cut, SampleWish::All);
    (text, sightings.candidates)
}

fn cells(rows: &[&[&str]], names: &[&str], numeric: bool) -> Vec<(String, String, Option<u32>)> {
    let (text, candidates) = table(&scanner(), rows, names, numeric);
    let shown = |c: Candidate| {
        let found = text
            .get(usize::try_from(c.start).unwrap()..usize::try_from(c.end).unwrap())
            .unwrap();
        (
            format!("{} {}", c.kind.id(), c.confidence.as_str()),
            found.to_owned(),
            c.field,
        )
    };
    candidates.into_iter().map(shown).collect()
}

#[test]
fn headers_decide_in_tables() {
    let header = |name, value| cells(&[&[value]], &[name], false);
    let one = |name, value| {
        header(name, value)
            .into_iter()
            .map(|found| found.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(one("telefon", "21234567"), ["phone:fixed high"]);
    assert_eq!(one("kundenr", "21234567"), [""; 0]);
    assert_eq!(one("", "40612345"), ["phone:mobile low"]);
    assert_eq!(one("kontonr", "86011117947"), ["bank-account high"]);
    assert_eq!(
        one("person.fnr", "22838111878"),
        ["fodselsnummer:synthetic high"]
    );
    assert_eq!(
        one("ordrenr", "22838111878"),
        ["fodselsnummer:synthetic low"]
    );
    assert_eq!(
        header("fnr", "3899410911")
            .first()
            .map(|found| found.1.as_str()),
        Some("3899410911")
    );
    assert_eq!(one("ordrenr", "3899410911"), [""; 0]);
}

#[test]
fn a_birth_date_and_a_personnummer_column_are_joined() {
    let rows: &[&[&str]] = &[
        &["Kari", "15.10.1986", "95088"],
        &["Ola", "15.10.1987", "95088"],
    ];
    let mut found = cells(rows, &["navn", "fødselsdato", "personnr"], false);
    found.retain(|(kind, ..)| kind.starts_with("fodselsnummer"));
    let expected = (
        "fodselsnummer high".to_owned(),
        "95088".to_owned(),
        Some(12),
    );
    assert_eq!(found, [expected]);
}
