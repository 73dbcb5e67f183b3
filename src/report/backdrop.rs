//! What a page or workbook tells beside the objects: the rules with what the policy says, and the
//! runs before this one.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::inventory::{RunRow, RunSum};
use crate::model::Lang;
use crate::policy::{Policy, PolicyKind, Rule, Rulebook, Statement, statements};

/// What stands behind a report.
#[derive(Clone, Debug, Default)]
pub struct Backdrop {
    /// All rules in force.
    pub rules: Vec<RuleTold>,
    /// All runs of the inventory, the newest first.
    pub runs: Vec<RunRow>,
    /// What the ends of runs summed up.
    pub sums: Vec<RunSum>,
}

/// A rule, as reports tell it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleTold {
    /// Its id.
    pub id: String,
    /// What it says, in Bokmål, Nynorsk and English.
    pub title: [String; 3],
    /// Title of the policy it belongs to.
    pub policy: String,
    /// Address of the statement that it cites.
    pub statement: Option<String>,
    /// The norm it rests on.
    pub norm: Option<String>,
    /// What the policy says there; nothing where no text was given.
    pub quote: Option<Quote>,
}

/// A statement of the user's policy text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// Its words; nothing where the text has no such statement.
    pub text: Option<String>,
    /// Whether they are the words that the rule cites.
    pub same: bool,
}

/// The policy's own text, as the user gives it.
#[derive(Clone, Debug)]
pub struct PolicyText {
    statements: Vec<Statement>,
    sha256: String,
}

impl PolicyText {
    /// Reads a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let mut sha256 = String::new();
        for byte in digest {
            // Writing to a string does not fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        Self {
            statements: statements(text),
            sha256,
        }
    }

    /// What the text says where a rule cites it. Words that moved to another address are found by
    /// their digest.
    fn quote(&self, address: &str, digest: &str) -> Quote {
        let at = self.statements.iter().find(|one| one.address == address);
        let same = at.filter(|one| one.digest == digest);
        let same = same.or_else(|| self.statements.iter().find(|one| one.digest == digest));
        Quote {
            text: same.or(at).map(|one| one.text.clone()),
            same: same.is_some(),
        }
    }
}

impl Backdrop {
    /// The rules of a rulebook. Statements are quoted from `text` for the policies it belongs to:
    /// those that name its digest, or else every promise.
    #[must_use]
    pub fn new(book: Option<&Rulebook>, text: Option<&PolicyText>, runs: Vec<RunRow>) -> Self {
        let Some(book) = book else {
            return Self {
                runs,
                ..Self::default()
            };
        };
        let told = book.rules().iter().map(|rule| told(book, rule, text));
        Self {
            rules: told.collect(),
            runs,
            sums: Vec::new(),
        }
    }

    /// The same with what the ends of runs summed up.
    #[must_use]
    pub fn with_sums(mut self, sums: Vec<RunSum>) -> Self {
        self.sums = sums;
        self
    }

    /// Ids and addresses of the rules whose statement is not in the text as they cite it.
    pub fn unmatched(&self) -> impl Iterator<Item = (&str, &str)> {
        let rules = self.rules.iter();
        let other = rules.filter(|rule| rule.quote.as_ref().is_some_and(|quote| !quote.same));
        other.filter_map(|rule| Some((rule.id.as_str(), rule.statement.as_deref()?)))
    }
}

fn told(book: &Rulebook, rule: &Rule, text: Option<&PolicyText>) -> RuleTold {
    let policy = book
        .policies()
        .iter()
        .find(|policy| policy.id == rule.policy);
    let promise = policy.is_some_and(|policy| policy.kind == PolicyKind::Policy);
    let names = |policy: &Policy, text: &PolicyText| {
        policy.text_sha256.as_deref() == Some(text.sha256.as_str())
    };
    let own = text.filter(|text| {
        let exact = book.policies().iter().any(|policy| names(policy, text));
        promise && (!exact || policy.is_some_and(|policy| names(policy, text)))
    });
    let quote =
        own.and_then(|text| Some(text.quote(rule.statement.as_deref()?, rule.digest.as_deref()?)));
    RuleTold {
        id: rule.id.clone(),
        title: Lang::ALL.map(|lang| rule.title_in(lang).to_owned()),
        policy: policy
            .map(|policy| policy.title.clone())
            .unwrap_or_default(),
        statement: rule.statement.clone(),
        norm: rule.norm.clone(),
        quote,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_statement_is_told_from_the_cited_one() {
        let text = "6. Sletting\n\n 1. Vi sletter når formålet er nådd. Alt annet følger loven.\n";
        let policy = PolicyText::new(text);
        let digest = policy.statements[1].digest.clone();
        let quote = |address: &str, digest: &str| {
            let quote = policy.quote(address, digest);
            (quote.text.unwrap_or_default(), quote.same)
        };
        let first = "Vi sletter når formålet er nådd.".to_owned();
        assert_eq!(quote("6.1:1", &digest), (first.clone(), true));
        assert_eq!(quote("9.9:1", &digest), (first, true), "it moved");
        let second = "Alt annet følger loven.".to_owned();
        assert_eq!(quote("6.1:2", "0"), (second, false));
        assert_eq!(quote("9.9:1", "0"), (String::new(), false));
    }
}
