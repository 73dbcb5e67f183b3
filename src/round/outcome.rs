//! What became of an application, and the words that recruitment systems have for it.

/// What became of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Got the post.
    Hired,
    /// Was interviewed, and did not get it.
    Interviewed,
    /// Was turned down.
    Rejected,
    /// Withdrew.
    Withdrawn,
    /// Nobody knows: the list says nothing that is understood, or two things. Nothing of the person's is
    /// planned.
    Unknown,
}

/// Each outcome with the words that mean it, the one of `rounds.csv` first.
const WORDS: &[(Outcome, &[&str])] = &[
    (
        Outcome::Hired,
        &[
            "hired",
            "ansatt",
            "tilsatt",
            "tilsett",
            "fikk jobben",
            "fikk stillingen",
            "fekk stillinga",
            "takket ja",
            "takka ja",
            "takket ja til tilbud",
            "tilbud akseptert",
            "appointed",
            "offer accepted",
        ],
    ),
    (
        Outcome::Interviewed,
        &[
            "interviewed",
            "intervjuet",
            "intervjua",
            "intervju",
            "innkalt til intervju",
            "innkalla til intervju",
            "avslag etter intervju",
            "innstilt",
            "interview",
            "rejected after interview",
        ],
    ),
    (
        Outcome::Rejected,
        &[
            "rejected",
            "avslag",
            "avslått",
            "avvist",
            "avslag sendt",
            "ikke aktuell",
            "ikkje aktuell",
            "ikke innkalt",
            "ikkje innkalla",
            "ikke kvalifisert",
            "ikkje kvalifisert",
            "ikke ansatt",
            "ikke tilsatt",
            "ikkje tilsett",
            "not selected",
            "unsuccessful",
        ],
    ),
    (
        Outcome::Withdrawn,
        &[
            "withdrawn",
            "trukket",
            "trekt",
            "trakk seg",
            "trekte seg",
            "trukket seg",
            "har trukket seg",
            "trukket søknad",
            "trukket søknaden",
            "trekt søknad",
            "søknad trukket",
            "søknad trekt",
            "søker trukket",
            "takket nei",
            "takka nei",
            "withdrew",
            "offer declined",
        ],
    ),
    (Outcome::Unknown, &["unknown", "ukjent"]),
];

impl Outcome {
    /// The word in `rounds.csv`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hired => "hired",
            Self::Interviewed => "interviewed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome that a word of a recruitment system means, whatever its case and blanks.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = plain(word);
        let found = WORDS
            .iter()
            .find(|(_, words)| words.contains(&word.as_str()));
        found.map(|(outcome, _)| *outcome)
    }
}

/// A word of an organisation's own, and the outcome that it means there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWord {
    word: String,
    outcome: Outcome,
}

impl OwnWord {
    /// Reads `WORD=OUTCOME`.
    ///
    /// # Errors
    /// A sentence where there is no word, or the outcome is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (word, outcome) = text
            .rsplit_once('=')
            .ok_or("it is not `WORD=OUTCOME`, such as `Sluttført=rejected`")?;
        let word = plain(word);
        if word.is_empty() {
            return Err("there is no word before `=`".to_owned());
        }
        let outcome = Outcome::parse(outcome)
            .ok_or("the outcome is none of `hired`, `interviewed`, `rejected`, `withdrawn`")?;
        Ok(Self { word, outcome })
    }

    /// The outcome of a word: as the organisation's own words say, or as they are commonly meant.
    pub(super) fn outcome(own: &[Self], word: &str) -> Option<Outcome> {
        let plain = plain(word);
        let known = own.iter().find(|own| own.word == plain);
        known.map_or_else(|| Outcome::parse(word), |own| Some(own.outcome))
    }
}

fn plain(word: &str) -> String {
    let words: Vec<&str> = word.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_means_one_outcome_and_the_first_is_our_own() {
        for (outcome, words) in WORDS {
            assert_eq!(words[0], outcome.as_str());
            for word in *words {
                assert_eq!(Outcome::parse(word), Some(*outcome), "{word}");
            }
        }
        assert_eq!(
            Outcome::parse(" Trukket  søknad "),
            Some(Outcome::Withdrawn)
        );
        for word in ["", "kanskje", "ansatt?", "ikke"] {
            assert_eq!(Outcome::parse(word), None, "{word}");
        }
    }

    #[test]
    fn an_organisation_has_words_of_its_own() {
        let own = [OwnWord::parse("Ferdig behandlet = avslag").unwrap()];
        let outcome = |word| OwnWord::outcome(&own, word);
        assert_eq!(outcome("ferdig  Behandlet"), Some(Outcome::Rejected));
        assert_eq!(outcome("ansatt"), Some(Outcome::Hired));
        for text in ["Ferdig", "=hired", "Ferdig=noe"] {
            assert!(OwnWord::parse(text).is_err(), "{text}");
        }
    }
}
