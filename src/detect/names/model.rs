//! The weights of both stages, as they lie in `model.bin`.
//!
//! Little-endian: for each stage its links (logarithms as `f32`: first, next, last), what one unit of
//! a weight is worth (`f32`), and then its rows, six signed bytes each.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::chain::{Chain, Links, Space};
use super::document::{self, Memory, Thought};
use super::features;
use super::run::Run;
use super::sums::{Rows, Sums, packed};
use super::{Scores, again, alone, label};

/// The model of the program.
pub static SHIPPED: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_bytes!("model.bin")).unwrap_or_default());

/// What the first stage thinks is added to the second's own scores as logarithms; nothing is thought
/// less likely than this.
const LEAST: f32 = 0.001;

/// Room for weighing one run, used again for the next.
#[derive(Debug, Default)]
pub struct Work {
    /// What inference yields.
    pub space: Space,
    scores: Vec<Scores>,
    rows: Rows,
}

/// How many stages were read, and one.
static READ: AtomicU32 = AtomicU32::new(1);
/// Numbers before the rows of a stage.
const HEAD: usize = label::COUNT * (label::COUNT + 2) + 1;

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Another one for each stage that was read; 0 for one without weights.
    pub(super) number: u32,
    rows: Vec<u64>,
    unit: f32,
    chain: Chain,
}

impl Default for Stage {
    fn default() -> Self {
        Self {
            number: 0,
            rows: Vec::new(),
            unit: 0.0,
            chain: Chain::new(&Links::default()),
        }
    }
}

/// Both stages.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Words in their place.
    pub first: Stage,
    /// Words over the object.
    pub second: Stage,
}

impl Model {
    /// The model that lies in `bytes`; `None` where they are too short.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = Stage::read(bytes, 1 << features::BITS)?;
        let (second, _) = Stage::read(rest, 1 << document::BITS)?;
        Some(Self { first, second })
    }

    /// Weighs the words of a run in their place, into `work.space`.
    pub fn weigh(&self, run: &Run, work: &mut Work) {
        let Work {
            space,
            scores,
            rows,
        } = work;
        match run.tokens.as_slice() {
            [token] => again::or(self.first.number, (run, token), space, |space| {
                self.infer(run, (scores, rows), space);
            }),
            _ => self.infer(run, (scores, rows), space),
        }
    }

    /// The same, whatever was thought lately.
    pub(super) fn infer(
        &self,
        run: &Run,
        (scores, rows): (&mut Vec<Scores>, &mut Rows),
        space: &mut Space,
    ) {
        scores.clear();
        for (at, token) in run.tokens.iter().enumerate() {
            features::of_the_place(run, at, token, &mut |row| rows.push(row));
            let alone = alone::sums(&self.first, token);
            scores.push(self.first.scores(alone, rows));
        }
        self.first.chain.infer(scores, space);
    }

    /// Weighs them once more by what they are elsewhere in the object, into `work.space`.
    pub fn settle(&self, run: &[Thought], memory: &Memory, work: &mut Work) {
        work.scores.clear();
        for (at, thought) in run.iter().enumerate() {
            memory.rows(run, at, &mut |row| work.rows.push(row));
            let mut scores = self.second.scores(Sums::default(), &mut work.rows);
            for (score, known) in scores.iter_mut().zip(known(thought)) {
                *score += known;
            }
            work.scores.push(scores);
        }
        self.second.chain.infer(&work.scores, &mut work.space);
    }
}

/// What the first stage thinks of a word, as scores for the second.
#[must_use]
pub fn known(thought: &Thought) -> Scores {
    thought.likely.map(|likely| (likely + LEAST).ln())
}

impl Stage {
    fn read(bytes: &[u8], rows: usize) -> Option<(Self, &[u8])> {
        let (head, rest) = bytes.split_at_checked(4 * HEAD)?;
        let (table, rest) = rest.split_at_checked(label::COUNT * rows)?;
        let mut numbers = head
            .as_chunks::<4>()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes));
        let mut scores = || -> Option<Scores> {
            let mut scores = [0.0; label::COUNT];
            for score in &mut scores {
                *score = numbers.next()?;
            }
            Some(scores)
        };
        let mut links = Links {
            first: scores()?,
            ..Links::default()
        };
        for row in &mut links.next {
            *row = scores()?;
        }
        links.last = scores()?;
        let unit = numbers.next()?;
        Some((
            Self {
                number: READ.fetch_add(1, Ordering::Relaxed),
                rows: table.as_chunks().0.iter().copied().map(packed).collect(),
                unit,
                chain: Chain::new(&links),
            },
            rest,
        ))
    }

    /// Lays out a stage as it is read: `weights` are in units already.
    #[must_use]
    pub fn write(links: &Links, unit: f32, weights: &[[i8; label::COUNT]]) -> Vec<u8> {
        let next = links.next.iter().flatten();
        let head = links
            .first
            .iter()
            .chain(next)
            .chain(&links.last)
            .chain([&unit]);
        let mut bytes: Vec<u8> = head.flat_map(|number| number.to_le_bytes()).collect();
        bytes.extend(
            weights
                .iter()
                .flatten()
                .map(|weight| weight.cast_unsigned()),
        );
        bytes
    }

    /// Its links.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The weights of a row, packed.
    pub(super) fn row(&self, row: usize) -> u64 {
        self.rows.get(row).copied().unwrap_or_default()
    }

    /// The scores of a word with these rows and what is summed already.
    fn scores(&self, mut sums: Sums, rows: &mut Rows) -> Scores {
        for row in rows.take() {
            sums.add(self.row(*row));
        }
        sums.scores(self.unit)
    }
}
