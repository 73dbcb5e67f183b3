//! What stands above the list of objects: coverage, findings, rules, runs, folders.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::inventory::RunSum;
use crate::model::{Lang, ProblemKind};
use crate::report::backdrop::Backdrop;
use crate::report::folders::FolderTree;
use crate::report::overview::Overview;
use crate::report::{Style, words};

/// Folders to begin with.
const URGENT: usize = 10;

/// Runs that are shown at most.
const RUNS: usize = 60;

/// Everything but folders and objects.
pub(super) fn about(overview: &Overview, backdrop: &Backdrop, style: Style) -> Value {
    let formats = overview.formats.iter();
    let formats = formats.map(|((format, outcome), (n, bytes))| json!([format, outcome, n, bytes]));
    let detectors = overview.detectors.iter().map(|(id, total)| {
        let name = Lang::ALL.map(|lang| words::detector(id, lang).to_owned());
        json!([id, name, total.objects, total.findings, total.distinct])
    });
    let urgent = overview.tree.urgent(URGENT).into_iter().map(|one| {
        json!([
            one.at,
            one.path,
            one.total.overdue,
            one.total.special,
            one.total.found,
            one.total.objects,
            one.total.owner()
        ])
    });
    let owners = overview
        .owners
        .iter()
        .map(|(owner, total)| json!([owner, total.objects, total.overdue]));
    let without = overview.without.iter();
    let without = without.map(|id| Lang::ALL.map(|lang| words::detector(id, lang)));
    let assumptions = overview.open_assumptions.iter().map(|(_, told)| told);
    let refused = overview
        .refused_rows
        .iter()
        .map(|row| json!([row.line, row.why]));
    json!({
        "program": env!("CARGO_PKG_VERSION"),
        "lang": style.lang.place(),
        "as_of": style.as_of,
        "objects": overview.discovered(),
        "bytes": overview.bytes,
        "outcomes": overview.outcomes,
        "unread": overview.unread,
        "unread_count": overview.unread_count(),
        "accepted": overview.accepted,
        "pictures": overview.pictures,
        "interrupted": overview.interrupted,
        "without": without.collect::<Vec<_>>(),
        "causes": causes(),
        "formats": formats.collect::<Vec<_>>(),
        "detectors": detectors.collect::<Vec<_>>(),
        "low": overview.low_findings,
        "judged": !backdrop.rules.is_empty(),
        "verdicts": overview.verdicts,
        "due_objects": overview.due_objects,
        "violation_objects": overview.violation_objects,
        "assumptions": assumptions.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "list_unused": overview.list_unused,
        "urgent": urgent.collect::<Vec<_>>(),
        "rules": rules(overview, backdrop),
        "owners": owners.collect::<Vec<_>>(),
        "runs": runs(backdrop),
    })
}

/// The rules, with how many objects are due and in violation by each.
fn rules(overview: &Overview, backdrop: &Backdrop) -> Value {
    let rules = backdrop.rules.iter().map(|rule| {
        let count = |totals: &BTreeMap<String, _>| totals.get(&rule.id).map_or(0, counted);
        json!({
            "id": rule.id, "title": rule.title, "policy": rule.policy,
            "statement": rule.statement, "norm": rule.norm, "quote": rule.quote,
            "due": count(&overview.due), "violated": count(&overview.violations),
        })
    });
    rules.collect()
}

fn counted(total: &crate::report::RuleTotal) -> u64 {
    total.count
}

/// The runs, the oldest first: number, start and end (seconds since 1970), state, objects, not read
/// to the end, gone, hits and objects with hits; the last two are nothing where the run did not sum up at
/// this level.
fn runs(backdrop: &Backdrop) -> Value {
    let runs = backdrop.runs.iter().take(RUNS).rev().map(|run| {
        let coverage = &run.coverage;
        let unread = coverage.partial + coverage.failed;
        let found = |sum: &&RunSum| sum.run == run.run && sum.detector.is_empty();
        let found = backdrop.sums.iter().find(found);
        json!([
            run.run,
            run.started,
            run.ended,
            run.state,
            coverage.discovered,
            unread,
            run.gone,
            found.map(|sum| sum.hits),
            found.map(|sum| sum.objects)
        ])
    });
    runs.collect()
}

/// What the causes of unread objects are called.
fn causes() -> Value {
    let causes = ProblemKind::ALL.iter().map(|kind| {
        let told = Lang::ALL.map(|lang| words::cause(*kind, lang));
        (kind.as_str().to_owned(), json!(told))
    });
    Value::Object(causes.collect())
}

/// The tree of folders as columns.
pub(super) fn folders(tree: &FolderTree) -> Value {
    let all = tree.folders();
    let column = |of: fn(&crate::report::Folder) -> u64| all.iter().map(of).collect::<Vec<u64>>();
    json!({
        "name": all.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>(),
        "parent": all.iter().map(|folder| folder.parent).collect::<Vec<_>>(),
        "owner": all.iter().map(crate::report::Folder::owner).collect::<Vec<_>>(),
        "objects": column(|folder| folder.objects),
        "bytes": column(|folder| folder.bytes),
        "found": column(|folder| folder.found),
        "overdue": column(|folder| folder.overdue),
        "special": column(|folder| folder.special),
        "unread": column(|folder| folder.unread),
    })
}
