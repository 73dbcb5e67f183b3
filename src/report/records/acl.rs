//! Who an access list of a file lets in beside owner, group and others.
//!
//! The bytes are those of the extended attribute `system.posix_acl_access` of Linux (version 2,
//! `posix_acl_xattr.h`): a version of four bytes, then entries of tag, permissions and id, all
//! little-endian. Reading the attribute is the caller's part.

/// Whom an entry lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AclTag {
    /// An account, by number.
    User(u32),
    /// The owning group.
    OwningGroup,
    /// Another group, by number.
    Group(u32),
    /// Every account that no other entry is for.
    Other,
}

const VERSION: u32 = 2;
const USER: u16 = 0x02;
const OWNING_GROUP: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;
const READ: u16 = 0x04;

/// The entries of an attribute that let somebody other than the owner read, as the mask leaves them;
/// `None` where the bytes are no access list.
#[must_use]
pub fn parse_acl(bytes: &[u8]) -> Option<Vec<AclTag>> {
    let (version, rest) = bytes.split_first_chunk::<4>()?;
    let (entries, []) = rest.as_chunks::<8>() else {
        return None;
    };
    if u32::from_le_bytes(*version) != VERSION {
        return None;
    }
    let parsed = entries.iter().map(|[t0, t1, p0, p1, id @ ..]| {
        let tag = u16::from_le_bytes([*t0, *t1]);
        let permissions = u16::from_le_bytes([*p0, *p1]);
        (tag, permissions, u32::from_le_bytes(*id))
    });
    let parsed: Vec<(u16, u16, u32)> = parsed.collect();
    let mask = parsed.iter().find(|(tag, _, _)| *tag == MASK);
    let mask = mask.map_or(READ, |(_, permissions, _)| *permissions);
    let reading = parsed.iter().filter_map(|(tag, permissions, id)| {
        let (tag, permissions) = match *tag {
            USER => (AclTag::User(*id), permissions & mask),
            OWNING_GROUP => (AclTag::OwningGroup, permissions & mask),
            GROUP => (AclTag::Group(*id), permissions & mask),
            OTHER => (AclTag::Other, *permissions),
            _ => return None,
        };
        (permissions & READ != 0).then_some(tag)
    });
    Some(reading.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut bytes = VERSION.to_le_bytes().to_vec();
        for (tag, permissions, id) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(permissions.to_le_bytes());
            bytes.extend(id.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn entries_let_in_whom_the_mask_leaves() {
        let none = u32::MAX;
        let entries = [
            (0x01, 6, none),
            (USER, 4, 1007),
            (USER, 2, 1008),
            (OWNING_GROUP, 0, none),
            (GROUP, 6, 300),
            (MASK, 4, none),
            (OTHER, 0, none),
        ];
        let tags = |entries: &[(u16, u16, u32)]| parse_acl(&list(entries)).unwrap();
        assert_eq!(tags(&entries), [AclTag::User(1007), AclTag::Group(300)]);
        let mut masked = entries;
        masked[5].1 = 2;
        assert_eq!(tags(&masked), []);
        assert_eq!(parse_acl(&[2, 0, 0, 0, 1]), None);
        assert_eq!(parse_acl(&[1, 0, 0, 0]), None);
    }
}
