//! `sporhund check`: what may not lie in a repository, from arguments to the exit code.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::check_args::{CheckArgs, CheckFormat};
use super::check_baseline::{self, Known};
use super::check_config;
use super::config::Config;
use super::exit::Exit;
use super::message::{Refusal, remark};
use super::own_detectors::Own;
use super::{check_fix, environment, settings, workers};
use crate::check::{
    self, Checker, Format, Listing, Origin, Report, Scope, Store, Telling, UnreadCause,
};
use crate::extract::Reader;
use crate::model::{Cancel, Limits};
use crate::source::{GitError, Repository};

/// Unread objects that are named one by one; more of one cause are counted.
const NAMED: usize = 20;

pub(crate) fn run(arguments: &CheckArgs) -> anyhow::Result<Exit> {
    let ground = Ground::new(arguments)?;
    let listing = ground.listing(arguments)?;
    let mut report = ground.report(arguments, &listing)?;
    let known = Known::find(arguments, ground.place(), &ground.config)?;
    if arguments.write_baseline {
        known.write(arguments, &report)?;
        return Ok(Exit::Complete);
    }
    let applied = known.apply(&mut report);
    if let Some(how) = arguments.fix {
        return check_fix::run(how, arguments, ground.place(), (&listing, &report));
    }
    write(arguments, &report)?;
    if !arguments.quiet {
        Known::tell(applied, arguments);
    }
    if !arguments.quiet {
        tell_unread(&report);
    }
    Ok(exit(&report, arguments.require_complete))
}

/// Findings come before incompleteness.
fn exit(report: &Report, require_complete: bool) -> Exit {
    if report.totals().failed > 0 {
        Exit::Findings
    } else if require_complete && !report.unread.is_empty() {
        Exit::Incomplete
    } else {
        Exit::Complete
    }
}

/// Where the check stands.
struct Ground {
    working: PathBuf,
    repository: Option<Repository>,
    config: Config,
    cancel: Cancel,
}

impl Ground {
    fn new(arguments: &CheckArgs) -> anyhow::Result<Self> {
        let working = std::env::current_dir().context("the working folder is not known")?;
        let first = arguments.paths.first().map(PathBuf::as_path);
        let start = first.map_or_else(|| working.clone(), |first| folder_of(&working.join(first)));
        let needs_git = arguments.staged || arguments.diff.is_some() || arguments.history;
        let repository = match Repository::find(&start) {
            Ok(repository) => repository,
            Err(GitError::NoGit(_)) if !needs_git => {
                remark("check: there is no git here: files that are not tracked are checked too");
                None
            }
            Err(error) => return Err(refused(&error)),
        };
        if needs_git && repository.is_none() {
            let refusal = Refusal::new("this is not a git repository");
            return Err(refusal
                .hint("name files or folders instead: `sporhund check PATH…`")
                .into());
        }
        let config = Config::find(first, &working)?;
        Ok(Self {
            working,
            repository,
            config,
            cancel: Cancel::default(),
        })
    }

    /// Where the baseline lies: at the top of the repository, or in the working folder.
    fn place(&self) -> &Path {
        self.repository
            .as_ref()
            .map_or(&self.working, Repository::top)
    }

    fn scope(arguments: &CheckArgs) -> Scope<'_> {
        match &arguments.diff {
            _ if arguments.staged => Scope::Staged,
            _ if arguments.history => Scope::History,
            Some(base) => Scope::Since(base),
            None => Scope::Tracked,
        }
    }

    /// What is to be checked.
    fn listing(&self, arguments: &CheckArgs) -> anyhow::Result<Listing> {
        let excluded = check_config::excluded(&self.config.check, arguments)?;
        let mut listing = match &self.repository {
            Some(repository) if arguments.paths.is_empty() => {
                let scope = Self::scope(arguments);
                Listing::of_repository(repository, scope, &[]).map_err(|error| {
                    let hint = "in CI, fetch the base too: `fetch-depth: 0`";
                    match arguments.diff {
                        Some(_) => with_hint(&error, hint),
                        None => refused(&error),
                    }
                })?
            }
            None if arguments.paths.is_empty() => self.folder(Path::new("."))?,
            Some(_) | None => self.paths(&arguments.paths)?,
        };
        let own = check_baseline::file(arguments, self.place(), &self.config);
        listing.leave_out(&excluded, Some(&own));
        Ok(listing)
    }

    /// What lies below the named paths: what git knows of them, and all of a path that git ignores or
    /// that lies in no repository.
    fn paths(&self, paths: &[PathBuf]) -> anyhow::Result<Listing> {
        let mut listing = Listing::default();
        let mut known: Vec<Repository> = self.repository.clone().into_iter().collect();
        let mut in_repository: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
        for path in paths {
            let absolute = self.working.join(path);
            let real = std::fs::canonicalize(&absolute)
                .with_context(|| Refusal::new(format!("`{}` cannot be checked", path.display())))?;
            let inside = |repository: &Repository| real.starts_with(repository.top());
            if !known.iter().any(inside) {
                let found = Repository::find(&folder_of(&real));
                known.extend(found.ok().flatten());
            }
            let Some(repository) = known.iter().find(|repository| inside(repository)) else {
                listing.append(self.folder(path)?);
                continue;
            };
            let top = repository.top();
            match in_repository.iter_mut().find(|(of, _)| of == top) {
                Some((_, paths)) => paths.push(real),
                None => in_repository.push((top.to_owned(), vec![real])),
            }
        }
        for (top, paths) in in_repository {
            let repository = known.iter().find(|repository| repository.top() == top);
            let Some(repository) = repository else {
                continue;
            };
            let of = Listing::of_repository(repository, Scope::Tracked, &paths)
                .map_err(|error| refused(&error))?;
            for path in &paths {
                let below = |origin: &Origin| matches!(origin, Origin::Disk(file) if file.starts_with(path));
                let told = of
                    .unread
                    .iter()
                    .any(|unread| top.join(&unread.object).starts_with(path));
                if !told && !of.inputs.iter().any(|input| below(&input.origin)) {
                    listing.append(self.folder(path)?);
                }
            }
            listing.append(of);
        }
        Ok(listing)
    }

    /// All that lies below a path, told from the working folder.
    fn folder(&self, path: &Path) -> anyhow::Result<Listing> {
        let near = path.strip_prefix(&self.working).unwrap_or(path);
        let near = if near.as_os_str().is_empty() {
            Path::new(".")
        } else {
            near
        };
        Listing::of_folder(near, &self.cancel).map_err(|error| {
            let message = error.to_string();
            anyhow::Error::new(error).context(Refusal::new(message))
        })
    }

    fn report(&self, arguments: &CheckArgs, listing: &Listing) -> anyhow::Result<Report> {
        let own = Own::of(&self.config)?;
        let today = environment::today();
        let policy = check_config::policy(&self.config.check, arguments, &own, today)?;
        let jobs = settings::jobs(arguments.jobs);
        let reader = Reader::new(Limits::default(), self.cancel.clone());
        let (reader, _) = workers::attach(reader, jobs)?;
        let checker = Checker::new(reader, policy).with_own(own.detectors);
        let stored = |input: &check::Input| matches!(input.origin, Origin::Object(_));
        let objects = match &self.repository {
            Some(repository) if listing.inputs.iter().any(stored) => {
                Some(repository.objects().map_err(|error| refused(&error))?)
            }
            Some(_) | None => None,
        };
        let store = Store::new(objects);
        let mut report = check::run(&checker, &store, &listing.inputs, jobs, &self.cancel)?;
        if !listing.before.is_empty() && report.totals().failed + report.totals().warned > 0 {
            let before = check::run(&checker, &store, &listing.before, jobs, &self.cancel)?;
            check::pass_what_was_before(&mut report, &before);
        }
        let unread = listing.unread.iter().map(|unread| check::Unread {
            object: checker.shown(&unread.object),
            cause: unread.cause,
        });
        report.unread.extend(unread);
        report.links = listing.links;
        report.sort();
        Ok(report)
    }
}

fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_owned();
    }
    path.parent()
        .map_or_else(|| path.to_owned(), Path::to_owned)
}

fn refused(error: &GitError) -> anyhow::Error {
    let hint = match error {
        GitError::NoGit(_) => "`--staged`, `--diff` and `--history` ask the program `git`",
        GitError::Refused(said) if said.contains("dubious ownership") => {
            "`git config --global --add safe.directory PATH` tells git that you trust it"
        }
        GitError::Refused(_) | GitError::Garbled | GitError::Broken(_) => "",
    };
    with_hint(error, hint)
}

fn with_hint(error: &GitError, hint: &str) -> anyhow::Error {
    let refusal = Refusal::new(error.to_string());
    let refusal = if hint.is_empty() {
        refusal
    } else {
        refusal.hint(hint)
    };
    refusal.into()
}

fn write(arguments: &CheckArgs, report: &Report) -> anyhow::Result<()> {
    let format = match arguments.format {
        CheckFormat::Text => Format::Text,
        CheckFormat::Json => Format::Json,
        CheckFormat::Sarif => Format::Sarif,
        CheckFormat::Junit => Format::Junit,
        CheckFormat::Gitlab => Format::Gitlab,
        CheckFormat::Github => Format::Github,
    };
    let telling = Telling {
        passed: arguments.show_passed,
        committed: !arguments.staged,
    };
    if let Some(file) = &arguments.output {
        let refusal = || Refusal::new(format!("`{}` cannot be written", file.display()));
        let mut out = Vec::new();
        format.write(report, telling, &mut out)?;
        return std::fs::write(file, out).with_context(refusal);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = format
        .write(report, telling, &mut out)
        .and_then(|()| out.flush());
    written.context("standard output cannot be written")
}

/// Says what was not read: each object, or how many of a cause where there are many.
fn tell_unread(report: &Report) {
    let mut causes: Vec<UnreadCause> = report.unread.iter().map(|unread| unread.cause).collect();
    causes.sort_unstable();
    causes.dedup();
    for cause in causes {
        let of_cause: Vec<_> = report
            .unread
            .iter()
            .filter(|unread| unread.cause == cause)
            .collect();
        for unread in of_cause.iter().take(NAMED) {
            let object = crate::report::escape::for_terminal(&unread.object);
            remark(&format!(
                "warning: {object} was not read: {}",
                cause.as_str()
            ));
        }
        if let Some(more) = of_cause.len().checked_sub(NAMED).filter(|more| *more > 0) {
            remark(&format!(
                "warning: {more} more were not read: {}",
                cause.as_str()
            ));
        }
    }
}
