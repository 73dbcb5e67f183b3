//! `--passwords`: the list of passwords, and what is said where one is missing.

use std::path::Path;

use super::config::read_text;
use super::message::remark;
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

/// Says how a list is given, after something was locked.
pub(crate) fn hint(passwords: &Passwords) {
    remark(if passwords.is_empty() {
        "hint: `--passwords FILE` tries locked documents and archives with passwords, one a line"
    } else {
        "hint: no password of the list opens what is told as encrypted"
    });
}
