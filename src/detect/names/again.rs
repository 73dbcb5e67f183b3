//! What the first stage thought lately of words that stand alone in their places: greetings, headings and
//! the beginnings of sentences come again, with the same words around them.

use std::cell::RefCell;

use super::Scores;
use super::chain::Space;
use super::run::Run;
use super::word::Token;

/// Binary digits of the number of places that are remembered.
const BITS: u32 = 10;

/// All that the first stage looks at of a word alone in its run.
type Key = [u64; 7];

thread_local! {
    static THOUGHT: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
}

/// What one stage thought of one place; the stage 0 is none.
#[derive(Clone, Copy, Default)]
struct Slot {
    stage: u32,
    key: Key,
    likely: Scores,
    best: usize,
}

/// Fills `space` as `infer` does, which is asked only where the stage of this `number` was not asked of the same
/// place lately on this thread. `token` is the only one of `run`.
pub(super) fn or(
    number: u32,
    (run, token): (&Run, &Token),
    space: &mut Space,
    infer: impl FnOnce(&mut Space),
) {
    let key = key(run, token);
    THOUGHT.with_borrow_mut(|slots| {
        if slots.is_empty() {
            slots.resize(1 << BITS, Slot::default());
        }
        let slot = slots.get_mut(home(&key)).filter(|_| number != 0);
        let Some(slot) = slot else {
            return infer(space);
        };
        if slot.stage == number && slot.key == key {
            space.hold_one(slot.likely, slot.best);
            return;
        }
        infer(space);
        if let ([likely], [best]) = (space.likely.as_slice(), space.best.as_slice()) {
            *slot = Slot {
                stage: number,
                key,
                likely: *likely,
                best: *best,
            };
        }
    });
}

fn key(run: &Run, token: &Token) -> Key {
    let ([b1, b2], [a1, a2]) = (run.before, run.after);
    let lists = u64::from(token.lists.bits()) << 16 | u64::from(token.base_lists.bits());
    let written = u64::from(token.shape) << 16 | u64::from(token.letters) << 8 | token.sort as u64;
    let starts = u64::from(run.starts) << 31;
    let own = lists << 32 | starts | written;
    [token.hash, token.base, own, b1, b2, a1, a2]
}

fn home(key: &Key) -> usize {
    let mixed = key.iter().fold(0_u64, |mixed, part| {
        (mixed.rotate_left(23) ^ *part).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    usize::try_from(mixed >> (64 - BITS)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::model::{SHIPPED, Work};
    use super::super::run::Scope;
    use super::super::sums::Rows;
    use super::*;

    /// Planted fault that this caught: keys without the second word behind.
    #[test]
    fn what_was_thought_lately_is_what_is_thought() {
        let words = [
            "Etter", "ETTER", "Myrvang", "Kari", "Oslo", "Frank", "Bordet",
        ];
        let before = ["", "Nei. ", "sier ", "sa at ", "Hilsen\n", "«", "navn: "];
        let after = [
            "",
            " sier",
            " sier at",
            " og Per",
            ".",
            ", 45 år",
            " gikk hjem",
        ];
        let (mut work, mut run) = (Work::default(), Run::default());
        let (mut scores, mut rows, mut space) = (Vec::new(), Rows::default(), Space::default());
        for round in 0..3 {
            for (at, word) in (0..7 * 7 * 7).map(|at| (at, words[at % 7])) {
                let (before, after) = (before[at / 7 % 7], after[at / 49]);
                let text = format!("{before}{word}{after}");
                let scope = Scope::of_text(&text);
                assert!(run.read(&scope, before.len()));
                run.look_around(&scope);
                SHIPPED.weigh(&run, &mut work);
                SHIPPED.infer(&run, (&mut scores, &mut rows), &mut space);
                let bits = |space: &Space| {
                    let likely = space.likely.iter().map(|likely| likely.map(f32::to_bits));
                    (likely.collect::<Vec<_>>(), space.best.clone())
                };
                assert_eq!(bits(&work.space), bits(&space), "{text} in round {round}");
            }
        }
    }
}
