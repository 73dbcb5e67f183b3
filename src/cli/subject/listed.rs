//! What is told of a person's objects on the terminal, in three languages. JSON keeps ids.

use std::io::Write;

use crate::model::Lang;
use crate::report::escape::for_terminal;
use crate::report::{class_word, detector_word, plain, verdict_word};
use crate::subject::{Found, Line, Link};

/// Everything that was found, for `find`.
pub(super) fn found(found: &Found, lang: Lang, out: &mut dyn Write) -> anyhow::Result<()> {
    for (heading, lines) in [
        (OBJECTS, &found.objects),
        (POSSIBLE, &found.possible),
        (NEAR, &found.near),
    ] {
        writeln!(out, "{} {}", lines.len(), lang.pick(heading))?;
        for line in lines {
            write_line(line, lang, out)?;
        }
    }
    for link in &found.links {
        write_link(link, lang, out)?;
    }
    if let Some(deadline) = &found.deadline {
        let due = plain(&deadline.due.to_string(), lang);
        writeln!(
            out,
            "{} {due} ({})",
            lang.pick(ANSWER_BY),
            deadline.status.as_str()
        )?;
    }
    let coverage = found.coverage;
    let (unread, partial) = (coverage.unread, coverage.partial);
    writeln!(
        out,
        "{}: {unread}; {}: {partial}",
        lang.pick(UNREAD),
        lang.pick(PARTIAL)
    )?;
    Ok(())
}

/// An object that an erasure or a withdrawal leaves, with the ground.
pub(super) fn kept(line: &Line, lang: Lang, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}  {}", lang.pick(KEPT), head(line, lang))?;
    for why in line.ground.iter().chain(&line.review) {
        writeln!(out, "      {}", for_terminal(&plain(why, lang)))?;
    }
    if line.role == "processor" {
        writeln!(out, "      {}", lang.pick(PASS_ON))?;
    }
    Ok(())
}

/// Verdict, day and path.
fn head(line: &Line, lang: Lang) -> String {
    let due = line
        .due
        .map(|due| format!(" {}", plain(&due.to_string(), lang)));
    let verdict = verdict_word(line.verdict.as_str(), lang);
    format!(
        "{verdict}{}  {}",
        due.unwrap_or_default(),
        for_terminal(&line.object)
    )
}

fn write_line(line: &Line, lang: Lang, out: &mut dyn Write) -> anyhow::Result<()> {
    let by = line.found_by.iter().map(|by| detector_word(by, lang));
    let by = by.collect::<Vec<_>>().join(", ");
    let linked = if line.linked {
        format!(" ({})", lang.pick(LINKED))
    } else {
        String::new()
    };
    writeln!(
        out,
        "  {}  {} {by}{linked}",
        head(line, lang),
        lang.pick(BY)
    )?;
    let place = line.place.as_deref().map(for_terminal);
    let place = place.unwrap_or_else(|| lang.pick(NO_PLACE).to_owned());
    let or_none = |text: &str| match for_terminal(text) {
        text if text.is_empty() => "–".to_owned(),
        text => text,
    };
    let class = line.class.as_deref().unwrap_or("unknown");
    writeln!(
        out,
        "      {}; {place}; {} {}; {}; {} {}",
        class_word(class, lang),
        lang.pick(PURPOSE),
        or_none(&line.purpose.join(", ")),
        role(line.role, lang),
        lang.pick(OWNER),
        or_none(line.owner.as_deref().unwrap_or_default()),
    )?;
    for why in line.ground.iter().chain(&line.review) {
        writeln!(out, "      {}", for_terminal(&plain(why, lang)))?;
    }
    Ok(())
}

fn write_link(link: &Link, lang: Lang, out: &mut dyn Write) -> anyhow::Result<()> {
    let masked = for_terminal(link.masked.as_deref().unwrap_or("–"));
    writeln!(
        out,
        "{}: {} {masked}, {} {}, {} {}",
        lang.pick(LINKED),
        detector_word(&link.detector, lang),
        lang.pick(TOGETHER),
        link.together,
        lang.pick(ELSEWHERE),
        link.elsewhere
    )?;
    for object in &link.evidence {
        writeln!(out, "  {}", for_terminal(object))?;
    }
    Ok(())
}

/// Bokmål, Nynorsk, English.
type Words = [&'static str; 3];

const OBJECTS: Words = ["objekter", "objekt", "objects"];
const POSSIBLE: Words = [
    "mulige: bare et navn eller en fødselsdato",
    "moglege: berre eit namn eller ein fødselsdato",
    "possible: a name or birth date alone",
];
const NEAR: Words = [
    "nære: skrevet på en annen måte",
    "nære: skrivne på ein annan måte",
    "near: written otherwise",
];
const ANSWER_BY: Words = ["svar innen", "svar innan", "answer by"];
const UNREAD: Words = ["ikke lest", "ikkje lese", "not read"];
const PARTIAL: Words = ["lest bare delvis", "lese berre delvis", "read only in part"];
const KEPT: Words = ["beholdes", "blir halde", "kept"];
const PASS_ON: Words = [
    "oppbevares for en annen behandlingsansvarlig: send kravet videre",
    "blir oppbevart for ein annan behandlingsansvarleg: send kravet vidare",
    "kept for another controller: pass the request on",
];
const LINKED: Words = ["knyttet til", "knytt til", "linked"];
const BY: Words = ["ved", "ved", "by"];
const NO_PLACE: Words = [
    "et sted som ikke er beskrevet",
    "ein stad som ikkje er skildra",
    "no described place",
];
const PURPOSE: Words = ["formål", "føremål", "purpose"];
const OWNER: Words = ["eier", "eigar", "owner"];
const TOGETHER: Words = ["sammen i", "saman i", "together in"];
const ELSEWHERE: Words = ["ellers i", "elles i", "elsewhere in"];

/// The organisation's role in a place.
fn role(id: &'static str, lang: Lang) -> &'static str {
    let words = match id {
        "controller" => ["behandlingsansvarlig", "behandlingsansvarleg", "controller"],
        "processor" => ["databehandler", "databehandlar", "processor"],
        "joint" => [
            "felles behandlingsansvar",
            "felles behandlingsansvar",
            "joint controller",
        ],
        _ => ["ukjent rolle", "ukjend rolle", "unknown role"],
    };
    lang.pick(words)
}
