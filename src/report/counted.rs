//! What objects are counted as: outcomes, problems, findings, verdicts.

use super::JudgedObject;
use super::gather::{Gathered, folder};
use super::overview::{NAMED_PROBLEMS, ProblemObject, RuleLine};
use crate::inventory::ObjectRow;
use crate::model::{Outcome, ProblemKind};
use crate::policy::{Judgement, Verdict};

impl Gathered<'_> {
    pub(super) fn count_outcome(&mut self, row: &ObjectRow, object: &JudgedObject) {
        let overview = &mut self.overview;
        *overview.outcomes.entry(object.outcome.clone()).or_default() += 1;
        let format = object.format.clone().unwrap_or_default();
        let of_format = overview
            .formats
            .entry((format, object.outcome.clone()))
            .or_default();
        of_format.0 += 1;
        of_format.1 += row.bytes;
        if row.depth == 0 {
            overview.bytes += row.bytes;
        }
        self.count_problem(row, &object.shown);
    }

    pub(super) fn count_problem(&mut self, row: &ObjectRow, shown: &str) {
        let Some(problem) = row.outcome.problem() else {
            return;
        };
        let (cause, stage) = (problem.kind.to_string(), problem.stage.to_string());
        let unread = self.is_unread(row);
        let overview = &mut self.overview;
        if cause == "image-without-text" {
            overview.pictures += 1;
        } else if row.outcome.is_unread() && !unread {
            overview.accepted += 1;
        } else if unread {
            *overview.unread.entry(cause.clone()).or_default() += 1;
        }
        if overview.problems.len() < NAMED_PROBLEMS {
            overview.problems.push(ProblemObject {
                object: shown.to_owned(),
                format: row.format.clone(),
                outcome: row.outcome.name().to_owned(),
                cause,
                stage,
                unread_bytes: unread_bytes(row),
                unread,
            });
        }
    }

    pub(super) fn count_findings(&mut self, row: &ObjectRow, object: &JudgedObject) {
        let overview = &mut self.overview;
        let min = self.context.style.min_confidence;
        let low = row.findings.iter().filter(|found| found.confidence < min);
        overview.low_findings += low.map(|found| found.count).sum::<u64>();
        if !object.findings.is_empty() {
            let total = overview
                .folders
                .entry(folder(&object.shown, &row.root))
                .or_default();
            let owner = object.owner.clone().unwrap_or_default();
            for total in [total, overview.owners.entry(owner).or_default()] {
                total.objects += 1;
                total.overdue += u64::from(object.is_overdue());
            }
        }
    }

    pub(super) fn count_verdict(&mut self, object: &JudgedObject) {
        let Some(judgement) = &object.judgement else {
            return;
        };
        let verdict = judgement.verdict;
        *self
            .overview
            .verdicts
            .entry(verdict.to_string())
            .or_default() += 1;
        if verdict == Verdict::Hold {
            return;
        }
        let line = |due, rule: &str| RuleLine {
            object: object.shown.clone(),
            due,
            why: why(judgement, rule),
        };
        self.overview.due_objects += u64::from(judgement.retention == Verdict::DeleteDue);
        self.overview.violation_objects += u64::from(!judgement.violations.is_empty());
        if judgement.retention == Verdict::DeleteDue {
            let timed = judgement.decisive.iter().filter(|id| self.counts_time(id));
            for id in timed.collect::<Vec<_>>() {
                let title = self.title(id);
                let total = self.overview.due.entry(id.clone()).or_default();
                total.add(title, line(judgement.due, id));
            }
        }
        for id in &judgement.violations {
            let title = self.title(id);
            let total = self.overview.violations.entry(id.clone()).or_default();
            total.add(title, line(None, id));
        }
        if verdict == Verdict::Review {
            let reason = judgement.review.clone().unwrap_or_default();
            self.overview
                .review_total(reason)
                .add(String::new(), line(None, ""));
        }
    }

    /// Whether a rule is about time, not about what a place may hold.
    fn counts_time(&self, rule: &str) -> bool {
        let book = self.context.law.map(|law| law.book);
        let rule = book.and_then(|book| book.rule(rule));
        rule.is_some_and(|rule| matches!(rule.kind_word(), "delete" | "keep" | "exception"))
    }

    fn title(&self, rule: &str) -> String {
        let book = self.context.law.map(|law| law.book);
        let rule = book.and_then(|book| book.rule(rule));
        rule.map(|rule| rule.title_in(self.context.style.lang).to_owned())
            .unwrap_or_default()
    }
}

/// The step of the explanation in which a rule first has its say: its label is followed by the rule.
fn why(judgement: &Judgement, rule: &str) -> Option<String> {
    let step = judgement.explanation.iter().find_map(|line| {
        let (_, step) = line.split_once(rule)?;
        step.strip_prefix(": ")
    });
    step.filter(|_| !rule.is_empty()).map(str::to_owned)
}

/// How much of an object lies behind the place where a bound of work ended reading it.
fn unread_bytes(row: &ObjectRow) -> Option<u64> {
    let Outcome::Partial(problem) = row.outcome else {
        return None;
    };
    let bounded = matches!(problem.kind, ProblemKind::LimitBytes | ProblemKind::Timeout);
    let left = row.bytes.saturating_sub(problem.at?);
    (bounded && left > 0).then_some(left)
}
