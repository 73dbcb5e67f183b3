// The page itself: unpacks the data, draws each section, and draws all anew in another language.

const SVG = "http://www.w3.org/2000/svg";
const HIDDEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

// Text from outside with what could hide or turn it made visible.
function clean(text) {
  return String(text).replace(HIDDEN, (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
}

// An element with attributes and children; strings become text, never markup.
function h(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

function vector(name, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, name), attributes, children);
}

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(child)));
  }
  return element;
}

async function unpack() {
  const text = document.getElementById("data").textContent;
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = await new Response(stream).json();
  document.getElementById("data").textContent = "";
  return data;
}

let about;
let map;
let table;
let rows;

function section(id, heading, ...children) {
  const title = h("h2", { id: id + "-title", tabindex: "-1" }, say(heading));
  return h("section", { id, "aria-labelledby": id + "-title" }, title, ...children);
}

function note(...text) {
  return h("p", { class: "note" }, ...text);
}

// A bar of a share, for the eye only: the number stands beside it.
function bar(value, most, kind) {
  const outer = h("span", { class: "bar", "aria-hidden": "true" });
  const inner = h("span", { class: "fill " + (kind || "") });
  inner.style.width = most ? Math.max(value ? 1.5 : 0, (100 * value) / most) + "%" : "0";
  outer.append(inner);
  return outer;
}

// Several shares side by side.
function stacked(shares, most) {
  const whole = h("span", { class: "bar stacked", "aria-hidden": "true" });
  for (const [value, kind] of shares) {
    const part = h("span", { class: "fill " + kind });
    part.style.width = most ? (100 * value) / most + "%" : "0";
    if (value) whole.append(part);
  }
  return whole;
}

function header() {
  const languages = [["nb", "Bokmål"], ["nn", "Nynorsk"], ["en", "English"]];
  const buttons = languages.map(([code, name], at) => {
    const button = h("button", { type: "button", lang: code, "data-lang": code, "aria-pressed": String(at === lang) }, name);
    button.addEventListener("click", () => { lang = at; draw(); document.querySelector(`[data-lang="${code}"]`).focus(); });
    return button;
  });
  const sections = [["coverage", "coverage"], ["first", "first"], ["due", "due"], ["map", "map"], ["persons", "persons"], ["time", "time"], ["list", "list"], ["unread", "notRead"]];
  const links = sections.map(([id, word]) => h("li", {}, h("a", { href: "#" + id }, say(word))));
  return h("header", {},
    h("a", { class: "skip", href: "#list" }, say("skip")),
    h("div", { class: "masthead" },
      h("div", {}, h("h1", {}, say("title")), h("p", { class: "as-of" }, `${say("asOf")} ${day(about.as_of)}`)),
      h("div", { class: "languages", role: "group", "aria-label": say("language") }, ...buttons)),
    h("nav", { "aria-label": say("contents") }, h("ul", {}, ...links)));
}

function coverage() {
  const outcomes = about.outcomes;
  const read = (outcomes.scanned || 0) + (outcomes.unchanged || 0);
  const counts = [["read", read], ["partial", outcomes.partial || 0], ["skipped", outcomes.skipped || 0], ["failed", outcomes.failed || 0]];
  const strip = h("div", { class: "strip", "aria-hidden": "true" });
  for (const [name, count] of counts) {
    const part = h("span", { class: name });
    part.style.flexGrow = String(count);
    if (count) strip.append(part);
  }
  const legend = counts.filter(([, count]) => count).map(([name, count]) => h("li", {}, h("span", { class: "dot " + name, "aria-hidden": "true" }), `${figure(count)} ${say(name)}`));
  if (about.accepted) legend.push(h("li", {}, `${say("accepted")}: ${figure(about.accepted)}`));
  if (about.pictures) legend.push(h("li", {}, `${say("pictures")}: ${figure(about.pictures)}`));
  const told = about.unread_count ? say("coverageSome", figure(about.unread_count), figure(about.objects)) : say("coverageAll");
  const special = map.total.special[0];
  const figures = [
    figureOf(percent(read, about.objects), say("read") + `, ${say("of")} ${figure(about.objects)} ${say("objects")} (${size(about.bytes)})`, "read"),
    figureOf(figure(about.unread_count), say("unread"), about.unread_count ? "unread" : ""),
  ];
  if (about.judged) {
    const overdue = map.total.overdue[0];
    figures.push(figureOf(figure(overdue), say("overdue"), overdue ? "overdue" : ""));
    figures.push(figureOf(figure(about.verdicts.review || 0), say("needsReview"), "review"));
  }
  figures.push(figureOf(figure(special), say("specialLong"), special ? "special" : ""));
  return section("coverage", "coverage",
    h("dl", { class: "figures" }, ...figures), strip, h("ul", { class: "legend" }, ...legend),
    h("p", { class: about.unread_count ? "lead" : "lead good" }, told),
    about.without.length ? h("p", { class: "warning" }, say("without") + ": " + about.without.map((name) => name[lang]).join(", ")) : null,
    about.interrupted ? h("p", { class: "warning" }, say("interrupted")) : null,
    about.judged ? null : h("p", { class: "warning" }, say("notJudged")));
}

function figureOf(value, text, kind) {
  return h("div", { class: "figure " + kind }, h("dt", {}, text), h("dd", {}, value));
}

function first() {
  if (!about.urgent.length) return section("first", "first", note(say("nothingFirst")));
  const most = Math.max(...about.urgent.map((one) => one[2] + one[3]));
  const lines = about.urgent.map(([at, path, overdue, special, found, , owner], place) => {
    const button = h("button", { type: "button", class: "link" }, path);
    button.addEventListener("click", () => choose({ folder: path === "." ? "" : path }));
    return h("tr", {},
      h("td", { class: "place" }, String(place + 1)),
      h("th", { scope: "row" }, button),
      h("td", { class: "barcell" }, stacked([[overdue, "overdue"], [special, "special"]], most)),
      h("td", { class: "number" }, figure(overdue)), h("td", { class: "number" }, figure(special)),
      h("td", { class: "number" }, figure(found)), h("td", {}, owner || say("nobody")));
  });
  const heads = [["", "place"], [say("folder"), ""], ["", "barcell"], [say("overdueShort"), "number"], [say("special"), "number"], [say("withData"), "number"], [say("responsible"), ""]];
  return section("first", "first", note(say("firstNote")), plainTable(heads, lines, say("first")));
}

// A table. One of many columns stacks its cells on a narrow screen, each with its head before it.
function plainTable(heads, lines, label) {
  const stacks = heads.filter(([text]) => text).length > 4;
  const cells = heads.map(([text, kind]) => h(text ? "th" : "td", { scope: text ? "col" : null, role: text ? "columnheader" : "cell", class: kind || null }, text));
  for (const line of lines) {
    line.setAttribute("role", "row");
    [...line.children].forEach((cell, at) => {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      if (stacks && heads[at]) cell.dataset.head = heads[at][0];
    });
  }
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...cells));
  const table = h("table", { class: stacks ? "plain stacks" : "plain", role: "table" }, head, h("tbody", { role: "rowgroup" }, ...lines));
  return h("div", { class: "wide", role: "region", "aria-label": `${say("table")}: ${label}`, tabindex: "0" }, table);
}

function due() {
  if (!about.judged) return null;
  const rules = about.rules.map((rule, at) => ({ ...rule, at })).filter((rule) => rule.due || rule.violated);
  rules.sort((a, b) => b.due + b.violated - a.due - a.violated);
  const most = Math.max(1, ...rules.map((rule) => rule.due + rule.violated));
  const parts = rules.map((rule) => {
    const count = rule.due + rule.violated;
    const button = h("button", { type: "button", class: "link" }, rule.title[lang]);
    button.addEventListener("click", () => choose({ rule: String(rule.at) }));
    return h("li", {},
      h("div", { class: "rule-line" }, h("span", { class: "count" }, figure(count)), h("div", { class: "rule-text" }, button, h("span", { class: "id" }, ` ${rule.id}`), bar(count, most, rule.violated ? "violation" : "overdue"))),
      quoted(rule));
  });
  const owners = about.owners.filter((owner) => owner[2]).sort((a, b) => b[2] - a[2]).slice(0, 20);
  const top = Math.max(1, ...owners.map((owner) => owner[2]));
  const people = owners.map(([name, found, overdue]) => {
    const button = h("button", { type: "button", class: "link" }, name || say("nobody"));
    button.addEventListener("click", () => choose({ owner: String(rows.words.indexOf(name)) }));
    return h("tr", {}, h("th", { scope: "row" }, button), h("td", { class: "barcell" }, bar(overdue, top, "overdue")), h("td", { class: "number" }, figure(overdue)), h("td", { class: "number" }, figure(found)));
  });
  const heads = [[say("responsible"), ""], ["", "barcell"], [say("overdueShort"), "number"], [say("withData"), "number"]];
  const open = about.assumptions.length && about.due_objects ? h("p", { class: "warning" }, say("assumptions", about.assumptions.map((told) => told[lang]).join("; "))) : null;
  const unused = about.list_unused ? h("p", { class: "warning" }, about.list_unused[lang]) : null;
  const refused = about.refused.map(([line, why]) => h("li", {}, `${say("line", line)}: ${why[lang]}`));
  return section("due", "due",
    h("p", { class: "lead" }, say("dueNote", figure(about.due_objects), figure(about.violation_objects))), open, unused,
    h("h3", {}, say("byRule")), h("ol", { class: "rules" }, ...parts),
    people.length ? h("h3", {}, say("byOwner")) : null, people.length ? plainTable(heads, people, say("byOwner")) : null,
    refused.length ? h("h3", {}, say("refused")) : null, refused.length ? h("ul", {}, ...refused) : null);
}

// What the user's own policy says where a rule cites it, and the norm.
function quoted(rule) {
  const parts = [];
  if (rule.quote) {
    if (rule.quote.text) {
      const says = h("figcaption", {}, say("policySays", rule.statement));
      parts.push(h("figure", { class: "quote" }, says, h("blockquote", { lang: "nb" }, rule.quote.text)));
      if (!rule.quote.same) parts.push(h("p", { class: "warning" }, say("policyChanged")));
    } else {
      parts.push(h("p", { class: "warning" }, say("policyMissing", rule.statement)));
    }
  }
  if (rule.norm) parts.push(h("p", { class: "norm" }, `${say("norm")}: ${rule.norm}`));
  return h("div", {}, ...parts);
}

function mapSection() {
  const host = h("div", { class: "map" });
  map.host = host;
  const trail = h("p", { class: "trail" });
  const figures = h("details", {}, h("summary", {}, say("mapTable")), h("div"));
  map.onMove = () => { breadcrumb(trail); mapFigures(figures.lastChild); legendOf(scale); };
  map.onChoose = (path) => choose({ folder: path });
  const scale = h("p", { class: "scale", "aria-hidden": "true" });
  const area = choice("area", [["objects", say("objects")], ["bytes", say("bytes")]], map.area, (value) => { map.area = value; map.draw(); });
  const colours = [["overdue", say("overdueShort")], ["special", say("special")], ["unread", say("unread")]];
  const colour = choice("colour", colours, map.colour, (value) => { map.colour = value; map.draw(); map.onMove(); });
  return section("map", "map", note(say("mapNote")), h("div", { class: "controls" }, area, colour, scale), trail, host, figures);
}

function choice(key, options, chosen, onChange) {
  const buttons = options.map(([value, word]) => {
    const input = h("input", { type: "radio", name: key, value });
    input.checked = value === chosen;
    input.addEventListener("change", () => onChange(value));
    return h("label", {}, input, word);
  });
  return h("fieldset", {}, h("legend", {}, say(key)), ...buttons);
}

function breadcrumb(trail) {
  const places = [];
  for (let here = map.at; here; here = map.folders.parent[here]) places.unshift(here);
  const step = (at, text) => {
    if (at === map.at) return h("strong", {}, text);
    const button = h("button", { type: "button", class: "link" }, text);
    button.addEventListener("click", () => map.go(at));
    return button;
  };
  const parts = [step(0, say("all"))];
  for (const at of places) parts.push(h("span", { "aria-hidden": "true" }, " / "), step(at, map.folders.name[at]));
  const show = h("button", { type: "button", class: "small" }, say("showInList"));
  show.addEventListener("click", () => choose({ folder: map.path(map.at) }));
  trail.replaceChildren(...parts, " ", show);
}

function mapFigures(host) {
  const lines = map.parts(map.at).map((part) => {
    const of = part.own ? map.folders : map.total;
    const name = part.own ? say("directly") : map.folders.name[part.at];
    return h("tr", {}, h("th", { scope: "row" }, name), ...["objects", "overdue", "special", "unread"].map((key) => h("td", { class: "number" }, figure(of[key][part.at]))), h("td", { class: "number" }, size(of.bytes[part.at])));
  });
  const heads = [[say("folder"), ""], [say("objects"), "number"], [say("overdueShort"), "number"], [say("special"), "number"], [say("unread"), "number"], [say("size"), "number"]];
  host.replaceChildren(plainTable(heads, lines, say("mapTable")));
}

function legendOf(host) {
  const names = ["0 %", "< 10 %", "< 30 %", "< 60 %", "≥ 60 %"];
  host.replaceChildren(...names.map((name, at) => {
    const dot = h("span", { class: "dot" });
    dot.style.background = SHADES[map.colour][at];
    return h("span", {}, dot, name);
  }));
}

function persons() {
  const known = about.detectors.filter((one) => one[2]).sort((a, b) => b[4] - a[4] || b[3] - a[3]);
  const most = Math.max(1, ...known.map((one) => one[4]));
  const lines = known.map(([id, name, objects, hits, distinct]) => {
    const special = id === "special-category" || id === "criminal-record";
    return h("tr", {}, h("th", { scope: "row" }, name[lang]), h("td", { class: "barcell" }, bar(distinct, most, special ? "special" : "neutral")), h("td", { class: "number" }, distinct ? figure(distinct) : "–"), h("td", { class: "number" }, figure(hits)), h("td", { class: "number" }, figure(objects)));
  });
  const heads = [[say("found"), ""], ["", "barcell"], [say("distinct"), "number"], [say("hits"), "number"], [say("objects"), "number"]];
  return section("persons", "persons", note(say("personsNote")), plainTable(heads, lines, say("persons")), about.low ? note(say("low", figure(about.low))) : null);
}

function time() {
  const runs = about.runs;
  if (runs.length < 2) return section("time", "time", note(say("timeOne", runs.length ? moment(runs[0][1]) : "–")));
  const summed = runs.filter((run) => run[7] !== null);
  const charts = [["objects", runs, 4, "neutral"], ["unread", runs, 5, "unread"]];
  // Runs of before there were sums have no findings to tell; none is not zero.
  if (summed.length > 1) charts.unshift(["findings", summed, 7, "overdue"], ["withData", summed, 8, "special"]);
  const lines = runs.slice().reverse().map((run) => h("tr", {}, h("th", { scope: "row" }, String(run[0])), h("td", {}, moment(run[1])), ...[7, 8, 4, 5, 6].map((at) => h("td", { class: "number" }, run[at] === null ? "–" : figure(run[at])))));
  const heads = [[say("run"), ""], [say("started"), ""], [say("findings"), "number"], [say("withData"), "number"], [say("objects"), "number"], [say("unread"), "number"], [say("gone"), "number"]];
  return section("time", "time", h("div", { class: "charts" }, ...charts.map(([word, over, at, kind]) => chart(say(word), over, at, kind))), plainTable(heads, lines, say("time")));
}

// A line over the runs; its numbers stand in the table below it.
function chart(title, runs, at, kind) {
  const [width, height, left, low] = [320, 130, 8, 104];
  const values = runs.map((run) => run[at]);
  const most = Math.max(1, ...values);
  const x = (place) => left + (place * (width - 2 * left)) / Math.max(1, runs.length - 1);
  const y = (value) => low - (value / most) * 80;
  const svg = vector("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}: ${values.map(figure).join(", ")}` });
  svg.append(vector("line", { class: "axis", x1: left, x2: width - left, y1: low, y2: low }));
  svg.append(vector("polyline", { class: "line " + kind, points: values.map((value, place) => `${x(place)},${y(value)}`).join(" ") }));
  values.forEach((value, place) => svg.append(vector("circle", { class: "point " + kind, cx: x(place), cy: y(value), r: 3 })));
  const last = values.length - 1;
  svg.append(vector("text", { x: width - left, y: y(values[last]) - 8, "text-anchor": "end", class: "value" }, figure(values[last])));
  svg.append(vector("text", { x: left, y: height - 8, class: "tick" }, moment(runs[0][1])));
  svg.append(vector("text", { x: width - left, y: height - 8, "text-anchor": "end", class: "tick" }, moment(runs[last][1])));
  return h("figure", {}, h("figcaption", {}, title), svg);
}

function list() {
  const host = h("div");
  const count = h("p", { id: "count", role: "status" });
  const update = () => { table.apply(); table.box.scrollTop = 0; table.render(true); counted(count); };
  const text = h("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
  text.value = table.filter.text;
  text.addEventListener("input", () => { table.filter.text = text.value; update(); });
  const selects = filters().map(([key, word, options]) => {
    const select = h("select", { id: "by-" + key }, h("option", { value: "" }, say("anyone")), ...options.map(([value, name]) => h("option", { value }, name)));
    select.value = table.filter[key];
    select.addEventListener("change", () => { table.filter[key] = select.value; update(); });
    return h("label", {}, say(word), select);
  });
  const reset = h("button", { type: "button", id: "reset" }, say("reset"));
  reset.addEventListener("click", () => choose({}));
  const within = table.filter.folder ? h("p", { class: "within" }, `${say("folder")}: `, h("strong", {}, table.filter.folder)) : null;
  const made = section("list", "list",
    h("form", { class: "filters", role: "search" }, h("label", { class: "search" }, say("search"), text), ...selects, reset),
    within, count, host, note(say("keys")), rows.left_out ? note(say("leftOut", figure(rows.left_out))) : null,
    h("p", { class: "printed" }, say("printed", figure(Math.min(PRINTED, table.fitting.length)))));
  made.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  table.host = host;
  counted(count);
  return made;
}

function counted(host) {
  host.textContent = say("shown", figure(table.fitting.length), figure(rows.count));
}

// The choices of each filter: only what occurs.
function filters() {
  const verdicts = [...new Set(rows.verdict)].sort((a, b) => b - a).map((at) => [String(at), VERDICTS[at][1][lang]]);
  const kinds = rows.kind_words.map((words, at) => [String(at), words[lang]]).slice(1).sort((a, b) => a[1].localeCompare(b[1]));
  const owners = [...new Set(rows.owner)].map((at) => [String(at), rows.words[at] || say("nobody")]).sort((a, b) => a[1].localeCompare(b[1]));
  const ids = new Set(rows.rule_sets.flat());
  const rules = about.rules.map((rule, at) => [String(at), `${rule.id} – ${rule.title[lang]}`]).filter(([at]) => ids.has(Number(at)));
  const causes = Object.keys(about.unread).map((id) => [id, about.causes[id][lang]]);
  const reach = [...new Set(rows.accesses.filter((one) => one.length).map((one) => one[0]))].sort().map((at) => [String(at), say("reach" + at, "…")]);
  const all = [["verdict", "verdict", verdicts], ["kind", "found", kinds], ["rule", "rule", rules], ["owner", "owner", owners], ["reach", "reach", reach], ["cause", "cause", causes]];
  return all.filter(([, , options]) => options.length);
}

// Filters the list anew by what was chosen elsewhere, and goes there.
function choose(wanted) {
  Object.keys(table.filter).forEach((key) => { table.filter[key] = wanted[key] ?? ""; });
  table.apply();
  const old = document.getElementById("list");
  old.replaceWith(list());
  table.build();
  const heading = document.getElementById("list-title");
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
}

function unread() {
  const causes = Object.entries(about.unread).sort((a, b) => b[1] - a[1]);
  if (!causes.length) return section("unread", "notRead", h("p", { class: "lead good" }, say("coverageAll")));
  const most = causes[0][1];
  const lines = causes.map(([id, count]) => {
    const button = h("button", { type: "button", class: "link" }, about.causes[id][lang]);
    button.addEventListener("click", () => choose({ cause: id }));
    return h("tr", {}, h("th", { scope: "row" }, button, h("span", { class: "id" }, " " + id)), h("td", { class: "barcell" }, bar(count, most, "unread")), h("td", { class: "number" }, figure(count)));
  });
  const shown = [];
  for (let at = 0; at < rows.count && shown.length < 200; at += 1) {
    if (rows.unread[at]) shown.push(h("li", {}, h("span", { class: "tag unread" }, about.causes[rows.words[rows.problem[at]]][lang]), " ", h("span", { class: "path" }, table.paths[at])));
  }
  return section("unread", "notRead", note(say("notReadNote")), plainTable([[say("cause"), ""], ["", "barcell"], [say("objects"), "number"]], lines, say("notRead")), h("ul", { class: "unread-list" }, ...shown));
}

function detailPairs(at) {
  const verdict = VERDICTS[rows.verdict[at]];
  const access = rows.accesses[rows.access[at]];
  const problem = rows.words[rows.problem[at]];
  const [id, kind] = rows.classes[rows.class[at]];
  return [
    [say("verdict"), h("span", { class: "tag " + (verdict[0] || "unjudged") }, verdict[1][lang])],
    [say("deadline"), dayNumber(rows.due[at])],
    [say("owner"), rows.words[rows.owner[at]]],
    [say("reach"), access.length ? `${table.reachWords(at)} (${access[1]}, ${access[2]})` : ""],
    [say("class"), kind ? `${kind[lang]} (${id}, ${rows.certainty[at]} %)` : ""],
    [say("format"), rows.words[rows.format[at]]],
    [say("size"), size(rows.bytes[at])],
    [say("cause"), problem ? about.causes[problem][lang] : ""],
  ].filter(([, value]) => value);
}

// One object's whole story.
function details(at, opener) {
  const dialog = h("dialog", { "aria-labelledby": "detail-title" });
  const close = h("button", { type: "button", class: "close" }, say("close"));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); opener?.isConnected && opener.focus(); });
  const pairs = detailPairs(at).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  dialog.append(h("div", { class: "dialog-head" }, h("h2", { id: "detail-title" }, table.paths[at]), close), h("dl", { class: "pairs" }, ...pairs), ...story(at));
  document.body.append(dialog);
  dialog.showModal();
}

function story(at) {
  const parts = [];
  const found = rows.finds[rows.found[at]].map(([kind, level, count, distinct, estimated, reasons]) => h("tr", {},
    h("th", { scope: "row" }, rows.kind_words[kind][lang]), h("td", { class: "number" }, figure(count)), h("td", { class: "number" }, (estimated ? "≈ " : "") + figure(distinct)), h("td", {}, say("level" + level)), h("td", {}, rows.reason_words[reasons][lang])));
  if (found.length) parts.push(h("h3", {}, say("found")), plainTable([[say("found"), ""], [say("hits"), "number"], [say("distinct"), "number"], [say("level"), ""], [say("evidence"), ""]], found, say("found")));
  const why = rows.whys[rows.why[at]].map((line) => h("li", {}, rows.lines[line][lang]));
  if (why.length) parts.push(h("h3", {}, say("why")), h("ul", { class: "why" }, ...why));
  const dates = rows.date_sets[rows.dates[at]].map(([source, from, to, used]) => h("li", {}, (from === to ? day(from) : `${day(from)} – ${day(to)}`) + ` · ${SOURCES[source][lang]}`, used ? h("strong", {}, ` (${say("used")})`) : null));
  if (dates.length) parts.push(h("h3", {}, say("dates")), h("ul", {}, ...dates));
  const violated = new Set(rows.rule_sets[rows.violated[at]]);
  const rules = rows.rule_sets[rows.rules[at]].map((place) => {
    const rule = about.rules[place];
    const mark = violated.has(place) ? h("span", { class: "tag violation" }, say("broken")) : null;
    return h("li", {}, h("p", { class: "rule-name" }, rule.title[lang], h("span", { class: "id" }, ` ${rule.id} · ${rule.policy}`), " ", mark), quoted(rule));
  });
  if (rules.length) parts.push(h("h3", {}, say("rules")), h("ul", { class: "rules" }, ...rules));
  return parts;
}

function draw() {
  document.documentElement.lang = ["nb", "nn", "en"][lang];
  document.title = `${say("title")} – ${day(about.as_of)}`;
  const main = h("main", {}, coverage(), first(), due(), mapSection(), persons(), time(), list(), unread());
  const footer = h("footer", {}, h("h2", {}, say("about")), h("p", {}, say("aboutText", about.program)));
  document.getElementById("app").replaceChildren(header(), main, footer);
  map.draw();
  map.onMove();
  table.build();
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    document.getElementById("app").append(h("p", { class: "warning" }, say("noUnpack")));
    return;
  }
  const data = await unpack();
  ({ about, rows } = data);
  lang = about.lang;
  map = new FolderMap(data.folders, null, null);
  table = new ObjectTable(rows, (at) => map.path(at), null, details);
  draw();
  let waiting = 0;
  window.addEventListener("resize", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => { map.draw(); table.measure(); table.render(true); }); });
  window.addEventListener("beforeprint", () => table.print(true));
  window.addEventListener("afterprint", () => table.print(false));
  document.documentElement.dataset.ready = "yes";
}

start();
