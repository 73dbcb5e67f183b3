//! Where each file of the journal is, folded from its lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Item;
use super::journal::{Entry, What};

/// Where a file is by the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// On the way into quarantine.
    Begun,
    /// In quarantine.
    Quarantined,
    /// Where it was.
    Undone,
    /// On the way back.
    RestoreBegun,
    /// Back.
    Restored,
    /// On the way out.
    PurgeBegun,
    /// Deleted.
    Purged,
    /// Taken by somebody else.
    Lost,
}

/// A file that the journal knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracked {
    /// Where it is.
    pub state: ItemState,
    /// When it came into quarantine, seconds since 1970.
    pub since: i64,
    /// The time of its last step.
    pub last: i64,
    /// What is told of it.
    pub detail: Item,
}

/// Files by receipt and id.
pub type Items = BTreeMap<(String, String), Tracked>;

impl ItemState {
    /// Whether nothing is to be done with it any more.
    pub(super) fn is_over(self) -> bool {
        matches!(
            self,
            Self::Undone | Self::Restored | Self::Purged | Self::Lost
        )
    }

    fn after(what: What) -> Option<Self> {
        Some(match what {
            What::Opened => return None,
            What::Begun => Self::Begun,
            What::Quarantined => Self::Quarantined,
            What::Undone => Self::Undone,
            What::RestoreBegun => Self::RestoreBegun,
            What::Restored => Self::Restored,
            What::PurgeBegun => Self::PurgeBegun,
            What::Purged => Self::Purged,
            What::Lost => Self::Lost,
        })
    }
}

/// The files of one receipt, by id.
pub(super) fn folded(entries: &[Entry]) -> Vec<(String, Tracked)> {
    let mut items = Items::new();
    for entry in entries {
        follow(&mut items, entry);
    }
    let items = items.into_iter();
    items.map(|((_, item), tracked)| (item, tracked)).collect()
}

/// Takes one line into account.
pub(super) fn follow(items: &mut Items, entry: &Entry) {
    let (Some(item), Some(state)) = (&entry.item, ItemState::after(entry.what)) else {
        return;
    };
    let name = (entry.receipt.clone(), item.clone());
    if let Some(detail) = &entry.detail {
        let tracked = Tracked {
            state,
            since: entry.at,
            last: entry.at,
            detail: detail.clone(),
        };
        items.insert(name, tracked);
    } else if let Some(tracked) = items.get_mut(&name) {
        if state == ItemState::Quarantined && tracked.state == ItemState::Begun {
            tracked.since = entry.at;
        }
        tracked.state = state;
        tracked.last = entry.at;
    }
}
