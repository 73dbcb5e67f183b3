//! How an object was tied to persons of an applicant list, in words.

use super::words;
use crate::model::Lang;
use crate::round::Attributed;

/// The line of an explanation that says to which round an object belongs that lies in no round's place; none of
/// its persons is named.
pub(super) fn line(known: &Attributed, lang: Lang) -> Option<String> {
    let round = known.process.as_ref().filter(|_| known.belongs)?;
    let by = known.matched.iter().flat_map(|matched| &matched.by);
    let by = by.map(|by| word(by, lang)).collect::<Vec<_>>().join(", ");
    Some(lang.pick([
        format!("  fordi     søkerlisten: hører til runden `{round}` ({by})"),
        format!("  fordi     søkjarlista: høyrer til runden `{round}` ({by})"),
        format!("  because   applicant list: belongs to the round `{round}` ({by})"),
    ]))
}

/// How an object was tied to a person, in words: a detector's value, or one of [`Matched::by`](crate::round::Matched::by).
#[must_use]
pub fn word(by: &str, lang: Lang) -> String {
    let texts = match by {
        "same content" => ("samme innhold", "same innhald"),
        "same values" => ("samme opplysninger", "same opplysningar"),
        "name only" => ("bare navnet", "berre namnet"),
        "outcome unknown" => ("utfallet er ukjent", "utfallet er ukjent"),
        _ => match (by.strip_prefix("alike "), lang) {
            (Some(share), Lang::Nb | Lang::Nn) => {
                return format!("lik tekst {}", share.replace('.', ","));
            }
            (Some(_), Lang::En) => return by.to_owned(),
            (None, _) => return words::detector(by, lang).to_owned(),
        },
    };
    match lang {
        Lang::Nb => texts.0.to_owned(),
        Lang::Nn => texts.1.to_owned(),
        Lang::En => by.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_told_in_words() {
        for (by, nb, en) in [
            ("email", "e-post", "e-mail"),
            ("alike 0.93", "lik tekst 0,93", "alike 0.93"),
            ("name only", "bare navnet", "name only"),
            ("own-detector", "own-detector", "own-detector"),
        ] {
            assert_eq!(word(by, Lang::Nb), nb);
            assert_eq!(word(by, Lang::En), en);
        }
    }
}
