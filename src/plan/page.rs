//! A plan as a page for reading: by owner and person, with nothing that runs and nothing fetched.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::table::row;
use super::words::words;
use super::{Line, Plan};
use crate::model::Lang;
use crate::report::{explanation, plain};

const STYLE: &str = include_str!("page.css");

/// Columns that the page shows; the ones that are filled in stand in the workbook.
const SHOWN: [usize; 10] = [FILE, 1, KIND, DUE, 11, EVENT, 13, FOUND, ALSO, 16];

/// Columns that are set in their own way.
const FILE: usize = 8;
const KIND: usize = 9;
const DUE: usize = 10;
const EVENT: usize = 12;
const FOUND: usize = 14;
const ALSO: usize = 15;

impl Plan {
    /// The plan as an HTML page.
    #[must_use]
    pub fn to_html(&self, lang: Lang) -> String {
        let words = words(lang);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>\
             <style>{STYLE}</style></head><body>\n<h1>{}</h1>\n",
            lang.code(),
            words.title,
            words.title
        );
        let head = &self.head;
        let day = |day: Date| plain(&day.to_string(), lang);
        let process = head.process.as_ref();
        let process = process.map(|id| format!(" · {}: {}", words.process, html(id)));
        // Writing to a string does not fail; so below.
        let _ = writeln!(
            page,
            "<p>{} {} · {} {}{} · {} {}</p>",
            words.as_of,
            day(head.as_of),
            words.due_until,
            day(head.until),
            process.unwrap_or_default(),
            words.seal,
            html(&self.seal)
        );
        if !head.open_assumptions.is_empty() {
            let open = html(&head.assumptions().join("; "));
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
            "<h2>{}: {} · {}: {} ({})</h2>\n<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">",
            words.owner,
            or(&owner),
            words.person,
            or(&person),
            of.len()
        );
        let told = |line| row(line, lang).iter().map(|cell| cell.told(lang)).collect();
        let rows: Vec<(&Line, Vec<String>)> =
            of.into_iter().map(|line| (line, told(line))).collect();
        let is_said = |at: &usize| {
            let mut cells = rows.iter().filter_map(|(_, cells)| cells.get(*at));
            *at == EVENT || cells.any(|cell| !cell.is_empty())
        };
        let shown: Vec<usize> = SHOWN.into_iter().filter(is_said).collect();
        for at in &shown {
            let name = words.columns.get(*at).copied().unwrap_or_default();
            let _ = write!(page, "<th scope=\"col\" role=\"columnheader\">{name}</th>");
        }
        page.push_str("</tr></thead><tbody role=\"rowgroup\">\n");
        for (line, cells) in &rows {
            write_line(page, (line, cells), &shown, lang);
        }
        page.push_str("</tbody></table>\n");
    }
}

fn write_line(page: &mut String, (line, cells): (&Line, &[String]), shown: &[usize], lang: Lang) {
    let words = words(lang);
    page.push_str("<tr role=\"row\">");
    for at in shown.iter().copied() {
        let kind = match at {
            FILE | KIND | FOUND | ALSO => " class=\"long\"",
            DUE => " class=\"day\"",
            _ => "",
        };
        let text = html(cells.get(at).map(String::as_str).unwrap_or_default());
        let head = words.columns.get(at).copied().unwrap_or_default();
        let _ = write!(page, "<td{kind} role=\"cell\" data-head=\"{head}\">{text}");
        if at == EVENT {
            // The first step names the object, which the line does already.
            let steps = line.why.iter().skip(1);
            let why: Vec<String> = steps.map(|step| html(&explanation(step, lang))).collect();
            let _ = write!(
                page,
                "<details><summary>{}</summary>{}</details>",
                words.why,
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
