//! The sheet of a breach in words, and as tables.

use std::io::{self, Write};

use super::breach::{Breach, Readers};
use super::table::{Cell, Table};
use super::terms;
use super::words::{Heading, Phrase};
use crate::model::Lang;
use crate::report::escape::for_terminal;
use crate::report::words;

impl Breach {
    /// Writes the sheet for a person to read.
    ///
    /// # Errors
    /// What the writer fails with.
    pub fn write(&self, folder: &str, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
        let tables = self.tables(folder, lang);
        for table in tables
            .iter()
            .filter(|table| table.name != Phrase::Files.say(lang))
        {
            writeln!(out, "{}", table.name.to_uppercase())?;
            // Two columns explain themselves.
            if table.columns.len() > 2 {
                let heads = table
                    .columns
                    .iter()
                    .map(|(name, _)| Cell::from(name.as_str()));
                write_row(&heads.collect::<Vec<_>>(), out)?;
            }
            for row in &table.rows {
                write_row(row, out)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Overview, categories, readers and files.
    #[must_use]
    pub fn tables(&self, folder: &str, lang: Lang) -> [Table; 4] {
        [
            self.overview(folder, lang),
            self.categories(lang),
            self.readers(lang),
            self.files(lang),
        ]
    }

    fn overview(&self, folder: &str, lang: Lang) -> Table {
        let say = |phrase: Phrase| Cell::from(phrase.say(lang));
        let mut rows = vec![
            vec![say(Phrase::Folder), folder.into()],
            vec![say(Phrase::Persons), self.persons.into()],
        ];
        for (detector, count) in &self.different {
            let name = words::detector(detector, lang);
            let what = format!("{} {name}", Phrase::Different.say(lang));
            rows.push(vec![what.into(), (*count).into()]);
        }
        let hits = self.categories.values().map(|held| held.hits).sum::<u64>();
        for (phrase, count) in [
            (Phrase::Records, hits),
            (Phrase::FilesAll, self.files),
            (Phrase::FilesPersonal, self.personal_files),
            (Phrase::WithSpecial, self.special_files),
            (Phrase::NotRead, self.unread_files),
        ] {
            rows.push(vec![say(phrase), count.into()]);
        }
        if let Some((first, last)) = self.days {
            rows.push(vec![say(Phrase::First), words::day(first, lang).into()]);
            rows.push(vec![say(Phrase::Last), words::day(last, lang).into()]);
        }
        for remark in [Phrase::Estimate, Phrase::Low, Phrase::Limits] {
            rows.push(vec![say(remark), "".into()]);
        }
        table(
            Phrase::Overview,
            &[(Heading::What, 70.0), (Heading::Told, 30.0)],
            rows,
            lang,
        )
    }

    fn categories(&self, lang: Lang) -> Table {
        let rows = self.categories.iter().map(|(id, held)| {
            let special = if held.special {
                words::pick(lang, ("særlig", "særleg", "special"))
            } else {
                ""
            };
            let name = terms::data(id, lang);
            vec![
                name.into(),
                held.objects.into(),
                held.hits.into(),
                special.into(),
            ]
        });
        let columns = [
            (Heading::What, 36.0),
            (Heading::Objects, 12.0),
            (Heading::Hits, 12.0),
            (Heading::Special, 14.0),
        ];
        table(Phrase::Categories, &columns, rows.collect(), lang)
    }

    fn readers(&self, lang: Lang) -> Table {
        let rows = self.readers.iter().map(|(reader, (files, special))| {
            vec![reader.told(lang).into(), (*files).into(), (*special).into()]
        });
        let columns = [
            (Heading::Reader, 36.0),
            (Heading::Files, 12.0),
            (Heading::Special, 14.0),
        ];
        table(Phrase::Readers, &columns, rows.collect(), lang)
    }

    fn files(&self, lang: Lang) -> Table {
        let rows = self.holdings.iter().map(|holding| {
            let found = |id: &String| terms::data(id, lang);
            let special = words::pick(lang, ("ja", "ja", "yes"));
            let access = holding.access.as_ref();
            let yes = |is: bool| if is { special } else { "" };
            let readers = holding.readers.iter().map(|reader| reader.told(lang));
            vec![
                holding.file.clone().into(),
                holding
                    .categories
                    .iter()
                    .map(found)
                    .collect::<Vec<_>>()
                    .join(", ")
                    .into(),
                yes(holding.special).into(),
                readers.collect::<Vec<_>>().join(", ").into(),
                holding.owner.clone().unwrap_or_default().into(),
                access
                    .map(|access| access.group.clone())
                    .unwrap_or_default()
                    .into(),
                access
                    .map(|access| format!("{:04o}", access.mode))
                    .unwrap_or_default()
                    .into(),
                yes(holding.has_list).into(),
            ]
        });
        let columns = [
            (Heading::File, 60.0),
            (Heading::What, 40.0),
            (Heading::Special, 14.0),
            (Heading::Reader, 36.0),
            (Heading::Owner, 16.0),
            (Heading::Group, 14.0),
            (Heading::Mode, 8.0),
            (Heading::Acl, 14.0),
        ];
        table(Phrase::Files, &columns, rows.collect(), lang)
    }
}

impl Readers {
    fn told(&self, lang: Lang) -> String {
        match self {
            Self::Everyone => Phrase::Everyone.say(lang).to_owned(),
            Self::Group(name) => format!("{} {name}", Phrase::OfGroup.say(lang)),
            Self::Account(name) => format!("{} {name}", Phrase::Account.say(lang)),
            Self::NotKnown => Phrase::NoAccess.say(lang).to_owned(),
        }
    }
}

/// A row on a line: what is counted first, then the counts.
fn write_row(row: &[Cell], out: &mut dyn Write) -> io::Result<()> {
    let cells = row.iter().map(|cell| match cell {
        Cell::Text(text) => for_terminal(text),
        Cell::Number(number) => number.to_string(),
    });
    let told: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
    writeln!(out, "  {}", told.join("  "))
}

fn table(name: Phrase, columns: &[(Heading, f64)], rows: Vec<Vec<Cell>>, lang: Lang) -> Table {
    let columns = columns.iter();
    let columns = columns.map(|(heading, width)| (heading.say(lang).to_owned(), *width));
    Table {
        name: name.say(lang).to_owned(),
        columns: columns.collect(),
        rows,
    }
}
