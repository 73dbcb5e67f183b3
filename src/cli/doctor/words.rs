//! What `doctor` says, in Bokmål, Nynorsk and English. Refusals of other parts come in English.

use std::path::Path;

use super::{Check, State};
use crate::cli::config;
use crate::model::Lang;

pub(super) fn state(state: State, lang: Lang) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Note => lang.pick(["merk", "merk", "note"]),
        State::Fault => lang.pick(["feil", "feil", "fault"]),
    }
}

/// What was looked at, by its id.
pub(super) fn what(id: &'static str, lang: Lang) -> &'static str {
    let words = match id {
        "settings" => ["innstillinger", "innstillingar", id],
        "rules" => ["regler", "reglar", id],
        "site" => ["steder", "stader", id],
        "events" => ["hendelser", "hendingar", id],
        "key" => ["nøkkel", "nøkkel", id],
        "inventory" => ["inventar", "inventar", id],
        "latest scan" => ["siste skanning", "siste skanning", id],
        "root" => ["rot", "rot", id],
        "permissions" => ["tilganger", "tilgangar", id],
        "children" => ["leseprosesser", "leseprosessar", id],
        _ => [id; 3],
    };
    lang.pick(words)
}

fn note(what: &'static str, lang: Lang, said: [&str; 3], hint: [&str; 3]) -> Check {
    Check::note(what, lang.pick(said), lang.pick(hint))
}

pub(super) fn no_settings(lang: Lang) -> Check {
    let name = config::FILE_NAME;
    let said = [
        format!("ingen `{name}` her eller i en mappe over"),
        format!("ingen `{name}` her eller i ei mappe over"),
        format!("no `{name}` here or in a folder above"),
    ];
    let hint = [
        "`sporhund init STI` skriver en første",
        "`sporhund init STI` skriv ei første",
        "`sporhund init PATH` writes a first one",
    ];
    Check::note("settings", lang.pick(said), lang.pick(hint))
}

pub(super) fn no_rules(lang: Lang) -> Check {
    note(
        "rules",
        lang,
        [
            "ingen er oppgitt: en skanning finner, og vurderer ingenting",
            "ingen er oppgitte: ei skanning finn, og vurderer ingenting",
            "none are named: a scan finds, and judges nothing",
        ],
        [
            "`rules = [\"baseline-no-private\"]` i `sporhund.toml`, eller `--rules NAVN`",
            "`rules = [\"baseline-no-private\"]` i `sporhund.toml`, eller `--rules NAMN`",
            "`rules = [\"baseline-no-private\"]` in `sporhund.toml`, or `--rules NAME`",
        ],
    )
}

/// How many rules hold, and how many assumptions nobody has accepted.
pub(super) fn rules(count: usize, open: usize, lang: Lang) -> Check {
    let said = [
        format!("gjelder: {count}"),
        format!("gjeld: {count}"),
        format!("in force: {count}"),
    ];
    let said = lang.pick(said);
    if open == 0 {
        return Check::ok("rules", said);
    }
    let open = lang.pick([
        format!("antakelser som ingen har godtatt: {open}"),
        format!("føresetnader som ingen har godteke: {open}"),
        format!("assumptions that nobody has accepted: {open}"),
    ]);
    let hint = [
        "sett navn og dag på hver av dem: `sporhund rules check` viser dem",
        "set namn og dag på kvar av dei: `sporhund rules check` viser dei",
        "put a name and a day to each: `sporhund rules check` lists them",
    ];
    Check::note("rules", format!("{said}; {open}"), lang.pick(hint))
}

pub(super) fn site(zones: usize, lang: Lang) -> Check {
    if zones == 0 {
        return note(
            "site",
            lang,
            [
                "ingen er beskrevet: alle dokumenter må vurderes",
                "ingen er skildra: alle dokument må vurderast",
                "no place is described: all documents are to be reviewed",
            ],
            [
                "`sporhund site suggest` foreslår soner etter en skanning",
                "`sporhund site suggest` foreslår soner etter ei skanning",
                "`sporhund site suggest` proposes zones after a scan",
            ],
        );
    }
    let said = [
        format!("beskrevet: {zones}"),
        format!("skildra: {zones}"),
        format!("described places: {zones}"),
    ];
    Check::ok("site", lang.pick(said))
}

pub(super) fn events(rows: usize, refused: usize, lang: Lang) -> Check {
    let said = [
        format!("rader: {rows}"),
        format!("rader: {rows}"),
        format!("rows: {rows}"),
    ];
    let said = lang.pick(said);
    if refused == 0 {
        return Check::ok("events", said);
    }
    let word = lang.pick(["avvist", "avviste", "refused"]);
    let hint = [
        "rapportene viser de avviste radene med grunn",
        "rapportane viser dei avviste radene med grunn",
        "reports list the refused rows with their reason",
    ];
    Check::note(
        "events",
        format!("{said}; {word}: {refused}"),
        lang.pick(hint),
    )
}

/// A file that does not exist yet.
pub(super) fn made_later(file: &Path, lang: Lang) -> String {
    let file = file.display();
    let said = [
        format!("lages ved første skanning som `{file}`"),
        format!("blir laga ved første skanning som `{file}`"),
        format!("made at the first scan as `{file}`"),
    ];
    lang.pick(said)
}

pub(super) fn other_key(inventory: &str, lang: Lang) -> Check {
    let said = [
        format!("{inventory} er laget med en annen nøkkel"),
        format!("{inventory} er laga med ein annan nøkkel"),
        format!("{inventory} was made with another key"),
    ];
    let hint = [
        "oppgi nøkkelen med `--key-file FIL`, eller skann til et nytt inventar",
        "oppgje nøkkelen med `--key-file FIL`, eller skann til eit nytt inventar",
        "name its key with `--key-file FILE`, or scan into a new inventory",
    ];
    Check::note("inventory", lang.pick(said), lang.pick(hint))
}

/// How a run stands, by its id.
pub(super) fn run_state(id: &str, lang: Lang) -> &str {
    match id {
        "finished" => lang.pick(["fullført", "fullført", id]),
        "interrupted" => lang.pick(["avbrutt", "avbroten", id]),
        "running" => lang.pick(["pågår", "går føre seg", id]),
        "killed" => lang.pick(["brutt av", "broten av", id]),
        _ => id,
    }
}

pub(super) fn goes_on(lang: Lang) -> &'static str {
    lang.pick([
        "neste skanning fortsetter der den stoppet",
        "neste skanning held fram der ho stoppa",
        "the next scan goes on where it stopped",
    ])
}

pub(super) fn is_old(lang: Lang) -> &'static str {
    lang.pick([
        "rapportene sier hva som lå der da",
        "rapportane seier kva som låg der då",
        "reports say what lay there then",
    ])
}

pub(super) fn is_mounted(lang: Lang) -> &'static str {
    lang.pick([
        "er området montert? Ingenting regnes som borte så lenge det ikke kan listes",
        "er området montert? Ingenting blir rekna som borte så lenge det ikkje kan listast",
        "is the share mounted? Nothing counts as gone while it cannot be listed",
    ])
}

/// How many objects the account was not allowed to read.
pub(super) fn permissions(denied: u64, lang: Lang) -> Check {
    if denied == 0 {
        let said = [
            "ingenting var stengt for denne kontoen",
            "ingenting var stengt for denne kontoen",
            "nothing was closed to this account",
        ];
        return Check::ok("permissions", lang.pick(said));
    }
    let said = [
        format!("objekter som var stengt for kontoen som skannet: {denied}"),
        format!("objekt som var stengde for kontoen som skanna: {denied}"),
        format!("objects closed to the account that scanned: {denied}"),
    ];
    let hint = [
        "gi den rettigheten CAP_DAC_READ_SEARCH, som bare leser",
        "gje han retten CAP_DAC_READ_SEARCH, som berre les",
        "give it the capability CAP_DAC_READ_SEARCH, which only reads",
    ];
    Check::note("permissions", lang.pick(said), lang.pick(hint))
}

pub(super) fn behind_both(lang: Lang) -> &'static str {
    let nb = "bak Landlock og seccomp";
    lang.pick([nb, nb, "behind Landlock and seccomp"])
}

pub(super) fn behind_seccomp(lang: Lang) -> Check {
    note(
        "children",
        lang,
        [
            "bare bak seccomp: kjernen har ikke Landlock",
            "berre bak seccomp: kjernen har ikkje Landlock",
            "behind seccomp alone: this kernel has no Landlock",
        ],
        [
            "en kjerne fra 5.13 med Landlock slått på har begge",
            "ein kjerne frå 5.13 med Landlock slått på har begge",
            "a kernel from 5.13 on with Landlock switched on has both",
        ],
    )
}

pub(super) fn unconfined(lang: Lang) -> Check {
    note(
        "children",
        lang,
        [
            "begrenset i minne og tid, men kan åpne filer",
            "avgrensa i minne og tid, men kan opne filer",
            "bounded in memory and time, and free to open files",
        ],
        [
            "på Linux hindrer seccomp og Landlock dem i det",
            "på Linux hindrar seccomp og Landlock dei i det",
            "seccomp and Landlock keep them from it on Linux",
        ],
    )
}

pub(super) fn no_children(lang: Lang) -> Check {
    note(
        "children",
        lang,
        [
            "ingen kunne startes: dokumenter som PDF vil mislykkes",
            "ingen kunne startast: dokument som PDF vil mislukkast",
            "none could be started: documents such as PDF will fail",
        ],
        [
            "er antallet prosesser begrenset?",
            "er talet på prosessar avgrensa?",
            "is the number of processes limited?",
        ],
    )
}

const INSTALL: [&str; 3] = [
    "installer `tesseract` med språkene `nor` og `eng`",
    "installer `tesseract` med språka `nor` og `eng`",
    "install `tesseract` with the languages `nor` and `eng`",
];

pub(super) fn no_tesseract(lang: Lang) -> Check {
    let said = [
        "ikke funnet: bilder av tekst blir ikke lest",
        "ikkje funne: bilete av tekst blir ikkje lesne",
        "not found: pictures of text are not read",
    ];
    note("tesseract", lang, said, INSTALL)
}

pub(super) fn tesseract(norwegian: bool, english: bool, lang: Lang) -> Check {
    match (norwegian, english) {
        (true, true) => {
            let nb = "med norsk og engelsk";
            Check::ok(
                "tesseract",
                lang.pick([nb, nb, "with Norwegian and English"]),
            )
        }
        (false, _) => {
            let said = ["uten norsk", "utan norsk", "without Norwegian"];
            note("tesseract", lang, said, INSTALL)
        }
        (true, false) => {
            let said = ["uten engelsk", "utan engelsk", "without English"];
            note("tesseract", lang, said, INSTALL)
        }
    }
}

pub(super) fn no_git(lang: Lang) -> Check {
    note(
        "git",
        lang,
        [
            "ikke funnet: `sporhund check` går gjennom mapper i stedet",
            "ikkje funne: `sporhund check` går gjennom mapper i staden",
            "not found: `sporhund check` walks folders instead",
        ],
        [
            "installer `git` for `--staged`, `--diff` og `--history`",
            "installer `git` for `--staged`, `--diff` og `--history`",
            "install `git` for `--staged`, `--diff` and `--history`",
        ],
    )
}
