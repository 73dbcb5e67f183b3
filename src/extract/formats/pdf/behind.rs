//! What a PDF holds behind its pages: form values, notes, links, attachments, the description.
//!
//! All objects are looked at once, whether a page refers to them or not: a value that no page shows
//! is still held.

use jiff::civil::Date;
use lopdf::{Dictionary, Document, Object};

use super::super::super::Sink;
use super::super::super::package::tell;
use super::{MAX_STREAM_BYTES, problem};
use crate::model::{Budget, DateInterval, DateSource, Fact, Problem, ProblemKind};

/// Entries whose strings are text for people: form values and defaults, notes, rich text, titles of
/// fields and bookmarks, labels of buttons, alternative text, links, descriptions of attached files, names of
/// layers, labels of pages, scripts, what stands on blackened parts, and who signed what and why.
const TEXTS: &[&[u8]] = &[
    b"V", b"DV", b"RV", b"Contents", b"RC", b"T", b"TU", b"Title", b"Subj", b"Alt", b"ActualText", b"URI", b"Opt",
    b"CA", b"AC", b"Desc", b"Name", b"P", b"JS", b"OverlayText", b"Reason", b"Location", b"ContactInfo",
];
/// Names of buttons' states that say nothing.
const IDLE: &[&[u8]] = &[b"Off", b"On", b"Yes"];
/// The entry of a portfolio's file whose own entries are all text: columns of the list that is shown.
const ITEM: &[u8] = b"CI";
/// Text after which a piece is handed out.
const PIECE_BYTES: usize = 64 * 1024;

/// Reads it all.
///
/// # Errors
/// Limits.
pub(super) fn read(
    document: &Document,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    description(document, sink);
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).ok();
    let mut text = String::new();
    for (id, object) in &document.objects {
        if Some(*id) == info {
            continue;
        }
        let stream = object.as_stream().ok();
        if let Some(stream) = stream
            && stream.dict.has_type(b"Metadata")
            && let Ok(packet) = plain(stream)
        {
            let mut part = packet.as_slice();
            super::super::super::markup::read_part("XMP", &mut part, budget, sink).or_else(minor)?;
        }
        Strings { document, text: &mut text }.of(object, 0);
        if text.len() >= PIECE_BYTES {
            tell("forms and notes", &text, sink);
            text.clear();
            budget.check()?;
        }
    }
    tell("forms and notes", &text, sink);
    form(document, budget, sink)?;
    attachments(document, budget, sink)
}

/// A form of the XML Forms Architecture, as a member: its values, and what is written beside its fields. It
/// lies in one stream, or in parts whose names stand between them.
fn form(document: &Document, budget: &Budget, sink: &mut dyn Sink) -> Result<(), Problem> {
    const NAME: &[u8] = b"form.xdp";
    let form = document.catalog().and_then(|catalog| {
        catalog.get_deref(b"AcroForm", document)?.as_dict()?.get_deref(b"XFA", document)
    });
    let Ok(form) = form else {
        return Ok(());
    };
    let parts = form.as_array().map_or(std::slice::from_ref(form), Vec::as_slice);
    let mut bytes = Vec::new();
    for part in parts {
        budget.check()?;
        let Ok((_, Object::Stream(stream))) = document.dereference(part) else {
            continue;
        };
        match plain(stream) {
            Ok(part) if bytes.len() + part.len() <= MAX_STREAM_BYTES => bytes.extend(part),
            Ok(_) | Err(_) => {
                sink.unread_member(NAME, problem(ProblemKind::Malformed));
                return Ok(());
            }
        }
    }
    if bytes.is_empty() {
        return Ok(());
    }
    sink.member(NAME, &mut bytes.as_slice())
}

/// A damaged side matter is no reason to stop.
fn minor(found: Problem) -> Result<(), Problem> {
    if found.kind == ProblemKind::Malformed {
        Ok(())
    } else {
        Err(found)
    }
}

fn plain(stream: &lopdf::Stream) -> lopdf::Result<Vec<u8>> {
    if stream.is_compressed() {
        stream.decompressed_content_with_limit(MAX_STREAM_BYTES)
    } else {
        Ok(stream.content.clone())
    }
}

/// Strings of the entries that hold text.
struct Strings<'d, 't> {
    document: &'d Document,
    text: &'t mut String,
}

impl Strings<'_, '_> {
    /// Those at any depth inside one object.
    fn of(&mut self, object: &Object, depth: u8) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Object::Array(items) = object {
            for item in items {
                self.of(item, depth + 1);
            }
        }
        let stream = object.as_stream().map(|stream| &stream.dict);
        let Ok(dictionary) = object.as_dict().or(stream) else {
            return;
        };
        // The `Contents` of a signature is its bytes, and a page's `Contents`, a reference, is what is drawn.
        let signature = dictionary.has(b"ByteRange");
        let note = dictionary.has(b"Subtype");
        for (key, value) in dictionary {
            let drawn = signature || !(note || value.as_str().is_ok());
            if TEXTS.contains(&key.as_slice()) && !(drawn && key == b"Contents") {
                self.value(value, depth + 1);
            } else if key == ITEM
                && let Ok(item) = value.as_dict()
            {
                item.iter().for_each(|(_, value)| self.value(value, depth + 1));
            }
            self.of(value, depth + 1);
        }
    }

    /// What an entry that holds text says: a string, a list of them, or a stream, which may lie elsewhere.
    fn value(&mut self, value: &Object, depth: u8) {
        if depth > MAX_DEPTH {
            return;
        }
        match self.document.dereference(value) {
            Ok((_, Object::String(bytes, _))) => line(bytes, self.text),
            // The chosen one of several buttons.
            Ok((None, Object::Name(name))) if !IDLE.contains(&name.as_slice()) => {
                line(name, self.text);
            }
            Ok((_, Object::Array(items))) => {
                for item in items {
                    self.value(item, depth + 1);
                }
            }
            // What is a whole thing of its own is no text.
            Ok((Some(_), Object::Stream(stream))) if !stream.dict.has(b"Type") && !stream.dict.has(b"Subtype") => {
                if let Ok(bytes) = plain(stream) {
                    line(&bytes, self.text);
                }
            }
            Ok(_) | Err(_) => {}
        }
    }
}

/// How deep objects lie inside each other.
const MAX_DEPTH: u8 = 16;

fn line(bytes: &[u8], text: &mut String) {
    text.push_str(&decoded(bytes));
    text.push('\n');
}

/// A text string: UTF-16 or UTF-8 with a mark, else `PDFDocEncoding`, which is near Latin 1.
fn decoded(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => match str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
        },
    }
}

/// Author, title and the like as text; dates as facts.
fn description(document: &Document, sink: &mut dyn Sink) {
    let info = document.trailer.get(b"Info").and_then(|info| document.dereference(info));
    let Ok(info) = info.and_then(|(_, info)| info.as_dict()) else {
        return;
    };
    let mut text = String::new();
    for (key, value) in info {
        let Ok((_, Object::String(bytes, _))) = document.dereference(value) else {
            continue;
        };
        match key.as_slice() {
            b"CreationDate" => date(bytes, DateSource::EmbeddedCreated, sink),
            b"ModDate" => date(bytes, DateSource::EmbeddedModified, sink),
            _ => line(bytes, &mut text),
        }
    }
    tell("Info", &text, sink);
}

/// The day of a date such as `D:20240517093000+02'00'`; month and day may be missing.
fn date(bytes: &[u8], source: DateSource, sink: &mut dyn Sink) {
    let text = decoded(bytes);
    let digits = text.trim().trim_start_matches("D:");
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i16>().ok());
    let small = |from, to| number(from, to).and_then(|n| i8::try_from(n).ok());
    let interval = number(0, 4).and_then(|year| match (small(4, 6), small(6, 8)) {
        (Some(month), Some(day)) => Date::new(year, month, day).ok().map(DateInterval::day),
        (month, _) => DateInterval::month_or_year(year, month),
    });
    if let Some(interval) = interval {
        sink.fact(Fact::Date { source, interval });
    }
}

/// Attached files as members.
fn attachments(
    document: &Document,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    for object in document.objects.values() {
        let Ok(spec) = object.as_dict() else {
            continue;
        };
        let Some(file) = embedded(document, spec) else {
            continue;
        };
        budget.check()?;
        let name = [b"UF".as_slice(), b"F"].iter().find_map(|key| spec.get(key).ok()?.as_str().ok());
        let name = decoded(name.unwrap_or(b"attachment"));
        match plain(file) {
            Ok(bytes) => sink.member(name.as_bytes(), &mut bytes.as_slice())?,
            Err(_) => sink.unread_member(name.as_bytes(), problem(ProblemKind::Malformed)),
        }
    }
    Ok(())
}

/// The embedded file of a file specification.
fn embedded<'d>(document: &'d Document, spec: &'d Dictionary) -> Option<&'d lopdf::Stream> {
    let files = spec.get_deref(b"EF", document).ok()?.as_dict().ok()?;
    let file = [b"F".as_slice(), b"UF"].iter().find_map(|key| files.get_deref(key, document).ok())?;
    file.as_stream().ok()
}
