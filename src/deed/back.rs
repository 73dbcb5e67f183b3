//! Back from quarantine: to the same name, the same bytes, the same mode, times and attributes.

use rustix::io::Errno;

use super::folder::copy;
use super::journal::What;
use super::recover::Place;
use super::tracked::ItemState;
use super::{Desk, Done, Fault, Manifest, Refused};

impl Desk<'_> {
    /// The files of a receipt that are in quarantine.
    ///
    /// # Errors
    /// `NoReceipt`.
    pub fn quarantined(&self, receipt: &str) -> Result<Vec<String>, Fault> {
        if self.journal.of_receipt(receipt)?.is_empty() {
            return Err(Fault::NoReceipt(receipt.to_owned()));
        }
        let items = self.journal.items().iter();
        let here = items
            .filter(|((of, _), tracked)| of == receipt && tracked.state == ItemState::Quarantined);
        Ok(here.map(|((_, item), _)| item.clone()).collect())
    }

    /// What was written down of a quarantined file; none where that cannot be read.
    #[must_use]
    pub fn manifest(&self, receipt: &str, item: &str) -> Option<Manifest> {
        let tracked = self.tracked(receipt, item)?;
        let place = Place::find(&tracked.detail.store, item, false).ok()?;
        Some(place.manifest)
    }

    /// Puts a quarantined file back where it was. Folders that are gone are made again, for their
    /// owner only.
    ///
    /// # Errors
    /// The journal cannot be written, or the run was stopped. What concerns this file alone is
    /// [`Done::Not`].
    pub fn restore(&mut self, receipt: &str, item: &str) -> Result<Done, Fault> {
        let Some(tracked) = self.waiting(receipt, item) else {
            return Ok(Done::Not(Refused::NotInQuarantine));
        };
        let moved = self.move_back(receipt, item, &tracked.detail.store);
        let why = match moved {
            Ok(()) => Refused::ChangedInQuarantine,
            Err(Fault::Refused(why)) => why,
            Err(fault) => return Err(fault),
        };
        self.settled(receipt, item, ItemState::Restored, why)
    }

    fn move_back(
        &mut self,
        receipt: &str,
        item: &str,
        store: &std::path::Path,
    ) -> Result<(), Fault> {
        let place = Place::find(store, item, true)?;
        if !place.is_stored_right()? {
            return Err(Refused::ChangedInQuarantine.into());
        }
        let home = place.home.as_ref().ok_or(Refused::Gone)?;
        if home.has(&place.name)? {
            return Err(Refused::Occupied.into());
        }
        self.step("ready to go back")?;
        self.note(What::RestoreBegun, receipt, item)?;
        self.step("restore begun")?;
        let data = Place::data(item);
        let (file, _) = place.store.open(data.as_bytes())?;
        place.manifest.restore_mode(&file)?;
        self.step("mode restored")?;
        match place.store.rename(data.as_bytes(), home, &place.name) {
            Ok(()) => {}
            Err(Errno::XDEV) => self.copy_back(&place, item, &file)?,
            Err(errno) => return Err(errno.into()),
        }
        self.step("moved back")?;
        home.sync()?;
        place.store.sync()?;
        self.step("flushed back")
    }

    fn copy_back(&mut self, place: &Place, item: &str, data: &std::fs::File) -> Result<(), Fault> {
        let home = place.home.as_ref().ok_or(Refused::Gone)?;
        let part = Place::returning(item);
        home.remove(part.as_bytes())?;
        let mut file = home.create(part.as_bytes())?;
        self.step("copying back")?;
        if !copy(data, &mut file, &place.manifest.digest()?)? {
            return Err(Refused::ChangedInQuarantine.into());
        }
        place.manifest.restore_all(&file)?;
        home.rename(part.as_bytes(), home, &place.name)?;
        home.sync()?;
        self.step("copied back")?;
        Ok(place.drop_data()?)
    }
}
