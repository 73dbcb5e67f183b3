//! What was typed, together with `sporhund.toml` → what it means.
//!
//! The command line wins over the configuration file, and the file over the defaults.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;

use super::args::{FailOn, JudgeArgs, KeyArgs, LangArg, LevelArg, SayArgs, ScanArgs};
use super::config::Config;
use super::environment;
use super::message::Refusal;
use crate::detect;
use crate::model::{Confidence, Lang, Limits};
use crate::scan::Pace;
use crate::source::Root;

/// The name of the inventory where none is given.
pub(crate) const INVENTORY: &str = "sporhund.db";

/// Files that are opened ahead at most: each takes a thread and a handle.
const MAX_IO_DEPTH: usize = 256;

/// Samples of each finding that are kept where nothing else is said.
const SAMPLES: usize = 3;

/// Where things lie and by which day to judge.
pub(crate) struct Places {
    pub(crate) inventory: PathBuf,
    pub(crate) key_file: Option<PathBuf>,
    /// Rule files (existing paths) or names of shipped rules.
    pub(crate) rules: Vec<String>,
    pub(crate) site: Option<PathBuf>,
    pub(crate) events: Vec<PathBuf>,
    pub(crate) as_of: Date,
    pub(crate) strict: bool,
}

impl Places {
    pub(crate) fn new(arguments: &JudgeArgs, config: &Config) -> anyhow::Result<Self> {
        let from_config = |path: &PathBuf| config.resolve(path);
        let events = &arguments.events;
        Ok(Self {
            inventory: arguments
                .inventory
                .clone()
                .or_else(|| config.inventory.as_ref().map(from_config))
                .unwrap_or_else(|| INVENTORY.into()),
            key_file: config.key_file.as_ref().map(from_config),
            rules: if arguments.rules.is_empty() {
                config
                    .rules
                    .iter()
                    .map(|rules| rules_of(config, rules))
                    .collect()
            } else {
                arguments.rules.clone()
            },
            site: arguments
                .site
                .clone()
                .or_else(|| config.site.as_ref().map(from_config)),
            events: if events.is_empty() {
                config.events.iter().map(from_config).collect()
            } else {
                events.clone()
            },
            as_of: day(arguments.as_of.as_deref())?
                .or(config.as_of.map(|day| day.0))
                .unwrap_or_else(environment::today),
            strict: arguments.strict,
        })
    }

    /// The same with the key that was named on the command line, where one was.
    pub(crate) fn with_key(self, arguments: &KeyArgs) -> Self {
        Self {
            key_file: arguments.key_file.clone().or(self.key_file),
            ..self
        }
    }
}

/// A rule file beside the configuration, or else the name as it is.
fn rules_of(config: &Config, rules: &str) -> String {
    let file = config.resolve(Path::new(rules));
    if file.is_file() {
        file.display().to_string()
    } else {
        rules.to_owned()
    }
}

pub(crate) fn day(text: Option<&str>) -> anyhow::Result<Option<Date>> {
    let Some(text) = text else { return Ok(None) };
    let day = text.parse().with_context(|| {
        Refusal::new(format!("`{text}` is no date")).hint("write it as 2026-11-30")
    })?;
    Ok(Some(day))
}

/// How to say it.
pub(crate) struct Saying {
    pub(crate) lang: Lang,
    pub(crate) min_confidence: Confidence,
    pub(crate) output: Option<PathBuf>,
    pub(crate) show_paths: bool,
    pub(crate) fail_on: Vec<FailOn>,
    /// Whether the summary tells coverage by format.
    pub(crate) explain_coverage: bool,
    pub(crate) quiet: bool,
}

impl Saying {
    pub(crate) fn new(arguments: &SayArgs, config: &Config) -> anyhow::Result<Self> {
        let configured = configured_lang(config)?;
        Ok(Self {
            lang: lang(arguments.speak.lang)
                .or(configured)
                .unwrap_or_else(environment::locale),
            min_confidence: level(arguments.min_confidence),
            output: arguments.output.clone(),
            show_paths: arguments.paths.show_paths,
            fail_on: arguments.fail_on.clone(),
            explain_coverage: arguments.explain_coverage,
            quiet: arguments.speak.quiet,
        })
    }
}

/// The language that the configuration names.
///
/// # Errors
/// A refusal for one that is not known.
pub(crate) fn configured_lang(config: &Config) -> anyhow::Result<Option<Lang>> {
    match config.lang.as_deref() {
        None => Ok(None),
        Some("nb") => Ok(Some(Lang::Nb)),
        Some("nn") => Ok(Some(Lang::Nn)),
        Some("en") => Ok(Some(Lang::En)),
        Some(other) => {
            let refusal = Refusal::new(format!("`lang = \"{other}\"` is not known"));
            Err(refusal.hint("`nb`, `nn` or `en`").into())
        }
    }
}

/// The language that was asked for.
pub(crate) fn lang(argument: Option<LangArg>) -> Option<Lang> {
    argument.map(|lang| match lang {
        LangArg::Nb => Lang::Nb,
        LangArg::Nn => Lang::Nn,
        LangArg::En => Lang::En,
    })
}

/// The lowest level that is reported: medium where nothing is said.
pub(crate) fn level(argument: Option<LevelArg>) -> Confidence {
    match argument {
        Some(LevelArg::Low) => Confidence::Low,
        None | Some(LevelArg::Medium) => Confidence::Medium,
        Some(LevelArg::High) => Confidence::High,
    }
}

/// The roots of a scan: paths and `LABEL=PATH`. A single root needs no label; several get the names
/// of their folders.
///
/// # Errors
/// A refusal for no path, a path that does not exist, a bad label, or two roots with one label.
pub(crate) fn roots(arguments: &ScanArgs) -> anyhow::Result<Vec<Root>> {
    let mut roots = Vec::new();
    let alone = arguments.paths.len() == 1 && arguments.root.is_empty();
    for path in &arguments.paths {
        let label = if alone {
            String::new()
        } else {
            folder_name(path)?
        };
        roots.push(Root {
            label: label.into(),
            path: path.clone(),
        });
    }
    for labelled in &arguments.root {
        let parts = labelled.split_once('=').filter(|(label, path)| {
            !label.is_empty() && !path.is_empty() && !label.contains([':', '/', '\\', '!'])
        });
        let (label, path) = parts.ok_or_else(|| {
            Refusal::new(format!("`--root {labelled}` is not `LABEL=PATH`"))
                .hint("a label has no `:`, `/`, `\\` or `!`")
        })?;
        roots.push(Root {
            label: label.into(),
            path: path.into(),
        });
    }
    if roots.is_empty() {
        return Err(Refusal::new("no path to scan")
            .hint("`sporhund scan PATH…`")
            .into());
    }
    for (at, root) in roots.iter().enumerate() {
        std::fs::symlink_metadata(&root.path).with_context(|| {
            Refusal::new(format!("`{}` cannot be scanned", root.path.display()))
        })?;
        if roots
            .iter()
            .skip(at + 1)
            .any(|other| other.label == root.label)
        {
            let refusal = Refusal::new(format!("two roots are called `{}`", root.label));
            return Err(refusal
                .hint("tell them apart with `--root LABEL=PATH`")
                .into());
        }
    }
    Ok(roots)
}

fn folder_name(path: &Path) -> anyhow::Result<String> {
    let absolute = std::path::absolute(path)
        .with_context(|| Refusal::new(format!("`{}` cannot be scanned", path.display())))?;
    let name = absolute
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| "root".to_owned());
    Ok(name.replace([':', '!', '\\'], "_"))
}

/// The detectors that are left out, each once, in the order of their ids.
///
/// # Errors
/// A refusal for an id that no detector has.
pub(crate) fn without(typed: &[String], configured: &[String]) -> anyhow::Result<Vec<String>> {
    let left_out: BTreeSet<&String> = typed.iter().chain(configured).collect();
    let known = |id: &&String| detect::detectors().iter().any(|one| one.info().id == **id);
    if let Some(unknown) = left_out.iter().copied().find(|id| !known(id)) {
        let refusal = Refusal::new(format!("there is no detector `{unknown}` to leave out"));
        return Err(refusal.hint("`sporhund detectors list` names them").into());
    }
    Ok(left_out.into_iter().cloned().collect())
}

/// How many samples are kept: a number, or `all`.
pub(crate) fn samples(argument: Option<&str>) -> anyhow::Result<usize> {
    match argument {
        None => Ok(SAMPLES),
        Some("all") => Ok(usize::MAX),
        Some(number) => number.parse().with_context(|| {
            Refusal::new(format!(
                "`--samples {number}` is neither a number nor `all`"
            ))
        }),
    }
}

/// The limits of reading, with the most memory that one object may be held in, and the most processor
/// time for a file that was packed densely.
pub(crate) fn limits(arguments: &ScanArgs) -> anyhow::Result<Limits> {
    let mut limits = Limits::default();
    if let Some(text) = &arguments.packed_time {
        limits.dense_time = time(text).ok_or_else(|| {
            Refusal::new(format!("`--packed-time {text}` is no time"))
                .hint("such as `30s` or `10m`")
        })?;
    }
    if let Some(text) = &arguments.memory {
        let bytes = size(text).ok_or_else(|| {
            Refusal::new(format!("`--memory {text}` is no size")).hint("such as `256M` or `1G`")
        })?;
        limits.max_held_bytes = bytes;
        limits.spool_memory_bytes = limits.spool_memory_bytes.min(bytes);
    }
    Ok(limits)
}

/// A number of bytes with an optional `K`, `M` or `G` (powers of 1024).
fn size(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(['B', 'b', 'i']);
    let (digits, factor) = match text.chars().last()? {
        'K' | 'k' => (text.strip_suffix(['K', 'k'])?, 1024),
        'M' | 'm' => (text.strip_suffix(['M', 'm'])?, 1024 * 1024),
        'G' | 'g' => (text.strip_suffix(['G', 'g'])?, 1024 * 1024 * 1024),
        _ => (text, 1),
    };
    digits
        .trim()
        .parse::<u64>()
        .ok()?
        .checked_mul(factor)
        .filter(|bytes| *bytes > 0)
}

/// How fast a scan may go, and until when.
pub(crate) fn pace(arguments: &ScanArgs) -> anyhow::Result<Pace> {
    let time_budget = arguments.pace.time_budget.as_deref().map(|text| {
        let time = time(text).filter(|time| !time.is_zero());
        time.ok_or_else(|| {
            Refusal::new(format!("`--time-budget {text}` is no time"))
                .hint("such as `6h`, `90m` or `5h30m`")
        })
    });
    let rate = arguments.pace.max_read_rate.as_deref().map(|text| {
        size(text).ok_or_else(|| {
            Refusal::new(format!("`--max-read-rate {text}` is no size"))
                .hint("bytes in a second, such as `50M`")
        })
    });
    Ok(Pace {
        time_budget: time_budget.transpose()?,
        bytes_per_second: rate.transpose()?,
        io_depth: arguments
            .pace
            .io_depth
            .unwrap_or_default()
            .min(MAX_IO_DEPTH),
    })
}

/// The part of the files that one of several machines takes.
pub(crate) fn shard(text: Option<&str>) -> anyhow::Result<Option<(u32, u32)>> {
    let Some(text) = text else { return Ok(None) };
    let parts = text.split_once('/').and_then(|(part, parts)| {
        let (part, parts): (u32, u32) = (part.parse().ok()?, parts.parse().ok()?);
        (1..=parts).contains(&part).then_some((part, parts))
    });
    parts.map(Some).ok_or_else(|| {
        Refusal::new(format!("`--shard {text}` is no part"))
            .hint("such as `1/3`, `2/3` and `3/3` on three machines")
            .into()
    })
}

/// A time such as `6h`, `90m`, `45s` or `5h30m`.
fn time(text: &str) -> Option<Duration> {
    let mut seconds = 0_u64;
    let mut digits = String::new();
    for c in text.trim().chars() {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            'd' => 86_400,
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let number: u64 = digits.parse().ok()?;
        digits.clear();
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
    }
    digits.is_empty().then_some(Duration::from_secs(seconds))
}

/// How many threads examine files: as many as asked for, else one for each core.
pub(crate) fn jobs(argument: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    argument.filter(|jobs| *jobs > 0).unwrap_or_else(cores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(size("256M"), Some(256 << 20));
        assert_eq!(size("1GiB"), Some(1 << 30));
        assert_eq!(size("512"), Some(512));
        assert_eq!(size("viel"), None);
        assert_eq!(size("0"), None);
    }

    #[test]
    fn detectors_that_are_left_out_are_known_and_stand_once() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let both = without(&ids(&["phone", "name"]), &ids(&["name"]));
        assert_eq!(both.unwrap(), ids(&["name", "phone"]));
        assert!(without(&ids(&["names"]), &[]).is_err());
    }

    #[test]
    fn a_folder_lends_its_name_where_there_are_several() {
        assert_eq!(
            folder_name(Path::new("/srv/hr:gammel")).unwrap(),
            "hr_gammel"
        );
    }
}
