//! What is told of deeds, in Bokmål, Nynorsk and English: a line for each file, and the certificate.
//!
//! Why the rules or the plan forbid a deed comes in English.

use std::io::{self, Write};

use crate::deed::{Certificate, ItemState, Refused, Unwritable};
use crate::model::Lang;
use crate::report::escape::for_terminal;
use crate::report::plain;

/// A file that lies in quarantine already, under a receipt.
pub(super) fn already(shown: &str, receipt: &str, lang: Lang) -> String {
    let said = [
        format!("gjort  {shown}: er i karantene allerede ({receipt})"),
        format!("gjort  {shown}: er i karantene alt ({receipt})"),
        format!("done   {shown}: in quarantine already ({receipt})"),
    ];
    lang.pick(said)
}

/// A file that nothing was done with, and why.
pub(super) fn not(shown: &str, why: &Refused, lang: Lang) -> String {
    let word = lang.pick(["IKKE ", "IKKJE", "NOT  "]);
    format!("{word}  {shown}: {}", refused(why, lang))
}

fn refused(why: &Refused, lang: Lang) -> String {
    let [nb, nn] = match why {
        Refused::Gone => ["filen er borte", "fila er borte"],
        Refused::Link => [
            "en lenke, eller noe som ikke er en mappe, ligger på veien til den",
            "ei lenkje, eller noko som ikkje er ei mappe, ligg på vegen til ho",
        ],
        Refused::NoFile => [
            "det er ikke lenger en vanlig fil",
            "det er ikkje lenger ei vanleg fil",
        ],
        Refused::Changed => [
            "innholdet er endret siden skanningen; skann på nytt og lag en ny plan",
            "innhaldet er endra sidan skanninga; skann på nytt og lag ein ny plan",
        ],
        Refused::Outside => ["stien leder ut av roten", "stien leier ut av rota"],
        Refused::HardLinks => [
            "filen har flere navn (harde lenker): å flytte ett av dem sletter ingenting",
            "fila har fleire namn (harde lenkjer): å flytte eitt av dei slettar ingenting",
        ],
        Refused::InUse => [
            "filen er i bruk; lukk den og prøv igjen",
            "fila er i bruk; lat ho att og prøv igjen",
        ],
        Refused::Occupied => [
            "en annen fil ligger der den var; flytt den bort først",
            "ei anna fil ligg der ho var; flytt den bort først",
        ],
        Refused::NotInQuarantine => ["den er ikke i karantene", "ho er ikkje i karantene"],
        Refused::ChangedInQuarantine => [
            "innholdet ble endret i karantenen, så den blir liggende der",
            "innhaldet vart endra i karantenen, så ho blir liggjande der",
        ],
        Refused::Full => [
            "disken til karantenen er full",
            "disken til karantenen er full",
        ],
        Refused::ReadOnly(cause) => return unwritable(*cause, why, lang),
        Refused::NotPermitted(_) | Refused::System(_) => return why.to_string(),
    };
    lang.pick([nb.to_owned(), nn.to_owned(), why.to_string()])
}

fn unwritable(cause: Unwritable, why: &Refused, lang: Lang) -> String {
    let [nb, nn] = match cause {
        Unwritable::ReadOnly => ["skrivebeskyttet", "skriveverna"],
        Unwritable::NoPermission => ["ingen tilgang", "ingen tilgang"],
        Unwritable::NoFolder => ["mappen over den finnes ikke", "mappa over finst ikkje"],
    };
    lang.pick([
        format!("det går ikke å skrive til karantenen, eller til mappen til filen ({nb})"),
        format!("det går ikkje å skrive til karantenen, eller til mappa til fila ({nn})"),
        why.to_string(),
    ])
}

struct Words {
    receipt: &'static str,
    opened: &'static str,
    by: &'static str,
    plan: &'static str,
    journal: &'static str,
    lines: &'static str,
    counts: [&'static str; 4],
    approved: &'static str,
    unsound: &'static str,
    not_covered: &'static str,
    copies: [&'static str; 4],
    expires: &'static str,
    no_expiry: &'static str,
}

const BOKMAL: Words = Words {
    receipt: "kvittering",
    opened: "åpnet",
    by: "av",
    plan: "plan",
    journal: "journal",
    lines: "linjer, lenket til",
    counts: ["slettet", "i karantene", "lagt tilbake", "tapt"],
    approved: "godkjent av",
    unsound: "IKKE slik journalen sier",
    not_covered: "ikke dekket",
    copies: [
        "sikkerhetskopier",
        "øyeblikksbilder",
        "replikaer",
        "kopier utenfor de skannede røttene",
    ],
    expires: "sikkerhetskopier utløper etter",
    no_expiry: "ingen har sagt når de utløper",
};

const NYNORSK: Words = Words {
    receipt: "kvittering",
    opened: "opna",
    by: "av",
    plan: "plan",
    journal: "journal",
    lines: "linjer, lenkja til",
    counts: ["sletta", "i karantene", "lagt tilbake", "tapt"],
    approved: "godkjend av",
    unsound: "IKKJE slik journalen seier",
    not_covered: "ikkje dekt",
    copies: [
        "tryggingskopiar",
        "augneblinksbilete",
        "replikaer",
        "kopiar utanfor dei skanna røtene",
    ],
    expires: "tryggingskopiar går ut etter",
    no_expiry: "ingen har sagt når dei går ut",
};

const ENGLISH: Words = Words {
    receipt: "receipt",
    opened: "opened",
    by: "by",
    plan: "plan",
    journal: "journal",
    lines: "lines, chained to",
    counts: ["deleted", "in quarantine", "restored", "lost"],
    approved: "approved by",
    unsound: "NOT as the journal says",
    not_covered: "not covered",
    copies: [
        "backups",
        "snapshots",
        "replicas",
        "copies outside of the scanned roots",
    ],
    expires: "backups expire after",
    no_expiry: "nobody has said when they expire",
};

/// The certificate of a receipt as text.
///
/// # Errors
/// What the writer fails with.
pub(super) fn certificate(
    certificate: &Certificate,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let words = lang.pick([&BOKMAL, &NYNORSK, &ENGLISH]);
    let mut line = |label: &str, text: &str| writeln!(out, "{label:12} {text}");
    line(words.receipt, &certificate.receipt)?;
    let opened = format!(
        "{} {} {}",
        certificate.opened, words.by, certificate.account
    );
    line(words.opened, &opened)?;
    line(words.plan, &certificate.plan)?;
    let (lines, hash) = &certificate.journal;
    line(words.journal, &format!("{lines} {} {hash}", words.lines))?;
    let counts = [
        certificate.deleted,
        certificate.in_quarantine,
        certificate.restored,
        certificate.lost,
    ];
    let counts = words.counts.iter().zip(counts);
    let counts: Vec<String> = counts
        .map(|(word, count)| format!("{word} {count}"))
        .collect();
    writeln!(out, "{}", counts.join(" · "))?;
    for item in &certificate.items {
        let (rules, by) = (item.rules.join(", "), item.approved_by.join(", "));
        let (id, last, state) = (&item.item, &item.last, state(item.state, lang));
        let by = for_terminal(&by);
        write!(
            out,
            "  {id} {state:13} {last} {rules} {} {by}",
            words.approved
        )?;
        if !item.verified {
            write!(out, " ({})", words.unsound)?;
        }
        writeln!(out)?;
    }
    let expiry = certificate.not_covered.backup_expiry.as_deref();
    let expiry = expiry.map_or(words.no_expiry.to_owned(), |period| {
        format!("{} {}", words.expires, plain(period, lang))
    });
    let copies = words.copies.join(", ");
    writeln!(out, "{:12} {copies}; {expiry}", words.not_covered)
}

fn state(state: ItemState, lang: Lang) -> &'static str {
    let words = match state {
        ItemState::Undone => ["der den var", "der ho var", "where it was"],
        ItemState::Begun | ItemState::RestoreBegun | ItemState::PurgeBegun => {
            ["ikke ferdig", "ikkje ferdig", "not finished"]
        }
        ItemState::Quarantined => ["i karantene", "i karantene", "in quarantine"],
        ItemState::Restored => ["lagt tilbake", "lagt tilbake", "restored"],
        ItemState::Purged => ["slettet", "sletta", "deleted"],
        ItemState::Lost => ["tapt", "tapt", "lost"],
    };
    lang.pick(words)
}
