//! The weights of both stages, as they lie in `model.bin`.
//!
//! Little-endian: for each stage its links (logarithms as `f32`: first, next, last), what one unit of
//! a weight is worth (`f32`), and then its rows, six signed bytes each.

use std::sync::LazyLock;

use super::chain::{Chain, Links, Space};
use super::document::{self, Memory, Thought};
use super::features;
use super::run::Run;
use super::{Scores, label};

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

/// The rows of one word, gathered before their weights are summed: the sums then wait for many places
/// of the table at once.
#[derive(Debug)]
struct Rows {
    rows: [usize; MOST_ROWS],
    count: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            rows: [0; MOST_ROWS],
            count: 0,
        }
    }
}

impl Rows {
    fn push(&mut self, row: usize) {
        if let Some(slot) = self.rows.get_mut(self.count) {
            *slot = row;
            self.count += 1;
        }
    }

    /// What was pushed since this was asked last.
    fn take(&mut self) -> &[usize] {
        let count = std::mem::take(&mut self.count);
        self.rows.get(..count).unwrap_or_default()
    }
}

/// Rows that one word has at most: their sums stay inside 16 bits.
const MOST_ROWS: usize = 64;

/// What is added to a weight so that it is never negative.
const BIAS: u8 = 128;
/// Every second byte of a row.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;

/// A row as its weights are summed: six biased bytes in one number.
fn packed(row: [u8; label::COUNT]) -> u64 {
    let bytes = row.iter().rev();
    bytes.fold(0, |all, weight| all << 8 | u64::from(*weight ^ BIAS))
}

/// Numbers before the rows of a stage.
const HEAD: usize = label::COUNT * (label::COUNT + 2) + 1;

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    rows: Vec<u64>,
    unit: f32,
    chain: Chain,
}

impl Default for Stage {
    fn default() -> Self {
        Self {
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
        work.scores.clear();
        for at in 0..run.tokens.len() {
            features::rows(run, at, &mut |row| work.rows.push(row));
            work.scores.push(self.first.scores(&mut work.rows));
        }
        self.first.chain.infer(&work.scores, &mut work.space);
    }

    /// Weighs them once more by what they are elsewhere in the object, into `work.space`.
    pub fn settle(&self, run: &[Thought], memory: &Memory, work: &mut Work) {
        work.scores.clear();
        for (at, thought) in run.iter().enumerate() {
            memory.rows(run, at, &mut |row| work.rows.push(row));
            let mut scores = self.second.scores(&mut work.rows);
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

    /// The sums of the weights of the rows.
    fn scores(&self, rows: &mut Rows) -> Scores {
        let rows = rows.take();
        let (mut even, mut odd) = (0, 0);
        for row in rows {
            let row = self.rows.get(*row).copied().unwrap_or_default();
            even += row & EVEN;
            odd += row >> 8 & EVEN;
        }
        let bias = i32::from(BIAS) * i32::try_from(rows.len()).unwrap_or_default();
        let sums = lanes(even)
            .into_iter()
            .zip(lanes(odd))
            .flat_map(<[u16; 2]>::from);
        let mut scores = [0.0; label::COUNT];
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score = as_f32(i32::from(sum) - bias) * self.unit;
        }
        scores
    }
}

/// The four sums of 16 bits each.
fn lanes(sums: u64) -> [u16; 4] {
    [0, 16, 32, 48].map(|shift| u16::try_from(sums >> shift & 0xffff).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "a sum of some fifty bytes")]
fn as_f32(sum: i32) -> f32 {
    sum as f32
}
