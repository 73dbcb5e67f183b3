//! Copies that a later scan found of what a receipt took away.

use std::collections::HashSet;

use crate::deed::{Desk, ItemState, content_tag};
use crate::inventory::Reader;
use crate::model::DigestKey;

/// What a later scan says.
pub(super) struct Again {
    /// Whether there was one.
    pub(super) scanned_since: bool,
    /// Present objects with a content that was taken away.
    pub(super) objects: Vec<String>,
}

/// Looks for the contents of a receipt in the inventory's present. Without a scan since, the
/// inventory still names the files themselves, so nothing is said then.
pub(super) fn copies(
    inventory: &Reader,
    key: &DigestKey,
    desk: &Desk<'_>,
    receipt: &str,
) -> anyhow::Result<Again> {
    let items = desk.journal().items_of(receipt)?.into_iter();
    let gone = items
        .filter(|(_, tracked)| matches!(tracked.state, ItemState::Quarantined | ItemState::Purged));
    let (mut tags, mut latest) = (HashSet::new(), 0);
    for (_, tracked) in gone {
        latest = latest.max(tracked.since);
        tags.insert(tracked.detail.content_tag);
    }
    let run = inventory.runs()?.into_iter().next();
    let scanned_since = run.is_some_and(|run| run.started > latest && run.state == "finished");
    let mut objects = Vec::new();
    if scanned_since {
        inventory.for_each_object(&mut |row| {
            let tag = row.content_digest.map(|digest| content_tag(key, &digest));
            if tag.is_some_and(|tag| tags.contains(&tag)) {
                objects.push(row.path);
            }
        })?;
    }
    Ok(Again {
        scanned_since,
        objects,
    })
}
