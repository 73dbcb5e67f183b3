//! Approvals that are signed with `ssh-keygen`, and what of them `apply` takes. Where there is no `ssh-keygen`,
//! this is told as not tested; signatures made beforehand are held in the tests of `plan`.

#![cfg(unix)]

use std::fs;
use std::process::{Command, Stdio};

use crate::closed_round::{approve, approved, counted, edit};
use crate::program::{Workplace, stderr, stdout};

/// A key of its own for each name, made for this test and gone with its folder.
fn key(work: &Workplace, name: &str) -> bool {
    key_of(work, name, &["-t", "ed25519"])
}

fn key_of(work: &Workplace, name: &str, kind: &[&str]) -> bool {
    let made = Command::new("ssh-keygen")
        .args(kind)
        .args(["-q", "-N", "", "-C", name, "-f"])
        .arg(work.path().join(name))
        .stdin(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success())
}

/// Lets these sign, each under their own name.
fn allow(work: &Workplace, names: &[&str]) {
    let lines = names.iter().map(|name| {
        let key = fs::read_to_string(work.path().join(format!("{name}.pub"))).unwrap();
        format!("{name}@example.org namespaces=\"sporhund\" {key}")
    });
    fs::write(work.path().join("signers"), lines.collect::<String>()).unwrap();
}

/// Signs what the plan asks to be signed; returns what the program says of the signature.
fn sign(work: &Workplace, name: &str, second: bool) -> String {
    let which: &[&str] = if second { &["--second"] } else { &[] };
    let base = ["plan", "--of", "plan.json"];
    let statement = [&base, which, &["--format", "statement", "--output", "s"]].concat();
    let output = work.run(&statement);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let _ = fs::remove_file(work.path().join("s.sig"));
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", "sporhund", "-f", name, "s"])
        .current_dir(work.path())
        .stderr(Stdio::null())
        .status();
    assert!(signed.unwrap().success());
    let taken = ["--signature", "s.sig", "--allowed-signers", "signers"];
    let taken = [&base, which, &taken, &["--output", "signed.json"]].concat();
    let output = work.run(&taken);
    if output.status.success() {
        fs::rename(
            work.path().join("signed.json"),
            work.path().join("plan.json"),
        )
        .unwrap();
    }
    stderr(&output)
}

fn applied(work: &Workplace, more: &[&str]) -> String {
    let output = work.run(&[&["apply", "plan.json", "--yes"], more].concat());
    format!("{}{}", stdout(&output), stderr(&output))
}

const SIGNERS: &[&str] = &["--allowed-signers", "signers"];

#[test]
fn two_signatures_carry_a_plan_and_anything_less_does_not() {
    let work = approved(1);
    if !(key(&work, "hr") && key(&work, "dpo") && key(&work, "nobody")) {
        println!("no ssh-keygen: not tested");
        return;
    }
    allow(&work, &["hr", "dpo"]);
    let output = work.run(&["plan", "--approvals", "2", "--output", "plan.json"]);
    assert_eq!(output.status.code(), Some(0));
    edit(&work, |line| {
        line["state"] = "approved".into();
        line["by"] = serde_json::json!({"name": "Kari HR", "account": "kari, uid 1"});
        line["second"] = serde_json::json!({"name": "Ola", "account": "ola, uid 2"});
    });
    assert!(applied(&work, SIGNERS).contains("its approval is not signed"));
    let said = sign(&work, "nobody", false);
    assert!(said.contains("is not among those who may sign"), "{said}");
    let said = sign(&work, "hr", false);
    assert!(
        said.contains("1 approvals signed by hr@example.org"),
        "{said}"
    );
    assert!(applied(&work, SIGNERS).contains("its second approval is not signed"));
    let said = sign(&work, "hr", true);
    assert!(
        said.contains("by the person who signed as the first"),
        "{said}"
    );
    let said = sign(&work, "dpo", true);
    assert!(said.contains("signed by dpo@example.org"), "{said}");
    let said = applied(&work, &[]);
    assert!(said.contains("nobody is named who may sign"), "{said}");
    allow(&work, &["hr"]);
    let said = applied(&work, SIGNERS);
    assert!(
        said.contains("a signature of the plan does not hold"),
        "{said}"
    );
    assert_eq!(counted(&work), (1, 0));
    allow(&work, &["hr", "dpo"]);
    fs::write(
        work.path().join("sporhund.toml"),
        "as_of = 2026-11-30\nsite = \"site.toml\"\nallowed_signers = \"signers\"\n",
    )
    .unwrap();
    let said = applied(&work, &[]);
    assert_eq!(counted(&work), (0, 1), "{said}");
    let receipt = said.split_whitespace().find(|word| word.starts_with("R-"));
    let verified = stdout(&work.run(&["verify", receipt.unwrap()]));
    for who in [
        "Kari HR (signed by hr@example.org, SHA256:",
        "Ola (signed by dpo@",
    ] {
        assert!(verified.contains(who), "{verified}");
    }
}

#[test]
fn a_plan_that_was_changed_after_it_was_signed_is_refused() {
    let work = approved(2);
    if !key(&work, "hr") {
        println!("no ssh-keygen: not tested");
        return;
    }
    allow(&work, &["hr"]);
    let said = sign(&work, "hr", false);
    assert!(said.contains("2 approvals signed"), "{said}");
    // A signature that is over these lines, carried into a plan of another day.
    let path = work.path().join("plan.json");
    let signed = fs::read_to_string(&path).unwrap();
    approve(&work, |_| {});
    let signed: serde_json::Value = serde_json::from_str(&signed).unwrap();
    let mut other: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    other["signatures"] = signed["signatures"].clone();
    other["signatures"][0]["lines"]
        .as_array_mut()
        .unwrap()
        .pop();
    fs::write(&path, other.to_string()).unwrap();
    let said = applied(&work, SIGNERS);
    assert!(said.contains("it is not over these approvals"), "{said}");
    // A line that is approved anew is not signed, and the other one goes.
    let mut signed = signed;
    signed["lines"][0]["by"] = serde_json::json!({"name": "Somebody else"});
    fs::write(&path, signed.to_string()).unwrap();
    let said = applied(&work, SIGNERS);
    assert!(said.contains("its approval is not signed"), "{said}");
    assert_eq!(counted(&work), (1, 1));
}

#[test]
fn rsa_keys_sign_unless_they_are_short() {
    let work = approved(1);
    let long = key_of(&work, "long", &["-t", "rsa", "-b", "2048"]);
    if !(long && key_of(&work, "short", &["-t", "rsa", "-b", "1024"])) {
        println!("no ssh-keygen, or one that makes no short keys: not tested");
        return;
    }
    allow(&work, &["long", "short"]);
    let said = sign(&work, "short", false);
    assert!(
        said.contains("RSA keys of 1024 bits are not taken"),
        "{said}"
    );
    let said = sign(&work, "long", false);
    assert!(said.contains("signed by long@example.org"), "{said}");
    let said = applied(&work, SIGNERS);
    assert_eq!(counted(&work), (0, 1), "{said}");
}
