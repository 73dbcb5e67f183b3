//! `sporhund explain`: one object's whole story: what was found, which rule, which dates, why.

use super::applicants::{self, Applicants};
use super::args::{ExplainArgs, SayArgs};
use super::config::read_text;
use super::exit::Exit;
use super::law::Law;
use super::message::Refusal;
use super::report::{self, Reporting};
use super::settings::{Places, Saying};
use crate::report::{Backdrop, PolicyText, story};

pub(crate) fn run(arguments: &ExplainArgs) -> anyhow::Result<Exit> {
    let config = report::configuration(&arguments.judge)?;
    let places = Places::new(&arguments.judge, &config)?.with_key(&arguments.key);
    let say = SayArgs {
        min_confidence: arguments.min_confidence,
        output: arguments.output.clone(),
        ..SayArgs::of(&arguments.speak, &arguments.paths)
    };
    let saying = Saying::new(&say, &config)?;
    let mut law = Law::load(&places, saying.lang)?;
    let reporting = Reporting::prepare(&config, &places, &saying)?;
    let inventory = report::open(&places.inventory)?;
    let list = Applicants::read("explain", &arguments.rounds, &config)?;
    list.attribute(
        law.as_mut(),
        &inventory,
        || applicants::key_at(places.key_file.clone(), &places.inventory),
        &saying,
    )?;
    report::remark_on_rules("explain", &saying, (law.as_ref(), &inventory))?;
    let row = inventory.object(&arguments.object)?.ok_or_else(|| {
        Refusal::new(format!(
            "there is no object `{}` in the inventory",
            arguments.object
        ))
        .hint("`sporhund report jsonl --show-paths` names them all")
    })?;
    let object = reporting.judge_one(&inventory, law.as_ref(), &row)?;
    let text = arguments.policy.as_deref().map(read_text).transpose()?;
    let text = text.as_deref().map(PolicyText::new);
    let book = law.as_ref().map(|law| &law.rulebook);
    let backdrop = Backdrop::new(book, text.as_ref(), Vec::new());
    report::with_output(saying.output.as_deref(), |out| {
        Ok(story(&object, &backdrop.rules, reporting.style(), out)?)
    })?;
    Ok(Exit::Complete)
}
