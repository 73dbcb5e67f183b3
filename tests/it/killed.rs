//! A scan that is killed in the middle leaves nothing of what it was reading: no temporary file with
//! the text of a member, and none in the inventory or beside it.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::program::Workplace;

/// A synthetic national identity number (month + 80) that stands on each line of the member.
const PLANTED: &str = "15888610046";

/// A zip with one stored member that is too large to be held in memory.
fn archive() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("liste.txt", options).unwrap();
    let line = format!("Kari Nordmann, fødselsnummer {PLANTED}, bor her\n");
    zip.write_all(line.repeat(600_000).as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Whether the process has a file of `folder` open that no folder lists any more.
fn holds_unlinked(process: &Child, folder: &Path) -> bool {
    let Ok(open) = fs::read_dir(format!("/proc/{}/fd", process.id())) else {
        return false;
    };
    open.flatten().any(|entry| {
        fs::read_link(entry.path()).is_ok_and(|target| {
            target.starts_with(folder) && target.to_string_lossy().ends_with(" (deleted)")
        })
    })
}

/// Every file below the folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

#[test]
fn a_scan_that_is_killed_leaves_no_text_behind() {
    let work = Workplace::new();
    work.put("arkiv.zip", archive());
    let temporary = work.path().canonicalize().unwrap().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut command = work.command(&["scan", "share"]);
    command.env("TMPDIR", &temporary);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut scan = command.spawn().unwrap();
    let begun = Instant::now();
    while !holds_unlinked(&scan, &temporary) {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "no member was spooled"
        );
        assert_eq!(
            scan.try_wait().unwrap(),
            None,
            "the scan ended before it was killed"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    // Some of the member is read by then, and findings are on their way.
    std::thread::sleep(Duration::from_millis(300));
    assert!(
        holds_unlinked(&scan, &temporary),
        "the member is still being read"
    );
    scan.kill().unwrap();
    scan.wait().unwrap();
    assert_eq!(files(&temporary), Vec::<PathBuf>::new());
    let mut looked_at = 0;
    for file in files(work.path()) {
        if file.starts_with(work.share()) {
            continue;
        }
        let bytes = fs::read(&file).unwrap();
        let found = memchr::memmem::find(&bytes, PLANTED.as_bytes());
        assert_eq!(found, None, "{}", file.display());
        looked_at += 1;
    }
    assert!(looked_at > 0, "the inventory was begun");
}
