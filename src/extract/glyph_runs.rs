//! The text of one page of an XPS document, which is written as runs of glyphs with their texts and places.
//!
//! Runs come in the order in which they are drawn. One on the same line as the one before goes on in it, with a
//! gap between; any other begins a line. Sources: ECMA-388, sections 12.1 and 9.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::Sink;
use super::flow;
use super::xml_events::{attribute, walk};
use crate::model::{Budget, Problem};

/// Reads the page into `sink` as pieces of the part `name`.
///
/// # Errors
/// `Malformed` where the XML breaks off, and the budget's limits. What was told before counts.
pub(super) fn read_page(
    name: &str,
    page: &mut dyn Read,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> Result<(), Problem> {
    let mut text = String::new();
    let mut line = None;
    let walked = walk(page, budget, &mut |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            match element.local_name().into_inner() {
                "Glyphs" => run(element, &mut line, &mut text),
                _ => link(element, &mut text),
            }
            flow::lines_of_part(name, &mut text, sink);
        }
    });
    flow::part(name, &text, sink);
    walked
}

/// Adds the text of a run.
fn run(element: &BytesStart<'_>, line: &mut Option<String>, text: &mut String) {
    let own = attribute(element, "UnicodeString").unwrap_or_default();
    // Braces stand before a text that begins with one.
    let own = own.strip_prefix("{}").unwrap_or(&own);
    if own.is_empty() {
        return;
    }
    let baseline = attribute(element, "OriginY");
    let apart = text.ends_with(char::is_whitespace) || own.starts_with(char::is_whitespace);
    if *line != baseline || line.is_none() {
        text.push('\n');
    } else if !apart {
        text.push(' ');
    }
    *line = baseline;
    text.push_str(own);
    link(element, text);
}

/// Where a link leads, on a line of its own.
fn link(element: &BytesStart<'_>, text: &mut String) {
    let target = attribute(element, "FixedPage.NavigateUri").filter(|target| target.contains(':'));
    if let Some(target) = target {
        text.push('\n');
        text.push_str(&target);
        text.push('\n');
    }
}
