//! What a person has to do by hand: where exactly, when a plan is made, and whether it was done, after
//! the next scan.

use std::collections::{BTreeMap, BTreeSet};

use super::exit::Exit;
use super::message::{Refusal, remark};
use super::ocr::Ocr;
use super::plan::{Desk, fresh};
use super::root_places::RootPlaces;
use super::subject::reading::{Gathering, read};
use super::{environment, report, workers};
use crate::detect::Scanner;
use crate::extract::Reader;
use crate::model::{Cancel, Candidate, Limits, Place};
use crate::plan::{Kind, Line, PersonPlace, Plan, Standing};
use crate::report::escape::for_terminal;

/// Places of a person in one object that are listed.
const MOST_PLACES: usize = 1000;

/// Reads the files of tasks about passages again, and lists where those stand who have to go. `whose`
/// gives their ids for a hit. A file that cannot be reached, or that has changed, keeps the places that
/// the scan noted; returns how many tasks those are.
///
/// # Errors
/// The inventory cannot be read, or no reader be started.
pub(super) fn pinpoint(
    desk: &Desk,
    plan: &mut Plan,
    whose: &dyn Fn(&Candidate) -> Vec<String>,
) -> anyhow::Result<usize> {
    let about = |line: &Line| line.task.as_ref().is_some_and(|task| task.passages);
    let mut by_file: BTreeMap<String, Vec<&mut Line>> = BTreeMap::new();
    for line in plan.lines.iter_mut().filter(|line| about(line)) {
        let file = line.task.as_ref().map(|task| task.file.clone());
        by_file
            .entry(file.unwrap_or_default())
            .or_default()
            .push(line);
    }
    if by_file.is_empty() {
        return Ok(0);
    }
    let ocr = Ocr::new(None, desk.config.ocr.as_deref())?;
    let reader = Reader::new(Limits::default(), Cancel::default()).with_content_digests(true);
    let (reader, _) = workers::attach(ocr.attach(reader), 1)?;
    let scanner = Scanner::new(desk.key.clone(), [].into()).on(environment::today());
    let places = RootPlaces::of(&desk.inventory)?;
    let mut unseen = 0;
    for (file, lines) in by_file {
        let mut gathering = Gathering::new(&scanner);
        if let Some(row) = desk.inventory.object(&file)?
            && let Some(path) = places.file(&row)
        {
            read(&reader, &path, &row, &mut gathering);
        }
        for line in lines {
            let read = gathering.read.remove(&line.object);
            let same = read.filter(|read| {
                let content = read
                    .content
                    .map(|digest| blake3::Hash::from(digest).to_string());
                content.is_some() && content == line.content
            });
            match (&mut line.task, same) {
                (Some(task), Some(read)) => task.persons = persons(&read.hits, whose),
                _ => unseen += 1,
            }
        }
    }
    Ok(unseen)
}

/// Where the persons stand, each row, line or page once.
fn persons(hits: &[Candidate], whose: &dyn Fn(&Candidate) -> Vec<String>) -> Vec<PersonPlace> {
    let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for hit in hits {
        let Some(place) = hit.place() else {
            continue;
        };
        for subject in whose(hit) {
            let of = places.entry(subject).or_default();
            if of.len() < MOST_PLACES && !of.iter().any(|known| is_beside(known, place)) {
                of.push(place.clone());
            }
        }
    }
    let places = places.into_iter().flat_map(|(subject, places)| {
        places.into_iter().map(move |place| PersonPlace {
            subject: subject.clone(),
            place,
        })
    });
    places.collect()
}

/// Whether two places are in one row, line or page.
fn is_beside(one: &Place, other: &Place) -> bool {
    match (one, other) {
        (Place::Text { line: a, .. }, Place::Text { line: b, .. })
        | (Place::Column { row: a, .. }, Place::Column { row: b, .. }) => a == b,
        (Place::Sheet { sheet: a, cell: c }, Place::Sheet { sheet: b, cell: d }) => {
            let row = |cell: &str| cell.trim_start_matches(char::is_alphabetic).to_owned();
            a == b && row(c) == row(d)
        }
        (one, other) => one == other,
    }
}

/// Tells which tasks of a plan are done, by what the latest scan left.
///
/// # Errors
/// No scan was made since the plan; the inventory cannot be read.
pub(super) fn tell(desk: &Desk, plan: &Plan) -> anyhow::Result<Exit> {
    let latest = desk.inventory.runs()?.into_iter().next();
    if latest.is_none_or(|run| run.run <= plan.head.run || run.state != "finished") {
        let refusal = Refusal::new("no scan was finished since the plan was made");
        return Err(refusal.hint("scan again, and ask again").into());
    }
    let now = fresh(desk, plan)?;
    let present = present(desk, plan)?;
    let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
    report::with_output(desk.saying.output.as_deref(), |out| {
        for line in plan.lines.iter().filter(|line| line.kind == Kind::Manual) {
            let standing = line.standing(&now, &present);
            *counts.entry(standing).or_default() += 1;
            let object = for_terminal(&line.object);
            writeln!(
                out,
                "{:<8} {} {object}",
                standing.word(desk.saying.lang),
                line.id
            )?;
        }
        Ok(())
    })?;
    let count = |standing| counts.get(&standing).copied().unwrap_or_default();
    let changed = count(Standing::Changed);
    let open = count(Standing::Open) + changed;
    if changed > 0 {
        // A plan holds no identifiers, so the words of a document that changed tell it nothing.
        remark(&format!(
            "tasks: {changed} have changed; `sporhund subject find` tells whether they hold the person still"
        ));
    }
    remark(&format!(
        "tasks: {} done, {open} not",
        count(Standing::Done)
    ));
    Ok(if open == 0 {
        Exit::Complete
    } else {
        Exit::Incomplete
    })
}

/// Files that tasks are about, and the contents that lie in them now.
fn present(desk: &Desk, plan: &Plan) -> anyhow::Result<BTreeSet<(String, String)>> {
    let files: BTreeSet<&str> = plan
        .lines
        .iter()
        .filter_map(|line| Some(line.task.as_ref()?.file.as_str()))
        .collect();
    let mut present = BTreeSet::new();
    desk.inventory.for_each_object(&mut |row| {
        let ends = row.path.match_indices("!/").map(|(at, _)| at);
        let file = ends.chain([row.path.len()]).find_map(|end| {
            let file = row.path.get(..end)?;
            files.contains(file).then(|| file.to_owned())
        });
        if let (Some(file), Some(content)) = (file, row.content_digest) {
            present.insert((file, blake3::Hash::from(content).to_string()));
        }
    })?;
    Ok(present)
}

/// A task that names the places of nobody: the file was not there to be read.
pub(super) fn remark_on_unseen(unseen: usize) {
    if unseen > 0 {
        remark(&format!(
            "plan: {unseen} tasks name only the first places; their files could not be read again"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_one_row_are_one_place() {
        let cell = |cell: &str| Place::Sheet {
            sheet: "a".into(),
            cell: cell.into(),
        };
        assert!(is_beside(&cell("B17"), &cell("AC17")));
        assert!(!is_beside(&cell("B17"), &cell("B1")));
        let line = |byte, line| Place::Text { byte, line };
        assert!(is_beside(&line(3, 1), &line(9, 1)));
        assert!(!is_beside(&line(3, 1), &Place::Page { page: 1 }));
    }
}
