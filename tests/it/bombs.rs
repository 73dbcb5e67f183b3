//! Files made to exhaust a reader: each ends with its cause said, and its figures stay in bounds.
//!
//! `every_bomb_ends_with_its_cause` runs with all tests. The figures of the same files and of larger
//! ones, for the whole tree of processes at default settings, are taken by
//! `cargo test --release --test it bombs::figures -- --ignored --nocapture`.

use std::io::{Cursor, Write};
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use sporhund::extract::{ChildLimits, Content, End, FormatInfo, Visitor};
use sporhund::model::{Fact, Limits, ObjectPath, Outcome, Piece, ProblemKind, work};
use zip::write::SimpleFileOptions;

use crate::office::isolated_reader;
use crate::pdf_pages;
use crate::program::{Workplace, json, stdout};

const MIB: usize = 1 << 20;

/// A hostile file.
struct Bomb {
    name: &'static str,
    bytes: Vec<u8>,
    /// The cause that must be said of the file or of something in it; `None` where it is read whole.
    cause: Option<ProblemKind>,
}

fn bomb(name: &'static str, bytes: Vec<u8>, cause: impl Into<Option<ProblemKind>>) -> Bomb {
    Bomb {
        name,
        bytes,
        cause: cause.into(),
    }
}

/// `total` bytes of `pattern` over and over, in blocks.
fn repeated(pattern: &[u8], total: usize, out: &mut dyn Write) {
    let block = pattern.repeat(MIB / pattern.len() + 1);
    let mut left = total;
    while left > 0 {
        let part = left.min(block.len());
        out.write_all(&block[..part]).unwrap();
        left -= part;
    }
}

type Zip = zip::ZipWriter<Cursor<Vec<u8>>>;

fn zip(fill: impl FnOnce(&mut Zip)) -> Vec<u8> {
    let mut writer = Zip::new(Cursor::new(Vec::new()));
    fill(&mut writer);
    writer.finish().unwrap().into_inner()
}

fn entry(writer: &mut Zip, name: &str) {
    writer
        .start_file(name, SimpleFileOptions::default().large_file(true))
        .unwrap();
}

fn zip_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    zip(|writer| {
        entry(writer, name);
        writer.write_all(bytes).unwrap();
    })
}

fn zip_of_repeated(name: &str, pattern: &[u8], total: usize) -> Vec<u8> {
    zip(|writer| {
        entry(writer, name);
        repeated(pattern, total, writer);
    })
}

fn gz_of(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn tar_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    tar.append_data(&mut header, name, bytes).unwrap();
    tar.into_inner().unwrap()
}

fn eml_of(bytes: &[u8]) -> Vec<u8> {
    let head = "From: a@example.test\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n";
    [head.as_bytes(), bytes].concat()
}

/// Sixteen archives of sixteen archives, and so on: 16⁵ times what lies at the bottom.
fn nested_zip() -> Vec<u8> {
    let mut inner = zip_of_repeated("a.txt", b"1", 10 * MIB);
    for _ in 0..5 {
        let level = inner;
        inner = zip(|writer| {
            for number in 0..16 {
                entry(writer, &format!("{number}.zip"));
                writer.write_all(&level).unwrap();
            }
        });
    }
    inner
}

/// Five thousand names in the central directory for the same packed bytes.
fn overlapping_zip() -> Vec<u8> {
    let one = zip_of_repeated("a.txt", b"a1 ", 4 * MIB);
    let directory = memchr::memmem::rfind(&one, b"PK\x01\x02").unwrap();
    let end = memchr::memmem::rfind(&one, b"PK\x05\x06").unwrap();
    let header = &one[directory..end];
    let copies: u16 = 5000;
    let mut bytes = one[..directory].to_vec();
    bytes.extend(header.repeat(usize::from(copies)));
    let size = u32::try_from(bytes.len() - directory).unwrap();
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(copies.to_le_bytes());
    bytes.extend(copies.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend(u32::try_from(directory).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// Packed bytes that unpack to packed bytes, forty times: what an archive that holds itself comes to.
fn deep(level: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    (0..40).fold(b"Kari Nordmann bor i Oslo\n".to_vec(), |inner, _| {
        level(&inner)
    })
}

fn laughs() -> String {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"lol\">".to_owned();
    for level in 1..12 {
        let inner = format!("&l{};", level - 1).repeat(10);
        text = format!("{text}<!ENTITY l{level} \"{inner}\">");
    }
    text + "]><l>&l11;</l>"
}

const TYPES: &str = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";

fn relations(kind: &str, target: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
    )
}

fn docx(fill: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    zip(|writer| {
        entry(writer, "[Content_Types].xml");
        writer.write_all(TYPES.as_bytes()).unwrap();
        entry(writer, "_rels/.rels");
        let link = relations("officeDocument", "word/document.xml");
        writer.write_all(link.as_bytes()).unwrap();
        entry(writer, "word/document.xml");
        fill(writer);
    })
}

fn xlsx(strings: impl FnOnce(&mut dyn Write), sheet: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    zip(|writer| {
        entry(writer, "[Content_Types].xml");
        writer.write_all(TYPES.as_bytes()).unwrap();
        entry(writer, "_rels/.rels");
        let link = relations("officeDocument", "xl/workbook.xml");
        writer.write_all(link.as_bytes()).unwrap();
        entry(writer, "xl/workbook.xml");
        writer.write_all(b"<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>").unwrap();
        entry(writer, "xl/_rels/workbook.xml.rels");
        let link = relations("worksheet", "worksheets/sheet1.xml");
        writer.write_all(link.as_bytes()).unwrap();
        entry(writer, "xl/sharedStrings.xml");
        strings(writer);
        entry(writer, "xl/worksheets/sheet1.xml");
        sheet(writer);
    })
}

const NO_STRINGS: &[u8] = b"<sst></sst>";
const SHEET: &str =
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">";

fn rows(count: u32, out: &mut dyn Write) {
    write!(out, "{SHEET}<dimension ref=\"A1:XFD1048576\"/><sheetData>").unwrap();
    for row in 1..=count {
        write!(out, "<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>kunde{row}@example.test</t></is></c><c r=\"B{row}\"><v>{row}</v></c></row>").unwrap();
    }
    write!(out, "</sheetData></worksheet>").unwrap();
}

fn last_corner() -> Vec<u8> {
    xlsx(
        |out| out.write_all(NO_STRINGS).unwrap(),
        |out| {
            write!(out, "{SHEET}<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData></worksheet>").unwrap();
        },
    )
}

/// A PDF whose page content is `packed`, under as many filters as it was packed times.
fn pdf(packed: Vec<u8>, filters: usize) -> Vec<u8> {
    let names: Vec<Object> = vec![Object::Name(b"FlateDecode".to_vec()); filters];
    let content = Stream::new(dictionary! { "Filter" => names }, packed);
    let pages = vec![(Dictionary::new(), content)];
    pdf_pages::bytes(pdf_pages::with_pages(Document::with_version("1.5"), pages))
}

fn deflated(pattern: &[u8], total: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    repeated(pattern, total, &mut packed);
    packed.finish().unwrap()
}

fn deflated_again(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Text with three finds in each line, as a page's content.
fn page_of_finds(bytes: usize) -> Stream {
    let line = "Ola Nordmann 12345678901 ola@example.test";
    pdf_pages::lines(std::iter::repeat_n(line, bytes / line.len()))
}

/// A PDF of so many pages that all show the same content of 1 MiB.
fn pdf_of_one_content(pages: usize) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let font = pdf_pages::font(&mut document);
    let mut content = page_of_finds(MIB);
    content.compress().unwrap();
    let mut document = pdf_pages::with_pages(document, vec![(font, content)]);
    let page = document.get_pages()[&1];
    let tree = document.get_dictionary(page).unwrap().get(b"Parent");
    let tree = tree.unwrap().as_reference().unwrap();
    let page = document.get_object(page).unwrap().clone();
    let kids = (0..pages).map(|_| document.add_object(page.clone()).into());
    let kids: Vec<Object> = kids.collect();
    let tree = document.get_dictionary_mut(tree).unwrap();
    tree.set("Count", i64::try_from(pages).unwrap());
    tree.set("Kids", kids);
    pdf_pages::bytes(document)
}

/// A PDF whose page shows a form that shows another one twenty times, and so on: 20⁵ times what the last one shows.
fn pdf_of_forms() -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let mut resources = pdf_pages::font(&mut document);
    let mut content = page_of_finds(4096).content;
    for _ in 0..6 {
        let form = document.add_object(Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Form", "Resources" => resources,
                "BBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            },
            content,
        ));
        resources = dictionary! { "XObject" => dictionary! { "X" => form } };
        content = b"/X Do\n".repeat(20);
    }
    let page = Stream::new(dictionary! {}, b"/X Do".to_vec());
    pdf_pages::bytes(pdf_pages::with_pages(document, vec![(resources, page)]))
}

/// A PDF whose objects lie in a stream of objects that unpacks to `total` bytes, where the stream of
/// references says they are.
fn pdf_of_packed_objects(total: usize) -> Vec<u8> {
    let packed = deflated(b"1 0 ", total);
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let at = bytes.len();
    bytes.extend(
        format!("5 0 obj\n<</Type/ObjStm/N 100000/First 1000000/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).bytes(),
    );
    bytes.extend(&packed);
    bytes.extend(b"\nendstream\nendobj\n");
    let table = bytes.len();
    let row = |kind: u8, value: u32, index: u8| {
        let value = value.to_be_bytes();
        [kind, value[0], value[1], value[2], value[3], index]
    };
    let position = u32::try_from(at).unwrap();
    let rows = [
        row(0, 0, 0),
        row(2, 5, 0),
        row(2, 5, 1),
        row(2, 5, 2),
        row(0, 0, 0),
        row(1, position, 0),
    ]
    .concat();
    bytes.extend(
        format!(
            "6 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length {}>>\nstream\n",
            rows.len()
        )
        .bytes(),
    );
    bytes.extend(rows);
    bytes.extend(format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF").bytes());
    bytes
}

fn png_of_many_pixels() -> Vec<u8> {
    let mut bytes =
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\0\0\0".to_vec();
    bytes.extend([0; 200]);
    bytes
}

/// A tar archive whose one member says that it is 8 GiB long.
fn tar_of_much() -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("a.txt").unwrap();
    header.set_size(8 << 30);
    header.set_cksum();
    [header.as_bytes().as_slice(), b"Kari Nordmann bor i Oslo\n"].concat()
}

fn names_that_lead_out() -> Vec<u8> {
    zip(|writer| {
        for name in [
            "../../../etc/cron.d/a",
            "/etc/passwd",
            "C:\\a.txt",
            "a/../../b",
        ] {
            entry(writer, name);
            writer.write_all(b"Kari Nordmann\n").unwrap();
        }
    })
}

fn many_folders() -> Vec<u8> {
    zip(|writer| {
        for number in 0..101_000 {
            let options = SimpleFileOptions::default();
            writer.add_directory(format!("{number}/"), options).unwrap();
        }
    })
}

/// What is small enough to be run with all tests.
#[expect(clippy::too_many_lines, reason = "a list")]
fn small() -> Vec<Bomb> {
    use ProblemKind as P;
    let text = b"Ola Nordmann 12345678901 ola@example.test\n";
    let laughs = laughs();
    vec![
        bomb(
            "flat.zip",
            zip_of_repeated("a.txt", b"1", 100 * MIB),
            P::LimitBytes,
        ),
        bomb(
            "flat-text.zip",
            zip_of_repeated("a.txt", text, 100 * MIB),
            None,
        ),
        bomb("nested.zip", nested_zip(), P::LimitBytes),
        bomb("overlapping.zip", overlapping_zip(), P::LimitBytes),
        bomb("deep.zip", deep(|own| zip_of("a.zip", own)), P::LimitDepth),
        bomb("deep.tar", deep(|own| tar_of("a.tar", own)), P::LimitDepth),
        bomb("deep.gz", deep(gz_of), P::LimitDepth),
        bomb("deep.eml", deep(eml_of), P::LimitDepth),
        bomb("folders.zip", many_folders(), P::LimitMembers),
        bomb("names.zip", names_that_lead_out(), None),
        bomb("laughs.xml", laughs.clone().into_bytes(), None),
        bomb(
            "laughs.docx",
            docx(|out| out.write_all(laughs.as_bytes()).unwrap()),
            None,
        ),
        bomb(
            "flat.docx",
            docx(|out| {
                out.write_all(b"<w:document><w:body><w:p><w:r><w:t>")
                    .unwrap();
                repeated(text, 100 * MIB, out);
            }),
            P::LimitMemory,
        ),
        bomb(
            "strings.xlsx",
            xlsx(
                |out| {
                    out.write_all(b"<sst>").unwrap();
                    repeated(b"<si><t>a</t></si>", 400 * MIB, out);
                },
                |out| rows(1, out),
            ),
            P::LimitMemory,
        ),
        bomb("corner.xlsx", last_corner(), None),
        bomb(
            "filters.pdf",
            pdf(deflated_again(&deflated(b" ", 1024 * MIB)), 2),
            P::LimitMemory,
        ),
        bomb("pixels.png", png_of_many_pixels(), P::ImageWithoutText),
        bomb("much.tar", tar_of_much(), P::Malformed),
        bomb("brackets.json", b"[".repeat(4 * MIB), None),
        bomb("tags.xml", b"<a>".repeat(2 * MIB), None),
        bomb("tags.html", b"<div>".repeat(MIB / 4), None),
        bomb(
            "groups.rtf",
            [b"{\\rtf1 ".as_slice(), &b"{".repeat(4 * MIB)].concat(),
            P::Malformed,
        ),
        bomb(
            "line.csv",
            [b"navn;nummer\n".as_slice(), &b"\"Ola;1".repeat(2 * MIB)].concat(),
            None,
        ),
    ]
}

/// What takes longer.
fn large() -> Vec<Bomb> {
    use ProblemKind as P;
    let text = b"Ola Nordmann 12345678901 ola@example.test\n";
    vec![
        bomb("shared.pdf", pdf_of_one_content(2000), P::LimitBytes),
        bomb("forms.pdf", pdf_of_forms(), P::LimitBytes),
        bomb(
            "flat-10.zip",
            zip_of_repeated("a.txt", text, 4096 * MIB),
            P::LimitBytes,
        ),
        bomb(
            "rows.xlsx",
            xlsx(
                |out| out.write_all(NO_STRINGS).unwrap(),
                |out| rows(500_000, out),
            ),
            None,
        ),
        bomb(
            "objects.pdf",
            pdf_of_packed_objects(1024 * MIB),
            P::LimitMemory,
        ),
        bomb(
            "many-strings.xlsx",
            xlsx(
                |out| {
                    out.write_all(b"<sst>").unwrap();
                    repeated(b"<si><t>a</t></si>", 150 * MIB, out);
                    out.write_all(b"</sst>").unwrap();
                },
                |out| rows(1, out),
            ),
            None,
        ),
        bomb(
            "page.pdf",
            pdf(deflated(b" ", 1024 * MIB), 1),
            P::LimitMemory,
        ),
    ]
}

/// What became of the objects, without their text.
#[derive(Default)]
struct Ends(Vec<Option<ProblemKind>>, usize);

impl Visitor for Ends {
    fn enter(&mut self, _: &ObjectPath) {
        self.1 += 1;
    }
    fn format(&mut self, _: &'static FormatInfo) {}
    fn piece(&mut self, _: Piece<'_>) {}
    fn fact(&mut self, _: Fact) {}
    fn leave(&mut self, end: End) {
        self.0
            .push(end.outcome.problem().map(|problem| problem.kind));
    }
}

#[test]
fn every_bomb_ends_with_its_cause() {
    // How far a dense text is read in its time differs between machines; `dense_text_is_cut_and_what_is_left_is_told` is about that.
    let limits = Limits {
        dense_time: Duration::from_hours(1),
        ..Limits::default()
    };
    let reader = isolated_reader(limits, ChildLimits::default());
    let mut wrong = Vec::new();
    for bomb in small() {
        let begun = std::time::Instant::now();
        let mut ends = Ends::default();
        let object = ObjectPath::file("".into(), bomb.name.as_bytes());
        let bytes = bomb.bytes.len();
        reader.read_content(&object, Content::from_bytes(bomb.bytes), &mut ends);
        println!(
            "{}: {bytes} bytes, {:?}, {:?}",
            bomb.name,
            ends.0.last(),
            begun.elapsed()
        );
        assert_eq!(ends.0.len(), ends.1, "{}: every object ends", bomb.name);
        let said = match bomb.cause {
            Some(_) => ends.0.contains(&bomb.cause),
            None => ends.0.iter().all(Option::is_none),
        };
        if !said {
            wrong.push((bomb.name, bomb.cause, ends.0.last().copied().flatten()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Outcome and length of each object, in the order in which they end.
#[derive(Default)]
struct Lengths(Vec<(Outcome, u64)>);

impl Visitor for Lengths {
    fn enter(&mut self, _: &ObjectPath) {}
    fn format(&mut self, _: &'static FormatInfo) {}
    fn piece(&mut self, piece: Piece<'_>) {
        let until = work::spent() + Duration::from_nanos(200 * piece.text.len() as u64);
        while work::spent() < until {}
    }
    fn fact(&mut self, _: Fact) {}
    fn leave(&mut self, end: End) {
        self.0.push((end.outcome, end.bytes));
    }
}

/// Reads with a visitor that works at 5 MB a second, and a second for what is packed too densely.
fn worked(name: &str, bytes: Vec<u8>) -> Vec<(Outcome, u64)> {
    let limits = Limits {
        dense_time: Duration::from_secs(1),
        ..Limits::default()
    };
    let mut seen = Lengths::default();
    let object = ObjectPath::file("".into(), name.as_bytes());
    let reader = isolated_reader(limits, ChildLimits::default());
    reader.read_content(&object, Content::from_bytes(bytes), &mut seen);
    seen.0
}

#[test]
fn dense_text_is_cut_and_what_is_left_is_told() {
    let text = b"Ola Nordmann 12345678901 ola@example.test\n";
    let seen = worked("a.zip", zip_of_repeated("a.txt", text, 8 * MIB));
    let [
        (Outcome::Partial(member), bytes),
        (Outcome::Partial(archive), _),
    ] = &seen[..]
    else {
        panic!("{seen:?}");
    };
    assert_eq!([member.kind, archive.kind], [ProblemKind::LimitBytes; 2]);
    assert!((1..*bytes).contains(&member.at.unwrap()), "{seen:?}");
}

#[test]
fn pages_that_show_more_than_their_file_explains_are_cut() {
    for (name, bytes) in [
        ("shared.pdf", pdf_of_one_content(2000)),
        ("forms.pdf", pdf_of_forms()),
    ] {
        let seen = worked(name, bytes);
        let [(Outcome::Partial(problem), _)] = &seen[..] else {
            panic!("{name}: {seen:?}");
        };
        assert_eq!(problem.kind, ProblemKind::LimitBytes, "{name}");
    }
}

#[test]
fn the_report_tells_how_much_was_cut_off() {
    let work = Workplace::new();
    let text = b"Ola Nordmann 12345678901 ola@example.test\n";
    work.put("a.zip", zip_of_repeated("a.txt", text, 32 * MIB));
    let scan = ["scan", "share", "--packed-time", "1s"];
    let output = work.run(&[&scan[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(3));
    let told = json(&output);
    let member = told["problems"].as_array().unwrap();
    let member = member.iter().find(|one| one["object"] == "a.zip!/a.txt");
    let member = member.unwrap_or_else(|| panic!("{told}"));
    assert_eq!(
        [&member["outcome"], &member["kind"]],
        ["partial", "limit-bytes"]
    );
    let unread = member["unread_bytes"].as_u64().unwrap();
    assert!((1..32 << 20).contains(&unread), "{unread}");
    let summary = work.run(&[&scan[..], &["--lang", "nb"]].concat());
    assert!(stdout(&summary).contains(" ikke lest)"), "{summary:?}");
    let wrong = work.run(&["scan", "share", "--packed-time", "10"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_log_that_packs_well_is_read_to_its_end() {
    use std::fmt::Write as _;
    let mut log = String::new();
    let mut trace = String::new();
    for call in 0..3 {
        let _ = writeln!(
            trace,
            "\tat no.example.app.Service{call}.run(Service{call}.java)"
        );
    }
    let mut line = 0;
    while log.len() < 8 * MIB {
        line += 1;
        let _ = write!(
            log,
            "2026-11-28T10:{:02}:{:02}.{:03}Z ERROR [main] no.example - DOWN\n{trace}",
            line / 60_000 % 60,
            line / 1000 % 60,
            line % 1000
        );
    }
    // In the archive of an archive it is counted once, though it is unpacked twice.
    let packed = gz_of(&tar_of("a.log", log.as_bytes()));
    let ratio = log.len() / packed.len();
    assert!((51..95).contains(&ratio), "{ratio}");
    let seen = worked("a.tgz", packed);
    assert_eq!(seen.len(), 3);
    assert!(
        seen.iter().all(|(outcome, _)| *outcome == Outcome::Scanned),
        "{seen:?}"
    );
}

/// What a run cost.
#[derive(Default)]
#[cfg(target_os = "linux")]
struct Cost {
    cpu_seconds: f64,
    main_mib: u64,
    tree_mib: u64,
}

/// The fields of `/proc/PID/stat` after the name, the state first.
#[cfg(target_os = "linux")]
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}

#[cfg(target_os = "linux")]
fn resident_mib(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
    let pages: u64 = text
        .split(' ')
        .nth(1)
        .and_then(|own| own.parse().ok())
        .unwrap_or(0);
    pages * rustix::param::page_size() as u64 / MIB as u64
}

/// Runs the program over a folder and looks at it and its children a hundred times a second.
#[cfg(target_os = "linux")]
fn cost_of_scan(folder: &std::path::Path) -> Cost {
    let (place, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut scan = std::process::Command::new(env!("CARGO_BIN_EXE_sporhund"))
        .args([
            "scan",
            "--quiet",
            "--jobs",
            "2",
            "--format",
            "json",
            "--inventory",
            "a.db",
        ])
        .arg("--key-file")
        .arg(state.path().join("key"))
        .arg(folder)
        .current_dir(place.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let main = scan.id();
    let (mut cost, parent) = (Cost::default(), main.to_string());
    loop {
        let fields = stat(main).unwrap();
        if fields[0] == "Z" {
            // A process that ended and was not yet asked for: its times are final, and those of its
            // children are in them.
            let ticks: f64 = fields[11..15]
                .iter()
                .map(|own| own.parse::<f64>().unwrap())
                .sum();
            #[expect(clippy::cast_precision_loss, reason = "a hundred ticks a second")]
            let per_second = rustix::param::clock_ticks_per_second() as f64;
            cost.cpu_seconds = ticks / per_second;
            break;
        }
        let own = resident_mib(main);
        let children = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            (*stat(pid)?.get(1)? == parent).then(|| resident_mib(pid))
        });
        cost.main_mib = cost.main_mib.max(own);
        cost.tree_mib = cost.tree_mib.max(own + children.sum::<u64>());
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let status = scan.wait().unwrap();
    assert!(
        matches!(status.code(), Some(0 | 3)),
        "the scan itself failed: {status}"
    );
    assert!(place.path().join("a.db").is_file());
    cost
}

/// Tells processor seconds and resident memory of the whole tree of processes for each bomb, and for
/// the folders in `SPORHUND_FOLDERS`, separated by colons.
#[cfg(target_os = "linux")]
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a person names more folders to measure"
)]
#[ignore = "takes minutes, and its figures are those of a release build"]
fn figures() {
    let mut over = Vec::new();
    let mut tell = |name: &str, bytes: usize, cost: &Cost| {
        println!(
            "| {name} | {bytes} | {:.2} | {} | {} |",
            cost.cpu_seconds, cost.main_mib, cost.tree_mib
        );
        if cost.tree_mib > 1024 || cost.cpu_seconds > 10.0 {
            over.push(name.to_owned());
        }
    };
    for bomb in small().into_iter().chain(large()) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(bomb.name), &bomb.bytes).unwrap();
        tell(bomb.name, bomb.bytes.len(), &cost_of_scan(folder.path()));
    }
    println!("over 10 s or 1 GiB: {over:?}");
    for folder in std::env::var("SPORHUND_FOLDERS")
        .unwrap_or_default()
        .split(':')
    {
        if !folder.is_empty() {
            let cost = cost_of_scan(std::path::Path::new(folder));
            println!(
                "{folder}: {:.2} s, main {} MiB, tree {} MiB",
                cost.cpu_seconds, cost.main_mib, cost.tree_mib
            );
        }
    }
    assert!(over.is_empty(), "{over:?}");
}
