//! Whether a program has a file open for writing, without a lock: what it writes later would be lost with the file.
//!
//! Linux tells of open handles in `/proc`: of the own account's programs, and to root of all. What another machine
//! has open over the network is not seen there, unless this one serves the share.

use rustix::fs::Stat;

/// Whether any program has the file of this name and state open for writing, as far as the system tells.
#[cfg(target_os = "linux")]
pub(super) fn is_written(name: &[u8], stat: &Stat) -> bool {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let programs = folders.filter(|entry| {
        let name = entry.file_name();
        name.as_encoded_bytes().iter().all(u8::is_ascii_digit)
    });
    programs
        .map(|program| program.path())
        .any(|program| linux::writes(&program, name, stat))
}

/// Other systems do not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_written(_: &[u8], _: &Stat) -> bool {
    false
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use super::Stat;

    /// The bits of an open file's flags that say how it was opened, and reading alone among them.
    const ACCESS: u32 = 0o3;
    const READ_ONLY: u32 = 0;

    /// Whether the program with this folder in `/proc` has the file open for writing.
    pub(super) fn writes(program: &Path, name: &[u8], stat: &Stat) -> bool {
        let handles = fs::read_dir(program.join("fd")).into_iter().flatten();
        let mut handles = handles.flatten().map(|entry| entry.path());
        handles.any(|handle| {
            // By name first: asking a file system that hangs for its state would hang us too.
            let named = fs::read_link(&handle).is_ok_and(|file| {
                let last = file.file_name().unwrap_or_default();
                last.as_encoded_bytes() == name
            });
            named && is_file(&handle, stat) && is_for_writing(program, &handle)
        })
    }

    fn is_file(handle: &Path, stat: &Stat) -> bool {
        fs::metadata(handle)
            .is_ok_and(|open| (open.dev(), open.ino()) == (stat.st_dev, stat.st_ino))
    }

    fn is_for_writing(program: &Path, handle: &Path) -> bool {
        let number = handle.file_name().unwrap_or_default();
        let told = fs::read_to_string(program.join("fdinfo").join(number)).unwrap_or_default();
        let flags = told.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
        flags.is_some_and(|flags| flags & ACCESS != READ_ONLY)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::{File, OpenOptions};

    use super::*;

    #[test]
    fn a_handle_for_writing_is_seen_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("søknad.txt");
        std::fs::write(&path, "a").unwrap();
        let reading = File::open(&path).unwrap();
        let stat = rustix::fs::fstat(&reading).unwrap();
        let written = || is_written("søknad.txt".as_bytes(), &stat);
        assert!(!written(), "reading takes nothing from anybody");
        let writing = OpenOptions::new().append(true).open(&path).unwrap();
        assert!(written());
        assert!(!is_written(b"annen.txt", &stat));
        drop(writing);
        assert!(!written());
    }
}
