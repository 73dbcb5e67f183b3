//! The list of applicants behind verdicts: where it is, and what is said where it cannot be used.
//!
//! Plans and deeds refuse to start then. A report and a scan go on: who scans at night need not be who may read
//! the list. They say so, on standard error and in the result, because verdicts are others without it.

use std::path::{Path, PathBuf};

use super::args::RoundsArgs;
use super::config::Config;
use super::key;
use super::law::Law;
use super::message::Refusal;
use super::remarks::{self, Remark};
use super::round;
use super::settings::Saying;
use crate::inventory::Reader;
use crate::model::DigestKey;
use crate::round::List;

/// The list of a command that goes on without it.
pub(super) struct Applicants {
    command: &'static str,
    file: PathBuf,
    /// It was named on the command line.
    named: bool,
    list: Result<List, Unfit>,
}

impl Applicants {
    /// Reads the list that was named, the configured one, or the one that lies here.
    ///
    /// # Errors
    /// A refusal where one was named on the command line that cannot be used.
    pub(super) fn read(
        command: &'static str,
        arguments: &RoundsArgs,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let named = arguments.rounds.is_some();
        let file = round::rounds_file(arguments.rounds.as_deref(), config);
        let list = match round::list(&file, named) {
            Err(error) if named => return Err(error),
            list => list.map_err(Unfit::Given),
        };
        Ok(Self {
            command,
            file,
            named,
            list,
        })
    }

    /// Looks for the applicants in an inventory, so that objects are judged by them too. Where the list has nobody,
    /// no key is asked for.
    ///
    /// # Errors
    /// The inventory cannot be read; a refusal where the list was named on the command line and no key fits.
    pub(super) fn attribute(
        &self,
        law: Option<&mut Law>,
        inventory: &Reader,
        key: impl FnOnce() -> Result<DigestKey, Unfit>,
        saying: &Saying,
    ) -> anyhow::Result<()> {
        let Some(law) = law else { return Ok(()) };
        let list = match &self.list {
            Ok(list) if list.applicants.is_empty() => return Ok(()),
            Ok(list) => list,
            Err(unfit) => {
                self.go_without(law, unfit, saying);
                return Ok(());
            }
        };
        match key().and_then(|key| fitting(key, inventory)) {
            Ok(key) => law.know(inventory, &list.applicants, &key).map(drop)?,
            Err(unfit) if self.named => return Err(unfit.into()),
            Err(unfit) => self.go_without(law, &unfit, saying),
        }
        let refused = list.refused.len();
        if refused > 0 {
            let told = remarks::rows_not_understood(self.command, &self.file, refused);
            saying.remark(told);
        }
        Ok(())
    }

    /// That verdicts are others is said however quiet one wants it.
    fn go_without(&self, law: &mut Law, unfit: &Unfit, saying: &Saying) {
        let unused = remarks::list_unused(&self.file, &unfit.why());
        remarks::tell(saying.lang, remarks::of_command(self.command, &unused));
        law.list_unused = Some(unused);
    }

    /// Where the list is, or would be.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }
}

/// Why a list, or the key that its values are compared by, does not do.
pub(super) enum Unfit {
    /// The file cannot be used.
    Given(anyhow::Error),
    /// There is no key in its place.
    NoKey(PathBuf),
    /// The inventory was made with another key.
    OtherKey,
}

impl Unfit {
    fn why(&self) -> Remark {
        match self {
            Self::Given(error) => [(); 3].map(|()| format!("{error:#}")),
            Self::NoKey(file) => remarks::no_key(file),
            Self::OtherKey => remarks::other_key(),
        }
    }
}

impl From<Unfit> for anyhow::Error {
    fn from(unfit: Unfit) -> Self {
        let message = match unfit {
            Unfit::Given(error) => return error,
            Unfit::NoKey(file) => format!("there is no digest key `{}`", file.display()),
            Unfit::OtherKey => "the inventory was made with another digest key".to_owned(),
        };
        let refusal = Refusal::new(message).hint("name the right one with `--key-file FILE`");
        refusal.into()
    }
}

/// The key in its place; none is made.
pub(super) fn key_at(file: Option<PathBuf>, inventory: &Path) -> Result<DigestKey, Unfit> {
    let (file, key) = key::look(file, inventory).map_err(Unfit::Given)?;
    key.ok_or(Unfit::NoKey(file))
}

/// The key, if the inventory was made with it.
pub(super) fn fitting(key: DigestKey, inventory: &Reader) -> Result<DigestKey, Unfit> {
    let made_with = inventory.key_fingerprint();
    if made_with.map_err(|error| Unfit::Given(error.into()))? == key.fingerprint() {
        return Ok(key);
    }
    Err(Unfit::OtherKey)
}
