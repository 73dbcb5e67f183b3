//! A rule told to a person: where it is promised, what it rests on, which number it uses and who
//! accepted that number.

use super::rule::{Rule, Start};
use super::rulebook::Rulebook;
use crate::model::Lang;

/// What a rule says and where it comes from, line by line; `None` where no rule has the id.
/// Bokmål stands in for Nynorsk.
#[must_use]
pub fn explain(book: &Rulebook, id: &str, lang: Lang) -> Option<String> {
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
    Some(told.lines.join("\n"))
}

struct Told {
    lang: Lang,
    lines: Vec<String>,
}

impl Told {
    fn word<'w>(&self, words: (&'w str, &'w str)) -> &'w str {
        match self.lang {
            Lang::En => words.0,
            Lang::Nb | Lang::Nn => words.1,
        }
    }

    fn line(&mut self, label: (&str, &str), text: &str) {
        let label = self.word(label);
        self.lines.push(format!("  {label:<11} {text}"));
    }

    fn head(&mut self, rule: &Rule) {
        let id = &rule.id;
        self.lines
            .push(format!("{id}  {}", rule.title_in(self.lang)));
        let more = match self.lang {
            Lang::En => &rule.explain,
            Lang::Nb | Lang::Nn => &rule.explain_nb,
        };
        if let Some(more) = more {
            self.lines.push(format!("  {more}"));
        }
        let (file, line) = &rule.place;
        self.line(("kind", "slag"), rule.kind_word());
        self.line(("file", "fil"), &format!("{}, {file}:{line}", rule.policy));
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
