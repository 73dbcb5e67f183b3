"use strict";
// What the page says, in Bokmål, Nynorsk and English.
const WORDS = {
  title: ["Personopplysninger", "Personopplysningar", "Personal data"],
  asOf: ["Status per", "Status per", "As of"],
  language: ["Språk", "Språk", "Language"],
  contents: ["Innhold", "Innhald", "Contents"],
  skip: ["Gå til listen over objekter", "Gå til lista over objekt", "Skip to the list of objects"],
  coverage: ["Dekning", "Dekning", "Coverage"],
  coverageAll: ["Alt som skulle leses, er lest.", "Alt som skulle lesast, er lese.", "Everything that should be read was read."],
  coverageSome: ["{0} av {1} objekter ble ikke lest helt. Det som står i dem, er ikke med i tallene.", "{0} av {1} objekt vart ikkje lesne heilt. Det som står i dei, er ikkje med i tala.", "{0} of {1} objects were not read to their end. What they hold is not in the figures."],
  without: ["Ikke lett etter", "Ikkje leitt etter", "Not looked for"],
  interrupted: ["Skanningen ble avbrutt. Tallene gjelder det som ble lest.", "Skanninga vart avbroten. Tala gjeld det som vart lese.", "The scan was stopped. The figures cover what was read."],
  read: ["lest", "lesne", "read"],
  partial: ["delvis lest", "delvis lesne", "partly read"],
  skipped: ["hoppet over", "hoppa over", "skipped"],
  failed: ["mislyktes", "mislukka", "failed"],
  accepted: ["kjent og godtatt som ikke lest", "kjent og godteke som ikkje lese", "known and accepted as unread"],
  pictures: ["bilder og skannede sider uten lest tekst", "bilete og skanna sider utan lesen tekst", "pictures and scanned pages whose text was not read"],
  objects: ["objekter", "objekt", "objects"],
  object: ["objekt", "objekt", "object"],
  bytes: ["byte", "byte", "bytes"],
  overdue: ["skal være slettet eller er brudd", "skal vere sletta eller er brot", "overdue or in violation"],
  overdueShort: ["på overtid", "på overtid", "overdue"],
  special: ["særlige kategorier", "særlege kategoriar", "special categories"],
  specialLong: ["objekter med særlige kategorier eller straffbare forhold (art. 9 og 10)", "objekt med særlege kategoriar eller straffbare forhold (art. 9 og 10)", "objects with special categories or criminal records (art. 9 and 10)"],
  unread: ["ikke lest", "ikkje lese", "not read"],
  needsReview: ["må vurderes", "må vurderast", "need a person"],
  first: ["Begynn her", "Byrj her", "Begin here"],
  firstNote: ["De ti mappene der det er mest å gjøre: det som er på overtid, og en gang til det som gjelder særlige kategorier.", "Dei ti mappene der det er mest å gjere: det som er på overtid, og ein gong til det som gjeld særlege kategoriar.", "The ten folders with the most to do: what is overdue, and once more what is of a special category."],
  nothingFirst: ["Ingen mapper har noe på overtid eller av særlige kategorier.", "Ingen mapper har noko på overtid eller av særlege kategoriar.", "No folder holds anything overdue or of a special category."],
  folder: ["mappe", "mappe", "folder"],
  responsible: ["ansvarlig", "ansvarleg", "responsible"],
  nobody: ["ingen oppgitt", "ingen oppgitt", "nobody named"],
  withData: ["med personopplysninger", "med personopplysningar", "with personal data"],
  due: ["På overtid", "På overtid", "Overdue"],
  dueNote: ["{0} objekter skal være slettet, og i {1} er et løfte eller en regel brutt.", "{0} objekt skal vere sletta, og i {1} er eit løfte eller ein regel broten.", "{0} objects should be gone, and in {1} a promise or rule is broken."],
  byRule: ["Etter regel", "Etter regel", "By rule"],
  byOwner: ["Etter hvem som er ansvarlig", "Etter kven som er ansvarleg", "By who is responsible"],
  policySays: ["Erklæringen sier ({0}):", "Erklæringa seier ({0}):", "The policy says ({0}):"],
  policyChanged: ["Teksten er en annen enn den regelen viser til. Se over regelen.", "Teksten er ein annan enn den regelen viser til. Sjå over regelen.", "These are not the words that the rule cites. Look over the rule."],
  policyMissing: ["Erklæringen som ble oppgitt, har ikke punktet {0} som regelen viser til.", "Erklæringa som vart oppgitt, har ikkje punktet {0} som regelen viser til.", "The policy text that was given has no {0}, which the rule cites."],
  norm: ["Hjemmel", "Heimel", "Norm"],
  notJudged: ["Ingen regler er oppgitt, så ingenting er vurdert. Bare funnene vises.", "Ingen reglar er oppgitt, så ingenting er vurdert. Berre funna er viste.", "No rules were given, so nothing is judged. Only what was found is shown."],
  assumptions: ["Frister bygger på antakelser som ingen har godtatt: {0}", "Fristar byggjer på føresetnader som ingen har godteke: {0}", "Periods rest on assumptions that nobody has accepted: {0}"],
  refused: ["Avviste rader i hendelsesregisteret", "Avviste rader i hendingsregisteret", "Refused rows of the event register"],
  line: ["linje {0}", "linje {0}", "line {0}"],
  map: ["Kart over mappene", "Kart over mappene", "Map of the folders"],
  mapNote: ["Velg en mappe for å gå inn i den. Fargen viser andelen, fra lys (ingen) til mørk (alt).", "Vel ei mappe for å gå inn i ho. Fargen viser delen, frå lys (ingen) til mørk (alt).", "Choose a folder to go into it. The colour shows the share, from light (none) to dark (all)."],
  area: ["Areal", "Areal", "Area"],
  colour: ["Farge", "Farge", "Colour"],
  directly: ["filer rett i mappen", "filer rett i mappa", "files directly here"],
  all: ["alt", "alt", "everything"],
  showInList: ["Vis i listen", "Vis i lista", "Show in the list"],
  mapTable: ["Samme tall som tabell", "Same tala som tabell", "The same figures as a table"],
  persons: ["Personer per kategori", "Personar per kategori", "Persons per category"],
  personsNote: ["Antall ulike verdier i alt, talt med nøklede avtrykk. For numre som bare én person har, er det antall personer; navn og adresser kan deles av flere.", "Talet på ulike verdiar i alt, talde med nøkla avtrykk. For nummer som berre éin person har, er det talet på personar; namn og adresser kan fleire ha.", "Different values in all, counted by keyed digests. For numbers that only one person has, this is the number of persons; names and addresses may be shared."],
  distinct: ["ulike", "ulike", "distinct"],
  hits: ["treff", "treff", "hits"],
  low: ["Mindre sikre treff, ikke tatt med: {0}", "Mindre sikre treff, ikkje tekne med: {0}", "Less certain hits, not counted: {0}"],
  time: ["Over tid", "Over tid", "Over time"],
  timeOne: ["Dette er den eneste skanningen så langt ({0}). Etter neste vises utviklingen her.", "Dette er den einaste skanninga så langt ({0}). Etter neste er utviklinga vist her.", "This is the only scan so far ({0}). After the next one, the course is shown here."],
  run: ["skanning", "skanning", "scan"],
  started: ["startet", "starta", "started"],
  gone: ["borte siden sist", "borte sidan sist", "gone since"],
  findings: ["treff", "treff", "hits"],
  list: ["Objekter", "Objekt", "Objects"],
  search: ["Søk i sti", "Søk i sti", "Search in paths"],
  verdict: ["Vurdering", "Vurdering", "Verdict"],
  found: ["Funnet", "Funne", "Found"],
  rule: ["Regel", "Regel", "Rule"],
  reach: ["Hvem kan lese", "Kven kan lese", "Who can read it"],
  reach0: ["bare eieren", "berre eigaren", "the owner only"],
  reach1: ["gruppen {0}", "gruppa {0}", "the group {0}"],
  reach2: ["alle på maskinen", "alle på maskina", "everyone on the machine"],
  anyone: ["alle", "alle", "all"],
  deadline: ["Frist", "Frist", "Due"],
  size: ["Størrelse", "Storleik", "Size"],
  path: ["Objekt", "Objekt", "Object"],
  owner: ["Ansvarlig", "Ansvarleg", "Responsible"],
  shown: ["{0} av {1} objekter", "{0} av {1} objekt", "{0} of {1} objects"],
  leftOut: ["{0} objekter med minst å gjøre fikk ikke plass på siden; de er talt med over.", "{0} objekt med minst å gjere fekk ikkje plass på sida; dei er talde med over.", "{0} objects with the least to do had no room on the page; they are counted above."],
  reset: ["Nullstill", "Nullstill", "Reset"],
  keys: ["Piltastene går fra rad til rad, Enter åpner.", "Piltastane går frå rad til rad, Enter opnar.", "Arrow keys go from row to row, Enter opens."],
  none: ["Ingen objekter passer.", "Ingen objekt passar.", "No objects fit."],
  sortBy: ["sorter", "sorter", "sort"],
  close: ["Lukk", "Lukk", "Close"],
  why: ["Begrunnelse", "Grunngjeving", "Reasons"],
  dates: ["Datoer og hvor de er fra", "Datoar og kvar dei er frå", "Dates, and where they are from"],
  used: ["brukt i vurderingen", "brukt i vurderinga", "used in the verdict"],
  rules: ["Regler", "Reglar", "Rules"],
  level: ["Sikkerhet", "Sikkerheit", "Certainty"],
  level0: ["mulig", "mogleg", "possible"],
  level1: ["sannsynlig", "sannsynleg", "probable"],
  level2: ["så godt som sikkert", "så godt som sikkert", "as good as certain"],
  evidence: ["Tegn", "Teikn", "Evidence"],
  class: ["Dokumenttype", "Dokumenttype", "Kind of document"],
  format: ["Format", "Format", "Format"],
  broken: ["brutt", "broten", "broken"],
  notRead: ["Ikke lest", "Ikkje lese", "Not read"],
  notReadNote: ["Objekter som skulle vært lest, etter årsak. Velg en årsak for å se dem i listen.", "Objekt som skulle vore lesne, etter årsak. Vel ei årsak for å sjå dei i lista.", "Objects that should have been read, by cause. Choose a cause to see them in the list."],
  cause: ["Årsak", "Årsak", "Cause"],
  about: ["Om rapporten", "Om rapporten", "About this report"],
  aboutText: ["Laget av Sporhund {0}. Siden henter ingenting fra nettet, og ingen verdi som er funnet, står i den: bare antall, steder og regler. Stier kan inneholde navn; det detektorene kjenner igjen i dem, er maskert.", "Laga av Sporhund {0}. Sida hentar ingenting frå nettet, og ingen verdi som er funnen, står i ho: berre tal, stader og reglar. Stiar kan innehalde namn; det detektorane kjenner att i dei, er maskert.", "Made by Sporhund {0}. The page fetches nothing, and no value that was found is in it: only counts, places and rules. Paths can hold names; what the detectors recognise in them is masked."],
  noUnpack: ["Nettleseren kan ikke pakke ut dataene. Den må være fra 2023 eller senere.", "Nettlesaren kan ikkje pakke ut dataa. Han må vere frå 2023 eller seinare.", "This browser cannot unpack the data. It has to be from 2023 or later."],
  of: ["av", "av", "of"],
  table: ["Tabell", "Tabell", "Table"],
  printed: ["Utskriften viser de første {0} radene.", "Utskrifta viser dei første {0} radene.", "The print shows the first {0} rows."],
};

// Verdicts in the order of their numbers; 0 is «not judged».
const VERDICTS = [
  ["", ["ikke vurdert", "ikkje vurdert", "not judged"]],
  ["keep", ["beholdes", "skal behaldast", "kept"]],
  ["delete_on", ["slettes senere", "skal slettast seinare", "to be deleted later"]],
  ["review", ["må vurderes", "må vurderast", "needs a person"]],
  ["delete_due", ["skal være slettet", "skal vere sletta", "overdue"]],
  ["violation", ["brudd", "brot", "violation"]],
  ["hold", ["sperret", "sperra", "on hold"]],
];

const SOURCES = {
  declared: ["oppgitt i et register", "oppgitt i eit register", "stated in a register"],
  db: ["felt i en database", "felt i ein database", "column of a database"],
  mail: ["datofeltet i e-posten", "datofeltet i e-posten", "date of the mail"],
  content: ["dato i teksten", "dato i teksten", "date in the text"],
  embedded_created: ["innebygd: opprettet", "innebygd: oppretta", "embedded: created"],
  embedded_modified: ["innebygd: endret", "innebygd: endra", "embedded: modified"],
  path: ["dato i stien", "dato i stien", "date in the path"],
  mtime: ["filens endringstid", "endringstida til fila", "time of the file"],
};

// How numbers are written in each language. Browsers know Nynorsk less often than Bokmål, and write its numbers alike.
const LOCALES = ["nb-NO", "nb-NO", "en-GB"];

let lang = 0;

// A phrase in the present language, with its gaps filled.
function say(key, ...gaps) {
  return WORDS[key][lang].replace(/\{(\d)\}/g, (_, at) => gaps[Number(at)] ?? "");
}

// A number as it is written in the present language.
function figure(value) {
  return new Intl.NumberFormat(LOCALES[lang]).format(value);
}

function percent(part, whole) {
  const share = whole ? (100 * part) / whole : 0;
  const digits = share > 0 && share < 100 ? 1 : 0;
  const rounded = Math.min(share, part < whole ? 99.9 : 100);
  return new Intl.NumberFormat(LOCALES[lang], { maximumFractionDigits: digits }).format(rounded) + (lang === 2 ? "%" : " %");
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) { bytes /= 1000; unit += 1; }
  const text = unit ? bytes.toFixed(1) : String(bytes);
  return (lang === 2 ? text : text.replace(".", ",")) + " " + units[unit];
}

// A day given as `2026-11-30`.
function day(iso) {
  if (lang === 2 || !iso) return iso || "";
  const [year, month, date] = iso.split("-");
  return `${date}.${month}.${year}`;
}

// A day given in days since 1970.
function dayNumber(days) {
  return days ? day(new Date(days * 86400000).toISOString().slice(0, 10)) : "";
}

// A moment given in seconds since 1970.
function moment(seconds) {
  return day(new Date(seconds * 1000).toISOString().slice(0, 10));
}
