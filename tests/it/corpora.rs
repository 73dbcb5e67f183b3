//! Real files of public test collections, where they lie beside the project: every one ends in one
//! outcome, and the text of those with a reference is found again.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use sporhund::extract::Reader;
use sporhund::model::{Cancel, Limits};

use crate::collected::{corpora, read};

fn plain_reader() -> Reader {
    Reader::new(Limits::default(), Cancel::default())
}

/// Words of four letters or more, groups of two or more digits, and mail addresses.
fn tokens(text: &str) -> HashMap<String, usize> {
    let mut all: HashMap<String, usize> = HashMap::new();
    let mut count = |token: &str| *all.entry(token.to_lowercase()).or_default() += 1;
    for word in text.split(|c: char| !c.is_alphabetic()) {
        if word.chars().count() >= 4 {
            count(word);
        }
    }
    for digits in text.split(|c: char| !c.is_ascii_digit()) {
        if digits.len() >= 2 {
            count(digits);
        }
    }
    let is_address = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
    for word in text
        .split(|c| !is_address(c))
        .filter(|word| word.contains('@'))
    {
        count(word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    }
    all
}

/// How much of the reference is in the text; `None` with fewer than twenty reference tokens.
fn recall(text: &str, reference: &str) -> Option<f64> {
    let (own, wanted) = (tokens(text), tokens(reference));
    let total: usize = wanted.values().sum();
    let found: usize = wanted
        .iter()
        .map(|(token, count)| own.get(token).copied().unwrap_or(0).min(*count))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a ratio of small counts")]
    (total >= 20).then(|| found as f64 / total as f64)
}

/// Files of a family, and their mean recall against `reference`.
fn measure(family: &str, reference: impl Fn(&Path) -> Option<String>) -> Option<f64> {
    let folder = corpora()?.join(family);
    let mut recalls = Vec::new();
    let mut files = 0_usize;
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .ok()?
        .map(|own| own.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        files += 1;
        let collector = read(&plain_reader(), &path);
        let Some(recall) = reference(&path).and_then(|own| recall(&collector.text, &own)) else {
            continue;
        };
        if recall < 0.9 {
            println!(
                "{recall:.2} {:?} {}",
                collector.outcomes.last(),
                path.display()
            );
        }
        recalls.push(recall);
    }
    #[expect(clippy::cast_precision_loss, reason = "a mean of few files")]
    let mean = recalls.iter().sum::<f64>() / recalls.len().max(1) as f64;
    println!(
        "{family}: {files} files, {} scored, recall {mean:.3}",
        recalls.len()
    );
    (!recalls.is_empty()).then_some(mean)
}

fn by_other_tool(family: &'static str) -> impl Fn(&Path) -> Option<String> {
    move |path| {
        let name = format!("{}.txt", path.file_name()?.to_str()?);
        let reference = corpora()?.join("reference").join(family).join(name);
        let bytes = fs::read(reference).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The reference holds the markup of HTML bodies, which is no text.
fn mail_without_markup(path: &Path) -> Option<String> {
    by_other_tool("eml")(path).map(|text| without_markup(&text))
}

pub(crate) fn without_markup(text: &str) -> String {
    let mut shown = String::new();
    for part in text.split('<') {
        match part.split_once('>') {
            Some((inside, after)) if !inside.contains('@') => shown.push_str(after),
            _ => shown.push_str(part),
        }
        shown.push(' ');
    }
    shown
}

/// Text families are their own reference: whatever is valid UTF-8 in them must be found.
fn by_itself(path: &Path) -> Option<String> {
    String::from_utf8(fs::read(path).ok()?).ok()
}

/// The values of a JSON file; keys are names of fields.
fn json_values(path: &Path) -> Option<String> {
    fn gather(value: &serde_json::Value, text: &mut String) {
        match value {
            serde_json::Value::String(own) => text.push_str(own),
            serde_json::Value::Number(own) => text.push_str(&own.to_string()),
            serde_json::Value::Array(list) => list.iter().for_each(|own| gather(own, text)),
            serde_json::Value::Object(map) => map.values().for_each(|own| gather(own, text)),
            serde_json::Value::Bool(_) | serde_json::Value::Null => {}
        }
        text.push('\n');
    }
    let value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let mut text = String::new();
    gather(&value, &mut text);
    Some(text)
}

#[test]
fn web_pages_and_mail_match_their_references() {
    if let Some(recall) = measure("html", by_other_tool("html")) {
        assert!(recall > 0.95, "{recall}");
    }
    // What is missing of the references: routing headers of forwarded messages (`Received` and the
    // like are not read), a forwarded message that they hold as base64, targets of inline pictures,
    // and `nbsp`.
    if let Some(recall) = measure("eml", mail_without_markup) {
        assert!(recall > 0.8, "{recall}");
    }
}

#[test]
fn text_families_lose_nothing() {
    // In four files the reference counts the name of the entity `quot`, which is read as its sign.
    let xml_text = |path: &Path| by_itself(path).map(|own| without_markup(&own));
    let measured = [
        ("csv", measure("csv", by_itself), 0.99),
        ("txt", measure("txt", by_itself), 0.99),
        ("json", measure("json", json_values), 0.99),
        ("xml", measure("xml", xml_text), 0.95),
    ];
    for (family, recall, least) in measured {
        if let Some(recall) = recall {
            assert!(recall > least, "{family}: {recall}");
        }
    }
}

#[test]
fn archives_end_in_an_outcome_each() {
    for family in [
        "zip", "gz", "bz2", "xz", "zst", "tar", "mbox", "7z", "rar", "sqlite", "img",
    ] {
        measure(family, |_| None);
    }
}
