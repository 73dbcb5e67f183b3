//! What is due, as a plan that people approve line by line.
//!
//! A plan is made from the inventory and the verdicts of the rules ([`make`]); nothing is touched.
//! It holds whole paths, because files are found again by them, and of what was found only masks. What
//! the program wrote is sealed with the digest key ([`Plan::seal`]): an approval belongs to the line
//! that was read, and a line that was changed by hand afterwards is noticed. What people add (state,
//! reason, until, who) stands outside the seal.

mod calendar;
mod head;
mod line;
mod make;
mod page;
mod person;
mod seal;
mod sheet;
mod signers;
mod signing;
mod standing;
mod table;
mod task;
mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use line::{Also, Approval, Found, Kind, Line, PersonPlace, State, Statement, Task, line_id};
pub use make::{Wish, make};
pub use person::OfPerson;
pub use signers::{NAMESPACE, Signed, Signers};
pub use signing::{Signature, SignedApprovals};
pub use standing::Standing;
pub use table::{Decision, Reader as DecisionReader};

/// The version of the shape.
pub const SCHEMA: u32 = 1;

/// A plan: its head, its lines, and the seal over both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`SCHEMA`].
    pub sporhund_plan: u32,
    /// What the plan rests on.
    pub head: Head,
    /// What is due, by path.
    pub lines: Vec<Line>,
    /// Seal over head and lines, without what people add; hexadecimal.
    pub seal: String,
    /// Signatures over approvals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
}

/// What a plan rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Which inventory: 16 hexadecimal digits, see [`make`].
    pub inventory: String,
    /// The latest run in it.
    pub run: i64,
    /// The day that is judged by.
    pub as_of: Date,
    /// What falls due up to this day is in the plan.
    pub until: Date,
    /// The one hiring round, course or case it is about.
    pub process: Option<String>,
    /// The one person it is about, by their id in the event register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Digest of the rules, 16 hexadecimal digits.
    pub rules: String,
    /// Labels and real paths of the roots that were scanned.
    pub roots: Vec<RootPlace>,
    /// How many different people must approve a line: 1 or 2.
    pub approvals: u8,
    /// Assumptions behind the periods that nobody has accepted.
    pub open_assumptions: Vec<String>,
    /// The same ones with what is assumed, in the plan's language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions_told: Vec<String>,
    /// Objects that were not read to their end: what they hold is not in the plan.
    pub unread: u64,
    /// After how long a deleted file is gone from backups too, as the site file says it.
    pub backup_expiry: Option<String>,
}

/// A root that was scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootPlace {
    /// Its label; empty where there was one root.
    pub label: String,
    /// Where it lay.
    pub path: String,
}

/// Why a plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not a plan.
    #[error("this is no plan: {0}")]
    NoPlan(String),
    /// Another version wrote it.
    #[error("the plan has schema {found}; this program knows {SCHEMA}")]
    Schema {
        /// The version that it says it has.
        found: u32,
    },
    /// What the program wrote was changed afterwards, or another key sealed it.
    #[error("the plan was changed by hand, or made with another key: its seal does not fit")]
    Seal,
    /// Two lines have the same id.
    #[error("line `{0}` is there twice")]
    Twice(String),
    /// It was made from another inventory.
    #[error("the plan was made from another inventory (`{plan}`, not `{here}`)")]
    OtherInventory {
        /// The inventory it names.
        plan: String,
        /// The inventory at hand.
        here: String,
    },
    /// The inventory cannot be read.
    #[error("the inventory could not be read")]
    Inventory(#[from] crate::inventory::Error),
}

impl Plan {
    /// Reads a plan. The seal is not looked at: see [`Plan::check_seal`].
    ///
    /// # Errors
    /// Text that is not JSON of a plan, another schema, or an id that is there twice.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let told = |error: &serde_json::Error| Error::NoPlan(error.to_string());
        let value: serde_json::Value =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| told(&e))?;
        let found = value
            .get("sporhund_plan")
            .and_then(serde_json::Value::as_u64);
        let found = found.ok_or_else(|| Error::NoPlan("`sporhund_plan` is missing".to_owned()))?;
        if found != u64::from(SCHEMA) {
            let found = u32::try_from(found).unwrap_or(u32::MAX);
            return Err(Error::Schema { found });
        }
        let plan: Self = serde_json::from_value(value).map_err(|e| told(&e))?;
        let mut ids: Vec<&str> = plan.lines.iter().map(|line| line.id.as_str()).collect();
        ids.sort_unstable();
        if let Some(pair) = ids.windows(2).find(|pair| pair.first() == pair.last()) {
            return Err(Error::Twice(pair.concat().chars().take(16).collect()));
        }
        Ok(plan)
    }

    /// The plan as JSON that ends with a line break.
    ///
    /// # Errors
    /// None for a plan that was made or read here.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }

    /// The plan to show, with the names of persons beside their ids. It is never kept: a plan holds ids.
    #[must_use]
    pub fn with_names(&self, names: &BTreeMap<String, String>) -> Self {
        let label = |id: &mut String| {
            if let Some(name) = names.get(id) {
                *id = format!("{name} ({id})");
            }
        };
        let mut shown = self.clone();
        for line in &mut shown.lines {
            line.subjects.iter_mut().for_each(label);
            let persons = line.task.iter_mut().flat_map(|task| &mut task.persons);
            persons.for_each(|one| label(&mut one.subject));
        }
        shown
    }

    /// The line with an id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }
}

impl Head {
    /// The assumptions that nobody has accepted, in words; plans of before there were words name their ids.
    #[must_use]
    pub fn assumptions(&self) -> &[String] {
        if self.assumptions_told.is_empty() {
            &self.open_assumptions
        } else {
            &self.assumptions_told
        }
    }
}
