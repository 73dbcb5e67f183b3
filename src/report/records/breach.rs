//! What a folder holds, for the case that strangers got to it: how many persons, which categories,
//! and who could read it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::civil::Date;

use super::acl::AclTag;
use super::persons::{self, Different};
use crate::inventory::{self, ObjectRow, Reader};
use crate::model::{Category, DateSource};
use crate::report::judging;
use crate::report::{Access, Names, Reach};

/// Files that are listed; more are counted only.
const LISTED: usize = 100_000;

/// What a sheet is made of.
pub struct BreachWish<'a> {
    /// Whether an object lies in the folder, by its path.
    pub holds: &'a dyn Fn(&str) -> bool,
    /// A path as it may be shown.
    pub shown: &'a dyn Fn(&str) -> String,
    /// Names of accounts and groups.
    pub names: &'a Names,
    /// The access list that a file has now; none where it has none or cannot be asked.
    pub access_list: &'a dyn Fn(&ObjectRow) -> Option<Vec<AclTag>>,
}

/// The sheet.
#[derive(Clone, Debug, Default)]
pub struct Breach {
    /// Objects by the level of their nesting: files, and members of files.
    pub files: u64,
    /// Files in which, or in a member of which, something personal was found.
    pub personal_files: u64,
    /// Files with something of a special category or on criminal matters.
    pub special_files: u64,
    /// Files that were not read to their end, or whose members were not.
    pub unread_files: u64,
    /// Different values, by the detectors that tell of persons.
    pub different: BTreeMap<String, u64>,
    /// Persons that these point to; an estimate.
    pub persons: u64,
    /// What was found, by `id` or `id:kind`.
    pub categories: BTreeMap<String, Held>,
    /// Who could read the files with personal data: files, and those of them with special categories.
    pub readers: BTreeMap<Readers, (u64, u64)>,
    /// The files with personal data.
    pub holdings: Vec<Holding>,
    /// Files with personal data that are not listed because they are too many.
    pub unlisted: u64,
    /// Oldest and newest day of a document.
    pub days: Option<(Date, Date)>,
}

/// How much there is of one category.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Objects that hold it.
    pub objects: u64,
    /// Hits.
    pub hits: u64,
    /// Whether it is of a special category or on criminal matters.
    pub special: bool,
}

/// Somebody who could read files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readers {
    /// Every account of the machine.
    Everyone,
    /// The members of a group.
    Group(String),
    /// An account.
    Account(String),
    /// The system did not say.
    NotKnown,
}

/// A file with personal data.
#[derive(Clone, Debug)]
pub struct Holding {
    /// Its path, as it may be shown.
    pub file: String,
    /// What was found in it and its members.
    pub categories: BTreeSet<String>,
    /// Something of a special category is among it.
    pub special: bool,
    /// The account that owns it.
    pub owner: Option<String>,
    /// Its group and permission bits.
    pub access: Option<Access>,
    /// Whether it has an access list beside them.
    pub has_list: bool,
    /// Who could read it.
    pub readers: BTreeSet<Readers>,
}

/// Makes the sheet.
///
/// # Errors
/// When the inventory cannot be read.
pub fn breach(inventory: &Reader, wish: &BreachWish<'_>) -> Result<Breach, inventory::Error> {
    let mut gathered = Gathering::default();
    let mut held: Vec<(i64, BTreeSet<String>)> = Vec::new();
    inventory.for_each_object(&mut |row| {
        if (wish.holds)(&row.path) {
            let telling = gathered.add(&row, wish);
            if !telling.is_empty() {
                held.push((row.id, telling));
            }
        }
    })?;
    let mut breach = gathered.ended(wish);
    let mut different = Different::new();
    for (id, telling) in held {
        inventory.for_each_digests(id, &mut |detector, digests| {
            if telling.contains(detector) {
                different.add(detector, digests);
            }
            ControlFlow::Continue(())
        })?;
    }
    let counted = different.counted();
    breach.different = counted.map_err(|source| inventory::Error::Io {
        attempt: "count values in",
        path: PathBuf::from("the temporary directory"),
        source,
    })?;
    breach.persons = persons::estimate(&breach.different);
    Ok(breach)
}

/// The sheet while files go by, and the file at hand.
#[derive(Default)]
struct Gathering {
    breach: Breach,
    file: Option<File>,
}

/// A file with what was found in it and its members so far.
struct File {
    row: ObjectRow,
    categories: BTreeSet<String>,
    special: bool,
    unread: bool,
}

impl Gathering {
    /// Takes an object; returns its detectors that tell of persons. Members come after their file.
    fn add(&mut self, row: &ObjectRow, wish: &BreachWish<'_>) -> BTreeSet<String> {
        if row.depth == 0 || self.file.is_none() {
            self.close(wish);
            self.file = Some(File {
                row: row.clone(),
                categories: BTreeSet::new(),
                special: false,
                unread: false,
            });
        }
        let mut telling = BTreeSet::new();
        let mut here = BTreeMap::new();
        for found in row.findings.iter().filter(|found| found.is_personal()) {
            if Different::counts(&found.detector) {
                telling.insert(found.detector.clone());
            }
            let id = found.id();
            let special = found.category == Category::Special.as_str();
            let total: &mut (u64, bool) = here.entry(id).or_default();
            *total = (total.0 + found.count, special);
        }
        let Some(file) = &mut self.file else {
            return telling;
        };
        file.unread |= row.outcome.is_unread();
        for (id, (hits, special)) in here {
            let total = self.breach.categories.entry(id.clone()).or_default();
            total.objects += 1;
            total.hits += hits;
            total.special = special;
            file.special |= special;
            file.categories.insert(id);
        }
        if !file.categories.is_empty() {
            self.count_days(row);
        }
        telling
    }

    /// The days of a document, as far as it says them itself: the file system's say when it was copied.
    fn count_days(&mut self, row: &ObjectRow) {
        let own = judging::dates(row).into_iter();
        let own = own.filter(|(source, _)| *source != DateSource::Mtime);
        for (_, interval) in own {
            let (first, last) = self.breach.days.unwrap_or((interval.last, interval.last));
            self.breach.days = Some((first.min(interval.last), last.max(interval.last)));
        }
    }

    fn close(&mut self, wish: &BreachWish<'_>) {
        let Some(file) = self.file.take() else { return };
        let breach = &mut self.breach;
        breach.files += 1;
        breach.unread_files += u64::from(file.unread);
        if file.categories.is_empty() {
            return;
        }
        breach.personal_files += 1;
        breach.special_files += u64::from(file.special);
        let holding = file.holding(wish);
        for reader in &holding.readers {
            let total = breach.readers.entry(reader.clone()).or_default();
            total.0 += 1;
            total.1 += u64::from(holding.special);
        }
        if breach.holdings.len() < LISTED {
            breach.holdings.push(holding);
        } else {
            breach.unlisted += 1;
        }
    }

    fn ended(mut self, wish: &BreachWish<'_>) -> Breach {
        self.close(wish);
        self.breach
    }
}

impl File {
    fn holding(self, wish: &BreachWish<'_>) -> Holding {
        let stat = self.row.stat.as_ref();
        let owner = stat.map(|stat| wish.names.owner(stat));
        let access = stat.and_then(|stat| wish.names.access(stat));
        let list = (wish.access_list)(&self.row);
        let readers = readers(
            owner.as_deref(),
            access.as_ref(),
            list.as_deref(),
            wish.names,
        );
        Holding {
            file: (wish.shown)(&self.row.path),
            categories: self.categories,
            special: self.special,
            owner: owner.filter(|_| access.is_some()),
            has_list: list.is_some(),
            access,
            readers,
        }
    }
}

/// Who could read a file: the owner always, the others by the access list where there is one, or else
/// by the mode.
fn readers(
    owner: Option<&str>,
    access: Option<&Access>,
    list: Option<&[AclTag]>,
    names: &Names,
) -> BTreeSet<Readers> {
    let (Some(owner), Some(access)) = (owner, access) else {
        return [Readers::NotKnown].into();
    };
    let mut readers = BTreeSet::from([Readers::Account(owner.to_owned())]);
    if let Some(list) = list {
        readers.extend(list.iter().map(|tag| match tag {
            AclTag::User(id) => Readers::Account(names.user(*id)),
            AclTag::OwningGroup => Readers::Group(access.group.clone()),
            AclTag::Group(id) => Readers::Group(names.group(*id)),
            AclTag::Other => Readers::Everyone,
        }));
        return readers;
    }
    match access.reach() {
        Reach::Owner => {}
        Reach::Group => {
            readers.insert(Readers::Group(access.group.clone()));
        }
        Reach::Everyone => {
            readers.insert(Readers::Everyone);
        }
    }
    readers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_more_than_the_mode() {
        let names = Names::parse("kari:x:1001:1::/:\nola:x:1002:1::/:\n", "hr:x:200:\n");
        let access = Access {
            mode: 0o640,
            group: "hr".to_owned(),
        };
        let account = |name: &str| Readers::Account(name.to_owned());
        let group = |name: &str| Readers::Group(name.to_owned());
        let told = readers(Some("kari"), Some(&access), None, &names);
        assert_eq!(told, [account("kari"), group("hr")].into());
        // The group bits of the mode are the list's mask.
        let list = [AclTag::User(1002), AclTag::Group(301)];
        let told = readers(Some("kari"), Some(&access), Some(&list), &names);
        let wanted = [account("kari"), account("ola"), group("gid 301")];
        assert_eq!(told, wanted.into());
        let told = readers(None, None, None, &names);
        assert_eq!(told, [Readers::NotKnown].into());
    }
}
