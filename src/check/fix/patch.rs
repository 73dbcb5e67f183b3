//! The difference between two texts of equally many lines, as `git apply` reads it.

use std::io::{self, Write};

use super::Fixed;

/// Unchanged lines around each change.
const CONTEXT: usize = 3;

/// Writes the change of a file as a unified difference. Values are in it: what is to be replaced
/// cannot be said without them.
///
/// # Errors
/// When `out` cannot be written.
pub fn patch(path: &str, fixed: &Fixed, out: &mut dyn Write) -> io::Result<()> {
    let before: Vec<&str> = fixed.before.split_inclusive('\n').collect();
    let after: Vec<&str> = fixed.after.split_inclusive('\n').collect();
    let pairs: Vec<(&str, &str)> = before.iter().copied().zip(after.iter().copied()).collect();
    let (old, new) = (quoted(&format!("a/{path}")), quoted(&format!("b/{path}")));
    writeln!(out, "diff --git {old} {new}\n--- {old}\n+++ {new}")?;
    let changed: Vec<usize> = (0..pairs.len())
        .filter(|at| pairs.get(*at).is_some_and(|(old, new)| old != new))
        .collect();
    let mut rest = changed.as_slice();
    while let Some(first) = rest.first() {
        let far = rest
            .windows(2)
            .position(|pair| matches!(pair, [one, next] if next - one > 2 * CONTEXT));
        let (group, later) = rest.split_at(far.map_or(rest.len(), |at| at + 1));
        rest = later;
        let last = group.last().unwrap_or(first);
        let start = first.saturating_sub(CONTEXT);
        let end = (last + CONTEXT + 1).min(pairs.len());
        hunk(start, pairs.get(start..end).unwrap_or_default(), out)?;
    }
    Ok(())
}

fn hunk(start: usize, pairs: &[(&str, &str)], out: &mut dyn Write) -> io::Result<()> {
    let (from, count) = (start + 1, pairs.len());
    writeln!(out, "@@ -{from},{count} +{from},{count} @@")?;
    let mut at = 0;
    while let Some((old, new)) = pairs.get(at) {
        if old == new {
            line(' ', old, out)?;
            at += 1;
            continue;
        }
        let run = pairs
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|(old, new)| old != new);
        let run: Vec<_> = run.collect();
        for (old, _) in &run {
            line('-', old, out)?;
        }
        for (_, new) in &run {
            line('+', new, out)?;
        }
        at += run.len();
    }
    Ok(())
}

fn line(sign: char, text: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{sign}{text}")?;
    if text.ends_with('\n') {
        return Ok(());
    }
    writeln!(out, "\n\\ No newline at end of file")
}

/// A path as git writes it: in quotes where it has signs that need them.
fn quoted(path: &str) -> String {
    let plain = !path
        .chars()
        .any(|c| c.is_control() || c == '"' || c == '\\');
    if plain {
        return path.to_owned();
    }
    let mut text = String::from("\"");
    for c in path.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '"' | '\\' => text.extend(['\\', c]),
            _ if c.is_control() => text.extend(octal(c)),
            _ => text.push(c),
        }
    }
    text.push('"');
    text
}

/// A control character in octal digits, as C writes it.
fn octal(c: char) -> [char; 4] {
    let digit = |shift: u32| char::from_digit((u32::from(c) >> shift) & 7, 8).unwrap_or('0');
    ['\\', digit(6), digit(3), digit(0)]
}
