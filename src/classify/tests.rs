//! Tests of classification as a whole: overlaps, columns, density, counting, parts.

use proptest::prelude::*;

use super::*;
use crate::model::{
    Candidate, Category, Confidence, DocumentClass, Evidence, EvidenceSet, FieldCells, Finding,
    Kind, Place, Sensitive, Sightings,
};
use Confidence::{High, Low, Medium};

const fn kind(detector: &'static str, category: Category, precedence: u8) -> Kind {
    Kind {
        detector,
        kind: detector,
        category,
        digested: true,
        precedence,
    }
}

static PERSON: Kind = kind("fodselsnummer", Category::Identifier, 90);
static ACCOUNT: Kind = kind("bank-account", Category::Financial, 50);
static PHONE: Kind = kind("phone", Category::Contact, 40);
static EMAIL: Kind = kind("email", Category::Contact, 60);
static NAME: Kind = kind("name", Category::Contact, 20);

fn claim(kind: &'static Kind, start: u64, length: u64, confidence: Confidence) -> Candidate {
    let checked = matches!(kind.detector, "fodselsnummer" | "bank-account");
    let masked = Sensitive::new("x").mask(0);
    Candidate {
        kind,
        start,
        end: start + length,
        confidence,
        evidence: EvidenceSet::EMPTY.with_if(checked, Evidence::Checksum),
        field: None,
        row: None,
        digest: (start + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        sample: Some(Box::new((
            Place::Text {
                byte: start,
                line: 1,
            },
            masked,
        ))),
    }
}

fn in_cell(mut candidate: Candidate, field: u32) -> Candidate {
    candidate.field = Some(field);
    candidate.evidence = candidate.evidence.with(Evidence::WholeCell);
    candidate
}

fn with(mut candidate: Candidate, evidence: Evidence) -> Candidate {
    candidate.evidence = candidate.evidence.with(evidence);
    candidate
}

fn folder() -> Folder {
    Folder::new(Options {
        samples: 3,
        keep_hits: true,
    })
}

fn classify(candidates: Vec<Candidate>, cells: &[(u32, u64)]) -> Classified {
    let mut folder = folder();
    let cells = cells
        .iter()
        .map(|&(field, cells)| FieldCells { field, cells });
    folder.fold(Sightings {
        candidates,
        cells: cells.collect(),
        ..Sightings::default()
    });
    folder.finish("", &Classes::default())
}

fn count(classified: &Classified, kind: &Kind, confidence: Confidence) -> u64 {
    let findings = classified.findings.iter();
    findings
        .filter(|finding| finding.kind == kind && finding.confidence == confidence)
        .map(|finding| finding.count)
        .sum()
}

/// Eleven digits that pass as both, as the detectors report them without context.
fn both(start: u64) -> [Candidate; 2] {
    [
        claim(&PERSON, start, 11, High),
        claim(&ACCOUNT, start, 11, Low),
    ]
}

#[test]
fn eleven_digits_are_a_person_or_an_account_but_not_both() {
    let classified = classify(both(0).into(), &[]);
    assert_eq!(count(&classified, &PERSON, High), 1);
    assert_eq!(classified.hits.len(), 1);
    assert_eq!(classified.digests.len(), 1);

    let labelled = vec![
        claim(&PERSON, 0, 11, Low),
        with(claim(&ACCOUNT, 0, 11, High), Evidence::Label),
    ];
    let classified = classify(labelled, &[]);
    assert_eq!(count(&classified, &ACCOUNT, High), 1);
    assert_eq!(count(&classified, &PERSON, Low), 1, "never erased");
    let reasons = classified.findings.iter().map(|finding| finding.reasons);
    assert!(reasons.into_iter().any(|set| set.has(Evidence::Overlap)));
}

#[test]
fn parts_of_something_longer_are_dropped() {
    let account = claim(&ACCOUNT, 0, 11, Low);
    let classified = classify(vec![account, claim(&PHONE, 2, 8, Medium)], &[]);
    assert_eq!(classified.hits.len(), 1);
    assert_eq!(count(&classified, &ACCOUNT, Low), 1);

    let address = claim(&EMAIL, 0, 30, High);
    let classified = classify(vec![address, claim(&NAME, 0, 12, High)], &[]);
    assert_eq!(count(&classified, &EMAIL, High), 1);
    assert_eq!(
        count(&classified, &NAME, High),
        1,
        "an address names its owner"
    );

    let name = claim(&NAME, 0, 20, Medium);
    let classified = classify(vec![name, claim(&NAME, 10, 10, Medium)], &[]);
    assert_eq!(classified.hits.len(), 1);
    assert_eq!(classified.hits[0].end, 20);
}

/// A column of account numbers of which one in a hundred passes as a person.
fn ledger(rows: u64, field: Option<u32>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for row in 0..rows {
        let start = row * 12;
        let mut account = claim(&ACCOUNT, start, 11, Low);
        if let Some(field) = field {
            account = in_cell(account, field);
        }
        if row % 100 == 7 {
            let person = claim(&PERSON, start, 11, High);
            candidates.push(match field {
                Some(field) => in_cell(person, field),
                None => person,
            });
        }
        candidates.push(account);
    }
    candidates
}

#[test]
fn a_ledger_of_accounts_holds_no_persons_at_medium() {
    for field in [Some(4), None] {
        let classified = classify(ledger(100_000, field), &[(4, 100_000)]);
        assert_eq!(count(&classified, &PERSON, Low), 1000);
        assert_eq!(count(&classified, &PERSON, Medium), 0);
        assert_eq!(count(&classified, &PERSON, High), 0);
    }
    let classified = classify(ledger(100_000, Some(4)), &[(4, 100_000)]);
    assert_eq!(count(&classified, &ACCOUNT, High), 100_000);
    let accounts = &classified.digests[0];
    let held = accounts.1.held().unwrap();
    assert_eq!((accounts.0, held.len()), ("bank-account", 100_000));
    assert!(held.is_sorted());
    let accounts = &classified.findings[0];
    assert_eq!(
        (accounts.count, accounts.distinct.estimated),
        (100_000, true)
    );
    assert!((97_000..103_000).contains(&accounts.distinct.count));
}

#[test]
fn accounts_that_are_not_said_to_fill_their_cells_make_a_ledger_too() {
    let mut ledger = ledger(1000, Some(4));
    for account in ledger.iter_mut().filter(|claim| *claim.kind == ACCOUNT) {
        account.evidence = EvidenceSet::EMPTY.with(Evidence::Checksum);
    }
    let both = |claim: &Candidate| claim.start % 1200 == 84 && *claim.kind == ACCOUNT;
    ledger.retain(|claim| !both(claim));
    let classified = classify(ledger, &[(4, 1000)]);
    assert_eq!(count(&classified, &PERSON, Low), 10);
    assert_eq!(count(&classified, &ACCOUNT, High), 990);
}

#[test]
fn a_short_ledger_is_told_too_and_a_header_protects() {
    let mut short = ledger(10, Some(1));
    let classified = classify(short.clone(), &[(1, 10)]);
    assert_eq!(count(&classified, &PERSON, Low), 1);
    assert_eq!(count(&classified, &ACCOUNT, Medium), 10);

    for person in short.iter_mut().filter(|claim| *claim.kind == PERSON) {
        *person = with(person.clone(), Evidence::Header);
    }
    let classified = classify(short, &[(1, 10)]);
    assert_eq!(count(&classified, &PERSON, High), 1);
}

#[test]
fn a_column_of_persons_needs_no_header() {
    let column = |level| {
        let rows = (0..40).flat_map(|row| both(row * 12));
        let mut cells: Vec<Candidate> = rows.map(|claim| in_cell(claim, 2)).collect();
        for claim in cells.iter_mut().filter(|claim| *claim.kind == PERSON) {
            claim.confidence = level;
        }
        cells
    };
    for level in [Medium, High] {
        let classified = classify(column(level), &[(2, 42)]);
        assert_eq!(count(&classified, &PERSON, High), 40);
        assert_eq!(count(&classified, &ACCOUNT, Low), 0);
        assert!(classified.findings[0].reasons.has(Evidence::ColumnPasses));
    }
}

#[test]
fn a_rare_hit_in_a_column_of_something_else_sinks() {
    let hit = || in_cell(claim(&PERSON, 0, 11, High), 1);
    assert_eq!(count(&classify(vec![hit()], &[(1, 400)]), &PERSON, Low), 1);
    assert_eq!(
        count(&classify(vec![hit()], &[(1, 20)]), &PERSON, Medium),
        1
    );
    assert_eq!(count(&classify(vec![hit()], &[(1, 4)]), &PERSON, High), 1);
    let inside = claim(&PERSON, 0, 11, High);
    assert_eq!(
        count(&classify(vec![inside], &[(1, 400)]), &PERSON, High),
        1
    );
    let address = in_cell(claim(&EMAIL, 0, 11, High), 1);
    assert_eq!(
        count(&classify(vec![address], &[(1, 400)]), &EMAIL, High),
        1
    );
}

#[test]
fn running_text_with_a_few_accounts_keeps_its_persons() {
    let mut text = ledger(40, None);
    text.retain(|claim| *claim.kind == ACCOUNT);
    text.extend(both(1000));
    assert_eq!(count(&classify(text, &[]), &PERSON, High), 1);

    let mut dense = ledger(400, None);
    dense.push(with(claim(&PERSON, 6000, 11, High), Evidence::Label));
    let classified = classify(dense, &[]);
    assert_eq!(count(&classified, &PERSON, Low), 4);
    assert_eq!(count(&classified, &PERSON, High), 1, "the labelled one");
}

#[test]
fn doubtful_persons_do_not_hide_that_a_text_is_dense_with_accounts() {
    // One bank register that reads as a date: 9 % pass as persons, 36 % by the rule of 2032.
    let mut register: Vec<Candidate> = (0..1000)
        .map(|n| match n % 100 {
            0..9 => claim(&PERSON, n * 12, 11, High),
            9..45 => claim(&PERSON, n * 12, 11, Low),
            _ => claim(&ACCOUNT, n * 12, 11, Low),
        })
        .collect();
    assert_eq!(count(&classify(register.clone(), &[]), &PERSON, Low), 450);
    register.retain(|claim| *claim.kind == PERSON);
    assert_eq!(count(&classify(register, &[]), &PERSON, High), 90);
}

#[test]
fn no_digest_is_lost_of_more_than_memory_holds() {
    let many = 600_000;
    let classified = classify(ledger(many, Some(4)), &[(4, many)]);
    assert!(!classified.digests_cut);
    let (detector, accounts) = &classified.digests[0];
    assert_eq!((*detector, accounts.held()), ("bank-account", None));
    let parts: Vec<Vec<u64>> = accounts.parts(50_000).map(Result::unwrap).collect();
    assert_eq!(parts.concat().len() as u64, many);
    assert!(parts.concat().is_sorted());
}

#[test]
fn samples_are_the_first_and_hits_carry_the_final_level() {
    let classified = classify(ledger(1000, Some(1)), &[(1, 1000)]);
    let place = |finding: &Finding| finding.samples[0].place.clone();
    let persons = &classified.findings[1];
    assert_eq!(persons.samples.len(), 3);
    assert_eq!(place(persons), Place::Text { byte: 84, line: 1 });
    assert_eq!(classified.hits.len(), 1010);
    let raised = |hit: &&Candidate| hit.confidence == High;
    assert_eq!(classified.hits.iter().filter(raised).count(), 1000);
}

type Gist = (Vec<Finding>, Vec<(&'static str, Vec<u64>)>, Vec<String>);

/// What a test can compare of a result.
fn gist(classified: &Classified) -> Gist {
    let hits = classified.hits.iter();
    let hits = hits.map(|h| format!("{:?} {} {} {:?}", h.kind.id(), h.start, h.end, h.confidence));
    let digests = classified.digests.iter();
    let digests = digests.map(|(detector, own)| (*detector, own.held().unwrap().to_vec()));
    (
        classified.findings.clone(),
        digests.collect(),
        hits.collect(),
    )
}

fn any_claim() -> impl Strategy<Value = Candidate> {
    let kinds = prop::sample::select(vec![
        &PERSON, &ACCOUNT, &PHONE, &EMAIL, &NAME, &ILLNESS, &ADDRESS,
    ]);
    let level = prop::sample::select(vec![Low, Medium, High]);
    let evidence = prop::sample::select(vec![
        Evidence::Label,
        Evidence::ContextWord,
        Evidence::Header,
        Evidence::FirstName,
    ]);
    let field = prop::option::of(0..3_u32);
    (kinds, 0..400_u64, 1..30_u64, level, evidence, field).prop_map(
        |(kind, start, length, level, evidence, field)| {
            let plain = with(claim(kind, start, length, level), evidence);
            field.map_or(plain.clone(), |field| in_cell(plain, field))
        },
    )
}

proptest! {
    #[test]
    fn folding_in_parts_changes_nothing(
        mut claims in prop::collection::vec(any_claim(), 0..80),
        cuts in prop::collection::vec(0..80_usize, 0..6),
    ) {
        claims.sort_by_key(|claim| claim.start);
        let whole = classify(claims.clone(), &[(0, 9), (1, 20)]);
        let mut folder = folder();
        for (field, cells) in [(0, 4), (1, 20), (0, 5)] {
            let cells = vec![FieldCells { field, cells }];
            folder.fold(Sightings { cells, ..Sightings::default() });
        }
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(claims.len())).collect();
        cuts.extend([0, claims.len()]);
        cuts.sort_unstable();
        for part in cuts.windows(2) {
            let candidates = claims[part[0]..part[1]].to_vec();
            folder.fold(Sightings { candidates, ..Sightings::default() });
        }
        prop_assert_eq!(gist(&whole), gist(&folder.finish("", &Classes::default())));
    }
}

static ILLNESS: Kind = Kind {
    digested: false,
    ..kind("special-category", Category::Special, 30)
};
static ADDRESS: Kind = kind("ip-address", Category::Online, 30);

/// The level at which the one hit of `kind` ends, and whether a person near is a reason.
fn fate(classified: &Classified, kind: &Kind) -> (Confidence, bool) {
    let mut findings = classified.findings.iter().filter(|one| one.kind == kind);
    let finding = findings.next().unwrap();
    assert!(findings.next().is_none() && finding.count == 1);
    let near = finding.reasons.has(Evidence::PersonNear);
    (finding.confidence, near)
}

#[test]
fn a_word_rises_near_a_person_before_or_behind_it() {
    for (word, person, near) in [
        (0, 205, true),
        (0, 206, false),
        (220, 0, true),
        (221, 0, false),
    ] {
        let mut claims = vec![
            claim(&NAME, person, 20, Medium),
            claim(&ILLNESS, word, 5, Low),
        ];
        claims.sort_by_key(|claim| claim.start);
        let expected = if near { (Medium, true) } else { (Low, false) };
        assert_eq!(
            fate(&classify(claims, &[]), &ILLNESS),
            expected,
            "{word} {person}"
        );
    }
    let certain = vec![claim(&PERSON, 0, 11, High), claim(&ILLNESS, 40, 5, Medium)];
    assert_eq!(fate(&classify(certain, &[]), &ILLNESS), (High, true));
    let doubtful = vec![claim(&NAME, 0, 11, Low), claim(&ILLNESS, 40, 5, Low)];
    assert_eq!(fate(&classify(doubtful, &[]), &ILLNESS), (Low, false));
}

#[test]
fn without_any_person_a_word_is_low_unless_the_document_is_about_persons() {
    let alone = || vec![claim(&ILLNESS, 0, 5, Medium), claim(&PHONE, 90, 8, Low)];
    assert_eq!(fate(&classify(alone(), &[]), &ILLNESS), (Low, false));
    let mut far = alone();
    far.push(claim(&EMAIL, 9000, 20, High));
    assert_eq!(fate(&classify(far, &[]), &ILLNESS), (Medium, false));

    let classes = [DocumentClass {
        id: "hr.sick_note".to_owned(),
        words_path: vec!["sykmelding".to_owned()],
        words_text: vec![],
    }];
    let level = |name: &str, level| {
        let mut folder = folder();
        folder.fold(Sightings {
            candidates: vec![claim(&ILLNESS, 0, 5, level)],
            ..Sightings::default()
        });
        fate(&folder.finish(name, &Classes::new(&classes)), &ILLNESS).0
    };
    assert_eq!(level("hr/sykmelding.txt", Medium), Medium);
    assert_eq!(level("hr/sykmelding.txt", Low), Low);
    assert_eq!(level("hr/kantine.txt", Medium), Low);
}

#[test]
fn in_a_table_near_is_the_same_row() {
    let row = |mut claim: Candidate, row| {
        claim.row = Some(row);
        claim.field = Some(1);
        claim
    };
    let name = row(claim(&NAME, 0, 12, Medium), 7);
    let same = vec![name.clone(), row(claim(&ILLNESS, 900, 5, Low), 7)];
    assert_eq!(fate(&classify(same, &[]), &ILLNESS), (Medium, true));
    let next = vec![name, row(claim(&ILLNESS, 20, 5, Low), 8)];
    assert_eq!(fate(&classify(next, &[]), &ILLNESS), (Low, false));
}

#[test]
fn an_address_rises_near_a_person_and_is_none_itself() {
    static ADDRESS: Kind = kind("address", Category::Contact, 40);
    static TRACE: Kind = kind("ip-address", Category::Online, 30);
    let alone = [claim(&ADDRESS, 10, 9, Medium), claim(&TRACE, 60, 9, Low)];
    let levels = |candidates: &[Candidate]| {
        let findings = classify(candidates.to_vec(), &[]).findings;
        findings
            .iter()
            .map(|f| (f.kind.detector, f.confidence))
            .collect::<Vec<_>>()
    };
    assert_eq!(levels(&alone), [("address", Medium), ("ip-address", Low)]);
    let home = [claim(&NAME, 0, 9, Medium), claim(&ADDRESS, 10, 9, Medium)];
    assert_eq!(levels(&home), [("address", High), ("name", Medium)]);
}

#[test]
fn a_trace_on_the_net_rises_near_a_person_and_stays_as_it_is_elsewhere() {
    let near = vec![claim(&ADDRESS, 0, 12, Low), claim(&EMAIL, 30, 20, High)];
    assert_eq!(fate(&classify(near, &[]), &ADDRESS), (Medium, true));
    let alone = vec![claim(&ADDRESS, 0, 12, Medium)];
    assert_eq!(fate(&classify(alone, &[]), &ADDRESS), (Medium, false));
    let of_tests = with(claim(&ADDRESS, 30, 9, Low), Evidence::Synthetic);
    let near = vec![claim(&NAME, 0, 9, Medium), of_tests];
    assert_eq!(fate(&classify(near, &[]), &ADDRESS), (Low, false));
}

#[test]
fn hits_that_wait_are_few_and_all_counted() {
    let mut words: Vec<Candidate> = (0..5000)
        .map(|n| {
            let mut word = claim(&ILLNESS, n * 3, 3, Low);
            word.row = Some(1);
            word
        })
        .collect();
    let mut name = claim(&NAME, 15_000, 10, Medium);
    name.row = Some(1);
    words.push(name);
    let classified = classify(words, &[]);
    assert_eq!(count(&classified, &ILLNESS, Medium), 1024);
    assert_eq!(count(&classified, &ILLNESS, Low), 5000 - 1024);
    assert_eq!(classified.hits.len(), 5001);
}
