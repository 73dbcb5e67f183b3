//! What is remarked beside the result in an ordinary run: each remark in Bokmål, Nynorsk and English.
//!
//! Refusals and what ends a run are told in English alone (`message`): they are looked up and sent on. So are
//! remarks where they are gathered as JSON.

use std::path::Path;

use super::environment;
use super::message;
use super::settings::Saying;
use crate::model::Lang;

/// A remark in Bokmål, Nynorsk and English.
pub(super) type Remark = [String; 3];

impl Saying {
    /// Makes a remark, where any are wanted.
    pub(super) fn remark(&self, remark: Remark) {
        if !self.quiet {
            tell(self.lang, remark);
        }
    }
}

/// Makes a remark in a language.
pub(super) fn tell(lang: Lang, remark: Remark) {
    let lang = if environment::logs_json() {
        Lang::En
    } else {
        lang
    };
    message::remark(&lang.pick(remark));
}

fn fixed(nb: &str, nn: &str, en: &str) -> Remark {
    [nb, nn, en].map(str::to_owned)
}

/// The word for one, or the one for several.
fn of<'t>(count: u64, one: &'t str, several: &'t str) -> &'t str {
    if count == 1 { one } else { several }
}

// A scan

pub(super) fn inventory_at(file: &Path) -> Remark {
    let file = file.display();
    [
        format!("scan: inventaret er `{file}`"),
        format!("scan: inventaret er `{file}`"),
        format!("scan: the inventory is `{file}`"),
    ]
}

pub(super) fn went_on() -> Remark {
    fixed(
        "scan: fortsatte der en tidligere skanning ble avbrutt",
        "scan: heldt fram der ei tidlegare skanning vart avbroten",
        "scan: went on where an earlier scan was cut off",
    )
}

pub(super) fn time_spent() -> Remark {
    fixed(
        "scan: tiden er brukt opp; neste skanning fortsetter herfra",
        "scan: tida er brukt opp; neste skanning held fram herifrå",
        "scan: its time is spent; the next scan goes on from here",
    )
}

pub(super) fn pictures_can_be_read() -> Remark {
    fixed(
        "tips: `--ocr auto` leser bilder og skannede sider når tesseract er installert",
        "tips: `--ocr auto` les bilete og skanna sider når tesseract er installert",
        "hint: `--ocr auto` reads pictures and scanned pages with an installed tesseract",
    )
}

pub(super) fn passwords_can_be_tried() -> Remark {
    fixed(
        "tips: `--passwords FIL` prøver passord på låste dokumenter og arkiver, ett per linje",
        "tips: `--passwords FIL` prøver passord på låste dokument og arkiv, eitt per linje",
        "hint: `--passwords FILE` tries locked documents and archives with passwords, one a line",
    )
}

pub(super) fn no_password_opens() -> Remark {
    fixed(
        "tips: ingen av passordene i listen åpner det som står som kryptert",
        "tips: ingen av passorda i lista opnar det som står som kryptert",
        "hint: no password of the list opens what is told as encrypted",
    )
}

pub(super) fn inventory_renewed(copy: &Path) -> Remark {
    let copy = copy.display();
    [
        format!("inventory: er brakt over i ny form; slik det var, ligger det i `{copy}`"),
        format!("inventory: er brakt over i ny form; slik det var, ligg det i `{copy}`"),
        format!("inventory: brought up to date; as it was before it is kept as `{copy}`"),
    ]
}

// A report

pub(super) fn rules_changed(command: &str) -> Remark {
    [
        format!("{command}: reglene er endret siden skanningen; alt er vurdert på nytt"),
        format!("{command}: reglane er endra sidan skanninga; alt er vurdert på nytt"),
        format!("{command}: the rules have changed since the scan; everything was judged anew"),
    ]
}

pub(super) fn files_of_owners(count: usize) -> Remark {
    [
        format!("report: {count} filer, én for hver ansvarlig"),
        format!("report: {count} filer, éi for kvar ansvarleg"),
        format!("report: {count} files, one for each owner"),
    ]
}

pub(super) fn cites_others(file: &Path, rules: &str) -> Remark {
    let file = file.display();
    [
        format!("report: `{file}` sier ikke det disse reglene viser til: {rules}"),
        format!("report: `{file}` seier ikkje det desse reglane viser til: {rules}"),
        format!("report: `{file}` does not say what these rules cite: {rules}"),
    ]
}

/// A remark that begins with the command it is of.
pub(super) fn of_command(command: &str, remark: &Remark) -> Remark {
    remark.each_ref().map(|text| format!("{command}: {text}"))
}

/// That the applicant list was not used, and what follows.
pub(super) fn list_unused(file: &Path, why: &Remark) -> Remark {
    let (file, [nb, nn, en]) = (file.display(), why);
    [
        format!(
            "`{file}` er ikke brukt som søkerliste ({nb}): papirene til den som ble ansatt, kan stå som forfalt, og \
             kopier av søkeres papirer utenfor rundens mappe er ikke regnet med"
        ),
        format!(
            "`{file}` er ikkje brukt som søkjarliste ({nn}): papira til den som vart tilsett, kan stå som forfalne, og \
             kopiar av papira til søkjarar utanfor mappa til runden er ikkje rekna med"
        ),
        format!(
            "`{file}` was not used as the applicant list ({en}): the papers of whoever was hired can be called overdue, \
             and copies of applicants' papers outside of the round's folder are not counted"
        ),
    ]
}

pub(super) fn no_key(file: &Path) -> Remark {
    let file = file.display();
    [
        format!("det er ingen nøkkel `{file}`, se `--key-file`"),
        format!("det er ingen nøkkel `{file}`, sjå `--key-file`"),
        format!("there is no digest key `{file}`, see `--key-file`"),
    ]
}

pub(super) fn other_key() -> Remark {
    fixed(
        "inventaret er laget med en annen nøkkel, se `--key-file`",
        "inventaret er laga med ein annan nøkkel, sjå `--key-file`",
        "the inventory was made with another digest key, see `--key-file`",
    )
}

pub(super) fn rows_not_understood(command: &str, file: &Path, count: usize) -> Remark {
    let file = file.display();
    let (row, rows) = (
        of(count as u64, "rad", "rader"),
        of(count as u64, "row", "rows"),
    );
    [
        format!(
            "{command}: {count} {row} i `{file}` er ikke forstått; `sporhund plan` sier hvilke"
        ),
        format!(
            "{command}: {count} {row} i `{file}` er ikkje forstått; `sporhund plan` seier kva for nokre"
        ),
        format!(
            "{command}: {count} {rows} of `{file}` are not understood; `sporhund plan` says which"
        ),
    ]
}

// A plan

/// How many files, tasks for a person and possible lines a plan has.
pub(super) fn plan_holds(files: u64, tasks: u64, possible: u64) -> Remark {
    let file = [of(files, "fil", "filer"), of(files, "file", "files")];
    let task = [
        of(tasks, "oppgave", "oppgaver"),
        of(tasks, "oppgåve", "oppgåver"),
        of(tasks, "task", "tasks"),
    ];
    let ([file, file_en], [nb, nn, en]) = (file, task);
    [
        format!("plan: {files} {file}, {tasks} {nb} for en person, {possible} å se på"),
        format!("plan: {files} {file}, {tasks} {nn} for ein person, {possible} å sjå på"),
        format!("plan: {files} {file_en}, {tasks} {en} for a person, {possible} to look at"),
    ]
}

pub(super) fn plan_unread(count: u64) -> Remark {
    let (nb, en) = (
        of(count, "objekt", "objekter"),
        of(count, "object was", "objects were"),
    );
    [
        format!("plan: {count} {nb} ble ikke lest til ende og er ikke med"),
        format!("plan: {count} objekt vart ikkje lesne til ende og er ikkje med"),
        format!("plan: {count} {en} not read to the end and not in it"),
    ]
}

pub(super) fn plan_assumes(told: &str) -> Remark {
    [
        format!("plan: frister hviler på antakelser som ingen har godtatt: {told}"),
        format!("plan: fristar kviler på føresetnader som ingen har godteke: {told}"),
        format!("plan: periods rest on assumptions that nobody has accepted: {told}"),
    ]
}

pub(super) fn decided(lines: usize, refused: usize) -> Remark {
    [
        format!("plan: {lines} linjer avgjort, {refused} rader avvist"),
        format!("plan: {lines} linjer avgjorde, {refused} rader avviste"),
        format!("plan: {lines} lines decided, {refused} rows refused"),
    ]
}
