//! What a plan rests on: which inventory, which rules, which day.

use super::{Error, Head, Plan, RootPlace, Wish};
use crate::inventory::Reader;
use crate::policy::Assumption;
use crate::report::plain;

pub(super) fn head(inventory: &Reader, wish: &Wish<'_>, unread: u64) -> Result<Head, Error> {
    let runs = inventory.runs()?;
    let latest = runs.first();
    let roots = latest.map(|run| run.roots.as_slice()).unwrap_or_default();
    let place = |(label, path, _): &(String, Vec<u8>, bool)| RootPlace {
        label: label.clone(),
        path: String::from_utf8_lossy(path).into_owned(),
    };
    let open = wish.judging.book().assumptions().iter();
    let open: Vec<_> = open.filter(|one| !one.is_accepted()).collect();
    let told = |one: &&Assumption| plain(&one.told(wish.lang), wish.lang);
    Ok(Head {
        inventory: identity(inventory)?,
        run: latest.map_or(0, |run| run.run),
        as_of: wish.as_of,
        until: wish.until,
        process: wish.process.map(str::to_owned),
        subject: wish.subject.map(str::to_owned),
        rules: wish.judging.book().digest(),
        roots: roots.iter().map(place).collect(),
        approvals: wish.approvals,
        open_assumptions: open.iter().map(|one| one.id.clone()).collect(),
        assumptions_told: open.iter().map(told).collect(),
        unread,
        backup_expiry: wish
            .judging
            .site()
            .facts
            .backup_expiry
            .map(|period| period.to_string()),
    })
}

/// Which inventory this is: over the name of its key, its first run and its roots.
fn identity(inventory: &Reader) -> Result<String, Error> {
    let mut hasher = blake3::Hasher::new_derive_key("sporhund inventory 1");
    hasher.update(&inventory.key_fingerprint()?.to_be_bytes());
    if let Some(first) = inventory.runs()?.last() {
        hasher.update(&first.started.to_be_bytes());
        for (label, path, _) in &first.roots {
            hasher.update(label.as_bytes());
            hasher.update(&[0]);
            hasher.update(path);
            hasher.update(&[0]);
        }
    }
    Ok(hasher.finalize().to_hex().chars().take(16).collect())
}

impl Plan {
    /// Checks that the plan was made from this inventory.
    ///
    /// # Errors
    /// `OtherInventory`, or the inventory cannot be read.
    pub fn check_inventory(&self, inventory: &Reader) -> Result<(), Error> {
        let here = identity(inventory)?;
        if here == self.head.inventory {
            return Ok(());
        }
        let plan = self.head.inventory.clone();
        Err(Error::OtherInventory { plan, here })
    }
}
