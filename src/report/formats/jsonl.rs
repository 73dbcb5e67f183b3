//! A line of JSON for each object, in the shape that scripts rely on.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Form;
use crate::report::escape::for_json;
use crate::report::overview::Overview;
use crate::report::{FoundRow, JudgedObject, Style};

pub(super) const FORM: Jsonl = Jsonl;

/// JSON Lines.
pub(super) struct Jsonl;

impl Form for Jsonl {
    fn id(&self) -> &'static str {
        "jsonl"
    }

    fn begin(&self, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn object(
        &self,
        object: &JudgedObject,
        _: bool,
        _: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "{}", for_json(&line(object).to_string()))
    }

    fn end(&self, _: &Overview, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// One object as a JSON object.
pub(in crate::report) fn line(object: &JudgedObject) -> Value {
    let mut line = Map::new();
    line.insert("object".into(), json!(object.shown));
    line.insert("outcome".into(), json!(object.outcome));
    if let Some(problem) = &object.problem {
        line.insert("problem".into(), json!({ "kind": problem.kind, "stage": problem.stage }));
    }
    line.insert("format".into(), json!(object.format));
    line.insert("bytes".into(), json!(object.bytes));
    line.insert("class".into(), json!(object.class.as_ref().map(|(id, _)| id)));
    if let Some((_, certainty)) = &object.class {
        line.insert("class_confidence".into(), json!(hundredths(*certainty)));
    }
    line.insert("findings".into(), object.findings.iter().map(finding).collect());
    if let Some(judgement) = &object.judgement {
        line.insert("judgement".into(), json!(judgement));
    }
    Value::Object(line)
}

/// A certainty as far as it means something.
fn hundredths(certainty: f64) -> f64 {
    (certainty * 100.0).round() / 100.0
}

fn finding(found: &FoundRow) -> Value {
    let mut value = json!({
        "detector": found.detector,
        "kind": found.kind,
        "confidence": found.confidence,
        "count": found.count,
        "distinct": found.distinct,
        "samples": found.samples,
    });
    if let (true, Some(object)) = (found.estimated, value.as_object_mut()) {
        object.insert("estimated".into(), json!(true));
    }
    value
}
