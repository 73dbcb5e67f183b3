//! Properties of verdicts, on random rules, facts and events.
//!
//! The generator is seeded, so a failure comes back; what a hold and a statutory keep demand is worked
//! out here from what was generated, apart from the code that judges.

use std::fmt::Write as _;

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan as _};
use sporhund::model::{DateInterval, DateSource, Lang};
use sporhund::policy::{
    Case, Dates, Event, Facts, FindingFact, Judgement, Role, Rulebook, Source, SubjectRef, Verdict,
    judge_case,
};

/// Sets of rules, and sets of facts judged by each: ten thousand sets of facts.
const BOOKS: u64 = 50;
const FACTS: u64 = 200;

/// Numbers that follow from a seed (`SplitMix64`, Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.number() % n as u64).expect("less than n")
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// True in one case of `n`.
    fn rarely(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn day(&mut self, from: i16, years: usize) -> Date {
        let first = date(from, 1, 1);
        first
            .checked_add(days(self.below(years * 365)))
            .expect("within the calendar")
    }

    fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
        items
    }
}

fn days(n: usize) -> Span {
    Span::new().days(i64::try_from(n).expect("a small number"))
}

const PURPOSES: [&str; 3] = ["recruitment", "newsletter", "course"];
const SUBJECTS: [&str; 3] = ["cand:1", "cand:2", "cand:3"];
/// Types of event that generated rules name, and the scopes that each may have.
const EVENTS: [(&str, &[&str]); 14] = [
    ("hiring_round_closed", &["path", "process"]),
    ("hiring_round_reopened", &["path", "process"]),
    ("candidate_hired", &["subject"]),
    ("newsletter_unsubscribed", &["subject"]),
    ("newsletter_subscribed", &["subject"]),
    ("course_ended", &["path", "process"]),
    ("consent_given", &["subject", "path"]),
    ("consent_withdrawn", &["subject", "path"]),
    ("legal_hold_set", &["path", "subject", "process"]),
    ("legal_hold_lifted", &["path", "subject", "process"]),
    ("exception_granted", &["path", "subject", "process"]),
    ("employment_ended", &["subject"]),
    ("erasure_requested", &["subject"]),
    ("request_received", &["subject"]),
];

/// A rule that keeps, as it was generated.
#[derive(Clone)]
struct Keeps {
    start: &'static str,
    months: i64,
}

struct Book {
    rules: Vec<String>,
    keeps: Vec<Keeps>,
}

const HEAD: &str =
    "schema = 1\n[policy]\nid = \"random\"\nkind = \"baseline\"\ntitle = \"Random\"\n";

impl Book {
    fn random(dice: &mut Dice) -> Self {
        let mut book = Self {
            rules: Vec::new(),
            keeps: Vec::new(),
        };
        for _ in 0..=dice.below(5) {
            book.delete(dice);
        }
        for _ in 0..dice.below(4) {
            book.keep(dice);
        }
        book.rule(
            "hold",
            "{ any_role = true }",
            "set = \"legal_hold_set\"\nlift = \"legal_hold_lifted\"\n",
        );
        if dice.rarely(2) {
            book.rule("exception", "{}", "reasons = [\"legal\", \"security\"]\n");
        }
        if dice.rarely(2) {
            let rest = "start = \"event:erasure_requested\"\nperiod = \"P0D\"\n";
            book.rule("review_on", "{}", rest);
        }
        if dice.rarely(3) {
            let rest = "start = \"event:request_received\"\nperiod = \"P1M\"\ncloses = \"request_answered\"\n";
            book.rule("deadline", "{ any_role = true }", rest);
        }
        if dice.rarely(3) {
            book.rule(
                "forbid",
                "{ finding = [\"fodselsnummer\"] }",
                "unless_event = [\"consent_given\"]\n",
            );
        }
        book
    }

    fn rule(&mut self, kind: &str, when: &str, rest: &str) {
        let id = format!("R{}", self.rules.len());
        self.rules.push(format!(
            "[[rule]]\nid = \"{id}\"\nkind = \"{kind}\"\ntitle = \"{id}\"\nnorm = \"a norm\"\nwhen = {when}\n{rest}"
        ));
    }

    fn delete(&mut self, dice: &mut Dice) {
        let starts = [
            "event:hiring_round_closed",
            "event:newsletter_unsubscribed",
            "event:course_ended",
            "event:consent_withdrawn",
            "document_date",
            "fiscal_year_end",
        ];
        let start = *dice.one(&starts);
        let mut rest = format!(
            "start = \"{start}\"\nperiod = \"{}\"\n",
            dice.one(&["P0D", "P30D", "P6M", "P2Y"])
        );
        if start.starts_with("event:") {
            if dice.rarely(2) {
                rest.push_str(
                    "cancelled_by = [\"hiring_round_reopened\", \"newsletter_subscribed\"]\n",
                );
            }
            if dice.rarely(2) {
                rest.push_str("review_after = \"P12M\"\n");
            } else if dice.rarely(3) {
                rest.push_str("optional = true\n");
            }
        }
        if dice.rarely(3) {
            rest.push_str("unless_event = [\"candidate_hired\"]\n");
        }
        if dice.rarely(3) {
            rest.push_str("unless_consent = [\"talent_pool\"]\n");
        }
        if dice.rarely(4) {
            rest.push_str("history = [{ period = \"P10D\", until = 2024-06-30 }]\n");
        }
        let when = match dice.below(4) {
            0 => "{}".to_owned(),
            at => format!("{{ purpose = [\"{}\"] }}", PURPOSES[at - 1]),
        };
        self.rule("delete", &when, &rest);
    }

    fn keep(&mut self, dice: &mut Dice) {
        let start = *dice.one(&[
            "document_date",
            "fiscal_year_end",
            "event:employment_ended",
            "never",
        ]);
        let months = *dice.one(&[6, 42, 60]);
        let then = *dice.one(&["delete", "review"]);
        let period = if start == "never" {
            String::new()
        } else {
            format!("period = \"P{months}M\"\n")
        };
        self.rule(
            "keep",
            "{}",
            &format!("start = \"{start}\"\n{period}then = \"{then}\"\n"),
        );
        self.keeps.push(Keeps { start, months });
    }

    fn read(rules: &[String]) -> Rulebook {
        let text = rules.iter().fold(HEAD.to_owned(), |mut text, rule| {
            let _ = write!(text, "\n{rule}");
            text
        });
        let source = Source {
            name: "random.toml",
            text: &text,
        };
        Rulebook::parse(&[source]).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }
}

fn facts(dice: &mut Dice) -> Facts {
    let mut dates = Dates::default();
    for source in [
        DateSource::Content,
        DateSource::EmbeddedCreated,
        DateSource::Path,
        DateSource::Mtime,
    ] {
        if dice.rarely(2) {
            let day = dice.day(2021, 4);
            let month = DateInterval::month_or_year(day.year(), Some(day.month()));
            let span = month.filter(|_| source == DateSource::Path);
            dates.insert(source, span.unwrap_or_else(|| DateInterval::day(day)));
        }
    }
    let some = |dice: &mut Dice, of: &[&str]| -> Vec<String> {
        let chosen = of.iter().filter(|_| dice.rarely(2));
        chosen.map(ToString::to_string).collect()
    };
    let finding = |kind: &str| FindingFact {
        kind: kind.to_owned(),
        synthetic: false,
    };
    let mut findings = vec![finding("name")];
    if dice.rarely(4) {
        findings.push(finding("fodselsnummer"));
    }
    let subject = |id: String| SubjectRef { id, relation: None };
    Facts {
        path: "share/r1/cv.pdf".to_owned(),
        class: "recruitment.cv".to_owned(),
        class_confidence: if dice.rarely(8) { 0.5 } else { 0.9 },
        role: if dice.rarely(20) {
            Role::Unknown
        } else {
            Role::Controller
        },
        purpose: some(dice, &PURPOSES),
        process: dice.rarely(2).then(|| "R1".to_owned()),
        subjects: some(dice, &SUBJECTS).into_iter().map(subject).collect(),
        findings,
        dates,
        truncated: dice.rarely(20),
        ..Facts::default()
    }
}

/// Up to nine events, several of them on the same few days, some of them taken back.
fn events(dice: &mut Dice) -> Vec<Event> {
    let days: Vec<Date> = (0..4).map(|_| dice.day(2023, 5)).collect();
    let mut events: Vec<Event> = Vec::new();
    for at in 0..dice.below(10) {
        let (kind, scopes) = *dice.one(&EVENTS);
        let mut event = Event {
            id: format!("E{}", at + 1),
            on: *dice.one(&days),
            kind: kind.to_owned(),
            ..Event::default()
        };
        match *dice.one(scopes) {
            "path" => event.path = Some("share/r1/**".to_owned()),
            "process" => event.process = Some("R1".to_owned()),
            _ => event.subject = Some((*dice.one(&SUBJECTS)).to_owned()),
        }
        match kind {
            "legal_hold_set" | "legal_hold_lifted" => {
                event.reference = dice
                    .rarely(2)
                    .then(|| (*dice.one(&["T1", "T2"])).to_owned());
            }
            "exception_granted" => {
                event.reason = Some("legal".to_owned());
                event.until = Some(dice.day(2026, 3));
                event.recorded_by = Some("dpo".to_owned());
            }
            "consent_given" | "consent_withdrawn" => {
                event.purpose = Some("talent_pool".to_owned());
                event.until =
                    (kind == "consent_given" && !dice.rarely(4)).then(|| dice.day(2025, 3));
            }
            _ => event.purpose = dice.rarely(5).then(|| (*dice.one(&PURPOSES)).to_owned()),
        }
        events.push(event);
        if dice.rarely(12) {
            events.push(Event {
                id: format!("C{}", at + 1),
                on: *dice.one(&days),
                kind: "correction".to_owned(),
                voids: Some(format!("E{}", at + 1)),
                ..Event::default()
            });
        }
    }
    events
}

/// Ten thousand questions, each with the rules it is asked by.
fn each(seed: u64, mut ask: impl FnMut(&Book, &Rulebook, &Case, &mut Dice)) {
    for book in 0..BOOKS {
        let mut dice = Dice(seed ^ (book << 32));
        let rules = Book::random(&mut dice);
        let read = Book::read(&rules.rules);
        for _ in 0..FACTS {
            let case = Case {
                as_of: dice.day(2023, 7),
                item: facts(&mut dice),
                events: events(&mut dice),
                ..Case::default()
            };
            ask(&rules, &read, &case, &mut dice);
        }
    }
}

fn judge(book: &Rulebook, case: &Case) -> Judgement {
    judge_case(book, case, Lang::En)
}

/// A case and its rules, in short, for messages.
fn all(case: &Case, rules: &Book) -> String {
    let mut text = format!("as of {}\n{:?}\n", case.as_of, case.item);
    for e in &case.events {
        let whom = [
            &e.path,
            &e.subject,
            &e.process,
            &e.purpose,
            &e.reference,
            &e.voids,
        ];
        let _ = writeln!(
            text,
            "{} {} {} {whom:?} until {:?}",
            e.id, e.on, e.kind, e.until
        );
    }
    text + &rules.rules.join("\n")
}

/// What must not depend on any order: everything but the wording.
fn said(judgement: Judgement) -> Judgement {
    let mut lint = judgement.lint;
    lint.sort();
    Judgement {
        explanation: Vec::new(),
        review: None,
        lint,
        ..judgement
    }
}

#[test]
fn the_order_of_rules_and_events_changes_no_verdict() {
    each(1, |rules, book, case, dice| {
        let straight = said(judge(book, case));
        let shuffled = Case {
            events: dice.shuffled(&case.events),
            ..case.clone()
        };
        let other = said(judge(book, &shuffled));
        assert_eq!(straight, other, "events\n{}", all(case, rules));
    });
    for seed in 0..400 {
        let mut dice = Dice(seed ^ (9 << 32));
        let rules = Book::random(&mut dice);
        let straight = Book::read(&rules.rules);
        let shuffled = Book::read(&dice.shuffled(&rules.rules));
        for _ in 0..25 {
            let case = Case {
                as_of: dice.day(2023, 7),
                item: facts(&mut dice),
                events: events(&mut dice),
                ..Case::default()
            };
            let (one, other) = (said(judge(&straight, &case)), said(judge(&shuffled, &case)));
            assert_eq!(one, other, "rules\n{}", all(&case, &rules));
        }
    }
}

/// The rows that hold: those that no other row takes back.
fn standing(case: &Case) -> impl Iterator<Item = &Event> {
    let gone = |event: &Event| {
        case.events
            .iter()
            .any(|e| e.voids.as_ref() == Some(&event.id))
    };
    case.events.iter().filter(move |event| !gone(event))
}

/// Whether a row concerns the document, whoever of its people it is about.
fn concerns(event: &Event, facts: &Facts) -> bool {
    let subject = event
        .subject
        .as_ref()
        .is_none_or(|id| facts.subjects.iter().any(|s| s.id == *id));
    let purpose = event
        .purpose
        .as_ref()
        .is_none_or(|p| facts.purpose.contains(p));
    let process = event.process.is_none() || event.process == facts.process;
    subject && purpose && process
}

/// The earliest day that the document can be from is not before this, where one date stands alone.
fn only_date(facts: &Facts) -> Option<Date> {
    let sources = [
        DateSource::Content,
        DateSource::EmbeddedCreated,
        DateSource::Path,
        DateSource::Mtime,
    ];
    let given: Vec<_> = sources
        .into_iter()
        .filter_map(|s| Some((s, facts.dates.get(s)?)))
        .collect();
    match given.as_slice() {
        [(source, days)] if *source != DateSource::Mtime => Some(days.first),
        _ => None,
    }
}

/// The first day on which a generated rule lets the document go; `None` where it never does or
/// where it does not bind.
fn kept_until(keeps: &Keeps, case: &Case) -> Option<Date> {
    let start = match keeps.start {
        "document_date" => only_date(&case.item)?,
        "fiscal_year_end" => {
            let from = only_date(&case.item)?;
            date(from.year(), 12, 31)
        }
        _ => return None,
    };
    start.checked_add(keeps.months.months()).ok()
}

#[test]
fn nothing_is_due_before_a_hold_or_a_norm_that_keeps_allows() {
    let (mut holds, mut norms) = (0, 0);
    each(2, |rules, book, case, _| {
        let judgement = judge(book, case);
        let told = || format!("{judgement:?}\n{}", all(case, rules));
        let lifted = |set: &Event| {
            standing(case).any(|lift| {
                lift.kind == "legal_hold_lifted"
                    && lift.on >= set.on
                    && lift.reference == set.reference
            })
        };
        let held = standing(case).any(|set| {
            set.kind == "legal_hold_set"
                && set.on <= case.as_of
                && concerns(set, &case.item)
                && !lifted(set)
        });
        if held {
            holds += 1;
            assert_eq!(judgement.verdict, Verdict::Hold, "{}", told());
            assert_eq!(judgement.due, None, "{}", told());
        }
        for keeps in &rules.keeps {
            let never = keeps.start == "never";
            let open = keeps.start == "event:employment_ended"
                && !case.events.iter().any(|e| e.kind == "employment_ended");
            let due = judgement.retention == Verdict::DeleteDue;
            assert!(!(due && (never || open)), "kept without an end\n{}", told());
            let Some(until) = kept_until(keeps, case) else {
                continue;
            };
            norms += 1;
            assert!(
                !(due && case.as_of <= until),
                "kept until {until}\n{}",
                told()
            );
            if judgement.retention == Verdict::DeleteOn {
                let early = judgement.due_earliest.or(judgement.due);
                assert!(
                    early.is_none_or(|day| day > until),
                    "kept until {until}\n{}",
                    told()
                );
            }
        }
    });
    assert!(holds > 1000 && norms > 1000, "{holds} holds, {norms} norms");
}

#[test]
fn between_two_events_a_verdict_only_moves_towards_deletion() {
    let mut moved = 0;
    each(3, |rules, book, case, dice| {
        let mut before: Option<(Date, Judgement)> = None;
        let mut day = case.as_of;
        for _ in 0..6 {
            let now = judge(
                book,
                &Case {
                    as_of: day,
                    ..case.clone()
                },
            );
            if let Some((then, earlier)) = &before
                && !case.events.iter().any(|e| e.on > *then && e.on <= day)
                && !has_a_date_between(&case.item, *then, day)
            {
                let told = || format!("{then} {earlier:?}\n{day} {now:?}\n{}", all(case, rules));
                assert!(now.retention >= earlier.retention, "{}", told());
                assert!(now.verdict >= earlier.verdict, "{}", told());
                if let (true, Some(was), Some(is)) =
                    (has_day(&now) && has_day(earlier), earlier.due, now.due)
                {
                    assert!(is <= was, "{}", told());
                }
                moved += usize::from(now.retention > earlier.retention);
            }
            before = Some((day, now));
            day = day
                .checked_add(days(dice.below(300) + 1))
                .expect("within the calendar");
        }
    });
    assert!(moved > 300, "only {moved} verdicts moved at all");
}

fn has_day(judgement: &Judgement) -> bool {
    matches!(judgement.verdict, Verdict::DeleteOn | Verdict::DeleteDue)
}

/// A date of the document that lay ahead is believed from its day on: that is news, as an event is.
fn has_a_date_between(facts: &Facts, then: Date, day: Date) -> bool {
    let sources = [
        DateSource::Content,
        DateSource::EmbeddedCreated,
        DateSource::Path,
        DateSource::Mtime,
    ];
    let days = sources
        .into_iter()
        .filter_map(|source| facts.dates.get(source));
    days.into_iter()
        .any(|days| days.last > then && days.first <= day)
}
