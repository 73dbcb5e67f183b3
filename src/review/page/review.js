"use strict";
// The page of a review. Everything that comes from a file name or a document is put in as text, never
// as markup.

const at = (id) => document.getElementById(id);
const PAGE = 100;
const LANGS = ["nb", "nn", "en"];
let lang = "nb";
let lines = [];
let shown = PAGE;
let from = 0;
let names = {};
let detectors = [];
let people = {};
const chosen = new Set();

/** A word in the chosen language, with `{name}` filled in. */
function word(key, values = {}) {
  const text = WORDS[lang][key] ?? WORDS.nb[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** An element with text and children. */
function make(tag, { text, kind, children = [], on } = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  if (on) element.addEventListener("click", on);
  element.append(...children);
  return element;
}

/** A row; on a narrow screen its cells stand one below the other, each behind its head. */
function tableRow(heads, cells) {
  cells.forEach((cell, at) => {
    cell.setAttribute("role", "cell");
    if (heads[at]) cell.dataset.head = word(heads[at]);
  });
  const row = make("tr", { children: cells });
  row.setAttribute("role", "row");
  return row;
}

/** A day as people write it in the language. */
function day(iso) {
  return iso && lang !== "en" ? iso.split("-").reverse().join(".") : iso ?? "";
}

/** What an id of a group (kinds, classes, causes, levels) is called in the chosen language. */
function named(group, id) {
  return names[group]?.[id]?.[LANGS.indexOf(lang)] ?? id;
}

/** A person by name, where the list of applicants has one, and by id. */
function who(id) {
  return people[id] ? `${people[id]} (${id})` : id;
}

/** What was found, each kind once, whatever its levels. */
function kinds(found) {
  const counts = new Map();
  for (const [what, count] of found) counts.set(what, (counts.get(what) ?? 0) + count);
  return [...counts].map(([what, count]) => `${named("kinds", what)} × ${count}`).join(", ");
}

function say(text, bad = false) {
  at("status").textContent = text;
  at("status").classList.toggle("bad", bad);
}

/** Asks the program; null where it does not answer or refuses, which is then said. */
async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    say(word("gone"), true);
    return null;
  }
  const answer = await response.json();
  if (response.ok) return answer;
  const why = response.status === 409 ? word("changed") : word("failed", { why: answer.why });
  say(why, true);
  return null;
}

function translate() {
  document.documentElement.lang = lang;
  document.title = word("title");
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  options(at("state"), [["", word("any")], ...["open", "approved", "exempted", "left"].map((s) => [s, word(s)])]);
  const verdicts = ["violation", "delete_due", "review", "hold", "delete_on", "keep"];
  options(at("verdict"), [["", word("any")], ...verdicts.map((v) => [v, word("v:" + v)])]);
  const found = detectors.map((id) => [id, named("kinds", id)]).sort((a, b) => a[1].localeCompare(b[1]));
  options(at("detector"), [["", word("any")], ...found]);
  choices("owner", (line) => [line.owner ?? ""]);
  choices("person", (line) => line.subjects.length ? line.subjects : [""]);
  if (head) showHead();
}

function options(select, pairs) {
  const value = select.options.length ? select.value : pairs[0][0];
  select.replaceChildren(...pairs.map(([key, text]) => {
    const option = make("option", { text });
    option.value = key;
    return option;
  }));
  select.value = pairs.some(([key]) => key === value) ? value : pairs[0][0];
}

function choices(id, of) {
  const values = [...new Set(lines.flatMap(of))].sort();
  options(at(id), [["*", word("any")], ...values.map((v) => [v, v ? who(v) : word("nobody")])]);
}

// The plan

let head = null;

function showHead() {
  const parts = [word("head", { ...head, as_of: day(head.as_of), until: day(head.until) })];
  if (head.open_assumptions.length) {
    parts.push(word("assumptions", { ids: (head.assumptions_told ?? head.open_assumptions).join("; ") }));
  }
  at("head").textContent = parts.join(" ");
}

function fits(line) {
  const [text, state] = [at("text").value.toLowerCase(), at("state").value];
  const [owner, person] = [at("owner").value, at("person").value];
  return (!text || line.object.toLowerCase().includes(text))
    && (!state || line.state === state)
    && (owner === "*" || (line.owner ?? "") === owner)
    && (person === "*" || (line.subjects.length ? line.subjects.includes(person) : person === ""));
}

function showLines() {
  const fitting = lines.filter(fits);
  const visible = fitting.slice(0, shown);
  at("lines").replaceChildren(...visible.map(lineRow));
  at("more").hidden = fitting.length <= shown;
  at("all").checked = visible.length > 0 && visible.every((line) => chosen.has(line.id));
  at("counted").textContent = word("lines", { shown: fitting.length, all: lines.length, chosen: chosen.size });
}

function lineRow(line) {
  const box = make("input");
  box.type = "checkbox";
  box.checked = chosen.has(line.id);
  box.disabled = line.kind === "possible";
  box.setAttribute("aria-label", line.object);
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(line.id); else chosen.delete(line.id);
    showLines();
  });
  const story = make("button", { text: line.object, on: () => showLine(line) });
  story.type = "button";
  const notes = [make("span", { kind: "note", text: named("classes", line.class) })];
  if (line.subjects.length) notes.push(make("span", { kind: "note", text: line.subjects.map(who).join(", ") }));
  if (line.kind !== "file") notes.push(make("span", { kind: "note manual", text: word(line.kind) }));
  if (line.also.length) notes.push(make("span", { kind: "note", text: `${word("goes")}: ${line.also.length}` }));
  const found = kinds(line.found.map((f) => [f.what, f.count]));
  const state = [make("span", { kind: "state-" + line.state, text: word(line.state) })];
  if (line.by) state.push(make("span", { kind: "note", text: word("by", signed(line.by)) }));
  if (line.second) state.push(make("span", { kind: "note", text: word("and", signed(line.second)) }));
  if (line.reason) state.push(make("span", { kind: "note", text: `${line.reason} (${day(line.until)})` }));
  return tableRow(["", "", "due", "rule", "found", "state"], [
    make("td", { kind: "box", children: [box] }),
    make("td", { kind: "path", children: [story, ...notes] }),
    make("td", { kind: "date", text: day(line.due) }),
    make("td", { text: line.rules.map((r) => r.rule).join(", ") }),
    make("td", { text: found }),
    make("td", { children: state }),
  ]);
}

function signed(approval) {
  return { name: approval.name, on: day(approval.on) };
}

function showLine(line) {
  const rules = line.rules.map((r) => make("li", { text: [r.rule, r.title, r.statement ?? r.norm].filter(Boolean).join(" · ") }));
  const why = line.why.map((step) => make("li", { text: step }));
  const also = line.also.map((a) => make("li", { text: `${a.object} (${a.verdict ? word("v:" + a.verdict) : word("unread")})` }));
  const parts = [make("ul", { children: rules }), make("h3", { text: word("why") }), make("ol", { children: why })];
  if (also.length) parts.push(make("h3", { text: word("goes") }), make("ul", { children: also }));
  const list = (texts) => make("ul", { children: texts.map((text) => make("li", { text })) });
  if (line.task) parts.push(make("h3", { text: word("task") }), list(todo(line.task)));
  if (line.matched) {
    const copy = line.matched.copy_of ? [word("copy", { object: line.matched.copy_of })] : [];
    parts.push(make("h3", { text: word("alike") }), list([...line.matched.by.map((by) => named("ties", by)), ...copy]));
  }
  open_story(line.object, parts);
}

// What a person has to do, and where: the part of the file, the mail, the places of each person.
function todo(task) {
  const texts = [task.why, task.member, task.date && day(task.date), task.message_id && `Message-ID <${task.message_id}>`];
  const persons = new Map();
  for (const { subject, place } of task.persons ?? []) {
    persons.set(subject, [...(persons.get(subject) ?? []), placed(place)]);
  }
  for (const [subject, places] of persons) texts.push(`${who(subject)}: ${places.join("; ")}`);
  if (!persons.size) texts.push(...task.places.slice(0, 5).map(placed));
  return texts.filter(Boolean);
}

function placed(place) {
  const kinds = ["cell", "row", "line", "page", "part"];
  return word("p:" + kinds.find((kind) => kind in place), place);
}

async function decide(state) {
  if (!chosen.size) { say(word("choose"), true); return; }
  const wish = { ids: [...chosen], state, name: at("name").value, second: at("second").checked };
  if (state === "exempted") {
    wish.reason = at("reason").value;
    wish.until = at("until").value || null;
  }
  const answer = await ask("decide", wish);
  if (!answer) return;
  const changed = new Map(answer.lines.map((line) => [line.id, line]));
  lines = lines.map((line) => changed.get(line.id) ?? line);
  chosen.clear();
  say(word("saved", { count: changed.size, state: word(state) }));
  showLines();
}

// The objects

async function showObjects() {
  const question = {
    text: at("object-text").value, verdict: at("verdict").value, detector: at("detector").value, from, count: PAGE,
  };
  const answer = await ask("objects", question);
  if (!answer) return;
  at("rows").replaceChildren(...answer.rows.map(objectRow));
  const to = from + answer.rows.length;
  at("objects-counted").textContent = word("rows", { from: answer.total ? from + 1 : 0, to, total: answer.total, left: answer.left_out });
  at("back").disabled = from === 0;
  at("on").disabled = to >= answer.total;
}

function objectRow(row) {
  const story = make("button", { text: row.object, on: () => showObject(row.number) });
  story.type = "button";
  const note = row.problem ? `${word("unread")}: ${named("causes", row.problem)}` : row.class ? named("classes", row.class) : "";
  return tableRow(["", "verdict", "due", "rule", "found"], [
    make("td", { kind: "path", children: [story, make("span", { kind: "note", text: note })] }),
    make("td", { text: row.verdict ? word("v:" + row.verdict) : "" }),
    make("td", { kind: "date", text: day(row.due) }),
    make("td", { text: [...new Set(row.rules)].join(", ") }),
    make("td", { text: kinds(row.found) }),
  ]);
}

async function showObject(number) {
  const object = await ask(`object/${number}`);
  if (!object) return;
  const found = object.findings.map((finding) => {
    const what = named("kinds", finding.detector);
    const no = make("button", { text: word("false", { what }), on: () => dismiss(number, finding.detector) });
    no.type = "button";
    const samples = finding.samples.slice(0, 3).map((s) => make("code", { text: s.masked }));
    const text = `${finding.words[LANGS.indexOf(lang)]} · ${named("levels", finding.confidence)} · ${finding.count}`;
    return make("div", { kind: "found", children: [make("span", { text }), ...samples, no] });
  });
  const steps = object.judgement ? object.judgement.explanation : [];
  const why = steps.map((step) => make("li", { text: step }));
  const parts = [...found];
  if (object.problem) parts.unshift(make("p", { text: `${word("unread")}: ${named("causes", object.problem.kind)}` }));
  if (why.length) parts.push(make("h3", { text: word("why") }), make("ol", { children: why }));
  open_story(object.object, parts);
}

async function dismiss(number, detector) {
  const answer = await ask("dismiss", { number, detector });
  at("story").close();
  if (answer) say(word("dismissed", { count: answer.values, what: named("kinds", detector) }));
}

function open_story(title, parts) {
  at("story-title").textContent = title;
  at("story-body").replaceChildren(...parts);
  at("story").showModal();
}

// The whole

function show(tab) {
  for (const name of ["plan", "objects"]) {
    at(name).hidden = name !== tab;
    if (name === tab) at("tab-" + name).setAttribute("aria-current", "page");
    else at("tab-" + name).removeAttribute("aria-current");
  }
  if (tab === "objects") showObjects();
}

function listen() {
  at("tab-plan").addEventListener("click", () => show("plan"));
  at("tab-objects").addEventListener("click", () => show("objects"));
  at("lang").addEventListener("change", () => {
    lang = at("lang").value;
    translate();
    showLines();
    if (!at("objects").hidden) showObjects();
  });
  for (const id of ["text", "state", "owner", "person"]) {
    at(id).addEventListener("input", () => { shown = PAGE; showLines(); });
  }
  at("more").addEventListener("click", () => { shown += PAGE; showLines(); });
  at("all").addEventListener("change", () => {
    const visible = lines.filter(fits).slice(0, shown).filter((line) => line.kind !== "possible");
    for (const line of visible) {
      if (at("all").checked) chosen.add(line.id); else chosen.delete(line.id);
    }
    showLines();
  });
  for (const button of document.querySelectorAll("[data-state]")) {
    button.addEventListener("click", () => decide(button.dataset.state));
  }
  for (const id of ["object-text", "verdict", "detector"]) {
    at(id).addEventListener("input", () => { from = 0; showObjects(); });
  }
  at("back").addEventListener("click", () => { from = Math.max(0, from - PAGE); showObjects(); });
  at("on").addEventListener("click", () => { from += PAGE; showObjects(); });
  for (const form of document.querySelectorAll("main form")) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }
}

async function begin() {
  listen();
  const beginning = await ask("beginning");
  if (!beginning) return;
  lang = beginning.lang;
  at("lang").value = lang;
  at("who").textContent = beginning.account;
  ({ names, detectors, people } = beginning);
  if (beginning.plan) {
    head = beginning.plan.head;
    lines = beginning.plan.lines;
  }
  translate();
  showLines();
  if (!head) {
    at("tab-plan").disabled = true;
    say(word("noplan"));
  }
  show(head ? "plan" : "objects");
}

begin();
