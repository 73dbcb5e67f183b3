//! Where a walk begins: real paths, and who owns what where roots lie in each other.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Error;
use super::walk::add_name;

/// A folder or a single file that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// What its files are shown under; empty for a single root.
    pub label: Arc<str>,
    /// Where it lies. A link is followed, because the user named it.
    pub path: PathBuf,
}

/// A root that was examined.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) root: Root,
    /// The name it was given by, for a root that is a single file.
    pub(super) file_name: Vec<u8>,
    /// Other roots below this one, by the folder they lie in. Their files belong to them: a more
    /// specific root wins, as a mount point does.
    pub(super) nested: HashMap<PathBuf, HashSet<Box<[u8]>>>,
}

/// Examines the roots. One that is named twice counts once.
pub(super) fn prepare(roots: Vec<Root>) -> Result<Vec<Prepared>, Error> {
    let mut prepared: Vec<Prepared> = Vec::new();
    for root in roots {
        let real = fs::canonicalize(&root.path).map_err(|source| Error::Root {
            path: root.path.clone(),
            source,
        })?;
        if prepared.iter().any(|earlier| earlier.root.path == real) {
            continue;
        }
        if prepared
            .iter()
            .any(|earlier| earlier.root.label == root.label)
        {
            let label = root.label.to_string();
            return Err(Error::LabelTwice { label });
        }
        prepared.push(Prepared {
            file_name: name_of(&root.path)
                .or_else(|| name_of(&real))
                .unwrap_or_default(),
            root: Root {
                label: root.label,
                path: real,
            },
            nested: HashMap::new(),
        });
    }
    let all: Vec<PathBuf> = prepared.iter().map(|root| root.root.path.clone()).collect();
    for root in &mut prepared {
        let own = &root.root.path;
        let below = |path: &&PathBuf| *path != own && path.starts_with(own);
        for nested in all.iter().filter(below) {
            add_name(&mut root.nested, nested);
        }
    }
    Ok(prepared)
}

fn name_of(path: &Path) -> Option<Vec<u8>> {
    path.file_name()
        .map(|name| name.as_encoded_bytes().to_vec())
}
