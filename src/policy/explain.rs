//! A rule told to a person: where it is promised, what it rests on, which number it uses and who
//! accepted that number.

use std::fmt::Write as _;

use super::rule::{Rule, Start};
use super::rulebook::Rulebook;
use crate::model::Lang;

/// What a rule says and where it comes from, line by line; `None` where no rule has the id.
/// Bokmål stands in for Nynorsk.
#[must_use]
pub fn explain(book: &Rulebook, id: &str, lang: Lang) -> Option<String> {
    let told = told(book, id, lang)?;
    let lines = told.lines.iter().map(|line| match line.label {
        None => line.text.clone(),
        Some(label) => format!("  {label:<11} {}", line.text),
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// A rule in a page: its title as a heading, and an entry of a list for each line with a label. The place
/// in its file is left out: it moves with every change of the file.
pub(super) fn section(book: &Rulebook, id: &str, lang: Lang) -> Option<String> {
    let told = told(book, id, lang)?;
    let rule = book.rule(id)?;
    let mut section = format!("### {} (`{id}`)\n", rule.title_in(lang));
    let place = told.word(FILE);
    for line in told.lines.iter().skip(1) {
        let text = &line.text;
        match line.label {
            Some(label) if label == place => {}
            // Writing to a string does not fail.
            Some(label) => {
                let _ = write!(section, "\n- {label}: {text}");
            }
            None => {
                let _ = writeln!(section, "\n{}", text.trim());
            }
        }
    }
    Some(section)
}

fn told(book: &Rulebook, id: &str, lang: Lang) -> Option<Told> {
    let replaced = book
        .replaced()
        .iter()
        .find(|replaced| replaced.rule.id == id);
    let rule = book.rule(id).or(replaced.map(|replaced| &replaced.rule))?;
    let mut told = Told {
        lang,
        lines: Vec::new(),
    };
    told.head(rule);
    if let Some(replaced) = replaced {
        told.line(("replaced", "erstattet"), &replaced.by);
    }
    told.promise(rule);
    told.norm(rule);
    told.number(book, rule);
    told.examples(rule);
    Some(told)
}

/// The label of a rule's place in its file.
const FILE: (&str, &str) = ("file", "fil");

struct Told {
    lang: Lang,
    lines: Vec<Line>,
}

struct Line {
    label: Option<&'static str>,
    text: String,
}

impl Told {
    fn word(&self, words: (&'static str, &'static str)) -> &'static str {
        match self.lang {
            Lang::En => words.0,
            Lang::Nb | Lang::Nn => words.1,
        }
    }

    fn line(&mut self, label: (&'static str, &'static str), text: &str) {
        let (label, text) = (Some(self.word(label)), text.to_owned());
        self.lines.push(Line { label, text });
    }

    fn plain(&mut self, text: String) {
        self.lines.push(Line { label: None, text });
    }

    fn head(&mut self, rule: &Rule) {
        let id = &rule.id;
        self.plain(format!("{id}  {}", rule.title_in(self.lang)));
        let more = match self.lang {
            Lang::En => &rule.explain,
            Lang::Nb | Lang::Nn => &rule.explain_nb,
        };
        if let Some(more) = more {
            self.plain(format!("  {more}"));
        }
        let (file, line) = &rule.place;
        self.line(("kind", "slag"), rule.kind_word());
        self.line(FILE, &format!("{}, {file}:{line}", rule.policy));
    }

    fn promise(&mut self, rule: &Rule) {
        if let (Some(statement), Some(digest)) = (&rule.statement, &rule.digest) {
            self.line(
                ("statement", "utsagn"),
                &format!("{statement} (sha256 {digest})"),
            );
        }
        if !rule.reads_with.is_empty() {
            self.line(("read with", "jf."), &rule.reads_with.join(", "));
        }
    }

    fn norm(&mut self, rule: &Rule) {
        if let Some(norm) = &rule.norm {
            self.line(("norm", "norm"), norm);
        }
        if let Some(source) = &rule.source {
            let sure = rule.confidence.as_deref().unwrap_or("-");
            let confidence = self.word(("confidence", "sikkerhet")).to_owned();
            self.line(
                ("source", "kilde"),
                &format!("{source}, {confidence}: {sure}"),
            );
        }
        for reference in &rule.refs {
            self.line(("see", "se"), reference);
        }
        if let Some(note) = &rule.note {
            self.line(("note", "merk"), note);
        }
    }

    fn number(&mut self, book: &Rulebook, rule: &Rule) {
        let Some(timed) = rule.timed() else { return };
        let start = match &timed.start {
            Start::Event(event) => event.as_str(),
            Start::DocumentDate => self.word(("date of the document", "dokumentets dato")),
            Start::FiscalYearEnd => self.word(("end of the fiscal year", "regnskapsårets slutt")),
            Start::Never => {
                let text = self.word(("no known end", "ingen kjent slutt"));
                return self.line(("period", "frist"), text);
            }
        };
        self.line(("period", "frist"), &format!("{} + {start}", timed.period));
        let source = timed.source.clone().unwrap_or_default();
        self.line(("number", "tall"), &source);
        let id = source.strip_prefix("assumption:").unwrap_or_default();
        let assumption = book
            .assumptions()
            .iter()
            .find(|assumption| assumption.id == id);
        let Some(assumption) = assumption else { return };
        self.line(("why", "hvorfor"), &assumption.why);
        let accepted = if assumption.is_accepted() {
            format!("{}, {}", assumption.accepted_by, assumption.accepted_on)
        } else {
            self.word(("nobody", "ingen")).to_owned()
        };
        self.line(("accepted by", "godtatt av"), &accepted);
    }

    fn examples(&mut self, rule: &Rule) {
        let counter = rule
            .examples
            .iter()
            .filter(|example| example.counter)
            .count();
        let own = rule.examples.len() - counter;
        let text = match self.lang {
            Lang::En => format!("{own} examples, {counter} counter-examples"),
            Lang::Nb | Lang::Nn => format!("{own} eksempler, {counter} moteksempler"),
        };
        self.line(("tested by", "prøvd med"), &text);
    }
}
