//! Child processes that read: what they tell arrives, and one that dies, hangs or eats memory costs
//! the one object it was reading.

use std::time::{Duration, Instant};

use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use sporhund::extract::{ChildLimits, Content, Isolation, Reader};
use sporhund::model::{Cancel, Limits, ObjectPath, Outcome, ProblemKind};

use crate::collected::Collector;
use crate::office::isolated_reader;
use crate::pdf_pages;

fn read(reader: &Reader, name: &str, bytes: &[u8]) -> Collector {
    let mut collector = Collector::default();
    let object = ObjectPath::file("".into(), name.as_bytes());
    reader.read_content(&object, Content::from_bytes(bytes), &mut collector);
    collector
}

fn ending(collector: &Collector) -> Option<ProblemKind> {
    collector
        .outcomes
        .last()
        .unwrap()
        .problem()
        .map(|problem| problem.kind)
}

/// A PDF of one page that shows `text`, with `extra` entries in its catalogue.
fn pdf(content: Stream, extra: impl FnOnce(&mut Document, &mut Dictionary)) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let pages = vec![(pdf_pages::font(&mut document), content)];
    let mut document = pdf_pages::with_pages(document, pages);
    let mut more = Dictionary::new();
    extra(&mut document, &mut more);
    document.catalog_mut().unwrap().extend(&more);
    pdf_pages::bytes(document)
}

fn shows(text: &str) -> Stream {
    pdf_pages::lines([text])
}

/// A page whose content inflates to 1 GiB.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..1024 {
        packed.write_all(&block).unwrap();
    }
    let stream = Stream::new(
        dictionary! { "Filter" => "FlateDecode" },
        packed.finish().unwrap(),
    );
    pdf(stream, |_, _| {})
}

#[test]
fn text_values_dates_and_attachments_arrive() {
    let bytes = pdf(shows("Kari Nordmann 150586"), |document, catalog| {
        let field = document.add_object(dictionary! {
            "FT" => "Tx", "T" => Object::string_literal("fnr"),
            "V" => Object::string_literal("15058695088"),
        });
        let fields: Vec<Object> = vec![field.into()];
        catalog.set("AcroForm", dictionary! { "Fields" => fields });
        let file = document.add_object(Stream::new(dictionary! {}, b"vedlagt tekst her".to_vec()));
        document.add_object(dictionary! {
            "Type" => "Filespec", "F" => Object::string_literal("brev.txt"),
            "EF" => dictionary! { "F" => file },
        });
        let info = document.add_object(dictionary! {
            "Author" => Object::string_literal("Ola Forfatter"),
            "CreationDate" => Object::string_literal("D:20240517093000+02'00'"),
        });
        document.trailer.set("Info", info);
    });
    let seen = read(
        &isolated_reader(Limits::default(), ChildLimits::default()),
        "a.pdf",
        &bytes,
    );
    for wanted in [
        "Kari Nordmann 150586",
        "15058695088",
        "vedlagt tekst her",
        "Ola Forfatter",
    ] {
        assert!(seen.text.contains(wanted), "{wanted} in {:?}", seen.text);
    }
    assert_eq!(seen.outcomes, [Outcome::Scanned, Outcome::Scanned]);
    assert_eq!(seen.facts.len(), 1);
}

#[test]
fn text_of_a_layer_that_is_switched_off_is_read() {
    let drawn = b"/OC /L1 BDC BT /F1 12 Tf 50 700 Td (skjult lag) Tj ET EMC".to_vec();
    let bytes = pdf(Stream::new(dictionary! {}, drawn), |document, catalog| {
        let layer = document.add_object(dictionary! {
            "Type" => "OCG", "Name" => Object::string_literal("lag"),
        });
        let off: Vec<Object> = vec![layer.into()];
        let all = off.clone();
        catalog.set(
            "OCProperties",
            dictionary! { "OCGs" => all, "D" => dictionary! { "OFF" => off } },
        );
        for object in document.objects.values_mut() {
            if let Ok(page) = object.as_dict_mut()
                && page.has_type(b"Page")
                && let Ok(resources) = page.get_mut(b"Resources").and_then(Object::as_dict_mut)
            {
                resources.set("Properties", dictionary! { "L1" => layer });
            }
        }
    });
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    let seen = read(&reader, "a.pdf", &bytes);
    assert!(seen.text.contains("skjult lag"), "{:?}", seen.text);
}

#[test]
fn a_child_that_runs_out_of_memory_costs_one_object() {
    let limits = ChildLimits {
        memory_bytes: 512 << 20,
        ..ChildLimits::default()
    };
    let reader = isolated_reader(Limits::default(), limits);
    let good = pdf(shows("hei igjen"), |_, _| {});
    assert_eq!(ending(&read(&reader, "a.pdf", &good)), None);
    let broken = read(&reader, "bomb.pdf", &bomb());
    assert_eq!(ending(&broken), Some(ProblemKind::LimitMemory));
    let after = read(&reader, "b.pdf", &good);
    assert_eq!(ending(&after), None);
    assert!(after.text.contains("hei igjen"));
}

#[cfg(target_os = "linux")]
#[test]
fn children_give_up_files_and_the_network() {
    let isolation = Isolation::Children {
        program: env!("CARGO_BIN_EXE_sporhund").into(),
        args: vec!["__read".into()],
        workers: 1,
    };
    let pool = isolation.pool(ChildLimits::default()).unwrap();
    assert_eq!(pool.confinement(), None, "no child yet");
    let reader = Reader::new(Limits::default(), Cancel::default())
        .with_isolation(std::sync::Arc::clone(&pool) as _);
    assert_eq!(
        ending(&read(&reader, "a.pdf", &pdf(shows("hei"), |_, _| {}))),
        None
    );
    let told = pool.confinement().unwrap();
    assert!(told.seccomp, "{told:?}");
    // Not only told: the system says the same of the child. It is idle, and ends with its pool.
    let own = std::process::id().to_string();
    let walled = std::fs::read_dir("/proc").unwrap().filter(|entry| {
        let file = entry.as_ref().unwrap().path().join("status");
        let status = std::fs::read_to_string(file).unwrap_or_default();
        let says = |key: &str, value: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.is_some_and(|line| line.trim() == value)
        };
        says("PPid:", &own) && says("Seccomp:", "2") && says("NoNewPrivs:", "1")
    });
    assert!(walled.count() > 0);
    if !told.landlock {
        println!("NOT CHECKED: this kernel has no Landlock");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn children_that_die_or_hang_are_told_by_their_end() {
    let good = pdf(shows("hei"), |_, _| {});
    let cases = [
        ("exit 3", ProblemKind::Crashed),
        ("cat > /dev/null; exit 0", ProblemKind::Timeout),
        (
            "head -c 40 > /dev/null; kill -ABRT $$",
            ProblemKind::Crashed,
        ),
        (
            "head -c 40 > /dev/null; kill -XCPU $$",
            ProblemKind::Timeout,
        ),
        (
            "head -c 40 > /dev/null; kill -KILL $$",
            ProblemKind::LimitMemory,
        ),
        ("echo this is no frame at all", ProblemKind::Crashed),
        ("exec sleep 60", ProblemKind::Timeout),
    ];
    for (script, wanted) in cases {
        let isolation = Isolation::Children {
            program: "/bin/sh".into(),
            args: vec!["-c".into(), format!("PATH=/bin:/usr/bin; {script}").into()],
            workers: 1,
        };
        let limits = Limits {
            base_time: Duration::from_millis(700),
            ..Limits::default()
        };
        let pool = isolation.pool(ChildLimits::default()).unwrap();
        let reader = Reader::new(limits, Cancel::default()).with_isolation(pool);
        let begun = Instant::now();
        assert_eq!(
            ending(&read(&reader, "a.pdf", &good)),
            Some(wanted),
            "{script}"
        );
        assert!(begun.elapsed() < Duration::from_secs(10), "{script}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_that_never_stops_telling_is_stopped() {
    // Each frame is four bytes: that something unknown of kind and stage 0 was left out.
    let script = "PATH=/bin:/usr/bin; exec awk 'BEGIN { while (1) printf \"%c%c%c%c%c%c%c%c\", 4, 0, 0, 0, 7, 0, 0, 0 }'";
    let isolation = Isolation::Children {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        workers: 1,
    };
    let pool = isolation.pool(ChildLimits::default()).unwrap();
    let cancel = Cancel::default();
    let limits = Limits {
        base_time: Duration::from_mins(1),
        ..Limits::default()
    };
    let reader = Reader::new(limits, cancel.clone()).with_isolation(pool);
    let good = pdf(shows("hei"), |_, _| {});
    let begun = Instant::now();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        cancel.request();
    });
    let seen = read(&reader, "a.pdf", &good);
    let spent = begun.elapsed();
    assert!(
        spent > Duration::from_millis(400),
        "frames arrived until the stop: {spent:?}"
    );
    assert!(spent < Duration::from_secs(20), "{spent:?}");
    assert_eq!(seen.outcomes.len(), 1);
}

/// A PDF whose description is a packet of `bytes` bytes.
fn described(bytes: usize) -> Vec<u8> {
    let packet = format!("<x>{}</x>", "a b ".repeat(bytes / 4));
    pdf(shows("hei"), |document, catalog| {
        let kind = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
        let stream = document.add_object(Stream::new(kind, packet.into_bytes()));
        catalog.set("Metadata", stream);
    })
}

#[test]
fn what_children_inflate_counts_for_the_whole_file() {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        archive.start_file(name, options).unwrap();
        archive.write_all(&described(1 << 20)).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    // Each document comes out of the archive once, and its packet once more in the child.
    let limits = |mib: u64| Limits {
        max_ratio: 0,
        free_inflated_bytes: mib << 20,
        ..Limits::default()
    };
    let enough = isolated_reader(limits(7), ChildLimits::default());
    assert_eq!(ending(&read(&enough, "a.zip", &archive)), None);
    let short = isolated_reader(limits(5), ChildLimits::default());
    let seen = read(&short, "a.zip", &archive);
    assert_eq!(ending(&seen), Some(ProblemKind::LimitBytes));
}

#[test]
fn threads_share_the_pool() {
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let reader = &reader;
            scope.spawn(move || {
                for object in 0..10 {
                    let text = format!("objekt {thread} {object}");
                    let seen = read(reader, "a.pdf", &pdf(shows(&text), |_, _| {}));
                    assert!(seen.text.contains(&text));
                    assert_eq!(ending(&seen), None);
                }
            });
        }
    });
}

#[test]
fn damaged_documents_end_in_an_outcome() {
    let reader = isolated_reader(Limits::default(), ChildLimits::default());
    let whole = pdf(shows("hei"), |_, _| {});
    for cut in (5..whole.len()).step_by(97) {
        assert_eq!(read(&reader, "a.pdf", &whole[..cut]).outcomes.len(), 1);
    }
}
