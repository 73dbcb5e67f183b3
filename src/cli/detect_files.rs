//! `sporhund detect FILE…`: what is found in files of any format, member by member, and where.
//!
//! It reads as a scan does, but keeps every hit instead of counting them.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::args::{DetectArgs, SummaryFormat};
use super::detect::{self, Looking};
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::ocr::Ocr;
use super::{passwords, workers};
use crate::detect::{Cut, Cutter, SampleWish, Settling};
use crate::extract::{End, FormatInfo, Reader, Visitor};
use crate::model::{Cancel, Candidate, Fact, Limits, ObjectPath, Piece};

/// How much of an object's text is kept to show values from: 64 MiB. Values beyond it stay masked.
const MAX_SHOWN_BYTES: usize = 64 << 20;

/// Looks into the files that were named.
///
/// # Errors
/// A refusal that names a file that cannot be opened; output that cannot be written.
pub(super) fn run(
    looking: &Looking,
    arguments: &DetectArgs,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let ocr = Ocr::new(arguments.read.ocr, None)?;
    let passwords = passwords::read(arguments.read.passwords.as_deref())?;
    let reader = Reader::new(Limits::default(), Cancel::default());
    let reader = ocr.attach(reader.with_passwords(passwords));
    let (reader, _) = workers::attach(reader, 1)?;
    let mut exit = Exit::Complete;
    for path in &arguments.files {
        let mut members = Members {
            looking,
            keep_text: arguments.show_values,
            open: Vec::new(),
            found: Vec::new(),
            unread: false,
        };
        read(&reader, path, &mut members)?;
        if members.unread {
            exit = Exit::Incomplete;
        }
        write(&members.found, path, arguments, out).context("standard output cannot be written")?;
    }
    Ok(exit)
}

/// Reads a file that the user named.
pub(super) fn read(reader: &Reader, path: &Path, visitor: &mut dyn Visitor) -> anyhow::Result<()> {
    let refusal = || Refusal::new(format!("`{}` cannot be read", path.display()));
    let file = File::open(path).with_context(refusal)?;
    let metadata = file.metadata().with_context(refusal)?;
    if !metadata.is_file() {
        return Err(Refusal::new(format!("`{}` is not a file", path.display())).into());
    }
    let object = ObjectPath::file("".into(), path.as_os_str().as_encoded_bytes());
    reader.read(&object, file, metadata.len(), visitor);
    Ok(())
}

fn write(
    found: &[Found],
    path: &Path,
    arguments: &DetectArgs,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if arguments.format == SummaryFormat::Json {
        let findings: Vec<Value> = found.iter().map(Found::json).collect();
        let object = path.display().to_string();
        let line = json!({ "id": null, "object": object, "findings": findings });
        return writeln!(out, "{line}");
    }
    for Found { object, hit, value } in found {
        detect::write_line(object, hit, value.as_deref(), out)?;
    }
    Ok(())
}

/// A hit with the object it stands in, and its text where that may be shown.
struct Found {
    object: String,
    hit: Candidate,
    value: Option<String>,
}

impl Found {
    fn json(&self) -> Value {
        let mut line = detect::finding(&self.hit);
        if let Some(line) = line.as_object_mut() {
            line.insert("object".to_owned(), json!(self.object));
            let place = self.hit.sample.as_ref().map(|(place, _)| place);
            line.insert("place".to_owned(), json!(place));
        }
        line
    }
}

/// What was found in a file and in everything in it.
struct Members<'a> {
    looking: &'a Looking,
    keep_text: bool,
    open: Vec<Member>,
    found: Vec<Found>,
    unread: bool,
}

struct Member {
    object: String,
    cutter: Cutter,
    folder: crate::classify::Folder,
    settling: Settling,
    text: String,
}

impl Visitor for Members<'_> {
    fn enter(&mut self, object: &ObjectPath) {
        self.open.push(Member {
            object: object.to_string(),
            cutter: self.looking.scanner.cutter(),
            folder: detect::folder(),
            settling: Settling::new(SampleWish::All),
            text: String::new(),
        });
    }

    fn format(&mut self, _: &'static FormatInfo) {}

    fn piece(&mut self, piece: Piece<'_>) {
        let Some(member) = self.open.last_mut() else {
            return;
        };
        if self.keep_text && member.text.len() + piece.text.len() <= MAX_SHOWN_BYTES {
            member.text.push_str(piece.text);
        }
        let (looking, folder) = (self.looking, &mut member.folder);
        let settling = &mut member.settling;
        member.cutter.push(&piece, &mut |cut| {
            settling.push(&looking.scanner, looking.look(cut), &mut |seen| {
                folder.fold(seen);
            });
        });
    }

    fn fact(&mut self, _: Fact) {}

    fn leave(&mut self, end: End) {
        let Some(member) = self.open.pop() else {
            return;
        };
        let Member {
            object,
            mut cutter,
            mut folder,
            mut settling,
            text,
        } = member;
        if end.outcome.is_unread() {
            self.unread = true;
            let problem = end.outcome.problem().map(|problem| problem.kind.as_str());
            let (outcome, problem) = (end.outcome.name(), problem.unwrap_or_default());
            remark(&format!("{object}: {outcome} ({problem})"));
        }
        let looking = self.looking;
        let mut fold = |cut: &Cut<'_>| {
            settling.push(&looking.scanner, looking.look(cut), &mut |seen| {
                folder.fold(seen);
            });
        };
        cutter.finish(&mut fold);
        settling.finish(&looking.scanner, &mut |seen| folder.fold(seen));
        let hits = self.looking.heard(folder, &object);
        let found = hits.into_iter().map(|hit| Found {
            object: object.clone(),
            value: self.keep_text.then(|| detect::value(&text, &hit)).flatten(),
            hit,
        });
        self.found.extend(found);
    }
}
