//! What one person is given, and what the controller has to look at before: two lists over the same
//! objects, as a page and as JSON.
//!
//! Where an object lies is told to the controller only: paths name other people.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use super::find::{Coverage, Line};
use super::index_words::{IndexWords, words};
use super::redact::Value;
use crate::model::Lang;
use crate::policy::Verdict;
use crate::report::escape::for_terminal;
use crate::report::{class_word, detector_word, plain};

/// The bundle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bundle {
    /// The day it was made.
    pub made_on: Date,
    /// The last day to answer, where the register has a request.
    pub answer_by: Option<Date>,
    /// What was looked for, masked, with the detector that recognised it.
    pub looked_for: Vec<(String, String)>,
    /// The objects.
    pub items: Vec<Item>,
    /// What was not read, and can hold the person's data too.
    pub coverage: Coverage,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Its number in the bundle, from 1.
    pub number: usize,
    /// Its whole path: for the controller only.
    #[serde(skip)]
    pub path: String,
    /// Kind of document.
    pub class: Option<String>,
    /// Purposes it is kept for.
    pub purposes: Vec<String>,
    /// Role of the organisation.
    pub role: &'static str,
    /// The day it goes, where that is known.
    pub kept_until: Option<Date>,
    /// The rules that decide how long it is kept.
    pub ground: Vec<String>,
    /// What is given of it.
    pub given: Given,
    /// The person's values in it.
    pub values: Vec<Value>,
    /// The person's rows in it: column and cell.
    pub rows: Vec<Vec<(String, String)>>,
}

/// What is given of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum Given {
    /// A copy to the byte: it names nobody else.
    Copy {
        /// Name of the file.
        file: String,
    },
    /// Its text.
    Text {
        /// Name of the file.
        file: String,
        /// Values of others that were masked.
        masked: usize,
        /// Rows of others that were left out.
        left_out: usize,
    },
    /// Nothing: a person has to see to it.
    Withheld {
        /// Why.
        why: Why,
    },
}

/// Why an object is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is kept for another controller, who answers.
    Processor,
    /// It was not read to its end: what it holds of others is not known.
    NotRead,
    /// It is not there any more, or cannot be opened.
    Gone,
    /// Its content is not the one that was scanned.
    Changed,
    /// The identifiers were not found in it when it was read again.
    NotFound,
}

impl Item {
    /// What `subject find` says of an object, before it is known what is given of it.
    #[must_use]
    pub fn of(number: usize, path: String, line: &Line) -> Self {
        let known = matches!(line.verdict, Verdict::DeleteOn | Verdict::DeleteDue);
        Self {
            number,
            path,
            class: line.class.clone(),
            purposes: line.purpose.clone(),
            role: line.role,
            kept_until: line.due.filter(|_| known),
            ground: line.ground.clone(),
            given: Given::Withheld { why: Why::NotRead },
            values: Vec::new(),
            rows: Vec::new(),
        }
    }
}

impl Bundle {
    /// The machine-readable part, for portability: no paths.
    ///
    /// # Errors
    /// None for a bundle that was made here.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }

    /// The index that the person reads; `purpose` says what the purpose with an id is called.
    #[must_use]
    pub fn to_html(&self, lang: Lang, purpose: &dyn Fn(&str) -> String) -> String {
        let words = words(lang);
        let code = lang.code();
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{0}</title>\
             <style>body{{font:16px/1.5 sans-serif;margin:2em;max-width:70em}}table{{border-collapse:\
             collapse}}td,th{{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:\
             top}}</style></head><body>\n<h1>{0}</h1>\n<p>{1} {2}.</p>\n",
            words.title,
            words.made_on,
            plain(&self.made_on.to_string(), lang)
        );
        // Writing to a string does not fail; so below.
        let _ = writeln!(page, "<p>{}</p>\n<ul>", words.looked_for);
        for (detector, masked) in &self.looked_for {
            let _ = writeln!(
                page,
                "<li>{}: {}</li>",
                html(detector_word(detector, lang)),
                html(masked)
            );
        }
        page.push_str("</ul>\n<table><tr>");
        for column in words.columns {
            let _ = write!(page, "<th>{column}</th>");
        }
        page.push_str("</tr>\n");
        for item in self.items.iter().filter(|item| item.role != "processor") {
            write_item(&mut page, item, words, purpose);
        }
        page.push_str("</table>\n");
        let Coverage { unread, partial } = self.coverage;
        let _ = writeln!(
            page,
            "<h2>{}</h2>\n<p>{}</p>\n<ul><li>{}: {unread}</li><li>{}: {partial}</li></ul>\n\
             <p>{}</p>\n</body></html>",
            words.coverage, words.coverage_says, words.unread, words.partial, words.outside
        );
        page
    }

    /// What somebody has to redact or look at before anything is handed out: a row for each object,
    /// number, whole path, and why.
    #[must_use]
    pub fn to_do(&self, lang: Lang) -> Vec<[String; 3]> {
        let words = words(lang);
        let rows = self.items.iter().filter_map(|item| {
            let why = match &item.given {
                Given::Text {
                    masked, left_out, ..
                } if *masked + *left_out > 0 => words.read_first.to_owned(),
                Given::Copy { .. } | Given::Text { .. } => return None,
                Given::Withheld { why } => words.why(*why).to_owned(),
            };
            Some([item.number.to_string(), for_terminal(&item.path), why])
        });
        rows.collect()
    }
}

fn write_item(
    page: &mut String,
    item: &Item,
    words: &IndexWords,
    purpose: &dyn Fn(&str) -> String,
) {
    let lang = words.lang;
    let given = match &item.given {
        Given::Copy { file } => format!("<a href=\"documents/{0}\">{0}</a>", html(file)),
        Given::Text {
            file,
            masked,
            left_out,
        } => {
            let link = format!("<a href=\"documents/{0}\">{0}</a>", html(file));
            match masked + left_out {
                0 => link,
                _ => format!(
                    "{link}<br>{}: {masked}; {}: {left_out}",
                    words.masked, words.left_out
                ),
            }
        }
        Given::Withheld { .. } => words.withheld.to_owned(),
    };
    let until = item.kept_until.map_or_else(
        || words.no_day.to_owned(),
        |day| plain(&day.to_string(), lang),
    );
    let or_none = |text: String| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            html(&text)
        }
    };
    let class = item
        .class
        .as_deref()
        .map(|class| class_word(class, lang).to_owned());
    let purposes = item.purposes.iter().map(|id| purpose(id));
    let _ = writeln!(
        page,
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{until}</td><td>{}</td><td>{given}</td></tr>",
        item.number,
        or_none(class.unwrap_or_default()),
        or_none(purposes.collect::<Vec<_>>().join(", ")),
        or_none(item.ground.join("; ")),
    );
}

fn html(text: &str) -> String {
    let safe = for_terminal(text);
    safe.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
