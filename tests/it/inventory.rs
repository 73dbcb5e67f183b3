//! The inventory over real files: runs, what they carry over, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sporhund::inventory::{
    Coverage, Error, Inventory, ObjectRow, Reuse, RunEnd, RunInfo, RunStart, Writer,
};
use sporhund::model::{
    Category, ClassGuess, Confidence, DateInterval, DateSource, Distinct, Evidence, EvidenceSet,
    Fact, FileStat, Finding, Kind, Masked, ObjectPath, Outcome, Place, Problem, ProblemKind,
    Record, Sample, Stage,
};
use tempfile::TempDir;

const KEY: u64 = 0xFEED_0000_0000_0001;

static NUMBER: Kind = Kind {
    detector: "fodselsnummer",
    kind: "synthetic",
    category: Category::Identifier,
    digested: true,
    precedence: 1,
};

struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("sporhund.db")
    }

    fn begin(&self, fingerprint: &str) -> (Writer, RunStart) {
        let inventory = Inventory::create_or_open(&self.path(), KEY).unwrap();
        let mut writer = inventory.writer().unwrap();
        let start = writer.begin_run(&info(fingerprint)).unwrap();
        (writer, start)
    }

    fn run(&self, names: &[&str]) -> Coverage {
        let (mut writer, _) = self.begin("v1");
        for name in names {
            writer
                .file(&[record(file(name), Outcome::Scanned)])
                .unwrap();
        }
        writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap()
    }

    fn objects(&self) -> Vec<ObjectRow> {
        let reader = Inventory::open_read_only(&self.path()).unwrap();
        let mut all = Vec::new();
        reader.for_each_object(&mut |row| all.push(row)).unwrap();
        all
    }

    fn paths(&self) -> Vec<String> {
        self.objects().into_iter().map(|row| row.path).collect()
    }
}

fn info(fingerprint: &str) -> RunInfo {
    RunInfo {
        started: 10,
        roots: vec![(String::new(), b"/share".to_vec())],
        fingerprint: fingerprint.to_owned(),
        places: String::new(),
        settings: "{}".to_owned(),
        rules_hash: None,
    }
}

fn file(name: &str) -> ObjectPath {
    ObjectPath::file("".into(), name.as_bytes())
}

fn stat(bytes: u64) -> FileStat {
    FileStat {
        bytes,
        mtime_ns: 1_700_000_000_123_456_789,
        ctime_ns: 1_700_000_000_123_456_789,
        device: u64::MAX,
        inode: 7,
        mode: 0o640,
        uid: 1,
        gid: 2,
        links: 1,
    }
}

fn record(object: ObjectPath, outcome: Outcome) -> Record {
    Record {
        stat: object.parent().is_none().then(|| stat(5)),
        format: Some("text"),
        ..Record::unread(object, outcome, 5)
    }
}

fn with_number(name: &str, digests: &[u64]) -> Record {
    let mut record = record(file(name), Outcome::Scanned);
    record.findings.push(Finding {
        kind: &NUMBER,
        confidence: Confidence::High,
        count: 3,
        distinct: Distinct {
            count: digests.len() as u64,
            estimated: false,
        },
        samples: vec![Sample {
            place: Place::Text { byte: 12, line: 2 },
            masked: Masked::stored("15*********"),
        }],
        reasons: EvidenceSet::EMPTY
            .with(Evidence::Checksum)
            .with(Evidence::Label),
    });
    record
        .digests
        .push(("fodselsnummer", digests.to_vec().into()));
    record
}

fn failed(kind: ProblemKind, stage: Stage) -> Outcome {
    Outcome::Failed(Problem::new(kind, stage))
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story: everything that is stored, read back"
)]
fn what_went_in_comes_out() {
    let bench = Bench::new();
    let (mut writer, start) = bench.begin("v1");
    assert!(!start.resumed);
    let zip = ObjectPath::file("".into(), b"post/b\xE5t.zip");
    let mail = zip.member(b"mail.eml");
    let mut top = record(
        zip,
        Outcome::Partial(Problem::new(ProblemKind::LimitDepth, Stage::Extract).at(9)),
    );
    top.content_digest = Some([7; 32]);
    top.class = Some(ClassGuess {
        id: "recruitment.cv".to_owned(),
        certainty: 0.75,
    });
    let interval = DateInterval::month_or_year(2025, Some(11)).unwrap();
    let source = DateSource::Mail;
    top.facts = vec![Fact::Date { source, interval }];
    let members = [
        record(mail.clone(), Outcome::Scanned),
        record(
            mail.member(b"cv.docx"),
            failed(ProblemKind::Encrypted, Stage::Extract),
        ),
        record(top.object.member(b"last.txt"), Outcome::Scanned),
    ];
    let records: Vec<Record> = std::iter::once(top.clone()).chain(members).collect();
    writer.file(&records).unwrap();
    let (name, never) = (file("other/a2.txt"), file("never.txt"));
    writer.hard_link(&name, &file("a.txt")).unwrap();
    writer.hard_link(&file("other/n2.txt"), &never).unwrap();
    writer
        .file(&[with_number("a.txt", &[3, u64::MAX])])
        .unwrap();
    let coverage = writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    let expected = Coverage {
        discovered: 5,
        scanned: 3,
        partial: 1,
        failed: 1,
        bytes: 10,
        ..Coverage::default()
    };
    assert_eq!(coverage, expected);

    let rows = bench.objects();
    let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    let zip = "post/b\\xE5t.zip";
    let inner = [
        format!("{zip}!/mail.eml"),
        format!("{zip}!/mail.eml!/cv.docx"),
        format!("{zip}!/last.txt"),
    ];
    assert_eq!(paths, ["a.txt", zip, &inner[0], &inner[1], &inner[2]]);
    assert_eq!(rows[1].relative, b"post/b\xE5t.zip");
    assert_eq!(
        (&rows[1].outcome, &rows[1].class, &rows[1].facts),
        (&top.outcome, &top.class, &top.facts)
    );
    assert_eq!(
        (rows[1].stat, rows[1].content_digest),
        (top.stat, top.content_digest)
    );
    assert_eq!((rows[3].depth, rows[3].stat), (2, None));
    let finding = &rows[0].findings[0];
    assert_eq!(
        (finding.kind.as_str(), finding.count, finding.confidence),
        ("synthetic", 3, Confidence::High)
    );
    assert_eq!(finding.reasons, ["checksum", "label"]);
    assert_eq!(finding.samples[0].place, Place::Text { byte: 12, line: 2 });
    assert_eq!(finding.samples[0].masked.as_str(), "15*********");

    let reader = Inventory::open_read_only(&bench.path()).unwrap();
    for row in &rows {
        assert_eq!(reader.object(&row.path).unwrap().as_ref(), Some(row));
    }
    assert_eq!(reader.object("none.txt").unwrap(), None);
    assert_eq!(reader.hard_links(rows[0].id).unwrap(), ["other/a2.txt"]);
    let mut problems = Vec::new();
    reader
        .for_each_problem(&mut |row| problems.push(row.path))
        .unwrap();
    assert_eq!(problems, [zip, &inner[1]]);
    assert_eq!(reader.runs().unwrap()[0].coverage, expected);
    assert_eq!(reader.key_fingerprint().unwrap(), KEY);
}

#[test]
fn distinct_values_are_counted_over_the_whole_inventory() {
    let bench = Bench::new();
    let (mut writer, _) = bench.begin("v1");
    writer.file(&[with_number("a", &[1, 5, u64::MAX])]).unwrap();
    writer.file(&[with_number("b", &[5, 9])]).unwrap();
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    let reader = Inventory::open_read_only(&bench.path()).unwrap();
    let totals = reader.totals(Confidence::Medium).unwrap();
    assert_eq!((totals[0].objects, totals[0].findings), (2, 6));
    assert_eq!(
        totals[0].distinct,
        Distinct {
            count: 4,
            estimated: false
        }
    );
    assert_eq!(reader.objects_with("fodselsnummer", 5).unwrap().len(), 2);
    assert_eq!(
        reader.objects_with("fodselsnummer", 6).unwrap(),
        Vec::<i64>::new()
    );
    assert_eq!(reader.objects_with("email", 5).unwrap(), Vec::<i64>::new());
}

#[test]
fn a_killed_run_goes_on_and_counts_nothing_twice() {
    let undisturbed = Bench::new().run(&["a", "b", "c"]);
    let bench = Bench::new();
    let (mut writer, first) = bench.begin("v1");
    writer.file(&[record(file("a"), Outcome::Scanned)]).unwrap();
    writer.flush().unwrap();
    writer.file(&[record(file("b"), Outcome::Scanned)]).unwrap();
    writer.in_progress().enter(0, &file("done"));
    writer.in_progress().leave(0);
    writer.in_progress().enter(1, &file("c"));
    drop(writer);

    let (mut writer, start) = bench.begin("v1");
    assert_eq!(
        (start.run, start.resumed, start.already),
        (first.run, true, 1)
    );
    assert_eq!(start.suspects, ["c"]);
    let mut lookup = writer.lookup().unwrap();
    let known = lookup.known(&file("a")).unwrap().unwrap();
    assert_eq!(known.reuse(&stat(5), false), Reuse::Done);
    assert_eq!(
        lookup.known(&file("b")).unwrap(),
        None,
        "it was not committed"
    );
    for name in ["b", "c"] {
        writer
            .file(&[record(file(name), Outcome::Scanned)])
            .unwrap();
    }
    let coverage = writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    assert_eq!(coverage, undisturbed);
    let (_writer, next) = bench.begin("v1");
    assert!(!next.resumed && next.suspects.is_empty());
}

#[test]
fn another_fingerprint_or_other_roots_begin_anew() {
    let bench = Bench::new();
    let (writer, first) = bench.begin("v1");
    drop(writer);
    let (mut writer, second) = bench.begin("v2");
    assert!(!second.resumed && second.run > first.run);
    let mut other = info("v2");
    other.roots.push(("hr".to_owned(), b"/hr".to_vec()));
    assert!(!writer.begin_run(&other).unwrap().resumed);
    drop(writer);
    let reader = Inventory::open_read_only(&bench.path()).unwrap();
    let states: Vec<String> = reader
        .runs()
        .unwrap()
        .into_iter()
        .map(|run| run.state)
        .collect();
    assert_eq!(states, ["running", "killed", "killed"]);
}

#[test]
fn an_interrupted_run_marks_nothing_gone_and_goes_on() {
    let bench = Bench::new();
    bench.run(&["a", "b"]);
    let (mut writer, first) = bench.begin("v1");
    let cancelled = Outcome::Skipped(Problem::new(ProblemKind::Cancelled, Stage::Read));
    writer.file(&[record(file("a"), cancelled)]).unwrap();
    writer.finish_run(RunEnd::Interrupted, 20, &[""]).unwrap();
    assert_eq!(bench.paths(), ["a", "b"]);
    let (writer, second) = bench.begin("v1");
    assert_eq!((second.run, second.resumed), (first.run, true));
    let known = writer.lookup().unwrap().known(&file("a")).unwrap().unwrap();
    assert_eq!(
        known.reuse(&stat(5), false),
        Reuse::Read,
        "what was cancelled is not done"
    );
}

#[test]
fn unchanged_files_are_carried_over_with_their_members() {
    let bench = Bench::new();
    let (mut writer, _) = bench.begin("v1");
    let zip = file("z.zip");
    let inside = [zip.member(b"1"), zip.member(b"2")];
    writer
        .file(&[
            record(zip.clone(), Outcome::Scanned),
            record(inside[0].clone(), Outcome::Scanned),
            record(
                inside[1].clone(),
                failed(ProblemKind::Encrypted, Stage::Extract),
            ),
        ])
        .unwrap();
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();

    let (mut writer, _) = bench.begin("v1");
    let known = writer.lookup().unwrap().known(&zip).unwrap().unwrap();
    assert_eq!(known.reuse(&stat(5), false), Reuse::CarryOver);
    let elsewhere = FileStat {
        device: 1,
        ..stat(5)
    };
    assert_eq!(known.reuse(&elsewhere, false), Reuse::CarryOver);
    assert_eq!(known.reuse(&stat(6), false), Reuse::Read);
    assert_eq!(known.reuse(&stat(5), true), Reuse::Read);
    writer.carry_over(known.id).unwrap();
    let coverage = writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    let expected = Coverage {
        discovered: 3,
        unchanged: 2,
        failed: 1,
        bytes: 5,
        ..Coverage::default()
    };
    assert_eq!(coverage, expected);
    assert_eq!(bench.paths().len(), 3);
}

#[test]
fn causes_that_may_be_gone_are_read_again() {
    let bench = Bench::new();
    let (mut writer, _) = bench.begin("v1");
    for kind in ProblemKind::ALL {
        let outcome = failed(*kind, Stage::Read);
        writer
            .file(&[record(file(kind.as_str()), outcome)])
            .unwrap();
    }
    let zip = file("z.zip");
    let late = record(
        zip.member(b"1"),
        failed(ProblemKind::Timeout, Stage::Extract),
    );
    writer
        .file(&[record(zip.clone(), Outcome::Scanned), late])
        .unwrap();
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    let (writer, _) = bench.begin("v1");
    let mut lookup = writer.lookup().unwrap();
    let mut again = Vec::new();
    for kind in ProblemKind::ALL {
        let known = lookup.known(&file(kind.as_str())).unwrap().unwrap();
        if known.reuse(&stat(5), false) == Reuse::Read {
            again.push(kind.as_str());
        }
    }
    let expected = [
        "permission",
        "vanished",
        "io",
        "timeout",
        "offline",
        "excluded",
        "link",
        "special-file",
        "cancelled",
    ];
    assert_eq!(again, expected);
    let known = lookup.known(&zip).unwrap().unwrap();
    assert_eq!(
        known.reuse(&stat(5), false),
        Reuse::Read,
        "a member may come out now"
    );
}

#[test]
fn reading_again_replaces_everything() {
    let bench = Bench::new();
    let (mut writer, _) = bench.begin("v1");
    let mut old = with_number("a.zip", &[1, 2]);
    let mut inner = with_number("x", &[8]);
    inner.object = old.object.member(b"inner");
    old.class = Some(ClassGuess {
        id: "x".to_owned(),
        certainty: 1.0,
    });
    writer.file(&[old, inner]).unwrap();
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    let before = bench.objects()[0].id;
    bench.run(&["a.zip"]);
    let rows = bench.objects();
    assert_eq!((rows.len(), rows[0].id), (1, before));
    assert_eq!((rows[0].findings.len(), &rows[0].class), (0, &None));
    let database = Connection::open(bench.path()).unwrap();
    for table in ["finding", "sample", "digest", "fact"] {
        let count: i64 = database
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(count, 0, "{table}");
    }
}

#[test]
fn what_is_gone_leaves_the_present_and_what_was_not_looked_at_stays() {
    let bench = Bench::new();
    bench.run(&["a", "d/1", "d/e/2", "d.txt", "d0/3", "z"]);
    let (mut writer, _) = bench.begin("v1");
    writer.file(&[record(file("a"), Outcome::Scanned)]).unwrap();
    writer
        .file(&[record(
            file("d"),
            failed(ProblemKind::Permission, Stage::Walk),
        )])
        .unwrap();
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    assert_eq!(bench.paths(), ["a", "d", "d/1", "d/e/2"]);
    let reader = Inventory::open_read_only(&bench.path()).unwrap();
    assert_eq!(reader.runs().unwrap()[0].gone, 3);
    drop(reader);

    let (writer, _) = bench.begin("v1");
    writer.finish_run(RunEnd::Finished, 20, &[]).unwrap();
    assert_eq!(
        bench.paths(),
        ["a", "d", "d/1", "d/e/2"],
        "the root was not walked to its end"
    );

    let (mut writer, _) = bench.begin("v1");
    writer
        .file(&[record(file("."), failed(ProblemKind::Io, Stage::Walk))])
        .unwrap();
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    assert_eq!(
        bench.paths(),
        [".", "a", "d", "d/1", "d/e/2"],
        "the root could not be listed"
    );

    assert_eq!(bench.run(&["z"]).discovered, 1);
    assert_eq!(bench.paths(), ["z"], "it came back");
}

#[test]
fn a_second_scan_is_refused_until_the_first_is_over() {
    let bench = Bench::new();
    let (writer, _) = bench.begin("v1");
    let second = Inventory::create_or_open(&bench.path(), KEY);
    assert!(matches!(second, Err(Error::Locked { .. })));
    assert!(
        Inventory::open_read_only(&bench.path()).is_ok(),
        "reading goes on"
    );
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    let left: Vec<_> = fs::read_dir(bench.folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["sporhund.db"], "nothing lies about");
    assert!(Inventory::create_or_open(&bench.path(), KEY).is_ok());
}

#[test]
fn the_file_is_private_or_refused() {
    let bench = Bench::new();
    bench.run(&["a"]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&bench.path()), 0o600);
    let (mut writer, _) = bench.begin("v1");
    writer.file(&[record(file("a"), Outcome::Scanned)]).unwrap();
    writer.flush().unwrap();
    for file in sporhund::inventory::files(&bench.path()) {
        assert!(!file.exists() || mode(&file) == 0o600, "{}", file.display());
    }
    drop(writer);
    for open_mode in [0o640, 0o604] {
        fs::set_permissions(bench.path(), fs::Permissions::from_mode(open_mode)).unwrap();
        let refused = |error| matches!(error, Some(Error::ReadableByOthers { mode, .. }) if mode == open_mode);
        assert!(refused(Inventory::create_or_open(&bench.path(), KEY).err()));
        assert!(refused(Inventory::open_read_only(&bench.path()).err()));
    }
}

#[test]
fn foreign_files_newer_versions_and_other_keys_are_refused_untouched() {
    let bench = Bench::new();
    bench.run(&["a"]);
    let wrong = Inventory::create_or_open(&bench.path(), KEY + 1);
    assert!(matches!(wrong, Err(Error::WrongKey { .. })));
    drop(wrong);
    let database = Connection::open(bench.path()).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let text = bench.folder.path().join("notes.txt");
    fs::write(
        &text,
        "not a database, but long enough to hold a header ".repeat(4),
    )
    .unwrap();
    let tool = bench.folder.path().join("tool.db");
    Connection::open(&tool)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x)")
        .unwrap();
    for path in [bench.path(), text, tool] {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let before = fs::read(&path).unwrap();
        let newer = path == bench.path();
        for error in [
            Inventory::create_or_open(&path, KEY).err().unwrap(),
            Inventory::open_read_only(&path).err().unwrap(),
        ] {
            let expected = if newer {
                matches!(
                    error,
                    Error::Newer {
                        found: 99,
                        known: 7,
                        ..
                    }
                )
            } else {
                matches!(error, Error::Foreign { .. })
            };
            assert!(expected, "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn records_that_do_not_belong_are_refused() {
    let bench = Bench::new();
    let (mut writer, _) = bench.begin("v1");
    let elsewhere = ObjectPath::file("hr".into(), b"a");
    let stray = writer.file(&[record(elsewhere, Outcome::Scanned)]);
    assert!(matches!(stray, Err(Error::Stray)));
    drop(writer);
    let (mut writer, _) = bench.begin("v1");
    let orphan = file("b").member(b"1");
    let records = [
        record(file("a"), Outcome::Scanned),
        record(orphan, Outcome::Scanned),
    ];
    assert!(matches!(writer.file(&records), Err(Error::Stray)));
    drop(writer);
    assert_eq!(
        bench.paths(),
        Vec::<String>::new(),
        "half a file is no file"
    );
}

#[test]
fn sums_that_do_not_balance_are_refused_by_the_schema() {
    let bench = Bench::new();
    bench.run(&["a"]);
    let database = Connection::open(bench.path()).unwrap();
    assert!(
        database
            .execute("UPDATE run SET discovered = 2", [])
            .is_err()
    );
    assert!(
        database
            .execute("UPDATE object SET outcome = 'unknown'", [])
            .is_err()
    );
    assert!(
        database
            .execute("UPDATE object SET problem = 'io'", [])
            .is_err()
    );
}

#[test]
fn only_masks_and_digests_lie_on_disk() {
    let value = "15908699999";
    let bench = Bench::new();
    let (mut writer, _) = bench.begin("v1");
    let mut planted = with_number("a.txt", &[42]);
    let masked = sporhund::model::Sensitive::new(value).mask(2);
    planted.findings[0].samples[0].masked = masked;
    writer.file(&[planted]).unwrap();
    writer.flush().unwrap();
    let holds = |path: &Path, wanted: &str| {
        let bytes = fs::read(path).unwrap_or_default();
        bytes
            .windows(wanted.len())
            .any(|part| part == wanted.as_bytes())
    };
    let files = sporhund::inventory::files(&bench.path());
    assert!(files.iter().any(|path| holds(path, "15*********")));
    assert!(!files.iter().any(|path| holds(path, value)));
    writer.finish_run(RunEnd::Finished, 20, &[""]).unwrap();
    assert!(holds(&bench.path(), "15*********") && !holds(&bench.path(), value));
}
