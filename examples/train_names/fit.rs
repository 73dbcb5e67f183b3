//! Fits the two stages: maximum likelihood of whole runs by `AdaGrad`, with a part of the features
//! left out at random.

use sporhund::detect::names::chain::{Chain, Links, Space};
use sporhund::detect::names::{Scores, label};

use crate::dice::Dice;

/// A run: rows, what is known already, and label of each word.
pub(crate) struct Example {
    pub(crate) words: Vec<(Vec<u32>, Scores, usize)>,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// How to fit.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rows: usize,
    pub(crate) epochs: u16,
    pub(crate) rate: f32,
    /// Parts in a hundred of the features that are left out each time.
    pub(crate) left_out: u64,
}

/// Weights that may take part fractions.
pub(crate) struct Fitted {
    pub(crate) links: Links,
    pub(crate) weights: Vec<Scores>,
}

impl Fitted {
    /// All links and weights.
    fn numbers(&mut self) -> impl Iterator<Item = &mut f32> {
        let Links { first, next, last } = &mut self.links;
        let links = first
            .iter_mut()
            .chain(next.iter_mut().flatten())
            .chain(last);
        links.chain(self.weights.iter_mut().flatten())
    }

    /// The weights as signed bytes, and what one unit of them is worth.
    pub(crate) fn quantised(&self) -> (Vec<[i8; label::COUNT]>, f32) {
        let mut sizes: Vec<f32> = self
            .weights
            .iter()
            .flatten()
            .map(|weight| weight.abs())
            .collect();
        sizes.retain(|size| *size > 0.0);
        sizes.sort_by(f32::total_cmp);
        let greatest = sizes
            .get(sizes.len() * 9999 / 10_000)
            .copied()
            .unwrap_or(1.0);
        let unit = greatest / 127.0;
        let weights = self
            .weights
            .iter()
            .map(|row| row.map(|weight| byte(weight / unit)));
        (weights.collect(), unit)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the range first"
)]
fn byte(units: f32) -> i8 {
    units.round().clamp(-127.0, 127.0) as i8
}

/// How often a stage is fitted, each time in another order and without other features.
const TIMES: u8 = 3;

/// Fits a stage to the examples some times, and takes the means of the weights.
pub(crate) fn fit(examples: &[&Example], plan: Plan, seed: u64) -> Fitted {
    let mut sum = fit_once(examples, plan, seed);
    for time in 1..TIMES {
        let mut one = fit_once(examples, plan, seed + 100 * u64::from(time));
        for (sum, number) in sum.numbers().zip(one.numbers()) {
            *sum += *number;
        }
    }
    sum.numbers().for_each(|number| *number /= f32::from(TIMES));
    sum
}

fn fit_once(examples: &[&Example], plan: Plan, seed: u64) -> Fitted {
    let ones = [1.0; label::COUNT];
    let mut fitting = Fitting {
        plan,
        rate: plan.rate,
        fitted: Fitted {
            links: Links::default(),
            weights: vec![[0.0; label::COUNT]; plan.rows],
        },
        squares: Fitted {
            links: Links {
                first: ones,
                next: [ones; label::COUNT],
                last: ones,
            },
            weights: vec![[0.1; label::COUNT]; plan.rows],
        },
        space: Space::default(),
        dice: Dice::new(seed),
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let slower = 0.8 / f32::from(plan.epochs);
    for epoch in 0..plan.epochs {
        fitting.dice.shuffle(&mut order);
        fitting.rate = plan.rate * (1.0 - slower * f32::from(epoch));
        for at in &order {
            fitting.step(examples[*at]);
        }
    }
    fitting.fitted
}

struct Fitting {
    plan: Plan,
    /// How far a step goes in this round.
    rate: f32,
    fitted: Fitted,
    /// Sums of the squared slopes so far.
    squares: Fitted,
    space: Space,
    dice: Dice,
}

impl Fitting {
    fn step(&mut self, example: &Example) {
        let kept = self.kept(example);
        let scores: Vec<Scores> = kept
            .iter()
            .zip(&example.words)
            .map(|(rows, (_, known, _))| self.scores(rows, *known))
            .collect();
        let chain = Chain::new(&self.fitted.links);
        chain.infer(&scores, &mut self.space);
        for (at, (_, _, gold)) in example.words.iter().enumerate() {
            let mut slope = self.space.likely[at].map(|likely| -likely * example.weight);
            slope[*gold] += example.weight;
            self.climb_rows(&kept[at], &slope);
            let rate = self.rate * 0.5;
            if at == 0 {
                climb(
                    &mut self.fitted.links.first,
                    &mut self.squares.links.first,
                    &slope,
                    rate,
                );
            }
            let Some((_, _, next)) = example.words.get(at + 1) else {
                climb(
                    &mut self.fitted.links.last,
                    &mut self.squares.links.last,
                    &slope,
                    rate,
                );
                continue;
            };
            let mut pairs = chain
                .pairs(&self.space, at)
                .map(|row| row.map(|pair| -pair * example.weight));
            pairs[*gold][*next] += example.weight;
            let links = self
                .fitted
                .links
                .next
                .iter_mut()
                .zip(&mut self.squares.links.next);
            for ((weights, squares), slope) in links.zip(&pairs) {
                climb(weights, squares, slope, rate);
            }
        }
    }

    /// The rows of each word, but for those that are left out this time.
    fn kept(&mut self, example: &Example) -> Vec<Vec<u32>> {
        let left_out = self.plan.left_out;
        let words = example.words.iter().map(|(rows, ..)| {
            let rows = rows.iter().copied();
            rows.filter(|_| self.dice.below(100) >= left_out).collect()
        });
        words.collect()
    }

    fn scores(&self, rows: &[u32], known: Scores) -> Scores {
        let mut sums = known;
        for row in rows {
            for (sum, weight) in sums.iter_mut().zip(self.fitted.weights[*row as usize]) {
                *sum += weight;
            }
        }
        sums
    }

    fn climb_rows(&mut self, rows: &[u32], slope: &Scores) {
        for row in rows.iter().map(|row| *row as usize) {
            climb(
                &mut self.fitted.weights[row],
                &mut self.squares.weights[row],
                slope,
                self.rate,
            );
        }
    }
}

fn climb(weights: &mut Scores, squares: &mut Scores, slope: &Scores, rate: f32) {
    for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slope) {
        *square += slope * slope;
        *weight += rate * slope / square.sqrt();
    }
}
