//! Scans that run every night: budgets, status, upkeep, several machines, and what goes wrong meanwhile.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::{Mode, OFlags, mkdirat, open, openat};
use serde_json::Value;

use crate::program::{Workplace, copy_folder, json, stderr, stdout};

/// Synthetic (month +80), made for these tests.
const NUMBERS: [&str; 3] = ["15888610046", "15888610127", "15888610208"];

const SCAN: [&str; 4] = ["scan", "share", "--format", "json"];

fn filled(files: usize) -> Workplace {
    let place = Workplace::new();
    for n in 0..files {
        let number = NUMBERS.get(n % 3).unwrap();
        let text = format!("Søker {n}: fnr {number}, post{n}@example.no\n").repeat(40);
        place.put(&format!("m{}/f{n}.txt", n % 7), text);
    }
    place
}

/// What a summary says of the files, without what differs between any two scans.
fn found(summary: &Value) -> (Value, Value) {
    (
        summary["detectors"].clone(),
        summary["coverage"]["discovered"].clone(),
    )
}

#[test]
fn a_spent_budget_pauses_and_the_next_scan_goes_on() {
    let place = filled(120);
    let expected = found(&json(&filled(120).run(&SCAN)));
    let mut paused = 0;
    for _ in 0..3 {
        let output = place.run(&[
            "scan",
            "share",
            "--format",
            "json",
            "--jobs",
            "1",
            "--time-budget",
            "1s",
            "--max-read-rate",
            "40K",
            "--status-file",
            "status.json",
        ]);
        let status: Value =
            serde_json::from_slice(&fs::read(place.path().join("status.json")).unwrap()).unwrap();
        if output.status.code() == Some(3) {
            paused += 1;
            assert_eq!(status["state"], "paused");
            assert!(
                stderr(&output).contains("fortsetter herfra"),
                "{}",
                stderr(&output)
            );
        }
    }
    assert!(
        paused >= 2,
        "two seconds do not suffice for all at this rate"
    );
    let done = place.run(&SCAN);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("fortsatte der"));
    assert_eq!(found(&json(&done)), expected);
    let wrong = place.run(&["scan", "share", "--time-budget", "6 timer"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn opening_ahead_finds_the_same() {
    let place = filled(60);
    let expected = found(&json(&filled(60).run(&SCAN)));
    let ahead = place.run(&[
        "scan",
        "share",
        "--format",
        "json",
        "--io-depth",
        "8",
        "--nice",
    ]);
    assert_eq!(found(&json(&ahead)), expected, "{}", stderr(&ahead));
}

#[test]
fn an_estimate_reads_a_sample_and_keeps_nothing() {
    let place = filled(50);
    place.put("bilde.JPG", [0xFF, 0xD8, 0xFF, 0xE0]);
    let told = json(&place.run(&["scan", "share", "--estimate", "--format", "json"]));
    assert_eq!(told["files"], 51);
    assert_eq!(told["extensions"]["txt"]["files"], 50);
    assert_eq!(told["extensions"]["jpg"]["files"], 1);
    assert!(told["seconds"].as_f64().unwrap() > 0.0);
    assert!(told["sampled"].as_u64().unwrap() < 51);
    let text = stdout(&place.run(&["scan", "share", "--estimate"]));
    assert!(text.contains("51 filer å lese"), "{text}");
    assert!(!place.inventory().exists() && !place.path().join("state").exists());
}

#[test]
fn status_and_metrics_tell_counts_and_no_names() {
    let place = filled(21);
    place.put("hemmelig-navn.bin", [1_u8, 0, 2, 255, 0, 3]);
    let output = place.run(&[
        "scan",
        "share",
        "--metrics-file",
        "s.prom",
        "--status-file",
        "s.json",
    ]);
    assert_eq!(output.status.code(), Some(3));
    let metrics = fs::read_to_string(place.path().join("s.prom")).unwrap();
    for line in [
        "sporhund_objects{outcome=\"scanned\"} 21",
        "sporhund_objects{outcome=\"skipped\"} 1",
        "sporhund_unread_objects{cause=\"unsupported\"} 1",
        "sporhund_objects_with_findings{detector=\"fodselsnummer\"} 21",
        "sporhund_scan_exit_code 3",
        "sporhund_scan_whole 1",
    ] {
        assert!(metrics.lines().any(|own| own == line), "{line}\n{metrics}");
    }
    let status = fs::read_to_string(place.path().join("s.json")).unwrap();
    let parsed: Value = serde_json::from_str(&status).unwrap();
    assert_eq!(parsed["state"], "finished");
    assert_eq!(parsed["files"]["done"], 22);
    assert_eq!(parsed["coverage"]["discovered"], 22);
    assert!(!metrics.contains("hemmelig") && !status.contains("hemmelig"));
}

#[test]
fn log_lines_are_json_where_that_is_asked_for() {
    let place = filled(1);
    let mut command = place.command(&["scan", "finnes-ikke"]);
    let output = command.env("SPORHUND_LOG", "json").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error: Value = serde_json::from_str(stderr(&output).lines().next().unwrap()).unwrap();
    assert_eq!(error["level"], "error");
    assert!(error["message"].as_str().unwrap().contains("finnes-ikke"));
    let mut command = place.command(&["scan", "share"]);
    let output = command.env("SPORHUND_LOG", "json").output().unwrap();
    for line in stderr(&output).lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["level"], "info");
    }
}

#[test]
fn shards_of_one_root_come_together_as_one_scan() {
    let place = filled(80);
    let whole = json(&place.run(&SCAN));
    let mut parts = 0;
    for part in ["1/3", "2/3", "3/3"] {
        let inventory = format!("{}.db", part.replace('/', "-"));
        let output = place.run(&[
            "scan",
            "share",
            "--format",
            "json",
            "--shard",
            part,
            "--inventory",
            &inventory,
        ]);
        parts += json(&output)["coverage"]["discovered"].as_u64().unwrap();
    }
    assert_eq!(parts, 80, "each file lies in one part");
    let merge = [
        "inventory",
        "merge",
        "1-3.db",
        "2-3.db",
        "3-3.db",
        "--inventory",
        "alle.db",
    ];
    let merged = place.run(&merge);
    assert_eq!(merged.status.code(), Some(0), "{}", stderr(&merged));
    let report = |inventory: &str| {
        let report = json(&place.run(&["report", "json", "--inventory", inventory]));
        (
            report["detectors"].clone(),
            report["objects"].as_array().map(Vec::len),
        )
    };
    let (detectors, objects) = report("alle.db");
    assert_eq!(detectors, whole["detectors"]);
    assert_eq!(objects, Some(80));
    let again = place.run(&merge);
    assert_eq!(again.status.code(), Some(2), "it exists");
    let twice = place.run(&[
        "inventory",
        "merge",
        "1-3.db",
        "sporhund.db",
        "--inventory",
        "to.db",
    ]);
    assert_eq!(twice.status.code(), Some(2), "{}", stderr(&twice));
    assert!(!place.path().join("to.db").exists());
    assert_eq!(
        place
            .run(&["scan", "share", "--shard", "4/3"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn inventories_with_other_keys_are_not_united() {
    let (one, two) = (filled(3), filled(3));
    one.run(&["scan", "share", "--root", "a=share"]);
    one.run(&SCAN);
    two.run(&SCAN);
    fs::copy(two.inventory(), one.path().join("annen.db")).unwrap();
    let output = one.run(&[
        "inventory",
        "merge",
        "sporhund.db",
        "annen.db",
        "--inventory",
        "alle.db",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("another key"),
        "{}",
        stderr(&output)
    );
    assert!(!one.path().join("alle.db").exists());
}

#[test]
fn what_is_forgotten_is_gone_from_the_inventory_and_its_copy() {
    let place = filled(21);
    place.run(&SCAN);
    let forgotten = place.run(&["inventory", "forget", "m3"]);
    assert_eq!(forgotten.status.code(), Some(0), "{}", stderr(&forgotten));
    for inventory in ["sporhund.db", "sporhund.db.last"] {
        let rows =
            stdout(&place.run(&["report", "jsonl", "--show-paths", "--inventory", inventory]));
        assert_eq!(rows.lines().count(), 18, "{inventory}");
        assert!(!rows.contains("m3/"), "{inventory}");
    }
    assert_eq!(
        place.run(&["inventory", "forget", "m3"]).status.code(),
        Some(2)
    );
    let again = json(&place.run(&SCAN));
    assert_eq!(again["coverage"]["scanned"], 3);
    assert_eq!(again["coverage"]["unchanged"], 18);
}

#[test]
fn what_has_been_gone_for_long_is_vacuumed_away() {
    let place = filled(14);
    place.run(&SCAN);
    fs::remove_file(place.share().join("m0/f0.txt")).unwrap();
    place.run(&SCAN);
    let kept = place.run(&["inventory", "vacuum"]);
    assert!(
        stderr(&kept).contains("0 files and 0 runs"),
        "{}",
        stderr(&kept)
    );
    std::thread::sleep(Duration::from_millis(1100));
    let gone = place.run(&["inventory", "vacuum", "--keep", "PT0S"]);
    assert!(stderr(&gone).contains("1 files"), "{}", stderr(&gone));
    let again = json(&place.run(&SCAN));
    assert_eq!(again["coverage"]["unchanged"], 13);
    let runs: Value = serde_json::from_str(&stdout(&place.run(&[
        "inventory",
        "runs",
        "--format",
        "json",
    ])))
    .unwrap();
    assert_eq!(runs[0]["state"], "finished");
    assert_eq!(runs[0]["coverage"]["unchanged"], 13);
}

#[test]
fn a_copy_is_whole_and_private() {
    let place = filled(7);
    place.run(&SCAN);
    let export = place.run(&["inventory", "export", "kopi.db"]);
    assert_eq!(export.status.code(), Some(0), "{}", stderr(&export));
    let mode = fs::metadata(place.path().join("kopi.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let report =
        |inventory: &str| stdout(&place.run(&["report", "jsonl", "--inventory", inventory]));
    assert_eq!(report("kopi.db"), report("sporhund.db"));
    assert_eq!(
        place.run(&["inventory", "export", "kopi.db"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_damaged_inventory_is_refused_and_its_last_copy_named() {
    let place = filled(40);
    let first = json(&place.run(&SCAN));
    let whole = fs::read(place.inventory()).unwrap();
    let mut holed = whole.clone();
    for byte in holed.iter_mut().skip(4096).step_by(3) {
        *byte ^= 0x5A;
    }
    for damage in [whole.get(..whole.len() / 2).unwrap().to_vec(), holed] {
        fs::write(place.inventory(), &damage).unwrap();
        let output = place.run(&SCAN);
        assert!(
            matches!(output.status.code(), Some(1 | 2)),
            "{}",
            stderr(&output)
        );
        let said = stderr(&output);
        assert!(
            said.contains("damaged") && said.contains("sporhund.db.last"),
            "{said}"
        );
        let report = place.run(&["report", "summary"]);
        assert!(stderr(&report).contains("damaged"), "{}", stderr(&report));
    }
    fs::rename(place.path().join("sporhund.db.last"), place.inventory()).unwrap();
    for beside in ["-wal", "-shm"] {
        let _ = fs::remove_file(place.path().join(format!("sporhund.db{beside}")));
    }
    let again = json(&place.run(&SCAN));
    assert_eq!(found(&again), found(&first));
    assert_eq!(again["coverage"]["unchanged"], 40);
}

#[test]
fn a_second_scan_at_the_same_time_is_refused() {
    let place = filled(60);
    let mut first = place
        .command(&["scan", "share", "--max-read-rate", "60K", "--quiet"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    place.wait_for_scan();
    let second = place.run(&SCAN);
    assert_eq!(second.status.code(), Some(2));
    assert!(
        stderr(&second).contains("another scan is writing"),
        "{}",
        stderr(&second)
    );
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(place.run(&SCAN).status.code(), Some(0));
}

#[test]
fn a_share_that_goes_away_in_the_middle_loses_nothing() {
    let place = filled(600);
    let other = Workplace::new();
    copy_folder(&place.share(), &other.share());
    place.run(&SCAN);
    let expected = found(&json(&other.run(&SCAN)));
    // Everything is to be read again, slowly, and the share goes away meanwhile.
    for n in 0..600 {
        let file = place.share().join(format!("m{}/f{n}.txt", n % 7));
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, text + "\n").unwrap();
    }
    place.put("ny.txt", "ny\n");
    let slow = [
        "scan",
        "share",
        "--max-read-rate",
        "450K",
        "--quiet",
        "--jobs",
        "1",
    ];
    let scan = place
        .command(&slow)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut scan = scan.unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let away = place.path().join("away");
    fs::rename(place.share(), &away).unwrap();
    fs::create_dir(place.share()).unwrap();
    let code = scan.wait().unwrap().code();
    assert_eq!(code, Some(3), "what could not be opened is told");
    let runs = stdout(&place.run(&["inventory", "runs"]));
    assert!(runs.lines().all(|run| run.ends_with(" 0 gone")), "{runs}");
    let info = stdout(&place.run(&["inventory", "info"]));
    assert!(info.contains("not walked to its end"), "{info}");
    fs::remove_dir(place.share()).unwrap();
    fs::rename(away, place.share()).unwrap();
    fs::remove_file(place.share().join("ny.txt")).unwrap();
    let after = json(&place.run(&SCAN));
    assert_eq!(found(&after), expected);
}

#[test]
fn times_in_the_future_are_no_change() {
    let place = filled(5);
    for n in 0..5 {
        let file = fs::File::options()
            .write(true)
            .open(place.share().join(format!("m{n}/f{n}.txt")))
            .unwrap();
        let now = file.metadata().unwrap().modified().unwrap();
        let years = Duration::from_hours(70 * 365 * 24);
        file.set_modified(now + years).unwrap();
    }
    place.run(&SCAN);
    let again = json(&place.run(&SCAN));
    assert_eq!(again["coverage"]["unchanged"], 5);
}

#[test]
fn a_path_longer_than_the_system_takes_is_told_and_the_rest_is_read() {
    let place = filled(3);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let mut folder = open(place.share(), flags, Mode::empty()).unwrap();
    let name = "a".repeat(200);
    for depth in 1..=22 {
        mkdirat(&folder, &name, Mode::RWXU).unwrap();
        folder = openat(&folder, &name, flags, Mode::empty()).unwrap();
        if [10, 22].contains(&depth) {
            let flags = OFlags::WRONLY | OFlags::CREATE;
            let letter = openat(&folder, "brev.txt", flags, Mode::RUSR).unwrap();
            fs::File::from(letter).write_all(b"hei\n").unwrap();
        }
    }
    let summary = json(&place.run(&SCAN));
    assert_eq!(summary["coverage"]["scanned"], 4);
    assert_eq!(summary["coverage"]["failed"], 1);
    let problem = &summary["problems"][0];
    assert_eq!(
        (problem["kind"].as_str(), problem["stage"].as_str()),
        (Some("io"), Some("walk"))
    );
}

#[test]
fn a_file_of_nothing_but_a_hole_is_read() {
    let place = filled(2);
    let file = fs::File::create(place.share().join("hull.txt")).unwrap();
    file.set_len(100_000).unwrap();
    let summary = json(&place.run(&SCAN));
    assert_eq!(summary["coverage"]["discovered"], 3);
    let kinds = summary["problems"].to_string();
    assert!(!kinds.contains("offline"), "{kinds}");
}
