//! The events of an XML part, read through the budget and with a bound on the length of each, so that
//! a part of one endless node cannot fill the memory.
//!
//! It is lenient about tags that do not match, and expands no entity.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::model::{Budget, Problem, ProblemKind, Stage};

/// The longest run of bytes between two markups: beyond it lies no document but a bomb.
const MAX_NODE_BYTES: u64 = 16 * 1024 * 1024;

/// Calls `take` for every event of the XML. Entities of its own are not expanded.
///
/// # Errors
/// `Malformed` where the XML breaks off, `LimitMemory` where a node is beyond all measure, and the
/// budget's limits.
pub(super) fn walk(
    part: &mut dyn Read,
    budget: &Budget,
    take: &mut dyn FnMut(&Event<'_>),
) -> Result<(), Problem> {
    let passed = Rc::new(Cell::new(0));
    let mut metered = budget.meter(part);
    let bounded = NodeBound {
        reader: &mut metered,
        passed: Rc::clone(&passed),
    };
    let mut reader = Reader::from_reader(BufReader::new(bounded));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let ended = events(&mut reader, &passed, take);
    let bombed = passed.get() > MAX_NODE_BYTES;
    drop(reader);
    match ended {
        Ok(()) => Ok(()),
        Err(()) if bombed => Err(Problem::new(ProblemKind::LimitMemory, Stage::Extract)),
        Err(()) => Err(metered
            .problem()
            .unwrap_or(Problem::new(ProblemKind::Malformed, Stage::Extract))),
    }
}

/// The text that an event adds to the element it stands in; `U+FFFD` for an entity of the XML's own. `None`
/// for an event that is no text.
pub(super) fn text_of<'a>(event: &'a Event<'_>) -> Option<Cow<'a, str>> {
    match event {
        Event::Text(text) => Some(text.xml10_content()),
        Event::CData(text) => Some(text.xml10_content()),
        Event::GeneralRef(reference) => {
            if let Ok(Some(c)) = reference.resolve_char_ref() {
                return Some(c.to_string().into());
            }
            let known = resolve_predefined_entity(&reference.xml10_content());
            Some(known.unwrap_or("\u{fffd}").into())
        }
        Event::Start(_)
        | Event::Empty(_)
        | Event::End(_)
        | Event::Comment(_)
        | Event::Decl(_)
        | Event::PI(_)
        | Event::DocType(_)
        | Event::Eof => None,
    }
}

/// The value of the attribute, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let own = |attribute: &Attribute<'_>| attribute.key.local_name().into_inner() == name;
    let attribute = attributes.with_checks(false).flatten().find(own)?;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// The whole number that the attribute holds.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

fn events<R: BufRead>(
    reader: &mut Reader<R>,
    passed: &Cell<u64>,
    take: &mut dyn FnMut(&Event<'_>),
) -> Result<(), ()> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => take(&event),
            Err(_) => return Err(()),
        }
        passed.set(0);
    }
}

/// Fails when too many bytes pass between two events.
struct NodeBound<R> {
    reader: R,
    passed: Rc<Cell<u64>>,
}

impl<R: Read> Read for NodeBound<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.passed.set(self.passed.get() + read as u64);
        if self.passed.get() > MAX_NODE_BYTES {
            return Err(io::Error::other("a node beyond all measure"));
        }
        Ok(read)
    }
}
