//! Rules beside the text of the policy that they cite, through the program.

use crate::program::{Workplace, json, stderr, stdout};

const TEXT: &str = "1. Formål\n\n 1. Vi vurderer søknader.\n\n2. Sletting\n\n 1. Søknader slettes når ansettelsen er \
                    avsluttet, som punkt 7 sier. Kurslister slettes etterpå.\n";

/// A rule for the first sentence of 2.1, with one example that tells its class.
fn rules(digest: &str) -> String {
    format!(
        "schema = 1\n[policy]\nid = \"own\"\nkind = \"policy\"\ntitle = \"Egen\"\n\
         [[rule]]\nid = \"OWN-1\"\nkind = \"delete\"\ntitle = \"Søknader slettes\"\n\
         statement = \"2.1:1\"\ndigest = \"{digest}\"\nstart = \"event:hiring_round_closed\"\n\
         period = \"P6M\"\nperiod_source = \"practice\"\nreview_after = \"P1Y\"\n\
         when = {{ class = [\"recruitment.*\"] }}\n\
         [[rule.example]]\nas_of = 2026-11-30\npath = \"hr/a/cv.docx\"\nclass = \"recruitment.cv\"\n\
         findings = [\"name\"]\nevents = [\"2026-01-31 hiring_round_closed path=hr/a/**\"]\n\
         expect = \"delete_due\"\ndue = 2026-07-31\n\
         [[rule.counter_example]]\nas_of = 2026-11-30\npath = \"hr/a/x.docx\"\nclass = \"hr.contract\"\n\
         findings = [\"name\"]\nevents = [\"2026-01-31 hiring_round_closed path=hr/a/**\"]\n\
         expect = \"review\"\n"
    )
}

fn place(digest: &str) -> Workplace {
    let place = Workplace::new();
    std::fs::write(place.path().join("policy.txt"), TEXT).unwrap();
    std::fs::write(place.path().join("own.toml"), rules(digest)).unwrap();
    place
}

fn digest() -> String {
    let all = sporhund::policy::statements(TEXT);
    let one = all.iter().find(|one| one.address == "2.1:1");
    one.unwrap().digest.clone()
}

const CHECK: [&str; 6] = [
    "rules",
    "check",
    "--rules",
    "own.toml",
    "--policy",
    "policy.txt",
];

#[test]
fn a_text_that_still_says_it_is_told_so() {
    let place = place(&digest());
    let told = place.run(&CHECK);
    let said = stdout(&told);
    assert_eq!(told.status.code(), Some(0), "{said}{}", stderr(&told));
    assert!(
        said.contains("1 of 1 citations are what the text says"),
        "{said}"
    );
    assert!(
        said.contains("no rule speaks of 2 statements: 1.1:1 2.1:2"),
        "{said}"
    );
    assert!(
        said.contains("policy.txt:7: warning: `2.1:1` refers to «punkt 7»"),
        "{said}"
    );
}

#[test]
fn a_promise_that_changed_is_an_error_at_the_rule() {
    let place = place(&digest());
    let changed = TEXT.replace("når ansettelsen", "tre måneder etter at ansettelsen");
    std::fs::write(place.path().join("policy.txt"), changed).unwrap();
    let told = place.run(&CHECK);
    let said = stdout(&told);
    assert_eq!(told.status.code(), Some(2), "{said}");
    assert!(
        said.contains("own.toml:6: error: OWN-1: `2.1:1` reads otherwise now"),
        "{said}"
    );
    let moved = TEXT.replace("2. Sletting\n\n 1. ", "2. Sletting\n\n 1. Først.\n 2. ");
    std::fs::write(place.path().join("policy.txt"), moved).unwrap();
    let said = stdout(&place.run(&CHECK));
    assert!(said.contains("`2.1:1` is `2.2:1` now"), "{said}");
}

#[test]
fn coverage_is_a_table_and_json() {
    let place = place(&digest());
    let coverage = [
        "rules",
        "coverage",
        "--rules",
        "own.toml",
        "--policy",
        "policy.txt",
    ];
    let said = stdout(&place.run(&coverage));
    let row = format!("2.1:1         7  {}  OWN-1", digest());
    assert!(said.contains(&row), "{said}");
    assert!(
        said.ends_with("1 of 3 statements have a rule or a purpose\n"),
        "{said}"
    );
    let whole = json(&place.run(&[&coverage[..], &["--format", "json"]].concat()));
    assert_eq!(whole["policy"], "own");
    assert_eq!(whole["covered"][1]["by"][0], "OWN-1");
}

#[test]
fn what_no_example_notices_is_named() {
    let place = place(&digest());
    let mutate = ["rules", "check", "--rules", "own.toml", "--mutate"];
    let said = stdout(&place.run(&mutate));
    assert!(said.contains("3 changes, 1 unnoticed"), "{said}");
    assert!(
        said.contains("OWN-1: no example notices `review_after` left out"),
        "{said}"
    );
    // Without the counter-example nothing tells the class.
    let text = rules(&digest());
    let end = text.find("[[rule.counter_example]]").unwrap();
    let poorer = text.get(..end).unwrap();
    std::fs::write(place.path().join("own.toml"), poorer).unwrap();
    let said = stdout(&place.run(&mutate));
    assert!(
        said.contains("no example notices `when.class` left out"),
        "{said}"
    );
}

#[test]
fn rules_without_a_policy_are_told_so() {
    let place = place(&digest());
    let arguments = [
        "rules",
        "coverage",
        "--rules",
        "baseline-no-private",
        "--policy",
        "policy.txt",
    ];
    let told = place.run(&arguments);
    assert_eq!(told.status.code(), Some(2));
    assert!(
        stderr(&told).contains("none of the rules"),
        "{}",
        stderr(&told)
    );
}

#[test]
fn rules_that_lie_beside_those_that_import_them_are_read() {
    let place = place(&digest());
    let own = rules(&digest()).replace("[policy]\n", "[policy]\nimports = [\"felles\"]\n");
    std::fs::write(place.path().join("own.toml"), own).unwrap();
    let list = ["rules", "list", "--rules", "own.toml"];
    let missing = place.run(&list);
    assert!(stderr(&missing).contains("no rule file `felles`"));
    // One that imports the other again is read once.
    let common = "schema = 1\n[policy]\nid = \"felles\"\nkind = \"baseline\"\ntitle = \"Felles\"\n\
        imports = [\"own\", \"baseline-no-private\"]\n";
    std::fs::write(place.path().join("felles.toml"), common).unwrap();
    let said = stdout(&place.run(&list));
    assert_eq!(said.matches("OWN-1").count(), 1, "{said}");
    assert!(said.contains("NO-CAMERA"), "{said}");
}
