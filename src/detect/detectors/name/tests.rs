//! Tests of the detector: its own examples, tables, labels, canonical forms, windows.

use proptest::prelude::*;

use super::*;
use crate::detect::words::Concepts;
use crate::detect::Telling;
use crate::model::{Cell, Field, Layout, Origin};

/// The spot of a cell, by index, or of running text.
fn spot_of(window: &Window<'_>, cell: Option<usize>) -> Spot {
    let header = |cells: &[Cell], fields: &[Field]| {
        let field = fields.get(cells.get(cell?)?.field as usize)?;
        Some(column::of(&field.name))
    };
    let names = match window.layout {
        Layout::Cells { cells, fields } => header(cells, fields).unwrap_or_default(),
        Layout::Flow { .. } => Column::Unknown,
    };
    Spot {
        cell,
        header: Concepts::NONE,
        names,
        today: jiff::civil::date(2026, 11, 1),
    }
}

/// The cell in which this byte lies.
fn cell_around(layout: &Layout<'_>, at: usize) -> Option<usize> {
    let Layout::Cells { cells, .. } = *layout else {
        return None;
    };
    let around = |cell: &Cell| cell.start as usize <= at && at < cell.end as usize;
    cells.iter().position(around)
}

fn hits_in(window: &Window<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (start, c) in window.text.char_indices() {
        if c.is_uppercase() && window.body.contains(&start) {
            let end = start + words::word_length(&window.text[start..]);
            let cell = cell_around(&window.layout, start);
            let spot = spot_of(window, cell);
            DETECTOR.verify(&Anchor::Capital { start, end, spot }, window, &mut hits);
        }
    }
    if let Layout::Cells { cells, .. } = window.layout {
        for at in 0..cells.len() {
            DETECTOR.verify(&Anchor::Cell(spot_of(window, Some(at))), window, &mut hits);
        }
    }
    hits
}

fn flow(text: &str, body: Range<usize>) -> Window<'_> {
    let origin = Origin::Text { byte: 0, line: 1 };
    let layout = Layout::Flow {
        origin,
        continues: false,
    };
    Window { text, body, layout, telling: Telling::default() }
}

/// Text and level of what is found in running text.
fn found(text: &str) -> Vec<(&str, Confidence)> {
    let hits = hits_in(&flow(text, 0..text.len()));
    let shown = hits.into_iter().map(|hit| (&text[hit.span], hit.confidence));
    shown.collect()
}

/// Text and level of what is found in one row of a table.
fn found_in_row<'a>(headers: &[&str], row: &'a str) -> Vec<(&'a str, Confidence)> {
    let mut cells = Vec::new();
    let mut start = 0_u32;
    for (field, value) in row.split(';').enumerate() {
        let end = start + u32::try_from(value.len()).unwrap();
        let field = u32::try_from(field).unwrap();
        cells.push(Cell { start, end, field, row: 1 });
        start = end + 1;
    }
    let field = |(id, name): (u32, &&str)| Field {
        id,
        name: (*name).into(),
        sheet: None,
        numeric: false,
    };
    let fields: Vec<Field> = (0..).zip(headers).map(field).collect();
    let layout = Layout::Cells {
        cells: &cells,
        fields: &fields,
    };
    let window = Window {
        text: row,
        body: 0..row.len(),
        layout,
        telling: Telling::default(),
    };
    let hits = hits_in(&window).into_iter();
    hits.map(|hit| (&row[hit.span], hit.confidence)).collect()
}

fn canonical_of(text: &str) -> String {
    let mut hits = hits_in(&flow(text, 0..text.len()));
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.span.len()));
    hits.remove(0).canonical.unwrap()
}

#[test]
fn the_manuals_examples_hold() {
    for example in INFO.examples {
        let found = found(example.text);
        assert!(found.contains(&(example.found, example.confidence)), "{}", example.text);
    }
    for text in INFO.counter_examples {
        let found = found(text);
        let medium = found.iter().filter(|(_, level)| *level >= Confidence::Medium);
        assert_eq!(medium.count(), 0, "{text}: {found:?}");
    }
}

#[test]
fn headers_make_names_of_plausible_cells() {
    let headers = ["Fornavn", "Etternavn", "Poststed", "Saksbehandler"];
    let high = |name| (name, Confidence::High);
    assert_eq!(
        found_in_row(&headers, "bo;Lillebråten;Halden;Qzyx Vrååg"),
        [high("bo"), high("Lillebråten"), high("Qzyx Vrååg")]
    );
    assert_eq!(found_in_row(&["Etternavn"], "12-345"), []);
    assert_eq!(found_in_row(&["navn"], "Tuva Hansen"), [high("Tuva Hansen")]);
    assert_eq!(found_in_row(&["navn"], "Skrue, rustfri"), []);
    assert_eq!(found_in_row(&["produkt"], "Ivar Hansen"), []);
    assert_eq!(found_in_row(&["", ""], "Kari Hansen;17"), [high("Kari Hansen")]);
}

#[test]
fn names_do_not_reach_over_cells() {
    let found = found_in_row(&["a", "b"], "Kari;Hansen");
    assert!(found.iter().all(|(name, _)| !name.contains(';')), "{found:?}");
}

#[test]
fn labels_tell_persons_from_offices() {
    let cases = [
        ("Etternavn: Zvråkkeberg", "Zvråkkeberg", Some(Confidence::Medium)),
        ("<fornavn>Maylén</fornavn>", "Maylén", Some(Confidence::Medium)),
        ("Referanse: Per Hansen, tlf.", "Per Hansen", Some(Confidence::High)),
        ("Til: Økonomiavdelingen", "Økonomiavdelingen", None),
        ("Fra: Oslo Kommune", "Oslo Kommune", None),
        ("Dear Mr. Johnson,", "Johnson", Some(Confidence::High)),
        ("Dear Mr. Johnson,", "Mr", None),
        ("Mvh\nKari", "Kari", Some(Confidence::High)),
        ("Hei Marte,\nviser til", "Marte", Some(Confidence::High)),
    ];
    for (text, name, level) in cases {
        let found = found(text).into_iter();
        let level_found = found.filter(|(part, _)| *part == name).map(|(_, level)| level).max();
        assert_eq!(level_found, level, "{text}");
    }
}

#[test]
fn a_company_with_a_persons_name_is_low_and_a_ship_is_nothing() {
    let company = found("Regning fra Kari Hansen Rådgivning AS i dag.");
    assert!(!company.is_empty());
    assert!(company.iter().all(|(_, level)| *level == Confidence::Low), "{company:?}");
    assert_eq!(found("M/S Kari Hansen la til kai."), []);
}

#[test]
fn one_person_has_one_canonical_form() {
    for text in [
        "Kari Hansen ringte.",
        "Aasgård, Per\nHansen, Kari",
        "Det var Kari Hansens bil.",
        "NAVN: KARI HANSEN",
        "soknad_Kari_Hansen.pdf",
        "Ka\u{301}ri Hansen",
    ] {
        let canonical = canonical_of(text.rsplit('\n').next().unwrap());
        assert_eq!(canonical.replace('á', "a"), "kari hansen", "{text}");
    }
}

#[test]
fn a_name_belongs_to_the_window_in_which_it_starts() {
    let text = "Møtet ble ledet av Kari Hansen i går.";
    let at = text.find("Hansen").unwrap();
    let spans = |body| hits_in(&flow(text, body)).into_iter().map(|hit| hit.span);
    let first: Vec<_> = spans(0..at).collect();
    assert_eq!(first.len(), 1);
    assert_eq!(&text[first[0].clone()], "Kari Hansen");
    assert_eq!(spans(at..text.len()).count(), 0);
}

proptest! {
    #[test]
    fn any_text_is_survived_and_hits_lie_in_it(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "Kari", "Hansen", "ÅSE", "O’", "-", "'", ".", ", ", ": ", "\n", " ", "_", "von ",
                "Navn", "Hei ", "Mr. ", "AS", "&", "ß", "\u{301}", "İ", "K. ", "Ⅷ", "ǅ", "7", "=", ">",
            ]),
            0..40,
        ),
    ) {
        let text = parts.concat();
        for hit in hits_in(&flow(&text, 0..text.len())) {
            prop_assert!(text.get(hit.span.clone()).is_some_and(|name| !name.is_empty()));
            prop_assert!(hit.canonical.is_some_and(|canonical| !canonical.is_empty()));
        }
    }
}
