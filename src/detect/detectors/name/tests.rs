//! Tests of the detector: its own examples, tables, labels, canonical forms, windows.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::detect::{Cut, SampleWish, Scanner};
use crate::model::{Candidate, Cell, DigestKey, Field, Layout, Piece};

/// What is found of names in a window that is an object by itself.
pub(super) fn hits_in(cut: &Cut<'_>) -> Vec<(Range<usize>, Candidate)> {
    let scanner = Scanner::new(DigestKey::new([7; 16]), [].into());
    let mut found = scanner.sight(cut, SampleWish::None).candidates;
    found.retain(|candidate| candidate.kind == &NAME);
    let at = |byte: u64| usize::try_from(byte).unwrap();
    found.into_iter().map(|one| (at(one.start)..at(one.end), one)).collect()
}

pub(super) fn flow(text: &str, body: Range<usize>) -> Cut<'_> {
    Cut { window: Window::of(text, body), ..Cut::of_text(text) }
}

/// Text and level of what is found in running text.
fn found(text: &str) -> Vec<(&str, Confidence)> {
    let hits = hits_in(&flow(text, 0..text.len()));
    let shown = hits.into_iter().map(|(span, hit)| (&text[span], hit.confidence));
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
    let hits = hits_in(&Cut::of_cells(&Piece { text: row, layout }, 0)).into_iter();
    hits.map(|(span, hit)| (&row[span], hit.confidence)).collect()
}

/// The digest of the longest name.
fn digest_of(text: &str) -> u64 {
    let mut hits = hits_in(&flow(text, 0..text.len()));
    hits.sort_by_key(|(span, _)| std::cmp::Reverse(span.len()));
    hits.remove(0).1.digest
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
    assert_eq!(found_in_row(&["Fornavn", "Etternavn"], "Fornavn;Etternavn"), []);
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
        "Hansen, Kari",
        "Det var Kari Hansens bil.",
        "Det var Kari Hansens' bil.",
        "NAVN: KARI HANSEN",
        "1. Hansen, Kari (43)",
        "(43)\n2. Hansen, Kari",
        "Kari Hansen Dato: 3.3.2025",
        "Kari Hansen Nestleder: ledig",
        "Kari Hansen: Ja, det stemmer.",
        "soknad_Kari_Hansen.pdf",
    ] {
        assert_eq!(digest_of(text), digest_of("Hilsen\nKari Hansen"), "{text}");
    }
}

#[test]
fn a_name_belongs_to_the_window_in_which_it_starts() {
    let text = "Møtet ble ledet av Kari Hansen i går.";
    let at = text.find("Hansen").unwrap();
    let spans = |body| hits_in(&flow(text, body)).into_iter().map(|(span, _)| span);
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
        for (span, _) in hits_in(&flow(&text, 0..text.len())) {
            prop_assert!(text.get(span).is_some_and(|name| !name.is_empty()));
        }
    }
}

#[test]
fn what_only_looks_like_a_name_is_passed_over() {
    let medium = |text| {
        let names = found(text).into_iter().filter(|name| name.1 >= Confidence::Medium);
        names.map(|name| name.0).collect::<Vec<_>>()
    };
    for text in [
        "Adresse: Solbakken 141B, 7010 Trondheim",
        "12:00:01Z INFO [db.pool.Hikari] trace=a2 [kafka.consumer.Fetcher] x",
        "if (s != READY) { return -EINVAL; }",
        "X-Mailer: Microsoft Macintosh Outlook\nUser-Agent: Mozilla Thunderbird\n",
        "mousemove: INPUT_MOVE, DIRECTION_HANSEN = DIRECTION_RIGHT | LD_PRELOAD;",
        "return String.format(\"%s\", x);",
        "ombord i skonnerten Anna Rogde, MS «Kong Harald» og Hurtigruta Kong Harald",
        "Vi kjører Docker på Linux, og saken står i Jira.",
        "Tillegg A. Avledede distribusjoner\n",
        "Vivamus a tellus. Donec laoreet nonummy augue. Fusce est. Pellentesque habitant morbi tristique.",
        "With the droplist, the Render menu is shown. This file should be kept. Lock the layer, see Channel of it.",
        "Click to edit Master title style\nEdit Master text styles\nArial\nCalibri Light\n",
        "Brukt bil    Tlf: 412 34 567    Skjemanr. 12",
        "Presidenten i Chile sa nei, og Chiles minister var enig med Peru og Perus regjering.",
    ] {
        assert_eq!(medium(text), Vec::<&str>::new(), "{text}");
    }
    assert_eq!(medium("Polhavet mellom Svalbard og Jan Mayen, og været på Jan Mayen.\n"), Vec::<&str>::new());
    assert_eq!(medium("Dette er Kari Moens' brev til kommunen.\n"), ["Kari Moens'"]);
    assert_eq!(medium("Vi spurte 'Kari Moens' om det.\n"), ["Kari Moens"]);
    assert_eq!(medium("Han fikk en SMS «Kari Haugen kommer i morgen» i går.\n"), ["Kari Haugen"]);
    assert_eq!(medium("Se HANSEN_KARI og så videre.\n"), ["HANSEN_KARI"]);
    assert_eq!(medium("Opptatt av T.Rønning\n"), ["T.Rønning"]);
    assert_eq!(medium("Kari_Nordmann_CV_2024.docx"), ["Kari_Nordmann"]);
    assert_eq!(medium("Ask Heidi Tangen if unsure.\n"), ["Heidi Tangen"]);
    assert_eq!(medium("[18:07:00] Aud: hei, er du der?\n"), ["Aud"]);
    assert_eq!(medium("INSERT INTO p VALUES (3,'Heidi','Nordby','Moss');"), ["Heidi", "Nordby"]);
    assert_eq!(medium("Hva mener du?\nTorstein: Ja.\nMai: varmt\nStein: til støping"), ["Torstein"]);
    assert_eq!(medium("Pasient Roth, Linda, født 12.12.1999")[0], "Roth, Linda");
}

/// Text and level `medium` or above.
fn sure(text: &str) -> Vec<&str> {
    let names = found(text).into_iter().filter(|name| name.1 >= Confidence::Medium);
    names.map(|name| name.0).collect()
}

/// Planted faults that this caught: a month taken for a word of any kind, and endings of words for ships sought in names.
#[test]
fn words_ships_and_months_are_no_persons() {
    for text in [
        "Stein og sand leveres i sekker.",
        "Det er kaldt. Storm og flom er ventet.",
        "Unn deg en pause.",
        "Redningsskøyta Elias rykket ut, og ferja «Ivar Aasen» er forseinka.",
        "Skoleskipet Christian Radich seilte ut.",
        "The team has grown in May.",
        "Entreprenør Johs. Olsen AS bygger skolen.",
        "Bilen er en Tesla Model Y fra i fjor.",
        "Camp Nansen ligger ved Finse.",
        "except OSError: raise",
        "Trykk Num_Lock eller Sys_Req.",
        "Nasjonalitet: Italian\nModell: Yaris\nFødested: Odda\nPoststed: Leeds",
        "Fila ble fjernet før programmet var ferdig.",
    ] {
        assert_eq!(sure(text), [""; 0], "{text}");
    }
    assert_eq!(sure("Solveig og kona kommer i morgen."), ["Solveig"]);
    assert_eq!(sure("May kommer i morgen."), ["May"]);
}

/// Planted fault that this caught: any capitalised word joined to a name made one of the word before.
#[test]
fn first_names_that_are_joined_make_names_of_each_other() {
    assert_eq!(sure("Takk til Stein, Dag og Solveig for hjelpen."), ["Stein", "Dag", "Solveig"]);
    assert_eq!(sure("Per og Pål kommer klokka sju."), ["Per", "Pål"]);
    assert_eq!(sure("Leif og Bjørg bur i Fjaler."), ["Leif", "Bjørg"]);
    assert_eq!(sure("Takk til Siv, Vår og Storm for hjelpen med flyttingen!"), ["Siv", "Vår", "Storm"]);
    assert_eq!(sure("Vi fikk besøk av Dag en dag i uka."), ["Dag"]);
    assert_eq!(sure("Dag og Tid er en avis."), [""; 0]);
}

/// Planted fault that this caught: only one word taken for a surname.
#[test]
fn surnames_of_several_words_stand_first_in_lists() {
    // What is found inside of another name is settled later.
    assert_eq!(sure("Til stede: Nguyen Hovland, Sofie Andersen\n"), ["Nguyen Hovland", "Sofie Andersen"]);
    assert_eq!(sure("OPPSIGELSE\n\nUndertegnede, Tom Gaarder, født 17.05.2036, sier opp."), ["Tom Gaarder"]);
    for (text, names) in [
        ("Van der Berg, Tom\nKvam, Liv", &["Van der Berg, Tom", "Kvam, Liv"][..]),
        ("Al-Masri, Khaled; Ali, Sara", &["Al-Masri, Khaled", "Ali, Sara"]),
        ("Personalmappe/Hauge, Siri/kontrakt.pdf", &["Hauge, Siri"]),
        ("Pasient Roth, Linda\n", &["Roth, Linda"]),
        ("Braut Moen, Erling\n", &["Braut Moen, Erling"]),
        ("El Amrani, Fatima\n", &["El Amrani, Fatima"]),
    ] {
        let whole = sure(text).into_iter().filter(|name| name.contains(','));
        assert_eq!(whole.collect::<Vec<_>>(), names, "{text}");
    }
}

/// Planted fault that this caught: capitals of every column taken for those of running text.
#[test]
fn what_stands_under_other_headings_in_running_text_is_no_person() {
    let mut names = sure("Fornavn;Etternavn;Firma\nChloe;Featherstone;Kari Hansen\n");
    names.dedup();
    assert_eq!(names, ["Chloe", "Featherstone"]);
}

/// Planted faults that this caught: small words counted in one case only, and a first name that people in Norway have
/// lowered with the rest.
#[test]
fn amid_english_or_a_program_less_is_believed() {
    let level = |text: &str| found(text).into_iter().map(|(_, level)| level).max();
    for text in [
        "This is in the report that Licensor has sent, and it was not read.",
        "THE SOFTWARE IS PROVIDED AS IS, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED",
        "fn push_field(fields: &mut Vec<Field>, name: &str) -> Vec<(u8, u8)> {\n    let rest = fields;\n}",
    ] {
        assert!(level(text).is_none_or(|level| level == Confidence::Low), "{text}: {:?}", found(text));
    }
    for text in [
        "This is in the report that Solveig has sent, and it was not read.",
        "This is in the report that Karel Zak has sent, and it was not read.",
        "let rows = [(\"a\", 1), (\"b\", 2)]; print(Solveig, rows[0], rows[1]);",
        "Saken ble sendt til Montanaro, og det er ikke noe svar fra ham.",
    ] {
        assert!(level(text) >= Some(Confidence::Medium), "{text}: {:?}", found(text));
    }
}
