//! The forms a report can take: one file each, one word in the list below. Those that tell a
//! backdrop beside the objects are made with it, each for one report.

use std::io::{self, Write};

use super::overview::Overview;
use super::{JudgedObject, Style};

/// A form of report. It is told every object in the order of paths, and at the end what they come
/// down to, so that no report has to hold the inventory in memory.
pub trait Form: Sync {
    /// Short id, as typed after `sporhund report`.
    fn id(&self) -> &'static str;

    /// What stands before the first object.
    ///
    /// # Errors
    /// Only what the writer fails with; so in every method.
    fn begin(&self, style: Style, out: &mut dyn Write) -> io::Result<()>;

    /// Whether anything is written of each object. Where not, and where no rules are asked, sums
    /// take the place of objects.
    fn tells_objects(&self) -> bool {
        true
    }

    /// One object; `first` for the first one.
    ///
    /// # Errors
    /// What the writer fails with.
    fn object(
        &self,
        object: &JudgedObject,
        first: bool,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// What stands after the last object.
    ///
    /// # Errors
    /// What the writer fails with.
    fn end(&self, overview: &Overview, style: Style, out: &mut dyn Write) -> io::Result<()>;
}

/// Declares the modules and the one static list of forms.
macro_rules! reports {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every form of report.
        pub(super) const ALL: &[&'static dyn Form] = &[$(&$module::FORM),*];
    };
}

reports![summary, json, jsonl, csv];

mod html;
mod xlsx;

pub use html::Html;
pub use xlsx::Xlsx;

pub(super) use json::totals;
pub(super) use jsonl::line as object;
