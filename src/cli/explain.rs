//! `sporhund explain`: one object's whole story: what was found, which rule, which dates, why.

use std::io::Write;

use super::args::ExplainArgs;
use super::exit::Exit;
use super::law::Law;
use super::message::Refusal;
use super::report::{self, Reporting};
use super::settings::{Places, Saying};
use crate::report::JudgedObject;
use crate::report::escape::for_terminal;

pub(crate) fn run(arguments: &ExplainArgs) -> anyhow::Result<Exit> {
    let config = report::configuration(&arguments.judge)?;
    let places = Places::new(&arguments.judge, &config)?;
    let saying = Saying::new(&arguments.say, &config)?;
    let law = Law::load(&places, saying.lang)?;
    let reporting = Reporting::prepare(&config, &places, &saying)?;
    let inventory = report::open(&places.inventory)?;
    let row = inventory.object(&arguments.object)?.ok_or_else(|| {
        Refusal::new(format!(
            "there is no object `{}` in the inventory",
            arguments.object
        ))
        .hint("`sporhund report jsonl --show-paths` names them all")
    })?;
    let object = reporting.judge_one(&inventory, law.as_ref(), &row)?;
    report::with_output(saying.output.as_deref(), |out| Ok(tell(&object, out)?))?;
    Ok(Exit::Complete)
}

fn tell(object: &JudgedObject, out: &mut dyn Write) -> std::io::Result<()> {
    let format = object.format.as_deref().unwrap_or("?");
    writeln!(out, "{}", for_terminal(&object.shown))?;
    writeln!(out, "  {} · {format} · {} B", object.outcome, object.bytes)?;
    if let Some(problem) = &object.problem {
        writeln!(out, "  {} ({})", problem.kind, problem.stage)?;
    }
    if let Some((class, certainty)) = &object.class {
        writeln!(out, "  {} ({certainty:.2})", for_terminal(class))?;
    }
    for found in &object.findings {
        let (level, count) = (found.confidence.as_str(), found.count);
        let id = format!("{}:{}", found.detector, found.kind);
        writeln!(out, "  {id:32} {level:6} {count}")?;
        writeln!(out, "      {}", found.reasons.join(", "))?;
        for sample in &found.samples {
            let place = serde_json::to_string(&sample.place)?;
            let (masked, place) = (for_terminal(sample.masked.as_str()), for_terminal(&place));
            writeln!(out, "      {masked}  {place}")?;
        }
    }
    for line in object
        .judgement
        .iter()
        .flat_map(|judgement| &judgement.explanation)
    {
        writeln!(out, "{}", for_terminal(line))?;
    }
    Ok(())
}
