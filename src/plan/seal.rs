//! The seal over what the program wrote, and what it is good for.
//!
//! It is a keyed digest: who has the digest key can make one, and nobody else. It tells that the lines
//! that people approved are the ones the program wrote. It does not tell who approved them.

use super::{Error, Line, Plan, State};
use crate::model::DigestKey;

/// What the key of the seal is derived for.
const CONTEXT: &str = "sporhund plan seal 1";

impl Plan {
    /// Seals the plan as it is now.
    ///
    /// # Errors
    /// None for a plan that was made or read here.
    pub fn seal(&mut self, key: &DigestKey) -> Result<(), serde_json::Error> {
        self.seal = self.sealed(key)?;
        Ok(())
    }

    /// Checks that nothing the program wrote was changed since.
    ///
    /// # Errors
    /// `Seal` where something was.
    pub fn check_seal(&self, key: &DigestKey) -> Result<(), Error> {
        let expected = self.sealed(key).map_err(|_| Error::Seal)?;
        if expected == self.seal {
            Ok(())
        } else {
            Err(Error::Seal)
        }
    }

    fn sealed(&self, key: &DigestKey) -> Result<String, serde_json::Error> {
        let mut hasher = blake3::Hasher::new_keyed(&key.derived(CONTEXT));
        hasher.update(&serde_json::to_vec(&(self.sporhund_plan, &self.head))?);
        for line in &self.lines {
            hasher.update(&serde_json::to_vec(&undecided(line))?);
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}

/// A line without what people add.
fn undecided(line: &Line) -> Line {
    Line {
        state: State::Open,
        reason: None,
        until: None,
        by: None,
        second: None,
        ..line.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Head, SCHEMA};

    fn line() -> Line {
        let text = serde_json::json!({
            "id": "0011223344556677", "kind": "file", "object": "hr/a.txt", "container": null,
            "also": [], "content": null, "bytes": 3, "modified_ns": 1, "class": "recruitment.cv",
            "verdict": "delete_due", "due": "2026-09-01", "rules": [], "grounds": [],
            "document": null, "why": [], "owner": null, "subjects": [], "persons": 1, "found": [],
            "matched": null, "task": null
        });
        serde_json::from_value(text).unwrap()
    }

    fn plan(key: &DigestKey) -> Plan {
        let mut plan = Plan {
            sporhund_plan: SCHEMA,
            head: Head::default(),
            lines: vec![line()],
            seal: String::new(),
            signatures: Vec::new(),
        };
        plan.seal(key).unwrap();
        plan
    }

    #[test]
    fn a_decision_leaves_the_seal_whole_and_any_other_change_breaks_it() {
        let key = DigestKey::new([7; 16]);
        let mut plan = plan(&key);
        plan.lines[0].state = State::Approved;
        plan.lines[0].reason = Some("because".to_owned());
        let read = Plan::parse(&plan.to_json().unwrap()).unwrap();
        assert!(read.check_seal(&key).is_ok());
        assert!(read.check_seal(&DigestKey::new([8; 16])).is_err());
        let changes: [fn(&mut Plan); 6] = [
            |plan| plan.lines[0].object = "hr/b.txt".to_owned(),
            |plan| plan.lines[0].content = Some("00".to_owned()),
            |plan| plan.lines[0].kind = crate::plan::Kind::Manual,
            |plan| plan.lines.clear(),
            |plan| plan.head.inventory = "0".to_owned(),
            |plan| plan.head.approvals = 2,
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut other = read.clone();
            change(&mut other);
            assert!(other.check_seal(&key).is_err(), "change {at}");
        }
    }

    #[test]
    fn nonsense_is_told_in_a_sentence() {
        let key = DigestKey::new([7; 16]);
        let told = |text: &str| Plan::parse(text).unwrap_err().to_string();
        assert!(told("[]").starts_with("this is no plan"));
        assert!(told("{\"sporhund_plan\": 9}").contains("schema 9"));
        let plan = plan(&key).to_json().unwrap();
        let wrong = plan.replace("\"open\"", "\"aproved\"");
        assert!(told(&wrong).contains("aproved"));
        let mut twice = Plan::parse(&plan).unwrap();
        twice.lines.push(twice.lines[0].clone());
        assert!(told(&twice.to_json().unwrap()).contains("twice"));
    }
}
