//! `sporhund check --fix` on workbooks, and with a key that is kept.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::{Format, Workbook};

use crate::check::{ISSUABLE, Repository, code};
use crate::program::{stderr, stdout};

/// A workbook with persons, a number as a number, a formula, a format and a second sheet.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Søkere & co").expect("a name");
    let bold = Format::new().set_bold();
    for (column, title) in ["navn", "fnr", "epost", "antall"].iter().enumerate() {
        let column = u16::try_from(column).expect("a column");
        sheet
            .write_with_format(0, column, *title, &bold)
            .expect("a cell");
    }
    sheet.write(1, 0, "Kari Olsen").expect("a cell");
    sheet.write(1, 1, ISSUABLE).expect("a cell");
    sheet.write(1, 2, "kari@firma.no").expect("a cell");
    sheet.write(1, 3, 4).expect("a cell");
    sheet.write(2, 0, "Ola Bø").expect("a cell");
    let number: f64 = ISSUABLE.parse().expect("a number");
    sheet.write(2, 1, number).expect("a cell");
    sheet.write(2, 3, 5).expect("a cell");
    sheet.write_formula(3, 3, "SUM(D2:D3)").expect("a cell");
    let other = book.add_worksheet();
    other.write(0, 0, "fnr").expect("a cell");
    other.write(1, 0, ISSUABLE).expect("a cell");
    other.write(2, 0, "22838111878").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut all = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut content = Vec::new();
        std::io::copy(&mut part, &mut content).expect("a content");
        all.push((part.name().unwrap().into_owned(), content));
    }
    all
}

fn cell(bytes: &[u8], sheet: usize, place: (u32, u32)) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = book
        .worksheet_range_at(sheet)
        .expect("a sheet")
        .expect("cells");
    match range.get_value(place) {
        Some(Data::Float(number)) => format!("{number:.0}"),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

fn read(repository: &Repository, name: &str) -> Vec<u8> {
    fs::read(repository.0.share().join(name)).expect("a file")
}

#[test]
fn the_cells_of_a_workbook_are_mended_and_all_else_is_kept() {
    let repository = Repository::new();
    let before = workbook();
    repository.add("a.xlsx", &before);
    repository.add("b.csv", format!("fnr\n{ISSUABLE}\n"));
    let patch = repository.check(&["--fix"]);
    assert_eq!(code(&patch), Some(4));
    assert!(
        stderr(&patch).contains("--fix=in-place"),
        "{}",
        stderr(&patch)
    );
    let mended = repository.check(&["--fix=in-place"]);
    assert_eq!(code(&mended), Some(0), "{}", stderr(&mended));
    let after = read(&repository, "a.xlsx");
    let clean = repository.check(&[]);
    assert_eq!(code(&clean), Some(0), "{}", stdout(&clean));

    let number = String::from_utf8(read(&repository, "b.csv")).expect("text");
    let number = number.lines().nth(1).expect("a number").to_owned();
    for (sheet, place) in [(0, (1, 1)), (0, (2, 1)), (1, (1, 0))] {
        // A cell that holds a number shows no zero before it.
        let held = format!("{:0>11}", cell(&after, sheet, place));
        assert_eq!(held, number, "{sheet} {place:?}");
    }
    assert!(cell(&after, 0, (1, 2)).ends_with("@example.com"));
    for (sheet, place) in [(0, (0, 0)), (0, (1, 3)), (0, (2, 3)), (1, (2, 0))] {
        assert_eq!(cell(&after, sheet, place), cell(&before, sheet, place));
    }
    let (old, new) = (parts(&before), parts(&after));
    assert_eq!(old.len(), new.len());
    for ((name, old), (again, new)) in old.iter().zip(&new) {
        assert_eq!(name, again);
        let holds_values =
            name == "xl/sharedStrings.xml" || name.starts_with("xl/worksheets/sheet");
        assert!(holds_values || old == new, "{name}");
    }
    assert!(!after.is_empty() && repository.check(&["--fix=in-place"]).stdout.is_empty());
    assert_eq!(
        read(&repository, "a.xlsx"),
        after,
        "there is nothing left to mend"
    );
}

#[test]
fn with_a_kept_key_later_runs_replace_alike() {
    let first = Repository::new();
    let key = first.0.path().join("fix.key");
    let option = format!("--key-file={}", key.display());
    let mended = |repository: &Repository| {
        repository.add("a.txt", format!("fnr {ISSUABLE}\n"));
        let mended = repository.check(&["--fix=in-place", &option]);
        assert_eq!(code(&mended), Some(0), "{}", stderr(&mended));
        read(repository, "a.txt")
    };
    let one = mended(&first);
    assert_eq!(one, mended(&Repository::new()));
    assert!(!is_open(&key));
    let refused = first.check(&["--fix", "--key-file", "fix.key"]);
    assert_eq!(code(&refused), Some(2), "{}", stderr(&refused));
    assert!(!first.0.share().join("fix.key").exists());
    assert_eq!(
        code(&first.check(&["--key-file", "x"])),
        Some(2),
        "it goes with `--fix`"
    );
}

#[cfg(unix)]
fn is_open(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).expect("a key").permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
