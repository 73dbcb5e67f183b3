//! The summary that a person understands in ten seconds: coverage first, then what was found where,
//! then what is overdue and by which rule, then what was not read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::{Lang, ProblemKind};
use crate::report::escape::for_terminal;
use super::Form;
use crate::report::overview::{Overview, RuleLine, RuleTotal};
use crate::report::words::{self, Word};
use crate::report::{JudgedObject, Style};

/// How many objects of a list the summary names.
const SHOWN: usize = 6;
/// How many folders it names.
const FOLDERS: usize = 8;

pub(super) const FORM: Text = Text;

/// Text for a terminal.
pub(super) struct Text;

impl Form for Text {
    fn id(&self) -> &'static str {
        "summary"
    }

    fn begin(&self, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn object(&self, _: &JudgedObject, _: bool, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn end(&self, overview: &Overview, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let mut summary = Summary { overview, lang: style.lang, out };
        summary.coverage()?;
        summary.found()?;
        summary.folders()?;
        summary.verdicts()?;
        summary.rules(Word::Due, overview.due_objects, &overview.due)?;
        summary.assumptions()?;
        summary.rules(Word::Violations, overview.violation_objects, &overview.violations)?;
        summary.rules(Word::Review, overview.verdict("review"), &overview.review)?;
        summary.register()?;
        summary.unread()
    }
}

struct Summary<'a> {
    overview: &'a Overview,
    lang: Lang,
    out: &'a mut dyn Write,
}

impl Summary<'_> {
    fn say(&self, word: Word) -> &'static str {
        word.say(self.lang)
    }

    fn heading(&mut self, word: Word) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.say(word))
    }

    fn coverage(&mut self) -> io::Result<()> {
        let overview = self.overview;
        let as_of = overview.as_of.map(|day| format!(" {} {}", self.say(Word::AsOf), self.day(day)));
        writeln!(self.out, "{}{}", self.say(Word::Coverage), as_of.unwrap_or_default())?;
        let counts = [
            (Word::Scanned, "scanned"),
            (Word::Unchanged, "unchanged"),
            (Word::Partial, "partial"),
            (Word::Skipped, "skipped"),
            (Word::Failed, "failed"),
        ];
        let parts = counts.iter().map(|(word, outcome)| (overview.outcome(outcome), *word));
        let parts: Vec<_> = parts
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {}", number(count), self.say(word)))
            .collect();
        let (objects, bytes) = (number(overview.discovered()), size(overview.bytes));
        writeln!(self.out, "  {objects} {} ({bytes}): {}", self.say(Word::Objects), parts.join(", "))?;
        match overview.unread_count() {
            0 => writeln!(self.out, "  {}", self.say(Word::AllRead))?,
            unread => writeln!(self.out, "  {} {}", number(unread), self.say(Word::NotRead))?,
        }
        for (count, word) in [(overview.pictures, Word::Pictures), (overview.accepted, Word::Accepted)] {
            if count > 0 {
                writeln!(self.out, "  {} {}", number(count), self.say(word))?;
            }
        }
        if overview.interrupted {
            writeln!(self.out, "  {}", self.say(Word::Interrupted))?;
        }
        Ok(())
    }

    fn found(&mut self) -> io::Result<()> {
        self.heading(Word::Found)?;
        if self.overview.detectors.is_empty() {
            writeln!(self.out, "  {}", self.say(Word::NothingFound))?;
        } else {
            let heads = [Word::Objects, Word::Findings, Word::Distinct].map(|word| self.say(word));
            let [objects, findings, distinct] = heads;
            writeln!(self.out, "  {:24}{objects:>12}{findings:>12}{distinct:>12}", "")?;
        }
        for (id, total) in &self.overview.detectors {
            let name = padded(words::detector(id, self.lang), 24);
            let [objects, findings, distinct] =
                [total.objects, total.findings, total.distinct].map(number);
            writeln!(self.out, "  {name}{objects:>12}{findings:>12}{distinct:>12}")?;
        }
        if self.overview.low_findings > 0 {
            let low = number(self.overview.low_findings);
            writeln!(self.out, "  {low} {}", self.say(Word::LowFindings))?;
        }
        Ok(())
    }

    fn folders(&mut self) -> io::Result<()> {
        let mut folders: Vec<_> = self.overview.folders.iter().collect();
        if folders.is_empty() {
            return Ok(());
        }
        folders.sort_by(|(a, x), (b, y)| (y.objects, a).cmp(&(x.objects, b)));
        self.heading(Word::Where)?;
        let most = folders.first().map_or(1, |(_, total)| total.objects.max(1));
        for (folder, total) in folders.iter().take(FOLDERS) {
            let name = padded(&shortened(&for_terminal(folder), 44), 46);
            let bar = "▇".repeat(bar_length(total.objects, most));
            writeln!(self.out, "  {name}{:>8}  {bar}", number(total.objects))?;
        }
        self.more(folders.len().saturating_sub(FOLDERS) as u64)
    }

    fn verdicts(&mut self) -> io::Result<()> {
        let overview = self.overview;
        if overview.verdicts.is_empty() {
            if !overview.detectors.is_empty() {
                writeln!(self.out, "\n{}", self.say(Word::NoRules))?;
            }
            return Ok(());
        }
        self.heading(Word::Verdicts)?;
        for id in ["delete_due", "violation", "review", "hold", "delete_on", "keep"] {
            let count = overview.verdict(id);
            if count > 0 {
                let name = padded(words::verdict(id, self.lang), 24);
                writeln!(self.out, "  {name}{:>12}", number(count))?;
            }
        }
        Ok(())
    }

    /// Objects can be under several rules, so their number is told apart.
    fn rules(
        &mut self,
        heading: Word,
        objects: u64,
        rules: &BTreeMap<String, RuleTotal>,
    ) -> io::Result<()> {
        if rules.is_empty() {
            return Ok(());
        }
        let (heading, word) = (self.say(heading), self.say(Word::Objects));
        writeln!(self.out, "\n{heading}  {} {word}", number(objects))?;
        for (id, rule) in rules {
            let title = match rule.title.as_str() {
                "" => String::new(),
                title => format!("  {title}"),
            };
            let head = for_terminal(&format!("{id}{title}"));
            writeln!(self.out, "  {head}  ({})", number(rule.count))?;
            for line in rule.lines.iter().take(SHOWN) {
                self.rule_line(line)?;
            }
            self.more(rule.count.saturating_sub(SHOWN as u64))?;
        }
        Ok(())
    }

    fn rule_line(&mut self, line: &RuleLine) -> io::Result<()> {
        writeln!(self.out, "    {}", for_terminal(&line.object))?;
        let since = line.due.map(|due| self.since(due));
        let why = line.why.as_deref().map(for_terminal);
        let told: Vec<String> = since.into_iter().chain(why).collect();
        if told.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "      {}", told.join(" · "))
    }

    /// Periods that nobody stands for are named beside what they decide.
    fn assumptions(&mut self) -> io::Result<()> {
        let open = &self.overview.open_assumptions;
        if open.is_empty() || self.overview.due.is_empty() {
            return Ok(());
        }
        let names = for_terminal(&open.join(", "));
        writeln!(self.out, "  {}: {names}", self.say(Word::Assumption))
    }

    fn since(&self, due: jiff::civil::Date) -> String {
        let over = self.overview.as_of.and_then(|as_of| as_of.since(due).ok());
        let days = over.map(|span| format!(" ({} {})", span.get_days(), self.say(Word::Days)));
        format!("{} {}{}", self.say(Word::Since), self.day(due), days.unwrap_or_default())
    }

    fn register(&mut self) -> io::Result<()> {
        if self.overview.refused_rows.is_empty() {
            return Ok(());
        }
        self.heading(Word::Refused)?;
        for (line, why) in &self.overview.refused_rows {
            writeln!(self.out, "  {} {line}: {}", self.say(Word::Line), for_terminal(why))?;
        }
        Ok(())
    }

    fn unread(&mut self) -> io::Result<()> {
        if self.overview.unread_count() == 0 {
            return Ok(());
        }
        writeln!(self.out, "\n{}  {}", self.say(Word::Unread), number(self.overview.unread_count()))?;
        for object in self.overview.unread_objects().take(SHOWN * 4) {
            let kind = ProblemKind::parse(&object.cause);
            let cause = kind.map_or("", |kind| words::cause(kind, self.lang));
            let name = shortened(&for_terminal(&object.object), 52);
            writeln!(self.out, "  {}{cause} ({})", padded(&name, 54), object.cause)?;
        }
        self.more(self.overview.unread_count().saturating_sub(SHOWN as u64 * 4))
    }

    fn more(&mut self, count: u64) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        writeln!(self.out, "    … {} {}", number(count), self.say(Word::More))
    }

    fn day(&self, day: jiff::civil::Date) -> String {
        match self.lang {
            Lang::Nb | Lang::Nn => day.strftime("%d.%m.%Y").to_string(),
            Lang::En => day.to_string(),
        }
    }
}

fn bar_length(count: u64, most: u64) -> usize {
    usize::try_from((count * 16).div_ceil(most)).unwrap_or(16).min(16)
}

/// Text filled up with spaces to a width in terminal columns.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A path that fits into `width` columns: its beginning is left out, because its end tells more.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let tail = text.chars().rev().take_while(|c| {
        used += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
        used <= width
    });
    let tail: Vec<char> = tail.collect();
    std::iter::once('…').chain(tail.into_iter().rev()).collect()
}

/// A number with a thin space between thousands.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + 8);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{00A0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size in a unit that leaves one to three digits before the comma.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut tenths = u128::from(bytes) * 10;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{bytes} {name}") } else { format!("{},{} {name}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sizes_and_paths_are_written_for_people() {
        assert_eq!(number(1_234_567), "1\u{A0}234\u{A0}567");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_400_000), "1,4 MB");
        assert_eq!(shortened("hr/rekruttering/søknad.docx", 12), "…søknad.docx");
        assert_eq!(padded("blå", 5), "blå  ");
    }
}
