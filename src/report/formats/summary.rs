//! The summary that a person understands in ten seconds: coverage first, then what was found where,
//! then what is overdue and by which rule, then what was not read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::Form;
use crate::model::{Lang, ProblemKind};
use crate::report::escape::for_terminal;
use crate::report::layout::{number, padded, shortened, size, wrapped};
use crate::report::overview::{FolderTotal, Overview, ProblemObject, RuleLine, RuleTotal};
use crate::report::paint::{Paint, Shade};
use crate::report::plain::plain;
use crate::report::words::{self, Word};
use crate::report::{JudgedObject, Style, format_word};

/// How many objects of a list the summary names.
const SHOWN: usize = 6;
/// How many unread objects it names.
const SHOWN_UNREAD: usize = 24;
/// How many reasons for a review it names.
const REASONS: usize = 12;
/// How many folders it names.
const FOLDERS: usize = 8;

pub(super) const FORM: Text = Text;

/// Text for a terminal.
pub(super) struct Text;

impl Form for Text {
    fn id(&self) -> &'static str {
        "summary"
    }

    fn tells_objects(&self) -> bool {
        false
    }

    fn begin(&self, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn object(&self, _: &JudgedObject, _: bool, _: Style, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn end(&self, overview: &Overview, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let paint = Paint::new(style.colour);
        let mut summary = Summary { overview, lang: style.lang, paint, out };
        summary.coverage()?;
        if style.explain_coverage {
            summary.formats()?;
        }
        summary.found()?;
        summary.folders()?;
        summary.verdicts()?;
        summary.rules(Word::Due, overview.due_objects, &overview.due)?;
        summary.assumptions()?;
        summary.rules(Word::Violations, overview.violation_objects, &overview.violations)?;
        summary.reviews()?;
        summary.register()?;
        summary.unread()
    }
}

struct Summary<'a> {
    overview: &'a Overview,
    lang: Lang,
    paint: Paint,
    out: &'a mut dyn Write,
}

impl Summary<'_> {
    fn say(&self, word: Word) -> &'static str {
        word.say(self.lang)
    }

    fn heading(&mut self, word: Word) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.head(word))
    }

    /// A heading in its colour.
    fn head(&self, word: Word) -> String {
        self.paint.of(Shade::Heading, self.say(word))
    }

    fn coverage(&mut self) -> io::Result<()> {
        let overview = self.overview;
        let as_of = overview
            .as_of
            .map(|day| format!(" {} {}", self.say(Word::AsOf), words::day(day, self.lang)));
        let heading = self.head(Word::Coverage);
        writeln!(self.out, "{heading}{}", as_of.unwrap_or_default())?;
        let counts = [
            (Word::Scanned, "scanned"),
            (Word::Unchanged, "unchanged"),
            (Word::Partial, "partial"),
            (Word::Skipped, "skipped"),
            (Word::Failed, "failed"),
        ];
        let parts = counts.map(|(word, outcome)| (overview.outcome(outcome), word));
        let parts: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {}", number(*count), self.say(*word)))
            .collect();
        let bytes = size(overview.bytes, self.lang);
        let objects = self.objects(overview.discovered());
        self.wrapped(
            (2, 4),
            &format!("{objects} ({bytes}): {}", parts.join(", ")),
        )?;
        match overview.unread_count() {
            0 => {
                let told = self.paint.of(Shade::Good, self.say(Word::AllRead));
                writeln!(self.out, "  {told}")?;
            }
            unread => {
                let told = format!("{} {}", number(unread), self.say(Word::NotRead));
                writeln!(self.out, "  {}", self.paint.of(Shade::Look, &told))?;
            }
        }
        self.counted(Word::Pictures, overview.pictures)?;
        self.counted(Word::Accepted, overview.accepted)?;
        if !overview.without.is_empty() {
            let names = overview.without.iter().map(|id| words::detector(id, self.lang));
            let names = names.collect::<Vec<_>>().join(", ");
            self.wrapped((2, 4), &format!("{}: {names}", self.say(Word::Without)))?;
        }
        if overview.interrupted {
            writeln!(self.out, "  {}", self.say(Word::Interrupted))?;
        }
        if let Some(why) = overview.list_unused(self.lang) {
            self.wrapped((2, 4), why)?;
        }
        Ok(())
    }

    /// Objects and bytes by format and outcome: a line each.
    fn formats(&mut self) -> io::Result<()> {
        let overview = self.overview;
        self.heading(Word::ByFormat)?;
        for ((format, outcome), (objects, bytes)) in &overview.formats {
            let format = if format.is_empty() { "–" } else { format.as_str() };
            let bytes = size(*bytes, self.lang);
            let left = format!("{} {}", padded(format, 16), padded(outcome, 10));
            writeln!(self.out, "  {left} {:>10}  {bytes}", number(*objects))?;
        }
        Ok(())
    }

    /// What is told only where there is any.
    fn counted(&mut self, word: Word, count: u64) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        writeln!(self.out, "  {}: {}", self.say(word), number(count))
    }

    fn objects(&self, count: u64) -> String {
        let word = if count == 1 {
            Word::Object
        } else {
            Word::Objects
        };
        format!("{} {}", number(count), self.say(word))
    }

    fn wrapped(&mut self, indents: (usize, usize), text: &str) -> io::Result<()> {
        wrapped(self.out, indents, &for_terminal(text))
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
        self.counted(Word::LowFindings, self.overview.low_findings)
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
            let bar = self.bar(total, most);
            writeln!(self.out, "  {name}{:>8}  {bar}", number(total.objects))?;
        }
        self.more(folders.len().saturating_sub(FOLDERS) as u64)
    }

    /// What is overdue stands in front in its own colour.
    fn bar(&self, total: &FolderTotal, most: u64) -> String {
        let whole = bar_length(total.objects, most);
        let overdue = bar_length(total.overdue, most).min(whole);
        let bad = self.paint.of(Shade::Bad, &"▇".repeat(overdue));
        format!("{bad}{}", self.paint.of(Shade::Quiet, &"▇".repeat(whole - overdue)))
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
                let name = self.paint.of(Shade::of_verdict(id), &name);
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
        let (heading, objects) = (self.head(heading), self.objects(objects));
        writeln!(self.out, "\n{heading}  {objects}")?;
        for (id, rule) in rules {
            self.wrapped((2, 4), &format!("{id}  {}", rule.title))?;
            self.rule_lines(rule)?;
        }
        Ok(())
    }

    /// Why a person has to look, the most frequent reasons first.
    fn reviews(&mut self) -> io::Result<()> {
        let overview = self.overview;
        if overview.review.is_empty() {
            return Ok(());
        }
        let heading = self.head(Word::Review);
        let objects = self.objects(overview.verdict("review"));
        writeln!(self.out, "\n{heading}  {objects}")?;
        let mut reasons: Vec<_> = overview.review.iter().collect();
        reasons.sort_by(|(a, x), (b, y)| (y.count, a).cmp(&(x.count, b)));
        for (reason, total) in reasons.iter().take(REASONS) {
            let told = match reason.as_str() {
                "" => self.say(Word::OtherReasons).to_owned(),
                reason => plain(reason, self.lang),
            };
            self.wrapped((2, 4), &told)?;
            self.rule_lines(total)?;
        }
        let rest = reasons.iter().skip(REASONS);
        self.more(rest.map(|(_, total)| total.count).sum())
    }

    /// The first objects of a rule. What neighbours have in common is said once, above them.
    fn rule_lines(&mut self, rule: &RuleTotal) -> io::Result<()> {
        let shown = rule.lines.get(..SHOWN).unwrap_or(&rule.lines);
        for group in shown.chunk_by(|a, b| (a.due, &a.why) == (b.due, &b.why)) {
            if let Some(told) = group.first().and_then(|line| self.told(line)) {
                self.wrapped((4, 4), &told)?;
            }
            for line in group {
                writeln!(self.out, "      {}", for_terminal(&line.object))?;
            }
        }
        self.more(rule.count.saturating_sub(SHOWN as u64))
    }

    /// Since when, and how the rule came to it.
    fn told(&self, line: &RuleLine) -> Option<String> {
        let since = line.due.map(|due| self.since(due));
        let why = line.why.as_deref().map(|why| {
            // The day that comes out is said already.
            let result = line.due.map(|due| format!(" = {due}")).unwrap_or_default();
            plain(why.strip_suffix(&result).unwrap_or(why), self.lang)
        });
        match (since, why) {
            (Some(since), Some(why)) => Some(format!("{since}: {why}")),
            (since, why) => since.or(why),
        }
    }

    /// Periods that nobody stands for are named beside what they decide.
    fn assumptions(&mut self) -> io::Result<()> {
        let open = &self.overview.open_assumptions;
        if open.is_empty() || self.overview.due.is_empty() {
            return Ok(());
        }
        let told = open.iter().filter_map(|(_, told)| told.get(self.lang.place()));
        let told: Vec<&str> = told.map(String::as_str).collect();
        let text = format!("{}: {}", self.say(Word::Assumption), told.join("; "));
        self.wrapped((2, 4), &text)
    }

    fn since(&self, due: jiff::civil::Date) -> String {
        let over = self.overview.as_of.and_then(|as_of| as_of.since(due).ok());
        let days = over.map(|span| {
            let days = span.get_days();
            let word = if days == 1 { Word::Day } else { Word::Days };
            format!(" ({days} {})", self.say(word))
        });
        let since = self.say(Word::Since);
        let day = words::day(due, self.lang);
        format!("{since} {day}{}", days.unwrap_or_default())
    }

    fn register(&mut self) -> io::Result<()> {
        if self.overview.refused_rows.is_empty() {
            return Ok(());
        }
        self.heading(Word::Refused)?;
        for row in &self.overview.refused_rows {
            let why = row.why(self.lang);
            let text = format!("{} {}: {why}", self.say(Word::Line), row.line);
            self.wrapped((2, 4), &text)?;
        }
        Ok(())
    }

    fn unread(&mut self) -> io::Result<()> {
        let unread = self.overview.unread_count();
        if unread == 0 {
            return Ok(());
        }
        let (heading, objects) = (self.head(Word::Unread), self.objects(unread));
        writeln!(self.out, "\n{heading}  {objects}")?;
        let shown = self.overview.unread_objects().take(SHOWN_UNREAD);
        let shown: Vec<_> = shown
            .map(|object| {
                let kind = format_word(object.format.as_deref(), self.lang);
                (self.cause(&object.cause), kind, self.unread_object(object))
            })
            .collect();
        let causes = shown.iter().map(|(cause, _, _)| cause.width()).max();
        let kinds = shown.iter().map(|(_, kind, _)| kind.width()).max();
        for (cause, kind, object) in &shown {
            let cause = padded(cause, causes.unwrap_or_default());
            let kind = padded(kind, kinds.unwrap_or_default());
            writeln!(self.out, "  {cause}  {kind}  {object}")?;
        }
        self.more(unread.saturating_sub(shown.len() as u64))
    }

    /// The object, and how much of it lies behind the place where reading ended.
    fn unread_object(&self, object: &ProblemObject) -> String {
        let shown = for_terminal(&object.object);
        match object.unread_bytes {
            Some(bytes) => format!("{shown}  ({} {})", size(bytes, self.lang), self.say(Word::NotReached)),
            None => shown,
        }
    }

    /// Why something was not read, with the id by which it can be accepted.
    fn cause(&self, id: &str) -> String {
        let told = ProblemKind::parse(id).map_or("", |kind| words::cause(kind, self.lang));
        if told == id {
            told.to_owned()
        } else {
            format!("{told} ({id})")
        }
    }

    fn more(&mut self, count: u64) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        writeln!(self.out, "      … {} {}", number(count), self.say(Word::More))
    }
}

fn bar_length(count: u64, most: u64) -> usize {
    usize::try_from((count * 16).div_ceil(most))
        .unwrap_or(16)
        .min(16)
}
