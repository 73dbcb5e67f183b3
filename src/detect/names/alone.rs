//! Sums of weights of words by themselves, of those that were weighed lately: a third of the rows of a
//! word are the same wherever it stands.

use std::cell::RefCell;

use super::features;
use super::model::Stage;
use super::sums::Sums;
use super::word::Token;

/// Binary digits of the number of words whose sums are remembered.
const BITS: u32 = 11;

thread_local! {
    static SUMS: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
}

/// The sums of one word in one stage; the stage 0 is none.
#[derive(Clone, Copy, Default)]
struct Slot {
    stage: u32,
    word: u64,
    sums: Sums,
}

/// The sums of the rows that `token` has wherever it stands.
pub(super) fn sums(stage: &Stage, token: &Token) -> Sums {
    let word = features::whole(token);
    SUMS.with_borrow_mut(|slots| {
        if slots.is_empty() {
            slots.resize(1 << BITS, Slot::default());
        }
        let home = usize::try_from(word >> (64 - BITS)).unwrap_or(0);
        let Some(slot) = slots.get_mut(home) else {
            return Sums::default();
        };
        if slot.stage != stage.number || slot.word != word {
            let mut sums = Sums::default();
            features::of_the_word(token, &mut |row| sums.add(stage.row(row)));
            *slot = Slot {
                stage: stage.number,
                word,
                sums,
            };
        }
        slot.sums
    })
}
