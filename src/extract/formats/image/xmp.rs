//! XMP packets: an XML of properties, as elements or as attributes. The first packet is read.

use quick_xml::events::Event;

use super::super::super::xml_events::{text_of, walk};
use super::notes::Notes;
use crate::model::{Budget, DateSource, Problem, ProblemKind};

const START: &[u8] = b"<x:xmpmeta";
const END: &[u8] = b"</x:xmpmeta>";
/// Properties that name files, programs and their states, not people or places.
const TECHNICAL: &[&str] = &[
    "xmptk", "about", "parseType", "resource", "lang", "format", "action", "changed", "when",
    "MetadataDate", "InstanceID", "DocumentID", "OriginalDocumentID", "instanceID", "documentID",
    "originalDocumentID", "CreatorTool", "softwareAgent", "Producer", "ColorMode", "ICCProfile", "type",
];

/// Reads the packet.
///
/// # Errors
/// Limits only: a damaged packet ends where it is damaged.
pub(super) fn read(bytes: &[u8], budget: &Budget, notes: &mut Notes) -> Result<(), Problem> {
    let Some(mut packet) = packet(bytes) else {
        return Ok(());
    };
    let mut names: Vec<String> = Vec::new();
    let mut value = String::new();
    let walked = walk(&mut packet, budget, &mut |event| match event {
        Event::Start(element) => {
            end_value(&names, &mut value, notes);
            attributes(element, notes);
            names.push(element.local_name().into_inner().to_owned());
        }
        Event::Empty(element) => attributes(element, notes),
        Event::End(_) => {
            end_value(&names, &mut value, notes);
            names.pop();
        }
        Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
            value.push_str(&text_of(event).unwrap_or_default());
        }
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
    });
    end_value(&names, &mut value, notes);
    match walked {
        Err(problem) if problem.kind != ProblemKind::Malformed => Err(problem),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The text that stood in the elements of these names.
fn end_value(names: &[String], value: &mut String, notes: &mut Notes) {
    let property = names.iter().rev().find(|name| {
        !matches!(name.as_str(), "li" | "Seq" | "Bag" | "Alt" | "Description" | "RDF")
    });
    if let Some(property) = property {
        property_value(property, value.trim(), notes);
    }
    value.clear();
}

fn packet(bytes: &[u8]) -> Option<&[u8]> {
    let start = memchr::memmem::find(bytes, START)?;
    let packet = bytes.get(start..)?;
    match memchr::memmem::find(packet, END) {
        Some(end) => packet.get(..end + END.len()),
        None => Some(packet),
    }
}

fn attributes(element: &quick_xml::events::BytesStart<'_>, notes: &mut Notes) {
    for attribute in element.attributes().with_checks(false).flatten() {
        let name = attribute.key.into_inner();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix != "xmlns" && local != "xmlns"
            && let Ok(value) = quick_xml::escape::unescape(&attribute.value)
        {
            property_value(local, &value, notes);
        }
    }
}

fn property_value(name: &str, value: &str, notes: &mut Notes) {
    match name {
        "CreateDate" | "DateCreated" | "DateTimeOriginal" => {
            notes.add_date(DateSource::EmbeddedCreated, value);
        }
        "ModifyDate" => notes.add_date(DateSource::EmbeddedModified, value),
        _ if TECHNICAL.contains(&name) => {}
        _ if value.chars().any(char::is_alphabetic) => notes.add(name, value),
        _ => {}
    }
}
