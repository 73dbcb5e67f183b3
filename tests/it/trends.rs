//! What became of findings from scan to scan, and inventories of older versions.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::program::{Workplace, json as parsed, spread_digests, stderr, stdout};

/// Synthetic (month +80), made for these tests.
const NUMBERS: [&str; 3] = ["15888610046", "15888610127", "15888610208"];

fn line(number: usize) -> String {
    format!("Fødselsnummer: {}\n", NUMBERS.get(number).unwrap())
}

/// A share that was scanned, changed in every way, and scanned again.
fn changed() -> Workplace {
    let place = Workplace::new();
    place.put("hr/stays.txt", line(0) + "stays\n");
    place.put("hr/goes.txt", line(0) + "goes\n");
    place.put("hr/moves.txt", line(1) + "moves\n");
    place.put("kurs/grows.txt", line(0) + "grows\n");
    place.put("kurs/clean.txt", "nothing\n");
    scan(&place);
    fs::remove_file(place.share().join("hr/goes.txt")).unwrap();
    fs::create_dir_all(place.share().join("arkiv")).unwrap();
    let from = place.share().join("hr/moves.txt");
    fs::rename(from, place.share().join("arkiv/moved.txt")).unwrap();
    place.put("kurs/grows.txt", line(0) + &line(1) + &line(2) + "grows\n");
    place.put("kurs/new.txt", line(2) + "new\n");
    scan(&place);
    place
}

fn scan(place: &Workplace) {
    let output = place.run(&["scan", "share"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

fn since(place: &Workplace, run: &str) -> Value {
    parsed(&place.run(&["report", "diff", "--since", run, "--format", "json"]))
}

fn moves(new: u64, gone: u64, came: u64, went: u64) -> Value {
    json!({ "new": new, "gone": gone, "moved_in": came, "moved_out": went })
}

/// The counts of one line of a part.
fn of(told: &Value, part: &str, key: &str, name: &str) -> Value {
    let lines = told[part].as_array().unwrap();
    let line = lines.iter().find(|line| line[key] == name);
    let mut line = line.unwrap_or_else(|| panic!("no {name}: {told}")).clone();
    line.as_object_mut().unwrap().remove(key);
    line
}

#[test]
fn new_gone_and_moved_findings_are_told_by_folder_owner_and_detector() {
    let place = changed();
    let told = since(&place, "1");
    assert_eq!(told["findings"], moves(3, 1, 1, 1), "{told}");
    let files = json!({ "new": 1, "gone": 1, "moved": 1, "changed": 1 });
    assert_eq!(told["files"], files);
    assert_eq!(of(&told, "folders", "folder", "hr"), moves(0, 1, 0, 1));
    assert_eq!(of(&told, "folders", "folder", "arkiv"), moves(0, 0, 1, 0));
    assert_eq!(of(&told, "folders", "folder", "kurs"), moves(3, 0, 0, 0));
    let detector = of(&told, "detectors", "detector", "fodselsnummer");
    assert_eq!(detector, moves(3, 1, 1, 0));
    assert_eq!(told["owners"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["rules"], Value::Null, "no rules were given");
    let moved = json!([{ "from": "hr/moves.txt", "to": "arkiv/moved.txt", "findings": 1 }]);
    assert_eq!(told["moved"], moved);
    assert_eq!(since(&place, "2")["findings"], moves(0, 0, 0, 0));
}

#[test]
fn a_file_that_comes_back_is_new_since_it_was_gone_only() {
    let place = changed();
    place.put("hr/goes.txt", line(0) + "goes\n");
    scan(&place);
    let told = since(&place, "1");
    assert_eq!(told["findings"], moves(3, 0, 1, 1), "{told}");
    let told = since(&place, "2");
    assert_eq!(told["findings"], moves(1, 0, 0, 0), "{told}");
}

#[test]
fn a_trend_is_told_by_rule_in_text_and_in_rows() {
    let place = changed();
    let site = "schema = 1\n[[zone]]\npath = \"kurs/**\"\nrole = \"controller\"\n\
                purpose = [\"course\"]\n";
    fs::write(place.path().join("site.toml"), site).unwrap();
    let law = ["--rules", "poweroffice-2024", "--site", "site.toml"];
    let base = ["report", "diff", "--since", "1"];
    let told = place.run(&[&base[..], &["--format", "csv"], &law].concat());
    let rows = stdout(&told);
    assert!(rows.contains("folder;kurs;3;0;0;0"), "{rows}");
    assert!(
        rows.lines().any(|row| row.starts_with("rule;PO-")),
        "{rows}{}",
        stderr(&told)
    );
    let text = stdout(&place.run(&[&base[..], &law].concat()));
    assert!(text.contains("FUNN SIDEN KJØRING 1"), "{text}");
    assert!(text.contains("hr/moves.txt → arkiv/moved.txt"), "{text}");
    assert!(text.contains("ETTER REGEL"), "{text}");
    let today = jiff::ZonedDateTime::now().date().to_string();
    assert_eq!(since(&place, &today)["since"]["run"], 2);
    for wrong in ["7", "i går", "1999-01-01"] {
        let refused = place.run(&["report", "diff", "--since", wrong]);
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
    }
    let page = place.run(&["report", "html", "--output", "r.html"]);
    assert_ne!(page.status.code(), Some(2), "{}", stderr(&page));
}

/// An archive of one member.
fn archive(text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("deltakere.txt", options).unwrap();
    std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_changed_in_an_archive_counts_under_the_rules_of_its_members() {
    let place = Workplace::new();
    let site = "schema = 1\n[[zone]]\npath = \"kurs/**\"\nrole = \"controller\"\n\
                purpose = [\"course\"]\n";
    fs::write(place.path().join("site.toml"), site).unwrap();
    let rules = |held: &str, then: &str| {
        place.put("kurs/a.zip", archive(held));
        scan(&place);
        place.put("kurs/a.zip", archive(then));
        scan(&place);
        let law = ["--rules", "poweroffice-2024", "--site", "site.toml"];
        let last = parsed(&place.run(&["inventory", "runs", "--format", "json"]));
        let last = last.as_array().unwrap().len() - 1;
        let since = [
            "report",
            "diff",
            "--since",
            &last.to_string(),
            "--format",
            "json",
        ];
        let told = parsed(&place.run(&[&since[..], &law].concat()));
        told["rules"].as_array().unwrap().clone()
    };
    let grown = rules(&line(0), &(line(0) + &line(1) + &line(2)));
    assert!(
        !grown.is_empty() && grown.iter().all(|rule| rule["new"] == 2),
        "{grown:?}"
    );
    // The archive itself holds nothing, so no rule has a say about it.
    assert_eq!(rules(&line(0), "nothing\n"), Vec::<Value>::new());
}

#[test]
fn what_was_let_go_of_is_not_compared_with() {
    let place = changed();
    place.settle();
    let vacuum = place.run(&["inventory", "vacuum", "--keep", "PT1S"]);
    assert_eq!(vacuum.status.code(), Some(0), "{}", stderr(&vacuum));
    let refused = place.run(&["report", "diff", "--since", "1"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("is not kept"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn an_older_inventory_is_migrated_after_a_copy() {
    let place = changed();
    let older = rusqlite::Connection::open(place.inventory()).unwrap();
    spread_digests(&older, "main.spread");
    older
        .execute_batch(
            "DROP TABLE digest; ALTER TABLE spread RENAME TO digest; DROP TABLE detector;
              DROP TABLE digest_part;
              DROP TABLE change; DROP TABLE run_sum; DROP TABLE likeness; DROP TABLE message;
              PRAGMA user_version = 3;
              UPDATE run SET started = started - 60 WHERE id = 1;",
        )
        .unwrap();
    drop(older);
    let before = stdout(&place.run(&["report", "csv"]));
    let refused = place.run(&["report", "diff", "--since", "1"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("older sporhund"),
        "{}",
        stderr(&refused)
    );
    place.put("kurs/later.txt", line(1) + "later\n");
    let stranger = place.run(&["scan", "share", "--key-file", "other.key"]);
    assert_eq!(stranger.status.code(), Some(2), "{}", stderr(&stranger));
    assert!(!place.path().join("sporhund.db.v3").exists());
    let told = place.run(&["scan", "share"]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    assert!(
        stderr(&told).contains("sporhund.db.v3"),
        "{}",
        stderr(&told)
    );
    let copy = place.path().join("sporhund.db.v3");
    let mode = fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    let as_it_was = place.run(&["report", "csv", "--inventory", "sporhund.db.v3"]);
    assert_eq!(stdout(&as_it_was), before);
    let version = rusqlite::Connection::open(&copy).unwrap();
    let version = version.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    assert_eq!(version.unwrap(), 3);
    assert_eq!(since(&place, "2")["findings"], moves(1, 0, 0, 0));
    let refused = place.run(&["report", "diff", "--since", "1"]);
    assert!(
        stderr(&refused).contains("is not kept"),
        "an older version wrote nothing down: {}",
        stderr(&refused)
    );
    let again = place.run(&["scan", "share"]);
    assert!(!stderr(&again).contains(".v3"), "{}", stderr(&again));
}
