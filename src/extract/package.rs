//! Office documents that are zip packages of XML parts: which parts hold text, which are members,
//! and what the document says of itself.
//!
//! The same reading serves OOXML and ODF. Sheets of a workbook are cells and belong to the workbook
//! formats; this file reads only what stands around them.

use std::io::Read;

use jiff::civil::Date;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::glyph_runs::read_page;
use super::markup::{read_annotations, read_part};
use super::xml_events::{text_of, walk};
use super::{Content, Head, Sink};
use crate::model::{Budget, DateInterval, DateSource, Fact, Problem, ProblemKind, Stage};

/// What is done with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All its text is read.
    Text,
    /// The annotations and links among cells that are read otherwise.
    Annotations,
    /// A page of glyphs.
    Page,
    /// Only links that lead out of the document.
    Links,
    /// Text and dates of the document's own description.
    Description,
    /// It is an object of its own.
    Member,
    /// It holds nothing that a person wrote: styles, fonts, printer settings.
    Nothing,
}

/// What a part is, by its name in the package.
pub(super) fn part(name: &str) -> Part {
    const NOTHING: &[&str] = &[
        "mimetype",
        "[Content_Types].xml",
        "META-INF/manifest.xml",
        "META-INF/manifest.rdf",
        "manifest.rdf",
    ];
    let lower = name.to_ascii_lowercase();
    let (folder, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    let idle = NOTHING.contains(&name)
        || lower.ends_with('/')
        || folder.ends_with("theme")
        || folder.starts_with("thumbnails")
        || folder.starts_with("configurations2")
        || matches!(extension, "odttf" | "fntdata")
        || file.starts_with("printersettings")
        || file.starts_with("thumbnail.")
        || file.starts_with("fonttable.");
    if idle {
        return Part::Nothing;
    }
    match (file, extension) {
        ("core.xml" | "app.xml", _) if folder == "docprops" => Part::Description,
        ("meta.xml", _) if folder.is_empty() => Part::Description,
        (_, "rels") => Part::Links,
        (_, "xml" | "vml") => Part::Text,
        _ => Part::Member,
    }
}

/// Whether a zip file that is named as a document also has the parts of one near its beginning: for
/// packages that are damaged, or written in an unusual order.
pub(super) fn is_named(head: &Head<'_>, extensions: &[&str]) -> bool {
    const PARTS: &[&[u8]] = &[
        b"[Content_Types].xml",
        b"_rels/.rels",
        b"docProps/",
        b"word/",
        b"xl/",
        b"ppt/",
        b"visio/",
        b"content.xml",
        b"META-INF/manifest.xml",
        b"mimetypeapplication/vnd.oasis.opendocument",
    ];
    head.bytes.starts_with(b"PK")
        && head.has_extension(extensions)
        && PARTS
            .iter()
            .any(|part| memchr::memmem::find(head.bytes, part).is_some())
}

/// Opens the package.
///
/// # Errors
/// `Malformed` where there is no central directory.
pub(super) fn open(content: &mut Content) -> Result<ZipArchive<&mut Content>, Problem> {
    content.rewind()?;
    ZipArchive::new(content).map_err(|_| malformed(0))
}

/// Refuses an `OpenDocument` package whose manifest says that parts are encrypted.
///
/// # Errors
/// `Encrypted`, or that the package cannot be opened.
pub(super) fn refuse_encrypted(content: &mut Content, budget: &Budget) -> Result<(), Problem> {
    let mut archive = open(content)?;
    let Ok(mut manifest) = archive.by_name("META-INF/manifest.xml") else {
        return Ok(());
    };
    let mut encrypted = false;
    let walked = walk(&mut manifest, budget, &mut |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            encrypted |= element.local_name().into_inner() == "encryption-data";
        }
    });
    match walked {
        _ if encrypted => Err(Problem::new(ProblemKind::Encrypted, Stage::Extract)),
        Err(problem) if problem.kind != ProblemKind::Malformed => Err(problem),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Reads every part of the package for which `wanted` gives something to do. A part that cannot be
/// read makes the document incomplete; the others are read all the same.
///
/// # Errors
/// Limits, and `Encrypted` where all parts are.
pub(super) fn read_parts(
    content: &mut Content,
    budget: &Budget,
    sink: &mut dyn Sink,
    wanted: &dyn Fn(&str) -> Part,
) -> Result<(), Problem> {
    let mut archive = open(content)?;
    for index in 0..archive.len() {
        let at = index as u64;
        let Ok(entry) = archive.by_index_raw(index) else {
            sink.incomplete(malformed(at));
            continue;
        };
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let encrypted = entry.encrypted();
        drop(entry);
        let part = wanted(&name);
        if part == Part::Nothing {
            continue;
        }
        if encrypted {
            return Err(Problem::new(ProblemKind::Encrypted, Stage::Extract));
        }
        let Ok(mut entry) = archive.by_index(index) else {
            sink.incomplete(malformed(at));
            continue;
        };
        let read = match part {
            Part::Text => read_part(&name, &mut entry, budget, sink),
            Part::Page => read_page(&name, &mut entry, budget, sink),
            Part::Annotations => read_annotations(&name, &mut entry, budget, sink),
            Part::Links => links(&name, &mut entry, budget, sink),
            Part::Description => description(&name, &mut entry, budget, sink),
            Part::Member => sink.member(name.as_bytes(), &mut entry),
            Part::Nothing => Ok(()),
        };
        match read {
            Err(problem) if problem.kind == ProblemKind::Malformed => {
                sink.incomplete(problem.at(at));
            }
            Err(problem) => return Err(problem),
            Ok(()) => {}
        }
        budget.check()?;
    }
    Ok(())
}

fn malformed(at: u64) -> Problem {
    Problem::new(ProblemKind::Malformed, Stage::Extract).at(at)
}

/// Links that lead out of the document, one on a line.
fn links(
    name: &str,
    part: &mut dyn Read,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut text = String::new();
    let walked = walk(part, budget, &mut |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            let attribute = |name| element.try_get_attribute(name).ok().flatten();
            let external = attribute("TargetMode").is_some_and(|mode| mode.value == "External");
            if let Some(target) = attribute("Target").filter(|_| external)
                && let Ok(target) = quick_xml::escape::unescape(&target.value)
            {
                text.push_str(&target);
                text.push('\n');
            }
        }
    });
    tell(name, &text, sink);
    walked
}

pub(super) fn tell(name: &str, text: &str, sink: &mut dyn Sink) {
    if text.is_empty() {
        return;
    }
    sink.piece(crate::model::Piece {
        text,
        layout: crate::model::Layout::Flow {
            origin: crate::model::Origin::Part(name),
            continues: false,
        },
    });
}

/// The document's description: dates become facts, whatever has a letter becomes text.
fn description(
    name: &str,
    part: &mut dyn Read,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut about = Description::default();
    let walked = walk(part, budget, &mut |event| about.take(event, sink));
    tell(name, &about.text, sink);
    walked
}

/// Properties that name the program that made a document, and not a person.
pub(super) const PROGRAMS: &[&str] = &[
    "Application",
    "AppVersion",
    "generator",
    "CreatorTool",
    "Producer",
    "softwareAgent",
];

/// What a document says of itself, element by element.
#[derive(Default)]
pub(super) struct Description {
    /// What is text of it, by lines.
    pub(super) text: String,
    value: String,
}

impl Description {
    /// Takes the next event of the description.
    pub(super) fn take(&mut self, event: &Event<'_>, sink: &mut dyn Sink) {
        match event {
            Event::Start(_) => self.value.clear(),
            Event::End(element) => {
                let source = match element.local_name().into_inner() {
                    "created" | "creation-date" => Some(DateSource::EmbeddedCreated),
                    "modified" | "date" => Some(DateSource::EmbeddedModified),
                    _ => None,
                };
                match source {
                    Some(source) => sink_date(&self.value, source, sink),
                    None if PROGRAMS.contains(&element.local_name().into_inner()) => {}
                    None if self.value.chars().any(char::is_alphabetic) => {
                        self.text.push_str(&self.value);
                        self.text.push('\n');
                    }
                    None => {}
                }
                self.value.clear();
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                self.value.push_str(&text_of(event).unwrap_or_default());
            }
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::Eof => {}
        }
    }
}

/// The day of a date such as `2024-05-17T09:30:00Z`.
pub(super) fn sink_date(value: &str, source: DateSource, sink: &mut dyn Sink) {
    if let Some(day) = value
        .trim()
        .get(..10)
        .and_then(|day| day.parse::<Date>().ok())
    {
        sink.fact(Fact::Date {
            source,
            interval: DateInterval::day(day),
        });
    }
}
