//! `sporhund review`: the inventory and a plan in the browser, on this machine only.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use jiff::civil::Date;
use serde_json::Value;

use super::args::{JudgeArgs, KeyArgs, LevelArg, PathsArgs, RoundsArgs, SayArgs, SpeakArgs};
use super::config::read_text;
use super::environment;
use super::exit::Exit;
use super::law::Law;
use super::message::{Refusal, remark};
use super::plan::Desk;
use super::report::{self, Reporting};
use super::settings::Places;
use crate::inventory::{self, Inventory};
use crate::model::{Cancel, DigestKey};
use crate::plan::Plan;
use crate::review::{self, Gathering, Outside, Room, Token};

#[derive(Args, Debug)]
pub(crate) struct ReviewArgs {
    /// The plan to decide on: decisions go into this file
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// The port [default: one that is free]
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true
    )]
    port: u16,
    /// Lowest level of findings that are told
    #[arg(long, value_name = "low|medium|high")]
    min_confidence: Option<LevelArg>,
    /// Show the names of the applicant list beside the ids
    #[arg(long)]
    show_names: bool,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    rounds: RoundsArgs,
    #[command(flatten)]
    speak: SpeakArgs,
    #[command(flatten)]
    paths: PathsArgs,
}

pub(crate) fn run(arguments: &ReviewArgs) -> anyhow::Result<Exit> {
    let say = SayArgs {
        min_confidence: arguments.min_confidence,
        ..SayArgs::of(&arguments.speak, &arguments.paths)
    };
    let desk = Desk::new(&arguments.judge, &arguments.key, &say)?.with_rounds(&arguments.rounds)?;
    desk.people()?;
    let listener = listen(arguments.port)?;
    let reporting = Reporting::prepare(&desk.config, &desk.places, &desk.saying)?;
    let plan = match &arguments.plan {
        Some(file) => Some((file.clone(), read_plan(&desk, file)?)),
        None => None,
    };
    let gathering = Gathering::default();
    reporting.gather(&desk.inventory, Some(&desk.law), &gathering)?;
    let names = arguments.show_names.then(|| desk.names());
    let lang = desk.saying.lang;
    let quiet = desk.saying.quiet;
    let outside = Here {
        places: desk.places,
        law: desk.law,
        key: desk.key,
        reporting,
    };
    let mut room = Room::new(lang, gathering.into_objects(), Box::new(outside));
    if let Some((file, (plan, text))) = plan {
        room = room
            .with_plan(file, plan, text)
            .with_people(names.unwrap_or_default());
    }
    let token = Token::random().map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    let cancel = Cancel::default();
    super::scan::stop_on_signal(&cancel)?;
    let port = listener.local_addr()?.port();
    // The address is what the command is for: it goes where data goes.
    report::with_output(None, |out| {
        Ok(writeln!(
            out,
            "http://127.0.0.1:{port}/{}/",
            token.as_str()
        )?)
    })?;
    if !quiet {
        remark("review: open the address in a browser; it is for you only. Ctrl-C ends it");
    }
    review::serve(listener, token, room, &cancel).context("the review broke off")?;
    Ok(Exit::Complete)
}

fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        Refusal::new(format!("port {port} cannot be used"))
            .hint("leave out `--port`, and a free one is taken")
    })
}

/// The plan with its text, if it belongs to this inventory and is as the program wrote it.
fn read_plan(desk: &Desk, file: &Path) -> anyhow::Result<(Plan, String)> {
    let refused = |error: crate::plan::Error| Refusal::new(error.to_string());
    let text = read_text(file)?;
    let plan = Plan::parse(&text).map_err(refused)?;
    plan.check_inventory(&desk.inventory).map_err(refused)?;
    plan.check_seal(&desk.key).map_err(refused)?;
    Ok((plan, text))
}

/// The clock, the account and the inventory, for the room.
struct Here {
    places: Places,
    law: Law,
    key: DigestKey,
    reporting: Reporting,
}

impl Here {
    fn story(&self, number: i64) -> anyhow::Result<Option<Value>> {
        let inventory = report::open(&self.places.inventory)?;
        let Some(row) = inventory.object_by_number(number)? else {
            return Ok(None);
        };
        let law = Some(&self.law);
        let object = self.reporting.judge_one(&inventory, law, &row)?;
        Ok(Some(crate::report::object(&object)))
    }

    fn mark(&self, number: i64, detector: &str) -> anyhow::Result<u64> {
        let file = &self.places.inventory;
        let reader = report::open(file)?;
        let all = reader.digests_of(number, usize::MAX)?;
        let digests = all.into_iter().find(|(id, _)| id == detector);
        let (_, digests) = digests
            .ok_or_else(|| anyhow::anyhow!("no values of `{detector}` are known of this object"))?;
        // The lock first: while a scan writes, nothing is marked that it would overtake.
        let inventory = Inventory::create_or_open(file, self.key.fingerprint())?;
        let mut holding = vec![number];
        for digest in &digests {
            holding.extend(reader.objects_with(detector, *digest)?);
        }
        let by = (environment::now(), environment::account());
        inventory::dismiss(file, detector, &digests, (by.0, &by.1))?;
        inventory.read_again(&holding)?;
        Ok(digests.len() as u64)
    }
}

impl Outside for Here {
    fn account(&self) -> String {
        environment::account()
    }

    fn now(&self) -> (Date, i64) {
        (environment::today(), environment::now())
    }

    fn explain(&self, number: i64) -> Result<Option<Value>, String> {
        self.story(number).map_err(|error| format!("{error:#}"))
    }

    fn dismiss(&self, number: i64, detector: &str) -> Result<u64, String> {
        self.mark(number, detector)
            .map_err(|error| format!("{error:#}"))
    }
}
