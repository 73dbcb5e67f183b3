//! Inference in a linear chain: how likely each label is at each word of a run, and the likeliest
//! labels together.

use super::{Scores, label};

/// How well labels follow one another, as logarithms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// For the label of a run's first word.
    pub first: Scores,
    /// From the label of a word, to that of the next.
    pub next: [Scores; label::COUNT],
    /// For the label of a run's last word.
    pub last: Scores,
}

/// Whether `to` may follow `from`, `None` being the begin of a run: the later words of a name follow
/// only words of one.
#[must_use]
pub const fn may_follow(from: Option<usize>, to: usize) -> bool {
    to != label::INSIDE || matches!(from, Some(label::BEGIN | label::INSIDE))
}

/// Links with their powers of e; 0 where a label may not follow.
#[derive(Clone, Debug)]
pub struct Chain {
    first: Scores,
    next: [Scores; label::COUNT],
    last: Scores,
}

/// Room for the inference over one run, used again for the next.
#[derive(Debug, Default)]
pub struct Space {
    /// Powers of e of the words' own scores, each word's greatest being 1.
    powers: Vec<Scores>,
    forward: Vec<Scores>,
    backward: Vec<Scores>,
    /// The likelihood of each label at each word.
    pub likely: Vec<Scores>,
    /// The likeliest labels together.
    pub best: Vec<usize>,
    from: Vec<[usize; label::COUNT]>,
}

impl Space {
    /// Holds what inference yielded for a run of one word.
    pub(super) fn hold_one(&mut self, likely: Scores, best: usize) {
        self.likely.clear();
        self.likely.push(likely);
        self.best.clear();
        self.best.push(best);
    }
}

impl Chain {
    /// A chain with these links.
    #[must_use]
    pub fn new(links: &Links) -> Self {
        let mut first = links.first.map(f32::exp);
        let mut next = links.next.map(|row| row.map(f32::exp));
        for (to, slot) in first.iter_mut().enumerate() {
            if !may_follow(None, to) {
                *slot = 0.0;
            }
        }
        for (from, row) in next.iter_mut().enumerate() {
            for (to, slot) in row.iter_mut().enumerate() {
                if !may_follow(Some(from), to) {
                    *slot = 0.0;
                }
            }
        }
        Self {
            first,
            next,
            last: links.last.map(f32::exp),
        }
    }

    /// Fills `space.likely` and `space.best` for a run whose words have these scores.
    pub fn infer(&self, scores: &[Scores], space: &mut Space) {
        space.powers.clear();
        space.powers.extend(scores.iter().map(powers));
        // Most runs have one word: the same sums, without the tables of the way there.
        if let [powers] = space.powers.as_slice() {
            let reached = product(&normal(product(&self.first, powers)).0, &self.last);
            space.hold_one(normal(reached).0, greatest(&reached));
            return;
        }
        self.forward(space);
        self.backward(space);
        space.likely.clear();
        let both = space.forward.iter().zip(&space.backward);
        space
            .likely
            .extend(both.map(|(forward, backward)| normal(product(forward, backward)).0));
        self.best(space);
    }

    /// Logarithm of the sum over all labellings, but for the words' own greatest scores; fills
    /// `space` as [`Chain::infer`] does. For training.
    fn forward(&self, space: &mut Space) {
        space.forward.clear();
        let mut before: Option<Scores> = None;
        for powers in &space.powers {
            let reached = before.map_or(self.first, |before| {
                let mut sums = [0.0; label::COUNT];
                for (from, links) in before.iter().zip(&self.next) {
                    for (sum, link) in sums.iter_mut().zip(links) {
                        *sum += from * link;
                    }
                }
                sums
            });
            let now = normal(product(&reached, powers)).0;
            space.forward.push(now);
            before = Some(now);
        }
    }

    fn backward(&self, space: &mut Space) {
        space.backward.clear();
        let mut after = self.last;
        for powers in space.powers.iter().rev() {
            space.backward.push(after);
            let ahead = product(&after, powers);
            let mut sums = [0.0; label::COUNT];
            for (sum, links) in sums.iter_mut().zip(&self.next) {
                *sum = links
                    .iter()
                    .zip(&ahead)
                    .map(|(link, ahead)| link * ahead)
                    .sum();
            }
            after = normal(sums).0;
        }
        space.backward.reverse();
    }

    /// How likely each pair of neighbouring labels is between word `at` and the next, after
    /// [`Chain::infer`].
    #[must_use]
    pub fn pairs(&self, space: &Space, at: usize) -> [Scores; label::COUNT] {
        let mut pairs = [[0.0; label::COUNT]; label::COUNT];
        let here = space.forward.get(at);
        let there = space.powers.get(at + 1).zip(space.backward.get(at + 1));
        let Some((forward, (powers, backward))) = here.zip(there) else {
            return pairs;
        };
        let ahead = product(powers, backward);
        let mut sum = 0.0;
        for ((row, from), links) in pairs.iter_mut().zip(forward).zip(&self.next) {
            for ((slot, link), ahead) in row.iter_mut().zip(links).zip(&ahead) {
                *slot = from * link * ahead;
                sum += *slot;
            }
        }
        let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
        pairs.map(|row| row.map(|pair| pair * scale))
    }

    fn best(&self, space: &mut Space) {
        space.from.clear();
        let mut reached: Option<Scores> = None;
        for powers in &space.powers {
            let mut from = [0; label::COUNT];
            let links = reached.map_or(self.first, |reached| {
                let mut best = [0.0; label::COUNT];
                for (at, (before, links)) in reached.iter().zip(&self.next).enumerate() {
                    for ((best, from), link) in best.iter_mut().zip(&mut from).zip(links) {
                        if before * link > *best {
                            (*best, *from) = (before * link, at);
                        }
                    }
                }
                best
            });
            space.from.push(from);
            reached = Some(normal(product(&links, powers)).0);
        }
        let mut at = greatest(&product(&reached.unwrap_or_default(), &self.last));
        space.best.clear();
        for from in space.from.iter().rev() {
            space.best.push(at);
            at = from.get(at).copied().unwrap_or(0);
        }
        space.best.reverse();
    }
}

/// Powers of e, the greatest being 1.
fn powers(scores: &Scores) -> Scores {
    let greatest = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.map(|score| (score - greatest).exp())
}

fn product(one: &Scores, other: &Scores) -> Scores {
    let mut product = *one;
    for (slot, factor) in product.iter_mut().zip(other) {
        *slot *= factor;
    }
    product
}

/// The scores divided by their sum, and the sum.
fn normal(scores: Scores) -> (Scores, f32) {
    let sum: f32 = scores.iter().sum();
    let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
    (scores.map(|score| score * scale), sum)
}

/// The label with the greatest score, the first of equals.
#[must_use]
pub fn greatest(scores: &Scores) -> usize {
    let mut best = (0, f32::MIN);
    for (at, score) in scores.iter().enumerate() {
        if *score > best.1 {
            best = (at, *score);
        }
    }
    best.0
}
