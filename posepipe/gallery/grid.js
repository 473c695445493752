// The grid of thumbnails. Only visible cells are in the document. A decoded picture (1200 x 1200) takes 5.8 MB, and
// browsers keep many of them; so each picture is decoded once in idle time, scaled down, and released.

const NARROWEST = 180;
const WORDS_HEIGHT = 44;
const KEPT = 400; // thumbnails, of 0.13 to 0.5 MB each
const FAST = 0.8; // pixels per millisecond; while the user scrolls faster, no thumbnails are made
const PAUSE = 90; // milliseconds without a fast scroll event until thumbnails are made again
const HIGHEST = 15_000_000; // pixels; browsers cut off elements above about 17 million

const whenIdle = (then) => (window.requestIdleCallback ? requestIdleCallback(then, { timeout: 60 }) : setTimeout(then));

const MEANINGS = {
  "in the air": "The caption names a jump, and the lowest joint is off the floor (off_floor in the manifest)",
  bones: "Bone lengths differ from the skeleton's by more than 2 %",
  below_floor: "The lowest joint is more than 3 cm under the floor",
  off_floor: "The lowest joint is more than 10 cm over the floor",
  unsure: "The caption is far from what the model knows: the model guessed",
  collision: "Parts of the body go through each other",
};

/** Badges for the flags of a row: warnings, and a note that is none. */
function badgesOf(rows, row) {
  const { flags, note } = rows.column;
  const badge = (text, kind) => {
    const box = document.createElement("span");
    box.className = `badge ${kind}`;
    box.textContent = text;
    box.title = MEANINGS[text] ?? "";
    return box;
  };
  const warnings = flags[row] ? flags[row].split(",").map((flag) => badge(flag, "warns")) : [];
  return note[row] ? [...warnings, badge(note[row], "notes")] : warnings;
}

const schemeNow = () => (darkScheme.matches ? "dark" : "light");
const drawnKey = (row) => `pose ${row} ${schemeNow()}`;

/** The box shown instead of a picture, for a row without one. */
function noPicture(rows, row, lost) {
  const box = document.createElement("span");
  box.className = "none";
  const head = document.createElement("b");
  head.dir = "auto";
  const { error_type: types, error: errors } = rows.column;
  head.textContent = lost ? "The picture is missing" : types[row] ? shown(types[row]) : "no PNG";
  const rest = document.createElement("span");
  rest.dir = "auto";
  rest.textContent = lost ? shown(rows.column.picture[row]) : shown(errors[row] ?? "");
  box.append(head, rest);
  return box;
}

/**
 * Makes thumbnails one at a time and caches the latest; requests released before their turn are dropped.
 * A row whose picture the page cannot show (none, inside a tar archive, in an object store) is drawn from its joints;
 * so is a mannequin on dark ground, because its picture is on white.
 */
class Thumbnails {
  #rows;
  #made = new Map(); // address or key -> ImageBitmap, least recently used first
  #queue = new Map(); // canvas -> {row, failed}
  #busy = false;
  #quietAt = 0; // time from which thumbnails may be made again

  constructor(rows) {
    this.#rows = rows;
  }

  /** Called with the speed when the grid is scrolled. */
  scrolled(pixelsPerMillisecond) {
    if (pixelsPerMillisecond > FAST) this.#quietAt = performance.now() + PAUSE;
  }

  /** Draw the thumbnail of a row into a canvas when its turn comes; calls `failed` if there is nothing to draw. */
  draw(canvas, row, failed) {
    const address = this.#rows.thumbnail(row, schemeNow());
    const key = address ?? drawnKey(row);
    canvas.classList.toggle("paper", address !== null && this.#rows.column.look[row] === "diagram");
    const made = this.#made.get(key);
    if (made && made.width >= this.#pixels(canvas)) {
      this.#made.delete(key);
      this.#made.set(key, made);
      this.#paint(canvas, made);
      return;
    }
    this.#queue.set(canvas, { row, failed });
    this.#next();
  }

  /** Drop the request of a canvas that is no longer visible. */
  release(canvas) {
    this.#queue.delete(canvas);
  }

  #pixels(canvas) {
    return Math.ceil((canvas.clientWidth || NARROWEST) * Math.min(2, devicePixelRatio || 1));
  }

  #paint(canvas, bitmap) {
    canvas.width = canvas.height = bitmap.width;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.dataset.shown = "";
  }

  #next() {
    if (this.#busy || !this.#queue.size) return;
    this.#busy = true;
    whenIdle(async () => {
      const wait = this.#quietAt - performance.now();
      if (wait > 0) await new Promise((over) => setTimeout(over, wait));
      else await this.#takeOne();
      this.#busy = false;
      this.#next();
    });
  }

  async #takeOne() {
    if (!this.#queue.size) return;
    const [canvas, { row, failed }] = this.#queue.entries().next().value;
    this.#queue.delete(canvas);
    await this.#bitmap(row, this.#pixels(canvas)).then((bitmap) => this.#paint(canvas, bitmap), failed);
  }

  async #bitmap(row, pixels) {
    const address = this.#rows.thumbnail(row, schemeNow());
    const small = await this.render(row, pixels, schemeNow());
    const bitmap = small.transferToImageBitmap();
    const key = address ?? drawnKey(row);
    this.#made.get(key)?.close();
    this.#made.set(key, bitmap);
    if (this.#made.size > KEPT) {
      const [oldest, evicted] = this.#made.entries().next().value;
      this.#made.delete(oldest);
      evicted.close();
    }
    return bitmap;
  }

  /** Promise of a canvas with a row's thumbnail, from its picture or its joints. */
  async render(row, pixels, scheme) {
    const small = new OffscreenCanvas(pixels, pixels);
    const pen = small.getContext("2d");
    const address = this.#rows.thumbnail(row, scheme);
    if (address === null) {
      const { joints, flesh, view } = await this.#rows.details(row);
      if (!Array.isArray(joints)) throw new Error(joints);
      const { settings } = this.#rows;
      const pose = poseOf(joints, flesh, settings.body);
      const [azimuth, elevation] = view.map(radians);
      new Scene(settings, pen, pixels, { azimuth, elevation, room: roomOf([pose]), scheme }).draw(pose);
      return small;
    }
    const image = new Image();
    await new Promise((loaded, failed) => Object.assign(image, { onload: loaded, onerror: failed, src: address }));
    const { left, top, width, height } = this.#rows.frame(row);
    const whole = await createImageBitmap(image, left, top, width, height);
    const high = Math.round((pixels * height) / width);
    pen.drawImage(image, 0, 0, 1, 1, 0, 0, pixels, pixels); // the background
    pen.imageSmoothingQuality = "medium"; // averages pixels; the resizing of createImageBitmap skips most of them
    pen.drawImage(whole, 0, pixels - high, pixels, high);
    whole.close();
    image.src = "";
    return small;
  }
}

class Grid {
  constructor(rows, scroller, space, open) {
    Object.assign(this, { rows, scroller, space, open });
    this.list = [];
    this.cells = new Map(); // index in the list -> element
    this.current = 0; // index of the cell with the keyboard focus
    this.thumbnails = new Thumbnails(rows);
    this.columns = 1;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    space.addEventListener("click", (event) => this.#clicked(event));
    scroller.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#measure()).observe(scroller);
    darkScheme.addEventListener("change", () => this.list.length && this.show(this.list, true));
  }

  /** Show these rows, from the top or, with `keep`, at the current row. */
  show(list, keep) {
    const first = this.list[this.current];
    this.list = list;
    for (const place of [...this.cells.keys()]) this.#remove(place);
    this.current = keep ? Math.max(0, list.indexOf(first)) : 0;
    if (!keep) this.scroller.scrollTop = 0;
    this.#measure();
  }

  /** Number of rows that can be reached by scrolling. */
  get reachable() {
    return Math.min(this.list.length, Math.floor(HIGHEST / this.rowHeight) * this.columns);
  }

  /** Scroll to an index and, with `focus`, move the keyboard focus to it. */
  go(place, focus) {
    this.current = Math.max(0, Math.min(place, this.reachable - 1));
    const top = Math.floor(this.current / this.columns) * this.rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + this.rowHeight > scrollTop + clientHeight) this.scroller.scrollTop = top + this.rowHeight - clientHeight;
    this.#draw();
    if (focus) this.cells.get(this.current)?.focus({ preventScroll: true });
  }

  #scrolled() {
    const now = { top: this.scroller.scrollTop, time: performance.now() };
    const { top, time } = this.before ?? now;
    this.thumbnails.scrolled(Math.abs(now.top - top) / Math.max(8, now.time - time));
    this.before = now;
    this.#draw();
  }

  #measure() {
    const width = this.scroller.clientWidth;
    if (!width) return;
    const top = this.rowHeight ? Math.floor(this.scroller.scrollTop / this.rowHeight) * this.columns : 0;
    this.columns = Math.max(2, Math.floor(width / NARROWEST));
    const cell = Math.floor(width / this.columns);
    const changed = cell !== this.cellWidth;
    this.cellWidth = cell;
    this.rowHeight = cell + WORDS_HEIGHT;
    this.space.style.height = `${Math.ceil(this.reachable / this.columns) * this.rowHeight}px`;
    if (changed) {
      for (const place of [...this.cells.keys()]) this.#remove(place);
      this.scroller.scrollTop = Math.floor(top / this.columns) * this.rowHeight;
    }
    this.#draw();
  }

  /** Create the visible cells and one row beyond; remove all others except the focused one. */
  #draw() {
    if (!this.rowHeight) return;
    const { scrollTop, clientHeight } = this.scroller;
    const top = Math.floor(scrollTop / this.rowHeight) * this.columns;
    const first = Math.max(0, top - this.columns);
    const last = Math.min(this.reachable, (Math.ceil((scrollTop + clientHeight) / this.rowHeight) + 1) * this.columns);
    for (const [place, cell] of this.cells)
      if ((place < first || place >= last) && cell !== document.activeElement) this.#remove(place);
    for (let place = top; place < last; place++) if (!this.cells.has(place)) this.#add(place);
    for (let place = first; place < top; place++) if (!this.cells.has(place)) this.#add(place);
    const stop = this.current >= first && this.current < last ? this.current : top;
    for (const [place, cell] of this.cells) cell.tabIndex = place === stop ? 0 : -1;
  }

  #add(place) {
    const row = this.list[place];
    const cell = document.createElement("button");
    cell.type = "button";
    cell.className = "cell";
    cell.dataset.place = place;
    const x = (place % this.columns) * this.cellWidth;
    const y = Math.floor(place / this.columns) * this.rowHeight;
    cell.style.cssText = `width:${this.cellWidth}px;height:${this.rowHeight}px;transform:translate(${x}px,${y}px)`;
    const frame = document.createElement("span");
    frame.className = "frame";
    this.fill(frame, row);
    const words = document.createElement("span");
    words.className = "words";
    words.dir = "auto";
    words.textContent = words.title = this.rows.caption(row);
    const badges = badgesOf(this.rows, row);
    cell.setAttribute("aria-label", [words.textContent, ...badges.map((badge) => badge.textContent)].join(", "));
    const flags = document.createElement("span");
    flags.className = "badges";
    flags.append(...badges);
    frame.append(flags);
    cell.append(frame, words);
    this.cells.set(place, cell);
    this.space.append(cell);
  }

  /** Replace the content of a frame by the thumbnail of a row. */
  fill(frame, row) {
    for (const canvas of frame.querySelectorAll("canvas")) this.thumbnails.release(canvas);
    if (!this.rows.drawable(row)) return frame.replaceChildren(noPicture(this.rows, row, false));
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    frame.replaceChildren(canvas);
    const lost = this.rows.picture(row) !== null;
    this.thumbnails.draw(canvas, row, () => canvas.replaceWith(noPicture(this.rows, row, lost)));
  }

  #remove(place) {
    const cell = this.cells.get(place);
    for (const canvas of cell.querySelectorAll("canvas")) this.thumbnails.release(canvas);
    cell.remove();
    this.cells.delete(place);
  }

  #clicked(event) {
    const cell = event.target.closest(".cell");
    if (!cell) return;
    this.current = Number(cell.dataset.place);
    this.open(this.current);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight)) * this.columns;
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.columns,
      ArrowDown: this.columns,
      PageUp: -page,
      PageDown: page,
      Home: -this.list.length,
      End: this.list.length,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.go(this.current + steps[event.key], true);
  }
}
