//! Entries of a zip archive that are encrypted (AES and the older method): each password of the list is
//! tried with all that are still locked.

use std::io::{self, Read, Seek};

use zip::ZipReadOptions;
use zip::unstable::read::ZipIterable;

use super::super::super::{Passwords, Sink};
use super::{Tally, encrypted, malformed};
use crate::model::{Budget, Problem};

/// How many entries a password is tried with before it is given up.
const TRIED: usize = 64;

/// Reads what can be opened; the others are told as encrypted.
///
/// # Errors
/// Limits, and what the sink says.
pub(super) fn read<R: Read + Seek>(
    archive: &mut ZipIterable<R>,
    passwords: &Passwords,
    (tally, budget, sink): (&mut Tally, &Budget, &mut dyn Sink),
) -> Result<(), Problem> {
    for password in passwords.iter() {
        if tally.locked.is_empty() {
            return Ok(());
        }
        if proves(archive, password, tally, budget)? {
            open(archive, Some(password), (tally, budget, sink))?;
        }
    }
    open(archive, None, (tally, budget, sink))
}

/// Whether the password reads one of the first entries to its end. The older method has one byte to
/// know a password by, so that one wrong password in 256 would pass.
fn proves<R: Read + Seek>(
    archive: &mut ZipIterable<R>,
    password: &str,
    tally: &Tally,
    budget: &Budget,
) -> Result<bool, Problem> {
    let files = archive.files().map_err(|_| malformed(0))?;
    let (mut number, mut tried) = (0, 0);
    while let Some(Ok(entry)) = files.next() {
        number += 1;
        if !tally.locked.contains(&number) {
            continue;
        }
        budget.check()?;
        let options = ZipReadOptions::new().password(Some(password.as_bytes()));
        if let Ok(file) = entry.with_reader(files.reader_mut(), options) {
            let mut metered = budget.meter(file);
            let copied = io::copy(&mut metered, &mut io::sink());
            if let Some(limit) = metered.problem() {
                return Err(limit);
            }
            if copied.is_ok() {
                return Ok(true);
            }
        }
        tried += 1;
        if tried == TRIED {
            break;
        }
    }
    Ok(false)
}

/// Hands out what the password opens; without one, tells of all that is still locked.
fn open<R: Read + Seek>(
    archive: &mut ZipIterable<R>,
    password: Option<&str>,
    (tally, budget, sink): (&mut Tally, &Budget, &mut dyn Sink),
) -> Result<(), Problem> {
    let files = archive.files().map_err(|_| malformed(0))?;
    let mut number = 0;
    while let Some(Ok(entry)) = files.next() {
        number += 1;
        if !tally.locked.contains(&number) {
            continue;
        }
        budget.check()?;
        let name = entry.name_raw().to_vec();
        let Some(password) = password else {
            tally.encrypted += 1;
            sink.unread_member(&name, encrypted());
            continue;
        };
        let options = ZipReadOptions::new().password(Some(password.as_bytes()));
        if let Ok(mut file) = entry.with_reader(files.reader_mut(), options) {
            tally.locked.remove(&number);
            tally.read += 1;
            sink.member(&name, &mut file)?;
        }
    }
    Ok(())
}
