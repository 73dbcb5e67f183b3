//! The record of processing as tables.

use jiff::civil::Date;

use super::ropa::{Processing, Ropa};
use super::table::{Cell, Table};
use super::terms;
use super::words::{Column, Heading, Phrase};
use crate::model::Lang;
use crate::policy::{Region, Role, Transfer};
use crate::report::{class_word, words};

/// The columns, in their order, with widths in characters.
const COLUMNS: [(Column, f64); 21] = [
    (Column::Purpose, 28.0),
    (Column::Role, 18.0),
    (Column::Customers, 20.0),
    (Column::Place, 30.0),
    (Column::Owner, 18.0),
    (Column::Basis, 22.0),
    (Column::Subjects, 22.0),
    (Column::Declared, 28.0),
    (Column::Observed, 34.0),
    (Column::Undeclared, 28.0),
    (Column::Special, 24.0),
    (Column::Classes, 30.0),
    (Column::Recipients, 26.0),
    (Column::Region, 20.0),
    (Column::Transfer, 24.0),
    (Column::Limits, 50.0),
    (Column::Statement, 12.0),
    (Column::Fides, 40.0),
    (Column::Objects, 10.0),
    (Column::Personal, 10.0),
    (Column::Unread, 10.0),
];

impl Ropa {
    /// The record: one row for each purpose and place.
    #[must_use]
    pub fn table(&self, lang: Lang) -> Table {
        let columns = COLUMNS.iter();
        let columns = columns.map(|(name, width)| (name.say(lang).to_owned(), *width));
        let rows = self.rows.iter().map(|row| {
            let cells = COLUMNS.iter().map(|(column, _)| row.cell(*column, lang));
            cells.collect()
        });
        Table {
            name: Phrase::Ropa.say(lang).to_owned(),
            columns: columns.collect(),
            rows: rows.collect(),
        }
    }

    /// Who is responsible, the day, and what the record does not hold.
    #[must_use]
    pub fn about(&self, as_of: Date, lang: Lang) -> Table {
        let mut rows = vec![vec![
            Phrase::AsOf.say(lang).into(),
            words::day(as_of, lang).into(),
        ]];
        for (controller, contact) in &self.controllers {
            rows.push(vec![
                Phrase::Controller.say(lang).into(),
                controller.clone().into(),
            ]);
            if let Some(contact) = contact {
                rows.push(vec![
                    Phrase::Contact.say(lang).into(),
                    contact.clone().into(),
                ]);
            }
        }
        let (unread, all) = self.unread;
        rows.push(vec![
            Column::Unread.say(lang).into(),
            format!("{unread} / {all}").into(),
        ]);
        for remark in [Phrase::OnlyScanned, Phrase::Low, Phrase::ByHand] {
            rows.push(vec![Cell::from(""), remark.say(lang).into()]);
        }
        Table {
            name: Phrase::About.say(lang).to_owned(),
            columns: vec![
                (Heading::What.say(lang).to_owned(), 24.0),
                (Heading::Told.say(lang).to_owned(), 80.0),
            ],
            rows,
        }
    }
}

impl Processing {
    fn cell(&self, column: Column, lang: Lang) -> Cell {
        let found = |id: &String| terms::data(id, lang);
        let joined = |ids: &mut dyn Iterator<Item = String>| ids.collect::<Vec<_>>().join(", ");
        let text = match column {
            Column::Purpose => self.purpose_told(lang),
            Column::Role => role(self.role, lang).to_owned(),
            Column::Customers => joined(&mut self.customers.iter().cloned()),
            Column::Place => self.place_told(lang),
            Column::Owner => self.owner.clone().unwrap_or_default(),
            Column::Basis => joined(&mut self.basis.iter().map(|id| terms::ground(id, lang))),
            Column::Subjects => joined(&mut self.subjects.iter().map(|id| terms::people(id, lang))),
            Column::Declared => joined(&mut self.declared.iter().map(found)),
            Column::Observed => joined(&mut self.observed.iter().map(|(id, (objects, _))| {
                let name = found(id);
                format!("{name} ({objects})")
            })),
            Column::Undeclared => joined(&mut self.undeclared.iter().map(found)),
            Column::Special => joined(&mut self.special.iter().map(found)),
            Column::Classes => joined(
                &mut self
                    .classes
                    .iter()
                    .map(|(id, objects)| format!("{} ({objects})", class_word(id, lang))),
            ),
            Column::Recipients => self.recipients_told(lang),
            Column::Region => self.region_told(lang),
            Column::Transfer => self
                .transfer
                .map(|transfer| safeguard(transfer, lang).to_owned())
                .unwrap_or_default(),
            Column::Limits => {
                let limits = self
                    .limits
                    .iter()
                    .map(|(id, title)| format!("{id}: {title}"));
                limits.collect::<Vec<_>>().join("; ")
            }
            Column::Statement => self.statement.clone().unwrap_or_default(),
            Column::Fides => self.fides.join(", "),
            Column::Objects => return self.objects.into(),
            Column::Personal => return self.personal.into(),
            Column::Unread => return self.unread.into(),
        };
        text.into()
    }

    fn purpose_told(&self, lang: Lang) -> String {
        match &self.purpose {
            None => Phrase::Unknown.say(lang).to_owned(),
            Some(id) if self.title.is_empty() => id.clone(),
            Some(id) => format!("{} ({id})", self.title),
        }
    }

    fn place_told(&self, lang: Lang) -> String {
        match &self.place {
            None => Phrase::NoPlace.say(lang).to_owned(),
            Some(place) if self.described => place.clone(),
            Some(place) => format!("{place} ({})", Phrase::NotDescribed.say(lang)),
        }
    }

    fn recipients_told(&self, lang: Lang) -> String {
        let mut told = self.recipients.clone();
        told.extend(self.processor.map(|agreed| {
            let phrase = if agreed {
                Phrase::WithAgreement
            } else {
                Phrase::NoAgreement
            };
            phrase.say(lang).to_owned()
        }));
        if self.shared_outside {
            told.push(Phrase::Outside.say(lang).to_owned());
        }
        told.extend(self.readable_by.as_ref().map(|who| {
            let who = match who.as_str() {
                "everyone" => Phrase::Everyone.say(lang),
                group => group,
            };
            format!("{} {who}", Heading::Reader.say(lang))
        }));
        told.join(", ")
    }

    fn region_told(&self, lang: Lang) -> String {
        let region = self.region.map(|region| {
            let phrase = match region {
                Region::Eea => Phrase::Eea,
                Region::Adequate => Phrase::Adequate,
                Region::Third => Phrase::Third,
            };
            phrase.say(lang).to_owned()
        });
        let all = region.into_iter().chain(self.countries.iter().cloned());
        all.collect::<Vec<_>>().join(", ")
    }
}

fn role(role: Role, lang: Lang) -> &'static str {
    let phrase = match role {
        Role::Controller => Phrase::Controller,
        Role::Processor => Phrase::Processor,
        Role::Joint => Phrase::Joint,
        Role::Unknown => Phrase::Unknown,
    };
    phrase.say(lang)
}

fn safeguard(transfer: Transfer, lang: Lang) -> &'static str {
    let phrase = match transfer {
        Transfer::Adequacy => Phrase::Adequacy,
        Transfer::Scc2021 => Phrase::Scc,
        Transfer::ModelClauses => Phrase::OldClauses,
        Transfer::None => Phrase::NoSafeguard,
    };
    phrase.say(lang)
}
