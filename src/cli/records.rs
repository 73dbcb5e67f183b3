//! `sporhund report ropa` and `sporhund report breach FOLDER`: the documents that a
//! data-protection officer has to show.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::args::{ReportArgs, ReportKind};
use super::exit::Exit;
use super::law::Law;
use super::message::{Refusal, remark};
use super::report;
use super::report_forms::names;
use super::root_places::RootPlaces;
use super::settings::{Places, Saying};
use crate::detect::Scanner;
use crate::inventory::{ObjectRow, Reader};
use crate::model::DigestKey;
use crate::report::Judging;
use crate::report::records::{AclTag, BreachWish, RopaWish, breach, ropa, workbook, write_csv};

pub(crate) fn run(arguments: &ReportArgs) -> anyhow::Result<Exit> {
    let kind = if arguments.kind == ReportKind::Ropa {
        "ropa"
    } else {
        "breach"
    };
    if !arguments.say.fail_on.is_empty() || arguments.split.is_some() {
        let message = format!("`--fail-on` and `--split` do not go with `report {kind}`");
        return Err(Refusal::new(message).into());
    }
    let config = report::configuration(&arguments.judge)?;
    let places = Places::new(&arguments.judge, &config)?.with_key(&arguments.key);
    let saying = Saying::new(&arguments.say, &config)?;
    let inventory = report::open(&places.inventory)?;
    let desk = Desk {
        inventory,
        places,
        saying,
        // Only masks are made with it, never digests.
        scanner: Scanner::new(DigestKey::new([0; 16]), [].into()),
    };
    match (arguments.kind, &arguments.folder) {
        (ReportKind::Ropa, None) => {
            let law = report::law(
                arguments,
                (&config, &desk.places, &desk.saying),
                &desk.inventory,
            )?;
            desk.ropa(law)
        }
        (ReportKind::Ropa, Some(_)) => Err(Refusal::new("`report ropa` takes no folder").into()),
        (_, Some(folder)) => desk.breach(folder),
        (_, None) => {
            let refusal = Refusal::new("`report breach` needs a folder");
            Err(refusal
                .hint("`sporhund report breach hr/rekruttering`")
                .into())
        }
    }
}

/// What both documents are made with.
struct Desk {
    inventory: Reader,
    places: Places,
    saying: Saying,
    scanner: Scanner,
}

impl Desk {
    fn ropa(&self, law: Option<Law>) -> anyhow::Result<Exit> {
        let lang = self.saying.lang;
        let law = law.ok_or_else(|| {
            Refusal::new("without rules no purpose is known")
                .hint("`--rules FILE|NAME`, or `rules` in `sporhund.toml`")
        })?;
        let as_of = self.places.as_of;
        let judge = law.judge(as_of, lang);
        let judging = Judging::new(&self.inventory, law.judged_by(&judge), lang)?;
        let wish = RopaWish {
            judging: &judging,
            shown: &|path| self.shown(path),
            lang,
        };
        let record = ropa(&self.inventory, &wish)?;
        let (table, about) = (record.table(lang), record.about(as_of, lang));
        match self.form() {
            Form::Workbook => self.put(&workbook(&[table, about])?)?,
            Form::Csv | Form::Text => {
                let mut csv = Vec::new();
                write_csv(&table, &mut csv)?;
                self.put(&csv)?;
            }
        }
        let (unread, all) = record.unread;
        Ok(self.ended(unread, all))
    }

    fn breach(&self, folder: &str) -> anyhow::Result<Exit> {
        let roots = RootPlaces::of(&self.inventory)?;
        let prefixes = prefixes(folder, &roots);
        let holds = |path: &str| prefixes.iter().any(|prefix| lies_in(path, prefix));
        let wish = BreachWish {
            holds: &holds,
            shown: &|path| self.shown(path),
            names: &names(),
            access_list: &|row| access_list(&roots, row),
        };
        let sheet = breach(&self.inventory, &wish)?;
        if sheet.files == 0 {
            let refusal = Refusal::new(format!("the inventory has nothing in `{folder}`"));
            return Err(refusal
                .hint("the folder as `report summary --show-paths` writes it, or its path on disk")
                .into());
        }
        let lang = self.saying.lang;
        let shown = self.shown(folder);
        let tables = sheet.tables(&shown, lang);
        match self.form() {
            Form::Workbook => self.put(&workbook(&tables)?)?,
            Form::Csv => {
                let mut csv = Vec::new();
                let [.., files] = &tables;
                write_csv(files, &mut csv)?;
                self.put(&csv)?;
            }
            Form::Text => report::with_output(self.saying.output.as_deref(), |out| {
                Ok(sheet.write(&shown, lang, out)?)
            })?,
        }
        if sheet.unlisted > 0 {
            remark(&format!(
                "breach: {} more files are not listed",
                sheet.unlisted
            ));
        }
        Ok(self.ended(sheet.unread_files, sheet.files))
    }

    fn shown(&self, path: &str) -> String {
        if self.saying.show_paths {
            path.to_owned()
        } else {
            self.scanner.mask(path)
        }
    }

    /// The form that the name of the output asks for.
    fn form(&self) -> Form {
        let ending = self.saying.output.as_deref().and_then(Path::extension);
        match ending.and_then(OsStr::to_str) {
            Some("xlsx") => Form::Workbook,
            Some("csv") => Form::Csv,
            _ => Form::Text,
        }
    }

    fn put(&self, bytes: &[u8]) -> anyhow::Result<()> {
        report::with_output(self.saying.output.as_deref(), |out: &mut dyn Write| {
            out.write_all(bytes)
                .context("the document could not be written")
        })
    }

    fn ended(&self, unread: u64, all: u64) -> Exit {
        if unread == 0 {
            return Exit::Complete;
        }
        if !self.saying.quiet {
            remark(&format!("{unread} of {all} were not read to their end"));
        }
        Exit::Incomplete
    }
}

/// What a document is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Workbook,
    Csv,
    Text,
}

/// Whether an object lies in a folder; an empty one is the root without a label.
fn lies_in(path: &str, folder: &str) -> bool {
    if folder.is_empty() || folder == "." {
        return true;
    }
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| {
        folder.ends_with(':') || rest.starts_with('/') || rest.starts_with("!/")
    })
}

/// The folder as paths of the inventory begin: as it was typed, and where it is one on disk, as
/// the root that it lies in calls it.
fn prefixes(folder: &str, roots: &RootPlaces) -> Vec<String> {
    let mut prefixes = vec![folder.trim_end_matches('/').to_owned()];
    let Ok(real) = std::fs::canonicalize(folder) else {
        return prefixes;
    };
    for (label, root) in roots.iter() {
        let Ok(below) = real.strip_prefix(root) else {
            continue;
        };
        let below = below.to_string_lossy().replace('\\', "/");
        prefixes.push(match label {
            "" => below,
            label => format!("{label}:{below}"),
        });
    }
    prefixes
}

/// The access list that a file has at this moment.
#[cfg(target_os = "linux")]
fn access_list(roots: &RootPlaces, row: &ObjectRow) -> Option<Vec<AclTag>> {
    let file = roots.file(row)?;
    let mut value = vec![0; 4096];
    let length = rustix::fs::lgetxattr(file, "system.posix_acl_access", &mut value).ok()?;
    crate::report::records::parse_acl(value.get(..length)?)
}

/// The access list of a file; not known here.
#[cfg(not(target_os = "linux"))]
fn access_list(_: &RootPlaces, _: &ObjectRow) -> Option<Vec<AclTag>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_lies_below_it() {
        assert!(lies_in("hr/a.txt", "hr"));
        assert!(lies_in("hr/post.zip!/a.txt", "hr/post.zip"));
        assert!(!lies_in("hrm/a.txt", "hr"));
        assert!(lies_in("arkiv:hr/a.txt", "arkiv:"));
        assert!(lies_in("hr/a.txt", ""));
    }
}
