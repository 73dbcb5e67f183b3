// The list of objects: only the rows in sight are in the document, so that a hundred thousand
// scroll as ten do. All rows are of one height, which the style says for each width of the window (`--row`).

const PRINTED = 300;
const COLUMNS = ["path", "verdict", "deadline", "found", "owner", "reach", "size"];

class ObjectTable {
  constructor(rows, folderPath, host, onOpen) {
    this.rows = rows;
    this.host = host;
    this.onOpen = onOpen;
    this.sort = { by: "verdict", down: true };
    this.filter = { text: "", verdict: "", kind: "", owner: "", rule: "", cause: "", reach: "", folder: "" };
    this.prepare(folderPath);
    this.apply();
  }

  // Paths in small letters are made once, so that a search only compares.
  prepare(folderPath) {
    const { rows } = this;
    const paths = new Map();
    this.paths = new Array(rows.count);
    this.small = new Array(rows.count);
    for (let at = 0; at < rows.count; at += 1) {
      const folder = rows.folder[at];
      if (!paths.has(folder)) paths.set(folder, folderPath(folder));
      const path = paths.get(folder);
      this.paths[at] = path ? path + "/" + rows.name[at] : rows.name[at];
      this.small[at] = this.paths[at].toLowerCase();
    }
    this.hits = rows.found.map((set) => rows.finds[set].reduce((sum, one) => sum + one[2], 0));
    this.urgency = [0, 1, 2, 4, 5, 6, 3];
  }

  apply() {
    const { rows, filter } = this;
    const text = filter.text.trim().toLowerCase();
    const sets = new Map();
    const holds = (set, table, wanted) => {
      const key = set;
      if (!sets.has(table)) sets.set(table, new Map());
      const known = sets.get(table);
      if (!known.has(key)) known.set(key, wanted(table[set]));
      return known.get(key);
    };
    const within = filter.folder ? filter.folder.toLowerCase() + "/" : "";
    const fitting = [];
    for (let at = 0; at < rows.count; at += 1) {
      if (filter.verdict !== "" && rows.verdict[at] !== Number(filter.verdict)) continue;
      if (filter.owner !== "" && rows.owner[at] !== Number(filter.owner)) continue;
      if (filter.cause !== "" && (!rows.unread[at] || rows.words[rows.problem[at]] !== filter.cause)) continue;
      if (filter.kind !== "" && !holds(rows.found[at], rows.finds, (set) => set.some((one) => one[0] === Number(filter.kind)))) continue;
      if (filter.rule !== "" && !holds(rows.rules[at], rows.rule_sets, (set) => set.includes(Number(filter.rule)))) continue;
      if (filter.reach !== "" && !holds(rows.access[at], rows.accesses, (one) => one[0] === Number(filter.reach))) continue;
      if (within && !this.small[at].startsWith(within)) continue;
      if (text && !this.small[at].includes(text)) continue;
      fitting.push(at);
    }
    this.fitting = this.sorted(fitting);
  }

  sorted(list) {
    const { rows, sort } = this;
    const keys = {
      path: null,
      verdict: (at) => this.urgency[rows.verdict[at]],
      deadline: (at) => rows.due[at] || 1e9,
      found: (at) => this.hits[at],
      owner: (at) => this.ownerRank()[rows.owner[at]],
      reach: (at) => (rows.access[at] ? rows.accesses[rows.access[at]][0] : -1),
      size: (at) => rows.bytes[at],
    };
    const key = keys[sort.by];
    if (!key) return sort.down ? list.reverse() : list;
    const values = Float64Array.from(list, key);
    const order = Uint32Array.from(list.keys());
    const sign = sort.down ? -1 : 1;
    order.sort((a, b) => sign * (values[a] - values[b]) || a - b);
    return Array.from(order, (at) => list[at]);
  }

  ownerRank() {
    if (!this.ranks) {
      const names = this.rows.words.map((word, at) => [String(word), at]).sort((a, b) => a[0].localeCompare(b[0]));
      this.ranks = [];
      names.forEach(([, at], rank) => { this.ranks[at] = rank; });
    }
    return this.ranks;
  }

  // The frame: head, body, and the scrolling box around them.
  build() {
    this.body = h("tbody", { role: "rowgroup" });
    this.head = h("tr", { role: "row" });
    const table = h("table", { role: "table", "aria-label": say("list") }, h("thead", { role: "rowgroup" }, this.head), this.body);
    this.box = h("div", { class: "rows", tabindex: "0", role: "region", "aria-label": `${say("table")}: ${say("list")}` }, table);
    this.table = table;
    this.box.addEventListener("scroll", () => this.render());
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.host.replaceChildren(this.box);
    this.drawHead();
    this.measure();
    this.render(true);
  }

  // How high a row is now; the first row in sight stays the same where that changes.
  measure() {
    const high = Number.parseInt(getComputedStyle(this.box).getPropertyValue("--row"), 10);
    const first = this.high ? Math.round(this.box.scrollTop / this.high) : 0;
    const changed = high !== this.high;
    this.high = high;
    if (changed && this.body.firstChild) {
      this.render(true);
      this.box.scrollTop = first * high;
    }
  }

  drawHead() {
    const cells = COLUMNS.map((name, index) => {
      const own = this.sort.by === name;
      const sort = own ? (this.sort.down ? "descending" : "ascending") : "none";
      const mark = h("span", { class: "mark", "aria-hidden": "true" }, own ? (this.sort.down ? "▾" : "▴") : "");
      const button = h("button", { type: "button", "data-sort": name }, say(name), mark);
      button.addEventListener("click", () => this.sortBy(name));
      return h("th", { scope: "col", role: "columnheader", "aria-sort": sort, class: "c" + index }, button);
    });
    this.head.replaceChildren(...cells);
  }

  sortBy(name) {
    this.sort = { by: name, down: this.sort.by === name ? !this.sort.down : name !== "path" && name !== "deadline" && name !== "owner" };
    this.apply();
    this.drawHead();
    this.render(true);
    this.head.querySelector(`[data-sort="${name}"]`)?.focus();
  }

  render(anew) {
    if (!this.body) return;
    if (anew) { this.from = -1; }
    const count = this.fitting.length;
    const height = this.box.clientHeight || 500;
    const from = Math.max(0, Math.min(Math.floor(this.box.scrollTop / this.high) - 6, Math.max(0, count - 1)));
    const to = Math.min(count, from + Math.ceil(height / this.high) + 14);
    if (!anew && from === this.from && to === this.to) return;
    this.show(from, to);
  }

  show(from, to) {
    this.from = from;
    this.to = to;
    const count = this.fitting.length;
    const focused = this.body.contains(document.activeElement) ? Number(document.activeElement.dataset.row) : -1;
    const parts = [];
    if (from > 0) parts.push(spacer(from * this.high));
    for (let row = from; row < to; row += 1) parts.push(this.row(row));
    if (to < count) parts.push(spacer((count - to) * this.high));
    if (!count) parts.push(h("tr", { role: "row" }, h("td", { role: "cell", colspan: COLUMNS.length, class: "none" }, say("none"))));
    this.table.setAttribute("aria-rowcount", String(count + 1));
    this.body.replaceChildren(...parts);
    if (focused >= 0) this.body.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
  }

  row(row) {
    const at = this.fitting[row];
    const { rows } = this;
    const [id, words] = VERDICTS[rows.verdict[at]];
    const open = h("button", { type: "button", class: "open", "data-row": row, title: clean(this.paths[at]) }, ...tail(this.paths[at]));
    open.addEventListener("click", () => this.onOpen(at, open));
    const verdict = rows.unread[at] && !rows.verdict[at] ? h("span", { class: "tag unread" }, say("unread")) : h("span", { class: "tag " + (id || "unjudged") }, words[lang]);
    const cells = [
      h("th", { scope: "row", role: "rowheader", class: "c0" }, open),
      h("td", { role: "cell", class: "c1" }, verdict),
      h("td", { role: "cell", class: "c2" }, dayNumber(rows.due[at])),
      h("td", { role: "cell", class: "c3" }, this.foundWords(at)),
      h("td", { role: "cell", class: "c4" }, rows.words[rows.owner[at]] || "–"),
      h("td", { role: "cell", class: "c5" }, this.reachWords(at)),
      h("td", { role: "cell", class: "c6 number" }, size(rows.bytes[at])),
    ];
    return h("tr", { role: "row", "aria-rowindex": row + 2 }, ...cells);
  }

  foundWords(at) {
    const { rows } = this;
    const names = new Set(rows.finds[rows.found[at]].map((one) => rows.kind_words[one[0]][lang]));
    return [...names].join(", ") || "–";
  }

  reachWords(at) {
    const access = this.rows.accesses[this.rows.access[at]];
    return access.length ? say("reach" + access[0], access[2]) : "–";
  }

  // Arrow keys go from row to row.
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    const row = Number(event.target.dataset.row ?? -1);
    if (!step || row < 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(this.fitting.length - 1, row + step));
    const top = next * this.high;
    const head = this.head.offsetHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + this.high + head > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + this.high + head - this.box.clientHeight;
    this.render(true);
    this.body.querySelector(`[data-row="${next}"]`)?.focus({ preventScroll: true });
  }

  // On paper, the first rows stand one below the other.
  print(on) {
    if (on) this.show(0, Math.min(PRINTED, this.fitting.length));
    else this.render(true);
    const rest = this.body.querySelector("tr.space:last-child");
    if (on && rest) rest.remove();
  }
}

// The end of a path tells most, so its beginning is what is cut: two parts for the style to shrink.
function tail(path) {
  const cut = path.lastIndexOf("/") + 1;
  return [h("span", { class: "folder" }, path.slice(0, cut)), h("span", { class: "file" }, path.slice(cut))];
}

function spacer(height) {
  const row = h("tr", { class: "space", "aria-hidden": "true" }, h("td", { colspan: COLUMNS.length }));
  row.style.height = height + "px";
  return row;
}
