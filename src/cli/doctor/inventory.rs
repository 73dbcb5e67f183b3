//! The inventory as it is found: its key, its latest scan, and whether the roots can still be listed.

use std::path::Path;

use super::{Check, State, words};
use crate::cli::settings::Places;
use crate::cli::{environment, key, report};
use crate::inventory::{Reader, RunRow};
use crate::model::{Lang, ProblemKind};

/// Days after which the latest scan counts as old.
const OLD_AFTER_DAYS: i64 = 8;

const DAY_SECONDS: i64 = 24 * 60 * 60;

pub(super) fn checks(places: &Places, lang: Lang) -> Vec<Check> {
    let file = &places.inventory;
    if !file.exists() {
        return vec![Check::ok("inventory", words::made_later(file, lang))];
    }
    let looked = report::open(file).and_then(|reader| Ok((reader.runs()?, reader)));
    let (runs, reader) = match looked {
        Ok(looked) => looked,
        Err(error) => return vec![Check::fault("inventory", &error)],
    };
    let mut checks = vec![same_key(places, &reader, lang)];
    if let Some(latest) = runs.first() {
        checks.push(latest_scan(latest, lang));
        checks.extend(roots(latest, lang));
    }
    checks.push(permissions(&reader, lang));
    checks
}

/// Whether the inventory's digests were made with the key that a scan here would take.
fn same_key(places: &Places, reader: &Reader, lang: Lang) -> Check {
    let said = format!("`{}`", places.inventory.display());
    let key = key::look(places.key_file.clone(), &places.inventory);
    let own = key.ok().and_then(|(_, key)| key);
    let same = own.map(|key| {
        reader
            .key_fingerprint()
            .map(|made| made == key.fingerprint())
    });
    match same {
        Some(Ok(true)) => Check::ok("inventory", said),
        Some(Err(error)) => Check::fault("inventory", &error.into()),
        Some(Ok(false)) | None => Check {
            state: State::Fault,
            ..words::other_key(&said, lang)
        },
    }
}

fn latest_scan(run: &RunRow, lang: Lang) -> Check {
    let started = jiff::Timestamp::from_second(run.started).unwrap_or_default();
    let said = format!("{started}, {}", words::run_state(&run.state, lang));
    let days = (environment::now() - run.started) / DAY_SECONDS;
    if run.state != "finished" {
        Check::note("latest scan", said, words::goes_on(lang))
    } else if days >= OLD_AFTER_DAYS {
        Check::note("latest scan", said, words::is_old(lang))
    } else {
        Check::ok("latest scan", said)
    }
}

/// Whether the roots of the latest scan can still be listed.
fn roots(run: &RunRow, lang: Lang) -> Vec<Check> {
    let roots = run.roots.iter().map(|(_, path, _)| report::path_of(path));
    roots.map(|root| root_check(&root, lang)).collect()
}

fn root_check(root: &Path, lang: Lang) -> Check {
    let said = format!("`{}`", root.display());
    let listed = if root.is_dir() {
        std::fs::read_dir(root).map(|_| ())
    } else {
        std::fs::metadata(root).map(|_| ())
    };
    match listed {
        Ok(()) => Check::ok("root", said),
        Err(error) => Check::note("root", format!("{said}: {error}"), words::is_mounted(lang)),
    }
}

/// How many objects the account was not allowed to read.
fn permissions(reader: &Reader, lang: Lang) -> Check {
    let mut denied = 0_u64;
    let counted = reader.for_each_problem(&mut |row| {
        let problem = row.outcome.problem();
        denied += u64::from(problem.is_some_and(|p| p.kind == ProblemKind::Permission));
    });
    match (counted, denied) {
        (Err(error), _) => Check::fault("permissions", &error.into()),
        (Ok(()), denied) => words::permissions(denied, lang),
    }
}
