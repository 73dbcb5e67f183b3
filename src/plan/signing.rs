//! Approvals that are signed with SSH keys.
//!
//! What is signed is a statement: the plan's seal, whether it is the first or the second approval, and the
//! ids of the lines that are approved. So a signature holds for these lines of this plan and for no other; a line
//! that is approved later is not signed, and a decision that is taken anew needs a new signature.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};

use super::signers::{Signed, Signers};
use super::{Approval, Line, Plan, State};

/// A signature over approvals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Whether it is the second person's.
    pub second: bool,
    /// Ids of the lines.
    pub lines: Vec<String>,
    /// What `ssh-keygen -Y sign` wrote.
    pub signature: String,
}

/// Who signed which approvals: by line, and whether it is the second one.
#[derive(Clone, Debug, Default)]
pub struct SignedApprovals(BTreeMap<(String, bool), Vec<Signed>>);

impl Plan {
    /// What an approver signs: all lines that are approved now.
    #[must_use]
    pub fn statement(&self, second: bool) -> String {
        self.statement_of(second, &self.approved())
    }

    /// Takes over a signature over [`Plan::statement`]; returns who signed and how many lines. A
    /// second approval can be given by a signature alone.
    ///
    /// # Errors
    /// A sentence; see [`Signers::who`]. No line is approved, or the second signer is the first.
    pub fn sign(
        &mut self,
        second: bool,
        signature: &str,
        signers: &Signers,
        at: &ZonedDateTime,
    ) -> Result<(String, usize), String> {
        let lines = self.approved();
        if lines.is_empty() {
            return Err("no line of the plan is approved".to_owned());
        }
        let signed = signers.who(signature, &self.statement_of(second, &lines), at)?;
        if second {
            let known = self.signed(signers, at)?;
            if lines.iter().any(|id| known.is_by(id, false, &signed)) {
                return Err("it is by the person who signed as the first".to_owned());
            }
        }
        let who = &signed.who;
        for line in self.lines.iter_mut().filter(|line| is_approved(line)) {
            let approval = if second {
                &mut line.second
            } else {
                &mut line.by
            };
            let approval = approval.get_or_insert_with(|| Approval {
                name: who.clone(),
                account: None,
                on: Some(at.date()),
                signer: None,
            });
            approval.signer = Some(who.clone());
        }
        let count = lines.len();
        self.signatures.push(Signature {
            second,
            lines,
            signature: signature.trim().to_owned(),
        });
        Ok((signed.who, count))
    }

    /// Checks all signatures. The plan's seal must have been checked.
    ///
    /// # Errors
    /// A sentence for the first one that is not good.
    pub fn signed(&self, signers: &Signers, at: &ZonedDateTime) -> Result<SignedApprovals, String> {
        let mut approvals = SignedApprovals::default();
        for one in &self.signatures {
            let text = self.statement_of(one.second, &one.lines);
            let signed = signers.who(&one.signature, &text, at)?;
            for id in &one.lines {
                let by_line = approvals.0.entry((id.clone(), one.second)).or_default();
                by_line.push(signed.clone());
            }
        }
        Ok(approvals)
    }

    fn approved(&self) -> Vec<String> {
        let approved = self.lines.iter().filter(|line| is_approved(line));
        approved.map(|line| line.id.clone()).collect()
    }

    fn statement_of(&self, second: bool, lines: &[String]) -> String {
        let which = if second { "second" } else { "first" };
        let mut text = format!("sporhund approval 1\nplan {}\nas {which}\n", self.seal);
        for id in lines {
            // Writing to a string does not fail.
            let _ = writeln!(text, "line {id}");
        }
        text
    }
}

impl SignedApprovals {
    /// Who signed an approval of a line: the one whom the approval itself names.
    #[must_use]
    pub fn of(&self, line: &Line, second: bool) -> Option<&Signed> {
        let approval = if second { &line.second } else { &line.by };
        let named = approval.as_ref()?.signer.as_ref()?;
        let signed = self.0.get(&(line.id.clone(), second))?;
        signed.iter().rev().find(|signed| signed.who == *named)
    }

    fn is_by(&self, id: &str, second: bool, other: &Signed) -> bool {
        let signed = self.0.get(&(id.to_owned(), second)).into_iter().flatten();
        signed.into_iter().any(|one| one.is_same(other))
    }
}

impl Signed {
    /// Whether two signatures are by one person: by name, or by key.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.who == other.who || self.key == other.key
    }
}

fn is_approved(line: &Line) -> bool {
    line.state == State::Approved
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::model::DigestKey;
    use crate::plan::{Head, SCHEMA};

    // Made beforehand over the statements of `plan`, with `ssh-keygen -Y sign` or in its form; the keys are invented.
    const SIGNERS: &str = include_str!("../../fixtures/signatures/allowed_signers");
    const FIRST: &str = include_str!("../../fixtures/signatures/first-by-hr.sig");
    const FIRST_ECDSA: &str = include_str!("../../fixtures/signatures/first-by-ecdsa.sig");
    const FIRST_P384: &str = include_str!("../../fixtures/signatures/first-by-p384.sig");
    const FIRST_P521: &str = include_str!("../../fixtures/signatures/first-by-p521.sig");
    const FIRST_RSA: &str = include_str!("../../fixtures/signatures/first-by-rsa.sig");
    const FIRST_RSA_SHA256: &str =
        include_str!("../../fixtures/signatures/first-by-rsa-sha256.sig");
    const FIRST_RSA_SHA1: &str = include_str!("../../fixtures/signatures/first-by-rsa-sha1.sig");
    const FIRST_RSA_1024: &str = include_str!("../../fixtures/signatures/first-by-rsa-1024.sig");
    const FIRST_RSA_8192: &str = include_str!("../../fixtures/signatures/first-by-rsa-8192.sig");
    const FIRST_TOUCHED: &str = include_str!("../../fixtures/signatures/first-by-sk-ed25519.sig");
    const FIRST_TOUCHED_P256: &str = include_str!("../../fixtures/signatures/first-by-sk-p256.sig");
    const FIRST_UNTOUCHED: &str = include_str!("../../fixtures/signatures/first-untouched.sig");
    const FOR_GIT: &str = include_str!("../../fixtures/signatures/first-for-git.sig");
    const SECOND: &str = include_str!("../../fixtures/signatures/second-by-dpo.sig");
    const SECOND_BY_FIRST: &str = include_str!("../../fixtures/signatures/second-by-hr.sig");

    /// A plan of one approved line.
    fn plan() -> Plan {
        let line = serde_json::json!({
            "id": "0011223344556677", "kind": "file", "object": "hr/a.txt", "container": null,
            "also": [], "content": null, "bytes": 3, "modified_ns": 1, "class": "recruitment.cv",
            "verdict": "delete_due", "due": "2026-09-01", "rules": [], "grounds": [],
            "document": null, "why": [], "owner": null, "subjects": [], "persons": 1, "found": [],
            "matched": null, "task": null, "state": "approved", "by": {"name": "Kari HR"}
        });
        Plan {
            sporhund_plan: SCHEMA,
            head: Head::default(),
            lines: vec![serde_json::from_value(line).unwrap()],
            seal: "5e".repeat(32),
            signatures: Vec::new(),
        }
    }

    fn now() -> ZonedDateTime {
        date(2026, 11, 28)
            .at(12, 0, 0, 0)
            .to_zoned_datetime(TimeZone::UTC)
            .unwrap()
    }

    fn signers() -> Signers {
        Signers::parse(SIGNERS).unwrap()
    }

    #[test]
    fn two_signers_approve_and_are_named() {
        let mut plan = plan();
        let signed = plan.sign(false, FIRST, &signers(), &now()).unwrap();
        assert_eq!(signed, ("hr@example.org".to_owned(), 1));
        plan.sign(true, SECOND, &signers(), &now()).unwrap();
        let plan = Plan::parse(&plan.to_json().unwrap()).unwrap();
        let known = plan.signed(&signers(), &now()).unwrap();
        let line = &plan.lines[0];
        let first = known.of(line, false).unwrap();
        let second = known.of(line, true).unwrap();
        assert_eq!(first.who, "hr@example.org");
        assert_eq!(second.who, "dpo@example.org");
        assert!(!first.is_same(second));
        assert_eq!(line.by.as_ref().unwrap().name, "Kari HR");
        assert_eq!(line.second.as_ref().unwrap().name, "dpo@example.org");
        // The seal of what the program wrote does not cover what people add.
        let key = DigestKey::new([7; 16]);
        let mut sealed = plan.clone();
        sealed.seal(&key).unwrap();
        sealed.signatures.clear();
        assert!(sealed.check_seal(&key).is_ok());
    }

    #[test]
    fn all_kinds_of_keys_are_read_and_a_signature_holds_for_its_key_alone() {
        for (signature, name) in [
            (FIRST_ECDSA, "ec@example.org"),
            (FIRST_P384, "p384@example.org"),
            (FIRST_P521, "p521@example.org"),
            (FIRST_RSA, "rsa@example.org"),
            (FIRST_RSA_SHA256, "rsa3072@example.org"),
            (FIRST_TOUCHED, "touch@example.org"),
            (FIRST_TOUCHED_P256, "touch-ec@example.org"),
        ] {
            let signed = plan().sign(false, signature, &signers(), &now());
            assert_eq!(signed.unwrap().0, name);
            let mut other = plan();
            other.seal = "00".repeat(32);
            let error = other.sign(false, signature, &signers(), &now());
            assert!(
                error.unwrap_err().contains("not over these approvals"),
                "{name}"
            );
        }
    }

    #[test]
    fn what_does_not_hold_is_told_in_a_sentence() {
        let told = |change: fn(&mut Plan), second, signature: &str, signers: &str| {
            let mut plan = plan();
            plan.sign(false, FIRST, &self::signers(), &now()).unwrap();
            change(&mut plan);
            let signers = Signers::parse(signers).unwrap();
            plan.sign(second, signature, &signers, &now()).unwrap_err()
        };
        let same: fn(&mut Plan) = |_| {};
        let other_plan: fn(&mut Plan) = |plan| plan.seal = "00".repeat(32);
        let other_line: fn(&mut Plan) = |plan| plan.lines[0].id = "1".repeat(16);
        let open: fn(&mut Plan) = |plan| plan.lines[0].state = State::Open;
        let without_hr = SIGNERS.replace("hr@example.org", "#");
        let late = SIGNERS.replace("namespaces=\"sporhund\"", "valid-before=20261128");
        for (change, second, signature, signers, why) in [
            (
                other_plan,
                false,
                FIRST,
                SIGNERS,
                "not over these approvals",
            ),
            (
                other_line,
                false,
                FIRST,
                SIGNERS,
                "not over these approvals",
            ),
            (
                open,
                false,
                FIRST,
                SIGNERS,
                "no line of the plan is approved",
            ),
            (same, true, FIRST, SIGNERS, "not over these approvals"),
            (
                same,
                true,
                SECOND_BY_FIRST,
                SIGNERS,
                "by the person who signed as the first",
            ),
            (
                same,
                false,
                FIRST,
                &without_hr,
                "is not among those who may sign",
            ),
            (same, false, FIRST, &late, "may not sign any more"),
            (same, false, FOR_GIT, SIGNERS, "it was made for `git`"),
            (same, false, "hello", SIGNERS, "it is no signature"),
        ] {
            let error = told(change, second, signature, signers);
            assert!(error.contains(why), "{why}: {error}");
        }
    }

    #[test]
    fn weak_keys_and_hashes_and_untouched_security_keys_do_not_sign() {
        for (signature, why) in [
            (FIRST_RSA_SHA1, "it is no signature"),
            (FIRST_RSA_1024, "RSA keys of 1024 bits are not taken"),
            (FIRST_RSA_8192, "RSA keys of 8192 bits are not taken"),
            (FIRST_UNTOUCHED, "the security key was not touched"),
        ] {
            let error = plan()
                .sign(false, signature, &signers(), &now())
                .unwrap_err();
            assert!(error.contains(why), "{why}: {error}");
        }
    }

    #[test]
    fn a_signature_that_was_changed_by_a_bit_is_none_over_the_plan() {
        for (signature, part, changed) in [
            (FIRST, "5iPnTHaAGF4n", "5iPnTHaAGF5n"),
            (FIRST_RSA, "oUns0ULXrGld", "oUns0ULXrGle"),
        ] {
            let broken = signature.replacen(part, changed, 1);
            assert_ne!(broken, signature);
            let signed = plan().sign(false, &broken, &signers(), &now());
            assert!(signed.unwrap_err().contains("not over these approvals"));
        }
    }

    #[test]
    fn a_decision_that_is_taken_anew_is_not_signed() {
        let mut plan = plan();
        plan.sign(false, FIRST, &signers(), &now()).unwrap();
        let signed = |plan: &Plan| {
            let known = plan.signed(&signers(), &now()).unwrap();
            known.of(&plan.lines[0], false).is_some()
        };
        assert!(signed(&plan));
        plan.lines[0].by = Some(Approval {
            name: "Somebody else".to_owned(),
            account: None,
            on: None,
            signer: None,
        });
        assert!(!signed(&plan));
        plan.seal = "00".repeat(32);
        assert!(plan.signed(&signers(), &now()).is_err());
    }
}
