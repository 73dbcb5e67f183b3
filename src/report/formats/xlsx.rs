//! The report as a workbook: summary, and a sheet each for what is due, what is violated, what a
//! person has to look at, and what was not read.
//!
//! Every text is written as text, never as a formula, and control characters are made visible.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use rust_xlsxwriter::{Color, ExcelDateTime, Format, Workbook, XlsxError};

use super::Form;
use crate::model::{Lang, ProblemKind};
use crate::policy::{Judgement, Verdict};
use crate::report::escape::for_terminal;
use crate::report::layout::size;
use crate::report::overview::Overview;
use crate::report::plain::plain;
use crate::report::story_words;
use crate::report::words::{self, Head, Word};
use crate::report::{Backdrop, JudgedObject, Style, class_word, spreadsheet};

/// Rows of objects that a sheet holds; Excel has 1,048,576.
const MOST: u32 = 1_000_000;

/// Folders to begin with.
const URGENT: usize = 10;

/// Columns of the lists, with their widths in characters.
const COLUMNS: [(Head, f64); 14] = [
    (Head::Object, 60.0),
    (Head::Verdict, 16.0),
    (Head::Due, 12.0),
    (Head::Rules, 30.0),
    (Head::Why, 60.0),
    (Head::Found, 40.0),
    (Head::Class, 24.0),
    (Head::Owner, 18.0),
    (Head::Access, 18.0),
    (Head::Mode, 8.0),
    (Head::Group, 14.0),
    (Head::Bytes, 12.0),
    (Head::Cause, 24.0),
    (Head::Dates, 40.0),
];

/// The lists, in the order of their sheets.
const LISTS: [Word; 4] = [
    Word::SheetDue,
    Word::SheetViolations,
    Word::SheetReview,
    Word::SheetUnread,
];

/// A workbook.
pub struct Xlsx {
    backdrop: Backdrop,
    book: Mutex<Book>,
}

impl Xlsx {
    /// A workbook that tells the rules of a backdrop beside the objects.
    #[must_use]
    pub fn new(backdrop: Backdrop) -> Self {
        Self {
            backdrop,
            book: Mutex::default(),
        }
    }
}

/// The workbook while it grows, and the last row of each list.
#[derive(Default)]
struct Book {
    workbook: Workbook,
    last: [u32; LISTS.len()],
    left_out: u64,
    /// How days are shown.
    day: Format,
}

impl Form for Xlsx {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn begin(&self, style: Style, _: &mut dyn Write) -> io::Result<()> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.begin(style.lang).map_err(io::Error::other)
    }

    fn object(
        &self,
        object: &JudgedObject,
        _: bool,
        style: Style,
        _: &mut dyn Write,
    ) -> io::Result<()> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.object(object, style.lang).map_err(io::Error::other)
    }

    fn end(&self, overview: &Overview, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.end(overview, &self.backdrop, style)
            .map_err(io::Error::other)?;
        out.write_all(&book.workbook.save_to_buffer().map_err(io::Error::other)?)
    }
}

impl Book {
    fn begin(&mut self, lang: Lang) -> Result<(), XlsxError> {
        self.workbook = Workbook::new();
        self.day = Format::new().set_num_format(spreadsheet::day_format(lang));
        self.workbook
            .add_worksheet()
            .set_name(Word::SheetSummary.say(lang))?;
        let bold = head();
        for list in LISTS {
            // Rows leave the memory as they are written.
            let sheet = self.workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(list.say(lang))?;
            sheet.set_freeze_panes(1, 1)?;
            spreadsheet::for_paper(sheet)?;
            for (at, (name, width)) in (0_u16..).zip(COLUMNS) {
                sheet.set_column_width(at, width)?;
                sheet.write_string_with_format(0, at, name.say(lang), &bold)?;
            }
        }
        Ok(())
    }

    fn object(&mut self, object: &JudgedObject, lang: Lang) -> Result<(), XlsxError> {
        let judgement = object.judgement.as_ref();
        let held = judgement.is_some_and(|judgement| judgement.verdict == Verdict::Hold);
        let is = |verdict| judgement.is_some_and(|judgement| judgement.verdict == verdict);
        let due = judgement.is_some_and(|judgement| judgement.retention == Verdict::DeleteDue);
        let violated = judgement.is_some_and(|judgement| !judgement.violations.is_empty());
        let lists = [
            due && !held,
            violated && !held,
            is(Verdict::Review),
            object.unread,
        ];
        for (at, _) in lists.iter().enumerate().filter(|(_, listed)| **listed) {
            self.row(at, object, lang)?;
        }
        Ok(())
    }

    fn row(&mut self, list: usize, object: &JudgedObject, lang: Lang) -> Result<(), XlsxError> {
        let Some(used) = self.last.get_mut(list) else {
            return Ok(());
        };
        if *used == MOST {
            self.left_out += 1;
            return Ok(());
        }
        *used += 1;
        let line = *used;
        let sheet = self.workbook.worksheet_from_index(list + 1)?;
        for (at, (column, _)) in (0_u16..).zip(COLUMNS) {
            if column == Head::Bytes {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a workbook has no other numbers"
                )]
                sheet.write_number(line, at, object.bytes as f64)?;
            } else if column == Head::Due
                && let Some(due) = due(object)
            {
                sheet.write_datetime_with_format(line, at, due, &self.day)?;
            } else {
                sheet.write_string(line, at, cell(&field(column, object, lang)))?;
            }
        }
        Ok(())
    }

    fn end(
        &mut self,
        overview: &Overview,
        backdrop: &Backdrop,
        style: Style,
    ) -> Result<(), XlsxError> {
        let columns = u16::try_from(COLUMNS.len() - 1).unwrap_or_default();
        for (at, last) in self.last.iter().enumerate() {
            self.workbook
                .worksheet_from_index(at + 1)?
                .autofilter(0, 0, *last, columns)?;
        }
        let rows = summary(overview, backdrop, style, self.left_out);
        let (bold, sheet) = (head(), self.workbook.worksheet_from_index(0)?);
        for (at, width) in [(0, 48.0), (1, 14.0), (2, 14.0), (3, 14.0), (4, 30.0)] {
            sheet.set_column_width(at, width)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (number, (heading, cells)) in (0_u32..).zip(rows) {
            for (at, told) in (0_u16..).zip(cells) {
                match (told, heading) {
                    (Told::Number(number_told), _) => {
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "a workbook has no other numbers"
                        )]
                        sheet.write_number(number, at, number_told as f64)?;
                    }
                    (Told::Text(text), true) => {
                        sheet.write_string_with_format(number, at, cell(&text), &bold)?;
                    }
                    (Told::Text(text), false) => {
                        sheet.write_string(number, at, cell(&text))?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E6_EEF0))
}

/// What a cell can hold of a text, with nothing in it that steers.
fn cell(text: &str) -> String {
    spreadsheet::cut(&for_terminal(text))
}

/// When an object is due, where a workbook can hold that as a date.
fn due(object: &JudgedObject) -> Option<ExcelDateTime> {
    spreadsheet::date(object.judgement.as_ref()?.due?)
}

/// The text of a column.
fn field(column: Head, object: &JudgedObject, lang: Lang) -> String {
    let judgement = object.judgement.as_ref();
    let access = object.access.as_ref();
    let told = match column {
        Head::Object => Some(object.shown.clone()),
        Head::Verdict => judgement.map(|one| words::verdict(one.verdict.as_str(), lang).to_owned()),
        Head::Due => judgement
            .and_then(|one| one.due)
            .map(|due| words::day(due, lang)),
        Head::Rules => judgement.map(|one| one.decisive.join(", ")),
        Head::Why => judgement.map(|one| why(one, lang)),
        Head::Found => Some(found(object, lang)),
        Head::Class => {
            let class = object.class.as_ref();
            class.map(|(id, _)| class_word(id, lang).to_owned())
        }
        Head::Owner => object.owner.clone(),
        Head::Mode => access.map(|access| format!("{:04o}", access.mode)),
        Head::Group => access.map(|access| access.group.clone()),
        Head::Bytes => Some(object.bytes.to_string()),
        Head::Format => object.format.clone(),
        Head::Size => Some(size(object.bytes, lang)),
        Head::Access => {
            access.map(|access| story_words::reach(access.reach(), &access.group, lang))
        }
        Head::Dates => Some(dates(object, lang)),
        Head::Cause => {
            let problem = object.problem.as_ref();
            let kind = problem.and_then(|problem| ProblemKind::parse(&problem.kind));
            kind.map(|kind| words::cause(kind, lang).to_owned())
        }
    };
    told.unwrap_or_default()
}

/// How the verdict came about, in one line.
fn why(judgement: &Judgement, lang: Lang) -> String {
    let lines = judgement.explanation.iter().skip(1);
    let lines = lines.map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        plain(&words.join(" "), lang)
    });
    lines.collect::<Vec<_>>().join(" · ")
}

fn dates(object: &JudgedObject, lang: Lang) -> String {
    let told = object.dates.iter().map(|(source, interval)| {
        let source = story_words::source(*source, lang);
        format!("{} ({source})", words::day(interval.last, lang))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn found(object: &JudgedObject, lang: Lang) -> String {
    let told = object.findings.iter().map(|found| {
        let name = words::kind(&found.detector, &found.kind, lang);
        format!("{name} ({})", found.count)
    });
    told.collect::<Vec<_>>().join(", ")
}

/// A cell of the summary.
enum Told {
    Text(String),
    Number(u64),
}

/// A row of the summary; whether it is a heading.
type Line = (bool, Vec<Told>);

/// The summary, the ten folders to begin with first.
fn summary(overview: &Overview, backdrop: &Backdrop, style: Style, left_out: u64) -> Vec<Line> {
    let lang = style.lang;
    let text = |text: &str| Told::Text(text.to_owned());
    let say = |word: Word| text(word.say(lang));
    let mut rows = vec![(
        true,
        vec![
            say(Word::FoldersFirst),
            say(Word::Overdue),
            say(Word::Special),
            say(Word::Objects),
            text(Head::Owner.say(lang)),
        ],
    )];
    for one in overview.tree.urgent(URGENT) {
        let total = &one.total;
        rows.push((
            false,
            vec![
                text(&one.path),
                Told::Number(total.overdue),
                Told::Number(total.special),
                Told::Number(total.objects),
                text(total.owner()),
            ],
        ));
    }
    let mut block = |heading: Word, lines: Vec<(String, u64)>| {
        rows.push((false, Vec::new()));
        rows.push((true, vec![say(heading)]));
        let lines = lines.into_iter();
        rows.extend(
            lines.map(|(name, count)| (false, vec![Told::Text(name), Told::Number(count)])),
        );
    };
    block(Word::Coverage, coverage(overview, style, left_out));
    let verdicts = overview.verdicts.iter();
    let verdicts = verdicts.map(|(id, count)| (words::verdict(id, lang).to_owned(), *count));
    block(Word::Verdicts, verdicts.collect());
    let detectors = overview.detectors.iter();
    let detectors =
        detectors.map(|(id, total)| (words::detector(id, lang).to_owned(), total.objects));
    block(Word::Found, detectors.collect());
    for (heading, totals) in [
        (Word::Due, &overview.due),
        (Word::Violations, &overview.violations),
    ] {
        let lines = totals.iter().map(|(id, total)| {
            let rule = backdrop.rules.iter().find(|rule| rule.id == *id);
            let quote = rule.and_then(|rule| rule.quote.as_ref()?.text.as_deref());
            let quote = quote.map(|words| format!(" «{words}»")).unwrap_or_default();
            (format!("{id}: {}{quote}", total.title), total.count)
        });
        block(heading, lines.collect());
    }
    rows
}

fn coverage(overview: &Overview, style: Style, left_out: u64) -> Vec<(String, u64)> {
    let lang = style.lang;
    let mut lines = vec![(
        format!("{} {}", Word::AsOf.say(lang), words::day(style.as_of, lang)),
        overview.discovered(),
    )];
    for (word, outcome) in [
        (Word::Scanned, "scanned"),
        (Word::Unchanged, "unchanged"),
        (Word::Partial, "partial"),
        (Word::Skipped, "skipped"),
        (Word::Failed, "failed"),
    ] {
        lines.push((word.say(lang).to_owned(), overview.outcome(outcome)));
    }
    lines.push((
        Word::SheetUnread.say(lang).to_owned(),
        overview.unread_count(),
    ));
    lines.push((Word::Accepted.say(lang).to_owned(), overview.accepted));
    lines.push((Word::Pictures.say(lang).to_owned(), overview.pictures));
    for id in &overview.without {
        let name = words::detector(id, lang);
        lines.push((format!("{}: {name}", Word::Without.say(lang)), 0));
    }
    if let Some(why) = overview.list_unused(lang) {
        lines.push((why.to_owned(), 0));
    }
    if left_out > 0 {
        lines.push((Word::LeftOut.say(lang).to_owned(), left_out));
    }
    lines
}
