//! Fits `src/detect/names/model.bin`, the weights by which names of persons are found, and measures
//! what is found.
//!
//! Usage: `cargo run --release --example train_names [fit|cross|eval|show|speed] [NAMES_FOLDER [OTHER]]`.
//! `fit` writes the weights (to OTHER, where it is given), `cross` holds out quarters of the training
//! part; `eval` measures the program `target/release/sporhund` (or OTHER) on the development part,
//! `show` tells its errors too, and `speed` measures both stages of the model alone over the training
//! part's text. The folder holds `norne/` and `lists/` as `docs/data-sources.md`
//! describes them. The same data give the same bytes. `docs/name-model.md` is the card of what comes
//! out.

#![expect(clippy::print_stdout, reason = "a tool for the terminal")]
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a tool for those who build the program"
)]

mod augment;
mod data;
mod dice;
mod eval;
mod fit;
mod patterns;
mod worded;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use data::Document;
use fit::{Example, Fitted, Plan};
use sporhund::detect::names::document::{self, Memory, Thought};
use sporhund::detect::names::model::{self, Model, Stage, Work};
use sporhund::detect::names::run::{Run, Scope};
use sporhund::detect::names::{features, label};

const FIRST: Plan = Plan {
    rows: 1 << features::BITS,
    epochs: 10,
    rate: 0.25,
    left_out: 20,
};
const SECOND: Plan = Plan {
    rows: 1 << document::BITS,
    epochs: 8,
    rate: 0.1,
    left_out: 5,
};
const FOLDS: usize = 4;
/// How often the text is gone through for a measurement of speed.
const PASSES: usize = 12;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_else(|| "fit".to_owned());
    let folder = arguments
        .next()
        .map_or_else(|| root.join("../shared/names"), PathBuf::from);
    let other = arguments.next().map(PathBuf::from);
    let read = |file: &str| data::sentences(&folder.join(file));
    let mut dev = data::documents(&read("norne/nob-dev.jsonl")?);
    let nno = data::documents(&read("norne/nno-dev.jsonl")?);
    let challenge: Vec<Document> = read("challenge.jsonl")?
        .into_iter()
        .map(|(_, item)| item)
        .collect();
    if task == "eval" || task == "show" {
        let binary = other.unwrap_or_else(|| root.join("target/release/sporhund"));
        let show = task == "show";
        eval::evaluate("Bokmål", &binary, &dev, false)?;
        eval::evaluate("Nynorsk", &binary, &nno, false)?;
        dev.extend(nno);
        eval::evaluate("both", &binary, &dev, show)?;
        return eval::evaluate("challenge", &binary, &challenge, show);
    }
    let (mut documents, mut sentences) = (Vec::new(), Vec::new());
    let mut bokmål = 0;
    for file in ["norne/nob-train.jsonl", "norne/nno-train.jsonl"] {
        bokmål = documents.len();
        let read = read(file)?;
        documents.extend(data::documents(&read));
        sentences.extend(read);
    }
    println!("{} documents", documents.len());
    if task == "speed" {
        speed(&documents);
        return Ok(());
    }
    let lists = augment::Lists::read(&folder.join("lists"))?;
    let extra = augment::augmented(&sentences, &lists, 11);
    if task == "cross" {
        cross(&documents, bokmål, &extra);
        return Ok(());
    }
    let bytes = train(&documents, &extra);
    std::fs::write(
        other.unwrap_or_else(|| root.join("src/detect/names/model.bin")),
        &bytes,
    )?;
    let model = Model::read(&bytes).unwrap();
    dev.extend(nno);
    measure("development part", &model, &dev);
    measure("challenge", &model, &challenge);
    Ok(())
}

/// Prints how fast one core finds the capitalised runs, weighs them, and weighs them again, document
/// by document.
fn speed(documents: &[Document]) {
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let (mut best, mut names) = (f64::MAX, 0);
    for _ in 0..PASSES {
        let begun = processor_seconds();
        names = documents.iter().map(names_in).sum();
        best = best.min(processor_seconds() - begun);
    }
    let megabytes = f64::from(u32::try_from(bytes).unwrap()) / 1e6;
    println!(
        "{names} words of names; {:.1} MB per second of a processor, the best of {PASSES} passes over {megabytes:.1} MB",
        megabytes / best
    );
}

/// Processor time of this program so far, which other programs hardly change.
fn processor_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    std::time::Duration::try_from(time).unwrap().as_secs_f64()
}

fn names_in(document: &Document) -> usize {
    let mut work = Work::default();
    let (mut all, mut memory) = (Vec::new(), Memory::default());
    runs(&document.text, &mut |run| {
        model::SHIPPED.weigh(run, &mut work);
        let both = run.tokens.iter().zip(&work.space.likely);
        let thoughts: Vec<Thought> = both
            .map(|(token, likely)| Thought::of(token, *likely))
            .collect();
        memory.add(&thoughts);
        all.push(thoughts);
    });
    let mut names = 0;
    for run in all.iter().filter(|run| document::may_be_settled(run)) {
        model::SHIPPED.settle(run, &memory, &mut work);
        let labels = work.space.best.iter();
        names += labels
            .filter(|label| matches!(**label, label::BEGIN | label::INSIDE))
            .count();
    }
    names
}

/// The runs of a text, each as one call.
fn runs(text: &str, take: &mut dyn FnMut(&Run)) {
    let scope = Scope::of_text(text);
    let mut run = Run::default();
    let mut done = 0;
    for (start, c) in text.char_indices() {
        if start >= done && c.is_uppercase() && run.read(&scope, start) {
            done = run.end();
            if run.may_name(&scope) {
                run.look_around(&scope);
                take(&run);
            }
        }
    }
}

/// The label of each word of a run.
fn gold(run: &Run, document: &Document) -> Vec<usize> {
    let mut labels: Vec<usize> = Vec::new();
    let mut last: Option<Range<usize>> = None;
    for token in &run.tokens {
        let after = document
            .spans
            .partition_point(|(span, _)| span.start < token.end);
        let around = document.spans[..after]
            .iter()
            .rev()
            .take(3)
            .find(|(span, _)| span.end > token.start);
        labels.push(match around {
            Some((span, label::BEGIN)) if last.as_ref() == Some(span) => label::INSIDE,
            Some((_, label)) => *label,
            None => label::OUT,
        });
        last = around.map(|(span, _)| span.clone());
    }
    labels
}

fn first_examples(document: &Document, weight: f32, to: &mut Vec<Example>) {
    runs(&document.text, &mut |run| {
        let labels = gold(run, document);
        let words = labels.iter().enumerate().map(|(at, label)| {
            let mut rows = Vec::new();
            features::rows(run, at, &mut |row| rows.push(u32::try_from(row).unwrap()));
            (rows, [0.0; label::COUNT], *label)
        });
        to.push(Example {
            words: words.collect(),
            weight,
        });
    });
}

fn fit_first(documents: &[&Document], extra: &[&Document], seed: u64) -> Fitted {
    let mut examples = Vec::new();
    for document in documents {
        first_examples(document, 1.0, &mut examples);
    }
    for document in extra {
        first_examples(document, 0.5, &mut examples);
    }
    let all: Vec<&Example> = examples.iter().collect();
    fit::fit(&all, FIRST, seed)
}

/// What is thought of the words of a run, their right labels, and where they stand.
type Thoughts = (Vec<Thought>, Vec<usize>, Vec<Range<usize>>);

/// What the first stage thinks of the runs of a document, with the right labels.
fn thoughts(model: &Model, document: &Document) -> Vec<Thoughts> {
    let mut work = Work::default();
    let mut all = Vec::new();
    runs(&document.text, &mut |run| {
        model.weigh(run, &mut work);
        let thoughts = run
            .tokens
            .iter()
            .zip(&work.space.likely)
            .map(|(token, likely)| Thought::of(token, *likely));
        let places = run.tokens.iter().map(|token| token.start..token.end);
        all.push((thoughts.collect(), gold(run, document), places.collect()));
    });
    all
}

fn second_examples(model: &Model, document: &Document, to: &mut Vec<Example>) {
    let runs = thoughts(model, document);
    let mut memory = Memory::default();
    for (run, ..) in &runs {
        memory.add(run);
    }
    for (run, labels, _) in &runs {
        let words = run.iter().enumerate().map(|(at, thought)| {
            let mut rows = Vec::new();
            memory.rows(run, at, &mut |row| rows.push(u32::try_from(row).unwrap()));
            (rows, model::known(thought), labels[at])
        });
        to.push(Example {
            words: words.collect(),
            weight: 1.0,
        });
    }
}

fn stage_bytes(fitted: &Fitted) -> Vec<u8> {
    let (weights, unit) = fitted.quantised();
    Stage::write(&fitted.links, unit, &weights)
}

/// A model file with this first stage and an empty second one.
fn only_first(first: &Fitted) -> Vec<u8> {
    let mut bytes = stage_bytes(first);
    bytes.resize(bytes.len() + (1 << document::BITS) * label::COUNT + 4096, 0);
    bytes
}

fn train(documents: &[Document], extra: &[Document]) -> Vec<u8> {
    let mut examples = Vec::new();
    for fold in 0..FOLDS {
        let kept = |list: &[Document], of_fold: bool| -> Vec<usize> {
            (0..list.len())
                .filter(|at| (at % FOLDS == fold) == of_fold)
                .collect()
        };
        let train: Vec<&Document> = kept(documents, false)
            .into_iter()
            .map(|at| &documents[at])
            .collect();
        let more: Vec<&Document> = kept(extra, false)
            .into_iter()
            .map(|at| &extra[at])
            .collect();
        let first = only_first(&fit_first(&train, &more, 7));
        let model = Model::read(&first).unwrap();
        for at in kept(documents, true) {
            second_examples(&model, &documents[at], &mut examples);
        }
        println!("fold {fold}");
    }
    let all: Vec<&Example> = examples.iter().collect();
    let second = fit::fit(&all, SECOND, 5);
    let first = fit_first(
        &documents.iter().collect::<Vec<_>>(),
        &extra.iter().collect::<Vec<_>>(),
        7,
    );
    let mut bytes = stage_bytes(&first);
    bytes.extend(stage_bytes(&second));
    bytes
}

/// Holds out each quarter of the documents, of which the first `bokmål` are in Bokmål, and prints what
/// is found there by what is fitted to the others.
fn cross(documents: &[Document], bokmål: usize, extra: &[Document]) {
    let mut sums = [[0; 3]; 2];
    for fold in 0..FOLDS {
        let of_fold = |held: bool, among: &[Document]| -> Vec<Document> {
            let among = among.iter().enumerate();
            let kept = among.filter(|(at, _)| (at % FOLDS == fold) == held);
            kept.map(|(_, document)| document.clone()).collect()
        };
        let (first, second) = documents.split_at(bokmål);
        let mut kept = of_fold(false, first);
        kept.extend(of_fold(false, second));
        let model = Model::read(&train(&kept, extra)).unwrap();
        for (sums, part) in sums.iter_mut().zip([first, second]) {
            let counts = measure("held out", &model, &of_fold(true, part));
            *sums = [0, 1, 2].map(|at| sums[at] + counts[at]);
        }
    }
    let [first, second] = sums;
    let both = [0, 1, 2].map(|at| first[at] + second[at]);
    println!(
        "all held out: Bokmål {first:?} F1 {}, Nynorsk {second:?} F1 {}, both {}",
        f1(first),
        f1(second),
        f1(both)
    );
}

/// F1 of right, found and wanted spans, in hundredths of a per cent.
fn f1([right, found, wanted]: [usize; 3]) -> usize {
    20_000 * right / (found + wanted).max(1)
}

/// The spans that the labels make of a run.
fn spans(labels: &[usize], places: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        match *label {
            label::BEGIN => spans.push(places[at].clone()),
            label::INSIDE => spans.last_mut().unwrap().end = places[at].end,
            _ => {}
        }
    }
    spans
}

/// Prints what the two stages find, and returns right, found and wanted spans of the second.
fn measure(name: &str, model: &Model, documents: &[Document]) -> [usize; 3] {
    let (mut one, mut two) = ([0; 3], [0; 3]);
    let mut work = Work::default();
    for document in documents {
        let runs = thoughts(model, document);
        let mut memory = Memory::default();
        for (run, ..) in &runs {
            memory.add(run);
        }
        let gold: Vec<_> = document.persons().cloned().collect();
        let count = |found: &[Range<usize>], sums: &mut [usize; 3]| {
            sums[0] += found.iter().filter(|span| gold.contains(span)).count();
            sums[1] += found.len();
        };
        one[2] += gold.len();
        two[2] += gold.len();
        runs_measured(&document.text, model, &mut |labels, places| {
            count(&spans(labels, places), &mut one);
        });
        for (run, _, places) in &runs {
            model.settle(run, &memory, &mut work);
            let found = spans(&work.space.best, places);
            count(&found, &mut two);
        }
    }
    println!(
        "{name}: stage 1 {one:?} F1 {}; stage 2 {two:?} F1 {}",
        f1(one),
        f1(two)
    );
    two
}

/// Takes the labels of a run's words and where they stand.
type Take<'a> = dyn FnMut(&[usize], &[Range<usize>]) + 'a;

fn runs_measured(text: &str, model: &Model, take: &mut Take<'_>) {
    let mut work = Work::default();
    runs(text, &mut |run| {
        model.weigh(run, &mut work);
        let places: Vec<_> = run
            .tokens
            .iter()
            .map(|token| token.start..token.end)
            .collect();
        take(&work.space.best, &places);
    });
}
