//! Words of special categories in running text: with a person near, and without any.

use sporhund::classify::{Classes, Classified, Folder, Options};
use sporhund::detect::{Cut, SampleWish, Scanner};
use sporhund::model::{Category, Confidence, DigestKey};

fn classified(text: &str) -> Classified {
    let scanner = Scanner::new(DigestKey::new([5; 16]), [].into());
    let mut folder = Folder::new(Options {
        samples: 1,
        keep_hits: true,
    });
    folder.fold(scanner.sight(&Cut::of_text(text), SampleWish::All));
    folder.finish("notat.txt", &Classes::default())
}

/// The special words of a text with their levels.
fn words(text: &str) -> Vec<(&str, Confidence)> {
    let hits = classified(text).hits.into_iter();
    let special = hits.filter(|hit| hit.kind.category == Category::Special);
    let at = |byte: u64| usize::try_from(byte).unwrap();
    special
        .map(|hit| {
            let word = text.get(at(hit.start)..at(hit.end)).unwrap();
            (word, hit.confidence)
        })
        .collect()
}

#[test]
fn prose_without_persons_yields_nothing_above_low() {
    let texts = [
        "Sykefraværet i kommunen gikk ned i fjor. Tillitsvalgte og ledelsen har hatt to dialogmøter om \
         helse og arbeidsmiljø, og bedriften vil tilrettelegge bedre for gravide.",
        "Kreft er en fellesnevner for mange sykdommer. Forskere bruker genetiske data for å forstå hvorfor \
         noen får diabetes, og hvilken medisin som virker.",
        "Ved fråvær over tre dagar skal den tilsette levere sjukmelding. Kven som helst kan be om råd hos \
         fastlege eller tillitsvald, på same måten som før.",
        "The policy covers discrimination by religion, ethnicity, trade union membership, political \
         opinion and sexual orientation. A criminal record does not exclude an applicant.",
        "Kommunen tar imot flyktninger, og menigheten låner ut lokaler. Arbeiderpartiet og Senterpartiet \
         stemte for budsjettet; straffesaken mot entreprenøren er henlagt.",
    ];
    for text in texts {
        let words = words(text);
        assert!(!words.is_empty(), "{text}");
        assert!(
            words.iter().all(|(_, level)| *level == Confidence::Low),
            "{words:?}"
        );
    }
}

#[test]
fn lookalikes_are_no_words_even_near_a_person() {
    let texts = [
        "Hilsen Kari Nordmann: vi må samle kreftene, sving til høyre og gå den same vegen. Muren kan rase.",
        "Til kari.nordmann@firma.no: filen er konvertert, attest på faktura og behandling av søknaden følger.",
        "Ola Hansen kan delta og er parat til rehabilitering av taket. Konfirmasjon på ordren kommer.",
        "Kari Kristensen og Samer Ali ser på bipolare transistorer og en genetisk algoritme.",
    ];
    for text in texts {
        assert_eq!(words(text), [], "{text}");
    }
}

#[test]
fn a_person_near_raises_a_word() {
    let text = "Notat om Kari Nordmann: hun er sykmeldt, og er medlem av LO.";
    let expected = [
        ("sykmeldt", Confidence::High),
        ("medlem av LO", Confidence::Medium),
    ];
    assert_eq!(words(text), expected);
}
