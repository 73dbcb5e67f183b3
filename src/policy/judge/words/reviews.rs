//! The words of why a person must look.

use super::verdict;
use crate::model::Lang;
use crate::policy::judge::step::Review;
use crate::policy::verdict::Verdict;

pub(in crate::policy::judge) fn review(review: &Review, lang: Lang) -> String {
    match lang {
        Lang::Nb => review_bokmal(review),
        Lang::Nn => review_nynorsk(review),
        Lang::En => review_english(review),
    }
}

fn review_english(review: &Review) -> String {
    match review {
        Review::RoleUnknown => {
            "role unknown: nobody has said whether this is our data or a customer's".into()
        }
        Review::NoPurpose => "no purpose: no stated purpose covers this document".into(),
        Review::NoRule { purpose } => {
            format!("policy silent: no rule says when the purpose `{purpose}` ends")
        }
        Review::NoRuleLeft { event } => {
            format!("`{event}` is registered, and no rule says what follows")
        }
        Review::NeverRegistered { rule, period } => format!(
            "{rule}: the document is older than {period} and the trigger was never registered"
        ),
        Review::NoKeepDate { rule } => {
            format!("{rule}: document date unknown for a legal keep period")
        }
        Review::NoDate { rule } => {
            format!("{rule}: document date unknown, and the rule counts from it")
        }
        Review::OpenConsent { rule } => format!("{rule}: consent without an end date"),
        Review::ShorterPromise { rule, period } => format!(
            "{rule}: the data was collected under a promise of {period}, and no notice of the \
             longer period is registered"
        ),
        Review::KeepOver { rule, on } => {
            format!("{rule}: the keep period ended {on}, and no rule says what follows")
        }
        Review::Asked { rule, kind, on } => format!("{rule}: `{kind}` {on}, a person decides"),
        Review::Mixed { counts } => {
            format!(
                "mixed subjects in one document: {}",
                counted(counts, Lang::En)
            )
        }
        Review::DateUncertain { .. } => date_uncertain(review, Lang::En),
        Review::ClassUncertain { certainty, needed } => {
            format!("doubtful class: class certainty {certainty:.2} is below {needed:.2}")
        }
        Review::Truncated => "truncated: the document was not read to its end".into(),
        Review::OutcomeUnknown => {
            "outcome unknown: the applicant list does not say whether this applicant was hired"
                .into()
        }
        Review::Content {
            rule,
            title,
            findings,
        } => {
            format!("{rule}: {} ({})", title.en, findings.join(", "))
        }
        Review::HoldToBeLookedAt { rule, until } => {
            format!("{rule}: the hold was to be looked at by {until}")
        }
        Review::Overdue { due } => format!("request overdue, due {due}"),
        Review::NoRequest { rule, event } => {
            format!("{rule}: no `{event}` in the register, so no time runs")
        }
    }
}

fn review_bokmal(review: &Review) -> String {
    match review {
        Review::RoleUnknown => {
            "ukjent rolle: ingen har sagt om dataene er våre eller en kundes".into()
        }
        Review::NoPurpose => "intet oppgitt formål dekker dokumentet".into(),
        Review::NoRule { purpose } => format!("ingen regel sier når formålet `{purpose}` slutter"),
        Review::NoRuleLeft { event } => {
            format!("`{event}` er registrert, og ingen regel sier hva som følger")
        }
        Review::NeverRegistered { rule, period } => {
            format!("{rule}: dokumentet er eldre enn {period}, og hendelsen ble aldri registrert")
        }
        Review::NoKeepDate { rule } => {
            format!(
                "{rule}: dokumentets dato er ukjent, og en lovpålagt oppbevaring teller fra den"
            )
        }
        Review::NoDate { rule } => {
            format!("{rule}: dokumentets dato er ukjent, og regelen teller fra den")
        }
        Review::OpenConsent { rule } => {
            format!("{rule}: samtykke uten sluttdato")
        }
        Review::ShorterPromise { rule, period } => format!(
            "{rule}: opplysningene ble samlet inn under et løfte om {period}, og det er ikke \
             registrert varsel om den lengre fristen"
        ),
        Review::KeepOver { rule, on } => {
            format!("{rule}: oppbevaringstiden gikk ut {on}, og ingen regel sier hva som følger")
        }
        Review::Asked { rule, kind, on } => format!("{rule}: `{kind}` {on}, et menneske avgjør"),
        Review::Mixed { counts } => {
            format!(
                "ulike svar for personene i dokumentet: {}",
                counted(counts, Lang::Nb)
            )
        }
        Review::DateUncertain { .. } => date_uncertain(review, Lang::Nb),
        Review::ClassUncertain { certainty, needed } => {
            format!("usikker klasse: sikkerheten {certainty:.2} er under {needed:.2}")
        }
        Review::Truncated => "dokumentet ble ikke lest til slutten".into(),
        Review::OutcomeUnknown => {
            "ukjent utfall: søkerlisten sier ikke om denne søkeren ble ansatt".into()
        }
        Review::Content {
            rule,
            title,
            findings,
        } => {
            format!("{rule}: {} ({})", title.nb, findings.join(", "))
        }
        Review::HoldToBeLookedAt { rule, until } => {
            format!("{rule}: sperren skulle vurderes innen {until}")
        }
        Review::Overdue { due } => format!("henvendelsen er ikke besvart, fristen var {due}"),
        Review::NoRequest { rule, event } => {
            format!("{rule}: ingen `{event}` i registeret, så ingen frist løper")
        }
    }
}

fn review_nynorsk(review: &Review) -> String {
    match review {
        Review::RoleUnknown => {
            "ukjend rolle: ingen har sagt om dataa er våre eller ein kunde sine".into()
        }
        Review::NoPurpose => "ikkje noko oppgitt føremål dekkjer dokumentet".into(),
        Review::NoRule { purpose } => {
            format!("ingen regel seier når føremålet `{purpose}` sluttar")
        }
        Review::NoRuleLeft { event } => {
            format!("`{event}` er registrert, og ingen regel seier kva som følgjer")
        }
        Review::NeverRegistered { rule, period } => {
            format!("{rule}: dokumentet er eldre enn {period}, og hendinga vart aldri registrert")
        }
        Review::NoKeepDate { rule } => format!(
            "{rule}: datoen til dokumentet er ukjend, og ei lovpålagd oppbevaring tel frå han"
        ),
        Review::NoDate { rule } => {
            format!("{rule}: datoen til dokumentet er ukjend, og regelen tel frå han")
        }
        Review::OpenConsent { rule } => format!("{rule}: samtykke utan sluttdato"),
        Review::ShorterPromise { rule, period } => format!(
            "{rule}: opplysningane vart samla inn under ein lovnad om {period}, og det er ikkje \
             registrert varsel om den lengre fristen"
        ),
        Review::KeepOver { rule, on } => {
            format!("{rule}: oppbevaringstida gjekk ut {on}, og ingen regel seier kva som følgjer")
        }
        Review::Asked { rule, kind, on } => format!("{rule}: `{kind}` {on}, eit menneske avgjer"),
        Review::Mixed { counts } => format!(
            "ulike svar for personane i dokumentet: {}",
            counted(counts, Lang::Nn)
        ),
        Review::DateUncertain { .. } => date_uncertain(review, Lang::Nn),
        Review::ClassUncertain { certainty, needed } => {
            format!("usikker klasse: tryggleiken {certainty:.2} er under {needed:.2}")
        }
        Review::Truncated => "dokumentet vart ikkje lese til slutten".into(),
        Review::OutcomeUnknown => {
            "ukjent utfall: søkjarlista seier ikkje om denne søkjaren vart tilsett".into()
        }
        Review::Content {
            rule,
            title,
            findings,
        } => format!("{rule}: {} ({})", title.nb, findings.join(", ")),
        Review::HoldToBeLookedAt { rule, until } => {
            format!("{rule}: sperra skulle vurderast innan {until}")
        }
        Review::Overdue { due } => format!("førespurnaden er ikkje svara på, fristen var {due}"),
        Review::NoRequest { rule, event } => {
            format!("{rule}: ingen `{event}` i registeret, så ingen frist går")
        }
    }
}

fn date_uncertain(review: &Review, lang: Lang) -> String {
    let Review::DateUncertain {
        early,
        late,
        first,
        last,
    } = review
    else {
        return String::new();
    };
    let (early, late) = (verdict(*early, lang), verdict(*late, lang));
    match (lang, first) {
        (Lang::En, Some(first)) => format!(
            "date uncertain: {early} if the document is from {first}, {late} if from {last}"
        ),
        (Lang::En, None) => format!(
            "date uncertain: {early} if the document is far older than its file time, {late} if \
             from {last}"
        ),
        (Lang::Nn, Some(first)) => {
            format!("usikker dato: {early} om dokumentet er frå {first}, {late} om frå {last}")
        }
        (Lang::Nn, None) => format!(
            "usikker dato: {early} om dokumentet er langt eldre enn filtida, {late} om frå {last}"
        ),
        (Lang::Nb, Some(first)) => {
            format!("usikker dato: {early} om dokumentet er fra {first}, {late} om fra {last}")
        }
        (Lang::Nb, None) => format!(
            "usikker dato: {early} om dokumentet er langt eldre enn filtiden, {late} om fra {last}"
        ),
    }
}

fn counted(counts: &[(Verdict, usize)], lang: Lang) -> String {
    let each = counts
        .iter()
        .map(|(shown, n)| format!("{n} {}", verdict(*shown, lang)));
    each.collect::<Vec<_>>().join(", ")
}
