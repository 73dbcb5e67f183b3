//! `sporhund subject export`: a bundle of one person's documents, in a folder of its own.
//!
//! `for-the-person` is what can be handed out once somebody has read it; `for-the-controller` says
//! where everything lies and what has to be redacted by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::reading::{Gathering, Read, read};
use super::{PersonArgs, asked, found, scanner, told};
use crate::cli::exit::Exit;
use crate::cli::message::Refusal;
use crate::cli::ocr::Ocr;
use crate::cli::plan::Desk;
use crate::cli::root_places::RootPlaces;
use crate::cli::{environment, report, workers};
use crate::extract::Reader;
use crate::inventory::ObjectRow;
use crate::model::{Cancel, Limits, Outcome};
use crate::own_files::make_private_folder;
use crate::report::detector_word;
use crate::report::escape::for_csv;
use crate::subject::{self, Bundle, Document, Found, Given, Item, Own, Why};

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// The folder of the bundle; it is made, and must lie outside of what is scanned
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    person: PersonArgs,
}

pub(super) fn run(arguments: &ExportArgs) -> anyhow::Result<Exit> {
    let desk = arguments.person.desk(None)?;
    let roots = RootPlaces::of(&desk.inventory)?;
    check_place(&arguments.to, &roots)?;
    let asked = asked(&desk, &arguments.person)?;
    let found = found(&desk, &arguments.person, asked)?;
    let folders = Folders::make(&arguments.to)?;
    let items = Exporting {
        desk: &desk,
        found: &found,
        roots: &roots,
        folders: &folders,
    }
    .items()?;
    let looked_for = found.asked.identifiers.iter().filter(|one| !one.near);
    let bundle = Bundle {
        made_on: environment::today(),
        answer_by: found.deadline.as_ref().map(|deadline| deadline.due),
        looked_for: looked_for
            .map(|one| (one.detector.to_owned(), one.masked.clone()))
            .collect(),
        items,
        coverage: found.coverage,
    };
    let to_do = write(&bundle, &found, &folders, &desk)?;
    let saying = &desk.saying;
    saying.remark(told::exported(bundle.items.len(), to_do));
    if let Some(due) = bundle.answer_by {
        saying.remark(told::answer_by(due));
    }
    let unread = found.coverage.unread + found.coverage.partial;
    Ok(if to_do > 0 || unread > 0 {
        Exit::Incomplete
    } else {
        Exit::Complete
    })
}

/// A bundle below a scanned root would be one more copy to find.
fn check_place(to: &Path, roots: &RootPlaces) -> anyhow::Result<()> {
    let absolute = std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    let parent = absolute.parent().unwrap_or(&absolute);
    let parent = std::fs::canonicalize(parent).with_context(|| {
        Refusal::new(format!(
            "the folder that `{}` is to lie in cannot be reached",
            to.display()
        ))
    })?;
    for (_, root) in roots.iter() {
        if parent.starts_with(root) {
            let message = format!("`{}` lies in a folder that is scanned", to.display());
            return Err(Refusal::new(message)
                .hint("name another place with `--to`")
                .into());
        }
    }
    Ok(())
}

/// The folders of a bundle.
struct Folders {
    person: PathBuf,
    documents: PathBuf,
    controller: PathBuf,
}

impl Folders {
    fn make(to: &Path) -> anyhow::Result<Self> {
        let folders = Self {
            person: to.join("for-the-person"),
            documents: to.join("for-the-person").join("documents"),
            controller: to.join("for-the-controller"),
        };
        for folder in [to, &folders.person, &folders.documents, &folders.controller] {
            make_private_folder(folder).with_context(|| {
                Refusal::new(format!("the folder `{}` cannot be made", folder.display()))
                    .hint("a bundle needs a new folder")
            })?;
        }
        Ok(folders)
    }
}

struct Exporting<'a> {
    desk: &'a Desk,
    found: &'a Found,
    roots: &'a RootPlaces,
    folders: &'a Folders,
}

impl Exporting<'_> {
    fn items(&self) -> anyhow::Result<Vec<Item>> {
        let mut by_file: BTreeMap<i64, Vec<(Item, ObjectRow)>> = BTreeMap::new();
        for (number, line) in (1..).zip(&self.found.objects) {
            let row = self.desk.inventory.object_by_number(line.id)?;
            let Some(row) = row else { continue };
            let item = Item::of(number, row.path.clone(), line);
            by_file.entry(row.top).or_default().push((item, row));
        }
        let ocr = Ocr::new(None, self.desk.config.ocr.as_deref())?;
        let reader = Reader::new(Limits::default(), Cancel::default()).with_content_digests(true);
        let (reader, _) = workers::attach(ocr.attach(reader), 1)?;
        let mut items = Vec::new();
        for (_, of_file) in by_file {
            self.file(&reader, of_file, &mut items)?;
        }
        items.sort_by_key(|item| item.number);
        Ok(items)
    }

    /// Takes the person's part of each object of one file.
    fn file(
        &self,
        reader: &Reader,
        of_file: Vec<(Item, ObjectRow)>,
        items: &mut Vec<Item>,
    ) -> anyhow::Result<()> {
        let scanner = scanner(self.desk);
        let mut gathering = Gathering::new(&scanner);
        let path = of_file.first().and_then(|(_, row)| self.roots.file(row));
        let there = path.as_deref().is_some_and(|path| {
            let row = of_file.first().map(|(_, row)| row);
            row.is_some_and(|row| read(reader, path, row, &mut gathering))
        });
        let alone = gathering.read.len() == 1;
        for (mut item, row) in of_file {
            let read = gathering.read.remove(&row.path);
            let given = self.given(&item, &row, read.as_ref(), there);
            match given {
                Err(why) => item.given = Given::Withheld { why },
                Ok(own) => {
                    let copy = path
                        .as_deref()
                        .filter(|_| alone && row.depth == 0 && !own.others);
                    item.given = self.put(item.number, &own, copy)?;
                    item.values = own.values;
                    item.rows = own.rows;
                }
            }
            items.push(item);
        }
        Ok(())
    }

    fn given(
        &self,
        item: &Item,
        row: &ObjectRow,
        read: Option<&Read>,
        there: bool,
    ) -> Result<Own, Why> {
        if item.role == "processor" {
            return Err(Why::Processor);
        }
        let read = read.filter(|_| there).ok_or(Why::Gone)?;
        let scanned = matches!(row.outcome, Outcome::Scanned | Outcome::Unchanged);
        if !scanned || !read.whole {
            return Err(Why::NotRead);
        }
        if read.content != row.content_digest {
            return Err(Why::Changed);
        }
        let document = Document {
            text: &read.text,
            rows: &read.rows,
            hits: &read.hits,
        };
        let lang = self.desk.saying.lang;
        let own = subject::own(
            &document,
            &|hit| self.found.is_own(hit.kind.detector, hit.digest),
            &|detector| detector_word(detector, lang).to_owned(),
        );
        if own.values.is_empty() {
            return Err(Why::NotFound);
        }
        Ok(own)
    }

    /// Writes a copy of the file, or the text.
    fn put(&self, number: usize, own: &Own, copy: Option<&Path>) -> anyhow::Result<Given> {
        if let Some(from) = copy {
            let ending = from.extension().and_then(|ending| ending.to_str());
            let ending = ending.filter(|e| e.len() <= 8 && e.chars().all(char::is_alphanumeric));
            let file = format!("{number:04}.{}", ending.unwrap_or("bin"));
            let mut to = report::private_file(&self.folders.documents.join(&file))?;
            let mut from = File::open(from).context("a document cannot be read")?;
            std::io::copy(&mut from, &mut to).context("a copy cannot be written")?;
            to.flush().context("a copy cannot be written")?;
            return Ok(Given::Copy { file });
        }
        let file = format!("{number:04}.txt");
        let mut to = report::private_file(&self.folders.documents.join(&file))?;
        to.write_all(own.text.as_bytes())?;
        to.flush().context("a text cannot be written")?;
        Ok(Given::Text {
            file,
            masked: own.masked,
            left_out: own.left_out,
        })
    }
}

/// Writes index, JSON and what is to be looked at; returns how many objects that are.
fn write(bundle: &Bundle, found: &Found, folders: &Folders, desk: &Desk) -> anyhow::Result<usize> {
    let lang = desk.saying.lang;
    let put = |folder: &Path, name: &str, text: &str| -> anyhow::Result<()> {
        let mut file = report::private_file(&folder.join(name))?;
        file.write_all(text.as_bytes())?;
        file.flush().context("the bundle cannot be written")
    };
    let handed = Bundle {
        items: bundle
            .items
            .iter()
            .filter(|item| item.role != "processor")
            .cloned()
            .collect(),
        ..bundle.clone()
    };
    let purposes = desk.law.rulebook.purposes();
    let purpose = |id: &str| {
        let known = purposes.iter().find(|purpose| purpose.id == id);
        known.map_or_else(|| id.to_owned(), |known| known.title_in(lang).to_owned())
    };
    put(
        &folders.person,
        "index.html",
        &handed.to_html(lang, &purpose),
    )?;
    put(&folders.person, "data.json", &handed.to_json()?)?;
    let mut rows = csv::Writer::from_writer(report::private_file(
        &folders.controller.join("to-look-at.csv"),
    )?);
    rows.write_record(["number", "object", "why"])?;
    let to_do = bundle.to_do(lang);
    for row in &to_do {
        rows.write_record(row.iter().map(|cell| for_csv(cell)))?;
    }
    let elsewhere: BTreeSet<&str> = found
        .possible
        .iter()
        .chain(&found.near)
        .map(|line| line.object.as_str())
        .collect();
    for object in &elsewhere {
        rows.write_record(["", &for_csv(object), "possible"])?;
    }
    rows.flush()?;
    Ok(to_do.len())
}
