//! The words that speak of special categories of data (GDPR art. 9) and of criminal matters
//! (art. 10), in Bokmål, Nynorsk and English.
//!
//! Sources: the categories are those of Regulation (EU) 2016/679 art. 9 (1) and 10; the words are
//! the project's own collection from the vocabulary of Norwegian personnel work, the parties and
//! unions by their registered names. The weight is 3 where the word hardly means anything else, 2
//! where it often does, and 1 where it only supports another. Words of weight 0 look like one of
//! the others and are none: *krefter* are forces, and Kristensen is a name.
//!
//! Left out on purpose, since they are ordinary words of the language: *same*, *kven* (Nynorsk for
//! who), *rase*, *abort* (a program does so too), *høyre*, *venstre*, *rødt*, *delta* and *parat*
//! without *medlem* before them, *konvertert* without a faith, *attest* and *behandling* alone.

mod a_to_k;
mod l_to_z;

use super::terms::Term;

/// All terms, sorted by their bytes.
pub(super) const TERMS: [&[Term]; 2] = [a_to_k::TERMS, l_to_z::TERMS];
