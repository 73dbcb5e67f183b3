//! What a reader tells of a file, gathered for tests, and where collections of real files lie.

use std::fs::File;
use std::path::{Path, PathBuf};

use sporhund::extract::{End, FormatInfo, Reader, Visitor};
use sporhund::model::{Fact, Layout, ObjectPath, Outcome, Piece};

/// The test collections beside the project, where they are.
pub(crate) fn corpora() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora"));
    if folder.is_dir() {
        return Some(folder.to_path_buf());
    }
    println!("skipped: no collection of real files beside the project");
    None
}

/// All text of a file and of what is nested in it, and the outcomes in the order of leaving.
#[derive(Default)]
pub(crate) struct Collector {
    pub(crate) text: String,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) facts: Vec<Fact>,
    open: usize,
}

impl Visitor for Collector {
    fn enter(&mut self, _object: &ObjectPath) {
        self.open += 1;
    }
    fn format(&mut self, _format: &'static FormatInfo) {}
    fn piece(&mut self, piece: Piece<'_>) {
        if !matches!(
            piece.layout,
            Layout::Flow {
                continues: true,
                ..
            }
        ) {
            self.text.push('\n');
        }
        self.text.push_str(piece.text);
    }
    fn fact(&mut self, fact: Fact) {
        self.facts.push(fact);
    }
    fn leave(&mut self, end: End) {
        self.open -= 1;
        self.outcomes.push(end.outcome);
    }
}

/// Reads a file, of which every object must be left.
pub(crate) fn read(reader: &Reader, path: &Path) -> Collector {
    let file = File::open(path).unwrap();
    let bytes = file.metadata().unwrap().len();
    let name = path.file_name().unwrap().to_str().unwrap();
    let object = ObjectPath::file("".into(), name.as_bytes());
    let mut collector = Collector::default();
    reader.read(&object, file, bytes, &mut collector);
    assert_eq!(collector.open, 0, "{name}: every object is left");
    assert!(!collector.outcomes.is_empty(), "{name}");
    collector
}
