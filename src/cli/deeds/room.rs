//! What every deed is done with: rules, inventory and key, the journal's folder, and masks.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{DeedArgs, StoreArgs};
use crate::cli::args::{JudgeArgs, RoundsArgs, SayArgs};
use crate::cli::config::Config;
use crate::cli::message::{Refusal, remark};
use crate::cli::plan::Desk as PlanDesk;
use crate::cli::{environment, report};
use crate::deed::{self, Certificate, Desk, Manifest, Stopped};
use crate::detect::Scanner;
use crate::model::DigestKey;
use crate::own_files::make_private_folders;
use crate::policy::{Facts, Verdict};
use crate::report::Judging;
use crate::round::Attributed;

/// Everything that a deed is done with.
pub(super) struct Room {
    pub(super) desk: PlanDesk,
    ledger: PathBuf,
    scanner: Scanner,
}

impl Room {
    /// A room for what acts by rules, such as `apply`.
    pub(super) fn of_rules(judge: &JudgeArgs, arguments: &DeedArgs) -> anyhow::Result<Self> {
        let say = SayArgs::of(&arguments.speak, &arguments.paths);
        let desk = PlanDesk::new(judge, &arguments.key, &say)?;
        Self::new(desk, arguments)
    }

    /// A room for what undoes deeds or tells of them: rules say nothing there.
    pub(super) fn of_records(
        store: &StoreArgs,
        arguments: &DeedArgs,
        output: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let judge = JudgeArgs {
            inventory: store.inventory.clone(),
            site: store.site.clone(),
            ..JudgeArgs::default()
        };
        let say = SayArgs {
            output: output.map(Path::to_path_buf),
            ..SayArgs::of(&arguments.speak, &arguments.paths)
        };
        let desk = PlanDesk::without_rules(&judge, &arguments.key, &say)?;
        Self::new(desk, arguments)
    }

    /// The same with the applicants whom objects can be about.
    pub(super) fn with_rounds(self, arguments: &RoundsArgs) -> anyhow::Result<Self> {
        let desk = self.desk.with_rounds(arguments)?;
        Ok(Self { desk, ..self })
    }

    fn new(desk: PlanDesk, arguments: &DeedArgs) -> anyhow::Result<Self> {
        let ledger = ledger(arguments.ledger.as_deref(), &desk.config)?;
        Ok(Self {
            desk,
            ledger,
            // Only masks are made with it, never digests.
            scanner: Scanner::new(DigestKey::new([0; 16]), [].into()),
        })
    }

    pub(super) fn deeds<'h>(
        &self,
        hook: &'h mut dyn FnMut(&'static str) -> Result<(), Stopped>,
    ) -> anyhow::Result<Desk<'h>> {
        Ok(Desk::open(
            &self.ledger,
            &self.desk.key,
            environment::now(),
            hook,
        )?)
    }

    /// The folder that files go to which lie below `root`.
    pub(super) fn store(&self, given: Option<&Path>, root: &Path) -> PathBuf {
        let config = &self.desk.config;
        let configured = config.quarantine.as_ref().map(|path| config.resolve(path));
        let store = given.map(Path::to_path_buf).or(configured);
        let store = store.map(|store| std::path::absolute(&store).unwrap_or(store));
        store.unwrap_or_else(|| root.join(deed::QUARANTINE))
    }

    /// A path as it may be shown.
    pub(super) fn shown(&self, path: &str) -> String {
        if self.desk.saying.show_paths {
            path.to_owned()
        } else {
            self.scanner.mask(path)
        }
    }

    pub(super) fn certificate(
        &self,
        desk: &Desk<'_>,
        receipt: &str,
    ) -> anyhow::Result<Certificate> {
        let expiry = self.desk.law.site.facts.backup_expiry;
        let expiry = expiry.map(|period| period.to_string());
        desk.certificate(receipt, expiry).map_err(not_there)
    }

    pub(super) fn write_receipt(&self, desk: &Desk<'_>, receipt: &str) -> anyhow::Result<()> {
        let folder = self.ledger.join("receipts");
        make_private_folders(&folder).context("the receipt cannot be written")?;
        let certificate = self.certificate(desk, receipt)?;
        let mut file = report::private_file(&folder.join(format!("{receipt}.json")))?;
        serde_json::to_writer_pretty(&mut file, &certificate)?;
        writeln!(file)?;
        file.flush().context("the receipt cannot be written")
    }
}

/// Whether a hold forbids to delete what is in quarantine: on its place, or on anybody or any round that it
/// was about when it was moved.
pub(super) fn no_hold(judging: &Judging<'_>, manifest: &Manifest) -> Result<(), String> {
    let about = &manifest.about;
    let processes = about.processes.iter().map(Some);
    for process in std::iter::once(None).chain(processes) {
        let zone = judging.site().zone(&manifest.object);
        // What it held is no longer known; a hold needs no more than place, person and round.
        let mut facts =
            Facts::at(&manifest.object, zone.as_ref()).with_findings([("name".to_owned(), false)]);
        let known = Attributed {
            subjects: about.subjects.clone(),
            process: process.cloned(),
            belongs: process.is_some(),
            ..Attributed::default()
        };
        if process.is_some() {
            facts.process = None;
        }
        known.add_to(&mut facts);
        if judging.judge(&facts).verdict == Verdict::Hold {
            return Err("a hold has come since; it stays in quarantine".to_owned());
        }
    }
    Ok(())
}

/// The folder of the journal: the one that was named, else the configured one, else the usual one.
pub(super) fn ledger(given: Option<&Path>, config: &Config) -> anyhow::Result<PathBuf> {
    let configured = config.ledger.as_ref().map(|path| config.resolve(path));
    let given = given.map(Path::to_path_buf);
    let ledger = given.or(configured).or_else(default_ledger);
    let ledger = ledger.ok_or_else(|| {
        Refusal::new("no place for the journal is known").hint("name one with `--ledger DIR`")
    })?;
    Ok(std::path::absolute(&ledger).unwrap_or(ledger))
}

/// The folder of the journal where none is named.
pub(super) fn default_ledger() -> Option<PathBuf> {
    environment::state_folder().map(|folder| folder.join("deeds"))
}

/// Ends what an earlier run had begun, and says so.
pub(super) fn recover(desk: &mut Desk<'_>) -> anyhow::Result<()> {
    let recovered = desk.recover()?;
    if recovered.ended > 0 {
        remark(&format!(
            "{} files of a run that was cut off were brought to an end",
            recovered.ended
        ));
    }
    for (receipt, item) in &recovered.lost {
        remark(&format!(
            "{item} of {receipt} is neither in quarantine nor where it was"
        ));
    }
    for (receipt, item, why) in &recovered.waiting {
        remark(&format!("{item} of {receipt} cannot be looked at: {why}"));
    }
    Ok(())
}

/// A receipt that is not there is a reason not to start.
pub(super) fn not_there(fault: deed::Fault) -> anyhow::Error {
    let message = fault.to_string();
    if matches!(fault, deed::Fault::NoReceipt(_)) {
        Refusal::new(message).into()
    } else {
        fault.into()
    }
}
