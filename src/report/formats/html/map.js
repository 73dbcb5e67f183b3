// The map of folders: rectangles whose area is bytes or objects (squarified treemap, Bruls,
// Huizing and van Wijk 2000), and whose shade is the share of what is overdue, special or unread.

const SHADES = {
  overdue: ["var(--o0)", "var(--o1)", "var(--o2)", "var(--o3)", "var(--o4)"],
  special: ["var(--s0)", "var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)"],
  unread: ["var(--u0)", "var(--u1)", "var(--u2)", "var(--u3)", "var(--u4)"],
};
const MAP_HEIGHT = 460;
const MOST_TILES = 120;

class FolderMap {
  constructor(folders, host, onChoose) {
    this.folders = folders;
    this.host = host;
    this.onChoose = onChoose;
    this.at = 0;
    this.area = "objects";
    this.colour = "overdue";
    this.sum();
  }

  // Counts of each folder with all that is below it; a folder stands after the one it lies in.
  sum() {
    const { parent } = this.folders;
    this.total = {};
    for (const name of ["objects", "bytes", "overdue", "special", "unread"]) {
      const sums = Float64Array.from(this.folders[name]);
      for (let at = sums.length - 1; at > 0; at -= 1) sums[parent[at]] += sums[at];
      this.total[name] = sums;
    }
    this.children = parent.map(() => []);
    for (let at = 1; at < parent.length; at += 1) this.children[parent[at]].push(at);
  }

  path(at) {
    const names = [];
    for (let here = at; here; here = this.folders.parent[here]) names.unshift(this.folders.name[here]);
    return names.join("/");
  }

  // What lies in a folder: its folders, and the files directly in it.
  parts(at) {
    const area = this.total[this.area];
    const parts = this.children[at].map((child) => ({ at: child, value: area[child], own: false }));
    parts.push({ at, value: this.folders[this.area][at], own: true });
    return parts.filter((part) => part.value > 0).sort((a, b) => b.value - a.value).slice(0, MOST_TILES);
  }

  share(part) {
    const of = part.own ? this.folders : this.total;
    return of.objects[part.at] ? of[this.colour][part.at] / of.objects[part.at] : 0;
  }

  shade(part) {
    const share = this.share(part);
    return share === 0 ? 0 : share < 0.1 ? 1 : share < 0.3 ? 2 : share < 0.6 ? 3 : 4;
  }

  describe(part) {
    const of = part.own ? this.folders : this.total;
    const name = part.own ? say("directly") : this.folders.name[part.at];
    const word = { overdue: "overdueShort", special: "special", unread: "unread" }[this.colour];
    const count = of[this.colour][part.at];
    return `${name}: ${figure(of.objects[part.at])} ${say("objects")}, ${size(of.bytes[part.at])}, ${figure(count)} ${say(word)}`;
  }

  draw() {
    const width = Math.max(280, this.host.clientWidth || 800);
    const svg = vector("svg", { width, height: MAP_HEIGHT, viewBox: `0 0 ${width} ${MAP_HEIGHT}`, role: "group", "aria-label": say("map") });
    const box = { x: 0, y: 0, w: width, h: MAP_HEIGHT };
    for (const tile of squarify(this.parts(this.at), box)) svg.append(this.tile(tile), this.label(tile));
    this.host.replaceChildren(svg);
  }

  tile(tile) {
    const { part, x, y, w, h } = tile;
    const opens = !part.own;
    const group = vector("g", { class: "tile", role: "button", tabindex: "0", "aria-label": clean(this.describe(part)) });
    const title = vector("title");
    title.textContent = clean(this.describe(part));
    group.append(title);
    group.append(this.rectangle(part, x, y, w, h, "outer"));
    if (opens && w > 90 && h > 64) {
      const inner = { x: x + 5, y: y + 25, w: w - 10, h: h - 30 };
      for (const below of squarify(this.parts(part.at), inner)) {
        group.append(this.rectangle(below.part, below.x, below.y, below.w, below.h, "inner"));
      }
    }
    const choose = () => (opens ? this.go(part.at) : this.onChoose(this.path(part.at)));
    group.addEventListener("click", choose);
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
    return group;
  }

  rectangle(part, x, y, w, h, name) {
    const shade = this.shade(part);
    const rect = vector("rect", { class: name, x: x + 1, y: y + 1, width: Math.max(0, w - 2), height: Math.max(0, h - 2), rx: name === "outer" ? 4 : 2 });
    rect.style.fill = SHADES[this.colour][shade];
    return rect;
  }

  // The name stands beside the button, not in it: it may be cut, and the button has its own.
  label({ part, x, y, w, h }) {
    if (w <= 54 || h <= 22) return "";
    const name = clean(part.own ? say("directly") : this.folders.name[part.at]);
    const text = vector("text", { x: x + 8, y: y + 17, class: this.shade(part) > 2 ? "on-dark" : "on-light", "aria-hidden": "true" });
    const room = Math.floor((w - 14) / 7.3);
    text.textContent = name.length > room ? name.slice(0, Math.max(1, room - 1)) + "…" : name;
    return text;
  }

  go(at) {
    this.at = at;
    this.draw();
    this.onMove?.();
    this.host.querySelector(".tile")?.focus();
  }
}

// Lays parts out in a box, the largest first, in rows as square as they can be.
function squarify(parts, box) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  const tiles = [];
  let { x, y, w, h } = box;
  if (!whole || w <= 2 || h <= 2) return tiles;
  const scale = (w * h) / whole;
  let rest = parts.map((part) => ({ part, area: part.value * scale }));
  while (rest.length && w > 0.5 && h > 0.5) {
    const side = Math.min(w, h);
    let count = 1;
    while (count < rest.length && worst(rest.slice(0, count + 1), side) <= worst(rest.slice(0, count), side)) count += 1;
    const row = rest.slice(0, count);
    const depth = row.reduce((sum, one) => sum + one.area, 0) / side;
    let along = 0;
    for (const { part, area } of row) {
      const length = area / depth;
      tiles.push(w >= h ? { part, x, y: y + along, w: depth, h: length } : { part, x: x + along, y, w: length, h: depth });
      along += length;
    }
    if (w >= h) { x += depth; w -= depth; } else { y += depth; h -= depth; }
    rest = rest.slice(count);
  }
  return tiles;
}

// How far the least square rectangle of a row is from a square.
function worst(row, side) {
  const sum = row.reduce((total, one) => total + one.area, 0);
  const largest = row[0].area;
  const smallest = row[row.length - 1].area;
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}
