//! What the pages say can be run, is run.
//!
//! Blocks of commands that stand below `<!-- run: CODES -->` are run one after the other, each page in
//! a folder of its own in which `share` is the file server of the fixtures. Every other line that
//! calls the program must at least be understood by it, and every block of settings must be read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Workplace, copy_folder, fixtures, stderr, stdout};

/// A block of a page: what it is marked with, the codes it may end with (where it is run), its lines.
struct Block {
    page: String,
    line: usize,
    language: String,
    codes: Option<Vec<i32>>,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    pages.extend(docs.filter(|page| page.extension().is_some_and(|end| end == "md")));
    pages.sort();
    pages
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let name = page.file_name().unwrap().to_string_lossy().into_owned();
    let mut blocks: Vec<Block> = Vec::new();
    let (mut open, mut codes) = (false, None);
    for (at, line) in text.lines().enumerate() {
        let plain = line.trim_start();
        if let Some(mark) = plain.strip_prefix("<!-- run:") {
            let numbers = mark.trim_end_matches("-->").split_whitespace();
            codes = Some(numbers.map(|code| code.parse().unwrap()).collect());
        } else if let Some(language) = plain.strip_prefix("```") {
            open = !open;
            if open {
                blocks.push(Block {
                    page: name.clone(),
                    line: at + 1,
                    language: language.to_owned(),
                    codes: codes.take(),
                    text: String::new(),
                });
            }
        } else if open {
            let block = blocks.last_mut().unwrap();
            block.text.push_str(plain);
            block.text.push('\n');
        }
    }
    blocks
}

/// The calls of the program in a line of the shell: without comments, in words as typed.
fn calls(line: &str) -> Vec<Vec<String>> {
    let line = line.split(" #").next().unwrap_or_default();
    let parts = line.split(['|', '&', ';']).map(|part| {
        let part = part.split('>').next().unwrap_or_default();
        part.split_whitespace().map(str::to_owned).collect()
    });
    parts
        .filter(|words: &Vec<String>| words.first().is_some_and(|word| word == "sporhund"))
        .collect()
}

#[test]
fn what_is_marked_as_run_ends_as_it_says() {
    let mut ran = 0;
    for page in pages() {
        let place = Workplace::new();
        copy_folder(&fixtures(), &place.share());
        for described in ["sporhund.toml", "site.toml", "events.csv"] {
            fs::remove_file(place.share().join(described)).unwrap();
        }
        for block in blocks(&page).iter().filter(|block| block.codes.is_some()) {
            let at = format!("{}:{}", block.page, block.line);
            for line in block.text.lines().filter(|line| !line.is_empty()) {
                let got = shell(&place, line);
                let codes = block.codes.as_deref().unwrap();
                let code = got.status.code().unwrap_or(-1);
                assert!(
                    codes.contains(&code),
                    "{at}: `{line}` ended with {code}\n{}{}",
                    stdout(&got),
                    stderr(&got)
                );
                ran += 1;
            }
        }
    }
    assert!(ran > 20, "only {ran} lines were run");
}

/// Runs a line of the shell in which `sporhund` is the program.
fn shell(place: &Workplace, line: &str) -> std::process::Output {
    let program = Path::new(env!("CARGO_BIN_EXE_sporhund"));
    let own = program.parent().unwrap().display();
    let own_environment = place.command(&[]);
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(place.path());
    for (name, value) in own_environment.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("PATH", format!("{own}:/usr/bin:/bin"));
    command.output().expect("a shell")
}

#[test]
fn every_call_of_the_program_is_understood() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in pages() {
        let place = Workplace::new();
        for block in blocks(&page).iter().filter(|b| b.language == "sh") {
            for call in block.text.lines().flat_map(calls) {
                seen += 1;
                let mut arguments: Vec<&str> = call.iter().skip(1).map(String::as_str).collect();
                arguments.push("--help");
                let got = place.run(&arguments);
                if got.status.code() != Some(0) {
                    let said = stderr(&got);
                    wrong.push(format!("{}:{}: {call:?}\n{said}", block.page, block.line));
                }
            }
        }
    }
    assert!(seen > 30, "only {seen} calls were seen");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn settings_in_the_pages_are_read() {
    let mut seen = 0;
    for page in pages() {
        for block in blocks(&page).iter().filter(|b| b.language == "toml") {
            let settings = ["[check", "[[coverage", "[[detector", "[scan"];
            if !settings.iter().any(|table| block.text.contains(table)) {
                continue;
            }
            seen += 1;
            let place = Workplace::new();
            fs::write(place.path().join("sporhund.toml"), &block.text).unwrap();
            let told = place.run(&["doctor"]);
            let code = told.status.code();
            let at = format!("{}:{}", block.page, block.line);
            assert_eq!(code, Some(0), "{at}\n{}{}", stdout(&told), stderr(&told));
        }
    }
    assert!(seen > 2, "only {seen} blocks were seen");
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut wrong = Vec::new();
    for page in pages().into_iter().chain([root().join("SECURITY.md")]) {
        let text = fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text
                .get(at + 2..)
                .and_then(|rest| rest.split([')', '#']).next());
            let target = target.unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.contains(' ');
            if !elsewhere && !page.parent().unwrap().join(target).exists() {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_wrong_call_and_a_wrong_link_would_be_noticed() {
    let place = Workplace::new();
    let words = calls("sporhund scan share --nonsense > x # not this");
    assert_eq!(words, [["sporhund", "scan", "share", "--nonsense"]]);
    let got = place.run(&["scan", "share", "--nonsense", "--help"]);
    assert_eq!(got.status.code(), Some(2));
}

#[test]
fn pages_that_are_made_of_the_program_are_what_it_says() {
    let rules = sporhund::policy::page().unwrap();
    for (page, made) in [
        ("detectors.md", sporhund::detect::page()),
        ("rules.md", rules),
    ] {
        let stands = fs::read_to_string(root().join("docs").join(page)).unwrap_or_default();
        assert!(
            stands == made,
            "docs/{page} is not what the program says: `cargo run --example make_pages`"
        );
    }
}

#[test]
fn the_picture_in_the_readme_is_what_a_scan_prints() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, picture) = readme.split_once("<!-- terminal output -->").unwrap();
    let (picture, _) = picture.split_once("<!-- /terminal output -->").unwrap();
    let place = Workplace::new();
    copy_folder(&fixtures(), &place.share());
    let printed = stdout(&place.run(&["scan", "share", "--quiet"]));
    let mut printed = printed.lines();
    let shown = picture.lines().filter(|line| {
        !line.starts_with(['`', '$']) && line.trim() != "[…]" && !line.trim().is_empty()
    });
    for line in shown {
        assert!(
            printed.any(|printed| printed == line),
            "README.md shows `{line}`, which a scan does not print there: renew the picture"
        );
    }
}
