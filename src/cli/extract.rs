//! `sporhund extract`: what is read of a file, to see what the scanner sees.

use std::io::Write;

use anyhow::Context as _;
use serde_json::json;

use super::args::ExtractArgs;
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::ocr::Ocr;
use super::{detect_files, environment, passwords, remarks, workers};
use crate::extract::{End, FormatInfo, Reader, Visitor};
use crate::model::{Cancel, Fact, Layout, Limits, ObjectPath, Outcome, Piece, ProblemKind};

pub(crate) fn run(arguments: &ExtractArgs) -> anyhow::Result<Exit> {
    if environment::in_ci() && !arguments.yes_show_text {
        let refusal = Refusal::new("`extract` shows personal data and `CI` is set");
        return Err(refusal
            .hint("`--yes-show-text` shows it all the same")
            .into());
    }
    remark("extract: what follows may hold personal data");
    let ocr = Ocr::new(arguments.read.ocr, None)?;
    let passwords = passwords::read(arguments.read.passwords.as_deref())?;
    let reader = Reader::new(Limits::default(), Cancel::default());
    let reader = ocr.attach(reader.with_passwords(passwords.clone()));
    let (reader, _) = workers::attach(reader, 1)?;
    let (mut exit, mut locked) = (Exit::Complete, false);
    for path in &arguments.files {
        let mut shown = Shown {
            jsonl: arguments.jsonl,
            open: Vec::new(),
            unread: false,
            locked: false,
            error: None,
        };
        detect_files::read(&reader, path, &mut shown)?;
        if let Some(error) = shown.error {
            return Err(error).context("standard output cannot be written");
        }
        locked |= shown.locked;
        if shown.unread {
            exit = Exit::Incomplete;
        }
    }
    if locked {
        remarks::tell(environment::locale(), passwords::hint(&passwords));
    }
    Ok(exit)
}

/// Writes each object when it is closed.
struct Shown {
    jsonl: bool,
    open: Vec<OpenObject>,
    unread: bool,
    locked: bool,
    error: Option<std::io::Error>,
}

struct OpenObject {
    object: ObjectPath,
    format: Option<&'static str>,
    text: String,
    fields_named: u32,
}

impl OpenObject {
    /// Adds a piece: pieces that do not continue begin on a line of their own, and fields are named
    /// when they first occur.
    fn append(&mut self, piece: &Piece<'_>) {
        let continues = matches!(
            piece.layout,
            Layout::Flow {
                continues: true,
                ..
            }
        );
        if !continues && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if let Layout::Cells { fields, .. } = piece.layout {
            let new = fields.iter().filter(|field| field.id >= self.fields_named);
            // A table's own header is text already; the keys of a tree are not.
            let new = new.filter(|field| !self.text.contains(&*field.name));
            let names: Vec<&str> = new.map(|field| &*field.name).collect();
            if names.iter().any(|name| !name.is_empty()) {
                self.text.push_str(&names.join("\t"));
                self.text.push('\n');
            }
            let ids = fields.iter().map(|field| field.id.saturating_add(1));
            self.fields_named = ids.max().unwrap_or(0).max(self.fields_named);
        }
        self.text.push_str(piece.text);
    }
}

impl Visitor for Shown {
    fn enter(&mut self, object: &ObjectPath) {
        self.open.push(OpenObject {
            object: object.clone(),
            format: None,
            text: String::new(),
            fields_named: 0,
        });
    }

    fn format(&mut self, format: &'static FormatInfo) {
        if let Some(open) = self.open.last_mut() {
            open.format = Some(format.id);
        }
    }

    fn piece(&mut self, piece: Piece<'_>) {
        if let Some(open) = self.open.last_mut() {
            open.append(&piece);
        }
    }

    fn fact(&mut self, _: Fact) {}

    fn leave(&mut self, end: End) {
        let Some(open) = self.open.pop() else { return };
        self.unread |= end.outcome.is_unread();
        let problem = end.outcome.problem();
        self.locked |= problem.is_some_and(|own| own.kind == ProblemKind::Encrypted);
        let written = if self.jsonl {
            write_json(&open, &end)
        } else {
            write_text(&open, &end)
        };
        self.error = self.error.take().or(written.err());
    }
}

fn write_json(open: &OpenObject, end: &End) -> std::io::Result<()> {
    let line = json!({
        "object": open.object.to_string(),
        "format": open.format,
        "outcome": end.outcome.name(),
        "problem": end.outcome.problem().map(|problem| problem.kind.as_str()),
        "text": open.text,
    });
    writeln!(std::io::stdout().lock(), "{line}")
}

fn write_text(open: &OpenObject, end: &End) -> std::io::Result<()> {
    if !matches!(end.outcome, Outcome::Scanned) {
        let problem = end
            .outcome
            .problem()
            .map_or("", |problem| problem.kind.as_str());
        remark(&format!(
            "{}: {} ({problem})",
            open.object,
            end.outcome.name()
        ));
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(open.text.as_bytes())?;
    if open.text.is_empty() || open.text.ends_with('\n') {
        Ok(())
    } else {
        writeln!(stdout)
    }
}
