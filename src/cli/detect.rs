//! `sporhund detect`: what is found in a text, and why.
//!
//! Standard input and lines of JSON are text as it is; files are read by `detect_files`.

use std::io::{self, BufRead, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::args::{DetectArgs, SummaryFormat};
use super::config::Config;
use super::exit::Exit;
use super::message::Refusal;
use super::own_detectors::Own;
use super::{detect_files, environment, law, settings};
use crate::classify::Classes;
use crate::detect::Scanner;
use crate::examine::{Observation, Values, running};
use crate::extract;
use crate::model::{Candidate, Confidence, DigestKey, Evidence, Piece, Place};
use crate::report::escape::for_terminal;
use crate::report::reasons::in_words;

/// The longest text that is looked at as one: 1 GiB.
const MAX_TEXT_BYTES: u64 = 1 << 30;

/// One line of input.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    #[serde(default)]
    path: Option<String>,
}

pub(crate) fn run(arguments: &DetectArgs) -> anyhow::Result<Exit> {
    if arguments.show_values {
        may_show_values()?;
    }
    let working = std::env::current_dir().context("the working folder is not known")?;
    let first = arguments.files.first().map(PathBuf::as_path);
    let config = Config::find(first, &working)?;
    let site = config.site.as_ref().map(|file| config.resolve(file));
    let site = law::site(site.as_deref())?;
    let own = Own::of(&config)?;
    let looking = Looking {
        // Nothing of the digests leaves this command, so any key serves.
        scanner: Scanner::new(DigestKey::new([0; 16]), [].into())
            .on(environment::today())
            .with_own(own.detectors)
            .with_own_contacts(&site.facts.own_contacts),
        min: settings::level(arguments.min_confidence),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut exit = Exit::Complete;
    if arguments.jsonl {
        looking.lines(&mut std::io::stdin().lock(), &mut out)?;
    } else if arguments.files.is_empty() {
        let text = bounded(std::io::stdin().lock())?;
        let written = looking.show(arguments, &text, &mut out);
        written.context("standard output cannot be written")?;
    } else {
        exit = detect_files::run(&looking, arguments, &mut out)?;
    }
    out.flush().context("standard output cannot be written")?;
    Ok(exit)
}

/// Whether values may be shown: on a terminal, and never in a CI job.
///
/// # Errors
/// A refusal that says which of the two it is.
fn may_show_values() -> anyhow::Result<()> {
    if environment::in_ci() {
        return Err(Refusal::new("`--show-values` is refused where `CI` is set").into());
    }
    if !std::io::stdout().is_terminal() {
        return Err(Refusal::new("`--show-values` needs a terminal").into());
    }
    Ok(())
}

fn bounded(from: impl std::io::Read) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let read = std::io::copy(&mut from.take(MAX_TEXT_BYTES + 1), &mut bytes);
    let read = read.context("standard input cannot be read")?;
    if read > MAX_TEXT_BYTES {
        let refusal = Refusal::new("standard input is too long to be looked at as one text");
        return Err(refusal
            .hint("`sporhund scan` reads files of any size")
            .into());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Hands over a text as a table where it is one, so that headers count as context, else as running
/// text. Either way the pieces follow each other without a gap, so that offsets stay the text's own.
fn as_pieces(text: &str, path: &str, take: &mut dyn FnMut(Piece<'_>)) {
    let table = extract::read_table(text, path, take);
    if !table {
        take(running(text));
    }
}

/// The detectors, and the level from which they are heard.
pub(super) struct Looking {
    pub(super) scanner: Scanner,
    min: Confidence,
}

impl Looking {
    /// The hits at the levels that are heard, by start, and the texts of hits where they were kept.
    /// `path` lends its name as context.
    pub(super) fn heard(
        &self,
        observation: Observation<'_>,
        path: &str,
    ) -> (Vec<Candidate>, Values) {
        let (holds, values) = observation.finish_with_values(path, &Classes::default());
        let mut hits = holds.hits;
        hits.retain(|hit| hit.confidence >= self.min);
        (hits, values)
    }

    /// Everything found in one text, and the texts of the hits where they are to be kept.
    fn hits(&self, text: &str, path: &str, keep: bool) -> (Vec<Candidate>, Values) {
        let mut observation = Observation::of_hits(&self.scanner).with_values(keep);
        as_pieces(text, path, &mut |piece| observation.piece(&piece));
        self.heard(observation, path)
    }

    /// Answers each line of JSON with a line, in order.
    fn lines(&self, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
        for (at, line) in input.lines().enumerate() {
            let line = line.map_err(|error| {
                if error.kind() == io::ErrorKind::InvalidData {
                    Refusal::new(format!("line {} is not UTF-8", at + 1)).into()
                } else {
                    anyhow::Error::new(error).context("standard input cannot be read")
                }
            })?;
            if line.trim().is_empty() {
                continue;
            }
            let line: Line = serde_json::from_str(&line).map_err(|error| {
                // The library's message can quote the text.
                let (number, column) = (at + 1, error.column());
                Refusal::new(format!("line {number} is not a JSON object with `text`"))
                    .hint(format!("look at column {column}"))
            })?;
            let path = line.path.as_deref().unwrap_or_default();
            let (hits, _) = self.hits(&line.text, path, false);
            let findings: Vec<Value> = hits.iter().map(finding).collect();
            let answer = json!({ "id": line.id, "findings": findings });
            writeln!(out, "{answer}").context("standard output cannot be written")?;
        }
        Ok(())
    }

    fn show(&self, arguments: &DetectArgs, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let (hits, values) = self.hits(text, "", arguments.show_values);
        if arguments.format == SummaryFormat::Json {
            let findings: Vec<Value> = hits.iter().map(finding).collect();
            let line = json!({ "id": null, "object": null, "findings": findings });
            return writeln!(out, "{line}");
        }
        for hit in &hits {
            let value = arguments.show_values.then(|| values.of(hit));
            write_line("", hit, value, out)?;
        }
        Ok(())
    }
}

/// A hit in a line: object and place, what it is, how sure, its text (masked unless given), and why.
pub(super) fn write_line(
    object: &str,
    hit: &Candidate,
    value: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (object, place) = (for_terminal(object), for_terminal(&place(hit)));
    let shown = value.map_or_else(|| masked(hit), for_terminal);
    let lang = environment::locale();
    let reasons: Vec<_> = hit.evidence.iter().map(|one| in_words(one, lang)).collect();
    let (id, level, reasons) = (hit.kind.id(), hit.confidence.as_str(), reasons.join("; "));
    let colon = if object.is_empty() { "" } else { ":" };
    writeln!(
        out,
        "{object}{colon}{place}: {id} {level} {shown} ({reasons})"
    )
}

/// A hit in the shape that scripts rely on.
pub(super) fn finding(hit: &Candidate) -> Value {
    let reasons: Vec<_> = hit.evidence.iter().map(Evidence::as_str).collect();
    json!({
        "detector": hit.kind.detector,
        "kind": hit.kind.kind,
        "confidence": hit.confidence,
        "start": hit.start,
        "end": hit.end,
        "masked": masked(hit),
        "reasons": reasons,
    })
}

fn masked(hit: &Candidate) -> String {
    hit.masked().map(ToString::to_string).unwrap_or_default()
}

/// Where a hit stands, in the words of its text.
fn place(hit: &Candidate) -> String {
    match hit.place() {
        Some(Place::Text { line, .. }) => line.to_string(),
        Some(Place::Column { column, row }) => format!("{column}[{row}]"),
        Some(Place::Sheet { sheet, cell }) => format!("{sheet}!{cell}"),
        Some(Place::Page { page }) => format!("p{page}"),
        Some(Place::Part { part }) => part.to_string(),
        None => hit.start.to_string(),
    }
}
