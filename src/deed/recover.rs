//! Ends what was begun: looks where the file is now, and brings journal and disk into line.
//!
//! The same code ends a step of a run that goes well, one that failed, and one that was killed, so that
//! there is no path that only a disaster tests.

use std::collections::BTreeSet;
use std::path::Path;

use super::folder::{Folder, digest, set_mode};
use super::journal::{Entry, What};
use super::manifest::Manifest;
use super::tracked::{ItemState, Tracked};
use super::{Desk, Done, Fault, Refused};

/// What a recovery did.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Files whose step was ended.
    pub ended: usize,
    /// Files that are in neither place: receipt and id.
    pub lost: Vec<(String, String)>,
    /// Files that cannot be looked at now: receipt, id and why.
    pub waiting: Vec<(String, String, Refused)>,
}

/// The two places of a file: in quarantine, and where it was.
pub(super) struct Place {
    pub(super) store: Folder,
    pub(super) manifest: Manifest,
    /// The folder it was in; none where that is gone.
    pub(super) home: Option<Folder>,
    pub(super) name: Vec<u8>,
    item: String,
}

impl Place {
    pub(super) fn data(item: &str) -> String {
        format!("{item}.data")
    }

    pub(super) fn part(item: &str) -> String {
        format!("{item}.part")
    }

    /// The name of a copy on its way back, beside where it belongs.
    pub(super) fn returning(item: &str) -> String {
        format!(".sporhund-{item}.part")
    }

    /// Looks at both places; with `make`, folders that are gone are made again.
    pub(super) fn find(store: &Path, item: &str, make: bool) -> Result<Self, Refused> {
        let store = Folder::at(store)?;
        let manifest = Manifest::read(&store, item)?;
        let (folders, name) = manifest.components()?;
        let folders: Vec<&[u8]> = folders.iter().map(Vec::as_slice).collect();
        let root = Folder::at(&manifest.root).map_err(|_| {
            Refused::System("the root that the file lay in cannot be reached".to_owned())
        })?;
        let home = match root.below(&folders, make) {
            Ok(home) => Some(home),
            Err(Refused::Gone) => None,
            Err(why) => return Err(why),
        };
        Ok(Self {
            store,
            manifest,
            home,
            name,
            item: item.to_owned(),
        })
    }

    fn is_stored(&self) -> Result<bool, Refused> {
        self.store.has(Self::data(&self.item).as_bytes())
    }

    fn is_home(&self) -> Result<bool, Refused> {
        self.home
            .as_ref()
            .map_or(Ok(false), |home| home.has(&self.name))
    }

    /// Whether the file in quarantine has the content that was approved.
    pub(super) fn is_stored_right(&self) -> Result<bool, Refused> {
        let (file, _) = self.store.open(Self::data(&self.item).as_bytes())?;
        Ok(digest(&file)? == self.manifest.digest()?)
    }

    fn is_home_right(&self) -> Result<bool, Refused> {
        let Some(home) = &self.home else {
            return Ok(false);
        };
        match home.open(&self.name) {
            Ok((file, _)) => Ok(digest(&file)? == self.manifest.digest()?),
            Err(Refused::NoFile | Refused::Link) => Ok(false),
            Err(why) => Err(why),
        }
    }

    fn close_to_others(&self) -> Result<(), Refused> {
        let (file, _) = self.store.open(Self::data(&self.item).as_bytes())?;
        set_mode(&file, 0o600)?;
        file.sync_all().map_err(Refused::from)
    }

    pub(super) fn drop_data(&self) -> Result<(), Refused> {
        self.store.remove(Self::data(&self.item).as_bytes())?;
        self.store.sync()
    }

    /// Removes what is left beside the data; fine where nothing is.
    fn drop_rest(&self) -> Result<(), Refused> {
        self.store.remove(Self::part(&self.item).as_bytes())?;
        if let Some(home) = &self.home {
            home.remove(Self::returning(&self.item).as_bytes())?;
        }
        Ok(())
    }

    fn drop_manifest(&self) -> Result<(), Refused> {
        self.store.remove(Manifest::name(&self.item).as_bytes())?;
        self.store.sync()
    }

    /// Puts a file that changed under our hands back under its name.
    fn give_back(&self) -> Result<(), Refused> {
        let Some(home) = &self.home else {
            return Err(Refused::Gone);
        };
        let (file, _) = self.store.open(Self::data(&self.item).as_bytes())?;
        set_mode(&file, self.manifest.mode)?;
        self.store
            .rename(Self::data(&self.item).as_bytes(), home, &self.name)?;
        home.sync()?;
        self.store.sync()
    }
}

impl Desk<'_> {
    /// Ends what an earlier run had begun. Call it before anything else.
    ///
    /// # Errors
    /// The journal cannot be written, or the run was stopped.
    pub fn recover(&mut self) -> Result<Recovered, Fault> {
        let mut recovered = Recovered::default();
        let mut unswept = BTreeSet::new();
        for ((receipt, item), tracked) in self.journal.items().clone() {
            let open = matches!(
                tracked.state,
                ItemState::Begun | ItemState::RestoreBegun | ItemState::PurgeBegun
            );
            if !open {
                if !sweep(&item, &tracked) {
                    unswept.insert((receipt, item));
                }
                continue;
            }
            if self.not_purged(&receipt, &item)? {
                recovered.ended += 1;
                continue;
            }
            match self.settle(&receipt, &item) {
                Ok(ItemState::Lost) => recovered.lost.push((receipt, item)),
                Ok(_) => recovered.ended += 1,
                Err(Fault::Refused(why)) => recovered.waiting.push((receipt, item, why)),
                Err(fault) => return Err(fault),
            }
            self.step("recovered")?;
        }
        if self.journal.is_to_be_marked() {
            self.journal.mark(&self.own, &|name| unswept.contains(name));
        }
        Ok(recovered)
    }

    /// Removes manifests in a quarantine whose files never came: a kill before the first line of the
    /// journal leaves one.
    ///
    /// # Errors
    /// The quarantine cannot be read; not being there is fine.
    pub fn sweep_store(&self, store: &Path) -> Result<(), Fault> {
        let Ok(all) = Folder::at(store) else {
            return Ok(());
        };
        let items = self.journal.items();
        for receipt in all.names()? {
            let Ok(folder) = all.below(&[&receipt], false) else {
                continue;
            };
            let receipt = String::from_utf8_lossy(&receipt).into_owned();
            for name in folder.names()? {
                let text = String::from_utf8_lossy(&name).into_owned();
                let item = text.split('.').next().unwrap_or_default().to_owned();
                let known = items.contains_key(&(receipt.clone(), item.clone()));
                let manifest = text
                    .split_once('.')
                    .is_some_and(|(_, rest)| rest.starts_with("json"));
                if manifest && !known && !folder.has(Place::data(&item).as_bytes())? {
                    // Where it cannot be removed now, the next run does it.
                    let _ = folder.remove(&name);
                }
            }
        }
        Ok(())
    }

    pub(super) fn tracked(&self, receipt: &str, item: &str) -> Option<Tracked> {
        let name = (receipt.to_owned(), item.to_owned());
        self.journal.items().get(&name).cloned()
    }

    /// A file that is in quarantine.
    pub(super) fn waiting(&self, receipt: &str, item: &str) -> Option<Tracked> {
        let tracked = self.tracked(receipt, item)?;
        (tracked.state == ItemState::Quarantined).then_some(tracked)
    }

    pub(super) fn note(&mut self, what: What, receipt: &str, item: &str) -> Result<(), Fault> {
        self.journal
            .append(self.now, Entry::about(what, receipt, item))
    }

    /// A deletion that was begun and has deleted nothing yet is taken back: a hold may have come since, so it is to be
    /// asked for again. Tells whether that was so.
    pub(super) fn not_purged(&mut self, receipt: &str, item: &str) -> Result<bool, Fault> {
        let begun = self.tracked(receipt, item);
        let begun = begun.filter(|tracked| tracked.state == ItemState::PurgeBegun);
        let stored = begun.is_some_and(|tracked| {
            let place = Place::find(&tracked.detail.store, item, false);
            place
                .and_then(|place| place.is_stored_right())
                .unwrap_or(false)
        });
        if stored {
            self.note(What::Quarantined, receipt, item)?;
        }
        Ok(stored)
    }

    /// Brings one file to a state in which it can stay: it was done where that is `wanted`, else not, for the reason
    /// `why`. What cannot be ended now is no reason to stop the run: the next one ends it.
    pub(super) fn settled(
        &mut self,
        receipt: &str,
        item: &str,
        wanted: ItemState,
        why: Refused,
    ) -> Result<Done, Fault> {
        match self.settle(receipt, item) {
            Ok(state) if state == wanted => Ok(Done::Did),
            Ok(_) => Ok(Done::Not(why)),
            Err(Fault::Refused(why)) => Ok(Done::Not(why)),
            Err(fault) => Err(fault),
        }
    }

    /// Brings one file to a state in which it can stay, and says which.
    pub(super) fn settle(&mut self, receipt: &str, item: &str) -> Result<ItemState, Fault> {
        let Some(tracked) = self.tracked(receipt, item) else {
            return Ok(ItemState::Undone);
        };
        let place = Place::find(&tracked.detail.store, item, false);
        if let (Err(Refused::Gone), ItemState::PurgeBegun) = (&place, tracked.state) {
            // Somebody has taken the manifest away. Where the folder is gone too, a disk may not be mounted, and
            // nothing is known of the file.
            let store = Folder::at(&tracked.detail.store)?;
            store.remove(Place::data(item).as_bytes())?;
            store.sync()?;
            self.note(What::Purged, receipt, item)?;
            return Ok(ItemState::Purged);
        }
        let place = place?;
        let (what, state) = match tracked.state {
            ItemState::Begun => end_of_coming(&place)?,
            ItemState::RestoreBegun => end_of_going_back(&place)?,
            ItemState::PurgeBegun => {
                place.drop_data()?;
                (What::Purged, ItemState::Purged)
            }
            ItemState::Quarantined
            | ItemState::Undone
            | ItemState::Restored
            | ItemState::Purged
            | ItemState::Lost => return Ok(tracked.state),
        };
        place.drop_rest()?;
        self.step("settled")?;
        self.note(what, receipt, item)?;
        self.step("noted")?;
        if !matches!(state, ItemState::Quarantined | ItemState::Lost) {
            place.drop_manifest()?;
        }
        Ok(state)
    }
}

/// Removes the manifest of a file that is no longer in quarantine: it holds a path for nothing. Tells
/// whether there is none any more.
fn sweep(item: &str, tracked: &Tracked) -> bool {
    match tracked.state {
        ItemState::Undone | ItemState::Restored | ItemState::Purged => {}
        ItemState::Begun
        | ItemState::Quarantined
        | ItemState::RestoreBegun
        | ItemState::PurgeBegun
        | ItemState::Lost => return true,
    }
    match Place::find(&tracked.detail.store, item, false) {
        Ok(place) if place.is_stored().is_ok_and(|stored| !stored) => place
            .drop_rest()
            .and_then(|()| place.drop_manifest())
            .is_ok(),
        Ok(_) => false,
        Err(why) => matches!(why, Refused::Gone),
    }
}

/// A file on its way into quarantine.
fn end_of_coming(place: &Place) -> Result<(What, ItemState), Refused> {
    let stored = (What::Quarantined, ItemState::Quarantined);
    let undone = (What::Undone, ItemState::Undone);
    match (place.is_stored()?, place.is_home()?) {
        (true, false) if place.is_stored_right()? => {
            place.close_to_others()?;
            Ok(stored)
        }
        (true, false) => {
            place.give_back()?;
            Ok(undone)
        }
        // A copy was made, and the original did not go.
        (true, true) if place.is_home_right()? && place.is_stored_right()? => {
            place.drop_data()?;
            Ok(undone)
        }
        // Something new has come to lie where it was.
        (true, true) => {
            place.close_to_others()?;
            Ok(stored)
        }
        (false, true) => Ok(undone),
        (false, false) => Ok((What::Lost, ItemState::Lost)),
    }
}

/// A file on its way back.
fn end_of_going_back(place: &Place) -> Result<(What, ItemState), Refused> {
    let stored = (What::Quarantined, ItemState::Quarantined);
    let restored = (What::Restored, ItemState::Restored);
    match (place.is_stored()?, place.is_home()?) {
        // A copy is back, and the data did not go yet.
        (true, true) if place.is_home_right()? && place.is_stored_right()? => {
            place.drop_data()?;
            Ok(restored)
        }
        (true, _) => {
            place.close_to_others()?;
            Ok(stored)
        }
        (false, true) => Ok(restored),
        (false, false) => Ok((What::Lost, ItemState::Lost)),
    }
}
