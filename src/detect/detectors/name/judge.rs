//! From the labels of a run to names with their levels and reasons.

use std::ops::Range;

use super::context::{self, Announced, Made, Scope};
use super::glimpse::{Glimpse, Near};
use super::mistaken;
use super::surroundings;
use super::{in_order, words};
use crate::detect::gazetteer::Lists;
use crate::detect::names::document::Thought;
use crate::detect::names::word::{Sort, shape};
use crate::detect::names::{Scores, label};
use crate::model::{Confidence, Evidence, EvidenceSet};

/// From this likelihood on, a first name with a surname is `high`.
const CERTAIN: f32 = 0.9;
/// From this likelihood on, a word of a list of names is worth mentioning at `low`.
const MENTION: f32 = 0.12;

/// A name.
pub(in crate::detect) struct Found {
    /// First byte, from the begin of the glimpse's kept text.
    pub(in crate::detect) span: Range<usize>,
    pub(in crate::detect) confidence: Confidence,
    pub(in crate::detect) evidence: EvidenceSet,
    pub(in crate::detect) canonical: String,
}

impl Near {
    /// The matched text.
    pub(in crate::detect) fn matched(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// How many bytes after the run's first byte the span begins.
    pub(in crate::detect) fn past_start(&self, span: &Range<usize>) -> usize {
        let start = self.places.first().map_or(0, |place| place.start);
        span.start.saturating_sub(start)
    }
}

/// The names in a run whose words have these labels and likelihoods.
pub(in crate::detect) fn judge(glimpse: &Glimpse, best: &[usize], likely: &[Scores]) -> Vec<Found> {
    let Some(near) = &glimpse.near else {
        return Vec::new();
    };
    let judging = Judging { near, thoughts: &glimpse.thoughts, likely };
    let mut found = Vec::new();
    if let Some(name) = judging.surname_first() {
        found.push(name);
        return found;
    }
    for tokens in spans(best) {
        found.extend(judging.name(tokens, true));
    }
    if found.is_empty() {
        found.extend(judging.announced().or_else(|| judging.speaks()).or_else(|| judging.follows_given()));
    }
    if found.is_empty() {
        found.extend(judging.mentioned().or_else(|| judging.joined()));
    }
    found
}

/// The stretches of words that are labelled as names.
fn spans(labels: &[usize]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        match (*label, spans.last_mut()) {
            (label::BEGIN, _) => spans.push(at..at + 1),
            (label::INSIDE, Some(span)) => span.end = at + 1,
            _ => {}
        }
    }
    spans
}

pub(super) struct Judging<'a> {
    pub(super) near: &'a Near,
    pub(super) thoughts: &'a [Thought],
    likely: &'a [Scores],
}

impl Judging<'_> {
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope { text: &self.near.text }
    }

    /// The words `tokens` as a name; `sure` where the model says so.
    fn name(&self, tokens: Range<usize>, sure: bool) -> Option<Found> {
        let (tokens, greeted) = self.without_greeting(self.without_small_word(self.with_initials(tokens)));
        let tokens = self.without_acronym(self.without_label(tokens));
        let places = self.near.places.get(tokens.clone())?;
        let span = places.first()?.start..places.last()?.end;
        let thoughts = self.thoughts.get(tokens.clone())?;
        let likelihoods = self.likely.get(tokens)?;
        let scope = self.scope();
        let announced = context::announced(&scope, span.start).max(greeted);
        if self.is_mistaken(&span, thoughts, announced) {
            return None;
        }
        let made = context::made(&scope, span.start, span.end);
        let any = |list| thoughts.iter().any(|thought| thought.lists.meets(list));
        let (first, last) = (any(Lists::ANY_FIRST), any(Lists::ANY_LAST));
        let several = thoughts.len() > 1;
        let lowest = likelihoods.iter().map(person).fold(1.0, f32::min);
        let labelled = announced > Announced::No;
        let alone = thoughts.first().filter(|_| !several && announced < Announced::Surely);
        let english = alone.is_some_and(|thought| mistaken::is_english(&scope, (span.start, span.end), thought));
        // Unless it surely is one elsewhere in the object.
        if lowest < CERTAIN && alone.is_some_and(|thought| mistaken::begins_common(&scope, span.start, thought)) {
            return None;
        }
        let confidence = match made {
            Made::Company if several || first => Confidence::Low,
            Made::Company | Made::Thing => return None,
            Made::Nothing if !thoughts.iter().any(bears_a_name) => return None,
            Made::Nothing if english || !labelled && surroundings::are_foreign(&scope, &span, thoughts) => Confidence::Low,
            Made::Nothing if labelled && (first || last) => Confidence::High,
            Made::Nothing if several && first && lowest >= CERTAIN => Confidence::High,
            Made::Nothing if sure || labelled => Confidence::Medium,
            Made::Nothing => Confidence::Low,
        };
        let evidence = EvidenceSet::EMPTY
            .with_if(first, Evidence::FirstName)
            .with_if(last, Evidence::Surname)
            .with_if(sure, Evidence::NameShape)
            .with_if(labelled, Evidence::Label)
            .with_if(self.fills(&span), Evidence::WholeCell);
        let canonical = self.canonical(&span, thoughts);
        let end = span.end + context::genitive_mark(&scope, &span);
        Some(Found { canonical, span: span.start..end, confidence, evidence })
    }

    /// Whether the words are none of a name by what they are or stand beside; a label that only names follow
    /// is believed.
    fn is_mistaken(&self, span: &Range<usize>, thoughts: &[Thought], announced: Announced) -> bool {
        let (scope, name) = (self.scope(), self.near.matched(span));
        let alone = || match thoughts {
            [thought] => mistaken::alone(&scope, (span.start, span.end), thought),
            _ => false,
        };
        let counted = thoughts.first().is_some_and(|first| mistaken::is_counted(&scope, span.start, first));
        let doubtful = announced < Announced::Surely;
        counted
            || mistaken::is_lettered(thoughts)
            || mistaken::is_identifier(&scope, (span.start, span.end), thoughts)
            || mistaken::names_program(&scope, span.start)
            || doubtful && (alone() || mistaken::is_territory(name) || mistaken::is_nobody(name))
    }

    /// The words after a small word that stands inside of names only: `Opptatt av T.Rønning`.
    fn without_small_word(&self, tokens: Range<usize>) -> Range<usize> {
        let place = self.near.places.get(tokens.start);
        let small = place.is_some_and(|place| ["av", "den", "du", "da", "del"].contains(&self.near.matched(place)));
        if small { tokens.start + 1..tokens.end } else { tokens }
    }

    /// The words without what follows in capitals and is in no list: `Kari_Nordmann_CV`.
    fn without_acronym(&self, tokens: Range<usize>) -> Range<usize> {
        let own = self.thoughts.get(tokens.clone()).unwrap_or_default();
        let capitals = |thought: &Thought| thought.shape & shape::CAPITALS != 0;
        match own {
            [first, _, .., last] if capitals(last) && !capitals(first) => {
                let names = Lists::ANY_FIRST.union(Lists::ANY_LAST);
                if last.lists.meets(names) { tokens } else { tokens.start..tokens.end - 1 }
            }
            _ => tokens,
        }
    }

    /// The words with the initials right before them: `T. Wold-Moan`.
    fn with_initials(&self, tokens: Range<usize>) -> Range<usize> {
        let before = self.thoughts.get(..tokens.start).unwrap_or_default();
        let initial = |thought: &&Thought| thought.sort == Sort::Initial && thought.shape & shape::STOP != 0;
        tokens.start - before.iter().rev().take_while(initial).count()..tokens.end
    }

    /// The words after a greeting or a form of address that the run begins with.
    fn without_greeting(&self, tokens: Range<usize>) -> (Range<usize>, Announced) {
        let end = self.near.places.get(tokens.end.saturating_sub(1)).map_or(0, |place| place.end);
        let scope = self.scope();
        let after = scope.after(end);
        let is_address = |at: usize| {
            let place = self.near.places.get(at);
            place.is_some_and(|place| {
                let lower = words::lowered(self.near.matched(place));
                context::is_address(&lower) || tokens.len() > 1 && mistaken::asks(&lower, after)
            })
        };
        let start = tokens.clone().find(|at| !is_address(*at)).unwrap_or(tokens.end);
        let greeted = start > 0 && is_address(start - 1);
        let announced = if greeted { Announced::Perhaps } else { Announced::No };
        (start..tokens.end, announced)
    }

    /// The words without the label of what follows: `Kari Hansen Adresse: …`. A surname may stand there
    /// too, before what somebody said; it is in the lists, or all that there is.
    fn without_label(&self, tokens: Range<usize>) -> Range<usize> {
        let Some(last) = tokens.end.checked_sub(1).filter(|last| *last > tokens.start) else {
            return tokens;
        };
        let (Some([first, rest @ ..]), Some(thought), Some(place)) =
            (self.thoughts.get(tokens.start..last), self.thoughts.get(last), self.near.places.get(last))
        else {
            return tokens;
        };
        let names = Lists::ANY_FIRST.union(Lists::ANY_LAST);
        let is_name = thought.lists.meets(names) && !words::is_only_word(thought.lists);
        let whole = first.lists.meets(Lists::ANY_FIRST) && rest.iter().any(|other| other.lists.meets(Lists::ANY_LAST));
        let labels = self.scope().after(place.end).starts_with(':');
        if labels && !is_name && (whole || !bears_a_name(thought)) { tokens.start..last } else { tokens }
    }

    pub(super) fn fills(&self, span: &Range<usize>) -> bool {
        let at = |byte: usize| self.near.base + byte as u64;
        self.near.cell.as_ref().is_some_and(|cell| at(span.start) <= cell.start && cell.end <= at(span.end))
    }

    /// The whole run after a label that only names follow, whatever the model says.
    fn announced(&self) -> Option<Found> {
        let places = &self.near.places;
        let start = places.first()?.start;
        let surely = context::announced(&self.scope(), start) == Announced::Surely;
        let fits = surely && places.len() <= 5 && self.thoughts.iter().any(bears_a_name);
        fits.then(|| self.name(0..places.len(), false))?
    }

    /// A first name between the time of a message and a colon, `[18:07] Aud: hei`, or between the begin of a line and
    /// a colon, where it is no common word.
    fn speaks(&self) -> Option<Found> {
        let ([place], [thought]) = (self.near.places.as_slice(), self.thoughts) else {
            return None;
        };
        let scope = self.scope();
        let before = scope.before(place.start);
        let timed = mistaken::ends_with_time(before);
        let begins = before.is_empty() || before.ends_with('\n');
        let says = || begins && !thought.lists.meets(Lists::ANY_WORD.union(Lists::PLACE));
        let speaks = scope.after(place.end).starts_with(':') && (timed || says());
        (speaks && thought.lists.meets(Lists::FIRST)).then(|| self.name(0..1, true))?
    }

    /// A surname in quotation marks behind a first name in its own: `'Heidi', 'Nordby'`.
    fn follows_given(&self) -> Option<Found> {
        let ([place], [thought]) = (self.near.places.as_slice(), self.thoughts) else {
            return None;
        };
        let scope = self.scope();
        let before = scope.before(place.start);
        let quote = before.chars().next_back().filter(|mark| matches!(mark, '\'' | '"'))?;
        let rest = before.strip_suffix(quote)?.trim_end_matches(' ').strip_suffix(',')?.strip_suffix(quote)?;
        let given = rest.rsplit(quote).next().filter(|given| given.starts_with(char::is_uppercase))?;
        let lists = words::lists(&words::lowered(given));
        let named = lists.meets(Lists::FIRST) && thought.lists.meets(Lists::LAST) && scope.after(place.end).starts_with(quote);
        named.then(|| self.name(0..1, true))?
    }

    /// Words of lists that may be a name after all.
    fn mentioned(&self) -> Option<Found> {
        let names = Lists::ANY_FIRST.union(Lists::ANY_LAST);
        let may = |at: &usize| {
            let likely = self.likely.get(*at).is_some_and(|likely| person(likely) >= MENTION);
            likely && self.thoughts.get(*at).is_some_and(|thought| thought.lists.meets(names))
        };
        let begin = (0..self.thoughts.len()).find(may)?;
        let end = (begin..self.thoughts.len()).take_while(may).last()? + 1;
        let plain = matches!(self.thoughts, [thought] if is_plain_first_name(thought)
            || thought.lists.meets(Lists::FIRST_COMMON) && self.is_inside());
        self.name(begin..end, plain || self.is_joined(begin..end))
    }

    /// A first name alone inside of a sentence, or that another one is joined to, however unlikely it is by itself.
    fn joined(&self) -> Option<Found> {
        let common = matches!(self.thoughts, [thought] if thought.lists.meets(Lists::FIRST_COMMON));
        let found = common && (self.is_joined(0..1) || self.is_inside());
        found.then(|| self.name(0..1, true))?
    }

    /// Whether a word that is no place stands alone behind one in small letters: inside of a sentence only names have
    /// a capital. Of two that are joined, as in `Dag og Tid`, it is one.
    fn is_inside(&self) -> bool {
        let ([place], [thought]) = (self.near.places.as_slice(), self.thoughts) else {
            return false;
        };
        let scope = self.scope();
        let (word, mark) = words::word_before(scope.before(place.start));
        let after = scope.after(place.end);
        let goes_on = after.strip_prefix(" og ").is_some_and(|rest| rest.starts_with(char::is_uppercase));
        mark == ' ' && word.starts_with(char::is_lowercase) && !goes_on && !thought.lists.meets(Lists::ANY_PLACE)
    }

    /// Whether another first name is joined to these words: `Leif og Bjørg`, `Stein, Dag og Solveig`. One of the
    /// two is no common word, or one stands on either side.
    fn is_joined(&self, tokens: Range<usize>) -> bool {
        let (Some(place), Some(last), Some(first)) =
            (self.near.places.get(tokens.start), self.near.places.get(tokens.end - 1), self.thoughts.get(tokens.start))
        else {
            return false;
        };
        let scope = self.scope();
        let beside = mistaken::joined(scope.before(place.start), scope.after(last.end));
        let beside: Vec<Lists> = beside.filter(|other| other.meets(Lists::FIRST)).collect();
        let proper = |other: &Lists| !(other.meets(Lists::WORD) && first.lists.meets(Lists::WORD));
        first.lists.meets(Lists::FIRST) && (beside.len() > 1 || beside.iter().any(proper))
    }

    /// Lower case, composed, single spaces, without a genitive s.
    fn canonical(&self, span: &Range<usize>, thoughts: &[Thought]) -> String {
        let mut canonical = in_order(self.near.matched(span));
        if thoughts.last().is_some_and(|thought| thought.shape & shape::GENITIVE != 0) {
            canonical.truncate(canonical.trim_end_matches(['s', '\'', '’']).len());
        }
        canonical
    }
}

/// Whether it is a first name that a thousand people in Norway have and nothing else: no word, and no place.
fn is_plain_first_name(thought: &Thought) -> bool {
    thought.lists.meets(Lists::FIRST_COMMON) && !thought.lists.meets(Lists::ANY_WORD.union(Lists::ANY_PLACE))
}

fn person(likely: &Scores) -> f32 {
    let [_, begin, inside, ..] = *likely;
    begin + inside
}

/// Whether the word can stand for a person, which common words, abbreviations and initials alone
/// cannot.
fn bears_a_name(thought: &Thought) -> bool {
    match thought.sort {
        Sort::Initial | Sort::Derived | Sort::Word | Sort::EnglishWord | Sort::Particle => false,
        Sort::Acronym => thought.person() > 0.5,
        Sort::FirstOrLast
        | Sort::First
        | Sort::FirstOrWord
        | Sort::Last
        | Sort::LastOrWord
        | Sort::LastOrPlace
        | Sort::ForeignFirst
        | Sort::RareFirst
        | Sort::ForeignLast
        | Sort::ForeignOrWord
        | Sort::Place
        | Sort::Unknown => true,
    }
}
