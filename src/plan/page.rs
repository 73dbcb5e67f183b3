//! A plan as a page for reading: by owner and person, with nothing that runs and nothing fetched.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table::row;
use super::words::words;
use super::{Line, Plan};
use crate::model::Lang;

const STYLE: &str = "body{font:15px/1.4 sans-serif;margin:2em;max-width:80em}table{border-collapse:\
    collapse;width:100%}td,th{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top;\
    overflow-wrap:anywhere}h2{margin-top:2em}details{font-size:90%}";

/// Columns that the page shows; the ones that are filled in stand in the workbook.
const SHOWN: [usize; 10] = [8, 1, 9, 10, 11, 12, 13, 14, 15, 16];

impl Plan {
    /// The plan as an HTML page.
    #[must_use]
    pub fn to_html(&self, lang: Lang) -> String {
        let words = words(lang);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
             <style>{STYLE}</style></head><body>\n<h1>{}</h1>\n",
            if lang == Lang::En { "en" } else { "nb" },
            words.title,
            words.title
        );
        let head = &self.head;
        let process = head.process.as_deref().unwrap_or("–");
        // Writing to a string does not fail; so below.
        let _ = writeln!(
            page,
            "<p>{} · {} · {} · {}</p>",
            head.as_of,
            head.until,
            html(process),
            html(&self.seal)
        );
        if !head.open_assumptions.is_empty() {
            let open = html(&head.open_assumptions.join(", "));
            let _ = writeln!(
                page,
                "<p><strong>{}: {open}</strong></p>",
                words.assumptions
            );
        }
        if head.unread > 0 {
            let _ = writeln!(page, "<p>{} {}</p>", head.unread, words.unread);
        }
        write_groups(&mut page, &self.lines, lang);
        page.push_str("</body></html>\n");
        page
    }
}

/// A table for each owner and person.
fn write_groups(page: &mut String, lines: &[Line], lang: Lang) {
    let words = words(lang);
    let mut groups: BTreeMap<(String, String), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        let owner = line.owner.clone().unwrap_or_default();
        groups
            .entry((owner, line.subjects.join(", ")))
            .or_default()
            .push(line);
    }
    for ((owner, person), of) in groups {
        let or = |text: &str| {
            if text.is_empty() {
                words.nobody.to_owned()
            } else {
                html(text)
            }
        };
        let _ = writeln!(
            page,
            "<h2>{}: {} · {}: {} ({})</h2>\n<table><tr>",
            words.owner,
            or(&owner),
            words.person,
            or(&person),
            of.len()
        );
        for at in SHOWN {
            let _ = write!(
                page,
                "<th>{}</th>",
                words.columns.get(at).copied().unwrap_or_default()
            );
        }
        page.push_str("</tr>\n");
        for line in of {
            write_line(page, line, lang);
        }
        page.push_str("</table>\n");
    }
}

fn write_line(page: &mut String, line: &Line, lang: Lang) {
    let cells = row(line, lang);
    page.push_str("<tr>");
    for at in SHOWN {
        let _ = write!(
            page,
            "<td>{}",
            html(cells.get(at).map(String::as_str).unwrap_or_default())
        );
        if at == 12 {
            let why: Vec<String> = line.why.iter().map(|step| html(step)).collect();
            let _ = write!(
                page,
                "<details><summary>…</summary>{}</details>",
                why.join("<br>")
            );
        }
        page.push_str("</td>");
    }
    page.push_str("</tr>\n");
}

fn html(text: &str) -> String {
    let safe = crate::report::escape::for_terminal(text);
    safe.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
