//! Into quarantine: all the doubts first, then manifest, journal, move, and a look at what arrived.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::Stat;
use rustix::io::Errno;

use super::folder::{Folder, copy, digest, is_locked};
use super::held;
use super::journal::{Entry, What};
use super::manifest::{Manifest, split};
use super::recover::Place;
use super::tracked::ItemState;
use super::{Desk, Done, Fault, Order, Permit, Refused, Unwritable};

/// The file of an order, held open together with its folder.
struct Source {
    folder: Folder,
    name: Vec<u8>,
    file: File,
    stat: Stat,
}

impl Desk<'_> {
    /// Opens a receipt for a run of `apply` and returns its id.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn open_receipt(&mut self, account: &str, seal: &str) -> Result<String, Fault> {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher
            .update(seal.as_bytes())
            .update(&self.now.to_be_bytes());
        hasher.update(self.journal.head().as_bytes());
        let random: String = hasher.finalize().to_hex().chars().take(8).collect();
        let day = jiff::Timestamp::from_second(self.now).unwrap_or_default();
        let day = day.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let receipt = format!("R-{day}-{random}");
        let entry = Entry {
            item: None,
            account: Some(account.to_owned()),
            plan: Some(seal.to_owned()),
            ..Entry::about(What::Opened, &receipt, "")
        };
        self.journal.append(self.now, entry)?;
        Ok(receipt)
    }

    /// Says what [`Desk::quarantine`] would do, and changes nothing.
    ///
    /// # Errors
    /// The run was stopped.
    pub fn try_out(&mut self, order: &Order, permit: Permit<'_>) -> Result<Done, Fault> {
        let tried = Source::open(order).and_then(|_| permit(order).map_err(Refused::NotPermitted));
        self.step("tried")?;
        Ok(self.told(order, tried))
    }

    /// Moves a file into the folder `store`, below which each receipt has its own. The folder's parent
    /// must be there.
    ///
    /// # Errors
    /// The journal cannot be written, or the run was stopped. What concerns this file alone is
    /// [`Done::Not`].
    pub fn quarantine(
        &mut self,
        receipt: &str,
        store: &Path,
        order: &Order,
        permit: Permit<'_>,
    ) -> Result<Done, Fault> {
        match self.move_in(receipt, store, order, permit) {
            Ok(()) => {}
            Err(Fault::Refused(why)) => {
                if self.tracked(receipt, &order.id).is_none() {
                    return Ok(self.told(order, Err(why)));
                }
                return self.settled(receipt, &order.id, ItemState::Quarantined, why);
            }
            Err(fault) => return Err(fault),
        }
        let done = self.settled(receipt, &order.id, ItemState::Quarantined, Refused::Changed)?;
        if matches!(done, Done::Did) {
            self.step("quarantined")?;
        }
        Ok(done)
    }

    /// A file that is gone may be in quarantine already: then the plan was carried out before.
    fn told(&self, order: &Order, tried: Result<(), Refused>) -> Done {
        match tried {
            Ok(()) => Done::Did,
            Err(Refused::Gone) => {
                let items = self.journal.items();
                let there = items.iter().find(|((_, item), tracked)| {
                    *item == order.id && tracked.state == ItemState::Quarantined
                });
                there.map_or(Done::Not(Refused::Gone), |((receipt, _), _)| {
                    Done::Already(receipt.clone())
                })
            }
            Err(why) => Done::Not(why),
        }
    }

    fn move_in(
        &mut self,
        receipt: &str,
        store: &Path,
        order: &Order,
        permit: Permit<'_>,
    ) -> Result<(), Fault> {
        let source = Source::open(order)?;
        permit(order).map_err(Refused::NotPermitted)?;
        self.step("checked")?;
        let (folder, real) = store_of(store, receipt).map_err(|why| {
            if matches!(why, Refused::Gone | Refused::Link) {
                Refused::ReadOnly(Unwritable::NoFolder)
            } else {
                why
            }
        })?;
        let manifest = Manifest::of(receipt, order, &source.file, &source.stat);
        manifest.write(&folder)?;
        self.step("manifest")?;
        let entry = Entry {
            detail: Some(self.item(order, &real)),
            ..Entry::about(What::Begun, receipt, &order.id)
        };
        self.journal.append(self.now, entry)?;
        self.step("begun")?;
        let data = Place::data(&order.id);
        match source.folder.rename(&source.name, &folder, data.as_bytes()) {
            Ok(()) => {}
            Err(Errno::XDEV) => self.copy_in(&source, &folder, order)?,
            Err(errno) => return Err(errno.into()),
        }
        self.step("moved")?;
        folder.sync()?;
        source.folder.sync()?;
        self.step("flushed")
    }

    /// To another file system: a copy that is flushed and compared before the original goes.
    fn copy_in(&mut self, source: &Source, folder: &Folder, order: &Order) -> Result<(), Fault> {
        let part = Place::part(&order.id);
        folder.remove(part.as_bytes())?;
        let mut file = folder.create(part.as_bytes())?;
        self.step("copying")?;
        if !copy(&source.file, &mut file, &order.content)? {
            return Err(Refused::Changed.into());
        }
        folder.rename(part.as_bytes(), folder, Place::data(&order.id).as_bytes())?;
        folder.sync()?;
        self.step("copied")?;
        let now = source.folder.stat(&source.name)?;
        let same = |a: &Stat, b: &Stat| {
            (a.st_dev, a.st_ino, a.st_size, a.st_mtime, a.st_mtime_nsec)
                == (b.st_dev, b.st_ino, b.st_size, b.st_mtime, b.st_mtime_nsec)
        };
        if !same(&now, &source.stat) {
            return Err(Refused::Changed.into());
        }
        Ok(source.folder.remove(&source.name)?)
    }
}

/// The receipt's folder in the quarantine, and its real path.
fn store_of(store: &Path, receipt: &str) -> Result<(Folder, PathBuf), Refused> {
    drop(Folder::made_at(store)?);
    let real = std::fs::canonicalize(store)?.join(receipt);
    Ok((Folder::made_at(&real)?, real))
}

impl Source {
    /// Opens the file of an order with all doubts: folders that are links, another content, another
    /// name of the same file, a program that has it open.
    fn open(order: &Order) -> Result<Self, Refused> {
        let (folders, name) = split(&order.relative)?;
        let folders: Vec<&[u8]> = folders.iter().map(Vec::as_slice).collect();
        let folder = Folder::at(&order.root)?.below(&folders, false)?;
        let (file, stat) = folder.open(&name)?;
        if stat.st_nlink > 1 {
            return Err(Refused::HardLinks);
        }
        if is_locked(&file) || folder.has_office_lock(&name)? || held::is_written(&name, &stat) {
            return Err(Refused::InUse);
        }
        if u64::try_from(stat.st_size).ok() != Some(order.bytes) || digest(&file)? != order.content
        {
            return Err(Refused::Changed);
        }
        Ok(Self {
            folder,
            name,
            file,
            stat,
        })
    }
}
