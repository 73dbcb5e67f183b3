//! What the page says of ids: the words for them in each language, and explanations in plain words.
//!
//! The page changes its language by itself, so names come in all three. An explanation comes in the language that
//! the plan or the review was made in.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{Confidence, Lang, ProblemKind};
use crate::plan::Line;
use crate::report::{cause_word, class_word, explanation, kind_word, level_word, matched_word};

/// The words for ids that occur: kinds of what was found, classes, ties to a person, causes and levels, each by
/// its id.
pub(super) fn names(
    kinds: &BTreeSet<&str>,
    classes: &BTreeSet<&str>,
    ties: &BTreeSet<&str>,
) -> Value {
    let kinds = kinds.iter().map(|id| {
        let (detector, kind) = id.split_once(':').unwrap_or((id, id));
        (*id, Lang::ALL.map(|lang| kind_word(detector, kind, lang)))
    });
    let classes = classes
        .iter()
        .map(|id| (*id, Lang::ALL.map(|lang| class_word(id, lang))));
    let ties = ties
        .iter()
        .map(|by| (*by, Lang::ALL.map(|lang| matched_word(by, lang))));
    let causes = ProblemKind::ALL
        .iter()
        .map(|kind| (kind.as_str(), Lang::ALL.map(|lang| cause_word(*kind, lang))));
    let levels = Confidence::ALL.iter().map(|level| {
        (
            level.as_str(),
            Lang::ALL.map(|lang| level_word(*level, lang)),
        )
    });
    json!({
        "kinds": table(kinds), "classes": table(classes), "ties": table(ties), "causes": table(causes), "levels": table(levels),
    })
}

fn table<'a, T: serde::Serialize>(named: impl Iterator<Item = (&'a str, [T; 3])>) -> Value {
    let all: Map<String, Value> = named
        .map(|(id, words)| (id.to_owned(), json!(words)))
        .collect();
    Value::Object(all)
}

/// A line of a plan, its explanation in plain words and without the first line, which is the object's own.
pub(super) fn line(line: &Line, lang: Lang) -> Value {
    let mut told = json!(line);
    if let Some(why) = told.get_mut("why") {
        *why = json!(plainly(&line.why, lang));
    }
    told
}

/// An object's story, its explanation likewise, and what was found by its words in each language.
pub(super) fn story(mut story: Value, lang: Lang) -> Value {
    if let Some(steps) = story.pointer_mut("/judgement/explanation") {
        let lines: Vec<String> = serde_json::from_value(steps.take()).unwrap_or_default();
        *steps = json!(plainly(&lines, lang));
    }
    let found = story.get_mut("findings").and_then(Value::as_array_mut);
    for finding in found.into_iter().flatten() {
        let id = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default();
        let words = Lang::ALL.map(|lang| kind_word(id("detector"), id("kind"), lang));
        if let Some(finding) = finding.as_object_mut() {
            finding.insert("words".to_owned(), json!(words));
        }
    }
    story
}

fn plainly(lines: &[String], lang: Lang) -> Vec<String> {
    let steps = lines.iter().skip(1);
    steps.map(|line| explanation(line, lang)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_told_without_ids_of_the_trade() {
        let told = story(
            json!({
                "findings": [{ "detector": "fodselsnummer", "kind": "synthetic" }, { "detector": "name", "kind": "name" }],
                "judgement": { "explanation": ["BEHOLDES a.txt", "  fordi     PO-1: 2026-02-27 + P6M"] },
            }),
            Lang::Nb,
        );
        assert_eq!(told["findings"][0]["words"][1], "syntetisk fødselsnummer");
        assert_eq!(
            told["findings"][1]["words"],
            json!(["navn", "namn", "name"])
        );
        let steps = &told["judgement"]["explanation"];
        assert_eq!(*steps, json!(["fordi PO-1: 27.02.2026 + 6\u{a0}måneder"]));
    }

    #[test]
    fn every_id_that_can_occur_has_a_name_in_each_language() {
        let kinds = BTreeSet::from(["email:personal", "phone"]);
        let ties = BTreeSet::from(["name only"]);
        let names = names(&kinds, &BTreeSet::from(["hr.contract"]), &ties);
        assert_eq!(names["ties"]["name only"][0], "bare navnet");
        for group in ["kinds", "classes", "causes", "levels"] {
            for (id, words) in names[group].as_object().unwrap() {
                assert_eq!(words.as_array().unwrap().len(), 3);
                assert_ne!(words[0], json!(id), "in Bokmål no id is a word");
            }
        }
    }
}
