//! Why a finding was made, in words for a person. JSON and sheets keep the fixed words of
//! [`Evidence::as_str`].

use crate::model::{Evidence, Lang};

/// Declares what each reason says in Bokmål, Nynorsk and English.
macro_rules! reasons {
    ($($reason:ident: $nb:literal, $nn:literal, $en:literal;)+) => {
        /// The reason as a phrase in a language.
        #[must_use]
        pub fn in_words(reason: Evidence, lang: Lang) -> &'static str {
            match (reason, lang) {
                $((Evidence::$reason, Lang::Nb) => $nb,
                (Evidence::$reason, Lang::Nn) => $nn,
                (Evidence::$reason, Lang::En) => $en,)+
            }
        }
    };
}

reasons! {
    Checksum: "kontrollsifrene stemmer", "kontrollsiffera stemmer", "its control digits are right";
    Rule2032: "stemmer bare med regelen fra 2032", "stemmer berre med regelen frå 2032", "right only by the rule from 2032";
    Date: "datoen finnes", "datoen finst", "its date exists";
    Grouping: "skrevet i de vanlige gruppene", "skrive i dei vanlege gruppene", "written in the usual groups";
    Label: "en ledetekst foran sier det", "ein leietekst føre seier det", "a label before it says so";
    ContextWord: "et ord i nærheten taler for det", "eit ord i nærleiken talar for det", "a word near it speaks for it";
    NegativeWord: "et ord i nærheten taler for noe annet", "eit ord i nærleiken talar for noko anna", "a word near it speaks for something else";
    Header: "overskriften sier det", "overskrifta seier det", "its header says so";
    OtherHeader: "overskriften sier noe annet", "overskrifta seier noko anna", "its header says something else";
    WholeCell: "fyller hele cellen", "fyller heile cella", "fills its cell";
    ColumnPasses: "nesten hele kolonnen er slik", "nesten heile kolonnen er slik", "nearly all of the column is so";
    ColumnFails: "bare litt av kolonnen er slik", "berre litt av kolonnen er slik", "little of the column is so";
    Prefix: "har sitt eget prefiks", "har sitt eige prefiks", "has its own prefix";
    Register: "står i et register", "står i eit register", "stands in a register";
    FirstName: "fornavn på lista", "førenamn på lista", "a first name of the list";
    Surname: "etternavn på lista", "etternamn på lista", "a surname of the list";
    NameShape: "ser ut som et navn", "ser ut som eit namn", "looks like a name";
    Synthetic: "syntetisk: tilhører ingen", "syntetisk: høyrer ingen til", "synthetic: belongs to nobody";
    Documentation: "reservert for eksempler", "reservert for døme", "reserved for examples";
    Role: "en rolle eller et foretak", "ei rolle eller eit føretak", "a role or a company";
    FutureBirth: "født i framtida", "fødd i framtida", "born in the future";
    NoCentury: "løpenummeret hører ikke til noe århundre", "løpenummeret høyrer ikkje til noko hundreår", "its serial belongs to no century";
    Joined: "satt sammen av flere deler", "sett saman av fleire delar", "joined from parts";
    LeadingZero: "nullen foran er satt inn igjen", "nullen føre er sett inn att", "its leading zero was put back";
    OddForm: "uvanlig skrivemåte", "uvanleg skrivemåte", "an unusual form";
    PersonNear: "en person er i nærheten", "ein person er i nærleiken", "a person is near";
    Overlap: "teksten passer bedre som noe annet", "teksten passar betre som noko anna", "the text is a better match of something else";
    Density: "mange slike tall her: tilfeldig treff", "mange slike tal her: tilfeldig treff", "many such numbers here: chance";
    InName: "står i navn eller sti", "står i namn eller stig", "stands in the name or path";
    OwnContact: "virksomhetens egen kontakt", "verksemda sin eigen kontakt", "the organisation's own contact";
    StreetForm: "skrevet som en gate med nummer", "skrive som ei gate med nummer", "written as a street with a number";
    OwnPattern: "et eget mønster", "eit eige mønster", "a pattern of your own";
    Dismissed: "avvist av en person", "avvist av ein person", "dismissed by a person";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_of_its_own() {
        for lang in Lang::ALL {
            let mut seen: Vec<_> = Evidence::ALL
                .iter()
                .map(|one| in_words(*one, lang))
                .collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), Evidence::ALL.len());
        }
    }
}
