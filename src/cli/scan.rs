//! `sporhund scan`: the main job, from arguments to the summary and the exit code.

mod told;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::applicants::Applicants;
use super::args::{FailOn, ScanArgs, SummaryFormat};
use super::config::Config;
use super::exit::Exit;
use super::law::{self, Law};
use super::message::Refusal;
use super::ocr::Ocr;
use super::operations::{self, Status};
use super::own_detectors::Own;
use super::report::{self, Reporting};
use super::settings::{self, Places, Saying};
use super::unread::Unread;
use super::{environment, key, passwords, progress, workers};
use crate::classify::Classes;
use crate::detect::Scanner;
use crate::extract::{self, ChildPool, Passwords, Reader};
use crate::inventory::{self, RunInfo};
use crate::model::{Cancel, DigestKey, Dismissed, DocumentClass, ObjectPath, Sensitive};
use crate::policy;
use crate::scan::{self, Reading, Settings, Tally};
use crate::source::{Root, WalkOptions, Walker};

/// How long a sample is read for an estimate.
const ESTIMATE_TIME: Duration = Duration::from_secs(20);

/// What was typed and configured, once it is known to make sense.
struct Plan<'a> {
    arguments: &'a ScanArgs,
    config: Config,
    own: Own,
    ocr: Ocr,
    passwords: Passwords,
    without: Vec<String>,
    roots: Vec<Root>,
    places: Places,
    saying: Saying,
    law: Option<Law>,
    applicants: Applicants,
}

pub(crate) fn run(arguments: &ScanArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let mut plan = Plan::new(arguments)?;
    let cancel = Cancel::default();
    stop_on_signal(&cancel)?;
    #[cfg(unix)]
    outlive_file_limits()?;
    if arguments.pace.nice {
        operations::step_back();
    }
    if arguments.operate.estimate {
        return plan.estimate(&cancel);
    }
    let key = key::load(plan.places.key_file.clone(), &plan.places.inventory)?;
    let (settings, pool) = plan.settings(&key, &cancel)?;
    let reporting = Reporting::prepare(&plan.config, &plan.places, &plan.saying)?;
    let inventory = report::open_or_create(&plan.places.inventory, &key, &plan.saying)?;
    let unread_before = if plan.saying.fail_on.contains(&FailOn::NewUnread) {
        Some(Unread::in_inventory(&plan.places.inventory)?)
    } else {
        None
    };
    let tally = Tally::default();
    let status = Status::new(
        arguments.operate.status_file.as_deref(),
        settings.info.started,
    );
    let work = || scan::run(&settings, inventory, &tally, &cancel);
    let work = || progress::during(&tally, &plan.saying, work);
    let summary = status.during(&tally, work)?;
    let summary = summary.inspect_err(|_| status.failed())?;
    plan.remarks(&summary, pool.as_deref());
    let inventory = report::open(&plan.places.inventory)?;
    plan.attribute(&inventory, &key)?;
    let inventory = inventory.of_run(summary.run);
    if let Some(file) = &arguments.findings {
        let mut out = report::private_file(file)?;
        reporting.write(&inventory, plan.law.as_ref(), "jsonl", &mut out)?;
    }
    let overview = plan.summarise(&reporting, &inventory, started)?;
    plan.hints(&overview);
    let new_unread = match &unread_before {
        Some(before) => before.is_exceeded(&inventory, &reporting)?,
        None => false,
    };
    let mut exit = Exit::of(&overview, &plan.saying.fail_on, new_unread);
    if summary.interrupted {
        exit = Exit::Interrupted;
    } else if summary.paused && exit == Exit::Complete {
        exit = Exit::Incomplete;
    }
    status.end(&tally, &summary, exit)?;
    if let Some(file) = &arguments.operate.metrics_file {
        let took = started.elapsed().as_secs_f64();
        let run = (settings.info.started, took, exit);
        operations::write_metrics(file, &summary, &overview, run)?;
    }
    Ok(exit)
}

/// What a site file says, as one word. One that cannot be read is refused elsewhere.
fn site_digest(file: &Path) -> String {
    std::fs::read_to_string(file)
        .map(|text| digest(&text))
        .unwrap_or_default()
}

fn digest(text: &str) -> String {
    let digest = blake3::hash(text.as_bytes()).to_hex();
    digest.chars().take(16).collect()
}

/// The first signal asks for a stop; a second one ends the program at once, and the inventory is
/// sound all the same.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the user asked twice to stop now"
)]
pub(super) fn stop_on_signal(cancel: &Cancel) -> anyhow::Result<()> {
    let cancel = cancel.clone();
    let handler = move || {
        if cancel.is_requested() {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        cancel.request();
    };
    ctrlc::set_handler(handler).context("interruption cannot be handled")
}

/// Beyond a limit on the size of files (`ulimit -f`) the system ends a program that does not take the
/// signal. With a handler the writing fails instead, as on a full disk, and is told.
#[cfg(unix)]
fn outlive_file_limits() -> anyhow::Result<()> {
    let flag = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let signal = rustix::process::Signal::XFSZ.as_raw();
    signal_hook::flag::register(signal, flag).context("a limit on files cannot be handled")?;
    Ok(())
}

impl<'a> Plan<'a> {
    fn new(arguments: &'a ScanArgs) -> anyhow::Result<Self> {
        let roots = settings::roots(arguments)?;
        let working = std::env::current_dir().context("the working folder is not known")?;
        let first = roots.first().map(|root| root.path.as_path());
        let config = Config::find(first, &working)?;
        let own = Own::of(&config)?;
        let ocr = Ocr::new(arguments.read.ocr, config.ocr.as_deref())?;
        let passwords = passwords::read(arguments.read.passwords.as_deref())?;
        let without = settings::without(&arguments.without, &config.without)?;
        let places = Places::new(&arguments.judge, &config)?.with_key(&arguments.key);
        let saying = Saying::new(&arguments.say, &config)?;
        let law = Law::load(&places, saying.lang)?;
        let applicants = Applicants::read("scan", &arguments.rounds, &config)?;
        Ok(Self {
            arguments,
            config,
            own,
            ocr,
            passwords,
            without,
            roots,
            places,
            saying,
            law,
            applicants,
        })
    }

    fn settings(
        &self,
        key: &DigestKey,
        cancel: &Cancel,
    ) -> anyhow::Result<(Settings, Option<Arc<ChildPool>>)> {
        let arguments = self.arguments;
        let classes: Arc<[DocumentClass]> = policy::classes().map_err(law::refused)?.into();
        let limits = settings::limits(arguments)?;
        let samples = settings::samples(arguments.samples.as_deref())?;
        let jobs = settings::jobs(arguments.jobs);
        let walker = self.walker()?;
        let mut info = self.info(&walker, &limits);
        let reader = Reader::new(limits, cancel.clone());
        let reader = self
            .ocr
            .attach(reader.with_passwords(self.passwords.clone()));
        let (reader, pool) = workers::attach(reader, jobs)?;
        // Private areas stay closed whether or not rules are given.
        let site = law::site(self.places.site.as_deref())?;
        let own_contacts = site.facts.own_contacts.clone();
        if !own_contacts.is_empty() {
            let digest = Sensitive::new(&own_contacts.join("\n")).digest(key, "own contacts");
            let _ = write!(info.fingerprint, "; contacts {digest:016x}");
        }
        if !self.passwords.is_empty() {
            let digest = self.passwords.digest(key);
            let _ = write!(info.fingerprint, "; passwords {digest:016x}");
        }
        let metadata_only = move |object: &ObjectPath| {
            let path = object.to_string();
            site.zone(&path)
                .is_some_and(|found| found.zone.is_metadata_only())
        };
        let settings = Settings {
            walker,
            reader,
            scanner: Scanner::new(key.clone(), Arc::clone(&classes))
                .on(self.places.as_of)
                .without(&self.without)
                .with_own(Arc::clone(&self.own.detectors))
                .with_own_contacts(&own_contacts),
            classes: Classes::new(&classes),
            dismissed: Arc::new(self.dismissed()?),
            jobs,
            samples,
            least: self.saying.min_confidence,
            full: arguments.full,
            pace: settings::pace(arguments)?,
            metadata_only: Box::new(metadata_only),
            info,
        };
        Ok((settings, pool))
    }

    /// Tells what there is to read, and how long that may take. Nothing is kept.
    fn estimate(&self, cancel: &Cancel) -> anyhow::Result<Exit> {
        let (settings, _pool) = self.settings(&DigestKey::new([0; 16]), cancel)?;
        let estimate = scan::estimate(&settings, cancel, ESTIMATE_TIME);
        report::with_output(self.saying.output.as_deref(), |out| {
            if self.arguments.format == SummaryFormat::Json {
                let told = operations::estimate_as_json(&estimate, settings.jobs);
                return writeln!(out, "{told}").context("the estimate cannot be written");
            }
            operations::tell_estimate(&estimate, settings.jobs, self.saying.lang, out)
                .context("the estimate cannot be written")
        })?;
        Ok(if estimate.interrupted {
            Exit::Interrupted
        } else {
            Exit::Complete
        })
    }

    /// What people have marked as false.
    fn dismissed(&self) -> anyhow::Result<Dismissed> {
        let inventory = &self.places.inventory;
        inventory::dismissed(inventory).with_context(|| {
            let file = inventory.display();
            Refusal::new(format!("`{file}.dismissed` cannot be read"))
                .hint("it holds a line of JSON for each value that was marked as false")
        })
    }

    fn walker(&self) -> anyhow::Result<Walker> {
        let both = |typed: &[String], configured: &[String]| -> Vec<String> {
            typed.iter().chain(configured).cloned().collect()
        };
        let options = WalkOptions {
            include: both(&self.arguments.include, &self.config.include),
            exclude: both(&self.arguments.exclude, &self.config.exclude),
            one_file_system: self.arguments.one_file_system || self.config.one_file_system,
            never: self.own_files(),
            recall: self.arguments.recall,
            shard: settings::shard(self.arguments.pace.shard.as_deref())?,
        };
        let walker = Walker::new(self.roots.clone(), &options);
        walker.map_err(|error| {
            let message = error.to_string();
            anyhow::Error::new(error).context(Refusal::new(message))
        })
    }

    /// What is ours and never scanned.
    fn own_files(&self) -> Vec<PathBuf> {
        let key = self
            .places
            .key_file
            .clone()
            .or_else(|| environment::state_folder().map(|folder| folder.join(key::FILE_NAME)));
        let output = self
            .saying
            .output
            .clone()
            .into_iter()
            .chain(self.arguments.findings.clone())
            .chain(self.arguments.operate.status_file.clone())
            .chain(self.arguments.operate.metrics_file.clone());
        inventory::files(&self.places.inventory)
            .into_iter()
            .chain(key)
            .chain(output)
            .chain([self.applicants.file().to_path_buf()])
            .chain(self.quarantines())
            .collect()
    }

    /// Where `apply` puts files, and its journal.
    fn quarantines(&self) -> Vec<PathBuf> {
        let config = &self.config;
        let named = config.quarantine.iter().chain(&config.ledger);
        let named = named.map(|path| config.resolve(path));
        let below = self.roots.iter().map(|root| {
            let real = root.path.canonicalize();
            real.unwrap_or_else(|_| root.path.clone())
                .join(super::plan::QUARANTINE)
        });
        named.chain(below).collect()
    }

    /// What the run is called in the inventory. Its fingerprint holds everything that decides what
    /// reading a file yields, so that a change makes files be read again.
    fn info(&self, walker: &Walker, limits: &crate::model::Limits) -> RunInfo {
        let samples = self.arguments.samples.as_deref().unwrap_or("default");
        let reading = Reading::of([
            ("formats", &extract::fingerprint()),
            ("detectors", &crate::detect::fingerprint()),
            ("likeness", crate::detect::LIKENING),
            ("own", self.own.detectors.fingerprint()),
            (
                "classes",
                &policy::shipped("classes").map(digest).unwrap_or_default(),
            ),
            ("ocr", &self.ocr.fingerprint()),
            ("limits", &format!("{limits:?}")),
            ("samples", samples),
            ("without", &self.without.join(" ")),
        ]);
        let fingerprint = reading.to_string();
        let root = |root: &Root| {
            (
                root.label.to_string(),
                root.path.as_os_str().as_encoded_bytes().to_vec(),
            )
        };
        let roots = walker.roots().map(root).collect();
        RunInfo {
            started: environment::now(),
            roots,
            fingerprint,
            places: self
                .places
                .site
                .as_deref()
                .map(site_digest)
                .unwrap_or_default(),
            settings: String::new(),
            rules_hash: self.law.as_ref().map(|law| law.rulebook.digest()),
        }
    }
}
