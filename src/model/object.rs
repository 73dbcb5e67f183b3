//! Where an object lives: a file below a root, or a member inside a file.

use std::fmt::{self, Write};
use std::sync::Arc;

/// The address of one object as a shared chain: a file, or a member with its parent, written
/// `LABEL:share/post.zip!/mail.eml!/cv.docx`.
///
/// The length of the chain is the only depth counter. Names are kept as the bytes that the system
/// or the container gave; a member name is a label, never a path on disk. Cloning is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPath(Arc<Node>);

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Node {
    File { root: Arc<str>, relative: Box<[u8]> },
    Member { parent: ObjectPath, name: Box<[u8]> },
}

impl ObjectPath {
    /// A file at `relative` (bytes, `/` between components) below the root with label `root`.
    /// The label is empty where a single root is scanned.
    #[must_use]
    pub fn file(root: Arc<str>, relative: &[u8]) -> Self {
        Self(Arc::new(Node::File {
            root,
            relative: relative.into(),
        }))
    }

    /// The member `name` (bytes as the container gave them) of this object.
    #[must_use]
    pub fn member(&self, name: &[u8]) -> Self {
        Self(Arc::new(Node::Member {
            parent: self.clone(),
            name: name.into(),
        }))
    }

    /// The container this object is a member of, or `None` for a file.
    #[must_use]
    pub fn parent(&self) -> Option<&ObjectPath> {
        match &*self.0 {
            Node::File { .. } => None,
            Node::Member { parent, .. } => Some(parent),
        }
    }

    /// The file that this object is, or that it lies in at whatever depth.
    #[must_use]
    pub fn top(&self) -> &ObjectPath {
        self.parent().map_or(self, ObjectPath::top)
    }

    /// This object as it lies where the file `from`, which it is or lies in, is called `to`.
    #[must_use]
    pub fn moved(&self, from: &ObjectPath, to: &ObjectPath) -> Self {
        match self.parent() {
            Some(parent) if self != from => parent.moved(from, to).member(self.own_name()),
            _ => to.clone(),
        }
    }

    /// How many containers enclose the object: 0 for a file.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.parent().map_or(0, |parent| parent.depth() + 1)
    }

    /// The label of the root; empty where a single root is scanned.
    #[must_use]
    pub fn root(&self) -> &str {
        match &*self.top().0 {
            Node::File { root, .. } => root,
            Node::Member { .. } => "",
        }
    }

    /// The file's path relative to its root, or the member's name: bytes as they were given.
    #[must_use]
    pub fn own_name(&self) -> &[u8] {
        match &*self.0 {
            Node::File { relative, .. } => relative,
            Node::Member { name, .. } => name,
        }
    }

    /// The last component of [`own_name`](Self::own_name), as text; bytes that are not UTF-8 are
    /// written as `\xNN`.
    #[must_use]
    pub fn file_name(&self) -> String {
        let name = self.own_name();
        let start = name
            .iter()
            .rposition(|b| matches!(b, b'/' | b'\\'))
            .map_or(0, |at| at + 1);
        written(name.get(start..).unwrap_or_default())
    }

    /// What follows the last dot of the name's last component, as it was given; `None` where there is no dot.
    #[must_use]
    pub fn extension(&self) -> Option<&[u8]> {
        let own = self.own_name();
        let name = own.rsplit(|byte| *byte == b'/').next().unwrap_or(own);
        let dot = name.iter().rposition(|byte| *byte == b'.')?;
        name.get(dot + 1..)
    }
}

impl fmt::Display for ObjectPath {
    /// Writes `LABEL:rel/path!/member`, with bytes that are not UTF-8 as `\xNN`. Control characters
    /// are left as they are: escaping for a terminal, HTML or CSV is the writer's task.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Node::File { root, relative } => {
                if !root.is_empty() {
                    write!(f, "{root}:")?;
                }
                write_to(f, relative)
            }
            Node::Member { parent, name } => {
                write!(f, "{parent}!/")?;
                write_to(f, name)
            }
        }
    }
}

impl fmt::Debug for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// Bytes as text, each byte that is not part of valid UTF-8 as `\xNN`.
pub(crate) fn written(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    // Writing to a string does not fail.
    let _ = write_to(&mut text, bytes);
    text
}

fn write_to(to: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        to.write_str(chunk.valid())?;
        for byte in chunk.invalid() {
            write!(to, "\\x{byte:02X}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_reads_from_the_root_inwards() {
        let zip = ObjectPath::file("hr".into(), b"post/a.zip");
        let cv = zip.member(b"mail.eml").member(b"dir/cv\xE6.docx");
        assert_eq!(cv.to_string(), "hr:post/a.zip!/mail.eml!/dir/cv\\xE6.docx");
        assert_eq!(cv.depth(), 2);
        assert_eq!(cv.top(), &zip);
        assert_eq!(cv.root(), "hr");
        assert_eq!(cv.file_name(), "cv\\xE6.docx");
    }
}
