//! Away for good: what has waited long enough in quarantine.

use super::journal::What;
use super::recover::Place;
use super::tracked::ItemState;
use super::{Desk, Done, Fault, Manifest, Refused};

impl Desk<'_> {
    /// The quarantined files that came at least `seconds` ago: receipt and id.
    #[must_use]
    pub fn ripe(&self, seconds: i64) -> Vec<(String, String)> {
        let items = self.journal.items().iter();
        let ripe = items.filter(|(_, tracked)| {
            let waited = self.now.saturating_sub(tracked.since);
            tracked.state == ItemState::Quarantined && waited >= seconds
        });
        ripe.map(|(name, _)| name.clone()).collect()
    }

    /// Deletes a quarantined file. `permit` is asked with its manifest, because a hold may have come
    /// since.
    ///
    /// # Errors
    /// The journal cannot be written, or the run was stopped. What concerns this file alone is
    /// [`Done::Not`].
    pub fn purge(
        &mut self,
        receipt: &str,
        item: &str,
        permit: &mut dyn FnMut(&Manifest) -> Result<(), String>,
    ) -> Result<Done, Fault> {
        let Some(tracked) = self.waiting(receipt, item) else {
            return Ok(Done::Not(Refused::NotInQuarantine));
        };
        let ready = Place::find(&tracked.detail.store, item, false).and_then(|place| {
            permit(&place.manifest).map_err(Refused::NotPermitted)?;
            if place.is_stored_right()? {
                Ok(())
            } else {
                Err(Refused::ChangedInQuarantine)
            }
        });
        if let Err(why) = ready {
            return Ok(Done::Not(why));
        }
        self.step("ready to go")?;
        self.note(What::PurgeBegun, receipt, item)?;
        self.step("purge begun")?;
        match self.settle(receipt, item) {
            Ok(_) => {}
            Err(Fault::Refused(why)) => {
                self.not_purged(receipt, item)?;
                return Ok(Done::Not(why));
            }
            Err(fault) => return Err(fault),
        }
        self.step("purged")?;
        let receipts = tracked
            .detail
            .store
            .parent()
            .zip(tracked.detail.store.file_name());
        if let Some((store, name)) = receipts
            && let Ok(folder) = super::folder::Folder::at(store)
        {
            folder.remove_folder(name.as_encoded_bytes());
        }
        Ok(Done::Did)
    }
}
