//! What git says of a repository: its tracked, staged, changed and former files, and their contents.
//!
//! The program `git` is asked, because it alone knows every form of an index and of an object store
//! (split, sparse, partial, with alternates, in either hash), and because it is there wherever a
//! repository is checked; `docs/decisions.md` has the measurement. Nothing is written, no filter,
//! hook or helper of the repository is run, and nothing is fetched.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A working tree with its repository.
#[derive(Clone, Debug)]
pub struct Repository {
    top: PathBuf,
}

/// Why git could not answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no program `git`.
    #[error("the program `git` cannot be run")]
    NoGit(#[source] io::Error),
    /// Git refused; the text is its own first line.
    #[error("git says: {0}")]
    Refused(String),
    /// Git answered something else than it promises.
    #[error("git gave no answer that can be understood")]
    Garbled,
    /// The pipes broke.
    #[error("git broke off")]
    Broken(#[source] io::Error),
}

/// What sort of thing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository, checked by its own check.
    Submodule,
}

/// One path that git knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path from the top of the working tree, as git has it, with `/`.
    pub path: Vec<u8>,
    /// What sort of thing it is.
    pub kind: EntryKind,
    /// Its object, as hexadecimal digits; empty where git has none, as for untracked files.
    pub object: String,
    /// Whether a sparse checkout leaves it out of the working tree.
    pub sparse: bool,
}

/// A path that differs between two states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it was; `None` for a new path.
    pub before: Option<Entry>,
    /// What it is; `None` for a path that is gone.
    pub after: Option<Entry>,
}

impl Repository {
    /// The repository that `folder` lies in; `None` where it lies in none.
    ///
    /// # Errors
    /// When git cannot be run, or refuses the repository, as it does with one of another owner.
    pub fn find(folder: &Path) -> Result<Option<Self>, GitError> {
        let output = git(folder)
            .args(["rev-parse", "--show-toplevel"])
            .output()
            .map_err(GitError::NoGit)?;
        if output.status.success() {
            let mut top = output.stdout;
            while top.last().is_some_and(u8::is_ascii_whitespace) {
                top.pop();
            }
            let top = path_of(&top);
            return Ok(Some(Self { top }));
        }
        let said = first_line(&output.stderr);
        if said.contains("not a git repository") {
            return Ok(None);
        }
        Err(GitError::Refused(said))
    }

    /// The top of the working tree.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Every tracked path below `paths` (all where there are none), each once.
    ///
    /// # Errors
    /// When git refuses or breaks off.
    pub fn tracked(&self, paths: &[PathBuf]) -> Result<Vec<Entry>, GitError> {
        let listed = self.answer(&["ls-files", "-z", "-t", "-s", "--full-name"], paths)?;
        let mut entries = Vec::new();
        for line in nul_parts(&listed) {
            // `H 100644 0123… 0\tpath`
            let tab = memchr::memchr(b'\t', line).ok_or(GitError::Garbled)?;
            let (head, path) = (line.get(..tab), line.get(tab + 1..));
            let head = head.and_then(|head| std::str::from_utf8(head).ok());
            let mut words = head.ok_or(GitError::Garbled)?.split(' ');
            let (tag, mode, object) = (words.next(), words.next(), words.next());
            entries.push(Entry {
                path: path.unwrap_or_default().to_vec(),
                kind: kind_of(mode.ok_or(GitError::Garbled)?),
                object: object.ok_or(GitError::Garbled)?.to_owned(),
                sparse: tag == Some("S"),
            });
        }
        // A path in conflict stands there once for each side.
        entries.dedup_by(|later, earlier| later.path == earlier.path);
        Ok(entries)
    }

    /// Every path below `paths` that is neither tracked nor ignored.
    ///
    /// # Errors
    /// When git refuses or breaks off.
    pub fn untracked(&self, paths: &[PathBuf]) -> Result<Vec<Entry>, GitError> {
        let what = ["ls-files", "-z", "-o", "--exclude-standard", "--full-name"];
        let listed = self.answer(&what, paths)?;
        let entry = |path: &[u8]| Entry {
            path: path.to_vec(),
            kind: EntryKind::File,
            object: String::new(),
            sparse: false,
        };
        Ok(nul_parts(&listed).map(entry).collect())
    }

    /// What the index holds that the last commit does not: what the next one will bring.
    ///
    /// # Errors
    /// When git refuses or breaks off.
    pub fn staged(&self) -> Result<Vec<Change>, GitError> {
        let mut what = vec!["diff", "--cached"];
        what.extend(RAW_DIFF);
        changes(&self.answer(&what, &[])?)
    }

    /// What the current commit has that its common ancestor with `base` has not.
    ///
    /// # Errors
    /// When git does not know `base`, or the two have no common ancestor here.
    pub fn changed_since(&self, base: &str) -> Result<Vec<Change>, GitError> {
        if base.starts_with('-') {
            return Err(GitError::Refused(format!("`{base}` names no commit")));
        }
        let range = format!("{base}...HEAD");
        let mut what = vec!["diff"];
        what.extend(RAW_DIFF);
        what.push(&range);
        changes(&self.answer(&what, &[])?)
    }

    /// Every object that any reference reaches, with a path where it has one, newest first: files,
    /// folders and commits alike. Which of them are files is known when they are read.
    ///
    /// # Errors
    /// When git refuses or breaks off.
    pub fn history(&self) -> Result<Vec<(String, Vec<u8>)>, GitError> {
        let what = [
            "rev-list",
            "--objects",
            "--all",
            "--filter=object:type=blob",
        ];
        let listed = self.answer(&what, &[])?;
        let mut objects = Vec::new();
        for line in listed.split(|byte| *byte == b'\n') {
            let mut parts = line.splitn(2, |byte| *byte == b' ');
            let object = parts.next().and_then(|part| std::str::from_utf8(part).ok());
            // Commits stand there without a path.
            if let (Some(object), Some(path)) = (object, parts.next())
                && !path.is_empty()
            {
                objects.push((object.to_owned(), path.to_vec()));
            }
        }
        Ok(objects)
    }

    /// A reader of objects, which lives until it is dropped.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn objects(&self) -> Result<Objects, GitError> {
        let mut child = git(&self.top)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::NoGit)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err(GitError::Garbled);
        };
        Ok(Objects {
            child,
            input: Some(input),
            output: BufReader::with_capacity(64 * 1024, output),
        })
    }

    fn answer(&self, what: &[&str], paths: &[PathBuf]) -> Result<Vec<u8>, GitError> {
        let mut command = git(&self.top);
        command.args(what).arg("--").args(paths.iter().map(literal));
        let output = command.output().map_err(GitError::NoGit)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(GitError::Refused(first_line(&output.stderr)))
        }
    }
}

/// How differences are told: as pairs of objects, nothing guessed, nothing run.
const RAW_DIFF: [&str; 6] = [
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--ignore-submodules=dirty",
];

/// Git in a folder, asked in English and told to run, write and fetch nothing.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    command
}

/// A path that is meant as it is written, whatever stars it has.
fn literal(path: &PathBuf) -> std::ffi::OsString {
    let mut spec = std::ffi::OsString::from(":(literal)");
    spec.push::<&OsStr>(path.as_ref());
    spec
}

fn kind_of(mode: &str) -> EntryKind {
    match mode {
        "120000" => EntryKind::Link,
        "160000" => EntryKind::Submodule,
        _ => EntryKind::File,
    }
}

/// `:100644 100644 0123… 4567… M NUL path NUL`, over and over.
fn changes(told: &[u8]) -> Result<Vec<Change>, GitError> {
    let mut parts = nul_parts(told);
    let mut found = Vec::new();
    while let Some(head) = parts.next() {
        let path = parts.next().ok_or(GitError::Garbled)?;
        let head = std::str::from_utf8(head)
            .ok()
            .and_then(|head| head.strip_prefix(':'));
        let words: Vec<&str> = head.ok_or(GitError::Garbled)?.split(' ').collect();
        let [mode_before, mode_after, before, after, _] = words.as_slice() else {
            return Err(GitError::Garbled);
        };
        let side = |mode: &str, object: &str| {
            let there = mode != "000000";
            there.then(|| Entry {
                path: path.to_vec(),
                kind: kind_of(mode),
                object: object.to_owned(),
                sparse: false,
            })
        };
        found.push(Change {
            before: side(mode_before, before),
            after: side(mode_after, after),
        });
    }
    Ok(found)
}

fn nul_parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| *byte == 0)
        .filter(|part| !part.is_empty())
}

fn first_line(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("nothing").trim();
    line.strip_prefix("fatal: ").unwrap_or(line).to_owned()
}

/// The path that these bytes name on this system.
#[must_use]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        PathBuf::from(OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// A running `git cat-file`: objects by their names, one after the other.
#[derive(Debug)]
pub struct Objects {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What became of asking for an object.
#[derive(Debug, PartialEq, Eq)]
pub enum Object {
    /// The bytes of a file.
    File(Vec<u8>),
    /// A file of this many bytes, which is more than was asked for.
    TooLarge(u64),
    /// Not here: a partial clone leaves objects away.
    Missing,
    /// A folder, commit or tag.
    Other,
}

impl Objects {
    /// The object with this name, where it is a file of at most `most` bytes.
    ///
    /// # Errors
    /// When git breaks off.
    pub fn read(&mut self, object: &str, most: u64) -> Result<Object, GitError> {
        let Some(input) = &mut self.input else {
            return Err(GitError::Garbled);
        };
        writeln!(input, "{object}").map_err(GitError::Broken)?;
        input.flush().map_err(GitError::Broken)?;
        let mut head = String::new();
        self.output.read_line(&mut head).map_err(GitError::Broken)?;
        let words: Vec<&str> = head.split_whitespace().collect();
        let (sort, length) = match words.as_slice() {
            [_, sort, length] => (*sort, length.parse::<u64>().map_err(|_| GitError::Garbled)?),
            [_, "missing"] => return Ok(Object::Missing),
            _ => return Err(GitError::Garbled),
        };
        if sort == "blob" && length <= most {
            let mut bytes = Vec::new();
            let mut limited = (&mut self.output).take(length);
            let read = io::copy(&mut limited, &mut bytes).map_err(GitError::Broken)?;
            if read != length {
                return Err(GitError::Garbled);
            }
            self.skip(1)?;
            return Ok(Object::File(bytes));
        }
        self.skip(length + 1)?;
        Ok(if sort == "blob" {
            Object::TooLarge(length)
        } else {
            Object::Other
        })
    }

    fn skip(&mut self, bytes: u64) -> Result<(), GitError> {
        let mut limited = (&mut self.output).take(bytes);
        let skipped = io::copy(&mut limited, &mut io::sink()).map_err(GitError::Broken)?;
        (skipped == bytes).then_some(()).ok_or(GitError::Garbled)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without input it ends by itself.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_differences_are_read_in_pairs() {
        let told = b":000000 100644 0000 1111 A\0a\nb.txt\0:100644 000000 2222 0000 D\0c\0\
            :100644 160000 3333 4444 T\0sub\0";
        let found = changes(told).unwrap();
        assert_eq!(found.len(), 3);
        let new = found[0].after.as_ref().unwrap();
        assert_eq!(
            (new.path.as_slice(), new.object.as_str()),
            (&b"a\nb.txt"[..], "1111")
        );
        assert!(found[0].before.is_none() && found[1].after.is_none());
        assert_eq!(found[2].after.as_ref().unwrap().kind, EntryKind::Submodule);
        assert!(changes(b"nonsense\0x\0").is_err());
    }
}
