//! The formats that can be read: one file each, one word in the list below.

use super::Format;

/// Declares the modules and the one static list of formats. The order is the precedence among
/// equal matches.
macro_rules! formats {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every format, in order of precedence.
        pub(crate) const ALL: &[&'static dyn Format] = &[$(&$module::FORMAT),*];
    };
}

mod csv_dialect;
mod sql_statement;

formats![zip, gz, tar, mbox, eml, html, xml, json, sql, csv, text];

#[cfg(test)]
pub(super) use self::zip::tests::zip_of;
