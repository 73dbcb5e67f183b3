//! Text of our own for forms that newspapers lack: forms, tables, lists, capitals, file names; names
//! from all over the world; streets, companies and ships that bear a person's name.

use std::fs;
use std::io;
use std::path::Path;

use sporhund::detect::names::label;

use crate::data::Document;
use crate::dice::Dice;
use crate::patterns::{BRANDS, LOUD, OTHERS, PEOPLE, SÁMI, TRADES};
use crate::worded;

/// Lines of each sort.
const LINES: usize = 1500;
/// Sentences of a document that is made of others with other names.
const TOGETHER: usize = 12;

/// Lists to draw names and places from: the commonest first.
pub(crate) struct Lists {
    first: Vec<Vec<String>>,
    last: Vec<Vec<String>>,
    places: Vec<String>,
    words: Vec<String>,
}

impl Lists {
    pub(crate) fn read(folder: &Path) -> io::Result<Self> {
        let read = |file: &str, most: usize| -> io::Result<Vec<String>> {
            let text = fs::read_to_string(folder.join(file))?;
            let words = text.lines().filter_map(|line| line.split('\t').next());
            let words = words.filter(|word| word.chars().count() > 1 && !word.contains(' '));
            Ok(words.map(capitalised).take(most).collect())
        };
        let lower = fs::read_to_string(folder.join("ordbank_ord.tsv"))?;
        let words = lower
            .lines()
            .filter_map(|line| line.split('\t').next())
            .step_by(37);
        Ok(Self {
            first: vec![
                read("ssb_fornavn.tsv", 2000)?,
                read("scb_fornamn.tsv", 9000)?,
                read("wiki_forenames.tsv", 1400)?,
                read("uscensus_firstnames.tsv", 2500)?,
            ],
            last: vec![
                read("ssb_etternavn.tsv", 3600)?,
                read("wiki_surnames.tsv", 1900)?,
                read("uscensus_surnames.tsv", 20_000)?,
            ],
            places: postal_places(&folder.join("../../domain/data/postnummer_2020-10.csv"))?,
            words: words.map(str::to_owned).collect(),
        })
    }

    /// The first names of Norway, the commonest first.
    pub(crate) fn norwegian(&self) -> &[String] {
        self.first.first().map(Vec::as_slice).unwrap_or_default()
    }

    fn first(&self, dice: &mut Dice) -> String {
        if dice.chance(3) {
            return dice.one(SÁMI).to_owned();
        }
        let list = if dice.chance(55) {
            0
        } else {
            1 + dice.index(self.first.len() - 1)
        };
        any(&self.first[list], dice)
    }

    fn last(&self, dice: &mut Dice) -> String {
        let made = dice.chance(25);
        if made {
            let begin = [
                "Berg", "Fjell", "Sand", "Tveit", "Haug", "Lille", "Grøn", "Øver", "Myr", "Ny",
                "Brek", "Vass", "Skog", "Kvam", "Sol",
            ];
            let end = [
                "stad", "rud", "vik", "land", "dal", "set", "moen", "haugen", "sund", "nes",
                "støl", "bakk", "li", "tveit", "vær", "gjerde",
            ];
            return format!("{}{}", dice.one(&begin), dice.one(&end));
        }
        let list = if dice.chance(60) {
            0
        } else {
            1 + dice.index(self.last.len() - 1)
        };
        any(&self.last[list], dice)
    }

    /// One to three first names, as people have them.
    fn given(&self, dice: &mut Dice) -> String {
        let one = self.first(dice);
        match dice.below(10) {
            0 | 1 => format!("{one} {}", self.first(dice)),
            2 => format!("{one}-{}", self.first(dice)),
            3 => format!("{one} {}.", self.first(dice).chars().next().unwrap_or('A')),
            _ => one,
        }
    }

    fn family(&self, dice: &mut Dice) -> String {
        let one = self.last(dice);
        match dice.below(14) {
            0 => format!("{one}-{}", self.last(dice)),
            1 | 2 => format!("{one} {}", self.last(dice)),
            3 => format!(
                "{} {one}",
                dice.one(&["von", "van der", "de", "el", "al", "bin"])
            ),
            _ => one,
        }
    }

    fn full(&self, dice: &mut Dice) -> String {
        format!("{} {}", self.given(dice), self.family(dice))
    }

    fn place(&self, dice: &mut Dice) -> String {
        any(&self.places, dice)
    }

    fn word(&self, dice: &mut Dice) -> String {
        any(&self.words, dice)
    }

    fn loud(&self, dice: &mut Dice) -> String {
        self.word(dice).to_uppercase()
    }
}

/// The postal places of Norway: the second column, in capitals there.
fn postal_places(file: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(file)?;
    let places = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1));
    let places = places.filter(|place| place.chars().count() > 1 && !place.contains(' '));
    Ok(places.map(capitalised).collect())
}

fn any(list: &[String], dice: &mut Dice) -> String {
    // Common names more often than rare ones.
    let at = dice.index(list.len()).min(dice.index(list.len()));
    list.get(at).cloned().unwrap_or_default()
}

fn capitalised(word: &str) -> String {
    let mut start = true;
    let letters = word.chars().map(|c| {
        let changed = if start {
            c.to_uppercase().next()
        } else {
            c.to_lowercase().next()
        };
        start = matches!(c, '-' | '\'');
        changed.unwrap_or(c)
    });
    letters.collect()
}

/// A line that is put together from text and names: `{…}` of a pattern is drawn from the lists.
fn line(pattern: &str, lists: &Lists, dice: &mut Dice, loud: bool) -> Document {
    let mut document = Document::default();
    let mut rest = pattern;
    while let Some((text, after)) = rest.split_once('{') {
        let (slot, later) = after.split_once('}').unwrap_or((after, ""));
        rest = later;
        document.text.push_str(text);
        let (value, label) = drawn(slot, lists, dice);
        let value = if loud { value.to_uppercase() } else { value };
        let start = document.text.len();
        document.text.push_str(&value);
        if label != label::OUT {
            document.spans.push((start..document.text.len(), label));
        }
    }
    document.text.push_str(rest);
    document
}

/// What stands for a slot of a pattern, and its label.
fn drawn(slot: &str, lists: &Lists, dice: &mut Dice) -> (String, usize) {
    let person = match slot {
        "full" => lists.full(dice),
        "first" => lists.first(dice),
        "given" => lists.given(dice),
        "last" => lists.family(dice),
        "initials" => initials(lists, dice),
        "joined" => format!("{}_{}", lists.first(dice), lists.last(dice)),
        "turned" => format!("{}_{}", lists.last(dice), lists.first(dice)),
        _ => return other(slot, lists, dice),
    };
    (person, label::BEGIN)
}

fn other(slot: &str, lists: &Lists, dice: &mut Dice) -> (String, usize) {
    match slot {
        "place" => (lists.place(dice), label::PLACE),
        "somebody" => (lists.full(dice), label::OTHER),
        "surname" => (lists.last(dice), label::OTHER),
        "firm" => {
            let firm = format!("{} {}", lists.last(dice), dice.one(TRADES));
            (firm, label::ORGANISATION)
        }
        "partners" => {
            let (one, two) = (lists.last(dice), lists.last(dice));
            let (and, form) = (
                dice.one(&["&", "og"]),
                dice.one(&["AS", "DA", "ANS", "ASA"]),
            );
            (format!("{one} {and} {two} {form}"), label::ORGANISATION)
        }
        "word" => (lists.word(dice), label::OUT),
        "Compound" => {
            let whole = format!("{}{}", lists.word(dice), lists.word(dice));
            (capitalised(&whole), label::OUT)
        }
        "Word" => (capitalised(&lists.word(dice)), label::OUT),
        "LOUD" => (lists.loud(dice), label::OUT),
        "brand" => (dice.one(BRANDS).to_owned(), label::OTHER),
        "number" => ((10 + dice.below(9000)).to_string(), label::OUT),
        _ => (String::new(), label::OUT),
    }
}

fn initials(lists: &Lists, dice: &mut Dice) -> String {
    let initial = |dice: &mut Dice| lists.first(dice).chars().next().unwrap_or('A');
    let one = initial(dice);
    if dice.chance(50) {
        format!("{one}. {}", lists.last(dice))
    } else {
        format!("{one}. {}. {}", initial(dice), lists.last(dice))
    }
}

/// Documents of our own, and sentences of others with other names in them.
pub(crate) fn augmented(
    sentences: &[(String, Document)],
    lists: &Lists,
    seed: u64,
) -> Vec<Document> {
    let mut dice = Dice::new(seed);
    let mut documents = Vec::new();
    for (patterns, loud) in [
        (PEOPLE, false),
        (PEOPLE, false),
        (OTHERS, false),
        (OTHERS, false),
        (LOUD, true),
    ] {
        for _ in 0..LINES {
            let lines = 1 + dice.below(3);
            let mut document = Document::default();
            for _ in 0..lines {
                let pattern = dice.one(patterns);
                document.push_line(&line(pattern, lists, &mut dice, loud));
            }
            documents.push(document);
        }
    }
    let mut document = Document::default();
    let named = sentences
        .iter()
        .filter(|(_, sentence)| sentence.persons().next().is_some());
    for (at, (_, sentence)) in named.enumerate() {
        let swapped = swapped(sentence, lists, &mut dice);
        let loud = dice.chance(12);
        document.push_line(&if loud { louder(&swapped) } else { swapped });
        if at % TOGETHER == TOGETHER - 1 {
            documents.push(std::mem::take(&mut document));
        }
    }
    documents.extend(worded::begun(sentences, lists.norwegian()));
    let quiet = sentences
        .iter()
        .filter(|(_, sentence)| sentence.persons().next().is_none());
    documents.extend(quiet.step_by(40).map(|(_, sentence)| louder(sentence)));
    documents
}

/// The same in capitals, where that does not change its length.
fn louder(document: &Document) -> Document {
    let text = document.text.to_uppercase();
    let same = text.len() == document.text.len();
    Document {
        text: if same { text } else { document.text.clone() },
        spans: document.spans.clone(),
    }
}

/// The sentence with other persons in it.
fn swapped(sentence: &Document, lists: &Lists, dice: &mut Dice) -> Document {
    let mut document = Document::default();
    let mut done = 0;
    for (span, label) in &sentence.spans {
        if span.start < done {
            continue;
        }
        document.text.push_str(&sentence.text[done..span.start]);
        let start = document.text.len();
        let old = &sentence.text[span.clone()];
        if *label == label::BEGIN {
            let new = match old.split_whitespace().count() {
                1 if dice.chance(60) => lists.last(dice),
                1 => lists.first(dice),
                _ => lists.full(dice),
            };
            document.text.push_str(&new);
            let genitive =
                old.ends_with('s') && sentence.text[span.end..].starts_with(' ') && dice.chance(30);
            document.text.push_str(if genitive { "s" } else { "" });
        } else {
            document.text.push_str(old);
        }
        document.spans.push((start..document.text.len(), *label));
        done = span.end;
    }
    document.text.push_str(&sentence.text[done..]);
    document
}
