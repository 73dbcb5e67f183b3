//! Running the program itself, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A working folder with a key and an inventory of its own; gone when dropped.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("share")).expect("the share");
        Self { folder }
    }

    /// The folder that commands run in.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that is scanned.
    pub(crate) fn share(&self) -> PathBuf {
        self.path().join("share")
    }

    /// The inventory's file.
    pub(crate) fn inventory(&self) -> PathBuf {
        self.path().join("sporhund.db")
    }

    /// Writes a file below the share, with the folders that lead to it.
    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        let file = self.share().join(name);
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        std::fs::write(file, content).expect("a file");
    }

    /// Lets the files be as old as those of a share: what was changed a moment ago is compared again.
    pub(crate) fn settle(&self) {
        let _ = self;
        std::thread::sleep(std::time::Duration::from_millis(3200));
    }

    /// Waits until a scan that was started writes its inventory.
    pub(crate) fn wait_for_scan(&self) {
        let lock = self.path().join("sporhund.db.lock");
        let begun = std::time::Instant::now();
        while !lock.exists() {
            let waited = begun.elapsed();
            assert!(waited.as_secs() < 60, "no scan writes an inventory");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// The program with these arguments, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sporhund"));
        command
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
            .env("XDG_STATE_HOME", self.path().join("state"))
            .env("LC_ALL", "nb_NO.UTF-8");
        command.env_remove("CI").env_remove("NO_COLOR");
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Scans the share, of which not everything can be read.
    pub(crate) fn scan(&self) {
        let output = self.run(&["scan", "share", "--quiet"]);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    }

    /// Runs the program with text on its standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &str) -> Output {
        use std::io::Write as _;
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("its standard input");
        let input = input.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the program ends");
        // The program may rightly end before it has read everything.
        let _ = writer.join().expect("the writer ends");
        output
    }
}

/// Standard output as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output")
}

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Standard output as JSON.
pub(crate) fn json(output: &Output) -> serde_json::Value {
    let text = stdout(output);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}\n{}", stderr(output)))
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Copies the digests of an inventory to a new table with one row for each object and detector, as they lay before
/// version 6.
pub(crate) fn spread_digests(inventory: &rusqlite::Connection, table: &str) {
    let create = format!(
        "CREATE TABLE {table} (object_id INTEGER NOT NULL, detector TEXT NOT NULL, digests BLOB NOT NULL,
             PRIMARY KEY (object_id, detector)) STRICT, WITHOUT ROWID"
    );
    inventory.execute_batch(&create).unwrap();
    let mut all = inventory
        .prepare("SELECT object_id, detectors, digests FROM digest")
        .unwrap();
    let mut rows = all.query([]).unwrap();
    let put = format!("INSERT INTO {table} SELECT ?1, id, ?2 FROM detector WHERE number = ?3");
    while let Some(row) = rows.next().unwrap() {
        let (object, heading): (i64, Vec<u8>) = (row.get(0).unwrap(), row.get(1).unwrap());
        let mut left = row.get_ref(2).unwrap().as_blob().unwrap();
        for [number, held] in heading.as_chunks::<2>().0 {
            assert!(*number < 128 && *held < 128, "numbers of one byte");
            let (own, rest) = left.split_at(usize::from(*held) * 8);
            left = rest;
            let put = inventory.execute(&put, rusqlite::params![object, own, number]);
            assert_eq!(put.unwrap(), 1);
        }
        assert!(left.is_empty());
    }
}

/// The shipped fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/filserver")
}

/// The shipped fixtures in a share of their own, scanned.
pub(crate) fn scanned_fixtures() -> Workplace {
    let work = Workplace::new();
    copy_folder(&fixtures(), &work.share());
    work.scan();
    work
}
