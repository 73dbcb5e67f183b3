//! Runs a rule's example: facts and events as the rule file writes them, through the same judging
//! as any document.

use jiff::civil::Date;

use super::example_file::WrittenExample;
use super::facts::{Case, Facts, FindingFact, Role, SubjectRef};
use super::judge::{Judgement, judge_case};
use super::register::Event;
use super::rule::{Example, Rule};
use super::rulebook::Rulebook;
use super::verdict::Verdict;
use crate::model::{DateSource, Lang};

/// Runs an example of a rule. The sentences say what did not come out as expected.
pub(super) fn run(book: &Rulebook, rule: &Rule, example: &Example) -> Vec<String> {
    let written = &example.written;
    let case = match case(written) {
        Ok(case) => case,
        Err(message) => return vec![message],
    };
    let judgement = judge_case(book, &case, Lang::En);
    let mut wrong = unexpected(written, &judgement);
    let decides = judgement.decisive.contains(&rule.id);
    if example.counter && decides && !written.rule_may_decide {
        wrong.push("the rule decides its own counter-example".to_owned());
    }
    if !example.counter && !decides {
        let by = match judgement.decisive.join("`, `") {
            by if by.is_empty() => "no rule does".to_owned(),
            by => format!("`{by}` does"),
        };
        wrong.push(format!("the rule does not decide its own example; {by}"));
    }
    wrong
}

fn unexpected(written: &WrittenExample, judgement: &Judgement) -> Vec<String> {
    let mut wrong = Vec::new();
    if judgement.verdict != written.expect {
        wrong.push(format!(
            "expected `{}`, got `{}`",
            written.expect, judgement.verdict
        ));
    }
    let date = |day: Option<Date>| day.map_or("no day".to_owned(), |day| day.to_string());
    if let Some(due) = written.due
        && judgement.due != Some(due.0)
    {
        wrong.push(format!(
            "expected it due {}, got {}",
            due.0,
            date(judgement.due)
        ));
    }
    let timed = matches!(written.expect, Verdict::DeleteDue | Verdict::DeleteOn);
    if timed && written.due.is_none() {
        wrong.push("`due` is missing".to_owned());
    }
    wrong
}

fn case(written: &WrittenExample) -> Result<Case, String> {
    let mut dates = written.dates.clone();
    if let Some(text) = &written.date {
        let days = super::facts::parse_interval(text);
        let days = days.ok_or_else(|| format!("`{text}` is not a date"))?;
        dates.insert(DateSource::EmbeddedCreated, days);
    }
    let finding = |synthetic: bool| {
        move |kind: &String| FindingFact {
            kind: kind.clone(),
            synthetic,
        }
    };
    let mut findings: Vec<FindingFact> = written.findings.iter().map(finding(false)).collect();
    findings.extend(written.synthetic.iter().map(finding(true)));
    let subject = |id: String| SubjectRef { id, relation: None };
    let events: Result<Vec<Event>, String> = written
        .events
        .iter()
        .enumerate()
        .map(|(at, text)| event(at, text))
        .collect();
    Ok(Case {
        as_of: written.as_of.0,
        item: Facts {
            path: written.path.clone(),
            class: written
                .class
                .clone()
                .unwrap_or_else(|| "unknown".to_owned()),
            class_confidence: written.class_confidence.unwrap_or(1.0),
            role: written.role.unwrap_or(Role::Controller),
            purpose: written.purpose.words(),
            process: written.process.clone(),
            org: written.org.clone(),
            zone: written.zone.clone(),
            subjects: written.subject.words().into_iter().map(subject).collect(),
            outcome_unknown: false,
            findings,
            dates,
            truncated: written.truncated,
            kind: written.kind.clone(),
        },
        events: events?,
        site: written.site.clone(),
        ..Case::default()
    })
}

/// An event on one line: `2026-03-01 hiring_round_closed path=hr/** ref=X`.
fn event(at: usize, text: &str) -> Result<Event, String> {
    let wrong = || format!("`{text}` is not an event such as `2026-03-01 TYPE path=hr/**`");
    let mut words = text.split_whitespace();
    let on = words
        .next()
        .and_then(|word| word.parse().ok())
        .ok_or_else(wrong)?;
    let kind = words.next().ok_or_else(wrong)?.to_owned();
    let mut event = Event {
        id: format!("E{}", at + 1),
        on,
        kind,
        ..Event::default()
    };
    for word in words {
        let (key, value) = word.split_once('=').ok_or_else(wrong)?;
        let text = Some(value.to_owned());
        match key {
            "id" => value.clone_into(&mut event.id),
            "path" => event.path = text,
            "subject" => event.subject = text,
            "process" => event.process = text,
            "org" => event.org = text,
            "purpose" => event.purpose = text,
            "reason" => event.reason = text,
            "ref" => event.reference = text,
            "voids" => event.voids = text,
            "until" => event.until = Some(value.parse().map_err(|_| wrong())?),
            _ => return Err(wrong()),
        }
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::shipped_names;

    /// What rules are called is said in the Norwegian that they are written in; all else in Nynorsk.
    #[test]
    fn explanations_in_nynorsk_hold_no_words_of_bokmal() {
        let bokmal = [
            "ikke",
            "fra",
            "ble",
            "dager",
            "slettes",
            "dokumentets",
            "vurderes",
            "ennå",
            "noe",
        ];
        let mut told = 0;
        for name in shipped_names() {
            let book = Rulebook::shipped(&[name]).unwrap();
            let titles: Vec<&str> = book
                .rules()
                .iter()
                .map(|rule| rule.title_in(Lang::Nn))
                .collect();
            let is_own = |step: &&String| !titles.iter().any(|title| step.contains(title));
            let examples = book.rules().iter().flat_map(|rule| &rule.examples);
            for example in examples {
                let case = case(&example.written).unwrap();
                let steps = judge_case(&book, &case, Lang::Nn).explanation;
                for step in steps.iter().filter(is_own) {
                    let words: Vec<&str> = step.split([' ', ',', ';', ':']).collect();
                    let found = bokmal.iter().find(|word| words.contains(word));
                    assert_eq!(found, None, "{step}");
                    told += 1;
                }
            }
        }
        assert!(told > 100, "{told}");
    }
}
