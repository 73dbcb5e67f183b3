//! The files by which others run the program: they are YAML where they say so, and call the program by
//! options that it has.

use std::fs;
use std::path::Path;

use saphyr::{LoadableYamlNode as _, Yaml};

use crate::program::{Workplace, stderr};

fn text(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn with_yaml<T>(name: &str, look: impl FnOnce(&Yaml<'_>) -> T) -> T {
    let text = text(name);
    let documents = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    look(documents.first().expect("a document"))
}

/// Every call of the program in a text, without what the shell puts in or takes away.
fn calls(text: &str) -> Vec<Vec<String>> {
    let told = |line: &str| line.starts_with('#') || line.starts_with("description");
    let lines = text.lines().filter(|line| !told(line.trim_start()));
    let calls = lines.filter_map(|line| {
        let at = line
            .find("sporhund check")
            .or_else(|| line.find("sporhund scan"))?;
        let call = line.get(at..)?.split("||").next()?;
        let plain = call.split("${").next()?;
        let words = plain.split_whitespace().skip(1);
        let words = words.map(|word| word.trim_matches('"').to_owned());
        Some(words.filter(|word| !word.starts_with('$')).collect())
    });
    calls.collect()
}

fn understood(name: &str, text: &str) -> usize {
    let place = Workplace::new();
    let calls = calls(text);
    for call in &calls {
        let mut arguments: Vec<&str> = call.iter().map(String::as_str).collect();
        // A value that the shell puts in stands in for the option that came before it.
        if arguments.last() == Some(&"--output") {
            arguments.push("x");
        }
        arguments.push("--help");
        let got = place.run(&arguments);
        assert_eq!(
            got.status.code(),
            Some(0),
            "{name}: {call:?}\n{}",
            stderr(&got)
        );
    }
    calls.len()
}

#[test]
fn hooks_action_and_template_call_the_program_as_it_is() {
    for (name, least) in [
        (".pre-commit-hooks.yaml", 2),
        ("action.yml", 2),
        ("deploy/gitlab-ci.yml", 1),
    ] {
        assert!(understood(name, &text(name)) >= least, "{name}");
    }
    let wrong = calls("  run: sporhund check --nonsense ${X:+--y} $Z");
    assert_eq!(wrong, [["check", "--nonsense"]]);
}

#[test]
fn hooks_have_what_pre_commit_asks_for() {
    with_yaml(".pre-commit-hooks.yaml", |hooks| {
        let hooks = hooks.as_sequence().expect("a list");
        for hook in hooks {
            for key in ["id", "name", "entry", "language"] {
                assert!(hook.as_mapping_get(key).is_some(), "{key}");
            }
        }
    });
}

#[test]
fn the_action_is_a_composite_one() {
    with_yaml("action.yml", |action| {
        let runs = action.as_mapping_get("runs").expect("runs");
        let using = runs
            .as_mapping_get("using")
            .and_then(|using| using.as_str());
        assert_eq!(using, Some("composite"));
        let steps = runs
            .as_mapping_get("steps")
            .and_then(|steps| steps.as_sequence());
        for step in steps.expect("steps") {
            assert!(step.as_mapping_get("run").is_some() && step.as_mapping_get("shell").is_some());
        }
    });
    with_yaml("deploy/gitlab-ci.yml", |template| {
        let job = template.as_mapping_get("sporhund").expect("a job");
        assert!(job.as_mapping_get("script").is_some());
    });
}

#[cfg(unix)]
#[test]
fn scripts_of_the_shell_can_be_read_by_it() {
    for script in ["deploy/release", ".ci/run"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
        let got = std::process::Command::new("bash")
            .arg("-n")
            .arg(&file)
            .output();
        let got = got.expect("bash runs");
        assert!(got.status.success(), "{script}: {}", stderr(&got));
    }
    let recipe = text("Dockerfile");
    assert!(recipe.contains("FROM scratch") && recipe.contains("--profile dist"));
}
