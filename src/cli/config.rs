//! `sporhund.toml`: the settings that stand beside what is scanned.
//!
//! Sought from the first path upwards, then from the working directory upwards. The command line
//! wins over it. Paths in it are relative to the file itself.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;

use super::check_config::CheckConfig;
use super::message::Refusal;
use crate::model::ProblemKind;
use crate::policy::{TomlDate, toml_told};
use crate::report;

/// The name that is sought.
pub(crate) const FILE_NAME: &str = "sporhund.toml";

/// A configuration file is small; a larger one is a mistake.
const MAX_BYTES: u64 = 1024 * 1024;

/// What may stand in `sporhund.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The day to judge by.
    pub(crate) as_of: Option<TomlDate>,
    /// `nb`, `nn` or `en`.
    pub(crate) lang: Option<String>,
    /// The inventory.
    pub(crate) inventory: Option<PathBuf>,
    /// The key of the digests.
    pub(crate) key_file: Option<PathBuf>,
    /// Rule files, or names of shipped rules.
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// The site file.
    pub(crate) site: Option<PathBuf>,
    /// Event registers.
    #[serde(default)]
    pub(crate) events: Vec<PathBuf>,
    /// Read only what matches.
    #[serde(default)]
    pub(crate) include: Vec<String>,
    /// Leave out what matches.
    #[serde(default)]
    pub(crate) exclude: Vec<String>,
    /// Stay on the file system of each root.
    #[serde(default)]
    pub(crate) one_file_system: bool,
    /// Detectors that are left out.
    #[serde(default)]
    pub(crate) without: Vec<String>,
    /// Whether pictures are read: `auto`, `off` or `force`.
    pub(crate) ocr: Option<String>,
    /// The list of hiring rounds and applicants.
    pub(crate) rounds: Option<PathBuf>,
    /// Nothing may be carried out with this configuration.
    #[serde(default)]
    #[cfg_attr(not(unix), expect(dead_code, reason = "nothing is carried out here"))]
    pub(crate) scan_only: bool,
    /// The folder for quarantined files.
    pub(crate) quarantine: Option<PathBuf>,
    /// The folder of the journal and the receipts.
    pub(crate) ledger: Option<PathBuf>,
    /// Who may sign approvals, as `ssh-keygen` reads it; then `apply` takes signed ones only.
    pub(crate) allowed_signers: Option<PathBuf>,
    /// What is known not to be read.
    #[serde(default)]
    pub(crate) coverage: Coverage,
    /// What `check` fails on.
    #[serde(default)]
    pub(crate) check: CheckConfig,
    /// Detectors of one's own.
    #[serde(default)]
    pub(crate) detector: Vec<super::own_detectors::Entry>,
    /// Files with more of them.
    #[serde(default)]
    pub(crate) detectors: Vec<PathBuf>,
    /// Where the file lies.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// What is said of coverage.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coverage {
    /// Unread objects that somebody has acknowledged.
    #[serde(default)]
    pub(crate) accept: Vec<Accepted>,
}

/// Unread objects that somebody has acknowledged: they are shown, but do not make a run incomplete.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    /// Glob over object paths.
    pub(crate) path: String,
    /// The cause, such as `encrypted`.
    pub(crate) cause: String,
    /// Why it is accepted.
    pub(crate) reason: String,
    /// Last day on which it is.
    pub(crate) until: Option<TomlDate>,
}

impl Coverage {
    /// The unread objects that are acknowledged.
    ///
    /// # Errors
    /// A refusal for an entry without a reason, with an unknown cause or with a broken glob.
    pub(crate) fn accepted(&self) -> anyhow::Result<Vec<report::Accepted>> {
        let accepted = self.accept.iter().map(|entry| {
            if entry.reason.trim().is_empty() {
                let message = format!("`coverage.accept` for `{}` gives no reason", entry.path);
                return Err(Refusal::new(message).into());
            }
            if ProblemKind::parse(&entry.cause).is_none() {
                let message = format!("`coverage.accept`: there is no cause `{}`", entry.cause);
                let causes: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.as_str()).collect();
                let hint = format!("one of `{}`", causes.join("`, `"));
                return Err(Refusal::new(message).hint(hint).into());
            }
            let until = entry.until.map(|day| day.0);
            let accepted = report::Accepted::new(&entry.path, &entry.cause, until);
            accepted.map_err(|error| Refusal::new(format!("`coverage.accept`: {error}")).into())
        });
        accepted.collect()
    }
}

impl Config {
    /// The configuration that applies to a scan of `first` from the folder `working`; the default
    /// one where none is found.
    pub(crate) fn find(first: Option<&Path>, working: &Path) -> anyhow::Result<Self> {
        let first = first.map(|path| working.join(path));
        let starts = first.iter().map(PathBuf::as_path).chain([working]);
        for start in starts {
            for folder in start.ancestors() {
                let file = folder.join(FILE_NAME);
                if file.is_file() {
                    return Self::load(&file);
                }
            }
        }
        Ok(Self::default())
    }

    fn load(file: &Path) -> anyhow::Result<Self> {
        let text = read_text(file)?;
        let config: Result<Self, _> = toml::from_str(&text);
        let mut config = config.map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(&text, span.start));
            let (message, hint) = toml_told(&error);
            let refusal = Refusal::new(format!("{}:{line}: {message}", file.display()));
            match hint {
                Some(hint) => refusal.hint(hint),
                None => refusal,
            }
        })?;
        config.folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(config)
    }

    /// A path of this file, seen from its own folder.
    pub(crate) fn resolve(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

/// The text of a small file that the user named.
///
/// # Errors
/// A refusal that names the file when it cannot be read, is not UTF-8, or is larger than 16 MiB.
pub(crate) fn read_text(file: &Path) -> anyhow::Result<String> {
    let length = std::fs::metadata(file).map(|metadata| metadata.len());
    let length =
        length.with_context(|| Refusal::new(format!("`{}` cannot be read", file.display())))?;
    if length > MAX_BYTES * 16 {
        return Err(Refusal::new(format!("`{}` is too large", file.display())).into());
    }
    let bytes = std::fs::read(file)
        .with_context(|| Refusal::new(format!("`{}` cannot be read", file.display())))?;
    String::from_utf8(bytes)
        .map_err(|_| Refusal::new(format!("`{}` is not UTF-8", file.display())).into())
}

/// The line (from 1) of a byte offset.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    1 + memchr::memchr_iter(b'\n', before).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join(FILE_NAME),
            "lang = \"nb\"\nlanguage = \"nb\"\n",
        )
        .unwrap();
        let error = Config::find(None, folder.path()).unwrap_err().to_string();
        assert!(error.contains("sporhund.toml:2"), "{error}");
        assert!(error.contains("language"), "{error}");
    }

    #[test]
    fn the_nearest_file_above_the_path_wins() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(folder.path().join(FILE_NAME), "lang = \"en\"\n").unwrap();
        std::fs::write(
            folder.path().join("a").join(FILE_NAME),
            "site = \"s.toml\"\n",
        )
        .unwrap();
        let config = Config::find(Some(Path::new("a/b")), folder.path()).unwrap();
        assert_eq!(config.lang, None);
        assert_eq!(
            config.resolve(Path::new("s.toml")),
            folder.path().join("a/s.toml")
        );
    }
}
