//! `sporhund apply`, `restore`, `purge` and `verify`: what the user asks for → orders to `deed`, and
//! what became of them.

mod again;
mod approved;
mod asked;
pub(super) mod journal;
mod orders;
mod remarks;
mod room;
mod told;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::message::Refusal;
use super::{config, environment, report};
use crate::deed::{self, Done};
use crate::policy::Period;
use crate::report::escape::for_terminal;
pub(crate) use asked::{ApplyArgs, PurgeArgs, RestoreArgs, VerifyArgs};
use asked::{DeedArgs, StoreArgs};
use room::{Room, not_there};

/// How long a file waits in quarantine where nothing else is said.
const WAITING: &str = "P30D";

pub(crate) fn apply(arguments: &ApplyArgs) -> anyhow::Result<Exit> {
    let room = Room::of_rules(&arguments.judge, &arguments.deed)?.with_rounds(&arguments.rounds)?;
    if room.desk.config.scan_only && arguments.yes {
        return Err(Refusal::new("this configuration is for scanning only (`scan_only`)").into());
    }
    let orders = orders::Orders::read(&room, arguments)?;
    let mut hook = |_: &'static str| Ok(());
    let mut desk = room.deeds(&mut hook)?;
    room::recover(&mut desk)?;
    let mut applying = Applying::default();
    let mut counts = Counts::default();
    for (object, why) in &orders.refused {
        counts.tell(
            &room,
            object,
            &Done::Not(deed::Refused::NotPermitted(why.clone())),
        );
    }
    for order in &orders.due {
        let store = room.store(arguments.quarantine.as_deref(), &order.root);
        let mut done = Done::Did;
        // A receipt is opened by the first file that can be moved.
        if !arguments.yes || applying.receipt.is_none() {
            done = desk.try_out(order, &mut |_| orders.still_permitted())?;
        }
        if arguments.yes && matches!(done, Done::Did) {
            done = applying.quarantine(&mut desk, &store, order, &orders)?;
        }
        counts.tell(&room, &order.object, &done);
    }
    if let Some(receipt) = applying.receipt {
        room.write_receipt(&desk, &receipt)?;
        say(&format!("receipt {receipt}"))?;
    }
    let (did, not, saying) = (counts.did, counts.not, &room.desk.saying);
    saying.remark(remarks::applied(arguments.yes, (did, not), orders.open));
    if !arguments.yes && did > 0 {
        saying.remark(remarks::only_told("apply"));
    }
    Ok(counts.exit())
}

/// The receipt of a run, and the stores that were cleared of what an earlier one left.
#[derive(Default)]
struct Applying {
    receipt: Option<String>,
    swept: BTreeSet<PathBuf>,
}

impl Applying {
    fn quarantine(
        &mut self,
        desk: &mut deed::Desk<'_>,
        store: &Path,
        order: &deed::Order,
        orders: &orders::Orders,
    ) -> anyhow::Result<Done> {
        if self.swept.insert(store.to_path_buf()) {
            desk.sweep_store(store)?;
        }
        let receipt = match &self.receipt {
            Some(receipt) => receipt.clone(),
            None => desk.open_receipt(&environment::account(), &orders.seal)?,
        };
        self.receipt = Some(receipt.clone());
        let mut permit = |_: &deed::Order| orders.still_permitted();
        Ok(desk.quarantine(&receipt, store, order, &mut permit)?)
    }
}

pub(crate) fn restore(arguments: &RestoreArgs) -> anyhow::Result<Exit> {
    let room = Room::of_records(&arguments.store, &arguments.deed, None)?;
    let mut hook = |_: &'static str| Ok(());
    let mut desk = room.deeds(&mut hook)?;
    room::recover(&mut desk)?;
    let receipt = receipt_id(&arguments.receipt)?;
    let mut counts = Counts::default();
    for item in desk.quarantined(&receipt).map_err(not_there)? {
        if !arguments.item.is_empty() && !arguments.item.contains(&item) {
            continue;
        }
        let object = desk
            .manifest(&receipt, &item)
            .map(|manifest| manifest.object);
        let object = object.unwrap_or_else(|| item.clone());
        let done = desk.restore(&receipt, &item)?;
        counts.tell(&room, &object, &done);
    }
    room.write_receipt(&desk, &receipt)?;
    if counts.did + counts.not == 0 {
        room.desk.saying.remark(remarks::nothing_in_quarantine());
    }
    let restored = remarks::restored(counts.did, counts.not);
    room.desk.saying.remark(restored);
    Ok(counts.exit())
}

pub(crate) fn purge(arguments: &PurgeArgs) -> anyhow::Result<Exit> {
    let room = Room::of_rules(&arguments.judge, &arguments.deed)?;
    let period = arguments.after.as_deref().unwrap_or(WAITING);
    let waiting = Period::parse(period)
        .ok_or_else(|| Refusal::new(format!("`{period}` is no period")).hint("such as `P30D`"))?;
    let mut hook = |_: &'static str| Ok(());
    let mut desk = room.deeds(&mut hook)?;
    room::recover(&mut desk)?;
    let mut counts = Counts::default();
    let mut receipts = Vec::new();
    let only = arguments.receipt.as_ref();
    let waits = |(receipt, _): &(String, String)| only.is_none_or(|only| only == receipt);
    let (mut ripe, mut all) = (
        desk.ripe(seconds(waiting, room.desk.places.as_of)),
        desk.ripe(0),
    );
    ripe.retain(waits);
    all.retain(waits);
    let later = all.len() - ripe.len();
    room.desk.with_judging(|judging| {
        for (receipt, item) in ripe {
            let manifest = desk.manifest(&receipt, &item);
            let object = manifest.as_ref().map_or(&item, |manifest| &manifest.object);
            let done = if arguments.yes {
                desk.purge(&receipt, &item, &mut |manifest| {
                    room::no_hold(judging, manifest)
                })?
            } else {
                let held = manifest
                    .as_ref()
                    .map_or(Ok(()), |of| room::no_hold(judging, of));
                held.map_or_else(
                    |why| Done::Not(deed::Refused::NotPermitted(why)),
                    |()| Done::Did,
                )
            };
            counts.tell(&room, object, &done);
            receipts.push(receipt);
        }
        Ok(())
    })?;
    receipts.dedup();
    if arguments.yes {
        for receipt in &receipts {
            room.write_receipt(&desk, receipt)?;
        }
    }
    tell_purged(&room, arguments.yes, &counts, (later, period));
    Ok(counts.exit())
}

/// What was deleted, and how many files have not waited for the period yet.
fn tell_purged(room: &Room, is_done: bool, counts: &Counts, (later, period): (usize, &str)) {
    let saying = &room.desk.saying;
    saying.remark(remarks::purged(is_done, (counts.did, counts.not)));
    if !is_done && counts.did > 0 {
        saying.remark(remarks::only_told("purge"));
    }
    if later > 0 {
        saying.remark(remarks::still_waiting(later, period));
    }
}

pub(crate) fn verify(arguments: &VerifyArgs) -> anyhow::Result<Exit> {
    let room = Room::of_records(
        &arguments.store,
        &arguments.deed,
        arguments.output.as_deref(),
    )?;
    let mut hook = |_: &'static str| Ok(());
    let mut desk = room.deeds(&mut hook)?;
    room::recover(&mut desk)?;
    let receipt = receipt_id(&arguments.receipt)?;
    let certificate = room.certificate(&desk, &receipt)?;
    let again = again::copies(&room.desk.inventory, &room.desk.key, &desk, &receipt)?;
    report::with_output(room.desk.saying.output.as_deref(), |out| {
        if arguments.json {
            let shown = |path: &String| room.shown(path);
            let copies: Vec<String> = again.objects.iter().map(shown).collect();
            let value = serde_json::json!({
                "certificate": certificate,
                "scanned_since": again.scanned_since,
                "came_back": copies,
            });
            writeln!(out, "{}", serde_json::to_string_pretty(&value)?)?;
        } else {
            told::certificate(&certificate, room.desk.saying.lang, out)?;
        }
        Ok(())
    })?;
    for object in &again.objects {
        let shown = for_terminal(&room.shown(object));
        room.desk.saying.remark(remarks::copy_is_there(&shown));
    }
    if !again.scanned_since {
        room.desk.saying.remark(remarks::not_scanned_since());
    }
    let sound = certificate.items.iter().all(|item| item.verified);
    Ok(
        match (again.objects.is_empty(), sound && certificate.lost == 0) {
            (false, _) => Exit::Findings,
            (true, false) => Exit::Incomplete,
            (true, true) => Exit::Complete,
        },
    )
}

/// What became of the orders.
#[derive(Default)]
struct Counts {
    did: usize,
    not: usize,
}

impl Counts {
    fn tell(&mut self, room: &Room, object: &str, done: &Done) {
        let (shown, lang) = (for_terminal(&room.shown(object)), room.desk.saying.lang);
        let line = match done {
            Done::Did => {
                self.did += 1;
                format!("ok     {shown}")
            }
            Done::Already(receipt) => told::already(&shown, receipt, lang),
            Done::Not(why) => {
                self.not += 1;
                told::not(&shown, why, lang)
            }
        };
        // Where nobody reads any more, the work goes on.
        let _ = say(&line);
    }

    /// 3 where something was asked for and not done.
    fn exit(&self) -> Exit {
        if self.not > 0 {
            Exit::Incomplete
        } else {
            Exit::Complete
        }
    }
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")
}

/// A receipt's id: as it is, or as its file says.
fn receipt_id(given: &str) -> anyhow::Result<String> {
    if !Path::new(given).is_file() {
        return Ok(given.to_owned());
    }
    let text = config::read_text(Path::new(given))?;
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let value = value.get("certificate").unwrap_or(&value);
    let id = value.get("receipt").and_then(|id| id.as_str());
    Ok(id
        .ok_or_else(|| Refusal::new(format!("`{given}` is no receipt")))?
        .to_owned())
}

/// The seconds of a period that ends on a day.
fn seconds(period: Period, today: jiff::civil::Date) -> i64 {
    let days = today
        .until(period.after(today))
        .map_or(0, |span| i64::from(span.get_days()));
    days * 24 * 60 * 60
}
