//! The days on which something falls due, for a calendar: numbers only, no name, no path.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Kind, Plan};
use crate::model::Lang;

impl Plan {
    /// The plan's days as an iCalendar file (RFC 5545): one event for each day, a reminder a week ahead.
    #[must_use]
    pub fn to_ics(&self, lang: Lang, now: Timestamp) -> String {
        let mut days: BTreeMap<Date, usize> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.kind != Kind::Possible) {
            if let Some(due) = line.due {
                *days.entry(due).or_default() += 1;
            }
        }
        let stamp = now.strftime("%Y%m%dT%H%M%SZ");
        let mut text = String::from(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sporhund//plan//NO\r\nCALSCALE:GREGORIAN\r\n",
        );
        for (day, count) in days {
            let summary = match lang {
                Lang::En if count == 1 => "Sporhund: 1 object is due for deletion".to_owned(),
                Lang::En => format!("Sporhund: {count} objects are due for deletion"),
                Lang::Nb if count == 1 => "Sporhund: 1 objekt skal slettes".to_owned(),
                Lang::Nb => format!("Sporhund: {count} objekter skal slettes"),
                Lang::Nn => format!("Sporhund: {count} objekt skal slettast"),
            };
            let next = day.tomorrow().unwrap_or(day);
            let (day, next) = (day.strftime("%Y%m%d"), next.strftime("%Y%m%d"));
            let inventory = &self.head.inventory;
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "BEGIN:VEVENT\r\nUID:{day}-{inventory}@sporhund\r\nDTSTAMP:{stamp}\r\n\
                 DTSTART;VALUE=DATE:{day}\r\nDTEND;VALUE=DATE:{next}\r\nSUMMARY:{summary}\r\n\
                 BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{summary}\r\nTRIGGER:-P7D\r\n\
                 END:VALARM\r\nEND:VEVENT\r\n"
            );
        }
        text.push_str("END:VCALENDAR\r\n");
        text
    }
}
