//! One object's whole story, for a terminal of 80 columns: what was found and why it was taken for
//! that, what the rules say, and the dates with where each comes from.

use std::io::{self, Write};

use super::class_words::class as class_word;
use super::escape::for_terminal;
use super::layout::{number, padded, size, wrapped};
use super::paint::{Paint, Shade};
use super::story_words as told;
use super::words::{self, Head};
use super::{FoundRow, JudgedObject, RuleTold, Style};
use crate::model::{DateInterval, Lang, Place, ProblemKind};
use crate::policy::Judgement;

/// Width of the labels at the left.
const LABEL: usize = 14;

/// Tells an object's story. `rules` are those that the report may speak of.
///
/// # Errors
/// Only what the writer fails with.
pub fn story(
    object: &JudgedObject,
    rules: &[RuleTold],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut teller = Teller { style, out };
    teller.head(object)?;
    teller.found(&object.findings)?;
    if let Some(judgement) = &object.judgement {
        teller.why(judgement)?;
    }
    teller.dates(object)?;
    if let Some(judgement) = &object.judgement {
        teller.rules(judgement, rules)?;
    }
    Ok(())
}

struct Teller<'a> {
    style: Style,
    out: &'a mut dyn Write,
}

impl Teller<'_> {
    fn lang(&self) -> Lang {
        self.style.lang
    }

    fn paint(&self) -> Paint {
        Paint::new(self.style.colour)
    }

    /// A label and what belongs to it; nothing is written where that is empty.
    fn line(&mut self, label: Head, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let label = padded(label.say(self.lang()), LABEL);
        self.wrapped((2, 2 + LABEL + 1), &format!("{label} {text}"))
    }

    fn wrapped(&mut self, indents: (usize, usize), text: &str) -> io::Result<()> {
        wrapped(self.out, indents, &for_terminal(text))
    }

    fn heading(&mut self, heading: Head) -> io::Result<()> {
        let text = heading.say(self.lang()).to_uppercase();
        writeln!(self.out, "\n{}", self.paint().of(Shade::Heading, &text))
    }

    fn head(&mut self, object: &JudgedObject) -> io::Result<()> {
        let lang = self.lang();
        let path = for_terminal(&object.shown);
        writeln!(self.out, "{}", self.paint().of(Shade::Heading, &path))?;
        if let Some(judgement) = &object.judgement {
            let id = judgement.verdict.as_str();
            let label = padded(Head::Verdict.say(lang), LABEL);
            let verdict = self
                .paint()
                .of(Shade::of_verdict(id), words::verdict(id, lang));
            let due = judgement
                .due
                .map(|due| format!(" ({})", words::day(due, lang)));
            writeln!(self.out, "  {label} {verdict}{}", due.unwrap_or_default())?;
        }
        let problem = object.problem.as_ref();
        let cause = problem.and_then(|problem| ProblemKind::parse(&problem.kind));
        self.line(
            Head::Cause,
            cause.map_or("", |kind| words::cause(kind, lang)),
        )?;
        if let Some((class, certainty)) = &object.class {
            let percent = (certainty * 100.0).round();
            let word = class_word(class, lang);
            self.line(Head::Class, &format!("{word} ({class}, {percent} %)"))?;
        }
        self.line(Head::Format, object.format.as_deref().unwrap_or_default())?;
        self.line(Head::Size, &size(object.bytes, lang))?;
        self.line(Head::Owner, object.owner.as_deref().unwrap_or_default())?;
        let access = object.access.as_ref().map(|access| {
            let reach = told::reach(access.reach(), &access.group, lang);
            format!("{reach} ({:04o}, {})", access.mode, access.group)
        });
        self.line(Head::Access, &access.unwrap_or_default())
    }

    fn found(&mut self, findings: &[FoundRow]) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let lang = self.lang();
        self.heading(Head::Found)?;
        for found in findings {
            let name = words::kind(&found.detector, &found.kind, lang);
            let kind = padded(&format!("{name} ({}:{})", found.detector, found.kind), 46);
            let level = padded(told::level(found.confidence, lang), 20);
            writeln!(
                self.out,
                "  {} {level} {:>8}",
                for_terminal(&kind),
                number(found.count)
            )?;
            let reasons = found.reasons.iter();
            let reasons = reasons.map(|id| format!("{} ({id})", told::reason(id, lang)));
            let reasons: Vec<String> = reasons.collect();
            self.wrapped((6, 6), &reasons.join(", "))?;
            for sample in &found.samples {
                let place = place(&sample.place, lang);
                let masked = for_terminal(sample.masked.as_str());
                writeln!(self.out, "      {masked}  {}", for_terminal(&place))?;
            }
        }
        Ok(())
    }

    /// How the verdict came about. The first line of an explanation is the object's own.
    fn why(&mut self, judgement: &Judgement) -> io::Result<()> {
        self.heading(Head::Why)?;
        for line in judgement.explanation.iter().skip(1) {
            let (label, text) = told::explained(line, self.lang());
            let label = padded(label, LABEL);
            self.wrapped((2, 2 + LABEL + 1), &format!("{label} {text}"))?;
        }
        Ok(())
    }

    fn dates(&mut self, object: &JudgedObject) -> io::Result<()> {
        if object.dates.is_empty() {
            return Ok(());
        }
        let lang = self.lang();
        self.heading(Head::Dates)?;
        let document = object
            .judgement
            .as_ref()
            .and_then(|judgement| judgement.document.as_ref());
        for (source, interval) in &object.dates {
            let days = padded(&days(*interval, lang), 24);
            let used = document.is_some_and(|day| day.source == source.as_str());
            let used = if used { told::used(lang) } else { "" };
            writeln!(self.out, "  {days} {}{used}", told::source(*source, lang))?;
        }
        Ok(())
    }

    fn rules(&mut self, judgement: &Judgement, rules: &[RuleTold]) -> io::Result<()> {
        let named = rules
            .iter()
            .filter(|rule| judgement.decisive.contains(&rule.id));
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            return Ok(());
        }
        self.heading(Head::Rules)?;
        let lang = self.lang();
        for rule in named {
            let [nb, nn, en] = &rule.title;
            let title = words::pick(lang, (nb, nn, en));
            self.wrapped((2, 4), &format!("{}  {title}", rule.id))?;
            if let Some(quote) = &rule.quote {
                let text = quote.text.as_deref().unwrap_or("–");
                self.wrapped((4, 4), &format!("«{text}»"))?;
                if !quote.same {
                    self.wrapped((4, 4), told::changed(lang))?;
                }
            }
            if let Some(norm) = &rule.norm {
                self.wrapped((4, 4), norm)?;
            }
        }
        Ok(())
    }
}

fn days(interval: DateInterval, lang: Lang) -> String {
    let first = words::day(interval.first, lang);
    if interval.first == interval.last {
        first
    } else {
        format!("{first} – {}", words::day(interval.last, lang))
    }
}

/// Where a hit stands.
#[must_use]
pub fn place(place: &Place, lang: Lang) -> String {
    let word = |texts: [&'static str; 3]| lang.pick(texts);
    match place {
        Place::Text { line, .. } => format!("{} {line}", word(["linje", "linje", "line"])),
        Place::Sheet { sheet, cell } => {
            format!("{} {sheet}, {cell}", word(["ark", "ark", "sheet"]))
        }
        Place::Column { column, row } => {
            format!("{column}, {} {row}", word(["rad", "rad", "row"]))
        }
        Place::Page { page } => format!("{} {page}", word(["side", "side", "page"])),
        Place::Part { part } => match &**part {
            Place::FILE_NAME => word(["filnavnet", "filnamnet", "file name"]).to_owned(),
            Place::FOLDER_NAME => word(["mappenavnet", "mappenamnet", "folder name"]).to_owned(),
            part => part.to_owned(),
        },
    }
}
