//! Whether a task for a person was done, by what a later scan found.

use std::collections::BTreeSet;

use super::{Kind, Line, Plan};
use crate::model::Lang;

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// What had to go is gone.
    Done,
    /// It is as it was, or what is left of it has to go still.
    Open,
    /// The object is another one now, and the rules no longer tell that it is about the person.
    Changed,
}

impl Standing {
    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        lang.pick(match self {
            Self::Done => ["gjort", "gjort", "done"],
            Self::Open => ["åpen", "open", "open"],
            Self::Changed => ["endret", "endra", "changed"],
        })
    }
}

impl Line {
    /// How the task stands. `now` is the plan of today, `present` the files of tasks with the contents
    /// that lie in them. Members of mail folders are known by their content: their numbers change when
    /// a message before them goes.
    #[must_use]
    pub fn standing(&self, now: &Plan, present: &BTreeSet<(String, String)>) -> Standing {
        let Some(task) = &self.task else {
            return Standing::Open;
        };
        let is_there = |content: &String| present.contains(&(task.file.clone(), content.clone()));
        if self.content.as_ref().is_some_and(is_there) {
            return Standing::Open;
        }
        let of_file = now.lines.iter().filter(|line| {
            line.kind == Kind::Manual
                && line
                    .task
                    .as_ref()
                    .is_some_and(|other| other.file == task.file)
        });
        let numbered = task.member.as_deref().is_some_and(is_numbered);
        let mut same = of_file.filter(|line| line.object == self.object && !numbered);
        match (same.next(), &now.head.subject) {
            (None, _) => Standing::Done,
            // A plan about one person ties objects to them by their place.
            (Some(_), Some(_)) => Standing::Changed,
            (Some(_), None) => Standing::Open,
        }
    }
}

/// Whether a member is called by its number in a mail folder.
fn is_numbered(member: &str) -> bool {
    let name = member.split("!/").next().unwrap_or(member);
    let number = name
        .strip_prefix("message-")
        .and_then(|rest| rest.strip_suffix(".eml"));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
