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
use crate::examine::Observation;
use crate::extract::{End, FormatInfo, Reader, Visitor};
use crate::model::{Cancel, Candidate, Fact, Limits, ObjectPath, Piece};

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
            keep_values: arguments.show_values,
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
            let place = self.hit.place();
            line.insert("place".to_owned(), json!(place));
        }
        line
    }
}

/// What was found in a file and in everything in it.
struct Members<'a> {
    looking: &'a Looking,
    keep_values: bool,
    open: Vec<Member<'a>>,
    found: Vec<Found>,
    unread: bool,
}

struct Member<'a> {
    object: String,
    observation: Observation<'a>,
}

impl Visitor for Members<'_> {
    fn enter(&mut self, object: &ObjectPath) {
        self.open.push(Member {
            object: object.to_string(),
            observation: Observation::of_hits(&self.looking.scanner).with_values(self.keep_values),
        });
    }

    fn format(&mut self, _: &'static FormatInfo) {}

    fn piece(&mut self, piece: Piece<'_>) {
        if let Some(member) = self.open.last_mut() {
            member.observation.piece(&piece);
        }
    }

    fn fact(&mut self, _: Fact) {}

    fn leave(&mut self, end: End) {
        let Some(Member {
            object,
            observation,
        }) = self.open.pop()
        else {
            return;
        };
        if end.outcome.is_unread() {
            self.unread = true;
            let problem = end.outcome.problem().map(|problem| problem.kind.as_str());
            let (outcome, problem) = (end.outcome.name(), problem.unwrap_or_default());
            remark(&format!("{object}: {outcome} ({problem})"));
        }
        let (hits, values) = self.looking.heard(observation, &object);
        let found = hits.into_iter().map(|hit| Found {
            object: object.clone(),
            value: self.keep_values.then(|| values.of(&hit).to_owned()),
            hit,
        });
        self.found.extend(found);
    }
}
