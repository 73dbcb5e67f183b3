//! `--ocr`: the installed tesseract, found in `PATH`, and what it can read.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::Context as _;

use super::args::OcrArg;
use super::environment;
use super::message::{Refusal, remark};
use crate::extract::{Pictures, Reader, Tesseract};

/// Languages that are asked for, as far as they are installed.
const LANGUAGES: [&str; 2] = ["nor", "eng"];
/// The trained data that tells how a page is turned.
const TURNS: &str = "osd";

/// How pictures are read in this run.
#[derive(Clone, Debug)]
pub(crate) struct Ocr {
    tesseract: Option<(Tesseract, String)>,
    asked: OcrArg,
}

impl Ocr {
    /// What was typed, else configured, else off.
    ///
    /// # Errors
    /// A refusal where pictures must be read and tesseract or its languages are missing; a word in
    /// the configuration that means nothing.
    pub(crate) fn new(typed: Option<OcrArg>, configured: Option<&str>) -> anyhow::Result<Self> {
        let asked = match (typed, configured) {
            (Some(typed), _) => typed,
            (None, None) => OcrArg::Off,
            (None, Some(word)) => clap::ValueEnum::from_str(word, false).map_err(|_| {
                Refusal::new(format!("`ocr = \"{word}\"` means nothing"))
                    .hint("`auto`, `off` or `force`")
            })?,
        };
        let wanted = match asked {
            OcrArg::Off => {
                return Ok(Self {
                    tesseract: None,
                    asked,
                });
            }
            OcrArg::Auto => Pictures::Textless,
            OcrArg::Force => Pictures::All,
        };
        match find(wanted)? {
            Ok(found) => Ok(Self {
                tesseract: Some(found),
                asked,
            }),
            Err(missing) if asked == OcrArg::Force => Err(Refusal::new(missing)
                .hint("on Debian: `apt-get install tesseract-ocr tesseract-ocr-nor`")
                .into()),
            Err(missing) => {
                remark(&format!(
                    "{missing}: pictures and scanned pages are not read"
                ));
                Ok(Self {
                    tesseract: None,
                    asked,
                })
            }
        }
    }

    /// The reader with somebody who reads pictures, where there is one.
    pub(crate) fn attach(&self, reader: Reader) -> Reader {
        match &self.tesseract {
            Some((tesseract, _)) => reader.with_pictures(Arc::new(tesseract.clone())),
            None => reader,
        }
    }

    /// What decides what is read of pictures.
    pub(crate) fn fingerprint(&self) -> String {
        match &self.tesseract {
            None => "ocr off".to_owned(),
            Some((own, version)) => format!("ocr {:?} {version} {}", self.asked, own.languages),
        }
    }

    /// Whether nobody was asked to read pictures.
    pub(crate) fn is_off(&self) -> bool {
        self.asked == OcrArg::Off
    }
}

/// The installed tesseract and its version, or what is missing.
fn find(wanted: Pictures) -> anyhow::Result<Result<(Tesseract, String), String>> {
    let Some(program) = in_path("tesseract") else {
        return Ok(Err("`tesseract` is not installed".to_owned()));
    };
    let answer = |argument: &str| {
        let output = Command::new(&program).arg(argument).output().ok()?;
        // Versions before 4 answer on standard error.
        let text = if output.stdout.is_empty() {
            output.stderr
        } else {
            output.stdout
        };
        Some(String::from_utf8_lossy(&text).into_owned())
    };
    let installed = answer("--list-langs").unwrap_or_default();
    let has = |language: &&str| installed.lines().any(|line| line.trim() == *language);
    let languages: Vec<&str> = LANGUAGES.into_iter().filter(|own| has(own)).collect();
    if languages.is_empty() {
        return Ok(Err(
            "`tesseract` knows neither Norwegian nor English".to_owned()
        ));
    }
    if languages.len() < LANGUAGES.len() {
        remark(&format!(
            "`tesseract` knows only `{}` here",
            languages.join("+")
        ));
    }
    let version = answer("--version").unwrap_or_default();
    let version = version.lines().next().unwrap_or_default().trim().to_owned();
    let launcher = std::env::current_exe().context("the program's own file is not known")?;
    let tesseract = Tesseract {
        launcher,
        args: vec![super::CONFINED_COMMAND.into()],
        program,
        data: environment::value("TESSDATA_PREFIX"),
        languages: languages.join("+"),
        turns: has(&TURNS),
        wanted,
    };
    Ok(Ok((tesseract, version)))
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = environment::value("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| {
            folder
                .join(name)
                .with_extension(std::env::consts::EXE_EXTENSION)
        })
        .find(|file| file.is_file())
}

/// What the hidden command does: becomes another program behind walls.
#[cfg(unix)]
pub(crate) fn become_confined(
    program: &std::path::Path,
    args: &[std::ffi::OsString],
    may_read: Option<&std::path::Path>,
) -> anyhow::Result<super::exit::Exit> {
    let error = crate::extract::confined(program, args, may_read);
    Err(error).context("the program cannot be run")
}
