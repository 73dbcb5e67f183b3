//! The other processes that a scan needs or may use: children that read, tesseract, git.

use std::io::{Seek as _, Write as _};
use std::process::{Command, Stdio};

use super::{Check, words};
use crate::cli::workers;
use crate::extract::{self, Confinement};
use crate::model::{Cancel, Fact, Lang, Limits, ObjectPath, Piece};

/// The least that is taken for a PDF, so that a child process is started for it.
const SHORTEST_PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

/// What processes that read documents are kept from, found out by starting one.
pub(super) fn children(lang: Lang) -> Check {
    match confinement() {
        Err(error) => Check::fault("children", &error),
        Ok(Some(Confinement {
            landlock: true,
            seccomp: true,
        })) => Check::ok("children", words::behind_both(lang)),
        Ok(Some(Confinement {
            landlock: false,
            seccomp: true,
        })) => words::behind_seccomp(lang),
        Ok(Some(_)) => words::unconfined(lang),
        Ok(None) => words::no_children(lang),
    }
}

fn confinement() -> anyhow::Result<Option<Confinement>> {
    let reader = extract::Reader::new(Limits::default(), Cancel::default());
    let (reader, pool) = workers::attach(reader, 1)?;
    let mut file = tempfile::tempfile()?;
    file.write_all(SHORTEST_PDF)?;
    file.rewind()?;
    let object = ObjectPath::file("".into(), b"doctor.pdf");
    reader.read(&object, file, SHORTEST_PDF.len() as u64, &mut Deaf);
    Ok(pool.and_then(|pool| pool.confinement()))
}

/// Hears nothing: what the document says is of no interest.
struct Deaf;

impl extract::Visitor for Deaf {
    fn enter(&mut self, _: &ObjectPath) {}
    fn format(&mut self, _: &'static extract::FormatInfo) {}
    fn piece(&mut self, _: Piece<'_>) {}
    fn fact(&mut self, _: Fact) {}
    fn leave(&mut self, _: extract::End) {}
}

/// Whether text in pictures and scanned pages can be read.
pub(super) fn reads_pictures(lang: Lang) -> Check {
    let Some(said) = answer("tesseract", &["--list-langs"]) else {
        return words::no_tesseract(lang);
    };
    let has = |lang: &str| said.lines().any(|line| line.trim() == lang);
    words::tesseract(has("nor"), has("eng"), lang)
}

pub(super) fn git(lang: Lang) -> Check {
    match answer("git", &["--version"]) {
        Some(said) => Check::ok("git", said.lines().next().unwrap_or_default()),
        None => words::no_git(lang),
    }
}

/// What another program writes to both of its streams; `None` where it cannot be run or fails.
fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let said = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&said).into_owned())
}
