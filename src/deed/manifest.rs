//! What a file was, for putting it back to the byte: kept beside it in quarantine, and gone with it.

use std::fs::File;

use rustix::fs::{self as sys, Gid, Stat, Timespec, Timestamps, Uid, XattrFlags};
use serde::{Deserialize, Serialize};

use super::folder::{Folder, set_mode};
use super::{About, Order, Refused};

/// Attributes beyond this many bytes are no longer taken along.
const MAX_ATTRIBUTES: usize = 1 << 20;

/// Where a file lay and what the system said of it. It holds the whole path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// 1.
    pub schema: u32,
    /// The receipt.
    pub receipt: String,
    /// The line's id.
    pub item: String,
    /// The whole path as it is displayed.
    pub object: String,
    /// Real path of the root.
    pub root: std::path::PathBuf,
    /// Path below the root: bytes, hexadecimal.
    pub relative: String,
    /// BLAKE3 digest of the content, hexadecimal.
    pub content: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Owning group.
    pub gid: u32,
    /// Access time: seconds and nanoseconds since 1970.
    pub accessed: (i64, i64),
    /// Modification time.
    pub modified: (i64, i64),
    /// Extended attributes, access lists among them: name and value, hexadecimal.
    pub attributes: Vec<(String, String)>,
    /// Whom it is about.
    #[serde(default)]
    pub about: About,
}

impl Manifest {
    pub(super) fn of(receipt: &str, order: &Order, file: &File, stat: &Stat) -> Self {
        Self {
            schema: 1,
            receipt: receipt.to_owned(),
            item: order.id.clone(),
            object: order.object.clone(),
            root: order.root.clone(),
            relative: hex(&order.relative),
            content: hex(&order.content),
            bytes: order.bytes,
            mode: stat.st_mode & 0o7777,
            uid: stat.st_uid,
            gid: stat.st_gid,
            accessed: (
                stat.st_atime,
                i64::try_from(stat.st_atime_nsec).unwrap_or_default(),
            ),
            modified: (
                stat.st_mtime,
                i64::try_from(stat.st_mtime_nsec).unwrap_or_default(),
            ),
            attributes: attributes(file),
            about: order.about.clone(),
        }
    }

    pub(super) fn name(item: &str) -> String {
        format!("{item}.json")
    }

    pub(super) fn read(folder: &Folder, item: &str) -> Result<Self, Refused> {
        let (file, _) = folder.open(Self::name(item).as_bytes())?;
        let file = std::io::Read::take(file, 16 << 20);
        serde_json::from_reader(std::io::BufReader::new(file))
            .map_err(|_| Refused::System("the manifest of the file is damaged".to_owned()))
    }

    pub(super) fn write(&self, folder: &Folder) -> Result<(), Refused> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|_| Refused::System("the manifest cannot be written".to_owned()))?;
        folder.put(&Self::name(&self.item), &text)
    }

    /// The components of the path below the root: folders, and the file's name.
    pub(super) fn components(&self) -> Result<(Vec<Vec<u8>>, Vec<u8>), Refused> {
        split(&unhex(&self.relative).ok_or(Refused::Outside)?)
    }

    pub(super) fn digest(&self) -> Result<[u8; 32], Refused> {
        let bytes = unhex(&self.content).unwrap_or_default();
        let digest = <[u8; 32]>::try_from(bytes.as_slice());
        digest.map_err(|_| Refused::System("the manifest of the file is damaged".to_owned()))
    }

    /// Gives a file that stayed the same file its mode and times back.
    pub(super) fn restore_mode(&self, file: &File) -> Result<(), Refused> {
        set_mode(file, self.mode)?;
        let time = |(seconds, nanoseconds): (i64, i64)| Timespec {
            tv_sec: seconds,
            tv_nsec: nanoseconds,
        };
        let times = Timestamps {
            last_access: time(self.accessed),
            last_modification: time(self.modified),
        };
        sys::futimens(file, &times)?;
        Ok(file.sync_all()?)
    }

    /// Gives a copy all that the original had. Owner and attributes need rights that we may lack;
    /// they are given as far as the system allows.
    pub(super) fn restore_all(&self, file: &File) -> Result<(), Refused> {
        let owner = (Uid::from_raw(self.uid), Gid::from_raw(self.gid));
        let _ = sys::fchown(file, Some(owner.0), Some(owner.1));
        for (name, value) in &self.attributes {
            if let Some(value) = unhex(value) {
                let _ = sys::fsetxattr(file, name.as_str(), &value, XattrFlags::empty());
            }
        }
        self.restore_mode(file)
    }
}

fn attributes(file: &File) -> Vec<(String, String)> {
    let mut names = vec![0_u8; 64 * 1024];
    let Ok(length) = sys::flistxattr(file, &mut *names) else {
        return Vec::new();
    };
    let names = names.get(..length).unwrap_or_default();
    let mut found = Vec::new();
    let mut total = 0;
    for name in names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        let mut value = vec![0_u8; 64 * 1024];
        let Ok(length) = sys::fgetxattr(file, name, &mut *value) else {
            continue;
        };
        total += length;
        if total > MAX_ATTRIBUTES {
            break;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        found.push((name, hex(value.get(..length).unwrap_or_default())));
    }
    found
}

/// Folders and name of a path below a root. Nothing may lead out of it.
pub(super) fn split(relative: &[u8]) -> Result<(Vec<Vec<u8>>, Vec<u8>), Refused> {
    let mut parts: Vec<Vec<u8>> = relative
        .split(|byte| *byte == b'/')
        .map(<[u8]>::to_vec)
        .collect();
    let odd =
        |part: &Vec<u8>| part.is_empty() || part == b"." || part == b".." || part.contains(&0);
    if parts.iter().any(odd) {
        return Err(Refused::Outside);
    }
    let name = parts.pop().ok_or(Refused::Outside)?;
    Ok((parts, name))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}
