//! A policy's text beside the rules that cite it: what the text says otherwise now, and what no rule
//! speaks of.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::rulebook::Rulebook;
use super::statements::{Statement, statements};

/// How a citation stands to the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "now")]
pub enum Citation {
    /// The statement is there with the words that are cited.
    Same,
    /// The words stand at another address.
    Moved(String),
    /// The address is there with other words.
    Changed,
    /// Neither the address nor the words are there.
    Gone,
}

/// A rule or purpose that cites a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Id of the rule or purpose.
    pub id: String,
    /// Name of its file, and its line from 1.
    pub place: (String, usize),
    /// The address it cites.
    pub address: String,
    /// Whether that is still what the text says.
    pub citation: Citation,
}

/// A statement, and what speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Its address.
    pub address: String,
    /// The line it begins in, from 1.
    pub line: usize,
    /// Its digest, as rules cite it.
    pub digest: String,
    /// Its words.
    pub text: String,
    /// Ids of the rules and purposes that cite it or read it along.
    pub by: Vec<String>,
}

/// What a text and the rules have to say to each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Upkeep {
    /// Whether the whole text is byte for byte the one that the rules were written for; `None` where
    /// they do not say.
    pub same_text: Option<bool>,
    /// Every citation.
    pub cited: Vec<Cited>,
    /// Every statement but the headings.
    pub covered: Vec<Covered>,
    /// References inside the text that lead nowhere: address and line of the statement, and the words.
    pub broken: Vec<(String, usize, String)>,
}

/// Holds the text of the policy `id` against the rules and purposes that are written for it.
#[must_use]
pub fn upkeep(book: &Rulebook, id: &str, text: &str) -> Upkeep {
    let found = statements(text);
    let own = book.policies().iter().find(|policy| policy.id == id);
    let digest = own.and_then(|policy| policy.text_sha256.as_deref());
    let cited = citations(book, id).map(|(id, place, address, digest)| Cited {
        citation: citation(&found, &address, &digest),
        id,
        place,
        address,
    });
    Upkeep {
        same_text: digest.map(|digest| {
            let whole = Sha256::digest(text.as_bytes());
            hex(&whole) == digest
        }),
        cited: cited.collect(),
        covered: coverage(book, id, &found),
        broken: broken(&found),
    }
}

/// The words of the statements with these digests: what reports quote.
#[must_use]
pub fn quotes(text: &str) -> BTreeMap<String, String> {
    let all = statements(text).into_iter();
    all.map(|one| (one.digest, one.text)).collect()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

type Place = (String, usize);

/// Id, place, address and digest of everything of a policy that cites a statement.
fn citations<'b>(
    book: &'b Rulebook,
    policy: &'b str,
) -> impl Iterator<Item = (String, Place, String, String)> + 'b {
    let purposes = book.purposes().iter().filter(move |p| p.policy == policy);
    let purposes = purposes.map(|p| (&p.id, &p.place, &p.statement, &p.digest));
    let rules = book.rules().iter().filter(move |r| r.policy == policy);
    let rules = rules.map(|r| (&r.id, &r.place, &r.statement, &r.digest));
    purposes
        .chain(rules)
        .filter_map(|(id, place, statement, digest)| {
            let (address, digest) = (statement.clone()?, digest.clone()?);
            Some((id.clone(), place.clone(), address, digest))
        })
}

fn citation(found: &[Statement], address: &str, digest: &str) -> Citation {
    let there = found.iter().find(|one| one.address == address);
    if there.is_some_and(|one| one.digest == digest) {
        return Citation::Same;
    }
    match found.iter().find(|one| one.digest == digest) {
        Some(elsewhere) => Citation::Moved(elsewhere.address.clone()),
        None if there.is_some() => Citation::Changed,
        None => Citation::Gone,
    }
}

/// Which rules and purposes speak of each statement. One that reads a whole section along (`3.1/6`)
/// speaks of each sentence of it.
fn coverage(book: &Rulebook, policy: &str, found: &[Statement]) -> Vec<Covered> {
    let mut speak: Vec<(String, String)> = citations(book, policy)
        .map(|(id, _, address, _)| (address, id))
        .collect();
    for rule in book.rules().iter().filter(|rule| rule.policy == policy) {
        let along = rule.reads_with.iter();
        speak.extend(along.map(|address| (address.clone(), rule.id.clone())));
    }
    let sentences = found.iter().filter(|one| !one.address.ends_with(":h"));
    let covered = sentences.map(|one| {
        let section = one.address.split(':').next().unwrap_or_default();
        let of = speak.iter().filter(|(address, _)| {
            *address == one.address || (!address.contains(':') && address == section)
        });
        let mut by: Vec<String> = of.map(|(_, id)| id.clone()).collect();
        by.sort();
        by.dedup();
        Covered {
            address: one.address.clone(),
            line: one.line,
            digest: one.digest.clone(),
            text: one.text.clone(),
            by,
        }
    });
    covered.collect()
}

/// «punkt 2.2, første kulepunkt»: a reference, and perhaps to a bullet.
const REFERENCE: &str =
    r"(?i)\bpunkt (\d+(?:\.\d+)*)(?:,? (første|andre|tredje|fjerde) kulepunkt)?";

/// References to sections and bullets that the text does not have.
fn broken(found: &[Statement]) -> Vec<(String, usize, String)> {
    let Ok(reference) = Regex::new(REFERENCE) else {
        return Vec::new();
    };
    let sections: Vec<&str> = found
        .iter()
        .filter_map(|one| one.address.split(':').next())
        .collect();
    let has = |section: &str| {
        let below = |own: &&str| {
            *own == section
                || own
                    .strip_prefix(section)
                    .is_some_and(|r| r.starts_with(['.', '/']))
        };
        sections.iter().any(below)
    };
    let mut broken = Vec::new();
    for one in found {
        for reference in reference.captures_iter(&one.text) {
            let section = reference.get(1).map_or("", |found| found.as_str());
            let bullet = reference
                .get(2)
                .map(|word| match word.as_str().to_lowercase().as_str() {
                    "første" => 1,
                    "andre" => 2,
                    "tredje" => 3,
                    _ => 4,
                });
            let fine = match bullet {
                Some(bullet) => has(&format!("{section}/{bullet}")),
                None => has(section),
            };
            if !fine && let Some(words) = reference.get(0) {
                broken.push((one.address.clone(), one.line, words.as_str().to_owned()));
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Source;

    const TEXT: &str = "1. Formål\n\n 1. Vi vurderer søknader.\n 2. Se punkt 1.1, første kulepunkt, og \
        punkt 2.\n  • Ingenting.\n\n2. Sletting\n\n 1. Søknader slettes.\n";

    fn book(address: &str, digest: &str) -> Rulebook {
        let text = format!(
            "schema = 1\n[policy]\nid = \"own\"\nkind = \"policy\"\ntitle = \"t\"\n\
             text_sha256 = \"00\"\n[[rule]]\nid = \"R1\"\nkind = \"undeclared\"\ntitle = \"t\"\n\
             statement = \"{address}\"\ndigest = \"{digest}\"\nwhen = {{ class = [\"hr.*\"] }}\nreads_with = [\"1.1\"]\n"
        );
        let source = Source {
            name: "own.toml",
            text: &text,
        };
        Rulebook::parse(&[source]).unwrap()
    }

    #[test]
    fn a_citation_is_the_same_moved_changed_or_gone() {
        let digest = super::super::statement_digest("Søknader slettes.");
        let told = |address: &str, digest: &str| {
            let upkeep = upkeep(&book(address, digest), "own", TEXT);
            upkeep.cited.first().unwrap().citation.clone()
        };
        assert_eq!(told("2.1:1", &digest), Citation::Same);
        assert_eq!(told("9.1:1", &digest), Citation::Moved("2.1:1".to_owned()));
        assert_eq!(told("2.1:1", "0000000000000000"), Citation::Changed);
        assert_eq!(told("9.1:1", "0000000000000000"), Citation::Gone);
    }

    #[test]
    fn what_no_rule_speaks_of_and_what_leads_nowhere_is_told() {
        let digest = super::super::statement_digest("Søknader slettes.");
        let upkeep = upkeep(&book("2.1:1", &digest), "own", TEXT);
        assert_eq!(upkeep.same_text, Some(false));
        let silent: Vec<&str> = upkeep
            .covered
            .iter()
            .filter(|one| one.by.is_empty())
            .map(|one| one.address.as_str())
            .collect();
        assert_eq!(silent, ["1.2:1", "1.2/1:1"]);
        let broken = vec![(
            "1.2:1".to_owned(),
            4,
            "punkt 1.1, første kulepunkt".to_owned(),
        )];
        assert_eq!(upkeep.broken, broken);
    }
}
