//! The program's own files and folders: who may open them, and that they are whole.
//!
//! What is made here can be opened by its owner only. On Windows, which knows no modes, it is as private
//! as the folder it lies in.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// The mode of a file that everybody may read and its owner may change.
#[cfg(unix)]
const READABLE: u32 = 0o644;

/// Who may read a file that was not there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    Everybody,
}

/// Opens a file as the options say; one that is made gets mode 0600.
pub(crate) fn open_private(file: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(file)
}

/// A new file with mode 0600, or an existing one emptied.
pub(crate) fn empty_private(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    open_private(file, options.write(true).create(true).truncate(true))
}

/// Makes a folder with mode 0700; one that is there is an error.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    make_private(folder, &mut DirBuilder::new())
}

/// Makes a folder and those it lies in with mode 0700, where they are not there.
pub(crate) fn make_private_folders(folder: &Path) -> io::Result<()> {
    make_private(folder, DirBuilder::new().recursive(true))
}

fn make_private(folder: &Path, builder: &mut DirBuilder) -> io::Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700);
    builder.create(folder)
}

/// The mode of a file that others than its owner can open; `None` where nobody else can. A file system may
/// ignore modes.
#[cfg(unix)]
pub(crate) fn mode_for_others(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
pub(crate) fn mode_for_others(_: &Metadata) -> Option<u32> {
    None
}

/// Puts new content in the place of a file at once: whoever reads it sees all of the one or all of the
/// other. The permissions of a file that was there are kept; behind a link, what it leads to is replaced.
///
/// # Errors
/// The folder or the file cannot be written; the file is then as it was.
pub(crate) fn replace(file: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let real = std::fs::canonicalize(file);
    let file = real.as_deref().unwrap_or(file);
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    new.write_all(content)?;
    match std::fs::metadata(file) {
        Ok(metadata) => new.as_file().set_permissions(metadata.permissions())?,
        Err(_) if readers == Readers::Everybody => make_readable(new.as_file())?,
        Err(_) => {}
    }
    new.as_file().sync_all()?;
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(READABLE))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(metadata.permissions().mode() & 0o7777)
    }

    #[test]
    fn what_is_made_is_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let (outer, inner) = (folder.path().join("a"), folder.path().join("a/b"));
        make_private_folders(&inner).unwrap();
        make_private_folders(&inner).unwrap();
        assert!(make_private_folder(&inner).is_err());
        assert_eq!((mode(&outer), mode(&inner)), (Some(0o700), Some(0o700)));

        let file = inner.join("c");
        let opened = empty_private(&file).unwrap();
        assert_eq!(mode(&file), Some(0o600));
        assert_eq!(mode_for_others(&opened.metadata().unwrap()), None);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(mode_for_others(&opened.metadata().unwrap()), Some(0o640));
    }

    #[test]
    fn a_file_is_replaced_with_the_permissions_it_had() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.json");
        replace(&file, b"1", Readers::Owner).unwrap();
        assert_eq!(mode(&file), Some(0o600));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        replace(&file, b"2", Readers::Owner).unwrap();
        assert_eq!(mode(&file), Some(0o640));
        assert_eq!(std::fs::read(&file).unwrap(), b"2");

        let link = folder.path().join("link");
        std::os::unix::fs::symlink("plan.json", &link).unwrap();
        replace(&link, b"3", Readers::Owner).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"3");

        let open = folder.path().join("status.json");
        replace(&open, b"{}", Readers::Everybody).unwrap();
        assert_eq!(mode(&open), Some(0o644));
        assert_eq!(folder.path().read_dir().unwrap().count(), 3);
    }
}
