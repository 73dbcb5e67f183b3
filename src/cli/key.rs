//! The key of the digests: a file of 16 random bytes in hexadecimal, apart from the inventory.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{environment, message::Refusal};
use crate::model::DigestKey;
use crate::own_files;

/// The name of the key's file in the program's state folder.
pub(crate) const FILE_NAME: &str = "digest.key";

const KEY_BYTES: usize = 16;

/// Reads the key, or makes it at first use with mode 0600.
///
/// # Errors
/// As [`look`]; or the new file cannot be written.
pub(crate) fn load(file: Option<PathBuf>, inventory: &Path) -> anyhow::Result<DigestKey> {
    match look(file, inventory)? {
        (_, Some(key)) => Ok(key),
        (file, None) => make(&file),
    }
}

/// Where the key lies or will lie, and the key where there is one.
///
/// # Errors
/// A refusal when no place for it is known, when it would lie beside the inventory, when others can
/// read it, or when it is no key.
pub(crate) fn look(
    file: Option<PathBuf>,
    inventory: &Path,
) -> anyhow::Result<(PathBuf, Option<DigestKey>)> {
    let file = match file {
        Some(file) => file,
        None => environment::state_folder()
            .map(|folder| folder.join(FILE_NAME))
            .ok_or_else(|| {
                Refusal::new("no place for the digest key is known")
                    .hint("name one with `--key-file FILE`")
            })?,
    };
    refuse_beside(&file, inventory)?;
    match std::fs::symlink_metadata(&file) {
        Ok(_) => read(&file).map(|key| (file, Some(key))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((file, None)),
        Err(error) => Err(error).with_context(|| unreadable(&file)),
    }
}

fn unreadable(file: &Path) -> Refusal {
    Refusal::new(format!(
        "the digest key `{}` cannot be read",
        file.display()
    ))
}

/// A key beside the digests protects nothing.
fn refuse_beside(file: &Path, inventory: &Path) -> anyhow::Result<()> {
    let folder = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        folder.canonicalize().unwrap_or(folder)
    };
    if folder(file) == folder(inventory) {
        let message = format!(
            "the digest key `{}` lies beside the inventory",
            file.display()
        );
        return Err(Refusal::new(message)
            .hint("choose another folder with `--key-file FILE`")
            .into());
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<DigestKey> {
    let mut opened = File::open(file).with_context(|| unreadable(file))?;
    refuse_open_to_others(&opened, file)?;
    let mut text = [0_u8; KEY_BYTES * 2];
    opened
        .read_exact(&mut text)
        .with_context(|| unreadable(file))?;
    let mut key = [0_u8; KEY_BYTES];
    for (byte, pair) in key.iter_mut().zip(text.chunks(2)) {
        let digits = std::str::from_utf8(pair).ok();
        *byte = digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .ok_or_else(|| Refusal::new(format!("`{}` is not a digest key", file.display())))?;
    }
    Ok(DigestKey::new(key))
}

fn make(file: &Path) -> anyhow::Result<DigestKey> {
    let failed = || format!("the digest key `{}` cannot be written", file.display());
    if let Some(folder) = file.parent() {
        own_files::make_private_folders(folder).with_context(failed)?;
    }
    let mut key = [0_u8; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    let mut options = OpenOptions::new();
    let opened = own_files::open_private(file, options.write(true).create_new(true));
    let mut opened = opened.with_context(failed)?;
    let key_number = u128::from_be_bytes(key);
    writeln!(opened, "{key_number:032x}").with_context(failed)?;
    opened.sync_all().with_context(failed)?;
    refuse_open_to_others(&opened, file)?;
    Ok(DigestKey::new(key))
}

fn refuse_open_to_others(opened: &File, file: &Path) -> anyhow::Result<()> {
    let metadata = opened.metadata().with_context(|| unreadable(file))?;
    if own_files::mode_for_others(&metadata).is_some() {
        let message = format!("the digest key `{}` can be read by others", file.display());
        let hint = format!(
            "`chmod 600 {}`, on a file system that keeps modes",
            file.display()
        );
        return Err(Refusal::new(message).hint(hint).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/digest.key");
        let inventory = folder.path().join("sporhund.db");
        let made = load(Some(file.clone()), &inventory).unwrap();
        let read = load(Some(file), &inventory).unwrap();
        assert_eq!(made.fingerprint(), read.fingerprint());
    }

    #[test]
    fn a_key_beside_the_inventory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let made = load(
            Some(folder.path().join("k")),
            &folder.path().join("sporhund.db"),
        );
        assert!(made.is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/digest.key");
        let inventory = folder.path().join("sporhund.db");
        load(Some(file.clone()), &inventory).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(load(Some(file), &inventory).is_err());
    }
}
