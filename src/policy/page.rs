//! The shipped rules as a page for people, made of their own files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::explain::section;
use super::{Error, Rulebook, shipped_names};
use crate::model::Lang;

const HEAD: &str = "\
# Reglene som følger med

Siden er laget av regelfilene selv (`cargo run --example make_pages`): det som står her, er det programmet
vurderer etter. En regel med et utsagn holder organisasjonen til noe den har sagt; en regel med en norm gjelder
uansett. `sporhund rules list` viser hvilke som er i kraft, `sporhund rules explain ID` en av dem, og
`sporhund rules check` prøver eksemplene deres.
";

/// The page, in Bokmål.
///
/// # Errors
/// A shipped file that cannot be read.
pub fn page() -> Result<String, Error> {
    let mut page = HEAD.to_owned();
    let mut told = BTreeSet::new();
    for name in shipped_names() {
        let book = Rulebook::shipped(&[name])?;
        for policy in book.policies() {
            let rules = book.rules().iter().filter(|rule| rule.policy == policy.id);
            let fresh = rules.filter(|rule| told.insert(rule.id.clone()));
            let sections: Vec<String> = fresh
                .filter_map(|rule| section(&book, &rule.id, Lang::Nb))
                .collect();
            if !sections.is_empty() {
                // Writing to a string does not fail.
                let _ = writeln!(page, "\n## {} (`{}`)", policy.title, policy.id);
            }
            for section in sections {
                let _ = writeln!(page, "\n{}", section.trim_end());
            }
        }
    }
    Ok(page)
}
