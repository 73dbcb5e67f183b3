//! Text in pictures and on scanned pages, read by the installed tesseract. Where it is not installed,
//! the tests say so and pass, but for the one of what is told then.

use std::path::Path;
use std::process::{Command, Output};

use lopdf::{Dictionary, Document, Stream, dictionary};

use crate::pdf_pages;

/// A page of six lines, drawn at 200 points for an inch: black or white.
const SCAN: &[u8] = include_bytes!("../../fixtures/ocr/soknad.png");

/// A PDF of one page that shows the lines and the scan, which is `height` points high.
fn with_lines_and_scan(lines: &[&str], height: u32) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let (mut resources, mut content) = scanned(&mut document, height);
    resources.extend(&pdf_pages::font(&mut document));
    content.content.push(b'\n');
    let text = pdf_pages::lines(lines.iter().copied());
    content.content.extend(text.content);
    pdf_pages::bytes(pdf_pages::with_pages(document, vec![(resources, content)]))
}

/// Resources and content of a page that shows the scan, `height` points high. What a PNG packs, a PDF can hold
/// as it is.
fn scanned(document: &mut Document, height: u32) -> (Dictionary, Stream) {
    let number = |at: usize| u32::from_be_bytes(SCAN[at..at + 4].try_into().unwrap());
    let (columns, rows) = (i64::from(number(16)), i64::from(number(20)));
    let packed = memchr::memmem::find(SCAN, b"IDAT").unwrap() + 4;
    let packed = &SCAN[packed..packed + number(packed - 8) as usize];
    let parameters = dictionary! { "Predictor" => 15, "Colors" => 1, "BitsPerComponent" => 1, "Columns" => columns };
    let image = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => columns, "Height" => rows,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 1,
            "Filter" => "FlateDecode", "DecodeParms" => parameters,
        },
        packed.to_vec(),
    );
    let image = document.add_object(image);
    let resources = dictionary! { "XObject" => dictionary! { "I1" => image } };
    let drawn = format!("q 595 0 0 {height} 0 200 cm /I1 Do Q");
    (resources, Stream::new(dictionary! {}, drawn.into_bytes()))
}

fn extract(file: &Path, ocr: &str, path: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sporhund"));
    command
        .args(["extract", "--jsonl", "--yes-show-text", "--ocr", ocr])
        .arg(file);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().unwrap()
}

/// What `extract` says of one object: outcome, problem, text.
fn told(file: &Path, ocr: &str) -> (String, Option<String>, String) {
    let output = extract(file, ocr, None);
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |key: &str| line[key].as_str().map(ToOwned::to_owned);
    (
        word("outcome").unwrap(),
        word("problem"),
        word("text").unwrap(),
    )
}

fn is_installed() -> bool {
    let languages = Command::new("tesseract").arg("--list-langs").output();
    let installed = languages.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().any(|line| line == "nor")
    });
    if !installed {
        println!("NOT TESTED: tesseract with Norwegian is not installed");
    }
    installed
}

/// A picture of grey noise, 256 points wide and high, as BMP without packing.
fn noise() -> Vec<u8> {
    let palette: Vec<u8> = (0..=255).flat_map(|grey| [grey, grey, grey, 0]).collect();
    let start = 54 + u32::try_from(palette.len()).unwrap();
    let size = start + 256 * 256;
    let mut bytes = b"BM".to_vec();
    for number in [
        size,
        0,
        start,
        40,
        256,
        256,
        1 | 8 << 16,
        0,
        256 * 256,
        2835,
        2835,
        256,
        0,
    ] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(palette);
    let mut seed = 7_u32;
    bytes.extend((0..256 * 256).map(|_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    }));
    bytes
}

fn has_lines(text: &str) {
    for part in [
        "Søknad",
        "Kari Nordmann",
        "3. februar 1990",
        "kari.nordmann@example.no",
        "22 22 55 55",
        "Ærfuglveien 12",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_scanned_page_and_a_picture_are_read_and_never_clean_unread() {
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("skannet.pdf");
    let mut document = Document::with_version("1.5");
    let font = pdf_pages::font(&mut document);
    let pages = vec![
        (font, pdf_pages::lines(["Forside"])),
        scanned(&mut document, 354),
    ];
    let pages = pdf_pages::bytes(pdf_pages::with_pages(document, pages));
    std::fs::write(&scan, pages).unwrap();
    let photo = folder.path().join("bilde.png");
    std::fs::write(&photo, SCAN).unwrap();
    let without = Some("image-without-text".to_owned());
    assert_eq!(
        told(&scan, "off"),
        ("partial".to_owned(), without.clone(), "Forside".to_owned())
    );
    assert_eq!(
        told(&photo, "off"),
        ("skipped".to_owned(), without, String::new())
    );
    let missing = extract(&scan, "auto", Some(folder.path()));
    let line: serde_json::Value = serde_json::from_slice(&missing.stdout).unwrap();
    assert_eq!(line["problem"], "image-without-text");
    assert!(String::from_utf8_lossy(&missing.stderr).contains("`tesseract` is not installed"));
    assert_eq!(
        extract(&scan, "force", Some(folder.path())).status.code(),
        Some(2)
    );
    if !is_installed() {
        return;
    }
    for file in [&scan, &photo] {
        let (outcome, problem, text) = told(file, "auto");
        has_lines(&text);
        assert_eq!(
            (outcome.as_str(), problem),
            ("scanned", None),
            "{}",
            file.display()
        );
    }
}

#[test]
fn a_scan_under_a_stamp_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let stamped = folder.path().join("stemplet.pdf");
    let page = with_lines_and_scan(&["Journal 2026/17"], 520);
    std::fs::write(&stamped, page).unwrap();
    let (outcome, problem, text) = told(&stamped, "off");
    assert_eq!(
        (outcome.as_str(), problem.as_deref()),
        ("partial", Some("image-without-text"))
    );
    assert!(text.contains("Journal 2026/17"));
    if !is_installed() {
        return;
    }
    let (outcome, _, text) = told(&stamped, "auto");
    assert!(
        text.contains("22 22 55 55") && text.contains("Journal 2026/17"),
        "{text}"
    );
    assert_eq!(outcome, "scanned");
}

#[test]
fn a_picture_beside_text_is_read_when_forced_and_nothing_is_told_twice() {
    let folder = tempfile::tempdir().unwrap();
    let both = folder.path().join("cv.pdf");
    let lines = [
        "Kari Nordmann, født 3. februar 1990",
        "Arbeidserfaring: tolv år",
    ];
    std::fs::write(&both, with_lines_and_scan(&lines, 354)).unwrap();
    assert_eq!(told(&both, "off").0, "scanned");
    if !is_installed() {
        return;
    }
    assert!(
        !told(&both, "auto").2.contains("22 22 55 55"),
        "the page has text of its own"
    );
    let (outcome, _, text) = told(&both, "force");
    assert!(text.contains("22 22 55 55"), "{text}");
    assert_eq!(text.matches("Nordmann, født").count(), 1, "{text}");
    assert_eq!(outcome, "scanned");
}

#[test]
fn noise_is_no_text_and_a_broken_picture_has_an_outcome() {
    if !is_installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("skog.bmp");
    std::fs::write(&file, noise()).unwrap();
    assert_eq!(told(&file, "auto").1.as_deref(), Some("image-without-text"));
    std::fs::write(&file, &SCAN[..SCAN.len() / 3]).unwrap();
    let (outcome, problem, _) = told(&file, "auto");
    assert!(outcome != "scanned" && problem.is_some(), "{outcome}");
}

#[test]
fn the_program_that_reads_pictures_reaches_no_document() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let secret = folder.path().join("hemmelig.txt");
    std::fs::write(&secret, "Kari").unwrap();
    let run = |program: &str, argument: &Path, may_read: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sporhund"));
        command.arg("__confined");
        if may_read {
            command.arg("--may-read").arg(folder.path());
        }
        command.arg(program).arg(argument).output().unwrap()
    };
    assert_eq!(
        run("/bin/cat", &secret, true).stdout,
        b"Kari",
        "the folder it was given"
    );
    let written = folder.path().join("ny.txt");
    assert!(
        !run("/usr/bin/touch", &written, true).status.success(),
        "no file is made"
    );
    let refused = run("/bin/cat", &secret, false);
    if refused.status.success() {
        println!("NOT CHECKED: the kernel has no Landlock");
    } else {
        assert_eq!(refused.stdout, b"");
    }
}
