//! `[[detector]]` in `sporhund.toml`, or in files that it names: detectors of the user's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::config::{Config, line_of, read_text};
use super::message::Refusal;
use crate::detect::{Cut, OwnDetector, OwnDetectors, OwnProblem, SampleWish, Scanner, Validator};
use crate::model::{Confidence, DigestKey};

/// One `[[detector]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    id: Spanned<String>,
    #[serde(default)]
    title: String,
    regex: Spanned<String>,
    validator: Option<Spanned<String>>,
    #[serde(default)]
    context: Vec<String>,
    level: Option<Confidence>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    counter_examples: Vec<String>,
}

/// A file that holds nothing but detectors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    detector: Vec<Entry>,
}

/// An entry with the place where it is written.
struct Written {
    file: PathBuf,
    entry: Entry,
    /// Lines of the id, the regex and the validator.
    lines: [usize; 3],
}

/// What is said of each `[[detector]]`.
pub(crate) struct Own {
    written: Vec<Written>,
    /// All of them, ready for use.
    pub(crate) detectors: Arc<OwnDetectors>,
}

impl Own {
    /// The detectors of a configuration: its own, and those of the files it names.
    ///
    /// # Errors
    /// A refusal with file and line for one that cannot be used.
    pub(crate) fn of(config: &Config) -> anyhow::Result<Self> {
        let mut written = Vec::new();
        if !config.detector.is_empty() {
            let file = config.folder.join(super::config::FILE_NAME);
            add(
                &mut written,
                &file,
                &read_text(&file)?,
                config.detector.clone(),
            );
        }
        for named in &config.detectors {
            let file = config.resolve(named);
            let text = read_text(&file)?;
            let parsed: Result<File, _> = toml::from_str(&text);
            let parsed = parsed.map_err(|error| {
                let line = error.span().map_or(1, |span| line_of(&text, span.start));
                Refusal::new(format!("{}:{line}: {}", file.display(), error.message()))
            })?;
            add(&mut written, &file, &text, parsed.detector);
        }
        let specs = written
            .iter()
            .map(Written::spec)
            .collect::<anyhow::Result<Vec<_>>>()?;
        let detectors = OwnDetectors::compile(&specs).map_err(|error| {
            let place = written.get(error.index);
            let part = match error.problem {
                OwnProblem::Syntax(_) | OwnProblem::TooLarge | OwnProblem::Empty => 1,
                OwnProblem::BadId | OwnProblem::Taken | OwnProblem::TooMany => 0,
            };
            let place = place.map(|own| own.place(part)).unwrap_or_default();
            Refusal::new(format!("{place}: {error}"))
                .hint("the syntax is that of docs.rs/regex; quote it with '…' in TOML")
        })?;
        Ok(Self {
            written,
            detectors: detectors.into(),
        })
    }

    /// Id and title of each, and its regex.
    pub(crate) fn list(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.written.iter().map(|own| {
            let (id, regex) = (own.entry.id.get_ref(), own.entry.regex.get_ref());
            (id.as_str(), own.entry.title.as_str(), regex.as_str())
        })
    }

    /// What is wrong with their examples: an example in which nothing is found, a counter-example in
    /// which something is. The texts are the user's own and are not repeated.
    pub(crate) fn check(&self) -> Vec<String> {
        let key = DigestKey::new([0; 16]);
        let scanner = Scanner::new(key, [].into()).with_own(Arc::clone(&self.detectors));
        let finds = |id: &str, text: &str| {
            let seen = scanner.sight(&Cut::of_text(text), SampleWish::None);
            seen.candidates
                .iter()
                .any(|candidate| candidate.kind.detector == id)
        };
        let mut wrong = Vec::new();
        for own in &self.written {
            let id = own.entry.id.get_ref();
            let place = own.place(0);
            let lists = [
                ("example", true, &own.entry.examples),
                ("counter-example", false, &own.entry.counter_examples),
            ];
            for (what, wanted, texts) in lists {
                for (number, text) in texts.iter().enumerate() {
                    if finds(id, text) != wanted {
                        let found = if wanted {
                            "nothing is found"
                        } else {
                            "something is found"
                        };
                        wrong.push(format!(
                            "{place}: error: detector `{id}`: {found} in {what} {}",
                            number + 1
                        ));
                    }
                }
            }
            if own.entry.examples.is_empty() {
                wrong.push(format!(
                    "{place}: error: detector `{id}`: it has no example"
                ));
            }
        }
        wrong
    }

    /// How many there are, and how many examples they have.
    pub(crate) fn count(&self) -> (usize, usize) {
        let examples = |own: &Written| own.entry.examples.len() + own.entry.counter_examples.len();
        (self.written.len(), self.written.iter().map(examples).sum())
    }
}

fn add(written: &mut Vec<Written>, file: &Path, text: &str, entries: Vec<Entry>) {
    for entry in entries {
        let line = |span: std::ops::Range<usize>| line_of(text, span.start);
        let lines = [
            line(entry.id.span()),
            line(entry.regex.span()),
            entry
                .validator
                .as_ref()
                .map_or(1, |validator| line(validator.span())),
        ];
        written.push(Written {
            file: file.to_path_buf(),
            entry,
            lines,
        });
    }
}

impl Written {
    /// File and line of its id, regex or validator.
    fn place(&self, part: usize) -> String {
        let line = self.lines.get(part).copied().unwrap_or(1);
        format!("{}:{line}", self.file.display())
    }

    fn spec(&self) -> anyhow::Result<OwnDetector> {
        let entry = &self.entry;
        let validator = entry.validator.as_ref().map(|word| {
            Validator::parse(word.get_ref()).ok_or_else(|| {
                let word = word.get_ref();
                Refusal::new(format!("{}: there is no validator `{word}`", self.place(2)))
                    .hint("one of `mod11`, `mod10`, `luhn`, `date`")
            })
        });
        Ok(OwnDetector {
            id: entry.id.get_ref().clone(),
            title: entry.title.clone(),
            regex: entry.regex.get_ref().clone(),
            validator: validator.transpose()?,
            context: entry.context.clone(),
            level: entry.level.unwrap_or(Confidence::Medium),
        })
    }
}
