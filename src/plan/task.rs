//! What a person has to do, as far as the inventory tells.

use super::{Error, Line, Task};
use crate::inventory::{ObjectRow, Reader};
use crate::model::{DateSource, Fact};

/// Places of a task that are listed.
const LISTED_PLACES: usize = 50;

/// The task about an object in the file `top`.
pub(super) fn task(top: &ObjectRow, object: &ObjectRow, why: &str) -> Task {
    let file = top.path.clone();
    let member = object.path.strip_prefix(&file);
    let mail = object.facts.iter().find_map(|fact| match fact {
        Fact::Date {
            source: DateSource::Mail,
            interval,
        } => Some(interval.last),
        Fact::Date { .. } | Fact::MessageId(_) => None,
    });
    let samples = object.findings.iter().flat_map(|found| &found.samples);
    let mut places = Vec::new();
    for sample in samples {
        if places.len() < LISTED_PLACES && !places.contains(&sample.place) {
            places.push(sample.place.clone());
        }
    }
    Task {
        why: why.to_owned(),
        member: member
            .and_then(|rest| rest.strip_prefix("!/"))
            .map(str::to_owned),
        file,
        date: mail,
        message_id: None,
        passages: false,
        persons: Vec::new(),
        places,
    }
}

/// A line about the object with this number; a task about a mail gets the mail's `Message-ID`.
pub(super) fn named(inventory: &Reader, number: i64, mut line: Line) -> Result<Line, Error> {
    if let Some(task) = &mut line.task {
        task.message_id = inventory.message_id(number)?;
    }
    Ok(line)
}
