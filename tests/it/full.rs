//! A disk that is full: the scan ends with an error that says so, and what it had written is sound.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use crate::program::{Workplace, stderr};

/// Enough files with findings that an inventory of them is larger than the limit.
fn workplace() -> Workplace {
    let work = Workplace::new();
    for file in 0..300 {
        let lines: Vec<String> = (0..40)
            .map(|line| format!("kunde{file}-{line}@example.no"))
            .collect();
        work.put(&format!("liste-{file}.txt"), lines.join("\n"));
    }
    work
}

#[test]
fn a_scan_that_cannot_write_says_so_and_can_be_taken_up() {
    let work = workplace();
    let program = env!("CARGO_BIN_EXE_sporhund");
    let script = format!("ulimit -f 400; exec '{program}' scan share");
    let output = Command::new("/bin/sh")
        .args(["-c", &script])
        .current_dir(work.path())
        .env("XDG_STATE_HOME", work.path().join("state"))
        .output()
        .unwrap();
    assert_eq!(output.status.signal(), None, "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("inventory"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("kunde"), "{}", stderr(&output));
    let inventory = rusqlite::Connection::open(work.inventory()).unwrap();
    let sound: String = inventory
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    drop(inventory);
    let again = work.run(&["scan", "share"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
}
