//! What is said on standard error: errors, hints and remarks.

use std::fmt;
use std::io::{IsTerminal, Write as _};

use super::exit::Exit;

/// A reason not to start: usage, configuration, rules. It ends the program with code 2.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    message: String,
    hint: Option<String>,
}

impl Refusal {
    /// A refusal with this message: no full stop, back ticks round literals.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    /// The same with a hint how to mend it.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The hint, where there is one.
    pub(crate) fn hint_text(&self) -> Option<String> {
        self.hint.clone()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Whether colours may be used on a stream: a terminal that is more than a typewriter, and nobody has
/// said no (<https://no-color.org>).
pub(crate) fn colours_on(stream: &impl IsTerminal) -> bool {
    let dumb = super::environment::value("TERM").is_some_and(|terminal| terminal == "dumb");
    stream.is_terminal() && !dumb && !super::environment::is_set("NO_COLOR")
}

/// Writes an error with its chain of causes and its hint, once, and says how the program ends.
///
/// Where a reader of our output has gone, as `head` does, nothing is said.
pub(crate) fn report(error: &anyhow::Error) -> Exit {
    if error.chain().any(is_broken_pipe) {
        return Exit::Fatal;
    }
    let refusal = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Refusal>());
    let context = error.downcast_ref::<Refusal>();
    let damaged = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<crate::inventory::Error>());
    let damaged = damaged.and_then(super::report::last_copy_hint);
    let hint = refusal.or(context).and_then(Refusal::hint_text).or(damaged);
    let exit = if refusal.or(context).is_some() {
        Exit::NotStarted
    } else {
        Exit::Fatal
    };
    // A refusal may repeat the words of what it refuses.
    let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.dedup();
    if super::environment::logs_json() {
        line("error", &causes.join(": "), hint.as_deref());
        return exit;
    }
    let (red, cyan, plain) = if colours_on(&std::io::stderr()) {
        ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m")
    } else {
        ("", "", "")
    };
    let mut stderr = std::io::stderr().lock();
    let mut causes = causes.into_iter();
    let first = causes.next().unwrap_or_default();
    // Nothing can be done where standard error is closed.
    let _ = writeln!(stderr, "{red}error{plain}: {}", printable(&first));
    for cause in causes {
        let _ = writeln!(stderr, "  caused by: {}", printable(&cause));
    }
    if let Some(hint) = hint {
        let _ = writeln!(stderr, "{cyan}hint{plain}: {}", printable(&hint));
    }
    exit
}

/// A line of JSON on standard error, for those who gather logs.
fn line(level: &str, message: &str, hint: Option<&str>) {
    let time = jiff::Timestamp::now().to_string();
    let mut line = serde_json::json!({"time": time, "level": level, "message": message});
    if let Some(hint) = hint {
        line["hint"] = hint.into();
    }
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    let error = cause.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// A remark on standard error; dropped where it is closed.
pub(crate) fn remark(text: &str) {
    if super::environment::logs_json() {
        return line("info", text, None);
    }
    let _ = writeln!(std::io::stderr().lock(), "{}", printable(text));
}

/// Text with control characters made visible, so that a file name cannot steer the terminal. Line
/// breaks and tabs of our own messages stay.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let keep = !c.is_control() || c == '\n' || c == '\t';
            let escaped = (!keep).then(|| c.escape_default());
            keep.then_some(c)
                .into_iter()
                .chain(escaped.into_iter().flatten())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn a_refusal_anywhere_in_the_chain_means_not_started() {
        assert_eq!(
            report(&Refusal::new("no").hint("do").into()),
            Exit::NotStarted
        );
        let io = std::io::Error::other("disk");
        let wrapped = Err::<(), _>(io).context(Refusal::new("no")).unwrap_err();
        assert_eq!(report(&wrapped), Exit::NotStarted);
        assert_eq!(report(&anyhow::anyhow!("broken")), Exit::Fatal);
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
    }
}
