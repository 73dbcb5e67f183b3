//! Builds `src/detect/gazetteer.bin` from the lists that `docs/data-sources.md` names.
//!
//! Usage: `cargo run --example build_gazetteer [LISTS_FOLDER DATA_FOLDER]`. Lists lie one word and
//! one number a line, separated by a tab. The same lists give the same table.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sporhund::detect::gazetteer::{self, Lists};
use unicode_normalization::UnicodeNormalization;

type Words = BTreeMap<String, Lists>;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = std::env::args().skip(1).map(PathBuf::from);
    let lists = folders
        .next()
        .unwrap_or_else(|| root.join("../shared/names/lists"));
    let data = folders
        .next()
        .unwrap_or_else(|| root.join("../shared/domain/data"));

    let mut words = Words::new();
    common_words_and_places(&lists, &data, &mut words)?;
    names(&lists, &mut words)?;

    let entries: Vec<(String, Lists)> = words.into_iter().collect();
    let table = gazetteer::build(&entries);
    fs::write(root.join("src/detect/gazetteer.bin"), &table)?;
    println!("{} words, {} bytes", entries.len(), table.len());
    Ok(())
}

fn names(lists: &Path, words: &mut Words) -> io::Result<()> {
    for (word, bearers) in read(&lists.join("ssb_fornavn.tsv"))? {
        add(words, &word, Lists::FIRST);
        add_if(words, &word, bearers >= 1000, Lists::FIRST_COMMON);
    }
    for (word, bearers) in read(&lists.join("ssb_etternavn.tsv"))? {
        add(words, &word, Lists::LAST);
        add_if(words, &word, bearers >= 1000, Lists::LAST_COMMON);
    }
    for (word, bearers) in read(&lists.join("scb_fornamn.tsv"))? {
        let frequent = bearers >= 200;
        if frequent || (word.chars().count() > 2 && !is_common(words, &word)) {
            add(words, &word, Lists::FIRST_RARE);
            add_if(words, &word, frequent, Lists::FIRST_SWEDEN);
        }
    }
    let foreign = ["wiki_forenames.tsv", "uscensus_firstnames.tsv"];
    for (word, _) in read_all(lists, &foreign)? {
        add(words, &word, Lists::FIRST_WORLD);
    }
    for (word, _) in read(&lists.join("wiki_surnames.tsv"))? {
        add(words, &word, Lists::LAST_WORLD);
    }
    let surnames = read(&lists.join("uscensus_surnames.tsv"))?;
    for (rank, (word, _)) in surnames.into_iter().enumerate() {
        add(
            words,
            &word,
            if rank < 10_000 {
                Lists::LAST_WORLD
            } else {
                Lists::LAST_RARE
            },
        );
    }
    Ok(())
}

fn common_words_and_places(lists: &Path, data: &Path, words: &mut Words) -> io::Result<()> {
    for (word, _) in read(&lists.join("ordbank_ord.tsv"))? {
        add(words, &word, Lists::WORD);
    }
    for (word, _) in read(&lists.join("scowl_en_words.tsv"))? {
        add(words, &word, Lists::WORD_ENGLISH);
    }
    for (word, _) in read_all(lists, &["cldr_territories.tsv", "countries_en.tsv"])? {
        add(words, &word, Lists::COUNTRY);
    }
    for (word, _) in read(&lists.join("world_cities.tsv"))? {
        add(words, &word, Lists::PLACE_WORLD);
    }
    let tables = [("postnummer_2020-10.csv", 1), ("kommuner_2024.csv", 1)];
    for (table, column) in tables {
        for line in fs::read(data.join(table))?.split(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            let place = line.split(',').nth(column).unwrap_or_default().to_owned();
            for name in place.split(" - ") {
                add(words, name.trim(), Lists::PLACE);
            }
        }
    }
    Ok(())
}

/// Whether it is a common word: a rare name that is one too does more harm than good.
fn is_common(words: &Words, word: &str) -> bool {
    let word: String = word.nfc().flat_map(char::to_lowercase).collect();
    let lists = words.get(&word).copied().unwrap_or_default();
    lists.meets(Lists::ANY_WORD)
}

/// Adds a single word; entries of several words are no use to a table of words.
fn add(words: &mut Words, word: &str, list: Lists) {
    let word: String = word.nfc().flat_map(char::to_lowercase).collect();
    if word.chars().count() > 1 && !word.contains(char::is_whitespace) {
        let lists = words.entry(word).or_default();
        *lists = lists.union(list);
    }
}

fn add_if(words: &mut Words, word: &str, holds: bool, list: Lists) {
    if holds {
        add(words, word, list);
    }
}

fn read_all(folder: &Path, files: &[&str]) -> io::Result<Vec<(String, u64)>> {
    let lists = files.iter().map(|file| read(&folder.join(file)));
    Ok(lists.collect::<io::Result<Vec<_>>>()?.concat())
}

fn read(file: &Path) -> io::Result<Vec<(String, u64)>> {
    let text = fs::read(file)?;
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter_map(|line| {
        let (word, number) = line.split_once('\t')?;
        Some((word.to_owned(), number.trim().parse().unwrap_or(0)))
    });
    Ok(lines.collect())
}
