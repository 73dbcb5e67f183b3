//! From a plan with approvals to orders: what is approved, by whom, and due at this moment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::approved::approved_by;
use super::{ApplyArgs, Room};
use crate::cli::config::read_text;
use crate::cli::message::Refusal;
use crate::cli::plan::{Desk as PlanDesk, fresh};
use crate::cli::root_places::RootPlaces;
use crate::cli::signing;
use crate::deed::{About, Order};
use crate::inventory::ObjectRow;
use crate::plan::{Kind, Line, Plan, State};
use crate::round::{Attributed, Attribution as _, People};

/// The class of a list of applicants.
const APPLICANT_LIST: &str = "recruitment.applicant_list";

/// What is to be carried out.
pub(super) struct Orders {
    pub(super) due: Vec<Order>,
    /// Approved lines that are not carried out: the object and why.
    pub(super) refused: Vec<(String, String)>,
    /// Lines that are not approved.
    pub(super) open: usize,
    pub(super) seal: String,
    registers: Vec<(PathBuf, Option<(SystemTime, u64)>)>,
}

impl Orders {
    pub(super) fn read(room: &Room, arguments: &ApplyArgs) -> anyhow::Result<Self> {
        let desk = &room.desk;
        let refused = |error: crate::plan::Error| Refusal::new(error.to_string());
        let plan = Plan::parse(&read_text(&arguments.plan)?).map_err(refused)?;
        plan.check_inventory(&desk.inventory).map_err(refused)?;
        plan.check_seal(&desk.key).map_err(refused)?;
        let signers = signing::signers(arguments.allowed_signers.as_deref(), &desk.config)?;
        let signed = signing::signed(&plan, signers.as_ref())?;
        let registers = registers(&desk.law.registers);
        let now = fresh(desk, &plan)?;
        let roots = RootPlaces::of(&desk.inventory)?.moved(&arguments.root)?;
        let mut orders = Self {
            due: Vec::new(),
            refused: Vec::new(),
            open: 0,
            seal: plan.seal.clone(),
            registers,
        };
        for line in &plan.lines {
            if line.state != State::Approved {
                orders.open += 1;
                continue;
            }
            let order = approved_by(line, plan.head.approvals, signed.as_ref())
                .and_then(|by| still_due(line, &now).map(|()| by))
                .and_then(|by| order(line, by, desk, &roots))
                .and_then(|order| in_turn(line, order, &plan, desk));
            match order {
                Ok(order) => orders.due.push(order),
                Err(why) => orders.refused.push((line.object.clone(), why)),
            }
        }
        Ok(orders)
    }

    /// Asked right before each move: a hold that was registered meanwhile must not be overlooked.
    pub(super) fn still_permitted(&self) -> Result<(), String> {
        let same = self
            .registers
            .iter()
            .all(|(path, was)| state_of(path) == *was);
        if same {
            Ok(())
        } else {
            Err("the event register has changed since the run began; run `apply` again".to_owned())
        }
    }
}

fn registers(files: &[PathBuf]) -> Vec<(PathBuf, Option<(SystemTime, u64)>)> {
    files
        .iter()
        .map(|path| (path.clone(), state_of(path)))
        .collect()
}

fn state_of(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Whether the rules still say now what the plan said then.
fn still_due(line: &Line, now: &Plan) -> Result<(), String> {
    match line.kind {
        Kind::File => {}
        Kind::Manual => return Err("it is a task for a person, not a file to move".to_owned()),
        Kind::Possible => {
            return Err("it is listed for a person to look at, and never moved".to_owned());
        }
    }
    match now.line(&line.id).map(|line| line.kind) {
        Some(Kind::File) => Ok(()),
        Some(Kind::Manual | Kind::Possible) => {
            Err("something in the file has to stay by now, or is on hold".to_owned())
        }
        None => Err(
            "by the rules and events of today it is not due: a hold, a later event, or a day that \
             has not come"
                .to_owned(),
        ),
    }
}

fn order(
    line: &Line,
    by: Vec<String>,
    desk: &PlanDesk,
    roots: &RootPlaces,
) -> Result<Order, String> {
    let told = |_| "the inventory cannot be read".to_owned();
    let row = desk.inventory.object(&line.object).map_err(told)?;
    let row: ObjectRow = row.ok_or("the inventory no longer knows it")?;
    let content = row.content_digest.ok_or("its content was not read whole")?;
    if line.content.as_deref() != Some(blake3::Hash::from(content).to_hex().as_str()) {
        return Err("its content has changed since the plan was made; make a new plan".to_owned());
    }
    Ok(Order {
        id: line.id.clone(),
        object: line.object.clone(),
        root: roots.folder(&row).ok_or("its root is not known")?,
        about: about(line, &row, desk).map_err(|why| why.to_string())?,
        relative: row.relative,
        content,
        bytes: row.bytes,
        rules: line.rules.iter().map(|rule| rule.rule.clone()).collect(),
        due: line.due.map(|day| day.to_string()),
        approved_by: by,
    })
}

/// Lets an applicant list go last: what else belongs to its round is found by it.
fn in_turn(line: &Line, order: Order, plan: &Plan, desk: &PlanDesk) -> Result<Order, String> {
    if line.class != APPLICANT_LIST {
        return Ok(order);
    }
    let mut waiting = 0;
    let undecided = |line: &&Line| line.state == State::Open && line.kind != Kind::Possible;
    for other in plan.lines.iter().filter(undecided) {
        let round = round_of(other, desk).map_err(|why| why.to_string())?;
        waiting += usize::from(round.is_some_and(|round| order.about.processes.contains(&round)));
    }
    match waiting {
        0 => Ok(order),
        _ => Err(format!(
            "an applicant list goes last, and {waiting} lines of its round are not decided yet"
        )),
    }
}

/// The round that an object belongs to, by its place or by the applicant list.
fn round_of(line: &Line, desk: &PlanDesk) -> anyhow::Result<Option<String>> {
    let place = desk.law.site.zone(&line.object);
    if let Some(round) = place.and_then(|zone| zone.process) {
        return Ok(Some(round));
    }
    let row = desk.inventory.object(&line.object)?;
    let people = desk.people()?;
    Ok(row.and_then(|row| attributed(people, &row, desk).process))
}

/// What the applicant list tells of an object.
fn attributed(people: &People, row: &ObjectRow, desk: &PlanDesk) -> Attributed {
    let zone = desk.law.site.zone(&row.path);
    people.of(row, zone.as_ref())
}

/// Whom a file and everything in it is about, by the plan, the applicant list and the places of the site file.
fn about(line: &Line, file: &ObjectRow, desk: &PlanDesk) -> anyhow::Result<About> {
    let people = desk.people()?;
    let mut subjects: BTreeSet<String> = line.subjects.iter().cloned().collect();
    let mut processes = BTreeSet::new();
    desk.inventory.for_each_in_file_of(file.id, &mut |row| {
        let known = attributed(people, &row, desk);
        subjects.extend(known.subjects);
        processes.extend(known.process);
    })?;
    if let Some(zone) = desk.law.site.zone(&file.path) {
        subjects.extend(zone.subject);
        processes.extend(zone.process);
    }
    Ok(About {
        subjects: subjects.into_iter().collect(),
        processes: processes.into_iter().collect(),
    })
}
