// The rows of the gallery: loaded in parts, searched, filtered, sorted.

const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text to show, with invisible characters that would change the text around them replaced by their names. */
function shown(text) {
  const code = (c) => c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return String(text).replace(INVISIBLE, (c) => `⟨U+${code(c)}⟩`);
}

const largest = (column) => (rows, a, b) => order(rows.column[column][b], rows.column[column][a], 1);
const smallest = (column) => (rows, a, b) => order(rows.column[column][a], rows.column[column][b], -1);

/** Compare numbers; missing ones come last. */
function order(a, b, sign) {
  if (a === null || b === null) return a === b ? 0 : (a === null) === (sign < 0) ? 1 : -1;
  return a - b;
}

const SORTS = {
  "as in the file": null,
  "caption": (rows, a, b) => rows.rank[a] - rows.rank[b],
  "tallest": largest("height"),
  "flattest": smallest("height"),
  "deepest in the floor": smallest("lowest_y"),
  "highest over the floor": largest("lowest_y"),
  "largest bone error": largest("bone_error"),
  "newest": largest("finished"),
};

class Rows {
  constructor(settings, trouble) {
    this.settings = settings;
    this.trouble = trouble;
    this.total = settings.total;
    this.column = {};
    this.searched = []; // folded caption and name of each row
    this.rank = null;
    this.loaded = new Set();
    this.parts = { poses: new Map(), motions: new Map() }; // of the latest parts: number -> promise of the content
    this.waiting = new Map(); // script -> {resolve, reject} of its promise
    this.whenGrown = () => {};
  }

  get complete() {
    return this.loaded.size === Math.ceil(this.total / this.settings.rowsPerPart);
  }

  /** Load the columns for search and thumbnails, part by part. */
  load() {
    for (let part = 0; part * this.settings.rowsPerPart < this.total; part++) this.#script("rows", part);
  }

  /** Called by the script of a part, with its columns. */
  take(edition, part, columns) {
    if (!this.#known(edition) || this.loaded.has(part)) return;
    const start = part * this.settings.rowsPerPart;
    for (const [name, values] of Object.entries(columns)) {
      const column = (this.column[name] ??= new Array(this.total));
      for (let i = 0; i < values.length; i++) column[start + i] = values[i];
    }
    columns.caption.forEach((caption, i) => (this.searched[start + i] = `${fold(caption)}\n${fold(columns.stem[i])}`));
    this.loaded.add(part);
    this.whenGrown();
  }

  /** Called by the script of a part of another kind, with its content. */
  takePart(kind, edition, part, content) {
    const name = this.#name(kind, part);
    if (this.#known(edition)) this.waiting.get(name)?.resolve(content);
    else this.waiting.get(name)?.reject(new Error(name));
    this.waiting.delete(name);
  }

  /** Promise of a row's details: fields by name, files, joints or the reason why there are none. */
  async details(row) {
    const { names, fields, files, joints, flesh, view, motion } = await this.#part("poses", row, this.settings.posesPerPart);
    const place = row % this.settings.posesPerPart;
    const named = names.map((name, i) => [name, fields[place][i]]);
    const pose = { joints: joints[place], flesh: flesh[place], view: view[place], motion: motion[place] };
    return { fields: named, files: files[place], ...pose };
  }

  /** Promise of a row's motion in base64; null if it has none. */
  async motion(row) {
    const part = await this.#part("motions", row, this.settings.motionsPerPart);
    return part[row % this.settings.motionsPerPart];
  }

  #part(kind, row, perPart) {
    const known = this.parts[kind];
    const part = Math.floor(row / perPart);
    if (!known.has(part)) {
      const name = this.#name(kind, part);
      const promise = new Promise((resolve, reject) => this.waiting.set(name, { resolve, reject }));
      promise.catch(() => known.delete(part));
      known.set(part, promise);
      if (known.size > 24) known.delete(known.keys().next().value);
      this.#script(kind, part);
    }
    return known.get(part);
  }

  /** Indices of the rows that match the search and pass all filters, in the chosen order. */
  choose({ search, status, error, flag, sort }) {
    const matches = matcher(search);
    const { status: states, error_type: errors, flags, note: notes } = this.column;
    const found = [];
    for (let row = 0; row < this.total; row++) {
      if (!this.loaded.has(Math.floor(row / this.settings.rowsPerPart))) continue;
      if (status && states[row] !== status) continue;
      if (error && errors[row] !== error) continue;
      if (flag === "any" ? !flags[row] : flag && notes[row] !== flag && !flags[row].split(",").includes(flag)) continue;
      if (matches(this.searched[row])) found.push(row);
    }
    const compare = SORTS[sort];
    if (compare) {
      if (sort === "caption") this.#rankCaptions();
      found.sort((a, b) => compare(this, a, b) || a - b);
    }
    return found;
  }

  /** How often each value of a column occurs, most frequent first; a row may have several values, separated by commas. */
  tally(name) {
    const counts = new Map();
    for (const value of this.column[name] ?? [])
      for (const one of value ? value.split(",") : []) counts.set(one, (counts.get(one) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  }

  find(key) {
    return (this.column.key ?? []).indexOf(key);
  }

  /** The part of a row's picture that shows the person: left, top, width and height. */
  frame(row) {
    return this.settings.pictures[this.column.look[row] === "diagram" ? "diagram" : "other"];
  }

  /** Address of the picture for a row's thumbnail; null where it is drawn from the joints. */
  thumbnail(row, scheme) {
    return scheme === "dark" && this.column.look[row] === "mannequin" ? null : this.picture(row);
  }

  /** Address of a row's picture; null if it has none, or if the page cannot show it. */
  picture(row) {
    const place = this.column.picture[row];
    return place === null || !this.reachable(place) ? null : this.link(place);
  }

  /** Whether there is something to draw: a picture, or joints. */
  drawable(row) {
    return this.picture(row) !== null || this.column.status[row] === "done";
  }

  /** Whether a page can open a file: not inside a tar archive, and not in an object store. */
  reachable(place) {
    return !this.settings.remote && !place.includes(".tar/");
  }

  /** Address of a file of the output folder. */
  link(place) {
    return this.settings.out + place.split("/").map(encodeURIComponent).join("/");
  }

  /** The caption to show, with the number of its variant. */
  caption(row) {
    const variant = this.column.variant[row];
    return shown(this.column.caption[row]) + (variant ? ` (variant ${variant})` : "");
  }

  #rankCaptions() {
    if (this.rank && this.rank.made === this.loaded.size) return;
    const collator = new Intl.Collator("en", { numeric: true });
    const rows = Object.keys(this.searched).map(Number);
    rows.sort((a, b) => collator.compare(this.searched[a], this.searched[b]));
    this.rank = [];
    rows.forEach((row, place) => (this.rank[row] = place));
    this.rank.made = this.loaded.size;
  }

  #known(edition) {
    if (edition === this.settings.edition) return true;
    this.trouble("The gallery was made again after this page was opened: reload the page.");
    return false;
  }

  #name(kind, part) {
    return `${this.settings.parts}/${kind}_${String(part).padStart(5, "0")}.js`;
  }

  #script(kind, part) {
    const script = document.createElement("script");
    const name = this.#name(kind, part);
    script.src = name;
    script.onload = () => script.remove();
    script.onerror = () => {
      script.remove();
      this.waiting.get(name)?.reject(new Error(name));
      this.waiting.delete(name);
      this.trouble(`${name} cannot be loaded: keep ${this.settings.parts} beside this page, or make the gallery again.`);
    };
    document.head.append(script);
  }
}
