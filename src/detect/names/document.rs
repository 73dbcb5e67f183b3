//! The second stage: what the same words were taken for elsewhere in the object.
//!
//! A word that is surely a name in one place («sier Kari Myrvang») is likely one in another
//! («Myrvang kom»). What the first stage thought of each word is gathered by a hash of the word, and
//! a small second model weighs it against what the first stage thought of the word in its place.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::features::row;
use super::word::{Sort, Token, shape};
use super::{Scores, label};
use crate::detect::gazetteer::Lists;

/// Bits of a row number of the second stage.
pub const BITS: u32 = 12;
/// Different words that are remembered of one object: 16 MiB at most.
const MAX_WORDS: usize = 1 << 18;

/// A run none of whose words is this likely a person's only tells what its words are.
const TELLING: f32 = 0.02;

/// Whether a run may hold a name, so that it is weighed again.
#[must_use]
pub fn may_be_settled(run: &[Thought]) -> bool {
    run.iter().any(|thought| thought.person() >= TELLING)
}

/// What the first stage thought of a word, and what is needed to weigh it again.
#[derive(Clone, Copy, Debug)]
pub struct Thought {
    /// Hash of the word without its genitive s.
    pub key: u64,
    /// How likely each label is by the first stage.
    pub likely: Scores,
    /// The word's [`Sort`].
    pub sort: Sort,
    /// The word's shape.
    pub shape: u8,
    /// The lists it or its base is in.
    pub lists: Lists,
}

impl Thought {
    /// What was thought of a token.
    #[must_use]
    pub fn of(token: &Token, likely: Scores) -> Self {
        let genitive = token.shape & shape::GENITIVE != 0;
        Self {
            key: if genitive { token.base } else { token.hash },
            likely,
            sort: token.sort,
            shape: token.shape,
            lists: if genitive {
                token.lists.union(token.base_lists)
            } else {
                token.lists
            },
        }
    }

    /// How likely it is part of a person's name.
    #[must_use]
    pub fn person(&self) -> f32 {
        self.likely.get(label::BEGIN).unwrap_or(&0.0)
            + self.likely.get(label::INSIDE).unwrap_or(&0.0)
    }
}

/// What a word was taken for over the object.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    count: u32,
    /// Sums over the places: person, organisation, place, other.
    sums: [f32; 4],
    /// The two greatest likelihoods of a person.
    most: [f32; 2],
    /// Places where it is the last of several words, and where it stands alone.
    last: u32,
    alone: u32,
}

/// What the words of one object were taken for.
#[derive(Debug, Default)]
pub struct Memory {
    words: HashMap<u64, Seen, BuildHasherDefault<Ready>>,
}

/// The keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Memory {
    /// Remembers what the words of a run were taken for.
    pub fn add(&mut self, run: &[Thought]) {
        for (at, thought) in run.iter().enumerate() {
            if thought.sort == Sort::Initial || thought.sort == Sort::Particle {
                continue;
            }
            if self.words.len() >= MAX_WORDS && !self.words.contains_key(&thought.key) {
                continue;
            }
            let seen = self.words.entry(thought.key).or_default();
            seen.count += 1;
            let person = thought.person();
            for (sum, likely) in seen.sums.iter_mut().zip(parts(thought)) {
                *sum += likely;
            }
            let [most, second] = &mut seen.most;
            if person > *most {
                (*second, *most) = (*most, person);
            } else if person > *second {
                *second = person;
            }
            seen.last += u32::from(at > 0 && at + 1 == run.len());
            seen.alone += u32::from(run.len() == 1);
        }
    }

    /// What is remembered of a word but for this one place.
    fn elsewhere(&self, thought: &Thought) -> Elsewhere {
        let none = Elsewhere {
            count: 0,
            means: [0; 4],
            most: 0,
        };
        let Some(seen) = self.words.get(&thought.key).filter(|seen| seen.count > 1) else {
            return none;
        };
        let others = seen.count - 1;
        let mut means = [0; 4];
        for ((mean, sum), own) in means.iter_mut().zip(seen.sums).zip(parts(thought)) {
            *mean = bucket((sum - own).max(0.0) / as_f32(others));
        }
        let [most, second] = seen.most;
        let own = thought.person();
        let count = match others {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            4..=9 => 3,
            _ => 4,
        };
        Elsewhere {
            count,
            means,
            most: bucket(if own >= most { second } else { most }),
        }
    }

    /// Gives the rows of the second stage for word `at` of a run.
    pub fn rows(&self, run: &[Thought], at: usize, give: &mut impl FnMut(usize)) {
        let Some(thought) = run.get(at) else {
            return;
        };
        let mut put = |template: u64, value: u64| give(row(template, value, BITS));
        let near = |by: isize| at.checked_add_signed(by).and_then(|at| run.get(at));
        let here = self.elsewhere(thought);
        let [person, organisation, place, other] = here.means;
        let own = parts(thought).map(bucket);
        let [own_person, own_organisation, own_place, own_other] = own;
        let begin = bucket(*thought.likely.get(label::BEGIN).unwrap_or(&0.0));
        let sort = thought.sort as u64;
        let ends = u64::from(at == 0) | u64::from(at + 1 == run.len()) << 1;
        put(0, ends);
        put(1, own_person | begin << 8);
        put(2, own_organisation);
        put(3, own_place);
        put(4, own_other);
        put(5, own_person | person << 8 | here.count << 16);
        put(6, own_person | here.most << 8);
        put(
            7,
            organisation | own_organisation << 8 | u64::from(here.count > 0) << 16,
        );
        put(8, place | own_place << 8 | u64::from(here.count > 0) << 16);
        put(9, other | own_other << 8 | u64::from(here.count > 0) << 16);
        put(
            10,
            person | organisation << 8 | place << 16 | u64::from(here.count > 0) << 24,
        );
        put(11, sort | here.most << 8 | u64::from(here.count > 0) << 16);
        put(12, sort | person << 8 | here.count << 16);
        for (template, by) in [(13, -1), (14, 1)] {
            let beside = near(by).map_or(1 << 20, |beside| {
                let there = self.elsewhere(beside);
                there.most | bucket(beside.person()) << 8
            });
            put(template, beside | begin << 32 | own_person << 40);
            put(template + 2, beside | here.most << 32 | ends << 40);
        }
        put(17, begin | ends << 8 | here.most << 16 | own_person << 24);
    }
}

/// What is remembered of a word elsewhere, in steps.
struct Elsewhere {
    count: u64,
    means: [u64; 4],
    most: u64,
}

fn parts(thought: &Thought) -> [f32; 4] {
    let [_, begin, inside, organisation, place, other] = thought.likely;
    [begin + inside, organisation, place, other]
}

/// A likelihood in twelve steps, finer at the ends.
fn bucket(likely: f32) -> u64 {
    const STEPS: [f32; 11] = [
        0.005, 0.02, 0.06, 0.15, 0.3, 0.5, 0.7, 0.85, 0.94, 0.98, 0.995,
    ];
    STEPS.iter().filter(|step| likely >= **step).count() as u64
}

#[expect(clippy::cast_precision_loss, reason = "a count that is divided by")]
fn as_f32(count: u32) -> f32 {
    count as f32
}
