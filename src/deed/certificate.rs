//! What can be proved of a receipt, without personal data.

use jiff::Timestamp;
use serde::Serialize;

use super::journal::What;
use super::recover::Place;
use super::tracked::{ItemState, folded};
use super::{Desk, Fault};

/// What was done under a receipt.
#[derive(Clone, Debug, Serialize)]
pub struct Certificate {
    /// The receipt.
    pub receipt: String,
    /// Seal of the plan.
    pub plan: String,
    /// When it was opened, UTC.
    pub opened: String,
    /// The account of the operating system that carried it out.
    pub account: String,
    /// Number of the journal's last line, and its digest: the chain up to there was checked.
    pub journal: (u64, String),
    /// How many files are in which state.
    pub deleted: usize,
    /// In quarantine still.
    pub in_quarantine: usize,
    /// Put back.
    pub restored: usize,
    /// Taken by somebody else.
    pub lost: usize,
    /// Each file.
    pub items: Vec<ItemProof>,
    /// What the deletion does not reach.
    pub not_covered: NotCovered,
}

/// What the deletion of files on a share does not reach.
#[derive(Clone, Debug, Serialize)]
pub struct NotCovered {
    /// The kinds of copies.
    pub copies: [&'static str; 4],
    /// After how long the organisation says that backups expire; none where it says nothing.
    pub backup_expiry: Option<String>,
}

/// One file of a certificate.
#[derive(Clone, Debug, Serialize)]
pub struct ItemProof {
    /// Id of the plan's line.
    pub item: String,
    /// Keyed tag of the path.
    pub path_tag: String,
    /// Keyed tag of the content.
    pub content_tag: String,
    /// Size in bytes.
    pub bytes: u64,
    /// The rules.
    pub rules: Vec<String>,
    /// The day it was due.
    pub due: Option<String>,
    /// Who approved it.
    pub approved_by: Vec<String>,
    /// Where it is.
    pub state: ItemState,
    /// When it came into quarantine, UTC.
    pub quarantined: String,
    /// When its last step was taken, UTC.
    pub last: String,
    /// Whether it is what the journal says: in quarantine with its content, or no longer there.
    pub verified: bool,
}

impl Desk<'_> {
    /// Checks a receipt against the quarantine and tells what can be proved.
    ///
    /// # Errors
    /// `NoReceipt`.
    pub fn certificate(
        &self,
        receipt: &str,
        backup_expiry: Option<String>,
    ) -> Result<Certificate, Fault> {
        let entries = self.journal.of_receipt(receipt)?;
        let mut opened = entries.iter();
        let opened = opened
            .find(|entry| entry.what == What::Opened)
            .ok_or_else(|| Fault::NoReceipt(receipt.to_owned()))?;
        let mut items = Vec::new();
        for (item, tracked) in folded(&entries) {
            let place = Place::find(&tracked.detail.store, &item, false);
            let verified = if tracked.state == ItemState::Quarantined {
                place
                    .and_then(|place| place.is_stored_right())
                    .is_ok_and(|right| right)
            } else {
                !tracked.detail.store.join(Place::data(&item)).exists()
            };
            items.push(ItemProof {
                item,
                path_tag: tracked.detail.path_tag,
                content_tag: tracked.detail.content_tag,
                bytes: tracked.detail.bytes,
                rules: tracked.detail.rules,
                due: tracked.detail.due,
                approved_by: tracked.detail.approved_by,
                state: tracked.state,
                quarantined: time(tracked.since),
                last: time(tracked.last),
                verified,
            });
        }
        let count = |state| items.iter().filter(|item| item.state == state).count();
        Ok(Certificate {
            receipt: receipt.to_owned(),
            plan: opened.plan.clone().unwrap_or_default(),
            opened: time(opened.at),
            account: opened.account.clone().unwrap_or_default(),
            journal: (self.journal.lines(), self.journal.head().to_owned()),
            deleted: count(ItemState::Purged),
            in_quarantine: count(ItemState::Quarantined),
            restored: count(ItemState::Restored),
            lost: count(ItemState::Lost),
            items,
            not_covered: NotCovered {
                copies: [
                    "backups",
                    "snapshots",
                    "replicas",
                    "copies outside of the scanned roots",
                ],
                backup_expiry,
            },
        })
    }
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string()
}
