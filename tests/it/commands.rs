//! Commands beside `scan`, and options that several of them have.

use crate::program::{Workplace, copy_folder, fixtures, json, stderr, stdout};

/// Synthetic (month +80), made for these tests.
const SYNTHETIC: &str = "15888610046";

#[test]
fn detect_reads_files_of_any_format_and_names_members() {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    let archive = "share/felles/nedlastinger/soknader.zip";
    let answer = json(&place.run(&["detect", "--format", "json", archive]));
    let findings = answer["findings"].as_array().unwrap();
    let member = format!("{archive}!/post/soknad-2.eml!/cv.zip!/cv.docx");
    let in_member = findings.iter().find(|finding| finding["object"] == *member);
    assert_eq!(in_member.unwrap()["place"]["part"], "word/document.xml");
    let broken = place.run(&["detect", "share/regnskap/bilag/2025/bilag-0417.pdf"]);
    assert_eq!(broken.status.code(), Some(3), "{}", stderr(&broken));
}

#[test]
fn detect_gives_offsets_into_a_text_file() {
    let place = Workplace::new();
    let text = format!("Ærlig talt\nfnr {SYNTHETIC}\n");
    place.put("a.txt", &text);
    let answer = json(&place.run(&["detect", "--format", "json", "share/a.txt"]));
    let finding = &answer["findings"][0];
    let at = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
    assert_eq!(text.get(at("start")..at("end")), Some(SYNTHETIC));
    assert_eq!(finding["place"]["line"], 2);
    let piped = place.feed(&["detect", "--format", "json"], &text);
    assert_eq!(json(&piped)["findings"][0]["start"], finding["start"]);
}

#[test]
fn values_are_shown_on_a_terminal_only() {
    let place = Workplace::new();
    place.put("a.txt", format!("fnr {SYNTHETIC}\n"));
    let output = place.run(&["detect", "--show-values", "share/a.txt"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
}

#[test]
fn only_what_is_newly_unread_fails_on_new_unread() {
    let place = Workplace::new();
    let unreadable = [0_u8, 1, 2, 3, 255, 254, 0, 0, 7];
    place.put("old.bin", unreadable);
    place.put("a.txt", "x");
    let scan = ["scan", "share", "--quiet", "--fail-on", "new-unread"];
    assert_eq!(
        place.run(&scan).status.code(),
        Some(4),
        "it is new at first"
    );
    assert_eq!(place.run(&scan).status.code(), Some(3), "it is known then");
    place.put("new.bin", unreadable);
    assert_eq!(
        place.run(&scan).status.code(),
        Some(4),
        "another one is new"
    );
    let report = place.run(&["report", "json", "--fail-on", "new-unread"]);
    assert_eq!(report.status.code(), Some(2), "a report has no before");
}

#[test]
fn an_accepted_container_covers_its_members() {
    let place = Workplace::new();
    let archive = fixtures().join("regnskap/arkiv/revisor-2024.zip");
    place.put("a.zip", std::fs::read(archive).unwrap());
    assert_eq!(place.run(&["scan", "share"]).status.code(), Some(3));
    let accept = |cause: &str| {
        let entry = format!(
            "[[coverage.accept]]\npath = \"a.zip\"\ncause = \"{cause}\"\nreason = \"known\"\n"
        );
        std::fs::write(place.path().join("sporhund.toml"), entry).unwrap();
        place.run(&["scan", "share"])
    };
    let accepted = accept("encrypted");
    assert_eq!(accepted.status.code(), Some(0), "{}", stdout(&accepted));
    let misspelt = accept("encryptd");
    assert_eq!(misspelt.status.code(), Some(2), "{}", stdout(&misspelt));
    assert!(stderr(&misspelt).contains("encryptd"));
}

#[test]
fn a_report_is_judged_as_its_scan_was() {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    let scanned = json(&place.run(&["scan", "share", "--format", "json"]));
    let reported = json(&place.run(&["report", "json"]));
    assert_eq!(scanned["verdicts"]["violation"], 4);
    for part in ["as_of", "verdicts", "violations", "coverage"] {
        assert_eq!(reported[part], scanned[part], "{part}");
    }
}

#[test]
fn the_summary_fits_a_terminal_and_speaks_plainly() {
    use unicode_width::UnicodeWidthStr as _;
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    for lang in ["nb", "nn", "en"] {
        let output = place.run(&["scan", "share", "--lang", lang]);
        let text = stdout(&output);
        for id in ["fodselsnummer:", "email:", "assumption:", "P6M"] {
            assert!(!text.contains(id), "{lang}: `{id}` in {text}");
        }
        // Paths stay whole, so that they can be copied.
        for line in text.lines().filter(|line| !line.contains('/')) {
            assert!(line.width() <= 80, "{lang}: {line}");
        }
    }
}

#[test]
fn whoever_stops_reading_gets_no_error() {
    let place = Workplace::new();
    for n in 0..2000 {
        place.put(&format!("mappe-{n}/fil.txt"), "x");
    }
    place.run(&["scan", "share"]);
    let mut command = place.command(&["report", "jsonl"]);
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
}

#[test]
fn formats_are_listed_with_what_is_read_of_them_and_what_is_not() {
    let place = Workplace::new();
    let listed = json(&place.run(&["formats", "list", "--format", "json"]));
    let of = |id: &str| {
        let formats = listed["formats"].as_array().unwrap();
        let mut own = formats.iter().filter(|format| format["id"] == id);
        let first = own.next().cloned().unwrap_or_default();
        assert!(own.next().is_none(), "{id} stands once");
        first
    };
    assert_eq!(of("docx")["read"], true);
    assert_eq!(of("onenote")["read"], false);
    assert_eq!(of("7z")["extensions"][0], "7z");
    assert!(of("image")["reads"].as_str().unwrap().contains("EXIF"));
    assert!(listed["limits"]["depth"].as_u64().unwrap() > 1);
    let text = stdout(&place.run(&["formats", "list"]));
    assert!(
        text.contains("winmail.dat") && text.contains("Access database"),
        "{text}"
    );
    let told = stdout(&place.run(&["formats", "explain", "vhd"]));
    assert!(told.contains("nothing"), "{told}");
}

#[test]
fn coverage_is_explained_by_format_and_outcome() {
    let place = Workplace::new();
    place.put("a.txt", "Hei, Kari\n");
    place.put("b.txt", "Hei, Per\n");
    place.put("c.rar", b"Rar!\x1A\x07\x01\0rest");
    place.run(&["scan", "share", "--quiet"]);
    let plain = stdout(&place.run(&["report", "summary", "--lang", "en"]));
    let whole = stdout(&place.run(&["report", "summary", "--lang", "en", "--explain-coverage"]));
    assert!(!plain.contains("BY FORMAT"), "{plain}");
    let line = |words: &[&str]| {
        whole.lines().any(|line| {
            line.split_whitespace()
                .take(words.len())
                .eq(words.iter().copied())
        })
    };
    assert!(line(&["text", "scanned", "2", "19"]), "{whole}");
    assert!(line(&["rar", "failed", "1", "12"]), "{whole}");
    let totals = json(&place.run(&["report", "json"]));
    let formats = totals["coverage"]["formats"].as_array().unwrap();
    assert_eq!(formats[1]["objects"], 2, "{formats:?}");
}

#[test]
fn an_option_that_a_command_does_not_heed_is_refused() {
    let work = Workplace::new();
    work.put("a.txt", "Ingenting her\n");
    work.run(&["scan", "share"]);
    let refused: [&[&str]; 9] = [
        &["explain", "a.txt", "--fail-on", "review"],
        &["explain", "a.txt", "--explain-coverage"],
        &["verify", "R1", "--rounds", "rounds.csv"],
        &["review", "--output", "a.html"],
        &["review", "--fail-on", "unread"],
        &["verify", "R1", "--as-of", "2026-01-01"],
        &["verify", "R1", "--min-confidence", "high"],
        &["restore", "R1", "--output", "a.txt"],
        &["plan", "--show-paths"],
    ];
    for arguments in refused {
        let output = work.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = stderr(&output);
        assert!(
            said.contains("unexpected argument"),
            "{arguments:?}: {said}"
        );
    }
    let told = work.run(&["explain", "a.txt", "--output", "a.story", "--quiet"]);
    assert_eq!(
        (told.status.code(), stdout(&told)),
        (Some(0), String::new())
    );
    let story = std::fs::read_to_string(work.path().join("a.story")).unwrap();
    assert!(story.starts_with("a.txt\n"), "{story}");
}
