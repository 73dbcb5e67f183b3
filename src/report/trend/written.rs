//! A trend as text, JSON and rows for a spreadsheet.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Moves, Trend};
use crate::inventory::RunRow;
use crate::model::Lang;
use crate::policy::Rulebook;
use crate::report::escape::{for_csv, for_json, for_terminal};
use crate::report::layout::{number, padded, shortened};
use crate::report::paint::{Paint, Shade};
use crate::report::words::{self, Word};
use crate::report::{Style, spreadsheet};

/// Lines of each part of the text.
const LINES: usize = 20;

/// Columns that a name takes in the text, at most.
const WIDTH: usize = 44;

/// One document.
///
/// # Errors
/// The output cannot be written.
pub fn write_json(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let [new, gone, moved, changed] = trend.files;
    let document = json!({
        "since": run(&trend.since),
        "until": run(&trend.until),
        "looked_otherwise": trend.looked_otherwise,
        "findings": moves(trend.total),
        "files": { "new": new, "gone": gone, "moved": moved, "changed": changed },
        "folders": part("folder", &trend.folders),
        "owners": part("owner", &trend.owners),
        "rules": trend.judged.then(|| part("rule", &trend.rules)),
        "detectors": part("detector", &trend.detectors),
        "moved": trend.moved.iter().map(|one| json!({
            "from": one.from, "to": one.to, "findings": one.hits,
        })).collect::<Vec<_>>(),
    });
    writeln!(out, "{}", for_json(&document.to_string()))
}

fn run(run: &RunRow) -> Value {
    json!({ "run": run.run, "started": time(run.started) })
}

/// A moment (seconds since 1970) in UTC.
fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

fn moves(moves: Moves) -> Value {
    json!({
        "new": moves.new, "gone": moves.gone,
        "moved_in": moves.moved_in, "moved_out": moves.moved_out,
    })
}

fn part(key: &str, of: &BTreeMap<String, Moves>) -> Value {
    let lines = of.iter().map(|(name, own)| {
        let mut line = moves(*own);
        line[key] = json!(name);
        line
    });
    lines.collect()
}

/// A row for each folder, owner, rule and detector.
///
/// # Errors
/// The output cannot be written.
pub fn write_csv(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = spreadsheet::csv(out)?;
    rows.write_record(["by", "name", "new", "gone", "moved_in", "moved_out"])?;
    let total = BTreeMap::from([(String::new(), trend.total)]);
    let parts = [
        ("all", &total),
        ("folder", &trend.folders),
        ("owner", &trend.owners),
        ("rule", &trend.rules),
        ("detector", &trend.detectors),
    ];
    for (by, part) in parts {
        for (name, own) in part {
            let counts = [own.new, own.gone, own.moved_in, own.moved_out];
            let name = for_csv(name);
            let row = [by.to_owned(), name].into_iter();
            rows.write_record(row.chain(counts.map(|count| count.to_string())))?;
        }
    }
    rows.flush()
}

/// Text for a terminal. `book` lends the titles of its rules.
///
/// # Errors
/// The output cannot be written.
pub fn write_text(
    trend: &Trend,
    style: Style,
    book: Option<&Rulebook>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = Text {
        lang: style.lang,
        paint: Paint::new(style.colour),
        out,
    };
    text.head(trend)?;
    if trend.looked_otherwise {
        writeln!(text.out, "{}", Word::LookedOtherwise.say(style.lang))?;
    }
    text.part(Word::ByFolder, &trend.folders, &str::to_owned)?;
    let nobody = Word::Nobody.say(style.lang);
    let owner = |name: &str| if name.is_empty() { nobody } else { name }.to_owned();
    text.part(Word::ByOwner, &trend.owners, &owner)?;
    let title = |id: &str| {
        let rule = book.and_then(|book| book.rule(id));
        let title = rule.map_or("", |rule| rule.title_in(style.lang));
        format!("{id} {title}")
    };
    text.part(Word::ByRule, &trend.rules, &title)?;
    let detector = |id: &str| words::detector(id, style.lang).to_owned();
    text.part(Word::ByDetector, &trend.detectors, &detector)?;
    text.moved(trend)
}

struct Text<'a> {
    lang: Lang,
    paint: Paint,
    out: &'a mut dyn Write,
}

impl Text<'_> {
    fn heading(&self, word: Word) -> String {
        self.paint.of(Shade::Heading, word.say(self.lang))
    }

    fn head(&mut self, trend: &Trend) -> io::Result<()> {
        let (since, until) = (time(trend.since.started), time(trend.until.started));
        let heading = self.heading(Word::TrendSince);
        let (from, to) = (trend.since.run, trend.until.run);
        writeln!(self.out, "{heading} {from} ({since}) → {to} ({until})")?;
        let counts = [
            (trend.total.new, Word::New),
            (trend.total.gone, Word::Gone),
            (trend.total.moved_in, Word::Moved),
        ];
        let told = counts.map(|(count, word)| format!("{} {}", number(count), word.say(self.lang)));
        let findings = Word::Findings.say(self.lang);
        writeln!(self.out, "  {findings}: {}", told.join(", "))
    }

    fn part(
        &mut self,
        heading: Word,
        part: &BTreeMap<String, Moves>,
        told: &dyn Fn(&str) -> String,
    ) -> io::Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{}", self.heading(heading))?;
        let mut lines: Vec<_> = part.iter().collect();
        lines.sort_by_key(|(_, own)| {
            std::cmp::Reverse(own.new + own.gone + own.moved_in + own.moved_out)
        });
        for (name, own) in lines.iter().take(LINES) {
            let name = shortened(&for_terminal(&told(name)), WIDTH);
            let moved = match (own.moved_in, own.moved_out) {
                (0, 0) => String::new(),
                (came, went) => format!("  →{} {}→", number(came), number(went)),
            };
            let (new, gone) = (number(own.new), number(own.gone));
            let name = padded(&name, WIDTH);
            writeln!(self.out, "  {name}  +{new} −{gone}{moved}")?;
        }
        if lines.len() > LINES {
            let more = number((lines.len() - LINES) as u64);
            writeln!(self.out, "  … {more} {}", Word::More.say(self.lang))?;
        }
        Ok(())
    }

    fn moved(&mut self, trend: &Trend) -> io::Result<()> {
        if trend.moved.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{}", self.heading(Word::MovedFiles))?;
        for one in trend.moved.iter().take(LINES) {
            let (from, to) = (for_terminal(&one.from), for_terminal(&one.to));
            writeln!(self.out, "  {from} → {to}")?;
        }
        if trend.moved.len() > LINES {
            let more = number((trend.moved.len() - LINES) as u64);
            writeln!(self.out, "  … {more} {}", Word::More.say(self.lang))?;
        }
        Ok(())
    }
}
