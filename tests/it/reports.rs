//! The page, the workbook and the files of owners, as the program writes them, with names that try
//! to break out of each.

use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook};

use crate::program::{Workplace, copy_folder, fixtures, stderr, stdout};

/// Names of files that try to break out of a page, a sheet or a terminal.
pub(crate) const HOSTILE: [&str; 5] = [
    "<img src=x onerror=\"document.title='pwned'\">.txt",
    "=cmd|'-c calc'!A0.txt",
    "\u{1b}[31m\u{1b}]0;pwned\u{7}rød.txt",
    "\u{202e}fdp.txt\u{2066}.txt",
    "a\n2 objekter.txt",
];

/// The fixtures, scanned, with hostile names among them.
pub(crate) fn scanned() -> Workplace {
    let work = Workplace::new();
    copy_folder(&fixtures(), &work.share());
    for name in HOSTILE {
        let text = "Navn: Kari Prøve\nE-post: kari.prove@fjellbris.example\n";
        work.put(&format!("gammel-disk/{name}"), text);
    }
    work.scan();
    work
}

/// Writes a report to a file and returns what stands in it.
pub(crate) fn written(work: &Workplace, kind: &str, more: &[&str]) -> Vec<u8> {
    let file = format!("rapport.{kind}");
    let arguments = [&["report", kind, "--output", &file], more].concat();
    let output = work.run(&arguments);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    std::fs::read(work.path().join(file)).unwrap()
}

#[test]
fn a_page_is_one_file_that_names_nothing_outside_of_it() {
    let work = scanned();
    let page = String::from_utf8(written(&work, "html", &[])).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"nb\">"));
    assert!(
        page.contains("default-src 'none'; script-src 'sha256-"),
        "a policy of the page"
    );
    for outside in ["src=", "href=\"http", "url(", "@import", "unsafe-inline"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for value in crate::scanning::planted_values() {
        assert!(value.len() < 6 || !page.contains(value.as_str()), "{value}");
    }
    for (lang, title) in [
        ("nn", "<title>Personopplysningar"),
        ("en", "<title>Personal data"),
    ] {
        let page = String::from_utf8(written(&work, "html", &["--lang", lang])).unwrap();
        assert!(page.contains(title), "{lang}");
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(work.path().join("rapport.html"))
            .unwrap()
            .permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

/// The text of each cell of a sheet, row by row.
fn cells(file: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let formulas = book.worksheet_formula(sheet).unwrap();
    assert!(
        formulas.used_cells().next().is_none(),
        "{sheet} has formulas"
    );
    let range = book.worksheet_range(sheet).unwrap();
    let text = |cell: &Data| cell.to_string();
    range
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

#[test]
fn a_workbook_has_its_sheets_and_no_formula() {
    let work = scanned();
    written(&work, "xlsx", &[]);
    let file = work.path().join("rapport.xlsx");
    let book: Xlsx<_> = open_workbook(&file).unwrap();
    let sheets = [
        "Oppsummering",
        "Skal være slettet",
        "Brudd",
        "Må vurderes",
        "Ikke lest",
    ];
    assert_eq!(book.sheet_names(), sheets);
    let summary = cells(&file, "Oppsummering");
    assert_eq!(summary[0][0], "Mapper å begynne med");
    let first = &summary[1][0];
    assert!(
        first.starts_with("hr/rekruttering/2026-01-utvikler"),
        "{first}"
    );
    let due = cells(&file, "Skal være slettet");
    assert_eq!(due[0][0], "objekt");
    assert!(due.len() > 8, "{due:?}");
    assert!(
        due.iter()
            .skip(1)
            .all(|row| row[1] == "skal være slettet" || row[1] == "brudd")
    );
    for row in due.iter().skip(1) {
        assert!(!row[6].is_empty() && !row[6].contains('.'), "{row:?}");
    }
    let mut book: Xlsx<_> = open_workbook(&file).unwrap();
    let range = book.worksheet_range("Skal være slettet").unwrap();
    for row in range.rows().skip(1) {
        let Data::DateTime(day) = row[2] else {
            panic!("a day when it is due: {row:?}");
        };
        assert!((2010..2027).contains(&day.to_ymd_hms_milli().0), "{row:?}");
    }
    let unread = cells(&file, "Ikke lest");
    assert!(
        unread
            .iter()
            .any(|row| row[0].ends_with("bilag-0417.pdf") && row[12] == "ødelagt")
    );
    let review = cells(&file, "Må vurderes");
    let named = |part: &str| review.iter().filter(|row| row[0].contains(part)).count();
    for part in [
        "<img src=x",
        "=cmd|",
        "\\u{1b}[31m",
        "\\u{202e}",
        "\\u{a}2 objekter",
    ] {
        assert_eq!(named(part), 1, "{part}");
    }
}

#[test]
fn each_owner_gets_a_file_of_their_own() {
    let work = scanned();
    let site = work.share().join("site.toml");
    let text = std::fs::read_to_string(&site).unwrap();
    let text = text.replacen(
        "readable_by = \"hr\"",
        "readable_by = \"hr\"\nowner = \"Siv Ås, HR\"",
        1,
    );
    std::fs::write(&site, text).unwrap();
    std::fs::create_dir(work.path().join("eiere")).unwrap();
    let arguments = [
        "report",
        "csv",
        "--split",
        "owner",
        "--output",
        "eiere/rapport.csv",
    ];
    let output = work.run(&arguments);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let own = std::fs::read_to_string(work.path().join("eiere/rapport-Siv-Ås--HR.csv")).unwrap();
    assert!(own.lines().next().unwrap().ends_with("owner;mode;group"));
    for line in own.lines().skip(1) {
        assert!(
            line.contains("/kandidater/") && line.contains(";Siv Ås, HR;"),
            "{line}"
        );
    }
    let files = std::fs::read_dir(work.path().join("eiere"))
        .unwrap()
        .count();
    assert!(files >= 2, "{files}");
    let refused = work.run(&["report", "csv", "--split", "owner"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("hint: "), "{}", stderr(&refused));
}

#[test]
fn a_policy_text_is_quoted_and_a_changed_one_is_warned_of() {
    let shared = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/retention/policies/poweroffice-2024.txt"
    ));
    let Ok(text) = std::fs::read_to_string(shared) else {
        println!("skipped: no policy text beside the project");
        return;
    };
    let work = scanned();
    std::fs::write(work.path().join("policy.txt"), &text).unwrap();
    let quoted = work.run(&[
        "report",
        "html",
        "--policy",
        "policy.txt",
        "--output",
        "a.html",
    ]);
    assert!(
        !stderr(&quoted).contains("does not say"),
        "{}",
        stderr(&quoted)
    );
    let changed = text.replace("ikke lagres lenger enn nødvendig", "lagres så lenge vi vil");
    std::fs::write(work.path().join("policy.txt"), changed).unwrap();
    let warned = work.run(&[
        "report",
        "html",
        "--policy",
        "policy.txt",
        "--output",
        "a.html",
    ]);
    assert_eq!(warned.status.code(), Some(3));
    assert!(
        stderr(&warned).contains("PO-6.1-RECRUITMENT (6.1:1)"),
        "{}",
        stderr(&warned)
    );
    let refused = work.run(&["report", "csv", "--policy", "policy.txt"]);
    assert_eq!(refused.status.code(), Some(2));
    let missing = work.run(&["report", "html", "--policy", "nowhere.txt"]);
    assert_eq!(missing.status.code(), Some(2), "{}", stderr(&missing));
}

/// What a terminal of 100 columns shows of a text, with every cell's colour.
fn on_terminal(text: &str) -> vt100::Parser {
    let rows = u16::try_from(text.lines().count() + 40).unwrap();
    let size = |lines| std::num::NonZero::new(lines).unwrap();
    let mut terminal = vt100::Parser::new(size(rows), size(100), 0);
    terminal.process(text.replace('\n', "\r\n").as_bytes());
    terminal
}

#[test]
fn no_name_steers_a_terminal() {
    let work = scanned();
    for arguments in [
        vec!["report", "summary"],
        vec!["report", "csv"],
        vec!["report", "json"],
        vec!["report", "jsonl"],
        vec![
            "explain",
            "gammel-disk/\u{1b}[31m\u{1b}]0;pwned\u{7}rød.txt",
        ],
    ] {
        let text = stdout(&work.run(&arguments));
        assert!(text.contains("rød.txt"), "{arguments:?}");
        let terminal = on_terminal(&text);
        let (rows, columns) = terminal.screen().size();
        let (rows, columns) = (rows.get(), columns.get());
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |at| (row, at))) {
            let Some(cell) = terminal.screen().cell(row, column) else {
                continue;
            };
            assert_eq!(cell.fgcolor(), vt100::Color::Default, "{arguments:?}");
        }
        let bad = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!text.contains(bad), "{arguments:?}");
    }
}

#[test]
fn what_was_not_read_is_called_by_its_kind() {
    let work = Workplace::new();
    work.put(
        "notater.one",
        b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3\0\0",
    );
    work.put("ukjent.bin", b"\x01\x02\x03\x04\x05\x06");
    work.put("feil.pdf", b"%PDF-1.7\nintet");
    work.scan();
    for (lang, kinds) in [
        (
            "nb",
            [
                "OneNote-notater  notater.one",
                "ukjent           ukjent.bin",
            ],
        ),
        (
            "nn",
            ["OneNote-notat  notater.one", "ukjend         ukjent.bin"],
        ),
        (
            "en",
            [
                "OneNote section  notater.one",
                "unknown          ukjent.bin",
            ],
        ),
    ] {
        let summary = stdout(&work.run(&["report", "summary", "--lang", lang]));
        for kind in kinds.into_iter().chain(["pdf  "]) {
            assert!(summary.contains(kind), "{kind}: {summary}");
        }
    }
    for info in sporhund::extract::unread_kinds() {
        for lang in sporhund::model::Lang::ALL {
            assert_ne!(
                sporhund::report::format_word(Some(info.id), lang),
                info.id,
                "{lang:?}"
            );
        }
    }
}

#[test]
fn rules_that_changed_since_the_scan_judge_anew_and_that_is_said() {
    let work = scanned();
    let same = work.run(&["report", "summary"]);
    assert!(
        !stderr(&same).contains("vurdert på nytt"),
        "{}",
        stderr(&same)
    );
    let changed = work.run(&["report", "summary", "--rules", "baseline-no-private"]);
    assert!(
        stderr(&changed).contains("vurdert på nytt"),
        "{}",
        stderr(&changed)
    );
    assert_ne!(stdout(&same), stdout(&changed));
}
