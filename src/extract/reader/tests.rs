use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::formats::zip_of;
use super::super::recorder::{Recorder, Seen, read, read_within};
use super::*;

fn object(name: &str) -> ObjectPath {
    ObjectPath::file("".into(), name.as_bytes())
}

#[test]
fn the_digest_is_that_of_the_bytes_and_can_be_left_out() {
    let bytes = zip_of(&[("a.txt", b"hei du")]);
    let seen = read("a.zip", &bytes);
    let digest = |at: usize| seen[at].end.as_ref().unwrap().content_digest;
    assert_eq!(digest(0), Some(blake3::hash(&bytes).into()));
    assert_eq!(digest(1), Some(blake3::hash(b"hei du").into()));
    assert_eq!(seen[1].end.as_ref().unwrap().bytes, 6);
    let mut recorder = Recorder::default();
    Reader::new(Limits::default(), Cancel::default())
        .with_content_digests(false)
        .read_content(&object("a.zip"), Content::from_bytes(bytes), &mut recorder);
    assert_eq!(
        recorder.objects[1].end.as_ref().unwrap().content_digest,
        None
    );
}

#[test]
fn a_stop_is_told_of_every_open_object() {
    struct Stopping(Recorder, Cancel);
    impl Visitor for Stopping {
        fn enter(&mut self, object: &ObjectPath) {
            self.0.enter(object);
        }
        fn format(&mut self, format: &'static FormatInfo) {
            self.0.format(format);
        }
        fn piece(&mut self, piece: Piece<'_>) {
            self.1.request();
            self.0.piece(piece);
        }
        fn fact(&mut self, fact: Fact) {
            self.0.fact(fact);
        }
        fn leave(&mut self, end: End) {
            self.0.leave(end);
        }
    }
    let inner = zip_of(&[("a.txt", b"hei du."), ("b.txt", b"hei du!")]);
    let bytes = zip_of(&[("i.zip", &inner), ("c.txt", b"hei oss")]);
    let cancel = Cancel::default();
    let mut visitor = Stopping(Recorder::default(), cancel.clone());
    Reader::new(Limits::default(), cancel.clone()).read_content(
        &object("a.zip"),
        Content::from_bytes(bytes),
        &mut visitor,
    );
    let endings: Vec<_> = visitor.0.objects.iter().map(Seen::ending).collect();
    assert_eq!(endings[..2], ["partial cancelled", "partial cancelled"]);
    assert_eq!(endings.len(), 3);
    let mut recorder = Recorder::default();
    let content = Content::from_bytes(*b"hei du");
    Reader::new(Limits::default(), cancel).read_content(&object("a"), content, &mut recorder);
    assert_eq!(recorder.objects[0].ending(), "skipped cancelled");
}

#[test]
fn a_panic_is_one_objects_outcome() {
    /// Panics at the first piece that says so.
    struct Fragile(Recorder);
    impl Visitor for Fragile {
        fn enter(&mut self, object: &ObjectPath) {
            self.0.enter(object);
        }
        fn format(&mut self, format: &'static FormatInfo) {
            self.0.format(format);
        }
        fn piece(&mut self, piece: Piece<'_>) {
            assert!(!piece.text.contains("fall"), "as planned");
            self.0.piece(piece);
        }
        fn fact(&mut self, fact: Fact) {
            self.0.fact(fact);
        }
        fn leave(&mut self, end: End) {
            self.0.leave(end);
        }
    }
    let bytes = zip_of(&[("a.txt", b"fall her"), ("b.txt", b"hei du!!")]);
    let mut visitor = Fragile(Recorder::default());
    Reader::new(Limits::default(), Cancel::default()).read_content(
        &object("a.zip"),
        Content::from_bytes(bytes),
        &mut visitor,
    );
    let endings: Vec<_> = visitor.0.objects.iter().map(Seen::ending).collect();
    assert_eq!(endings, ["scanned", "partial panic", "scanned"]);
}

#[test]
fn a_file_that_shrank_ends_partial() {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, b"hei du der").unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let mut recorder = Recorder::default();
    Reader::new(Limits::default(), Cancel::default()).read(
        &object("a.txt"),
        file,
        4000,
        &mut recorder,
    );
    assert_eq!(recorder.objects[0].ending(), "partial io");
    assert_eq!(recorder.objects[0].text, "hei du der");
}

/// Bytes of some format, members of containers included.
fn some_content() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(b"Per Hansen bor i Oslo.\n".to_vec()),
        Just(b"navn;nr\nPer;15814599999\nKari;15814599998\n".to_vec()),
        Just(b"{\"a\": [\"b\", {\"c\": \"\\u00e5\"}]}".to_vec()),
        Just(b"<?xml version='1.0'?><a><b>c</b>d<e f='g'/></a>".to_vec()),
        Just(b"<html><p>Per<b>Kari</b></html>".to_vec()),
        Just(b"From: a@example.no\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhei\n--x--\n".to_vec()),
        Just(b"INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y');\n".to_vec()),
        vec(any::<u8>(), 0..200),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        vec(inner, 1..4).prop_map(|members| {
            let names: Vec<_> = (0..members.len()).map(|n| format!("m{n}")).collect();
            let entries: Vec<_> = names
                .iter()
                .zip(&members)
                .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
                .collect();
            zip_of(&entries)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The recorder itself checks that calls nest, and that each object ends once.
    #[test]
    fn whatever_is_read_ends_once_and_without_a_panic(
        mut bytes in some_content(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        max_depth in 0_u32..4,
        max_members in 1_u64..9,
    ) {
        if !bytes.is_empty() {
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
        }
        let limits = Limits { max_depth, max_members, ..Limits::default() };
        let seen = read_within(limits, "a", &bytes);
        prop_assert!(seen.len() as u64 <= max_members + 1);
        for own in &seen {
            prop_assert!(!own.ending().ends_with("panic"), "{}", own.path);
        }
    }
}

#[test]
fn an_archive_that_holds_itself_ends_at_the_depth_limit() {
    /// A format cannot be made to loop, so each level is packed once more, to 60 levels.
    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder =
            flate2::read::GzEncoder::new(Cursor::new(bytes), flate2::Compression::fast());
        let mut out = Vec::new();
        std::io::copy(&mut encoder, &mut out).unwrap();
        out
    }
    let mut bytes = b"innerst".to_vec();
    for _ in 0..60 {
        bytes = packed(&bytes);
    }
    let seen = read("a.gz", &bytes);
    assert_eq!(seen.len(), 10);
    assert_eq!(seen[9].ending(), "skipped limit-depth");
}
