//! `sporhund plan`: what is due, as a plan that people approve line by line.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::args::{JudgeArgs, SayArgs};
use super::config::Config;
use super::exit::Exit;
use super::law::Law;
use super::message::{Refusal, remark};
use super::settings::{Places, Saying};
use super::{key, report};
use crate::inventory::Reader;
use crate::model::DigestKey;
use crate::plan::{self, Nobody, Plan, Wish};
use crate::policy::{Judge, Period};
use crate::report::Judging;

/// The folder for quarantined files below a root, where no other is named.
#[cfg(unix)]
pub(super) const QUARANTINE: &str = crate::deed::QUARANTINE;
/// The same name where nothing is ever moved.
#[cfg(not(unix))]
pub(super) const QUARANTINE: &str = ".sporhund-quarantine";

#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// Only this hiring round, course or case
    #[arg(long, value_name = "ID")]
    process: Option<String>,
    /// Also what falls due within a period, such as `P30D`
    #[arg(long, value_name = "PERIOD")]
    within: Option<String>,
    /// How many different people must approve each line
    #[arg(long, value_name = "1|2", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    approvals: u8,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    say: SayArgs,
}

pub(crate) fn run(arguments: &PlanArgs) -> anyhow::Result<Exit> {
    let desk = Desk::new(&arguments.judge, &arguments.say)?;
    let mut plan = desk.with_judging(|judging| make(&desk, judging, arguments))?;
    plan.seal(&desk.key)
        .context("the plan could not be sealed")?;
    report::with_output(desk.saying.output.as_deref(), |out| {
        out.write_all(plan.to_json()?.as_bytes())?;
        Ok(())
    })?;
    if !desk.saying.quiet {
        tell(&plan);
    }
    Ok(Exit::Complete)
}

/// What is due at this moment: what an approved line is held against before it is carried out.
#[cfg(unix)]
pub(super) fn fresh(desk: &Desk, process: Option<&str>) -> anyhow::Result<Plan> {
    desk.with_judging(|judging| {
        let wish = Wish {
            judging,
            book: &desk.law.rulebook,
            attribution: &Nobody,
            as_of: desk.places.as_of,
            until: desk.places.as_of,
            process,
            approvals: 1,
            lang: desk.saying.lang,
        };
        Ok(plan::make(&desk.inventory, &wish)?)
    })
}

fn make(desk: &Desk, judging: &Judging<'_>, arguments: &PlanArgs) -> anyhow::Result<Plan> {
    let as_of = desk.places.as_of;
    let until = match &arguments.within {
        None => as_of,
        Some(text) => Period::parse(text)
            .ok_or_else(|| Refusal::new(format!("`{text}` is no period")).hint("such as `P30D`"))?
            .after(as_of),
    };
    let wish = Wish {
        judging,
        book: &desk.law.rulebook,
        attribution: &Nobody,
        as_of,
        until,
        process: arguments.process.as_deref(),
        approvals: arguments.approvals,
        lang: desk.saying.lang,
    };
    Ok(plan::make(&desk.inventory, &wish)?)
}

fn tell(plan: &Plan) {
    let count = |kind| plan.lines.iter().filter(|line| line.kind == kind).count();
    let (files, manual) = (count(plan::Kind::File), count(plan::Kind::Manual));
    let possible = count(plan::Kind::Possible);
    remark(&format!(
        "plan: {files} files, {manual} tasks for a person, {possible} to look at"
    ));
    if plan.head.unread > 0 {
        let unread = plan.head.unread;
        remark(&format!(
            "plan: {unread} objects were not read to their end and are not in it"
        ));
    }
    if !plan.head.open_assumptions.is_empty() {
        let open = plan.head.open_assumptions.join(", ");
        remark(&format!(
            "plan: periods rest on assumptions that nobody has accepted: {open}"
        ));
    }
}

/// Everything that a command needs that acts on verdicts.
pub(super) struct Desk {
    pub(super) places: Places,
    pub(super) saying: Saying,
    pub(super) law: Law,
    pub(super) inventory: Reader,
    pub(super) key: DigestKey,
    pub(super) config: Config,
}

impl Desk {
    pub(super) fn new(judge: &JudgeArgs, say: &SayArgs) -> anyhow::Result<Self> {
        let config = report::configuration(judge)?;
        let places = Places::new(judge, &config)?;
        let saying = Saying::new(say, &config)?;
        let law = Law::load(&places, saying.lang)?.ok_or_else(|| {
            Refusal::new("without rules nothing is due")
                .hint("`--rules FILE|NAME`, or `rules` in `sporhund.toml`")
        })?;
        let inventory = report::open(&places.inventory)?;
        let key = right_key(places.key_file.clone(), &places.inventory, &inventory)?;
        Ok(Self {
            places,
            saying,
            law,
            inventory,
            key,
            config,
        })
    }

    /// Works with the judge of these rules, events and day.
    pub(super) fn with_judging<T>(
        &self,
        work: impl FnOnce(&Judging<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let law = &self.law;
        let (facts, lang) = (&law.site.facts, self.saying.lang);
        let judge = Judge::new(&law.rulebook, facts, &law.register, self.places.as_of, lang);
        work(&Judging::new(&self.inventory, &judge, &law.site, lang)?)
    }
}

/// The key that the inventory was made with.
fn right_key(
    file: Option<PathBuf>,
    path: &std::path::Path,
    inventory: &Reader,
) -> anyhow::Result<DigestKey> {
    let key = key::load(file, path)?;
    if inventory.key_fingerprint()? == key.fingerprint() {
        return Ok(key);
    }
    Err(
        Refusal::new("the inventory was made with another digest key")
            .hint("name the right one with `--key-file FILE`")
            .into(),
    )
}
