//! Who owns a file and who can read it, as far as its mode tells.

use std::collections::BTreeMap;

use crate::model::FileStat;

/// Names of accounts and groups by their numbers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    users: BTreeMap<u32, String>,
    groups: BTreeMap<u32, String>,
}

/// Who can read a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Permission bits.
    pub mode: u32,
    /// Name or number of the owning group.
    pub group: String,
}

/// How far a mode lets readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The owner alone.
    Owner,
    /// The owning group.
    Group,
    /// Every account of the machine.
    Everyone,
}

impl Names {
    /// Reads the text of `/etc/passwd` and `/etc/group`; lines that are of another shape are passed
    /// over.
    #[must_use]
    pub fn parse(passwd: &str, group: &str) -> Self {
        Self {
            users: numbered(passwd),
            groups: numbered(group),
        }
    }

    /// The account that owns a file: its name, else its number.
    #[must_use]
    pub fn owner(&self, stat: &FileStat) -> String {
        self.user(stat.uid)
    }

    /// An account by its number: its name, else its number, or `?` where the system tells none.
    #[must_use]
    pub fn user(&self, id: u32) -> String {
        if id == FileStat::NO_ACCOUNT {
            return "?".to_owned();
        }
        let named = self.users.get(&id).cloned();
        named.unwrap_or_else(|| format!("uid {id}"))
    }

    /// A group by its number: its name, else its number.
    #[must_use]
    pub fn group(&self, id: u32) -> String {
        let named = self.groups.get(&id).cloned();
        named.unwrap_or_else(|| format!("gid {id}"))
    }

    /// Who can read a file; nothing where the system has no modes.
    #[must_use]
    pub fn access(&self, stat: &FileStat) -> Option<Access> {
        (stat.mode != 0).then(|| Access {
            mode: stat.mode & 0o7777,
            group: self.group(stat.gid),
        })
    }
}

impl Access {
    /// How far it lets readers.
    #[must_use]
    pub fn reach(&self) -> Reach {
        if self.mode & 0o004 != 0 {
            Reach::Everyone
        } else if self.mode & 0o040 != 0 {
            Reach::Group
        } else {
            Reach::Owner
        }
    }
}

/// First field by third field of lines with colons.
fn numbered(text: &str) -> BTreeMap<u32, String> {
    let entries = text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        Some((fields.nth(1)?.parse().ok()?, name.to_owned()))
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_says_how_far_readers_get() {
        let names = Names::parse(
            "kari:x:1001:100::/home/kari:/bin/sh\nodd\n",
            "hr:x:200:kari\n",
        );
        let stat = |mode| FileStat {
            bytes: 0,
            mtime_ns: 0,
            ctime_ns: 0,
            device: 0,
            inode: 0,
            mode,
            uid: 1001,
            gid: 200,
            links: 1,
        };
        assert_eq!(names.owner(&stat(0o600)), "kari");
        let access = names.access(&stat(0o100_640)).unwrap();
        assert_eq!(
            (access.reach(), access.group.as_str()),
            (Reach::Group, "hr")
        );
        let reach = |mode| names.access(&stat(mode)).map(|access| access.reach());
        assert_eq!(reach(0o604), Some(Reach::Everyone));
        assert_eq!(reach(0o600), Some(Reach::Owner));
        assert_eq!(reach(0), None);
        assert_eq!(Names::default().owner(&stat(0o600)), "uid 1001");
        assert_eq!(Names::default().user(FileStat::NO_ACCOUNT), "?");
    }
}
