// The large view: one pose with its neighbours, its 3D view and motion, its files, and its manifest row.

const FOLDED = /_sha256$|^(model_fingerprint|settings_id|run_id|partition|worker|device|batch_size|attempts)$/; // columns behind the fold

/** An element with text and attributes. */
function element(name, text, attributes = {}) {
  const made = Object.assign(document.createElement(name), attributes);
  made.textContent = text;
  return made;
}

class View {
  /** `moved(row, step)` is called when a pose is shown (or null after closing); `step` if it was opened or closed. */
  constructor(rows, grid, find, moved) {
    Object.assign(this, { rows, grid, find, moved });
    this.dialog = find("view");
    this.turn = new Turn(this.dialog.querySelector("canvas"), rows.settings);
    this.player = new Player(this.turn, find);
    this.place = null;
    find("close").onclick = () => this.dialog.close();
    find("previous").onclick = () => this.step(-1);
    find("next").onclick = () => this.step(1);
    find("copy").onclick = () => this.#copy();
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.#outside(event));
  }

  /** Open the pose at an index of the grid's list. */
  open(place) {
    const opened = !this.dialog.open;
    if (opened) {
      this.dialog.showModal();
      this.turn.reset();
      this.dialog.focus();
    }
    this.place = place;
    this.dialog.scrollTop = 0;
    const { list } = this.grid;
    const row = list[place];
    this.find("view-caption").textContent = this.rows.caption(row);
    this.find("view-flags").replaceChildren(...badgesOf(this.rows, row));
    this.find("view-place").textContent = `${(place + 1).toLocaleString("en")} of ${list.length.toLocaleString("en")}`;
    this.find("address").href = fragmentOf({ pose: this.rows.column.key[row] });
    this.find("copied").textContent = "";
    this.#picture(row);
    this.#neighbour("previous", place - 1);
    this.#neighbour("next", place + 1);
    this.#details(row);
    this.moved(row, opened);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  step(by) {
    const place = this.place + by;
    if (place >= 0 && place < this.grid.list.length) this.open(place);
  }

  #picture(row) {
    const place = this.find("picture");
    const address = this.rows.picture(row);
    place.hidden = address === null && this.rows.drawable(row); // the 3D view shows the same
    if (address === null) return place.replaceChildren(noPicture(this.rows, row, false));
    const image = new Image();
    image.className = "paper";
    image.alt = this.rows.caption(row);
    image.onerror = () => image.replaceWith(noPicture(this.rows, row, true));
    image.src = address;
    place.replaceChildren(image);
  }

  #neighbour(name, place) {
    const button = this.find(name);
    const row = this.grid.list[place];
    button.disabled = row === undefined;
    if (button.disabled) return;
    this.grid.fill(button.querySelector(".frame"), row);
    button.querySelector(".words").textContent = this.rows.caption(row);
    this.rows.details(row).catch(() => {}); // load them now
  }

  #details(row) {
    const reason = this.dialog.querySelector(".reason");
    const shownNow = () => this.place !== null && row === this.grid.list[this.place];
    const [table, more] = [this.find("fields").tBodies[0], this.find("more").querySelector("tbody")];
    reason.hidden = true;
    this.turn.show(null);
    this.player.offer(null);
    for (const part of [table, more, this.find("links")]) part.replaceChildren();
    const { body } = this.rows.settings;
    const show = ({ fields, files, joints, flesh, view, motion }) => {
      if (!shownNow()) return;
      const drawn = Array.isArray(joints);
      if (drawn) this.turn.show(poseOf(joints, flesh, body), view);
      reason.hidden = drawn;
      reason.textContent = drawn ? "" : shown(joints);
      this.#files(files);
      const folded = ([name, value]) => value === null || value === "" || FOLDED.test(name);
      table.replaceChildren(...fields.filter((field) => !folded(field)).map((field) => this.#field(...field)));
      more.replaceChildren(...fields.filter(folded).map((field) => this.#field(...field)));
      if (motion !== null) this.rows.motion(row).then((frames) => shownNow() && this.player.offer(framesOf(frames, body), motion), () => {});
    };
    this.rows.details(row).then(show, () => {});
  }

  /** Links to the files; a page cannot open what lies in a tar archive or in an object store. */
  #files(files) {
    const parts = [];
    for (const [name, place] of files) {
      const file = shown(place.split("/").pop());
      const attributes = { href: this.rows.link(place), target: "_blank", rel: "noopener", title: shown(place) };
      const reachable = this.rows.reachable(place);
      parts.push(reachable ? element("a", name, attributes) : element("span", file, { title: shown(place) }), " ");
    }
    const [, first] = files[0] ?? [];
    if (first && !this.rows.reachable(first)) {
      const tar = first.includes(".tar/") ? first.slice(0, first.indexOf(".tar/") + 4) : null;
      const why = this.rows.settings.remote
        ? `These are objects under ${this.rows.settings.place}, which a page cannot open.`
        : `These are members of ${shown(tar)}. A page cannot link into a tar archive: unpack it with tar -xf.`;
      parts.push(element("span", why, { className: "why" }));
    }
    this.find("links").replaceChildren(...parts);
  }

  #field(name, value) {
    const line = document.createElement("tr");
    const [head, cell] = [element("th", name, { scope: "row" }), document.createElement("td")];
    cell.dir = "auto";
    cell.textContent = value === null ? "–" : shown(value);
    cell.classList.toggle("empty", value === null);
    line.append(head, cell);
    return line;
  }

  async #copy() {
    const told = this.find("copied");
    try {
      await navigator.clipboard.writeText(this.find("address").href);
      told.textContent = "copied";
    } catch {
      told.textContent = "the browser forbids it; copy the address of the link beside this button";
    }
  }

  #closed() {
    if (this.dialog.open) return; // it was opened again before this event
    const place = this.place;
    this.place = null;
    this.player.offer(null);
    this.find("picture").replaceChildren();
    this.moved(null, true);
    this.grid.go(place, true);
  }

  #outside(event) {
    const box = this.dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) this.dialog.close();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === this.find("frame")) return;
    const quarter = Math.PI / 12;
    const actions = event.shiftKey
      ? {
          ArrowLeft: () => this.turn.turn(-quarter, 0),
          ArrowRight: () => this.turn.turn(quarter, 0),
          ArrowUp: () => this.turn.turn(0, -quarter),
          ArrowDown: () => this.turn.turn(0, quarter),
        }
      : {
          ArrowLeft: () => this.step(-1),
          ArrowRight: () => this.step(1),
          Home: () => this.open(0),
          End: () => this.open(this.grid.list.length - 1),
        };
    if (this.player.frames && !event.target.matches("button, a, summary")) actions[" "] = () => this.player.toggle();
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  }
}
