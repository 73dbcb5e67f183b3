//! Scans from the outside: outcomes, accounting, resuming, privacy of what is written.

use std::io::Write as _;
use std::time::Duration;

use crate::program::{Workplace, copy_folder, fixtures, json, spread_digests, stderr, stdout};

/// Synthetic (month +80), made for these tests.
const SYNTHETIC: &str = "15888610046";

#[test]
fn a_scan_balances_and_finds() {
    let place = Workplace::new();
    place.put(
        "a/liste.csv",
        format!("navn;fnr\nKari Nordmann;{SYNTHETIC}\n"),
    );
    place.put("b.txt", "Ring eller skriv til kari.nordmann@example.no\n");
    place.put("c.bin", [0_u8, 1, 2, 3, 255, 254, 0, 0, 7]);
    let output = place.run(&["scan", "share", "--format", "json"]);
    let summary = json(&output);
    let coverage = |name: &str| summary["coverage"][name].as_u64().unwrap();
    let sum: u64 = ["scanned", "unchanged", "partial", "skipped", "failed"]
        .into_iter()
        .map(coverage)
        .sum();
    assert_eq!(coverage("discovered"), sum);
    assert_eq!(coverage("discovered"), 3);
    assert_eq!(coverage("skipped"), 1);
    assert_eq!(summary["detectors"]["fodselsnummer"]["findings"], 1);
    assert_eq!(summary["detectors"]["email"]["objects"], 1);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
}

#[test]
fn what_did_not_change_is_not_read_again() {
    let place = Workplace::new();
    for n in 0..20 {
        place.put(
            &format!("f{n}.txt"),
            format!("fnr {SYNTHETIC}, nummer {n}\n"),
        );
    }
    let first = json(&place.run(&["scan", "share", "--format", "json"]));
    place.put("f3.txt", "ikke noe her lenger\n");
    std::fs::remove_file(place.share().join("f4.txt")).unwrap();
    let second = json(&place.run(&["scan", "share", "--format", "json"]));
    assert_eq!(first["coverage"]["scanned"], 20);
    assert_eq!(second["coverage"]["unchanged"], 18);
    assert_eq!(second["coverage"]["scanned"], 1);
    assert_eq!(second["detectors"]["fodselsnummer"]["objects"], 18);
    assert_eq!(second["detectors"]["fodselsnummer"]["distinct"], 1);
    let full = json(&place.run(&["scan", "share", "--full", "--format", "json"]));
    assert_eq!(full["coverage"]["scanned"], 19);
}

#[test]
fn a_killed_scan_is_resumed_and_nothing_counts_twice() {
    let place = Workplace::new();
    for n in 0..2000 {
        let text = format!("Søker {n}: fnr {SYNTHETIC}, post{n}@example.no\n").repeat(60);
        place.put(&format!("m{}/f{n}.txt", n % 40), text);
    }
    let undisturbed = Workplace::new();
    copy_folder(&place.share(), &undisturbed.share());
    let expected = json(&undisturbed.run(&["scan", "share", "--format", "json"]));

    let mut kills = 0;
    for wait in [60_u64, 150, 300, 500] {
        let mut child = place
            .command(&["scan", "share", "--quiet"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        child.wait().unwrap();
    }
    assert!(kills > 0, "every scan ended before it could be killed");
    let resumed = json(&place.run(&["scan", "share", "--format", "json"]));
    for part in ["coverage", "detectors", "problems"] {
        assert_eq!(resumed[part], expected[part], "{part}");
    }
}

#[test]
fn nothing_planted_is_written_anywhere() {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    let outputs = [
        place.run(&["scan", "share", "--findings", "findings.jsonl"]),
        place.run(&["report", "json", "--output", "report.json"]),
        place.run(&["report", "jsonl", "--output", "report.jsonl"]),
        place.run(&["report", "csv", "--output", "report.csv"]),
        place.run(&["report", "summary", "--output", "report.txt"]),
    ];
    let mut written: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, output) in outputs.into_iter().enumerate() {
        written.push((format!("stdout {at}"), output.stdout));
        written.push((format!("stderr {at}"), output.stderr));
    }
    for entry in std::fs::read_dir(place.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            written.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
    assert!(written.iter().any(|(name, _)| name == "sporhund.db"));
    let planted = planted_values();
    assert!(planted.len() > 20, "the fixtures plant their identifiers");
    for (name, bytes) in &written {
        for value in &planted {
            let found = memchr::memmem::find(bytes, value.as_bytes());
            assert_eq!(found, None, "`{name}` holds a planted value at {found:?}");
        }
    }
}

/// Planted fault that this caught: members of a copied archive under the name of the first one.
#[test]
fn a_copy_is_recorded_as_if_it_had_been_read() {
    let lines = |folders: &[&str], folder: &str| {
        let place = Workplace::new();
        for name in folders {
            copy_folder(&fixtures(), &place.share().join(name));
        }
        place.run(&["scan", "share", "--quiet", "--findings", "seen.jsonl"]);
        let written = std::fs::read_to_string(place.path().join("seen.jsonl")).unwrap();
        let lines = written.lines().filter(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["object"].as_str().unwrap().contains(folder)
        });
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        lines.sort();
        lines
    };
    for folder in ["nord/", "sør/søknader/"] {
        let alone = lines(&[folder], folder);
        let beside = lines(&["nord/", "sør/søknader/"], folder);
        assert!(
            alone.len() > 40,
            "the fixtures hold more than {}",
            alone.len()
        );
        assert_eq!(beside, alone, "{folder}");
    }
}

/// What a scan of `place` finds in an object: detectors, with the part of the sample's place.
fn found_in(place: &Workplace, object: &str) -> Vec<(String, String)> {
    let seen = std::fs::read_to_string(place.path().join("seen.jsonl")).unwrap();
    let lines = seen
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let own = lines.filter(|line| line["object"] == object);
    let findings = own.flat_map(|line| line["findings"].as_array().unwrap().clone());
    let told = findings.map(|finding| {
        let part = finding["samples"][0]["place"]["part"].as_str();
        let detector = finding["detector"].as_str().unwrap();
        (detector.to_owned(), part.unwrap_or_default().to_owned())
    });
    told.collect()
}

/// Planted faults that this caught: copies with the findings of the first one's name, and files that were not
/// read without those of their own.
#[test]
fn names_of_files_and_folders_are_read_too() {
    let place = Workplace::new();
    place.put("bilde.txt", "Vedlegg er sendt.\n");
    place.put("Per Olsen 15908640052.txt", "Vedlegg er sendt.\n");
    place.put("kopi.txt", "Vedlegg er sendt.\n");
    place.put("15908640052/notat.txt", "Vedlegg er sendt.\n");
    place.put(
        "skannet 15908640052.png",
        b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".as_slice(),
    );
    place.put("Ingrid Lunde.pdf", b"%PDF-1.7 broken".as_slice());
    let scan = || place.run(&["scan", "share", "--quiet", "--findings", "seen.jsonl"]);
    scan();
    let of = |detector: &str, part: &str| (detector.to_owned(), part.to_owned());
    assert_eq!(
        found_in(&place, "Pe* ***** 15*********.txt"),
        [of("fodselsnummer", "file name"), of("name", "file name")]
    );
    assert_eq!(
        found_in(&place, "15*********/notat.txt"),
        [of("fodselsnummer", "folder name")]
    );
    assert_eq!(
        found_in(&place, "skannet 15*********.png"),
        [of("fodselsnummer", "file name")]
    );
    assert_eq!(
        found_in(&place, "In**** *****.pdf"),
        [of("name", "file name")]
    );
    for object in ["bilde.txt", "kopi.txt"] {
        assert_eq!(found_in(&place, object), [], "{object}");
    }
}

/// The lines of `--findings`, sorted, each without what only its own reading shows.
fn seen_lines(place: &Workplace) -> Vec<String> {
    let seen = std::fs::read_to_string(place.path().join("seen.jsonl")).unwrap();
    let mut lines: Vec<String> = seen.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The dates, sketches and digests that are stored, with the names of their objects.
fn stored_facts(place: &Workplace) -> Vec<String> {
    let inventory = rusqlite::Connection::open(place.inventory()).unwrap();
    spread_digests(&inventory, "temp.own");
    let mut facts = inventory
        .prepare(
            "SELECT shown || ' ' || said FROM (
                 SELECT CAST(o.name AS TEXT) AS shown, source || first_day || last_day AS said, top_id
                     FROM fact JOIN object o ON o.id = object_id
                 UNION ALL SELECT CAST(o.name AS TEXT), hex(sketch), top_id
                     FROM likeness JOIN object o ON o.id = object_id
                 UNION ALL SELECT CAST(o.name AS TEXT), m.id, top_id
                     FROM message m JOIN object o ON o.id = object_id
                 UNION ALL SELECT CAST(o.name AS TEXT), detector || hex(digests), top_id
                     FROM temp.own JOIN object o ON o.id = object_id)
             WHERE top_id IN (SELECT id FROM object WHERE gone_run IS NULL)",
        )
        .unwrap();
    let rows = facts.query_map([], |row| row.get(0)).unwrap();
    let mut rows: Vec<String> = rows.map(Result::unwrap).collect();
    rows.sort();
    rows
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// A share of the fixtures and a few files more.
fn share_to_rename() -> Workplace {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share().join("nord"));
    let large = "kari.testesen@firma.example;\n".repeat(6000);
    place.put("stor.csv", large);
    place.put("liten.txt", "E-post: kari.testesen@firma.example\n");
    place.put("Per Olsen.txt", "Vedlegg er sendt.\n");
    place.put("avbrutt.txt", "Ring 21 00 12 34.\n");
    place.put("a1.txt.gz", gzipped("E-post: ola.testesen@firma.example\n"));
    place
}

fn rename(share: &std::path::Path) {
    for (from, to) in [
        ("nord", "sør"),
        ("stor.csv", "større.csv"),
        ("Per Olsen.txt", "notat.txt"),
        ("avbrutt.txt", "lest.txt"),
        ("a1.txt.gz", "b2.txt.gz"),
    ] {
        std::fs::rename(share.join(from), share.join(to)).unwrap();
    }
    std::fs::copy(share.join("liten.txt"), share.join("sør/kopi.txt")).unwrap();
    std::fs::rename(share.join("liten.txt"), share.join("sør/flyttet.txt")).unwrap();
}

/// Planted faults that this caught: a file whose reading was broken off taken for read, members under the
/// container's former name, facts left out, findings of a name that is no longer the file's.
#[test]
fn what_was_renamed_moved_or_copied_since_the_last_run_is_known_by_its_content() {
    let place = share_to_rename();
    let scan = || place.run(&["scan", "share", "--quiet", "--findings", "seen.jsonl"]);
    scan();
    // What is told of a content from now on comes from the inventory where its hits are a thousand more.
    let change = |statement: &str| {
        let inventory = rusqlite::Connection::open(place.inventory()).unwrap();
        inventory.execute(statement, []).unwrap();
    };
    change("UPDATE finding SET count = count + 1000");
    change(
        "UPDATE object SET outcome = 'skipped', problem = 'cancelled', stage = 'extract'
         WHERE name = CAST('avbrutt.txt' AS BLOB)",
    );
    rename(&place.share());
    scan();
    // Persons are masked in a path; of the others these say something of health, deeds, or a person. What
    // is packed is called after its file, and `lest.txt` was not read to its end.
    let tells = |object: &str| {
        let words = [
            "*",
            "sykmelding",
            "politiattest",
            "henrik-dahle",
            ".gz",
            "lest.txt",
        ];
        words.into_iter().any(|word| object.contains(word))
    };
    let (mut reused, mut read) = (0, Vec::new());
    for line in seen_lines(&place) {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let object = line["object"].as_str().unwrap();
        for finding in line["findings"].as_array().unwrap() {
            if finding["count"].as_u64().unwrap() >= 1000 {
                reused += 1;
            } else {
                read.push(object.to_owned());
            }
        }
    }
    assert!(reused > 150, "{reused} findings were known");
    assert!(
        !read.is_empty(),
        "files whose names tell something are read"
    );
    read.retain(|object| !tells(object));
    assert_eq!(read, Vec::<String>::new());
    change("UPDATE finding SET count = count - 1000 WHERE count > 1000");
    let told = || {
        place.run(&["report", "jsonl", "--output", "seen.jsonl"]);
        [seen_lines(&place), stored_facts(&place)].concat()
    };
    let known = told();
    // The same as of an inventory that knew nothing.
    std::fs::remove_file(place.inventory()).unwrap();
    scan();
    let anew = told();
    let differ = known.iter().zip(&anew).find(|(known, anew)| known != anew);
    assert_eq!(differ, None);
    assert_eq!(known.len(), anew.len());
}

/// Every value that the fixtures plant, in the form in which it stands there, but for names that
/// stand in paths: paths are stored as they are.
pub(crate) fn planted_values() -> Vec<String> {
    let text = std::fs::read_to_string(fixtures().with_file_name("planted.json")).unwrap();
    let planted: serde_json::Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| planted[name].as_array().unwrap().clone();
    let in_paths: Vec<_> = list("named_paths")
        .iter()
        .map(|path| path["name"].clone())
        .collect();
    let values = list("planted")
        .into_iter()
        .map(|entry| entry["value"].clone());
    let values = values.filter(|value| !in_paths.contains(value));
    values
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_interrupted_scan_says_so_and_leaves_a_sound_inventory() {
    let place = Workplace::new();
    for n in 0..2000 {
        place.put(
            &format!("f{n}.txt"),
            format!("fnr {SYNTHETIC} {n}\n").repeat(300),
        );
    }
    let child = place
        .command(&["scan", "share", "--quiet"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    place.wait_for_scan();
    std::thread::sleep(Duration::from_millis(50));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let again = json(&place.run(&["scan", "share", "--format", "json"]));
    assert_eq!(again["coverage"]["discovered"], 2000);
    assert_eq!(again["detectors"]["fodselsnummer"]["objects"], 2000);
}

#[test]
fn an_empty_root_is_not_taken_for_a_deletion() {
    let place = Workplace::new();
    place.put("a.txt", format!("fnr {SYNTHETIC}\n"));
    place.run(&["scan", "share"]);
    std::fs::remove_file(place.share().join("a.txt")).unwrap();
    place.run(&["scan", "share"]);
    let report = json(&place.run(&["report", "json"]));
    assert_eq!(
        report["detectors"]["fodselsnummer"]["objects"], 1,
        "the share may be unmounted"
    );
    place.put("b.txt", "noe annet\n");
    place.run(&["scan", "share"]);
    let report = json(&place.run(&["report", "json"]));
    assert_eq!(
        report["detectors"].get("fodselsnummer"),
        None,
        "now it is gone"
    );
}

#[test]
fn an_object_is_explained() {
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    place.run(&["scan", "share"]);
    let object = "marked/nyhetsbrev/mottakere.csv";
    // The configuration is that of the scanned share.
    let told = place.run(&["explain", object]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    for part in [
        object,
        "fodselsnummer:synthetic",
        "checksum",
        "NO-FNR-MARKETING",
    ] {
        assert!(stdout(&told).contains(part), "{part}: {}", stdout(&told));
    }
    assert_eq!(place.run(&["explain", "not/there"]).status.code(), Some(2));
}

#[test]
fn a_key_press_reaches_the_scan_and_not_its_children() {
    use std::os::unix::process::CommandExt as _;
    let place = Workplace::new();
    let page = fixtures().join("regnskap/bilag/2024/faktura-2024-0388.pdf");
    let page = std::fs::read(page).unwrap();
    for n in 0..400 {
        // Copies would not be read at all.
        let own = format!("% {n}\n");
        place.put(&format!("f{n}.pdf"), [&page, own.as_bytes()].concat());
    }
    let mut command = place.command(&["scan", "share", "--quiet"]);
    let child = command
        .process_group(0)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    place.wait_for_scan();
    std::thread::sleep(Duration::from_millis(300));
    let group = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process_group(group, rustix::process::Signal::INT).unwrap();
    child.wait_with_output().unwrap();
    let after = json(&place.run(&["report", "json"]));
    let causes: Vec<_> = after["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["kind"])
        .collect();
    assert!(
        !causes.contains(&&serde_json::json!("crashed")),
        "{causes:?}"
    );
    let again = json(&place.run(&["scan", "share", "--format", "json"]));
    assert_eq!(again["coverage"]["scanned"], 400, "{}", again["problems"]);
}

/// The summary without what differs between any two scans.
fn what_it_says(output: &std::process::Output) -> serde_json::Value {
    let mut summary = json(output);
    summary["elapsed_seconds"].take();
    summary
}

#[test]
fn a_folder_that_did_not_change_is_carried_over_whole_and_says_the_same() {
    let place = Workplace::new();
    for n in 0..30 {
        place.put(
            &format!("m{}/f{n}.txt", n % 3),
            format!("fnr {SYNTHETIC}, post{n}@example.no\n"),
        );
    }
    place.put("m1/u.bin", [1_u8, 2, 3, 0, 255, 9]);
    std::os::unix::fs::symlink("f4.txt", place.share().join("m1/lenke")).unwrap();
    place.settle();
    let scan = ["scan", "share", "--format", "json"];
    let first = what_it_says(&place.run(&scan));
    for round in 0..3 {
        let mut again = what_it_says(&place.run(&scan));
        let coverage = again["coverage"].take();
        assert_eq!(coverage["unchanged"], 30, "round {round}");
        assert_eq!(coverage["discovered"], first["coverage"]["discovered"]);
        let mut before = first.clone();
        before["coverage"].take();
        assert_eq!(again, before, "round {round}");
    }
    // One more, one less and one other: each is seen, in a folder that was known as a whole.
    place.put("m0/ny.txt", "noe annet\n");
    std::fs::remove_file(place.share().join("m1/f1.txt")).unwrap();
    place.put("m2/f2.txt", "ikke noe her\n");
    let changed = json(&place.run(&scan));
    assert_eq!(changed["coverage"]["scanned"], 2);
    assert_eq!(changed["coverage"]["unchanged"], 28);
    assert_eq!(changed["detectors"]["fodselsnummer"]["objects"], 28);
    let whole = Workplace::new();
    copy_folder(&place.share(), &whole.share());
    std::fs::remove_file(whole.share().join("m1/lenke")).unwrap();
    let fresh = json(&whole.run(&scan));
    assert_eq!(changed["detectors"], fresh["detectors"]);
}

#[test]
fn a_file_that_only_looks_changed_is_compared_and_carried_over() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Workplace::new();
    place.put("a.txt", format!("fnr {SYNTHETIC}\n"));
    place.put("b.txt", format!("nr {SYNTHETIC}\n"));
    place.settle();
    let scan = ["scan", "share", "--format", "json"];
    place.run(&scan);
    let a = place.share().join("a.txt");
    std::fs::set_permissions(&a, std::fs::Permissions::from_mode(0o600)).unwrap();
    // The same size and modification time, and another content: the change time tells.
    let b = place.share().join("b.txt");
    let before = std::fs::metadata(&b).unwrap().modified().unwrap();
    std::fs::write(&b, format!("nr {}\n", "x".repeat(SYNTHETIC.len()))).unwrap();
    std::fs::File::options()
        .write(true)
        .open(&b)
        .unwrap()
        .set_modified(before)
        .unwrap();
    let again = json(&place.run(&scan));
    assert_eq!(again["coverage"]["unchanged"], 1);
    assert_eq!(again["coverage"]["scanned"], 1);
    assert_eq!(again["detectors"]["fodselsnummer"]["objects"], 1);
    let third = json(&place.run(&scan));
    assert_eq!(third["coverage"]["unchanged"], 2);
}

#[test]
fn a_file_that_changes_as_it_is_read_is_compared_by_the_next_scan() {
    let place = Workplace::new();
    place.put("a.txt", "ikke noe her foreløpig\n");
    let scan = ["scan", "share", "--format", "json"];
    place.run(&scan);
    // As if written within the same tick of the clock: everything the system says is as before.
    let a = place.share().join("a.txt");
    let text = format!("fnr {SYNTHETIC} 12345678");
    let before = std::fs::metadata(&a).unwrap();
    std::fs::write(
        &a,
        text.get(..usize::try_from(before.len()).unwrap()).unwrap(),
    )
    .unwrap();
    std::fs::File::options()
        .write(true)
        .open(&a)
        .unwrap()
        .set_modified(before.modified().unwrap())
        .unwrap();
    let again = json(&place.run(&scan));
    assert_eq!(again["detectors"]["fodselsnummer"]["objects"], 1);
}
