//! The only place that reads the environment and the clock.

use std::ffi::OsString;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::model::Lang;

/// The value of an environment variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(crate) fn value(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether an environment variable is set and not empty.
pub(crate) fn is_set(name: &str) -> bool {
    value(name).is_some()
}

/// Whether the program runs in a CI job, where nothing personal may be shown.
pub(crate) fn in_ci() -> bool {
    is_set("CI")
}

/// Whether remarks and errors are written as lines of JSON (`SPORHUND_LOG=json`).
pub(crate) fn logs_json() -> bool {
    value("SPORHUND_LOG").is_some_and(|value| value == "json")
}

/// Columns of the terminal behind standard error; 80 where that is not known.
pub(crate) fn columns() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    size.map_or(80, |(width, _)| width.0.into())
}

/// Today, by the system's clock and time zone.
pub(crate) fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// The moment on the clock of this place.
pub(crate) fn zoned() -> jiff::ZonedDateTime {
    jiff::ZonedDateTime::now()
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The folder for the program's own state: `$XDG_STATE_HOME/sporhund`, else
/// `~/.local/state/sporhund` (on Windows below `%LOCALAPPDATA%`).
pub(crate) fn state_folder() -> Option<PathBuf> {
    if let Some(folder) = value("XDG_STATE_HOME").or_else(|| value("LOCALAPPDATA")) {
        return Some(PathBuf::from(folder).join("sporhund"));
    }
    Some(PathBuf::from(value("HOME")?).join(".local/state/sporhund"))
}

/// The language of the locale: Norwegian where it says so or says nothing, else English.
pub(crate) fn locale() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(value);
    let locale = locale.unwrap_or_default().to_string_lossy().to_lowercase();
    match locale.get(..2) {
        Some("nn") => Lang::Nn,
        None | Some("nb" | "no") => Lang::Nb,
        Some(_) if locale == "c" || locale.starts_with("c.") || locale == "posix" => Lang::Nb,
        Some(_) => Lang::En,
    }
}

/// A dump of our memory would hold what was read. Where the system refuses, nothing is lost but this
/// precaution.
#[cfg(unix)]
pub(crate) fn switch_off_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

#[cfg(not(unix))]
pub(crate) fn switch_off_core_dumps() {}

/// The account of the operating system that runs the program: its number, and its name where
/// `/etc/passwd` tells it. Variables of the environment are not believed.
#[cfg(unix)]
pub(crate) fn account() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    });
    name.map_or_else(|| format!("uid {uid}"), |name| format!("{name}, uid {uid}"))
}

/// The account of the operating system that runs the program, by its name. Variables of the environment are
/// not believed.
#[cfg(not(unix))]
pub(crate) fn account() -> String {
    whoami::username().unwrap_or_else(|_| "?".to_owned())
}
