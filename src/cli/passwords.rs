//! `--passwords`: the list of passwords, and what is said where one is missing.

use std::path::Path;

use super::config::read_text;
use super::remarks::{self, Remark};
use crate::extract::Passwords;

/// The passwords of a file; none where no file is named.
///
/// # Errors
/// A refusal that names the file when it cannot be read.
pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Passwords> {
    match file {
        Some(file) => Ok(Passwords::of_lines(&read_text(file)?)),
        None => Ok(Passwords::default()),
    }
}

/// How a list is given, after something was locked.
#[must_use]
pub(crate) fn hint(passwords: &Passwords) -> Remark {
    if passwords.is_empty() {
        remarks::passwords_can_be_tried()
    } else {
        remarks::no_password_opens()
    }
}
