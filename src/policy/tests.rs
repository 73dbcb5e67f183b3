//! Tests of the shipped rules and of each step of precedence.
#![expect(
    clippy::needless_pass_by_value,
    reason = "literal JSON reads best by value"
)]

use super::*;
use crate::model::Lang;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::sync::LazyLock;

#[test]
fn every_shipped_rule_file_passes_its_check() {
    for name in shipped_names() {
        let book = Rulebook::shipped(&[name]).unwrap();
        let report = check(&book, CheckOptions::default());
        assert!(report.is_ok(), "{name}: {:#?}", report.findings);
        assert!(report.examples > 0, "{name} has no examples");
    }
}

/// A document of a closed hiring round, with other facts put in.
fn recruitment(other: Value) -> Value {
    let mut item = json!({
        "path": "hr/r1/cv.pdf", "class": "recruitment.cv", "role": "controller",
        "purpose": ["recruitment"], "process": "R1", "subjects": [{"id": "cand:1"}],
        "findings": [{"type": "name"}], "dates": {"embedded": "2026-01-20"},
    });
    for (key, value) in other.as_object().unwrap() {
        item[key] = value.clone();
    }
    item
}

/// Events written as in rule files.
fn events(lines: &[&str]) -> Value {
    let written = lines.iter().enumerate().map(|(at, line)| {
        let mut words = line.split(' ');
        let mut event = json!({
            "id": format!("E{at}"), "on": words.next().unwrap(), "type": words.next().unwrap(),
        });
        for word in words {
            let (key, value) = word.split_once('=').unwrap();
            event[key] = json!(value);
        }
        event
    });
    written.collect()
}

fn judged_by(book: &Rulebook, as_of: &str, item: Value, lines: &[&str], site: Value) -> Judgement {
    let case = json!({"as_of": as_of, "item": item, "events": events(lines), "site": site});
    let cases = Case::parse("test", &case.to_string()).unwrap();
    judge_case(book, &cases[0], Lang::En)
}

fn judged(as_of: &str, item: Value, lines: &[&str]) -> Judgement {
    static BOOK: LazyLock<Rulebook> =
        LazyLock::new(|| Rulebook::shipped(&["poweroffice-2024"]).unwrap());
    judged_by(&BOOK, as_of, item, lines, json!({}))
}

const CLOSED: &str = "2026-03-01 hiring_round_closed path=hr/r1/**";

#[track_caller]
fn assert_verdict(got: &Judgement, verdict: Verdict, due: Option<&str>) {
    let due = due.map(|day| day.parse::<Date>().unwrap());
    assert_eq!((got.verdict, got.due), (verdict, due), "{got:#?}");
}

#[test]
fn step_1_the_register_rows_that_are_taken_back_do_not_exist() {
    let voided = [CLOSED, "2026-03-02 correction voids=E0"];
    assert_verdict(
        &judged("2026-11-22", recruitment(json!({})), &voided),
        Verdict::Keep,
        None,
    );
    let restored = [
        CLOSED,
        "2026-03-02 correction voids=E0",
        "2026-03-03 correction voids=E1",
    ];
    let got = judged("2026-11-22", recruitment(json!({})), &restored);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-09-01"));
    let moved = [
        CLOSED,
        "2026-05-01 hiring_round_closed path=hr/r1/** voids=E0",
    ];
    let got = judged("2026-11-22", recruitment(json!({})), &moved);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-11-01"));
}

#[test]
fn step_2_the_role_decides_which_rules_are_seen() {
    let lines = [CLOSED];
    for (role, verdict) in [
        ("joint", Verdict::DeleteDue),
        ("processor", Verdict::Keep),
        ("unknown", Verdict::Review),
    ] {
        let got = judged("2026-11-22", recruitment(json!({"role": role})), &lines);
        assert_eq!(got.verdict, verdict, "{role}: {got:#?}");
    }
    let lines = ["2026-11-20 processor_instruction_delete path=hr/r1/**"];
    let got = judged(
        "2026-11-22",
        recruitment(json!({"role": "processor"})),
        &lines,
    );
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-11-20"));
    let nothing = recruitment(json!({"role": "unknown", "findings": []}));
    assert_verdict(&judged("2026-11-22", nothing, &[]), Verdict::Keep, None);
}

#[test]
fn step_3_a_hold_wins_and_tells_what_would_be() {
    let held = [
        CLOSED,
        "2026-05-02 legal_hold_set process=R1 ref=A until=2026-10-01",
    ];
    let got = judged("2026-11-22", recruitment(json!({})), &held);
    assert_verdict(&got, Verdict::Hold, None);
    assert_eq!(got.would_be, [Verdict::DeleteDue]);
    assert!(got.review.unwrap().contains("looked at by 2026-10-01"));
    for (lift, verdict) in [
        (
            "2026-06-01 legal_hold_lifted process=R1 ref=B",
            Verdict::Hold,
        ),
        (
            "2026-06-01 legal_hold_lifted process=R2 ref=A",
            Verdict::Hold,
        ),
        (
            "2026-12-01 legal_hold_lifted process=R1 ref=A",
            Verdict::Hold,
        ),
        (
            "2026-11-22 legal_hold_lifted path=hr/r1/** ref=A",
            Verdict::DeleteDue,
        ),
    ] {
        let lines = [held[0], held[1], lift];
        let got = judged("2026-11-22", recruitment(json!({})), &lines);
        assert_eq!(got.verdict, verdict, "{lift}");
    }
    let two = recruitment(json!({"subjects": [{"id": "cand:1"}, {"id": "cand:2"}]}));
    let one = [CLOSED, "2026-05-02 restriction_requested subject=cand:2"];
    let got = judged("2026-11-22", two.clone(), &one);
    assert_verdict(&got, Verdict::Hold, None);
    let lifted = [
        one[0],
        one[1],
        "2026-05-03 restriction_lifted subject=cand:1",
    ];
    assert_verdict(
        &judged("2026-11-22", two.clone(), &lifted),
        Verdict::Hold,
        None,
    );
    let lifted = [
        one[0],
        one[1],
        "2026-05-03 restriction_lifted subject=cand:2",
    ];
    let got = judged("2026-11-22", two, &lifted);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-09-01"));
    let unknown = recruitment(json!({"role": "unknown"}));
    assert_verdict(&judged("2026-11-22", unknown, &held), Verdict::Hold, None);
}

fn voucher(dates: Value) -> Value {
    json!({
        "path": "crm/1/faktura.pdf", "class": "accounting.voucher", "role": "controller",
        "purpose": ["access_admin"], "subjects": [{"id": "user:1"}],
        "findings": [{"type": "name"}], "dates": dates,
    })
}

#[test]
fn step_4_a_norm_wins_over_a_duty_to_delete_and_the_conflict_is_told() {
    let closed = ["2026-01-15 profile_closed subject=user:1"];
    let got = judged(
        "2026-11-22",
        voucher(json!({"content": "2021-04-30"})),
        &closed,
    );
    assert_verdict(&got, Verdict::DeleteOn, Some("2027-01-01"));
    assert_eq!(got.conflicts, 1);
    let got = judged(
        "2027-01-01",
        voucher(json!({"content": "2021-04-30"})),
        &closed,
    );
    assert_verdict(&got, Verdict::DeleteDue, Some("2027-01-01"));
    // Without a date the end cannot be computed, however sure the duty is.
    let got = judged("2026-11-22", voucher(json!({})), &closed);
    assert_verdict(&got, Verdict::Review, None);
    assert!(got.review.unwrap().contains("document date unknown"));
    // A live purpose keeps it, in and after the period of the law.
    let got = judged("2026-11-22", voucher(json!({"content": "2021-04-30"})), &[]);
    assert_verdict(&got, Verdict::Keep, None);
    let got = judged("2027-11-22", voucher(json!({"content": "2021-04-30"})), &[]);
    assert_verdict(&got, Verdict::Keep, None);
    // A duty after the end of the norm is no conflict.
    let late = ["2027-01-15 profile_closed subject=user:1"];
    let got = judged(
        "2026-11-22",
        voucher(json!({"content": "2020-04-30"})),
        &late,
    );
    assert_verdict(&got, Verdict::DeleteOn, Some("2027-02-14"));
    assert_eq!(got.conflicts, 0);
}

#[test]
fn step_5_an_exception_needs_a_reason_and_an_end() {
    let profile = json!({
        "path": "crm/1.json", "class": "account.profile", "role": "controller",
        "purpose": ["access_admin"], "subjects": [{"id": "user:1"}],
        "findings": [{"type": "name"}],
    });
    let closed = "2026-09-01 profile_closed subject=user:1";
    for (granted, due, conflicts, lint) in [
        ("reason=agreement until=2027-03-31", "2027-04-01", 1, 0),
        ("reason=agreement until=2026-10-31", "2026-11-01", 1, 0),
        ("reason=agreement until=2026-09-15", "2026-10-01", 0, 0),
        ("reason=agreement", "2026-10-01", 0, 1),
        ("until=2027-03-31", "2026-10-01", 0, 1),
        ("reason=habit until=2027-03-31", "2026-10-01", 0, 1),
    ] {
        let granted = format!("2026-09-10 exception_granted subject=user:1 {granted}");
        let got = judged("2026-11-22", profile.clone(), &[closed, &granted]);
        assert_eq!(got.due, Some(due.parse().unwrap()), "{granted}");
        assert_eq!(
            (got.conflicts, got.lint.len()),
            (conflicts, lint),
            "{granted}"
        );
    }
}

#[test]
fn step_6_within_a_purpose_the_earliest_and_across_purposes_the_latest() {
    let contact = |purposes: Value| {
        json!({
            "path": "crm/1.json", "class": "account.profile", "role": "controller",
            "purpose": purposes, "subjects": [{"id": "user:1"}],
            "findings": [{"type": "name"}, {"type": "email"}],
        })
    };
    let both = contact(json!(["newsletter", "access_admin"]));
    let lines = [
        "2026-09-01 newsletter_unsubscribed subject=user:1",
        "2026-11-01 profile_closed subject=user:1",
    ];
    let got = judged("2026-11-22", both.clone(), &lines);
    assert_verdict(&got, Verdict::DeleteOn, Some("2026-12-01"));
    assert_eq!(got.partial, ["PO-6.2-NEWSLETTER"]);
    let got = judged("2026-12-01", both, &lines);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-12-01"));
    let news = contact(json!(["newsletter"]));
    let lines = [
        "2026-09-01 newsletter_unsubscribed subject=user:1",
        "2026-08-01 consent_withdrawn subject=user:1",
    ];
    let got = judged("2026-11-22", news.clone(), &lines);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-08-31"));
    // A withdrawal for one purpose ends that one only.
    let course = ["2026-08-01 consent_withdrawn subject=user:1 purpose=course"];
    assert_verdict(&judged("2026-11-22", news, &course), Verdict::Keep, None);
    // A police certificate goes with the round, whatever else the purpose allows.
    let police = recruitment(json!({"class": "recruitment.police_certificate"}));
    let got = judged("2026-11-22", police, &[CLOSED]);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-03-01"));
}

#[test]
fn consent_to_be_kept_moves_the_day_until_it_is_withdrawn() {
    let given = "2026-03-05 consent_given subject=cand:1 purpose=talent_pool";
    let until = format!("{given} until=2027-03-05");
    let base = || recruitment(json!({}));
    let got = judged("2026-11-22", base(), &[CLOSED, &until]);
    assert_verdict(&got, Verdict::DeleteOn, Some("2027-03-05"));
    let got = judged("2026-11-22", base(), &[CLOSED, given]);
    assert_verdict(&got, Verdict::Review, None);
    let back = "2026-06-01 consent_withdrawn subject=cand:1 purpose=talent_pool";
    let got = judged("2026-11-22", base(), &[CLOSED, &until, back]);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-09-01"));
    let short = format!("{given} until=2026-05-01");
    let got = judged("2026-11-22", base(), &[CLOSED, &short]);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-09-01"));
}

#[test]
fn step_7_several_people() {
    let people = recruitment(json!({
        "class": "recruitment.assessment",
        "subjects": [{"id": "cand:1"}, {"id": "cand:2"}, {"id": "cand:3"}],
    }));
    let got = judged("2026-11-22", people.clone(), &[CLOSED]);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-09-01"));
    let lines = [CLOSED, "2026-05-01 consent_withdrawn subject=cand:3"];
    let got = judged("2026-11-22", people.clone(), &lines);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-09-01"));
    let lines = [
        CLOSED,
        "2026-05-01 consent_given subject=cand:3 purpose=talent_pool until=2028-01-01",
    ];
    let got = judged("2026-11-22", people, &lines);
    assert_verdict(&got, Verdict::Review, None);
    let review = got.review.unwrap();
    assert!(review.contains("mixed subjects"), "{review}");
    assert!(review.contains("2 delete_due, 1 delete_on"), "{review}");
}

#[test]
fn step_8_nothing_is_due_without_a_sure_class_and_a_whole_reading() {
    for (other, verdict) in [
        (json!({"class_confidence": 0.80}), Verdict::DeleteDue),
        (json!({"class_confidence": 0.79}), Verdict::Review),
        (json!({"truncated": true}), Verdict::Review),
    ] {
        let got = judged("2026-11-22", recruitment(other.clone()), &[CLOSED]);
        assert_eq!(got.verdict, verdict, "{other}");
        assert_eq!(got.retention, verdict, "{other}");
    }
    let got = judged(
        "2026-05-02",
        recruitment(json!({"truncated": true})),
        &[CLOSED],
    );
    assert_verdict(&got, Verdict::DeleteOn, Some("2026-09-01"));
}

#[test]
fn step_9_content_is_an_axis_of_its_own() {
    let with = |kind: &str| recruitment(json!({"findings": [{"type": kind}]}));
    let got = judged("2026-05-02", with("fodselsnummer:d-number"), &[CLOSED]);
    assert_eq!(
        (got.verdict, got.retention),
        (Verdict::Review, Verdict::DeleteOn)
    );
    let got = judged("2026-11-22", with("fodselsnummer"), &[CLOSED]);
    assert_eq!(got.verdict, Verdict::DeleteDue);
    let got = judged("2026-11-22", with("organisation-number:company"), &[CLOSED]);
    assert_verdict(&got, Verdict::Keep, None);
    let list = |zone: Value, synthetic: bool| {
        json!({
            "path": "m/liste.csv", "class": "marketing.newsletter_list", "role": "controller",
            "purpose": ["newsletter"], "zone": zone,
            "findings": [{"type": "name"}, {"type": "fodselsnummer", "synthetic": synthetic}],
        })
    };
    let got = judged("2026-11-22", list(json!({}), true), &[]);
    assert_eq!(
        got.verdict,
        Verdict::Violation,
        "synthetic numbers are judged like real ones"
    );
    let got = judged("2026-11-22", list(json!({"test_data": true}), true), &[]);
    assert_eq!(got.verdict, Verdict::Keep);
}

#[test]
fn dates_are_intervals_and_file_times_upper_bounds() {
    let log = |dates: Value| {
        json!({
            "path": "logg/a.log", "class": "log.usage", "role": "controller",
            "purpose": ["audit_trail"], "findings": [{"type": "ip-address"}], "dates": dates,
        })
    };
    let on = |as_of: &str, dates: Value| judged(as_of, log(dates), &[]);
    let got = on("2026-11-30", json!({"path": "2025-11"}));
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-11-30"));
    assert_eq!(got.due_earliest, Some("2026-11-01".parse().unwrap()));
    assert_verdict(
        &on("2026-11-15", json!({"path": "2025-11"})),
        Verdict::Review,
        None,
    );
    let got = on("2026-10-31", json!({"path": "2025-11"}));
    assert_verdict(&got, Verdict::DeleteOn, Some("2026-11-30"));
    let got = on("2026-11-22", json!({"mtime": "2025-11-22"}));
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-11-22"));
    assert_verdict(
        &on("2026-11-22", json!({"mtime": "2025-11-23"})),
        Verdict::Review,
        None,
    );
    assert_verdict(&on("2026-11-22", json!({})), Verdict::Review, None);
    assert_verdict(
        &on("2026-11-22", json!({"embedded": "1970-01-01"})),
        Verdict::Review,
        None,
    );
    let got = on("2025-03-01", json!({"embedded": "2024-02-29"}));
    assert_verdict(&got, Verdict::DeleteDue, Some("2025-02-28"));
    let old = json!({"content": "2020-01-01", "embedded": "2026-06-01"});
    let got = on("2026-11-22", old);
    assert!(got.review.unwrap().contains("date uncertain"));
}

#[test]
fn deadlines_run_from_the_request_and_can_be_extended_once_in_time() {
    let request = json!({
        "path": "innsyn/1", "kind": "request", "class": "dsar.request", "role": "controller",
        "purpose": ["information"], "subjects": [{"id": "mail:1"}],
        "findings": [{"type": "name"}],
    });
    let received = "2026-01-31 request_received subject=mail:1";
    let extended = "2026-02-28 request_extended subject=mail:1";
    let late = "2026-03-01 request_extended subject=mail:1";
    let answered = "2026-03-01 request_answered subject=mail:1";
    let other = "2026-02-01 request_answered subject=mail:2";
    for (as_of, more, due, status) in [
        ("2026-02-28", "", "2026-02-28", DeadlineStatus::Open),
        ("2026-03-01", "", "2026-02-28", DeadlineStatus::Overdue),
        ("2026-04-30", extended, "2026-04-30", DeadlineStatus::Open),
        ("2026-04-30", late, "2026-02-28", DeadlineStatus::Overdue),
        (
            "2026-04-30",
            answered,
            "2026-02-28",
            DeadlineStatus::AnsweredLate,
        ),
        ("2026-04-30", other, "2026-02-28", DeadlineStatus::Overdue),
    ] {
        let verdict = if status == DeadlineStatus::Overdue {
            Verdict::Violation
        } else {
            Verdict::Keep
        };
        let lines: Vec<&str> = [received, more]
            .into_iter()
            .filter(|l| !l.is_empty())
            .collect();
        let got = judged(as_of, request.clone(), &lines);
        let deadline = got.deadline.clone().unwrap();
        assert_eq!(got.verdict, verdict, "{as_of} {more}");
        assert_eq!(
            (deadline.due, deadline.status),
            (due.parse().unwrap(), status),
            "{more}"
        );
    }
}

#[test]
fn a_longer_promise_does_not_reach_back_without_notice() {
    let text = shipped("poweroffice-2024").unwrap().replace(
        "period_source = \"assumption:A2\"",
        "history = [{ period = \"P3M\", until = 2026-02-01 }]\nperiod_source = \"assumption:A2\"",
    );
    let source = Source {
        name: "po.toml",
        text: &text,
    };
    let book = Rulebook::parse(&[source]).unwrap();
    let on = |as_of: &str, lines: &[&str]| {
        judged_by(&book, as_of, recruitment(json!({})), lines, json!({}))
    };
    assert_verdict(
        &on("2026-05-31", &[CLOSED]),
        Verdict::DeleteOn,
        Some("2026-06-01"),
    );
    assert_verdict(&on("2026-06-01", &[CLOSED]), Verdict::Review, None);
    assert_verdict(
        &on("2026-09-01", &[CLOSED]),
        Verdict::DeleteDue,
        Some("2026-06-01"),
    );
    let told = [CLOSED, "2026-01-15 policy_notified"];
    assert_verdict(
        &on("2026-06-01", &told),
        Verdict::DeleteOn,
        Some("2026-09-01"),
    );
}

#[test]
fn reopened_and_closed_again() {
    let again = [
        CLOSED,
        "2026-04-01 hiring_round_reopened path=hr/r1/**",
        "2026-05-15 hiring_round_closed path=hr/r1/**",
    ];
    let got = judged("2026-11-15", recruitment(json!({})), &again);
    assert_verdict(&got, Verdict::DeleteDue, Some("2026-11-15"));
    let got = judged("2026-11-14", recruitment(json!({})), &again);
    assert_verdict(&got, Verdict::DeleteOn, Some("2026-11-15"));
    let far = ["2026-04-01 hiring_round_closed process=R1 path=hr/r2/**"];
    assert_verdict(
        &judged("2026-11-15", recruitment(json!({})), &far),
        Verdict::Keep,
        None,
    );
}

#[test]
fn what_takes_a_start_back_stops_the_time_though_the_rule_does_not_say_so() {
    let text = "schema = 1\n[policy]\nid = \"own\"\nkind = \"policy\"\ntitle = \"Own\"\n\
        [[rule]]\nid = \"OWN\"\nkind = \"delete\"\ntitle = \"Cases go\"\nstart = \"event:enquiry_closed\"\n\
        period = \"P2M\"\nwhen = { class = [\"legal.case\"] }\n";
    let book = Rulebook::parse(&[Source {
        name: "own.toml",
        text,
    }])
    .unwrap();
    let item = json!({
        "path": "sak/1.txt", "class": "legal.case", "class_confidence": 1.0, "role": "controller",
        "findings": [{"type": "name"}], "dates": {"content": "2026-01-10"}
    });
    let closed = "2026-03-01 enquiry_closed path=sak/**";
    let reopened = "2026-04-01 enquiry_reopened path=sak/**";
    let again = "2026-10-01 enquiry_closed path=sak/**";
    let on = |lines: &[&str]| judged_by(&book, "2026-11-22", item.clone(), lines, json!({}));
    assert_verdict(&on(&[closed]), Verdict::DeleteDue, Some("2026-05-01"));
    assert_verdict(&on(&[closed, reopened]), Verdict::Keep, None);
    let last = on(&[closed, reopened, again]);
    assert_verdict(&last, Verdict::DeleteOn, Some("2026-12-01"));
}

#[test]
fn a_request_of_a_person_counts_under_any_rules_that_build_on_the_baseline() {
    let book = Rulebook::shipped(&["baseline-no-private"]).unwrap();
    let lines = [CLOSED, "2026-11-01 restriction_requested subject=cand:1"];
    let got = judged_by(
        &book,
        "2026-11-22",
        recruitment(json!({})),
        &lines,
        json!({}),
    );
    assert_verdict(&got, Verdict::Hold, None);
    let lines = ["2026-11-01 erasure_requested subject=cand:1"];
    let got = judged_by(
        &book,
        "2026-11-22",
        recruitment(json!({})),
        &lines,
        json!({}),
    );
    assert_verdict(&got, Verdict::Review, None);
}

#[test]
fn an_unknown_key_of_a_rule_file_is_an_error_at_its_line() {
    let text = shipped("baseline-no-private").unwrap();
    let at = text
        .lines()
        .position(|line| line.starts_with("unless_event"))
        .unwrap()
        + 1;
    let broken = text.replacen("unless_event =", "unless_events =", 1);
    let error = Rulebook::parse(&[Source {
        name: "b.toml",
        text: &broken,
    }])
    .unwrap_err();
    assert_eq!((error.line, error.column), (at, 1));
    assert_eq!(error.message, "unknown key `unless_events`");
    assert_eq!(error.hint.as_deref(), Some("did you mean `unless_event`?"));
    let broken = text.replacen("[\"candidate_hired\"]", "[\"candidate_hird\"]", 1);
    let error = Rulebook::parse(&[Source {
        name: "b.toml",
        text: &broken,
    }])
    .unwrap_err();
    assert_eq!(
        error.hint.as_deref(),
        Some("did you mean `candidate_hired`?")
    );
    assert!(error.line > 0);
    let broken = text.replacen("kind = \"hold\"", "kind = \"hold\"\noptional = true", 1);
    let error = Rulebook::parse(&[Source {
        name: "b.toml",
        text: &broken,
    }])
    .unwrap_err();
    assert_eq!(
        error.message,
        "rule `NO-HOLD`: `optional` means nothing for its kind"
    );
}

#[test]
fn a_rule_that_breaks_its_example_is_found() {
    let text = shipped("poweroffice-2024").unwrap();
    let broken = text.replacen("period = \"P6M\"", "period = \"P7M\"", 1);
    let book = Rulebook::parse(&[Source {
        name: "po.toml",
        text: &broken,
    }])
    .unwrap();
    let report = check(&book, CheckOptions::default());
    assert!(
        report
            .findings
            .iter()
            .any(|f| f.check == "example" && f.id == "PO-6.1-RECRUITMENT")
    );
    let book = Rulebook::shipped(&["poweroffice-2024"]).unwrap();
    let strict = check(&book, CheckOptions { strict: true });
    let open = strict
        .findings
        .iter()
        .filter(|f| f.check == "assumption-open");
    assert_eq!(open.count(), 6);
    assert!(!strict.is_ok());
}

#[test]
fn a_rule_is_explained_in_both_languages() {
    let book = Rulebook::shipped(&["poweroffice-2024"]).unwrap();
    let en = explain(&book, "PO-6.1-RECRUITMENT", Lang::En).unwrap();
    assert!(en.contains("6.1:1 (sha256 feb1675484ceeb5e)") && en.contains("accepted by nobody"));
    let nb = explain(&book, "NO-RECRUIT", Lang::Nb).unwrap();
    assert!(nb.contains("erstattet   PO-6.1-RECRUITMENT"), "{nb}");
    assert!(explain(&book, "NO-SUCH", Lang::Nb).is_none());
}

#[test]
fn the_order_of_rows_does_not_matter_where_their_days_differ() {
    let rows = [
        CLOSED,
        "2026-03-05 consent_given subject=cand:1 purpose=talent_pool until=2027-03-05",
        "2026-04-01 hiring_round_reopened process=R1",
        "2026-04-20 hiring_round_closed process=R1",
        "2026-05-02 legal_hold_set path=hr/r1/** ref=A",
        "2026-06-01 consent_withdrawn subject=cand:1",
        "2026-09-30 legal_hold_lifted path=hr/r1/** ref=A",
        "2026-10-01 exception_granted subject=cand:1 reason=legal until=2026-12-31",
    ];
    for subset in 0..1_usize << rows.len() {
        let chosen = rows
            .iter()
            .enumerate()
            .filter(|(at, _)| subset >> at & 1 == 1);
        let mut lines: Vec<&str> = chosen.map(|(_, row)| *row).collect();
        let first = judged("2026-11-22", recruitment(json!({})), &lines);
        lines.reverse();
        let second = judged("2026-11-22", recruitment(json!({})), &lines);
        let told = |j: &Judgement| (j.verdict, j.due, j.retention, j.rules.clone(), j.conflicts);
        assert_eq!(told(&first), told(&second), "{lines:?}");
    }
}

#[test]
fn classes_are_read_in_lower_case_and_only_known_keys() {
    assert!(
        classes()
            .unwrap()
            .iter()
            .any(|class| class.id == "recruitment.cv")
    );
    let text = "schema = 1\n[[class]]\nid = \"x\"\nwords_path = [\"CV\"]\n";
    assert_eq!(parse_classes("c.toml", text).unwrap()[0].words_path, ["cv"]);
    let error = parse_classes("c.toml", &text.replace("words_path", "words_paths")).unwrap_err();
    assert_eq!(
        (error.line, error.hint.as_deref()),
        (4, Some("did you mean `words_path`?"))
    );
}
