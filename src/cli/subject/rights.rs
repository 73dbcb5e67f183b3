//! `sporhund subject erase`, `restrict` and `withdraw`: a row in the event register, a plan of what
//! falls due by it, and for everything else the ground on which it is kept.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use jiff::civil::Date;

use super::{PersonArgs, asked, found, listed, told};
use crate::cli::exit::Exit;
use crate::cli::message::Refusal;
use crate::cli::plan::Desk;
use crate::cli::round::register;
use crate::cli::round::tables::{self, EventRow};
use crate::cli::{environment, report, tasks};
use crate::model::Candidate;
use crate::plan::{self, Kind, OfPerson, Plan};
use crate::policy::pattern_of;
use crate::subject::Found;

#[derive(Args, Debug)]
pub(crate) struct RightArgs {
    /// The day of the request or withdrawal [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Only for this purpose
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// How many different people must approve each line of the plan
    #[arg(long, value_name = "1|2", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    approvals: u8,
    /// Where the plan is written, for `sporhund apply`
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    #[command(flatten)]
    person: PersonArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RestrictArgs {
    /// The day of the request [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Take the restriction back
    #[arg(long)]
    lift: bool,
    #[command(flatten)]
    person: PersonArgs,
}

pub(super) fn erase(arguments: &RightArgs) -> anyhow::Result<Exit> {
    carry_out("erasure_requested", arguments)
}

pub(super) fn withdraw(arguments: &RightArgs) -> anyhow::Result<Exit> {
    carry_out("consent_withdrawn", arguments)
}

/// Registers what the person said, judges anew, and plans what is due by it.
fn carry_out(kind: &str, arguments: &RightArgs) -> anyhow::Result<Exit> {
    let (person, id) = (&arguments.person, id(&arguments.person)?);
    let before = person.desk(None)?;
    let asked = asked(&before, person)?;
    let mut fields = vec![("subject", id.to_owned())];
    fields.extend(
        arguments
            .purpose
            .clone()
            .map(|purpose| ("purpose", purpose)),
    );
    let on = arguments.on.unwrap_or(before.places.as_of);
    enter(&before, &[tables::event(kind, on, &fields)])?;
    drop(before);
    let desk = person.desk(None)?;
    let found = found(&desk, person, asked)?;
    let plan = planned(&desk, &found, id, arguments.approvals)?;
    let mut file = report::private_file(&arguments.plan)?;
    file.write_all(plan.to_json()?.as_bytes())?;
    file.flush().context("the plan cannot be written")?;
    let kept = kept(&found, &plan, &desk)?;
    let count = |kind| plan.lines.iter().filter(|line| line.kind == kind).count();
    let (files, tasks) = (count(Kind::File), count(Kind::Manual));
    desk.saying.remark(told::planned(files, tasks, kept));
    if let Some(deadline) = &found.deadline {
        desk.saying.remark(told::answer_by(deadline.due));
    }
    Ok(Exit::Complete)
}

/// The id that rows of the register name.
fn id(person: &PersonArgs) -> anyhow::Result<&str> {
    person.id.as_deref().ok_or_else(|| {
        Refusal::new("the event register needs an id for the person")
            .hint("`--id ID`: an internal id, never an identity number")
            .into()
    })
}

/// Writes rows into the event register.
fn enter(desk: &Desk, rows: &[EventRow]) -> anyhow::Result<()> {
    let events = desk.places.events.first().cloned();
    let events = events.or_else(|| desk.law.registers.first().cloned());
    let events = events.unwrap_or_else(|| "events.csv".into());
    let count = register(&events, rows, &environment::account())?;
    desk.saying.remark(told::registered(count));
    Ok(())
}

/// What is due of the person's objects; documents that name others are tasks for a person.
fn planned(desk: &Desk, found: &Found, id: &str, approvals: u8) -> anyhow::Result<Plan> {
    let mut of = OfPerson::new(desk.people()?, id);
    for line in &found.objects {
        let row = desk.inventory.object_by_number(line.id)?;
        let Some(row) = row else { continue };
        let shared = found.names_others(&desk.inventory, line.id)?;
        of.add(row.path, line.found_by.clone(), shared);
    }
    let mut plan = desk.with_judging_of(&of, |judging| {
        let wish = plan::Wish {
            judging,
            as_of: desk.places.as_of,
            until: desk.places.as_of,
            process: None,
            subject: Some(id),
            approvals,
            lang: desk.saying.lang,
        };
        Ok(plan::make(&desk.inventory, &wish)?)
    })?;
    let whose = |hit: &Candidate| {
        let own = found.is_own(hit.kind.detector, hit.digest);
        own.then(|| id.to_owned()).into_iter().collect()
    };
    tasks::remark_on_unseen(tasks::pinpoint(desk, &mut plan, &whose)?);
    plan.seal(&desk.key)
        .context("the plan could not be sealed")?;
    Ok(plan)
}

/// Tells each object that no line of the plan takes away, with the ground for keeping it.
fn kept(found: &Found, plan: &Plan, desk: &Desk) -> anyhow::Result<usize> {
    let mut count = 0;
    let mut out = std::io::stdout().lock();
    for line in &found.objects {
        let row = desk.inventory.object_by_number(line.id)?;
        let Some(row) = row else { continue };
        let taken = plan.lines.iter().any(|planned| {
            planned.object == row.path || planned.also.iter().any(|also| also.object == row.path)
        });
        if taken {
            continue;
        }
        count += 1;
        listed::kept(line, desk.saying.lang, &mut out)?;
    }
    Ok(count)
}

/// Holds everything of the person's: by their id, and by place what nothing else ties to the id.
pub(super) fn restrict(arguments: &RestrictArgs) -> anyhow::Result<Exit> {
    let (person, id) = (&arguments.person, id(&arguments.person)?);
    let desk = person.desk(None)?;
    let on = arguments.on.unwrap_or(desk.places.as_of);
    let (by_id, by_place) = if arguments.lift {
        ("restriction_lifted", "legal_hold_lifted")
    } else {
        ("restriction_requested", "legal_hold_set")
    };
    let mut rows = vec![tables::event(by_id, on, &[("subject", id.to_owned())])];
    let found = found(&desk, person, asked(&desk, person)?)?;
    let mut places = Vec::new();
    for line in &found.objects {
        let row = desk.inventory.object_by_number(line.id)?;
        let Some(row) = row else { continue };
        let file = row.path.split("!/").next().unwrap_or(&row.path);
        let zone = desk.law.site.zone(file).and_then(|zone| zone.subject);
        if zone.as_deref() != Some(id) {
            places.push(pattern_of(file));
        }
    }
    places.sort();
    places.dedup();
    for place in places {
        let reference = format!("restriction {id} {:016x}", of_place(&place));
        rows.push(tables::event(
            by_place,
            on,
            &[("path", place), ("ref", reference)],
        ));
    }
    enter(&desk, &rows)?;
    if found.coverage.unread > 0 {
        let unread = found.coverage.unread;
        desk.saying.remark(told::not_held_back(unread));
    }
    Ok(Exit::Complete)
}

/// A short name for a place, by which a hold and its end find together.
fn of_place(place: &str) -> u64 {
    let digest = blake3::hash(place.as_bytes());
    let first = digest.as_bytes().first_chunk::<8>().copied();
    u64::from_be_bytes(first.unwrap_or_default())
}
