//! `sporhund report diff --since RUN|DATE`: what became of findings since an earlier run.

use jiff::civil::Date;

use super::args::{DiffFormat, ReportArgs};
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::report::{self, Reporting};
use super::settings::{Places, Saying};
use crate::inventory::{Error, RunRow};
use crate::report::trend;

pub(crate) fn run(arguments: &ReportArgs) -> anyhow::Result<Exit> {
    if !arguments.say.fail_on.is_empty() {
        return Err(Refusal::new("`--fail-on` does not go with `report diff`").into());
    }
    let config = report::configuration(&arguments.judge)?;
    let places = Places::new(&arguments.judge, &config)?.with_key(&arguments.key);
    let saying = Saying::new(&arguments.say, &config)?;
    let inventory = report::open(&places.inventory)?;
    let law = report::law(arguments, (&config, &places, &saying), &inventory)?;
    let reporting = Reporting::prepare(&config, &places, &saying)?;
    let runs = inventory.runs()?;
    let since = arguments.since.as_deref().ok_or_else(|| {
        let refusal =
            Refusal::new("`report diff` compares with an earlier run: `--since RUN|DATE`");
        refusal.hint("`sporhund inventory runs` has their numbers")
    })?;
    let (since, until) = chosen(&runs, since)?;
    if until.state != "finished" && !saying.quiet {
        remark("report: the latest run did not come to its end; what it did not meet is as it was");
    }
    let book = law.as_ref().map(|law| &law.rulebook);
    let trend = reporting.with_context(law.as_ref(), |context| {
        trend::trend(&inventory, context, since, until).map_err(refused)
    })?;
    report::with_output(saying.output.as_deref(), |out| {
        match arguments.format.unwrap_or(DiffFormat::Text) {
            DiffFormat::Text => trend::write_text(&trend, reporting.style(), book, out)?,
            DiffFormat::Json => trend::write_json(&trend, out)?,
            DiffFormat::Csv => trend::write_csv(&trend, out)?,
        }
        Ok(())
    })?;
    Ok(Exit::Complete)
}

/// The run that is compared with, and the latest.
fn chosen(runs: &[RunRow], since: &str) -> anyhow::Result<(RunRow, RunRow)> {
    let hint = "`sporhund inventory runs` lists them";
    let run = if let Ok(number) = since.parse::<i64>() {
        runs.iter().find(|run| run.run == number)
    } else {
        let day: Date = since.parse().map_err(|_| {
            Refusal::new(format!("`--since {since}` is neither a run nor a day"))
                .hint("such as `--since 12` or `--since 2026-05-31`")
        })?;
        runs.iter().find(|run| day_of(run.started) <= Some(day))
    };
    let refusal = || Refusal::new(format!("there is no run `{since}`, or none up to that day"));
    let run = run.ok_or_else(|| refusal().hint(hint))?;
    let latest = runs.first().ok_or_else(|| refusal().hint(hint))?;
    Ok((run.clone(), latest.clone()))
}

/// The day of a moment (seconds since 1970), where the program runs.
fn day_of(seconds: i64) -> Option<Date> {
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.to_zoned_datetime(jiff::tz::TimeZone::system()).date())
}

fn refused(error: crate::report::Error) -> anyhow::Error {
    let hint = match &error {
        crate::report::Error::Inventory(Error::Older { .. }) => {
            "what runs change is written down from the next scan on"
        }
        crate::report::Error::Inventory(Error::Forgotten { .. }) => {
            "`inventory vacuum` let go of it, or an older version did not write it down: compare with \
             a later run"
        }
        crate::report::Error::Inventory(_) | crate::report::Error::Output(_) => {
            return error.into();
        }
    };
    let message = match &error {
        crate::report::Error::Inventory(inventory) => inventory.to_string(),
        crate::report::Error::Output(_) => error.to_string(),
    };
    anyhow::Error::new(error).context(Refusal::new(message).hint(hint))
}
