//! Why the inventory cannot be used. A problem of one object is never an error here.

use std::io;
use std::path::{Path, PathBuf};

/// Why the inventory cannot be used, or not any longer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refuses.
    #[error("cannot {attempt} `{}`", path.display())]
    Io {
        /// What was attempted.
        attempt: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The database refuses.
    #[error("cannot {attempt} the inventory `{}`", path.display())]
    Sql {
        /// What was attempted.
        attempt: &'static str,
        /// The inventory.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// No room left. What was committed before is sound.
    #[error("the disk is full: cannot {attempt} the inventory `{}`", path.display())]
    DiskFull {
        /// What was attempted.
        attempt: &'static str,
        /// The inventory.
        path: PathBuf,
    },
    /// Another program's file. It was not touched.
    #[error("`{}` is not an inventory of sporhund", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// An inventory of a newer version. It was not touched.
    #[error("`{}` was written by a newer sporhund (schema {found}, this one knows {known})", path.display())]
    Newer {
        /// The inventory.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// Others can read the file, or could after its creation.
    #[error("`{}` can be read by others (mode {mode:04o}, 0600 is needed)", path.display())]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// An inventory of an older version, where the newest is needed.
    #[error("`{}` was written by an older sporhund: a scan brings it up to date", path.display())]
    Older {
        /// The inventory.
        path: PathBuf,
    },
    /// What changed since a run is not kept, or not all of it.
    #[error("what changed since run {run} is not kept")]
    Forgotten {
        /// The run.
        run: i64,
    },
    /// Two inventories that were to become one hold the same file.
    #[error("`{}` holds a file that another inventory holds too", path.display())]
    Twice {
        /// The later of the two.
        path: PathBuf,
    },
    /// Another digest key than the one the inventory was made with.
    #[error("`{}` was made with another key", path.display())]
    WrongKey {
        /// The inventory.
        path: PathBuf,
    },
    /// Another scan holds the lock.
    #[error("another scan is writing to `{}`", path.display())]
    Locked {
        /// The inventory.
        path: PathBuf,
    },
    /// A record names a root that the run does not have, or a member without its container.
    #[error("a record does not belong to the run")]
    Stray,
    /// The outcomes of a run do not add up to the objects discovered.
    #[error("the outcomes of run {run} do not balance")]
    Unbalanced {
        /// The run.
        run: i64,
    },
    /// The inventory holds something that this version cannot have written.
    #[error("the inventory `{}` is damaged: {what}", path.display())]
    Damaged {
        /// The inventory.
        path: PathBuf,
        /// What could not be understood, in our own words.
        what: &'static str,
    },
}

/// What cannot have been written by this version, in our own words: the pages are sound, a value in them is not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Damage(pub(super) &'static str);

impl Error {
    pub(super) fn damaged(path: &Path, what: &'static str) -> Self {
        let path = path.to_owned();
        Self::Damaged { path, what }
    }

    /// What SQLite says, with what was attempted.
    pub(super) fn sql(
        attempt: &'static str,
        path: &Path,
    ) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| {
            let path = path.clone();
            if let rusqlite::Error::FromSqlConversionFailure(_, _, value) = &source {
                let known = value.downcast_ref::<Damage>();
                let what = known.map_or("a stored word is unknown", |damage| damage.0);
                return Self::Damaged { path, what };
            }
            match source.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull { attempt, path },
                Some(rusqlite::ErrorCode::NotADatabase) => Self::Foreign { path },
                Some(rusqlite::ErrorCode::DatabaseCorrupt) => {
                    let what = "its pages do not fit together";
                    Self::Damaged { path, what }
                }
                _ => Self::Sql {
                    attempt,
                    path,
                    source,
                },
            }
        }
    }

    pub(super) fn io(attempt: &'static str, path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io {
            attempt,
            path: path.clone(),
            source,
        }
    }
}
